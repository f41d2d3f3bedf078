/* limit.h: the validator's limits by their names (--limit NAME=N), so that nobody writes a default or a cap down again. */
#ifndef LIMIT_H
#define LIMIT_H

#include "chatconform.h"

/* The limit of that name; NULL when there is none. */
const struct cc_limit *limit_find(const char *name);
/* What is in force of a limit that is there: `set`, or its default where that is 0. */
size_t limit_in_force(const char *name, size_t set);

#endif
