/* markdown.c: a short summary that fits a pull request comment or a job's page: the verdict, the suites, each cause once. */
#include "reports/capabilities.h"
#include "reports/describe.h"
#include "reports/figures.h"

#include <string.h>

enum { CASES_SHOWN = 10, LINE_BUDGET = 600 };

/* A block that its own text cannot close: the fence is longer than any run of backticks in it. */
static void write_fenced(FILE *out, const char *text)
{
    size_t longest = 2, run = 0;
    for (const char *at = text; *at; at++) {
        run = *at == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    for (size_t i = 0; i <= longest; i++)
        putc('`', out);
    fputs("sh\n", out);
    escape_line(out, text);
    putc('\n', out);
    for (size_t i = 0; i <= longest; i++)
        putc('`', out);
    fputs("\n", out);
}

static void write_table(FILE *out, const struct suite_list *list)
{
    fputs("\n| suite | cases | pass | warn | fail | error | skip | time |\n|---|--:|--:|--:|--:|--:|--:|--:|\n", out);
    for (size_t i = 0; i < list->count; i++) {
        const struct suite_part *suite = &list->suites[i];
        fputs("| ", out);
        escape_markdown(out, suite->name);
        fprintf(out, " | %zu", suite->case_count);
        for (int j = 0; j < OUTCOME_COUNT; j++)
            fprintf(out, " | %zu", suite->outcomes[j]);
        fputs(" | ", out);
        write_seconds(out, suite->duration_ms);
        fputs(" s |\n", out);
    }
}

static void write_item(FILE *out, const char *label, const char *text)
{
    if (!text)
        return;
    fprintf(out, "- %s: ", label);
    write_excerpt(out, text, LINE_BUDGET, 0, escape_markdown);
    putc('\n', out);
}

static void write_cause(FILE *out, const struct cause *cause)
{
    const struct result_finding *finding = cause->blame.finding;
    fputs("\n### ", out);
    escape_markdown(out, cause->blame.rule);
    fprintf(out, "%s%s\n\n", finding ? " " : "", finding ? level_label(finding->level) : "");
    write_excerpt(out, cause->blame.message, LINE_BUDGET, 0, escape_markdown);
    fputs("\n\n", out);
    if (finding) {
        write_item(out, requirement_label(finding, cause->case_count > 1), finding->requirement);
        write_item(out, "source", finding->source);
        write_item(out, "expected", finding->expected);
        write_item(out, "actual", finding->actual);
        write_item(out, "pointer", finding->pointer && *finding->pointer ? finding->pointer : NULL);
    }
    fprintf(out, "- %zu %s: ", cause->case_count, cause->case_count == 1 ? "case" : "cases");
    for (size_t i = 0; i < cause->case_count && i < CASES_SHOWN; i++) {
        fputs(i ? ", " : "", out);
        write_case_id(out, cause->cases[i], escape_markdown);
    }
    fputs(cause->case_count > CASES_SHOWN ? ", ...\n" : "\n", out);
    const struct result_exchange *exchange = case_exchange(cause->cases[0]);
    if (exchange && exchange->curl && strlen(exchange->curl) <= 2000) {
        putc('\n', out);
        write_fenced(out, exchange->curl);
    }
}

static bool write_causes(FILE *out, const struct run_result *run, enum outcome outcome, const char *title)
{
    struct cause_list list;
    if (!cause_list_build(&list, run, outcome))
        return false;
    if (list.count)
        fprintf(out, "\n## %s\n", title);
    for (size_t i = 0; i < list.count; i++)
        write_cause(out, &list.causes[i]);
    cause_list_clear(&list);
    return true;
}

bool report_markdown(FILE *out, const struct run_result *run)
{
    struct suite_list list;
    if (!suite_list_build(&list, run))
        return false;
    fputs("# chatconform ", out);
    escape_markdown(out, run->version);
    fputs("\n\n", out);
    const char *const facts[][2] = {{"target", run->embedded ? "the embedded reference endpoint" : run->target}, {"model", run->model},
                                    {"profile", run->profile}, {"broken", run->broken}, {"verdict", run->verdict}};
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        write_item(out, facts[i][0], facts[i][1]);
    if (run->not_run)
        fprintf(out, "- not run: %zu\n", run->not_run);
    write_table(out, &list);
    bool fine = write_causes(out, run, OUTCOME_FAIL, "Failures") && write_causes(out, run, OUTCOME_ERROR, "Errors") &&
                write_causes(out, run, OUTCOME_WARN, "Warnings");
    if (run->capability_count) fputs("\n## What the endpoint can do\n", out);
    capabilities_table(out, run);
    suite_list_clear(&list);
    return fine && figures_markdown(out, run, 1) && !ferror(out);
}
