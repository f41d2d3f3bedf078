/* reader_keys.c: the hash of keys, and the search for keys that an object repeats.
 *
 * The hash lets the walker find members without comparing text, and tells here which keys cannot be equal. Only keys that share
 * a hash are compared; when there may be many of those they are sorted, so that no input makes the search quadratic. */
#include "validator/lib/reader_parts.h"

enum { PADDED = 16 };

static const uint64_t odd = 0x9E3779B97F4A7C15, other_odd = 0xC2B2AE3D27D4EB4F;

static uint64_t start_hash(uint64_t low, uint64_t high, size_t length)
{
    return (low ^ length) * odd + high * other_odd;
}

static uint16_t end_hash(uint64_t hash)
{
    return (uint16_t)((hash ^ hash >> 32) * odd >> 48);
}

uint16_t text_hash(const char *text, size_t length)
{
    if (length <= PADDED) {
        char padded[PADDED] = {0};
        memcpy(padded, text, length);
        return end_hash(start_hash(load_word(padded), load_word(padded + 8), length));
    }
    uint64_t hash = start_hash(load_word(text), load_word(text + 8), length);
    for (size_t at = PADDED; at + 8 < length; at += 8)
        hash = (hash ^ hash >> 32 ^ load_word(text + at)) * odd;
    return end_hash((hash ^ hash >> 32 ^ load_word(text + length - 8)) * odd);
}

/* A mask of the first n bytes of sixteen starts n bytes before the middle of these. */
static const unsigned char keep[2 * PADDED] = {
    255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
};

uint16_t key_hash(const struct reading *r, const char *key, size_t length)
{
    if (length > PADDED || r->end - key < PADDED)
        return text_hash(key, length);
    const char *mask = (const char *)keep + PADDED - length;
    return end_hash(start_hash(load_word(key) & load_word(mask), load_word(key + 8) & load_word(mask + 8), length));
}

bool key_hash_escaped(struct reading *r, const char *key, size_t length, uint16_t *hash)
{
    char small[256];
    char *out = length <= sizeof small ? small : reading_scratch(r, length);
    if (!out)
        return reading_stop(r, JSON_NO_MEMORY, key, "memory ran out");
    *hash = text_hash(out, string_unescape(key, length, out));
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

/* The order of two keys by the bytes they mean. */
static int compare_keys(const struct reading *r, uint32_t a, uint32_t b)
{
    const struct value *left = r->values + a, *right = r->values + b;
    const char *a_text = r->text + left->offset, *b_text = r->text + right->offset;
    if ((left->flags | right->flags) & V_ESCAPED)
        return compare_spelled(a_text, left->length, b_text, right->length);
    int order = memcmp(a_text, b_text, left->length < right->length ? left->length : right->length);
    return order ? order : (left->length > right->length) - (left->length < right->length);
}

static void mark(struct reading *r, uint32_t key)
{
    struct value *value = r->values + key;
    value->flags |= V_DUPLICATE;
    reading_remark(r, JSON_DUPLICATE_KEY, key, r->text + value->offset - 1);
}

enum { FEW = 48 };

/* Compares each key with the ones before it, but only when one bit of 64 says that one of those may have its hash. */
static void compare_few(struct reading *r, uint32_t object, uint32_t members)
{
    const struct value *values = r->values;
    uint32_t keys[FEW], key = object + 1;
    uint64_t seen = 0;
    for (uint32_t i = 0; i < members; i++, key = values[key + 1].next) {
        uint64_t bit = UINT64_C(1) << (values[key].hash & 63);
        for (uint32_t j = 0; (seen & bit) && j < i; j++) {
            if (values[keys[j]].hash == values[key].hash && compare_keys(r, keys[j], key) == 0) {
                mark(r, key);
                break;
            }
        }
        seen |= bit;
        keys[i] = key;
    }
}

/* Sorts by merging, which keeps equal keys in document order. `spare` has room for as many. Returns the sorted one of the two. */
static uint32_t *sort_keys(const struct reading *r, uint32_t *keys, uint32_t *spare, size_t count)
{
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            size_t middle = start + width < count ? start + width : count, end = middle + width < count ? middle + width : count;
            size_t left = start, right = middle, to = start;
            while (left < middle && right < end)
                spare[to++] = compare_keys(r, keys[left], keys[right]) <= 0 ? keys[left++] : keys[right++];
            memcpy(spare + to, keys + left, (middle - left) * sizeof *keys);
            memcpy(spare + to + (middle - left), keys + right, (end - right) * sizeof *keys);
        }
        uint32_t *sorted = spare;
        spare = keys;
        keys = sorted;
    }
    return keys;
}

/* One pass of a sort by hash: by eight of its bits, keeping the order of the others. */
static void sort_by_byte(const struct reading *r, const uint32_t *keys, uint32_t *sorted, size_t count, unsigned shift)
{
    uint32_t starts[256] = {0}, sum = 0;
    for (size_t i = 0; i < count; i++)
        starts[r->values[keys[i]].hash >> shift & 0xFF]++;
    for (size_t i = 0; i < 256; i++) {
        uint32_t start = sum;
        sum += starts[i];
        starts[i] = start;
    }
    for (size_t i = 0; i < count; i++)
        sorted[starts[r->values[keys[i]].hash >> shift & 0xFF]++] = keys[i];
}

/* Marks repeated keys among those of one hash. */
static void compare_run(struct reading *r, uint32_t *keys, uint32_t *spare, size_t count)
{
    const uint32_t *sorted = sort_keys(r, keys, spare, count);
    for (size_t i = 1; i < count; i++)
        if (compare_keys(r, sorted[i - 1], sorted[i]) == 0)
            mark(r, sorted[i]);
}

enum { HASHES = UINT16_MAX + 1, WORD_BITS = 64 };

/* Says whether the bit of a hash was set, and sets it. */
static bool test_and_set(uint64_t *bits, uint16_t hash)
{
    uint64_t bit = UINT64_C(1) << hash % WORD_BITS;
    bool was = bits[hash / WORD_BITS] & bit;
    bits[hash / WORD_BITS] |= bit;
    return was;
}

/* Sets the bits of the hashes that several keys have. Says how many keys have the hash of an earlier one. */
static size_t find_shared(const struct reading *r, uint32_t object, uint32_t members, uint64_t *shared)
{
    uint64_t seen[HASHES / WORD_BITS] = {0};
    uint32_t key = object + 1;
    size_t count = 0;
    for (uint32_t i = 0; i < members; i++, key = r->values[key + 1].next) {
        if (test_and_set(seen, r->values[key].hash)) {
            test_and_set(shared, r->values[key].hash);
            count++;
        }
    }
    return count;
}

/* Collects the keys whose hash another key has too, and brings those of one hash together. */
static bool compare_many(struct reading *r, uint32_t object, uint32_t members)
{
    uint64_t shared[HASHES / WORD_BITS] = {0};
    size_t repeats = find_shared(r, object, members, shared), count = 0;
    if (repeats == 0)
        return true;
    uint32_t *keys = reading_scratch(r, 4 * sizeof *keys * repeats), key = object + 1;
    if (!keys)
        return false;
    for (uint32_t i = 0; i < members; i++, key = r->values[key + 1].next)
        if (shared[r->values[key].hash / WORD_BITS] >> r->values[key].hash % WORD_BITS & 1)
            keys[count++] = key;
    uint32_t *spare = keys + count;
    sort_by_byte(r, keys, spare, count, 0);
    sort_by_byte(r, spare, keys, count, 8);
    for (size_t start = 0, end; start < count; start = end) {
        for (end = start + 1; end < count && r->values[keys[end]].hash == r->values[keys[start]].hash;)
            end++;
        compare_run(r, keys + start, spare + start, end - start);
    }
    return true;
}

bool keys_compare(struct reading *r, uint32_t object, uint32_t members)
{
    if (members > FEW)
        return compare_many(r, object, members);
    compare_few(r, object, members);
    return true;
}
