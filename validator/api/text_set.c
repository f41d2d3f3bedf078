/* text_set.c: a set of texts in scratch memory; see text_set.h. Open addressing, at most half full. The hash starts from where the slots
 * happen to lie, so that nobody can prepare texts that all fall into one place. */
#include "validator/api/text_set.h"

#include <string.h>

bool text_set_open(struct ask *ask, struct text_set *set, size_t most)
{
    size_t size = 8;
    while (size < most * 2) size *= 2;
    *set = (struct text_set){.slots = scratch_take(ask, size * sizeof *set->slots), .mask = size - 1};
    if (!set->slots) return false;
    memset(set->slots, 0, size * sizeof *set->slots);
    return true;
}

static size_t hash_of(const struct text_set *set, struct text text)
{
    uint64_t hash = (uint64_t)(uintptr_t)set->slots ^ text.length;
    for (size_t i = 0; i < text.length; i += 8) {
        uint64_t word = 0;
        memcpy(&word, text.bytes + i, text.length - i < 8 ? text.length - i : 8);
        hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 29;
    }
    return (size_t)hash;
}

static struct text_slot *slot_of(const struct text_set *set, struct text text)
{
    size_t at = hash_of(set, text) & set->mask;
    for (; set->slots[at].text.bytes; at = (at + 1) & set->mask) {
        struct text known = set->slots[at].text;
        if (known.length == text.length && memcmp(known.bytes, text.bytes, text.length) == 0) break;
    }
    return &set->slots[at];
}

bool text_set_add(struct text_set *set, struct text text, struct text_slot **slot)
{
    struct text_slot *found = slot_of(set, text);
    if (slot) *slot = found;
    if (found->text.bytes) return false;
    found->text = text;
    return true;
}

struct text_slot *text_set_find(const struct text_set *set, struct text text)
{
    struct text_slot *found = slot_of(set, text);
    return found->text.bytes ? found : NULL;
}
