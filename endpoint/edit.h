/* edit.h: changes to documents, as data.
 *
 * Defects and mutants are written as edits of the documents that an answer is made of. */
#ifndef EDIT_H
#define EDIT_H

#include "harness/base/jo.h"

enum edit_verb {
    EDIT_REMOVE = 1, /* the member or item */
    EDIT_SET,        /* it is the value from now on, also when it was not there */
    EDIT_REPLACE,    /* the same, where it is there and not null */
    EDIT_ADD,        /* a number grows by the value */
    EDIT_APPEND,     /* a string gets the value behind it (what is copied also when there was none); an array gets it as one more item */
    EDIT_REPEAT,     /* an item stands there once more, or as many times more as the value says */
    EDIT_PARSE,      /* a string that holds JSON becomes what it holds */
    EDIT_CUT,        /* an array loses all items but the first so many */
    EDIT_SHORTEN,    /* a string loses its last so many bytes */
    EDIT_INSERT,     /* the value becomes an item, before the one that is meant */
    EDIT_SWAP,       /* an item changes places with the next one */
    EDIT_RENAME,     /* the member is called as the value says, and stands last */
    EDIT_QUOTE,      /* what is no string becomes the string of its JSON */
    EDIT_WRAP,       /* it becomes the only item of an array */
    EDIT_SPOIL,      /* a string gets a byte behind it that is no UTF-8 */
    EDIT_EXCHANGE,   /* in a string the first `find` becomes the value */
};

struct edit {
    enum edit_verb verb;
    const char *pointer; /* a JSON pointer without escapes; see below for its steps */
    const char *value;   /* JSON, or NULL */
    const char *from;    /* instead of a value: the pointer to a value of the document, which is copied; or NULL */
    const char *find;    /* of EDIT_EXCHANGE; else NULL */
};

/* Steps of a pointer. Of an object: a key, or `*` for all members. Of an array: which items, `{CONDITION}` for those of which it is true,
 * else all; and which of these: `*` (or nothing) all, `2` by number, `-1` from the end, `2+` from a number on. So `{delta.content}1+` is all but the first
 * item that has text. */

/* Makes the change everywhere the pointer leads. Returns in how many places. */
size_t edit_apply(const struct edit *edit, struct json_object *document);

/* The first value that the pointer leads to, or NULL; borrowed. */
struct json_object *edit_find(struct json_object *document, const char *pointer);

/* True when `document` meets the condition: `a.0.b` that value is there and neither null nor false, `!a.b` it is not, `a.b=text` it is this
 * string, or this number or truth value as JSON writes it. */
bool edit_meets(struct json_object *document, const char *condition);

#endif
