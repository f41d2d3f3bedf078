/* text_set.h: a set of texts, for questions such as "is this the name of a declared tool" over arrays of any length.
 *
 * It lives in an ask's scratch memory and ends with the question. Looking up costs the same however many texts there are. */
#ifndef CC_TEXT_SET_H
#define CC_TEXT_SET_H

#include "validator/lib/ask.h"

struct text_slot {
    struct text text; /* bytes NULL: free */
    unsigned uses;    /* for the caller; 0 at first */
};

struct text_set {
    struct text_slot *slots;
    size_t mask;
};

/* Makes an empty set with room for `most` texts. False (and ask->failed) when memory runs out. */
bool text_set_open(struct ask *ask, struct text_set *set, size_t most);
/* Adds a text that is not there yet. False when it is there already; *slot is where it stands (may be NULL). */
bool text_set_add(struct text_set *set, struct text text, struct text_slot **slot);
/* Where it stands, or NULL. */
struct text_slot *text_set_find(const struct text_set *set, struct text text);

#endif
