/* service.h: from an HTTP request to the reply, without any HTTP library.
 *
 * A reply is a JSON document, so that a defect can be an edit of it:
 *     {"status": 200, "headers": {name: value}, "body": {...}}                                          one JSON text
 *     {"status": 200, "headers": {name: value}, "events": [...], "before": "data: ", "after": "\n\n",
 *      "end": "data: [DONE]\n\n", "pace": {"between_ms": 1}}                                            a stream
 * The members of "pace" are those of struct pace (payload.h).
 * "wait_ms" says how long to keep the reply back; with status 0 there is none, and the connection is closed.
 * In place of "body" there may be "text", which goes out as it is; an event that is a string goes out as it is, too. */
#ifndef SERVICE_H
#define SERVICE_H

#include "endpoint/defects.h"
#include "endpoint/faults.h"
#include "endpoint/store.h"
#include "harness/base/jo.h"

struct tamper;

enum { BODY_MAX = 16 * 1024 * 1024 }; /* bytes of a request body */

/* What there is to know about one HTTP request. */
struct call {
    const char *method, *path;
    const char *authorization, *content_type; /* header values, or NULL */
    const char *body;
    size_t length;
    bool too_large; /* the body was longer than BODY_MAX and is not there */
    struct json_object *query; /* the parameters of the URL, decoded: name and text; NULL: none */
};

/* How to answer. */
struct service {
    const char *api_key; /* the only token; NULL: any */
    unsigned profile;
    const struct flaw *const *flaws; /* ended by NULL, or NULL */
    const struct fault *const *faults; /* the same */
    struct tamper *tamper; /* what is done to replies last of all; NULL: nothing */
    struct store *store; /* where completions are kept; NULL: nowhere */
};

/* The reply document, new; never NULL. When memory runs out it is the reply that says so. */
struct json_object *service_answer(const struct service *service, const struct call *call);

#endif
