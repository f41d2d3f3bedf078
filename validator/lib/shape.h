/* shape.h: the rows that API tables are made of.
 *
 * A shape says what an object looks like: a row for each key (field), and the promises over several keys (rule). A row's columns are all
 * optional; absent is zero. Each promise a row makes is one facet (type, required, range ...), and each facet of each place where a shape
 * is mounted is one constraint with a public id:
 *
 *     <prefix of the mount> . <key> . <name of the facet>        request.stop.max_items
 *
 * The prefix grows on the way down: the members of the object under `audio` of `request` get `request.audio`. Items of an array add
 * nothing for their members (request.tools.function), but facets of an item itself are called `item` (request.tools.item.type). A shape
 * or pick with a .name starts a new prefix there. A key called `type` is called `type_member` in ids, because `.type` is a facet. A row that
 * needs another spelling carries `.as`; a single facet of it carries a NOTE with `.id`.
 *
 * Tables hold data only. Judgement that data cannot express is a small predicate named by the row. Arrays end with {0}. */
#ifndef CC_SHAPE_H
#define CC_SHAPE_H

#include "chatconform.h"
#include "validator/lib/ask.h"
#include "validator/lib/reader.h"

/* Kinds of promise a field can make. The order is the order in which they are asked; the names for ids stand in facets.c. */
enum facet {
    FACET_NONE,
    REQUIRED_,     /* the member is there                                   .required */
    TYPE_,         /* it has one of the types                               .type */
    NULL_,         /* null on an optional member that is not nullable       .null */
    WORD_,         /* a string from a closed list                           .enum (.const when there is one word) */
    WORD_NOTE_,    /* a word that is allowed but frowned upon               .<word>.<level> */
    PART_TYPE_,    /* a known tag, not allowed in this place                .part_types */
    LEXICAL_,      /* an integer written as 1.0                             .integer_lexical */
    MIN_, MAX_,    /* a number in range                                     .range (.min, .max when only one side is bounded) */
    MIN_ITEMS_, MAX_ITEMS_, /* an array's length                            .min_items .max_items */
    MIN_CHARS_, MAX_CHARS_, /* a string's length in code points             .length (.non_empty, .max_length when one side is bounded) */
    FORM_,         /* a string's form                                       .<form's own name> */
    MAX_MEMBERS_,  /* an object's size                                      .max_properties */
    KEY_FORM_,     /* the form of a map's keys                              .key.<form's own name> */
    KEY_CHARS_,    /* the length of a map's keys                            .key.max_length */
    UNKNOWN_,      /* a member that the shape does not know                 .unknown_member */
    DEPRECATED_,   /* the member has a successor                            .deprecated */
    FACET_COUNT
};

/* One word of a closed list. With a level it is allowed, but using it is a finding of that level. */
struct word {
    const char *text;
    unsigned profiles;    /* in which it is known; 0 = all */
    enum cc_level level;  /* 0 = fine */
    const char *id, *says, *ref; /* of the finding, when there is a level; id 0 = derived: <field>.<word>.<level> */
};

/* Inclusive bounds; a bound that does not exist is NONE. */
struct range {
    double low, high;
};
#define NONE ((double)__builtin_inf())

/* A form that a string must have. `holds` gets the unescaped text. */
struct form {
    const char *name;     /* facet in ids: "pattern", "base64" */
    const char *pattern;  /* the same as an ECMA regular expression, where one can say it; for the exported schema and as a second opinion */
    bool (*holds)(const char *text, size_t length);
    enum cc_level level;  /* 0 = CC_MUST */
    unsigned profiles;    /* 0 = all */
    const char *says;     /* what must hold, continuing the name of the member: "uses only letters, digits, _ and -" */
    const char *ref;      /* source, when it is not the field's */
    const char *good, *bad; /* example strings, unescaped text; `bad` breaks this form and keeps those before it in the row */
};

/* What differs from the derived for one facet of a row. */
struct note {
    enum facet facet;
    enum cc_level level;  /* 0 = CC_MUST, or CC_PORTABILITY for NULL_ and UNKNOWN_, CC_DEPRECATED for DEPRECATED_, CC_PORTABILITY for LEXICAL_ */
    unsigned profiles;    /* in which this facet is in force; 0 = as the row */
    const char *id;       /* whole id */
    const char *says;     /* whole sentence of what must hold */
    const char *ref;
    const char *beside;   /* JSON members that the derived case needs in the document root, besides what the row's .beside gives */
    const char *bad;      /* JSON value for the derived case, when the facet's own idea would break something else too */
    bool off;             /* this facet is not in force at all */
    bool below;           /* of a shape's notes: in force in the shapes below only, not in this one */
    const char *because;  /* why it differs, when a source would have it otherwise */
};

struct shape;
struct pick;

/* One key of an object, or the items of an array (then without key). */
struct field {
    const char *key;
    unsigned need;               /* REQUIRED, NOT_NULL_IS_MISSING, see below */
    unsigned is;                 /* types, of enum type */
    const struct word *words;    /* of a string */
    const struct range *between; /* of a number */
    const struct range *items;   /* of an array */
    const struct range *chars;   /* of a string, in code points */
    const struct form *const *forms; /* of a string; the first that fails is reported */
    const struct shape *shape;   /* of an object */
    const struct pick *pick;     /* of an object that is one of several */
    const struct field *each;    /* of the items of an array */
    const struct word *parts;    /* with each->pick: the tags that are allowed here (PART_TYPE_); 0 = all of the pick's */
    const struct field *values;  /* of an object that is a map: its members' values */
    const struct form *const *keys; /* of a map's keys */
    const struct range *key_chars;  /* of a map's keys: only the high bound is used */
    const struct range *members; /* of a map: only the high bound is used */
    unsigned profiles;           /* in which the key is known; 0 = all */
    const char *as;              /* spelling in ids, when not the key */
    const char *ref;             /* source of all its facets; 0 = that of the shape, a dot and the key */
    const char *says;            /* what the member is, for the manual */
    const char *sample;          /* JSON of a correct value; 0 = derived from the columns */
    const char *beside;          /* JSON object: members of the document root that this member needs beside it */
    const struct note *notes;
};

/* .need */
enum {
    OPTIONAL = 0,
    REQUIRED = 1,
    NULL_IS_MISSING = 2, /* null counts as absent: a required member gives .required, an optional one gives nothing */
};

/* An object that is one of several: the value of one member (the tag) says which. */
struct variant {
    const char *word;          /* value of the tag */
    const struct shape *shape;
    const char *before;        /* JSON array: items that must stand before it in its array for a derived case */
    const char *after;         /* JSON array: items that must stand behind it */
};

struct pick {
    const char *name;          /* prefix of the tag's ids ("request.content_part"), 0 = the mount's */
    const struct field *tag;   /* the tag's row; its .words are the known words */
    const struct variant *variants;
};

/* A promise over several members (or over a request and its answer). */
struct rule {
    const char *id;            /* the whole public id */
    bool (*holds)(struct ask *ask);
    enum cc_level level;
    unsigned profiles;         /* 0 = all */
    const char *says;          /* what must hold, as one sentence without a full stop */
    const char *ref;
    /* What must occur for the rule to matter: a member that is not null ("stop"), or something anywhere below this object by its path
     * ("messages/ * /tool_calls", without the blanks), with a colon for an object that a tag chose ("messages/ * :tool"), or several such paths with blanks between, which must all occur.
     * 0 = always asked.
     * It only saves time: a rule may be asked without it, so the predicate does not rely on it. */
    const char *when;
    const char *const *reads;  /* paths from this object that it reads: "tools/ * /function/name", without the blanks */
    const char *good, *bad;    /* JSON: members laid over the shape's sample; `bad` gives exactly this finding, `good` none */
    const char *const *absorbs; /* ids of findings that this one explains away */
};

/* What an object looks like. */
struct shape {
    const char *name;          /* starts a new prefix of ids; 0 = that of the mount */
    const char *ref;           /* source: "openai:CreateChatCompletionRequest" */
    const struct field *fields;
    const struct rule *rules;
    const struct note *notes;  /* for UNKNOWN_ and NULL_: in force here and, unless they say otherwise, in the shapes below */
    bool open;                 /* unknown members are nobody's business (JSON schemas, vendor objects) */
    const char *sample;        /* the smallest JSON object that keeps everything */
};

#define W(...) {__VA_ARGS__}
#define WORDS(...) .words = (const struct word[]){__VA_ARGS__, {0}}
#define PARTS(...) .parts = (const struct word[]){__VA_ARGS__, {0}}
#define BETWEEN(lo, hi) .between = &(const struct range){lo, hi}
#define ITEMS(lo, hi) .items = &(const struct range){lo, hi}
#define CHARS(lo, hi) .chars = &(const struct range){lo, hi}
#define MEMBERS(hi) .members = &(const struct range){0, hi}
#define KEY_CHARS(hi) .key_chars = &(const struct range){0, hi}
#define FORMS(...) .forms = (const struct form *const[]){__VA_ARGS__, NULL}
#define KEYS(...) .keys = (const struct form *const[]){__VA_ARGS__, NULL}
#define EACH(...) .each = &(const struct field){__VA_ARGS__}
#define VALUES(...) .values = &(const struct field){__VA_ARGS__}
#define NOTES(...) .notes = (const struct note[]){__VA_ARGS__, {0}}
#define READS(...) .reads = (const char *const[]){__VA_ARGS__, NULL}
#define ABSORBS(...) .absorbs = (const char *const[]){__VA_ARGS__, NULL}
#define VARIANTS(...) .variants = (const struct variant[]){__VA_ARGS__, {0}}
#define JSON(...) #__VA_ARGS__

/* A promise over a sequence of events. All state rules of a sequence share one state, which the sequence folds forward after they were
 * asked: so each is a pure question about what came before and what comes now. */
struct event {
    struct view view;          /* the event's document (absent when it is not JSON) */
    const char *data;          /* its raw payload */
    size_t length;
    size_t number;             /* from 0 */
    size_t offset;             /* byte of the stream at which the payload begins */
    size_t line, column;       /* of that byte, from 1 */
    bool terminator;           /* the payload is [DONE] */
    uint64_t met;              /* the triggers that occurred in the document; all of them when nobody looked */
};

struct state_rule {
    const char *id;
    bool (*step)(struct ask *ask, const void *before, const struct event *now); /* asked at each event; 0 = never */
    bool (*end)(struct ask *ask, const void *all);                              /* asked when the stream is over; 0 = never */
    enum cc_level level;
    unsigned profiles;
    const char *says, *ref;
    const char *when;          /* what must occur in the event's document for `step` to matter, as with rules */
    const char *const *reads;  /* paths in the event's document */
    const char *good, *bad;    /* whole event streams */
    const char *request;       /* JSON members of the request that asked for `good` and `bad`; 0 = {"stream": true} only */
    bool often;                /* report each occurrence; otherwise only the first of a stream (per choice the rule decides itself) */
    const char *const *absorbs;
};

/* A string of an event whose text no row and no rule looks at (but whether there is any), and where its text goes in the state. */
struct fluid {
    size_t offset, length;     /* of the text in the event's data, as it stands there */
    size_t characters;         /* how many begin before it */
    void *target;              /* the sequence's own; NULL: nowhere */
};
enum { FLUIDS_MAX = 8 };

/* From byte `at` of the sum on, until the next piece, this is where it came from. */
struct sum_piece {
    size_t at;
    struct origin from;
    bool verbatim;             /* it stands there as it came, so that what is inside has its own place */
    const struct trail *trail; /* of what stands inside of its quotes or brackets, when that came in pieces; NULL when not */
    bool lacking;              /* not all of this value was kept: nobody may judge it */
};

/* The document that the events of a sequence add up to. */
struct sum {
    char *text;                /* JSON, from malloc */
    size_t length;
    struct sum_piece *pieces;  /* in order, from malloc */
    size_t count, room;
};

/* A part of the events' documents that the sum has under another name, or that tells where another part goes: pointers with `*` for
 * indexes. The first that fits counts. */
struct rename {
    const char *from, *to;
};

struct sequence {
    enum cc_kind kind;         /* of the documents that events carry; what a rule's .when names is there */
    size_t state_size;
    const char *terminator;    /* the data of the event that ends the sequence */
    /* Whether data that is no JSON was probably meant as the terminator, which a rule then says. */
    bool (*meant_to_end)(const char *data, size_t length);
    /* The kind of document that an event carries (CC_AUTO: none that is known), before it is folded. `*instead`, when it is set, is the id of
     * the one finding that stands for all that is odd about the document. */
    enum cc_kind (*kind_of)(const void *state, struct view payload, const char **instead);
    bool (*begin)(void *state, struct view request, bool no_texts);             /* `no_texts`: keep none that grow. False: out of memory */
    bool (*fold)(void *state, struct ask *ask, const struct event *now);
    void (*clear)(void *state);
    /* May be NULL. The fluid strings of the event that was folded last, in order of their offsets, when it changed nothing else of the
     * state; else 0, and what was said before holds no longer. `fluids` has room for FLUIDS_MAX. */
    size_t (*fluids)(void *state, const struct event *now, struct fluid *fluids);
    /* The same event again with other texts, one for each fluid; `now` has no view. False: out of memory. */
    bool (*again)(void *state, const struct event *now, const struct fluid *fluids, const struct text *texts, size_t count);
    const struct state_rule *rules;
    /* May be NULL. What all events add up to, a document of kind `sum_kind`: no text while it is not whole. False: out of memory. */
    bool (*sum)(const void *state, struct sum *sum);
    enum cc_kind sum_kind;
    const struct rename *renames; /* ended by {0} */
    /* Constraints of that kind that sums are not asked: they are about documents that came in one piece, or the rules of the sequence say
     * them for good. What a rule says when it is broken, it absorbs. Ended by NULL. */
    const char *const *unasked;
};

/* Where shapes are mounted: one row a kind of document. */
struct mount {
    enum cc_kind kind;
    const char *name;          /* prefix of ids: "request", "response", "stream.chunk" */
    const struct shape *shape;
};

/* What an exchange asks of the endpoint; completions that were stored are listed, shown, changed and deleted under the same path. */
enum operation { COMPLETE, LIST, SHOW, UPDATE, LIST_MESSAGES, DELETE_ };

/* What a set of tables defines for the engine: its mounts (ended by a row without a shape), the rules over a request and its answer (judged
 * through ask->request and ask->response), the promises over the events of a stream, and which operation an exchange is, by the document of
 * HTTP (absent: nothing is known of it). What is no path of the API is held for a completion, and so are its bodies. */
extern const struct mount mounts[];
extern const struct rule exchange_rules[];
extern const struct sequence stream_sequence;
enum operation operation_of(struct view http);

#endif
