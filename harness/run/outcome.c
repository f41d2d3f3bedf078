/* outcome.c: see outcome.h. */
#include "harness/run/outcome.h"

#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/run/baseline.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FAILURE_TOLD = 400 }; /* bytes of what failed, before how often it did */

/* --- before */

static char **copy_list(char *const *list)
{
    size_t count = 0;
    while (list && list[count]) count++;
    char **copy = calloc(count + 1, sizeof *copy);
    for (size_t i = 0; copy && i < count; i++) copy[i] = strdup(list[i]);
    return copy;
}

static bool copy_text(char **copy, const char *text) { return !text || (*copy = strdup(text)) != NULL; }

bool outcome_begin(struct case_result *result, const struct suite *suite, const struct suite_case *test)
{
    *result = (struct case_result){.line = test->line, .level = test->level, .tags = copy_list(test->tags)};
    for (size_t i = 0; i < test->step_count; i++) result->refusal |= test->steps[i].invalid;
    return result->tags && copy_text(&result->suite, suite->id) && copy_text(&result->id, test->id) && copy_text(&result->title, test->title) &&
           copy_text(&result->file, suite->file) && copy_text(&result->spec, test->spec);
}

/* --- after */

bool outcome_counts(const struct tolerance *tolerance, const struct result_finding *finding)
{
    return fail_on_counts(tolerance->fail_on, finding->severity, finding->level) && !texts_match_rule(&tolerance->allow, finding->rule);
}

const struct result_finding *outcome_failure(const struct tolerance *tolerance, const struct case_result *result, size_t from)
{
    for (size_t i = from; i < result->finding_count; i++)
        if (outcome_counts(tolerance, &result->findings[i])) return &result->findings[i];
    return NULL;
}

bool outcome_breaks_rule(const struct tolerance *tolerance, const struct case_result *result, size_t from)
{
    for (size_t i = from; i < result->finding_count; i++)
        if (outcome_counts(tolerance, &result->findings[i]) && strncmp(result->findings[i].rule, "expect.", 7) != 0) return true;
    return false;
}

static const struct result_finding *first_warning(const struct case_result *result)
{
    for (size_t i = 0; i < result->finding_count; i++)
        if (result->findings[i].severity != CC_NOTE) return &result->findings[i];
    return NULL;
}

void outcome_set(struct case_result *result, enum case_state state, char *reason)
{
    free(result->reason);
    result->state = state;
    result->reason = reason;
}

static char *words_of(const struct result_finding *finding) { return strdup(finding->message ? finding->message : finding->rule); }

static bool counts(const void *tolerance, const struct result_finding *finding) { return outcome_counts(tolerance, finding); }

struct trial trial_begin(const struct suite_case *test, long repeat)
{
    long times = test->repeat_times, pass = test->repeat_pass;
    if (repeat <= times) return (struct trial){.times = times, .needed = pass};
    return (struct trial){.times = repeat, .needed = (repeat * pass + times - 1) / times, .measured = times == 1};
}

/* "passed 3 of 5 times, 4 are needed (between 23 and 88 % by Wilson's 95 % interval)" */
static char *tell_rounds(const struct trial *trial, const char *before)
{
    char needed[48] = "";
    double low, high;
    rounds_interval(trial->passed, trial->rounds, &low, &high);
    if (trial->passed < trial->needed && !trial->measured) snprintf(needed, sizeof needed, ", %ld are needed", trial->needed);
    return why_text("%spassed %ld of %ld times%s (between %.0f and %.0f %% by Wilson's 95 %% interval)", before, trial->passed,
                    trial->rounds, needed, low * 100, high * 100);
}

static char *tell_failure(const struct trial *trial, const struct result_finding *failure)
{
    char *words = words_of(failure), before[512];
    if (!words || trial->times == 1 || trial->rule_broken) return words;
    snprintf(before, sizeof before, "%.*s; ", (int)text_cut(words, FAILURE_TOLD), words);
    free(words);
    return tell_rounds(trial, before);
}

static bool is_flaky(const struct trial *trial)
{
    bool enough = trial->passed >= trial->needed, now_and_then = trial->measured && trial->passed > 0;
    return !trial->rule_broken && (enough || now_and_then);
}

void outcome_settle(const struct tolerance *tolerance, const struct trial *trial, struct case_result *result)
{
    const struct result_finding *failure = outcome_failure(tolerance, result, 0), *warning = first_warning(result);
    result->rounds = trial->rounds;
    result->passed = trial->passed;
    if (trial->trouble) outcome_set(result, trial->blocked ? CASE_BLOCKED : CASE_ERROR, strdup(trial->trouble));
    else if (failure && !is_flaky(trial)) outcome_set(result, CASE_FAIL, tell_failure(trial, failure));
    else if (failure) outcome_set(result, CASE_FLAKY, tell_rounds(trial, ""));
    else if (trial->tried_again) outcome_set(result, CASE_FLAKY, strdup("passed after a failed attempt"));
    else if (warning) outcome_set(result, CASE_WARN, words_of(warning));
    else outcome_set(result, CASE_PASS, NULL);
    if (tolerance->baseline) baseline_settle(tolerance->baseline, result, counts, tolerance);
}
