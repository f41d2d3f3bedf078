/* json_schema_words.c: the keywords of both drafts: where each is known, what its value may be, and who makes something of it. The checks of
 * a schema, the search for schemas inside of it and its compilation all read this table. */
#include "validator/lib/json_schema_make.h"

#define OF_ANY IN_BOTH, IN_STANDARD | IN_FORMAT_ASSERTION
#define OLD(vocabulary) IN_DRAFT_7, vocabulary
#define NEW(vocabulary) IN_DRAFT_2020, vocabulary
#define BOTH(vocabulary) IN_BOTH, vocabulary

const struct word schema_words[] = {
    {"$schema", OF_ANY, IS_ADDRESS},
    {"$id", OF_ANY, IS_ADDRESS},
    {"$ref", OF_ANY, IS_ADDRESS, build_ref},
    {"$anchor", NEW(IN_CORE), IS_ANCHOR},
    {"$dynamicRef", NEW(IN_CORE), IS_ADDRESS, build_dynamic_ref},
    {"$dynamicAnchor", NEW(IN_CORE), IS_ANCHOR},
    {"$recursiveRef", NEW(IN_CORE), IS_ADDRESS, build_unsupported}, /* of draft 2019-09: to ignore it would change what the schema means */
    {"$vocabulary", NEW(IN_CORE), IS_VOCABULARY},
    {"$comment", OF_ANY, IS_STRING},
    {"$defs", NEW(IN_CORE), IS_SCHEMA_MAP, build_schema_map},
    {"definitions", OF_ANY, IS_SCHEMA_MAP, build_schema_map},

    {"type", BOTH(IN_VALIDATION), IS_TYPE, build_type},
    {"enum", BOTH(IN_VALIDATION), IS_LIST, build_enum},
    {"const", BOTH(IN_VALIDATION), IS_ANY, build_const},
    {"multipleOf", BOTH(IN_VALIDATION), IS_POSITIVE, build_multiple_of},
    {"maximum", BOTH(IN_VALIDATION), IS_NUMBER, build_maximum},
    {"exclusiveMaximum", BOTH(IN_VALIDATION), IS_NUMBER, build_exclusive_maximum},
    {"minimum", BOTH(IN_VALIDATION), IS_NUMBER, build_minimum},
    {"exclusiveMinimum", BOTH(IN_VALIDATION), IS_NUMBER, build_exclusive_minimum},
    {"maxLength", BOTH(IN_VALIDATION), IS_COUNT, build_max_length},
    {"minLength", BOTH(IN_VALIDATION), IS_COUNT, build_min_length},
    {"pattern", BOTH(IN_VALIDATION), IS_STRING, build_pattern},
    {"maxItems", BOTH(IN_VALIDATION), IS_COUNT, build_max_items},
    {"minItems", BOTH(IN_VALIDATION), IS_COUNT, build_min_items},
    {"uniqueItems", BOTH(IN_VALIDATION), IS_BOOL, build_unique_items},
    {"maxContains", NEW(IN_VALIDATION), IS_COUNT, build_max_contains},
    {"minContains", NEW(IN_VALIDATION), IS_COUNT, build_min_contains},
    {"maxProperties", BOTH(IN_VALIDATION), IS_COUNT, build_max_properties},
    {"minProperties", BOTH(IN_VALIDATION), IS_COUNT, build_min_properties},
    {"required", BOTH(IN_VALIDATION), IS_STRINGS, build_required},
    {"dependentRequired", NEW(IN_VALIDATION), IS_STRINGS_MAP, build_dependent_required},

    {"allOf", BOTH(IN_APPLICATOR), IS_SCHEMAS, build_all_of},
    {"anyOf", BOTH(IN_APPLICATOR), IS_SCHEMAS, build_any_of},
    {"oneOf", BOTH(IN_APPLICATOR), IS_SCHEMAS, build_one_of},
    {"not", BOTH(IN_APPLICATOR), IS_SCHEMA, build_not},
    {"if", BOTH(IN_APPLICATOR), IS_SCHEMA, build_if},
    {"then", BOTH(IN_APPLICATOR), IS_SCHEMA, build_then},
    {"else", BOTH(IN_APPLICATOR), IS_SCHEMA, build_else},
    {"prefixItems", NEW(IN_APPLICATOR), IS_SCHEMAS, build_prefix_items},
    {"items", NEW(IN_APPLICATOR), IS_SCHEMA, build_items},
    {"items", OLD(IN_APPLICATOR), IS_ITEMS, build_items},
    {"additionalItems", OLD(IN_APPLICATOR), IS_SCHEMA, build_additional_items},
    {"contains", BOTH(IN_APPLICATOR), IS_SCHEMA, build_contains},
    {"properties", BOTH(IN_APPLICATOR), IS_SCHEMA_MAP, build_properties},
    {"patternProperties", BOTH(IN_APPLICATOR), IS_PATTERN_MAP, build_pattern_properties},
    {"additionalProperties", BOTH(IN_APPLICATOR), IS_SCHEMA, build_additional_properties},
    {"propertyNames", BOTH(IN_APPLICATOR), IS_SCHEMA, build_property_names},
    {"dependentSchemas", NEW(IN_APPLICATOR), IS_SCHEMA_MAP, build_dependent_schemas},
    {"dependencies", BOTH(IN_APPLICATOR), IS_DEPENDENCIES, build_dependencies}, /* the newer draft's metaschema still has it */
    {"unevaluatedItems", NEW(IN_UNEVALUATED), IS_SCHEMA, build_unevaluated_items},
    {"unevaluatedProperties", NEW(IN_UNEVALUATED), IS_SCHEMA, build_unevaluated_properties},

    {"format", BOTH(IN_FORMAT | IN_FORMAT_ASSERTION), IS_STRING, build_format},
    {"title", BOTH(IN_META_DATA), IS_STRING},
    {"description", BOTH(IN_META_DATA), IS_STRING},
    {"default", BOTH(IN_META_DATA), IS_ANY},
    {"deprecated", NEW(IN_META_DATA), IS_BOOL},
    {"readOnly", BOTH(IN_META_DATA), IS_BOOL},
    {"writeOnly", BOTH(IN_META_DATA), IS_BOOL},
    {"examples", BOTH(IN_META_DATA), IS_LIST},
    {"contentEncoding", BOTH(IN_CONTENT), IS_STRING},
    {"contentMediaType", BOTH(IN_CONTENT), IS_STRING},
    {"contentSchema", NEW(IN_CONTENT), IS_SCHEMA, build_schema},
    {0},
};

const struct word *find_schema_word(const struct dialect *dialect, struct view key)
{
    const struct value *v = value_of(key);
    char small[128];
    const char *name = key.doc->text + v->offset;
    size_t length = v->length;
    if (v->flags & V_ESCAPED) {
        if (length > sizeof small) return NULL;
        length = document_unescape(key.doc, key.at, small);
        name = small;
    }
    for (const struct word *word = schema_words; word->name; word++)
        if ((word->drafts >> dialect->draft & 1) && (word->vocabularies & dialect->vocabularies) && strlen(word->name) == length &&
            memcmp(word->name, name, length) == 0)
            return word;
    return NULL;
}
