/* shot.h: what a campaign sends, each with what is expected of the answer. Payload `index` of a seed and a mode is always the same. */
#ifndef FUZZ_SHOT_H
#define FUZZ_SHOT_H

#include "fuzzer/generate.h"
#include "fuzzer/recipe.h"

enum expectation {
    EXPECT_ACCEPT, /* a completion */
    EXPECT_REFUSE, /* 400 or 422 with a conforming envelope about the right member; any 4xx that the rules allow for SHOT_HTTP */
    EXPECT_ANY     /* anything but a status of 5xx, silence, or a broken answer */
};
const char *expectation_name(enum expectation expectation); /* "accept" ... */
/* What a request deserves: true when all its errors are about one must-level constraint, which goes to `breaks` and `pointer` (may be NULL;
 * borrowed from the report). `expect` follows from all findings. */
bool expectation_of(const struct cc_report *report, enum expectation *expect, const struct cc_rule **breaks, const char **pointer);

enum shot_kind {
    SHOT_VALID,
    SHOT_BROKEN, /* exactly one constraint of a request does not hold */
    SHOT_MUTANT, /* a valid one with a value changed to anything */
    SHOT_TEXT,   /* no proper JSON text */
    SHOT_HTTP    /* a valid body in an improper request */
};

struct shot {
    uint64_t seed, index;
    enum shot_kind kind;
    enum expectation expect;
    const struct cc_rule *breaks;  /* the one constraint that does not hold, or NULL */
    char *pointer;                 /* where; NULL or "" when it is not one place */
    struct json_object *object;    /* the body; NULL for SHOT_TEXT */
    char *text;                    /* its bytes for SHOT_TEXT; NUL after its end */
    size_t length;
    struct json_text body;           /* the bytes of `object`, once they were written */
    struct json_object *control;   /* the same without the fault: valid, to be looked at only; NULL for valid ones */
    const char *how;               /* "trailing comma" ...; NULL when `breaks` says it all */
    const char *method;            /* of SHOT_HTTP: NULL = POST */
    const char *header;            /* "Name: value" in place of what is usual, "Name:" leaves it out; NULL: none */
};
void shot_clear(struct shot *payload);
/* A new shot with copies of all that the old one owns. False when memory ran out. */
bool shot_copy(const struct shot *from, struct shot *to);
/* Lets the body go out with white space everywhere. */
void shot_space_out(struct shot *payload);
/* The bytes of the body; they live as long as the payload. NULL when memory ran out. */
const char *shot_bytes(struct shot *payload, size_t *length);

enum shot_mode { MODE_POSITIVE, MODE_NEGATIVE, MODE_ALL };

/* Which constraints are to be broken: true for the ids that are wanted. */
typedef bool shot_wanted(void *context, const char *rule);

/* Makes payloads. */
struct shots {
    struct generator *generator;
    enum shot_mode mode;
    struct cookbook *book;         /* of the constraints that are wanted */
    struct cookbook *advice;       /* of what only should hold: who breaks that may be accepted or refused */
    shot_wanted *wanted;
    void *context;
    bool chosen;                   /* only certain constraints are wanted */
    size_t texts, https;           /* how many ways of breaking text and HTTP are wanted */
    struct json_object **seeds;    /* real requests to start from; may be NULL */
    size_t seed_count;
    struct json_object *base;      /* the valid payload that the last broken ones were made of; NULL at first */
    uint64_t base_number;
    size_t exact, plain;           /* of broken ones: how many were made; how many are no richer than the recipe */
};

struct shots_options {
    unsigned profile;
    uint64_t seed;
    const char *model;
    enum shot_mode mode;
    shot_wanted *wanted;        /* NULL: all */
    void *context;
    bool objects_only;             /* nothing that is no JSON object, and no HTTP: for printing */
    struct json_object **seeds;
    size_t seed_count;
};

/* NULL when memory runs out. Nothing is wanted when ->book has no rules and ->texts and ->https are 0. */
struct shots *shots_new(const struct shots_options *options);
void shots_free(struct shots *payloads);
/* True when some of the texts or HTTP requests that are wanted break this constraint, and have to be refused for it. */
bool shots_break(const struct shots *shots, const struct cc_rule *rule);
/* False when memory runs out. */
bool shot_make(struct shots *payloads, uint64_t index, struct shot *payload);

/* --- negative.c */
/* A payload that breaks one of the book's constraints. */
bool negative_make(struct shots *payloads, const struct cookbook *book, uint64_t index, struct shot *payload);
/* A valid payload with one value changed. */
bool mutant_make(struct shots *payloads, uint64_t index, struct shot *payload);

/* --- raw.c */
/* How many ways there are of breaking text and HTTP whose constraint is wanted. */
size_t raw_count(enum shot_kind kind, unsigned profile, shot_wanted *wanted, void *context);
/* The same fault in the text of another valid request (`base` is borrowed). */
bool raw_again(struct shots *payloads, const struct shot *from, struct json_object *base, struct shot *to);
/* Number `which` of them, made of a valid payload. */
bool raw_make(struct shots *payloads, enum shot_kind kind, size_t which, uint64_t index, struct shot *payload);

#endif
