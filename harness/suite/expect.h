/* expect.h: what a case expects of an answer, beside the rules that always hold.
 *
 * expect_prepare once, when a suite is loaded; expand_value (expand.h) with the variables of the run; then expect_judge for each answer. */
#ifndef EXPECT_H
#define EXPECT_H

#include "chatconform.h"
#include "harness/base/redact.h"
#include "harness/suite/matcher.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* Checks `expect` of a step and brings it into form (the caller puts `*to`). False with the first mistake. */
bool expect_prepare(struct json_object *expect, struct json_object **to, struct expect_fault *fault);
/* True when it expects a refusal: `rejected`, or a status of 4xx among those allowed. May be NULL. */
bool expect_refusal(struct json_object *expect);

/* An answer. What is not known is NULL, 0 or -1. */
struct expect_answer {
    int status;
    const struct cc_header *headers; /* ended by a NULL name */
    bool is_json;                    /* `body` holds it */
    struct json_object *body;        /* the answer as an object; of a stream what its chunks add up to */
    struct json_object *chunks;      /* of a stream: array of its chunks in order; NULL: the answer is no stream */
    long first_event_ms, max_gap_ms, total_ms; /* -1: not measured */
    const struct redactor *redactor; /* knows what is not to be shown of it; NULL: nothing */
};

/* An expectation that did not hold. The strings are owned by the outcome. */
struct expect_miss {
    char *what;     /* "expect.status", "expect./usage/prompt_tokens": the id of the finding */
    char *pointer;  /* into the answer; "" when it is not about one place */
    char *message;  /* one sentence */
    char *expected; /* in words */
    char *actual;   /* JSON without secrets, cut short; may be NULL */
    bool about_body; /* a refusal did not come that a wrong body deserves */
    bool undecided; /* it could not be judged (a pattern that takes too long): neither pass nor failure */
};

struct expect_outcome {
    struct expect_miss *misses;
    size_t count;
    size_t asked;   /* how many expectations were looked at */
    /* private */
    const struct redactor *redactor;
    bool failed;
};

/* Judges an answer by a prepared and expanded `expect` (NULL: nothing beside the status, which must be 2xx then too). False when memory
 * runs out; the outcome must be cleared in any case. */
bool expect_judge(struct json_object *expect, const struct expect_answer *answer, struct expect_outcome *outcome);
void expect_outcome_clear(struct expect_outcome *outcome);

#endif
