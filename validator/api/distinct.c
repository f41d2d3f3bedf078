/* distinct.c: repeated values of an array; see distinct.h. */
#include "validator/api/distinct.h"
#include "validator/api/text_set.h"

/* An integer is written in one way only, but for -0, so its digits stand for it. */
static struct text text_or_digits(struct ask *ask, struct view v)
{
    if (is(v, INT)) return (struct text){v.doc->text + value_of(v)->offset, value_of(v)->length};
    return text_of(ask, v);
}

struct view repeated_value(struct ask *ask, struct view array, const char *key)
{
    struct text_set seen;
    if (count(array) < 2 || !text_set_open(ask, &seen, count(array))) return nowhere();
    for (EVERY(item, array)) {
        struct view value = key ? get(item, key) : item;
        if (is(value, STR | INT) && !text_set_add(&seen, text_or_digits(ask, value), NULL)) return value;
    }
    return nowhere();
}
