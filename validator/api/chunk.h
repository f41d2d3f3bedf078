/* chunk.h: questions about chunks that their own rules and those of the stream share. */
#ifndef CC_CHUNK_H
#define CC_CHUNK_H

#include "validator/lib/ask.h"

/* A string that is not empty. */
bool has_text(struct view string);
/* A delta that adds something to its message: anything but a role, null, or emptiness. */
bool delta_adds(struct view delta);

#endif
