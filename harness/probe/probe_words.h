/* probe_words.h: what a refusal is about, as far as its words tell. */
#ifndef PROBE_WORDS_H
#define PROBE_WORDS_H

#include "harness/result.h"

#include <stdbool.h>
#include <stddef.h>

/* True when the error of an answer names something that its request asks for beyond a plain question: a member ("tool_choice"), a type or
 * another word ("image_url"), or a part of one ("image"). A request without a body asks for its path. Writes the error's message into
 * `message`, on one line. */
bool probe_refusal_is_about(const struct result_exchange *exchange, char *message, size_t size);
/* True when the answer holds an error, whatever its status. */
bool probe_tells_error(const struct result_exchange *exchange);
/* True when the request asks for a stream. */
bool probe_asks_stream(const struct result_exchange *exchange);

#endif
