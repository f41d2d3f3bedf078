/* test_expect.c: what a case expects is judged right, each miss has its sentence, and no pattern or variable can keep a run busy. */
#include "harness/suite/expand.h"
#include "harness/suite/expect.h"
#include "tests/testing.h"
#include "validator/lib/regex.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct json_object *json(const char *text)
{
    struct json_object *object;
    char why[200];
    ck_assert_msg(cc_read_object(text, strlen(text), NULL, &object, why, sizeof why), "%s: %s", text, why);
    return object;
}

static struct json_object *prepare(const char *text)
{
    struct json_object *from = json(text), *to = NULL;
    struct expect_fault fault = {.at_key = false};
    ck_assert_msg(expect_prepare(from, &to, &fault), "%s: %s: %s", text, fault.pointer, fault.message);
    json_object_put(from);
    return to;
}

/* --- matchers: a value (NULL: absent), what is said of it, and whether it holds */

static const struct {
    const char *value, *matcher;
    enum verdict verdict;
} matchers[] = {
    {"1", "1", HOLDS},
    {"1", "2", FAILS},
    {"1", "1.0", HOLDS},
    {"1.0", "1", HOLDS},
    {"1e2", "100", HOLDS},
    {"9007199254740993", "9007199254740992", FAILS},
    {"18446744073709551615", "18446744073709551615", HOLDS},
    {"-1", "18446744073709551615", FAILS},
    {"\"1\"", "1", FAILS},
    {"null", "null", HOLDS},
    {"null", "false", FAILS},
    {NULL, "null", FAILS},
    {"true", "true", HOLDS},
    {"false", "true", FAILS},
    {"\"a\"", "\"a\"", HOLDS},
    {"\"a\"", "\"A\"", FAILS},
    {"\"a\\u0000b\"", "\"a\\u0000c\"", FAILS},
    {"\"a\\u0000b\"", "\"a\\u0000b\"", HOLDS},
    {"[1,2]", "[1,2]", HOLDS},
    {"[1,2]", "[2,1]", FAILS},
    {"[1,2]", "[1]", FAILS},
    {"{\"a\":1,\"b\":[2]}", "{\"equals\":{\"b\":[2.0],\"a\":1}}", HOLDS},
    {"{\"a\":1,\"b\":2}", "{\"equals\":{\"a\":1}}", FAILS},
    {"{\"a\":1}", "{\"equals\":{\"b\":1}}", FAILS},
    {"{}", "{\"equals\":{}}", HOLDS},
    {"{}", "{\"equals\":[]}", FAILS},
    {"\"b\"", "{\"in\":[\"a\",\"b\"]}", HOLDS},
    {"\"c\"", "{\"in\":[\"a\",\"b\"]}", FAILS},
    {"null", "{\"in\":[null,1]}", HOLDS},
    {NULL, "{\"in\":[null,1]}", FAILS},
    {"1", "{\"not\":2}", HOLDS},
    {"1", "{\"not\":1}", FAILS},
    {"1", "{\"not\":{\"in\":[1,2]}}", FAILS},
    {"1", "{\"not\":{\"not\":1}}", HOLDS},
    {"null", "{\"not\":null}", FAILS},
    {NULL, "{\"not\":null}", FAILS},
    {NULL, "{\"not\":5}", FAILS},
    {"\"abc123\"", "{\"matches\":\"^[a-c]+[0-9]+$\"}", HOLDS},
    {"\"abc123\"", "{\"matches\":\"b\"}", HOLDS},
    {"\"abc123\"", "{\"matches\":\"^b\"}", FAILS},
    {"\"\xC3\x84pfel\"", "{\"matches\":\"^\\\\w{5}$\"}", HOLDS},
    {"1", "{\"matches\":\"1\"}", FAILS},
    {"\"abc\"", "{\"contains\":\"bc\"}", HOLDS},
    {"\"abc\"", "{\"contains\":\"\"}", HOLDS},
    {"\"abc\"", "{\"contains\":\"cb\"}", FAILS},
    {"\"ab\"", "{\"contains\":\"abc\"}", FAILS},
    {"\"1\"", "{\"contains\":1}", FAILS},
    {"[1,2]", "{\"contains\":2}", HOLDS},
    {"[1,2]", "{\"contains\":3}", FAILS},
    {"[1,20]", "{\"contains\":{\"at_least\":10}}", HOLDS},
    {"[\"x\"]", "{\"contains\":{\"type\":\"integer\"}}", FAILS},
    {"{\"a\":1}", "{\"contains\":\"a\"}", FAILS},
    {"1", "{\"type\":\"integer\"}", HOLDS},
    {"1", "{\"type\":\"number\"}", HOLDS},
    {"1.0", "{\"type\":\"integer\"}", FAILS},
    {"1.5", "{\"type\":\"number\"}", HOLDS},
    {"\"1\"", "{\"type\":\"number\"}", FAILS},
    {"\"1\"", "{\"type\":\"string\"}", HOLDS},
    {"[]", "{\"type\":\"array\"}", HOLDS},
    {"{}", "{\"type\":\"object\"}", HOLDS},
    {"{}", "{\"type\":\"array\"}", FAILS},
    {"true", "{\"type\":\"boolean\"}", HOLDS},
    {"null", "{\"type\":\"null\"}", HOLDS},
    {NULL, "{\"type\":\"null\"}", FAILS},
    {"null", "{\"type\":[\"string\",\"null\"]}", HOLDS},
    {"1", "{\"type\":[\"string\",\"null\"]}", FAILS},
    {"null", "{\"exists\":true}", HOLDS},
    {NULL, "{\"exists\":true}", FAILS},
    {NULL, "{\"exists\":false}", HOLDS},
    {"null", "{\"exists\":false}", FAILS},
    {NULL, "{\"not\":{\"exists\":true}}", HOLDS},
    {"1", "{\"not\":{\"exists\":true}}", FAILS},
    {NULL, "{\"exists\":true,\"type\":\"null\"}", FAILS},
    {"5", "{\"at_least\":5}", HOLDS},
    {"4", "{\"at_least\":5}", FAILS},
    {"5.5", "{\"at_least\":5}", HOLDS},
    {"\"5\"", "{\"at_least\":5}", FAILS},
    {"5", "{\"at_most\":5}", HOLDS},
    {"6", "{\"at_most\":5}", FAILS},
    {"18446744073709551615", "{\"at_most\":5}", FAILS},
    {"-3", "{\"at_least\":-3,\"at_most\":0}", HOLDS},
    {"1", "{\"at_least\":-3,\"at_most\":0}", FAILS},
    {"[1,2]", "{\"count\":2}", HOLDS},
    {"[1,2]", "{\"count\":3}", FAILS},
    {"[1,2]", "{\"count\":{\"at_least\":1,\"at_most\":2}}", HOLDS},
    {"{\"a\":1}", "{\"count\":1}", HOLDS},
    {"\"ab\"", "{\"count\":2}", FAILS},
    {"\"\xC3\xA4\xF0\x9F\x98\x80\"", "{\"length\":2}", HOLDS},
    {"\"ab\"", "{\"length\":{\"at_least\":3}}", FAILS},
    {"[1,2]", "{\"length\":2}", FAILS},
    {"\"{\\\"a\\\": 1}\"", "{\"json\":true}", HOLDS},
    {"\"{\\\"a\\\": 1,}\"", "{\"json\":true}", FAILS},
    {"\"{a: 1}\"", "{\"json\":true}", FAILS},
    {"\"\"", "{\"json\":true}", FAILS},
    {"{\"a\":1}", "{\"json\":true}", FAILS},
    {"\"{\\\"city\\\": \\\"Paris\\\"}\"", "{\"json\":{\"/city\":\"Paris\"}}", HOLDS},
    {"\"{\\\"city\\\": \\\"Rome\\\"}\"", "{\"json\":{\"/city\":\"Paris\"}}", FAILS},
    {"\"{\\\"city\\\": [1,2]}\"", "{\"json\":{\"/city\":{\"count\":2},\"/x\":{\"exists\":false}}}", HOLDS},
    {"\"{}\"", "{\"json\":{\"/city\":{\"type\":\"string\"}}}", FAILS},
    {"\"x\"", "{\"not\":{\"json\":true}}", HOLDS},
    {"{\"a\":1}", "{\"schema\":{\"required\":[\"a\"]}}", HOLDS},
    {"{\"b\":1}", "{\"schema\":{\"required\":[\"a\"]}}", FAILS},
    {"{\"a\":\"1/2\"}", "{\"schema\":{\"properties\":{\"a\":{\"const\":\"1/2\"}}}}", HOLDS},
    {"1", "{\"schema\":true}", HOLDS},
    {"1", "{\"schema\":false}", FAILS},
    {NULL, "{\"schema\":true}", FAILS},
    {"\"x\"", "{\"not\":{\"schema\":{\"type\":\"integer\"}}}", HOLDS},
    {"\"{\\\"a\\\":1}\"", "{\"json\":{\"\":{\"schema\":{\"required\":[\"a\"]}}}}", HOLDS},
    {"[1,\"x\"]", "{\"contains\":{\"schema\":{\"type\":\"string\"}}}", HOLDS},
    {"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", "{\"schema\":{\"pattern\":\"^(a+)+$\"}}", UNDECIDED},
    {"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", "{\"matches\":\"^(a+)+$\"}", UNDECIDED},
    {"\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"", "{\"not\":{\"matches\":\"^(a+)+$\"}}", UNDECIDED},
    {"[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"]", "{\"contains\":{\"matches\":\"^(a+)+$\"}}", UNDECIDED},
};

START_TEST(matchers_judge)
{
    struct json_object *from = json(matchers[_i].matcher), *matcher, *value = NULL;
    struct expect_fault fault = {.at_key = false};
    struct match_note note;
    ck_assert_msg(matcher_prepare(from, &matcher, &fault), "%s: %s", matchers[_i].matcher, fault.message);
    if (matchers[_i].value)
        value = json(matchers[_i].value);
    enum verdict verdict = matcher_judge(matcher, matchers[_i].value != NULL, value, &note);
    ck_assert_msg(verdict == matchers[_i].verdict, "%s of %s: %d", matchers[_i].matcher, matchers[_i].value ? matchers[_i].value : "nothing",
                  (int)verdict);
    json_object_put(from);
    json_object_put(matcher);
    json_object_put(value);
}
END_TEST

/* What a variable brought in cannot be checked beforehand. */
static const struct {
    const char *matcher, *why;
} late[] = {
    {"{\"in\":\"x\"}", "in needs a list"},
    {"{\"at_least\":\"x\"}", "at_least needs a number"},
    {"{\"at_most\":null}", "at_most needs a number"},
    {"{\"matches\":\"a(\"}", "missing closing parenthesis (at byte 3 of the pattern)"},
    {"{\"matches\":1}", "matches needs a pattern"},
    {"{\"type\":1}", "type needs a word"},
    {"{\"count\":{\"at_least\":\"x\"}}", "at_least needs a number"},
    {"{\"foo\":1}", "there is no such matcher"},
    {"{\"schema\":{\"type\":\"objekt\"}}",
     "\"objekt\" is no type: there are null, boolean, object, array, number, string and integer"},
};

START_TEST(operands_that_came_late_are_undecided)
{
    struct json_object *matcher = json(late[_i].matcher), *value = json(_i == 6 ? "[1]" : "\"x\"");
    struct match_note note;
    ck_assert_int_eq(matcher_judge(matcher, true, value, &note), UNDECIDED);
    ck_assert_str_eq(note.why, late[_i].why);
    json_object_put(matcher);
    json_object_put(value);
}
END_TEST

/* --- answers: what is expected, the answer, and the misses as "what|message" lines */

static const struct {
    const char *expect, *answer;
    size_t asked;
    const char *misses;
} answers[] = {
    {NULL, "{\"status\":200}", 1, ""},
    {NULL, "{\"status\":204}", 1, ""},
    {NULL, "{\"status\":500}", 1, "expect.status|the status is 500; expected 2xx\n"},
    {NULL, "{\"status\":302}", 1, "expect.status|the status is 302; expected 2xx\n"},
    {"{}", "{\"status\":200}", 1, ""},
    {"{\"status\":200}", "{\"status\":200}", 1, ""},
    {"{\"status\":200}", "{\"status\":201}", 1, "expect.status|the status is 201; expected 200\n"},
    {"{\"status\":\"4xx\"}", "{\"status\":429}", 1, ""},
    {"{\"status\":\"4xx\"}", "{\"status\":500}", 1, "expect.status|the status is 500; expected 4xx\n"},
    {"{\"status\":[200,\"4xx\"]}", "{\"status\":404}", 1, ""},
    {"{\"status\":[200,400,422]}", "{\"status\":500}", 1, "expect.status|the status is 500; expected 200, 400 or 422\n"},
    {"{\"/usage/n\":{\"at_least\":1}}", "{\"status\":200,\"body\":{\"usage\":{\"n\":1}}}", 2, ""},
    {"{\"/usage/n\":{\"at_least\":1}}", "{\"status\":200,\"body\":{\"usage\":{\"n\":0}}}", 2,
     "expect./usage/n|/usage/n is 0; expected at least 1\n"},
    {"{\"/usage/n\":{\"at_least\":1}}", "{\"status\":200,\"body\":{}}", 2, "expect./usage/n|/usage/n is absent; expected at least 1\n"},
    {"{\"/a\":1,\"/b\":{\"type\":\"object\"}}", "{\"status\":200,\"body\":{\"a\":2,\"b\":\"x\"}}", 3,
     "expect./a|/a is 2; expected 1\nexpect./b|/b is \"x\"; expected a value of type object\n"},
    {"{\"/a\":1}", "{\"status\":500,\"body\":{\"a\":2}}", 1, "expect.status|the status is 500; expected 2xx\n"},
    {"{\"/a\":1}", "{\"status\":200}", 2, "expect./a|the answer is not JSON, so there is no /a\n"},
    {"{\"\":{\"count\":0}}", "{\"status\":200,\"body\":{}}", 2, ""},
    {"{\"/a/b\":1,\"/a/c/0\":2,\"/ab\":3}", "{\"status\":200,\"body\":{}}", 4,
     "expect./a/b|/a/b is absent; expected 1\nexpect./ab|/ab is absent; expected 3\n"},
    {"{\"/a/b\":1,\"/a/c\":2}", "{\"status\":200,\"body\":{\"a\":{}}}", 3,
     "expect./a/b|/a/b is absent; expected 1\nexpect./a/c|/a/c is absent; expected 2\n"},
    {"{\"/a\":1,\"/b\":2}", "{\"status\":200}", 3, "expect./a|the answer is not JSON, so there is no /a\n"},
    {"{\"/a\":{\"in\":[1,2]}}", "{\"status\":200,\"body\":{\"a\":3}}", 2, "expect./a|/a is 3; expected one of [1,2]\n"},
    {"{\"/a\":{\"not\":3}}", "{\"status\":200,\"body\":{\"a\":3}}", 2, "expect./a|/a is 3; expected not 3\n"},
    {"{\"/a\":{\"count\":{\"at_least\":2}}}", "{\"status\":200,\"body\":{\"a\":[1]}}", 2,
     "expect./a|/a is [1]; expected a count of at least 2\n"},
    {"{\"/a\":{\"type\":\"string\",\"length\":{\"at_most\":2}}}", "{\"status\":200,\"body\":{\"a\":\"abc\"}}", 2,
     "expect./a|/a is \"abc\"; expected a value of type string and a length of at most 2\n"},
    {"{\"/a\":{\"json\":true}}", "{\"status\":200,\"body\":{\"a\":\"{\"}}", 2, "expect./a|/a is \"{\"; expected text that is JSON\n"},
    {"{\"/a\":{\"schema\":{\"items\":{\"type\":\"integer\"}}}}", "{\"status\":200,\"body\":{\"a\":[1,\"b\"]}}", 2,
     "expect./a|/a is [1,\"b\"]; expected a value that the schema allows: at /1: the value is a string; its type is to be \"integer\"\n"},
    {"{\"/a\":{\"schema\":{\"required\":[\"b\"]}}}", "{\"status\":200,\"body\":{\"a\":{}}}", 2,
     "expect./a|/a is {}; expected a value that the schema allows: the member \"b\" is missing\n"},
    {"{\"/a\":{\"json\":{\"\":{\"schema\":{\"items\":false}}}}}", "{\"status\":200,\"body\":{\"a\":\"[1]\"}}", 2,
     "expect./a|/a is \"[1]\"; expected text that is JSON with {\"\":{\"schema\":{\"items\":false}}}: at /0: the array may have no more than 0 items\n"},
    {"{\"/a\":{\"exists\":false}}", "{\"status\":200,\"body\":{\"a\":1}}", 2, "expect./a|/a is 1; expected no value\n"},
    {"{\"/a\":{\"matches\":\"^(a+)+$\"}}", "{\"status\":200,\"body\":{\"a\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}}", 2,
     "expect./a|?/a could not be judged: the pattern takes too long on this text\n"},
    {"{\"headers\":{\"Content-Type\":{\"matches\":\"json\"}}}", "{\"status\":200,\"headers\":{\"content-type\":\"application/json\"}}", 2, ""},
    {"{\"headers\":{\"x-id\":{\"exists\":true},\"x-b\":\"1\",\"x-c\":{\"exists\":false}}}", "{\"status\":200,\"headers\":{\"X-B\":\"2\"}}", 4,
     "expect.headers.x-id|the header x-id is absent; expected any value\n"
     "expect.headers.x-b|the header x-b is \"2\"; expected \"1\"\n"},
    {"{\"rejected\":true}", "{\"status\":400,\"body\":{\"error\":{}}}", 2, ""},
    {"{\"rejected\":{}}", "{\"status\":422,\"body\":{\"error\":{}}}", 2, ""},
    {"{\"rejected\":true}", "{\"status\":200,\"body\":{}}", 1,
     "expect.rejected.status|the request was accepted with status 200; expected a rejection with 400 or 422\n"},
    {"{\"rejected\":{\"param\":\"n\"}}", "{\"status\":500,\"body\":{\"error\":{}}}", 1,
     "expect.rejected.status|the request was answered with status 500; expected a rejection with 400 or 422\n"},
    {"{\"rejected\":{\"status\":404}}", "{\"status\":404,\"body\":{\"error\":{}}}", 2, ""},
    {"{\"rejected\":{\"status\":[401,403]}}", "{\"status\":400,\"body\":{\"error\":{}}}", 1,
     "expect.rejected.status|the request was answered with status 400; expected a rejection with 401 or 403\n"},
    {"{\"rejected\":true}", "{\"status\":400,\"body\":{\"detail\":1}}", 2, "expect.rejected|the rejection has no error object\n"},
    {"{\"rejected\":true}", "{\"status\":400,\"body\":{\"error\":\"no\"}}", 2, "expect.rejected|the rejection has no error object\n"},
    {"{\"rejected\":true}", "{\"status\":400}", 2, "expect.rejected|the rejection has no error object\n"},
    {"{\"rejected\":{\"param\":\"stop\"}}", "{\"status\":400,\"body\":{\"error\":{\"param\":\"stop\"}}}", 3, ""},
    {"{\"rejected\":{\"param\":\"stop\"}}", "{\"status\":400,\"body\":{\"error\":{\"param\":\"stops\"}}}", 3,
     "expect.rejected.param|error.param is \"stops\"; expected \"stop\"\n"},
    {"{\"rejected\":{\"param\":\"stop\"}}", "{\"status\":400,\"body\":{\"error\":{\"param\":null}}}", 3,
     "expect.rejected.param|error.param is null; expected \"stop\"\n"},
    {"{\"rejected\":{\"param\":\"stop\"}}", "{\"status\":400,\"body\":{\"error\":{}}}", 3,
     "expect.rejected.param|error.param is absent; expected \"stop\"\n"},
    {"{\"rejected\":{\"param\":\"messages\"}}", "{\"status\":400,\"body\":{\"error\":{\"param\":\"messages[0].role\"}}}", 3, ""},
    {"{\"rejected\":{\"param\":\"messages[0].role\"}}", "{\"status\":400,\"body\":{\"error\":{\"param\":\"messages.[0].role\"}}}", 3, ""},
    {"{\"rejected\":{\"param\":\"messages[0].role\"}}", "{\"status\":400,\"body\":{\"error\":{\"param\":\"messages.0.role\"}}}", 3, ""},
    {"{\"rejected\":{\"param\":\"messages[0].role\"}}", "{\"status\":400,\"body\":{\"error\":{\"param\":\"messages\"}}}", 3,
     "expect.rejected.param|error.param is \"messages\"; expected \"messages[0].role\"\n"},
    {"{\"rejected\":{\"param\":\"messages[1]\"}}", "{\"status\":400,\"body\":{\"error\":{\"param\":\"messages[10]\"}}}", 3,
     "expect.rejected.param|error.param is \"messages[10]\"; expected \"messages[1]\"\n"},
    {"{\"rejected\":{\"param\":[\"a\",null]}}", "{\"status\":400,\"body\":{\"error\":{\"param\":null}}}", 3, ""},
    {"{\"rejected\":{\"param\":[\"a\",\"b\"]}}", "{\"status\":400,\"body\":{\"error\":{\"param\":\"b.c\"}}}", 3, ""},
    {"{\"rejected\":{\"param\":null}}", "{\"status\":400,\"body\":{\"error\":{\"param\":\"a\"}}}", 3,
     "expect.rejected.param|error.param is \"a\"; expected null\n"},
    {"{\"rejected\":{\"code\":\"x\",\"type\":[\"a\",\"b\"]}}", "{\"status\":400,\"body\":{\"error\":{\"code\":\"y\",\"type\":\"b\"}}}", 4,
     "expect.rejected.code|error.code is \"y\"; expected \"x\"\n"},
    {"{\"rejected\":{\"code\":[400,\"x\"]}}", "{\"status\":400,\"body\":{\"error\":{\"code\":400}}}", 3, ""},
    {"{\"rejected\":{\"message\":{\"contains\":\"stop\"}}}", "{\"status\":400,\"body\":{\"error\":{\"message\":\"bad\"}}}", 3,
     "expect.rejected.message|error.message is \"bad\"; expected something that contains \"stop\"\n"},
    {"{\"rejected\":{},\"/x\":1}", "{\"status\":400,\"body\":{\"error\":{},\"x\":2}}", 3, "expect./x|/x is 2; expected 1\n"},
    {"{\"chunks\":{\"where\":{\"/usage\":{\"type\":\"object\"}},\"count\":1}}",
     "{\"status\":200,\"chunks\":[{\"usage\":null},{},{\"usage\":{}}]}", 2, ""},
    {"{\"chunks\":{\"where\":{\"/usage\":{\"type\":\"object\"}},\"count\":1}}", "{\"status\":200,\"chunks\":[{\"usage\":{}},{\"usage\":{}}]}", 2,
     "expect.chunks|2 of 2 chunks have [/usage: a value of type object]; expected 1\n"},
    {"{\"chunks\":{\"where\":{\"/usage\":{\"exists\":true},\"/a\":1}}}", "{\"status\":200,\"chunks\":[{\"usage\":1},{\"a\":1}]}", 2,
     "expect.chunks|0 of 2 chunks have [/usage: any value, /a: 1]; expected at least 1\n"},
    {"{\"chunks\":{\"count\":{\"at_least\":3}}}", "{\"status\":200,\"chunks\":[1,2]}", 2,
     "expect.chunks|2 chunks came; expected at least 3\n"},
    {"{\"chunks\":[{\"count\":2},{\"where\":{\"\":1},\"count\":0}]}", "{\"status\":200,\"chunks\":[1,2]}", 3,
     "expect.chunks|1 of 2 chunks have [: 1]; expected 0\n"},
    {"{\"chunks\":{\"count\":1}}", "{\"status\":200,\"body\":{}}", 2, "expect.chunks|the answer is not a stream, so it has no chunks\n"},
    {"{\"chunks\":{\"where\":{\"/a\":{\"matches\":\"^(a+)+$\"}}}}", "{\"status\":200,\"chunks\":[{\"a\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!\"}]}",
     2, "expect.chunks|?chunk 0 could not be judged: the pattern takes too long on this text\n"},
    {"{\"timing\":{\"first_event_ms\":100,\"max_gap_ms\":50,\"total_ms\":1000}}", "{\"status\":200,\"ms\":[100,50,1000]}", 4, ""},
    {"{\"timing\":{\"first_event_ms\":100,\"max_gap_ms\":50,\"total_ms\":1000}}", "{\"status\":200,\"ms\":[101,51,1001]}", 4,
     "expect.timing.first_event_ms|the time to the first event is 101 ms; expected at most 100 ms\n"
     "expect.timing.max_gap_ms|the longest gap between two events is 51 ms; expected at most 50 ms\n"
     "expect.timing.total_ms|the whole time is 1001 ms; expected at most 1000 ms\n"},
    {"{\"timing\":{\"total_ms\":1000}}", "{\"status\":200}", 2,
     "expect.timing.total_ms|the whole time is not measured; expected at most 1000 ms\n"},
};

static struct json_object *part(struct json_object *object, const char *key)
{
    struct json_object *value = NULL;
    json_object_object_get_ex(object, key, &value);
    return value;
}

static void fill_answer(struct expect_answer *answer, struct json_object *from, struct cc_header *headers)
{
    struct json_object *ms = part(from, "ms"), *lines = part(from, "headers");
    *answer = (struct expect_answer){.status = json_object_get_int(part(from, "status")), .body = part(from, "body"), .chunks = part(from, "chunks"),
                                     .headers = headers, .first_event_ms = -1, .max_gap_ms = -1, .total_ms = -1};
    answer->is_json = answer->body != NULL;
    if (ms) {
        answer->first_event_ms = json_object_get_int(json_object_array_get_idx(ms, 0));
        answer->max_gap_ms = json_object_get_int(json_object_array_get_idx(ms, 1));
        answer->total_ms = json_object_get_int(json_object_array_get_idx(ms, 2));
    }
    if (!lines)
        return;
    json_object_object_foreach(lines, name, value)
        *headers++ = (struct cc_header){name, json_object_get_string(value)};
}

START_TEST(answers_are_judged)
{
    struct json_object *expect = answers[_i].expect ? prepare(answers[_i].expect) : NULL, *from = json(answers[_i].answer);
    struct cc_header headers[8] = {{0}};
    struct expect_answer answer;
    struct expect_outcome outcome;
    char misses[2048] = "";
    fill_answer(&answer, from, headers);
    ck_assert(expect_judge(expect, &answer, &outcome));
    for (size_t i = 0; i < outcome.count; i++)
        snprintf(misses + strlen(misses), sizeof misses - strlen(misses), "%s|%s%s\n", outcome.misses[i].what,
                 outcome.misses[i].undecided ? "?" : "", outcome.misses[i].message);
    ck_assert_msg(strcmp(misses, answers[_i].misses) == 0, "%s\nof %s\ngives: %s", answers[_i].expect ? answers[_i].expect : "nothing",
                  answers[_i].answer, misses);
    ck_assert_msg(outcome.asked == answers[_i].asked, "%s asked %zu", answers[_i].expect ? answers[_i].expect : "nothing", outcome.asked);
    expect_outcome_clear(&outcome);
    json_object_put(expect);
    json_object_put(from);
}
END_TEST

START_TEST(misses_say_where_and_what)
{
    struct json_object *expect = prepare("{\"/a/b\":{\"at_least\":1}}"), *from = json("{\"status\":200,\"body\":{\"a\":{\"b\":[1]}}}");
    struct cc_header headers[1] = {{0}};
    struct expect_answer answer;
    struct expect_outcome outcome;
    fill_answer(&answer, from, headers);
    ck_assert(expect_judge(expect, &answer, &outcome));
    ck_assert_uint_eq(outcome.count, 1);
    ck_assert_str_eq(outcome.misses[0].pointer, "/a/b");
    ck_assert_str_eq(outcome.misses[0].expected, "at least 1");
    ck_assert_str_eq(outcome.misses[0].actual, "[1]");
    ck_assert(!outcome.misses[0].undecided);
    expect_outcome_clear(&outcome);
    json_object_put(expect);
    json_object_put(from);
}
END_TEST

START_TEST(long_values_are_cut_between_characters)
{
    char text[2 * 500 + 3] = "\"", shown[40];
    for (int i = 0; i < 400; i++)
        memcpy(text + 1 + 2 * i, "\xC3\xA4", 3);
    memcpy(text + 801, "\"", 2);
    struct json_object *value = json(text);
    value_show(value, shown, sizeof shown);
    ck_assert_str_eq(shown + strlen(shown) - 5, "\xC3\xA4...");
    ck_assert_uint_lt(strlen(shown), sizeof shown);
    json_object_put(value);
}
END_TEST

/* --- patterns */

static const char *const slow[] = {"^(a+)+$", "(a*)*b", "^(a|aa)+$", "(a|a)*c", "(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)x", "(x+x+)+y", "a+[yz]",
                                   "(?:a?){500}a{500}b", "^(([a-z])+.)+[A-Z]([a-z])+$", "(a+)*\\1b", "^(?=(a+))\\1*b", "(.+)+[^a]$"};

static bool is_pattern(const char *text, size_t length, char *why, size_t why_size)
{
    struct cc_pattern *pattern = cc_pattern_new(CC_PATTERN_PCRE, text, length, why, why_size);
    cc_pattern_free(pattern);
    return pattern != NULL;
}

static enum cc_pattern_verdict find(const char *text, const char *subject, size_t length, char *why, size_t why_size)
{
    struct cc_pattern *pattern = cc_pattern_new(CC_PATTERN_PCRE, text, strlen(text), why, why_size);
    ck_assert_msg(pattern != NULL, "%s: %s", text, why);
    enum cc_pattern_verdict verdict = cc_pattern_find(pattern, subject, length, why, why_size);
    cc_pattern_free(pattern);
    return verdict;
}

START_TEST(patterns_end_in_time)
{
    size_t length = REGEX_SUBJECT_MAX;
    char *subject = malloc(length + 1), why[200];
    ck_assert_ptr_nonnull(subject);
    memset(subject, 'a', length + 1);
    /* The time limit of the test is what this must keep: without a deadline some of these run for hours. */
    enum cc_pattern_verdict verdict = find(slow[_i], subject, length, why, sizeof why);
    ck_assert(verdict == CC_PATTERN_FOUND || verdict == CC_PATTERN_NOT_FOUND || strcmp(why, "the pattern takes too long on this text") == 0);
    ck_assert_int_eq(find("^a+$", subject, length, why, sizeof why), CC_PATTERN_FOUND);
    ck_assert_int_eq(find("^a+$", subject, length + 1, why, sizeof why), CC_PATTERN_UNDECIDED);
    ck_assert_str_eq(why, "the text is longer than 65536 bytes");
    free(subject);
}
END_TEST

START_TEST(patterns_have_bounds)
{
    char pattern[REGEX_PATTERN_MAX + 2], why[200];
    memset(pattern, 'a', sizeof pattern);
    ck_assert(is_pattern(pattern, REGEX_PATTERN_MAX, why, sizeof why));
    ck_assert(!is_pattern(pattern, REGEX_PATTERN_MAX + 1, why, sizeof why));
    ck_assert_str_eq(why, "the pattern is longer than 1024 bytes");
    memset(pattern, '(', 51);
    memset(pattern + 51, ')', 51);
    ck_assert(!is_pattern(pattern, 102, why, sizeof why));
    ck_assert_msg(strstr(why, "parentheses are too deeply nested") != NULL, "%s", why);
    ck_assert(is_pattern(pattern + 1, 100, why, sizeof why));
    ck_assert(!is_pattern("\\C", 2, why, sizeof why));
    ck_assert(!is_pattern("((a{1,250}){1,250}){1,250}{1,250}", 33, why, sizeof why));
    ck_assert(!is_pattern("\xFF", 1, why, sizeof why));
}
END_TEST

/* --- variables */

static struct variables run_variables(void)
{
    static const char *const names[] = {"CHATCONFORM_TEST_SET", "CHATCONFORM_TEST_UNSET", NULL};
    struct variables variables;
    struct json_object *matrix = json("{\"format\":\"json\"}"), *call = json("{\"id\":\"call_1\",\"list\":[{\"x/y\":5}],\"text\":\"${model}\"}");
    setenv("CHATCONFORM_TEST_SET", "from outside", 1);
    unsetenv("CHATCONFORM_TEST_UNSET");
    ck_assert(variables_begin(&variables, matrix, names));
    ck_assert(variables_set_text(&variables, "model", "m-1"));
    ck_assert(variables_set(&variables, "call", call));
    ck_assert(variables_set(&variables, "nothing", NULL));
    json_object_put(matrix);
    json_object_put(call);
    return variables;
}

static const struct {
    const char *from, *to; /* a sentence when it fails */
    bool fails;
} expansions[] = {
    {"\"plain\"", "\"plain\"", false},
    {"\"${model}\"", "\"m-1\"", false},
    {"\"a ${model} b ${format}\"", "\"a m-1 b json\"", false},
    {"\"${model}${model}\"", "\"m-1m-1\"", false},
    {"\"${call}\"", "{\"id\":\"call_1\",\"list\":[{\"x/y\":5}],\"text\":\"${model}\"}", false},
    {"\"${call.id}\"", "\"call_1\"", false},
    {"\"${call.list}\"", "[{\"x/y\":5}]", false},
    {"\"${call.list.0.x/y}\"", "5", false},
    {"\"n=${call.list.0.x/y}\"", "\"n=5\"", false},
    {"\"l=${call.list}\"", "\"l=[{\\\"x/y\\\":5}]\"", false},
    {"\"${nothing}\"", "null", false},
    {"\"x${nothing}\"", "\"xnull\"", false},
    {"\"${call.text}\"", "\"${model}\"", false}, /* nothing is expanded twice */
    {"\"<${call.text}>\"", "\"<${model}>\"", false},
    {"\"$${model}\"", "\"${model}\"", false},
    {"\"a$${model} ${model}\"", "\"a${model} m-1\"", false},
    {"\"$$${model}\"", "\"$${model}\"", false},
    {"\"$ {model} $\"", "\"$ {model} $\"", false},
    {"\"^a$\"", "\"^a$\"", false},
    {"\"${env:CHATCONFORM_TEST_SET}\"", "\"from outside\"", false},
    {"{\"${model}\":[1,null,true,\"${model}\",{\"a\":\"${call.id}\"}]}", "{\"${model}\":[1,null,true,\"m-1\",{\"a\":\"call_1\"}]}", false},
    {"[\"\\u0000${model}\\u0000\"]", "[\"\\u0000m-1\\u0000\"]", false},
    {"{\"a\":[1,\"${modle}\"]}", "/a/1: there is no variable ${modle}; did you mean ${model}?", true},
    {"\"${other_thing}\"", "there is no variable ${other_thing}", true},
    {"{\"b\":\"${call.none}\"}", "/b: the variable ${call} holds nothing at /none", true},
    {"\"${call.list.1}\"", "the variable ${call} holds nothing at /list/1", true},
    {"\"${call.id.x}\"", "the variable ${call} holds nothing at /id/x", true},
    {"\"${model\"", "${model lacks its closing brace", true},
    {"\"${}\"", "${} names no variable; a plain ${ is written $${", true},
    {"\"${Model}\"", "${Model} names no variable; a plain ${ is written $${", true},
    {"\"${env:HOME}\"", "the environment variable HOME may not be read; --env HOME allows it", true},
    {"\"${env:CHATCONFORM_TEST_UNSET}\"", "the environment variable CHATCONFORM_TEST_UNSET is not set", true},
};

START_TEST(variables_expand)
{
    struct variables variables = run_variables();
    struct json_object *from = json(expansions[_i].from), *to;
    char why[300] = "";
    bool done = expand_value(&variables, from, &to, why, sizeof why);
    ck_assert_msg(done != expansions[_i].fails, "%s: %s", expansions[_i].from, why);
    const char *got = done ? json_object_to_json_string_ext(to, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE) : why;
    ck_assert_str_eq(got, expansions[_i].to);
    json_object_put(from);
    json_object_put(to);
    variables_clear(&variables);
}
END_TEST

START_TEST(text_expands_too)
{
    struct variables variables = run_variables();
    char why[300];
    size_t length;
    char *text = expand_text(&variables, "{\"model\": \"${model}\"\0}", 22, &length, why, sizeof why);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(length, 17);
    ck_assert_int_eq(memcmp(text, "{\"model\": \"m-1\"\0}", 18), 0);
    free(text);
    ck_assert_ptr_null(expand_text(&variables, "${x", 3, &length, why, sizeof why));
    ck_assert_str_eq(why, "${x lacks its closing brace");
    text = expand_text(&variables, "", 0, &length, why, sizeof why);
    ck_assert_str_eq(text, "");
    free(text);
    variables_clear(&variables);
}
END_TEST

/* A text of this many bytes, in a variable. */
static void set_large(struct variables *variables, size_t length)
{
    char *text = malloc(length + 1);
    ck_assert_ptr_nonnull(text);
    memset(text, 'x', length);
    text[length] = '\0';
    ck_assert(variables_set_text(variables, "large", text));
    free(text);
}

START_TEST(expansion_is_bounded)
{
    struct variables variables = {0};
    char why[300];
    size_t length, quarter = EXPANDED_MAX / 4;
    set_large(&variables, quarter);
    char *text = expand_text(&variables, "${large}${large}${large}${large}", 32, &length, why, sizeof why);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(length, EXPANDED_MAX);
    free(text);
    set_large(&variables, quarter + 1);
    ck_assert_ptr_null(expand_text(&variables, "${large}${large}${large}${large}", 32, &length, why, sizeof why));
    ck_assert_str_eq(why, "the variables come to more than 16777216 bytes");
    struct json_object *from = json("[\"${large}\",\"${large}\",\"${large}\",\"${large}\"]"), *to;
    ck_assert(!expand_value(&variables, from, &to, why, sizeof why));
    ck_assert_str_eq(why, "/3: the variables come to more than 16777216 bytes");
    json_object_put(from);
    variables_clear(&variables);
}
END_TEST

START_TEST(captures_are_taken)
{
    struct variables variables = {0};
    struct json_object *capture = json("{\"id\":\"/id\",\"all\":\"\",\"gone\":\"/choices/0\"}"), *answer = json("{\"id\":\"a\",\"choices\":[null]}"), *value;
    char why[300];
    ck_assert_msg(variables_capture(&variables, capture, answer, why, sizeof why), "%s", why);
    ck_assert(json_object_object_get_ex(variables.values, "id", &value));
    ck_assert_str_eq(json_object_get_string(value), "a");
    ck_assert(json_object_object_get_ex(variables.values, "gone", &value));
    ck_assert_ptr_null(value);
    json_object_put(answer);
    answer = json("{\"id\":\"a\",\"choices\":[]}");
    ck_assert(!variables_capture(&variables, capture, answer, why, sizeof why));
    ck_assert_str_eq(why, "the answer has nothing at /choices/0, which the variable gone was to hold");
    json_object_put(answer);
    json_object_put(capture);
    variables_clear(&variables);
}
END_TEST

/* What an answer puts into a variable stays a value: it never becomes a matcher. */
START_TEST(variables_do_not_become_matchers)
{
    struct variables variables = {0};
    struct json_object *evil = json("{\"exists\":false}"), *prepared = prepare("{\"/a\":\"${evil}\"}"), *expect;
    char why[300];
    ck_assert(variables_set(&variables, "evil", evil));
    ck_assert(expand_value(&variables, prepared, &expect, why, sizeof why));
    ck_assert_str_eq(json_object_to_json_string_ext(expect, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE),
                     "{\"/a\":{\"equals\":{\"exists\":false}}}");
    json_object_put(evil);
    json_object_put(prepared);
    json_object_put(expect);
    variables_clear(&variables);
}
END_TEST

static Suite *expect_suite(void)
{
    Suite *suite = suite_create("expect");
    TCase *judging = tcase_create("judging"), *patterns = tcase_create("patterns"), *variables = tcase_create("variables");
    tcase_add_loop_test(judging, matchers_judge, 0, COUNT(matchers));
    tcase_add_loop_test(judging, operands_that_came_late_are_undecided, 0, COUNT(late));
    tcase_add_loop_test(judging, answers_are_judged, 0, COUNT(answers));
    tcase_add_test(judging, misses_say_where_and_what);
    tcase_add_test(judging, long_values_are_cut_between_characters);
    tcase_set_timeout(patterns, 20);
    tcase_add_loop_test(patterns, patterns_end_in_time, 0, COUNT(slow));
    tcase_add_test(patterns, patterns_have_bounds);
    tcase_add_loop_test(variables, variables_expand, 0, COUNT(expansions));
    tcase_add_test(variables, text_expands_too);
    tcase_add_test(variables, expansion_is_bounded);
    tcase_add_test(variables, captures_are_taken);
    tcase_add_test(variables, variables_do_not_become_matchers);
    suite_add_tcase(suite, judging);
    suite_add_tcase(suite, patterns);
    suite_add_tcase(suite, variables);
    return suite;
}

TEST_MAIN(expect_suite)
