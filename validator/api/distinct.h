/* distinct.h: finds what stands twice in an array, in time that grows with its length and not with its square. */
#ifndef CC_DISTINCT_H
#define CC_DISTINCT_H

#include "validator/lib/ask.h"

/* The first value that another one before it equals; nothing when all differ. Looks at the member `key` of each item, or at the
 * items themselves when key is NULL. Strings count by their text, integers by their digits; anything else does not count. */
struct view repeated_value(struct ask *ask, struct view array, const char *key);

#endif
