/* select.h: which suites, and which of their cases, a command line means. */
#ifndef SELECT_H
#define SELECT_H

#include "harness/options.h"
#include "harness/run/runner.h"

/* Loads the suite files among the arguments; without any, what --suites names; without that, ./suites or the suites that were installed
 * with the program. False with one sentence. */
bool suites_select(struct suite_set *set, const struct options *options, char *why, size_t why_size);
/* Loads the probes that come with the suites. False with one sentence. */
bool probes_select(struct suite_set *set, char *why, size_t why_size);
/* Whether something is said of a capability: "NAME", "NAME=no" or "NAME=silent". */
bool capability_is_said(const struct texts *capabilities, const char *name);
/* Adds what is known of a target: what the profile's documents do not know it is not expected to do, and who sends no key (auth: none) does
 * not expect that one is asked for; unless it is said that it does. False when memory runs out. */
bool known_capabilities(unsigned profile, const char *auth, struct texts *capabilities);
/* Says on standard error, a line each, which capabilities the suites require that nobody knows: no probe looks for them, and nothing is said
 * of them. Such a name may be misspelt; a case that requires it is run all the same. Returns how many there are. */
size_t capabilities_doubt(const struct suite_set *set, const struct suite_set *probes, const struct texts *said);
/* Loads them and picks the cases that arguments and filters ask for (the caller frees `*cases`, which lead into `set`). False with one
 * sentence, also when a filter matches nothing. */
bool cases_select(struct suite_set *set, const struct options *options, struct selected **cases, size_t *count, char *why, size_t why_size);

#endif
