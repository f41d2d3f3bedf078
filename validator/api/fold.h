/* fold.h: the answer that the chunks of a stream add up to. */
#ifndef CC_FOLD_H
#define CC_FOLD_H

#include "validator/api/merge.h"

/* As the sequence's `sum`: the chat.completion, when the stream came to its end. */
bool seen_sum(const void *state, struct sum *sum);

#endif
