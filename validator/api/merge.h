/* merge.h: put an object together from its pieces, as clients do: strings and arrays grow, objects are merged, names are kept. */
#ifndef CC_MERGE_H
#define CC_MERGE_H

#include "validator/api/seen.h"

bool raw_add(struct raw *raw, const char *bytes, size_t length);
void raw_clear(struct raw *raw);
bool raw_is(const struct raw *raw, struct text text);

/* An event is folded from here on; nothing changed yet. */
void growth_begin(struct growth *growth, const struct event *now);
/* Where a value of the event began; where its payload did when there is no value. Of data in several lines it counts as if joined. */
struct origin origin_of(struct growth *growth, struct view value);

/* Adds a piece from there to the text of a member that has grown before. False when memory runs out. */
static inline bool member_grow(struct member *member, struct text text, const struct origin *from)
{
    if (text.length == 0) return true;
    return trail_add(&member->trail, member->text.length, from) && raw_add(&member->text, text.bytes, text.length);
}
/* Where byte `byte` of the member's text came. */
struct origin member_origin(const struct member *member, size_t byte);
/* Merges the object into what is there; `skip` are members that are somebody else's. False when memory runs out. */
bool members_merge(struct members *members, struct view object, const char *const *skip, struct growth *growth);
/* Takes the members of the object, the last word of each counts. */
bool members_replace(struct members *members, struct view object, const char *const *skip, struct growth *growth);
void members_clear(struct members *members);

#endif
