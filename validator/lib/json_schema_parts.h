/* json_schema_parts.h: what the files of the JSON Schema engine share: the compiled schema, and the work that is done with it.
 *
 * A schema becomes a graph of nodes, one for each place of its documents where a schema stands. A node keeps what is asked of each type of
 * value in blocks of its own, so that a check looks only at what matters for the value at hand. Nothing of it changes after it was made. */
#ifndef CC_JSON_SCHEMA_PARTS_H
#define CC_JSON_SCHEMA_PARTS_H

#include "validator/lib/decimal.h"
#include "validator/lib/json_schema.h"
#include "validator/lib/pile.h"
#include "validator/lib/regex.h"

enum { SCHEMA_BYTES = 256 << 10, SCHEMA_DEPTH = 64, SCHEMA_HOPS = 256, SCHEMA_LEVELS = 1024, SCHEMA_STEPS = 1000000, SCHEMA_ERRORS = 1000 };

/* --- work with an end (json_schema_same.c) */

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
/* The bytes of a value, at most `most` of them, as it is written; for messages. The result stands in `out`. */
const char *value_excerpt(struct view value, char *out, size_t out_size);
/* How much of a text is at most so long and ends with a whole character. */
size_t text_cut(const char *text, size_t length, size_t most);
/* The end of a value's text. */
size_t value_end(struct view value);

/* --- the compiled schema */

enum vocabulary {
    IN_CORE = 1,
    IN_APPLICATOR = 2,
    IN_UNEVALUATED = 4,
    IN_VALIDATION = 8,
    IN_META_DATA = 16,
    IN_FORMAT = 32,           /* as an annotation */
    IN_FORMAT_ASSERTION = 64,
    IN_CONTENT = 128,
    IN_STANDARD = IN_CORE | IN_APPLICATOR | IN_UNEVALUATED | IN_VALIDATION | IN_META_DATA | IN_FORMAT | IN_CONTENT
};

struct dialect {
    enum cc_draft draft;
    unsigned vocabularies; /* of enum vocabulary */
};

struct node;

struct nodes {
    struct node **list;
    uint32_t count;
};

/* $dynamicAnchor: a name that a resource gives one of its schemas. */
struct anchor {
    struct text name;
    struct node *node;
    struct anchor *next;
};

/* Where a document came from: the schema itself, the library, or this file's own metaschemas. */
enum origin { MAIN, GIVEN, BUILT_IN };

/* A document that schemas stand in. */
struct source {
    struct document doc; /* of a text of its own */
    struct text uri;     /* where it was found; empty of the schema itself, unless that was told */
    struct node **nodes; /* by value: the schema that stands there, or NULL */
    size_t offset;       /* of its text in the document that it was taken from */
    enum origin origin;
    struct source *next;
};

/* A schema with an address of its own ($id), or the root of a document. */
struct resource {
    struct text uri;
    struct dialect dialect;
    struct source *source;
    struct anchor *anchors;
};

/* enum. Long ones are sorted by hash. */
struct choices {
    struct view list;
    uint32_t count;
    struct choice {
        uint64_t hash;
        uint32_t at;
    } *sorted; /* NULL: short */
};

struct string_rules {
    uint64_t least, most; /* characters */
    const struct regex *pattern;
    const struct format *format;
};

enum bound { MINIMUM, MAXIMUM, EXCLUSIVE_MINIMUM, EXCLUSIVE_MAXIMUM, MULTIPLE_OF, BOUND_COUNT };

struct number_rules {
    bool set[BOUND_COUNT];
    struct decimal bounds[BOUND_COUNT];
};

struct array_rules {
    uint64_t least, most;
    bool unique;
    bool list_of_items;          /* draft 7: items is a list */
    struct nodes prefix;
    struct node *rest;           /* of the items after the prefix */
    const char *rest_keyword;    /* items or additionalItems */
    struct node *additional;     /* draft 7: additionalItems */
    struct node *contains;
    uint64_t least_contains, most_contains;
    struct node *unevaluated;
};

/* What depends on a key being there. */
struct dependence {
    const char *keyword;
    uint32_t *needs; /* numbers of members */
    uint32_t count;
    struct node *schema; /* or this */
    struct dependence *next;
};

/* What a schema says about one key: its number in the array is the number of its bit. */
struct member_rule {
    struct text key;
    struct node *schema; /* of properties, or NULL */
    struct dependence *dependence;
    uint16_t hash;
};

struct pattern_rule {
    const struct regex *regex;
    struct node *schema;
};

struct object_rules {
    uint64_t least, most;
    struct member_rule *members;
    uint32_t count;
    uint32_t *table; /* numbers of members + 1, by hash; open addressing */
    uint32_t mask;
    uint64_t *required; /* bits of members, or NULL */
    bool depends;
    struct pattern_rule *patterns;
    uint32_t pattern_count;
    struct node *additional;
    struct node *names;
    struct node *unevaluated;
};

/* Schemas asked about the same value. */
struct in_place {
    struct node *ref;
    struct node *dynamic;      /* what $dynamicRef means when nothing outside says otherwise */
    struct text dynamic_name;  /* empty: it is an ordinary reference */
    struct nodes all, any, one;
    struct node *no, *condition, *then, *otherwise;
};

enum node_kind { NODE_RULES, NODE_ANYTHING, NODE_NOTHING };

struct node {
    uint8_t kind;
    uint8_t types;     /* that are allowed, of enum type */
    uint8_t enough;    /* types of which nothing more is asked */
    bool whole;        /* a REAL must be a whole number */
    bool leaf;         /* asks no other node */
    bool tracks;       /* has unevaluatedItems or unevaluatedProperties */
    struct choices *choices;
    struct view constant; /* const, or absent */
    struct string_rules *strings;
    struct number_rules *numbers;
    struct array_rules *arrays;
    struct object_rules *objects;
    struct in_place *aside;
    struct view self;
    struct resource *resource;
    struct text dynamic_anchor;
};

/* Texts to things; the texts stay the caller's. Zero-initialise (json_schema_names.c). */
struct names {
    struct name {
        struct text text;
        void *thing;
    } *table;
    size_t count, room;
};

void *names_find(const struct names *names, struct text text);
/* False when memory runs out. Of equal texts the first counts. */
bool names_add(struct names *names, struct pile *pile, struct text text, void *thing);

struct pattern_list {
    struct regex *regex;
    struct pattern_list *next;
};

struct cc_schema {
    struct pile pile; /* of everything below */
    struct source *sources;
    struct names names;
    struct pattern_list *patterns;
    struct node *root;
    struct tally faults;
    struct cc_schema_limits limits;
};

/* --- compiling */

/* A reference to follow when all schemas are known. */
struct pending {
    struct node *node;
    struct view value; /* of the keyword */
    bool dynamic;
    struct pending *next;
};

struct maker {
    struct cc_schema *schema;
    const struct cc_schema_options *options;
    struct effort effort;
    struct pending *pending, **last_pending;
    const char *keyword; /* that is being read, or "" */
    size_t pattern_bytes; /* that compiled patterns take */
};

/* A node that is being made, and what is put together at its end. */
struct making {
    struct maker *maker;
    struct node *node;
    struct view properties, patterns, required, dependent_required, dependent_schemas, dependencies;
};

/* (json_schema_load.c) */
/* The schema at a place, made if need be. NULL when memory runs out. */
struct node *make_node(struct maker *maker, struct resource *resource, uint32_t at);
/* Reads a document and makes the schema at its root. NULL with a fault when that cannot be. */
struct node *load_source(struct maker *maker, struct text uri, struct text text, size_t offset, enum origin origin);
/* The root of the document or resource at an address, or NULL. */
struct node *find_address(struct maker *maker, struct text uri);
/* A fault of the schema at a value, of the keyword that is being read. Always false. */
bool schema_fault(struct maker *maker, enum cc_schema_reason reason, const struct resource *resource, struct view value, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
bool maker_failed(struct maker *maker); /* memory ran out */

/* (json_schema_refs.c) Follows all references that wait. */
void resolve_references(struct maker *maker);

/* (json_schema_dialect.c) What the $schema of a resource's root means; `dialect` stays as it is when it says nothing. */
void read_dialect(struct maker *maker, struct resource *resource, struct view root);

/* (json_schema_words.c) The table of keywords. */
enum value_kind {
    IS_ANY, IS_SCHEMA, IS_SCHEMAS, IS_ITEMS, IS_SCHEMA_MAP, IS_PATTERN_MAP, IS_DEPENDENCIES, IS_STRINGS_MAP, IS_STRINGS, IS_STRING,
    IS_TYPE, IS_NUMBER, IS_POSITIVE, IS_COUNT, IS_BOOL, IS_LIST, IS_ADDRESS, IS_ANCHOR, IS_VOCABULARY
};

enum { IN_DRAFT_7 = 1 << CC_DRAFT_7, IN_DRAFT_2020 = 1 << CC_DRAFT_2020_12, IN_BOTH = IN_DRAFT_7 | IN_DRAFT_2020 };

struct word {
    const char *name;
    unsigned drafts, vocabularies;
    enum value_kind is;
    void (*build)(struct making *making, struct view value); /* NULL: it says nothing about values */
};

extern const struct word schema_words[];
/* The keyword of that name in a dialect, or NULL. */
const struct word *find_schema_word(const struct dialect *dialect, struct view key);

/* (json_schema_shape.c) The value is one that its keyword may have; a fault otherwise. */
bool word_fits(struct making *making, const struct word *word, struct view value);

/* (json_schema_build.c, json_schema_build_object.c) */
void build_type(struct making *making, struct view value);
void build_enum(struct making *making, struct view value);
void build_const(struct making *making, struct view value);
void build_min_length(struct making *making, struct view value);
void build_max_length(struct making *making, struct view value);
void build_pattern(struct making *making, struct view value);
void build_format(struct making *making, struct view value);
void build_minimum(struct making *making, struct view value);
void build_maximum(struct making *making, struct view value);
void build_exclusive_minimum(struct making *making, struct view value);
void build_exclusive_maximum(struct making *making, struct view value);
void build_multiple_of(struct making *making, struct view value);
void build_min_items(struct making *making, struct view value);
void build_max_items(struct making *making, struct view value);
void build_unique_items(struct making *making, struct view value);
void build_items(struct making *making, struct view value);
void build_additional_items(struct making *making, struct view value);
void build_prefix_items(struct making *making, struct view value);
void build_contains(struct making *making, struct view value);
void build_min_contains(struct making *making, struct view value);
void build_max_contains(struct making *making, struct view value);
void build_unevaluated_items(struct making *making, struct view value);
void build_min_properties(struct making *making, struct view value);
void build_max_properties(struct making *making, struct view value);
void build_properties(struct making *making, struct view value);
void build_pattern_properties(struct making *making, struct view value);
void build_required(struct making *making, struct view value);
void build_dependent_required(struct making *making, struct view value);
void build_dependent_schemas(struct making *making, struct view value);
void build_dependencies(struct making *making, struct view value);
void build_additional_properties(struct making *making, struct view value);
void build_property_names(struct making *making, struct view value);
void build_unevaluated_properties(struct making *making, struct view value);
void build_schema(struct making *making, struct view value);     /* only makes it known */
void build_schema_map(struct making *making, struct view value); /* only makes them known */
void build_unsupported(struct making *making, struct view value);
void build_ref(struct making *making, struct view value);
void build_dynamic_ref(struct making *making, struct view value);
void build_all_of(struct making *making, struct view value);
void build_any_of(struct making *making, struct view value);
void build_one_of(struct making *making, struct view value);
void build_not(struct making *making, struct view value);
void build_if(struct making *making, struct view value);
void build_then(struct making *making, struct view value);
void build_else(struct making *making, struct view value);

/* What several of those share. */
void *make_block(struct making *making, void *block, size_t size);
struct node *make_child(struct making *making, struct view value);
struct object_rules *object_rules_of(struct making *making);
const struct regex *make_regex(struct making *making, struct view string);
uint64_t count_of_value(struct view value);
/* Puts together what the keywords about members left. */
void finish_objects(struct making *making);
void finish_arrays(struct making *making);

/* (json_schema_meta.c) The metaschema at an address, or no bytes. */
struct text find_metaschema(struct text uri);

/* --- formats (json_schema_format.c) */

struct format {
    const char *name;
    bool (*holds)(const char *text, size_t length);
    const char *says; /* "a date and time of RFC 3339" */
};

extern const struct format schema_formats[];
const struct format *find_format(struct text name);

/* --- checking */

/* One library of documents (json_schema_library.c). */
struct cc_schema_library {
    struct pile pile;
    struct names names; /* addresses to texts */
};

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
