/* figures.c: see figures.h. Figures are named by group and name; a run that lacks one that another has gets a dash. */
#include "reports/figures.h"

#include "reports/matrix.h"

#include <stdlib.h>
#include <string.h>

enum { NAME_COLUMN = 46, VALUE_COLUMN = 24 };

struct figure_row {
    const char *group, *name;
    const struct result_figure *cells[MATRIX_RUNS_MAX];
};

struct figure_table {
    struct figure_row *rows; /* those of a group stand together */
    size_t count, runs;
};

/* --- the table */

/* The row of that figure; or where one of its group is to be put in, and then `*found` is false. */
static size_t place_of(const struct figure_table *table, const struct result_figure *figure, bool *found)
{
    size_t place = table->count;
    for (size_t i = 0; i < table->count; i++) {
        bool same_group = strcmp(table->rows[i].group, figure->group) == 0;
        if (same_group) place = i + 1;
        *found = same_group && strcmp(table->rows[i].name, figure->name) == 0;
        if (*found) return i;
    }
    *found = false;
    return place;
}

static void add_figure(struct figure_table *table, size_t run, const struct result_figure *figure)
{
    bool found;
    size_t at = place_of(table, figure, &found);
    if (!found) {
        memmove(&table->rows[at + 1], &table->rows[at], (table->count++ - at) * sizeof *table->rows);
        table->rows[at] = (struct figure_row){.group = figure->group, .name = figure->name};
    }
    table->rows[at].cells[run] = figure;
}

static bool build(struct figure_table *table, const struct run_result *runs, size_t count)
{
    size_t total = 0;
    for (size_t i = 0; i < count; i++) total += runs[i].figure_count;
    *table = (struct figure_table){.rows = calloc(total + 1, sizeof *table->rows), .runs = count};
    for (size_t i = 0; table->rows && i < count; i++)
        for (size_t k = 0; k < runs[i].figure_count; k++) add_figure(table, i, &runs[i].figures[k]);
    return table->rows != NULL;
}

static bool begins_group(const struct figure_table *table, size_t row)
{
    return row == 0 || strcmp(table->rows[row - 1].group, table->rows[row].group) != 0;
}

static double percent(const struct result_figure *figure) { return 100 * figure->value / (figure->of > 0 ? figure->of : 1); }

void write_figure(FILE *out, const struct result_figure *figure)
{
    if (!figure || figure->value < 0) fputs("-", out);
    else if (figure->unit == FIGURE_SHARE) fprintf(out, "%.0f of %.0f (%.1f %%)", figure->value, figure->of, percent(figure));
    else if (figure->unit == FIGURE_RATIO) fprintf(out, "%.4f", figure->value);
    else if (figure->unit == FIGURE_MS) fprintf(out, "%.0f ms", figure->value);
    else if (figure->unit == FIGURE_RATE) fprintf(out, "%.1f/s", figure->value);
    else fprintf(out, "%.0f", figure->value);
}

/* --- text */

static void text_cell(FILE *out, const struct result_figure *figure, bool last)
{
    char text[96] = "";
    FILE *memory = fmemopen(text, sizeof text, "w");
    if (memory) {
        write_figure(memory, figure);
        fclose(memory);
    }
    fprintf(out, "%-*s", last ? 0 : VALUE_COLUMN, text);
}

static void text_row(FILE *out, const struct figure_table *table, size_t row)
{
    const struct figure_row *r = &table->rows[row];
    fputs("    ", out);
    escape_column(out, r->name, NAME_COLUMN - 1);
    putc(' ', out);
    for (size_t k = 0; k < table->runs; k++) text_cell(out, r->cells[k], k + 1 == table->runs);
    putc('\n', out);
}

bool figures_text(FILE *out, const struct run_result *runs, size_t count, const struct paint *paint)
{
    struct figure_table table;
    if (!build(&table, runs, count)) return false;
    for (size_t i = 0; i < table.count; i++) {
        if (begins_group(&table, i)) {
            fprintf(out, "%s  %s", i ? "" : "\n", paint->quiet);
            escape_line(out, table.rows[i].group);
            for (size_t k = 0; i == 0 && count > 1 && k < count; k++)
                fprintf(out, "%*c", k ? VALUE_COLUMN : (int)(NAME_COLUMN + 3 - line_columns(table.rows[i].group)), (char)('A' + k));
            fprintf(out, "%s\n", paint->end);
        }
        text_row(out, &table, i);
    }
    free(table.rows);
    return true;
}

/* --- markdown and pages */

bool figures_markdown(FILE *out, const struct run_result *runs, size_t count)
{
    struct figure_table table;
    if (!build(&table, runs, count)) return false;
    if (table.count) fputs("\n## Figures\n\n| | figure |", out);
    for (size_t k = 0; table.count && k < count; k++)
        if (count > 1) fprintf(out, " %c |", (char)('A' + k));
        else fputs(" |", out);
    for (size_t k = 0; table.count && k < count + 2; k++) fputs(k ? " --- |" : "\n| --- |", out);
    if (table.count) putc('\n', out);
    for (size_t i = 0; i < table.count; i++) {
        fputs("| ", out);
        if (begins_group(&table, i)) escape_markdown(out, table.rows[i].group);
        fputs(" | ", out);
        escape_markdown(out, table.rows[i].name);
        for (size_t k = 0; k < count; k++) {
            fputs(" | ", out);
            write_figure(out, table.rows[i].cells[k]);
        }
        fputs(" |\n", out);
    }
    free(table.rows);
    return true;
}

/* A line for the group, so that a narrow page has room for what counts. */
static void page_group(FILE *out, const struct figure_table *table, size_t row)
{
    fprintf(out, "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%zu\">", table->runs + 1);
    escape_html(out, table->rows[row].group);
    fputs("</th></tr>\n", out);
}

static void page_row(FILE *out, const struct figure_table *table, size_t row)
{
    fputs("<tr><th scope=\"row\">", out);
    escape_html(out, table->rows[row].name);
    fputs("</th>", out);
    for (size_t k = 0; k < table->runs; k++) {
        fputs("<td>", out);
        write_figure(out, table->rows[row].cells[k]);
        fputs("</td>", out);
    }
    fputs("</tr>\n", out);
}

static void page_letters(FILE *out, size_t count)
{
    fputs("<thead><tr><th></th>", out);
    for (size_t k = 0; k < count; k++) fprintf(out, "<th>%c</th>", (char)('A' + k));
    fputs("</tr></thead>\n", out);
}

bool figures_html(FILE *out, const struct run_result *runs, size_t count)
{
    struct figure_table table;
    if (!build(&table, runs, count)) return false;
    if (table.count) fputs("<section class=\"figures\"><h2>Figures</h2><div class=\"card grid\"><table>\n", out);
    if (table.count && count > 1) page_letters(out, count);
    if (table.count) fputs("<tbody>\n", out);
    for (size_t i = 0; i < table.count; i++) {
        if (begins_group(&table, i)) page_group(out, &table, i);
        page_row(out, &table, i);
    }
    if (table.count) fputs("</tbody></table></div></section>\n", out);
    free(table.rows);
    return true;
}
