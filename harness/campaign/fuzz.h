/* fuzz.h: what the files of `chatconform fuzz` share. */
#ifndef FUZZ_H
#define FUZZ_H

#include "fuzzer/shot.h"
#include "harness/command.h"

/* Runs a campaign against the endpoint that the options name, or the embedded one. Returns the exit code. */
int fuzz_campaign(const struct options *options, const struct shots_options *making, char *why, size_t why_size);

#endif
