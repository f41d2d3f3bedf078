/* stream.h: what the rest of the library may ask of a stream that is being judged. */
#ifndef CC_STREAM_H
#define CC_STREAM_H

#include "chatconform.h"

/* The state of the sequence, as its table lays it out; const, and gone with the stream. */
const void *stream_state(const struct cc_stream *stream);
/* From now on every event goes the long way, also one that repeats another: for tests that both ways agree. */
void stream_be_patient(struct cc_stream *stream);

#endif
