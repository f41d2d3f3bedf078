/* html.c: the page to read after a run: the verdict, what is wrong by cause, and every case with its requests and answers. One file, no
 * script, nothing loaded; a content security policy says so to the browser too. */
#include "reports/capabilities.h"
#include "reports/figures.h"
#include "reports/html.h"

#include <string.h>

enum { CASES_SHOWN = 12 };

static void write_head(FILE *out, const struct run_result *run, const struct suite_list *list)
{
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>chatconform: ", out);
    size_t bad = list->outcomes[OUTCOME_FAIL] + list->outcomes[OUTCOME_ERROR];
    if (run->broken)
        fputs("not done", out);
    else
        fprintf(out, "%zu of %zu failed", bad, run->case_count);
    fputs("</title>\n<style>\n", out);
    for (const char *const *line = html_style; *line; line++)
        fprintf(out, "%s\n", *line);
    html_filter_style(out, run, list);
    fputs("</style>\n</head>\n<body>\n<div class=\"page\">\n", out);
}

static void write_fact(FILE *out, const char *label, const char *text)
{
    if (!text || !*text)
        return;
    fprintf(out, "<div><dt>%s</dt><dd>", label);
    write_excerpt(out, text, 300, 0, escape_html);
    fputs("</dd></div>\n", out);
}

static void write_facts(FILE *out, const struct run_result *run)
{
    fputs("<dl class=\"facts\">\n", out);
    write_fact(out, "target", run->embedded ? "the embedded reference endpoint" : run->target);
    write_fact(out, "model", run->model);
    write_fact(out, "profile", run->profile);
    fputs("<div><dt>started</dt><dd>", out);
    write_timestamp(out, run->started);
    fputs("Z</dd></div>\n<div><dt>took</dt><dd>", out);
    write_seconds(out, run->duration_ms);
    fprintf(out, " s</dd></div>\n<div><dt>seed</dt><dd>%lu</dd></div>\n", run->seed);
    write_fact(out, "host", run->hostname);
    if (run->not_run)
        fprintf(out, "<div><dt>not run</dt><dd>%zu %s</dd></div>\n", run->not_run, run->not_run == 1 ? "case" : "cases");
    fputs("</dl>\n", out);
}

static void write_verdict(FILE *out, const char *sentence, const char *quality)
{
    if (!sentence)
        return;
    fprintf(out, "<p class=\"verdict %s\">", quality);
    write_excerpt(out, sentence, 1000, 0, escape_html);
    fputs("</p>\n", out);
}

static void write_header(FILE *out, const struct run_result *run, const struct suite_list *list)
{
    const char *quality = run->exit_code == 0 && !run->broken ? "good" : "bad";
    fputs("<header>\n<h1>chatconform<span>", out);
    escape_html(out, run->version);
    fputs("</span></h1>\n", out);
    write_verdict(out, run->broken, quality);
    if (!run->broken || !run->verdict || strcmp(run->broken, run->verdict) != 0)
        write_verdict(out, run->verdict, quality);
    write_facts(out, run);
    fputs("<div class=\"bar\">", out);
    for (const struct html_group *group = html_groups; group->label; group++) {
        size_t count = list->outcomes[group->outcome];
        if (count)
            fprintf(out, "<span class=\"%s\" style=\"flex:%zu\" title=\"%zu %s\"></span>", outcome_name(group->outcome), count, count, group->label);
    }
    fputs("</div>\n</header>\n", out);
}

/* The levels of the cases that a cause shows in, as classes to filter by. */
static void write_levels(FILE *out, const struct cause *cause, const char *prefix)
{
    for (enum cc_level level = CC_MUST; level <= CC_HABIT; level++)
        for (size_t i = 0; i < cause->case_count; i++)
            if (cause->cases[i]->level == level) {
                fprintf(out, " %s%s", prefix, cc_level_name(level));
                break;
            }
}

static void write_cause(FILE *out, const struct run_result *run, const struct cause *cause, enum outcome outcome)
{
    const struct result_finding *finding = cause->blame.finding;
    const char *name = outcome_name(outcome);
    fputs("<article class=\"cause", out);
    write_levels(out, cause, "");
    fprintf(out, "\"><h3><span class=\"badge %s\">%s</span> ", name, finding ? level_label(finding->level) : name);
    html_element(out, "code", "rule", cause->blame.rule);
    fprintf(out, "<span class=\"count\">%zu %s</span></h3>", cause->case_count, cause->case_count == 1 ? "case" : "cases");
    html_element(out, "p", "message", cause->blame.message);
    if (finding && outcome != OUTCOME_WARN)
        html_finding_facts(out, finding, cause->case_count > 1);
    fputs("<p class=\"cases\">", out);
    for (size_t i = 0; i < cause->case_count && i < CASES_SHOWN; i++) {
        fprintf(out, "%s<a href=\"#case-%zu\">", i ? ", " : "", (size_t)(cause->cases[i] - run->cases));
        write_case_id(out, cause->cases[i], escape_html);
        fputs("</a>", out);
    }
    if (cause->case_count > CASES_SHOWN)
        fprintf(out, " and %zu more", cause->case_count - CASES_SHOWN);
    fputs("</p></article>\n", out);
}

static bool write_causes_of(FILE *out, const struct run_result *run, const struct html_group *group)
{
    struct cause_list list;
    if (!cause_list_build(&list, run, group->outcome))
        return false;
    if (list.count) {
        fprintf(out, "<section class=\"causes of-%s", outcome_name(group->outcome));
        for (size_t i = 0; i < list.count; i++)
            write_levels(out, &list.causes[i], "has-");
        fprintf(out, "\"><h2>%s</h2><div class=\"card\">\n", group->title);
    }
    for (size_t i = 0; i < list.count; i++)
        write_cause(out, run, &list.causes[i], group->outcome);
    fputs(list.count ? "</div></section>\n" : "", out);
    cause_list_clear(&list);
    return true;
}

static bool write_causes(FILE *out, const struct run_result *run)
{
    bool fine = true;
    for (const struct html_group *group = html_groups; fine && group->label; group++)
        fine = !group->title || write_causes_of(out, run, group);
    return fine;
}

/* What the filters ask a suite: "has-fail", "has-must", "has-fail-must". */
static void write_suite_classes(FILE *out, const struct suite_part *suite)
{
    bool has[OUTCOME_COUNT][CC_HABIT + 1] = {{false}};
    for (size_t i = 0; i < suite->case_count; i++)
        has[state_outcome(suite->cases[i]->state)][suite->cases[i]->level <= CC_HABIT ? suite->cases[i]->level : 0] = true;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        if (suite->outcomes[i])
            fprintf(out, " has-%s", outcome_name((enum outcome)i));
    for (enum cc_level level = CC_MUST; level <= CC_HABIT; level++) {
        bool any = false;
        for (int i = 0; i < OUTCOME_COUNT; i++) {
            if (has[i][level])
                fprintf(out, " has-%s-%s", outcome_name((enum outcome)i), cc_level_name(level));
            any |= has[i][level];
        }
        if (any)
            fprintf(out, " has-%s", cc_level_name(level));
    }
}

static bool write_suite(FILE *out, const struct run_result *run, const struct suite_part *suite)
{
    fputs("<section class=\"suite", out);
    write_suite_classes(out, suite);
    fputs("\"><h2>", out);
    html_element(out, "span", "name", *suite->name ? suite->name : "unnamed");
    html_element(out, "code", "file", suite->file);
    fputs("<span class=\"tally\">", out);
    for (const struct html_group *group = html_groups; group->label; group++)
        if (suite->outcomes[group->outcome])
            fprintf(out, "%zu %s, ", suite->outcomes[group->outcome], outcome_name(group->outcome));
    write_seconds(out, suite->duration_ms);
    fputs(" s</span></h2>\n<div class=\"card\">\n", out);
    bool fine = true;
    for (size_t i = 0; fine && i < suite->case_count; i++)
        fine = html_case(out, suite->cases[i], (size_t)(suite->cases[i] - run->cases));
    fputs("</div></section>\n", out);
    return fine;
}

bool report_html(FILE *out, const struct run_result *run)
{
    struct suite_list list;
    if (!suite_list_build(&list, run))
        return false;
    write_head(out, run, &list);
    write_header(out, run, &list);
    html_filter_buttons(out, run, &list);
    fputs("<main>\n", out);
    bool fine = figures_html(out, run, 1) && write_causes(out, run);
    capabilities_section(out, run);
    for (size_t i = 0; fine && i < list.count; i++)
        fine = write_suite(out, run, &list.suites[i]);
    if (run->case_count == 0)
        fputs("<p class=\"none\">No case ran.</p>\n", out);
    fputs("</main>\n<footer>Bodies are cut on this page; the ndjson report of the run has them longer.</footer>\n", out);
    fputs("</div>\n</body>\n</html>\n", out);
    suite_list_clear(&list);
    return fine && !ferror(out);
}
