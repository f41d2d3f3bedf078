/* baseline_command.c: `chatconform baseline create|update|check FILE [RUN.ndjson...]`: a baseline from what finished runs say. */
#include "harness/base/why.h"
#include "harness/command.h"
#include "harness/commands/merge.h"
#include "harness/run/baseline.h"
#include "harness/run/outcome.h"
#include "harness/run/session.h"
#include "reports/report.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FOLD_FROM = 3 }; /* so many cases that break one rule get one entry */

struct comparing {
    struct options *options;
    const char *file;
    struct run_result run;
    struct baseline baseline;
    size_t added, dropped;
};

/* --- what fails */

/* Which findings failed the case: those that the run's --fail-on counted cannot be told from a record, so the flag is to be given again. */
static bool counts(const void *context, const struct result_finding *finding) { return outcome_counts(context, finding); }

static bool failed(const struct case_result *result) { return result->state == CASE_FAIL || case_is_unjudged(result) || result->state == CASE_XFAIL; }

static bool had_turn(const struct case_result *result)
{
    return result->state != CASE_SKIP && result->state != CASE_UNSUPPORTED;
}

/* The state that it had before a baseline was looked at. */
static void forget_baseline(struct case_result *result)
{
    if (result->state == CASE_XPASS) result->state = CASE_PASS;
    if (result->state == CASE_XFAIL) result->state = result->finding_count ? CASE_FAIL : CASE_ERROR;
}

static struct tolerance tolerance_of(const struct options *o) { return (struct tolerance){.fail_on = o->fail_on}; }

/* --- new entries */

static bool is_expectation(const char *rule) { return strncmp(rule, "expect.", 7) == 0; }

/* In how many cases a rule fails, and whether all of them are in one suite. */
static size_t count_cases(const struct run_result *run, const struct tolerance *tolerance, const char *rule, bool *one_suite)
{
    const char *suite = NULL;
    size_t cases = 0;
    *one_suite = true;
    for (size_t i = 0; i < run->case_count; i++) {
        const struct case_result *result = &run->cases[i];
        bool found = false;
        for (size_t k = 0; k < result->finding_count && !found && failed(result); k++)
            found = counts(tolerance, &result->findings[k]) && strcmp(result->findings[k].rule, rule) == 0;
        if (!found) continue;
        cases++;
        *one_suite &= !suite || strcmp(suite, result->suite) == 0;
        suite = result->suite;
    }
    return cases;
}

/* What a case expects is its own affair; a rule of the catalogue that breaks in many cases has one cause. */
static char *match_for(const struct comparing *c, const struct tolerance *tolerance, const struct case_result *result, const char *rule)
{
    bool one_suite;
    size_t cases = is_expectation(rule) ? 1 : count_cases(&c->run, tolerance, rule, &one_suite);
    if (cases < FOLD_FROM) return why_text("%s/%s#%s", result->suite, result->id, rule);
    return one_suite ? why_text("%s/**#%s", result->suite, rule) : why_text("**#%s", rule);
}

static bool cover(struct comparing *c, const struct tolerance *tolerance, const struct case_result *result, const char *rule)
{
    const struct options *o = c->options;
    char *reason = o->reason ? strdup(o->reason) : why_text("failed on %s, not looked into yet", c->run.target);
    char *match = match_for(c, tolerance, result, rule);
    bool fine = reason && match && baseline_add(&c->baseline, match, reason, o->issue, o->expires);
    c->added += fine;
    free(reason);
    free(match);
    return fine;
}

static bool cover_case(struct comparing *c, const struct tolerance *tolerance, const struct case_result *result)
{
    const char *trouble = baseline_trouble(result);
    bool fine = true;
    if (case_is_unjudged(result) && !baseline_find(&c->baseline, result, trouble)) fine = cover(c, tolerance, result, trouble);
    for (size_t i = 0; fine && i < result->finding_count && result->state == CASE_FAIL; i++) {
        const struct result_finding *finding = &result->findings[i];
        if (counts(tolerance, finding) && !baseline_find(&c->baseline, result, finding->rule)) fine = cover(c, tolerance, result, finding->rule);
    }
    return fine;
}

static bool cover_all(struct comparing *c)
{
    struct tolerance tolerance = tolerance_of(c->options);
    bool fine = true;
    for (size_t i = 0; fine && i < c->run.case_count; i++) fine = cover_case(c, &tolerance, &c->run.cases[i]);
    return fine;
}

/* What the flags say goes into a file, so it must be what may stand there. */
static bool check_flags(const struct options *o, char *why, size_t size)
{
    struct json_object *entry = json_object_new_object(), *entries = json_object_new_array(), *document = json_object_new_object();
    struct cc_checker *checker = cc_checker_new(NULL);
    json_object_object_add(document, "entries", entries);
    json_object_array_add(entries, entry);
    json_object_object_add(entry, "match", json_object_new_string("**"));
    json_object_object_add(entry, "expected", json_object_new_string("fail"));
    json_object_object_add(entry, "reason", json_object_new_string(o->reason ? o->reason : "-"));
    if (o->issue) json_object_object_add(entry, "issue", json_object_new_string(o->issue));
    if (o->expires) json_object_object_add(entry, "expires", json_object_new_string(o->expires));
    const struct cc_report *report = checker ? cc_check_object(checker, CC_BASELINE, document) : NULL;
    bool fine = report ? report->errors == 0 || why_not(why, size, "%s", report->findings[0].message) : why_no_memory(why, size);
    cc_checker_free(checker);
    json_object_put(document);
    return fine;
}

/* --- old entries */

static void settle_all(struct comparing *c)
{
    struct tolerance tolerance = tolerance_of(c->options);
    for (size_t i = 0; i < c->run.case_count; i++) {
        forget_baseline(&c->run.cases[i]);
        if (had_turn(&c->run.cases[i])) baseline_settle(&c->baseline, &c->run.cases[i], counts, &tolerance);
    }
}

/* What is stale goes, and what has expired too: if it still fails, it comes back with a reason of today. */
static void drop_old(struct comparing *c)
{
    struct baseline kept = {.entries = c->baseline.entries};
    struct baseline dropped = {.entries = calloc(c->baseline.count + 1, sizeof *dropped.entries)};
    for (size_t i = 0; dropped.entries && i < c->baseline.count; i++) {
        struct baseline_entry entry = c->baseline.entries[i];
        if (entry.expired || baseline_is_stale(&entry, c->run.shards != 0)) dropped.entries[dropped.count++] = entry;
        else kept.entries[kept.count++] = entry;
    }
    if (dropped.entries) c->baseline.count = kept.count;
    c->dropped = dropped.count;
    baseline_clear(&dropped);
}

/* --- the three */

static int create(struct comparing *c, char *why, size_t size)
{
    if (access(c->file, F_OK) == 0) {
        why_not(why, size, "%s is there already; `chatconform baseline update` changes it", c->file);
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < c->run.case_count; i++) forget_baseline(&c->run.cases[i]);
    if (!cover_all(c)) {
        why_no_memory(why, size);
        return EXIT_BROKEN;
    }
    if (!baseline_write(&c->baseline, c->file, why, size)) return EXIT_BROKEN;
    printf("%s: %zu entr%s\n", c->file, c->baseline.count, c->baseline.count == 1 ? "y" : "ies");
    return EXIT_FINE;
}

static int update(struct comparing *c, char *why, size_t size)
{
    if (!baseline_read(&c->baseline, c->file, session_time(), why, size)) return EXIT_USAGE;
    settle_all(c);
    free(baseline_finish(&c->baseline, &c->run, c->run.shards != 0));
    drop_old(c);
    for (size_t i = 0; i < c->run.case_count; i++) forget_baseline(&c->run.cases[i]);
    if (!cover_all(c)) {
        why_no_memory(why, size);
        return EXIT_BROKEN;
    }
    if (!baseline_update(&c->baseline, c->file, why, size)) return EXIT_BROKEN;
    printf("%s: %zu entries, %zu added, %zu dropped\n", c->file, c->baseline.count, c->added, c->dropped);
    return EXIT_FINE;
}

static void print_case(const char *mark, const struct case_result *result)
{
    printf("%s ", mark);
    escape_line(stdout, result->suite);
    putchar('/');
    escape_line(stdout, result->id);
    fputs("   ", stdout);
    escape_line(stdout, result->reason);
    putchar('\n');
}

static int check(struct comparing *c, char *why, size_t size)
{
    size_t unexpected = 0;
    if (!baseline_read(&c->baseline, c->file, session_time(), why, size)) return EXIT_USAGE;
    settle_all(c);
    char *stale = baseline_finish(&c->baseline, &c->run, c->run.shards != 0);
    for (size_t i = 0; i < c->run.case_count; i++) {
        const struct case_result *result = &c->run.cases[i];
        bool is_new = result->state == CASE_FAIL || case_is_unjudged(result);
        unexpected += is_new;
        if (is_new || result->state == CASE_XPASS) print_case(is_new ? "x" : "-", result);
    }
    printf("%zu failed as expected, %zu unexpectedly\n", run_result_count(&c->run, CASE_XFAIL), unexpected);
    if (unexpected) why_not(why, size, "%zu case%s failed that %s does not expect to", unexpected, unexpected == 1 ? "" : "s", c->file);
    else if (stale) why_not(why, size, "%s", stale);
    free(stale);
    return *why ? EXIT_FAILED : EXIT_FINE;
}

int command_baseline(struct options *options, char *why, size_t why_size)
{
    static const struct {
        const char *name;
        int (*run)(struct comparing *c, char *why, size_t size);
    } verbs[] = {{"create", create}, {"update", update}, {"check", check}};
    const struct texts *given = &options->arguments;
    const char *verb = given->count ? given->items[0] : "", *usual[] = {"reports/out/run.ndjson", NULL};
    struct texts files = {usual, 1};
    if (given->count > 2) files = (struct texts){given->items + 2, given->count - 2};
    for (size_t i = 0; given->count >= 2 && i < sizeof verbs / sizeof *verbs; i++) {
        if (strcmp(verb, verbs[i].name) != 0) continue;
        struct comparing c = {.options = options, .file = given->items[1]};
        bool read = check_flags(options, why, why_size) && records_read(&c.run, &files, why, why_size);
        int code = read ? verbs[i].run(&c, why, why_size) : EXIT_USAGE;
        run_result_clear(&c.run);
        baseline_clear(&c.baseline);
        return code;
    }
    why_not(why, why_size, "baseline takes create, update or check, the baseline, and finished runs (default reports/out/run.ndjson)");
    return EXIT_USAGE;
}
