/* reader_parts.h: what the files of the reader share, and nobody else uses.
 *
 * The grammar stands in reader.c. Text that is rare or long is handed to the other parts: strings with escapes or of many bytes to
 * reader_string.c, UTF-8 to reader_utf8.c, numbers with fractions, exponents or many digits to reader_number.c, keys to reader_keys.c. */
#ifndef CC_READER_PARTS_H
#define CC_READER_PARTS_H

#include "validator/lib/reader.h"
#include "validator/lib/reader_block.h"

#include <string.h>

/* One reading under way. */
struct reading {
    struct document *doc;
    const char *text, *end;
    struct value *values; /* the index: its first record, */
    struct value *next;   /* the next free one, */
    struct value *full;   /* and where room or permission ends */
    uint32_t open;        /* the innermost open container, or NONE_OPEN */
    uint32_t commas;      /* seen in it so far */
    char closer;          /* the bracket that closes it */
    bool portable;        /* without blocks */
    size_t depth;
    const struct read_limits *limits;
};

#define NONE_OPEN UINT32_MAX

/* reader.c */

/* Records why reading stops at byte `at`, and returns NULL so that a caller can return that. */
const char *reading_stop(struct reading *r, enum remark what, const char *at, const char *detail);
/* Records something that is no reason to stop. */
void reading_remark(struct reading *r, enum remark what, uint32_t value, const char *at);
/* Room of `size` bytes that the document keeps. NULL when memory runs out. */
void *reading_scratch(struct reading *r, size_t size);

/* reader_utf8.c */

/* The length of the well-formed UTF-8 sequence (of two to four bytes) at `at`; 0 when there is none. */
size_t utf8_length(const char *at, const char *end);
/* Encodes a code point in one to four bytes, also a surrogate. Returns their count. */
size_t utf8_encode(uint32_t code, char *out);
/* Says whether a code point is one that no text exchanges: U+FDD0 to U+FDEF, and the last two of each plane. */
bool utf8_noncharacter(uint32_t code);
/* Reads UTF-8 text in a string from `at` (not the first byte of the document): to the first quote, backslash or control character, or
 * the end. NULL when it is ill-formed; then *odd is the first bad byte. Otherwise *odd is the first noncharacter, or NULL. */
const char *utf8_text_end(const struct reading *r, const char *at, const char **odd);

/* reader_string.c */

/* The end of the plain text from `at`: the first quote, backslash, control character or byte above 0x7F, or the end. */
const char *plain_end_long(const struct reading *r, const char *at);
/* Reads on in string `value` from `at`, the first byte that is not plain. The closing quote, or NULL when reading stops. Adds to *flags. */
const char *string_rest(struct reading *r, uint32_t value, const char *at, uint8_t *flags);
/* Decodes the escape at `at` (a backslash), which has been read before; a lone surrogate is itself. Returns the byte after it. */
const char *escape_decode(const char *at, const char *end, uint32_t *code);
/* Undoes the escapes of text that has been read. Returns the bytes written. */
size_t string_unescape(const char *text, size_t length, char *out);

/* reader_number.c */

/* Reads fraction and exponent of a number. The byte after it, or NULL when reading stops. */
const char *number_rest(struct reading *r, uint32_t value, const char *start, const char *at);
/* Remarks on an integer (from its first digit) of sixteen digits or more that doubles cannot hold exactly, or at all. */
void integer_judge(struct reading *r, uint32_t value, const char *digits, const char *end);
/* Says what is wrong with the whole part of the number from `start`; `at` is where its digits ended. Returns NULL. */
const char *number_fault(struct reading *r, const char *start, const char *at);

/* reader_keys.c */

/* text_hash of a key without escapes in the text. */
uint16_t key_hash(const struct reading *r, const char *key, size_t length);
/* The same of a key that is written with escapes. False when memory runs out. */
bool key_hash_escaped(struct reading *r, const char *key, size_t length, uint16_t *hash);
/* Marks the keys of an object of `members` members that stood there before. False when memory runs out. */
bool keys_compare(struct reading *r, uint32_t object, uint32_t members);

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline uint64_t load_word(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

static inline const char *plain_end(const struct reading *r, const char *at)
{
#ifdef READER_BLOCKS
    if (!r->portable && r->end - at >= BLOCK) {
        block_mask mask = block_specials(block_load(at));
        if (mask)
            return at + mask_first(mask);
        at += BLOCK;
    }
#endif
    return plain_end_long(r, at);
}

#endif
