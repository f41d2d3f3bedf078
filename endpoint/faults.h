/* faults.h: requests on which the reference endpoint can be told to go wrong: it crashes, hangs, refuses what is valid or accepts what is
 * not.
 *
 * Defects (defects.h) spoil answers and each breaks a rule; a fault strikes only where a request has something in particular, as real bugs
 * do. They are what the fuzzer is measured by. */
#ifndef FAULTS_H
#define FAULTS_H

#include "endpoint/endpoint.h"
#include "harness/base/jo.h"

struct call;

enum fault_effect {
    FAULT_FAIL = 1, /* status 500 */
    FAULT_HANG,     /* no answer for some seconds */
    FAULT_DROP,     /* the connection is closed without an answer */
    FAULT_REFUSE,   /* status 400 about `param` */
    FAULT_BLAME,    /* errors are about `param`, whatever is wrong */
    FAULT_NO_KEY,   /* no key is asked for */
    FAULT_ANY_TYPE, /* bodies of any media type are taken */
};

struct fault {
    struct defect about; /* its rule is what the finding is called */
    enum fault_effect effect;
    const char *param;
    /* True for the requests on which it strikes; `request` is NULL when the body is no JSON. NULL: always. */
    bool (*strikes)(const struct call *call, struct json_object *request);
};

/* The row at `index`, or NULL past the end. */
const struct fault *fault_at(size_t index);
const struct fault *fault_find(const char *id);
/* The first of the chosen ones (ended by NULL; may be NULL) that strikes on that request, or NULL. */
const struct fault *faults_strike(const struct fault *const *chosen, const struct call *call, struct json_object *request);
/* The chosen one with that effect, or NULL. */
const struct fault *faults_with(const struct fault *const *chosen, enum fault_effect effect);

#endif
