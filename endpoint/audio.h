/* audio.h: spoken answers. */
#ifndef AUDIO_H
#define AUDIO_H

#include "harness/base/jo.h"

/* True when the request lists the audio modality. */
bool audio_is_wanted(struct json_object *request);
/* A message's audio, in the format that the request asks for: a new object. */
struct json_object *audio_answer(struct json_object *request, struct json_object *transcript, int64_t created, uint64_t digest);

#endif
