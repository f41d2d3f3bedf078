/* writing.h: the reports that --report asks for. */
#ifndef WRITING_H
#define WRITING_H

#include "harness/options.h"
#include "harness/result.h"

/* Writes each, and the console's table unless something else goes to standard output. One that cannot be written does not keep the others
 * back; false with one sentence about the first of those. */
bool reports_write(const struct options *options, const struct run_result *run, char *why, size_t why_size);
/* Whether one of these (FORMAT=PATH, ended by NULL; may be NULL) goes to standard output. */
bool reports_to_stdout(const char *const *specs);
/* Only those, without the console's table. */
bool reports_write_files(const struct options *options, const struct run_result *run, char *why, size_t why_size);
/* The same for a run that has just ended: without --report, the usual files too. */
bool reports_write_usual(const struct options *options, const struct run_result *run, char *why, size_t why_size);

#endif
