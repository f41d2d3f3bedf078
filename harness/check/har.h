/* har.h: HTTP archives (HAR 1.2), as browsers and proxies save them: what in them went to a chat completions endpoint. */
#ifndef HAR_H
#define HAR_H

#include "chatconform.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* The archive as an object (the caller puts it), or NULL when the text is none. */
struct json_object *har_read(const char *text, size_t length, const struct cc_limits *limits);

/* Calls `each` for every POST to .../chat/completions, with its number among the entries (from 1), until it returns false. `*count` is how
 * many there were. False when `each` did, or memory ran out. */
bool har_each(struct json_object *har, bool (*each)(void *context, size_t number, const struct cc_exchange *exchange), void *context,
              size_t *count);

#endif
