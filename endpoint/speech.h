/* speech.h: what the reference model says in words. */
#ifndef SPEECH_H
#define SPEECH_H

#include "harness/base/jo.h"

/* All text of a message: its string content, or its text parts joined. A new string. */
struct json_object *speech_of_message(struct json_object *message);
/* The text of the last message when a user wrote it; otherwise an empty string. A new string. */
struct json_object *speech_asked_last(struct json_object *request);
/* True when `text` holds `word` by itself, in any case, within its first 4 KiB. */
bool speech_mentions(struct json_object *text, const char *word);

/* True when the user asks for a refusal. */
bool speech_refuses(struct json_object *request);
struct json_object *speech_refusal(void);
/* The answer of choice number `choice`, before limits and stop sequences. A new string. */
struct json_object *speech_answer(struct json_object *request, size_t choice);

#endif
