/* chunks.h: the same answer as a stream. */
#ifndef CHUNKS_H
#define CHUNKS_H

#include "harness/base/jo.h"

/* The chat.completion.chunk objects that `completion` is streamed as, in order: a new array. Put together they give the completion again.
 * `obfuscate`: pad them, unless the request does not want that. */
struct json_object *chunks_make(struct json_object *completion, struct json_object *request, bool obfuscate);

#endif
