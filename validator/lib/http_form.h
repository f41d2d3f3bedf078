/* http_form.h: what is not JSON about an exchange, as a small JSON document that a table can judge.
 *
 *     {"request": {"method": "POST", "path": "/v1/chat/completions", "query": "limit=5", "headers": {"content-type": ["..."]},
 *                  "bytes": 123, "stream": true},
 *      "status": 200,
 *      "response": {"headers": {"content-type": ["..."]}, "kind": "completion" | "stream" | "error" | "other" | "empty",
 *                   "type": "...", "code": "...",            of an error envelope, when they are strings
 *                   "first": "chunk" | "error" | "other"}}   of a stream: what its first event is
 *
 * Header names are in lower case, and the path has no fragment, which nobody sends. What is not known is left out, and so not judged. */
#ifndef CC_HTTP_FORM_H
#define CC_HTTP_FORM_H

#include "chatconform.h"
#include "validator/lib/ask.h"


struct http_form {
    char *text;
    size_t used, room;
    char *plain; /* a string without its escapes */
    size_t plain_room;
    bool failed;
};

/* What was answered. */
struct http_answer {
    struct view body;    /* absent when there is none or it is no JSON */
    bool stream, empty;
    const char *first;   /* "chunk", "error", "other", or NULL */
};

/* Builds the document for an exchange, or for a line of recorded traffic. False when nothing of HTTP is known. */
bool http_form_exchange(struct http_form *form, const struct cc_exchange *x, struct view request, const struct http_answer *answer);
bool http_form_line(struct http_form *form, struct view line, const struct http_answer *answer);
/* True when the text is whole, false when memory ran out. */
bool http_form_end(struct http_form *form);
void http_form_clear(struct http_form *form);

/* Two header names that are the same but for case. */
bool same_name(const char *a, const char *b);

#endif
