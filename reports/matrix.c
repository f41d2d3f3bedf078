/* matrix.c: see matrix.h. Two cells agree when they ended alike, and for the same rule. */
#include "reports/matrix.h"

#include <stdlib.h>
#include <string.h>

/* A case of one of the runs. */
struct entry {
    const struct case_result *result;
    size_t run, order; /* order: in its run */
};

static const char *text(const char *maybe)
{
    return maybe ? maybe : "";
}

static int compare_names(const struct case_result *a, const struct case_result *b)
{
    int order = strcmp(text(a->suite), text(b->suite));
    return order ? order : strcmp(text(a->id), text(b->id));
}

static int compare_entries(const void *one, const void *other)
{
    const struct entry *a = one, *b = other;
    int order = compare_names(a->result, b->result);
    if (order)
        return order;
    return a->run < b->run ? -1 : a->run > b->run;
}

static int compare_rows(const void *one, const void *other)
{
    const struct matrix_row *a = one, *b = other;
    if (a->sort != b->sort)
        return a->sort < b->sort ? -1 : 1;
    if (a->order != b->order)
        return a->order < b->order ? -1 : 1;
    return compare_names(a->any, b->any);
}

const char *cell_state(const struct case_result *cell)
{
    return cell ? case_state_name(cell->state) : "absent";
}

const char *cell_rule(const struct case_result *cell)
{
    bool bad = cell && (state_outcome(cell->state) == OUTCOME_FAIL || state_outcome(cell->state) == OUTCOME_ERROR);
    return bad ? case_blame(cell).rule : NULL;
}

static bool agree(const struct case_result *a, const struct case_result *b)
{
    return strcmp(cell_state(a), cell_state(b)) == 0 && strcmp(text(cell_rule(a)), text(cell_rule(b))) == 0;
}

bool rows_agree(const struct matrix_row *a, const struct matrix_row *b, size_t runs)
{
    for (size_t i = 0; i < runs; i++)
        if (!agree(a->cells[i], b->cells[i]))
            return false;
    return true;
}

enum verdict_of_cell cell_verdict(const struct case_result *cell)
{
    enum outcome outcome = cell ? state_outcome(cell->state) : OUTCOME_SKIP;
    return outcome == OUTCOME_SKIP ? CELL_UNKNOWN : outcome == OUTCOME_PASS || outcome == OUTCOME_WARN ? CELL_PASSED : CELL_FAILED;
}

static enum row_sort sort_of(const struct matrix_row *row, size_t runs)
{
    bool shades = false;
    for (size_t i = 1; i < runs; i++) {
        if (cell_verdict(row->cells[0]) != cell_verdict(row->cells[i]))
            return ROW_DIFFERS;
        shades |= !agree(row->cells[0], row->cells[i]);
    }
    if (shades)
        return ROW_SHADES;
    return row->cells[0] && row->cells[0]->state == CASE_PASS ? ROW_FINE : ROW_BAD;
}

/* The entries come sorted by case, so those of one case stand together. */
static void fill_rows(struct matrix *matrix, const struct entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        bool same = i > 0 && compare_names(entries[i - 1].result, entries[i].result) == 0;
        struct matrix_row *row = same ? &matrix->rows[matrix->row_count - 1] : &matrix->rows[matrix->row_count++];
        if (!same)
            *row = (struct matrix_row){.cells = &matrix->room[(matrix->row_count - 1) * matrix->run_count], .any = entries[i].result, .order = entries[i].order};
        row->cells[entries[i].run] = entries[i].result;
        if (entries[i].order < row->order)
            row->order = entries[i].order;
    }
    for (size_t i = 0; i < matrix->row_count; i++) {
        matrix->rows[i].sort = sort_of(&matrix->rows[i], matrix->run_count);
        matrix->sorts[matrix->rows[i].sort]++;
    }
    qsort(matrix->rows, matrix->row_count, sizeof *matrix->rows, compare_rows);
}

bool matrix_build(struct matrix *matrix, const struct run_result *runs, const char *const *names, size_t count)
{
    size_t total = 0, filled = 0;
    for (size_t i = 0; i < count; i++)
        total += runs[i].case_count;
    struct entry *entries = calloc(total + 1, sizeof *entries);
    *matrix = (struct matrix){.runs = runs, .names = names, .run_count = count, .rows = calloc(total + 1, sizeof *matrix->rows),
                              .room = calloc(total * count + 1, sizeof *matrix->room)};
    bool fine = entries && matrix->rows && matrix->room;
    for (size_t i = 0; fine && i < count; i++)
        for (size_t k = 0; k < runs[i].case_count; k++)
            entries[filled++] = (struct entry){&runs[i].cases[k], i, k};
    if (fine) {
        qsort(entries, total, sizeof *entries, compare_entries);
        fill_rows(matrix, entries, total);
    } else {
        matrix_clear(matrix);
    }
    free(entries);
    return fine;
}

void matrix_clear(struct matrix *matrix)
{
    free(matrix->rows);
    free(matrix->room);
    *matrix = (struct matrix){0};
}
