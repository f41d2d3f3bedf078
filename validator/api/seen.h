/* seen.h: what is known of a stream from the events that came so far: the one state that its rules ask and its answer is made of.
 *
 * Texts are kept as they stood in the JSON, without their quotes, so that pieces can be joined without decoding: a pair of surrogates
 * that was split over two chunks is whole again. All of it together is never more than the bytes of the stream. */
#ifndef CC_SEEN_H
#define CC_SEEN_H

#include "validator/lib/shape.h"

enum {
    CHOICES_KEPT = 256, /* choices of a stream that are followed; n is at most 128 */
    CALLS_KEPT = 1024,  /* tool calls of a choice */
    MEMBERS_KEPT = 64,  /* different members of an object that is put together */
    MERGE_DEPTH = 6,    /* objects within objects that are merged; deeper ones are replaced */
};

struct raw {
    char *at;
    size_t length, room;
};

/* An object that is put together from pieces, member by member. */
struct members {
    struct member *at;
    size_t count, room;
};

struct member {
    struct raw key;
    struct origin from;    /* where its value began */
    bool grown;            /* it came in pieces */
    bool lacking;          /* only the first piece of its text was kept */
    unsigned type;         /* one bit of enum type; what `text` or `inner` holds */
    struct raw text;       /* of a string without quotes, of an array without brackets, of anything else as it stood */
    struct trail trail;    /* of that text, when it is grown and kept */
    struct members inner;  /* of an object */
};

/* What merging did: `changes` counts all that was more than text added to text; the texts that grew are listed. */
struct growth {
    const struct event *now; /* the event that is folded */
    struct origin here;      /* the last place in it that was asked for */
    bool no_texts;           /* texts do not grow: their first piece stands for them */
    size_t changes;
    struct fluid grown[FLUIDS_MAX];
    size_t count;
};

struct call_seen {
    long long index;
    struct origin from;    /* its first fragment */
    struct raw id, name;   /* decoded: what the first fragment that had one said */
    bool custom;
    bool mixed;            /* fragments of different calls came under its index */
    struct members members;
};

struct choice_seen {
    long long index;
    bool role;             /* a delta had one */
    bool content, refusal; /* some of it, not empty */
    bool function_call, function_named;
    struct raw finish;     /* empty until there is a finish_reason */
    struct origin from, finish_from; /* the event that it came with first; the one that finished it */
    struct call_seen *calls; /* by index */
    size_t call_count, call_room;
    long long last_call;   /* index of the call whose fragment came last; -1 before */
    struct members message, logprobs, others; /* of the deltas; of logprobs; other members of the choice */
    bool logprobs_set;
};

struct seen {
    /* the request, when it is known */
    bool asked;
    long long n;              /* 0 = not known */
    bool include_usage, usage_may_run, no_obfuscation, stream, logprobs, moderation, named_tool;
    /* the events */
    size_t chunks;            /* without an opening chunk of a content filter */
    bool filter;              /* there was one */
    bool done;                /* a terminator came, if not quite the right one */
    bool error;               /* an error came: what is lacking then is no fault of its own */
    bool envelope;            /* and it was an event of its own */
    bool lost;                /* an event could not be read: who knows what was in it */
    bool lost_last;           /* and it was the last one */
    /* what all chunks share, decoded, from the first that had it */
    struct raw id, model, fingerprint, tier;
    bool created_set;
    long long created;
    /* usage and moderation */
    size_t usages;            /* chunks with a usage object */
    bool usage_alone;         /* the last one of them had no choices */
    long long usage_tokens;   /* its completion_tokens */
    bool moderation_seen;
    struct choice_seen *choices; /* by index */
    size_t choice_count, choice_room;
    size_t finished;          /* how many of them have a reason */
    bool refusals;            /* any of them refuses */
    struct members top;       /* members of the chunks, the last word counts */
    struct growth growth;     /* what the last event did */
    bool failed;              /* memory ran out */
};

bool seen_begin(void *state, struct view request, bool no_texts);
bool seen_fold(void *state, struct ask *ask, const struct event *now);
void seen_clear(void *state);
/* As the sequence's `kind_of`. */
enum cc_kind seen_kind(const void *state, struct view payload, const char **instead);
/* As the sequence's `fluids` and `again`. */
size_t seen_fluids(void *state, const struct event *now, struct fluid *fluids);
bool seen_again(void *state, const struct event *now, const struct fluid *fluids, const struct text *texts, size_t count);

/* What is known of that choice or call; NULL when nothing is. */
const struct choice_seen *seen_choice(const struct seen *seen, struct view index);
const struct call_seen *seen_call(const struct choice_seen *choice, long long index);
/* The member of that name; NULL when there is none. */
const struct member *seen_member(const struct members *members, const char *key);

/* What a payload is. */
enum payload { PAYLOAD_NONE, PAYLOAD_CHUNK, PAYLOAD_ERROR, PAYLOAD_STRANGE };
enum payload payload_of(struct view event);
/* Azure opens its streams with a chunk that has no choices, no id and no model, but results of a content filter. */
bool is_opening_filter(const struct seen *seen, struct view chunk);
/* With an asynchronous filter Azure sends its results for text that went before as chunks of choices without delta; id and model are empty,
 * created is 0. */
bool is_filter_note(struct view chunk);
/* A terminator, or what was meant to be one. */
bool is_nearly_done(const char *data, size_t length);

#endif
