/* test_schema_bounds.c: schemas and documents that were built to keep a checker busy, each limit at N and N + 1, one schema in two
 * threads, no allocation once warm, and memory that runs out at every place where it can. */
#include "chatconform.h"
#include "tests/allocations.h"
#include "tests/testing.h"
#include "validator/lib/reader.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- texts that are long */

static char *text;
static size_t used, room;

static void put(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void put(const char *format, ...)
{
    if (room - used < 4096) {
        room = room ? room * 2 : 1 << 16;
        ck_assert_ptr_nonnull(text = realloc(text, room));
    }
    va_list list;
    va_start(list, format);
    int length = vsnprintf(text + used, room - used, format, list);
    va_end(list);
    ck_assert(length >= 0 && length < 4096);
    used += (size_t)length;
}

static struct cc_schema_judge *judge;

static void open_judge(void)
{
    used = 0;
    ck_assert_ptr_nonnull(judge = cc_schema_judge_new());
}

static void close_judge(void)
{
    cc_schema_judge_free(judge);
    free(text);
    text = NULL;
    room = 0;
}

/* The schema that was put together. */
static struct cc_schema *made(const struct cc_schema_options *options)
{
    struct cc_schema *schema = cc_schema_new(text, used, options);
    ck_assert_ptr_nonnull(schema);
    used = 0;
    return schema;
}

static void expect_undecided(struct cc_schema *schema, const char *document, enum cc_schema_reason reason, const char *why)
{
    ck_assert_uint_eq(cc_schema_faults(schema)->count, 0);
    const struct cc_schema_report *report = cc_schema_check(judge, schema, document, strlen(document));
    ck_assert_ptr_nonnull(report);
    ck_assert_int_eq(report->verdict, CC_SCHEMA_UNDECIDED);
    ck_assert_int_eq(report->reason, reason);
    ck_assert_str_eq(report->why, why);
    ck_assert_int_eq(cc_schema_decide(judge, schema, document, strlen(document)), CC_SCHEMA_UNDECIDED);
    cc_schema_free(schema);
}

static enum cc_schema_verdict decide(struct cc_schema *schema, const char *document)
{
    ck_assert_uint_eq(cc_schema_faults(schema)->count, 0);
    enum cc_schema_verdict verdict = cc_schema_decide(judge, schema, document, strlen(document));
    cc_schema_free(schema);
    return verdict;
}

/* --- schemas that never end, or too late */

static const char *const endless[] = {
    "{\"$ref\": \"#\"}",
    "{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"$ref\": \"#/$defs/b\"}, \"b\": {\"$ref\": \"#/$defs/a\"}}}",
    "{\"allOf\": [{\"$ref\": \"#\"}]}",
    "{\"anyOf\": [true, {\"not\": {\"$ref\": \"#\"}}], \"oneOf\": [{\"$ref\": \"#\"}]}",
    "{\"if\": {\"$ref\": \"#\"}}",
    "{\"$dynamicAnchor\": \"a\", \"$dynamicRef\": \"#a\"}",
    "{\"dependentSchemas\": {\"a\": {\"$ref\": \"#\"}}}",
    "{\"$schema\": \"http://json-schema.org/draft-07/schema#\", \"$ref\": \"#\"}",
};

START_TEST(a_circle_at_one_value_is_seen)
{
    put("%s", endless[_i]);
    expect_undecided(made(NULL), "{\"a\": 1}", CC_SCHEMA_ENDLESS, "a reference of the schema leads back to itself at the same value");
}
END_TEST

START_TEST(circles_over_smaller_values_end)
{
    put("{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"additionalProperties\": false}");
    ck_assert_int_eq(decide(made(NULL), "{\"a\": {\"a\": {\"a\": {}}}}"), CC_SCHEMA_HOLDS);
    put("{\"properties\": {\"a\": {\"$ref\": \"#\"}}, \"additionalProperties\": false}");
    ck_assert_int_eq(decide(made(NULL), "{\"a\": {\"a\": {\"b\": {}}}}"), CC_SCHEMA_BROKEN);
}
END_TEST

static void put_fan_out(const char *keyword, int levels)
{
    put("{\"$ref\": \"#/$defs/a0\", \"$defs\": {");
    for (int i = 0; i < levels; i++) put("\"a%d\": {\"%s\": [{\"$ref\": \"#/$defs/a%d\"}, {\"$ref\": \"#/$defs/a%d\"}]}, ", i, keyword,
        i + 1, i + 1);
    put("\"a%d\": {\"type\": \"%s\"}}}", levels, strcmp(keyword, "anyOf") == 0 ? "null" : "integer");
}

START_TEST(fan_out_ends)
{
    static const char *const keywords[] = {"allOf", "anyOf", "oneOf"};
    put_fan_out(keywords[_i], 64);
    expect_undecided(made(NULL), "1", CC_SCHEMA_TOO_EXPENSIVE, "the check takes more steps than it may");
}
END_TEST

START_TEST(steps_end_a_check_exactly)
{
    /* One step more decides. */
    struct cc_schema_options options = {0};
    enum cc_schema_verdict before = CC_SCHEMA_UNDECIDED, now = CC_SCHEMA_UNDECIDED;
    size_t limit = 0, decided = 0;
    while (decided < 5) {
        options.limits.steps = ++limit;
        put_fan_out("allOf", 5);
        struct cc_schema *schema = made(&options);
        if (cc_schema_faults(schema)->count) { /* compiling takes steps as well */
            ck_assert_int_eq(cc_schema_faults(schema)->reason, CC_SCHEMA_TOO_LARGE);
            ck_assert_int_eq(before, CC_SCHEMA_UNDECIDED);
            cc_schema_free(schema);
            continue;
        }
        now = decide(schema, "1");
        ck_assert(before == CC_SCHEMA_UNDECIDED || now == CC_SCHEMA_HOLDS);
        decided += now == CC_SCHEMA_HOLDS;
        before = now;
    }
    ck_assert_uint_gt(limit, 60); /* 2^5 leaves, and what leads to them */
    ck_assert_uint_lt(limit, 400);
}
END_TEST

static void put_chain(size_t hops)
{
    put("{\"$ref\": \"#/$defs/a1\", \"$defs\": {");
    for (size_t i = 1; i < hops; i++) put("\"a%zu\": {\"$ref\": \"#/$defs/a%zu\"}, ", i, i + 1);
    put("\"a%zu\": {\"type\": \"integer\"}}}", hops);
}

START_TEST(references_follow_one_another_only_so_far)
{
    const struct cc_schema_options few = {.limits.hops = 3};
    put_chain(256);
    ck_assert_int_eq(decide(made(NULL), "1"), CC_SCHEMA_HOLDS);
    put_chain(257);
    expect_undecided(made(NULL), "1", CC_SCHEMA_TOO_EXPENSIVE, "more references follow one another at one value than may");
    put_chain(3);
    ck_assert_int_eq(decide(made(&few), "1"), CC_SCHEMA_HOLDS);
    put_chain(4);
    expect_undecided(made(&few), "1", CC_SCHEMA_TOO_EXPENSIVE, "more references follow one another at one value than may");
}
END_TEST

static void put_nested(size_t depth, const char *open, const char *middle, const char *close)
{
    for (size_t i = 0; i < depth; i++) put("%s", open);
    put("%s", middle);
    for (size_t i = 0; i < depth; i++) put("%s", close);
}

START_TEST(schemas_are_under_way_inside_each_other_only_so_far)
{
    /* Each array is one schema inside the one around it; the innermost has none left to ask. */
    const struct cc_schema_options ten = {.limits.levels = 10};
    char document[64];
    put_nested(10, "[", "", "]");
    memcpy(document, text, used + 1);
    used = 0;
    put("{\"minItems\": 0, \"items\": {\"$ref\": \"#\"}}");
    expect_undecided(made(&ten), document, CC_SCHEMA_TOO_EXPENSIVE, "more schemas are under way inside each other than may be");
    const char *exact = "[[[[[]]]]]", *over = "[[[[[[]]]]]]"; /* two for each array but the first: 9 and 11 */
    put("{\"items\": {\"$ref\": \"#\"}}");
    ck_assert_int_eq(decide(made(&ten), exact), CC_SCHEMA_HOLDS);
    put("{\"items\": {\"$ref\": \"#\"}}");
    expect_undecided(made(&ten), over, CC_SCHEMA_TOO_EXPENSIVE, "more schemas are under way inside each other than may be");
}
END_TEST

/* As many levels as there may be, to see that the stack bears them. */
START_TEST(all_levels_fit_on_the_stack)
{
    const struct cc_schema_options wide = {.limits = {.depth = 256, .hops = 4096, .levels = 1024}};
    put("{\"items\": {\"$ref\": \"#/$defs/a0\"}, \"$defs\": {");
    for (int i = 0; i < 40; i++) put("\"a%d\": {\"allOf\": [{\"if\": true, \"then\": {\"$ref\": \"#/$defs/a%d\"}}]}, ", i, i + 1);
    put("\"a40\": {\"$ref\": \"#\"}}}");
    struct cc_schema *schema = made(&wide);
    char document[140];
    memset(document, '[', 60);
    memset(document + 60, ']', 60);
    document[120] = '\0';
    expect_undecided(schema, document, CC_SCHEMA_TOO_EXPENSIVE, "more schemas are under way inside each other than may be");
}
END_TEST

/* --- schemas that are too large */

static void expect_too_large(struct cc_schema *schema, const char *message)
{
    const struct cc_schema_report *faults = cc_schema_faults(schema);
    ck_assert_uint_eq(faults->count, 1);
    ck_assert_int_eq(faults->verdict, CC_SCHEMA_UNDECIDED);
    ck_assert_int_eq(faults->reason, CC_SCHEMA_TOO_LARGE);
    ck_assert_str_eq(faults->errors[0].message, message);
    cc_schema_free(schema);
}

START_TEST(a_schema_nests_only_so_far)
{
    put_nested(63, "{\"items\": ", "{}", "}");
    ck_assert_int_eq(decide(made(NULL), "1"), CC_SCHEMA_HOLDS);
    put_nested(64, "{\"items\": ", "{}", "}");
    expect_too_large(made(NULL), "the schema nests deeper than 64 levels");
    put_nested(10000, "{\"items\": ", "{}", "}");
    expect_too_large(made(NULL), "the schema nests deeper than 64 levels");
    const struct cc_schema_options five = {.limits.depth = 5}, most = {.limits.depth = 10000};
    put_nested(4, "{\"not\": ", "{}", "}");
    ck_assert_int_eq(decide(made(&five), "1"), CC_SCHEMA_HOLDS);
    put_nested(5, "{\"not\": ", "{}", "}");
    expect_too_large(made(&five), "the schema nests deeper than 5 levels");
    put_nested(256, "{\"items\": ", "{}", "}");
    expect_too_large(made(&most), "the schema nests deeper than 256 levels");
}
END_TEST

START_TEST(a_schema_has_only_so_many_bytes)
{
    const struct cc_schema_options ten = {.limits.bytes = 10};
    put("{\"a\": 123}");
    ck_assert_int_eq(decide(made(&ten), "1"), CC_SCHEMA_HOLDS);
    put("{\"a\": 1234}");
    expect_too_large(made(&ten), "the schema is larger than 10 bytes");
    while (used < 256 << 10) put("%1024s", "");
    text[0] = '{';
    text[used - 1] = '}';
    ck_assert_int_eq(decide(made(NULL), "1"), CC_SCHEMA_HOLDS);
    while (used < 256 << 10) put("%1024s", "");
    put("{}");
    expect_too_large(made(NULL), "the schema is larger than 262144 bytes");
}
END_TEST

/* Functions whose schemas have 250,000 bytes each, a call of each, the last with wrong arguments: whether they are found. */
static bool called(int functions)
{
    enum { BYTES = 250000 };
    static const char begin[] = "{\"properties\":{\"a\":{\"type\":\"string\"}},\"description\":\"", end[] = "\"}";
    used = 0;
    put("{\"request\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[");
    for (int i = 0; i < functions; i++) {
        put("%s{\"type\":\"function\",\"function\":{\"name\":\"f%d\",\"parameters\":%s", i ? "," : "", i, begin);
        size_t left = BYTES - sizeof begin - sizeof end + 2;
        for (; left > 1000; left -= 1000) put("%1000s", "");
        put("%*s%s}}", (int)left, "", end);
    }
    put("]},\"response\":{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
        "\"finish_reason\":\"tool_calls\",\"logprobs\":null,\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"tool_calls\":[");
    for (int i = 0; i < functions; i++)
        put("%s{\"id\":\"c%d\",\"type\":\"function\",\"function\":{\"name\":\"f%d\",\"arguments\":\"{\\\"a\\\":%s}\"}}", i ? "," : "", i, i,
            i == functions - 1 ? "1" : "\\\"x\\\"");
    put("]}}]}}");
    static struct cc_checker *checker;
    if (!checker) ck_assert_ptr_nonnull(checker = cc_checker_new(NULL));
    const struct cc_report *report = cc_check(checker, CC_EXCHANGE, text, used);
    ck_assert_ptr_nonnull(report);
    size_t found = 0;
    for (size_t i = 0; i < report->count; i++) found += strcmp(report->findings[i].rule->id, "response.choices.message.tool_calls.arguments.schema") == 0;
    return found == 1;
}

/* Compiling counts by the byte: the bound of a question is 10,000,000. */
START_TEST(a_question_holds_texts_against_only_so_much_schema)
{
    ck_assert(called(1));
    ck_assert(called(40));
    ck_assert(!called(41));
}
END_TEST

START_TEST(patterns_have_only_so_much_memory)
{
    put("{\"allOf\": [");
    for (int i = 0; i < 1000; i++) put("{\"pattern\": \"(a{1,60}b{1,60}%d){1,200}\"}, ", i);
    put("true]}");
    expect_too_large(made(NULL), "the patterns of the schema together take too much memory");
    put("{\"pattern\": \"%s\"}", "((a{1,255}){1,255}){1,255}");
    struct cc_schema *schema = made(NULL);
    ck_assert_int_eq(cc_schema_faults(schema)->reason, CC_SCHEMA_TOO_LARGE);
    cc_schema_free(schema);
}
END_TEST

/* The hashes of keys have 16 bits, so that keys of one hash are easily found. */
enum { CLASHING = 40 };

static void put_clashing(const char *before, const char *behind)
{
    static unsigned clashing[CLASHING];
    for (unsigned i = 0, found = 0; clashing[CLASHING - 1] == 0; i++) {
        char key[16];
        int length = snprintf(key, sizeof key, "%u", i);
        if (text_hash(key, (size_t)length) == 7) clashing[found++] = i;
    }
    put("%s{", before);
    for (int i = 0; i < CLASHING; i++) put("%s\"%u\": {}", i ? ", " : "", clashing[i]);
    put("}%s", behind);
}

START_TEST(keys_of_one_hash_end)
{
    const struct cc_schema_options few = {.limits.steps = CLASHING * (CLASHING - 1) / 2 - 1};
    put_clashing("{\"properties\": ", "}");
    struct cc_schema *schema = made(NULL);
    ck_assert_uint_eq(cc_schema_faults(schema)->count, 0);
    put_clashing("", "");
    ck_assert_int_eq(cc_schema_decide(judge, schema, text, used), CC_SCHEMA_HOLDS);
    cc_schema_free(schema);
    used = 0;
    put_clashing("{\"properties\": ", "}");
    struct cc_schema *small = cc_schema_new(text, used, &few);
    expect_too_large(small, "compiling the schema takes more steps than it may");
}
END_TEST

/* --- documents that cost much */

static const struct {
    const char *pattern, *unit;
    size_t times;
} bombs[] = {
    {"^(a+)+$", "a", 60}, {"^(a|aa)+$", "a", 60}, {"^(a|a)*$", "a", 60}, {"^(a*)*[bc]$", "a", 60}, {"(x+x+)+[yz]", "x", 60},
    {"^(([a-z])+.)+[A-Z]([a-z])+$", "a", 60}, {"(.*)*[=:].*[;,]", "x", 100}, {"^(.*?,){16}[PQ]", "1,", 60}, {"x+[yz]", "x", 60000},
    {"(a?){30}a{30}[bc]", "a", 30}, {"^(\\\\w+\\\\s?)*$", "ab ", 40}, {"(?=(a+))a*[bc]\\\\1", "a", 60000},
};

START_TEST(a_pattern_that_takes_too_long_decides_nothing)
{
    char *document = malloc(70000);
    ck_assert_ptr_nonnull(document);
    document[0] = '"';
    size_t length = 1, unit = strlen(bombs[_i].unit);
    for (size_t i = 0; i < bombs[_i].times; i++, length += unit) memcpy(document + length, bombs[_i].unit, unit);
    memcpy(document + length, "!\"", 3);
    put("{");
    if (_i % 3 == 0) put("\"pattern\": \"%s\"", bombs[_i].pattern);
    if (_i % 3 == 1) put("\"not\": {\"pattern\": \"%s\"}", bombs[_i].pattern);
    if (_i % 3 == 2) put("\"anyOf\": [{\"pattern\": \"%s\"}, true]", bombs[_i].pattern);
    put("}");
    expect_undecided(made(NULL), document, CC_SCHEMA_TOO_EXPENSIVE, "a pattern takes too long on its text");
    free(document);
}
END_TEST

START_TEST(texts_for_patterns_have_a_limit)
{
    char *document = malloc(70000);
    ck_assert_ptr_nonnull(document);
    memset(document, 'a', 70000);
    document[0] = '"';
    struct cc_schema *schema = cc_schema_new("{\"pattern\": \"^(a|b)\"}", 21, NULL);
    document[65537] = '"';
    ck_assert_int_eq(cc_schema_decide(judge, schema, document, 65538), CC_SCHEMA_HOLDS);
    document[65537] = 'a';
    document[65538] = '"';
    document[65539] = '\0';
    expect_undecided(schema, document, CC_SCHEMA_TOO_EXPENSIVE, "a text is too long for a pattern");
    free(document);
}
END_TEST

START_TEST(keys_of_objects_meet_patterns_too)
{
    put("{\"patternProperties\": {\"^(a+)+$\": true}}");
    expect_undecided(made(NULL), "{\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\": 1}", CC_SCHEMA_TOO_EXPENSIVE,
                     "a pattern takes too long on its text");
}
END_TEST

START_TEST(numbers_of_many_digits_are_not_divided)
{
    put("{\"multipleOf\": 1");
    for (int i = 0; i < 399; i++) put("7");
    put("}");
    ck_assert_int_eq(decide(made(NULL), "3"), CC_SCHEMA_BROKEN);
    put("{\"multipleOf\": 1");
    for (int i = 0; i < 400; i++) put("7");
    put("}");
    expect_undecided(made(NULL), "3", CC_SCHEMA_TOO_EXPENSIVE, "a number has too many digits to be divided");
}
END_TEST

START_TEST(many_unique_items_take_few_steps)
{
    static const char schema_text[] = "{\"uniqueItems\": true}";
    struct cc_schema *schema = cc_schema_new(schema_text, sizeof schema_text - 1, NULL);
    put("[");
    for (int i = 0; i < 100000; i++) put("%d.0, ", i);
    size_t before = used;
    put("{\"a\": 100001}]");
    ck_assert_int_eq(cc_schema_decide(judge, schema, text, used), CC_SCHEMA_HOLDS);
    used = before;
    put("7]");
    const struct cc_schema_report *report = cc_schema_check(judge, schema, text, used);
    ck_assert_str_eq(report->errors[0].message, "item 100000 is the same as item 7");
    ck_assert_str_eq(report->errors[0].pointer, "/100000");
    cc_schema_free(schema);
}
END_TEST

START_TEST(a_report_lists_only_so_many_errors)
{
    const struct cc_schema_options three = {.limits.errors = 3};
    put("{\"items\": {\"type\": \"null\"}}");
    struct cc_schema *few = made(&three);
    ck_assert_uint_eq(cc_schema_check(judge, few, "[1, 2, 3, 4]", 12)->count, 3);
    ck_assert_uint_eq(cc_schema_check(judge, few, "[1, 2, 3, 4]", 12)->dropped, 1);
    ck_assert_uint_eq(cc_schema_check(judge, few, "[1, 2, 3]", 9)->count, 3);
    ck_assert_uint_eq(cc_schema_check(judge, few, "[1, 2, 3]", 9)->dropped, 0);
    cc_schema_free(few);
    put("{\"allOf\": [1, 2, 3, 4]}");
    struct cc_schema *wrong = made(&three);
    ck_assert_uint_eq(cc_schema_faults(wrong)->count, 3);
    ck_assert_uint_eq(cc_schema_faults(wrong)->dropped, 1);
    cc_schema_free(wrong);
    put("{\"items\": {\"type\": \"null\"}}");
    struct cc_schema *schema = made(NULL);
    put("[");
    for (int i = 0; i < 1000; i++) put("1, ");
    put("1]");
    ck_assert_uint_eq(cc_schema_check(judge, schema, text, used)->count, 1000);
    ck_assert_uint_eq(cc_schema_check(judge, schema, text, used)->dropped, 1);
    cc_schema_free(schema);
}
END_TEST

/* --- threads and memory */

static const char order_schema[] =
    "{\"type\": \"object\", \"properties\": {\"id\": {\"pattern\": \"^(ord|inv)_[0-9]+$\"}, \"lines\": {\"items\": {\"$ref\": \"#/$defs/line\"},"
    " \"uniqueItems\": true}, \"kind\": {\"enum\": [1,2,3,4,5,6,7,8,9,\"\\u0041\"]}}, \"required\": [\"id\"], \"unevaluatedProperties\": false,"
    " \"anyOf\": [{\"properties\": {\"x\": true}}, {\"not\": true}], \"patternProperties\": {\"^y(1|2)$\": true},"
    " \"$defs\": {\"line\": {\"$id\": \"line\", \"$dynamicAnchor\": \"l\", \"type\": \"array\", \"items\": {\"anyOf\": [{\"type\": \"integer\"},"
    " {\"$dynamicRef\": \"#l\"}]}}}}";
static const char order[] = "{\"id\": \"ord_\\u0031\", \"lines\": [[1, [2]], [3]], \"kind\": \"A\", \"x\": 1, \"y1\": 2}";
static const char bad_order[] = "{\"id\": \"ord_\\u0031x\", \"lines\": [[1, [\"2\"]], [3], [3]], \"kind\": \"B\", \"z\": 1, \"y1\": 2}";

enum { BAD_ORDER_ERRORS = 5 };

static void *check_often(void *given)
{
    const struct cc_schema *schema = given;
    struct cc_schema_judge *own = cc_schema_judge_new();
    size_t right = 0;
    for (int i = 0; own && i < 500; i++) {
        right += cc_schema_decide(own, schema, order, sizeof order - 1) == CC_SCHEMA_HOLDS;
        const struct cc_schema_report *report = cc_schema_check(own, schema, bad_order, sizeof bad_order - 1);
        right += report && report->verdict == CC_SCHEMA_BROKEN && report->count == BAD_ORDER_ERRORS;
    }
    cc_schema_judge_free(own);
    return (void *)(uintptr_t)right; /* 1,000 when all were */
}

START_TEST(threads_share_a_schema)
{
    struct cc_schema *schema = cc_schema_new(order_schema, sizeof order_schema - 1, NULL);
    ck_assert_uint_eq(cc_schema_faults(schema)->count, 0);
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) ck_assert_int_eq(pthread_create(&threads[i], NULL, check_often, schema), 0);
    for (int i = 0; i < 2; i++) {
        void *right;
        ck_assert_int_eq(pthread_join(threads[i], &right), 0);
        ck_assert_uint_eq((uintptr_t)right, 1000);
    }
    cc_schema_free(schema);
}
END_TEST

START_TEST(a_warm_judge_allocates_nothing)
{
    count_allocations();
    struct cc_schema *schema = cc_schema_new(order_schema, sizeof order_schema - 1, NULL);
    check_often(schema);
    for (int i = 0; i < 2; i++) {
        cc_schema_check(judge, schema, bad_order, sizeof bad_order - 1);
        cc_schema_check(judge, schema, order, sizeof order - 1);
    }
    size_t before = allocations, right = 0;
    for (int i = 0; i < 100; i++) {
        right += cc_schema_decide(judge, schema, order, sizeof order - 1) == CC_SCHEMA_HOLDS;
        right += cc_schema_check(judge, schema, bad_order, sizeof bad_order - 1)->verdict == CC_SCHEMA_BROKEN;
    }
    size_t after = allocations;
    ck_assert_uint_gt(before, 0);
    ck_assert_uint_eq(after, before);
    ck_assert_uint_eq(right, 200);
    cc_schema_free(schema);
}
END_TEST

enum outcome { NOT_THROUGH, THROUGH, WRONG };

static enum outcome outcome_of(const struct cc_schema_report *report, size_t errors)
{
    if (!report) return NOT_THROUGH;
    return report->verdict == CC_SCHEMA_BROKEN && report->count == errors ? THROUGH : WRONG;
}

static enum outcome ask_all(struct cc_schema_judge *own, struct cc_schema **schemas, struct cc_pattern *pattern)
{
    enum cc_schema_verdict verdict = cc_schema_decide(own, schemas[0], order, sizeof order - 1);
    enum cc_pattern_verdict found = cc_pattern_find(pattern, "xaab", 4, NULL, 0);
    enum outcome all[] = {
        outcome_of(cc_schema_faults(schemas[2]), 3),
        outcome_of(cc_schema_check(own, schemas[0], bad_order, sizeof bad_order - 1), BAD_ORDER_ERRORS),
        outcome_of(cc_schema_check(own, schemas[1], "5", 1), 2),
        verdict == CC_SCHEMA_HOLDS ? THROUGH : verdict == CC_SCHEMA_UNDECIDED ? NOT_THROUGH : WRONG,
        found == CC_PATTERN_FOUND ? THROUGH : found == CC_PATTERN_UNDECIDED ? NOT_THROUGH : WRONG,
    };
    enum outcome whole = THROUGH;
    for (int i = 0; i < COUNT(all); i++)
        if (whole == THROUGH || all[i] == WRONG) whole = all[i];
    return whole;
}

/* All of it in one go: the right result, or none. It asserts nothing itself, since that takes memory too. */
static enum outcome attempt(void)
{
    static const char outer[] = "{\"allOf\": [{\"$ref\": \"http://example.com/x\"}, {\"$ref\": \"http://json-schema.org/draft-07/schema#\"}],"
                                " \"type\": \"string\"}";
    static const char wrong[] = "{\"type\": 5, \"pattern\": \"(\", \"$ref\": \"#/a\"}", other[] = "{\"pattern\": \"(a|b)\"}";
    struct cc_schema_library *library = cc_schema_library_new();
    struct cc_schema_judge *own = cc_schema_judge_new();
    bool given = library && cc_schema_library_add(library, "http://example.com/x", other, sizeof other - 1);
    struct cc_schema_options options = {.library = library};
    struct cc_schema *schemas[] = {
        given ? cc_schema_new(order_schema, sizeof order_schema - 1, NULL) : NULL,
        given ? cc_schema_new(outer, sizeof outer - 1, &options) : NULL,
        given ? cc_schema_new(wrong, sizeof wrong - 1, NULL) : NULL,
    };
    struct cc_pattern *pattern = cc_pattern_new(CC_PATTERN_PCRE, "a+(b)", 5, NULL, 0);
    bool ready = own && schemas[0] && schemas[1] && schemas[2] && pattern;
    enum outcome outcome = ready ? ask_all(own, schemas, pattern) : NOT_THROUGH;
    cc_pattern_free(pattern);
    for (int i = 0; i < COUNT(schemas); i++) cc_schema_free(schemas[i]);
    cc_schema_judge_free(own);
    cc_schema_library_free(library);
    return outcome;
}

START_TEST(memory_may_run_out_anywhere)
{
    enum outcome outcome = NOT_THROUGH;
    size_t at = 0;
    if (!CAN_REFUSE) return;
    for (; outcome == NOT_THROUGH; at++) {
        long long before = alive;
        refuse_at = allocations + at;
        outcome = attempt();
        refuse_at = SIZE_MAX;
        ck_assert_int_ne(outcome, WRONG);
        ck_assert_int_eq(alive, before);
    }
    ck_assert_uint_gt(at, 50);
}
END_TEST

static Suite *bounds_suite(void)
{
    Suite *suite = suite_create("schema_bounds");
    TCase *tests = tcase_create("bounds");
    tcase_add_checked_fixture(tests, open_judge, close_judge);
    tcase_add_loop_test(tests, a_circle_at_one_value_is_seen, 0, COUNT(endless));
    tcase_add_test(tests, circles_over_smaller_values_end);
    tcase_add_loop_test(tests, fan_out_ends, 0, 3);
    tcase_add_test(tests, steps_end_a_check_exactly);
    tcase_add_test(tests, references_follow_one_another_only_so_far);
    tcase_add_test(tests, schemas_are_under_way_inside_each_other_only_so_far);
    tcase_add_test(tests, all_levels_fit_on_the_stack);
    tcase_add_test(tests, a_schema_nests_only_so_far);
    tcase_add_test(tests, a_schema_has_only_so_many_bytes);
    tcase_add_test(tests, a_question_holds_texts_against_only_so_much_schema);
    tcase_add_test(tests, patterns_have_only_so_much_memory);
    tcase_add_test(tests, keys_of_one_hash_end);
    tcase_add_loop_test(tests, a_pattern_that_takes_too_long_decides_nothing, 0, COUNT(bombs));
    tcase_add_test(tests, texts_for_patterns_have_a_limit);
    tcase_add_test(tests, keys_of_objects_meet_patterns_too);
    tcase_add_test(tests, numbers_of_many_digits_are_not_divided);
    tcase_add_test(tests, many_unique_items_take_few_steps);
    tcase_add_test(tests, a_report_lists_only_so_many_errors);
    tcase_add_test(tests, threads_share_a_schema);
    tcase_add_test(tests, a_warm_judge_allocates_nothing);
    tcase_add_test(tests, memory_may_run_out_anywhere);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(bounds_suite)
