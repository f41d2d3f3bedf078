/* test_checker.c: the checker as a program that embeds it sees it: places, kinds, limits, exchanges, threads, and no allocation once warm. */
#include "chatconform.h"
#include "tests/allocations.h"
#include "tests/testing.h"

#include <json-c/json.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct cc_checker *checker;
static void open_checker(void) { ck_assert_ptr_nonnull(checker = cc_checker_new(NULL)); }
static void close_checker(void) { cc_checker_free(checker); }

static const struct cc_report *check(enum cc_kind kind, const char *text)
{
    const struct cc_report *report = cc_check(checker, kind, text, strlen(text));
    ck_assert_ptr_nonnull(report);
    return report;
}

/* --- findings */

START_TEST(a_finding_says_where)
{
    const struct cc_report *r = check(CC_REQUEST, "{\"model\": \"m\",\n \"messages\": [{\"role\": \"user\", \"content\": \"\xC3\xA9\"}],\n \"stop\": [\"a\",\"b\",\"c\",\"d\",\"e\"]}");
    ck_assert_uint_eq(r->count, 1);
    ck_assert_uint_eq(r->errors, 1);
    const struct cc_finding *f = &r->findings[0];
    ck_assert_str_eq(f->rule->id, "request.stop.max_items");
    ck_assert_str_eq(f->pointer, "/stop");
    ck_assert_uint_eq(f->line, 3);
    ck_assert_uint_eq(f->column, 10);
    ck_assert_uint_eq(f->offset, 74);
    ck_assert_int_eq(f->severity, CC_ERROR);
    ck_assert_int_eq(f->in, CC_IN_DOCUMENT);
    ck_assert_ptr_nonnull(strstr(f->message, "stop has 5 items"));
}
END_TEST

START_TEST(a_column_counts_characters)
{
    const struct cc_report *r = check(CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"\xE4\xB8\xAD\xE6\x96\x87\"}],\"n\":0}");
    ck_assert_uint_eq(r->count, 1);
    ck_assert_uint_eq(r->findings[0].offset, 65);
    ck_assert_uint_eq(r->findings[0].column, 62);
}
END_TEST

START_TEST(a_missing_member_has_its_own_pointer)
{
    const struct cc_report *r = check(CC_REQUEST, "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}");
    ck_assert_uint_eq(r->count, 1);
    ck_assert_str_eq(r->findings[0].rule->id, "request.model.required");
    ck_assert_str_eq(r->findings[0].pointer, "/model");
}
END_TEST

START_TEST(pointers_escape_keys)
{
    const struct cc_report *r = check(CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"a/b~c\":1}");
    ck_assert_uint_eq(r->count, 1);
    ck_assert_str_eq(r->findings[0].rule->id, "request.body.unknown_member");
    ck_assert_str_eq(r->findings[0].pointer, "/a~1b~0c");
}
END_TEST

START_TEST(findings_stand_in_document_order)
{
    const struct cc_report *r = check(CC_REQUEST, "{\"n\":0,\"model\":7,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"top_p\":3,\"stop\":7}");
    ck_assert_uint_eq(r->count, 4);
    for (size_t i = 1; i < r->count; i++) ck_assert_uint_le(r->findings[i - 1].offset, r->findings[i].offset);
}
END_TEST

/* One fault gives one finding: what reads a wrong value is not asked. */
START_TEST(a_fault_does_not_cascade)
{
    static const char *const documents[] = {
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"top_logprobs\":\"5\"}",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":{},\"tool_choice\":\"required\"}",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"wizard\",\"content\":5,\"tool_calls\":{}}]}",
        "{\"model\":\"m\",\"messages\":\"x\",\"response_format\":{\"type\":\"json_object\"}}",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":\"yes\",\"stream_options\":{\"include_usage\":true}}",
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        const struct cc_report *r = check(CC_REQUEST, documents[i]);
        ck_assert_msg(r->errors == 1, "%zu errors, not 1: %s", r->errors, documents[i]);
    }
}
END_TEST

/* --- text that is no JSON, and limits */

START_TEST(what_is_no_json_is_one_error)
{
    static const char *const texts[] = {"", " ", "{", "nul", "{\"a\":1}x", "[1,]", "data", "{'a':1}"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const struct cc_report *r = check(CC_REQUEST, texts[i]);
        ck_assert_uint_eq(r->count, 1);
        ck_assert_str_eq(r->findings[0].rule->id, "json.syntax");
    }
}
END_TEST

static const char *only_rule(const struct cc_options *options, const char *text)
{
    struct cc_checker *own = cc_checker_new(options);
    const struct cc_report *r = cc_check(own, CC_LIST, text, strlen(text));
    const char *id = "none";
    for (size_t i = 0; i < r->count; i++)
        if (strncmp(r->findings[i].rule->id, "json.limit", 10) == 0) id = r->findings[i].rule->id;
    if (strcmp(id, "none") != 0) ck_assert_uint_eq(r->count, 1);
    cc_checker_free(own);
    return id;
}

START_TEST(limits_hold_at_n_and_break_at_n_plus_1)
{
    struct cc_options bytes = {.limits = {.bytes = 10}}, depth = {.limits = {.depth = 3}}, values = {.limits = {.values = 5}};
    ck_assert_str_eq(only_rule(&bytes, "[12345678]"), "none");
    ck_assert_str_eq(only_rule(&bytes, "[123456789]"), "json.limit.bytes");
    ck_assert_str_eq(only_rule(&depth, "[[[]]]"), "none");
    ck_assert_str_eq(only_rule(&depth, "[[[[]]]]"), "json.limit.depth");
    ck_assert_str_eq(only_rule(&values, "[1,2,3,4]"), "none");
    ck_assert_str_eq(only_rule(&values, "[1,2,3,4,5]"), "json.limit.values");
}
END_TEST

START_TEST(limits_are_set_by_name_up_to_their_caps)
{
    struct cc_limits limits = {0};
    ck_assert(cc_limits_set(&limits, "depth", 512));
    ck_assert_uint_eq(limits.depth, 512);
    ck_assert(!cc_limits_set(&limits, "depth", 513));
    ck_assert(!cc_limits_set(&limits, "depth", 0));
    ck_assert(!cc_limits_set(&limits, "width", 1));
    ck_assert_uint_eq(limits.depth, 512);
    size_t count = 0;
    while (cc_limit_at(count)) count++;
    ck_assert_uint_eq(count, 9);
}
END_TEST

START_TEST(findings_past_the_limit_are_counted)
{
    char text[4000] = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stop\":[";
    for (int i = 0; i < 4; i++) strncat(text, i ? ",1" : "1", sizeof text - strlen(text) - 1);
    strncat(text, "]}", sizeof text - strlen(text) - 1);
    struct cc_options options = {.limits = {.findings = 3}};
    struct cc_checker *own = cc_checker_new(&options);
    const struct cc_report *r = cc_check(own, CC_REQUEST, text, strlen(text));
    ck_assert_uint_eq(r->count, 3);
    ck_assert_uint_eq(r->errors, 4);
    ck_assert_uint_eq(r->dropped, 1);
    cc_checker_free(own);
}
END_TEST

/* --- kinds, objects, exchanges */

START_TEST(the_kind_is_found_out)
{
    static const struct {
        enum cc_kind kind;
        const char *text;
    } documents[] = {
        {CC_REQUEST, "{\"model\":\"m\",\"messages\":[]}"},
        {CC_RESPONSE, "{\"object\":\"chat.completion\",\"choices\":[]}"},
        {CC_RESPONSE, "{\"choices\":[{\"message\":{}}]}"},
        {CC_CHUNK, "{\"object\":\"chat.completion.chunk\"}"},
        {CC_CHUNK, "{\"choices\":[{\"delta\":{}}]}"},
        {CC_ERROR_BODY, "{\"error\":{\"message\":\"no\"}}"},
        {CC_LIST, "{\"object\":\"list\",\"data\":[{\"object\":\"chat.completion\"}]}"},
        {CC_MESSAGE_LIST, "{\"object\":\"list\",\"data\":[]}"},
        {CC_EXCHANGE, "{\"request\":{},\"status\":200,\"response\":{}}"},
        {CC_STREAM, "data: {}\n\n"},
        {CC_STREAM, ": hello\n\ndata: [DONE]\n\n"},
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++)
        ck_assert_msg(check(CC_AUTO, documents[i].text)->kind == documents[i].kind, "%s", documents[i].text);
}
END_TEST

START_TEST(a_json_c_object_is_judged_like_its_text)
{
    struct json_object *request;
    ck_assert(cc_read_object("{\"model\":\"m\",\"messages\":[]}", 27, NULL, &request, NULL, 0));
    const struct cc_report *r = cc_check_object(checker, CC_REQUEST, request);
    ck_assert_uint_eq(r->count, 1);
    ck_assert_str_eq(r->findings[0].rule->id, "request.messages.min_items");
    json_object_put(request);
}
END_TEST

static const char request_body[] = "{\"model\":\"m\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
static const char answer_body[] =
    "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":"
    "{\"role\":\"assistant\",\"content\":\"y\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
    "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}";

START_TEST(an_answer_is_judged_against_its_request)
{
    static const struct cc_header headers[] = {{"Content-Type", "application/json"}, {"x-request-id", "req_1"}, {NULL, NULL}};
    struct cc_exchange exchange = {.method = "POST", .url = "http://127.0.0.1/v1/chat/completions", .request = request_body,
                                   .request_length = sizeof request_body - 1, .status = 200, .response_headers = headers,
                                   .response = answer_body, .response_length = sizeof answer_body - 1};
    const struct cc_report *r = cc_check_exchange(checker, &exchange);
    ck_assert_uint_eq(r->count, 1);
    ck_assert_str_eq(r->findings[0].rule->id, "response.choices.count_equals_n");
    ck_assert_int_eq(r->findings[0].in, CC_IN_RESPONSE);
}
END_TEST

START_TEST(a_refused_request_is_noted_only)
{
    static const char wrong[] = "{\"model\":\"m\",\"messages\":[]}";
    static const char envelope[] = "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"param\":\"messages\",\"code\":null}}";
    struct cc_exchange exchange = {.request = wrong, .request_length = sizeof wrong - 1, .status = 400, .response = envelope,
                                   .response_length = sizeof envelope - 1};
    const struct cc_report *r = cc_check_exchange(checker, &exchange);
    ck_assert_uint_eq(r->errors, 0);
    ck_assert_uint_ge(r->notes, 1);
    ck_assert_int_eq(r->findings[0].in, CC_IN_REQUEST);
    ck_assert_int_eq(r->findings[0].severity, CC_NOTE);
}
END_TEST

/* The answer to each operation on stored completions is judged as what it is, and what was sent not as a request for a completion. */
START_TEST(operations_are_told_apart)
{
#define LINE(method, path, request, response) \
    "{\"method\":\"" method "\",\"url\":\"http://127.0.0.1/v1/chat/completions" path "\",\"status\":200,\"request\":" request ",\"response\":" response "}"
#define PAGE "{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false}"
    static const struct {
        const char *line, *rule;
    } lines[] = {
        {LINE("GET", "?limit=2", "null", PAGE), ""},
        {LINE("GET", "", "null", "{\"object\":\"list\"}"), "list.data.required"},
        {LINE("GET", "/chatcmpl-1/messages", "null", PAGE), ""},
        {LINE("GET", "/chatcmpl-1/messages", "null", "{\"object\":\"list\"}"), "message_list.data.required"},
        {LINE("GET", "/chatcmpl-1", "null", "{}"), "response.id.required"},
        {LINE("POST", "/chatcmpl-1", "{\"metadata\":{\"a\":\"b\"}}", "{}"), "response.id.required"},
        {LINE("DELETE", "/chatcmpl-1", "null", "{\"deleted\":true}"), ""},
        {LINE("POST", "", "{\"metadata\":{\"a\":\"b\"}}", "{}"), "request.model.required"},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        const struct cc_report *r = check(CC_EXCHANGE, lines[i].line);
        ck_assert_msg((r->errors == 0) == (*lines[i].rule == '\0'), "%s", lines[i].line);
        if (*lines[i].rule) ck_assert_str_eq(r->findings[0].rule->id, lines[i].rule);
    }
}
END_TEST

/* How a recorder spells its line does not count, nor what it left out; a path that only begins like ours is none of ours. */
START_TEST(a_line_is_read_for_what_it_says)
{
#define ASKED "\"request\":{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
#define SAID \
    "\"status\":200,\"response\":{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0," \
    "\"finish_reason\":\"stop\",\"logprobs\":null,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",\"refusal\":null}}]," \
    "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}}"
#define SENT(url) "{\"method\":\"POST\",\"url\":\"" url "\"," ASKED "," SAID
    static const struct {
        const char *line, *found;
    } lines[] = {
        {SENT("https://h/v1/chat/completions"), ""},
        {SENT("https:\\/\\/h\\/v1\\/chat\\/completions"), ""},
        {SENT("https://h/v1/chat/complet\\u0069ons?api-version=1#/x"), ""},
        {"{\"method\":\"\\u0050OST\",\"url\":\"\\/v1\\/chat\\/completions\"," ASKED "," SAID, ""},
        {"{\"method\":\"POST\",\"url\":\"/v1/chat/completions\"," ASKED ",\"request_headers\":{\"Content\\u002dType\":\"application\\/json\","
         "\"authorization\":\"Bearer a\"}," SAID, ""},
        {"{\"method\":\"POST\",\"url\":\"/v1/chat/completions\"," SAID, ""},
        {"{\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"request\":null," SAID, "request.body.type http.request.body.required"},
        {SENT("https://h/v1/chat/completions-v2"), "http.request.path"},
        {SENT("https://h/relay?to=/chat/completions/x"), "http.request.path"},
        {"{\"method\":\"POST\",\"url\":\"/v1/chat/completions-v2\",\"request\":{\"model\":\"m\"}," SAID,
         "request.messages.required http.request.path"},
        {"{\"method\":\"GET\",\"url\":\"\\/v1\\/chat\\/completions#x\",\"request\":null,\"status\":200,\"response\":"
         "{\"object\":\"list\",\"data\":[],\"first_id\":null,\"last_id\":null,\"has_more\":false}}", ""},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        char found[256] = "";
        const struct cc_report *r = check(CC_EXCHANGE, lines[i].line);
        for (size_t j = 0; j < r->count; j++)
            snprintf(found + strlen(found), sizeof found - strlen(found), "%s%s", j ? " " : "", r->findings[j].rule->id);
        ck_assert_msg(strcmp(found, lines[i].found) == 0, "found \"%s\", expected \"%s\" in %s", found, lines[i].found, lines[i].line);
    }
}
END_TEST

/* The body of a refusal is judged when it is called JSON, in whatever case. */
START_TEST(media_types_have_no_case)
{
    static const char *const types[] = {"application/json", "Application/JSON; charset=utf-8"};
    for (size_t i = 0; i < 2; i++) {
        struct cc_header headers[] = {{"Content-Type", types[i]}, {0}};
        struct cc_exchange exchange = {.status = 400, .response_headers = headers, .response = "{\"error\":\"no\"}", .response_length = 14};
        const struct cc_report *r = cc_check_exchange(checker, &exchange);
        ck_assert_uint_eq(r->errors, 1);
        ck_assert_str_eq(r->findings[0].rule->id, "error.error.type");
    }
}
END_TEST

START_TEST(profiles_judge_differently)
{
    static const char text[] = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"reasoning_effort\":\"xhigh\"}";
    struct cc_checker *newapi = cc_checker_new(&(struct cc_options){.profile = CC_NEWAPI});
    ck_assert_uint_eq(check(CC_REQUEST, text)->errors, 0);
    const struct cc_report *r = cc_check(newapi, CC_REQUEST, text, strlen(text));
    ck_assert_uint_eq(r->errors, 1);
    ck_assert_str_eq(r->findings[0].rule->id, "request.reasoning_effort.enum.newapi");
    cc_checker_free(newapi);
}
END_TEST

/* --- a warm checker allocates nothing */

static const char *const warm_documents[] = {
    request_body,
    "{\"model\":\"m\",\"temperature\":0.7,\"messages\":[{\"role\":\"user\",\"content\":\"x\\n\\u00e9\"},{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c1\",\"type\":"
    "\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\": 1}\"}}]},{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"ok\"}],"
    "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"stop\":[\"a\",\"b\"]}",
    "{\"model\":\"m\",\"messages\":[{\"role\":\"wizard\"}],\"n\":0,\"stop\":[1,2,3,4,5],\"unknown\":{}}",
};

START_TEST(a_warm_checker_allocates_nothing)
{
    struct cc_exchange exchange = {.request = request_body, .request_length = sizeof request_body - 1, .status = 200, .response = answer_body,
                                   .response_length = sizeof answer_body - 1};
    size_t before = 0;
    bool fine = true;
    count_allocations();
    for (int round = 0; round < 50; round++) { /* no assertion in here: Check allocates for each */
        if (round == 2) before = allocations;
        for (size_t i = 0; i < sizeof warm_documents / sizeof *warm_documents; i++)
            fine &= cc_check(checker, CC_REQUEST, warm_documents[i], strlen(warm_documents[i])) != NULL;
        fine &= cc_check(checker, CC_RESPONSE, answer_body, sizeof answer_body - 1) != NULL;
        fine &= cc_check_exchange(checker, &exchange) != NULL;
    }
    size_t after = allocations;
    ck_assert(fine);
    ck_assert_uint_gt(before, 0); /* the counter works */
    ck_assert_uint_eq(after, before);
}
END_TEST

/* --- threads */

static void *check_often(void *unused)
{
    (void)unused;
    struct cc_checker *own = cc_checker_new(NULL);
    uintptr_t wrong = 0;
    for (int i = 0; i < 2000; i++)
        for (size_t k = 0; k < sizeof warm_documents / sizeof *warm_documents; k++) {
            const struct cc_report *r = cc_check(own, CC_REQUEST, warm_documents[k], strlen(warm_documents[k]));
            wrong += !r || (r->errors != 0) != (k == 2);
        }
    cc_checker_free(own);
    return (void *)wrong;
}

START_TEST(checkers_work_in_parallel)
{
    pthread_t threads[8];
    for (size_t i = 0; i < 8; i++) ck_assert_int_eq(pthread_create(&threads[i], NULL, check_often, NULL), 0);
    for (size_t i = 0; i < 8; i++) {
        void *wrong;
        ck_assert_int_eq(pthread_join(threads[i], &wrong), 0);
        ck_assert_ptr_null(wrong);
    }
}
END_TEST

/* --- names */

START_TEST(names_lead_both_ways)
{
    for (unsigned kind = 0; kind < CC_KIND_COUNT; kind++) ck_assert_uint_eq(cc_kind_find(cc_kind_name((enum cc_kind)kind)), kind);
    ck_assert_int_eq(cc_kind_find("letter"), CC_KIND_COUNT);
    ck_assert_uint_eq(cc_profile_find("openai"), CC_OPENAI);
    ck_assert_uint_eq(cc_profile_find("newapi-2025-10"), CC_NEWAPI);
    ck_assert_uint_eq(cc_profile_find("other"), 0);
    ck_assert_str_eq(cc_profile_name(CC_OPENAI), "openai-2026-08");
    ck_assert_str_eq(cc_version(), CC_VERSION);
    ck_assert_int_eq(cc_level_severity(CC_MUST), CC_ERROR);
    ck_assert_int_eq(cc_level_severity(CC_DEPRECATED), CC_WARNING);
    ck_assert_int_eq(cc_level_severity(CC_HABIT), CC_NOTE);
}
END_TEST

static Suite *checker_suite(void)
{
    Suite *suite = suite_create("checker");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, open_checker, close_checker);
    tcase_add_test(all, a_finding_says_where);
    tcase_add_test(all, a_column_counts_characters);
    tcase_add_test(all, a_missing_member_has_its_own_pointer);
    tcase_add_test(all, pointers_escape_keys);
    tcase_add_test(all, findings_stand_in_document_order);
    tcase_add_test(all, a_fault_does_not_cascade);
    tcase_add_test(all, what_is_no_json_is_one_error);
    tcase_add_test(all, limits_hold_at_n_and_break_at_n_plus_1);
    tcase_add_test(all, limits_are_set_by_name_up_to_their_caps);
    tcase_add_test(all, findings_past_the_limit_are_counted);
    tcase_add_test(all, the_kind_is_found_out);
    tcase_add_test(all, a_json_c_object_is_judged_like_its_text);
    tcase_add_test(all, an_answer_is_judged_against_its_request);
    tcase_add_test(all, a_refused_request_is_noted_only);
    tcase_add_test(all, operations_are_told_apart);
    tcase_add_test(all, a_line_is_read_for_what_it_says);
    tcase_add_test(all, media_types_have_no_case);
    tcase_add_test(all, profiles_judge_differently);
    tcase_add_test(all, a_warm_checker_allocates_nothing);
    tcase_add_test(all, checkers_work_in_parallel);
    tcase_add_test(all, names_lead_both_ways);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(checker_suite)
