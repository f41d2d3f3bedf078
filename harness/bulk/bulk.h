/* bulk.h: bulk verification: recorded requests, one a line, are sent to an endpoint, and what became of them is counted: how often a tool is
 * called and how well, how many answers break a rule, how long they take and how many tokens they cost.
 *
 * Each line's result is appended to a file as soon as it is known, so that a run that ended early is gone on with, and so that shards can
 * be put together. Memory is a few dozen bytes a line. */
#ifndef BULK_H
#define BULK_H

#include "harness/options.h"
#include "harness/result.h"

/* True when options of bulk verification are set. */
bool bulk_is_meant(const struct options *options);
/* `run --requests FILE`. An exit code, with one sentence in `why` when the run could not begin. */
int bulk_run(struct options *options, char *why, size_t why_size);

/* True when the file holds results of a bulk verification. */
bool bulk_is_record(const char *file);
/* Makes one run of the results in several files, which are shards of one. `run` is to be cleared in either case. False with one sentence. */
bool bulk_records_read(struct run_result *run, const struct texts *files, char *why, size_t why_size);
/* Adds to each run but the first how well its calls agree with those of the first; the files are all results of bulk verifications. */
bool bulk_compare(struct run_result *runs, const char *const *files, size_t count, char *why, size_t why_size);

#endif
