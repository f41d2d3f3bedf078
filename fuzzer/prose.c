/* prose.c: see prose.h. */
#include "fuzzer/prose.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const words[] = {
    "the", "weather", "of", "tomorrow", "and", "a", "ticket", "to", "Paris", "please", "what", "is", "best", "price", "for", "two",
    "answer", "briefly", "list", "three", "reasons", "why", "table", "with", "columns", "name", "city", "amount", "translate", "into",
    "German", "summary", "order", "number", "0", "42", "3.14", "not", "only", "but", "also", "if", "then", "else", "return", "again",
    "end"};

/* What needs care on the way: escapes, other scripts, marks that join, directions, characters outside the first plane. */
static const char *const odd[] = {
    "\"quoted\"", "back\\slash", "tab\there", "line\nbreak", "caf\xC3\xA9", "na\xC3\xAFve", "\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E",
    "\xF0\x9F\x98\x80", "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB", "\xD8\xB3\xD9\x84\xD8\xA7\xD9\x85", "e\xCC\x81", "<b>&amp;</b>",
    "${model}", "{{x}}", "%s%n", "'; --", "\xE2\x80\xA8", "\xEF\xBC\xA1", "\x7F", "\\u0000", "</script>", "\xC2\xA0x", "```json\n{}\n```"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *prose_word(struct rng *rng) { return words[rng_below(rng, COUNT(words))]; }

static size_t append(char *out, size_t used, const char *word)
{
    size_t length = strlen(word);
    memcpy(out + used, word, length);
    return used + length;
}

enum { WORD_ROOM = 24, BLOCK = 4096 };

/* Words into a buffer that has WORD_ROOM more than `about`; returns the length. */
static size_t put_words(struct rng *rng, char *out, size_t about)
{
    bool plain = rng_below(rng, 4) != 0;
    size_t used = append(out, 0, prose_word(rng));
    while (used < about) {
        out[used++] = ' ';
        used = append(out, used, !plain && rng_one_in(rng, 6) ? odd[rng_below(rng, COUNT(odd))] : prose_word(rng));
    }
    return used;
}

struct json_object *prose_make(struct rng *rng, size_t about)
{
    char small[256 + WORD_ROOM];
    if (about <= 256) return jo_bytes(small, put_words(rng, small, about));
    char *text = malloc(about + BLOCK + WORD_ROOM);
    if (!text) return jo_bytes("", (size_t)-1); /* noted as lost */
    size_t block = put_words(rng, text, about < BLOCK ? about : BLOCK), used = block;
    while (used < about) { /* long texts repeat themselves: what matters is their size */
        text[used++] = '\n';
        memcpy(text + used, text, block);
        used += block;
    }
    struct json_object *made = jo_bytes(text, used);
    free(text);
    return made;
}

struct json_object *prose_chars(struct rng *rng, size_t chars)
{
    static const char *const letters[] = {"a", "Z", "7", "-", "\xC3\xA9", "\xD0\xB6", "\xE6\x97\xA5", "\xF0\x9F\x98\x80"};
    size_t kinds = rng_one_in(rng, 2) ? 4 : COUNT(letters), used = 0;
    char *text = malloc(chars * 4 + 1);
    if (!text) return jo_bytes("", (size_t)-1);
    for (size_t i = 0; i < chars; i++) used = append(text, used, letters[rng_below(rng, kinds)]);
    struct json_object *made = jo_bytes(text, used);
    free(text);
    return made;
}

void prose_name(struct rng *rng, char *out, size_t length)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
    for (size_t i = 0; i < length; i++) out[i] = letters[rng_below(rng, i ? sizeof letters - 1 : 52)];
    out[length] = '\0';
}

/* --- bytes */

static size_t encode(const unsigned char *bytes, size_t length, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    size_t used = 0;
    for (size_t i = 0; i < length; i += 3) {
        size_t left = length - i;
        unsigned group = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
        out[used++] = digits[group >> 18];
        out[used++] = digits[group >> 12 & 63];
        out[used++] = left > 1 ? digits[group >> 6 & 63] : '=';
        out[used++] = left > 2 ? digits[group & 63] : '=';
    }
    return used;
}

struct json_object *prose_base64(struct rng *rng, const char *prefix, const char *begin, size_t begin_length, size_t bytes)
{
    size_t length = bytes > begin_length ? bytes : begin_length, before = strlen(prefix);
    unsigned char *raw = malloc(length + 1);
    char *text = malloc(before + length / 3 * 4 + 8);
    struct json_object *made = NULL;
    if (raw && text) {
        memcpy(raw, begin, begin_length);
        for (size_t i = begin_length; i < length; i += 8) {
            uint64_t noise = rng_next(rng);
            for (size_t k = i; k < i + 8 && k < length; k++, noise >>= 8) raw[k] = (unsigned char)noise;
        }
        memcpy(text, prefix, before);
        made = jo_bytes(text, before + encode(raw, length, text + before));
    } else {
        made = jo_bytes("", (size_t)-1);
    }
    free(raw);
    free(text);
    return made;
}

struct json_object *prose_image(struct rng *rng, size_t bytes)
{
    static const struct {
        const char *prefix, *begin;
        size_t length;
    } kinds[] = {{"data:image/png;base64,", "\x89PNG\r\n\x1A\n", 8},
                 {"data:image/jpeg;base64,", "\xFF\xD8\xFF\xE0", 4},
                 {"data:image/gif;base64,", "GIF89a", 6},
                 {"data:image/webp;base64,", "RIFF\x20\0\0\0WEBP", 12}};
    static const char *const urls[] = {"https://example.com/a.png", "http://127.0.0.1:9/b.jpg?size=large&x=%20",
                                       "https://user.example.org/%F0%9F%98%80.gif#top"};
    if (bytes == 0) return jo_string(urls[rng_below(rng, COUNT(urls))]);
    size_t which = rng_below(rng, COUNT(kinds));
    return prose_base64(rng, kinds[which].prefix, kinds[which].begin, kinds[which].length, bytes);
}

struct json_object *prose_sound(struct rng *rng, bool mp3, size_t bytes)
{
    return mp3 ? prose_base64(rng, "", "ID3\x04", 4, bytes) : prose_base64(rng, "", "RIFF\x24\0\0\0WAVEfmt ", 16, bytes);
}

struct json_object *prose_document(struct rng *rng, size_t bytes)
{
    return prose_base64(rng, "data:application/pdf;base64,", "%PDF-1.7\n", 9, bytes);
}
