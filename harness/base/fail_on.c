/* fail_on.c: see fail_on.h. */
#include "harness/base/fail_on.h"

#include <string.h>

const char *const fail_on_words[] = {"must", "should", "portability", "flaky", "warning", "never", NULL};

static const struct fail_on rows[] = {
    {true},
    {true, 1u << CC_SHOULD},
    {true, 1u << CC_SHOULD | 1u << CC_PORTABILITY},
    {true, .flaky = true},
    {true, ~0u},
    {false},
};

const struct fail_on *fail_on_find(const char *word)
{
    size_t i = 0;
    while (word && fail_on_words[i] && strcmp(fail_on_words[i], word) != 0) i++;
    return fail_on_words[i] ? &rows[i] : &rows[0];
}

bool fail_on_counts(const struct fail_on *on, enum cc_severity severity, enum cc_level level)
{
    if (severity == CC_ERROR) return on->errors;
    return severity == CC_WARNING && (on->warnings >> level & 1);
}
