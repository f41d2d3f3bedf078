/* chunk.c: the chat.completion.chunk object, one event of a stream. What holds across the events of a stream stands in stream.c.
 *
 * Ids follow what a reader of a stream thinks of: "stream.chunk" for the envelope, "stream.choices" for its choices, "stream.delta" for
 * what they add. Log probabilities, usage and moderation are the objects of a whole answer and keep their ids. */
#include "validator/api/answer.h"
#include "validator/api/chunk.h"
#include "validator/api/distinct.h"
#include "validator/api/seen.h"

#include <string.h>

bool has_text(struct view string) { return is(string, STR) && value_of(string)->length > 0; }

/* --- fragments of tool calls */

static const struct field function_fields[] = {
    {"name", .is = STR, .says = "the function's name, whole, in the first fragment of the call", .sample = "\"get_weather\""},
    {"arguments", .is = STR, .says = "the next piece of the arguments' JSON text", .sample = "\"{}\""},
    {0},
};

static const struct shape function_shape = {
    .name = "stream.delta.tool_calls",
    .ref = "openai:ChatCompletionMessageToolCallChunk.function",
    .fields = function_fields,
    .sample = JSON({"name": "get_weather", "arguments": "{}"}),
};

static const struct field custom_fields[] = {
    {"name", .is = STR, .says = "the custom tool's name", .sample = "\"run_query\""},
    {"input", .is = STR, .says = "the next piece of its input", .sample = "\"SELECT 1\""},
    {0},
};

static const struct shape custom_shape = {
    .name = "stream.delta.tool_calls.custom",
    .ref = "openai:ChatCompletionMessageCustomToolCall.custom",
    .fields = custom_fields,
    .sample = JSON({"name": "run_query", "input": "SELECT 1"}),
};

static const struct field fragment_fields[] = {
    {"index", REQUIRED, .is = INT, BETWEEN(0, NONE), .says = "which call of the choice this is a piece of", .sample = "0"},
    {"id", .is = STR, .says = "names the call; in its first fragment", .sample = "\"call_1\""},
    {"type", NULL_IS_MISSING, .is = STR, .says = "function; in the first fragment", .sample = "\"function\""},
    {"function", .is = OBJ, .shape = &function_shape},
    {"custom", .is = OBJ, .shape = &custom_shape, .profiles = CC_OPENAI, .ref = "openai:ChatCompletionMessageCustomToolCall",
     .says = "a call of a custom tool; the chunk schema does not know them"},
    {0},
};

/* Some servers send the member in every fragment, empty in the later ones. */
static bool call_is_of_function(struct ask *ask)
{
    struct view type = get(ask->self, "type");
    return !has_text(type) || text_is(type, "function");
}

static const struct rule fragment_rules[] = {
    {.id = "stream.delta.tool_calls.type.enum", .holds = call_is_of_function, .level = CC_PORTABILITY,
     .says = "a streamed tool call is of type function, as the chunk schema knows no other",
     .ref = "openai:ChatCompletionMessageToolCallChunk.type", .when = "type", READS("type"),
     .good = JSON({"type": "function"}), .bad = JSON({"type": "retrieval"})},
    {0},
};

static const struct shape fragment_shape = {
    .ref = "openai:ChatCompletionMessageToolCallChunk",
    .fields = fragment_fields,
    .rules = fragment_rules,
    .sample = JSON({"index": 0, "id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}),
};

/* --- the delta */

static const struct field function_call_fields[] = {
    {"name", .is = STR, .sample = "\"get_weather\""},
    {"arguments", .is = STR, .sample = "\"{}\""},
    {0},
};

static const struct shape function_call_shape_of_delta = {
    .ref = "openai:ChatCompletionStreamResponseDelta.function_call",
    .fields = function_call_fields,
    .sample = JSON({"name": "get_weather", "arguments": "{}"}),
};

/* Neither audio nor citations are in the chunk schema; both are sent, in pieces. They make one promise each. */
#define AUDIO_SAYS "delta.audio is an object of id, data, transcript and expires_at, each with its type"
#define AUDIO_NOTES NOTES({TYPE_, CC_SHOULD, .id = "stream.delta.audio.type", .says = AUDIO_SAYS})

static const struct field audio_fields[] = {
    {"id", .is = STR, .sample = "\"audio_1\"", AUDIO_NOTES},
    {"data", .is = STR, .says = "the next piece of the sound, in base64", .sample = "\"UklGRg==\"", AUDIO_NOTES},
    {"transcript", .is = STR, .says = "the next words", .sample = "\"Hi\"", AUDIO_NOTES},
    {"expires_at", .is = INT, .sample = "1700003600", AUDIO_NOTES},
    {0},
};

static const struct shape audio_shape = {
    .ref = "newapi:response.audio",
    .fields = audio_fields,
    .sample = JSON({"id": "audio_1"}),
};

static const struct field delta_fields[] = {
    {"role", .is = STR, .says = "assistant, in the first delta of a choice", .sample = "\"assistant\"",
     WORDS(W("developer"), W("system"), W("user"), W("assistant"), W("tool"),
           W("", 0, CC_PORTABILITY, "stream.delta.role.empty", "delta.role is left out rather than empty", "observed:vendors")),
     NOTES({WORD_, .profiles = CC_OPENAI})},
    {"content", .is = STR | NIL, .says = "the next piece of the text", .sample = "\"Hi\""},
    {"refusal", .is = STR | NIL, .says = "the next piece of the refusal", .sample = "null"},
    {"function_call", .is = OBJ, .shape = &function_call_shape_of_delta, .says = "a piece of the one function call"},
    {"tool_calls", .is = ARR, ITEMS(1, NONE), EACH(.is = OBJ, .shape = &fragment_shape), .says = "pieces of the tool calls",
     NOTES({MIN_ITEMS_, CC_PORTABILITY, .id = "stream.delta.tool_calls.non_empty",
            .says = "delta.tool_calls is left out rather than empty"})},
    {"annotations", .is = ARR, EACH(.is = OBJ, .shape = &annotation_shape), .says = "what the content refers to",
     .ref = "newapi:response.annotations", NOTES({TYPE_, CC_SHOULD})},
    {"audio", .is = OBJ, .shape = &audio_shape, .says = "a piece of the spoken answer", .ref = "newapi:response.audio", AUDIO_NOTES},
    {0},
};

static bool speaker_is_assistant(struct ask *ask)
{
    struct view role = get(ask->self, "role");
    return !has_text(role) || text_is(role, "assistant");
}

static const struct rule delta_rules[] = {
    {.id = "stream.delta.function_call.deprecated", .holds = function_call_was_asked, .level = CC_DEPRECATED,
     .says = "delta.function_call is left out, as it is deprecated, but for requests with functions",
     .ref = "openai:ChatCompletionStreamResponseDelta.function_call", .when = "function_call", READS("function_call"),
     .good = JSON({"content": "Hi"}), .bad = JSON({"function_call": {"name": "get_weather", "arguments": "{}"}})},
    {.id = "stream.delta.role.assistant", .holds = speaker_is_assistant, .level = CC_MUST,
     .says = "the role of a generated message is assistant",
     .ref = "newapi:stream-example", .when = "role", READS("role"), .good = JSON({"role": "assistant"}), .bad = JSON({"role": "user"})},
    {0},
};

static const struct shape delta_shape = {
    .name = "stream.delta",
    .ref = "openai:ChatCompletionStreamResponseDelta",
    .fields = delta_fields,
    .rules = delta_rules,
    .sample = JSON({"role": "assistant", "content": "Hi"}),
};

/* --- a choice */

static const struct field choice_fields[] = {
    {"index", REQUIRED, .is = INT, BETWEEN(0, NONE), .says = "which choice this is a piece of", .sample = "0"},
    {"delta", REQUIRED, .is = OBJ, .shape = &delta_shape, .says = "what is added to the message", .sample = JSON({"content": "Hi"})},
    {"finish_reason", REQUIRED, .is = STR | NIL, .says = "null until the end of the choice, then why it ended", .sample = "null",
     WORDS(W("stop"), W("length"), W("tool_calls"), W("content_filter"), W("function_call"))},
    {"logprobs", .is = OBJ | NIL, .shape = &chunk_logprobs_shape, .says = "log probabilities of the tokens of this delta", .sample = "null",
     NOTES({TYPE_, .id = "stream.logprobs.type"})},
    {0},
};

static bool choice_is_streamed(struct ask *ask)
{
    struct view message = get(ask->self, "message"), text = get(ask->self, "text");
    return !(there(message) || there(text)) || blame(ask, there(message) ? message : text);
}

static bool member_adds(struct view member)
{
    return !text_is(key_of(member), "role") && (has_text(member) || count(member) > 0 || is(member, NUM | BOOL));
}

bool delta_adds(struct view delta)
{
    for (EVERY(member, delta))
        if (member_adds(member)) return true;
    return false;
}

static bool last_delta_is_empty(struct ask *ask)
{
    struct view delta = get(ask->self, "delta");
    return !delta_adds(delta) || blame(ask, delta);
}

/* Tokens of bytes that are no whole characters show an escaped form as their text, or have none. */
static bool token_is_plain(struct text token) { return token.bytes && !memchr(token.bytes, '\\', token.length); }

static bool tokens_spell_content(struct ask *ask)
{
    struct view tokens = get_path(ask->self, "logprobs/content");
    struct text content = text_of(ask, get_path(ask->self, "delta/content"));
    if (count(tokens) == 0 || content.length == 0) return true;
    size_t at = 0;
    for (EVERY(token, tokens)) {
        struct text text = text_of(ask, get(token, "token"));
        if (!token_is_plain(text)) return true;
        if (text.length > content.length - at || memcmp(content.bytes + at, text.bytes, text.length) != 0) return blame(ask, token);
        at += text.length;
    }
    return at == content.length || blame(ask, tokens);
}

#define TOKEN(text, ...) {"token": text, "logprob": -0.25, "bytes": [__VA_ARGS__], "top_logprobs": []}
#define EXPANDED(...) JSON(__VA_ARGS__)

static const struct rule choice_rules[] = {
    {.id = "stream.chunk.no_message_member", .holds = choice_is_streamed, .level = CC_MUST,
     .says = "a streamed choice has a delta, not the message or text of a whole answer",
     .ref = "openai:CreateChatCompletionStreamResponse.choices.items",
     .good = JSON({"index": 0, "delta": {}, "finish_reason": null}),
     .bad = JSON({"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": null}),
     ABSORBS("stream.choices.delta.required", "stream.choices.finish_reason.required", "stream.choices.unknown_member")},
    {.id = "stream.choices.finish_reason.delta_empty", .holds = last_delta_is_empty, .level = CC_PORTABILITY,
     .says = "the delta beside a finish_reason is empty, as some clients do not read it", .ref = "newapi:stream-example",
     .when = "finish_reason", READS("finish_reason", "delta"),
     .good = JSON({"delta": {"content": ""}, "finish_reason": "stop"}), .bad = JSON({"delta": {"content": "Hi"}, "finish_reason": "stop"})},
    {.id = "stream.logprobs.aligned", .holds = tokens_spell_content, .level = CC_SHOULD,
     .says = "the tokens in logprobs, joined, are the content of the delta",
     .ref = "openai:CreateChatCompletionStreamResponse.choices.items.logprobs",
     .when = "logprobs", READS("logprobs/content/*/token", "delta/content"),
     .good = EXPANDED({"delta": {"content": "Hi!"}, "logprobs": {"content": [TOKEN("Hi", 72, 105), TOKEN("!", 33)], "refusal": null}}),
     .bad = EXPANDED({"delta": {"content": "Hi!"}, "logprobs": {"content": [TOKEN("Ho", 72, 111), TOKEN("!", 33)], "refusal": null}})},
    {0},
};

static const struct shape choice_shape_of_chunk = {
    .name = "stream.choices",
    .ref = "openai:CreateChatCompletionStreamResponse.choices.items",
    .fields = choice_fields,
    .rules = choice_rules,
    .sample = JSON({"index": 0, "delta": {"content": "Hi"}, "finish_reason": null}),
};

/* --- the chunk */

#define SECONDS "created counts seconds since 1970: positive and below 10^11, as larger values are milliseconds"

static const struct field fields[] = {
    {"id", REQUIRED, .is = STR, CHARS(1, NONE), .says = "names the completion; the same in all its chunks", .sample = "\"chatcmpl-1\"",
     NOTES({MIN_CHARS_, CC_PORTABILITY})},
    {"object", REQUIRED, .is = STR, WORDS(W("chat.completion.chunk"))},
    {"created", REQUIRED, .is = INT, BETWEEN(1, 99999999999.0), .says = "when, in seconds since 1970; the same in all chunks",
     .sample = "1700000000",
     NOTES({MIN_, CC_SHOULD, .id = "stream.chunk.created.seconds", .says = SECONDS},
           {MAX_, CC_SHOULD, .id = "stream.chunk.created.seconds", .says = SECONDS})},
    {"model", REQUIRED, .is = STR, CHARS(1, NONE), .says = "the model that answers", .sample = "\"gpt-4o-mini\"",
     NOTES({MIN_CHARS_, CC_PORTABILITY})},
    {"choices", REQUIRED, .is = ARR, .says = "what is added to each choice; empty in the chunk of usage",
     EACH(.is = OBJ, .shape = &choice_shape_of_chunk, NOTES({TYPE_, .id = "stream.choices.item.type"})),
     .sample = JSON([{"index": 0, "delta": {"content": "Hi"}, "finish_reason": null}])},
    {"usage", .is = OBJ | NIL, .shape = &usage_shape, .says = "how many tokens it took, in the last chunk, when it was asked for",
     NOTES({TYPE_, .id = "stream.usage.type"})},
    {"system_fingerprint", .is = STR | NIL, .says = "which configuration of the backend answers", .sample = "\"fp_1\""},
    {"service_tier", .is = STR | NIL, .says = "the tier that serves it", .sample = "\"default\""},
    {"obfuscation", .is = STR, .profiles = CC_OPENAI, .says = "padding, so that sizes tell an observer nothing", .sample = "\"xyz\""},
    {"moderation", .is = OBJ | NIL, .shape = &moderation_shape, .profiles = CC_OPENAI,
     .says = "what moderation said, in a chunk of its own, when it was asked for", NOTES({TYPE_, .id = "stream.moderation.type"})},
    {"error", .says = "belongs to error envelopes", .ref = "openai:ErrorResponse"},
    {"prompt_filter_results", .says = "what Azure's content filter said about the prompt", .ref = "observed:Azure OpenAI",
     .sample = "null"},
    {0},
};

static bool error_is_absent(struct ask *ask) { return !is_set(get(ask->self, "error")); }
static bool filter_is_silent(struct ask *ask) { return !is_set(get(ask->self, "prompt_filter_results")); }

static bool filter_comes_with_a_delta(struct ask *ask) { return !is_filter_note(ask->self); }

static bool tier_is_known(struct ask *ask)
{
    static const char *const old[] = {"auto", "default", "flex", NULL}, *const new[] = {"scale", "priority", "fast", NULL};
    struct view tier = get(ask->self, "service_tier");
    for (const char *const *word = old; *word; word++)
        if (text_is(tier, *word)) return true;
    for (const char *const *word = new; *word && ask->profile == CC_OPENAI; word++)
        if (text_is(tier, *word)) return true;
    return false;
}

static bool indexes_differ(struct ask *ask)
{
    struct view repeated = repeated_value(ask, get(ask->self, "choices"), "index");
    return !there(repeated) || blame(ask, repeated);
}

#define NOTE {"index": 0, "finish_reason": null, "content_filter_offsets": {"check_offset": 44, "start_offset": 44, "end_offset": 198}}
#define PIECE(index) {"index": index, "delta": {"content": "Hi"}, "finish_reason": null}

static const struct rule rules[] = {
    {.id = "stream.error.member_in_chunk", .holds = error_is_absent, .level = CC_MUST, .says = "a chunk has no error member",
     .ref = "observed:openai/openai-python src/openai/_streaming.py", .when = "error", READS("error"),
     .good = JSON({"error": null}), .bad = JSON({"error": {"message": "m"}}),
     ABSORBS("stream.chunk.id.required", "stream.chunk.object.required", "stream.chunk.created.required", "stream.chunk.model.required",
             "stream.chunk.choices.required", "stream.choices.finish_reason.enum")},
    {.id = "stream.chunk.leading_filter", .holds = filter_is_silent, .level = CC_PORTABILITY,
     .says = "no chunk carries results of a content filter for the prompt; Azure opens each stream with one, without id and model",
     .ref = "observed:Azure OpenAI", .when = "prompt_filter_results",
     .good = JSON({"prompt_filter_results": null}),
     .bad = JSON({"prompt_filter_results": []})},
    {.id = "stream.chunk.filter_note", .holds = filter_comes_with_a_delta, .level = CC_PORTABILITY,
     .says = "no chunk holds results of a content filter alone; Azure's asynchronous filter sends such, without delta, id and model",
     .ref = "observed:Azure OpenAI", .when = "choices",
     .good = JSON({"choices": [{"index": 0, "delta": {}, "finish_reason": null}]}),
     .bad = EXPANDED({"id": "", "object": "", "created": 0, "model": "", "choices": [NOTE]}),
     ABSORBS("stream.chunk.id.non_empty", "stream.chunk.object.const", "stream.chunk.created.seconds", "stream.chunk.model.non_empty",
             "stream.choices.delta.required", "stream.choices.unknown_member")},
    {.id = "stream.chunk.service_tier.enum", .holds = tier_is_known, .level = CC_PORTABILITY,
     .says = "service_tier is a tier that the profile knows", .ref = "openai:CreateChatCompletionStreamResponse.service_tier",
     .when = "service_tier", READS("service_tier"), .good = JSON({"service_tier": "flex"}), .bad = JSON({"service_tier": "on_demand"})},
    {.id = "stream.choices.index.unique_in_chunk", .holds = indexes_differ, .level = CC_MUST,
     .says = "each choice occurs once in a chunk", .ref = "openai:CreateChatCompletionStreamResponse.choices",
     .when = "choices", READS("choices/*/index"),
     .good = EXPANDED({"choices": [PIECE(0), PIECE(1)]}), .bad = EXPANDED({"choices": [PIECE(0), PIECE(0)]})},
    {0},
};

const struct shape chunk_shape = {
    .ref = "openai:CreateChatCompletionStreamResponse",
    .fields = fields,
    .rules = rules,
    .sample = JSON({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "gpt-4o-mini",
                    "choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": null}]}),
};
