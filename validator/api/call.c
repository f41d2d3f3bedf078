/* call.c: what a model calls: functions, custom tools, and the deprecated single function call. */
#include "validator/api/answer.h"

static const struct field function_fields[] = {
    {"name", REQUIRED, .is = STR, CHARS(1, NONE), .says = "the function's name", .sample = "\"get_weather\""},
    {"arguments", REQUIRED, .is = STR, .says = "JSON text of the arguments, as the model wrote it", .sample = "\"{}\""},
    {0},
};

const struct shape function_call_shape = {
    .name = "response.choices.message.function_call",
    .ref = "openai:ChatCompletionResponseMessage.function_call",
    .fields = function_fields,
    .sample = JSON({"name": "get_weather", "arguments": "{}"}),
};

static const struct shape function_shape = {
    .ref = "openai:ChatCompletionMessageToolCall.function",
    .fields = function_fields,
    .sample = JSON({"name": "get_weather", "arguments": "{}"}),
};

#define CUSTOM_NOTES \
    NOTES({REQUIRED_, .id = "response.choices.message.tool_calls.custom.required", .says = "a custom call has custom, with name and input"})

static const struct field custom_fields[] = {
    {"name", REQUIRED, .is = STR, .says = "the custom tool's name", .sample = "\"run_query\"", CUSTOM_NOTES},
    {"input", REQUIRED, .is = STR, .says = "what the model gives it", .sample = "\"SELECT 1\"", CUSTOM_NOTES},
    {0},
};

static const struct shape custom_shape = {
    .ref = "openai:ChatCompletionMessageCustomToolCall.custom",
    .fields = custom_fields,
    .sample = JSON({"name": "run_query", "input": "SELECT 1"}),
};

/* An id longer than 40 characters cannot be sent back to every server. */
#define ID_ROW \
    {"id", REQUIRED, .is = STR, CHARS(1, 40), .says = "names the call, so that its result can be sent back", .sample = "\"call_1\"", \
     NOTES({MIN_CHARS_, .id = "response.choices.message.tool_calls.id.non_empty", .says = "a tool call's id is not empty"}, \
           {MAX_CHARS_, CC_PORTABILITY, .id = "response.choices.message.tool_calls.id.replayable", \
            .says = "a tool call's id has at most 40 characters, so that it can be sent back", .ref = "observed:microsoft/autogen#6377"})}

static const struct field function_call_fields[] = {
    ID_ROW,
    {"function", REQUIRED, .is = OBJ, .shape = &function_shape},
    {0},
};

static const struct shape function_variant = {
    .ref = "openai:ChatCompletionMessageToolCall",
    .fields = function_call_fields,
    .sample = JSON({"id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}),
};

static const struct field custom_call_fields[] = {
    ID_ROW,
    {"custom", REQUIRED, .is = OBJ, .shape = &custom_shape, .profiles = CC_OPENAI, CUSTOM_NOTES},
    {0},
};

static const struct shape custom_variant = {
    .ref = "openai:ChatCompletionMessageCustomToolCall",
    .fields = custom_call_fields,
    .sample = JSON({"id": "call_1", "type": "custom", "custom": {"name": "run_query", "input": "SELECT 1"}}),
};

static const struct field tag = {
    "type", REQUIRED, .is = STR, .ref = "openai:ChatCompletionMessageToolCalls", WORDS(W("function"), W("custom", CC_OPENAI))};

const struct pick call_by_type = {
    .name = "response.choices.message.tool_calls",
    .tag = &tag,
    VARIANTS({"function", &function_variant, NULL, NULL}, {"custom", &custom_variant, NULL, NULL}),
};
