/* suite.h: suite files as the runner sees them: loaded, checked against their shape, defaults merged in, matrix multiplied out. */
#ifndef SUITE_H
#define SUITE_H

#include "chatconform.h"

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* One request of a case and what is expected of its answer. */
struct suite_step {
    struct json_object *request; /* with the defaults merged in, ${...} not yet expanded; NULL when `body` is given */
    const char *body;            /* raw body; NULL: `request`. Both NULL: there is no body (GET) */
    size_t body_length;          /* it may hold NUL */
    const char *method, *path;   /* NULL: POST, /chat/completions */
    struct json_object *headers; /* map of names to strings, null = leave out; may be NULL */
    struct json_object *expect;  /* prepared (expect.h), ${...} not yet expanded; may be NULL */
    struct json_object *control; /* {remove: [pointers], set: {pointer: value}}; may be NULL */
    struct json_object *capture; /* name -> pointer; may be NULL */
    bool verbatim;               /* `request` is sent as it stands: ${...} is text, and somebody has checked it already */
    bool invalid;                /* the request is meant to be invalid: it expects `rejected`, a 4xx status, or says `invalid: true` */
};

struct suite_case {
    char *id;          /* with its matrix suffix */
    char *path;        /* "chat/stream/usage/last-chunk-choices-empty" */
    char *title, *spec;
    enum cc_level level;
    char **tags;       /* of suite and case; ended by NULL */
    char **needs;      /* capabilities ("requires"), of suite and case; ended by NULL */
    size_t line, column;
    struct json_object *variables; /* what its matrix sets: name -> value, for variables_begin (expand.h); may be NULL */
    struct suite_step *steps;
    size_t step_count;
    bool nondeterministic;
    long repeat_times, repeat_pass; /* 1, 1 when not given */
};

struct suite {
    char *id, *title;
    char *file;        /* as given on the command line or found */
    struct suite_case *cases;
    size_t count;
    struct json_object *root; /* what the steps borrow from */
};

/* A capability that some suite or case requires, and where it is named first: "FILE:LINE:COL". */
struct suite_need {
    char *name, *place;
};

/* Zero-initialise; then clear. */
struct suite_set {
    struct suite *suites; /* sorted by file */
    size_t count;
    struct suite_need *needs; /* each name once */
    size_t need_count;
    const char *const *env_names; /* variables of the environment that suites may read (--env NAME), ended by NULL; set before loading */
    char *warnings;       /* lines "FILE:LINE:COL: sentence" that only lint shows; NULL: none */
    struct cc_checker *checker; /* private */
};

enum { SUITE_CASES_MAX = 10000 }; /* in one set, matrices multiplied out */

/* Loads one file and adds it. False with "FILE:LINE:COL: sentence" in `why` (several lines when there are several mistakes). */
bool suite_load(struct suite_set *set, const char *file, char *why, size_t why_size);
/* Loads every *.yaml and *.yml below a folder, in the order of their names, but for its folder `probes`, folders called `fixtures` and hidden
 * ones. A folder without any is an error. Files may include what lies anywhere below the folder; those of suite_load what lies beside or
 * below them; a probe (in a folder `probes`) as when all are loaded. */
bool suite_load_folder(struct suite_set *set, const char *folder, char *why, size_t why_size);
/* The same for its folder `probes`: these suites do not judge an endpoint, they find out what it can do (probe.h). */
bool suite_load_probes(struct suite_set *set, const char *folder, char *why, size_t why_size);
void suite_set_clear(struct suite_set *set);
/* Whether one of the suites requires that capability. */
bool suite_needs(const struct suite_set *set, const char *name);

/* The request that a control (a step's, its variables expanded) makes of an expanded request, which stays as it is. The caller puts `*made`,
 * which may share parts with `request`. False with one sentence when a pointer leads nowhere. */
bool suite_control(struct json_object *control, struct json_object *request, struct json_object **made, char *why, size_t why_size);

/* The known path nearest to a glob that matches nothing, for "did you mean"; NULL when nothing is near. */
const char *suite_nearest(const struct suite_set *set, const char *glob);

#endif
