/* edit.h: changes to documents, as data.
 *
 * Defects are written as edits of the documents that an answer is made of. */
#ifndef EDIT_H
#define EDIT_H

#include "endpoint/jo.h"

enum edit_verb {
    EDIT_REMOVE = 1, /* the member or item */
    EDIT_SET,        /* it is `value` from now on, also when it was not there */
    EDIT_REPLACE,    /* the same, where it is there and not null */
    EDIT_ADD,        /* a number grows by `value` */
    EDIT_APPEND,     /* a string gets `value` behind it; an array gets it as one more item */
    EDIT_REPEAT,     /* an item stands there twice */
    EDIT_PARSE,      /* a string that holds JSON becomes what it holds */
    EDIT_CUT,        /* an array loses all items but the first `value` */
};

struct edit {
    enum edit_verb verb;
    const char *pointer; /* a JSON pointer without escapes. Instead of an index: `*` any item (or member), `-1` the last item, `{key}` the
                            items that have this member, not null */
    const char *value;   /* JSON, or NULL */
};

/* Makes the change everywhere the pointer leads. Returns in how many places. */
size_t edit_apply(const struct edit *edit, struct json_object *document);

#endif
