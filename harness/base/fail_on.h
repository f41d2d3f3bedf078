/* fail_on.h: the words of --fail-on, and what each lets fail. */
#ifndef FAIL_ON_H
#define FAIL_ON_H

#include "chatconform.h"

#include <stdbool.h>

struct fail_on {
    bool errors;       /* errors fail, which all words but "never" say */
    unsigned warnings; /* and warnings of these levels: a bit each, 1 << CC_SHOULD */
    bool flaky;        /* and so does what passes now and then */
};

/* The words, ended by NULL. */
extern const char *const fail_on_words[];
/* What a word of these says; NULL is "must", the default. */
const struct fail_on *fail_on_find(const char *word);
/* Whether a finding fails. */
bool fail_on_counts(const struct fail_on *on, enum cc_severity severity, enum cc_level level);

#endif
