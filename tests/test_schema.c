/* test_schema.c: JSON Schema as a program that embeds it sees it: errors with their places and words, options, documents of a library,
    values of
 * larger documents. */
#include "tests/testing.h"
#include "validator/lib/json_schema.h"

#include <stdlib.h>
#include <string.h>

static struct cc_schema_judge *judge;
static void open_judge(void) { ck_assert_ptr_nonnull(judge = cc_schema_judge_new()); }
static void close_judge(void) { cc_schema_judge_free(judge); }

static struct cc_schema *schema_of(const char *text, const struct cc_schema_options *options)
{
    struct cc_schema *schema = cc_schema_new(text, strlen(text), options);
    ck_assert_ptr_nonnull(schema);
    return schema;
}

static struct cc_schema *good_schema(const char *text, const struct cc_schema_options *options)
{
    struct cc_schema *schema = schema_of(text, options);
    const struct cc_schema_report *faults = cc_schema_faults(schema);
    ck_assert_msg(faults->count == 0, "%s: %s", text, faults->count ? faults->errors[0].message : "");
    ck_assert_int_eq(faults->verdict, CC_SCHEMA_HOLDS);
    return schema;
}

static const struct cc_schema_report *check(const struct cc_schema *schema, const char *text)
{
    const struct cc_schema_report *report = cc_schema_check(judge, schema, text, strlen(text));
    ck_assert_ptr_nonnull(report);
    return report;
}

static enum cc_schema_verdict verdict_of(const char *schema_text, const struct cc_schema_options *options, const char *text)
{
    struct cc_schema *schema = good_schema(schema_text, options);
    enum cc_schema_verdict verdict = cc_schema_decide(judge, schema, text, strlen(text));
    ck_assert_int_eq(check(schema, text)->verdict, verdict);
    cc_schema_free(schema);
    return verdict;
}

/* --- each demand, and what is said when it is broken */

static const struct {
    const char *schema, *document, *pointer, *place, *keyword, *message;
} told[] = {
    {"{\"type\": \"string\"}", "5", "", "/type", "type", "the value is an integer; its type is to be \"string\""},
    {"{\"type\": [\"string\", \"null\", \"array\"]}", "1.5", "", "/type", "type",
     "the value is a number with a fraction; its type is to be \"string\", \"null\" or \"array\""},
    {"{\"type\": \"integer\"}", "1.5", "", "/type", "type", "the value is a number with a fraction; its type is to be \"integer\""},
    {"{\"enum\": [\"a\", 1, null]}", "\"b\"", "", "/enum", "enum", "\"b\" is none of [\"a\", 1, null]"},
    {"{\"enum\": [1,2,3,4,5,6,7,8,9,10]}", "11", "", "/enum", "enum", "11 is none of [1,2,3,4,5,6,7,8,9,10]"},
    {"{\"const\": {\"a\": [1]}}", "{\"a\": [2]}", "", "/const", "const", "{\"a\": [2]} is not {\"a\": [1]}"},
    {"{\"minLength\": 2}", "\"\xC3\xA9\"", "", "/minLength", "minLength", "the string has 1 character, fewer than 2"},
    {"{\"maxLength\": 1}", "\"ab\"", "", "/maxLength", "maxLength", "the string has 2 characters, more than 1"},
    {"{\"pattern\": \"^a\"}", "\"ba\"", "", "/pattern", "pattern", "\"ba\" does not match the pattern \"^a\""},
    {"{\"minimum\": 2}", "1.99", "", "/minimum", "minimum", "1.99 is below 2"},
    {"{\"maximum\": 2}", "2.01", "", "/maximum", "maximum", "2.01 is above 2"},
    {"{\"exclusiveMinimum\": 2}", "2.0", "", "/exclusiveMinimum", "exclusiveMinimum", "2.0 is not above 2"},
    {"{\"exclusiveMaximum\": 2}", "2e0", "", "/exclusiveMaximum", "exclusiveMaximum", "2e0 is not below 2"},
    {"{\"multipleOf\": 0.1}", "0.35", "", "/multipleOf", "multipleOf", "0.35 is not a multiple of 0.1"},
    {"{\"minItems\": 1}", "[]", "", "/minItems", "minItems", "the array has 0 items, fewer than 1"},
    {"{\"maxItems\": 1}", "[1, 2]", "", "/maxItems", "maxItems", "the array has 2 items, more than 1"},
    {"{\"uniqueItems\": true}", "[1, 2, 1.0]", "/2", "/uniqueItems", "uniqueItems", "item 2 is the same as item 0"},
    {"{\"items\": {\"type\": \"null\"}}", "[null, 1]", "/1", "/items/type", "type", "the value is an integer; its type is to be \"null\""},
    {"{\"prefixItems\": [true], \"items\": false}", "[1, 2]", "/1", "/items", "items", "the array may have no more than 1 item"},
    {"{\"prefixItems\": [true, {\"const\": 0}]}", "[1, 2]", "/1", "/prefixItems/1/const", "const", "2 is not 0"},
    {"{\"contains\": {\"const\": 0}}", "[1, 2]", "", "/contains", "contains", "no item fits the schema of contains"},
    {"{\"contains\": {\"const\": 0}, \"minContains\": 2}", "[0, 2]", "", "/minContains", "minContains",
     "the schema of contains fits 1 item, fewer than 2"},
    {"{\"contains\": {\"const\": 0}, \"maxContains\": 1}", "[0, 0]", "", "/maxContains", "maxContains",
     "the schema of contains fits 2 items, more than 1"},
    {"{\"prefixItems\": [true], \"unevaluatedItems\": false}", "[1, 2]", "/1", "/unevaluatedItems", "unevaluatedItems",
     "the array may not have this item: nothing else speaks of it"},
    {"{\"minProperties\": 1}", "{}", "", "/minProperties", "minProperties", "the object has 0 members, fewer than 1"},
    {"{\"maxProperties\": 1}", "{\"a\": 1, \"b\": 2}", "", "/maxProperties", "maxProperties", "the object has 2 members, more than 1"},
    {"{\"required\": [\"a\", \"b\"]}", "{\"b\": 1}", "", "/required", "required", "the member \"a\" is missing"},
    {"{\"properties\": {\"a/b~c\": {\"type\": \"null\"}}}", "{\"a/b~c\": 1}", "/a~1b~0c", "/properties/a~1b~0c/type", "type",
     "the value is an integer; its type is to be \"null\""},
    {"{\"properties\": {\"a\": true}, \"additionalProperties\": false}", "{\"a\": 1, \"\\u00e9\": 2}", "/\xC3\xA9", "/additionalProperties",
     "additionalProperties", "the member \"\\u00e9\" is not allowed here"},
    {"{\"patternProperties\": {\"^x-\": {\"type\": \"string\"}}}", "{\"x-a\": 1}", "/x-a", "/patternProperties/^x-/type", "type",
     "the value is an integer; its type is to be \"string\""},
    {"{\"propertyNames\": {\"maxLength\": 1}}", "{\"ab\": 1}", "/ab", "/propertyNames/maxLength", "maxLength",
     "the string has 2 characters, more than 1"},
    {"{\"dependentRequired\": {\"a\": [\"b\"]}}", "{\"a\": 1}", "", "/dependentRequired", "dependentRequired",
     "the member \"b\" is missing, which \"a\" needs"},
    {"{\"dependentSchemas\": {\"a\": {\"maxProperties\": 1}}}", "{\"a\": 1, \"b\": 1}", "", "/dependentSchemas/a/maxProperties",
     "maxProperties",
     "the object has 2 members, more than 1"},
    {"{\"unevaluatedProperties\": false}", "{\"a\": 1}", "/a", "/unevaluatedProperties", "unevaluatedProperties",
     "the member \"a\" is not allowed here: nothing else speaks of it"},
    {"{\"allOf\": [true, {\"type\": \"null\"}]}", "1", "", "/allOf/1/type", "type", "the value is an integer; its type is to be \"null\""},
    {"{\"anyOf\": [{\"type\": \"null\"}, {\"const\": 2}]}", "1", "", "/anyOf", "anyOf", "the value fits none of the schemas of anyOf"},
    {"{\"oneOf\": [{\"type\": \"null\"}, {\"const\": 2}]}", "1", "", "/oneOf", "oneOf", "the value fits none of the schemas of oneOf"},
    {"{\"oneOf\": [false, true, true]}", "1", "", "/oneOf", "oneOf", "the value fits more than one schema of oneOf, numbers 1 and 2"},
    {"{\"not\": {\"type\": \"integer\"}}", "1", "", "/not", "not", "the value fits the schema that not forbids"},
    {"{\"if\": {\"type\": \"integer\"}, \"then\": {\"minimum\": 3}, \"else\": false}", "1", "", "/then/minimum", "minimum", "1 is below 3"},
    {"{\"if\": {\"type\": \"integer\"}, \"then\": {\"minimum\": 3}, \"else\": false}", "null", "", "/else", "",
     "the schema false allows no value here"},
    {"{\"$ref\": \"#/$defs/x\", \"$defs\": {\"x\": {\"type\": \"null\"}}}", "1", "", "/$defs/x/type", "type",
     "the value is an integer; its type is to be \"null\""},
    {"false", "1", "", "", "", "the schema false allows no value here"},
    {"{\"properties\": {\"a\": false}}", "{\"a\": 1}", "/a", "/properties/a", "", "the schema false allows no value here"},
    {"{\"$ref\": \"https://json-schema.org/draft/2020-12/schema\"}", "{\"minItems\": -1}", "/minItems",
     "https://json-schema.org/draft/2020-12/meta/validation#/$defs/nonNegativeInteger/minimum", "minimum", "-1 is below 0"},
};

START_TEST(an_error_says_where_and_why)
{
    struct cc_schema *schema = good_schema(told[_i].schema, NULL);
    const struct cc_schema_report *report = check(schema, told[_i].document);
    ck_assert_int_eq(report->verdict, CC_SCHEMA_BROKEN);
    ck_assert_int_eq(report->reason, CC_SCHEMA_CLEAR);
    ck_assert_ptr_null(report->why);
    ck_assert_uint_eq(report->count, 1);
    const struct cc_schema_error *error = &report->errors[0];
    ck_assert_int_eq(error->reason, CC_SCHEMA_CLEAR);
    ck_assert_str_eq(error->pointer, told[_i].pointer);
    ck_assert_str_eq(error->place, told[_i].place);
    ck_assert_str_eq(error->keyword, told[_i].keyword);
    ck_assert_str_eq(error->message, told[_i].message);
    ck_assert_int_eq(cc_schema_decide(judge, schema, told[_i].document, strlen(told[_i].document)), CC_SCHEMA_BROKEN);
    cc_schema_free(schema);
}
END_TEST

/* --- escapes, marks and other ways round corners */

static const struct {
    const char *schema, *good, *bad;
} decided[] = {
    {"{\"\\u0074ype\": \"\\u006eull\"}", "null", "1"},
    {"{\"properties\": {\"\\u0061\\n\": {\"type\": \"null\"}}, \"required\": [\"a\\u000a\"]}", "{\"a\\n\": null}", "{\"\\u0061\\u000A\": 1}"},
    {"{\"properties\": {\"ab\": {\"type\": \"null\"}}, \"additionalProperties\": false}", "{\"\\u0061b\": null}", "{\"\\u0061c\": null}"},
    {"{\"patternProperties\": {\"^\\\\u0061\": {\"type\": \"null\"}}}", "{\"\\u0061\": null, \"b\": 1}", "{\"\\u0061\": 1}"},
    {"{\"enum\": [\"\\u0061\", 1,2,3,4,5,6,7,8]}", "\"a\"", "\"b\""},
    {"{\"const\": {\"\\u0061\": 1, \"b\": 2}}", "{\"b\": 2.0, \"a\": 1}", "{\"b\": 2.0, \"c\": 1}"},
    {"{\"prefixItems\": [true], \"unevaluatedItems\": {\"type\": \"null\"}}", "[1, null]", "[1, null, 2]"},
    {"{\"contains\": {\"type\": \"null\"}, \"unevaluatedItems\": {\"type\": \"integer\"}}", "[null, 1, null]", "[null, 1, \"\"]"},
    {"{\"properties\": {\"a\": true}, \"unevaluatedProperties\": {\"type\": \"null\"}}", "{\"a\": 1, \"b\": null}", "{\"a\": 1, \"b\": 1}"},
    {"{\"anyOf\": [{\"properties\": {\"a\": {\"const\": 1}}, \"required\": [\"a\"]},"
     " {\"properties\": {\"b\": true}}], \"unevaluatedProperties\": false}",
     "{\"a\": 1, \"b\": 2}", "{\"a\": 2, \"b\": 2}"},
    {"{\"allOf\": [{\"unevaluatedProperties\": {\"type\": \"null\"}}], \"unevaluatedProperties\": false}", "{\"a\": null}", "{\"a\": 1}"},
    {"{\"unevaluatedItems\": false, \"unevaluatedProperties\": false}", "5", "[5]"},
    {"{\"type\": \"integer\"}", "1e2", "1e-2"},
    {"{\"type\": [\"integer\", \"number\"]}", "1.5", "null"},
    {"{\"minLength\": 1, \"maxLength\": 1}", "\"\\ud83d\\ude00\"", "\"\\ud83d\\ude00.\""},
    {"{\"minProperties\": 2, \"maxProperties\": 2}", "{\"a\": 1, \"a\": 2, \"b\": 3}", "{\"a\": 1, \"a\": 2}"},
    {"{\"required\": [\"a\", \"b\"], \"dependentRequired\": {\"c\": [\"d\", \"e\"]}, "
     "\"dependencies\": {\"c\": [\"f\"], \"d\": {\"minProperties\": 6}}}",
     "{\"a\": 1, \"b\": 1, \"c\": 1, \"d\": 1, \"e\": 1, \"f\": 1}", "{\"a\": 1, \"b\": 1, \"c\": 1, \"d\": 1, \"e\": 1}"},
    {"{\"minItems\": 1e999}", "5", "[]"},
    {"{\"$defs\": {\"a\": {\"$anchor\": \"x\", \"maximum\": 1}}, \"items\": {\"$ref\": \"#x\"}}", "[0, 1]", "[2]"},
    {"{\"$id\": \"http://x/a\", \"$defs\": {\"b\": {\"$id\": \"b\", \"$defs\": {\"c\": {\"maximum\": 1}}}}, \"$ref\": \"b#/$defs/c\"}", "1",
     "2"},
    {"{\"if\": {\"properties\": {\"a\": {\"const\": 1}}, \"required\": [\"a\"]},"
     " \"then\": {\"required\": [\"b\"]}, \"else\": {\"required\": [\"c\"]}}",
     "{\"a\": 1, \"b\": 1}", "{\"a\": 2, \"b\": 1}"},
};

START_TEST(values_are_decided)
{
    struct cc_schema *schema = good_schema(decided[_i].schema, NULL);
    const char *good = decided[_i].good, *bad = decided[_i].bad;
    enum cc_schema_verdict first = cc_schema_decide(judge, schema, good, strlen(good)),
        second = cc_schema_decide(judge, schema, bad, strlen(bad));
    ck_assert_msg(first == CC_SCHEMA_HOLDS, "%s on %s: %d", decided[_i].schema, good, first);
    ck_assert_msg(second == CC_SCHEMA_BROKEN, "%s on %s: %d", decided[_i].schema, bad, second);
    ck_assert_int_eq(check(schema, good)->verdict, first);
    ck_assert_int_eq(check(schema, bad)->verdict, second);
    cc_schema_free(schema);
}
END_TEST

START_TEST(a_metaschema_chooses_its_vocabularies)
{
    struct cc_schema_library *library = cc_schema_library_new();
    const char *metaschema = "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"$vocabulary\": {"
                             "\"https://json-schema.org/draft/2020-12/vocab/core\": true,"
                             "\"https://json-schema.org/draft/2020-12/vocab/format-assertion\": true,"
                             "\"https://json-schema.org/draft/2020-12/vocab/applicator\": true, \"http://example.com/other\": false}}";
    ck_assert(cc_schema_library_add(library, "http://example.com/meta", metaschema, strlen(metaschema)));
    struct cc_schema_options options = {.library = library};
    const char *schema = "{\"$schema\": \"http://example.com/meta\", \"type\": \"null\", \"items\": {\"format\": \"ipv4\"}}";
    ck_assert_int_eq(verdict_of(schema, &options, "5"), CC_SCHEMA_HOLDS);
    ck_assert_int_eq(verdict_of(schema, &options, "[\"1.2.3.4\"]"), CC_SCHEMA_HOLDS);
    ck_assert_int_eq(verdict_of(schema, &options, "[\"1.2.3\"]"), CC_SCHEMA_BROKEN);
    cc_schema_library_free(library);
}
END_TEST

START_TEST(all_errors_are_listed_in_order)
{
    struct cc_schema *schema = good_schema("{\"required\": [\"x\", \"y\"],"
                                           " \"properties\": {\"a\": {\"type\": \"null\"}, \"b\": {\"items\": {\"maximum\": 1}}},"
                                           " \"additionalProperties\": false}", NULL);
    const struct cc_schema_report *report = check(schema, " {\"a\": \"s\", \"c\": 0, \"b\": [0, 5, 7]}");
    static const struct {
        const char *pointer, *keyword;
        size_t offset;
    } wanted[] = {{"/a", "type", 7}, {"/c", "additionalProperties", 17}, {"/b/1", "maximum", 29}, {"/b/2", "maximum", 32},
        {"", "required", 1}, {"", "required", 1}};
    ck_assert_uint_eq(report->count, COUNT(wanted));
    for (size_t i = 0; i < report->count; i++) {
        ck_assert_str_eq(report->errors[i].pointer, wanted[i].pointer);
        ck_assert_str_eq(report->errors[i].keyword, wanted[i].keyword);
        ck_assert_uint_eq(report->errors[i].offset, wanted[i].offset);
    }
    ck_assert_str_eq(report->errors[4].message, "the member \"x\" is missing");
    ck_assert_str_eq(report->errors[5].message, "the member \"y\" is missing");
    cc_schema_free(schema);
}
END_TEST

/* Of the branches of a union only the one whose tag the value has is worth words. */
START_TEST(the_branch_that_was_meant_is_told)
{
    struct cc_schema *schema = good_schema(
        "{\"anyOf\": [{\"type\": \"null\"},"
        "{\"properties\": {\"kind\": {\"const\": \"a\"}, \"n\": {\"type\": \"integer\"}}, \"required\": [\"kind\", \"n\"]},"
        "{\"properties\": {\"kind\": {\"const\": \"b\"}, \"s\": {\"type\": \"string\"}}, \"required\": [\"kind\"]}]}", NULL);
    const struct cc_schema_report *report = check(schema, "{\"kind\": \"b\", \"s\": 5}");
    ck_assert_uint_eq(report->count, 2);
    ck_assert_str_eq(report->errors[0].keyword, "anyOf");
    ck_assert_str_eq(report->errors[1].place, "/anyOf/2/properties/s/type");
    report = check(schema, "{\"kind\": \"c\"}");
    ck_assert_uint_eq(report->count, 1);
    report = check(schema, "{\"kind\": \"a\", \"n\": 1}");
    ck_assert_int_eq(report->verdict, CC_SCHEMA_HOLDS);
    cc_schema_free(schema);
}
END_TEST

START_TEST(long_texts_are_cut_at_characters)
{
    static char document[9000];
    char *at = document;
    *at++ = '{';
    *at++ = '"';
    for (int i = 0; i < 2000; i++) memcpy(at + 2 * i, "\xC3\xA9", 2);
    at += 4000;
    memcpy(at, "\": \"", 4);
    at += 4;
    for (int i = 0; i < 2000; i++) memcpy(at + 2 * i, "\xC3\xA9", 2);
    memcpy(at + 4000, "\"}", 3);
    struct cc_schema *schema = good_schema("{\"additionalProperties\": {\"const\": 1}, \"propertyNames\": false}", NULL);
    const struct cc_schema_report *report = check(schema, document);
    ck_assert_uint_eq(report->count, 2);
    ck_assert_uint_eq(strlen(report->errors[0].pointer), 1 + 1000 + 3);
    ck_assert_str_eq(report->errors[0].pointer + 999, "\xC3\xA9...");
    struct document doc = {0};
    struct read_limits limits = {400, 1, 1};
    char quoted[400] = "\"";
    size_t used = 1;
    for (const char *c = report->errors[0].message; *c; c++) quoted[used++] = *c == '"' ? '\'' : *c;
    quoted[used++] = '"';
    ck_assert_msg(document_read(&doc, quoted, used, &limits), "%s", quoted);
    document_clear(&doc);
    cc_schema_free(schema);
}
END_TEST

/* --- options */

START_TEST(the_draft_is_chosen)
{
    const struct cc_schema_options seven = {.draft = CC_DRAFT_7}, forced = {.draft = CC_DRAFT_7, .force_draft = true},
                                   newer = {.draft = CC_DRAFT_2020_12, .force_draft = true};
    const char *plain = "{\"items\": [{\"type\": \"null\"}]}";
    const char *dated = "{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\", \"dependentRequired\": {\"a\": [\"b\"]}}";
    const char *old = "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"dependentRequired\": {\"a\": [\"b\"]}}";
    ck_assert_int_eq(verdict_of(plain, &seven, "[1]"), CC_SCHEMA_BROKEN);
    struct cc_schema *schema = schema_of(plain, NULL);
    ck_assert_int_eq(cc_schema_faults(schema)->verdict, CC_SCHEMA_BROKEN);
    cc_schema_free(schema);
    ck_assert_int_eq(verdict_of(dated, &seven, "{\"a\": 1}"), CC_SCHEMA_BROKEN);
    ck_assert_int_eq(verdict_of(dated, &forced, "{\"a\": 1}"), CC_SCHEMA_HOLDS);
    ck_assert_int_eq(verdict_of(old, NULL, "{\"a\": 1}"), CC_SCHEMA_HOLDS);
    ck_assert_int_eq(verdict_of(old, &newer, "{\"a\": 1}"), CC_SCHEMA_BROKEN);
    ck_assert_int_eq(verdict_of("{\"$schema\": \"https://json-schema.org/draft-07/schema\", \"$ref\": \"#/definitions/a\", \"type\": \"null\","
                                "\"definitions\": {\"a\": true}}", NULL, "1"), CC_SCHEMA_HOLDS);
    ck_assert_int_eq(verdict_of("{\"$ref\": \"http://json-schema.org/draft-07/schema#\"}", &newer, "{\"items\": [{}]}"), CC_SCHEMA_HOLDS);
}
END_TEST

START_TEST(formats_decide_only_when_asked)
{
    const struct cc_schema_options asserted = {.assert_formats = true};
    const char *schema = "{\"format\": \"ipv4\"}";
    ck_assert_int_eq(verdict_of(schema, NULL, "\"x\""), CC_SCHEMA_HOLDS);
    ck_assert_int_eq(verdict_of(schema, &asserted, "\"x\""), CC_SCHEMA_BROKEN);
    ck_assert_int_eq(verdict_of(schema, &asserted, "\"127.0.0.1\""), CC_SCHEMA_HOLDS);
    ck_assert_int_eq(verdict_of(schema, &asserted, "5"), CC_SCHEMA_HOLDS);
    ck_assert_int_eq(verdict_of("{\"format\": \"unheard-of\"}", &asserted, "\"x\""), CC_SCHEMA_HOLDS);
    struct cc_schema *made = good_schema(schema, &asserted);
    ck_assert_str_eq(check(made, "\"x\"")->errors[0].message, "\"x\" is not an IPv4 address");
    cc_schema_free(made);
}
END_TEST

static void add(struct cc_schema_library *library, const char *uri, const char *text)
{
    ck_assert(cc_schema_library_add(library, uri, text, strlen(text)));
}

START_TEST(references_lead_to_given_documents)
{
    struct cc_schema_library *library = cc_schema_library_new();
    add(library, "http://example.com/a/b.json", "{\"$defs\": {\"n\": {\"type\": \"integer\"}}, \"$ref\": \"c.json#/$defs/s\"}");
    add(library, "http://example.com/a/b.json", "false");
    add(library, "http://example.com/a/c.json#", "{\"$defs\": {\"s\": {\"$anchor\": \"str\", \"type\": \"string\"}}}");
    struct cc_schema_options options = {.library = library, .uri = "http://example.com/x.json"};
    struct cc_schema *schema = good_schema("{\"anyOf\": [{\"$ref\": \"a/b.json#/$defs/n\"}, {\"$ref\": \"/a/c.json#str\"}]}", &options);
    struct cc_schema *other = good_schema("{\"$id\": \"http://example.com/a/\", \"$ref\": \"./../a/b.json\"}", &options);
    cc_schema_library_free(library);
    ck_assert_int_eq(check(schema, "5")->verdict, CC_SCHEMA_HOLDS);
    ck_assert_int_eq(check(schema, "\"s\"")->verdict, CC_SCHEMA_HOLDS);
    ck_assert_int_eq(check(schema, "null")->verdict, CC_SCHEMA_BROKEN);
    ck_assert_int_eq(check(other, "\"s\"")->verdict, CC_SCHEMA_HOLDS);
    ck_assert_str_eq(check(other, "5")->errors[0].place, "http://example.com/a/c.json#/$defs/s/type");
    cc_schema_free(schema);
    cc_schema_free(other);
}
END_TEST

START_TEST(a_library_document_that_is_wrong_is_told)
{
    struct cc_schema_library *library = cc_schema_library_new();
    add(library, "http://example.com/broken", "{\"type\": ");
    add(library, "http://example.com/wrong", "{\"properties\": {\"a\": {\"type\": 5}}}");
    struct cc_schema_options options = {.library = library};
    struct cc_schema *schema = schema_of("{\"allOf\": [{\"$ref\": \"http://example.com/broken\"},"
                                         " {\"$ref\": \"http://example.com/wrong\"}]}", &options);
    const struct cc_schema_report *faults = cc_schema_faults(schema);
    ck_assert_uint_eq(faults->count, 2);
    ck_assert_str_eq(faults->errors[0].place, "http://example.com/broken");
    ck_assert_ptr_nonnull(strstr(faults->errors[0].message, "not JSON"));
    ck_assert_str_eq(faults->errors[1].place, "http://example.com/wrong#/properties/a/type");
    cc_schema_free(schema);
    cc_schema_library_free(library);
}
END_TEST

/* --- what cannot be decided */

START_TEST(what_is_not_json_is_not_judged)
{
    struct cc_schema *schema = good_schema("true", NULL);
    const struct cc_schema_report *report = check(schema, "{\"a\": }");
    ck_assert_int_eq(report->verdict, CC_SCHEMA_UNDECIDED);
    ck_assert_int_eq(report->reason, CC_SCHEMA_NOT_JSON);
    ck_assert_str_eq(report->why, "the document is not JSON");
    ck_assert_int_eq(cc_schema_decide(judge, schema, "\xFF", 1), CC_SCHEMA_UNDECIDED);
    char deep[200];
    memset(deep, '[', 65);
    memset(deep + 65, ']', 65);
    deep[130] = '\0';
    report = check(schema, deep);
    ck_assert_int_eq(report->reason, CC_SCHEMA_NOT_JSON);
    ck_assert_str_eq(report->why, "the document goes over a limit of reading");
    ck_assert_int_eq(cc_schema_decide(judge, schema, deep + 1, 128), CC_SCHEMA_HOLDS);
    cc_schema_free(schema);
}
END_TEST

START_TEST(a_wrong_schema_decides_nothing)
{
    struct cc_schema *schema = schema_of("{\"type\": \"strnig\"}", NULL);
    ck_assert_int_eq(cc_schema_faults(schema)->verdict, CC_SCHEMA_BROKEN);
    const struct cc_schema_report *report = check(schema, "5");
    ck_assert_int_eq(report->verdict, CC_SCHEMA_UNDECIDED);
    ck_assert_int_eq(report->reason, CC_SCHEMA_WRONG);
    ck_assert_str_eq(report->why, "the schema is itself at fault");
    ck_assert_uint_eq(report->count, 0);
    cc_schema_free(schema);
}
END_TEST

/* --- values of larger documents */

START_TEST(schemas_and_values_may_stand_in_documents)
{
    const char *text = "{\"schema\": {\"properties\": {\"a\": {\"type\": \"nul\"}}},"
                       " \"good\": {\"$ref\": \"#/$defs/n\", \"$defs\": {\"n\": {\"maximum\": 3}}},"
                       " \"values\": [1, 4, {\"x\": 5}]}";
    struct document doc = {0};
    struct read_limits limits = {1000, 10, 100};
    ck_assert(document_read(&doc, text, strlen(text), &limits));
    struct view root = {&doc, 0};
    struct cc_schema *wrong = schema_new(get(root, "schema"), NULL), *good = schema_new(get(root, "good"), NULL);
    ck_assert_str_eq(cc_schema_faults(wrong)->errors[0].place, "/properties/a/type");
    ck_assert_uint_eq(cc_schema_faults(wrong)->errors[0].offset, (size_t)(strstr(text, "\"nul\"") - text));
    ck_assert(schema_holds(judge, good, get_path(root, "values/0")));
    ck_assert(!schema_holds(judge, good, get_path(root, "values/1")));
    ck_assert(schema_holds(judge, wrong, get_path(root, "values/1")));
    ck_assert_int_eq(schema_decide(judge, wrong, get_path(root, "values/1")), CC_SCHEMA_UNDECIDED);
    const struct cc_schema_report *report = schema_check(judge, good, get_path(root, "values/1"));
    ck_assert_str_eq(report->errors[0].pointer, "");
    ck_assert_uint_eq(report->errors[0].offset, (size_t)(strstr(text, "4,") - text));
    struct cc_schema *members = schema_new(get_path(root, "good"), NULL);
    cc_schema_free(members);
    cc_schema_free(wrong);
    cc_schema_free(good);
    document_clear(&doc);
}
END_TEST

START_TEST(scalars_of_documents_make_schemas_too)
{
    struct document doc = {0};
    struct read_limits limits = {1000, 10, 100};
    const char *text = "[true, \"a]}\\\"b\", {\"const\": \"]}\\\"{\"}, 5]";
    ck_assert(document_read(&doc, text, strlen(text), &limits));
    struct view root = {&doc, 0};
    struct cc_schema *anything = schema_new(get_path(root, "0"), NULL), *string = schema_new(get_path(root, "1"), NULL),
                     *constant = schema_new(get_path(root, "2"), NULL);
    ck_assert_uint_eq(cc_schema_faults(anything)->count, 0);
    ck_assert_str_eq(cc_schema_faults(string)->errors[0].message, "a schema is an object or a boolean");
    ck_assert_uint_eq(cc_schema_faults(string)->errors[0].offset, 7);
    ck_assert_uint_eq(cc_schema_faults(constant)->count, 0);
    ck_assert_int_eq(check(constant, "\"]}\\\"{\"")->verdict, CC_SCHEMA_HOLDS);
    cc_schema_free(anything);
    cc_schema_free(string);
    cc_schema_free(constant);
    document_clear(&doc);
}
END_TEST

/* --- patterns for programs */

START_TEST(programs_may_use_patterns)
{
    char why[100] = "";
    struct cc_pattern *pattern = cc_pattern_new(CC_PATTERN_PCRE, "(?i)ab+", 7, why, sizeof why);
    ck_assert_ptr_nonnull(pattern);
    ck_assert_int_eq(cc_pattern_find(pattern, "xABBB", 5, why, sizeof why), CC_PATTERN_FOUND);
    ck_assert_int_eq(cc_pattern_find(pattern, "x", 1, NULL, 0), CC_PATTERN_NOT_FOUND);
    ck_assert_int_eq(cc_pattern_find(pattern, "a\xFF", 2, why, sizeof why), CC_PATTERN_UNDECIDED);
    ck_assert_str_eq(why, "the text is not UTF-8, or memory ran out");
    cc_pattern_free(pattern);
    ck_assert_ptr_null(cc_pattern_new(CC_PATTERN_ECMA, "(?i)ab+", 7, why, sizeof why));
    ck_assert_str_eq(why, "(? does not begin a group of ECMA-262 (at byte 1 of the pattern)");
    pattern = cc_pattern_new(CC_PATTERN_ECMA, "^(a+)+$", 7, NULL, 0);
    ck_assert_int_eq(cc_pattern_find(pattern, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", 58, why, sizeof why),
        CC_PATTERN_UNDECIDED);
    ck_assert_str_eq(why, "the pattern takes too long on this text");
    static char long_text[70000];
    memset(long_text, 'a', sizeof long_text);
    ck_assert_int_eq(cc_pattern_find(pattern, long_text, 65537, why, sizeof why), CC_PATTERN_UNDECIDED);
    ck_assert_str_eq(why, "the text is longer than 65536 bytes");
    cc_pattern_free(pattern);
    cc_pattern_free(NULL);
}
END_TEST

static Suite *schema_suite(void)
{
    Suite *suite = suite_create("schema");
    TCase *tests = tcase_create("schema");
    tcase_add_checked_fixture(tests, open_judge, close_judge);
    tcase_add_loop_test(tests, an_error_says_where_and_why, 0, COUNT(told));
    tcase_add_loop_test(tests, values_are_decided, 0, COUNT(decided));
    tcase_add_test(tests, a_metaschema_chooses_its_vocabularies);
    tcase_add_test(tests, all_errors_are_listed_in_order);
    tcase_add_test(tests, the_branch_that_was_meant_is_told);
    tcase_add_test(tests, long_texts_are_cut_at_characters);
    tcase_add_test(tests, the_draft_is_chosen);
    tcase_add_test(tests, formats_decide_only_when_asked);
    tcase_add_test(tests, references_lead_to_given_documents);
    tcase_add_test(tests, a_library_document_that_is_wrong_is_told);
    tcase_add_test(tests, what_is_not_json_is_not_judged);
    tcase_add_test(tests, a_wrong_schema_decides_nothing);
    tcase_add_test(tests, schemas_and_values_may_stand_in_documents);
    tcase_add_test(tests, scalars_of_documents_make_schemas_too);
    tcase_add_test(tests, programs_may_use_patterns);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(schema_suite)
