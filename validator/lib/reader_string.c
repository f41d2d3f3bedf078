/* reader_string.c: the text of strings: where plain text ends, escapes, and UTF-8.
 *
 * Most bytes of chat traffic stand in strings, so plain text is passed over in blocks of sixteen bytes where the processor can. The
 * portable scanner beside it gives the same answers and is always compiled, so that each can be tested against the other. */
#include "validator/lib/reader_parts.h"

static inline bool is_plain(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Nonzero when one of eight bytes is not plain. A borrow can only name too many bytes, never too few. */
static uint64_t word_specials(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
    return (word | (word - ones * ' ') | (quote - ones) | (slash - ones)) & tops;
}

const char *plain_end_portable(const char *at, const char *end)
{
    while (end - at >= 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        if (word_specials(word))
            break;
        at += 8;
    }
    while (at < end && is_plain(*at))
        at++;
    return at;
}

#ifdef SCAN_BLOCKS
/* What is left at the end, less than a block, is looked at as the end of the last whole block: nothing past the text is touched. */
const char *plain_end_blocks(const char *at, const char *text, const char *end)
{
    for (; end - at >= BLOCK; at += BLOCK) {
        block_mask mask = block_specials(at);
        if (mask)
            return at + first_special(mask);
    }
    if (at == end || end - text < BLOCK)
        return plain_end_portable(at, end);
    block_mask mask = block_specials(end - BLOCK) >> (BLOCK - (end - at)) * MASK_BITS;
    return mask ? at + first_special(mask) : end;
}
#endif

static bool is_continuation(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* The ranges of the second byte keep out overlong forms, surrogates and what lies beyond U+10FFFF (RFC 3629). */
size_t utf8_length(const char *at, const char *end)
{
    unsigned char lead = (unsigned char)at[0];
    size_t length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    if (length == 0 || (size_t)(end - at) < length)
        return 0;
    unsigned char second = (unsigned char)at[1];
    unsigned char low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    unsigned char high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if (!is_continuation(at[i]))
            return 0;
    return length;
}

static bool is_noncharacter(uint32_t code)
{
    return (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
}

static bool is_high_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDBFF;
}

static bool is_low_surrogate(uint32_t code)
{
    return code >= 0xDC00 && code <= 0xDFFF;
}

static uint32_t utf8_decode(const char *at, size_t length)
{
    uint32_t code = (unsigned char)at[0] & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)at[i] & 0x3F);
    return code;
}

size_t utf8_encode(uint32_t code, char *out)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    out[0] = (char)((0xF00U >> length & 0xFF) | code);
    return length;
}

/* The value of a hexadecimal digit; 16 when it is none. */
static uint32_t hex_value(char c)
{
    if (is_digit(c))
        return (uint32_t)(c - '0');
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? (uint32_t)(lower - 'a') + 10 : 16;
}

/* Reads four hexadecimal digits. Returns how many there are; 4 is right. */
static int read_hex(const char *at, const char *end, uint32_t *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++) {
        uint32_t digit = at + i < end ? hex_value(at[i]) : 16;
        if (digit == 16)
            return i;
        *code = *code << 4 | digit;
    }
    return 4;
}

/* The character that a letter after a backslash means; 0 when it means none. */
static char short_escape(char letter)
{
    switch (letter) {
    case '"': case '\\': case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
    }
}

const char *escape_decode(const char *at, const char *end, uint32_t *code)
{
    if (at[1] != 'u') {
        *code = (uint32_t)short_escape(at[1]);
        return at + 2;
    }
    read_hex(at + 2, end, code);
    at += 6;
    uint32_t low;
    if (is_high_surrogate(*code) && end - at >= 6 && at[0] == '\\' && at[1] == 'u' && read_hex(at + 2, end, &low) == 4 &&
        is_low_surrogate(low)) {
        *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
        at += 6;
    }
    return at;
}

/* A string under way: what was remarked is remarked once for each string. */
struct string_state {
    struct reading *r;
    uint32_t value;
    uint8_t flags;
    bool nul, surrogate, noncharacter;
};

static void remark_once(struct string_state *s, bool *done, enum remark what, const char *at)
{
    if (!*done)
        reading_remark(s->r, what, s->value, at);
    *done = true;
}

static const char *read_unicode_escape(struct string_state *s, const char *at)
{
    const char *end = s->r->end;
    uint32_t code;
    int digits = read_hex(at + 2, end, &code);
    if (digits < 4)
        return reading_stop(s->r, JSON_SYNTAX, at + 2 + digits,
                            at + 2 + digits == end ? "the text ends inside a string" : "\\u needs four hexadecimal digits");
    const char *after = escape_decode(at, end, &code);
    if (code > 0x7F)
        s->flags |= V_NOT_ASCII;
    if (code == 0)
        remark_once(s, &s->nul, s->flags & V_KEY ? JSON_NUL_IN_KEY : JSON_NUL_IN_STRING, at);
    else if (code >= 0xD800 && code <= 0xDFFF)
        remark_once(s, &s->surrogate, JSON_LONE_SURROGATE, at);
    else if (is_noncharacter(code))
        remark_once(s, &s->noncharacter, JSON_NONCHARACTER, at);
    return after;
}

static const char *read_escape(struct string_state *s, const char *at)
{
    const char *end = s->r->end;
    s->flags |= V_ESCAPED;
    if (at + 1 == end)
        return reading_stop(s->r, JSON_SYNTAX, end, "the text ends inside a string");
    if (at[1] == 'u')
        return read_unicode_escape(s, at);
    if (!short_escape(at[1]))
        return reading_stop(s->r, JSON_SYNTAX, at + 1, "JSON has no such escape");
    return at + 2;
}

static const char *read_utf8(struct string_state *s, const char *at)
{
    const char *end = s->r->end;
    s->flags |= V_NOT_ASCII;
    while (at < end && (*at & 0x80)) {
        size_t length = utf8_length(at, end);
        if (length == 0)
            return reading_stop(s->r, JSON_UTF8, at, "the text is not UTF-8 here");
        if (length > 2 && is_noncharacter(utf8_decode(at, length)))
            remark_once(s, &s->noncharacter, JSON_NONCHARACTER, at);
        at += length;
    }
    return at;
}

const char *string_rest(struct reading *r, uint32_t value, const char *at, uint8_t *flags)
{
    struct string_state s = {.r = r, .value = value, .flags = *flags};
    for (;;) {
        if (at == r->end)
            return reading_stop(r, JSON_SYNTAX, at, "the text ends inside a string");
        if (*at == '"')
            break;
        if (*at == '\\')
            at = read_escape(&s, at);
        else if (*at & 0x80)
            at = read_utf8(&s, at);
        else
            return reading_stop(r, JSON_SYNTAX, at, "a control character stands in a string");
        if (!at)
            return NULL;
        at = plain_end(r, at);
    }
    *flags = s.flags;
    return at;
}

size_t unescape(const char *text, size_t length, char *out)
{
    const char *end = text + length;
    char *to = out;
    while (text < end) {
        const char *slash = memchr(text, '\\', (size_t)(end - text));
        size_t plain = (size_t)((slash ? slash : end) - text);
        memcpy(to, text, plain);
        to += plain;
        text += plain;
        if (!slash)
            break;
        uint32_t code;
        text = escape_decode(text, end, &code);
        to += utf8_encode(code >= 0xD800 && code <= 0xDFFF ? 0xFFFD : code, to);
    }
    return (size_t)(to - out);
}

size_t document_unescape(const struct document *doc, uint32_t at, char *out)
{
    const struct value *value = doc->values + at;
    return unescape(doc->text + value->offset, value->length, out);
}
