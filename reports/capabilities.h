/* capabilities.h: the map of what an endpoint can do, as a part of reports about more than that. Each writes nothing when there is none. */
#ifndef CAPABILITIES_H
#define CAPABILITIES_H

#include "reports/matrix.h"

/* Of one run: a table of markdown, an array of JSON, a section of a page. */
void capabilities_list(FILE *out, const struct run_result *run);
void capabilities_section(FILE *out, const struct run_result *run);
void capabilities_table(FILE *out, const struct run_result *run);

/* Of several runs side by side, when at least two have one; as text only what differs. */
void capabilities_compare_text(FILE *out, const struct matrix *matrix);
void capabilities_compare_markdown(FILE *out, const struct matrix *matrix);
void capabilities_compare_html(FILE *out, const struct matrix *matrix);

/* The colours that a verdict has in reports. */
enum outcome capability_outcome(enum capability_verdict verdict);

#endif
