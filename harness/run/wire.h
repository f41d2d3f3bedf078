/* wire.h: what a step sends: URL, headers and body put together from the target and the step, with and without its secrets. */
#ifndef WIRE_H
#define WIRE_H

#include "chatconform.h"
#include "harness/base/redact.h"
#include "harness/http/http.h"
#include "harness/suite/expand.h"
#include "harness/suite/suite.h"

/* The endpoint, as flags, environment and target file describe it. All strings are borrowed. */
struct target {
    const char *base_url, *path, *query; /* path: "/chat/completions"; query may be NULL */
    const char *model;
    const char *auth;                    /* "bearer", "api-key" or "none" */
    const char *key;                     /* NULL: none is sent */
    bool keyless;                        /* `key` is a placeholder, as the user has none */
    const char *key_name;                /* "OPENAI_API_KEY": what stands for the key in reports */
    const char *const *headers;          /* "Name: value", ended by NULL; may be NULL */
    const struct http_timeouts *timeouts;
    bool insecure;
    const char *ca, *proxy;
    const struct redactor *redactor;     /* knows every secret; never NULL */
};

enum { WIRE_HEADERS_MAX = 64 };

/* One request, ready to be sent. Owns its texts. */
struct wire {
    char *method, *url, *body;
    size_t body_length;
    struct cc_header headers[WIRE_HEADERS_MAX + 1]; /* ended by a NULL name; names and values are owned */
    size_t header_count;
    struct json_object *request; /* the body as an object; NULL when it was given raw */
};

/* Builds it. `request` is the step's request with its variables replaced (borrowed), or NULL when `body` has the raw bytes, or neither is given.
 * False with one sentence. */
bool wire_build(struct wire *wire, const struct target *target, const struct suite_step *step, struct json_object *request, const char *body,
                size_t body_length, const struct variables *variables, char *why, size_t why_size);
void wire_clear(struct wire *wire);
/* It as the HTTP client takes it, borrowed; the answer may have `body_most` bytes (0: the default). */
struct http_request wire_request(const struct wire *wire, const struct target *target, size_t body_most);
/* A line "Name: value" as a step has headers (the caller puts it): "Name:" leaves one out. */
struct json_object *wire_header_object(const char *line);

/* New texts without secrets (the caller frees them; NULL when memory ran out): the headers as lines, and a command that sends the same. */
char *wire_headers(const struct wire *wire, const struct target *target);
char *wire_curl(const struct wire *wire, const struct target *target);

#endif
