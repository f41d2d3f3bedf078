/* pattern.c: the regular expressions of chatconform.h, for programs: one pattern with all that it takes to search. */
#include "chatconform.h"

#include "validator/lib/regex.h"

#include <stdio.h>
#include <stdlib.h>

struct cc_pattern {
    struct regex *regex;
    struct regex_run run;
};

static void say(char *why, size_t why_size, const char *words)
{
    if (why && why_size) snprintf(why, why_size, "%s", words);
}

struct cc_pattern *cc_pattern_new(enum cc_pattern_dialect dialect, const char *pattern, size_t length, char *why, size_t why_size)
{
    struct regex_why reason;
    struct cc_pattern *made = calloc(1, sizeof *made);
    if (!made) {
        say(why, why_size, "memory ran out");
        return NULL;
    }
    made->regex = regex_new(dialect == CC_PATTERN_PCRE ? REGEX_PCRE : REGEX_ECMA, pattern, length, &reason);
    if (made->regex) return made;
    say(why, why_size, reason.words);
    free(made);
    return NULL;
}

void cc_pattern_free(struct cc_pattern *pattern)
{
    if (!pattern) return;
    regex_free(pattern->regex);
    regex_run_clear(&pattern->run);
    free(pattern);
}

enum cc_pattern_verdict cc_pattern_find(struct cc_pattern *pattern, const char *text, size_t length, char *why, size_t why_size)
{
    regex_run_start(&pattern->run);
    switch (regex_find(pattern->regex, &pattern->run, text, length, false)) {
    case REGEX_FOUND: return CC_PATTERN_FOUND;
    case REGEX_NOT_FOUND: return CC_PATTERN_NOT_FOUND;
    case REGEX_TOO_EXPENSIVE: say(why, why_size, "the pattern takes too long on this text"); break;
    case REGEX_SUBJECT_TOO_LONG: say(why, why_size, "the text is longer than 65536 bytes"); break;
    case REGEX_FAILED: say(why, why_size, "the text is not UTF-8, or memory ran out"); break;
    }
    return CC_PATTERN_UNDECIDED;
}
