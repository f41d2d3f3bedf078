/* usage.h: the tokens that a request and its answer took. */
#ifndef USAGE_H
#define USAGE_H

#include "harness/base/jo.h"

struct usage {
    int64_t prompt, prompt_audio;
    int64_t completion, reasoning, audio, accepted, rejected; /* the last four are part of completion */
};

/* Tokens of a string value. */
int64_t usage_of_text(struct json_object *text);
/* Counts the prompt. */
struct usage usage_of_request(struct json_object *request);
/* The usage object: new. */
struct json_object *usage_write(const struct usage *usage);

#endif
