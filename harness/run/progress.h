/* progress.h: what is shown on standard error while a run goes on: one live line on a terminal, plain lines now and then elsewhere. */
#ifndef PROGRESS_H
#define PROGRESS_H

#include "harness/result.h"

struct progress {
    bool live, quiet;
    bool probes; /* what is not there is no failure */
    size_t failed;
    size_t down; /* so many answers from the first one on came from a gateway whose target is away */
    bool up;     /* another answer has come, or it was said */
    long shown_ms; /* when the last plain line was printed */
};

/* Fits runner_options.progress. */
void progress_show(void *progress, const struct run_result *run, size_t done, const struct case_result *last);
/* Takes the live line away. */
void progress_end(struct progress *progress);

#endif
