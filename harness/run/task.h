/* task.h: one case on its way, and the runner around it; inside view of runner.h. */
#ifndef TASK_H
#define TASK_H

#include "harness/http/pace.h"
#include "harness/http/token_budget.h"
#include "harness/run/runner.h"
#include "harness/run/verdict.h"

enum task_state { TASK_READY, TASK_FLYING, TASK_DONE };

/* A case on its way. */
struct task {
    struct runner *runner;
    const struct suite_case *test;
    struct case_result *result;
    enum task_state state;
    size_t step;
    bool control;          /* the step's control request is next, or under way */
    long attempt;          /* of this request, from 1; 0: the case has not begun */
    struct trial trial;
    size_t round_findings; /* where this round's findings begin */
    long started_ms, not_before_ms;
    long tokens;           /* set aside for the request under way */
    struct variables variables;
    struct wire wire;
};

struct runner {
    const struct runner_options *options;
    struct run_result *run;
    struct court court;
    struct cc_checker *own;  /* judges what we send */
    struct http_pool *pool;
    struct task *tasks;
    size_t count, flying, done, failures;
    long sent;
    long start_ms;
    struct pace pace;
    struct token_budget tokens;
    bool reached;            /* the endpoint has answered something that is no refusal of the key */
    int silent;              /* cases without an answer before that */
    bool stopping;
    bool drained;            /* the supply has no more cases */
    enum run_end end;
};

/* Sends the next request of a case that is ready; what comes back leads it on. */
void task_send(struct task *task);
/* Frees what a case needs only while it runs. */
void task_clear(struct task *task);

#endif
