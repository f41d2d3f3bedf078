/* failures.h: a folder for each failed case with all that it takes to look at it by hand, and to send it again. */
#ifndef FAILURES_H
#define FAILURES_H

#include "harness/result.h"

#define FAILURES_FOLDER "reports/out/failures"
/* A suite with the one case that sends it again; there when the failure is none of a suite's case, but was found by fuzzing. */
#define FAILURE_CASE "case.yaml"

/* Writes FOLDER/<id>/ for each failed case of the run, names the ids in it (case_result.failure), and removes the folders of earlier runs.
 * False with one sentence. */
bool failures_write(struct run_result *run, const char *folder, char *why, size_t why_size);

#endif
