/* console.c: what a person sees when the run is over, on a terminal or in a log: the suites at a glance, each cause of failure once with
 * what is needed to repeat it, the rest in brief. ASCII only, but for what endpoints said. */
#include "reports/figures.h"

#include <string.h>

enum { NAME_MIN = 24, NAME_MAX = 48, CURL_BUDGET = 1500, CASES_SHOWN = 3, BRIEFS_SHOWN = 20, LINE_BUDGET = 400 };

/* What the parts below share. */
struct page {
    FILE *out;
    const struct run_result *run;
    const struct paint *paint;
    struct suite_list suites;
    size_t causes; /* of failures and errors */
};

static void write_head(const struct page *page)
{
    const struct run_result *run = page->run;
    fprintf(page->out, "%schatconform %s", page->paint->strong, page->paint->end);
    escape_line(page->out, run->version);
    const char *const facts[] = {run->profile, run->embedded ? "the embedded reference endpoint" : run->target, run->model};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
        if (facts[i] && *facts[i]) {
            fputs("   ", page->out);
            escape_line(page->out, facts[i]);
        }
    }
    fprintf(page->out, "   seed %lu\n\n", run->seed);
}

static void write_count(const struct page *page, size_t count, const char *colour)
{
    if (count)
        fprintf(page->out, "%s%7zu%s", colour, count, page->paint->end);
    else
        fprintf(page->out, "%s%7s%s", page->paint->quiet, "-", page->paint->end);
}

static void write_time(FILE *out, long time_ms)
{
    long shown = time_ms > 0 ? time_ms : 0;
    fprintf(out, "%ld.%02ld s", shown / 1000, shown % 1000 / 10);
}

static void write_row(const struct page *page, const char *name, size_t width, const size_t outcomes[OUTCOME_COUNT], long duration_ms)
{
    const struct paint *paint = page->paint;
    bool bad = outcomes[OUTCOME_FAIL] + outcomes[OUTCOME_ERROR] > 0;
    size_t cases = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        cases += outcomes[i];
    fprintf(page->out, "%s%c%s ", bad ? paint->bad : paint->warn, bad ? 'x' : outcomes[OUTCOME_WARN] ? '!' : ' ', paint->end);
    escape_column(page->out, name, width);
    fprintf(page->out, "%7zu", cases);
    write_count(page, outcomes[OUTCOME_PASS], paint->good);
    write_count(page, outcomes[OUTCOME_WARN], paint->warn);
    write_count(page, outcomes[OUTCOME_FAIL], paint->bad);
    if (page->suites.outcomes[OUTCOME_ERROR])
        write_count(page, outcomes[OUTCOME_ERROR], paint->bad);
    write_count(page, outcomes[OUTCOME_SKIP], paint->quiet);
    fprintf(page->out, "%*s", duration_ms < 10000 ? 5 : duration_ms < 100000 ? 4 : 3, "");
    write_time(page->out, duration_ms);
    putc('\n', page->out);
}

static void write_table(const struct page *page)
{
    size_t width = NAME_MIN;
    for (size_t i = 0; i < page->suites.count; i++) {
        size_t columns = line_columns(page->suites.suites[i].name);
        if (columns > width)
            width = columns > NAME_MAX ? NAME_MAX : columns;
    }
    fprintf(page->out, "%s  %-*s%7s%7s%7s%7s%s%7s  %9s%s\n", page->paint->quiet, (int)width, "suite", "cases", "pass", "warn", "fail",
            page->suites.outcomes[OUTCOME_ERROR] ? "  error" : "", "skip", "time", page->paint->end);
    long sum_ms = 0;
    for (size_t i = 0; i < page->suites.count; i++) {
        const struct suite_part *suite = &page->suites.suites[i];
        write_row(page, suite->name, width, suite->outcomes, suite->duration_ms);
        sum_ms += suite->duration_ms;
    }
    if (page->suites.count > 1)
        write_row(page, "total", width, page->suites.outcomes, sum_ms);
}

static void write_cases(const struct page *page, const struct cause *cause)
{
    fprintf(page->out, "  %s%-12s%s ", page->paint->quiet, "cases", page->paint->end);
    size_t shown = cause->case_count > CASES_SHOWN + 1 ? CASES_SHOWN : cause->case_count;
    for (size_t i = 0; i < shown; i++) {
        fputs(i ? ", " : "", page->out);
        write_case_id(page->out, cause->cases[i], escape_line);
    }
    if (shown < cause->case_count)
        fprintf(page->out, " and %zu more", cause->case_count - shown);
    putc('\n', page->out);
}

static void write_cause(const struct page *page, const struct cause *cause)
{
    const struct paint *paint = page->paint;
    const struct result_finding *finding = cause->blame.finding;
    fprintf(page->out, "\n%sx%s %s", paint->bad, paint->end, paint->strong);
    if (cause->case_count > 1)
        fprintf(page->out, "%zu cases, 1 cause", cause->case_count);
    else
        write_case_id(page->out, cause->cases[0], escape_line);
    fprintf(page->out, "%s   ", paint->end);
    escape_line(page->out, cause->blame.rule);
    const char *state = state_outcome(cause->cases[0]->state) == OUTCOME_ERROR ? "ERROR" : "FAIL";
    fprintf(page->out, "   %s%s%s\n", paint->bad, finding ? level_label(finding->level) : state, paint->end);
    if (finding)
        describe_finding(page->out, paint, finding, cause->case_count > 1);
    else
        describe_line(page->out, paint, "why", cause->blame.message);
    if (cause->case_count > 1)
        write_cases(page, cause);
    else if (cause->places > 1)
        fprintf(page->out, "  %s%-12s%s in %zu places\n", paint->quiet, "", paint->end, cause->places);
    describe_repro(page->out, paint, cause->cases[0], finding, CURL_BUDGET);
}

static bool write_causes(struct page *page, enum outcome outcome)
{
    struct cause_list list;
    if (!cause_list_build(&list, page->run, outcome))
        return false;
    for (size_t i = 0; i < list.count; i++)
        write_cause(page, &list.causes[i]);
    page->causes += list.count;
    cause_list_clear(&list);
    return true;
}

static void write_where(const struct page *page, const struct cause *cause)
{
    fprintf(page->out, "   %s%s", page->paint->quiet, cause->case_count == 1 ? "" : "first ");
    write_case_id(page->out, cause->cases[0], escape_line);
    fprintf(page->out, "%s\n", page->paint->end);
}

static const char *cases_word(size_t count)
{
    return count == 1 ? "case" : "cases";
}

static void write_warning(const struct page *page, const struct cause *cause)
{
    fprintf(page->out, "%s!%s ", page->paint->warn, page->paint->end);
    escape_line(page->out, cause->blame.rule);
    fprintf(page->out, "   %s   %zu %s\n  ", level_label(cause->blame.finding->level), cause->case_count, cases_word(cause->case_count));
    write_excerpt(page->out, cause->blame.message, LINE_BUDGET, 0, escape_line);
    describe_place(page->out, cause->blame.finding, escape_line);
    write_where(page, cause);
}

static void write_skipped(const struct page *page, const struct cause *cause)
{
    enum case_state state = cause->cases[0]->state;
    const char *word = state == CASE_XFAIL ? "failed as expected" : state == CASE_SKIP ? "skipped" : "unsupported";
    fprintf(page->out, "- %zu %s: ", cause->case_count, word);
    write_excerpt(page->out, cause->blame.message, LINE_BUDGET, 0, escape_line);
    write_where(page, cause);
}

/* Warnings and skipped cases: a line or two for a cause. */
static bool write_briefs(const struct page *page, enum outcome outcome)
{
    struct cause_list list;
    if (!cause_list_build(&list, page->run, outcome))
        return false;
    if (list.count)
        putc('\n', page->out);
    for (size_t i = 0; i < list.count && i < BRIEFS_SHOWN; i++)
        (outcome == OUTCOME_WARN ? write_warning : write_skipped)(page, &list.causes[i]);
    if (list.count > BRIEFS_SHOWN)
        fprintf(page->out, "  and %zu more kinds; the html and ndjson reports have them all\n", list.count - BRIEFS_SHOWN);
    cause_list_clear(&list);
    return true;
}

static const struct {
    enum case_state state;
    const char *words;
} totals[] = {
    {CASE_PASS, "passed"},  {CASE_WARN, "with warnings"}, {CASE_FLAKY, "flaky"},     {CASE_FAIL, "failed"},
    {CASE_XPASS, "stale"},  {CASE_ERROR, "in error"},     {CASE_BLOCKED, "blocked"}, {CASE_XFAIL, "failed as expected"},
    {CASE_SKIP, "skipped"}, {CASE_UNSUPPORTED, "unsupported"},
};

static void write_totals(const struct page *page)
{
    const struct run_result *run = page->run;
    const struct paint *paint = page->paint;
    const char *const colours[OUTCOME_COUNT] = {paint->good, paint->warn, paint->bad, paint->bad, paint->quiet};
    fprintf(page->out, "\n%s%zu %s%s in ", paint->strong, run->case_count, cases_word(run->case_count), paint->end);
    write_time(page->out, run->duration_ms);
    const char *before = ": ";
    for (size_t i = 0; i < sizeof totals / sizeof totals[0]; i++) {
        size_t count = run_result_count(run, totals[i].state);
        if (count == 0)
            continue;
        fprintf(page->out, "%s%s%zu %s%s", before, colours[state_outcome(totals[i].state)], count, totals[i].words, paint->end);
        before = ", ";
    }
    if (page->causes)
        fprintf(page->out, "; %zu %s", page->causes, page->causes == 1 ? "cause" : "causes");
    if (run->not_run)
        fprintf(page->out, "; %s%zu %s not run%s", paint->bad, run->not_run, run->not_run == 1 ? "was" : "were", paint->end);
    putc('\n', page->out);
}

static bool write_findings(struct page *page)
{
    write_table(page);
    return write_briefs(page, OUTCOME_SKIP) && write_briefs(page, OUTCOME_WARN) && write_causes(page, OUTCOME_ERROR) &&
           write_causes(page, OUTCOME_FAIL);
}

bool report_console(FILE *out, const struct run_result *run, bool colour)
{
    struct page page = {.out = out, .run = run, .paint = colour ? &paint_colour : &paint_none};
    if (!suite_list_build(&page.suites, run))
        return false;
    write_head(&page);
    bool judged = !nothing_judged(run), fine = !judged || write_findings(&page);
    fine = fine && figures_text(out, run, 1, page.paint);
    if (run->broken) {
        fprintf(out, "%s%sx%s ", judged ? "\n" : "", page.paint->bad, page.paint->end);
        escape_line(out, run->broken);
        putc('\n', out);
    }
    write_totals(&page);
    suite_list_clear(&page.suites);
    return fine && !ferror(out);
}
