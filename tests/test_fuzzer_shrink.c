/* test_fuzzer_shrink.c: requests become small and still show what they are about, within their budget; and what the oracle says of answers.
 */
#include "fuzzer/generate.h"
#include "fuzzer/oracle.h"
#include "fuzzer/shrink.h"
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- shrinking */

struct wish {
    struct cc_checker *checker;
    const char *rule; /* that has to be broken */
    const char *text; /* or: that has to occur */
    bool valid;       /* and nothing may be wrong with the request */
    size_t least;     /* or: bytes at least */
    long asked;
};

static bool shows(void *context, struct json_object *candidate, long *cost)
{
    struct wish *wish = context;
    size_t length;
    const char *text = jo_write(candidate, &length);
    (void)cost;
    wish->asked++;
    if (wish->valid && cc_check(wish->checker, CC_REQUEST, text, length)->errors) return false;
    if (wish->text) return strstr(text, wish->text) != NULL;
    if (wish->least) return length >= wish->least;
    const struct cc_report *report = cc_check(wish->checker, CC_REQUEST, text, length);
    bool found = false;
    for (size_t i = 0; i < report->count; i++) {
        if (report->findings[i].severity != CC_ERROR) continue;
        if (strcmp(report->findings[i].rule->id, wish->rule) != 0) return false;
        found = true;
    }
    return found;
}

static struct json_object *shrunk(struct wish *wish, struct json_object *payload, long budget, struct shrinking *s)
{
    *s = (struct shrinking){.still = shows, .context = wish, .budget = budget};
    struct json_object *least = shrink(s, payload);
    long cost = 1;
    ck_assert_ptr_nonnull(least);
    ck_assert(shows(wish, least, &cost));
    ck_assert_int_le(s->spent, budget);
    return least;
}

static bool is_alone(void *context, const char *rule) { return strcmp(context, rule) == 0; }

/* A rich payload that breaks one constraint comes down to the fault and little else. */
START_TEST(broken_payloads_come_down_to_their_fault)
{
    static const char *const rules[] = {"request.stop.max_items",
                                        "request.temperature.range",
                                        "request.messages.role.enum",
                                        "request.messages.tool.sequence.id_known",
                                        "request.tools.function.name.pattern",
                                        "request.metadata.value.type"};
    char rule[64];
    snprintf(rule, sizeof rule, "%s", rules[_i]);
    struct shots_options options = {
        .profile = CC_OPENAI, .seed = 3, .model = "m", .mode = MODE_NEGATIVE, .wanted = is_alone, .context = rule, .objects_only = true};
    struct shots *shots = shots_new(&options);
    struct wish wish = {.checker = cc_checker_new(NULL), .rule = rules[_i]};
    ck_assert(shots && wish.checker);
    for (uint64_t i = 0; i < 12; i++) {
        struct shot shot;
        struct shrinking s;
        ck_assert(shot_make(shots, i, &shot));
        struct json_object *least = shrunk(&wish, shot.object, 400, &s);
        ck_assert_msg(jo_members(least) <= 5 && jo_length(jo_get(least, "messages")) <= 3, "%s", jo_write(least, NULL));
        json_object_put(least);
        shot_clear(&shot);
    }
    cc_checker_free(wish.checker);
    shots_free(shots);
}
END_TEST

START_TEST(a_word_is_found_where_it_stands)
{
    struct json_object *payload = jo_read(JSON({
        "model" : "m",
        "a/b~c" : {"deep" : [ 1, 2, {"x" : "the needle in a long text of many words"} ]},
        "n" : 3,
        "messages" :
            [ {"role" : "user", "content" : "one"}, {"role" : "assistant", "content" : "two"}, {"role" : "user", "content" : "three"} ],
        "stop" : [ "a", "b" ]
    }));
    struct wish wish = {.text = "needle"};
    struct shrinking s;
    struct json_object *least = shrunk(&wish, payload, 1000, &s);
    size_t length;
    jo_write(least, &length);
    ck_assert_uint_lt(length, 60);
    ck_assert_uint_eq(jo_members(least), 1);
    json_object_put(least);
    json_object_put(payload);
}
END_TEST

/* Where only the length matters, many messages become one. */
START_TEST(what_is_long_becomes_one_question)
{
    struct json_object *payload = jo_read(JSON({"model": "m", "n": 1, "messages": []}));
    for (int i = 0; i < 300; i++) jo_push(jo_get(payload, "messages"), jo_read(JSON({"role": "user", "content": "a question of some length"})));
    struct wish wish = {.least = 10000};
    struct shrinking s;
    struct json_object *least = shrunk(&wish, payload, 60, &s);
    ck_assert_uint_eq(jo_length(jo_get(least, "messages")), 1);
    ck_assert_uint_le(jo_members(least), 2);
    json_object_put(least);
    json_object_put(payload);
}
END_TEST

/* Neither audio nor modalities can go alone, nor can the calls of the assistant. */
START_TEST(what_needs_each_other_goes_together)
{
    struct json_object *payload = jo_read(JSON({
        "model" : "m",
        "audio" : {"format" : "wav", "voice" : "sage"},
        "stop" : "needle",
        "modalities" : [ "text", "audio" ],
        "messages" : [ {"role" : "user", "content" : "Hi"} ]
    }));
    struct wish wish = {.checker = cc_checker_new(NULL), .text = "needle", .valid = true};
    struct shrinking s;
    struct json_object *least = shrunk(&wish, payload, 200, &s);
    ck_assert_msg(jo_members(least) == 3, "%s", jo_write(least, NULL));
    json_object_put(least);
    json_object_put(payload);
    payload = jo_read(JSON({
        "model" : "m",
        "messages" : [
            {"role" : "system", "content" : "Hi", "name" : "needle"},
            {"role" : "assistant", "tool_calls" : [ {"id" : "c", "type" : "function", "function" : {"name" : "f", "arguments" : "{}"}} ]},
            {"role" : "tool", "tool_call_id" : "c", "content" : "Hi"}
        ]
    }));
    least = shrunk(&wish, payload, 200, &s);
    ck_assert_msg(jo_length(jo_get(least, "messages")) <= 2, "%s", jo_write(least, NULL));
    json_object_put(least);
    json_object_put(payload);
    cc_checker_free(wish.checker);
}
END_TEST

START_TEST(it_ends_within_its_budget)
{
    struct generator *g = generator_new(CC_OPENAI, 4, "m");
    for (uint64_t i = 0; i < 40; i++) {
        struct json_object *payload = generator_positive(g, i);
        struct wish wish = {.least = 60};
        struct shrinking s;
        json_object_put(shrunk(&wish, payload, (long)(i % 7), &s));
        ck_assert_int_le(wish.asked, (long)(i % 7) + 1);
        wish.asked = 0;
        json_object_put(shrunk(&wish, payload, 5000, &s));
        ck_assert_int_le(s.tries, SHRINK_TRIES_MAX);
        json_object_put(payload);
    }
    generator_free(g);
}
END_TEST

static bool free_of_charge(void *context, struct json_object *candidate, long *cost)
{
    (void)candidate;
    ++*(long *)context;
    *cost = 0;
    return false;
}

START_TEST(what_costs_nothing_is_bounded_too)
{
    struct json_object *payload = jo_object();
    char key[16];
    for (int i = 0; i < 1500; i++) {
        snprintf(key, sizeof key, "k%d", i);
        jo_put(payload, key, jo_string("some text that could be shorter"));
    }
    long asked = 0;
    struct shrinking s = {.still = free_of_charge, .context = &asked, .budget = 10};
    json_object_put(shrink(&s, payload));
    ck_assert_int_le(asked, SHRINK_TRIES_MAX);
    json_object_put(payload);
}
END_TEST

/* A pointer that does not fit leads nowhere, and nothing is written behind it: the last names end at each byte around the border. */
START_TEST(pointers_that_are_too_long_are_left_alone)
{
    for (size_t length = 1010; length < 1030; length++) {
        char key[1040] = "";
        memset(key, 'k', length);
        struct wish wish = {.text = "\"~/x\""};
        struct json_object *payload = jo_object();
        struct shrinking s;
        jo_put(payload, key, jo_read(JSON([{"~/x": 1}])));
        struct json_object *least = shrunk(&wish, payload, 200, &s);
        json_object_put(least);
        json_object_put(payload);
    }
}
END_TEST

START_TEST(what_is_no_object_stays)
{
    struct json_object *payload = jo_read("[1,2]");
    struct wish wish = {.least = 1};
    struct shrinking s = {.still = shows, .context = &wish, .budget = 10};
    struct json_object *least = shrink(&s, payload);
    ck_assert_str_eq(jo_write(least, NULL), "[1,2]");
    json_object_put(least);
    json_object_put(payload);
}
END_TEST

/* --- the oracle */

#define GOOD                                                                                                                               \
    JSON({                                                                                                                                   \
        "id" : "chatcmpl-1",                                                                                                               \
        "object" : "chat.completion",                                                                                                      \
        "created" : 1785542400,                                                                                                            \
        "model" : "m",                                                                                                                     \
        "choices" : [ {                                                                                                                    \
            "index" : 0,                                                                                                                   \
            "logprobs" : null,                                                                                                             \
            "finish_reason" : "stop",                                                                                                      \
            "message" : {"role" : "assistant", "content" : "Hi", "refusal" : null}                                                         \
        } ],                                                                                                                               \
        "usage" : {"prompt_tokens" : 1, "completion_tokens" : 1, "total_tokens" : 2}                                                       \
    })
#define ERROR_ABOUT(param)                                                                                                                 \
    JSON({"error" : {"message" : "Invalid value for 'n': 500.", "type" : "invalid_request_error", "param" : param, "code" : null}})

static const struct answer_row {
    const char *request;
    enum expectation expect;
    const char *breaks, *pointer;
    int status;
    const char *body, *fault;
    enum reception reception;
    const char *id; /* of the first complaint; NULL: none */
    enum cc_level level;
} answers[] = {
    {JSON({"model" : "m", "n" : 1}), EXPECT_ACCEPT, NULL, NULL, 200, GOOD, NULL, TOOK_ACCEPTED, NULL, 0},
    {JSON({"model" : "m", "n" : 1}), EXPECT_ACCEPT, NULL, NULL, 400, ERROR_ABOUT("n"), NULL, TOOK_REFUSED, "accept/n", CC_SHOULD},
    {JSON({"model" : "m", "n" : 1}), EXPECT_ACCEPT, NULL, NULL, 400, ERROR_ABOUT("seed"), NULL, TOOK_REFUSED, "accept/seed", CC_MUST},
    {JSON({"model" : "m", "seed" : 1}), EXPECT_ACCEPT, NULL, NULL, 400, ERROR_ABOUT(null), NULL, TOOK_REFUSED, "accept/request", CC_MUST},
    {JSON({"model" : "m", "n" : 1}), EXPECT_ACCEPT, NULL, NULL, 400, ERROR_ABOUT(null), NULL, TOOK_REFUSED, "accept/n", CC_SHOULD},
    {JSON({"model" : "m", "messages" : [ {"role" : "user", "content" : "Hi"} ]}), EXPECT_ACCEPT, NULL, NULL, 400,
     JSON({"error" : {"message" : "the request exceeds the context size", "type" : "invalid_request_error", "param" : null, "code" : null}}), NULL,
     TOOK_REFUSED, NULL, 0},
    {JSON({"model" : "m", "messages" : [ {"role" : "user", "content" : "Hi"} ]}), EXPECT_ACCEPT, NULL, NULL, 400,
     JSON({"error" : {"message" : "too long", "type" : "invalid_request_error", "param" : "messages", "code" : "context_length_exceeded"}}), NULL,
     TOOK_REFUSED, NULL, 0},
    {JSON({"model" : "m", "messages" : [ {"role" : "user", "content" : "Hi"} ]}), EXPECT_ACCEPT, NULL, NULL, 400,
     JSON({"error" : {"message" : "no context", "type" : "invalid_request_error", "param" : null, "code" : null}}), NULL,
     TOOK_REFUSED, "accept/request", CC_MUST},
    {JSON({"model" : "m", "n" : 0}), EXPECT_REFUSE, "request.n.range", "/n", 200, GOOD, NULL, TOOK_ACCEPTED, "refuse/request.n.range",
     CC_MUST},
    {JSON({"model" : "m", "n" : 0}), EXPECT_REFUSE, "request.n.range", "/n", 400, ERROR_ABOUT("n"), NULL, TOOK_REFUSED, NULL, 0},
    {JSON({"model" : "m", "n" : 0}), EXPECT_REFUSE, "request.n.range", "/n", 400, ERROR_ABOUT("stop"), NULL, TOOK_REFUSED, "blame/stop",
     CC_MUST},
    {JSON({"model" : "m", "n" : 0}), EXPECT_REFUSE, "request.n.range", "/n", 403, ERROR_ABOUT("n"), NULL, TOOK_REFUSED, "refuse/status-403",
     CC_SHOULD},
    {JSON({"model" : "m", "n" : 0}), EXPECT_REFUSE, "request.n.range", "/n", 500, ERROR_ABOUT("n"), NULL, TOOK_FAILED, "stand/status-500",
     CC_MUST},
    {JSON({"model" : "m", "n" : 0}), EXPECT_ANY, NULL, NULL, 500, ERROR_ABOUT(null), NULL, TOOK_FAILED, "stand/status-500", CC_MUST},
    {JSON({"model" : "m", "n" : 0}), EXPECT_ANY, NULL, NULL, 200, GOOD, NULL, TOOK_ACCEPTED, NULL, 0},
    {JSON({"model" : "m", "n" : 0}), EXPECT_ANY, NULL, NULL, 400, ERROR_ABOUT("n"), NULL, TOOK_REFUSED, NULL, 0},
    {JSON({"model" : "m"}), EXPECT_ACCEPT, NULL, NULL, 0, NULL, "net.timeout.first", TOOK_SILENT, "stand/net.timeout.first", CC_MUST},
    {JSON({"model" : "m"}), EXPECT_ACCEPT, NULL, NULL, 429, ERROR_ABOUT(null), NULL, TOOK_BUSY, NULL, 0},
    {JSON({"model" : "m", "messages" : [ {"role" : "user", "content" : "Hi"} ]}), EXPECT_ACCEPT, NULL, NULL, 200, JSON({"id" : "x"}), NULL,
     TOOK_ACCEPTED, "answer/response.object.required", CC_MUST},
    {JSON({"model" : "m", "n" : 0}), EXPECT_REFUSE, "request.n.range", "/n", 400, JSON({"detail" : "no"}), NULL, TOOK_REFUSED,
     "answer/error.detail_form", CC_MUST},
};

START_TEST(answers_are_judged_by_what_was_expected)
{
    const struct answer_row *row = &answers[_i];
    static const struct cc_header headers[] = {{"content-type", "application/json"}, {"x-request-id", "req_1"}, {NULL, NULL}};
    struct oracle oracle = {.profile = CC_OPENAI, .checker = cc_checker_new(NULL)};
    struct shot shot = {.kind = SHOT_BROKEN,
                        .expect = row->expect,
                        .breaks = row->breaks ? cc_rule_find(row->breaks) : NULL,
                        .object = jo_read(row->request),
                        .pointer = row->pointer ? strdup(row->pointer) : NULL};
    struct encounter encounter = {.exchange = {.request = row->request,
                                               .request_length = strlen(row->request),
                                               .status = row->status,
                                               .response_headers = headers,
                                               .response = row->body,
                                               .response_length = row->body ? strlen(row->body) : 0},
                                  .fault = row->fault,
                                  .why = "nothing came"};
    struct complaints heard;
    oracle_judge(&oracle, &shot, &encounter, &heard);
    ck_assert_int_eq(heard.reception, row->reception);
    ck_assert_msg(row->id || heard.count == 0, "row %d: %s: %s", _i, heard.list[0].id, heard.list[0].message);
    ck_assert(!row->id || heard.count > 0);
    if (row->id) ck_assert_str_eq(heard.list[0].id, row->id);
    if (row->id) ck_assert_int_eq(heard.list[0].level, row->level);
    shot_clear(&shot);
    cc_checker_free(oracle.checker);
}
END_TEST

/* Which statuses refuse an improper request is told by the rules about statuses alone: the fuzzer and they say the same. */
START_TEST(refused_http_is_judged_by_the_rules)
{
    static const char request[] = JSON({"model": "m", "messages": [{"role": "user", "content": "Hi"}]}), error[] = ERROR_ABOUT(null);
    static const struct cc_header keyless[] = {{"content-type", "application/json"}, {NULL, NULL}},
                                  textual[] = {{"authorization", "Bearer sk-1"}, {"content-type", "text/plain"}, {NULL, NULL}},
                                  headers[] = {{"content-type", "application/json"}, {"x-request-id", "req_1"}, {NULL, NULL}};
    static const struct {
        const struct cc_header *sent;
        int status;
        const char *rule, *id;
    } rows[] = {{keyless, 401, "http.request.authorization.required", NULL},
                {keyless, 400, "http.request.authorization.required", NULL},
                {keyless, 415, "http.request.authorization.required", NULL},
                {keyless, 404, "http.request.authorization.required", "answer/http.status.401.auth"},
                {textual, 415, "http.request.content_type.json", NULL},
                {textual, 401, "http.request.content_type.json", NULL},
                {textual, 422, "http.request.content_type.json", "answer/http.status.415.media_type"},
                {textual, 304, "http.request.content_type.json", "refuse/status-304"}};
    struct oracle oracle = {.profile = CC_OPENAI, .checker = cc_checker_new(NULL)};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct shot shot = {.kind = SHOT_HTTP, .expect = EXPECT_REFUSE, .breaks = cc_rule_find(rows[i].rule), .object = jo_read(request)};
        struct encounter encounter = {.exchange = {.method = "POST", .url = "http://h/v1/chat/completions", .request_headers = rows[i].sent,
                                                   .request = request, .request_length = sizeof request - 1, .status = rows[i].status,
                                                   .response_headers = headers, .response = error, .response_length = sizeof error - 1}};
        struct complaints heard;
        ck_assert_ptr_nonnull(shot.breaks);
        oracle_judge(&oracle, &shot, &encounter, &heard);
        const char *id = NULL;
        for (size_t k = 0; k < heard.count; k++)
            if (strstr(heard.list[k].id, "status")) id = heard.list[k].id;
        ck_assert_pstr_eq(id, rows[i].id);
        shot_clear(&shot);
    }
    cc_checker_free(oracle.checker);
}
END_TEST

START_TEST(messages_are_compared_without_their_details)
{
    static const struct {
        const char *message, *plain;
    } rows[] = {{"Invalid value: 12 at 'messages[3]'", "invalid value: # at _"}, {"\"abc\" is not one of 7", "_ is not one of #"}, {"", ""},
                {"don't", "don't"}, {"`x` 1.5e3\tY", "_ #e# y"}, {"'never closed", "_"},
                {"bad tool: {\"type\": 1} is wrong", "bad tool: "}, {"in [ \"a\"]: b", "in "}, {"[json.error.302] type", "[json.error.#] type"},
                {"see messages[3]", "see messages[#]"}, {"\"{\" is no type", "_ is no type"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[64];
        oracle_normalise(rows[i].message, out, sizeof out);
        ck_assert_str_eq(out, rows[i].plain);
    }
    char small[4];
    oracle_normalise("a long message", small, sizeof small);
    ck_assert_uint_lt(strlen(small), sizeof small);
}
END_TEST

static Suite *fuzzer_shrink_suite(void)
{
    Suite *suite = suite_create("fuzzer_shrink");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, broken_payloads_come_down_to_their_fault, 0, 6);
    tcase_add_test(tests, a_word_is_found_where_it_stands);
    tcase_add_test(tests, what_is_long_becomes_one_question);
    tcase_add_test(tests, what_needs_each_other_goes_together);
    tcase_add_test(tests, it_ends_within_its_budget);
    tcase_add_test(tests, what_costs_nothing_is_bounded_too);
    tcase_add_test(tests, pointers_that_are_too_long_are_left_alone);
    tcase_add_test(tests, what_is_no_object_stays);
    tcase_add_loop_test(tests, answers_are_judged_by_what_was_expected, 0, COUNT(answers));
    tcase_add_test(tests, refused_http_is_judged_by_the_rules);
    tcase_add_test(tests, messages_are_compared_without_their_details);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(fuzzer_shrink_suite)
