/* json_schema_format.h: the forms that `format` names, as predicates over unescaped UTF-8 text that need not end in NUL. None allocates, but
 * for text_is_regex. What is above ASCII is only looked at where a form says so. */
#ifndef CC_JSON_SCHEMA_FORMAT_H
#define CC_JSON_SCHEMA_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

/* A place in a text, for reading it from left to right. */
struct scan {
    const char *at, *end;
};

static inline bool scan_ends(const struct scan *s) { return s->at == s->end; }
static inline bool scan_is(const struct scan *s, char c) { return s->at < s->end && *s->at == c; }
static inline bool scan_take(struct scan *s, char c)
{
    bool there = scan_is(s, c);
    s->at += there;
    return there;
}
static inline bool byte_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool byte_is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static inline bool byte_is_hex(char c) { return byte_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
/* Exactly so many digits, as a number; -1 when they are not there. */
int scan_digits(struct scan *s, int digits);

/* (json_schema_format_time.c) RFC 3339, with its appendix A for durations */
bool text_is_date_time(const char *text, size_t length);
bool text_is_date(const char *text, size_t length);
bool text_is_time(const char *text, size_t length);
bool text_is_duration(const char *text, size_t length);

/* (json_schema_format_net.c) */
bool text_is_hostname(const char *text, size_t length);     /* RFC 1123; what xn-- stands for is not looked at */
bool text_is_idn_hostname(const char *text, size_t length); /* the same with any character above ASCII */
bool text_is_ipv4(const char *text, size_t length);
bool text_is_ipv6(const char *text, size_t length);
bool text_is_email(const char *text, size_t length);        /* RFC 5321 */
bool text_is_idn_email(const char *text, size_t length);

/* (json_schema_format_uri.c) RFC 3986 and 3987 */
bool text_is_uri(const char *text, size_t length);
bool text_is_uri_reference(const char *text, size_t length);
bool text_is_iri(const char *text, size_t length);
bool text_is_iri_reference(const char *text, size_t length);
bool text_is_uri_template(const char *text, size_t length); /* RFC 6570 */

/* (json_schema_format.c) */
bool text_is_uuid(const char *text, size_t length);
bool text_is_json_pointer(const char *text, size_t length);
bool text_is_relative_json_pointer(const char *text, size_t length);
bool text_is_regex(const char *text, size_t length);

#endif
