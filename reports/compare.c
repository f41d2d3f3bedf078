/* compare.c: the matrix of several runs as text, as markdown and as a page. What differs stands first; what all runs pass is only counted in
 * text, as nobody reads it there, like what differs in warnings or in the rule that was broken, and cases that went the same way are told as
 * one. Before all that stands what each run passed by topic. */
#include "reports/capabilities.h"
#include "reports/figures.h"
#include "reports/html.h"
#include "reports/topics.h"

#include <string.h>

enum { CASE_COLUMN = 60, RULE_COLUMN = 12, NAMED_MOST = 3 };

static const char *const titles[ROW_SORT_COUNT] = {"Differences", "Differences in warnings and reasons only", "Alike, but not passed", "Passed everywhere"};

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static char letter(size_t run)
{
    return (char)('A' + run);
}

static size_t passed(const struct run_result *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->case_count; i++)
        count += state_outcome(run->cases[i].state) == OUTCOME_PASS || state_outcome(run->cases[i].state) == OUTCOME_WARN;
    return count;
}

static size_t failed(const struct run_result *run)
{
    size_t count = 0;
    for (size_t i = 0; i < run->case_count; i++)
        count += state_outcome(run->cases[i].state) == OUTCOME_FAIL || state_outcome(run->cases[i].state) == OUTCOME_ERROR;
    return count;
}

static const char *target_of(const struct run_result *run)
{
    return run->embedded ? "the embedded reference endpoint" : run->target;
}

/* --- text */

static void text_head(FILE *out, const struct matrix *m)
{
    for (size_t i = 0; i < m->run_count; i++) {
        fprintf(out, "%c  ", letter(i));
        escape_line(out, target_of(&m->runs[i]));
        fputs("   ", out);
        escape_line(out, m->runs[i].model);
        fprintf(out, "   %zu of %zu passed, %zu failed   ", passed(&m->runs[i]), m->runs[i].case_count, failed(&m->runs[i]));
        escape_line(out, m->names[i]);
        putc('\n', out);
    }
}

/* The rules behind a row, each with the columns that have it: "A C  stream.done.terminator". */
static void text_rules(FILE *out, const struct matrix *m, const struct matrix_row *row)
{
    for (size_t i = 0; i < m->run_count; i++) {
        const char *rule = cell_rule(row->cells[i]);
        bool told = !rule;
        for (size_t k = 0; k < i && !told; k++)
            told = cell_rule(row->cells[k]) && strcmp(cell_rule(row->cells[k]), rule) == 0;
        if (told)
            continue;
        fputs("      ", out);
        for (size_t k = i; k < m->run_count; k++)
            if (cell_rule(row->cells[k]) && strcmp(cell_rule(row->cells[k]), rule) == 0)
                fprintf(out, "%c ", letter(k));
        putc(' ', out);
        escape_line(out, rule);
        putc('\n', out);
    }
}

/* One row for all cases that went the same way: the first of them, and who the others are. */
static void text_row(FILE *out, const struct matrix *m, size_t index)
{
    const struct matrix_row *row = &m->rows[index];
    size_t width = line_columns(or_empty(row->any->suite)) + line_columns(or_empty(row->any->id)) + 1, others = 0;
    fputs("  ", out);
    write_case_id(out, row->any, escape_line);
    fprintf(out, "%*s", width < CASE_COLUMN ? (int)(CASE_COLUMN - width) : 0, "");
    for (size_t k = 0; k < m->run_count; k++)
        fprintf(out, "  %-*s", RULE_COLUMN, cell_state(row->cells[k]));
    putc('\n', out);
    text_rules(out, m, row);
    for (size_t i = index + 1; i < m->row_count && m->rows[i].sort == row->sort; i++) {
        if (m->rows[i].told || !rows_agree(row, &m->rows[i], m->run_count))
            continue;
        m->rows[i].told = true;
        if (++others > NAMED_MOST)
            continue;
        fputs(others == 1 ? "      also " : ", ", out);
        write_case_id(out, m->rows[i].any, escape_line);
    }
    if (others > NAMED_MOST)
        fprintf(out, " and %zu more", others - NAMED_MOST);
    if (others)
        putc('\n', out);
}

static void text_rows(FILE *out, const struct matrix *m, enum row_sort sort)
{
    if (!m->sorts[sort])
        return;
    fprintf(out, "\n%-*s", CASE_COLUMN + 2, titles[sort]);
    for (size_t i = 0; i < m->run_count; i++)
        fprintf(out, "  %-*c", RULE_COLUMN, letter(i));
    putc('\n', out);
    for (size_t i = 0; i < m->row_count; i++)
        if (m->rows[i].sort == sort && !m->rows[i].told)
            text_row(out, m, i);
}

static void write_totals(FILE *out, const struct matrix *m)
{
    fprintf(out, "%zu cases: %zu differ, %zu only in warnings or reasons, %zu alike but not passed, %zu passed everywhere", m->row_count,
            m->sorts[ROW_DIFFERS], m->sorts[ROW_SHADES], m->sorts[ROW_BAD], m->sorts[ROW_FINE]);
}

static bool write_text(FILE *out, const struct matrix *m)
{
    text_head(out, m);
    capabilities_compare_text(out, m);
    bool fine = topics_text(out, m) && figures_text(out, m->runs, m->run_count, &paint_none);
    text_rows(out, m, ROW_DIFFERS);
    text_rows(out, m, ROW_BAD);
    putc('\n', out);
    write_totals(out, m);
    putc('\n', out);
    return fine;
}

/* --- markdown */

static void markdown_columns(FILE *out, const struct matrix *m)
{
    fputs("| case |", out);
    for (size_t i = 0; i < m->run_count; i++)
        fprintf(out, " %c |", letter(i));
    fputs("\n|---|", out);
    for (size_t i = 0; i < m->run_count; i++)
        fputs("---|", out);
    putc('\n', out);
}

static void markdown_rows(FILE *out, const struct matrix *m, enum row_sort sort)
{
    markdown_columns(out, m);
    for (size_t i = 0; i < m->row_count; i++) {
        if (m->rows[i].sort != sort)
            continue;
        fputs("| ", out);
        write_case_id(out, m->rows[i].any, escape_markdown);
        fputs(" |", out);
        for (size_t k = 0; k < m->run_count; k++) {
            const char *rule = cell_rule(m->rows[i].cells[k]);
            fprintf(out, " %s%s%s", rule ? "**" : "", cell_state(m->rows[i].cells[k]), rule ? "** " : "");
            escape_markdown(out, rule);
            fputs(" |", out);
        }
        putc('\n', out);
    }
}

static bool write_markdown(FILE *out, const struct matrix *m)
{
    fputs("| | target | model | cases | passed | failed |\n|---|---|---|--:|--:|--:|\n", out);
    for (size_t i = 0; i < m->run_count; i++) {
        fprintf(out, "| %c | ", letter(i));
        escape_markdown(out, target_of(&m->runs[i]));
        fputs(" | ", out);
        escape_markdown(out, m->runs[i].model);
        fprintf(out, " | %zu | %zu | %zu |\n", m->runs[i].case_count, passed(&m->runs[i]), failed(&m->runs[i]));
    }
    putc('\n', out);
    write_totals(out, m);
    fputs(".\n", out);
    capabilities_compare_markdown(out, m);
    bool fine = topics_markdown(out, m);
    for (int sort = 0; sort < ROW_SORT_COUNT; sort++) {
        bool shut = sort == ROW_FINE || sort == ROW_SHADES;
        if (!m->sorts[sort])
            continue;
        if (shut)
            fprintf(out, "\n<details><summary>%s</summary>\n\n", titles[sort]);
        else
            fprintf(out, "\n### %s\n\n", titles[sort]);
        markdown_rows(out, m, (enum row_sort)sort);
        if (shut)
            fputs("\n</details>\n", out);
    }
    return figures_markdown(out, m->runs, m->run_count) && fine;
}

/* --- a page */

static const char *const own_style[] = {
    "table{border-collapse:collapse;width:100%}",
    ":where(th,td){padding:5px 10px;border-top:1px solid var(--line);text-align:left;vertical-align:top;font-weight:400}",
    "thead th{border-top:0;color:var(--quiet);font-size:.82rem;position:sticky;top:0;background:var(--card)}tbody th{overflow-wrap:anywhere}",
    "td code{display:block;color:var(--quiet);font-size:.78rem}td .badge{min-width:5.4em}",
    "details>summary{margin:0 2px 8px}details>summary::before{content:'\\25B8';color:var(--quiet);margin-right:.5em}details[open]>summary::before{content:'\\25BE'}",
    "details>summary h2{display:inline}details{margin:0 0 26px}h1{margin:0 0 20px}thead .model{display:block}td code{overflow-wrap:break-word}",
    ".figures td{width:auto}.topics td{white-space:nowrap}.topics tbody th{min-width:9em}@media(max-width:760px){:where(th,td){padding:5px 6px}h1 span{display:block;margin:4px 0 0}}",
    "summary:focus-visible{outline:2px solid var(--link);outline-offset:4px}",
    NULL,
};

static void page_head(FILE *out, const struct matrix *m)
{
    fputs("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n", out);
    fprintf(out, "<title>chatconform: %zu targets, %zu differences</title>\n<style>\n", m->run_count, m->sorts[ROW_DIFFERS]);
    for (const char *const *line = html_style; *line; line++)
        fprintf(out, "%s\n", *line);
    for (const char *const *line = own_style; *line; line++)
        fprintf(out, "%s\n", *line);
    fputs("</style>\n</head>\n<body>\n<div class=\"page\">\n<h1>chatconform <span>", out);
    write_totals(out, m);
    fputs("</span></h1>\n", out);
}

static void page_targets(FILE *out, const struct matrix *m)
{
    fputs("<section><h2>Targets</h2>\n<div class=\"card grid\"><table>\n<thead><tr><th></th><th>target</th><th>model</th><th>cases</th><th>passed</th>"
          "<th>failed</th><th>file</th></tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < m->run_count; i++) {
        fprintf(out, "<tr><th>%c</th><td>", letter(i));
        write_excerpt(out, or_empty(target_of(&m->runs[i])), 300, 0, escape_html);
        fputs("</td><td>", out);
        write_excerpt(out, or_empty(m->runs[i].model), 300, 0, escape_html);
        fprintf(out, "</td><td>%zu</td><td>%zu</td><td>%zu</td><td>", m->runs[i].case_count, passed(&m->runs[i]), failed(&m->runs[i]));
        write_excerpt(out, m->names[i], 300, 0, escape_html);
        fputs("</td></tr>\n", out);
    }
    fputs("</tbody></table></div></section>\n", out);
}

static void page_cell(FILE *out, const struct case_result *cell)
{
    const char *look = cell ? outcome_name(state_outcome(cell->state)) : "";
    fprintf(out, "<td><span class=\"%s%s\">%s</span>", cell ? "badge " : "none", look, cell_state(cell));
    html_element(out, "code", "rule", cell_rule(cell));
    fputs("</td>", out);
}

static void page_rows(FILE *out, const struct matrix *m, enum row_sort sort)
{
    fputs("<div class=\"card grid\"><table>\n<thead><tr><th>case</th>", out);
    for (size_t i = 0; i < m->run_count; i++) {
        fprintf(out, "<th>%c", letter(i));
        html_element(out, "span", "model", m->runs[i].model);
        fputs("</th>", out);
    }
    fputs("</tr></thead>\n<tbody>\n", out);
    for (size_t i = 0; i < m->row_count; i++) {
        if (m->rows[i].sort != sort)
            continue;
        fputs("<tr><th>", out);
        write_case_id(out, m->rows[i].any, escape_html);
        fputs("</th>", out);
        for (size_t k = 0; k < m->run_count; k++)
            page_cell(out, m->rows[i].cells[k]);
        fputs("</tr>\n", out);
    }
    fputs("</tbody></table></div>", out);
}

static bool write_page(FILE *out, const struct matrix *m)
{
    page_head(out, m);
    page_targets(out, m);
    capabilities_compare_html(out, m);
    bool fine = topics_html(out, m) && figures_html(out, m->runs, m->run_count);
    for (int sort = 0; sort < ROW_SORT_COUNT; sort++) {
        if (!m->sorts[sort])
            continue;
        fprintf(out, "<details%s><summary><h2>%s (%zu)</h2></summary>\n", sort == ROW_FINE || sort == ROW_SHADES ? "" : " open", titles[sort], m->sorts[sort]);
        page_rows(out, m, (enum row_sort)sort);
        fputs("</details>\n", out);
    }
    fputs("</div>\n</body>\n</html>\n", out);
    return fine;
}

bool report_compare(FILE *out, const char *format, const struct run_result *runs, const char *const *names, size_t count)
{
    struct matrix matrix;
    if (!matrix_build(&matrix, runs, names, count))
        return false;
    bool html = strcmp(format, "html") == 0, markdown = strcmp(format, "markdown") == 0;
    bool fine = (html ? write_page : markdown ? write_markdown : write_text)(out, &matrix);
    matrix_clear(&matrix);
    return fine && !ferror(out);
}
