/* matcher_words.h: the words of matchers, as a table. */
#ifndef MATCHER_WORDS_H
#define MATCHER_WORDS_H

#include "harness/suite/matcher.h"

enum takes {
    TAKES_ANYTHING,
    TAKES_LIST,
    TAKES_MATCHER,
    TAKES_SIZE, /* a whole number, or a matcher for one */
    TAKES_PATTERN,
    TAKES_TYPES,
    TAKES_BOOLEAN,
    TAKES_NUMBER,
    TAKES_DOCUMENT,
    TAKES_SCHEMA,
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

/* The matcher {schema: ...}: its mistakes, at their places, and its judgement. */
bool schema_operand_check(struct json_object *schema, struct expect_fault *fault);
enum verdict schema_operand_judge(struct json_object *schema, struct json_object *value, struct match_note *note);

/* The pattern of the matcher {matches: ...}, whose operand is text; the caller frees it. NULL with one sentence when it is none. */
struct cc_pattern *pattern_operand(struct json_object *operand, char *why, size_t why_size);

/* The word of that name, or NULL. */
const struct matcher_word *matcher_word_find(const char *name);

#endif
