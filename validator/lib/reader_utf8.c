/* reader_utf8.c: whether text is UTF-8 (RFC 3629), and the few things the reader wants to know of code points.
 *
 * Text of many languages changes all the time between one, two and three bytes a character, which branches cannot foresee. So the
 * check is an automaton that takes one shift a byte: the row of a byte holds, at the six bits that a state counts from, the next state. */
#include "validator/lib/reader_parts.h"

/* States, named by what must follow; a state is the place of its six bits in a row. BAD is for ever, since nothing leads out of it. */
enum { BAD = 0, SOUND = 6, ONE = 12, TWO = 18, THREE = 24, AFTER_E0 = 30, AFTER_ED = 36, AFTER_F0 = 42, AFTER_F4 = 48, STATE_MASK = 63 };

#define GO(from, to) ((uint64_t)(to) << (from))
#define ASCII GO(SOUND, SOUND)
#define FOLLOWS (GO(ONE, SOUND) | GO(TWO, ONE) | GO(THREE, TWO))
/* The second byte must keep out overlong forms (E0, F0), surrogates (ED) and what lies beyond U+10FFFF (F4). */
#define FOLLOWS_80 (FOLLOWS | GO(AFTER_ED, ONE) | GO(AFTER_F4, TWO))
#define FOLLOWS_90 (FOLLOWS | GO(AFTER_ED, ONE) | GO(AFTER_F0, TWO))
#define FOLLOWS_A0 (FOLLOWS | GO(AFTER_E0, ONE) | GO(AFTER_F0, TWO))
#define LEADS(state) GO(SOUND, state)
#define X2(row) row, row
#define X4(row) X2(row), X2(row)
#define X8(row) X4(row), X4(row)
#define X16(row) X8(row), X8(row)
#define X32(row) X16(row), X16(row)

static const uint64_t steps[256] = {
    X32(ASCII), X32(ASCII), X32(ASCII), X32(ASCII),                                                        /* 00..7F */
    X16(FOLLOWS_80), X16(FOLLOWS_90), X32(FOLLOWS_A0),                                                     /* 80..BF */
    X2(BAD), X2(LEADS(ONE)), X4(LEADS(ONE)), X8(LEADS(ONE)), X16(LEADS(ONE)),                              /* C0..DF */
    LEADS(AFTER_E0), X8(LEADS(TWO)), X4(LEADS(TWO)), LEADS(AFTER_ED), X2(LEADS(TWO)),                      /* E0..EF */
    LEADS(AFTER_F0), X2(LEADS(THREE)), LEADS(THREE), LEADS(AFTER_F4), X8(BAD), X2(BAD), BAD,               /* F0..FF */
};

static inline uint64_t step(uint64_t state, char byte)
{
    return steps[(unsigned char)byte] >> (state & STATE_MASK);
}

size_t utf8_length(const char *at, const char *end)
{
    uint64_t state = SOUND;
    for (const char *next = at; next < end && next - at < 4; next++) {
        state = step(state, *next) & STATE_MASK;
        if (state == SOUND)
            return next > at ? (size_t)(next - at) + 1 : 0;
    }
    return 0;
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

static uint32_t utf8_decode(const char *at, size_t length)
{
    uint32_t code = (unsigned char)at[0] & (0xFFU >> (length + 1));
    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)at[i] & 0x3F);
    return code;
}

bool utf8_noncharacter(uint32_t code)
{
    return (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
}

static inline bool is_stop(char c)
{
    return (unsigned char)c < ' ' || c == '"' || c == '\\';
}

/* A noncharacter holds BF BE, BF BF or EF B7; other characters do so rarely. */
static inline bool is_odd_pair(char before, char c)
{
    unsigned char first = (unsigned char)before, second = (unsigned char)c;
    return (first == 0xBF && second >= 0xBE) || (first == 0xEF && second == 0xB7);
}

/* A run of text that is being checked. */
struct run {
    const char *at;
    uint64_t state;
    bool odd; /* there may be a noncharacter */
};

static void run_bytes(struct run *run, const char *end)
{
    const char *at = run->at;
    uint64_t state = run->state;
    bool odd = run->odd;
    for (; at < end && !is_stop(*at); at++) {
        state = step(state, *at);
        odd |= is_odd_pair(at[-1], *at);
    }
    *run = (struct run){at, state, odd};
}

#ifdef READER_BLOCKS
/* As block_specials, but without bytes above 0x7F. */
static inline block_mask block_stops(block b, block_mask not_ascii)
{
    return block_specials(b) & ~not_ascii;
}

static inline block_mask block_odd_pairs(block before, block b)
{
    block last = block_or(block_is(b, '\xBE'), block_is(b, '\xBF'));
    block high = block_and(block_is(before, '\xBF'), last), arabic = block_and(block_is(before, '\xEF'), block_is(b, '\xB7'));
    return block_to_mask(block_or(high, arabic));
}

static inline uint64_t step_four(uint64_t state, const char *at)
{
    return step(step(step(step(state, at[0]), at[1]), at[2]), at[3]);
}

/* Checks whole blocks, up to the one with a stop. */
static void run_blocks(struct run *run, const char *end)
{
    const char *at = run->at;
    uint64_t state = run->state;
    for (; end - at >= BLOCK; at += BLOCK) {
        block b = block_load(at);
        block_mask not_ascii = block_not_ascii(b);
        if (block_stops(b, not_ascii))
            break;
        if (!not_ascii && (state & STATE_MASK) == SOUND)
            continue;
        run->odd |= block_odd_pairs(block_load(at - 1), b) != 0;
        state = step_four(step_four(step_four(step_four(state, at), at + 4), at + 8), at + 12);
    }
    run->at = at;
    run->state = state;
}
#endif

/* The start of the first sequence that is ill-formed, or in sound text that is a noncharacter; NULL when there is none. */
static const char *find_odd(const char *at, const char *end, bool sound)
{
    while (at < end) {
        size_t length = *at & 0x80 ? utf8_length(at, end) : 1;
        if (length == 0 || (sound && length > 2 && utf8_noncharacter(utf8_decode(at, length))))
            return at;
        at += length;
    }
    return NULL;
}

const char *utf8_text_end(const struct reading *r, const char *at, const char **odd)
{
    struct run run = {at, SOUND, false};
#ifdef READER_BLOCKS
    if (!r->portable)
        run_blocks(&run, r->end);
#endif
    run_bytes(&run, r->end);
    bool sound = (run.state & STATE_MASK) == SOUND;
    *odd = run.odd || !sound ? find_odd(at, run.at, sound) : NULL;
    return sound ? run.at : NULL;
}
