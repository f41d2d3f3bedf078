/* json_schema_make.h: how a schema is compiled: the table of keywords and what its files share. */
#ifndef CC_JSON_SCHEMA_MAKE_H
#define CC_JSON_SCHEMA_MAKE_H

#include "validator/lib/json_schema_parts.h"

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
struct node *load_source(struct maker *maker, struct text uri, struct text text, size_t offset, enum source_origin origin);
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

#endif
