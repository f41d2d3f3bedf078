/* message.c: the messages of a conversation, one shape a role. What must hold between messages stands in conversation.c. */
#include "validator/api/distinct.h"
#include "validator/api/forms.h"
#include "validator/api/request.h"

#include <string.h>

/* --- what messages of several roles have */

/* The endpoint ignores members of other roles; a client that sends one expects something of it. */
#define MESSAGE_NOTES \
    NOTES({UNKNOWN_, .id = "request.messages.foreign_members", .says = "a message has only the members of its role", \
           .ref = "openai:ChatCompletionRequestMessage"}, \
          {UNKNOWN_, .below = true, .id = "request.body.nested_unknown_member", .says = "objects in the request have only known members"})

#define PARTS_ROW \
    EACH(.is = OBJ, .pick = &part_by_type, .ref = "openai:ChatCompletionRequestUserMessageContentPart", \
         NOTES({TYPE_, .id = "request.content_part.type_object", .says = "each element of an array content is an object"}))

/* Content that must be there: null is as good as nothing. */
#define CONTENT_ROW(...) \
    {"content", REQUIRED | NULL_IS_MISSING, .is = STR | ARR, ITEMS(1, NONE), PARTS_ROW, PARTS(__VA_ARGS__), .sample = "\"Hello\"", \
     .says = "text, or an array of content parts"}

#define NAME_ROW \
    {"name", .is = STR, CHARS(1, 64), .says = "tells participants of the same role apart", .sample = "\"alice\"", \
     NOTES({MIN_CHARS_, CC_PORTABILITY, .id = "request.messages.name.max_length", \
            .says = "the name of a participant has 1 to 64 characters", .ref = "observed:api.openai.com"}, \
           {MAX_CHARS_, CC_PORTABILITY, .id = "request.messages.name.max_length"})}

/* White space and < | \ / > are refused today; until 2024 only letters, digits, _ and - were taken, and many servers still ask for that. */
static bool name_has_no_markup(struct ask *ask)
{
    struct text name = text_of(ask, get(ask->self, "name"));
    for (size_t i = 0; i < name.length; i++)
        if (text_is_blank(name.bytes + i, 1) || memchr("<|\\/>", name.bytes[i], 5)) return false;
    return true;
}

static bool name_is_plain(struct ask *ask)
{
    struct text name = text_of(ask, get(ask->self, "name"));
    return text_is_tool_name(name.bytes, name.length);
}

#define NAME_RULES \
    {"request.messages.name.pattern.current", name_has_no_markup, CC_MUST, CC_OPENAI, \
     .says = "the name of a participant has no white space and none of < | \\ / >", .ref = "observed:api.openai.com, 2025", \
     .when = "name", READS("name"), .good = JSON({"name": "alice"}), .bad = JSON({"name": "Agent One"})}, \
    {"request.messages.name.pattern.legacy", name_is_plain, CC_PORTABILITY, \
     .says = "the name of a participant uses only letters, digits, _ and -", .ref = "observed:api.openai.com, 2024", .when = "name", \
     READS("name"), .good = JSON({"name": "agent_1"}), .bad = JSON({"name": "agent.one"})}

/* --- text that says nothing: legal, but refused by several providers behind a gateway */

/* True when a string begins with something to read. Looks at the raw text, as most texts answer with their first byte. */
static bool string_says_something(struct ask *ask, struct view string)
{
    const char *raw = string.doc->text + value_of(string)->offset;
    if (value_of(string)->length && (unsigned char)raw[0] > ' ' && raw[0] != '\\') return true;
    struct text text = text_of(ask, string);
    return text_says_something(text.bytes, text.length);
}

static bool parts_say_something(struct ask *ask, struct view parts)
{
    for (EVERY(part, parts)) {
        struct view text = get(part, "text");
        if (is(text, STR) && !string_says_something(ask, text)) return blame(ask, text);
    }
    return true;
}

static bool content_says_something(struct ask *ask)
{
    struct view content = get(ask->self, "content");
    return is(content, STR) ? string_says_something(ask, content) : parts_say_something(ask, content);
}

/* Beside calls an empty content is what many clients send, and no server minds. */
static bool answer_says_something(struct ask *ask)
{
    return content_says_something(ask) || count(get(ask->self, "tool_calls")) || is_set(get(ask->self, "function_call"));
}

#define CONTENT_RULE(holds_) \
    {"request.messages.content.non_blank", holds_, CC_PORTABILITY, .says = "text content is not empty or only white space", \
     .ref = "observed:other providers behind gateways", .when = "content", READS("content"), .good = JSON({"content": "Hello"}), \
     .bad = JSON({"content": " "})}

static const struct rule instruction_rules[] = {CONTENT_RULE(content_says_something), NAME_RULES, {0}};

/* --- developer, system, user */

static const struct field instruction_fields[] = {CONTENT_ROW(W("text")), NAME_ROW, {0}};

static const struct shape developer_shape = {
    .name = "request.messages.developer",
    .ref = "openai:ChatCompletionRequestDeveloperMessage",
    .fields = instruction_fields,
    .rules = instruction_rules,
    MESSAGE_NOTES,
    .sample = JSON({"role": "developer", "content": "Answer briefly."}),
};

static const struct shape system_shape = {
    .name = "request.messages.system",
    .ref = "openai:ChatCompletionRequestSystemMessage",
    .fields = instruction_fields,
    .rules = instruction_rules,
    MESSAGE_NOTES,
    .sample = JSON({"role": "system", "content": "Answer briefly."}),
};

static const struct field user_fields[] = {CONTENT_ROW(W("text"), W("image_url"), W("input_audio"), W("file")), NAME_ROW, {0}};

static const struct shape user_shape = {
    .name = "request.messages.user",
    .ref = "openai:ChatCompletionRequestUserMessage",
    .fields = user_fields,
    .rules = instruction_rules,
    MESSAGE_NOTES,
    .sample = JSON({"role": "user", "content": "Hello"}),
};

/* --- assistant */

static bool answer_has_something(struct ask *ask)
{
    if (is_set(get(ask->self, "content"))) return true; /* the usual answer first */
    static const char *const any[] = {"tool_calls", "function_call", "refusal", "audio"};
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (is_set(get(ask->self, any[i]))) return true;
    return blame(ask, ask->self);
}

/* To the letter, audio or a refusal does not stand in for content; the endpoint takes it. */
static bool answer_has_content_or_calls(struct ask *ask)
{
    bool other = is_set(get(ask->self, "refusal")) || is_set(get(ask->self, "audio"));
    bool letter = is_set(get(ask->self, "content")) || is_set(get(ask->self, "tool_calls")) || is_set(get(ask->self, "function_call"));
    return letter || !other || blame_missing(ask, ask->self, "content");
}

static bool refusal_part_stands_alone(struct ask *ask)
{
    struct view content = get(ask->self, "content");
    if (!is(content, ARR) || count(content) < 2) return true;
    for (EVERY(part, content))
        if (text_is(get(part, "type"), "refusal")) return blame(ask, part);
    return true;
}

enum { CALLS_MAX = 128 };

static bool calls_are_few(struct ask *ask)
{
    size_t calls = count(get(ask->self, "tool_calls"));
    return calls <= CALLS_MAX || say(ask, "it has %zu", calls);
}

static bool calls_are_of_one_kind(struct ask *ask) { return !is_set(get(ask->self, "tool_calls")); }

static bool call_ids_differ(struct ask *ask)
{
    struct view again = repeated_value(ask, get(ask->self, "tool_calls"), "id");
    return !there(again) || blame(ask, again);
}

static const struct field past_audio_fields[] = {
    {"id", REQUIRED, .is = STR, CHARS(1, NONE), .says = "an audio answer that was given before", .sample = "\"audio_abc\"",
     NOTES({REQUIRED_, .id = "request.messages.assistant.audio.id.required", .says = "audio has id, a string that is not empty"},
           {TYPE_, .id = "request.messages.assistant.audio.id.required"},
           {MIN_CHARS_, .id = "request.messages.assistant.audio.id.required"})},
    {0},
};

static const struct shape past_audio_shape = {
    .ref = "openai:ChatCompletionRequestAssistantMessage.audio",
    .fields = past_audio_fields,
    .sample = JSON({"id": "audio_abc"}),
};

static const struct field assistant_fields[] = {
    {"content", .is = STR | ARR | NIL, ITEMS(1, NONE), PARTS_ROW, PARTS(W("text"), W("refusal")), .sample = "\"Hi\"",
     .says = "text, an array of content parts, or null beside calls"},
    {"refusal", .is = STR | NIL, .says = "how the model declined", .sample = "\"I cannot help with that.\""},
    NAME_ROW,
    {"audio", .is = OBJ | NIL, .shape = &past_audio_shape, .says = "names an earlier audio answer"},
    {"tool_calls", .is = ARR, ITEMS(1, NONE), EACH(.is = OBJ, .pick = &past_call_by_type), .says = "what the model called",
     NOTES({NULL_, .id = "request.messages.assistant.tool_calls.not_null", .says = "tool_calls is left out rather than null",
            .beside = JSON({"messages": [{"role": "user", "content": "Hello"},
                                         {"role": "assistant", "content": "Hi", "tool_calls": null}]})},
           {MIN_ITEMS_, .profiles = CC_OPENAI, .ref = "observed:api.openai.com"})},
    {"function_call", .is = OBJ | NIL, .shape = &past_function_call_shape, .says = "the single call that tool_calls replaced",
     NOTES({DEPRECATED_})},
    {0},
};

static const struct rule assistant_rules[] = {
    {"request.messages.assistant.content.required_unless", answer_has_something, CC_MUST,
     .says = "an assistant message has content, tool_calls, function_call, refusal or audio",
     .ref = "openai:ChatCompletionRequestAssistantMessage.content", READS("content", "tool_calls", "function_call", "refusal", "audio"),
     .good = JSON({"content": null, "audio": {"id": "audio_abc"}}),
     .bad = JSON({"content": null, "tool_calls": null}),
     ABSORBS("request.messages.assistant.tool_calls.not_null")},
    {"request.messages.assistant.content.required_unless_strict", answer_has_content_or_calls, CC_PORTABILITY, CC_NEWAPI,
     .says = "an assistant message has content unless it has tool_calls or function_call",
     .ref = "newapi:messages.assistant", READS("content", "tool_calls", "function_call", "refusal", "audio"),
     .good = JSON({"content": "Hi", "audio": {"id": "audio_abc"}})},
    {"request.messages.assistant.content.refusal_alone", refusal_part_stands_alone, CC_MUST,
     .says = "the content of an assistant message is text parts, or exactly one refusal part",
     .ref = "openai:ChatCompletionRequestAssistantMessage.content", .when = "content/*:refusal", READS("content/*/type"),
     .good = JSON({"content": [{"type": "refusal", "refusal": "No."}]}),
     .bad = JSON({"content": [{"type": "text", "text": "Well."}, {"type": "refusal", "refusal": "No."}]})},
    {"request.messages.assistant.calls_exclusive", calls_are_of_one_kind, CC_DEPRECATED,
     .says = "an assistant message does not use tool_calls and function_call together",
     .ref = "newapi:messages.assistant", .when = "function_call", READS("tool_calls", "function_call"),
     .good = JSON({"content": "Hi"}), .bad = JSON({"function_call": {"name": "f", "arguments": "{}"}})},

    /* A rule, not a bound of the row: 128 calls need as many answers, which no derived document has. */
    {"request.messages.assistant.tool_calls.max_items", calls_are_few, CC_MUST, CC_OPENAI,
     .says = "an assistant message has at most 128 tool_calls",
     .ref = "observed:api.openai.com", .when = "tool_calls", READS("tool_calls")},
    {"request.messages.assistant.tool_calls.id.unique", call_ids_differ, CC_MUST,
     .says = "the calls of one message have different ids",
     .ref = "observed:api.openai.com", .when = "tool_calls", READS("tool_calls/*/id"),
     .good = JSON({"tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}),
     .bad = JSON({"tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}},
                                 {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]})},
    CONTENT_RULE(answer_says_something),
    NAME_RULES,
    {0},
};

static const struct shape assistant_shape = {
    .name = "request.messages.assistant",
    .ref = "openai:ChatCompletionRequestAssistantMessage",
    .fields = assistant_fields,
    .rules = assistant_rules,
    MESSAGE_NOTES,
    .sample = JSON({"role": "assistant", "content": "Hi",
                    "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}]}),
};

/* --- tool, function */

static const struct field tool_fields[] = {
    CONTENT_ROW(W("text")),
    {"tool_call_id", REQUIRED, .is = STR, CHARS(1, NONE), .says = "the call that this message answers", .sample = "\"call_1\"",
     NOTES({TYPE_, .id = "request.messages.tool.tool_call_id.type", .says = "tool_call_id is a string that is not empty"},
           {MIN_CHARS_, .id = "request.messages.tool.tool_call_id.type"})},
    {0},
};

static const struct rule tool_rules[] = {CONTENT_RULE(content_says_something), {0}};

static const struct shape tool_shape = {
    .name = "request.messages.tool",
    .ref = "openai:ChatCompletionRequestToolMessage",
    .fields = tool_fields,
    .rules = tool_rules,
    MESSAGE_NOTES,
    .sample = JSON({"role": "tool", "tool_call_id": "call_1", "content": "20 degrees"}),
};

static const struct field function_fields[] = {
    {"content", REQUIRED, .is = STR | NIL, .says = "what the function returned", .sample = "\"20 degrees\""},
    {"name", REQUIRED, .is = STR, .says = "the function that was called", .sample = "\"get_weather\"",
     ONE_ID("request.messages.function.name.required", "a function message has name, a string")},
    {0},
};

static const struct shape function_shape = {
    .name = "request.messages.function",
    .ref = "openai:ChatCompletionRequestFunctionMessage",
    .fields = function_fields,
    MESSAGE_NOTES,
    .sample = JSON({"role": "function", "name": "get_weather", "content": "20 degrees"}),
};

/* --- which of them it is */

static const struct field tag = {
    "role", REQUIRED | NULL_IS_MISSING, .is = STR, .ref = "openai:ChatCompletionRequestMessage.role", .says = "who speaks",
    WORDS(W("user"), W("developer"), W("system"), W("assistant"), W("tool"), W("function", 0, CC_DEPRECATED))};

const struct pick message_by_role = {
    .tag = &tag,
    VARIANTS({"user", &user_shape},
             {"developer", &developer_shape, NULL, JSON([{"role": "user", "content": "Hello"}])},
             {"system", &system_shape, NULL, JSON([{"role": "user", "content": "Hello"}])},
             {"assistant", &assistant_shape, JSON([{"role": "user", "content": "Hello"}]),
              JSON([{"role": "tool", "tool_call_id": "call_1", "content": "20 degrees"}])},
             {"tool", &tool_shape,
              JSON([{"role": "user", "content": "Hello"},
                    {"role": "assistant",
                     "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}]),
              NULL},
             {"function", &function_shape,
              JSON([{"role": "user", "content": "Hello"},
                    {"role": "assistant", "function_call": {"name": "get_weather", "arguments": "{}"}}]),
              NULL}),
};

enum role role_unescaped(struct view role)
{
    for (const struct word *w = tag.words; w->text; w++)
        if (text_is(role, w->text)) return (enum role)w->text[0];
    return ROLE_NONE;
}
