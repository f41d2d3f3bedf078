/* target_save.h: what probing found out, as a target file for the runs to come. */
#ifndef TARGET_SAVE_H
#define TARGET_SAVE_H

#include "harness/options.h"
#include "harness/result.h"

/* Writes the target of the options with its capabilities. What stands in `file` already, or else in the target file that the options name,
 * is kept, but for what flags or the probes say otherwise, and for its comments. Neither a key nor a header of the command line is
 * written. False with one sentence. */
bool target_save(const char *file, const struct options *options, const struct run_result *run, char *why, size_t why_size);

#endif
