/* refusal.h: error bodies. */
#ifndef REFUSAL_H
#define REFUSAL_H

#include "harness/base/jo.h"

#include "chatconform.h"

/* An error envelope, new. `param` and `code` may be NULL: the members are there all the same. */
struct json_object *refusal_make(const char *message, const char *type, const char *param, const char *code);

/* The envelope for a request that the validator found wrong; `request` is the request as an object, or NULL when it is none. */
struct json_object *refusal_of_finding(const struct cc_finding *finding, struct json_object *request);

/* "/messages/0/role" as "messages[0].role", a new string; NULL for the root. Members with unusual names are left to their parent. */
struct json_object *refusal_param(const char *pointer, struct json_object *request);

#endif
