/* html_filter.c: which cases the page shows, by how they ended and by their level. Without scripts: radio buttons that stand before what they
 * filter, labels that look like buttons, and style rules, which only look forward. */
#include "reports/html.h"

const struct html_group html_groups[] = {
    {OUTCOME_FAIL, "Failed", "Failures by cause"}, {OUTCOME_ERROR, "Errors", "Errors by cause"}, {OUTCOME_WARN, "Warnings", "Warnings by cause"},
    {OUTCOME_PASS, "Passed", NULL},                {OUTCOME_SKIP, "Skipped", NULL},              {0, NULL, NULL},
};

size_t html_count_level(const struct run_result *run, enum cc_level level)
{
    size_t count = 0;
    for (size_t i = 0; i < run->case_count; i++)
        count += run->cases[i].level == level;
    return count;
}

/* One level is nothing to choose from. */
static bool has_levels(const struct run_result *run)
{
    for (enum cc_level level = CC_MUST; level <= CC_HABIT; level++)
        if (html_count_level(run, level) == run->case_count)
            return false;
    return true;
}

/* How the button of a chosen filter looks, and that of one with the focus. */
static void style_button(FILE *out, const char *group, const char *name)
{
    fprintf(out, "#%s-%s:checked~nav [for=%s-%s]{background:var(--text);border-color:var(--text);color:var(--card)}\n", group, name, group, name);
    fprintf(out, "#%s-%s:checked~nav [for=%s-%s] b{color:inherit}\n", group, name, group, name);
    fprintf(out, "#%s-%s:focus-visible~nav [for=%s-%s]{outline:2px solid var(--link);outline-offset:2px}\n", group, name, group, name);
}

static void style_outcome(FILE *out, const char *name)
{
    style_button(out, "show", name);
    fprintf(out, "#show-%s:checked~main .case:not(.%s),#show-%s:checked~main .suite:not(.has-%s),#show-%s:checked~main .causes:not(.of-%s)"
            "{display:none}\n", name, name, name, name, name, name);
}

/* A suite may have failures and musts, and yet no must that fails. */
static void style_level(FILE *out, const struct suite_list *list, const char *name)
{
    style_button(out, "level", name);
    fprintf(out, "#level-%s:checked~main .case:not(.%s),#level-%s:checked~main .suite:not(.has-%s),#level-%s:checked~main .cause:not(.%s),"
            "#level-%s:checked~main .causes:not(.has-%s){display:none}\n", name, name, name, name, name, name, name, name);
    for (const struct html_group *group = html_groups; group->label; group++) {
        const char *outcome = outcome_name(group->outcome);
        if (list->outcomes[group->outcome])
            fprintf(out, "#show-%s:checked~#level-%s:checked~main .suite:not(.has-%s-%s){display:none}\n", outcome, name, outcome, name);
    }
}

void html_filter_style(FILE *out, const struct run_result *run, const struct suite_list *list)
{
    style_button(out, "show", "all");
    for (const struct html_group *group = html_groups; group->label; group++)
        if (list->outcomes[group->outcome])
            style_outcome(out, outcome_name(group->outcome));
    if (!has_levels(run))
        return;
    style_button(out, "level", "all");
    for (enum cc_level level = CC_MUST; level <= CC_HABIT; level++)
        if (html_count_level(run, level))
            style_level(out, list, cc_level_name(level));
}

static void write_radio(FILE *out, const char *group, const char *name, bool checked)
{
    fprintf(out, "<input class=\"show\" type=\"radio\" name=\"%s\" id=\"%s-%s\"%s>\n", group, group, name, checked ? " checked" : "");
}

static void write_label(FILE *out, const char *group, const char *name, const char *label, size_t count)
{
    fprintf(out, "<label class=\"%s\" for=\"%s-%s\">%s <b>%zu</b></label>\n", name, group, name, label, count);
}

/* All radio buttons of all groups come before the labels, so that a rule may look at both groups. */
void html_filter_buttons(FILE *out, const struct run_result *run, const struct suite_list *list)
{
    bool levels = has_levels(run);
    write_radio(out, "show", "all", true);
    for (const struct html_group *group = html_groups; group->label; group++)
        if (list->outcomes[group->outcome])
            write_radio(out, "show", outcome_name(group->outcome), false);
    for (enum cc_level level = 0; levels && level <= CC_HABIT; level++)
        if (level == 0 || html_count_level(run, level))
            write_radio(out, "level", level ? cc_level_name(level) : "all", level == 0);
    fputs("<nav>\n<div>\n", out);
    write_label(out, "show", "all", "All", run->case_count);
    for (const struct html_group *group = html_groups; group->label; group++)
        if (list->outcomes[group->outcome])
            write_label(out, "show", outcome_name(group->outcome), group->label, list->outcomes[group->outcome]);
    fputs(levels ? "</div>\n<div>\n" : "", out);
    for (enum cc_level level = 0; levels && level <= CC_HABIT; level++)
        if (level == 0 || html_count_level(run, level))
            write_label(out, "level", level ? cc_level_name(level) : "all", level ? cc_level_name(level) : "any level",
                        level ? html_count_level(run, level) : run->case_count);
    fputs("</div>\n</nav>\n", out);
}
