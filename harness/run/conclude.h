/* conclude.h: what a run comes to: its exit code, and the sentence that says why. */
#ifndef CONCLUDE_H
#define CONCLUDE_H

#include "harness/result.h"

/* Sets exit code and verdict. */
void run_set_verdict(struct run_result *run, int exit_code, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Whether a run of which both ended like this ends with the first: what broke wins over what nobody answered, and that over what is
 * incomplete. How runs ended that came to their end is no matter here. */
bool run_end_is_worse(int exit_code, int than);
/* Sets them by the states of the cases, when all of those had their turn. What stands in run->verdict is said as well, and so is `stale`, what
 * a baseline says that does not hold any more (NULL: nothing); that alone fails a run. */
void run_conclude(struct run_result *run, bool flaky_fails, const char *stale);

#endif
