/* words.h: small questions about texts. */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static inline bool begins(const char *text, const char *with) { return strncmp(text, with, strlen(with)) == 0; }

static inline bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* What follows the noun after a number: "1 case", "2 cases". */
static inline const char *plural(size_t n) { return n == 1 ? "" : "s"; }

/* How many bytes a text has that is cut to `most`, without half a character at its end. Of what is no UTF-8 so many are left. */
static inline size_t text_cut(const char *text, size_t most)
{
    size_t length = 0, cut = most;
    while (length <= most && text[length]) length++;
    if (length <= most) return length;
    while (cut && most - cut < 4 && ((unsigned char)text[cut] & 0xC0) == 0x80) cut--;
    return ((unsigned char)text[cut] & 0xC0) == 0x80 ? most : cut;
}

#endif
