/* matrix.h: several runs side by side: a row for each case, a column for each run. */
#ifndef MATRIX_H
#define MATRIX_H

#include "reports/parts.h"

enum row_sort {
    ROW_DIFFERS,  /* some passed, others did not */
    ROW_SHADES,   /* all passed, or none did, but with other warnings, or for other rules */
    ROW_BAD,      /* all have the same, and that is not pass */
    ROW_FINE,     /* all passed */
    ROW_SORT_COUNT
};

struct matrix_row {
    const struct case_result **cells; /* one for each run; NULL where the run has no such case */
    const struct case_result *any;    /* the first of them: who the case is */
    enum row_sort sort;
    size_t order;
    bool told;                        /* for the writers */
};

struct matrix {
    const struct run_result *runs;
    const char *const *names;         /* of the files they were read from */
    size_t run_count;
    struct matrix_row *rows;          /* differences first, each sort in the order of the suites */
    size_t row_count;
    size_t sorts[ROW_SORT_COUNT];
    /* private */
    const struct case_result **room;
};

enum { MATRIX_RUNS_MAX = 26 }; /* columns are called A to Z */

/* False when memory runs out; then there is nothing to clear. */
bool matrix_build(struct matrix *matrix, const struct run_result *runs, const char *const *names, size_t count);
void matrix_clear(struct matrix *matrix);

/* Whether all runs did the same in two cases: most likely for one cause. */
bool rows_agree(const struct matrix_row *a, const struct matrix_row *b, size_t runs);
/* Whether something was told apart by it: pass and warn are passed, fail and error are not, and the rest says neither. */
enum verdict_of_cell { CELL_PASSED, CELL_FAILED, CELL_UNKNOWN };
enum verdict_of_cell cell_verdict(const struct case_result *cell);
/* What a cell says: its state, "absent" without a case. */
const char *cell_state(const struct case_result *cell);
/* The rule that a case failed or could not be judged for; NULL of all others. */
const char *cell_rule(const struct case_result *cell);

#endif
