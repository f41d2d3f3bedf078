/* bulk_tell.c: figures of a bulk verification as a run that every report can show: a case for what concerns all requests, one for each rule
 * that some answer breaks, and the figures themselves. All of it follows from the entries alone, in whatever order they came. */
#include "harness/bulk/bulk_parts.h"

#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/command.h"
#include "harness/run/conclude.h"

#include <stdlib.h>
#include <string.h>

static char *copy(const char *text) { return text ? strdup(text) : NULL; }

/* --- figures */

static bool add_figure(struct run_result *run, const char *group, const char *name, enum figure_unit unit, double value, double of)
{
    struct result_figure *more = realloc(run->figures, (run->figure_count + 1) * sizeof *more);
    if (!more) return false;
    run->figures = more;
    more[run->figure_count] = (struct result_figure){.group = strdup(group), .name = strdup(name), .unit = unit, .value = value, .of = of};
    run->figure_count++;
    return more[run->figure_count - 1].group && more[run->figure_count - 1].name;
}

static bool count(struct run_result *run, const char *group, const char *name, size_t value)
{
    return add_figure(run, group, name, FIGURE_COUNT, (double)value, 0);
}

static bool share(struct run_result *run, const char *group, const char *name, size_t value, size_t of)
{
    return add_figure(run, group, name, FIGURE_SHARE, of ? (double)value : -1, (double)of);
}

static bool tell_requests(const struct bulk_figures *f, struct run_result *run)
{
    static const char group[] = "requests";
    size_t sent = f->lines - f->left_out;
    return count(run, group, "lines", f->lines) && count(run, group, "left out", f->left_out) && share(run, group, "answered", f->answered, sent) &&
           share(run, group, "sent more than once", f->again, sent) && share(run, group, "status 2xx", f->statuses[2], sent) &&
           share(run, group, "status 4xx", f->statuses[4], sent) && share(run, group, "status 5xx", f->statuses[5], sent) &&
           share(run, group, "other status", f->statuses[0] + f->statuses[1] + f->statuses[3], sent) &&
           share(run, group, "whole completions", f->accepted, sent);
}

static bool tell_truths(const struct bulk_figures *f, struct run_result *run, const char *name, size_t which)
{
    const size_t *truths = f->truths[which];
    return share(run, "tool calls", name, truths[BULK_YES], truths[BULK_YES] + truths[BULK_NO]);
}

static bool tell_calls(const struct bulk_figures *f, struct run_result *run)
{
    static const char group[] = "tool calls";
    return count(run, group, "requests with tools", f->offered) && share(run, group, "called (finish_reason tool_calls)", f->called, f->accepted) &&
           tell_truths(f, run, "arguments are JSON", 0) && tell_truths(f, run, "name is declared", 1) &&
           tell_truths(f, run, "arguments fit the schema", 2) && count(run, group, "not judged for other errors", f->truths[2][BULK_UNKNOWN]) &&
           count(run, group, "calls in all", f->calls) && count(run, group, "answers with calls and another finish_reason", f->unsaid);
}

bool bulk_tell_score(struct run_result *run, const char *group, size_t pairs[2][2])
{
    size_t both = pairs[1][1], only = pairs[0][1], missed = pairs[1][0];
    struct bulk_score score = bulk_score(both, only, missed);
    return count(run, group, "lines compared", both + only + missed + pairs[0][0]) && count(run, group, "both call", both) &&
           count(run, group, "only this one calls", only) && count(run, group, "only the reference calls", missed) &&
           count(run, group, "neither calls", pairs[0][0]) && add_figure(run, group, "precision", FIGURE_RATIO, score.precision, 0) &&
           add_figure(run, group, "recall", FIGURE_RATIO, score.recall, 0) && add_figure(run, group, "F1", FIGURE_RATIO, score.f1, 0);
}

static bool tell_times(struct run_result *run, const char *what, struct bulk_numbers *numbers)
{
    static const int percents[] = {50, 90, 99};
    char name[64];
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        snprintf(name, sizeof name, "%s p%d", what, percents[i]);
        if (!add_figure(run, "latency", name, FIGURE_MS, (double)bulk_percentile(numbers, percents[i]), 0)) return false;
    }
    return true;
}

static bool tell_tokens(const struct bulk_figures *f, struct run_result *run)
{
    static const char group[] = "tokens";
    double rate = f->answering_ms ? (double)f->completion_tokens * 1000 / (double)f->answering_ms : -1;
    return share(run, group, "completions with usage", f->counted, f->accepted) &&
           add_figure(run, group, "prompt", FIGURE_COUNT, (double)f->prompt_tokens, 0) &&
           add_figure(run, group, "completion", FIGURE_COUNT, (double)f->completion_tokens, 0) &&
           add_figure(run, group, "total", FIGURE_COUNT, (double)f->total_tokens, 0) &&
           add_figure(run, group, "completion, while answering", FIGURE_RATE, rate, 0);
}

static bool tell_rules(const struct bulk_figures *f, struct run_result *run)
{
    bool fine = share(run, "answers", "without a must-level finding", f->clean, f->judged) &&
                share(run, "answers", "with a finding that fails the run", f->failing, f->judged);
    for (size_t i = 0; fine && i < f->rule_count; i++)
        if (f->rules[i].first.severity != CC_NOTE) fine = share(run, "answers by rule", f->rules[i].first.rule, f->rules[i].answers, f->judged);
    return fine;
}

static bool tell_figures(struct bulk_figures *f, struct run_result *run)
{
    return tell_requests(f, run) && tell_calls(f, run) && (!f->compared || bulk_tell_score(run, "calls against the reference", f->pairs)) &&
           (!f->compared || count(run, "calls against the reference", "lines that it lacks", f->unpaired)) && tell_rules(f, run) &&
           tell_times(run, "first event", &f->first_ms) && tell_times(run, "whole answer", &f->total_ms) && tell_tokens(f, run);
}

/* --- cases */

struct telling {
    struct run_result *run;
    const char *requests; /* the name of the file */
    bool failed;
};

static struct case_result *add_case(struct telling *t, const char *suite, const char *id, const char *title, enum case_state state, char *reason)
{
    struct case_result *made = &t->run->cases[t->run->case_count++];
    *made = (struct case_result){.suite = strdup(suite), .id = strdup(id), .title = copy(title), .file = copy(t->requests), .level = CC_MUST,
                                 .state = state, .reason = reason, .tags = calloc(1, sizeof *made->tags)};
    if (!made->suite || !made->id || !made->tags || (state != CASE_PASS && !reason)) t->failed = true;
    return made;
}

/* "3 of 360 requests got no answer; the first, line 7: ..." */
static char *reason_of(size_t some, size_t all, const char *what, size_t line, const char *first)
{
    return some ? why_text("%zu of %zu %s; the first, line %zu: %s", some, all, what, line, first ? first : "nothing is known") : NULL;
}

static void tell_lines(struct telling *t, const struct bulk_figures *f)
{
    size_t sent = f->lines - f->left_out;
    enum case_state unanswered = f->silent ? CASE_ERROR : f->broke ? CASE_FAIL : CASE_PASS;
    struct case_result *made;
    made = add_case(t, "requests", "valid", "every line is a valid request", f->left_out ? CASE_WARN : CASE_PASS,
                    reason_of(f->left_out, f->lines, "lines were not sent", f->left_out_line, f->left_out_why));
    made->assertions = f->lines;
    made->line = f->left_out_line;
    if (!sent) return;
    made = add_case(t, "requests", "answered", "every request is answered, and none is turned away", unanswered,
                    reason_of(f->broke, sent, "requests got no answer, or were turned away (401, 403, 408, 429, 5xx)", f->silent_line, f->silent_why));
    made->assertions = sent;
    made->line = f->silent_line;
    bool none = !f->accepted && !f->broke;
    char *reason = reason_of(f->refused, sent, "requests were refused", f->refused_line, f->refused_why);
    if (none && !reason) reason = why_text("none of %zu requests was answered with a completion", sent);
    made = add_case(t, "requests", "accepted", "requests are accepted", none ? CASE_FAIL : f->refused ? CASE_WARN : CASE_PASS, reason);
    made->assertions = f->answered;
    made->line = f->refused_line;
}

static void tell_rule(struct telling *t, const struct bulk_rule *rule, size_t judged)
{
    const struct cc_rule *known = cc_rule_find(rule->first.rule);
    char *words = why_text("%s (line %zu; %zu of %zu answers break this rule)", rule->first.message ? rule->first.message : rule->first.rule,
                           rule->line, rule->answers, judged);
    struct case_result *made = add_case(t, "answers", rule->first.rule, known ? known->sentence : NULL, rule->counts ? CASE_FAIL : CASE_WARN, words);
    made->level = rule->first.level;
    made->line = rule->line;
    made->assertions = judged;
    made->findings = calloc(1, sizeof *made->findings);
    if (!made->findings || !words) {
        t->failed = true;
        return;
    }
    made->finding_count = 1;
    made->findings[0] = (struct result_finding){.rule = strdup(rule->first.rule), .level = rule->first.level, .severity = rule->first.severity,
                                                .in = CC_IN_RESPONSE, .pointer = copy(rule->first.pointer), .message = strdup(words),
                                                .requirement = known ? copy(known->sentence) : NULL, .source = known ? copy(known->source) : NULL};
    if (!made->findings[0].rule || !made->findings[0].message) t->failed = true;
}

/* What fails the run first, then what most answers break. */
static int by_weight(const void *one, const void *other)
{
    const struct bulk_rule *a = one, *b = other;
    if (a->counts != b->counts) return a->counts ? -1 : 1;
    if (a->answers != b->answers) return a->answers > b->answers ? -1 : 1;
    return strcmp(a->first.rule, b->first.rule);
}

bool bulk_tell(struct bulk_figures *f, const char *requests, struct run_result *run)
{
    struct telling t = {.run = run, .requests = requests};
    run->cases = calloc(f->rule_count + 3, sizeof *run->cases);
    if (!run->cases || f->failed) return false;
    if (f->rule_count) qsort(f->rules, f->rule_count, sizeof *f->rules, by_weight);
    tell_lines(&t, f);
    for (size_t i = 0; i < f->rule_count; i++)
        if (f->rules[i].first.severity != CC_NOTE) tell_rule(&t, &f->rules[i], f->judged);
    return !t.failed && tell_figures(f, run);
}

/* --- the verdict */

static void conclude_answers(const struct bulk_figures *f, struct run_result *run, size_t sent, bool part)
{
    bool failed = f->failing || f->broke;
    run_set_verdict(run, failed ? EXIT_FAILED : part ? EXIT_INCOMPLETE : EXIT_FINE,
                    "%s: %zu of %zu answer%s break a rule that counts, %zu of %zu request%s failed, %zu %s refused, %zu line%s left out",
                    failed ? "failed" : part ? "incomplete" : "passed", f->failing, f->judged, plural(f->judged), f->broke, sent, plural(sent),
                    f->refused, f->refused == 1 ? "was" : "were", f->left_out, plural(f->left_out));
}

void bulk_conclude(const struct bulk_figures *f, struct run_result *run, bool part)
{
    size_t sent = f->lines - f->left_out;
    if (!sent) run_set_verdict(run, EXIT_USAGE, "nothing was sent: none of %zu line%s is a request that may be sent", f->lines, plural(f->lines));
    else if (!f->accepted)
        run_set_verdict(run, EXIT_FAILED, "failed: none of %zu request%s was answered with a completion", sent, plural(sent));
    else conclude_answers(f, run, sent, part);
    if (run->not_run)
        run_set_verdict(run, run->exit_code, "%s; %zu line%s were not sent", run->verdict ? run->verdict : "", run->not_run, plural(run->not_run));
}
