/* forms.c: what the strings of the API must look like; see forms.h. Base64 has a file of its own. */
#include "validator/api/forms.h"

#include <string.h>

static bool is_space(unsigned char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
static bool is_upper(unsigned char c) { return c >= 'A' && c <= 'Z'; }
static bool is_letter(unsigned char c) { return is_upper((unsigned char)(c & 0xDF)); }

/* --- blank and trimmed */

bool text_is_blank(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length && is_space((unsigned char)text[i])) i++;
    return i == length;
}

bool text_says_something(const char *text, size_t length) { return !text_is_blank(text, length); }

const struct form non_blank_form = {
    .name = "non_blank", .pattern = "[^\\x09-\\x0D ]", .holds = text_says_something, .says = "is not empty or only white space",
    .good = "x", .bad = " "};

static bool text_is_trimmed(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7F) return false;
    return length == 0 || (text[0] != ' ' && text[length - 1] != ' ');
}

const struct form trimmed_form = {
    .name = "trimmed", .pattern = "^([^\\x00-\\x20\\x7F]([^\\x00-\\x1F\\x7F]*[^\\x00-\\x20\\x7F])?)?$", .holds = text_is_trimmed,
    .level = CC_PORTABILITY,
    .says = "has no white space at either end and no control characters", .good = "gpt-4o", .bad = " gpt-4o"};

/* --- names */

bool text_is_tool_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (!is_letter(c) && !is_digit(c) && c != '_' && c != '-') return false;
    }
    return true;
}

const struct form tool_name_form = {
    .name = "pattern", .pattern = "^[a-zA-Z0-9_-]*$", .holds = text_is_tool_name,
    .says = "uses only letters, digits, _ and -", .good = "get_weather-2", .bad = "get.weather"};

/* --- codes */

static bool text_is_digits(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length && is_digit((unsigned char)text[i])) i++;
    return length > 0 && i == length;
}

const struct form token_id_form = {
    .name = "integer", .pattern = "^[0-9]+$", .holds = text_is_digits,
    .says = "is a token id, decimal digits only", .good = "50256", .bad = "hello"};

static bool text_is_country(const char *text, size_t length)
{
    return length == 2 && is_upper((unsigned char)text[0]) && is_upper((unsigned char)text[1]);
}

const struct form country_form = {
    .name = "pattern", .pattern = "^[A-Z]{2}$", .holds = text_is_country,
    .says = "is an ISO 3166-1 country code, two capital letters", .good = "US", .bad = "USA"};

/* Zones of the IANA database that are one word; all others are Area/Place. */
static const char *const zones[] = {
    "CET",   "CST6CDT", "Cuba",    "EET",   "EST",       "EST5EDT", "Egypt",   "Eire",   "Factory", "GB",       "GB-Eire",  "GMT",
    "GMT+0", "GMT-0",   "GMT0",    "HST",   "Greenwich", "Hongkong", "Iceland", "Iran",  "Israel",  "Jamaica",  "Japan",    "Kwajalein",
    "Libya", "MET",     "MST",     "MST7MDT", "NZ",      "NZ-CHAT", "Navajo",  "PRC",    "PST8PDT", "Poland",   "Portugal", "ROC",
    "ROK",   "Singapore", "Turkey", "UCT",  "UTC",       "Universal", "W-SU",  "WET",    "Zulu",    NULL};

static bool is_zone_character(unsigned char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '+'; }

/* Area/Place or Area/Place/Town: the area is letters, no part is empty. */
static bool text_is_zone_path(const char *text, size_t length)
{
    size_t slashes = 0;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '/') {
            if (i == 0 || i + 1 == length || text[i + 1] == '/') return false;
            slashes++;
        } else if (slashes ? !is_zone_character(c) : !is_letter(c)) return false;
    }
    return slashes == 1 || slashes == 2;
}

static bool text_is_time_zone(const char *text, size_t length)
{
    if (memchr(text, '/', length)) return text_is_zone_path(text, length);
    for (size_t i = 0; zones[i]; i++)
        if (strlen(zones[i]) == length && memcmp(zones[i], text, length) == 0) return true;
    return false;
}

const struct form time_zone_form = {
    .name = "pattern", .holds = text_is_time_zone,
    .says = "is the name of a zone of the IANA database", .good = "America/Los_Angeles", .bad = "PST8"};

/* --- URLs */

static bool text_equals_n(const char *text, const char *word, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if ((is_letter(c) ? (c | 0x20) : c) != (unsigned char)word[i]) return false;
    }
    return true;
}

bool text_equals_any_case(struct text text, const char *word)
{
    return text.length == strlen(word) && text_equals_n(text.bytes, word, text.length);
}

static bool text_begins(const char *text, size_t length, const char *word)
{
    return length >= strlen(word) && text_equals_n(text, word, strlen(word));
}

/* Only the scheme and a host are asked for: what else is a good URL is for whoever fetches it. */
bool text_is_web_url(const char *text, size_t length)
{
    size_t scheme = text_begins(text, length, "https://") ? 8 : text_begins(text, length, "http://") ? 7 : 0;
    if (!scheme || scheme == length) return false;
    return !is_space((unsigned char)text[scheme]) && !memchr("/?#", text[scheme], 3);
}

const struct form web_url_form = {
    .name = "format", .pattern = "^[hH][tT][tT][pP][sS]?://[^/?#\\x09-\\x0D ]", .holds = text_is_web_url,
    .says = "is an absolute http or https URL", .good = "https://example.com/a.html", .bad = "example.com/a.html"};

static bool text_is_image_url(const char *text, size_t length)
{
    return text_begins(text, length, "data:") || text_is_web_url(text, length);
}

const struct form image_url_form = {
    .name = "format", .pattern = "^([dD][aA][tT][aA]:|[hH][tT][tT][pP][sS]?://[^/?#\\x09-\\x0D ])", .holds = text_is_image_url,
    .says = "is an absolute http or https URL, or a data URL; bare base64 is neither", .good = "https://example.com/a.png",
    .bad = "iVBORw0KGgo="};

/* A type is short; looking for its comma stops there, so that a payload without one costs nothing. */
enum { DATA_URL_HEAD_MAX = 256 };

bool data_url_split(const char *text, size_t length, struct data_url *parts)
{
    if (!text_begins(text, length, "data:")) return false;
    const char *head = text + 5, *end = text + length;
    size_t room = (size_t)(end - head);
    const char *comma = memchr(head, ',', room < DATA_URL_HEAD_MAX ? room : DATA_URL_HEAD_MAX);
    if (!comma) return false;
    const char *semicolon = memchr(head, ';', (size_t)(comma - head)), *mime_end = semicolon ? semicolon : comma;
    *parts = (struct data_url){.mime = {head, (size_t)(mime_end - head)}, .payload = {comma + 1, (size_t)(end - comma - 1)}};
    parts->base64 = comma - head >= 7 && text_equals_n(comma - 7, ";base64", 7);
    return true;
}
