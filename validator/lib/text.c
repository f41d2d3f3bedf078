/* text.c: where a byte stands, in the terms of people: line and column. */
#include "validator/lib/reader.h"

#include <string.h>

void text_place(const char *text, size_t length, size_t offset, size_t *line, size_t *column)
{
    const char *at = text, *end = text + (offset < length ? offset : length);
    const char *found;
    *line = 1;
    *column = 1;
    if (end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3; /* editors do not show a byte order mark */
    for (; at < end && (found = memchr(at, '\n', (size_t)(end - at))) != NULL; at = found + 1)
        ++*line;
    for (; at < end; at++)
        *column += ((unsigned char)*at & 0xC0) != 0x80;
}
