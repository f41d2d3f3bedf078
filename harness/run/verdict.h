/* verdict.h: from one answer to findings: the rules of the catalogue, and what the case expects. */
#ifndef VERDICT_H
#define VERDICT_H

#include "harness/result.h"
#include "harness/run/wire.h"
#include "harness/suite/suite.h"

/* What the judging of all answers shares. */
struct court {
    struct cc_checker *checker;
    struct cc_options options;
    const struct target *target;
    bool only_expectations; /* the rules of the catalogue are not asked: a capability is looked for, not conformance */
    bool failed; /* memory ran out */
};

/* One answer to one request of a case. */
struct hearing {
    const struct suite_case *test;
    const struct suite_step *step;
    const char *purpose;              /* "step 1", "control of step 1", "attempt 2 of step 1" */
    bool control;                     /* the request without its fault: it must be accepted */
    const struct wire *wire;
    const struct http_reply *reply;
    const struct variables *variables;
    /* found out */
    struct json_object *body;         /* the answer, or what its chunks add up to; the caller puts it */
    const char *trouble;              /* a fault of our own making in the case ("... is not set"), kept in `text` */
    char text[512];
};

/* Stores request and answer with the case, judges the answer, and adds the findings. */
void verdict_hear(struct court *court, struct hearing *hearing, struct case_result *result);

/* Adds the finding of a case that was not sent, as the endpoint ignores silently what it needs; `said` begins with the capability's name. */
void verdict_ignored(struct court *court, const struct suite_case *test, const char *said, struct case_result *result);

#endif
