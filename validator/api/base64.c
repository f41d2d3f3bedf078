/* base64.c: is a text base64, how much does it hold, and what does it begin with.
 *
 * Images and sounds are most of the bytes of the requests that carry them, so their alphabet is checked sixteen characters at a time where
 * the machine can. */
#include "validator/api/forms.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { FOREIGN = 64 };

/* The six bits of a character; FOREIGN for anything outside the alphabet. */
static unsigned sextet(unsigned char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A' + 0u;
    if (c >= 'a' && c <= 'z') return c - 'a' + 26u;
    if (c >= '0' && c <= '9') return c - '0' + 52u;
    return c == '+' ? 62 : c == '/' ? 63 : FOREIGN;
}

static size_t alphabet_portable(const char *text, size_t length)
{
    size_t i = 0;
    while (i < length && sextet((unsigned char)text[i]) != FOREIGN) i++;
    return i;
}

#ifdef __SSE2__
/* A byte of ones where x - low <= span, both as unsigned. */
static inline __m128i in_range(__m128i x, char low, char span)
{
    __m128i from = _mm_sub_epi8(x, _mm_set1_epi8(low));
    return _mm_cmpeq_epi8(_mm_min_epu8(from, _mm_set1_epi8(span)), from);
}

static inline __m128i in_alphabet(const char *text)
{
    __m128i x = _mm_loadu_si128((const __m128i *)(const void *)text);
    __m128i letter = in_range(_mm_or_si128(x, _mm_set1_epi8(0x20)), 'a', 25);
    __m128i digit_or_slash = in_range(x, '/', 10); /* 0 to 9 follow / */
    return _mm_or_si128(_mm_or_si128(letter, digit_or_slash), _mm_cmpeq_epi8(x, _mm_set1_epi8('+')));
}

/* How far the alphabet goes. */
static size_t alphabet(const char *text, size_t length)
{
    size_t i = 0;
    for (; length - i >= 64; i += 64) {
        __m128i a = _mm_and_si128(in_alphabet(text + i), in_alphabet(text + i + 16));
        __m128i b = _mm_and_si128(in_alphabet(text + i + 32), in_alphabet(text + i + 48));
        if (_mm_movemask_epi8(_mm_and_si128(a, b)) != 0xFFFF) break;
    }
    return i + alphabet_portable(text + i, length - i);
}
#else
static size_t alphabet(const char *text, size_t length) { return alphabet_portable(text, length); }
#endif

/* One or two = at the end fill the last group of four. */
static bool padding_fits(const char *text, size_t length, size_t plain)
{
    if (length == 0 || length % 4 != 0 || length - plain > 2) return false;
    for (size_t i = plain; i < length; i++)
        if (text[i] != '=') return false;
    return true;
}

bool text_is_base64(const char *text, size_t length) { return padding_fits(text, length, alphabet(text, length)); }

bool text_is_base64_portable(const char *text, size_t length) { return padding_fits(text, length, alphabet_portable(text, length)); }

const struct form base64_form = {
    .name = "base64", .pattern = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)$", .holds = text_is_base64,
    .says = "is base64 with its padding, not empty, without line breaks and without a data: prefix", .good = "UklG", .bad = "not base64!"};

size_t base64_size(const char *text, size_t length)
{
    size_t padding = 0;
    while (padding < 2 && padding < length && text[length - 1 - padding] == '=') padding++;
    return length / 4 * 3 - (length >= 4 ? padding : 0);
}

size_t base64_begin(const char *text, size_t length, unsigned char *out, size_t room)
{
    size_t written = 0;
    unsigned bits = 0, have = 0;
    for (size_t i = 0; i < length && written < room; i++) {
        unsigned six = sextet((unsigned char)text[i]);
        if (six == FOREIGN) break;
        bits = bits << 6 | six;
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out[written++] = (unsigned char)(bits >> have);
    }
    return written;
}
