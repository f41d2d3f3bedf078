/* exchange.c: what an answer owes to its request. The predicates about calls and texts stand in files of their own; here are those about
 * the rest, and the rules. A rule is not asked when what it reads of either side is itself an error. */
#include "validator/api/exchange.h"
#include "validator/api/tables.h"

#include <string.h>

/* --- model, tier, metadata */

/* Behind the last slash: gateways put the vendor before the model. */
static struct text without_vendor(struct text model)
{
    for (size_t i = model.length; i > 0; i--)
        if (model.bytes[i - 1] == '/') return (struct text){model.bytes + i, model.length - i};
    return model;
}

static struct text without_latest(struct text model)
{
    static const char latest[] = "-latest";
    size_t length = sizeof latest - 1;
    if (model.length > length && memcmp(model.bytes + model.length - length, latest, length) == 0) model.length -= length;
    return model;
}

/* The model that was asked for, or a dated snapshot of it. */
static bool model_is_requested(struct ask *ask)
{
    struct view answered = get(ask->response, "model");
    struct text asked = text_of(ask, get(ask->request, "model")), used = without_vendor(text_of(ask, answered));
    if (!asked.bytes || !used.bytes) return true;
    asked = without_latest(without_vendor(asked));
    if (used.length >= asked.length && memcmp(used.bytes, asked.bytes, asked.length) == 0) return true;
    say(ask, "asked for was %.*s", (int)(asked.length < 80 ? asked.length : 80), asked.bytes);
    return blame(ask, answered);
}

static bool tier_is_told(struct ask *ask)
{
    return !is_set(get(ask->request, "service_tier")) || is_set(get(ask->response, "service_tier")) || ask->cut ||
           blame_missing(ask, ask->response, "service_tier");
}

static bool metadata_is_echoed(struct ask *ask)
{
    struct view echo = get(ask->response, "metadata"), sent = get(ask->request, "metadata");
    bool both_empty = count(echo) == 0 && count(sent) == 0;
    return !is_set(echo) || both_empty || value_same(ask, sent, echo) || blame(ask, echo);
}

static bool moderation_was_asked_for(struct ask *ask)
{
    bool asked = is_set(get(ask->request, "moderation"));
    struct view moderation = get(ask->response, "moderation");
    if (asked == is_set(moderation) || (asked && ask->cut)) return true;
    say(ask, asked ? "it was asked for" : "it was not asked for");
    return there(moderation) ? blame(ask, moderation) : blame_missing(ask, ask->response, "moderation");
}

/* --- counts */

static long long choices_asked_for(struct ask *ask) { return integer_of(get(ask->request, "n"), 1); }

static bool choices_are_n(struct ask *ask)
{
    struct view choices = get(ask->response, "choices");
    long long n = choices_asked_for(ask);
    if (!is(choices, ARR) || (long long)count(choices) == n || (ask->cut && (long long)count(choices) < n)) return true;
    say(ask, "there are %zu, asked for were %lld", count(choices), n);
    return blame(ask, choices);
}

/* The limit of tokens of one choice; 0 when none was set. Who sends both names means one: the larger is the kinder. */
static double token_limit(struct ask *ask)
{
    double now = number_of(get(ask->request, "max_completion_tokens"), 0), old = number_of(get(ask->request, "max_tokens"), 0);
    return now > old ? now : old;
}

/* Rejected predicted tokens count as generated, so a prediction lifts the limit. */
static bool budget_is_kept(struct ask *ask)
{
    struct view used = get_path(ask->response, "usage/completion_tokens");
    double limit = token_limit(ask), choices = (double)count(get(ask->response, "choices")), n = (double)choices_asked_for(ask);
    if (choices < n) choices = n;
    if (limit <= 0 || is_set(get(ask->request, "prediction")) || number_of(used, 0) <= limit * choices) return true;
    say(ask, "there are %.0f, the limit is %.0f a choice", number_of(used, 0), limit);
    return blame(ask, used);
}

static double choices_cut_by_length(struct ask *ask)
{
    double cut = 0;
    for (EVERY_CHOICE(ask, choice)) cut += text_is(get(choice, "finish_reason"), "length");
    return cut;
}

/* A choice also ends with length when the context window is full, which no answer tells: only few tokens in all cannot have filled one. */
static bool length_was_reached(struct ask *ask)
{
    enum { SMALLEST_WINDOW = 2048 };
    struct view usage = get(ask->response, "usage");
    double limit = token_limit(ask), used = number_of(get(usage, "completion_tokens"), -1);
    double cut = choices_cut_by_length(ask);
    bool window = number_of(get(usage, "total_tokens"), SMALLEST_WINDOW) >= SMALLEST_WINDOW;
    if (limit <= 0 || used < 0 || window || used >= 0.9 * limit * cut) return true;
    if (cut > 1) say(ask, "there are %.0f tokens in all, the limit is %.0f for each of %.0f choices that end so", used, limit, cut);
    else say(ask, "there are %.0f tokens, the limit is %.0f", used, limit);
    return blame(ask, get(usage, "completion_tokens"));
}

/* --- token counts of what was not asked for */

static bool predicted_tokens_were_asked_for(struct ask *ask)
{
    struct view details = get_path(ask->response, "usage/completion_tokens_details");
    struct view accepted = get(details, "accepted_prediction_tokens"), rejected = get(details, "rejected_prediction_tokens");
    if (is_set(get(ask->request, "prediction"))) return true;
    if (number_of(accepted, 0) > 0) return blame(ask, accepted);
    return number_of(rejected, 0) <= 0 || blame(ask, rejected);
}

/* A message speaks when it has a part with sound, or refers to sound that the model made before. */
static bool message_has_audio(struct view message)
{
    struct view content = get(message, "content");
    for (EVERY(part, content))
        if (is(content, ARR) && (text_is(get(part, "type"), "input_audio") || text_is(get(part, "type"), "file"))) return true;
    return is_set(get(message, "audio"));
}

static bool prompt_has_audio(struct ask *ask)
{
    struct view messages = get(ask->request, "messages");
    for (EVERY(message, messages))
        if (message_has_audio(message)) return true;
    return false;
}

static bool audio_is_a_modality(struct ask *ask)
{
    struct view modalities = get(ask->request, "modalities");
    for (EVERY(modality, modalities))
        if (text_is(modality, "audio")) return true;
    return false;
}

static bool audio_tokens_were_asked_for(struct ask *ask)
{
    struct view heard = get_path(ask->response, "usage/prompt_tokens_details/audio_tokens");
    struct view spoken = get_path(ask->response, "usage/completion_tokens_details/audio_tokens");
    if (number_of(spoken, 0) > 0 && !audio_is_a_modality(ask)) return blame(ask, spoken);
    return number_of(heard, 0) <= 0 || prompt_has_audio(ask) || blame(ask, heard);
}

/* --- the rules */

#define CHOICE(index, reason, ...) \
    {"index": index, "message": {"role": "assistant", "refusal": null, __VA_ARGS__}, "logprobs": null, "finish_reason": reason}
#define SAYS(text) "choices": [CHOICE(0, "stop", "content": text)]
#define CALLED(name_) {"id": "call_1", "type": "function", "function": {"name": name_, "arguments": "{}"}}
#define CALLED_WITH(name_, arguments_) {"id": "call_1", "type": "function", "function": {"name": name_, "arguments": arguments_}}
#define CALLED_AGAIN(name_) {"id": "call_2", "type": "function", "function": {"name": name_, "arguments": "{}"}}
#define CUSTOM_CALLED(name_) {"id": "call_1", "type": "custom", "custom": {"name": name_, "input": "x"}}
#define CALLS(...) "choices": [CHOICE(0, "tool_calls", "content": null, "tool_calls": [__VA_ARGS__])]
#define TOOL(name_) {"type": "function", "function": {"name": name_}}
#define CUSTOM_TOOL(name_) {"type": "custom", "custom": {"name": name_}}
#define TOOLS "tools": [TOOL("get_weather"), TOOL("get_time")]
#define FUNCTIONS "functions": [{"name": "get_weather"}]
#define CALLED_OLD(name_) \
    "choices": [CHOICE(0, "function_call", "content": null, "function_call": {"name": name_, "arguments": "{}"})]
#define CITING "choices": [CHOICE(0, "stop", "content": "4", "annotations": [{"type": "url_citation", "url_citation": \
    {"start_index": 0, "end_index": 1, "url": "https://example.com/a", "title": "A page"}}])]
#define SPEAKING "choices": [CHOICE(0, "stop", "content": null, "audio": \
    {"id": "audio_1", "data": "UklGRg==", "transcript": "four", "expires_at": 1800000000})]
#define SPELT(...) "choices": [{"index": 0, "message": {"role": "assistant", "content": "4", "refusal": null}, "finish_reason": "stop", \
    "logprobs": {"refusal": null, "content": [{"token": "4", "logprob": -0.25, "bytes": [52], "top_logprobs": [__VA_ARGS__]}]}}]
#define TOP {"token": "4", "logprob": -0.25, "bytes": [52]}
#define USED(...) "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18, __VA_ARGS__}
#define LONG "choices": [CHOICE(0, "length", "content": "4")]
#define FAILED {"type": "error", "code": "c", "message": "m"}
#define MODERATED "moderation": {"input": FAILED, "output": FAILED}
#define ASKS_JSON "messages": [{"role": "user", "content": "Answer in JSON."}], "response_format": {"type": "json_object"}
#define SCHEMA "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}
#define PREDICTS "prediction": {"type": "content", "content": "4"}
#define SPEAK "modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}
/* Expands the words above, then makes it text. true and false are macros of C as well: what has them stands in JSON() at once. */
#define EXPANDED(...) JSON(__VA_ARGS__)
#define CASE(request_, response_) "{\"request\": " request_ ", \"response\": " response_ "}"
#define OF(...) EXPANDED({__VA_ARGS__})
#define ONE_AT_A_TIME JSON({"parallel_tool_calls": false, "tools": [{"type": "function", "function": {"name": "get_weather"}}]})
#define STRICT_TOOL \
    JSON({"tools": [{"type": "function", "function": {"name": "get_time", "strict": true, "parameters": \
          {"type": "object", "properties": {}, "required": [], "additionalProperties": false}}}]})
#define STRICT_SCHEMA \
    JSON({"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": true, "schema": \
          {"type": "object", "properties": {}, "required": [], "additionalProperties": false}}}})
#define CITY_TOOL \
    JSON({"tools": [{"type": "function", "function": {"name": "get_weather", "parameters": \
          {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}}}]})
#define NOTHING "{}"

const struct rule exchange_rules[] = {
    {.id = "response.model.matches_request", .holds = model_is_requested, .level = CC_SHOULD,
     .says = "model is the model that was asked for, or a snapshot of it", .ref = "newapi:response.model",
     READS("response/model", "request/model"),
     .good = CASE(OF("model": "gpt-4o"), OF("model": "gpt-4o-2024-08-06")), .bad = CASE(OF("model": "gpt-4o"), OF("model": "gpt-4.1"))},
    {.id = "response.service_tier.present", .holds = tier_is_told, .level = CC_SHOULD,
     .says = "the answer tells its service_tier when the request set one", .ref = "newapi:response.service_tier",
     READS("response/service_tier", "request/service_tier"),
     .good = CASE(OF("service_tier": "auto"), OF("service_tier": "default")), .bad = CASE(OF("service_tier": "auto"), NOTHING)},
    {.id = "response.metadata.echo", .holds = metadata_is_echoed, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "metadata is what the request set", .ref = "openai:CreateChatCompletionResponse.metadata",
     READS("response/metadata", "request/metadata"),
     .good = CASE(JSON({"store": true, "metadata": {"a": "b"}}), OF("metadata": {"a": "b"})),
     .bad = CASE(JSON({"store": true, "metadata": {"a": "b"}}), OF("metadata": {"a": "c"}))},
    {.id = "response.choices.count_equals_n", .holds = choices_are_n, .level = CC_MUST, .says = "there are as many choices as n asked for",
     .ref = "openai:CreateChatCompletionResponse.choices", READS("request/n"),
     .good = CASE(OF("n": 2), OF("choices": [CHOICE(0, "stop", "content": "4"), CHOICE(1, "stop", "content": "4")])),
     .bad = CASE(OF("n": 2), NOTHING), ABSORBS("response.choices.non_empty")},
    {.id = "response.choices.message.tool_calls.only_with_tools", .holds = calls_come_with_tools, .level = CC_MUST,
     .says = "tools are called only when the request declared some", .ref = "newapi:tool_choice",
     READS("response/choices/*/message/tool_calls/*/type", "request/tools"),
     .good = CASE(OF(TOOLS), OF(CALLS(CALLED("get_weather")))), .bad = CASE(NOTHING, OF(CALLS(CALLED("get_weather"))))},
    {.id = "response.choices.message.tool_calls.choice_none", .holds = calls_are_not_forbidden, .level = CC_MUST,
     .says = "with tool_choice none no tool is called", .ref = "openai:ChatCompletionToolChoiceOption",
     READS("response/choices/*/message/tool_calls/*/type", "request/tool_choice", "request/tools"),
     .good = CASE(OF(TOOLS, "tool_choice": "none"), NOTHING),
     .bad = CASE(OF(TOOLS, "tool_choice": "none"), OF(CALLS(CALLED("get_weather"))))},
    {.id = "response.choices.message.tool_calls.choice_required", .holds = required_call_is_there, .level = CC_MUST,
     .says = "with tool_choice required a tool is called, unless the answer was cut off or refuses",
     .ref = "openai:ChatCompletionToolChoiceOption",
     READS("response/choices/*/message/tool_calls/*/type", "response/choices/*/finish_reason", "request/tool_choice", "request/tools"),
     .good = CASE(OF(TOOLS, "tool_choice": "required"), OF(LONG)), .bad = CASE(OF(TOOLS, "tool_choice": "required"), NOTHING)},
    {.id = "response.choices.message.tool_calls.choice_named", .holds = named_tool_is_called, .level = CC_MUST,
     .says = "with a tool named in tool_choice that tool is called, and no other", .ref = "openai:ChatCompletionNamedToolChoice",
     READS("response/choices/*/message/tool_calls", "response/choices/*/finish_reason", "request/tool_choice", "request/tools"),
     .good = CASE(OF(TOOLS, "tool_choice": TOOL("get_time")), OF(CALLS(CALLED("get_time")))),
     .bad = CASE(OF(TOOLS, "tool_choice": TOOL("get_time")), OF(CALLS(CALLED("get_weather"))))},
    {.id = "response.choices.message.tool_calls.choice_allowed", .holds = called_tools_are_allowed, .level = CC_MUST, .profiles = CC_OPENAI,
     .says = "with allowed_tools only allowed tools are called, and with mode required one is", .ref = "openai:ChatCompletionAllowedTools",
     READS("response/choices/*/message/tool_calls", "response/choices/*/finish_reason", "request/tool_choice", "request/tools"),
     .good = CASE(OF(TOOLS, "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "required", "tools": [TOOL("get_time")]}}),
                  OF(CALLS(CALLED("get_time")))),
     .bad = CASE(OF(TOOLS, "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [TOOL("get_time")]}}),
                 OF(CALLS(CALLED("get_weather"))))},
    {.id = "response.choices.message.tool_calls.parallel_false", .holds = calls_are_not_parallel, .level = CC_MUST,
     .says = "with parallel_tool_calls false at most one tool is called", .ref = "openai:ParallelToolCalls",
     READS("response/choices/*/message/tool_calls/*/type", "request/parallel_tool_calls"),
     .good = CASE(ONE_AT_A_TIME, OF(CALLS(CALLED("get_weather")))),
     .bad = CASE(ONE_AT_A_TIME, OF(CALLS(CALLED("get_weather"), CALLED_AGAIN("get_weather"))))},
    {.id = "response.choices.message.tool_calls.declared", .holds = called_functions_are_declared, .level = CC_SHOULD,
     .says = "each called function is one of the request's tools", .ref = "newapi:response.tool_calls",
     READS("response/choices/*/message/tool_calls", "request/tools", "request/tool_choice"),
     .good = CASE(OF(TOOLS), OF(CALLS(CALLED("get_time")))), .bad = CASE(OF(TOOLS), OF(CALLS(CALLED("multi_tool_use.parallel"))))},
    {.id = "response.choices.message.tool_calls.declared_strict", .holds = called_strict_functions_are_declared, .level = CC_MUST,
     .says = "each called function is one of the request's tools, as all of them are strict", .ref = "openai:FunctionObject.strict",
     READS("response/choices/*/message/tool_calls", "request/tools", "request/tool_choice"),
     .good = CASE(STRICT_TOOL, OF(CALLS(CALLED("get_time")))), .bad = CASE(STRICT_TOOL, OF(CALLS(CALLED("get_weather"))))},
    {.id = "response.choices.message.tool_calls.custom.declared", .holds = called_custom_tools_are_declared, .level = CC_MUST,
     .profiles = CC_OPENAI, .says = "each called custom tool is one of the request's tools",
     .ref = "openai:ChatCompletionMessageCustomToolCall",
     READS("response/choices/*/message/tool_calls", "request/tools", "request/tool_choice"),
     .good = CASE(OF("tools": [CUSTOM_TOOL("run_query")]), OF(CALLS(CUSTOM_CALLED("run_query")))),
     .bad = CASE(OF("tools": [CUSTOM_TOOL("run_query")]), OF(CALLS(CUSTOM_CALLED("run_code"))))},
    {.id = "response.choices.message.function_call.declared", .holds = function_call_is_declared, .level = CC_MUST,
     .says = "function_call names one of the request's functions", .ref = "newapi:response.function_call",
     READS("response/choices/*/message/function_call/name", "request/functions"),
     .good = CASE(OF(FUNCTIONS), NOTHING), .bad = CASE(NOTHING, OF(CALLED_OLD("get_weather"))),
     ABSORBS("response.choices.message.function_call.deprecated", "response.choices.finish_reason.function_call.deprecated")},
    {.id = "response.choices.message.content.json_object", .holds = content_is_json_object, .level = CC_MUST,
     .says = "with response_format json_object, content that is complete is the text of a JSON object",
     .ref = "openai:ResponseFormatJsonObject",
     READS("response/choices/*/message/content", "response/choices/*/finish_reason", "request/response_format", "request/stop"),
     .good = CASE(OF(ASKS_JSON), OF(SAYS("{\"a\": 4}"))),
     .bad = CASE(OF(ASKS_JSON), OF(SAYS("```json\n{\"a\": 4}\n```")))},
    {.id = "response.choices.message.content.json_schema_strict", .holds = strict_content_fits, .level = CC_MUST,
     .says = "with a strict json_schema, content that is complete is JSON that fits the schema", .ref = "openai:ResponseFormatJsonSchema",
     READS("response/choices/*/message/content", "response/choices/*/finish_reason", "request/response_format", "request/stop"),
     .good = CASE(STRICT_SCHEMA, OF(SAYS("{}"))), .bad = CASE(STRICT_SCHEMA, OF(SAYS("{\"a\": 4}")))},
    {.id = "response.choices.message.content.json_schema", .holds = loose_content_fits, .level = CC_SHOULD,
     .says = "with a json_schema, content that is complete is JSON that fits the schema", .ref = "newapi:response_format",
     READS("response/choices/*/message/content", "response/choices/*/finish_reason", "request/response_format", "request/stop"),
     .good = CASE(OF(SCHEMA), OF(SAYS("{}"))), .bad = CASE(OF(SCHEMA), OF(SAYS("[4]")))},
    {.id = "response.choices.message.tool_calls.arguments.schema_strict", .holds = strict_arguments_fit, .level = CC_MUST,
     .says = "the arguments of a call of a strict function fit its parameters", .ref = "openai:FunctionObject.strict",
     READS("response/choices/*/message/tool_calls", "response/choices/*/finish_reason", "request/tools"),
     .good = CASE(STRICT_TOOL, OF(CALLS(CALLED("get_time")))), .bad = CASE(STRICT_TOOL, OF(CALLS(CALLED_WITH("get_time", "{\"a\": 4}")))),
     ABSORBS("response.choices.message.tool_calls.function.arguments.json")},
    {.id = "response.choices.message.tool_calls.arguments.schema", .holds = loose_arguments_fit, .level = CC_SHOULD,
     .says = "the arguments of a call fit the parameters of its function", .ref = "openai:FunctionParameters",
     READS("response/choices/*/message/tool_calls", "response/choices/*/finish_reason", "request/tools"),
     .good = CASE(CITY_TOOL, OF(CALLS(CALLED_WITH("get_weather", "{\"city\": \"Paris\"}")))),
     .bad = CASE(CITY_TOOL, OF(CALLS(CALLED_WITH("get_weather", "{\"city\": 4}"))))},
    {.id = "response.choices.message.content.stop_absent", .holds = content_has_no_stop, .level = CC_MUST,
     .says = "content has none of the stop sequences", .ref = "openai:StopConfiguration",
     READS("response/choices/*/message/content", "request/stop"),
     .good = CASE(OF("stop": ["five", "END"]), OF(SAYS("four"))), .bad = CASE(OF("stop": ["five", "END"]), OF(SAYS("four END")))},
    {.id = "response.choices.message.annotations.only_with_search", .holds = citations_come_from_search, .level = CC_SHOULD,
     .says = "only an answer that searched the web has citations", .ref = "openai:ChatCompletionResponseMessage.annotations",
     READS("response/choices/*/message/annotations", "request/web_search_options"),
     .good = CASE(OF("web_search_options": {}), OF(CITING)), .bad = CASE(NOTHING, OF(CITING))},
    {.id = "response.choices.message.audio.only_if_requested", .holds = audio_was_asked_for, .level = CC_MUST,
     .says = "only an answer that was asked to speak has audio", .ref = "openai:ChatCompletionResponseMessage.audio",
     READS("response/choices/*/message/audio", "request/modalities"),
     .good = CASE(OF(SPEAK), OF(SPEAKING)), .bad = CASE(NOTHING, OF(SPEAKING))},
    {.id = "response.choices.logprobs.requested", .holds = logprobs_were_asked_for, .level = CC_MUST,
     .says = "a text comes with log probabilities exactly when the request set logprobs", .ref = "openai:logprobs",
     READS("response/choices/*/message/content", "response/choices/*/logprobs/content", "request/logprobs"),
     .good = CASE(JSON({"logprobs": true}), OF(SPELT())), .bad = CASE(JSON({"logprobs": true}), OF(SAYS("4")))},
    {.id = "response.choices.logprobs.top.count", .holds = alternatives_fit_request, .level = CC_MUST,
     .says = "a token has at most as many alternatives as top_logprobs asked for", .ref = "openai:ChatCompletionTokenLogprob.top_logprobs",
     READS("response/choices/*/logprobs/content/*/top_logprobs", "request/top_logprobs"),
     .good = CASE(JSON({"logprobs": true, "top_logprobs": 1}), OF(SPELT(TOP))), .bad = CASE(JSON({"logprobs": true}), OF(SPELT(TOP)))},
    {.id = "response.choices.finish_reason.length_budget", .holds = length_was_reached, .level = CC_SHOULD,
     .says = "an answer that ends with finish_reason length has used up the limit of tokens", .ref = "openai:max_completion_tokens",
     READS("response/choices/*/finish_reason", "response/usage", "request/max_completion_tokens", "request/max_tokens"),
     .good = CASE(OF("max_completion_tokens": 10), OF(LONG, USED("prompt_tokens_details": {}))),
     .bad = CASE(OF("max_completion_tokens": 100), OF(LONG, USED("prompt_tokens_details": {})))},
    {.id = "response.usage.completion_budget", .holds = budget_is_kept, .level = CC_MUST,
     .says = "completion_tokens is not more than the limit that the request set, for each choice", .ref = "openai:max_completion_tokens",
     READS("response/usage/completion_tokens", "request/max_completion_tokens", "request/max_tokens", "request/n"),
     .good = CASE(OF("max_completion_tokens": 9), NOTHING), .bad = CASE(OF("max_completion_tokens": 8), NOTHING)},
    {.id = "response.usage.prediction_only_if_requested", .holds = predicted_tokens_were_asked_for, .level = CC_SHOULD,
     .says = "only an answer to a request with a prediction has predicted tokens", .ref = "newapi:response.usage",
     READS("response/usage/completion_tokens_details", "request/prediction"),
     .good = CASE(OF(PREDICTS), OF(USED("completion_tokens_details": {"accepted_prediction_tokens": 1}))),
     .bad = CASE(NOTHING, OF(USED("completion_tokens_details": {"accepted_prediction_tokens": 1})))},
    {.id = "response.usage.audio_only_if_requested", .holds = audio_tokens_were_asked_for, .level = CC_SHOULD,
     .says = "there are audio tokens only on a side that has audio", .ref = "newapi:response.usage",
     READS("response/usage/prompt_tokens_details", "response/usage/completion_tokens_details", "request/modalities", "request/messages"),
     .good = CASE(NOTHING, OF(USED("prompt_tokens_details": {"audio_tokens": 0}))),
     .bad = CASE(NOTHING, OF(USED("prompt_tokens_details": {"audio_tokens": 3})))},
    {.id = "response.moderation.requested", .holds = moderation_was_asked_for, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "moderation comes exactly when the request asked for it", .ref = "openai:CreateChatCompletionResponse.moderation",
     READS("response/moderation", "request/moderation"),
     .good = CASE(OF("moderation": {"model": "omni-moderation-latest"}), OF(MODERATED)), .bad = CASE(NOTHING, OF(MODERATED))},
    {0},
};
