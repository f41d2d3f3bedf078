/* record.h: finished runs read back from what the writers `ndjson` and `json` left. */
#ifndef RECORD_H
#define RECORD_H

#include "harness/result.h"

/* Reads a run from a file ("-": standard input). False with "FILE:LINE: sentence"; the run is to be cleared in either case. */
bool record_read(struct run_result *run, const char *file, char *why, size_t why_size);

#endif
