/* choice.c: one answer of a completion: its message, why it ended, its log probabilities, and how these agree. */
#include "validator/api/choice.h"
#include "validator/api/answer.h"
#include "validator/lib/ask_json.h"

#include <string.h>

#define REASONS "finish_reason is stop, length, tool_calls, content_filter or function_call"

static const struct field fields[] = {
    {"index", REQUIRED, .is = INT, BETWEEN(0, NONE), .says = "its place among the choices", .sample = "0",
     NOTES({TYPE_, .id = "response.choices.index.type", .says = "index is a non-negative integer"},
           {MIN_, .id = "response.choices.index.type", .says = "index is a non-negative integer"})},
    {"message", REQUIRED, .is = OBJ, .shape = &answer_message_shape, .says = "the answer"},
    {"finish_reason", REQUIRED, .is = STR, .says = "why it ended", .sample = "\"stop\"",
     WORDS(W("stop"), W("length"), W("tool_calls"), W("content_filter"), W("function_call")),
     NOTES({TYPE_, .id = "response.choices.finish_reason.enum", .says = REASONS, .bad = "null"},
           {WORD_, .id = "response.choices.finish_reason.enum", .says = REASONS})},
    {"logprobs", REQUIRED, .is = OBJ | NIL, .shape = &logprobs_shape, .says = "log probabilities of its tokens, when they were asked for",
     .sample = "null",
     NOTES({REQUIRED_, CC_HABIT, CC_OPENAI,
            .because = "the schema requires it; a fifth of the recorded official answers and many servers leave it out"})},
    {0},
};

static bool cut_short(struct view choice)
{
    struct view reason = get(choice, "finish_reason");
    return text_is(reason, "length") || text_is(reason, "content_filter");
}

static bool reason_has_calls(struct ask *ask)
{
    struct view calls = get_path(ask->self, "message/tool_calls");
    return !text_is(get(ask->self, "finish_reason"), "tool_calls") || count(calls) > 0 || blame(ask, get(ask->self, "finish_reason"));
}

static bool reason_has_function_call(struct ask *ask)
{
    struct view call = get_path(ask->self, "message/function_call");
    return !text_is(get(ask->self, "finish_reason"), "function_call") || is_set(call) || blame(ask, get(ask->self, "finish_reason"));
}

/* One finding for what is one fault: to end with function_call, and to have one. */
static bool reason_is_current(struct ask *ask)
{
    if (!text_is(get(ask->self, "finish_reason"), "function_call") || !is_set(get_path(ask->self, "message/function_call"))) return true;
    return there(get(ask->request, "functions")) || blame(ask, get(ask->self, "finish_reason")); /* who declared functions asked for it */
}

/* The official endpoint itself says stop when the request forced a tool by its name; then nothing is wrong. */
static bool calls_have_reason(struct ask *ask)
{
    struct view reason = get(ask->self, "finish_reason");
    bool forced = is(get(ask->request, "tool_choice"), OBJ) && text_is(reason, "stop");
    return count(get_path(ask->self, "message/tool_calls")) == 0 || text_is(reason, "tool_calls") || cut_short(ask->self) || forced ||
           blame(ask, reason);
}

static bool null_content_has_reason(struct ask *ask)
{
    struct view message = get(ask->self, "message");
    return !is(get(message, "content"), NIL) || count(get(message, "tool_calls")) > 0 || is_set(get(message, "function_call")) ||
           chars_of(get(message, "refusal")) > 0 || is_set(get(message, "audio")) || cut_short(ask->self) ||
           blame(ask, get(message, "content"));
}

/* A call that was cut off is rarely whole, and nothing else was promised. */
static bool call_arguments_are_json(struct ask *ask)
{
    struct view calls = get_path(ask->self, "message/tool_calls");
    if (cut_short(ask->self)) return true;
    for (EVERY(call, calls)) {
        struct view arguments = get_path(call, "function/arguments");
        if (is(arguments, STR) && !text_is_json(ask, text_of(ask, arguments), OBJ)) return blame_spot(ask, arguments);
    }
    return true;
}

static bool function_arguments_are_json(struct ask *ask)
{
    struct view arguments = get_path(ask->self, "message/function_call/arguments");
    return cut_short(ask->self) || text_is_json(ask, text_of(ask, arguments), OBJ) || blame_spot(ask, arguments);
}

/* Compares without joining. Tokens without bytes are special ones, which content does not show. */
static bool tokens_spell_content(struct ask *ask)
{
    struct view tokens = get_path(ask->self, "logprobs/content"), content = get_path(ask->self, "message/content");
    if (!is(tokens, ARR) || !is(content, STR)) return true;
    struct text text = text_of(ask, content);
    size_t at = 0;
    for (EVERY(token, tokens)) {
        struct view bytes = get(token, "bytes");
        for (EVERY(byte, bytes)) {
            bool same = at < text.length && integer_of(byte, -1) == (unsigned char)text.bytes[at];
            if (!same) return blame(ask, token);
            at++;
        }
    }
    return at == text.length || blame(ask, tokens);
}

#define CALL(arguments) {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": arguments}}
#define CALLING(...) "message": {"role": "assistant", "content": null, "refusal": null, "tool_calls": [__VA_ARGS__]}
#define CALLING_OLD(arguments) \
    "message": {"role": "assistant", "content": null, "refusal": null, "function_call": {"name": "get_weather", "arguments": arguments}}
#define TOKEN {"token": "4", "logprob": -0.25, "bytes": [52], "top_logprobs": []}
#define EXPANDED(...) JSON(__VA_ARGS__)

static const struct rule rules[] = {
    {.id = "response.choices.finish_reason.tool_calls_present", .holds = reason_has_calls, .level = CC_MUST,
     .says = "finish_reason tool_calls comes with tool calls", .ref = "openai:CreateChatCompletionResponse.choices.finish_reason",
     .when = "finish_reason", READS("finish_reason", "message/tool_calls"),
     .good = EXPANDED({"finish_reason": "tool_calls", CALLING(CALL("{}"))}), .bad = JSON({"finish_reason": "tool_calls"}),
     ABSORBS("response.choices.message.tool_calls.null_or_empty")},
    {.id = "response.choices.finish_reason.function_call_present", .holds = reason_has_function_call, .level = CC_MUST,
     .says = "finish_reason function_call comes with a function_call", .ref = "openai:CreateChatCompletionResponse.choices.finish_reason",
     .when = "finish_reason", READS("finish_reason", "message/function_call"),
     .good = JSON({"finish_reason": "stop"}), .bad = JSON({"finish_reason": "function_call"})},
    {.id = "response.choices.finish_reason.function_call.deprecated", .holds = reason_is_current, .level = CC_DEPRECATED,
     .says = "finish_reason is tool_calls rather than its deprecated counterpart function_call", .ref = "newapi:response.finish_reason",
     .when = "finish_reason", READS("finish_reason", "message/function_call"),
     .good = JSON({"finish_reason": "stop"}), .bad = EXPANDED({"finish_reason": "function_call", CALLING_OLD("{}")}),
     ABSORBS("response.choices.message.function_call.deprecated")},
    {.id = "response.choices.finish_reason.calls_imply", .holds = calls_have_reason, .level = CC_SHOULD,
     .says = "an answer with complete tool calls ends with finish_reason tool_calls", .ref = "newapi:response.finish_reason",
     .when = "finish_reason", READS("finish_reason", "message/tool_calls"),
     .good = EXPANDED({"finish_reason": "length", CALLING(CALL("{}"))}), .bad = EXPANDED({"finish_reason": "stop", CALLING(CALL("{}"))})},
    {.id = "response.choices.message.content.null_needs_reason", .holds = null_content_has_reason, .level = CC_SHOULD,
     .says = "content is null only beside calls, a refusal or audio, or when the answer was cut off",
     .ref = "newapi:response.message.content",
     .when = "message",
     READS("message/content", "message/tool_calls", "message/function_call", "message/refusal", "message/audio", "finish_reason"),
     .good = JSON({"finish_reason": "content_filter", "message": {"role": "assistant", "content": null, "refusal": null}}),
     .bad = JSON({"finish_reason": "stop", "message": {"role": "assistant", "content": null, "refusal": null}})},
    {.id = "response.choices.message.tool_calls.function.arguments.json", .holds = call_arguments_are_json, .level = CC_SHOULD,
     .says = "the arguments of a tool call are the text of a JSON object", .ref = "openai:ChatCompletionMessageToolCall.function.arguments",
     .when = "message", READS("message/tool_calls", "finish_reason"),
     .good = EXPANDED({"finish_reason": "tool_calls", CALLING(CALL("{\"city\": \"Rome\"}"))}),
     .bad = EXPANDED({"finish_reason": "tool_calls", CALLING(CALL("{\"city\": Rome}"))})},
    {.id = "response.choices.message.function_call.arguments.json", .holds = function_arguments_are_json, .level = CC_SHOULD,
     .says = "the arguments of a function_call are the text of a JSON object", .ref = "newapi:response.function_call.arguments",
     .when = "message", READS("message/function_call", "finish_reason"),
     .good = EXPANDED({"finish_reason": "length", CALLING_OLD("{")}),
     .bad = EXPANDED({"finish_reason": "stop", CALLING_OLD("[]")})},
    {.id = "response.choices.logprobs.concatenation", .holds = tokens_spell_content, .level = CC_SHOULD,
     .says = "the bytes of the tokens of content, joined, are content",
     .ref = "openai:CreateChatCompletionResponse.choices.logprobs.content",
     .when = "logprobs", READS("logprobs/content", "message/content"),
     .good = EXPANDED({"logprobs": {"content": [TOKEN], "refusal": null}}),
     .bad = EXPANDED({"logprobs": {"content": [TOKEN, TOKEN], "refusal": null}})},
    {0},
};

/* The sample was cut off, as this leaves open what a message has. */
const struct shape choice_shape = {
    .ref = "openai:CreateChatCompletionResponse.choices",
    .fields = fields,
    .rules = rules,
    .sample = JSON({"index": 0, "message": {"role": "assistant", "content": "4", "refusal": null}, "logprobs": null, "finish_reason": "length"}),
};
