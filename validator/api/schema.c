/* schema.c: what makes a JSON Schema well formed, as a table: the types of its keywords, and schemas where schemas belong.
 *
 * The official endpoint holds the parameters of tools against the metaschema of draft 2020-12 and refuses what does not fit it. Unknown
 * keywords are fine, as the specification has it. The same table is mounted under two ids, so it is written as a macro of the id. */
#include "validator/api/schema.h"

#include <string.h>

#define METASCHEMA "observed:api.openai.com (invalid_function_parameters); JSON Schema 2020-12"
#define SAYS_VALID "the schema is a well-formed JSON Schema: its keywords have the right types and bounds"

/* Every way to be malformed is the one constraint of the catalogue. */
#define ONE(id_) \
    .ref = METASCHEMA, NOTES({TYPE_, .id = id_, .says = SAYS_VALID}, {NULL_, CC_MUST, .id = id_, .says = SAYS_VALID}, {WORD_, .id = id_, .says = SAYS_VALID}, \
          {MIN_, .id = id_, .says = SAYS_VALID}, {MIN_ITEMS_, .id = id_, .says = SAYS_VALID}, {LEXICAL_, .off = true})

#define TYPE_WORDS \
    WORDS(W("object"), W("array"), W("string"), W("number"), W("integer"), W("boolean"), W("null"))

#define SCHEMA(shape_, id_) .is = OBJ | BOOL, .shape = &shape_, .sample = "{}", ONE(id_)
#define SCHEMAS(shape_, id_) .is = ARR, ITEMS(1, NONE), EACH(SCHEMA(shape_, id_)), ONE(id_)
#define SCHEMA_MAP(shape_, id_) .is = OBJ, VALUES(SCHEMA(shape_, id_)), .sample = "{}", ONE(id_)
#define COUNT(id_) .is = INT, BETWEEN(0, NONE), ONE(id_)
#define NUMBER(id_) .is = NUM, ONE(id_)
#define TEXT_ROW(id_) .is = STR, ONE(id_)
#define TEXTS_ROW(id_) .is = ARR, EACH(.is = STR, ONE(id_)), ONE(id_)

#define SCHEMA_FIELDS(shape_, id_) \
    { \
        {"type", .is = STR | ARR, TYPE_WORDS, ITEMS(1, NONE), EACH(.is = STR, TYPE_WORDS, ONE(id_)), ONE(id_)}, \
        {"properties", SCHEMA_MAP(shape_, id_)}, \
        {"required", TEXTS_ROW(id_)}, \
        {"description", TEXT_ROW(id_)}, \
        {"items", .is = OBJ | BOOL | ARR, .shape = &shape_, EACH(SCHEMA(shape_, id_)), .sample = "{}", ONE(id_)}, \
        {"enum", .is = ARR, ONE(id_)}, \
        {"additionalProperties", SCHEMA(shape_, id_)}, \
        {"anyOf", SCHEMAS(shape_, id_)}, \
        {"allOf", SCHEMAS(shape_, id_)}, \
        {"oneOf", SCHEMAS(shape_, id_)}, \
        {"$ref", TEXT_ROW(id_)}, \
        {"$defs", SCHEMA_MAP(shape_, id_)}, \
        {"definitions", SCHEMA_MAP(shape_, id_)}, \
        {"title", TEXT_ROW(id_)}, \
        {"format", TEXT_ROW(id_)}, \
        {"pattern", TEXT_ROW(id_)}, \
        {"minLength", COUNT(id_)}, \
        {"maxLength", COUNT(id_)}, \
        {"minItems", COUNT(id_)}, \
        {"maxItems", COUNT(id_)}, \
        {"uniqueItems", .is = BOOL, ONE(id_)}, \
        {"minProperties", COUNT(id_)}, \
        {"maxProperties", COUNT(id_)}, \
        {"minimum", NUMBER(id_)}, \
        {"maximum", NUMBER(id_)}, \
        {"exclusiveMinimum", NUMBER(id_)}, \
        {"exclusiveMaximum", NUMBER(id_)}, \
        {"multipleOf", NUMBER(id_)}, \
        {"not", SCHEMA(shape_, id_)}, \
        {"if", SCHEMA(shape_, id_)}, \
        {"then", SCHEMA(shape_, id_)}, \
        {"else", SCHEMA(shape_, id_)}, \
        {"patternProperties", SCHEMA_MAP(shape_, id_)}, \
        {"propertyNames", SCHEMA(shape_, id_)}, \
        {"prefixItems", SCHEMAS(shape_, id_)}, \
        {"contains", SCHEMA(shape_, id_)}, \
        {"minContains", COUNT(id_)}, \
        {"maxContains", COUNT(id_)}, \
        {"unevaluatedItems", SCHEMA(shape_, id_)}, \
        {"unevaluatedProperties", SCHEMA(shape_, id_)}, \
        {"dependentSchemas", SCHEMA_MAP(shape_, id_)}, \
        {"dependentRequired", .is = OBJ, VALUES(TEXTS_ROW(id_)), .sample = "{}", ONE(id_)}, \
        {"$anchor", TEXT_ROW(id_)}, \
        {"$dynamicRef", TEXT_ROW(id_)}, \
        {"$comment", TEXT_ROW(id_)}, \
        {"readOnly", .is = BOOL, ONE(id_)}, \
        {"writeOnly", .is = BOOL, ONE(id_)}, \
        {"deprecated", .is = BOOL, ONE(id_)}, \
        {"examples", .is = ARR, ONE(id_)}, \
        {0}, \
    }

#define PARAMETERS_VALID "request.tools.function.parameters.valid"
#define ANSWER_VALID "request.response_format.json_schema.schema.valid"

static const struct field parameters_fields[] = SCHEMA_FIELDS(parameters_schema_shape, PARAMETERS_VALID);
static const struct field answer_fields[] = SCHEMA_FIELDS(answer_schema_shape, ANSWER_VALID);

const struct shape parameters_schema_shape = {
    .name = "request.tools.function.parameters",
    .ref = METASCHEMA,
    .fields = parameters_fields,
    .open = true,
    .sample = JSON({"type": "object", "properties": {}}),
};

const struct shape answer_schema_shape = {
    .name = "request.response_format.json_schema.schema",
    .ref = METASCHEMA,
    .fields = answer_fields,
    .open = true,
    .sample = JSON({"type": "object"}),
};

/* --- what lies in a schema */

struct visit {
    bool (*each)(struct view subschema, unsigned depth, void *context);
    void *context;
};

static bool visit_schema(const struct visit *visit, struct view schema, unsigned depth);

static bool visit_all(const struct visit *visit, struct view schemas, unsigned depth)
{
    for (EVERY(schema, schemas))
        if (!visit_schema(visit, schema, depth)) return false;
    return true;
}

enum content { NOTHING, ONE_SCHEMA, LIST_OF_SCHEMAS, MAP_OF_SCHEMAS };

#define KEYWORD(word, content) {word, sizeof word - 1, content}

/* What a keyword holds. Lengths stand in the table, as most members of a schema are none of these and are to be seen off quickly. */
static enum content content_of(struct view key)
{
    static const struct {
        const char *word;
        size_t length;
        enum content content;
    } keywords[] = {
        KEYWORD("properties", MAP_OF_SCHEMAS), KEYWORD("items", ONE_SCHEMA), KEYWORD("anyOf", LIST_OF_SCHEMAS), KEYWORD("$defs", MAP_OF_SCHEMAS),
        KEYWORD("definitions", MAP_OF_SCHEMAS), KEYWORD("allOf", LIST_OF_SCHEMAS), KEYWORD("oneOf", LIST_OF_SCHEMAS),
        KEYWORD("additionalProperties", ONE_SCHEMA), KEYWORD("not", ONE_SCHEMA), KEYWORD("if", ONE_SCHEMA), KEYWORD("then", ONE_SCHEMA),
        KEYWORD("else", ONE_SCHEMA), KEYWORD("prefixItems", LIST_OF_SCHEMAS), KEYWORD("contains", ONE_SCHEMA),
        KEYWORD("patternProperties", MAP_OF_SCHEMAS), KEYWORD("propertyNames", ONE_SCHEMA), KEYWORD("dependentSchemas", MAP_OF_SCHEMAS),
        KEYWORD("unevaluatedItems", ONE_SCHEMA), KEYWORD("unevaluatedProperties", ONE_SCHEMA),
    };
    const struct value *v = value_of(key);
    const char *text = key.doc->text + v->offset;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        bool same = keywords[i].length == v->length && *keywords[i].word == *text && memcmp(keywords[i].word, text, v->length) == 0;
        if (same || ((v->flags & V_ESCAPED) && text_is(key, keywords[i].word))) return keywords[i].content;
    }
    return NOTHING;
}

/* Depth counts the objects around a schema; documents nest less deep than the reader's limit, so the recursion ends. */
static bool visit_schema(const struct visit *visit, struct view schema, unsigned depth)
{
    if (!is(schema, OBJ)) return true;
    if (!visit->each(schema, depth, visit->context)) return false;
    for (EVERY(value, schema)) {
        if (!is(value, OBJ | ARR)) continue;
        enum content content = content_of(key_of(value));
        bool fine = true;
        if (content == MAP_OF_SCHEMAS) fine = visit_all(visit, value, depth + (text_is(key_of(value), "properties") ? 1 : 0));
        else if (content == LIST_OF_SCHEMAS || (content == ONE_SCHEMA && is(value, ARR))) fine = visit_all(visit, value, depth);
        else if (content == ONE_SCHEMA) fine = visit_schema(visit, value, depth);
        if (!fine) return false;
    }
    return true;
}

bool every_subschema(struct view schema, bool (*each)(struct view subschema, unsigned depth, void *context), void *context)
{
    struct visit visit = {each, context};
    return visit_schema(&visit, schema, 0);
}
