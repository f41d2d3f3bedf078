/* answer.h: the completion that the reference model gives to a request. */
#ifndef ANSWER_H
#define ANSWER_H

#include "harness/base/jo.h"

/* The chat.completion object for a valid request, new. It follows from the request and `digest` (of the request's bytes) alone. */
struct json_object *answer_make(struct json_object *request, uint64_t digest);

#endif
