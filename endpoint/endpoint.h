/* endpoint.h: the reference endpoint, a server that speaks the Chat Completions API as the tables say, on purpose wrongly where told to.
 *
 * It answers deterministically: the same request always gets the same bytes (ids and times included), so that suites, demos and tests
 * can rely on it. What it answers follows from the request alone, except below the completions that it keeps (store.h). */
#ifndef ENDPOINT_H
#define ENDPOINT_H

#include "chatconform.h"

#include <stdbool.h>
#include <stddef.h>

/* A fault that can be switched on. */
struct defect {
    const char *id;       /* "response.usage.wrong-sum" */
    const char *rule;     /* the constraint that an answer with it breaks; NULL: none, it is legal, if unusual */
    enum cc_level level;  /* of that rule, or 0 */
    const char *sentence; /* what the endpoint does then */
};

/* The defect at `index`, or NULL past the end. */
const struct defect *defect_at(size_t index);
/* Finds those too that strike on certain requests only (faults.h), which are not listed above. */
const struct defect *defect_find(const char *id);

struct endpoint_options {
    const char *address;          /* NULL: 127.0.0.1 */
    int port;                     /* 0: any free one */
    const char *const *defects;   /* ids, ended by NULL; may be NULL */
    const char *mutant;           /* edits of what goes out, as JSON (tamper.h); may be NULL */
    const char *api_key;          /* the only accepted bearer token; NULL: any non-empty one */
    unsigned profile;             /* 0 = CC_OPENAI */
};

struct endpoint;

/* Starts to serve, in threads of its own. NULL, with one sentence of why, when it cannot. */
struct endpoint *endpoint_start(const struct endpoint_options *options, char *why, size_t why_size);
int endpoint_port(const struct endpoint *endpoint);
/* How many replies the mutant changed so far. */
size_t endpoint_mutated(const struct endpoint *endpoint);
void endpoint_stop(struct endpoint *endpoint);

#endif
