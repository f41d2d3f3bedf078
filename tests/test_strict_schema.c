/* test_strict_schema.c: schemas in requests: what is malformed, what strict refuses, and the limits on both sides. Each schema is judged as the
 * parameters of a function and as the format of an answer. */
#include "tests/requesting.h"

#include <stdarg.h>

static const char open_request[] = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"JSON, please\"}],";

/* Both requests around a schema; the caller frees them. */
static char *as_parameters(const char *schema, bool strict)
{
    struct growing out = {0};
    grow_text(&out, open_request);
    grow_text(&out, "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"strict\":");
    grow_text(&out, strict ? "true,\"parameters\":" : "false,\"parameters\":");
    grow_text(&out, schema);
    grow_text(&out, "}}]}");
    return out.text;
}

static char *as_format(const char *schema, bool strict)
{
    struct growing out = {0};
    grow_text(&out, open_request);
    grow_text(&out, "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"strict\":");
    grow_text(&out, strict ? "true,\"schema\":" : "false,\"schema\":");
    grow_text(&out, schema);
    grow_text(&out, "}}}");
    return out.text;
}

/* The ids that are found, with blanks between; "" for none. */
static char *ids_in(char *body, unsigned profile)
{
    struct growing out = {0};
    struct cc_checker *checker = cc_checker_new(&(struct cc_options){.profile = profile});
    const struct cc_report *report = cc_check(checker, CC_REQUEST, body, strlen(body));
    ck_assert_ptr_nonnull(report);
    grow_text(&out, "");
    for (size_t i = 0; i < report->count; i++) {
        if (out.length) grow_text(&out, " ");
        grow_text(&out, report->findings[i].rule->id);
    }
    cc_checker_free(checker);
    free(body);
    return out.text;
}

static void expect_ids(char *body, unsigned profile, const char *expected, const char *schema)
{
    char *found = ids_in(body, profile);
    ck_assert_msg(strcmp(found, expected) == 0, "%.300s\nexpected: %s\nfound:    %s", schema, expected, found);
    free(found);
}

/* --- well formed or not */

static const char *const good_schemas[] = {
    "{\"type\":\"object\"}",
    "{\"type\":\"object\",\"properties\":{\"a\":true,\"b\":{\"type\":[\"string\",\"null\"]}},\"required\":[\"a\"]}",
    "{\"type\":\"object\",\"x-vendor\":{\"required\":null},\"properties\":{\"type\":{\"type\":\"string\"},\"required\":{\"type\":\"boolean\"}}}",
    ("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"items\":{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":-1.5,"
    "\"multipleOf\":0.5}}}}}"),
    "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"},\"propertyNames\":{\"pattern\":\"^a\"},\"minProperties\":0}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":[1,\"b\",null,[]]},\"b\":{\"const\":null,\"default\":null}}}",
    "{\"type\":\"object\",\"$defs\":{\"s\":{\"type\":\"object\"}},\"properties\":{\"a\":{\"$ref\":\"#/$defs/s\"}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"minLength\":2.0,\"format\":\"made-up\",\"examples\":[\"b\"]}}}",
};

static const char *const bad_schemas[] = {
    "{\"type\":\"objct\"}",
    "{\"type\":\"object\",\"required\":null}",
    "{\"type\":\"object\",\"required\":[1]}",
    "{\"type\":\"object\",\"required\":\"a\"}",
    "{\"type\":\"object\",\"properties\":[]}",
    "{\"type\":\"object\",\"properties\":{\"a\":\"string\"}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"str\"}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":null}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"items\":7}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"array\",\"items\":[7]}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"enum\":\"b\"}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"description\":7}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"minLength\":-1}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"minLength\":1.5}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"maximum\":\"7\"}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"anyOf\":[]}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"anyOf\":{}}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"not\":\"b\"}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":[]}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":7}}}",
    "{\"type\":\"object\",\"properties\":{\"a\":{\"items\":{\"items\":{\"items\":{\"type\":7}}}}}}",
    "{\"type\":\"object\",\"$defs\":{\"a\":{\"required\":{}}}}",
    "{\"type\":\"object\",\"additionalProperties\":\"no\"}",
};

START_TEST(good_schemas_are_taken)
{
    expect_ids(as_parameters(good_schemas[_i], false), CC_OPENAI, "", good_schemas[_i]);
    expect_ids(as_format(good_schemas[_i], false), CC_OPENAI, "", good_schemas[_i]);
    expect_ids(as_parameters(good_schemas[_i], false), CC_NEWAPI, "", good_schemas[_i]);
}
END_TEST

/* One finding each, with and without strict: what is malformed is not held against the subset too. */
START_TEST(bad_schemas_are_one_finding)
{
    for (int strict = 0; strict < 2; strict++) {
        expect_ids(as_parameters(bad_schemas[_i], strict), CC_OPENAI, "request.tools.function.parameters.valid", bad_schemas[_i]);
        expect_ids(as_format(bad_schemas[_i], strict), CC_OPENAI, "request.response_format.json_schema.schema.valid", bad_schemas[_i]);
    }
}
END_TEST

/* --- strict */

#define CLOSED(properties, required) "{\"type\":\"object\",\"properties\":{" properties "},\"required\":[" required "],\"additionalProperties\":false}"
#define WRAP(schema) CLOSED("\"a\":" schema, "\"a\"")

static const struct {
    const char *schema, *ids; /* without "request.strict_schema." */
} strict_schemas[] = {
    {CLOSED("", ""), ""},
    {WRAP("{\"type\":[\"string\",\"null\"]}"), ""},
    {WRAP(CLOSED("", "")), ""},
    {WRAP("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}"), ""},
    {WRAP("{\"type\":\"array\",\"items\":" CLOSED("", "") ",\"minItems\":1,\"maxItems\":2}"), ""},
    {"{\"$defs\":{\"n\":" WRAP("{\"$ref\":\"#/$defs/n\"}") "},\"type\":\"object\",\"properties\":{\"n\":{\"$ref\":\"#/$defs/n\"}},\"required\":[\"n\"],"
     "\"additionalProperties\":false}", ""},
    {"{\"definitions\":{\"a/b\":{\"type\":\"string\"}},\"type\":\"object\",\"properties\":{\"n\":{\"$ref\":\"#/definitions/a~1b\"}},\"required\":[\"n\"],"
     "\"additionalProperties\":false}", ""},
    {"{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":true}", "object.additional_properties_false"},
    {WRAP("{\"type\":\"object\",\"properties\":{},\"required\":[]}"), "object.additional_properties_false"},
    {WRAP("{\"type\":\"array\",\"items\":{\"type\":\"object\",\"properties\":{},\"required\":[]}}"), "object.additional_properties_false"},
    {WRAP("{\"anyOf\":[{\"type\":\"object\",\"properties\":{},\"required\":[]}]}"), "object.additional_properties_false"},
    {CLOSED("\"a\":{\"type\":\"string\"},\"b\":{\"type\":\"string\"}", "\"a\""), "object.all_required"},
    {CLOSED("\"a\":{\"type\":\"string\"}", "\"a\",\"b\""), "object.required_known"},
    {WRAP("{\"properties\":{\"b\":{\"type\":\"string\"}}}"), "object.nullable_type_closed"},
    {WRAP("{}"), "type.required"},
    {WRAP("{\"type\":\"array\"}"), "array.items_required"},
    {WRAP("{\"type\":\"array\",\"items\":[{\"type\":\"string\"}]}"), "array.items_required"},
    {WRAP("{\"allOf\":[{\"type\":\"string\"}]}"), "keyword.composition"},
    {WRAP("{\"type\":\"string\",\"format\":\"uri\"}"), "string.format.enum"},
    {WRAP("{\"type\":\"string\",\"pattern\":\"^[a-z]+$\"}"), ""},
    {WRAP("{\"type\":\"string\",\"pattern\":\"[\"}"), "string.pattern.valid"},
    {WRAP("{\"enum\":[\"a\",\"a\"]}"), "enum.non_empty"},
    {WRAP("{\"type\":\"string\",\"const\":7}"), "enum.type_match"},
    {WRAP("{\"$ref\":\"other.json\"}"), "ref.local"},
    {WRAP("{\"$ref\":\"#/$defs/x\"}"), "ref.resolves"},
    {WRAP("{\"type\":\"string\",\"minLength\":1}"), "keyword.string_length"},
};

START_TEST(strict_says_what_is_wrong)
{
    char expected[128] = "";
    if (*strict_schemas[_i].ids) snprintf(expected, sizeof expected, "request.strict_schema.%s", strict_schemas[_i].ids);
    expect_ids(as_parameters(strict_schemas[_i].schema, true), CC_OPENAI, expected, strict_schemas[_i].schema);
    expect_ids(as_format(strict_schemas[_i].schema, true), CC_OPENAI, expected, strict_schemas[_i].schema);
    expect_ids(as_format(strict_schemas[_i].schema, false), CC_OPENAI, "", strict_schemas[_i].schema);
}
END_TEST

/* --- limits */

static void grow_format(struct growing *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void grow_format(struct growing *out, const char *format, ...)
{
    char text[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    grow_text(out, text);
}

static char *with_properties(size_t count)
{
    struct growing out = {0};
    grow_text(&out, "{\"type\":\"object\",\"properties\":{");
    for (size_t i = 0; i < count; i++) grow_format(&out, "%s\"p%zu\":{\"type\":\"null\"}", i ? "," : "", i);
    grow_text(&out, "},\"required\":[");
    for (size_t i = 0; i < count; i++) grow_format(&out, "%s\"p%zu\"", i ? "," : "", i);
    grow_text(&out, "],\"additionalProperties\":false}");
    return out.text;
}

/* `objects` objects inside the root, one in the other. */
static char *with_depth(size_t objects)
{
    struct growing out = {0};
    for (size_t i = 0; i < objects; i++) grow_text(&out, "{\"type\":\"object\",\"properties\":{\"a\":");
    grow_text(&out, "{\"type\":\"object\",\"properties\":{},\"required\":[],\"additionalProperties\":false}");
    for (size_t i = 0; i < objects; i++) grow_text(&out, "},\"required\":[\"a\"],\"additionalProperties\":false}");
    return out.text;
}

/* Enums of `each` values of `chars` characters, `values` of them in all. */
static char *with_enums(size_t values, size_t each, int chars)
{
    struct growing out = {0};
    size_t enums = (values + each - 1) / each;
    grow_text(&out, "{\"type\":\"object\",\"properties\":{");
    for (size_t e = 0; e < enums; e++) {
        grow_format(&out, "%s\"p%zu\":{\"enum\":[", e ? "," : "", e);
        for (size_t i = e * each; i < values && i < (e + 1) * each; i++) grow_format(&out, "%s\"%0*zu\"", i % each ? "," : "", chars, i);
        grow_text(&out, "]}");
    }
    grow_text(&out, "},\"required\":[");
    for (size_t e = 0; e < enums; e++) grow_format(&out, "%s\"p%zu\"", e ? "," : "", e);
    grow_text(&out, "],\"additionalProperties\":false}");
    return out.text;
}

/* One constant of that many characters. */
static char *with_characters(size_t count)
{
    struct growing out = {0};
    grow_text(&out, "{\"type\":\"object\",\"properties\":{\"a\":{\"const\":\"");
    for (size_t i = 1; i < count; i++) grow(&out, "x", 1);
    grow_text(&out, "\"}},\"required\":[\"a\"],\"additionalProperties\":false}");
    return out.text;
}

static void expect_limit(char *schema, const char *id)
{
    char expected[128] = "";
    if (*id) snprintf(expected, sizeof expected, "request.strict_schema.limits.%s", id);
    expect_ids(as_parameters(schema, true), CC_OPENAI, expected, schema);
    expect_ids(as_format(schema, true), CC_OPENAI, expected, schema);
    expect_ids(as_format(schema, true), CC_NEWAPI, "", schema);
    free(schema);
}

START_TEST(limits_hold_on_both_sides)
{
    expect_limit(with_properties(5000), "");
    expect_limit(with_properties(5001), "properties");
    expect_limit(with_depth(10), "");
    expect_limit(with_depth(11), "depth");
    expect_limit(with_enums(1000, 100, 5), "");
    expect_limit(with_enums(1001, 100, 5), "enum_total");
    expect_limit(with_enums(250, 250, 100), "");
    expect_limit(with_enums(251, 251, 59), "");
    expect_limit(with_enums(251, 251, 60), "enum_string_total");
    expect_limit(with_characters(120000), "");
    expect_limit(with_characters(120001), "string_total");
}
END_TEST

static Suite *strict_suite(void)
{
    Suite *suite = suite_create("strict schemas");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, good_schemas_are_taken, 0, COUNT(good_schemas));
    tcase_add_loop_test(all, bad_schemas_are_one_finding, 0, COUNT(bad_schemas));
    tcase_add_loop_test(all, strict_says_what_is_wrong, 0, COUNT(strict_schemas));
    tcase_add_test(all, limits_hold_on_both_sides);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(strict_suite)
