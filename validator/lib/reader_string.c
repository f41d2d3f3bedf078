/* reader_string.c: the text of strings: where plain text ends, and escapes.
 *
 * Most bytes of chat traffic stand in strings, so plain text is passed over in blocks of sixteen bytes where the processor can. The
 * portable scanner beside it gives the same answers and is always compiled, so that each can be tested against the other. */
#include "validator/lib/reader_parts.h"

static inline bool is_plain(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
}

/* Not 0 when one of eight bytes is not plain, and sometimes also when all are: what borrows may name a byte too many, never too few. */
static uint64_t word_specials(uint64_t word)
{
    const uint64_t ones = 0x0101010101010101, tops = 0x8080808080808080;
    uint64_t quote = word ^ (ones * '"'), slash = word ^ (ones * '\\');
    return (word | (word - ones * ' ') | (quote - ones) | (slash - ones)) & tops;
}

static const char *plain_end_words(const char *at, const char *end)
{
    while (end - at >= 8 && !word_specials(load_word(at)))
        at += 8;
    while (at < end && is_plain(*at))
        at++;
    return at;
}

#ifdef READER_BLOCKS
/* What is left at the end, less than a block, is looked at as the end of the last whole block: nothing past the text is touched. */
static const char *plain_end_blocks(const char *at, const char *text, const char *end)
{
    for (; end - at >= BLOCK; at += BLOCK) {
        block_mask mask = block_specials(block_load(at));
        if (mask)
            return at + mask_first(mask);
    }
    if (at == end || end - text < BLOCK)
        return plain_end_words(at, end);
    block_mask mask = block_specials(block_load(end - BLOCK)) >> (BLOCK - (end - at)) * MASK_BITS;
    return mask ? at + mask_first(mask) : end;
}
#endif

const char *plain_end_long(const struct reading *r, const char *at)
{
#ifdef READER_BLOCKS
    if (!r->portable)
        return plain_end_blocks(at, r->text, r->end);
#endif
    return plain_end_words(at, r->end);
}

static bool is_high_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDBFF;
}

static bool is_low_surrogate(uint32_t code)
{
    return code >= 0xDC00 && code <= 0xDFFF;
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

/* The character that a letter after a backslash means; 0 when it means none by itself. */
static const char short_escapes[256] = {
    ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t',
};

static inline char short_escape(char letter)
{
    return short_escapes[(unsigned char)letter];
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
    else if (utf8_noncharacter(code))
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
    const char *odd, *after = utf8_text_end(s->r, at, &odd);
    s->flags |= V_NOT_ASCII;
    if (!after)
        return reading_stop(s->r, JSON_UTF8, odd, "the text is not UTF-8 here");
    if (odd)
        remark_once(s, &s->noncharacter, JSON_NONCHARACTER, odd);
    return after;
}

/* Passes over plain text and, where blocks can be used, over short escapes that do not cross their block. */
static const char *skip_plain(struct string_state *s, const char *at)
{
#ifdef READER_BLOCKS
    const block_mask pair = ((block_mask)1 << 2 * MASK_BITS) - 1;
    for (; !s->r->portable && s->r->end - at >= BLOCK; at += BLOCK) {
        block_mask mask = block_specials(block_load(at));
        size_t first = 0;
        while (mask && at[first = mask_first(mask)] == '\\' && first + 1 < BLOCK && short_escape(at[first + 1])) {
            mask &= ~(pair << first * MASK_BITS);
            s->flags |= V_ESCAPED;
        }
        if (mask)
            return at + first;
    }
#endif
    return plain_end_long(s->r, at);
}

const char *string_rest(struct reading *r, uint32_t value, const char *at, uint8_t *flags)
{
    struct string_state s = {.r = r, .value = value, .flags = *flags};
    while (at && at < r->end && *at != '"') {
        if (*at == '\\')
            at = read_escape(&s, at);
        else if (*at & 0x80)
            at = read_utf8(&s, at);
        else
            return reading_stop(r, JSON_SYNTAX, at, "a control character stands in a string");
        if (at)
            at = skip_plain(&s, at);
    }
    *flags = s.flags;
    return at == r->end ? reading_stop(r, JSON_SYNTAX, at, "the text ends inside a string") : at;
}

size_t string_unescape(const char *text, size_t length, char *out)
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
    return string_unescape(doc->text + value->offset, value->length, out);
}
