/* test_endpoint_conformance.c: what the reference endpoint says passes the library's own judgment, and each of its defects breaks the rule
 * that it names and no other. */
#include "endpoint/payload.h"
#include "tests/asking.h"

#include <stdio.h>

enum { HEADERS = 32 };

/* Replies as the checker takes them. */
struct heard {
    struct cc_header headers[HEADERS];
    struct payload payload;
    int status;
};

static void hear(struct json_object *reply, struct heard *heard)
{
    size_t count = 0;
    json_object_object_foreach(jo_get(reply, "headers"), name, value) {
        ck_assert_uint_lt(count + 1, HEADERS);
        heard->headers[count++] = (struct cc_header){name, jo_text(value)};
    }
    heard->headers[count] = (struct cc_header){NULL, NULL};
    heard->status = status_of(reply);
    ck_assert(payload_write(reply, &heard->payload));
}

/* Asks `service` and judges the exchange. The report is the checker's. */
static const struct cc_report *judge(struct cc_checker *checker, const struct service *service, const char *body, int *status)
{
    static const struct cc_header sent[] = {{"Content-Type", "application/json"}, {"Authorization", "Bearer key"}, {NULL, NULL}};
    struct json_object *reply = post(service, body);
    struct heard heard;
    hear(reply, &heard);
    *status = heard.status;
    struct cc_exchange exchange = {.method = "POST", .url = "http://127.0.0.1/v1/chat/completions", .request_headers = sent,
                                   .request = body, .request_length = strlen(body), .status = heard.status,
                                   .response_headers = heard.headers, .response = heard.payload.bytes, .response_length = heard.payload.length};
    const struct cc_report *report = cc_check_exchange(checker, &exchange);
    ck_assert_ptr_nonnull(report);
    payload_clear(&heard.payload);
    json_object_put(reply);
    return report;
}

/* Members that are laid into one request; the same as a stream unless the row says no. */
static const struct {
    const char *members;
    bool no_stream;
} goods[] = {
    {USER("hello"), false},
    {USER("Say hi"), false},
    {USER("Say hi") JSON(,"n":4), false},
    {USER("hello") JSON(,"n":128), false},
    {USER("hello") JSON(,"max_tokens":1), false},
    {USER("hello") JSON(,"max_completion_tokens":3,"n":3), false},
    {USER("hello") JSON(,"reasoning_effort":"high","max_completion_tokens":10), false},
    {USER("hello") JSON(,"reasoning_effort":"none"), false},
    {USER("hello") JSON(,"stop":" a"), false},
    {USER("hello") JSON(,"stop":["e","o","a","i"]), false},
    {USER("Say one") JSON(,"stop":"one","logprobs":true), false},
    {USER("hello") JSON(,"logprobs":true), false},
    {USER("hello") JSON(,"logprobs":true,"top_logprobs":0), false},
    {USER("hello") JSON(,"logprobs":true,"top_logprobs":5,"n":2), false},
    {USER("Say \\ud83d\\ude00 the \\u4f60\\u597d of\\n\\nit") JSON(,"logprobs":true,"top_logprobs":20), false},
    {USER("hello") JSON(,"logprobs":false), false},
    {USER("Refuse") JSON(,"logprobs":true,"top_logprobs":2), false},
    {USER("hello") JSON(,"seed":7,"temperature":0), false},
    {USER("hello") JSON(,"top_p":0.5,"presence_penalty":1,"frequency_penalty":-1.5), false},
    {USER("hello") JSON(,"logit_bias":{"50256":-100}), false},
    {USER("hello") JSON(,"store":true,"metadata":{"suite":"a","case":"b"}), false},
    {USER("hello") JSON(,"store":false), false},
    {USER("hello") JSON(,"service_tier":"auto"), false},
    {USER("hello") JSON(,"service_tier":"fast"), false},
    {USER("hello") JSON(,"service_tier":"flex"), false},
    {USER("hello") JSON(,"safety_identifier":"a","prompt_cache_key":"b","verbosity":"low"), false},
    {USER("Answer in json") JSON(,"response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,"schema":{
          "type":"object","properties":{"a":{"type":"array","items":{"$ref":"#/$defs/b"}}},"required":["a"],"additionalProperties":false,
          "$defs":{"b":{"anyOf":[{"type":"number"},{"type":"null"}]}}}}}), false},
    {USER("hello") JSON(,"response_format":{"type":"text"}), false},
    {USER("hello") JSON(,"tools":[) WEATHER "," TIME "]", false},
    {USER("hello") JSON(,"tools":[) WEATHER "," TIME JSON(],"tool_choice":"required"), false},
    {USER("hello") JSON(,"tools":[) WEATHER JSON(],"tool_choice":"required","n":2), false},
    {USER("get_weather, get_time") JSON(,"tools":[) WEATHER "," TIME "]", false},
    {USER("get_weather, get_time") JSON(,"tools":[) WEATHER "," TIME JSON(],"max_completion_tokens":4), false},
    {USER("get_weather, get_time") JSON(,"tools":[) WEATHER "," TIME JSON(],"parallel_tool_calls":false), false},
    {USER("use a tool") JSON(,"tools":[) WEATHER "," TIME JSON(],"tool_choice":"none"), false},
    {USER("hello") JSON(,"tools":[) WEATHER "," TIME "]" ALLOWED("required"), false},
    {USER("hello") JSON(,"tools":[) WEATHER "," TIME "]" ALLOWED("auto"), false},
    {USER("hello") JSON(,"tools":[) WEATHER "," TIME JSON(],"tool_choice":{"type":"function","function":{"name":"get_time"}}), false},
    {USER("hello") JSON(,"tools":[) CUSTOM JSON(],"tool_choice":"required"), true},
    {USER("hello") JSON(,"tools":[) CUSTOM "," TIME "]", false},
    {USER("hello") JSON(,"logprobs":true,"tools":[) TIME JSON(],"tool_choice":"required"), false},
    {USER("hello") JSON(,"web_search_options":{}), false},
    {USER("hello") JSON(,"prediction":{"type":"content","content":"one two"}), false},
    {USER("hello") JSON(,"moderation":{"model":"omni-moderation-latest"}), false},
    {USER("hello") JSON(,"modalities":["text","audio"],"audio":{"format":"pcm16","voice":"alloy"}), false},
    {USER("hello") JSON(,"modalities":["text","audio"],"audio":{"format":"wav","voice":"alloy"}), true},
    {USER("hello") JSON(,"modalities":["text","audio"],"audio":{"format":"opus","voice":"alloy"},"n":2), true},
    {JSON("model":"reference","messages":[{"role":"developer","content":"Be brief."},{"role":"user","name":"ada","content":[
          {"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"detail":"low","url":)"\"" PIXEL "\"}}]}]", false},
    {JSON("model":"reference","messages":[{"role":"user","content":[
          {"type":"input_audio","input_audio":{"data":"SUQzBA==","format":"mp3"}}]}]), false},
    {JSON("model":"reference","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"Hello."},
          {"role":"user","content":"And now?"}]), false},
    {JSON("model":"reference","tools":[{"type":"function","function":{"name":"get_time"}}],"messages":[
          {"role":"user","content":"time?"},
          {"role":"assistant","content":null,"tool_calls":[
              {"id":"a","type":"function","function":{"name":"get_time","arguments":"{}"}},
              {"id":"b","type":"function","function":{"name":"get_time","arguments":"{}"}}]},
          {"role":"tool","tool_call_id":"b","content":"four"},
          {"role":"tool","tool_call_id":"a","content":[{"type":"text","text":"five"}]}]), false},
};

/* False for what the tests' own request did, and for notes. */
static bool counts(const struct cc_finding *finding)
{
    return finding->in != CC_IN_REQUEST && finding->severity != CC_NOTE && strncmp(finding->rule->id, "http.request.", 13) != 0;
}

/* The findings that count, in words. */
static size_t complaints(const struct cc_report *report, char *text, size_t size)
{
    size_t count = 0, used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *finding = &report->findings[i];
        if (!counts(finding))
            continue;
        count++;
        if (used < size)
            used += (size_t)snprintf(text + used, size - used, "\n  %s at %s (event %zu): %s", finding->rule->id, finding->pointer,
                                     finding->event, finding->message);
    }
    return count;
}

static void expect_clean(const char *body, unsigned profile)
{
    struct service service = {.profile = profile};
    struct cc_options options = {.profile = profile};
    struct cc_checker *checker = cc_checker_new(&options);
    char text[4096];
    int status;
    const struct cc_report *report = judge(checker, &service, body, &status);
    size_t count = complaints(report, text, sizeof text);
    ck_assert_msg(status == 200 && report->errors == 0 && count == 0, "%s\nstatus %d, %zu errors, %zu complaints:%s", body, status,
                  report->errors, count, text);
    cc_checker_free(checker);
}

START_TEST(answers_conform)
{
    char body[8192];
    snprintf(body, sizeof body, "{%s}", goods[_i].members);
    expect_clean(body, CC_OPENAI);
}
END_TEST

START_TEST(streams_conform)
{
    char body[8192];
    if (goods[_i].no_stream)
        return;
    snprintf(body, sizeof body, "{%s,\"stream\":true}", goods[_i].members);
    expect_clean(body, CC_OPENAI);
    snprintf(body, sizeof body, "{%s%s}", goods[_i].members,
             JSON(,"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}));
    expect_clean(body, CC_OPENAI);
}
END_TEST

START_TEST(the_other_profile_is_served_too)
{
    expect_clean("{" USER("hello") JSON(,"n":2}), CC_NEWAPI);
    expect_clean("{" USER("hello") JSON(,"stream":true,"stream_options":{"include_usage":true}}), CC_NEWAPI);
    expect_clean("{" USER("get_time") JSON(,"stream":true,"tools":[) TIME "]}", CC_NEWAPI);
}
END_TEST

START_TEST(refusals_conform)
{
    struct cc_checker *checker = cc_checker_new(NULL);
    char text[4096];
    int status;
    const struct cc_report *report = judge(checker, &honest, wrongs[_i].body, &status);
    ck_assert_msg(complaints(report, text, sizeof text) == 0, "%s:%s", wrongs[_i].body, text);
    cc_checker_free(checker);
}
END_TEST

/* A defect that accepts what is wrong shows by the status alone: the request is at fault, not the answer. */
static void expect_accepted(const struct flaw *flaw, const struct service *spoiled)
{
    struct json_object *before = post(&honest, flaw->shows), *after = post(spoiled, flaw->shows);
    ck_assert_msg(status_of(before) == 400 && status_of(after) == 200, "%s: %d, then %d", flaw->about.id, status_of(before),
                  status_of(after));
    json_object_put(before);
    json_object_put(after);
}

/* The defect is there: the reply is another one (document, events or pace), and without it would be the same each time. */
static void expect_other_reply(const struct flaw *flaw, const struct service *spoiled)
{
    struct json_object *once = post(&honest, flaw->shows), *again = post(&honest, flaw->shows), *after = post(spoiled, flaw->shows);
    ck_assert_msg(json_object_equal(once, again), "%s: the endpoint does not answer alike twice", flaw->about.id);
    ck_assert_msg(!json_object_equal(once, after), "%s: changes nothing", flaw->about.id);
    json_object_put(once);
    json_object_put(again);
    json_object_put(after);
}

/* What is unusual but legal, and what only a clock can tell, has nothing that is wrong in its bytes. */
static void expect_legal(const struct flaw *flaw, const struct service *spoiled)
{
    expect_other_reply(flaw, spoiled);
    struct cc_checker *checker = cc_checker_new(NULL);
    char text[4096];
    int status;
    size_t found = complaints(judge(checker, spoiled, flaw->shows, &status), text, sizeof text);
    ck_assert_msg(found == 0 && status == 200, "%s:%s", flaw->about.id, text);
    const struct cc_rule *rule = flaw->about.rule ? cc_rule_find(flaw->about.rule) : NULL;
    ck_assert_msg((rule != NULL) == (flaw->about.rule != NULL) && flaw->about.level == (rule ? rule->level : 0), "%s: rule or level", flaw->about.id);
    cc_checker_free(checker);
}

START_TEST(defects_break_their_rule_only)
{
    const struct flaw *flaw = flaw_at((size_t)_i), *chosen[] = {flaw, NULL};
    struct service spoiled = {.profile = CC_OPENAI, .flaws = chosen};
    const struct cc_rule *rule = flaw->about.rule ? cc_rule_find(flaw->about.rule) : NULL;
    if (!flaw->about.rule || flaw->by_clock) {
        expect_legal(flaw, &spoiled);
        return;
    }
    ck_assert_msg(rule != NULL, "%s names %s, which is no rule", flaw->about.id, flaw->about.rule);
    ck_assert_msg(rule->level == flaw->about.level, "%s: level %s, but the rule's is %s", flaw->about.id, cc_level_name(flaw->about.level),
                  cc_level_name(rule->level));
    if (flaw->place == IN_CHECK) {
        expect_accepted(flaw, &spoiled);
        return;
    }
    struct cc_checker *checker = cc_checker_new(NULL);
    char text[4096];
    int status;
    size_t honestly = complaints(judge(checker, &honest, flaw->shows, &status), text, sizeof text);
    ck_assert_msg(honestly == 0, "without %s:%s", flaw->about.id, text);
    const struct cc_report *report = judge(checker, &spoiled, flaw->shows, &status);
    size_t count = complaints(report, text, sizeof text), right = 0;
    for (size_t i = 0; i < report->count; i++)
        right += report->findings[i].rule == rule;
    ck_assert_msg(right > 0 && right == count, "%s should break only %s:%s", flaw->about.id, flaw->about.rule, text);
    cc_checker_free(checker);
}
END_TEST

START_TEST(defects_have_names)
{
    size_t count = 0;
    for (; defect_at(count); count++) {
        const struct defect *defect = defect_at(count);
        ck_assert_ptr_eq(defect_find(defect->id), defect);
        ck_assert_uint_gt(strlen(defect->sentence), 5);
    }
    ck_assert_uint_ge(count, 10);
    ck_assert_ptr_null(defect_find("no.such"));
    ck_assert_ptr_null(defect_at(count));
}
END_TEST

static const struct {
    struct edit edit;
    size_t places;
    const char *result;
} edits[] = {
    {{EDIT_REMOVE, "/a", NULL}, 1, JSON({"list":[{"n":1},{"n":null,"u":2},{}],"text":"{}"})},
    {{EDIT_REMOVE, "/none", NULL}, 0, NULL},
    {{EDIT_REMOVE, "/a/b/c", NULL}, 0, NULL},
    {{EDIT_SET, "/list/*/n", "0"}, 3, JSON({"a":5,"list":[{"n":0},{"n":0,"u":2},{"n":0}],"text":"{}"})},
    {{EDIT_REPLACE, "/list/*/n", "0"}, 1, JSON({"a":5,"list":[{"n":0},{"n":null,"u":2},{}],"text":"{}"})},
    {{EDIT_REMOVE, "/list/*", NULL}, 3, JSON({"a":5,"list":[],"text":"{}"})},
    {{EDIT_REMOVE, "/list/-1", NULL}, 1, JSON({"a":5,"list":[{"n":1},{"n":null,"u":2}],"text":"{}"})},
    {{EDIT_REMOVE, "/list/{u}", NULL}, 1, JSON({"a":5,"list":[{"n":1},{}],"text":"{}"})},
    {{EDIT_REMOVE, "/list/9", NULL}, 0, NULL},
    {{EDIT_REPEAT, "/list/0", NULL}, 1, JSON({"a":5,"list":[{"n":1},{"n":1},{"n":null,"u":2},{}],"text":"{}"})},
    {{EDIT_ADD, "/a", "-2"}, 1, JSON({"a":3,"list":[{"n":1},{"n":null,"u":2},{}],"text":"{}"})},
    {{EDIT_APPEND, "/text", JSON("!")}, 1, JSON({"a":5,"list":[{"n":1},{"n":null,"u":2},{}],"text":"{}!"})},
    {{EDIT_APPEND, "/list", "7"}, 1, JSON({"a":5,"list":[{"n":1},{"n":null,"u":2},{},7],"text":"{}"})},
    {{EDIT_PARSE, "/text", NULL}, 1, JSON({"a":5,"list":[{"n":1},{"n":null,"u":2},{}],"text":{}})},
    {{EDIT_SET, "", "1"}, 0, NULL},
};

START_TEST(edits_change_what_they_name)
{
    static const char before[] = JSON({"a":5,"list":[{"n":1},{"n":null,"u":2},{}],"text":"{}"});
    struct json_object *document = jo_read(before);
    ck_assert_uint_eq(edit_apply(&edits[_i].edit, document), edits[_i].places);
    ck_assert_str_eq(json_object_to_json_string_ext(document, JSON_C_TO_STRING_PLAIN), edits[_i].result ? edits[_i].result : before);
    json_object_put(document);
}
END_TEST

static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

/* Spoils a good request byte by byte; whatever comes, the endpoint answers with an error or a completion, and lives. */
START_TEST(spoiled_requests_do_no_harm)
{
    uint64_t state = 7;
    for (int round = 0; round < 5000; round++) {
        char body[8192];
        snprintf(body, sizeof body, "{%s}", goods[next_random(&state) % (sizeof goods / sizeof *goods)].members);
        size_t length = strlen(body);
        for (uint64_t spoils = 1 + next_random(&state) % 4; spoils > 0; spoils--) {
            size_t at = next_random(&state) % length;
            if (next_random(&state) % 2)
                body[at] = "\"\\{}[]:,01.eE-\x01\x80\xFF"[next_random(&state) % 18];
            else
                length = at > 0 ? at : 1;
        }
        struct call call = {"POST", "/v1/chat/completions", "Bearer key", "application/json", body, length, false};
        struct json_object *reply = service_answer(&honest, &call);
        int status = status_of(reply);
        ck_assert_msg(status == 200 || status == 400 || status == 404, "%d for %.*s", status, (int)length, body);
        json_object_put(reply);
    }
}
END_TEST

static size_t count_flaws(void)
{
    size_t count = 0;
    while (flaw_at(count))
        count++;
    return count;
}

static TCase *conformance_case(void)
{
    TCase *conformance = tcase_create("conformance");
    tcase_set_timeout(conformance, 60);
    tcase_add_loop_test(conformance, answers_conform, 0, COUNT(goods));
    tcase_add_loop_test(conformance, streams_conform, 0, COUNT(goods));
    tcase_add_test(conformance, the_other_profile_is_served_too);
    tcase_add_loop_test(conformance, refusals_conform, 0, COUNT(wrongs));
    tcase_add_loop_test(conformance, defects_break_their_rule_only, 0, (int)count_flaws());
    tcase_add_test(conformance, defects_have_names);
    tcase_add_test(conformance, spoiled_requests_do_no_harm);
    tcase_add_loop_test(conformance, edits_change_what_they_name, 0, COUNT(edits));
    return conformance;
}

static Suite *endpoint_conformance_suite(void)
{
    Suite *suite = suite_create("endpoint conformance");
    suite_add_tcase(suite, conformance_case());
    return suite;
}

TEST_MAIN(endpoint_conformance_suite)
