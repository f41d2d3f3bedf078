/* answer.h: the parts of an answer's message that other objects share: pages of messages carry the same calls, citations and audio. Their
 * ids begin with "response.choices.message" wherever they stand. */
#ifndef CC_ANSWER_H
#define CC_ANSWER_H

#include "validator/api/tables.h"

extern const struct shape answer_message_shape; /* answer.c: the message of a choice */
extern const struct shape annotation_shape;     /* annotation.c */
extern const struct shape answer_audio_shape;   /* answer.c */
extern const struct shape function_call_shape;  /* call.c */
extern const struct pick call_by_type;          /* call.c */

/* The rows of a message that every kind of generated message has. */
#define CITATIONS_ROW \
    {"annotations", .is = ARR, EACH(.is = OBJ, .shape = &annotation_shape), .says = "what the content refers to, after a web search"}
#define AUDIO_ROW {"audio", .is = OBJ | NIL, .shape = &answer_audio_shape, .says = "the spoken answer, when audio was asked for"}

/* Every citation lies within the text of the message `self`. */
bool citations_lie_in_content(struct ask *ask);
/* `self`, a message or delta, has no function_call, or the request has functions. */
bool function_call_was_asked(struct ask *ask);

#endif
