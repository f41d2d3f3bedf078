/* record.h: finished runs read back from what the writers `ndjson` and `json` left, and shards put together again. */
#ifndef RECORD_H
#define RECORD_H

#include "harness/options.h"
#include "harness/result.h"

/* Reads a run from a file ("-": standard input). False with "FILE:LINE: sentence"; the run is to be cleared in either case. */
bool record_read(struct run_result *run, const char *file, char *why, size_t why_size);

/* Makes one run of several: shards of one run as if it had never been split, others one behind the other. `runs` are used up, but are to be
 * cleared all the same, as is `merged`. `files` are their names. False with one sentence when they do not belong together: another target,
 * model or profile, or a case twice. */
bool record_merge(struct run_result *merged, struct run_result *runs, const char *const *files, size_t count, char *why, size_t why_size);
/* Reads one run, or several into one. `run` is to be cleared in either case. */
bool records_read(struct run_result *run, const struct texts *files, char *why, size_t why_size);

#endif
