/* json_schema_parts.h: the compiled schema.
 *
 * A schema becomes a graph of nodes, one for each place of its documents where a schema stands. A node keeps what is asked of each type of
 * value in blocks of its own, so that a check looks only at what matters for the value at hand. Nothing of it changes after it was made. */
#ifndef CC_JSON_SCHEMA_PARTS_H
#define CC_JSON_SCHEMA_PARTS_H

#include "validator/lib/decimal.h"
#include "validator/lib/json_schema_work.h"
#include "validator/lib/regex.h"

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
enum source_origin { MAIN, GIVEN, BUILT_IN };

/* A document that schemas stand in. */
struct source {
    struct document doc; /* of a text of its own */
    struct text uri;     /* where it was found; empty of the schema itself, unless that was told */
    struct node **nodes; /* by value: the schema that stands there, or NULL */
    size_t offset;       /* of its text in the document that it was taken from */
    enum source_origin origin;
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

/* One library of documents (json_schema_library.c). */
struct cc_schema_library {
    struct pile pile;
    struct names names; /* addresses to texts */
};

/* --- formats (json_schema_format.c) */

struct format {
    const char *name;
    bool (*holds)(const char *text, size_t length);
    const char *says; /* "a date and time of RFC 3339" */
};

extern const struct format schema_formats[];
const struct format *find_format(struct text name);

#endif
