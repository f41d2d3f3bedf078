/* request_rules.c: what must hold between the parameters of a request. Predicates about messages stand in conversation.c, about tools in
 * tool_choice.c; the rest stand here, above the one table of all. */
#include "validator/api/distinct.h"
#include "validator/api/forms.h"
#include "validator/api/request.h"

static struct view param(struct ask *ask, const char *name) { return get(ask->self, name); }

/* --- sampling and length */

static bool is_moved(struct view number) { return is(number, NUM) && number_of(number, 1) != 1; }
static bool sampling_is_moved_once(struct ask *ask) { return !is_moved(param(ask, "temperature")) || !is_moved(param(ask, "top_p")); }
static bool one_length_is_set(struct ask *ask) { return !is_set(param(ask, "max_completion_tokens")); }
static bool top_logprobs_have_logprobs(struct ask *ask) { return is_true(param(ask, "logprobs")); }

/* integer_of() gives the other value exactly when 64 bits do not hold the number. */
static bool seed_fits_64_bits(struct ask *ask)
{
    struct view seed = param(ask, "seed");
    return !is(seed, INT) || integer_of(seed, 0) == integer_of(seed, 1);
}

static bool biases_are_whole(struct ask *ask)
{
    for (EVERY(bias, param(ask, "logit_bias")))
        if (!is_whole(bias)) return blame(ask, bias);
    return true;
}

static bool parallel_calls_are_thought_about(struct ask *ask)
{
    return !is_true(param(ask, "parallel_tool_calls")) || !text_is(param(ask, "reasoning_effort"), "minimal");
}

/* --- lists that repeat themselves */

static bool stops_differ(struct ask *ask)
{
    struct view again = repeated_value(ask, param(ask, "stop"), NULL);
    return !there(again) || blame(ask, again);
}

static bool modalities_differ(struct ask *ask)
{
    struct view again = repeated_value(ask, param(ask, "modalities"), NULL);
    return !there(again) || blame(ask, again);
}

/* --- sound */

static bool lists(struct view array, const char *word)
{
    for (EVERY(item, array))
        if (text_is(item, word)) return true;
    return false;
}

static bool wants_audio(struct ask *ask) { return lists(param(ask, "modalities"), "audio"); }
static bool audio_comes_with_text(struct ask *ask) { return !wants_audio(ask) || lists(param(ask, "modalities"), "text"); }
static bool described_audio_is_wanted(struct ask *ask) { return wants_audio(ask); }

static bool wanted_audio_is_described(struct ask *ask)
{
    return !wants_audio(ask) || is_set(param(ask, "audio")) || blame_missing(ask, ask->self, "audio");
}

static bool streamed_audio_is_pcm16(struct ask *ask)
{
    struct view format = get(param(ask, "audio"), "format");
    return !is_true(param(ask, "stream")) || text_is(format, "pcm16") || blame(ask, format);
}

/* --- parts of all messages */

/* Calls `each` for every content part until it returns false. */
static bool all_parts(struct ask *ask, bool (*each)(struct view part, void *context), void *context)
{
    for (EVERY(message, param(ask, "messages"))) {
        struct view content = get(message, "content");
        if (!is(content, ARR)) continue;
        for (EVERY(part, content))
            if (!each(part, context)) return false;
    }
    return true;
}

struct tally {
    size_t left;        /* how many more are fine */
    struct view beyond; /* the first that is too many */
};

static bool tally_part(struct tally *tally, struct view part)
{
    if (tally->left-- > 0) return true;
    tally->beyond = part;
    return false;
}

enum { IMAGES_MAX = 500, BREAKPOINTS_EXPLICIT = 4, BREAKPOINTS_IMPLICIT = 3 };

static bool tally_image(struct view part, void *tally)
{
    return !text_is(get(part, "type"), "image_url") || tally_part(tally, part);
}

static bool tally_breakpoint(struct view part, void *tally)
{
    return !is_set(get(part, "prompt_cache_breakpoint")) || tally_part(tally, part);
}

static bool no_sound_part(struct view part, void *unused)
{
    (void)unused;
    return !text_is(get(part, "type"), "input_audio");
}

static bool images_are_few(struct ask *ask)
{
    struct tally tally = {.left = IMAGES_MAX};
    return all_parts(ask, tally_image, &tally) || blame(ask, tally.beyond);
}

/* How much images may weigh, one and all of them. */
struct scale {
    struct ask *ask;
    size_t one, all;    /* bytes */
    size_t total;
    struct view beyond; /* the image that is too much */
};

enum { MEGABYTE = 1 << 20 };

/* Only images that are in the request themselves weigh anything. */
static size_t image_size(struct ask *ask, struct view url)
{
    struct text text = text_of(ask, url);
    struct data_url parts;
    if (!text.bytes || !data_url_split(text.bytes, text.length, &parts)) return 0;
    return base64_size(parts.payload.bytes, parts.payload.length);
}

static bool weigh_image(struct view part, void *context)
{
    struct scale *scale = context;
    struct view url = get(get(part, "image_url"), "url");
    size_t size = image_size(scale->ask, url);
    scale->total += size;
    scale->beyond = url;
    return size <= scale->one && scale->total <= scale->all;
}

static bool images_are_light(struct ask *ask)
{
    struct scale scale = {.ask = ask, .one = 20 * MEGABYTE, .all = 50 * MEGABYTE};
    return all_parts(ask, weigh_image, &scale) || blame(ask, scale.beyond);
}

static bool stored_images_are_light(struct ask *ask)
{
    struct scale scale = {.ask = ask, .one = 8 * MEGABYTE, .all = SIZE_MAX};
    return !is_true(param(ask, "store")) || all_parts(ask, weigh_image, &scale) || blame(ask, scale.beyond);
}

/* In implicit mode the endpoint sets one more by itself. */
static bool breakpoints_are_few(struct ask *ask)
{
    bool explicit_mode = text_is(get(param(ask, "prompt_cache_options"), "mode"), "explicit");
    struct tally tally = {.left = explicit_mode ? BREAKPOINTS_EXPLICIT : BREAKPOINTS_IMPLICIT};
    return all_parts(ask, tally_breakpoint, &tally) || blame(ask, get(tally.beyond, "prompt_cache_breakpoint"));
}

/* --- prediction: what cannot be combined with it */

static bool prediction_gives_one_answer(struct ask *ask) { return number_of(param(ask, "n"), 1) == 1 || blame(ask, param(ask, "n")); }
static bool prediction_has_no_logprobs(struct ask *ask) { return !is_true(param(ask, "logprobs")) || blame(ask, param(ask, "logprobs")); }

static bool penalty_is_not_positive(struct ask *ask, const char *name)
{
    return number_of(param(ask, name), 0) <= 0 || blame(ask, param(ask, name));
}

static bool prediction_has_no_presence_penalty(struct ask *ask) { return penalty_is_not_positive(ask, "presence_penalty"); }
static bool prediction_has_no_frequency_penalty(struct ask *ask) { return penalty_is_not_positive(ask, "frequency_penalty"); }
static bool prediction_is_silent(struct ask *ask) { return !wants_audio(ask) && all_parts(ask, no_sound_part, NULL); }

static bool prediction_has_no_token_limit(struct ask *ask)
{
    struct view limit = param(ask, "max_completion_tokens");
    return !is_set(limit) || blame(ask, limit);
}

static bool prediction_has_no_tools(struct ask *ask) { return count(param(ask, "tools")) == 0 && count(param(ask, "functions")) == 0; }

/* --- storing and streaming */

static bool metadata_is_stored(struct ask *ask) { return count(param(ask, "metadata")) == 0 || is_true(param(ask, "store")); }
static bool stream_options_have_a_stream(struct ask *ask) { return is_true(param(ask, "stream")); }

/* --- the word json */

static bool bytes_mention_json(const char *bytes, size_t length)
{
    for (size_t i = 0; i + 4 <= length; i++)
        if ((bytes[i] == 'j' || bytes[i] == 'J') && text_equals_any_case((struct text){bytes + i, 4}, "json")) return true;
    return false;
}

/* As it stands first: unescaping costs memory and hardly ever brings the word to light. */
static bool string_mentions_json(struct ask *ask, struct view string)
{
    if (!is(string, STR)) return false;
    const struct value *v = value_of(string);
    if (bytes_mention_json(string.doc->text + v->offset, v->length)) return true;
    if (!(v->flags & V_ESCAPED)) return false;
    struct text text = text_of(ask, string);
    return bytes_mention_json(text.bytes, text.length);
}

static bool message_mentions_json(struct ask *ask, struct view message)
{
    struct view content = get(message, "content");
    if (string_mentions_json(ask, content)) return true;
    if (is(content, ARR))
        for (EVERY(part, content))
            if (string_mentions_json(ask, get(part, "text"))) return true;
    for (EVERY(call, get(message, "tool_calls")))
        if (string_mentions_json(ask, get(get(call, "function"), "arguments"))) return true;
    return false;
}

static bool json_object_is_mentioned(struct ask *ask)
{
    if (!text_is(get(param(ask, "response_format"), "type"), "json_object")) return true;
    for (EVERY(message, param(ask, "messages")))
        if (message_mentions_json(ask, message)) return true;
    return blame(ask, param(ask, "messages"));
}

/* --- the table */

#define CALL(id_) {"id": id_, "type": "function", "function": {"name": "f", "arguments": "{}"}}
#define ASSISTANT(...) {"role": "assistant", "tool_calls": [__VA_ARGS__]}
#define ANSWER(id_) {"role": "tool", "tool_call_id": id_, "content": "ok"}
#define USER {"role": "user", "content": "Hello"}
#define PREDICTION "prediction": {"type": "content", "content": "Hello"}
#define TOOL {"type": "function", "function": {"name": "f"}}
#define POINT {"type": "text", "text": "Hello", "prompt_cache_breakpoint": {"mode": "explicit"}}
/* JSON() that sees through the words above. It sees through true and false as well, which are macros of C: no good for those. */
#define WITH(...) JSON(__VA_ARGS__)

const struct rule request_rules[] = {
    /* who speaks */
    {"request.messages.developer_system_mix", roles_are_not_mixed, CC_PORTABILITY,
     .says = "one conversation does not mix developer and system messages",
     .ref = "observed:Azure reasoning models", .when = "messages/*:developer messages/*:system", READS("messages/*/role"),
     .good = WITH({"messages": [{"role": "system", "content": "a"}, USER]}),
     .bad = WITH({"messages": [{"role": "system", "content": "a"}, {"role": "developer", "content": "b"}, USER]})},
    {"request.messages.has_input", someone_asks, CC_SHOULD,
     .says = "at least one message is a user's, a tool's or a function's",
     .ref = "newapi:messages", .when = "messages", READS("messages/*/role"),
     .good = WITH({"messages": [USER]}), .bad = WITH({"messages": [{"role": "system", "content": "a"}]})},

    /* calls and answers */
    {"request.messages.tool.sequence.preceded", tool_messages_follow_calls, CC_MUST,
     .says = "a tool message follows an assistant message with tool_calls, with only tool messages in between",
     .ref = "newapi:messages.tool", .when = "messages/*:tool", READS("messages/*/role", "messages/*/tool_calls"),
     .good = WITH({"messages": [USER, ASSISTANT(CALL("c1")), ANSWER("c1")]}), .bad = WITH({"messages": [USER, ANSWER("c1")]})},
    {"request.messages.tool.sequence.id_known", tool_messages_name_calls, CC_MUST,
     .says = "the tool_call_id of a tool message is the id of one of the calls before it",
     .ref = "openai:ChatCompletionRequestToolMessage.tool_call_id", .when = "messages/*:tool",
     READS("messages/*/role", "messages/*/tool_calls/*/id", "messages/*/tool_call_id"),
     .good = WITH({"messages": [USER, ASSISTANT(CALL("c1"), CALL("c2")), ANSWER("c2"), ANSWER("c1")]}),
     .bad = WITH({"messages": [USER, ASSISTANT(CALL("c1")), ANSWER("c2")]})},
    {"request.messages.tool.sequence.answered_once", calls_are_answered_once, CC_MUST,
     .says = "a call is answered by one tool message only",
     .ref = "observed:api.openai.com", .when = "messages/*:tool",
     READS("messages/*/role", "messages/*/tool_calls/*/id", "messages/*/tool_call_id"),
     .good = WITH({"messages": [USER, ASSISTANT(CALL("c1")), ANSWER("c1")]}),
     .bad = WITH({"messages": [USER, ASSISTANT(CALL("c1")), ANSWER("c1"), ANSWER("c1")]})},
    {"request.messages.assistant.sequence.all_answered", calls_are_all_answered, CC_MUST,
     .says = "every call of an assistant message has its tool message before anyone else speaks and before the list ends",
     .ref = "observed:api.openai.com", .when = "messages/*/tool_calls", READS("messages/*/role", "messages/*/tool_calls/*/id"),
     .good = WITH({"messages": [USER, ASSISTANT(CALL("c1")), ANSWER("c1"), USER]}),
     .bad = WITH({"messages": [USER, ASSISTANT(CALL("c1")), USER]})},
    {"request.messages.assistant.tool_calls.id.unique_conversation", call_ids_differ_everywhere, CC_PORTABILITY,
     .says = "the ids of calls differ over the whole conversation",
     .ref = "observed:other providers", .when = "messages/*/tool_calls", READS("messages/*/role", "messages/*/tool_calls/*/id"),
     .good = WITH({"messages": [USER, ASSISTANT(CALL("c1")), ANSWER("c1"), ASSISTANT(CALL("c2")), ANSWER("c2")]}),
     .bad = WITH({"messages": [USER, ASSISTANT(CALL("c1")), ANSWER("c1"), ASSISTANT(CALL("c1")), ANSWER("c1")]})},
    {"request.messages.assistant.tool_calls.known_tool", past_calls_name_tools, CC_SHOULD,
     .says = "a call of the history names a tool that is still declared",
     .ref = "newapi:tools", .when = "messages/*/tool_calls", READS("messages/*/role", "messages/*/tool_calls", "tools"),
     .good = WITH({"messages": [USER, ASSISTANT(CALL("c1")), ANSWER("c1")], "tools": [TOOL]}),
     .bad = WITH({"messages": [USER, ASSISTANT(CALL("c1")), ANSWER("c1")], "tools": [{"type": "function", "function": {"name": "g"}}]})},
    {"request.messages.function.sequence", function_messages_answer_calls, CC_SHOULD,
     .says = "a function message answers the function_call of the assistant message right before it, by the same name",
     .ref = "newapi:messages.function", .when = "messages/*:function",
     READS("messages/*/role", "messages/*/name", "messages/*/function_call"),
     .good = WITH({"messages": [USER, {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
                                {"role": "function", "name": "f", "content": "ok"}]}),
     .bad = WITH({"messages": [USER, {"role": "function", "name": "f", "content": "ok"}]})},

    /* parts */
    {"request.content_part.image_url.max_count", images_are_few, CC_SHOULD, CC_OPENAI,
     .says = "a request has at most 500 images",
     .ref = "observed:guide to images", .when = "messages/*/content/*:image_url", READS("messages/*/content")},
    {"request.content_part.image_url.max_bytes", images_are_light, CC_SHOULD,
     .says = "an image has at most 20 MB, all images of a request together at most 50 MB",
     .ref = "observed:guide to images", .when = "messages/*/content/*:image_url", READS("messages/*/content")},
    {"request.content_part.image_url.store_8mb", stored_images_are_light, CC_SHOULD, CC_OPENAI,
     .says = "with store true no image has more than 8 MB, as larger ones are dropped from the record",
     .ref = "openai:CreateChatCompletionRequest.store", .when = "messages/*/content/*:image_url", READS("messages/*/content", "store")},
    {"request.content_part.prompt_cache_breakpoint.count", breakpoints_are_few, CC_SHOULD, CC_OPENAI,
     .says = "a request has at most four explicit breakpoints, or three in implicit mode",
     .ref = "openai:PromptCacheOptionsParam", .when = "messages/*/content/*/prompt_cache_breakpoint",
     READS("messages/*/content", "prompt_cache_options/mode"),
     .good = WITH({"messages": [{"role": "user", "content": [POINT, POINT, POINT]}]}),
     .bad = WITH({"messages": [{"role": "user", "content": [POINT, POINT, POINT, POINT]}]})},

    /* sampling and length */
    {"request.sampling.both", sampling_is_moved_once, CC_SHOULD,
     .says = "temperature and top_p are not both moved away from 1",
     .ref = "newapi:temperature", .when = "temperature", READS("temperature", "top_p"),
     .good = JSON({"temperature": 0.2, "top_p": 1}), .bad = JSON({"temperature": 0.2, "top_p": 0.5})},
    {"request.seed.range", seed_fits_64_bits, CC_MUST,
     .says = "seed fits a signed 64-bit integer",
     .ref = "openai:CreateChatCompletionRequest.seed", .when = "seed", READS("seed"),
     .good = JSON({"seed": 9007199254740991}), .bad = JSON({"seed": 9223372036854775808}), ABSORBS("json.int_precision")},
    {"request.logit_bias.value.type.integer", biases_are_whole, CC_PORTABILITY,
     .says = "each value of logit_bias is an integer",
     .ref = "openai:CreateChatCompletionRequest.logit_bias", .when = "logit_bias", READS("logit_bias"),
     .good = JSON({"logit_bias": {"1": 5}}), .bad = JSON({"logit_bias": {"1": 0.5}})},
    {"request.top_logprobs.requires_logprobs", top_logprobs_have_logprobs, CC_MUST,
     .says = "top_logprobs is given only when logprobs is true",
     .ref = "openai:CreateChatCompletionRequest.top_logprobs", .when = "top_logprobs", READS("top_logprobs", "logprobs"),
     .good = JSON({"logprobs": true, "top_logprobs": 2}), .bad = JSON({"top_logprobs": 0})},
    {"request.max_tokens.exclusive", one_length_is_set, CC_MUST,
     .says = "max_tokens and max_completion_tokens are not both set",
     .ref = "observed:api.openai.com", .when = "max_tokens", READS("max_tokens", "max_completion_tokens"),
     .good = JSON({"max_completion_tokens": 5}), .bad = JSON({"max_tokens": 5, "max_completion_tokens": 5})},
    {"request.stop.unique", stops_differ, CC_SHOULD,
     .says = "no stop sequence is listed twice",
     .ref = "newapi:stop", .when = "stop", READS("stop"),
     .good = JSON({"stop": ["a", "b"]}), .bad = JSON({"stop": ["a", "b", "a"]})},

    /* sound */
    {"request.modalities.unique", modalities_differ, CC_SHOULD,
     .says = "no modality is listed twice",
     .ref = "newapi:modalities", .when = "modalities", READS("modalities"),
     .good = JSON({"modalities": ["text"]}), .bad = JSON({"modalities": ["text", "text"]})},
    {"request.modalities.combination", audio_comes_with_text, CC_PORTABILITY,
     .says = "audio is asked for together with text",
     .ref = "newapi:modalities", .when = "modalities", READS("modalities"),
     .good = JSON({"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}),
     .bad = JSON({"modalities": ["audio"], "audio": {"voice": "alloy", "format": "wav"}})},
    {"request.audio.required_for_modality", wanted_audio_is_described, CC_MUST,
     .says = "audio is given when modalities has audio",
     .ref = "openai:CreateChatCompletionRequest.audio", .when = "modalities", READS("modalities", "audio"),
     .good = JSON({"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}),
     .bad = JSON({"modalities": ["text", "audio"]})},
    {"request.audio.requires_modality", described_audio_is_wanted, CC_SHOULD,
     .says = "audio is given only when modalities has audio",
     .ref = "openai:CreateChatCompletionRequest.audio", .when = "audio", READS("audio", "modalities"),
     .good = JSON({"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}}),
     .bad = JSON({"audio": {"voice": "alloy", "format": "wav"}})},
    {"request.audio.format.stream_pcm16", streamed_audio_is_pcm16, CC_MUST, CC_OPENAI,
     .says = "the format of streamed audio is pcm16",
     .ref = "observed:api.openai.com", .when = "audio", READS("audio/format", "stream"),
     .good = JSON({"stream": true, "modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "pcm16"}}),
     .bad = JSON({"stream": true, "modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}})},

    /* prediction */
    {"request.prediction.conflict.n", prediction_gives_one_answer, CC_MUST, CC_OPENAI,
     .says = "n is 1 beside prediction",
     .ref = "observed:Azure, 2025-04", .when = "prediction", READS("prediction", "n"),
     .good = WITH({PREDICTION, "n": 1}), .bad = WITH({PREDICTION, "n": 2})},
    {"request.prediction.conflict.logprobs", prediction_has_no_logprobs, CC_MUST, CC_OPENAI,
     .says = "logprobs is not true beside prediction",
     .ref = "observed:Azure, 2025-04", .when = "prediction", READS("prediction", "logprobs"),
     .good = JSON({"prediction": {"type": "content", "content": "Hello"}, "logprobs": false}),
     .bad = JSON({"prediction": {"type": "content", "content": "Hello"}, "logprobs": true})},
    {"request.prediction.conflict.presence_penalty", prediction_has_no_presence_penalty, CC_MUST, CC_OPENAI,
     .says = "presence_penalty is not above 0 beside prediction",
     .ref = "observed:Azure, 2025-04", .when = "prediction", READS("prediction", "presence_penalty"),
     .good = WITH({PREDICTION, "presence_penalty": -1}), .bad = WITH({PREDICTION, "presence_penalty": 0.5})},
    {"request.prediction.conflict.frequency_penalty", prediction_has_no_frequency_penalty, CC_MUST, CC_OPENAI,
     .says = "frequency_penalty is not above 0 beside prediction",
     .ref = "observed:Azure, 2025-04", .when = "prediction", READS("prediction", "frequency_penalty"),
     .good = WITH({PREDICTION, "frequency_penalty": 0}), .bad = WITH({PREDICTION, "frequency_penalty": 0.5})},
    {"request.prediction.conflict.audio", prediction_is_silent, CC_MUST, CC_OPENAI,
     .says = "no audio goes in or out beside prediction",
     .ref = "observed:Azure, 2025-04", .when = "prediction", READS("prediction", "modalities", "messages/*/content"),
     .good = WITH({PREDICTION, "modalities": ["text"]}),
     .bad = WITH({PREDICTION, "modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}})},
    {"request.prediction.conflict.max_completion_tokens", prediction_has_no_token_limit, CC_MUST, CC_OPENAI,
     .says = "max_completion_tokens is absent beside prediction",
     .ref = "observed:Azure, 2025-04", .when = "prediction", READS("prediction", "max_completion_tokens"),
     .good = WITH({PREDICTION}), .bad = WITH({PREDICTION, "max_completion_tokens": 9})},
    {"request.prediction.conflict.tools", prediction_has_no_tools, CC_MUST, CC_OPENAI,
     .says = "no tools and no functions are declared beside prediction",
     .ref = "observed:Azure, 2025-04", .when = "prediction", READS("prediction", "tools", "functions"),
     .good = WITH({PREDICTION}), .bad = WITH({PREDICTION, "tools": [TOOL]})},

    /* storing and streaming */
    {"request.metadata.requires_store", metadata_is_stored, CC_MUST, CC_OPENAI,
     .says = "metadata is given only when store is true",
     .ref = "observed:api.openai.com, 2026-04", .when = "metadata", READS("metadata", "store"),
     .good = JSON({"store": true, "metadata": {"k": "v"}}), .bad = JSON({"metadata": {"k": "v"}})},
    {"request.stream_options.requires_stream", stream_options_have_a_stream, CC_MUST,
     .says = "stream_options is given only when stream is true",
     .ref = "openai:ChatCompletionStreamOptions", .when = "stream_options", READS("stream_options", "stream"),
     .good = JSON({"stream": true, "stream_options": {"include_usage": true}}), .bad = JSON({"stream_options": {"include_usage": true}})},

    /* the form of the answer */
    {"request.response_format.json_object.mentions_json", json_object_is_mentioned, CC_MUST,
     .says = "with response_format json_object, some message mentions the word json",
     .ref = "openai:ResponseFormatJsonObject", .when = "response_format", READS("response_format/type", "messages"),
     .good = JSON({"response_format": {"type": "json_object"}, "messages": [{"role": "user", "content": "Answer in JSON"}]}),
     .bad = JSON({"response_format": {"type": "json_object"}})},

    /* tools */
    {"request.tool_choice.requires_tools", choice_has_tools, CC_MUST, CC_OPENAI,
     .says = "tool_choice is given only when there are tools",
     .ref = "observed:api.openai.com", .when = "tool_choice", READS("tool_choice", "tools"),
     .good = WITH({"tool_choice": "auto", "tools": [TOOL]}), .bad = JSON({"tool_choice": "auto"})},
    {"request.tool_choice.required_needs_tools", demanded_call_has_tools, CC_MUST,
     .says = "a tool_choice that demands a call, required or an object, is given only when there are tools",
     .ref = "openai:ChatCompletionToolChoiceOption", .when = "tool_choice", READS("tool_choice", "tools"),
     .good = WITH({"tool_choice": "required", "tools": [TOOL]}), .bad = JSON({"tool_choice": "required"})},
    {"request.tool_choice.function.declared", chosen_function_is_declared, CC_MUST,
     .says = "the function that tool_choice names is declared in tools",
     .ref = "openai:ChatCompletionNamedToolChoice", .when = "tool_choice", READS("tool_choice", "tools"),
     .good = WITH({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "f"}}}),
     .bad = WITH({"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "g"}}})},
    {"request.tool_choice.custom.declared", chosen_custom_tool_is_declared, CC_MUST, CC_OPENAI,
     .says = "the custom tool that tool_choice names is declared in tools",
     .ref = "openai:ChatCompletionNamedToolChoiceCustom", .when = "tool_choice", READS("tool_choice", "tools"),
     .good = WITH({"tools": [{"type": "custom", "custom": {"name": "t"}}], "tool_choice": {"type": "custom", "custom": {"name": "t"}}}),
     .bad = WITH({"tools": [{"type": "custom", "custom": {"name": "t"}}], "tool_choice": {"type": "custom", "custom": {"name": "u"}}})},
    {"request.tool_choice.allowed_tools.tools.declared", allowed_tools_are_declared, CC_MUST, CC_OPENAI,
     .says = "each allowed tool has the type and name of a declared tool",
     .ref = "openai:ChatCompletionAllowedTools.tools", .when = "tool_choice", READS("tool_choice", "tools"),
     .good = WITH({"tools": [TOOL], "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [TOOL]}}}),
     .bad = WITH({"tools": [{"type": "function", "function": {"name": "g"}}],
                  "tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [TOOL]}}})},
    {"request.parallel_tool_calls.requires_tools", parallel_calls_have_tools, CC_MUST, CC_OPENAI,
     .says = "parallel_tool_calls is given only when there are tools",
     .ref = "observed:api.openai.com", .when = "parallel_tool_calls", READS("parallel_tool_calls", "tools"),
     .good = JSON({"parallel_tool_calls": false, "tools": [{"type": "function", "function": {"name": "f"}}]}),
     .bad = JSON({"parallel_tool_calls": true})},
    {"request.reasoning_model.parallel_minimal", parallel_calls_are_thought_about, CC_PORTABILITY, CC_OPENAI,
     .says = "parallel_tool_calls true is not combined with reasoning_effort minimal",
     .ref = "observed:MicrosoftDocs/azure-ai-docs", .when = "parallel_tool_calls", READS("parallel_tool_calls", "reasoning_effort"),
     .good = JSON({"parallel_tool_calls": false, "reasoning_effort": "minimal", "tools": [{"type": "function", "function": {"name": "f"}}]}),
     .bad = JSON({"parallel_tool_calls": true, "reasoning_effort": "minimal", "tools": [{"type": "function", "function": {"name": "f"}}]})},
    {"request.tools.name.unique", tool_names_differ, CC_PORTABILITY,
     .says = "no two tools share a name",
     .ref = "observed:other providers", .when = "tools", READS("tools"),
     .good = WITH({"tools": [TOOL]}), .bad = WITH({"tools": [TOOL, TOOL]})},

    /* the deprecated pair */
    {"request.functions.tools_exclusive", functions_replace_no_tools, CC_SHOULD,
     .says = "functions and tools are not used together",
     .ref = "newapi:functions", .when = "functions", READS("functions", "tools"),
     .good = WITH({"tools": [TOOL]}), .bad = WITH({"tools": [TOOL], "functions": [{"name": "f"}]})},
    {"request.function_call.requires_functions", function_call_has_functions, CC_SHOULD,
     .says = "function_call is given only when functions is given",
     .ref = "newapi:function_call", .when = "function_call", READS("function_call", "functions"),
     .good = JSON({"functions": [{"name": "f"}], "function_call": "auto"}), .bad = JSON({"function_call": "auto"})},
    {"request.function_call.declared", called_function_is_declared, CC_MUST,
     .says = "the function that function_call names is one of functions",
     .ref = "newapi:function_call", .when = "function_call", READS("function_call", "functions"),
     .good = JSON({"functions": [{"name": "f"}], "function_call": {"name": "f"}}),
     .bad = JSON({"functions": [{"name": "f"}], "function_call": {"name": "g"}})},
    {0},
};
