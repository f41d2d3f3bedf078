/* http.h: what the tables about HTTP share: how to look at headers, and the shapes of the two sides. */
#ifndef CC_HTTP_H
#define CC_HTTP_H

#include "validator/lib/shape.h"

extern const struct shape http_request_shape;         /* http_request.c */
extern const struct shape http_answer_headers_shape;  /* http_headers.c */

/* The first value of a header, or nothing. Names are in lower case. */
struct view header(struct view headers, const char *name);
/* A media type without its parameters is this one; ASCII case does not count. */
bool media_is(struct ask *ask, struct view content_type, const char *media);

#endif
