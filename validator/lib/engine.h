/* engine.h: what the parts of the engine know of each other.
 *
 * Tables are compiled once into plans: a plan is a shape at the place where it is mounted, with the ids of its constraints, a hash table
 * of its keys and its rules sorted by the member that triggers them. A judge walks a document's index along a plan and collects findings. */
#ifndef CC_ENGINE_H
#define CC_ENGINE_H

#include "validator/lib/ask.h"
#include "validator/lib/shape.h"

/* Short texts, which are the rule here, are compared faster than memcmp can be called. */
static inline bool same_bytes(const char *a, const char *b, size_t length)
{
    uint64_t x, y;
    if (length > 16) return memcmp(a, b, length) == 0;
    if (length >= 8) {
        memcpy(&x, a, 8), memcpy(&y, b, 8);
        if (x != y) return false;
        memcpy(&x, a + length - 8, 8), memcpy(&y, b + length - 8, 8);
        return x == y;
    }
    for (size_t i = 0; i < length; i++)
        if (a[i] != b[i]) return false;
    return true;
}

struct told;

/* --- constraints (registry.c) */

/* A constraint with what derived it. Number 0 stands for none. */
struct constraint {
    struct cc_rule rule;
    enum facet facet;              /* FACET_NONE for rules, state rules and the reader's */
    const struct site *site;       /* of a facet */
    const struct form *form;       /* of FORM_ and KEY_FORM_ */
    const struct word *word;       /* of WORD_NOTE_ */
    const struct plan *plan;       /* the plan that holds the site or the rule */
    const struct rule *of_rule;
    const struct state_rule *of_state;
    const char *const *absorbs;
    const char *title;             /* path for people: "messages[].content" */
};

const struct constraint *constraint_at(unsigned number);
/* The number of the constraint with that id; 0 when there is none. */
unsigned constraint_find(const char *id);
/* The same among those that were added so far, while tables are compiled. */
unsigned constraint_known(const char *id);
/* Adds one, or returns the number of the one that has this id already. 0 when memory runs out. Only while tables are compiled. */
unsigned constraint_add(const struct constraint *constraint);
unsigned constraint_count(void); /* numbers 1 .. count */
/* How many rows derive an id that another row has with another level: a mistake in the tables, said on standard error. */
unsigned constraint_clashes(void);

/* --- plans (plan.c) */

enum { WORDS_MAX = 40, SLOTS_MAX = 64 };

/* A field where it is mounted. */
struct site {
    const struct field *field;
    const char *id;                /* prefix of the ids of its facets: "request.stop" */
    const char *path;              /* "/stop" */
    const char *title;             /* "stop" */
    unsigned key_length;
    unsigned profiles;             /* in which the key is known; never 0 */
    unsigned facets;               /* how many constraints are looked at here, for counting */
    unsigned ids[FACET_COUNT];     /* constraint numbers; 0 = not promised here */
    unsigned word_ids[2];          /* of WORD_ under newapi and openai */
    unsigned *form_ids, *key_ids, *word_note_ids; /* parallel to .forms, .keys, .words; may be NULL */
    unsigned char *word_lengths;   /* parallel to .words */
    unsigned char *part_lengths;   /* parallel to .parts */
    uint64_t triggers;             /* of rules further up that are asked when this is there */
    enum cc_kind kind;             /* of the document it is part of */
    const struct site *each, *values;
    const struct plan *plan;       /* of .shape */
    const struct pick_plan *pick;  /* of .pick */
    const struct plan *host;       /* the plan whose object holds this member; NULL for items of an array */
    const struct site *owner;      /* for items and map values: the array's or map's own site */
    const struct pick_plan *tag_of; /* for a tag: the pick that it belongs to */
};

struct pick_plan {
    const struct pick *pick;
    const struct site *tag;
    uint16_t tag_hash;
    const struct site *holder;     /* the site whose objects it tells apart */
    const struct plan **plans;     /* parallel to the tag's words; NULL where no variant has a shape */
    uint64_t *triggers;            /* parallel to the tag's words, like those of sites */
};

struct rule_site {
    const struct rule *rule;
    unsigned id;
    unsigned profiles;
    uint64_t trigger;              /* of a rule whose .when lies deeper: asked when judge.seen has it */
};

struct plan {
    const struct shape *shape;
    enum cc_kind kind;             /* of the document it is part of */
    const char *id, *path, *title;
    const struct site *sites;
    unsigned site_count;
    uint64_t required;             /* slots of required members */
    unsigned unknown;              /* constraint of UNKNOWN_, 0 when open */
    uint16_t mask;                 /* of the hash table */
    unsigned char *slots;          /* hash -> site index + 1 */
    const struct rule_site *rules; /* those without .when first, then by slot, then those whose .when lies deeper */
    unsigned always;               /* how many have no .when */
    unsigned *rules_from;          /* site_count + 1 entries: rules of slot i are [from[i], from[i + 1]) */
    unsigned rule_count;
    uint64_t ruled;                /* slots that have rules */
    const struct site *holder;     /* the site that mounts it (with owner and host upwards); NULL for a root */
    const struct variant *variant; /* when a pick chose it */
};

/* Compiles all tables, once in a process. False when memory ran out. */
bool engine_ready(void);
/* The root plan of a kind, or NULL. */
const struct plan *plan_of(enum cc_kind kind);
/* Compiled exchange rules and state rules; `*count` of them. */
const struct rule_site *plan_exchange_rules(unsigned *count);
struct state_site {
    const struct state_rule *rule;
    unsigned id, profiles;
    uint64_t trigger;              /* of its .when */
};
enum { STATE_RULES_MAX = 128 };
const struct state_site *plan_state_rules(unsigned *count);
/* What is not asked about what a sequence adds up to. */
const struct constraint *const *plan_unasked(unsigned *count);

/* The site of a key of an object, or NULL. */
const struct site *plan_find(const struct plan *plan, const struct document *doc, uint32_t key);

/* Gives every limit that is 0 its default, and none more than its hard cap. */
void limits_fill(struct cc_limits *limits);

/* --- scratch memory (ask.c) */

struct scratch {
    char *block;
    size_t used, room;
    struct scratch_old *old;
    struct document spare;
    size_t compiled;              /* bytes of patterns, since the document began */
    struct schema_work *schemas; /* (ask_json.c) NULL until it is wanted */
    bool known[REMEMBERED_KEYS];
    uint32_t subjects[REMEMBERED_KEYS];
    _Alignas(16) char facts[REMEMBERED_KEYS][REMEMBERED_SIZE];
};
/* A new document begins: nothing is remembered of the last. */
void scratch_forget(struct scratch *scratch);
void scratch_reset(struct scratch *scratch);
void scratch_clear(struct scratch *scratch);
/* (ask_json.c) What one question did with schemas is over; `work` may be NULL. */
void schema_work_reset(struct schema_work *work);
void schema_work_free(struct schema_work *work);

/* --- judging (walk.c, question.c, report.c) */

/* Where the document that is being judged stands in what the user handed in. */
struct context {
    enum cc_part in;
    size_t event;
    size_t base;               /* added to offsets */
    size_t line, column;       /* of the document's first byte, when `placed`; else counted from the document's own text */
    bool placed;
    uint32_t root;             /* pointers are relative to this value of the document */
    bool soften;               /* all findings become notes */
};

/* An error at a value (or at a missing member of it): rules that read it are not asked. */
struct mark {
    const struct document *doc;
    uint32_t at;
    const char *key;
};

enum { MARKS_MAX = 512 };

struct finding_text { /* offsets into the report's text, until it is finished */
    size_t pointer, message;
};

struct judge {
    unsigned profile;
    bool no_bearer, no_answer;
    const struct told *hushed; /* of these rules nothing is said now; NULL: of none */
    struct cc_limits limits;   /* all set */
    struct context context;
    struct view request;       /* of an exchange, while its answer is judged */
    struct scratch scratch;
    struct mark *marks;
    unsigned mark_count, mark_room; /* MARKS_MAX of them: too many, nothing is sound */
    uint64_t seen;             /* triggers that occurred in this document */
    bool failed;               /* memory ran out */
    /* the report under construction */
    struct cc_finding *findings;
    struct finding_text *texts;
    size_t room;
    char *text;
    size_t text_used, text_room;
    struct cc_report report;
    const struct document *placed_doc; /* where counting lines has got to */
    size_t placed_offset, placed_line, placed_column;
};

void judge_options(struct judge *judge, const struct cc_options *options);
/* document_read with the judge's limits. */
bool judge_read(struct judge *judge, struct document *doc, const char *bytes, size_t length);
/* Frees what it holds; it is of no more use. */
void judge_clear(struct judge *judge);
/* Forgets all findings. */
void judge_start(struct judge *judge, enum cc_kind kind);
/* Says which document the next findings are about. Marks stay until judge_forget_marks. */
void judge_context(struct judge *judge, const struct context *context);
void judge_forget_marks(struct judge *judge);
/* Something is wrong at this value, or at its missing member `key` (which must live as long as the marks). */
void judge_mark(struct judge *judge, struct view at, const char *key);

/* Walks the value along a plan: fields, then rules, bottom up. */
void judge_value(struct judge *judge, const struct plan *plan, struct view value);
/* Reports what the reader noticed. True when the document may be judged. */
bool judge_remarks(struct judge *judge, const struct document *doc, bool read);
/* What one answer left behind is gone before the next question. */
void ask_again(struct ask *ask);
/* Reports what a predicate answered with no, at that value. */
void judge_tell(struct judge *judge, unsigned id, struct view at, const struct ask *ask);
/* Asks one rule; reports it when it does not hold. The ask's views must be set. */
void judge_rule(struct judge *judge, const struct rule_site *rule, struct ask *ask);
/* Asks what an answer owes to its request. `http` may be absent; `cut`: the transport broke off. */
void judge_against(struct judge *judge, struct view request, struct view response, struct view http, bool cut);
/* True when nothing that these paths read is an error. Paths begin at `base`; "request/..." and "response/..." at the ask's views. */
bool judge_sound(const struct judge *judge, const struct ask *ask, struct view base, const char *const *reads);
/* Adds a finding of a constraint at a value, or at the missing member `key` of it. `detail` may be NULL; it is copied. */
void judge_find(struct judge *judge, unsigned constraint, struct view at, const char *key, const char *detail);
/* The same for a constraint whose site, plan or word was set aside for this one place. */
void judge_find_as(struct judge *judge, const struct constraint *c, struct view at, const char *key, const char *detail);
/* The same at a byte of the text of a string. */
void judge_find_inside(struct judge *judge, unsigned constraint, struct view string, size_t byte, const char *detail);
/* The same with its sentence given whole, and at a byte offset when `at` is absent. */
void judge_find_text(struct judge *judge, unsigned constraint, struct view at, size_t offset, const char *message);
/* A listed finding is going to be taken out of the list: it no longer counts. */
void judge_uncount(struct judge *judge, size_t index);
/* Sorts and explains away; the report lives until judge_start. NULL when memory ran out. */
const struct cc_report *judge_finish(struct judge *judge);

/* --- facets (facets.c) */

struct facet_row {
    const char *name;          /* last component of ids; NULL = of its own making */
    enum cc_level level;       /* unless a note says otherwise */
    /* What must hold, into a buffer: "stop has at most 4 items". */
    void (*requires_)(char *out, size_t size, const struct constraint *c);
    /* What was seen: "stop has 5 items; at most 4 are allowed". */
    void (*seen)(char *out, size_t size, const struct constraint *c, const char *title, struct view at);
};
extern const struct facet_row facets[FACET_COUNT];
/* The same for every kind of constraint: the message of a finding. */
void finding_say(char *out, size_t size, const struct constraint *c, const char *title, struct view at, const char *detail);

/* --- the reader's own constraints (remarks.c) */
struct remark_row {
    enum remark what;
    struct cc_rule rule;
};
extern const struct remark_row remark_rows[];

/* --- streams inside an exchange (stream.c) */
/* Judges a whole event stream with the judge's report; `request` is the body that asked, or absent. */
void judge_stream(struct judge *judge, struct view request, const char *bytes, size_t length, bool cut);

#endif
