/* test_endpoint.c: what the reference endpoint answers and what it refuses, as the request asks for it. */
#include "endpoint/instance.h"
#include "endpoint/refusal.h"
#include "endpoint/tokens.h"
#include "tests/asking.h"

#include <stdio.h>
#include <stdlib.h>

enum { TEXT = 65536 };

/* The completion that answers `body`, which must be accepted. */
static struct json_object *completion(const char *body)
{
    struct json_object *reply = post(&honest, body);
    ck_assert_msg(status_of(reply) == 200, "%s: %s", body, json_object_to_json_string(reply));
    struct json_object *answer = json_object_get(jo_get(reply, "body"));
    json_object_put(reply);
    return answer;
}

static struct json_object *choice_of(struct json_object *answer)
{
    return jo_item(jo_get(answer, "choices"), 0);
}

static struct json_object *message_of(struct json_object *answer)
{
    return jo_get(choice_of(answer), "message");
}

/* Asks, and compares the content and the finish_reason of the first choice. */
static void expect_words(const char *body, const char *content, const char *finish)
{
    struct json_object *answer = completion(body);
    ck_assert_str_eq(jo_text(jo_get(message_of(answer), "content")), content);
    ck_assert_str_eq(jo_text(jo_get(choice_of(answer), "finish_reason")), finish);
    json_object_put(answer);
}

START_TEST(user_steers)
{
    expect_words("{" USER("Say this is a test") "}", "this is a test", "stop");
    expect_words("{" USER("please say \\\"quoted\\\" ") "}", "quoted", "stop");
    expect_words("{" USER("Repeat after me: one, two") "}", "one, two", "stop");
    expect_words(JSON({"model":"reference","messages":[{"role":"user","content":[{"type":"text","text":"Say "},
                      {"type":"text","text":"both"}]}]}), "both", "stop");
    expect_words("{" USER("Say caf\\u00e9 \\ud83d\\ude00") "}", "caf\xC3\xA9 \xF0\x9F\x98\x80", "stop");
}
END_TEST

START_TEST(sentences_are_of_fair_length)
{
    for (int seed = 0; seed < 40; seed++) {
        char body[256];
        snprintf(body, sizeof body, "{" USER("What is new?") ",\"seed\":%d}", seed);
        struct json_object *answer = completion(body);
        const char *text = jo_text(jo_get(message_of(answer), "content"));
        size_t words = 1;
        for (const char *at = text; *at; at++)
            words += *at == ' ';
        ck_assert_msg(words >= 12 && words <= 20, "%zu words: %s", words, text);
        json_object_put(answer);
    }
}
END_TEST

START_TEST(stop_cuts_before_the_sequence)
{
    expect_words("{" USER("Say one two three four") JSON(,"stop":" three"}), "one two", "stop");
    expect_words("{" USER("Say one two three four") JSON(,"stop":["four","two"]}), "one ", "stop");
    expect_words("{" USER("Say one two three four") JSON(,"stop":["five"]}), "one two three four", "stop");
    expect_words("{" USER("Say one two three four") JSON(,"stop":"one"}), "", "stop");
    /* the limit comes before the sequence is complete */
    expect_words("{" USER("Say one two three four") JSON(,"stop":"two three","max_tokens":2}), "one two", "length");
    expect_words("{" USER("Say one two three four") JSON(,"stop":"two three","max_tokens":3}), "one ", "stop");
}
END_TEST

START_TEST(limits_cut_at_tokens)
{
    expect_words("{" USER("Say one two three four") JSON(,"max_tokens":3}), "one two three", "length");
    expect_words("{" USER("Say one two three four") JSON(,"max_completion_tokens":4}), "one two three four", "stop");
    expect_words("{" USER("Say one two three four") JSON(,"max_completion_tokens":5}), "one two three four", "stop");
    expect_words("{" USER("Say one two three four") JSON(,"max_completion_tokens":5,"reasoning_effort":"high"}), "one two three", "length");
}
END_TEST

START_TEST(tool_results_are_quoted)
{
    expect_words(JSON({"model":"reference","tools":[{"type":"function","function":{"name":"get_time"}}],"messages":[
                      {"role":"user","content":"use a tool"},
                      {"role":"assistant","content":null,"tool_calls":[
                          {"id":"a","type":"function","function":{"name":"get_time","arguments":"{}"}}]},
                      {"role":"tool","tool_call_id":"a","content":"ten past four"}]}),
                 "The tool answered: ten past four", "stop");
}
END_TEST

START_TEST(refusal_instead_of_content)
{
    struct json_object *answer = completion("{" USER("Refuse this, please") JSON(,"logprobs":true})), *message = message_of(answer);
    ck_assert_ptr_null(jo_get(message, "content"));
    ck_assert_uint_gt(jo_text_length(jo_get(message, "refusal")), 10);
    ck_assert_uint_gt(jo_length(jo_path(choice_of(answer), "logprobs", "refusal", NULL)), 10);
    json_object_put(answer);
}
END_TEST

START_TEST(tokens_never_split_characters)
{
    const char *text = "Hello  w\xC3\xB6rld, \xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80\xF0\x9F\x98\x80 \n\n averyveryverylongword.";
    size_t length = strlen(text), count = 0;
    for (size_t at = 0, step; at < length; at += step, count++) {
        step = token_first(text + at, length - at);
        ck_assert_uint_gt(step, 0);
        ck_assert_int_ne((unsigned char)text[at] & 0xC0, 0x80);
        ck_assert_uint_eq(token_prefix(text, length, count), at);
    }
    ck_assert_uint_eq(token_count(text, length), count);
    ck_assert_uint_eq(token_count("", 0), 0);
    ck_assert_uint_eq(token_count(" a b", 4), 2);
}
END_TEST

/* The names of the tools that are called, with commas. */
static void expect_calls(const char *body, const char *names)
{
    struct json_object *answer = completion(body), *calls = jo_get(message_of(answer), "tool_calls");
    char called[256] = "";
    for (size_t i = 0; i < jo_length(calls); i++) {
        struct json_object *call = jo_item(calls, i);
        const char *name = jo_text(jo_get(jo_get(call, jo_text(jo_get(call, "type"))), "name"));
        size_t used = strlen(called);
        snprintf(called + used, sizeof called - used, "%s%s", i ? "," : "", name);
    }
    ck_assert_msg(strcmp(called, names) == 0, "%s called %s", body, called);
    ck_assert_str_eq(jo_text(jo_get(choice_of(answer), "finish_reason")), *names ? "tool_calls" : "stop");
    json_object_put(answer);
}

START_TEST(tools_follow_the_choice)
{
    expect_calls("{" USER("hello") TOOLS "}", "");
    expect_calls("{" USER("please use a tool") TOOLS "}", "get_weather");
    expect_calls("{" USER("get_time and Get_Weather!") TOOLS "}", "get_weather,get_time");
    expect_calls("{" USER("get_time and get_weather") TOOLS JSON(,"parallel_tool_calls":false}), "get_weather");
    expect_calls("{" USER("get_times is another name") TOOLS "}", "");
    expect_calls("{" USER("use a tool") TOOLS JSON(,"tool_choice":"none"}), "");
    expect_calls("{" USER("hello") TOOLS JSON(,"tool_choice":"required"}), "get_weather");
    expect_calls("{" USER("get_time") TOOLS JSON(,"tool_choice":"required"}), "get_time");
    expect_calls("{" USER("hello") TOOLS JSON(,"tool_choice":{"type":"function","function":{"name":"get_time"}}}), "get_time");
    expect_calls("{" USER("hello") TOOLS JSON(,"tool_choice":{"type":"custom","custom":{"name":"note"}}}), "note");
    expect_calls("{" USER("hello") TOOLS ALLOWED("required") "}", "get_time");
    expect_calls("{" USER("hello") TOOLS ALLOWED("auto") "}", "");
    expect_calls("{" USER("a tool, get_weather") TOOLS ALLOWED("auto") "}", "get_time");
}
END_TEST

START_TEST(arguments_satisfy_parameters)
{
    struct json_object *answer = completion("{" USER("hello") TOOLS JSON(,"tool_choice":"required"}));
    struct json_object *call = jo_item(jo_get(message_of(answer), "tool_calls"), 0);
    ck_assert_str_eq(jo_text(jo_path(call, "function", "arguments", NULL)), JSON({"city":"text","days":3}));
    ck_assert_uint_le(jo_text_length(jo_get(call, "id")), 40);
    json_object_put(answer);
}
END_TEST

START_TEST(limits_cut_arguments)
{
    struct json_object *answer = completion("{" USER("get_weather get_time") TOOLS JSON(,"max_completion_tokens":5}));
    struct json_object *calls = jo_get(message_of(answer), "tool_calls");
    ck_assert_uint_eq(jo_length(calls), 1);
    ck_assert_str_eq(jo_text(jo_path(jo_item(calls, 0), "function", "arguments", NULL)), JSON({"city":));
    ck_assert_str_eq(jo_text(jo_get(choice_of(answer), "finish_reason")), "length");
    ck_assert_int_eq(jo_int(jo_path(answer, "usage", "completion_tokens", NULL), -1), 5);
    json_object_put(answer);
}
END_TEST

START_TEST(older_functions_are_called)
{
    struct json_object *answer =
        completion("{" USER("hello") JSON(,"functions":[{"name":"a"},{"name":"b"}],"function_call":{"name":"b"}}));
    struct json_object *call = jo_get(message_of(answer), "function_call");
    ck_assert_str_eq(jo_text(jo_get(call, "name")), "b");
    ck_assert_str_eq(jo_text(jo_get(call, "arguments")), "{}");
    ck_assert_str_eq(jo_text(jo_get(choice_of(answer), "finish_reason")), "function_call");
    json_object_put(answer);
}
END_TEST

static const struct {
    const char *schema, *instance;
} schemas[] = {
    {"{}", JSON("text")},
    {JSON({"type":"integer"}), "1"},
    {JSON({"type":"integer","minimum":7}), "7"},
    {JSON({"type":"integer","exclusiveMinimum":7}), "8"},
    {JSON({"type":"integer","maximum":-4}), "-4"},
    {JSON({"type":"integer","exclusiveMaximum":-4}), "-5"},
    {JSON({"type":"integer","minimum":10,"multipleOf":4}), "12"},
    {JSON({"type":"number","minimum":0,"maximum":0.5}), "0"},
    {JSON({"type":"number","exclusiveMinimum":0,"exclusiveMaximum":0.5}), "0.25"},
    {JSON({"type":"boolean"}), "true"},
    {JSON({"type":"null"}), "null"},
    {JSON({"type":["null","string"]}), JSON("text")},
    {JSON({"type":"string","minLength":6}), JSON("textss")},
    {JSON({"type":"string","maxLength":2}), JSON("te")},
    {JSON({"type":"string","format":"date"}), JSON("2026-08-21")},
    {JSON({"enum":["b","a"]}), JSON("b")},
    {JSON({"const":{"x":null}}), JSON({"x":null})},
    {JSON({"const":null}), "null"},
    {JSON({"type":"array","items":{"type":"integer"},"minItems":2}), "[1,1]"},
    {JSON({"type":"array","items":{"type":"integer"},"minItems":3,"uniqueItems":true}), "[1,2,3]"},
    {JSON({"type":"array","items":{"type":"string"},"maxItems":0}), "[]"},
    {JSON({"type":"array","prefixItems":[{"const":1},{"const":2}]}), "[1,2]"},
    {JSON({"properties":{"a":{"type":"integer"},"b":false}}), JSON({"a":1})},
    {JSON({"type":"object","required":["z"],"additionalProperties":{"type":"integer"}}), JSON({"z":1})},
    {JSON({"type":"object","minProperties":2}), JSON({"key1":"text","key2":"text"})},
    {JSON({"type":"object","properties":{"a":{},"b":{}},"required":["b"],"maxProperties":1}), JSON({"b":"text"})},
    {JSON({"anyOf":[{"type":"integer"},{"type":"string"}]}), "1"},
    {JSON({"allOf":[{"properties":{"a":{"const":1}}},{"properties":{"b":{"const":2}}}]}), JSON({"a":1,"b":2})},
    {JSON({"$ref":"#/$defs/x~1y","$defs":{"x/y":{"const":5}}}), "5"},
    {JSON({"$ref":"#/$defs/none"}), JSON("text")},
    {JSON({"$ref":"#"}), JSON("text")},
};

START_TEST(instances_fit_their_schema)
{
    struct json_object *schema = jo_read(schemas[_i].schema), *instance = instance_of(schema);
    const char *text = instance ? json_object_to_json_string_ext(instance, JSON_C_TO_STRING_PLAIN) : "null";
    ck_assert_msg(strcmp(text, schemas[_i].instance) == 0, "%s gave %s", schemas[_i].schema, text);
    json_object_put(instance);
    json_object_put(schema);
}
END_TEST

/* Schemas without a finite instance, or with an absurdly large one, must end soon with something. */
START_TEST(instances_are_bounded)
{
    static const char *const wild[] = {
        JSON({"type":"object","properties":{"next":{"$ref":"#"}},"required":["next"]}),
        JSON({"type":"array","items":{"$ref":"#"},"minItems":9}),
        JSON({"type":"array","minItems":999999999999}),
        JSON({"type":"string","minLength":999999999999}),
        JSON({"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}}}),
        JSON({"allOf":[{"$ref":"#"},{"$ref":"#"}]}),
        JSON({"type":"object","minProperties":999999999}),
    };
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
        struct json_object *schema = jo_read(wild[i]), *instance = instance_of(schema);
        size_t length = 0;
        if (instance)
            jo_write(instance, &length);
        ck_assert_msg(length < 4000000, "%s: %zu bytes", wild[i], length);
        json_object_put(instance);
        json_object_put(schema);
    }
    ck_assert(!jo_lost());
}
END_TEST

START_TEST(structured_output_is_an_instance)
{
    expect_words("{" USER("Say hi, in json") JSON(,"response_format":{"type":"json_object"}}), JSON({"answer":"hi, in json"}), "stop");
    expect_words("{" USER("hello") JSON(,"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object",
                      "properties":{"age":{"type":"integer"}},"required":["age"]}}}}), JSON({"age":1}), "stop");
}
END_TEST

START_TEST(same_request_same_bytes)
{
    const char *body = "{" USER("hello") JSON(,"n":3,"logprobs":true,"top_logprobs":4,"stream":true});
    struct json_object *a = post(&honest, body), *b = post(&honest, body), *other = post(&honest, "{" USER("hello ") JSON(,"n":3}));
    ck_assert(json_object_equal(a, b));
    ck_assert_str_ne(jo_text(jo_path(a, "headers", "x-request-id", NULL)), jo_text(jo_path(other, "headers", "x-request-id", NULL)));
    ck_assert_str_ne(jo_text(jo_get(jo_item(jo_get(a, "events"), 0), "id")), jo_text(jo_path(other, "body", "id", NULL)));
    json_object_put(a);
    json_object_put(b);
    json_object_put(other);
}
END_TEST

START_TEST(usage_adds_up)
{
    struct json_object *answer = completion("{" USER("Say one two three") JSON(,"n":3,"max_tokens":8,"reasoning_effort":"low"}));
    struct json_object *usage = jo_get(answer, "usage");
    ck_assert_int_eq(jo_int(jo_get(usage, "completion_tokens"), 0), 3 * (3 + 4));
    ck_assert_int_eq(jo_int(jo_path(usage, "completion_tokens_details", "reasoning_tokens", NULL), 0), 3 * 4);
    ck_assert_int_gt(jo_int(jo_get(usage, "prompt_tokens"), 0), 4);
    ck_assert_int_eq(jo_int(jo_get(usage, "total_tokens"), 0), 21 + jo_int(jo_get(usage, "prompt_tokens"), 0));
    json_object_put(answer);
}
END_TEST

START_TEST(prediction_is_counted)
{
    struct json_object *answer =
        completion("{" USER("Say one two four") JSON(,"prediction":{"type":"content","content":"one two three"}}));
    struct json_object *details = jo_path(answer, "usage", "completion_tokens_details", NULL);
    ck_assert_int_eq(jo_int(jo_get(details, "accepted_prediction_tokens"), -1), 2);
    ck_assert_int_eq(jo_int(jo_get(details, "rejected_prediction_tokens"), -1), 1);
    ck_assert_int_eq(jo_int(jo_path(answer, "usage", "completion_tokens", NULL), -1), 4);
    json_object_put(answer);
}
END_TEST

START_TEST(request_members_are_echoed)
{
    struct json_object *answer = completion("{" USER("hello") JSON(,"store":true,"metadata":{"a":"b"},"service_tier":"fast"}));
    ck_assert_str_eq(jo_text(jo_path(answer, "metadata", "a", NULL)), "b");
    ck_assert_str_eq(jo_text(jo_get(answer, "service_tier")), "priority");
    ck_assert_str_eq(jo_text(jo_get(answer, "model")), "reference");
    json_object_put(answer);
}
END_TEST

/* Joins what the deltas of choice 0 carry in `key`. */
static void joined(struct json_object *events, const char *key, char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < jo_length(events); i++) {
        struct json_object *choice = jo_item(jo_get(jo_item(events, i), "choices"), 0);
        const char *part = jo_int(jo_get(choice, "index"), 0) == 0 ? jo_text(jo_path(choice, "delta", key, NULL)) : "";
        used += (size_t)snprintf(text + used, size - used, "%s", part);
    }
}

START_TEST(stream_says_the_same)
{
    struct json_object *answer = completion("{" USER("What is new?") JSON(,"n":2,"logprobs":true}));
    struct json_object *reply = post(&honest, "{" USER("What is new?") JSON(,"n":2,"logprobs":true,"stream":true}));
    struct json_object *events = jo_get(reply, "events");
    char text[TEXT] = "";
    joined(events, "content", text, sizeof text);
    ck_assert_str_eq(text, jo_text(jo_get(message_of(answer), "content")));
    ck_assert_uint_gt(jo_length(events), 20);
    ck_assert_str_eq(jo_text(jo_path(jo_item(jo_get(jo_item(events, 0), "choices"), 0), "delta", "role", NULL)), "assistant");
    json_object_put(reply);
    json_object_put(answer);
}
END_TEST

/* Very long answers must not become streams without end, and never pass the window. */
START_TEST(long_answers_are_bounded)
{
    size_t size = 200000;
    char *body = malloc(size);
    size_t used = (size_t)snprintf(body, size, "%s\"Say", JSON({"model":"reference","stream":true,"messages":[{"role":"user","content":));
    while (used + 100 < size)
        used += (size_t)snprintf(body + used, size - used, " word");
    snprintf(body + used, size - used, "\"}]}");
    struct json_object *reply = post(&honest, body);
    ck_assert_int_eq(status_of(reply), 200);
    ck_assert_uint_le(jo_length(jo_get(reply, "events")), 450);
    struct json_object *last = jo_item(jo_get(jo_item(jo_get(reply, "events"), jo_length(jo_get(reply, "events")) - 1), "choices"), 0);
    ck_assert_str_eq(jo_text(jo_get(last, "finish_reason")), "length");
    json_object_put(reply);
    free(body);
}
END_TEST

static const char *text_or_empty(struct json_object *value)
{
    return value ? jo_text(value) : "";
}

START_TEST(wrong_requests_are_refused)
{
    struct json_object *reply = post(&honest, wrongs[_i].body), *error = jo_path(reply, "body", "error", NULL);
    ck_assert_msg(status_of(reply) == wrongs[_i].status, "%s: %d", wrongs[_i].body, status_of(reply));
    ck_assert_msg(strcmp(text_or_empty(jo_get(error, "param")), wrongs[_i].param) == 0, "%s: param %s", wrongs[_i].body,
                  text_or_empty(jo_get(error, "param")));
    ck_assert_msg(strcmp(text_or_empty(jo_get(error, "code")), wrongs[_i].code) == 0, "%s: code %s", wrongs[_i].body,
                  text_or_empty(jo_get(error, "code")));
    ck_assert(jo_has(error, "param") && jo_has(error, "code"));
    ck_assert_uint_gt(jo_text_length(jo_get(error, "message")), 0);
    ck_assert_str_eq(jo_text(jo_get(error, "type")), "invalid_request_error");
    json_object_put(reply);
}
END_TEST

static const struct {
    struct call call;
    int status;
} doors[] = {
    {{"GET", "/v1/models", "Bearer key", NULL, "", 0, false}, 200},
    {{"HEAD", "/v1/models", "bearer key", NULL, "", 0, false}, 200},
    {{"GET", "/v1/models/reference", "Bearer key", NULL, "", 0, false}, 200},
    {{"GET", "/v1/models/\xFF\n", "Bearer key", NULL, "", 0, false}, 404},
    {{"POST", "/v1/models", "Bearer key", NULL, "", 0, false}, 405},
    {{"GET", "/v1/models", NULL, NULL, "", 0, false}, 401},
    {{"GET", "/v1/models", "Bearer ", NULL, "", 0, false}, 401},
    {{"GET", "/v1/models", "Basic key", NULL, "", 0, false}, 401},
    {{"GET", "/v1/models", "Bearer kez", NULL, "", 0, false}, 401},
    {{"GET", "/v1/models", "Bearer keykey", NULL, "", 0, false}, 401},
    {{"GET", "/", "Bearer key", NULL, "", 0, false}, 404},
    {{"GET", "/v2/models", "Bearer key", NULL, "", 0, false}, 404},
    {{"PUT", "/v1/chat/completions", "Bearer key", NULL, "", 0, false}, 405},
    {{"GET", "/v1/chat/completions", "Bearer key", NULL, "", 0, false}, 200},
    {{"GET", "/v1/chat/completions", NULL, NULL, "", 0, false}, 401},
    {{"POST", "/v1/chat/completions", "Bearer key", NULL, "{}", 2, false}, 415},
    {{"POST", "/v1/chat/completions", "Bearer key", "application/jsonx", "{}", 2, false}, 415},
    {{"POST", "/v1/chat/completions", "Bearer key", "application/json", "", 0, true}, 413},
    {{"POST", "/chat/completions", "Bearer key", "Application/JSON ; charset=utf-8", "{}", 2, false}, 400},
};

START_TEST(doors_are_guarded)
{
    struct service locked = {.profile = CC_OPENAI, .api_key = "key"};
    struct json_object *reply = service_answer(&locked, &doors[_i].call), *headers = jo_get(reply, "headers");
    ck_assert_msg(status_of(reply) == doors[_i].status, "%s %s: %d", doors[_i].call.method, doors[_i].call.path, status_of(reply));
    ck_assert_int_eq(status_of(reply) == 405, jo_has(headers, "allow"));
    ck_assert_int_eq(status_of(reply) == 401, jo_has(headers, "www-authenticate"));
    ck_assert_str_eq(jo_text(jo_path(reply, "body", "error", "code", NULL)),
                     status_of(reply) == 401 ? "invalid_api_key" : jo_text(jo_path(reply, "body", "error", "code", NULL)));
    json_object_put(reply);
}
END_TEST

START_TEST(params_are_paths)
{
    struct json_object *request = jo_read(JSON({"a":{"0":1},"b":[[{"c":1}]],"odd key":1}));
    static const char *const pairs[][2] = {
        {"/a/0", "a.0"}, {"/b/0/0/c", "b[0][0].c"}, {"/b/7", "b[7]"}, {"/odd key", ""},
        {"/b/0/odd~1key", "b[0]"}, {"", ""}, {"/new", "new"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct json_object *param = refusal_param(pairs[i][0], request);
        ck_assert_str_eq(text_or_empty(param), pairs[i][1]);
        json_object_put(param);
    }
    json_object_put(request);
}
END_TEST

static TCase *words_case(void)
{
    TCase *words = tcase_create("words");
    tcase_add_test(words, user_steers);
    tcase_add_test(words, sentences_are_of_fair_length);
    tcase_add_test(words, stop_cuts_before_the_sequence);
    tcase_add_test(words, limits_cut_at_tokens);
    tcase_add_test(words, tool_results_are_quoted);
    tcase_add_test(words, refusal_instead_of_content);
    tcase_add_test(words, tokens_never_split_characters);
    return words;
}

static TCase *tools_case(void)
{
    TCase *tools = tcase_create("tools and schemas");
    tcase_add_test(tools, tools_follow_the_choice);
    tcase_add_test(tools, arguments_satisfy_parameters);
    tcase_add_test(tools, limits_cut_arguments);
    tcase_add_test(tools, older_functions_are_called);
    tcase_add_loop_test(tools, instances_fit_their_schema, 0, COUNT(schemas));
    tcase_add_test(tools, instances_are_bounded);
    tcase_add_test(tools, structured_output_is_an_instance);
    return tools;
}

static TCase *answer_case(void)
{
    TCase *answer = tcase_create("answers");
    tcase_add_test(answer, same_request_same_bytes);
    tcase_add_test(answer, usage_adds_up);
    tcase_add_test(answer, prediction_is_counted);
    tcase_add_test(answer, request_members_are_echoed);
    tcase_add_test(answer, stream_says_the_same);
    tcase_add_test(answer, long_answers_are_bounded);
    tcase_add_loop_test(answer, wrong_requests_are_refused, 0, COUNT(wrongs));
    tcase_add_loop_test(answer, doors_are_guarded, 0, COUNT(doors));
    tcase_add_test(answer, params_are_paths);
    return answer;
}

static Suite *endpoint_suite(void)
{
    Suite *suite = suite_create("endpoint");
    suite_add_tcase(suite, words_case());
    suite_add_tcase(suite, tools_case());
    suite_add_tcase(suite, answer_case());
    return suite;
}

TEST_MAIN(endpoint_suite)
