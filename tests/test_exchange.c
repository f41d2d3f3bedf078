/* test_exchange.c: answers against their requests, made up and recorded. */
#include "tests/answering.h"
#include "tests/traffic.h"

/* Members laid over the request and over the answer, and what is found then. */
struct exchange {
    const char *request, *response, *found;
};

static void check_exchange(unsigned profile, const struct exchange *x)
{
    struct json_object *object = read_text(an_exchange);
    lay(object, "/request", x->request);
    lay(object, "/response", x->response);
    check_object(profile, CC_EXCHANGE, object, x->found);
    json_object_put(object);
}

#define NOTHING "{}"
#define CHOICE(index, reason, more) \
    "{\"index\": " #index ", \"message\": {\"role\": \"assistant\", \"refusal\": null, " more "}, " \
    "\"logprobs\": null, \"finish_reason\": \"" reason "\"}"
#define CHOICES(...) "{\"choices\": [" __VA_ARGS__ "]}"
#define ENDS(reason, more) CHOICES(CHOICE(0, reason, more))
#define SAYS(text) ENDS("stop", "\"content\": " #text)
#define F(name_) J({"id": name_, "type": "function", "function": {"name": name_, "arguments": "{}"}})
#define X(name_) J({"id": name_, "type": "custom", "custom": {"name": name_, "input": ""}})
#define CALLS(...) ENDS("tool_calls", "\"content\": null, \"tool_calls\": [" __VA_ARGS__ "]")
#define TOOLS(more) \
    "{\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"a\"}}, {\"type\": \"function\", \"function\": {\"name\": \"b\"}}]" more "}"
#define CUSTOMS "{\"tools\": [{\"type\": \"custom\", \"custom\": {\"name\": \"a\"}}]}"
#define NAMED(name) ", \"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"" name "\"}}"
#define ALLOWED(mode, name) \
    ", \"tool_choice\": {\"type\": \"allowed_tools\", \"allowed_tools\": {\"mode\": \"" mode "\", \"tools\": " \
    "[{\"type\": \"function\", \"function\": {\"name\": \"" name "\"}}]}}"
#define REFUSES ENDS("stop", "\"content\": null, \"refusal\": \"No.\"")
#define RULE(name) "response.choices.message.tool_calls." name

static const struct exchange calls[] = {
    {TOOLS(""), CALLS(F("a")), ""},
    {TOOLS(""), SAYS("4"), ""},
    {NOTHING, CALLS(F("a")), RULE("only_with_tools")},
    {"{\"tools\": null}", CALLS(F("a")), "request.body.null_optional " RULE("only_with_tools")},
    {TOOLS(""), CALLS(F("multi_tool_use.parallel")), RULE("declared")},
    {TOOLS(""), CALLS(F("a") ", " F("c")), RULE("declared")},
    {TOOLS(", \"tool_choice\": \"none\""), SAYS("4"), ""},
    {TOOLS(", \"tool_choice\": \"none\""), CALLS(F("a")), RULE("choice_none")},
    {TOOLS(", \"tool_choice\": \"none\""), CALLS(F("c")), RULE("choice_none")},
    {TOOLS(", \"tool_choice\": \"required\""), CALLS(F("a")), ""},
    {TOOLS(", \"tool_choice\": \"required\""), SAYS("4"), RULE("choice_required")},
    {TOOLS(", \"tool_choice\": \"required\""), ENDS("length", "\"content\": \"4\""), ""},
    {TOOLS(", \"tool_choice\": \"required\""), ENDS("content_filter", "\"content\": \"\""), ""},
    {TOOLS(", \"tool_choice\": \"required\""), REFUSES, ""},
    {TOOLS(NAMED("b")), CALLS(F("b")), ""},
    {TOOLS(NAMED("b")), CALLS(F("a")), RULE("choice_named")},
    {TOOLS(NAMED("b")), CALLS(F("c")), RULE("choice_named")},
    {TOOLS(NAMED("b")), SAYS("4"), RULE("choice_named")},
    {TOOLS(NAMED("b")), REFUSES, ""},
    {TOOLS(ALLOWED("auto", "b")), CALLS(F("b")), ""},
    {TOOLS(ALLOWED("auto", "b")), CALLS(F("a")), RULE("choice_allowed")},
    {TOOLS(ALLOWED("auto", "b")), SAYS("4"), ""},
    {TOOLS(ALLOWED("required", "b")), SAYS("4"), RULE("choice_allowed")},
    {TOOLS(", \"parallel_tool_calls\": false"), CALLS(F("a")), ""},
    {TOOLS(", \"parallel_tool_calls\": false"), CALLS(F("a") ", " F("b")), RULE("parallel_false")},
    {TOOLS(", \"parallel_tool_calls\": true"), CALLS(F("a") ", " F("b")), ""},
    {CUSTOMS, CALLS(X("a")), ""},
    {CUSTOMS, CALLS(X("b")), RULE("custom.declared")},
    {J({"tools": [{"type": "function", "function": {"name": "a", "strict": true, "parameters":
        {"type": "object", "properties": {}, "required": [], "additionalProperties": false}}}]}), CALLS(F("b")), RULE("declared_strict")},
    {NOTHING, ENDS("function_call", "\"content\": null, \"function_call\": {\"name\": \"a\", \"arguments\": \"{}\"}"),
     "response.choices.message.function_call.declared"},
    {J({"functions": [{"name": "a"}]}), ENDS("function_call", "\"content\": null, \"function_call\": {\"name\": \"b\", \"arguments\": \"{}\"}"),
     "request.functions.deprecated response.choices.message.function_call.declared"},
    {J({"functions": [{"name": "a"}]}), ENDS("function_call", "\"content\": null, \"function_call\": {\"name\": \"a\", \"arguments\": \"{}\"}"),
     "request.functions.deprecated"}, /* who declared functions asked for the older answer */
    /* One fault is one finding: nothing is said about a call whose type is wrong already. */
    {TOOLS(NAMED("b")), CALLS(J({"id": "call_1", "type": "browser"})), RULE("type_member.enum.openai")},
};

START_TEST(call)
{
    check_exchange(CC_OPENAI, &calls[_i]);
}
END_TEST

/* --- arguments against the parameters of the function */

#define FUNCTION(strict_) \
    "{\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\", \"strict\": " #strict_ ", \"parameters\": {\"type\": \"object\", " \
    "\"properties\": {\"n\": {\"type\": \"integer\"}}, \"required\": [\"n\"], \"additionalProperties\": false}}}]}"
#define CALL_F(arguments) CALLS("{\"id\": \"call_1\", \"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": " arguments "}}")
#define FIT(rule) "response.choices.message.tool_calls.arguments." rule

static const struct exchange arguments[] = {
    {FUNCTION(true), CALL_F("\"{\\\"n\\\": 4}\""), ""},
    {FUNCTION(true), CALL_F("\"{\\\"n\\\": 4.0}\""), ""},
    {FUNCTION(true), CALL_F("\"{\\\"n\\\": \\\"4\\\"}\""), FIT("schema_strict")},
    {FUNCTION(true), CALL_F("\"{}\""), FIT("schema_strict")},
    {FUNCTION(true), CALL_F("\"{\""), FIT("schema_strict")},
    {FUNCTION(true), CALL_F("\"{\\\"n\\\": 4, \\\"m\\\": 5}\""), FIT("schema_strict")},
    {FUNCTION(false), CALL_F("\"{\\\"n\\\": 4}\""), ""},
    {FUNCTION(false), CALL_F("\"{\\\"n\\\": null}\""), FIT("schema")},
    {FUNCTION(false), CALL_F("\"{\""), "response.choices.message.tool_calls.function.arguments.json"},
};

START_TEST(arguments_against_parameters)
{
    check_exchange(CC_OPENAI, &arguments[_i]);
}
END_TEST

#define TEXT(rule) "response.choices.message.content." rule
#define JSON_OBJECT J({"messages": [{"role": "user", "content": "Answer in JSON."}], "response_format": {"type": "json_object"}})
#define DISCOURAGED "request.response_format.json_object.discouraged"
#define SCHEMA(strict_) \
    "{\"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"a\", \"strict\": " #strict_ ", \"schema\": " \
    "{\"type\": \"object\", \"properties\": {}, \"required\": [], \"additionalProperties\": false}}}}"

#define STOPPED J({"stop": "c", "response_format": {"type": "json_schema", "json_schema": {"name": "a", "strict": true, "schema": \
    {"type": "object", "properties": {}, "required": [], "additionalProperties": false}}}})

static const struct exchange texts[] = {
    {JSON_OBJECT, SAYS(" {\"a\": [4]}\n"), DISCOURAGED},
    {JSON_OBJECT, SAYS("[4]"), DISCOURAGED " " TEXT("json_object")},
    {JSON_OBJECT, SAYS("```json\n{}\n```"), DISCOURAGED " " TEXT("json_object")},
    {JSON_OBJECT, SAYS(""), DISCOURAGED " " TEXT("json_object")},
    {JSON_OBJECT, ENDS("length", "\"content\": \"{\\\"a\\\"\""), DISCOURAGED},
    {JSON_OBJECT, REFUSES, DISCOURAGED},
    {SCHEMA(true), SAYS("{}"), ""},
    {SCHEMA(true), SAYS("4"), TEXT("json_schema_strict")},
    {SCHEMA(true), SAYS("four"), TEXT("json_schema_strict")},
    {SCHEMA(true), SAYS("{\"a\": 4}"), TEXT("json_schema_strict")},
    {SCHEMA(true), ENDS("length", "\"content\": \"{\\\"a\\\"\""), ""},
    {SCHEMA(true), REFUSES, ""},
    {STOPPED, SAYS("{\"a"), ""},
    {J({"stop": null, "response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": "Answer in JSON."}]}), SAYS("{\"a"),
     DISCOURAGED " " TEXT("json_object")},
    {J({"stop": ["c"], "response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": "Answer in JSON."}]}), SAYS("{\"a"),
     DISCOURAGED},
    {SCHEMA(false), SAYS("{}"), ""},
    {SCHEMA(false), SAYS("4"), TEXT("json_schema")},
    {SCHEMA(false), SAYS("four"), TEXT("json_schema")},
    {J({"stop": "END"}), SAYS("EN ND E"), ""},
    {J({"stop": "END"}), SAYS("The ENEND"), TEXT("stop_absent")},
    {J({"stop": ["x", "aab"]}), SAYS("aaaab"), TEXT("stop_absent")},
    {J({"stop": ["x", "aab"]}), SAYS("aaaa b"), ""},
    {J({"stop": ["\n\n"]}), SAYS("a\nb\n\nc"), TEXT("stop_absent")},
    {J({"stop": null}), SAYS("4"), ""},
};

START_TEST(structured)
{
    check_exchange(CC_OPENAI, &texts[_i]);
}
END_TEST

#define SPELT(top) \
    "{\"choices\": [{\"index\": 0, \"message\": {\"role\": \"assistant\", \"content\": \"4\", \"refusal\": null}, " \
    "\"finish_reason\": \"stop\", \"logprobs\": {\"refusal\": null, \"content\": [" \
    "{\"token\": \"4\", \"logprob\": -0.25, \"bytes\": [52], \"top_logprobs\": [" top "]}]}}]}"
#define TOP J({"token": "4", "logprob": -0.25, "bytes": [52]})
#define USED(tokens, total) "{\"usage\": {\"prompt_tokens\": 9, \"completion_tokens\": " #tokens ", \"total_tokens\": " #total "}}"
#define LONG(prompt, completion, total) \
    "{\"choices\": [" CHOICE(0, "length", "\"content\": \"4\"") "], " \
    "\"usage\": {\"prompt_tokens\": " #prompt ", \"completion_tokens\": " #completion ", \"total_tokens\": " #total "}}"
#define CITATION "\"content\": \"4\", \"annotations\": [{\"type\": \"url_citation\", \"url_citation\": " \
    "{\"start_index\": 0, \"end_index\": 1, \"url\": \"https://example.com/a\", \"title\": \"A\"}}]"
#define CITES ENDS("stop", CITATION)
#define SPEAKS ENDS("stop", "\"content\": null, \"audio\": " \
    "{\"id\": \"audio_1\", \"data\": \"UklGRg==\", \"transcript\": \"4\", \"expires_at\": 1800000000}")
#define DETAILS(side, count) \
    "{\"usage\": {\"prompt_tokens\": 9, \"completion_tokens\": 9, \"total_tokens\": 18, \"" side "_tokens_details\": {" count "}}}"
#define MODERATED \
    J({"moderation": {"input": {"type": "error", "code": "c", "message": "m"}, "output": {"type": "error", "code": "c", "message": "m"}}})

static const struct exchange others[] = {
    {J({"model": "gpt-4o"}), J({"model": "gpt-4o-2024-08-06"}), ""},
    {J({"model": "openai/gpt-4o"}), J({"model": "gpt-4o-2024-08-06"}), ""},
    {J({"model": "gpt-4o"}), J({"model": "openai/gpt-4o"}), ""},
    {J({"model": "chatgpt-4o-latest"}), J({"model": "chatgpt-4o-2025-01-01"}), ""},
    {J({"model": "gpt-4o"}), J({"model": "gpt-4"}), "response.model.matches_request"},
    {J({"service_tier": "auto"}), J({"service_tier": "default"}), ""},
    {J({"service_tier": "auto"}), J({"service_tier": null}), "response.service_tier.present"},
    {J({"store": true, "metadata": {"a": "b", "c": "d"}}), J({"metadata": {"c": "d", "a": "b"}}), ""},
    {J({"store": true, "metadata": {"a": "b"}}), J({"metadata": {"a": "c"}}), "response.metadata.echo"},
    {J({"store": true, "metadata": {"a": "b"}}), J({"metadata": null}), ""},
    {NOTHING, J({"metadata": {}}), ""},
    {J({"n": 2}), CHOICES(CHOICE(0, "stop", "\"content\": \"4\"") ", " CHOICE(1, "stop", "\"content\": \"4\"")), ""},
    {J({"n": 2}), NOTHING, "response.choices.count_equals_n"},
    {J({"n": null}), NOTHING, ""},
    {NOTHING, CHOICES(CHOICE(0, "stop", "\"content\": \"4\"") ", " CHOICE(1, "stop", "\"content\": \"4\"")), "response.choices.count_equals_n"},
    {NOTHING, J({"choices": []}), "response.choices.count_equals_n"},
    {NOTHING, J({"choices": null}), "response.choices.type"},
    {J({"logprobs": true}), SPELT(""), ""},
    {J({"logprobs": true}), NOTHING, "response.choices.logprobs.requested"},
    {J({"logprobs": false}), SPELT(""), "response.choices.logprobs.requested"},
    {NOTHING, SPELT(""), "response.choices.logprobs.requested"},
    {J({"logprobs": true}), REFUSES, ""},
    {J({"logprobs": true, "top_logprobs": 1}), SPELT(TOP), ""},
    {J({"logprobs": true, "top_logprobs": 2}), SPELT(TOP), ""},
    {J({"logprobs": true, "top_logprobs": 0}), SPELT(TOP), "response.choices.logprobs.top.count"},
    {J({"logprobs": true}), SPELT(TOP), "response.choices.logprobs.top.count"},
    {J({"max_completion_tokens": 9}), USED(9, 18), ""},
    {J({"max_completion_tokens": 9}), USED(10, 19), "response.usage.completion_budget"},
    {J({"max_tokens": 9}), USED(10, 19), "request.max_tokens.deprecated response.usage.completion_budget"},
    {J({"max_completion_tokens": 100}), LONG(9, 90, 99), ""},
    {J({"max_completion_tokens": 100}), LONG(9, 89, 98), "response.choices.finish_reason.length_budget"},
    {J({"max_completion_tokens": 100}), LONG(2000, 48, 2048), ""},
    {J({"max_completion_tokens": 100}), LONG(2000, 47, 2047), "response.choices.finish_reason.length_budget"},
    {NOTHING, LONG(9, 1, 10), ""},
    {J({"web_search_options": {}}), CITES, ""},
    {J({"model": "gpt-4o-search-preview"}), "{\"model\": \"gpt-4o-search-preview\", \"choices\": [" CHOICE(0, "stop", CITATION) "]}", ""},
    {NOTHING, CITES, "response.choices.message.annotations.only_with_search"},
    {J({"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}), SPEAKS, ""},
    {NOTHING, SPEAKS, "response.choices.message.audio.only_if_requested"},
    {J({"prediction": {"type": "content", "content": "4"}}), DETAILS("completion", "\"accepted_prediction_tokens\": 1"), ""},
    {NOTHING, DETAILS("completion", "\"accepted_prediction_tokens\": 0"), ""},
    {NOTHING, DETAILS("completion", "\"accepted_prediction_tokens\": 1"), "response.usage.prediction_only_if_requested"},
    {NOTHING, DETAILS("completion", "\"rejected_prediction_tokens\": 1"), "response.usage.prediction_only_if_requested"},
    {NOTHING, DETAILS("completion", "\"audio_tokens\": 1"), "response.usage.audio_only_if_requested"},
    {NOTHING, DETAILS("prompt", "\"audio_tokens\": 1"), "response.usage.audio_only_if_requested"},
    {J({"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}]}]}),
     DETAILS("prompt", "\"audio_tokens\": 1"), ""},
    {J({"moderation": {"model": "omni-moderation-latest"}}), MODERATED, ""},
    {J({"moderation": {"model": "omni-moderation-latest"}}), NOTHING, "response.moderation.requested"},
    {NOTHING, MODERATED, "response.moderation.requested"},
};

START_TEST(other)
{
    check_exchange(CC_OPENAI, &others[_i]);
}
END_TEST

/* A text and a stop sequence made so that trying each place anew would take hours. */
START_TEST(stop_search_is_linear)
{
    enum { SIZE = 400000 };
    char *letters = malloc(SIZE + 1), *stop = malloc(SIZE);
    ck_assert(letters && stop);
    memset(letters, 'a', SIZE);
    letters[SIZE] = '\0';
    memcpy(stop, letters + SIZE / 2, SIZE / 2);
    memcpy(stop + SIZE / 2, "b", 2);
    struct json_object *exchange = read_text(an_exchange), *message = NULL;
    json_object_object_add(json_object_object_get(exchange, "request"), "stop", json_object_new_string(stop));
    ck_assert_int_eq(json_pointer_get(exchange, "/response/choices/0/message", &message), 0);
    json_object_object_add(message, "content", json_object_new_string(letters));
    check_object(CC_OPENAI, CC_EXCHANGE, exchange, "");
    json_object_put(exchange);
    free(letters);
    free(stop);
}
END_TEST

/* --- recorded traffic of the official endpoint */

enum { OFFICIAL = 199, RULES_MAX = 4096 };

struct tally {
    struct cc_checker *checker;
    size_t answers, errors_alone, errors;
    unsigned char warnings[RULES_MAX]; /* answers about which the rule of that number warns */
    char first[512];
};

static size_t number_of_rule(const struct cc_rule *rule)
{
    size_t number = 0;
    while (cc_rule_at(number) != rule) number++;
    ck_assert_uint_lt(number, RULES_MAX);
    return number;
}

static void tally_errors(struct tally *t, const struct cc_report *report, size_t *errors, const char *id)
{
    ck_assert_ptr_nonnull(report);
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->severity == CC_ERROR && (*errors)++ == 0) snprintf(t->first, sizeof t->first, "%s %s: %s", id, f->rule->id, f->message);
    }
}

static void tally_warnings(struct tally *t, const struct cc_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        bool again = f->severity != CC_WARNING;
        for (size_t j = 0; j < i; j++) again = again || report->findings[j].rule == f->rule;
        if (!again) t->warnings[number_of_rule(f->rule)]++;
    }
}

static bool is_official_answer(struct json_object *line)
{
    return strcmp(json_object_get_string(json_object_object_get(line, "host")), "api.openai.com") == 0 &&
           json_object_get_int(json_object_object_get(line, "status")) == 200 && json_object_object_get(line, "response") != NULL;
}

static void judge_line(void *context, const struct recorded *recorded)
{
    struct tally *t = context;
    struct json_object *object = recorded->exchange;
    if (!is_official_answer(object)) return;
    const char *id = json_object_get_string(json_object_object_get(object, "id"));
    t->answers++;
    tally_errors(t, cc_check_object(t->checker, CC_RESPONSE, json_object_object_get(object, "response")), &t->errors_alone, id);
    const struct cc_report *report = cc_check(t->checker, CC_EXCHANGE, recorded->line, recorded->length);
    tally_errors(t, report, &t->errors, id);
    tally_warnings(t, report);
}

/* Alone and with their requests. Under the older profile a few of the requests are wrong, as they use what came later. */
START_TEST(official_answers_have_no_error)
{
    struct cc_options options = {.profile = _i ? CC_OPENAI : CC_NEWAPI};
    struct tally t = {.checker = cc_checker_new(&options)};
    if (!each_recorded(judge_line, &t)) {
        cc_checker_free(t.checker);
        return;
    }
    ck_assert_uint_eq(t.answers, OFFICIAL);
    ck_assert_msg(t.errors_alone == 0, "%zu errors, first %s", t.errors_alone, t.first);
    ck_assert_msg(t.errors == 0 || !_i, "%zu errors, first %s", t.errors, t.first);
    for (size_t i = 0; i < RULES_MAX; i++)
        ck_assert_msg(t.warnings[i] * 10 <= OFFICIAL, "%s warns about %d answers", cc_rule_at(i)->id, t.warnings[i]);
    cc_checker_free(t.checker);
}
END_TEST

static Suite *exchange_suite(void)
{
    Suite *suite = suite_create("exchange");
    TCase *tests = tcase_create("answers and requests");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, call, 0, COUNT(calls));
    tcase_add_loop_test(tests, arguments_against_parameters, 0, COUNT(arguments));
    tcase_add_loop_test(tests, structured, 0, COUNT(texts));
    tcase_add_loop_test(tests, other, 0, COUNT(others));
    tcase_add_test(tests, stop_search_is_linear);
    tcase_add_loop_test(tests, official_answers_have_no_error, 0, 2);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(exchange_suite)
