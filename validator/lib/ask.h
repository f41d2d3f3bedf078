/* ask.h: how a rule's predicate looks at documents.
 *
 * A view is one value of one document, or nothing. Every function takes an absent view and answers the natural nothing, so that a
 * predicate reads like the sentence it stands for and needs no checks of its own. */
#ifndef CC_ASK_H
#define CC_ASK_H

#include "validator/lib/reader.h"
#include "validator/lib/trail.h"

#include <string.h>

struct view {
    const struct document *doc; /* NULL: absent */
    uint32_t at;
};

struct text {
    const char *bytes; /* unescaped, not ended by NUL; NULL when there is no string */
    size_t length;
};

/* What a predicate is asked about, and what it may say about the answer. */
struct ask {
    struct view self;     /* the object that the rule belongs to; for exchange rules the exchange itself */
    struct view request;  /* for exchange and stream rules: the request's body, or absent */
    struct view response; /* for exchange rules: the answer's body, or absent */
    struct view http;     /* {"method","path","headers","status","response_headers"}, or absent */
    unsigned profile;
    bool cut;             /* the transport broke off: what a cut answer lacks is no fault */
    bool no_bearer;       /* the target does not use bearer authentication */
    /* for the predicate to fill in when it answers false */
    struct view blame;        /* the value at fault; absent = the first of READS that is there, else self */
    const char *blame_key;    /* a member of `blame` that is missing (constant), or NULL */
    size_t blame_byte;        /* of the text of `blame`, a string: where in it the fault shows; 0 = it is about all of it */
    struct origin origin;     /* of a sequence that is over: where the fault came; line 0 = at the end */
    char detail[200];         /* what was seen, added to the sentence in brackets; see say() */
    /* private */
    struct scratch *scratch;
    size_t spot;              /* where in a text the last question about it was answered with no; see blame_spot() */
    bool failed;              /* memory ran out: the answer does not count */
};

static inline bool there(struct view v) { return v.doc != NULL; }
static inline const struct value *value_of(struct view v) { return &v.doc->values[v.at]; }
static inline bool is(struct view v, unsigned types) { return v.doc && (value_of(v)->type & types) != 0; }
static inline bool is_set(struct view v) { return v.doc && value_of(v)->type != NIL; } /* there and not null */
static inline bool is_true(struct view v) { return is(v, BOOL) && (value_of(v)->flags & V_TRUE); }
static inline struct view nowhere(void) { return (struct view){0}; }

/* The same for a string that is written with escapes. */
bool escaped_text_is(struct view string, const char *word);

/* The string, unescaped, is this word. False for anything but a string. Inline, so that a literal costs a load or two. */
static inline bool text_is(struct view string, const char *word)
{
    if (!is(string, STR)) return false;
    const struct value *v = value_of(string);
    if (v->flags & V_ESCAPED) return escaped_text_is(string, word);
    size_t length = strlen(word);
    return v->length == length && memcmp(string.doc->text + v->offset, word, length) == 0;
}

/* The member of that name of an object (of repeated ones the last), or nothing. Inline, so that a literal key costs a load or two. */
__attribute__((always_inline)) static inline struct view get(struct view object, const char *key)
{
    struct view found = nowhere();
    if (!is(object, OBJ)) return found;
    size_t length = strlen(key);
    const struct document *doc = object.doc;
    const struct value *values = doc->values;
    for (uint32_t at = object.at + 1, end = values[object.at].next; at < end; at = values[at + 1].next) {
        bool same = values[at].length == length && memcmp(doc->text + values[at].offset, key, length) == 0;
        if (same || ((values[at].flags & V_ESCAPED) && text_is((struct view){doc, at}, key))) found = (struct view){doc, at + 1};
    }
    return found;
}

/* get(get(v, a), b) ...: "message/tool_calls". Array indexes are numbers: "choices/0/message". */
struct view get_path(struct view v, const char *path);
/* Items of an array, members of an object; 0 for anything else. */
static inline size_t count(struct view v) { return is(v, ARR | OBJ) ? value_of(v)->length : 0; }

/* Walking: for (struct view item = first(array); there(item); item = after(item, array)). For objects it yields the values; key_of() gives
 * the key of the value. */
static inline struct view first(struct view container)
{
    if (count(container) == 0) return nowhere();
    return (struct view){container.doc, container.at + (is(container, OBJ) ? 2u : 1u)};
}

static inline struct view after(struct view item, struct view container)
{
    uint32_t next = value_of(item)->next;
    if (next >= value_of(container)->next) return nowhere();
    return (struct view){item.doc, next + (is(container, OBJ) ? 1u : 0u)};
}

static inline struct view key_of(struct view value)
{
    if (!there(value) || value.at == 0 || !(value.doc->values[value.at - 1].flags & V_KEY)) return nowhere();
    return (struct view){value.doc, value.at - 1};
}
#define EVERY(item, container) struct view item = first(container); there(item); item = after(item, container)

/* The string, unescaped. Lives until the predicate answers. */
struct text text_of(struct ask *ask, struct view string);
/* The same bytes but for ASCII case. */
bool same_letters(const char *a, const char *b, size_t length);
/* The text has this word somewhere; ASCII case does not count. */
bool text_mentions(struct text text, const char *word);
/* Whether one more pattern of so many bytes may be compiled for this document: it may have 256 KiB of them. */
bool may_compile(struct ask *ask, size_t bytes);
/* Two strings that are the same text. */
bool text_same(struct view a, struct view b);
/* Two values that are the same JSON value (numbers by value, objects without order). */
bool value_same(struct ask *ask, struct view a, struct view b);

/* The number, or `otherwise` when there is none. Integers beyond int64 give `otherwise`. */
double number_of(struct view v, double otherwise);
long long integer_of(struct view v, long long otherwise);
/* The number as written equals a whole number (1, 1.0, 1e0). */
bool is_whole(struct view v);

/* Code points of a string (unescaped); 0 for anything else. */
size_t chars_of(struct view string);

/* Adds what was seen to the finding's sentence; returns false, so that a predicate can end with it. */
bool say(struct ask *ask, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Names the value at fault; returns false. */
bool blame(struct ask *ask, struct view at);
bool blame_missing(struct ask *ask, struct view object, const char *key);
/* Names the string at fault, and in it the byte that the last question about its text stumbled over; returns false. */
bool blame_spot(struct ask *ask, struct view string);
/* Where byte `byte` of the string's text is written, in bytes from its opening quote on; escapes make the two differ. */
size_t string_offset(struct view string, size_t byte);

/* Memory for the time of one question; never freed by the caller. NULL (and ask->failed) when it runs out. */
void *scratch_take(struct ask *ask, size_t size);

/* What several rules want to know of the same value is found out once. `make` fills in at most REMEMBERED_SIZE bytes, zeroed before; it
 * is asked again only for another subject or the next document. It must not keep scratch memory. `key` is a number of the tables' own,
 * below REMEMBERED_KEYS. */
enum { REMEMBERED_KEYS = 4, REMEMBERED_SIZE = 512 };
const void *remembered(struct ask *ask, unsigned key, struct view subject, void (*make)(struct ask *ask, struct view subject, void *fact));

/* A document to read JSON into that stands inside a string; it is kept, so that reading allocates nothing once it is warm. One at a
 * time: the next call may give the same. */
struct document *spare_document(struct ask *ask);

#endif
