/* strict_schema.c: the subset of JSON Schema that strict demands, of the parameters of a function and of the format of an answer alike.
 *
 * A schema is gone through once: the first place of each flaw is remembered, and each rule asks for its own. Limits that the source does
 * not define exactly are read in the lenient way, as a false alarm costs more than a miss: levels count the objects around a schema. */
#include "validator/api/request.h"
#include "validator/api/schema.h"
#include "validator/api/text_set.h"
#include "validator/lib/json_schema_format.h"

#include <string.h>

enum flaw {
    OPEN_OBJECT, OPTIONAL_PROPERTY, UNKNOWN_REQUIRED, OPEN_NULLABLE, NO_TYPE, NO_ITEMS, COMPOSITION, ONE_OF, OBJECT_EXTRAS, ARRAY_EXTRAS,
    STRING_LENGTH, ARRAY_UNSUPPORTED, DEFAULT, FORMAT, PATTERN, EMPTY_ENUM, ENUM_TYPE, REMOTE_REF, LOST_REF, REF_SIBLING, TOO_DEEP, LONG_ENUM,
    ROOT_NOT_OBJECT, ROOT_ANY_OF, FLAWS
};

enum { PROPERTIES_MAX = 5000, DEPTH_MAX = 10, STRINGS_MAX = 120000, ENUM_MAX = 1000, LONG_ENUM_FROM = 250, LONG_ENUM_CHARS_MAX = 15000 };

/* What one pass over a schema found out. */
struct strict {
    uint32_t at[FLAWS];    /* index of the value at fault; 0: none, as no part of a request has that index */
    struct view root;
    size_t properties, enum_values, characters;
};
_Static_assert(sizeof(struct strict) <= REMEMBERED_SIZE, "what a schema lacks is remembered");

struct looking {
    struct ask *ask;
    struct strict *found;
};

static void note(struct strict *found, enum flaw flaw, struct view at, bool wrong)
{
    if (wrong && !found->at[flaw] && there(at)) found->at[flaw] = at.at;
}

/* --- objects */

static bool type_has(struct view type, const char *word)
{
    if (is(type, STR)) return text_is(type, word);
    for (EVERY(item, type))
        if (text_is(item, word)) return true;
    return false;
}

static bool is_false(struct view v) { return is(v, BOOL) && !is_true(v); }

/* The first of the names that the other list lacks; names are the keys of an object or the strings of an array. */
static struct view first_missing(struct ask *ask, struct view names, struct view from)
{
    struct text_set known;
    if (count(names) == 0 || !text_set_open(ask, &known, count(from))) return nowhere();
    for (EVERY(value, from)) {
        struct text text = text_of(ask, is(from, OBJ) ? key_of(value) : value);
        if (text.bytes) text_set_add(&known, text, NULL);
    }
    for (EVERY(value, names)) {
        struct text text = text_of(ask, is(names, OBJ) ? key_of(value) : value);
        if (text.bytes && !text_set_find(&known, text)) return value;
    }
    return nowhere();
}

static void look_at_object(const struct looking *l, struct view schema)
{
    struct view type = get(schema, "type"), properties = get(schema, "properties"), required = get(schema, "required");
    bool plain = text_is(type, "object"), nullable = is(type, ARR) && type_has(type, "object"), untyped = !there(type) && is(properties, OBJ);
    if (!plain && !nullable && !untyped) return;
    bool closed = is_false(get(schema, "additionalProperties"));
    struct view optional = first_missing(l->ask, properties, required);
    if (plain) {
        note(l->found, OPEN_OBJECT, schema, !closed);
        note(l->found, OPTIONAL_PROPERTY, optional, true);
    } else {
        note(l->found, OPEN_NULLABLE, schema, !closed || there(optional));
    }
    note(l->found, UNKNOWN_REQUIRED, first_missing(l->ask, required, properties), true);
}

/* --- types, arrays, enums */

static bool has_any(struct view schema, const char *const *keywords)
{
    for (; *keywords; keywords++)
        if (there(get(schema, *keywords))) return true;
    return false;
}

static struct view first_of(struct view schema, const char *const *keywords)
{
    for (; *keywords; keywords++)
        if (there(get(schema, *keywords))) return get(schema, *keywords);
    return nowhere();
}

static void look_at_keywords(const struct looking *l, struct view schema)
{
    static const char *const composition[] = {"allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", NULL};
    static const char *const object_extras[] = {"patternProperties", "unevaluatedProperties", "propertyNames", "minProperties", "maxProperties", NULL};
    static const char *const array_extras[] = {"prefixItems", "contains", "minContains", "maxContains", "uniqueItems", "unevaluatedItems", NULL};
    static const char *const array_unsupported[] = {"additionalItems", NULL};
    static const char *const lengths[] = {"minLength", "maxLength", NULL};
    static const char *const typed[] = {"type", "anyOf", "$ref", "enum", "const", "properties", "oneOf", "allOf", "not", "if", NULL};
    note(l->found, COMPOSITION, first_of(schema, composition), true);
    note(l->found, ONE_OF, get(schema, "oneOf"), true);
    note(l->found, OBJECT_EXTRAS, first_of(schema, object_extras), true);
    note(l->found, ARRAY_EXTRAS, first_of(schema, array_extras), true);
    note(l->found, ARRAY_UNSUPPORTED, first_of(schema, array_unsupported), true);
    note(l->found, STRING_LENGTH, first_of(schema, lengths), true);
    note(l->found, DEFAULT, get(schema, "default"), true);
    note(l->found, NO_TYPE, schema, !has_any(schema, typed));
    note(l->found, NO_ITEMS, schema, type_has(get(schema, "type"), "array") && !is(get(schema, "items"), OBJ | BOOL));
}

static bool format_is_supported(struct view format)
{
    static const char *const formats[] = {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (text_is(format, formats[i])) return true;
    return false;
}

/* A pattern that the engine here cannot run, or finds too large, may be fine elsewhere. */
static bool pattern_is_wrong(struct ask *ask, struct view pattern)
{
    struct text text = text_of(ask, pattern);
    return text.bytes && may_compile(ask, text.length) && !text_is_regex(text.bytes, text.length);
}

static bool fits_type(struct view value, struct view type)
{
    switch (value_of(value)->type) {
    case NIL: return type_has(type, "null");
    case BOOL: return type_has(type, "boolean");
    case STR: return type_has(type, "string");
    case ARR: return type_has(type, "array");
    case OBJ: return type_has(type, "object");
    default: return type_has(type, "number") || (type_has(type, "integer") && is_whole(value));
    }
}

static bool repeats_a_string(struct ask *ask, struct view values)
{
    struct text_set seen;
    if (count(values) < 2 || !text_set_open(ask, &seen, count(values))) return false;
    for (EVERY(value, values)) {
        struct text text = text_of(ask, value);
        if (text.bytes && !text_set_add(&seen, text, NULL)) return true;
    }
    return false;
}

static void look_at_enum(const struct looking *l, struct view schema)
{
    struct view values = get(schema, "enum"), constant = get(schema, "const"), type = get(schema, "type");
    size_t characters = chars_of(constant);
    for (EVERY(value, values)) {
        characters += chars_of(value);
        note(l->found, ENUM_TYPE, value, there(type) && !fits_type(value, type));
    }
    note(l->found, ENUM_TYPE, constant, there(constant) && there(type) && !fits_type(constant, type));
    note(l->found, EMPTY_ENUM, values, is(values, ARR) && (count(values) == 0 || repeats_a_string(l->ask, values)));
    note(l->found, LONG_ENUM, values, count(values) > LONG_ENUM_FROM && characters > LONG_ENUM_CHARS_MAX);
    l->found->enum_values += count(values);
    l->found->characters += characters;
}

/* --- references */

static bool begins_with(struct text text, const char *start)
{
    size_t length = strlen(start);
    return text.length >= length && memcmp(text.bytes, start, length) == 0;
}

/* One step of a JSON pointer in a fragment, ~1 and ~0 undone; percent-encoding is not, as nobody writes names that need it. */
static size_t read_step(struct text *rest, char *step, size_t room)
{
    size_t used = 0;
    while (rest->length && *rest->bytes != '/' && used + 1 < room) {
        char c = *rest->bytes++;
        rest->length--;
        if (c == '~' && rest->length) {
            c = *rest->bytes++ == '1' ? '/' : '~';
            rest->length--;
        }
        step[used++] = c;
    }
    step[used] = '\0';
    return used;
}

static bool resolves(struct view root, struct text pointer)
{
    struct view at = root;
    while (there(at) && pointer.length && *pointer.bytes == '/') {
        char step[256];
        pointer.bytes++, pointer.length--;
        read_step(&pointer, step, sizeof step);
        at = is(at, ARR) ? get_path(at, step) : get(at, step);
    }
    return there(at) && pointer.length == 0;
}

static void look_at_ref(const struct looking *l, struct view schema)
{
    struct view ref = get(schema, "$ref");
    struct text text = text_of(l->ask, ref);
    if (!text.bytes) return;
    bool whole = text.length == 1 && *text.bytes == '#', local = begins_with(text, "#/$defs/") || begins_with(text, "#/definitions/");
    note(l->found, REMOTE_REF, ref, !whole && !local);
    if (local) note(l->found, LOST_REF, ref, !resolves(l->found->root, (struct text){text.bytes + 1, text.length - 1}));
    for (EVERY(value, schema)) {
        struct view key = key_of(value);
        note(l->found, REF_SIBLING, value, !text_is(key, "$ref") && !text_is(key, "title") && !text_is(key, "description") &&
             !text_is(key, "$defs") && !text_is(key, "definitions"));
    }
}

/* --- the whole schema */

static void count_names(const struct looking *l, struct view map)
{
    for (EVERY(value, map)) l->found->characters += chars_of(key_of(value));
}

static bool look_at(struct view schema, unsigned depth, void *context)
{
    const struct looking *l = context;
    struct view properties = get(schema, "properties"), format = get(schema, "format");
    look_at_object(l, schema);
    look_at_keywords(l, schema);
    look_at_enum(l, schema);
    look_at_ref(l, schema);
    note(l->found, FORMAT, format, is(format, STR) && !format_is_supported(format));
    note(l->found, PATTERN, get(schema, "pattern"), pattern_is_wrong(l->ask, get(schema, "pattern")));
    note(l->found, TOO_DEEP, schema, depth > DEPTH_MAX);
    l->found->properties += count(properties);
    count_names(l, properties);
    count_names(l, get(schema, "$defs"));
    count_names(l, get(schema, "definitions"));
    return !l->ask->failed;
}

static void look_at_root(struct strict *found, struct view root)
{
    static const char *const choices[] = {"anyOf", "oneOf", NULL};
    bool referred = is(get(root, "$ref"), STR) && !there(get(root, "type"));
    note(found, ROOT_ANY_OF, first_of(root, choices), true);
    note(found, ROOT_NOT_OBJECT, root, !text_is(get(root, "type"), "object") && !has_any(root, choices) && !referred);
}

static void look_through(struct ask *ask, struct view schema, void *fact)
{
    struct strict *found = fact;
    found->root = schema;
    look_at_root(found, schema);
    every_subschema(schema, look_at, &(struct looking){ask, found});
}

/* --- the rules */

static struct view strict_schema(struct ask *ask)
{
    struct view parameters = get(ask->self, "parameters"), schema = there(parameters) ? parameters : get(ask->self, "schema");
    return is_true(get(ask->self, "strict")) && is(schema, OBJ) ? schema : nowhere();
}

static const struct strict *findings(struct ask *ask)
{
    struct view schema = strict_schema(ask);
    return there(schema) ? remembered(ask, REMEMBER_SCHEMA, schema, look_through) : NULL;
}

static bool lacks(struct ask *ask, enum flaw flaw)
{
    const struct strict *found = findings(ask);
    return !found || !found->at[flaw] || blame(ask, (struct view){found->root.doc, found->at[flaw]});
}

static bool within(struct ask *ask, size_t number, size_t most)
{
    return number <= most || (say(ask, "it has %zu", number), blame(ask, strict_schema(ask)));
}

#define FREE_OF(name, flaw) \
    static bool name(struct ask *ask) { return lacks(ask, flaw); }

FREE_OF(root_is_an_object, ROOT_NOT_OBJECT)
FREE_OF(root_is_no_choice, ROOT_ANY_OF)
FREE_OF(objects_are_closed, OPEN_OBJECT)
FREE_OF(all_is_required, OPTIONAL_PROPERTY)
FREE_OF(required_is_known, UNKNOWN_REQUIRED)
FREE_OF(nullable_objects_are_closed, OPEN_NULLABLE)
FREE_OF(all_is_typed, NO_TYPE)
FREE_OF(arrays_have_items, NO_ITEMS)
FREE_OF(nothing_is_composed, COMPOSITION)
FREE_OF(no_one_of, ONE_OF)
FREE_OF(no_object_extras, OBJECT_EXTRAS)
FREE_OF(no_array_extras, ARRAY_EXTRAS)
FREE_OF(arrays_are_simple, ARRAY_UNSUPPORTED)
FREE_OF(no_string_lengths, STRING_LENGTH)
FREE_OF(no_defaults, DEFAULT)
FREE_OF(formats_are_supported, FORMAT)
FREE_OF(patterns_compile, PATTERN)
FREE_OF(enums_say_something, EMPTY_ENUM)
FREE_OF(enums_fit_their_type, ENUM_TYPE)
FREE_OF(refs_are_local, REMOTE_REF)
FREE_OF(refs_resolve, LOST_REF)
FREE_OF(refs_stand_alone, REF_SIBLING)
FREE_OF(nesting_is_shallow, TOO_DEEP)
FREE_OF(long_enums_are_short, LONG_ENUM)

static bool properties_are_few(struct ask *ask)
{
    const struct strict *found = findings(ask);
    return !found || within(ask, found->properties, PROPERTIES_MAX);
}

static bool enum_values_are_few(struct ask *ask)
{
    const struct strict *found = findings(ask);
    return !found || within(ask, found->enum_values, ENUM_MAX);
}

static bool strings_are_short(struct ask *ask)
{
    const struct strict *found = findings(ask);
    return !found || within(ask, found->characters, STRINGS_MAX);
}

/* --- the tables: the same rules for both places; they differ in the member that holds the schema */

#define GUIDE "observed:guide to structured outputs"
#define JAVA "observed:openai-java JsonSchemaValidator"

#define ROW_OF(member, name, predicate, level_, profiles_, ref_, says_, good_, bad_) \
    {"request.strict_schema." name, predicate, level_, profiles_, .says = says_, .ref = ref_, .when = "strict", READS(member, "strict"), \
     .good = "{\"strict\": true, \"" member "\": " good_ "}", .bad = "{\"strict\": true, \"" member "\": " bad_ "}"}
#define MUST_(member, name, predicate, ref_, says_, good_, bad_) ROW_OF(member, name, predicate, CC_MUST, 0, ref_, says_, good_, bad_)
#define SHOULD_(member, name, predicate, ref_, says_, good_, bad_) ROW_OF(member, name, predicate, CC_SHOULD, 0, ref_, says_, good_, bad_)
/* Too long for an example here; tests/test_strict_schema.c has them. */
#define LIMIT_(member, name, predicate, says_) \
    {"request.strict_schema.limits." name, predicate, CC_MUST, CC_OPENAI, .says = says_, .ref = GUIDE, .when = "strict", READS(member, "strict"), \
     .good = "{\"strict\": true, \"" member "\": " PLAIN "}"}

#define CLOSED_OF(properties, required, more) \
    "{\"type\": \"object\", \"properties\": " properties ", \"required\": " required ", \"additionalProperties\": false" more "}"
#define PLAIN CLOSED_OF("{}", "[]", "")
#define WITH_A(schema) CLOSED_OF("{\"a\": " schema "}", "[\"a\"]", "")

#define RULES(member) \
    MUST_(member, "root.object", root_is_an_object, GUIDE, "a strict schema has type object at its root", PLAIN, \
          JSON({"type": "string"})), \
    MUST_(member, "root.no_any_of", root_is_no_choice, GUIDE, "the root of a strict schema has no anyOf and no oneOf", PLAIN, \
          "{\"anyOf\": [" PLAIN "]}"), \
    MUST_(member, "object.additional_properties_false", objects_are_closed, GUIDE, \
          "every object of a strict schema sets additionalProperties to false", PLAIN, \
          JSON({"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]})), \
    MUST_(member, "object.all_required", all_is_required, GUIDE, "every object of a strict schema requires all its properties", \
          WITH_A(JSON({"type": "string"})), CLOSED_OF(JSON({"a": {"type": "string"}}), "[]", "")), \
    MUST_(member, "object.required_known", required_is_known, "observed:dotnet/extensions#6302", \
          "required of a strict schema names only properties that are there", WITH_A(JSON({"type": "string"})), CLOSED_OF("{}", "[\"a\"]", "")), \
    MUST_(member, "object.nullable_type_closed", nullable_objects_are_closed, "observed:openai/openai-agents-python#4114", \
          "an object that may be null, or has properties without a type, is closed and complete like any other", \
          WITH_A(JSON({"type": ["object", "null"], "properties": {}, "required": [], "additionalProperties": false})), \
          WITH_A(JSON({"type": ["object", "null"], "properties": {}}))), \
    MUST_(member, "type.required", all_is_typed, JAVA, "every part of a strict schema has type, anyOf, $ref, enum or const", \
          WITH_A(JSON({"const": 1})), WITH_A(JSON({"description": "anything"}))), \
    MUST_(member, "array.items_required", arrays_have_items, JAVA, "every array of a strict schema has items, which is one schema", \
          WITH_A(JSON({"type": "array", "items": {"type": "string"}})), WITH_A(JSON({"type": "array"}))), \
    MUST_(member, "keyword.composition", nothing_is_composed, GUIDE, \
          "a strict schema has no allOf, not, if, then, else, dependentRequired and dependentSchemas", WITH_A(JSON({"type": "string"})), \
          WITH_A(JSON({"type": "string", "not": {"type": "null"}}))), \
    SHOULD_(member, "keyword.one_of", no_one_of, GUIDE, "a strict schema has no oneOf, as only anyOf is listed as supported", \
            WITH_A(JSON({"anyOf": [{"type": "string"}]})), WITH_A(JSON({"oneOf": [{"type": "string"}]}))), \
    SHOULD_(member, "keyword.object_extras", no_object_extras, GUIDE, \
            "a strict schema has none of the object keywords patternProperties, unevaluatedProperties, propertyNames, minProperties and maxProperties", \
            PLAIN, CLOSED_OF("{}", "[]", ", \"minProperties\": 1")), \
    SHOULD_(member, "keyword.array_extras", no_array_extras, GUIDE, \
            "a strict schema has none of the array keywords prefixItems, contains, minContains, maxContains, uniqueItems and unevaluatedItems", \
            WITH_A(JSON({"type": "array", "items": {"type": "string"}, "minItems": 1})), \
            WITH_A(JSON({"type": "array", "items": {"type": "string"}, "uniqueItems": true}))), \
    SHOULD_(member, "keyword.array_supported", arrays_are_simple, GUIDE, \
            "arrays of a strict schema are described by items, minItems and maxItems alone", \
            WITH_A(JSON({"type": "array", "items": {"type": "string"}, "maxItems": 3})), \
            WITH_A(JSON({"type": "array", "items": {"type": "string"}, "additionalItems": false}))), \
    SHOULD_(member, "keyword.string_length", no_string_lengths, GUIDE, "a strict schema has no minLength and maxLength", \
            WITH_A(JSON({"type": "string", "pattern": "^a"})), WITH_A(JSON({"type": "string", "maxLength": 5}))), \
    SHOULD_(member, "keyword.default", no_defaults, JAVA, "a strict schema has no default", WITH_A(JSON({"type": "string"})), \
            WITH_A(JSON({"type": "string", "default": "a"}))), \
    MUST_(member, "string.format.enum", formats_are_supported, GUIDE, \
          "format in a strict schema is date-time, time, date, duration, email, hostname, ipv4, ipv6 or uuid", \
          WITH_A(JSON({"type": "string", "format": "uuid"})), WITH_A(JSON({"type": "string", "format": "uri"}))), \
    MUST_(member, "string.pattern.valid", patterns_compile, GUIDE, "pattern in a strict schema is a regular expression", \
          WITH_A(JSON({"type": "string", "pattern": "^[a-z]+$"})), WITH_A(JSON({"type": "string", "pattern": "("}))), \
    MUST_(member, "enum.non_empty", enums_say_something, JAVA, "enum in a strict schema has values, none of them twice", \
          WITH_A(JSON({"type": "string", "enum": ["a"]})), WITH_A(JSON({"type": "string", "enum": []}))), \
    SHOULD_(member, "enum.type_match", enums_fit_their_type, JAVA, "the values of enum and const in a strict schema have the type beside them", \
            WITH_A(JSON({"type": "integer", "enum": [1, 2]})), WITH_A(JSON({"type": "string", "enum": [1]}))), \
    MUST_(member, "ref.local", refs_are_local, GUIDE, "$ref in a strict schema is # or points into $defs or definitions", \
          WITH_A("{\"$ref\": \"#\"}"), WITH_A(JSON({"$ref": "https://example.com/s.json"}))), \
    MUST_(member, "ref.resolves", refs_resolve, GUIDE, "$ref in a strict schema leads to a schema", WITH_A("{\"$ref\": \"#\"}"), \
          WITH_A(JSON({"$ref": "#/$defs/nowhere"}))), \
    SHOULD_(member, "ref.siblings", refs_stand_alone, JAVA, "$ref in a strict schema stands alone, but for title and description", \
            WITH_A(JSON({"$ref": "#", "description": "the same again"})), WITH_A(JSON({"$ref": "#", "deprecated": true}))), \
    LIMIT_(member, "properties", properties_are_few, "a strict schema has at most 5000 properties in all"), \
    LIMIT_(member, "depth", nesting_is_shallow, "a strict schema nests at most 10 levels of objects below its root"), \
    LIMIT_(member, "string_total", strings_are_short, "the names, enum values and constants of a strict schema have at most 120000 characters in all"), \
    LIMIT_(member, "enum_total", enum_values_are_few, "a strict schema has at most 1000 enum values in all"), \
    LIMIT_(member, "enum_string_total", long_enums_are_short, "an enum of more than 250 values in a strict schema has at most 15000 characters"), \
    {0}

const struct rule strict_answer_rules[] = {RULES("schema")};

/* Arrays need items at the official endpoint even without strict, which then has a rule of its own. */
static bool array_lacks_items(struct view schema, unsigned depth, void *context)
{
    struct view *lacking = context;
    (void)depth;
    if (!text_is(get(schema, "type"), "array") || there(get(schema, "items"))) return true;
    *lacking = schema;
    return false;
}

static bool parameters_arrays_have_items(struct ask *ask)
{
    struct view lacking = nowhere();
    if (is_true(get(ask->self, "strict"))) return true;
    return every_subschema(get(ask->self, "parameters"), array_lacks_items, &lacking) || blame(ask, lacking);
}

/* {} says nothing and is taken; anything else describes an object, as arguments are one. */
static bool parameters_describe_an_object(struct ask *ask)
{
    struct view parameters = get(ask->self, "parameters");
    return count(parameters) == 0 || is_true(get(ask->self, "strict")) || text_is(get(parameters, "type"), "object");
}

#define PARAMETERS_RULES \
    {"request.tools.function.parameters.root_object", parameters_describe_an_object, CC_SHOULD, \
     .says = "a parameters schema that is not empty has type object at its root", .ref = "openai:FunctionParameters", \
     .when = "parameters", READS("parameters"), .good = JSON({"parameters": {"type": "object", "properties": {}}}), \
     .bad = JSON({"parameters": {"type": "string"}})}, \
    {"request.tools.function.parameters.array_items", parameters_arrays_have_items, CC_MUST, CC_OPENAI, \
     .says = "every array in the parameters of a function has items", .ref = "observed:modelscope/ms-agent#610, sigoden/aichat#1049", \
     .when = "parameters", READS("parameters"), \
     .good = JSON({"parameters": {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}}}), \
     .bad = JSON({"parameters": {"type": "object", "properties": {"a": {"type": "array"}}}})}

const struct rule function_item_rules[] = {PARAMETERS_RULES, {0}};
const struct rule strict_parameters_rules[] = {PARAMETERS_RULES, RULES("parameters")};
