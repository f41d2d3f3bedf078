/* logprobs.h: the probabilities that the reference model claims for its tokens. */
#ifndef LOGPROBS_H
#define LOGPROBS_H

#include "harness/base/jo.h"

/* One entry for each token of the text, each with `top` alternatives, the token itself first: a new array. */
struct json_object *logprobs_of(const char *text, size_t length, size_t top);

#endif
