/* json_schema_names.c: things by their address: a hash table of texts that others own. */
#include "validator/lib/json_schema_parts.h"

static size_t slot_of(const struct names *names, struct text text)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < text.length; i++) hash = (hash ^ (unsigned char)text.bytes[i]) * 0x100000001B3u;
    size_t slot = (size_t)(hash ^ hash >> 32) & (names->room - 1);
    for (;; slot = (slot + 1) & (names->room - 1)) {
        const struct name *name = &names->table[slot];
        if (!name->thing || (name->text.length == text.length && memcmp(name->text.bytes, text.bytes, text.length) == 0)) return slot;
    }
}

void *names_find(const struct names *names, struct text text) { return names->room ? names->table[slot_of(names, text)].thing : NULL; }

static bool names_grow(struct names *names, struct pile *pile)
{
    struct names larger = {.room = names->room ? names->room * 2 : 16, .count = names->count};
    larger.table = pile_zeroed(pile, larger.room * sizeof *larger.table);
    if (!larger.table) return false;
    for (size_t i = 0; i < names->room; i++)
        if (names->table[i].thing) larger.table[slot_of(&larger, names->table[i].text)] = names->table[i];
    *names = larger;
    return true;
}

bool names_add(struct names *names, struct pile *pile, struct text text, void *thing)
{
    if (names->count * 2 >= names->room && !names_grow(names, pile)) return false;
    struct name *name = &names->table[slot_of(names, text)];
    if (name->thing) return true;
    *name = (struct name){text, thing};
    names->count++;
    return true;
}
