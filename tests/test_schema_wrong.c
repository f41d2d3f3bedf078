/* test_schema_wrong.c: schemas that are themselves wrong, each with the place and the sentence; the metaschemas,
    which are a second opinion; and
 * what is not wrong but not offered here. */
#include "tests/testing.h"
#include "validator/lib/json_schema.h"

#include <string.h>

#define DRAFT_7 "\"$schema\": \"http://json-schema.org/draft-07/schema#\", "

static struct cc_schema *schema_of(const char *text)
{
    struct cc_schema *schema = cc_schema_new(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(schema);
    return schema;
}

/* --- wrong by the metaschema too */

struct wrong {
    const char *schema, *place, *keyword, *message;
};

static const struct wrong wrong[] = {
    {"5", "", "", "a schema is an object or a boolean"},
    {"null", "", "", "a schema is an object or a boolean"},
    {"[]", "", "", "a schema is an object or a boolean"},
    {"{\"type\": \"strnig\"}", "/type", "type", "\"strnig\" is no type: there are null, boolean, object, array, number, string and integer"},
    {"{\"type\": 5}", "/type", "type", "type is the name of a type, or a list of them, not a number"},
    {"{\"type\": []}", "/type", "type", "type is a list of at least one type"},
    {"{\"type\": [\"null\", \"nul\"]}", "/type/1", "type",
     "\"nul\" is no type: there are null, boolean, object, array, number, string and integer"},
    {"{\"type\": [\"null\", \"null\"]}", "/type/1", "type", "type lists \"null\" twice"},
    {"{\"type\": [\"null\", null]}", "/type/1", "type", "type is the name of a type, or a list of them, not null"},
    {"{\"enum\": \"a\"}", "/enum", "enum", "enum is a list, not a string"},
    {"{\"multipleOf\": 0}", "/multipleOf", "multipleOf", "multipleOf is a number above 0, not 0"},
    {"{\"multipleOf\": -1.5}", "/multipleOf", "multipleOf", "multipleOf is a number above 0, not -1.5"},
    {"{\"multipleOf\": \"2\"}", "/multipleOf", "multipleOf", "multipleOf is a number, not a string"},
    {"{\"maximum\": null}", "/maximum", "maximum", "maximum is a number, not null"},
    {"{\"minimum\": \"1\"}", "/minimum", "minimum", "minimum is a number, not a string"},
    {"{\"exclusiveMinimum\": true}", "/exclusiveMinimum", "exclusiveMinimum", "exclusiveMinimum is a number, not a boolean"},
    {"{\"exclusiveMaximum\": false}", "/exclusiveMaximum", "exclusiveMaximum", "exclusiveMaximum is a number, not a boolean"},
    {"{\"minLength\": -1}", "/minLength", "minLength", "minLength is a whole number from 0, not -1"},
    {"{\"maxLength\": 1.5}", "/maxLength", "maxLength", "maxLength is a whole number from 0, not 1.5"},
    {"{\"minItems\": \"1\"}", "/minItems", "minItems", "minItems is a number, not a string"},
    {"{\"maxItems\": {}}", "/maxItems", "maxItems", "maxItems is a number, not an object"},
    {"{\"minContains\": -2}", "/minContains", "minContains", "minContains is a whole number from 0, not -2"},
    {"{\"maxContains\": []}", "/maxContains", "maxContains", "maxContains is a number, not an array"},
    {"{\"minProperties\": 0.5}", "/minProperties", "minProperties", "minProperties is a whole number from 0, not 0.5"},
    {"{\"maxProperties\": -1}", "/maxProperties", "maxProperties", "maxProperties is a whole number from 0, not -1"},
    {"{\"uniqueItems\": 1}", "/uniqueItems", "uniqueItems", "uniqueItems is a boolean, not a number"},
    {"{\"pattern\": 1}", "/pattern", "pattern", "pattern is a string, not a number"},
    {"{\"format\": null}", "/format", "format", "format is a string, not null"},
    {"{\"required\": \"a\"}", "/required", "required", "required is a list of strings, not a string"},
    {"{\"required\": true}", "/required", "required", "required is a list of strings, not a boolean"},
    {"{\"required\": [\"a\", 1]}", "/required/1", "required", "required is a list of strings, not a number"},
    {"{\"required\": [\"a\", \"b\", \"\\u0061\"]}", "/required/2", "required", "required lists \"\\u0061\" twice"},
    {"{\"dependentRequired\": {\"a\": \"b\"}}", "/dependentRequired/a", "dependentRequired",
     "dependentRequired is a list of strings, not a string"},
    {"{\"dependentRequired\": [\"a\"]}", "/dependentRequired", "dependentRequired",
     "dependentRequired is an object of lists of strings, not an array"},
    {"{\"dependentSchemas\": {\"a\": [\"b\"]}}", "/dependentSchemas/a", "dependentSchemas",
     "dependentSchemas is an object of schemas, not an array"},
    {"{\"dependencies\": {\"a\": 1}}", "/dependencies/a", "dependencies",
     "dependencies is an object of schemas and lists of strings, not a number"},
    {"{\"properties\": []}", "/properties", "properties", "properties is an object of schemas, not an array"},
    {"{\"properties\": {\"a\": \"string\"}}", "/properties/a", "properties", "properties is an object of schemas, not a string"},
    {"{\"properties\": {\"a\": {\"properties\": {\"b\": {\"type\": \"int\"}}}}}", "/properties/a/properties/b/type", "type",
     "\"int\" is no type: there are null, boolean, object, array, number, string and integer"},
    {"{\"patternProperties\": {\"a\": null}}", "/patternProperties/a", "patternProperties",
     "patternProperties is an object of schemas, not null"},
    {"{\"additionalProperties\": \"false\"}", "/additionalProperties", "additionalProperties",
     "additionalProperties is a schema: an object or a boolean, not a string"},
    {"{\"propertyNames\": []}", "/propertyNames", "propertyNames", "propertyNames is a schema: an object or a boolean, not an array"},
    {"{\"unevaluatedProperties\": 0}", "/unevaluatedProperties", "unevaluatedProperties",
     "unevaluatedProperties is a schema: an object or a boolean, not a number"},
    {"{\"unevaluatedItems\": null}", "/unevaluatedItems", "unevaluatedItems",
     "unevaluatedItems is a schema: an object or a boolean, not null"},
    {"{\"items\": [{}]}", "/items", "items", "items is a schema: an object or a boolean, not an array"},
    {"{\"items\": \"string\"}", "/items", "items", "items is a schema: an object or a boolean, not a string"},
    {"{\"prefixItems\": {}}", "/prefixItems", "prefixItems", "prefixItems is a list of schemas, not an object"},
    {"{\"prefixItems\": []}", "/prefixItems", "prefixItems", "prefixItems is a list of at least one schema"},
    {"{\"contains\": 1}", "/contains", "contains", "contains is a schema: an object or a boolean, not a number"},
    {"{\"allOf\": {}}", "/allOf", "allOf", "allOf is a list of schemas, not an object"},
    {"{\"anyOf\": []}", "/anyOf", "anyOf", "anyOf is a list of at least one schema"},
    {"{\"oneOf\": [{}, 5]}", "/oneOf/1", "oneOf", "oneOf is a list of schemas, not a number"},
    {"{\"not\": [{}]}", "/not", "not", "not is a schema: an object or a boolean, not an array"},
    {"{\"if\": 1}", "/if", "if", "if is a schema: an object or a boolean, not a number"},
    {"{\"then\": \"x\"}", "/then", "then", "then is a schema: an object or a boolean, not a string"},
    {"{\"else\": null}", "/else", "else", "else is a schema: an object or a boolean, not null"},
    {"{\"$defs\": {\"a\": 5}}", "/$defs/a", "$defs", "$defs is an object of schemas, not a number"},
    {"{\"definitions\": []}", "/definitions", "definitions", "definitions is an object of schemas, not an array"},
    {"{\"$ref\": {}}", "/$ref", "$ref", "$ref is a URI reference, not an object"},
    {"{\"$dynamicRef\": 1}", "/$dynamicRef", "$dynamicRef", "$dynamicRef is a URI reference, not a number"},
    {"{\"$id\": 1}", "/$id", "$id", "$id is a URI reference, not a number"},
    {"{\"$id\": \"#a\"}", "/$id", "$id", "$id has no fragment in this draft: a name within the document is given by $anchor"},
    {"{\"$schema\": 7}", "/$schema", "$schema", "$schema is a URI reference, not a number"},
    {"{\"$anchor\": \"1a\"}", "/$anchor", "$anchor",
     "$anchor is a name of ASCII letters, digits, -, . and _, and begins with a letter or _; \"1a\" is none"},
    {"{\"$dynamicAnchor\": \"\"}", "/$dynamicAnchor", "$dynamicAnchor",
     "$dynamicAnchor is a name of ASCII letters, digits, -, . and _, and begins with a letter or _; \"\" is none"},
    {"{\"$vocabulary\": []}", "/$vocabulary", "$vocabulary", "$vocabulary is an object of booleans, not an array"},
    {"{\"$vocabulary\": {\"http://x\": 1}}", "/$vocabulary/http:~1~1x", "$vocabulary", "$vocabulary is an object of booleans, not a number"},
    {"{\"$comment\": 1}", "/$comment", "$comment", "$comment is a string, not a number"},
    {"{\"title\": null}", "/title", "title", "title is a string, not null"},
    {"{\"description\": []}", "/description", "description", "description is a string, not an array"},
    {"{\"deprecated\": \"yes\"}", "/deprecated", "deprecated", "deprecated is a boolean, not a string"},
    {"{\"readOnly\": 0}", "/readOnly", "readOnly", "readOnly is a boolean, not a number"},
    {"{\"examples\": {}}", "/examples", "examples", "examples is a list, not an object"},
    {"{\"contentEncoding\": 64}", "/contentEncoding", "contentEncoding", "contentEncoding is a string, not a number"},
    {"{\"contentSchema\": \"\"}", "/contentSchema", "contentSchema", "contentSchema is a schema: an object or a boolean, not a string"},
    {"{" DRAFT_7 "\"items\": []}", "/items", "items", "items is a list of at least one schema"},
    {"{" DRAFT_7 "\"items\": 5}", "/items", "items", "items is a schema or a list of schemas, not a number"},
    {"{" DRAFT_7 "\"additionalItems\": []}", "/additionalItems", "additionalItems",
     "additionalItems is a schema: an object or a boolean, not an array"},
    {"{" DRAFT_7 "\"dependencies\": {\"a\": [\"b\", \"b\"]}}", "/dependencies/a/1", "dependencies", "dependencies lists \"b\" twice"},
    {"{" DRAFT_7 "\"$ref\": \"#\", \"properties\": {\"a\": 5}}", "/properties/a", "properties",
     "properties is an object of schemas, not a number"},
};

/* A sentence that ends in a colon goes on as a library has it, whose words change. */
static bool says(const char *message, const char *wanted)
{
    size_t length = strlen(wanted);
    return wanted[length - 1] == ' ' ? strncmp(message, wanted, length) == 0 && message[length] : strcmp(message, wanted) == 0;
}

static void expect_fault(const struct cc_schema *schema, const struct wrong *wanted, enum cc_schema_reason reason)
{
    const struct cc_schema_report *faults = cc_schema_faults(schema);
    ck_assert_msg(faults->count == 1, "%s: %zu faults", wanted->schema, faults->count);
    const struct cc_schema_error *error = &faults->errors[0];
    ck_assert_msg(says(error->message, wanted->message), "%s, not %s", error->message, wanted->message);
    ck_assert_str_eq(error->place, wanted->place);
    ck_assert_str_eq(error->keyword, wanted->keyword);
    ck_assert_int_eq(error->reason, reason);
    ck_assert_ptr_null(error->pointer);
    ck_assert_int_eq(faults->verdict, reason == CC_SCHEMA_WRONG ? CC_SCHEMA_BROKEN : CC_SCHEMA_UNDECIDED);
    ck_assert_int_eq(faults->reason, reason);
}

START_TEST(what_is_wrong_is_said)
{
    struct cc_schema *schema = schema_of(wrong[_i].schema);
    expect_fault(schema, &wrong[_i], CC_SCHEMA_WRONG);
    cc_schema_free(schema);
}
END_TEST

static enum cc_schema_verdict metaschema_says(const char *text)
{
    const char *old = "{\"$ref\": \"http://json-schema.org/draft-07/schema#\"}",
        *newer = "{\"$ref\": \"https://json-schema.org/draft/2020-12/schema\"}";
    struct cc_schema *metaschema = schema_of(strstr(text, "draft-07") ? old : newer);
    struct cc_schema_judge *judge = cc_schema_judge_new();
    ck_assert_ptr_nonnull(judge);
    enum cc_schema_verdict verdict = cc_schema_decide(judge, metaschema, text, strlen(text));
    cc_schema_judge_free(judge);
    cc_schema_free(metaschema);
    return verdict;
}

START_TEST(the_metaschema_agrees)
{
    ck_assert_msg(metaschema_says(wrong[_i].schema) == CC_SCHEMA_BROKEN, "%s", wrong[_i].schema);
}
END_TEST

/* --- wrong in ways that no metaschema sees */

static const struct wrong unseen[] = {
    {"{\"$ref\": \"#/$defs/a\"}", "/$ref", "$ref", "\"#/$defs/a\" leads nowhere: no schema stands there"},
    {"{\"$ref\": \"#name\"}", "/$ref", "$ref", "\"#name\" leads nowhere: no schema stands there"},
    {"{\"$dynamicRef\": \"#name\"}", "/$dynamicRef", "$dynamicRef", "\"#name\" leads nowhere: no schema stands there"},
    {"{\"properties\": {\"a\": {\"$ref\": \"#/properties/b\"}}}", "/properties/a/$ref", "$ref",
     "\"#/properties/b\" leads nowhere: no schema stands there"},
    {"{\"$ref\": \"#/$defs/a~2\", \"$defs\": {\"a~2\": {}}}", "/$ref", "$ref", "\"#/$defs/a~2\" leads nowhere: no schema stands there"},
    {"{\"$ref\": \"#/examples/0\", \"examples\": [5]}", "/$ref", "$ref", "\"#/examples/0\" leads nowhere: no schema stands there"},
    {"{\"$ref\": \"#/allOf/01\", \"allOf\": [true, true]}", "/$ref", "$ref", "\"#/allOf/01\" leads nowhere: no schema stands there"},
    {"{\"$ref\": \"#/allOf/2\", \"allOf\": [true, true]}", "/$ref", "$ref", "\"#/allOf/2\" leads nowhere: no schema stands there"},
    {"{\"pattern\": \"(\"}", "/pattern", "pattern",
     "the pattern \"(\" cannot be used: a parenthesis is not closed (at byte 2 of the pattern)"},
    {"{\"pattern\": \"^\\\\Z\"}", "/pattern", "pattern",
     "the pattern \"^\\\\Z\" cannot be used: \\Z is no escape of ECMA-262 (at byte 2 of the pattern)"},
    {"{\"patternProperties\": {\"[\": {}}}", "/patternProperties/[", "patternProperties",
     "the pattern \"[\" cannot be used: a bracket is not closed (at byte 1 of the pattern)"},
    {"{", "", "", "the schema is not JSON: the text ends inside an object"},
    {"{\"type\": \"string\"", "", "", "the schema is not JSON: the text ends inside an object"},
    {"", "", "", "the schema is not JSON: the text is empty"},
    {"{\"a\": \"\xFF\"}", "", "", "the schema is not JSON: the text is not UTF-8 here"},
};

START_TEST(what_is_wrong_otherwise_is_said)
{
    struct cc_schema *schema = schema_of(unseen[_i].schema);
    expect_fault(schema, &unseen[_i], CC_SCHEMA_WRONG);
    cc_schema_free(schema);
}
END_TEST

/* --- not wrong, but not offered */

static const struct wrong not_offered[] = {
    {"{\"$schema\": \"http://json-schema.org/draft-04/schema#\"}", "/$schema", "$schema",
     "$schema names the dialect \"http://json-schema.org/draft-04/schema#\"; known here are draft 7 and draft 2020-12"},
    {"{\"$schema\": \"https://json-schema.org/draft/2019-09/schema\"}", "/$schema", "$schema",
     "$schema names the dialect \"https://json-schema.org/draft/2019-09/schema\"; known here are draft 7 and draft 2020-12"},
    {"{\"$ref\": \"http://example.com/x\"}", "/$ref", "$ref",
     "\"http://example.com/x\" leads to another document, which was not given (nothing is fetched)"},
    {"{\"$ref\": \"other.json#/a\"}", "/$ref", "$ref",
     "\"other.json#/a\" leads to another document, which was not given (nothing is fetched)"},
    {"{\"$ref\": \"file:///etc/passwd\"}", "/$ref", "$ref",
     "\"file:///etc/passwd\" leads to another document, which was not given (nothing is fetched)"},
    {"{\"$recursiveRef\": \"#\"}", "/$recursiveRef", "$recursiveRef", "$recursiveRef belongs to draft 2019-09, which is not known here"},
    {"{\"pattern\": \"(?<=a+)b\"}", "/pattern", "pattern",
     "the pattern \"(?<=a+)b\" cannot be used: "}, /* the reason is in the words of PCRE2 */
    {"{\"type\": \"null\", \"type\": \"string\"}", "/type", "", "the member \"type\" stands there twice, and which one counts is open"},
};

START_TEST(what_is_not_offered_is_said)
{
    struct cc_schema *schema = schema_of(not_offered[_i].schema);
    expect_fault(schema, &not_offered[_i], CC_SCHEMA_UNSUPPORTED);
    ck_assert(says(cc_schema_faults(schema)->why, not_offered[_i].message));
    cc_schema_free(schema);
}
END_TEST

START_TEST(a_vocabulary_that_must_be_understood_is_not)
{
    struct cc_schema_library *library = cc_schema_library_new();
    const char *metaschema = "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$vocabulary\": {\"http://example.com/v\": true}}";
    ck_assert(cc_schema_library_add(library, "http://example.com/meta", metaschema, strlen(metaschema)));
    struct cc_schema_options options = {.library = library};
    const char *text = "{\"$schema\": \"http://example.com/meta\"}";
    struct cc_schema *schema = cc_schema_new(text, strlen(text), &options);
    ck_assert_uint_eq(cc_schema_faults(schema)->count, 1);
    ck_assert_str_eq(cc_schema_faults(schema)->errors[0].message,
                     "the metaschema needs the vocabulary \"http://example.com/v\", which is not known here");
    cc_schema_free(schema);
    cc_schema_library_free(library);
}
END_TEST

/* --- right, though it may not look so */

static const char *const right[] = {
    "true", "false", "{}", "{\"enum\": []}", "{\"enum\": [1, 1]}", "{\"minLength\": 2.0}", "{\"maxItems\": 1e2}", "{\"required\": []}",
    "{\"x-vendor\": {\"type\": 5}}", "{\"nullable\": \"maybe\"}", "{\"format\": \"unheard-of\"}", "{\"examples\": [{\"type\": 5}]}",
    "{\"const\": {\"$ref\": \"#/nowhere\"}}", "{\"enum\": [{\"$id\": \"#bad\"}]}", "{\"default\": {\"properties\": 5}}",
    "{\"properties\": {\"$ref\": {\"type\": \"string\"}, \"type\": {}, \"properties\": {\"properties\": {}}}}",
    "{\"$ref\": \"#\"}", "{\"$ref\": \"#/properties/a\", \"properties\": {\"a\": {}}}", "{\"$ref\": \"#/x-mine/0\", \"x-mine\": [{}]}",
    "{\"$ref\": \"#/$defs/a%25b/items\", \"$defs\": {\"a%b\": {\"items\": {}}}}", "{\"$id\": \"http://x/y#\"}", "{\"minimum\": 1e999}",
    "{" DRAFT_7 "\"items\": [{}], \"additionalItems\": false}", "{" DRAFT_7 "\"$id\": \"#/properties/a\"}",
    "{" DRAFT_7 "\"definitions\": {\"a\": {\"$id\": \"#a\"}}, \"$ref\": \"#a\"}", "{" DRAFT_7 "\"$anchor\": 5, \"prefixItems\": 5}",
};

START_TEST(what_is_right_is_taken)
{
    struct cc_schema *schema = schema_of(right[_i]);
    const struct cc_schema_report *faults = cc_schema_faults(schema);
    ck_assert_msg(faults->count == 0, "%s: %s", right[_i], faults->count ? faults->errors[0].message : "");
    ck_assert_msg(metaschema_says(right[_i]) == CC_SCHEMA_HOLDS, "%s", right[_i]);
    cc_schema_free(schema);
}
END_TEST

START_TEST(all_faults_are_listed)
{
    struct cc_schema *schema = schema_of("{\"type\": 5, \"properties\": {\"a\": {\"minLength\": -1, \"$ref\": \"#/b\"}}, \"allOf\": [1, 2]}");
    const struct cc_schema_report *faults = cc_schema_faults(schema);
    static const char *const places[] = {"/type", "/properties/a/minLength", "/properties/a/$ref", "/allOf/0", "/allOf/1"};
    ck_assert_uint_eq(faults->count, COUNT(places));
    for (int i = 0; i < COUNT(places); i++) ck_assert_str_eq(faults->errors[i].place, places[i]);
    cc_schema_free(schema);
}
END_TEST

static Suite *wrong_suite(void)
{
    Suite *suite = suite_create("schema_wrong");
    TCase *tests = tcase_create("wrong");
    tcase_add_loop_test(tests, what_is_wrong_is_said, 0, COUNT(wrong));
    tcase_add_loop_test(tests, the_metaschema_agrees, 0, COUNT(wrong));
    tcase_add_loop_test(tests, what_is_wrong_otherwise_is_said, 0, COUNT(unseen));
    tcase_add_loop_test(tests, what_is_not_offered_is_said, 0, COUNT(not_offered));
    tcase_add_test(tests, a_vocabulary_that_must_be_understood_is_not);
    tcase_add_loop_test(tests, what_is_right_is_taken, 0, COUNT(right));
    tcase_add_test(tests, all_faults_are_listed);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(wrong_suite)
