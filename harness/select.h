/* select.h: which cases a command line means. */
#ifndef SELECT_H
#define SELECT_H

#include "harness/options.h"
#include "harness/runner.h"

/* Loads the suites (suite files among the arguments count, else --suites or those that come with the program) and picks the cases that
 * arguments and filters ask for (the caller frees `*cases`). False with one sentence, also when a filter matches nothing. */
bool cases_select(struct suite_set *set, const struct options *options, struct selected **cases, size_t *count, char *why, size_t why_size);

#endif
