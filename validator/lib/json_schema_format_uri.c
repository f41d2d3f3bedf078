/* json_schema_format_uri.c: addresses of documents, letter by letter: RFC 3986 for URIs, RFC 3987 for those in all scripts, RFC 6570 for
 * templates. */
#include "validator/lib/json_schema_format.h"

#include "validator/lib/uri.h"

static bool is_unreserved(char c) { return byte_is_letter(c) || byte_is_digit(c) || (c && strchr("-._~", c)); }
static bool is_sub_delimiter(char c) { return c && strchr("!$&'()*+,;=", c); }

static bool is_escape(const char *at, const char *end) { return end - at >= 3 && at[0] == '%' && byte_is_hex(at[1]) && byte_is_hex(at[2]); }

/* Above ASCII: all but the control characters of Latin-1. */
static bool is_wide(const char *at, const char *end)
{
    unsigned char c = (unsigned char)*at;
    return c >= 0x80 && !(c == 0xC2 && end - at > 1 && (unsigned char)at[1] < 0xA0);
}

/* Only bytes of the usual kind, of `more`, or escaped ones. */
static bool all_of(struct text part, const char *more, bool wide)
{
    const char *at = part.bytes, *end = at + part.length;
    while (at < end) {
        bool escape = is_escape(at, end);
        if (!escape && !is_unreserved(*at) && !is_sub_delimiter(*at) && !(*at && strchr(more, *at)) && !(wide && is_wide(at, end))) return false;
        at += escape ? 3 : 1;
    }
    return true;
}

/* v1.anything: an address of a kind that is still to come. */
static bool is_future_address(struct text text)
{
    if (text.length < 4 || (text.bytes[0] != 'v' && text.bytes[0] != 'V')) return false;
    size_t i = 1;
    while (i < text.length && byte_is_hex(text.bytes[i])) i++;
    if (i == 1 || i + 1 >= text.length || text.bytes[i] != '.') return false;
    struct text rest = {text.bytes + i + 1, text.length - i - 1};
    return !memchr(rest.bytes, '%', rest.length) && all_of(rest, ":", false);
}

static bool is_port(const char *at, const char *end)
{
    if (at < end && *at++ != ':') return false;
    while (at < end)
        if (!byte_is_digit(*at++)) return false;
    return true;
}

static bool is_host_and_port(const char *at, const char *end, bool wide)
{
    if (at < end && *at == '[') {
        const char *close = memchr(at, ']', (size_t)(end - at));
        if (!close) return false;
        struct text inside = {at + 1, (size_t)(close - at - 1)};
        return (text_is_ipv6(inside.bytes, inside.length) || is_future_address(inside)) && is_port(close + 1, end);
    }
    const char *colon = memchr(at, ':', (size_t)(end - at));
    return is_port(colon ? colon : end, end) && all_of((struct text){at, (size_t)((colon ? colon : end) - at)}, "", wide);
}

static bool is_authority(struct text authority, bool wide)
{
    const char *at = authority.bytes, *end = at + authority.length, *sign = memchr(at, '@', authority.length);
    if (sign && !all_of((struct text){at, (size_t)(sign - at)}, ":", wide)) return false;
    return is_host_and_port(sign ? sign + 1 : at, end, wide);
}

/* A colon in the first segment would make what stands before it a scheme. */
static bool is_path(const struct uri *uri, bool wide)
{
    const char *slash = memchr(uri->path.bytes, '/', uri->path.length);
    size_t first = slash ? (size_t)(slash - uri->path.bytes) : uri->path.length;
    if (!uri->scheme.bytes && memchr(uri->path.bytes, ':', first)) return false;
    return all_of(uri->path, ":@/", wide);
}

static bool is_reference(const char *text, size_t length, bool absolute, bool wide)
{
    struct uri uri = uri_split((struct text){text, length});
    if (absolute && !uri.scheme.bytes) return false;
    if (uri.authority.bytes && !is_authority(uri.authority, wide)) return false;
    if (!is_path(&uri, wide)) return false;
    return all_of(uri.query, ":@/?", wide) && all_of(uri.fragment, ":@/?", wide);
}

bool text_is_uri(const char *text, size_t length) { return is_reference(text, length, true, false); }
bool text_is_uri_reference(const char *text, size_t length) { return is_reference(text, length, false, false); }
bool text_is_iri(const char *text, size_t length) { return is_reference(text, length, true, true); }
bool text_is_iri_reference(const char *text, size_t length) { return is_reference(text, length, false, true); }

/* --- templates */

static bool scan_name_part(struct scan *s)
{
    if (is_escape(s->at, s->end)) s->at += 3;
    else if (s->at < s->end && (byte_is_letter(*s->at) || byte_is_digit(*s->at) || *s->at == '_')) s->at++;
    else return false;
    return true;
}

/* a.b, with * or :1 to :9999 behind it. */
static bool scan_variable(struct scan *s)
{
    do {
        if (!scan_name_part(s)) return false;
        while (scan_name_part(s)) continue;
    } while (scan_take(s, '.'));
    if (scan_take(s, '*')) return true;
    if (!scan_take(s, ':')) return true;
    const char *start = s->at;
    while (s->at < s->end && byte_is_digit(*s->at)) s->at++;
    return s->at > start && s->at - start <= 4 && *start != '0';
}

static bool scan_expression(struct scan *s)
{
    s->at++;
    if (s->at < s->end && *s->at && strchr("+#./;?&=,!@|", *s->at) && *s->at != ',') s->at++;
    do {
        if (!scan_variable(s)) return false;
    } while (scan_take(s, ','));
    return scan_take(s, '}');
}

static bool is_literal(const char *at, const char *end)
{
    if (*at == '%') return is_escape(at, end);
    unsigned char c = (unsigned char)*at;
    return c >= 0x80 ? is_wide(at, end) : c > ' ' && c < 0x7F && !strchr("\"<>\\^`{|}", c);
}

bool text_is_uri_template(const char *text, size_t length)
{
    struct scan s = {text, text + length};
    while (!scan_ends(&s)) {
        bool expression = scan_is(&s, '{');
        if (expression ? !scan_expression(&s) : !is_literal(s.at, s.end)) return false;
        if (!expression) s.at++;
    }
    return true;
}
