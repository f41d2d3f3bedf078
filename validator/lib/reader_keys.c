/* reader_keys.c: the hash of keys, and the search for keys that an object repeats.
 *
 * The hash lets the walker find members without comparing text, and tells here which keys cannot be equal. Only keys that share
 * a hash are compared, and many of those are sorted first, so that no input makes the search quadratic. */
#include "validator/lib/reader_parts.h"

static uint64_t load_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* The bytes of a text shorter than a word, which is never read past its end. */
static uint64_t load_part(const char *at, size_t length)
{
    uint64_t word = 0;
    memcpy(&word, at, length);
    return word;
}

uint16_t text_hash(const char *text, size_t length)
{
    const uint64_t odd = 0x9E3779B97F4A7C15;
    uint64_t hash = length * odd;
    for (; length > 8; text += 8, length -= 8)
        hash = ((hash ^ load_word(text)) * odd) ^ (hash >> 29);
    hash = (hash ^ load_part(text, length)) * odd;
    hash = (hash ^ hash >> 32) * odd;
    return (uint16_t)(hash >> 48);
}

bool key_hash_escaped(struct reading *r, const char *key, size_t length, uint16_t *hash)
{
    char small[256];
    char *out = length <= sizeof small ? small : reading_scratch(r, length);
    if (!out)
        return reading_stop(r, JSON_NO_MEMORY, key, "memory ran out");
    *hash = text_hash(out, unescape(key, length, out));
    return true;
}

/* The bytes that a key means, one by one. Lone surrogates stay apart here. */
struct spelling {
    const char *at, *end;
    char bytes[4];
    size_t next, count;
};

/* The next byte, or -1 after the last. */
static int spell(struct spelling *s)
{
    if (s->next < s->count)
        return (unsigned char)s->bytes[s->next++];
    if (s->at == s->end)
        return -1;
    if (*s->at != '\\')
        return (unsigned char)*s->at++;
    uint32_t code;
    s->at = escape_decode(s->at, s->end, &code);
    s->count = utf8_encode(code, s->bytes);
    s->next = 1;
    return (unsigned char)s->bytes[0];
}

static int compare_spelled(const char *a, size_t a_length, const char *b, size_t b_length)
{
    struct spelling left = {.at = a, .end = a + a_length}, right = {.at = b, .end = b + b_length};
    for (;;) {
        int x = spell(&left), y = spell(&right);
        if (x != y)
            return x < y ? -1 : 1;
        if (x < 0)
            return 0;
    }
}

/* The order of two keys by hash, then by text. */
static int compare_keys(const struct reading *r, uint32_t a, uint32_t b)
{
    const struct value *left = r->values + a, *right = r->values + b;
    if (left->hash != right->hash)
        return left->hash < right->hash ? -1 : 1;
    const char *a_text = r->text + left->offset, *b_text = r->text + right->offset;
    if ((left->flags | right->flags) & V_ESCAPED)
        return compare_spelled(a_text, left->length, b_text, right->length);
    if (left->length != right->length)
        return left->length < right->length ? -1 : 1;
    return memcmp(a_text, b_text, left->length);
}
