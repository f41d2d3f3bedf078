/* reader_parts.h: what the files of the reader share, and nobody else uses.
 *
 * The grammar stands in reader.c. Text that is rare or long is handed to the other parts: strings with escapes, UTF-8 or more than a
 * few bytes to reader_string.c, numbers with fractions, exponents or many digits to reader_number.c, keys to reader_keys.c. */
#ifndef CC_READER_PARTS_H
#define CC_READER_PARTS_H

#include "validator/lib/reader.h"

#include <string.h>

#if defined __SSE2__
#include <emmintrin.h>
#define SCAN_BLOCKS 1
#elif defined __aarch64__ && defined __ARM_NEON
#include <arm_neon.h>
#define SCAN_BLOCKS 1
#endif

enum { BLOCK = 16 };

/* One reading under way. */
struct reading {
    struct document *doc;
    const char *text, *end;
    struct value *values;    /* the index: its first record, */
    struct value *next;      /* the next free one, */
    struct value *full;      /* and where room or permission ends */
    uint32_t open;           /* the innermost open container, or NONE_OPEN */
    uint32_t commas;         /* seen in it so far */
    char closer;             /* the bracket that closes it */
    bool portable;           /* without vector instructions */
    size_t depth;
    const struct read_limits *limits;
};

#define NONE_OPEN UINT32_MAX

/* Records why reading stops at byte `at`, and returns NULL so that a caller can return that. */
const char *reading_stop(struct reading *r, enum remark what, const char *at, const char *detail);
/* Records something that is no reason to stop. */
void reading_remark(struct reading *r, enum remark what, uint32_t value, const char *at);

/* The length of the well-formed UTF-8 sequence (of two to four bytes) at `at`; 0 when there is none. */
size_t utf8_length(const char *at, const char *end);

/* The end of the plain text from `at`: the first quote, backslash, control character or byte above 0x7F, or `end`. */
const char *plain_end_portable(const char *at, const char *end);
#ifdef SCAN_BLOCKS
const char *plain_end_blocks(const char *at, const char *text, const char *end);
#endif

/* Reads on in string `value` from `at`, the first byte that is not plain. The closing quote, or NULL when reading stops. Adds to *flags. */
const char *string_rest(struct reading *r, uint32_t value, const char *at, uint8_t *flags);
/* The hash of a key that is written with escapes. False when memory runs out. */
bool key_hash_escaped(struct reading *r, const char *key, size_t length, uint16_t *hash);
/* Undoes the escapes of text that has been read. Returns the bytes written. */
size_t unescape(const char *text, size_t length, char *out);
/* Decodes the escape at `at` (a backslash), which has been read before; a lone surrogate is itself. Returns the byte after it. */
const char *escape_decode(const char *at, const char *end, uint32_t *code);
/* Encodes a code point in one to four bytes, also a surrogate. Returns their count. */
size_t utf8_encode(uint32_t code, char *out);

/* Reads fraction and exponent of a number. The byte after it, or NULL when reading stops. */
const char *number_rest(struct reading *r, uint32_t value, const char *start, const char *at);
/* Remarks on an integer of sixteen digits or more that doubles cannot hold exactly, or at all. */
void integer_judge(struct reading *r, uint32_t value, const char *start, const char *end);
/* Says what is wrong with the whole part of the number from `start`; `at` is where its digits ended. Returns NULL. */
const char *number_fault(struct reading *r, const char *start, const char *at);

/* Marks the keys of an object of `members` members that stood there before. False when memory runs out. */
bool keys_compare(struct reading *r, uint32_t object, uint32_t members);

/* Room of `size` bytes that the document keeps. NULL when memory runs out. */
void *reading_scratch(struct reading *r, size_t size);

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The bytes of a block that are not plain, as a mask with MASK_BITS bits a byte. Signed comparison makes control characters and bytes
 * above 0x7F one case. */
#if defined __SSE2__
typedef unsigned block_mask;
enum { MASK_BITS = 1 };

static inline block_mask block_specials(const char *at)
{
    __m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
    __m128i quote = _mm_cmpeq_epi8(block, _mm_set1_epi8('"'));
    __m128i slash = _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'));
    __m128i other = _mm_cmplt_epi8(block, _mm_set1_epi8(' '));
    return (block_mask)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quote, slash), other));
}
#elif defined SCAN_BLOCKS
typedef uint64_t block_mask;
enum { MASK_BITS = 4 };

static inline block_mask block_specials(const char *at)
{
    int8x16_t block = vld1q_s8((const int8_t *)(const void *)at);
    uint8x16_t quote = vceqq_s8(block, vdupq_n_s8('"'));
    uint8x16_t slash = vceqq_s8(block, vdupq_n_s8('\\'));
    uint8x16_t other = vcltq_s8(block, vdupq_n_s8(' '));
    uint16x8_t pairs = vreinterpretq_u16_u8(vorrq_u8(vorrq_u8(quote, slash), other));
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(pairs, 4)), 0);
}
#endif

#ifdef SCAN_BLOCKS
static inline size_t first_special(block_mask mask)
{
    return (size_t)__builtin_ctzll(mask) / MASK_BITS;
}
#endif

static inline const char *plain_end(const struct reading *r, const char *at)
{
#ifdef SCAN_BLOCKS
    if (!r->portable) {
        block_mask mask = r->end - at >= BLOCK ? block_specials(at) : 0;
        return mask ? at + first_special(mask) : plain_end_blocks(at, r->text, r->end);
    }
#endif
    return plain_end_portable(at, r->end);
}

#endif
