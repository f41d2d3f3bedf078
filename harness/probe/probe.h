/* probe.h: finds out what an endpoint can do, by asking. The probes are cases in suites/probes, each of which requires the capability that
 * it looks for (the first of its `requires`); what their answers show is judged by probe_judge.h. */
#ifndef PROBE_H
#define PROBE_H

#include "harness/run/runner.h"
#include "harness/run/session.h"

enum { PROBE_TRIES = 2 }; /* of each probe, unless --repeat says otherwise */

/* Sends the probes to the session's target, those for the capabilities `only` when it has any, and fills in the cases (each try is one),
 * the capabilities and the duration of `run`. The budgets of the options apply. RUN_BROKEN, with one sentence in `why`, when the probes
 * cannot be used; *bad_usage says whether that is the user's mistake. */
enum run_end probe_run(const struct session *session, const struct texts *only, struct run_result *run, bool *bad_usage, char *why,
                       size_t why_size);

/* Adds to the options' capabilities what was found out, where nothing was said: "NAME=no" after an honest rejection, "NAME=silent" when it
 * is ignored. False when memory runs out. */
bool probe_gate(const struct run_result *run, struct options *options);

#endif
