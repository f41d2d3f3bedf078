/* json_schema_format.c: the table of formats, and the forms that are short. */
#include "validator/lib/json_schema_format.h"

#include "validator/lib/json_schema_parts.h"

const struct format schema_formats[] = {
    {"date-time", text_is_date_time, "a date and time of RFC 3339, such as 2026-08-01T12:30:00Z"},
    {"date", text_is_date, "a date of RFC 3339, such as 2026-08-01"},
    {"time", text_is_time, "a time of RFC 3339, such as 12:30:00Z"},
    {"duration", text_is_duration, "a duration of RFC 3339, such as P1DT12H"},
    {"email", text_is_email, "an email address"},
    {"idn-email", text_is_idn_email, "an email address"},
    {"hostname", text_is_hostname, "the name of a host"},
    {"idn-hostname", text_is_idn_hostname, "the name of a host"},
    {"ipv4", text_is_ipv4, "an IPv4 address"},
    {"ipv6", text_is_ipv6, "an IPv6 address"},
    {"uri", text_is_uri, "an absolute URI"},
    {"uri-reference", text_is_uri_reference, "a URI or a relative reference"},
    {"iri", text_is_iri, "an absolute IRI"},
    {"iri-reference", text_is_iri_reference, "an IRI or a relative reference"},
    {"uri-template", text_is_uri_template, "a template of URIs"},
    {"uuid", text_is_uuid, "a UUID"},
    {"json-pointer", text_is_json_pointer, "a JSON pointer"},
    {"relative-json-pointer", text_is_relative_json_pointer, "a relative JSON pointer"},
    {"regex", text_is_regex, "a regular expression of ECMA-262"},
    {0},
};

const struct format *find_format(struct text name)
{
    for (const struct format *format = schema_formats; format->name; format++)
        if (strlen(format->name) == name.length && memcmp(format->name, name.bytes, name.length) == 0) return format;
    return NULL;
}

bool text_is_uuid(const char *text, size_t length)
{
    if (length != 36) return false;
    for (size_t i = 0; i < length; i++) {
        bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
        if (hyphen ? text[i] != '-' : !byte_is_hex(text[i])) return false;
    }
    return true;
}

bool text_is_json_pointer(const char *text, size_t length)
{
    if (length && text[0] != '/') return false;
    for (size_t i = 0; i < length; i++)
        if (text[i] == '~' && (i + 1 == length || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
    return true;
}

bool text_is_relative_json_pointer(const char *text, size_t length)
{
    size_t digits = 0;
    while (digits < length && byte_is_digit(text[digits])) digits++;
    if (digits == 0 || (digits > 1 && text[0] == '0')) return false;
    if (digits + 1 == length && text[digits] == '#') return true;
    return text_is_json_pointer(text + digits, length - digits);
}

bool text_is_regex(const char *text, size_t length)
{
    return regex_check(REGEX_ECMA, text, length) != REGEX_WRONG; /* what the engine cannot run may be right all the same */
}
