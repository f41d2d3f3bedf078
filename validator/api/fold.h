/* fold.h: the answer that the chunks of a stream add up to. */
#ifndef CC_FOLD_H
#define CC_FOLD_H

#include "validator/api/merge.h"

/* Writes the chat.completion as JSON text. False when memory ran out, or when there was no chunk. */
bool answer_write(const struct seen *seen, struct raw *out);

#endif
