/* text.c: where a byte stands, in the terms of people: line and column. */
#include "validator/lib/reader.h"

#include <string.h>

/* The low bit of each byte of a word. */
#define LOW_BITS UINT64_C(0x0101010101010101)

/* All bytes begin a character but those that go on with one, which are 10xxxxxx. */
size_t text_characters(const char *at, size_t length)
{
    size_t chars = length;
    uint64_t word;
    for (; length >= sizeof word; at += sizeof word, length -= sizeof word) {
        memcpy(&word, at, sizeof word);
        chars -= (((word >> 7 & ~(word >> 6)) & LOW_BITS) * LOW_BITS) >> 56; /* the product adds up all bytes in the highest one */
    }
    for (; length; at++, length--) chars -= ((unsigned char)*at & 0xC0) == 0x80;
    return chars;
}

void text_count_on(const char *at, size_t length, size_t *line, size_t *column)
{
    const char *end = at + length, *found;
    for (; at < end && (found = memchr(at, '\n', (size_t)(end - at))) != NULL; at = found + 1)
        ++*line, *column = 1;
    *column += text_characters(at, (size_t)(end - at));
}

void text_place(const char *text, size_t length, size_t offset, size_t *line, size_t *column)
{
    size_t before = offset < length ? offset : length;
    size_t mark = before >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* editors do not show a byte order mark */
    *line = *column = 1;
    text_count_on(text + mark, before - mark, line, column);
}
