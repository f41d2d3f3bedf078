/* visit.h: a call on its way to its reply, and what the replies of all paths share: their headers, the refusals, the key, the form of a
 * body. The functions that check give the reply that refuses the call, or NULL when there is nothing to say against it. */
#ifndef VISIT_H
#define VISIT_H

#include "endpoint/service.h"

#define VISIT_MODEL "reference" /* the only one */

enum { VISIT_SHOWN = 128 }; /* bytes of a text from outside that a message repeats */

struct visit {
    const struct service *service;
    const struct call *call;
    uint64_t digest; /* of all that the reply follows from */
};

/* A reply with its headers, and nothing in it yet. `tokens` are those that it uses up. */
struct json_object *visit_reply(const struct visit *visit, int status, const char *content_type, int64_t tokens);
/* A reply with status 200 and `body`, which is taken over. */
struct json_object *visit_give(const struct visit *visit, struct json_object *body);
/* A reply with an error body, which is taken over. */
struct json_object *visit_refuse(const struct visit *visit, int status, struct json_object *body);
struct json_object *visit_refuse_path(const struct visit *visit);
struct json_object *visit_refuse_method(const struct visit *visit, const char *allowed);
struct json_object *visit_refuse_memory(const struct visit *visit);
/* `name` is UTF-8; what is shown of it ends with a whole character. */
struct json_object *visit_refuse_model(const struct visit *visit, const char *name);

struct json_object *visit_check_key(const struct visit *visit);
/* Media type and size of the body. */
struct json_object *visit_check_form(const struct visit *visit);
/* What the validator says against `body` as a request. `request` is what was read from it, NULL when it is no JSON. */
struct json_object *visit_check_body(const struct visit *visit, const char *body, size_t length, struct json_object *request);

/* What of a path can be shown: paths may hold any byte. */
void visit_show(const char *path, char shown[VISIT_SHOWN]);

#endif
