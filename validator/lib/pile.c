/* pile.c: see pile.h. Blocks stand in a list; taking goes on to the next one when the top one is full, and releasing goes back. */
#include "validator/lib/pile.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_ROOM = 16 << 10, GRAIN = 16 };

struct pile_block {
    struct pile_block *next;
    size_t room;
    alignas(GRAIN) char bytes[];
};

static struct pile_block *block_new(struct pile *pile, size_t size)
{
    size_t room = size > BLOCK_ROOM ? size : BLOCK_ROOM;
    struct pile_block *block = pile->failed ? NULL : malloc(sizeof *block + room);
    if (!block) {
        pile->failed = true;
        return NULL;
    }
    block->room = room;
    pile->total += room;
    return block;
}

/* Makes a block with room for `size` the top one. A block above the top that is too small is replaced: otherwise small ones would gather. */
static bool climb(struct pile *pile, size_t size)
{
    struct pile_block **link = pile->top ? &pile->top->next : &pile->first;
    if (!*link || (*link)->room < size) {
        struct pile_block *block = block_new(pile, size), *small = *link;
        if (!block) return false;
        block->next = small ? small->next : NULL;
        if (small) pile->total -= small->room;
        free(small);
        *link = block;
    }
    pile->top = *link;
    pile->used = 0;
    return true;
}

void *pile_take(struct pile *pile, size_t size)
{
    if (size > SIZE_MAX / 2) {
        pile->failed = true;
        return NULL;
    }
    size = size ? (size + GRAIN - 1) & ~(size_t)(GRAIN - 1) : GRAIN;
    if ((!pile->top || pile->top->room - pile->used < size) && !climb(pile, size)) return NULL;
    void *taken = pile->top->bytes + pile->used;
    pile->used += size;
    return taken;
}

void *pile_zeroed(struct pile *pile, size_t size)
{
    void *taken = pile_take(pile, size);
    return taken ? memset(taken, 0, size) : NULL;
}

char *pile_text(struct pile *pile, const char *text, size_t length)
{
    char *copy = pile_take(pile, length + 1);
    if (!copy) return NULL;
    if (length) memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

struct pile_mark pile_mark(const struct pile *pile) { return (struct pile_mark){pile->top, pile->used}; }

void pile_release(struct pile *pile, struct pile_mark mark)
{
    pile->top = mark.top;
    pile->used = mark.used;
}

void pile_clear(struct pile *pile)
{
    while (pile->first) {
        struct pile_block *block = pile->first;
        pile->first = block->next;
        free(block);
    }
    *pile = (struct pile){0};
}
