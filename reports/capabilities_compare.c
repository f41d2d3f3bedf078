/* capabilities_compare.c: what several endpoints can do, side by side: what a buyer asks first. */
#include "reports/capabilities.h"

#include <string.h>

enum { NAME_COLUMN = 44, VERDICT_COLUMN = 18 };

static bool is_wanted(const struct matrix *m)
{
    size_t maps = 0;
    for (size_t k = 0; k < m->run_count; k++) maps += m->runs[k].capability_count > 0;
    return maps > 1;
}

static const struct capability_result *find(const struct run_result *run, const char *name)
{
    for (size_t i = 0; i < run->capability_count; i++)
        if (strcmp(run->capabilities[i].name, name) == 0) return &run->capabilities[i];
    return NULL;
}

static const char *verdict_in(const struct run_result *run, const char *name)
{
    const struct capability_result *found = find(run, name);
    return found ? capability_verdict_name(found->verdict) : "-";
}

static bool differs(const struct matrix *m, const char *name)
{
    for (size_t k = 1; k < m->run_count; k++)
        if (strcmp(verdict_in(&m->runs[k], name), verdict_in(&m->runs[0], name)) != 0) return true;
    return false;
}

/* Calls `each` once for each capability that any of the runs knows. */
static void for_each(FILE *out, const struct matrix *m, void each(FILE *out, const struct matrix *m, const char *name))
{
    for (size_t k = 0; k < m->run_count; k++)
        for (size_t i = 0; i < m->runs[k].capability_count; i++) {
            const char *name = m->runs[k].capabilities[i].name;
            bool told = false;
            for (size_t before = 0; before < k && !told; before++) told = find(&m->runs[before], name) != NULL;
            if (!told) each(out, m, name);
        }
}

/* --- text */

static void text_row(FILE *out, const struct matrix *m, const char *name)
{
    if (!differs(m, name)) return;
    fputs("  ", out);
    escape_column(out, name, NAME_COLUMN - 1);
    putc(' ', out);
    for (size_t k = 0; k < m->run_count; k++) fprintf(out, "%-*s", VERDICT_COLUMN, verdict_in(&m->runs[k], name));
    putc('\n', out);
}

void capabilities_compare_text(FILE *out, const struct matrix *m)
{
    if (!is_wanted(m)) return;
    fprintf(out, "\n%-*s", NAME_COLUMN + 2, "Capabilities that differ");
    for (size_t k = 0; k < m->run_count; k++) fprintf(out, "%-*c", VERDICT_COLUMN, (char)('A' + k));
    putc('\n', out);
    for_each(out, m, text_row);
}

/* --- markdown */

static void markdown_row(FILE *out, const struct matrix *m, const char *name)
{
    fputs("| ", out);
    escape_markdown(out, name);
    for (size_t k = 0; k < m->run_count; k++) fprintf(out, " | %s", verdict_in(&m->runs[k], name));
    fputs(" |\n", out);
}

void capabilities_compare_markdown(FILE *out, const struct matrix *m)
{
    if (!is_wanted(m)) return;
    fputs("\n### Capabilities\n\n| capability |", out);
    for (size_t k = 0; k < m->run_count; k++) fprintf(out, " %c |", (char)('A' + k));
    fputs("\n|---|", out);
    for (size_t k = 0; k < m->run_count; k++) fputs("---|", out);
    putc('\n', out);
    for_each(out, m, markdown_row);
}

/* --- a page */

static void html_row(FILE *out, const struct matrix *m, const char *name)
{
    fputs("<tr><th><code>", out);
    escape_html(out, name);
    fputs("</code></th>", out);
    for (size_t k = 0; k < m->run_count; k++) {
        const struct capability_result *found = find(&m->runs[k], name);
        const char *look = found ? outcome_name(capability_outcome(found->verdict)) : "";
        fprintf(out, "<td><span class=\"%s%s\">%s</span></td>", found ? "badge " : "none", look, verdict_in(&m->runs[k], name));
    }
    fputs("</tr>\n", out);
}

void capabilities_compare_html(FILE *out, const struct matrix *m)
{
    if (!is_wanted(m)) return;
    fputs("<section><h2>Capabilities</h2>\n<div class=\"card grid\"><table>\n<thead><tr><th>capability</th>", out);
    for (size_t k = 0; k < m->run_count; k++) fprintf(out, "<th>%c</th>", (char)('A' + k));
    fputs("</tr></thead>\n<tbody>\n", out);
    for_each(out, m, html_row);
    fputs("</tbody></table></div></section>\n", out);
}
