/* test_lab_cascade.c: one fault is one finding. What was learned from servers that leave out, repeat or invent members. */
#include "harness/run/cascade.h"
#include "tests/testing.h"

#include <stdio.h>
#include <string.h>

/* --- which expectation says nothing new beside a rule that did not hold */

static const struct {
    const char *rule, *pointer; /* of the finding, an error unless the rule begins with "~" */
    const char *what, *place;   /* of the expectation */
    bool explains;
} pairs[] = {
    {"response.choices.logprobs.requested", "/choices/0/logprobs", "expect./choices/0/logprobs/content/0", "/choices/0/logprobs/content/0", true},
    {"response.choices.index.required", "/choices/0/index", "expect./choices/0/index", "/choices/0/index", true},
    {"response.choices.index.required", "/choices/0/index", "expect./choices", "/choices", false},
    {"response.choices.count_equals_n", "/choices", "expect./choices/1/index", "/choices/1/index", true},
    {"response.choices.count_equals_n", "/choices", "expect./choicest", "/choicest", false},
    {"stream.logprobs.requested", "/choices/0/logprobs", "expect.chunks", "/choices/0/logprobs/content", true},
    {"stream.delta.content.type", "/choices/0/delta/content", "expect./choices/0/message/content", "/choices/0/message/content", true},
    {"response.choices.message.tool_calls.type", "/choices/0/message/tool_calls", "expect.chunks", "/choices/0/delta/tool_calls/0/id", true},
    {"stream.choices.all_present", "", "expect./choices", "/choices", true},
    {"~stream.sse.comments", "", "expect.chunks", "/usage", false},
    {"stream.truncated", "", "expect.timing.total_ms", "", false},
    {"http.response.content_type.sse", "/response/headers/content-type", "expect.chunks", "", true},
    {"http.response.x_request_id.present", "/response/headers/x-request-id", "expect.headers.X-Request-Id", "/response/headers/x-request-id", true},
    {"error.error.type", "/error", "expect.rejected", "/error", true},
    {"error.legacy_flat", "/object", "expect.rejected", "/error", true},
    {"error.param.required", "/error/param", "expect.rejected.param", "/error/param", true},
    {"error.code.required", "/error/code", "expect.rejected.param", "/error/param", false},
    {"expect./a", "/a", "expect./a/b", "/a/b", false},
};

START_TEST(rules_explain_expectations)
{
    char rule[100], pointer[100], what[100], place[100];
    bool warning = pairs[_i].rule[0] == '~';
    snprintf(rule, sizeof rule, "%s", pairs[_i].rule + warning);
    snprintf(pointer, sizeof pointer, "%s", pairs[_i].pointer);
    snprintf(what, sizeof what, "%s", pairs[_i].what);
    snprintf(place, sizeof place, "%s", pairs[_i].place);
    struct result_finding finding = {.rule = rule, .severity = warning ? CC_WARNING : CC_ERROR, .pointer = pointer};
    struct expect_miss miss = {.what = what, .pointer = place};
    ck_assert_msg(cascade_explains(&finding, &miss) == pairs[_i].explains, "%s at %s and %s", rule, pointer, what);
}
END_TEST

/* --- the same fault in the items of a list */

static const struct {
    const char *left, *right;
    bool alike;
} places[] = {
    {"/choices/0/index", "/choices/12/index", true},
    {"/choices/0/logprobs/content/3/id", "/choices/1/logprobs/content/44/id", true},
    {"/choices/0/index", "/choices/0/message", false},
    {"/choices/0", "/choices/0/index", false},
    {"/top_k1", "/top_k2", false},
    {"", "", true},
    {"", "/a", false},
};

START_TEST(items_of_a_list_are_alike)
{
    static const struct cc_rule rule = {.id = "a.rule"}, other = {.id = "another.rule"};
    struct cc_finding left = {.rule = &rule, .in = CC_IN_RESPONSE, .pointer = places[_i].left}, right = left;
    right.pointer = places[_i].right;
    ck_assert_msg(cascade_alike(&left, &right) == places[_i].alike, "%s and %s", left.pointer, right.pointer);
    right.rule = &other;
    ck_assert(!cascade_alike(&left, &right));
    right = left;
    right.in = CC_IN_EVENT;
    ck_assert(!cascade_alike(&left, &right));
}
END_TEST

/* --- how much of an answer stands beside a finding */

static const struct {
    const char *text, *from, *shown;
} values[] = {
    {"{\"a\":8,\"b\":1}", "8", "8"},
    {"{\"a\":8}", "8", "8"},
    {"{\"a\": null ,\"b\":1}", "null", "null"},
    {"{\"a\":\"x\\\"},y\",\"b\":1}", "\"x", "\"x\\\"},y\""},
    {"{\"a\":{\"b\":[1,\"}\"]},\"c\":2}", "{\"b", "{\"b\":[1,\"}\"]}"},
    {"[[],[1]]", "[],", "[]"},
    {"{\"a\":{\n\"b\":1\n}}", "{\n", "{\n\"b\":1\n}"},
    {"{\"a\":[1,2", "[1", "[1,2"},
    {"7", "7", "7"},
};

START_TEST(an_excerpt_is_the_value)
{
    const char *text = values[_i].text;
    size_t from = (size_t)(strstr(text, values[_i].from) - text), length = strlen(values[_i].shown);
    size_t end = excerpt_end(text, strlen(text), from, false);
    ck_assert_msg(end == from + length && strncmp(text + from, values[_i].shown, length) == 0, "%s: %.*s", text, (int)(end - from), text + from);
}
END_TEST

START_TEST(an_excerpt_of_broken_text_is_the_line)
{
    ck_assert_uint_eq(excerpt_end("data: {]\n\ndata: 1", 17, 6, true), 8);
    ck_assert_uint_eq(excerpt_end("data: {]", 8, 6, true), 8);
}
END_TEST

static Suite *suite(void)
{
    Suite *s = suite_create("lab_cascade");
    TCase *tc = tcase_create("cascade");
    tcase_add_loop_test(tc, rules_explain_expectations, 0, sizeof pairs / sizeof *pairs);
    tcase_add_loop_test(tc, items_of_a_list_are_alike, 0, sizeof places / sizeof *places);
    tcase_add_loop_test(tc, an_excerpt_is_the_value, 0, sizeof values / sizeof *values);
    tcase_add_test(tc, an_excerpt_of_broken_text_is_the_line);
    suite_add_tcase(s, tc);
    return s;
}

TEST_MAIN(suite)
