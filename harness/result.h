/* result.h: what a run found, as plain data. The runner fills it, every report reads it, nothing else passes between them.
 *
 * No secret ever gets in: requests are kept with the names of their secret headers only, and texts that came from outside are passed
 * through the redactor before they are stored. All strings are owned by the run and freed with it. */
#ifndef RESULT_H
#define RESULT_H

#include "chatconform.h"

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

enum case_state {
    CASE_PASS,
    CASE_FAIL,        /* the server is wrong */
    CASE_WARN,        /* passed, with findings below what fails the run */
    CASE_SKIP,        /* not asked for, or not possible here; reason says why */
    CASE_UNSUPPORTED, /* the target lacks a capability that the case requires */
    CASE_BLOCKED,     /* a prerequisite failed */
    CASE_FLAKY,       /* passed after a failed attempt */
    CASE_XFAIL,       /* failed as the baseline expects */
    CASE_XPASS,       /* the baseline expects a failure that is gone */
    CASE_ERROR,       /* we could not ask, or the case itself is wrong */
    CASE_STATE_COUNT
};

/* "pass" ... */
const char *case_state_name(enum case_state state);

/* "request", "response", "event" or "http"; "document" for what is no part of an exchange. */
const char *part_name(enum cc_part part);

/* A rule of the catalogue or an expectation of the case that did not hold. */
struct result_finding {
    char *rule;         /* id of the rule, or "expect.<what>" for an expectation of the case ("expect.status", "expect./usage/prompt_tokens") */
    enum cc_level level;
    enum cc_severity severity;
    enum cc_part in;
    size_t exchange;    /* index of the exchange of its case that it is about */
    size_t event, offset;
    char *pointer;
    char *message;      /* one sentence */
    char *requirement;  /* the rule's sentence; may be NULL */
    char *source;       /* the rule's source; may be NULL */
    char *expected;     /* may be NULL */
    char *actual;       /* may be NULL */
};

enum { TIMELINE_SLOTS = 48 };

/* When the events of a streamed answer came. Times are -1 where there was nothing to measure. */
struct result_stream {
    bool known;              /* the answer was a stream */
    size_t events;           /* without the terminator */
    size_t keep_alives;      /* comment lines */
    size_t stalls;           /* pauses of five seconds or more between two events */
    long first_event_ms;     /* since the request */
    long largest_gap_ms;     /* between two events */
    long quiet_ms;           /* from the last event to the end */
    long finish_to_close_ms; /* from the last finish_reason to the end */
    bool at_once;            /* everything came in one burst after a wait */
    bool terminated;         /* the terminator came; not recorded, as only the words about a fault tell of it */
    char timeline[TIMELINE_SLOTS + 1]; /* the time from request to end in equal slots: '0' no event came, '9' as many as in the busiest */
};

/* One HTTP request of a case and what came back. */
struct result_exchange {
    char *purpose;      /* "step 1", "control" */
    char *method, *url;
    char *request;      /* body, redacted, cut at 64 KiB with a mark, NUL bytes as \x1A; NULL when there was none */
    char *request_headers; /* "Name: value" lines, secrets as $OPENAI_API_KEY */
    int status;         /* 0: no answer */
    char *response_headers;
    char *response;     /* body, redacted, cut at 64 KiB with a mark */
    size_t response_length; /* of the whole body */
    long first_byte_ms, total_ms;
    char *fault;        /* "net.refused" ..., NULL when there was an answer */
    char *why;          /* sentence for the fault */
    char *curl;         /* a command line that repeats it; NULL when the request could not be kept */
    struct result_stream stream;
    bool partial;       /* `request` was cut or marked: not what went out */
    char *whole;        /* the body, redacted, where `request` is partial; NULL when it is too large to be kept */
    size_t whole_length;
};

struct case_result {
    char *suite;        /* "chat/stream/usage" */
    char *id;           /* case id with its matrix suffix: "last-chunk-choices-empty" */
    char *title;
    char *file;         /* path of the suite file as it was given */
    size_t line;
    enum cc_level level;
    char *spec;         /* source that the case cites; may be NULL */
    char **tags;        /* ended by NULL */
    bool refusal;       /* it is about a request that has to be refused */
    char *header;       /* found by fuzzing: "Name: value" in place of what is usual, "Name:" left it out; NULL: nothing */
    bool any_refusal;   /* found by fuzzing: any status of 4xx refuses the request, not 400 and 422 alone */
    enum case_state state;
    char *reason;       /* one line for every state but pass */
    size_t assertions;  /* constraints and expectations looked at */
    long duration_ms;
    long rounds, passed; /* how often it ran, and passed; 0: it had no turn */
    struct result_finding *findings;
    size_t finding_count;
    struct result_exchange *exchanges;
    size_t exchange_count;
    char *failure;      /* the id of the stored failure, for `chatconform replay`; NULL: none was stored */
};

/* What a figure counts or measures. */
enum figure_unit {
    FIGURE_COUNT,
    FIGURE_SHARE, /* `value` of `of` */
    FIGURE_RATIO, /* from 0 to 1 */
    FIGURE_MS,
    FIGURE_RATE,  /* in a second */
    FIGURE_UNIT_COUNT
};

/* Something that was counted over a whole run. Figures of one group stand together. */
struct result_figure {
    char *group, *name;
    enum figure_unit unit;
    double value, of;   /* value: -1 when there was nothing to measure */
};

/* "count" ... */
const char *figure_unit_name(enum figure_unit unit);

/* How an endpoint takes what a client may ask of it. */
enum capability_verdict {
    CAPABILITY_UNKNOWN,      /* not judged: answers proved nothing, or there were too few of them */
    CAPABILITY_SUPPORTED,    /* answers show its effect, or that it is looked at */
    CAPABILITY_HONEST,       /* refused, by an error that names it */
    CAPABILITY_SILENT,       /* accepted, without the effect that has to show */
    CAPABILITY_INCONSISTENT, /* now one, now the other; or so without a stream, and otherwise with one */
    CAPABILITY_VERDICT_COUNT
};

/* "supported", "honest rejection", "silent ignore", "inconsistent", "not judged" */
const char *capability_verdict_name(enum capability_verdict verdict);

/* What probing found out about one capability. */
struct capability_result {
    char *name;         /* "tool_choice", as suites require it */
    enum capability_verdict verdict;
    size_t tries;       /* that were made */
    char *evidence;     /* what speaks for the verdict, on one line */
};

struct run_result {
    char *version, *profile, *target, *model, *hostname; /* target: the base URL without secrets */
    unsigned long seed;
    long shard, shards; /* this is part `shard` (from 1) of `shards`; 0, 0: the whole */
    bool embedded;      /* the target was the reference endpoint, started for this run */
    time_t started;     /* UTC; SOURCE_DATE_EPOCH wins */
    long duration_ms;
    struct case_result *cases; /* in the order of the suites, whatever order they ended in */
    size_t case_count;
    struct result_figure *figures; /* of runs that count; NULL: none */
    size_t figure_count;
    struct capability_result *capabilities; /* of a run that probed the endpoint */
    size_t capability_count;
    long long requests, tokens; /* that were sent; that they took, as far as answers tell or it can be guessed */
    size_t not_run;     /* cases that a budget, an interrupt or fail-fast left out */
    char *broken;       /* why the run as a whole could not be done ("the endpoint cannot be reached: ..."); NULL when it could */
    int exit_code;      /* its numbers have names in command.h */
    char *verdict;      /* the last line of the run: why this exit code */
};

/* Between what the share of rounds that pass may lie: the 95 % interval of Wilson, from 0 to 1. */
void rounds_interval(long passed, long rounds, double *low, double *high);
/* Frees what a finding owns. */
void result_finding_clear(const struct result_finding *finding);
/* True when nothing can be said of the endpoint: the case could not be asked, or what it depends on failed. */
bool case_is_unjudged(const struct case_result *result);
/* Frees what a case owns. */
void case_result_clear(struct case_result *result);
/* How many cases ended in that state. */
size_t run_result_count(const struct run_result *run, enum case_state state);
/* In what two runs differ that belong together ("model", the first of several); NULL: they do. Embedded endpoints have any port. */
const char *run_difference(const struct run_result *a, const struct run_result *b);
void run_result_clear(struct run_result *run);

#endif
