/* eternal.c: see eternal.h. Blocks hang on one list, so that leak checkers see that nothing is lost. */
#include "validator/lib/eternal.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_ROOM = 256 * 1024 };

static struct block {
    struct block *next;
    size_t used, room;
    char bytes[];
} *blocks;
static bool exhausted;

static struct block *block_with(size_t size)
{
    if (blocks && blocks->room - blocks->used >= size) return blocks;
    size_t room = size > BLOCK_ROOM ? size : BLOCK_ROOM;
    struct block *block = calloc(1, sizeof *block + room);
    if (!block) return NULL;
    block->room = room;
    block->next = blocks;
    return blocks = block;
}

void *eternal(size_t size)
{
    size = (size + 15) & ~(size_t)15;
    struct block *block = exhausted ? NULL : block_with(size);
    if (!block) {
        exhausted = true;
        return NULL;
    }
    char *at = block->bytes + block->used;
    block->used += size;
    return at;
}

char *eternal_join(const char *first, ...)
{
    va_list list;
    size_t length = 0;
    va_start(list, first);
    for (const char *s = first; s; s = va_arg(list, const char *)) length += strlen(s);
    va_end(list);
    char *joined = eternal(length + 1), *at = joined;
    if (!joined) return NULL;
    va_start(list, first);
    for (const char *s = first; s; s = va_arg(list, const char *)) {
        size_t n = strlen(s);
        memcpy(at, s, n);
        at += n;
    }
    va_end(list);
    return joined;
}
