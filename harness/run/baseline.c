/* baseline.c: see baseline.h. An entry is about a check, not about a case: whatever else fails in the same case is still news. */
#include "harness/run/baseline.h"

#include "harness/base/glob.h"
#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/run/outcome.h"
#include "harness/suite/suite.h"
#include "harness/yaml/yaml_judge.h"

#include <stdlib.h>
#include <string.h>

/* --- entries */

static char *copy(const char *text) { return text ? strdup(text) : NULL; }

static bool split_match(struct baseline_entry *entry)
{
    const char *mark = strchr(entry->match, '#');
    entry->cases = mark ? strndup(entry->match, (size_t)(mark - entry->match)) : strdup(entry->match);
    entry->rules = mark ? strdup(mark + 1) : NULL;
    return entry->cases && (entry->rules || !mark);
}

static void clear_entry(const struct baseline_entry *entry)
{
    free(entry->match);
    free(entry->cases);
    free(entry->rules);
    free(entry->reason);
    free(entry->issue);
    free(entry->expires);
}

struct baseline_entry *baseline_add(struct baseline *baseline, const char *match, const char *reason, const char *issue, const char *expires)
{
    struct baseline_entry *all = realloc(baseline->entries, (baseline->count + 1) * sizeof *all);
    if (!all) return NULL;
    baseline->entries = all;
    struct baseline_entry entry = {.match = copy(match), .reason = copy(reason), .issue = copy(issue), .expires = copy(expires)};
    bool fine = entry.match && split_match(&entry) && entry.reason && (entry.issue || !issue) && (entry.expires || !expires);
    if (!fine) {
        clear_entry(&entry);
        return NULL;
    }
    all[baseline->count] = entry;
    return &all[baseline->count++];
}

void baseline_clear(struct baseline *baseline)
{
    for (size_t i = 0; i < baseline->count; i++) clear_entry(&baseline->entries[i]);
    free(baseline->entries);
    free(baseline->file);
    *baseline = (struct baseline){0};
}

/* --- reading */

/* [pass, fail]; fail alone, or in a list of its own, may not pass. */
static bool may_pass(struct json_object *entry)
{
    struct json_object *expected = jo_get(entry, "expected");
    for (size_t i = 0; i < jo_length(expected); i++)
        if (jo_is(jo_item(expected, i), "pass")) return true;
    return false;
}

static size_t line_of(const struct yaml_text *text, size_t index)
{
    char pointer[64];
    const char *file;
    size_t line, column;
    snprintf(pointer, sizeof pointer, "/entries/%zu", index);
    yaml_place(text, yaml_find(text, pointer, false), &file, &line, &column);
    return line;
}

static bool take_entries(struct baseline *baseline, const struct yaml_text *text, const char *day)
{
    struct json_object *entries = jo_get(text->object, "entries");
    for (size_t i = 0; i < jo_length(entries); i++) {
        struct json_object *from = jo_item(entries, i);
        struct baseline_entry *entry =
            baseline_add(baseline, jo_text_at(from, "match"), jo_text_at(from, "reason"), jo_text_at(from, "issue"), jo_text_at(from, "expires"));
        if (!entry) return false;
        entry->may_pass = may_pass(from);
        entry->expired = entry->expires && strcmp(day, entry->expires) > 0;
        entry->line = line_of(text, i);
    }
    return true;
}

bool baseline_read(struct baseline *baseline, const char *file, time_t today, char *why, size_t why_size)
{
    struct yaml_text text = {0};
    struct tm date;
    char day[16] = "";
    if (gmtime_r(&today, &date)) strftime(day, sizeof day, "%Y-%m-%d", &date);
    bool fine = yaml_read(&text, "", file, NULL, why, why_size) && yaml_judge(&text, CC_BASELINE, why, why_size);
    if (fine) fine = ((baseline->file = strdup(file)) != NULL && take_entries(baseline, &text, day)) || why_no_memory(why, why_size);
    yaml_clear(&text);
    return fine;
}

/* --- matching */

static bool is_about_case(const struct baseline_entry *entry, const struct case_result *result)
{
    char path[2048];
    snprintf(path, sizeof path, "%s/%s", result->suite ? result->suite : "", result->id ? result->id : "");
    return glob_match(entry->cases, path);
}

static bool is_about(const struct baseline_entry *entry, const struct case_result *result, const char *rule)
{
    return (!entry->rules || rule_matches(entry->rules, rule)) && is_about_case(entry, result);
}

const char *baseline_trouble(const struct case_result *result)
{
    const char *fault = result->exchange_count ? result->exchanges[result->exchange_count - 1].fault : NULL;
    return fault ? fault : "case.error";
}

const struct baseline_entry *baseline_find(const struct baseline *baseline, const struct case_result *result, const char *rule)
{
    for (size_t i = 0; i < baseline->count; i++)
        if (!baseline->entries[i].expired && is_about(&baseline->entries[i], result, rule)) return &baseline->entries[i];
    return NULL;
}

/* --- a case */

/* An entry that has expired is counted too: whether it is stale does not depend on the day. */
static void count_entry(struct baseline_entry *entry, const struct case_result *result)
{
    bool failed = case_is_unjudged(result) && is_about(entry, result, baseline_trouble(result));
    if (!is_about_case(entry, result)) return;
    for (size_t i = 0; i < result->finding_count && !failed; i++)
        failed = result->findings[i].severity != CC_NOTE && is_about(entry, result, result->findings[i].rule);
    entry->judged++;
    entry->failed += failed;
}

/* What is news stands first, so that every report names it. */
static void put_first(struct case_result *result, size_t index)
{
    struct result_finding first = result->findings[index];
    memmove(&result->findings[1], &result->findings[0], index * sizeof first);
    result->findings[0] = first;
}

static void expect_failure(const struct baseline *baseline, struct case_result *result, const struct baseline_entry *entry)
{
    outcome_set(result, CASE_XFAIL, why_text("expected to fail: %s%s%s%s (%s:%zu)", entry->reason, entry->issue ? " [" : "",
                                           entry->issue ? entry->issue : "", entry->issue ? "]" : "", baseline->file, entry->line));
}

void baseline_settle(struct baseline *baseline, struct case_result *result, bool counts(const void *context, const struct result_finding *finding),
                     const void *context)
{
    const struct baseline_entry *entry = NULL;
    for (size_t i = 0; i < baseline->count; i++) count_entry(&baseline->entries[i], result);
    if (case_is_unjudged(result) && (entry = baseline_find(baseline, result, baseline_trouble(result)))) expect_failure(baseline, result, entry);
    if (result->state != CASE_FAIL) return;
    for (size_t i = 0; i < result->finding_count; i++) {
        if (!counts(context, &result->findings[i])) continue;
        const struct baseline_entry *own = baseline_find(baseline, result, result->findings[i].rule);
        if (own && !entry) entry = own;
        if (own) continue;
        put_first(result, i);
        outcome_set(result, CASE_FAIL, copy(result->findings[0].message ? result->findings[0].message : result->findings[0].rule));
        return;
    }
    if (entry) expect_failure(baseline, result, entry);
}

/* --- the run */

bool baseline_is_stale(const struct baseline_entry *entry, bool partly)
{
    if (entry->may_pass || entry->failed || entry->left_out) return false;
    if (partly && (!entry->judged || strchr(entry->cases, '*'))) return false;
    return true;
}

static void count_left_out(struct baseline *baseline, const struct run_result *run)
{
    for (size_t i = 0; i < baseline->count; i++)
        for (size_t k = 0; k < run->case_count; k++) {
            enum case_state state = run->cases[k].state;
            bool no_turn = state == CASE_SKIP || state == CASE_UNSUPPORTED;
            baseline->entries[i].left_out += no_turn && is_about_case(&baseline->entries[i], &run->cases[k]);
        }
}

/* The case in which the reports shall tell that an entry is stale: the first one it is about that did well. */
static void mark_stale(const struct baseline *baseline, const struct baseline_entry *entry, struct run_result *run)
{
    for (size_t i = 0; i < run->case_count; i++) {
        struct case_result *result = &run->cases[i];
        if ((result->state != CASE_PASS && result->state != CASE_WARN) || !is_about_case(entry, result)) continue;
        outcome_set(result, CASE_XPASS, why_text("the baseline expects a failure that is gone: %s (%s:%zu)", entry->match, baseline->file, entry->line));
        return;
    }
}

char *baseline_finish(struct baseline *baseline, struct run_result *run, bool partly)
{
    const struct baseline_entry *first = NULL;
    size_t others = 0;
    char more[64] = "";
    count_left_out(baseline, run);
    for (size_t i = 0; i < baseline->count; i++) {
        const struct baseline_entry *entry = &baseline->entries[i];
        bool stale = baseline_is_stale(entry, partly);
        if (stale) mark_stale(baseline, entry, run);
        if (!stale && !(entry->expired && (entry->judged || !partly))) continue;
        others += first != NULL;
        if (!first) first = entry;
    }
    if (!first) return NULL;
    if (others) snprintf(more, sizeof more, ", and %zu more entr%s", others, others == 1 ? "y" : "ies");
    if (!baseline_is_stale(first, partly)) return why_text("%s:%zu: %s expired on %s%s", baseline->file, first->line, first->match, first->expires, more);
    return why_text("%s:%zu: %s is stale, %s%s", baseline->file, first->line, first->match,
                    first->judged ? "it does not fail any more" : "there is no such case", more);
}
