/* matcher_words.h: the words of matchers, as a table. */
#ifndef MATCHER_WORDS_H
#define MATCHER_WORDS_H

#include "harness/suite/matcher.h"

enum takes {
    TAKES_ANYTHING,
    TAKES_LIST,
    TAKES_MATCHER,
    TAKES_PATTERN,
    TAKES_TYPES,
    TAKES_BOOLEAN,
    TAKES_NUMBER,
    TAKES_DOCUMENT,
    TAKES_NOTHING_YET,
};

struct matcher_word {
    const char *name;
    enum takes takes;
    const char *before; /* what stands before its operand when people read it */
    /* Judges a value that is there. Adds to note->why when it cannot. */
    enum verdict (*judge)(struct json_object *operand, struct json_object *value, struct match_note *note);
};

extern const struct matcher_word matcher_words[]; /* ends with {0} */
extern const char *const type_words[];            /* ends with NULL */

/* The word of that name, or NULL. */
const struct matcher_word *matcher_word_find(const char *name);

#endif
