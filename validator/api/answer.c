/* answer.c: the message of a choice: text, refusal, calls, citations, audio. */
#include "validator/api/answer.h"
#include "validator/api/distinct.h"
#include "validator/api/forms.h"

static const struct field audio_fields[] = {
    {"id", REQUIRED, .is = STR, CHARS(1, NONE), .says = "names the audio, so that a later request can refer to it",
     .sample = "\"audio_1\""},
    {"data", REQUIRED, .is = STR, FORMS(&base64_form), .says = "the sound, in base64", .sample = "\"UklGRg==\""},
    {"transcript", REQUIRED, .is = STR, .says = "the words", .sample = "\"4\""},
    {"expires_at", REQUIRED, .is = INT, .says = "until when the server keeps it, in seconds since 1970", .sample = "1700003600"},
    {0},
};

const struct shape answer_audio_shape = {
    .name = "response.choices.message.audio",
    .ref = "openai:ChatCompletionResponseMessage.audio",
    .fields = audio_fields,
    .sample = JSON({"id": "audio_1", "data": "UklGRg==", "transcript": "four", "expires_at": 1700003600}),
};

#define NO_CALLS "tool_calls is left out, rather than null or empty, when nothing is called"

static const struct field fields[] = {
    {"role", REQUIRED, .is = STR, WORDS(W("assistant"))},
    {"content", REQUIRED, .is = STR | NIL, .says = "the text; null when the answer is something else", .sample = "\"4\"",
     NOTES({REQUIRED_, CC_PORTABILITY, .because = "a third of the recorded Groq answers with tool calls leave it out; SDKs cope"})},
    {"refusal", REQUIRED, .is = STR | NIL, .says = "why the model refuses, in its words", .sample = "null",
     NOTES({REQUIRED_, CC_HABIT, CC_OPENAI,
     .because = "the schema requires it; official examples and one recorded answer in six leave it out"})},
    {"tool_calls", .is = ARR, ITEMS(1, 128), EACH(.is = OBJ, .pick = &call_by_type), .says = "what the model calls",
     NOTES({NULL_, .id = "response.choices.message.tool_calls.null_or_empty", .says = NO_CALLS},
           {MIN_ITEMS_, CC_PORTABILITY, .id = "response.choices.message.tool_calls.null_or_empty", .says = NO_CALLS, .bad = "[]"},
           {MAX_ITEMS_, CC_PORTABILITY, .says = "a message has at most 128 tool calls, else it cannot be sent back",
            .ref = "observed:gptscript-ai/gptscript#547"})},
    {"function_call", .is = OBJ, .shape = &function_call_shape, .says = "the one function that the model calls"},
    CITATIONS_ROW,
    AUDIO_ROW,
    {"name", .is = NIL, .says = "belongs to messages of a request", .ref = "openai:ChatCompletionResponseMessage",
     NOTES({TYPE_, CC_SHOULD, .id = "response.choices.message.name_absent", .says = "a generated message has no name"})},
    {0},
};

static bool refusal_stands_alone(struct ask *ask)
{
    struct view content = get(ask->self, "content");
    return chars_of(get(ask->self, "refusal")) == 0 || chars_of(content) == 0 || blame(ask, content);
}

static bool audio_stands_alone(struct ask *ask)
{
    struct view content = get(ask->self, "content");
    return chars_of(content) == 0 || blame(ask, content);
}

static bool call_ids_differ(struct ask *ask)
{
    struct view repeated = repeated_value(ask, get(ask->self, "tool_calls"), "id");
    return !there(repeated) || blame(ask, repeated);
}

/* Who declared functions, in the older way, asked for the older answer. */
bool function_call_was_asked(struct ask *ask)
{
    return there(get(ask->request, "functions")) || !is_set(get(ask->self, "function_call")) || blame(ask, get(ask->self, "function_call"));
}

static const struct rule rules[] = {
    {.id = "response.choices.message.function_call.deprecated", .holds = function_call_was_asked, .level = CC_DEPRECATED,
     .says = "function_call is left out, as it is deprecated, but for requests with functions",
     .ref = "openai:ChatCompletionResponseMessage.function_call", .when = "function_call", READS("function_call"), .good = JSON({}),
     .bad = JSON({"function_call": {"name": "get_weather", "arguments": "{}"}})},
    {.id = "response.choices.message.refusal.excludes_content", .holds = refusal_stands_alone, .level = CC_SHOULD,
     .says = "a message that refuses has no content", .ref = "newapi:response.message.refusal",
     .when = "refusal", READS("refusal", "content"),
     .good = JSON({"content": null, "refusal": "I cannot help with that."}),
     .bad = JSON({"content": "4", "refusal": "I cannot help with that."})},
    {.id = "response.choices.message.audio.content_null", .holds = audio_stands_alone, .level = CC_SHOULD,
     .says = "a spoken answer has no content; its words are in the transcript", .ref = "newapi:response.audio",
     .when = "audio", READS("audio", "content"),
     .good = JSON({"content": null, "audio": {"id": "audio_1", "data": "UklGRg==", "transcript": "four", "expires_at": 1700003600}}),
     .bad = JSON({"content": "4", "audio": {"id": "audio_1", "data": "UklGRg==", "transcript": "four", "expires_at": 1700003600}})},
    {.id = "response.choices.message.tool_calls.id.unique", .holds = call_ids_differ, .level = CC_MUST,
     .says = "the tool calls of a message have different ids", .ref = "newapi:response.tool_calls.id",
     .when = "tool_calls", READS("tool_calls/*/id"),
     .good = JSON({"tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}},
                                  {"id": "call_2", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]}),
     .bad = JSON({"tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}},
                                 {"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]})},
    {.id = "response.choices.message.annotations.url_citation.bounds", .holds = citations_lie_in_content, .level = CC_SHOULD,
     .says = "both indexes of a citation lie within the text of content", .ref = "newapi:response.annotations",
     .when = "annotations", READS("annotations", "content"),
     .good = JSON({"content": "4", "annotations": [{"type": "url_citation", "url_citation":
                   {"start_index": 0, "end_index": 1, "url": "https://example.com/a", "title": "A page"}}]}),
     .bad = JSON({"content": "4", "annotations": [{"type": "url_citation", "url_citation":
                  {"start_index": 0, "end_index": 2, "url": "https://example.com/a", "title": "A page"}}]})},
    {0},
};

const struct shape answer_message_shape = {
    .ref = "openai:ChatCompletionResponseMessage",
    .fields = fields,
    .rules = rules,
    .sample = JSON({"role": "assistant", "content": null, "refusal": null}),
};
