/* stream.h: what the rest of the library may ask of a stream that is being judged. */
#ifndef CC_STREAM_H
#define CC_STREAM_H

#include "chatconform.h"

/* The state of the sequence, as its table lays it out; const, and gone with the stream. */
const void *stream_state(const struct cc_stream *stream);

#endif
