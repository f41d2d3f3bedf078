/* select.h: which suites, and which of their cases, a command line means. */
#ifndef SELECT_H
#define SELECT_H

#include "harness/options.h"
#include "harness/runner.h"

/* Loads the suite files among the arguments; without any, what --suites names; without that, ./suites or the suites that were installed
 * with the program. False with one sentence. */
bool suites_select(struct suite_set *set, const struct options *options, char *why, size_t why_size);
/* Loads them and picks the cases that arguments and filters ask for (the caller frees `*cases`, which lead into `set`). False with one
 * sentence, also when a filter matches nothing. */
bool cases_select(struct suite_set *set, const struct options *options, struct selected **cases, size_t *count, char *why, size_t why_size);

#endif
