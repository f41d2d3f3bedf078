/* value.h: values for a place of the tables. What a place allows falls into classes (each word, each bound, null, the smallest and the
 * fullest object ...), so that every class of one parameter can be combined with every class of another. */
#ifndef FUZZ_VALUE_H
#define FUZZ_VALUE_H

#include "chatconform.h"
#include "fuzzer/rng.h"
#include "harness/base/jo.h"

enum value_kind {
    VALUE_NULL,
    VALUE_TRUE,
    VALUE_FALSE,
    VALUE_LOW, VALUE_HIGH, VALUE_ZERO, VALUE_POSITIVE, VALUE_NEGATIVE, /* numbers; the last two: inside the bounds */
    VALUE_WORD,                                           /* one class for each */
    VALUE_SHORTEST, VALUE_LONGEST, VALUE_TEXT,            /* strings */
    VALUE_FEWEST, VALUE_MOST, VALUE_SOME,                 /* items */
    VALUE_ONE_WORD, VALUE_ALL_WORDS,                      /* of a list of words */
    VALUE_BARE, VALUE_FULL, VALUE_MIXED,                  /* members */
    VALUE_PAIRS_NONE, VALUE_PAIRS_MOST, VALUE_PAIRS_SOME, /* of a map */
};

struct value_class {
    enum value_kind kind;
    size_t index; /* of the word, or of the kind of object */
};

struct value_maker {
    struct rng *rng;
    unsigned profile;
    size_t bulk; /* bytes that a text may have */
};

enum { VALUE_CLASSES_MAX = 32 };

/* The classes of a place in a profile; at most VALUE_CLASSES_MAX. */
size_t value_classes(const struct cc_place *place, unsigned profile, struct value_class *classes);
/* A new value of that class. */
struct json_object *value_make(const struct value_maker *maker, const struct cc_place *place, struct value_class which);
/* One of any class. */
struct json_object *value_any(const struct value_maker *maker, const struct cc_place *place);
/* The member of that name, or NULL. */
const struct cc_place *value_member(const struct cc_place *object, const char *key);

#endif
