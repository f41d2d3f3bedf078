/* target.h: target files, which describe an endpoint once for many runs. */
#ifndef TARGET_H
#define TARGET_H

#include "harness/options.h"

/* Reads options->target and fills in what neither flag nor environment gave. False with "FILE:LINE:COL: sentence". */
bool target_read(struct options *options, char *why, size_t why_size);

#endif
