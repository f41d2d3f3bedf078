/* merge.h: finished runs, whatever wrote them, as one: shards of a run as if it had never been split, others one behind the other. */
#ifndef MERGE_H
#define MERGE_H

#include "harness/options.h"
#include "harness/result.h"

/* Reads one run, or several into one. `run` is to be cleared in either case. False with one sentence, also when they do not belong
 * together: another target, model, profile or number of shards, or a case twice. */
bool records_read(struct run_result *run, const struct texts *files, char *why, size_t why_size);

#endif
