/* json_schema_work.h: work that ends: what a check or a compilation may cost, what values are to them, and the errors that they list. */
#ifndef CC_JSON_SCHEMA_WORK_H
#define CC_JSON_SCHEMA_WORK_H

#include "validator/lib/json_schema.h"
#include "validator/lib/pile.h"

enum { SCHEMA_BYTES = 256 << 10, SCHEMA_DEPTH = 64, SCHEMA_HOPS = 256, SCHEMA_LEVELS = 1024, SCHEMA_STEPS = 1000000, SCHEMA_ERRORS = 1000 };

/* --- costs and values (json_schema_same.c) */

struct effort {
    struct pile pile;            /* for the time of a check */
    size_t steps, most_steps;
    enum cc_schema_reason stop;  /* why the work ended before its end */
    const char *why;             /* one sentence about that, constant */
    bool no_memory;
};

/* Ends the work; always false. */
bool effort_stop(struct effort *effort, enum cc_schema_reason stop, const char *why);
bool effort_no_memory(struct effort *effort);
/* Counts steps; false when that is enough. */
static inline bool effort_spend(struct effort *effort, size_t steps)
{
    effort->steps += steps;
    return effort->steps <= effort->most_steps || effort_stop(effort, CC_SCHEMA_TOO_EXPENSIVE, "the check takes more steps than it may");
}
static inline bool effort_over(const struct effort *effort) { return effort->stop != CC_SCHEMA_CLEAR; }

/* The string, unescaped; in the document or in the pile. No bytes when memory runs out. */
struct text effort_text(struct effort *effort, const struct document *doc, uint32_t at);
/* A key or string that is this text, unescaped. */
bool escaped_key_is(struct effort *effort, const struct document *doc, uint32_t key, struct text text);
static inline bool key_is(struct effort *effort, const struct document *doc, uint32_t key, struct text text)
{
    const struct value *v = &doc->values[key];
    if (v->flags & V_ESCAPED) return escaped_key_is(effort, doc, key, text);
    return v->length == text.length && memcmp(doc->text + v->offset, text.bytes, text.length) == 0;
}
/* Values that are the same: numbers by value, objects without order. Both have equal hashes then. */
bool values_same(struct effort *effort, struct view a, struct view b);
uint64_t value_hash(struct effort *effort, struct view value);
/* The first item that is the same as one before it, or nothing; *before is that one. */
struct view repeated_item(struct effort *effort, struct view array, size_t *before, size_t *index);

/* --- errors (json_schema_report.c) */

/* The step of a pointer that was taken last. */
struct last_child {
    struct view container, child;
    size_t index;
};

struct tally {
    struct cc_schema_report report;
    struct cc_schema_error *errors;
    size_t room, most;
    struct pile texts;
    struct last_child last;
    bool failed; /* memory ran out */
};

void tally_start(struct tally *tally, size_t most);
void tally_clear(struct tally *tally);
/* Adds an error, whose texts are constants or stand in the tally's pile. */
void tally_add(struct tally *tally, const struct cc_schema_error *error);
/* True while there is room for another; counts it as dropped otherwise. */
bool tally_wants(struct tally *tally);
/* JSON pointer of a value within the value at `root`. */
const char *tally_pointer(struct tally *tally, const struct document *doc, uint32_t root, uint32_t at);
/* The same with an address before it and a keyword behind it; both may be empty. */
const char *tally_place(struct tally *tally, struct text uri, struct view schema, const char *keyword);
/* A value as it is written, cut to the room of `out`, which is returned; for messages. */
const char *value_excerpt(struct view value, char *out, size_t out_size);
/* How much of a text is at most so long and ends with a whole character. */
size_t text_cut(const char *text, size_t length, size_t most);
/* The end of a value's text. */
size_t value_end(struct view value);

#endif
