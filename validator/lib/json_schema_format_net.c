/* json_schema_format_net.c: hosts, addresses of the internet and of people. */
#include "validator/lib/json_schema_format.h"
#include "validator/lib/reader.h"

#include <stdint.h>
#include <string.h>

enum { LABEL_MOST = 63, HOST_MOST = 253, LOCAL_MOST = 64 };

/* --- names of hosts */

static bool label_byte(char c, bool wide) { return byte_is_letter(c) || byte_is_digit(c) || c == '-' || (wide && (unsigned char)c >= 0x80); }

static bool is_label(const char *at, const char *end, bool wide)
{
    if (at == end || text_characters(at, (size_t)(end - at)) > LABEL_MOST || *at == '-' || end[-1] == '-') return false;
    for (; at < end; at++)
        if (!label_byte(*at, wide)) return false;
    return true;
}

/* A dot, or one of the wide ones that names in other scripts may have: U+3002, U+FF0E, U+FF61. */
static size_t dot_at(const char *at, const char *end, bool wide)
{
    if (*at == '.') return 1;
    if (!wide || end - at < 3) return 0;
    bool dot = memcmp(at, "\xE3\x80\x82", 3) == 0 || memcmp(at, "\xEF\xBC\x8E", 3) == 0 || memcmp(at, "\xEF\xBD\xA1", 3) == 0;
    return dot ? 3 : 0;
}

static bool is_host(const char *text, size_t length, bool wide)
{
    const char *at = text, *end = text + length, *start = text;
    if (text_characters(at, (size_t)(end - at)) > HOST_MOST) return false;
    while (at < end) {
        size_t dot = dot_at(at, end, wide);
        if (dot && !is_label(start, at, wide)) return false;
        at += dot ? dot : 1;
        if (dot) start = at;
    }
    return is_label(start, end, wide);
}

bool text_is_hostname(const char *text, size_t length) { return is_host(text, length, false); }
bool text_is_idn_hostname(const char *text, size_t length) { return is_host(text, length, true); }

/* --- numbers of hosts */

/* 0 to 255, without a zero before it. */
static bool scan_octet(struct scan *s)
{
    int digits = 0, octet = 0;
    const char *start = s->at;
    for (; digits < 3 && s->at < s->end && byte_is_digit(*s->at); s->at++, digits++) octet = octet * 10 + (*s->at - '0');
    return digits > 0 && octet <= 255 && (digits == 1 || *start != '0');
}

bool text_is_ipv4(const char *text, size_t length)
{
    struct scan s = {text, text + length};
    for (int i = 0; i < 4; i++)
        if ((i && !scan_take(&s, '.')) || !scan_octet(&s)) return false;
    return scan_ends(&s);
}

/* Up to eight groups of hexadecimal digits, :: once for what is left out, and an IPv4 address perhaps for the last two. */
bool text_is_ipv6(const char *text, size_t length)
{
    struct scan s = {text, text + length};
    int groups = 0;
    bool gap = false;
    while (!scan_ends(&s)) {
        const char *start = s.at;
        while (s.at < s.end && byte_is_hex(*s.at) && s.at - start < 4) s.at++;
        bool empty = s.at == start;
        if (scan_is(&s, '.')) return text_is_ipv4(start, (size_t)(s.end - start)) && (gap ? groups + 2 < 8 : groups + 2 == 8);
        if (!empty && ++groups && scan_ends(&s)) break;
        if (!scan_take(&s, ':')) return false;
        if (scan_is(&s, ':') && !gap && (!empty || start == text)) {
            gap = true;
            s.at++;
        } else if (empty || scan_ends(&s)) {
            return false;
        }
    }
    return gap ? groups < 8 : groups == 8;
}

/* --- addresses of people */

static bool atom_byte(char c, bool wide)
{
    return byte_is_letter(c) || byte_is_digit(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c)) || (wide && (unsigned char)c >= 0x80);
}

static bool scan_quoted(struct scan *s, bool wide)
{
    for (s->at++; s->at < s->end && *s->at != '"'; s->at++) {
        if (*s->at == '\\' && ++s->at == s->end) return false;
        bool printable = *s->at >= ' ' && *s->at < 0x7F;
        if (!printable && !(wide && (unsigned char)*s->at >= 0x80)) return false;
    }
    return scan_take(s, '"');
}

/* Words with single dots between them. */
static bool scan_atoms(struct scan *s, bool wide)
{
    do {
        const char *start = s->at;
        while (s->at < s->end && atom_byte(*s->at, wide)) s->at++;
        if (s->at == start) return false;
    } while (scan_take(s, '.'));
    return true;
}

static bool is_domain(const char *text, size_t length, bool wide)
{
    bool literal = length > 2 && text[0] == '[' && text[length - 1] == ']';
    if (!literal) return is_host(text, length, wide);
    static const char prefix[] = "IPv6:";
    size_t skip = sizeof prefix - 1;
    if (length > skip + 2 && memcmp(text + 1, prefix, skip) == 0) return text_is_ipv6(text + 1 + skip, length - skip - 2);
    return text_is_ipv4(text + 1, length - 2);
}

static bool is_email(const char *text, size_t length, bool wide)
{
    struct scan s = {text, text + length};
    bool local = scan_is(&s, '"') ? scan_quoted(&s, wide) : scan_atoms(&s, wide);
    if (!local || s.at - text > LOCAL_MOST || !scan_take(&s, '@')) return false;
    return is_domain(s.at, (size_t)(s.end - s.at), wide);
}

bool text_is_email(const char *text, size_t length) { return is_email(text, length, false); }
bool text_is_idn_email(const char *text, size_t length) { return is_email(text, length, true); }
