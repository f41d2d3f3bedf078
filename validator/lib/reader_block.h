/* reader_block.h: sixteen bytes at once, where the processor can: SSE2 on x86, NEON on AArch64.
 *
 * Each question about a block answers with a mask of MASK_BITS bits a byte, lowest byte first. Without such a processor
 * READER_BLOCKS is not defined, and the plain C scanners do all the work. */
#ifndef CC_READER_BLOCK_H
#define CC_READER_BLOCK_H

#include <stddef.h>
#include <stdint.h>

enum { BLOCK = 16 };

#if defined __SSE2__
#include <emmintrin.h>
#define READER_BLOCKS 1

typedef __m128i block;
typedef uint32_t block_mask;
enum { MASK_BITS = 1 };
static const block_mask whole_mask = 0xFFFF;

static inline block block_load(const char *at)
{
    return _mm_loadu_si128((const __m128i *)(const void *)at);
}

static inline block block_is(block b, char c)
{
    return _mm_cmpeq_epi8(b, _mm_set1_epi8(c));
}

/* As signed bytes: those above 0x7F are below all others. */
static inline block block_below(block b, char c)
{
    return _mm_cmplt_epi8(b, _mm_set1_epi8(c));
}

static inline block block_or(block a, block b)
{
    return _mm_or_si128(a, b);
}

static inline block block_and(block a, block b)
{
    return _mm_and_si128(a, b);
}

static inline block_mask block_to_mask(block b)
{
    return (block_mask)_mm_movemask_epi8(b);
}

#elif defined __aarch64__ && defined __ARM_NEON
#include <arm_neon.h>
#define READER_BLOCKS 1

typedef int8x16_t block;
typedef uint64_t block_mask;
enum { MASK_BITS = 4 };
static const block_mask whole_mask = UINT64_MAX;

static inline block block_load(const char *at)
{
    return vld1q_s8((const int8_t *)(const void *)at);
}

static inline block block_is(block b, char c)
{
    return vreinterpretq_s8_u8(vceqq_s8(b, vdupq_n_s8((int8_t)c)));
}

/* As signed bytes: those above 0x7F are below all others. */
static inline block block_below(block b, char c)
{
    return vreinterpretq_s8_u8(vcltq_s8(b, vdupq_n_s8((int8_t)c)));
}

static inline block block_or(block a, block b)
{
    return vorrq_s8(a, b);
}

static inline block block_and(block a, block b)
{
    return vandq_s8(a, b);
}

static inline block_mask block_to_mask(block b)
{
    return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_s8(b), 4)), 0);
}
#endif

#ifdef READER_BLOCKS
/* The place in its block of the first byte that a mask (which is not 0) names. */
static inline size_t mask_first(block_mask mask)
{
    return (size_t)__builtin_ctzll(mask) / MASK_BITS;
}

/* Quotes, backslashes, control characters and bytes above 0x7F. */
static inline block_mask block_specials(block b)
{
    return block_to_mask(block_or(block_or(block_is(b, '"'), block_is(b, '\\')), block_below(b, ' ')));
}

static inline block_mask block_not_ascii(block b)
{
    return block_to_mask(block_below(b, 0));
}

static inline block_mask block_not_digits(block b)
{
    return block_to_mask(block_below(b, '0')) | (whole_mask ^ block_to_mask(block_below(b, '9' + 1)));
}

static inline block_mask block_not_spaces(block b)
{
    block blank = block_or(block_or(block_is(b, ' '), block_is(b, '\n')), block_or(block_is(b, '\r'), block_is(b, '\t')));
    return whole_mask ^ block_to_mask(blank);
}
#endif

#endif
