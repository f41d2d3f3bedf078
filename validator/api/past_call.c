/* past_call.c: the calls that an assistant message of the history carries. They look like those of an answer, but are judged more strictly:
 * the endpoint reads them back and refuses what it would not have written itself. */
#include "validator/api/forms.h"
#include "validator/api/request.h"
#include "validator/lib/ask_json.h"

#define CALLS "request.messages.assistant.tool_calls"

/* --- functions */

static bool arguments_are_an_object(struct ask *ask) { return text_is_json(ask, text_of(ask, get(ask->self, "arguments")), OBJ); }

static const struct field function_fields[] = {
    {"name", REQUIRED, .is = STR, CHARS(1, 64), FORMS(&tool_name_form), .says = "the function that was called", .sample = "\"get_weather\"",
     NOTES({REQUIRED_, .id = CALLS ".function.name.required", .says = "the function of a tool call has name, a string"},
           {TYPE_, .id = CALLS ".function.name.required"},
           {MIN_CHARS_, .id = CALLS ".function.name.non_empty", .says = "the name of a called function has 1 to 64 characters",
            .ref = "observed:api.openai.com"},
           {MAX_CHARS_, .id = CALLS ".function.name.non_empty"})},
    {"arguments", REQUIRED, .is = STR, .says = "JSON text of the arguments, as the model wrote it", .sample = "\"{}\""},
    {0},
};

static const struct rule function_rules[] = {
    {CALLS ".function.arguments.json", arguments_are_an_object, CC_PORTABILITY,
     .says = "the arguments of a call are the text of a JSON object",
     .ref = "openai:ChatCompletionMessageToolCall.function.arguments", .when = "arguments", READS("arguments"),
     .good = JSON({"arguments": "{\"city\": \"Paris\"}"}), .bad = JSON({"arguments": "{"})},
    {0},
};

static const struct shape function_shape = {
    .ref = "openai:ChatCompletionMessageToolCall.function",
    .fields = function_fields,
    .rules = function_rules,
    .sample = JSON({"name": "get_weather", "arguments": "{}"}),
};

/* --- custom tools */

#define CUSTOM ONE_ID(CALLS ".custom.required", "a custom call has custom, with name and input, both strings")

static const struct field custom_fields[] = {
    {"name", REQUIRED, .is = STR, .says = "the custom tool that was called", .sample = "\"run_query\"", CUSTOM},
    {"input", REQUIRED, .is = STR, .says = "what the model gave it", .sample = "\"SELECT 1\"", CUSTOM},
    {0},
};

static const struct shape custom_shape = {
    .ref = "openai:ChatCompletionMessageCustomToolCall.custom",
    .fields = custom_fields,
    .sample = JSON({"name": "run_query", "input": "SELECT 1"}),
};

/* --- a call */

/* 41 characters, and a conversation in which such a call is answered. */
#define LONG_ID "call_5678901234567890123456789012345678901"
#define LONG_TALK \
    "{\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}, {\"role\": \"assistant\", \"tool_calls\": [{\"id\": \"" LONG_ID "\"," \
    " \"type\": \"function\", \"function\": {\"name\": \"f\", \"arguments\": \"{}\"}}]}," \
    " {\"role\": \"tool\", \"tool_call_id\": \"" LONG_ID "\", \"content\": \"ok\"}]}"

#define ID_ROW \
    {"id", REQUIRED, .is = STR, CHARS(1, 40), .says = "what the tool message answers to", .sample = "\"call_1\"", \
     NOTES({TYPE_, .id = CALLS ".id.type", .says = "the id of a tool call is a string that is not empty"}, \
           {MIN_CHARS_, .id = CALLS ".id.type"}, \
           {MAX_CHARS_, CC_PORTABILITY, CC_OPENAI, .id = CALLS ".id.max_length", \
            .says = "the id of a tool call has at most 40 characters", \
            .ref = "observed:api.openai.com", .because = "newer models take 64, some take any; 40 is taken by all", \
            .bad = "\"" LONG_ID "\"", .beside = LONG_TALK})}

static const struct field function_call_fields[] = {
    ID_ROW,
    {"function", REQUIRED, .is = OBJ, .shape = &function_shape, .says = "the function and its arguments",
     ONE_ID(CALLS ".function.required", "a function call has function, an object")},
    {0},
};

static const struct shape function_variant = {
    .ref = "openai:ChatCompletionMessageToolCall",
    .fields = function_call_fields,
    .sample = JSON({"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}),
};

static const struct field custom_call_fields[] = {
    ID_ROW,
    {"custom", REQUIRED, .is = OBJ, .shape = &custom_shape, .profiles = CC_OPENAI, .says = "the custom tool and its input", CUSTOM},
    {0},
};

static const struct shape custom_variant = {
    .ref = "openai:ChatCompletionMessageCustomToolCall",
    .fields = custom_call_fields,
    .sample = JSON({"id": "call_1", "type": "custom", "custom": {"name": "run_query", "input": "SELECT 1"}}),
};

static const struct field tag = {
    "type", REQUIRED, .is = STR, .as = "type", .ref = "openai:ChatCompletionMessageToolCalls", WORDS(W("function"), W("custom", CC_OPENAI)),
    .says = "what was called"};

const struct pick past_call_by_type = {
    .name = CALLS,
    .tag = &tag,
    VARIANTS({"function", &function_variant}, {"custom", &custom_variant}),
};

/* --- the single call that tool_calls replaced */

#define CALL "request.messages.assistant.function_call"

static const struct field past_function_call_fields[] = {
    {"name", REQUIRED, .is = STR, .says = "the function that was called", .sample = "\"get_weather\"",
     ONE_ID(CALL ".name.required", "function_call has name, a string")},
    {"arguments", REQUIRED, .is = STR, .says = "JSON text of the arguments", .sample = "\"{}\"",
     ONE_ID(CALL ".arguments.required", "function_call has arguments, a string that holds JSON")},
    {0},
};

const struct shape past_function_call_shape = {
    .ref = "openai:ChatCompletionRequestAssistantMessage.function_call",
    .fields = past_function_call_fields,
    .sample = JSON({"name": "get_weather", "arguments": "{}"}),
};
