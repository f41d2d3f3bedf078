/* json_schema_shape.c: what the values of keywords may be: what the metaschemas say, in words that name the fault. */
#include "validator/lib/json_schema_make.h"

static const char *type_name(struct view value)
{
    switch (value_of(value)->type) {
    case NIL: return "null";
    case BOOL: return "a boolean";
    case STR: return "a string";
    case ARR: return "an array";
    case OBJ: return "an object";
    default: return "a number";
    }
}

/* `value` is where the fault is; it belongs to the keyword. */
static bool wrong(struct making *making, struct view value, const char *keyword, const char *wanted)
{
    return schema_fault(making->maker, CC_SCHEMA_WRONG, making->node->resource, value, "%s is %s, not %s", keyword, wanted, type_name(value));
}

static bool is_schema(struct view value) { return is(value, OBJ | BOOL); }

static bool each_is_schema(struct making *making, struct view container, const char *keyword)
{
    bool fits = true;
    for (EVERY(value, container))
        if (!is_schema(value)) fits = wrong(making, value, keyword, is(container, ARR) ? "a list of schemas" : "an object of schemas");
    return fits;
}

static bool are_schemas(struct making *making, struct view value, const char *keyword)
{
    if (!is(value, ARR)) return wrong(making, value, keyword, "a list of schemas");
    if (count(value) == 0)
        return schema_fault(making->maker, CC_SCHEMA_WRONG, making->node->resource, value, "%s is a list of at least one schema", keyword);
    return each_is_schema(making, value, keyword);
}

static bool is_schema_map(struct making *making, struct view value, const char *keyword)
{
    return is(value, OBJ) ? each_is_schema(making, value, keyword) : wrong(making, value, keyword, "an object of schemas");
}

/* Long lists of names are compared through hashes, like uniqueItems. */
static bool has_no_repetition(struct making *making, struct view list, const char *keyword)
{
    size_t before, index;
    struct view again = repeated_item(&making->maker->effort, list, &before, &index);
    if (!there(again)) return !maker_failed(making->maker);
    char shown[80];
    return schema_fault(making->maker, CC_SCHEMA_WRONG, making->node->resource, again, "%s lists %s twice", keyword,
                 value_excerpt(again, shown, sizeof shown));
}

static bool are_strings(struct making *making, struct view value, const char *keyword)
{
    if (!is(value, ARR)) return wrong(making, value, keyword, "a list of strings");
    for (EVERY(item, value))
        if (!is(item, STR)) return wrong(making, item, keyword, "a list of strings");
    return has_no_repetition(making, value, keyword);
}

static bool is_strings_map(struct making *making, struct view value, const char *keyword)
{
    if (!is(value, OBJ)) return wrong(making, value, keyword, "an object of lists of strings");
    bool fits = true;
    for (EVERY(list, value)) fits = are_strings(making, list, keyword) && fits;
    return fits;
}

static bool are_dependencies(struct making *making, struct view value, const char *keyword)
{
    if (!is(value, OBJ)) return wrong(making, value, keyword, "an object of schemas and lists of strings");
    bool fits = true;
    for (EVERY(item, value)) {
        if (is(item, ARR)) fits = are_strings(making, item, keyword) && fits;
        else if (!is_schema(item)) fits = wrong(making, item, keyword, "an object of schemas and lists of strings");
    }
    return fits;
}

static bool is_type_name(struct making *making, struct view value)
{
    static const char *const names[] = {"null", "boolean", "object", "array", "number", "string", "integer", NULL};
    if (!is(value, STR)) return wrong(making, value, "type", "the name of a type, or a list of them");
    for (const char *const *name = names; *name; name++)
        if (text_is(value, *name)) return true;
    char shown[80];
    return schema_fault(making->maker, CC_SCHEMA_WRONG, making->node->resource, value,
                 "%s is no type: there are null, boolean, object, array, number, string and integer", value_excerpt(value, shown, sizeof shown));
}

static bool is_type(struct making *making, struct view value)
{
    if (!is(value, ARR)) return is_type_name(making, value);
    if (count(value) == 0)
        return schema_fault(making->maker, CC_SCHEMA_WRONG, making->node->resource, value, "type is a list of at least one type");
    for (EVERY(item, value))
        if (!is_type_name(making, item)) return false;
    return has_no_repetition(making, value, "type");
}

static bool is_number_above(struct making *making, struct view value, const char *keyword, bool zero_too)
{
    char shown[80];
    if (!is(value, NUM)) return wrong(making, value, keyword, "a number");
    struct decimal number = decimal_of(value);
    if (!number.minus && (zero_too || number.count)) return true;
    return schema_fault(making->maker, CC_SCHEMA_WRONG, making->node->resource, value, "%s is %s, not %s", keyword,
                 zero_too ? "a whole number from 0" : "a number above 0", value_excerpt(value, shown, sizeof shown));
}

static bool is_a_count(struct making *making, struct view value, const char *keyword)
{
    char shown[80];
    if (!is_number_above(making, value, keyword, true)) return false;
    struct decimal number = decimal_of(value);
    if (decimal_is_whole(&number)) return true;
    return schema_fault(making->maker, CC_SCHEMA_WRONG, making->node->resource, value, "%s is a whole number from 0, not %s", keyword,
                 value_excerpt(value, shown, sizeof shown));
}

static bool anchor_byte(char c, bool first)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.'));
}

static bool is_anchor(struct making *making, struct view value, const char *keyword)
{
    if (!is(value, STR)) return wrong(making, value, keyword, "a name");
    struct text text = effort_text(&making->maker->effort, value.doc, value.at);
    bool fits = text.length > 0;
    for (size_t i = 0; i < text.length; i++) fits = fits && anchor_byte(text.bytes[i], i == 0);
    char shown[80];
    return fits || schema_fault(making->maker, CC_SCHEMA_WRONG, making->node->resource, value,
                         "%s is a name of ASCII letters, digits, -, . and _, and begins with a letter or _; %s is none", keyword,
                         value_excerpt(value, shown, sizeof shown));
}

static bool is_address(struct making *making, struct view value, const char *keyword)
{
    if (!is(value, STR)) return wrong(making, value, keyword, "a URI reference");
    struct text text = effort_text(&making->maker->effort, value.doc, value.at);
    const char *hash = text.length ? memchr(text.bytes, '#', text.length) : NULL;
    bool newer = making->node->resource->dialect.draft == CC_DRAFT_2020_12;
    if (!newer || strcmp(keyword, "$id") != 0 || !hash || hash + 1 == text.bytes + text.length) return true;
    return schema_fault(making->maker, CC_SCHEMA_WRONG, making->node->resource, value,
                 "$id has no fragment in this draft: a name within the document is given by $anchor");
}

static bool is_vocabulary(struct making *making, struct view value, const char *keyword)
{
    if (!is(value, OBJ)) return wrong(making, value, keyword, "an object of booleans");
    for (EVERY(item, value))
        if (!is(item, BOOL)) return wrong(making, item, keyword, "an object of booleans");
    return true;
}

bool word_fits(struct making *making, const struct word *word, struct view value)
{
    const char *name = word->name;
    switch (word->is) {
    case IS_ANY: return true;
    case IS_SCHEMA: return is_schema(value) || wrong(making, value, name, "a schema: an object or a boolean");
    case IS_SCHEMAS: return are_schemas(making, value, name);
    case IS_ITEMS:
        if (is(value, ARR)) return are_schemas(making, value, name);
        return is_schema(value) || wrong(making, value, name, "a schema or a list of schemas");
    case IS_SCHEMA_MAP:
    case IS_PATTERN_MAP: return is_schema_map(making, value, name);
    case IS_DEPENDENCIES: return are_dependencies(making, value, name);
    case IS_STRINGS_MAP: return is_strings_map(making, value, name);
    case IS_STRINGS: return are_strings(making, value, name);
    case IS_STRING: return is(value, STR) || wrong(making, value, name, "a string");
    case IS_TYPE: return is_type(making, value);
    case IS_NUMBER: return is(value, NUM) || wrong(making, value, name, "a number");
    case IS_POSITIVE: return is_number_above(making, value, name, false);
    case IS_COUNT: return is_a_count(making, value, name);
    case IS_BOOL: return is(value, BOOL) || wrong(making, value, name, "a boolean");
    case IS_LIST: return is(value, ARR) || wrong(making, value, name, "a list");
    case IS_ADDRESS: return is_address(making, value, name);
    case IS_ANCHOR: return is_anchor(making, value, name);
    case IS_VOCABULARY: return is_vocabulary(making, value, name);
    }
    return true;
}
