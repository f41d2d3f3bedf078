/* oracle.h: what is wrong with an answer to a payload. Some of it follows from what was expected of the payload, the rest is what the
 * validator says about the exchange. */
#ifndef FUZZ_ORACLE_H
#define FUZZ_ORACLE_H

#include "fuzzer/shot.h"
#include "harness/base/redact.h"

/* The request as it was sent, and what came back. */
struct encounter {
    struct cc_exchange exchange; /* status 0: no answer */
    const char *fault;           /* name of what went wrong on the way ("net.timeout.first"), or NULL */
    const char *why;             /* a sentence for it */
};

/* How an endpoint took a payload. */
enum reception {
    TOOK_ACCEPTED, /* 2xx */
    TOOK_REFUSED,  /* another status below 500 */
    TOOK_FAILED,   /* 5xx */
    TOOK_SILENT,   /* no whole answer */
    TOOK_BUSY      /* 429, 503 with Retry-After: come back later */
};
const char *reception_name(enum reception reception);

enum { COMPLAINTS_MAX = 16, COMPLAINT_KEY = 200 };

/* One thing that is wrong. */
struct complaint {
    char name[128];             /* id of a rule, or "expect.accepted" and its like */
    const struct cc_rule *rule; /* NULL for the latter */
    enum cc_level level;
    enum cc_part in;
    size_t event, offset;
    char pointer[256];
    char message[400];
    char expected[160], actual[160];
    char key[COMPLAINT_KEY];    /* the same for what is the same trouble: name, status class and message without its details */
    char id[160];               /* a short stable name: "refuse/request.stop.max_items" */
};

struct complaints {
    struct complaint list[COMPLAINTS_MAX];
    size_t count;
    enum reception reception;
    char param[96];             /* first member that a refusal is about, or "" */
    bool failed;                /* memory ran out */
};

struct oracle {
    unsigned profile;
    struct cc_checker *checker;
    bool (*tolerated)(void *context, const char *name); /* NULL: nothing is */
    void *context;
    const struct redactor *redactor;                    /* knows what complaints do not repeat; NULL: nothing */
};

/* Judges an answer. `complaints` is filled in anew. */
void oracle_judge(const struct oracle *oracle, const struct shot *shot, const struct encounter *encounter, struct complaints *complaints);
/* Two endpoints took the same payload differently. */
void oracle_compare(enum reception first, enum reception second, const struct shot *shot, struct complaints *complaints);

/* The message without numbers and quoted words, in lower case, into a buffer. */
void oracle_normalise(const char *message, char *out, size_t size);

#endif
