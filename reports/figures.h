/* figures.h: what was counted over whole runs, as tables: a row for each figure, a column for each run. */
#ifndef FIGURES_H
#define FIGURES_H

#include "reports/describe.h"

/* "28 of 30 (93.3 %)", "12 ms"; "-" for NULL and for what was not measured. */
void write_figure(FILE *out, const struct result_figure *figure);

/* Nothing when no run has figures; at most MATRIX_RUNS_MAX runs. Of several runs the columns are called A, B, ... False when memory runs out. */
bool figures_text(FILE *out, const struct run_result *runs, size_t count, const struct paint *paint);
bool figures_markdown(FILE *out, const struct run_result *runs, size_t count);
bool figures_html(FILE *out, const struct run_result *runs, size_t count);

#endif
