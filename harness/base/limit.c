/* limit.c: see limit.h. */
#include "harness/base/limit.h"

#include <string.h>

const struct cc_limit *limit_find(const char *name)
{
    const struct cc_limit *limit;
    for (size_t i = 0; (limit = cc_limit_at(i)) != NULL; i++)
        if (strcmp(limit->name, name) == 0) break;
    return limit;
}

size_t limit_in_force(const char *name, size_t set)
{
    const struct cc_limit *limit = limit_find(name);
    return set || !limit ? set : limit->standard;
}
