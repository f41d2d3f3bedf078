/* json_schema_run.h: how a compiled schema is asked about a value. */
#ifndef CC_JSON_SCHEMA_RUN_H
#define CC_JSON_SCHEMA_RUN_H

#include "validator/lib/json_schema_parts.h"

/* Which items or members of the value at hand some schema looked at already. */
struct marks {
    uint64_t *bits; /* NULL: it does not matter */
    bool all;
};

/* A schema that is being asked about a value; they hang on the stack, the innermost first. */
struct frame {
    struct frame *outer;
    const struct node *node;
    uint32_t at;
    uint32_t hops; /* references that led here from the last value */
};

struct cc_schema_judge {
    struct effort effort;
    struct regex_run regex;
    struct document own; /* of texts that are handed in */
    struct tally tally;
    /* the check under way */
    const struct cc_schema *schema;
    const struct document *doc;
    uint32_t root;
    bool listing; /* errors are collected, and a check goes on behind one */
    struct frame *frame;
    size_t levels;
    /* the last demand that was broken, whether it was listed or not */
    const char *broken_keyword;
    uint32_t broken_at;
};

/* (json_schema_run.c) */
bool node_holds_wholly(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks);
/* The value keeps the schema. False as well when the work ended before its end. */
static inline bool node_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    return (judge->doc->values[at].type & node->enough) || node_holds_wholly(judge, node, at, marks);
}
/* The same without listing errors. */
bool node_holds_quietly(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks);
/* Says that a demand is broken; always false. */
bool demand_broken(struct cc_schema_judge *judge, const struct node *node, const char *keyword, uint32_t at, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
/* "1 item", "2 items" */
static inline const char *plural(unsigned long long count) { return count == 1 ? "" : "s"; }
/* Whether to look further after an error. */
static inline bool go_on(const struct cc_schema_judge *judge, bool ok) { return (ok || judge->listing) && !effort_over(&judge->effort); }

static inline void mark(struct marks *marks, size_t index)
{
    if (marks && marks->bits) marks->bits[index >> 6] |= (uint64_t)1 << (index & 63);
}
static inline bool is_marked(const struct marks *marks, size_t index) { return marks->all || (marks->bits[index >> 6] >> (index & 63) & 1); }
/* Empty marks for `count` items, in the pile. False when memory runs out. */
bool marks_new(struct cc_schema_judge *judge, size_t count, struct marks *marks);
void marks_add(struct marks *to, const struct marks *from, size_t count);

/* (json_schema_run_array.c, json_schema_run_object.c, json_schema_run_aside.c) */
bool string_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at);
bool number_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at);
bool array_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks);
bool items_are_evaluated(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks);
bool object_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks);
bool members_are_evaluated(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks);
bool aside_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks);
/* Looks for a pattern in a string or key. */
bool pattern_found(struct cc_schema_judge *judge, const struct regex *regex, uint32_t at);

#endif
