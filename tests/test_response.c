/* test_response.c: what is found in completions: their choices, messages, calls, log probabilities, usage and moderation. */
#include "tests/answering.h"

/* --- the completion itself */

static const struct vector completions[] = {
    {"", J({}), ""},
    {"", J({"id": ""}), "response.id.type"},
    {"", J({"id": 7}), "response.id.type"},
    {"", J({"id": "gen-1"}), "response.id.prefix"},
    {"", J({"object": "text_completion"}), "response.object.const"},
    {"", J({"created": "1700000000"}), "response.created.type"},
    {"", J({"created": 0}), "response.created.seconds"},
    {"", J({"created": 1}), ""},
    {"", J({"created": 99999999999}), ""},
    {"", J({"created": 100000000000}), "response.created.seconds"},
    {"", J({"created": 1700000000.0}), "response.created.integer_lexical"},
    {"", J({"created": 1700000000.5}), "response.created.type"},
    {"", J({"model": ""}), "response.model.type"},
    {"", J({"choices": null}), "response.choices.type"},
    {"", J({"choices": []}), "response.choices.non_empty"},
    {"", J({"choices": ["4"]}), "response.choices.item.type"},
    {"", J({"usage": null}), "response.usage.type"},
    {"", J({"service_tier": null}), ""},
    {"", J({"service_tier": "on_demand"}), "response.service_tier.enum.openai"},
    {"", J({"service_tier": "priority"}), ""},
    {"", J({"service_tier": "auto"}), "response.service_tier.resolved"},
    {"", J({"system_fingerprint": null}), "response.system_fingerprint.not_null"},
    {"", J({"system_fingerprint": 7}), "response.system_fingerprint.type"},
    {"", J({"metadata": {"a": 1}}), "response.metadata.value.type"},
    {"", J({"metadata": null}), ""},
    {"", J({"error": null}), ""},
    {"", J({"error": {"message": "m"}}), "response.no_error_member"},
    {"", J({"prompt_filter_results": []}), "response.unknown_member"},
};

START_TEST(completion)
{
    check_vector(CC_OPENAI, CC_RESPONSE, an_answer, &completions[_i]);
}
END_TEST

START_TEST(completion_under_newapi)
{
    static const struct vector vectors[] = {
        {"", J({"system_fingerprint": null}), ""},
        {"", J({"service_tier": "auto"}), ""},
        {"", J({"service_tier": "priority"}), "response.service_tier.enum.newapi"},
        {"", J({"moderation": null}), "response.unknown_member"},
        {"/choices/0", J({"message": {"role": "assistant", "content": "4"}}), ""},
        {"/choices/0", J({"finish_reason": "tool_calls", "message": {"role": "assistant", "content": null, "tool_calls": [
             {"id": "call_1", "type": "custom", "custom": {"name": "f", "input": ""}}]}}),
         "response.choices.message.tool_calls.type_member.enum.newapi"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) check_vector(CC_NEWAPI, CC_RESPONSE, an_answer, &vectors[i]);
}
END_TEST

START_TEST(only_an_error_is_one_finding)
{
    check_text(CC_OPENAI, CC_RESPONSE, J({"error": {"message": "m", "type": "server_error", "param": null, "code": null}}),
               "response.no_error_member");
    check_text(CC_OPENAI, CC_RESPONSE, J([]), "response.body.type");
}
END_TEST

/* --- choices */

#define SAYS_4 "\"message\": {\"role\": \"assistant\", \"content\": \"4\", \"refusal\": null}, \"logprobs\": null, \"finish_reason\": \"stop\"}"
#define TWO_CHOICES(a, b) "{\"choices\": [{\"index\": " #a ", " SAYS_4 ", {\"index\": " #b ", " SAYS_4 "]}"
#define CALL(id, arguments) J({"id": id, "type": "function", "function": {"name": "f", "arguments": arguments}})
#define CALLS(reason, ...) \
    "{\"finish_reason\": \"" reason "\", \"message\": {\"role\": \"assistant\", \"content\": null, \"refusal\": null, " \
    "\"tool_calls\": [" __VA_ARGS__ "]}}"

static const struct vector choices[] = {
    {"", TWO_CHOICES(0, 1), ""},
    {"", TWO_CHOICES(1, 0), "response.choices.index.contiguous"},
    {"", TWO_CHOICES(0, 0), "response.choices.index.unique"},
    {"", TWO_CHOICES(0, "1"), "response.choices.index.type"},
    {"/choices/0", J({"index": 1}), "response.choices.index.contiguous"},
    {"/choices/0", J({"index": -1}), "response.choices.index.type"},
    {"/choices/0", J({"message": null}), "response.choices.message.type"},
    {"/choices/0", J({"finish_reason": null}), "response.choices.finish_reason.enum"},
    {"/choices/0", J({"finish_reason": "eos"}), "response.choices.finish_reason.enum"},
    {"/choices/0", J({"finish_reason": "length"}), ""},
    {"/choices/0", J({"finish_reason": "tool_calls"}), "response.choices.finish_reason.tool_calls_present"},
    {"/choices/0", J({"finish_reason": "function_call"}), "response.choices.finish_reason.function_call_present"},
    {"/choices/0", J({"finish_reason": "function_call", "message": {"role": "assistant", "content": null, "refusal": null,
         "function_call": {"name": "f", "arguments": "{}"}}}), "response.choices.finish_reason.function_call.deprecated"},
    {"/choices/0", J({"message": {"role": "assistant", "content": null, "refusal": null, "function_call": {"name": "f", "arguments": "{}"}}}),
     "response.choices.message.function_call.deprecated"},
    {"/choices/0", J({"finish_reason": "length", "message": {"role": "assistant", "content": null, "refusal": null,
         "function_call": {"name": "f", "arguments": "{"}}}), "response.choices.message.function_call.deprecated"},
    {"/choices/0", J({"finish_reason": "function_call", "message": {"role": "assistant", "content": null, "refusal": null,
         "function_call": {"name": "f", "arguments": "{"}}}),
     "response.choices.message.function_call.arguments.json response.choices.finish_reason.function_call.deprecated"},
    {"/choices/0", CALLS("tool_calls", CALL("call_1", "{}")), ""},
    {"/choices/0", CALLS("stop", CALL("call_1", "{}")), "response.choices.finish_reason.calls_imply"},
    {"/choices/0", CALLS("length", CALL("call_1", "{\"a")), ""},
    {"/choices/0", CALLS("tool_calls", CALL("call_1", "{\"a")), "response.choices.message.tool_calls.function.arguments.json"},
    {"/choices/0", CALLS("tool_calls", CALL("call_1", "[]")), "response.choices.message.tool_calls.function.arguments.json"},
    {"/choices/0", CALLS("tool_calls", CALL("call_1", "")), "response.choices.message.tool_calls.function.arguments.json"},
    {"/choices/0", CALLS("tool_calls", CALL("call_1", " {\"a\": \"\\u00e9\"}\n")), ""},
    {"/choices/0", CALLS("tool_calls", CALL("call_1", "{}") ", " CALL("call_2", "{}")), ""},
    {"/choices/0", CALLS("tool_calls", CALL("call_1", "{}") ", " CALL("call_1", "{}")), "response.choices.message.tool_calls.id.unique"},
    {"/choices/0", CALLS("tool_calls", CALL("", "{}")), "response.choices.message.tool_calls.id.non_empty"},
    {"/choices/0", CALLS("tool_calls", CALL("call_5678901234567890123456789012345678", "{}")), ""},
    {"/choices/0", CALLS("tool_calls", CALL("call_56789012345678901234567890123456789", "{}")), ""},
    {"/choices/0", CALLS("tool_calls", CALL("call_567890123456789012345678901234567890", "{}")),
     "response.choices.message.tool_calls.id.replayable"},
    {"/choices/0", CALLS("tool_calls", J({"id": "call_1", "type": "function", "function": {"name": "f", "arguments": {"a": 1}}})),
     "response.choices.message.tool_calls.function.arguments.type"},
    {"/choices/0", CALLS("tool_calls", J({"id": "call_1", "type": "custom", "custom": {"name": "f", "input": "x"}})), ""},
    {"/choices/0", CALLS("tool_calls", J({"id": "call_1", "type": "custom", "custom": {"name": "f"}})),
     "response.choices.message.tool_calls.custom.required"},
    {"/choices/0", CALLS("tool_calls", J({"id": "call_1", "type": "browser"})), "response.choices.message.tool_calls.type_member.enum.openai"},
    {"/choices/0", CALLS("tool_calls", J({"id": "call_1", "function": {"name": "f", "arguments": "{}"}})),
     "response.choices.message.tool_calls.type_member.required"},
};

START_TEST(choice)
{
    check_vector(CC_OPENAI, CC_RESPONSE, an_answer, &choices[_i]);
}
END_TEST

/* Arguments that are nested deeper than the reader goes may be JSON or not: nothing is said about them. */
START_TEST(arguments_over_a_limit_are_not_judged)
{
    enum { DEPTH = 64 };
    static const char *const found[] = {"response.choices.message.tool_calls.function.arguments.json", ""};
    struct json_object *answer = read_text(an_answer), *function = NULL;
    lay(answer, "/choices/0", CALLS("tool_calls", CALL("call_1", "{}")));
    ck_assert_int_eq(json_pointer_get(answer, "/choices/0/message/tool_calls/0/function", &function), 0);
    for (size_t more = 0; more < 2; more++) {
        char arguments[DEPTH + 8];
        memset(arguments, '[', DEPTH + more);
        memcpy(arguments + DEPTH + more, "x", 2);
        json_object_object_add(function, "arguments", json_object_new_string(arguments));
        check_object(CC_OPENAI, CC_RESPONSE, answer, found[more]);
    }
    json_object_put(answer);
}
END_TEST

/* --- messages */

#define CITED(start, end) \
    "{\"annotations\": [{\"type\": \"url_citation\", \"url_citation\": {\"start_index\": " #start ", \"end_index\": " #end ", " \
    "\"url\": \"https://example.com/a\", \"title\": \"A page\"}}]}"
#define LOUD(data_, expires) J({"content": null, "audio": {"id": "audio_1", "data": data_, "transcript": "four", "expires_at": expires}})

static const struct vector messages[] = {
    {"/choices/0/message", J({"role": "user"}), "response.choices.message.role.const"},
    {"/choices/0/message", J({"content": [{"type": "text", "text": "4"}]}), "response.choices.message.content.type"},
    {"/choices/0/message", J({"content": null}), "response.choices.message.content.null_needs_reason"},
    {"/choices/0/message", J({"content": ""}), ""},
    {"/choices/0/message", J({"content": null, "refusal": "No."}), ""},
    {"/choices/0/message", J({"content": null, "refusal": ""}), "response.choices.message.content.null_needs_reason"},
    {"/choices/0/message", J({"refusal": "No."}), "response.choices.message.refusal.excludes_content"},
    {"/choices/0/message", J({"content": "", "refusal": "No."}), ""},
    {"/choices/0/message", J({"refusal": false}), "response.choices.message.refusal.type"},
    {"/choices/0/message", J({"tool_calls": null}), "response.choices.message.tool_calls.null_or_empty"},
    {"/choices/0/message", J({"tool_calls": []}), "response.choices.message.tool_calls.null_or_empty"},
    {"/choices/0/message", J({"tool_calls": {}}), "response.choices.message.tool_calls.type"},
    {"/choices/0/message", J({"function_call": null}), "response.choices.message.function_call.null"},
    {"/choices/0/message", J({"name": "a"}), "response.choices.message.name_absent"},
    {"/choices/0/message", J({"reasoning_content": "hm"}), "response.nested_unknown_member"},
    {"/choices/0/message", J({"annotations": []}), ""},
    {"/choices/0/message", J({"annotations": null}), "response.choices.message.annotations.null"},
    {"/choices/0/message", CITED(0, 1), ""},
    {"/choices/0/message", CITED(0, 2), "response.choices.message.annotations.url_citation.bounds"},
    {"/choices/0/message", CITED(1, 0), "response.choices.message.annotations.url_citation.order"},
    {"/choices/0/message", CITED(-1, 0), "response.choices.message.annotations.url_citation.start_index.min"},
    {"/choices/0/message", J({"annotations": [{"type": "url_citation", "url_citation": {"start_index": 0, "end_index": 1,
         "url": "example.com", "title": ""}}]}), "response.choices.message.annotations.url_citation.url.format"},
    {"/choices/0/message", J({"audio": null}), ""},
    {"/choices/0/message", LOUD("UklGRg==", 1700000001), ""},
    {"/choices/0/message", LOUD("UklGRg==", 1700000000), "response.choices.message.audio.expires_after_created"},
    {"/choices/0/message", LOUD("UklGRg=", 1700000001), "response.choices.message.audio.data.base64"},
    {"/choices/0/message", J({"audio": {"id": "audio_1", "data": "UklGRg==", "transcript": "4", "expires_at": 1700000001}}),
     "response.choices.message.audio.content_null"},
};

START_TEST(message)
{
    check_vector(CC_OPENAI, CC_RESPONSE, an_answer, &messages[_i]);
}
END_TEST

/* A character outside the basic plane is one code point, but two UTF-16 units: an index in either unit passes. */
START_TEST(citations_count_in_either_unit)
{
    struct json_object *answer = read_text(an_answer);
    lay(answer, "/choices/0/message", "{\"content\": \"\\ud83d\\ude00\"}");
    lay(answer, "/choices/0/message", CITED(0, 2));
    check_object(CC_OPENAI, CC_RESPONSE, answer, "");
    lay(answer, "/choices/0/message", CITED(0, 3));
    check_object(CC_OPENAI, CC_RESPONSE, answer, "response.choices.message.annotations.url_citation.bounds");
    json_object_put(answer);
}
END_TEST

/* --- log probabilities: content is "4", whose byte is 52 */

#define TOKENS(...) "{\"logprobs\": {\"refusal\": null, \"content\": [" __VA_ARGS__ "]}}"
#define TOKEN(text, byte) J({"token": text, "logprob": -0.25, "bytes": byte, "top_logprobs": []})
#define TOKEN_AMONG(...) J({"token": "4", "logprob": -0.25, "bytes": [52], "top_logprobs": [__VA_ARGS__]})
#define TOP(text, p) {"token": text, "logprob": p, "bytes": null}

static const struct vector logprobs[] = {
    {"/choices/0", TOKENS(TOKEN("4", [52])), ""},
    {"/choices/0", TOKENS(TOKEN("5", [53])), "response.choices.logprobs.concatenation"},
    {"/choices/0", TOKENS(TOKEN("4", [52]) ", " TOKEN("4", [52])), "response.choices.logprobs.concatenation"},
    {"/choices/0", TOKENS(TOKEN("4", [52]) ", " TOKEN("<|end|>", null)), ""},
    {"/choices/0", TOKENS(), "response.choices.logprobs.concatenation"},
    {"/choices/0", J({"logprobs": {"refusal": null, "content": null}}), ""},
    {"/choices/0", J({"logprobs": {"content": null}}), "response.choices.logprobs.refusal.required"},
    {"/choices/0", J({"logprobs": {"refusal": null}}), "response.choices.logprobs.content.required"},
    {"/choices/0", J({"logprobs": []}), "response.choices.logprobs.type"},
    {"/choices/0", TOKENS(TOKEN("four", [52])), "response.choices.logprobs.bytes.match_token"},
    {"/choices/0", TOKENS(TOKEN("4", [256])), "response.choices.logprobs.bytes.range"},
    {"/choices/0", TOKENS(TOKEN("4", [-1])), "response.choices.logprobs.bytes.range"},
    {"/choices/0", TOKENS(TOKEN("4", ["4"])), "response.choices.logprobs.bytes.range"},
    {"/choices/0", TOKENS(J({"token": "4", "logprob": 0.5, "bytes": [52], "top_logprobs": []})), "response.choices.logprobs.logprob.range"},
    {"/choices/0", TOKENS(J({"token": "4", "logprob": -9999.0, "bytes": [52], "top_logprobs": []})), ""},
    {"/choices/0", TOKENS(J({"token": "4", "logprob": 0, "bytes": [52], "top_logprobs": []})), ""},
    {"/choices/0", TOKENS(TOKEN_AMONG(TOP("4", -0.25), TOP("5", -2))), ""},
    {"/choices/0", TOKENS(TOKEN_AMONG(TOP("5", -2), TOP("4", -0.25))), "response.choices.logprobs.top.sorted"},
    {"/choices/0", TOKENS(TOKEN_AMONG(TOP("4", -0.25), TOP("4", -0.25))), "response.choices.logprobs.top.sorted"},
    {"/choices/0", TOKENS(TOKEN_AMONG(TOP("5", -0.125))), ""},
    {"/choices/0", TOKENS(TOKEN_AMONG(TOP("5", -2))), "response.choices.logprobs.top.contains_token"},
    {"/choices/0", TOKENS(TOKEN_AMONG(TOP("4", -1))), "response.choices.logprobs.top.contains_token"},
};

START_TEST(logprob)
{
    check_vector(CC_OPENAI, CC_RESPONSE, an_answer, &logprobs[_i]);
}
END_TEST

/* Two tokens share one character: neither has whole characters, and together they spell it. */
START_TEST(tokens_may_end_inside_characters)
{
    struct json_object *answer = read_text(an_answer);
    lay(answer, "/choices/0/message", "{\"content\": \"\\u00e9\"}");
    lay(answer, "/choices/0", TOKENS(TOKEN("\\xc3", [195]) ", " TOKEN("\\xa9", [169])));
    check_object(CC_OPENAI, CC_RESPONSE, answer, "");
    lay(answer, "/usage", J({"completion_tokens": 1, "total_tokens": 10}));
    check_object(CC_OPENAI, CC_RESPONSE, answer, "response.usage.logprobs_count");
    json_object_put(answer);
}
END_TEST

/* --- usage and moderation */

static const struct vector counts[] = {
    {"/usage", J({"total_tokens": 19}), "response.usage.total_is_sum"},
    {"/usage", J({"prompt_tokens": -9, "total_tokens": 0}), "response.usage.prompt_tokens.type"},
    {"/usage", J({"prompt_tokens": 0, "total_tokens": 9}), "response.usage.prompt_positive"},
    {"/usage", J({"completion_tokens": 0, "total_tokens": 9}), ""},
    {"/usage", J({"input_tokens": 9}), "response.usage.extra_members"},
    {"/usage", J({"prompt_tokens_details": null}), "response.usage.prompt_tokens_details.null"},
    {"/usage", J({"prompt_tokens_details": {"cached_tokens": 9, "audio_tokens": 9}}), ""},
    {"/usage", J({"prompt_tokens_details": {"cached_tokens": 10}}), "response.usage.cached_le_prompt"},
    {"/usage", J({"prompt_tokens_details": {"cached_tokens": -1}}), "response.usage.details.value.type"},
    {"/usage", J({"prompt_tokens_details": {"cached": 1}}), "response.usage.details.known_members"},
    {"/usage", J({"prompt_tokens_details": {"text_tokens": 4, "image_tokens": 5, "audio_tokens": 0}}), ""},
    {"/usage", J({"prompt_tokens_details": {"text_tokens": 4, "image_tokens": 5, "audio_tokens": 1}}), "response.usage.details_sum"},
    {"/usage", J({"prompt_tokens_details": {"text_tokens": 4}}), ""},
    {"/usage", J({"completion_tokens_details": {"reasoning_tokens": 9, "rejected_prediction_tokens": 9}}), ""},
    {"/usage", J({"completion_tokens_details": {"rejected_prediction_tokens": 10}}), "response.usage.reasoning_le_completion"},
    {"", J({"moderation": null}), ""},
    {"", J({"moderation": {"input": {"type": "error", "code": "c", "message": "m"}}}), "response.moderation.sides.required"},
    {"", J({"moderation": {"input": {"type": "error", "code": "c", "message": "m"}, "output": {"type": "error", "code": "c"}}}),
     "response.moderation.error.required"},
    {"", J({"moderation": {"input": {"type": "none"}, "output": {"type": "error", "code": "c", "message": "m"}}}),
     "response.moderation.side.type_member.enum"},
    {"", J({"moderation": {"input": {"type": "moderation_results", "results": []}, "output": {"type": "error", "code": "c", "message": "m"}}}),
     "response.moderation.results.required"},
};

START_TEST(count)
{
    check_vector(CC_OPENAI, CC_RESPONSE, an_answer, &counts[_i]);
}
END_TEST

START_TEST(moderation_results_agree)
{
    static const char same[] = J({"moderation": {
        "output": {"type": "error", "code": "c", "message": "m"}, "input": {
        "type": "moderation_results", "model": "m", "results": [{
        "type": "moderation_result", "model": "m", "flagged": true, "categories": {"hate": true, "self-harm": false},
        "category_scores": {"self-harm": 0, "hate": 0.5}, "category_applied_input_types": {"hate": ["text"], "self-harm": ["image"]}}]}}});
    check_vector(CC_OPENAI, CC_RESPONSE, an_answer, &(struct vector){"", same, ""});
    struct json_object *answer = read_text(an_answer);
    const char *result = "/moderation/input/results/0";
    lay(answer, "", same);
    lay(answer, result, J({"flagged": false}));
    check_object(CC_OPENAI, CC_RESPONSE, answer, "response.moderation.result.same_keys");
    lay(answer, result, J({"flagged": true, "category_scores": {"hate": 0.5}}));
    check_object(CC_OPENAI, CC_RESPONSE, answer, "response.moderation.result.same_keys");
    lay(answer, result, J({"category_scores": {"hate": "high", "self-harm": 0}}));
    check_object(CC_OPENAI, CC_RESPONSE, answer, "response.moderation.result.types");
    json_object_put(answer);
}
END_TEST

/* --- all that the tables imply */

START_TEST(derived_cases_give_their_finding)
{
    static const char *const prefixes[] = {"response.", NULL};
    check_derived(prefixes, 1000);
}
END_TEST

static Suite *response_suite(void)
{
    Suite *suite = suite_create("response");
    TCase *tests = tcase_create("answers");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, completion, 0, COUNT(completions));
    tcase_add_loop_test(tests, choice, 0, COUNT(choices));
    tcase_add_loop_test(tests, message, 0, COUNT(messages));
    tcase_add_loop_test(tests, logprob, 0, COUNT(logprobs));
    tcase_add_loop_test(tests, count, 0, COUNT(counts));
    tcase_add_test(tests, completion_under_newapi);
    tcase_add_test(tests, only_an_error_is_one_finding);
    tcase_add_test(tests, arguments_over_a_limit_are_not_judged);
    tcase_add_test(tests, citations_count_in_either_unit);
    tcase_add_test(tests, tokens_may_end_inside_characters);
    tcase_add_test(tests, moderation_results_agree);
    tcase_add_test(tests, derived_cases_give_their_finding);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(response_suite)
