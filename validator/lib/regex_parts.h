/* regex_parts.h: what the files of the regular expressions share. */
#ifndef CC_REGEX_PARTS_H
#define CC_REGEX_PARTS_H

#include "validator/lib/regex.h"

#include <stdint.h>

/* A text that grows. */
struct regex_text {
    char *bytes;
    size_t used, room;
    bool failed; /* memory ran out */
};

/* Writes an ECMA-262 pattern as PCRE2 understands it. False with the reason when it is no pattern. */
bool ecma_translate(const char *pattern, size_t length, struct regex_text *out, struct regex_why *why);

/* What PCRE2 calls a general category; the name itself when it has no other. */
const char *regex_category(const char *name);

/* Bytes, as a set. */
struct byte_set {
    uint64_t bits[4];
};

static inline void byte_add(struct byte_set *set, unsigned char byte) { set->bits[byte >> 6] |= (uint64_t)1 << (byte & 63); }
static inline bool byte_in(const struct byte_set *set, unsigned char byte) { return set->bits[byte >> 6] >> (byte & 63) & 1; }

/* A pattern that needs no engine: a row of sets of bytes, each repeated from `least` to `most` times, where the next byte always tells
 * whether to go on or to repeat. */
enum { PLAIN_PARTS = 16, PLAIN_MANY = INT32_MAX };

struct plain_part {
    struct byte_set set;
    uint32_t least, most;
};

struct plain {
    struct plain_part parts[PLAIN_PARTS];
    size_t count;
    bool from_start, to_end; /* ^ and $ */
};

/* False when the pattern is not that simple (or no pattern at all). ECMA-262 only. */
bool plain_make(const char *pattern, size_t length, struct plain *plain);
bool plain_found(const struct plain *plain, const char *subject, size_t length);

#endif
