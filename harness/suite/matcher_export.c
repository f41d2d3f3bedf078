/* matcher_export.c: the table of matchers as JSON Schema. The library's table of suites leaves open what stands at a JSON pointer, as matchers
 * are the harness's own; editors want to know it all the same. */
#include "harness/suite/matcher_export.h"

#include "chatconform.h"
#include "harness/suite/matcher_words.h"

#include <stdio.h>
#include <string.h>

#define MATCHER "{\"$ref\": \"#/$defs/matcher\"}"
#define OPEN_TEXT "{\"type\": \"string\", \"pattern\": \"\\\\$\\\\{\"}" /* a variable decides */
#define MATCHERS "{\"type\": \"object\", \"propertyNames\": {\"pattern\": \"^(/|$)\"}, \"additionalProperties\": " MATCHER "}"

/* What the operand of a word may be. */
static const char *const operands[] = {
    [TAKES_ANYTHING] = "true",
    [TAKES_LIST] = "{\"anyOf\": [{\"type\": \"array\", \"minItems\": 1}, " OPEN_TEXT "]}",
    [TAKES_MATCHER] = MATCHER,
    [TAKES_SIZE] = "{\"$ref\": \"#/$defs/size\"}",
    [TAKES_PATTERN] = "{\"type\": \"string\"}",
    [TAKES_TYPES] = "{\"anyOf\": [{\"$ref\": \"#/$defs/type\"}, {\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/$defs/type\"}}, "
                    OPEN_TEXT "]}",
    [TAKES_BOOLEAN] = "{\"type\": \"boolean\"}",
    [TAKES_NUMBER] = "{\"anyOf\": [{\"type\": \"number\"}, " OPEN_TEXT "]}",
    [TAKES_DOCUMENT] = "{\"anyOf\": [{\"const\": true}, " MATCHERS "]}",
    [TAKES_SCHEMA] = "{\"type\": [\"object\", \"boolean\"]}",
};

static const char size_schema[] =
    "{\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0}, " OPEN_TEXT ", {\"type\": \"object\", \"minProperties\": 1, \"properties\": {"
    "\"equals\": {\"$ref\": \"#/$defs/size\"}, \"not\": {\"$ref\": \"#/$defs/size\"}, \"at_least\": {\"$ref\": \"#/$defs/size\"}, "
    "\"at_most\": {\"$ref\": \"#/$defs/size\"}, \"in\": {\"type\": \"array\", \"minItems\": 1, \"items\": {\"$ref\": \"#/$defs/size\"}}}, "
    "\"additionalProperties\": false}]}";

/* These texts are our own; the reader is asked all the same, as everywhere. */
static bool add_text(struct json_object *to, const char *key, const char *text)
{
    struct json_object *made = NULL;
    if (cc_read_object(text, strlen(text), NULL, &made, NULL, 0) && json_object_object_add(to, key, made) == 0)
        return true;
    json_object_put(made);
    return false;
}

/* A member, made when it is not there; NULL when memory runs out. It belongs to the object. */
static struct json_object *member(struct json_object *of, const char *key)
{
    struct json_object *found = NULL;
    if (!of || json_object_object_get_ex(of, key, &found))
        return found;
    found = json_object_new_object();
    if (found && json_object_object_add(of, key, found) == 0)
        return found;
    json_object_put(found);
    return NULL;
}

/* A plain value, or a map of words. */
static bool define_matcher(struct json_object *defs)
{
    struct json_object *words;
    bool ok = add_text(defs, "matcher", "{\"if\": {\"type\": \"object\"}, \"then\": {\"minProperties\": 1, \"additionalProperties\": false}}");
    ok = ok && (words = member(member(member(defs, "matcher"), "then"), "properties")) != NULL;
    for (const struct matcher_word *word = matcher_words; ok && word->name; word++)
        ok = add_text(words, word->name, operands[word->takes]);
    return ok;
}

static bool define_type(struct json_object *defs)
{
    char text[256] = "{\"enum\": [";
    for (const char *const *word = type_words; *word; word++) {
        size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "\"%s\"%s", *word, word[1] ? ", " : "]}");
    }
    return add_text(defs, "type", text);
}

/* Where matchers stand among the expectations of a case or a step. */
static bool open_expect(struct json_object *expect)
{
    struct json_object *properties = member(expect, "properties"), *rejected = member(member(properties, "rejected"), "properties");
    return expect && add_text(expect, "patternProperties", "{\"^(/|$)\": " MATCHER "}") &&
           add_text(expect, "additionalProperties", "false") && add_text(member(properties, "headers"), "additionalProperties", MATCHER) && add_text(member(rejected, "message"), "$ref", "\"#/$defs/matcher\"");
}

static bool open_chunks(struct json_object *defs)
{
    bool ok = true;
    json_object_object_foreach(defs, name, shape) {
        size_t length = strlen(name);
        if (!ok || length < 7 || strcmp(name + length - 7, ".chunks") != 0)
            continue;
        struct json_object *properties = member(shape, "properties");
        ok = properties && add_text(member(properties, "where"), "additionalProperties", MATCHER) &&
             add_text(member(properties, "count"), "$ref", "\"#/$defs/size\"");
    }
    return ok;
}

bool matchers_export(struct json_object *schema)
{
    struct json_object *defs = member(schema, "$defs");
    struct json_object *of_case = member(member(member(member(schema, "properties"), "cases"), "items"), "properties");
    struct json_object *of_step = member(member(member(of_case, "steps"), "items"), "properties");
    return defs && of_step && open_chunks(defs) && define_matcher(defs) && define_type(defs) && add_text(defs, "size", size_schema) &&
           open_expect(member(of_case, "expect")) && open_expect(member(of_step, "expect"));
}
