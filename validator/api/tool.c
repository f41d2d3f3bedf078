/* tool.c: what the model may call: function tools, custom tools with their input formats, and the deprecated functions. What a function's
 * parameters promise as a JSON Schema stands in schema.c and strict_schema.c. */
#include "validator/api/forms.h"
#include "validator/api/request.h"
#include "validator/api/schema.h"

/* --- functions */

#define FUNCTION_SAMPLE JSON({"name": "get_weather"})

static const struct field function_fields[] = {
    {"name", REQUIRED, .is = STR, CHARS(1, 64), FORMS(&tool_name_form), .says = "what the model calls it by", .sample = "\"get_weather\"",
     ONE_ID("request.tools.function.name.required", "a declared function has name, a string")},
    {"description", .is = STR, CHARS(0, 1024), .says = "what it does and when to call it", .sample = "\"Weather of a city\"",
     NOTES({MAX_CHARS_, CC_PORTABILITY, .ref = "observed:api.openai.com until 2025-05, Azure longer",
            .because = "the limit is gone at the official endpoint, not everywhere"})},
    {"parameters", .is = OBJ, .shape = &parameters_schema_shape, .says = "JSON Schema of its arguments; absent: it takes none"},
    {"strict", .is = BOOL | NIL, .says = "whether arguments must follow the schema exactly; false when absent"},
    {0},
};

static const struct shape function_shape = {
    .ref = "openai:FunctionObject", .fields = function_fields, .rules = strict_parameters_rules, .sample = FUNCTION_SAMPLE};

static const struct field function_tool_fields[] = {
    {"function", REQUIRED, .is = OBJ, .shape = &function_shape, .says = "the function",
     ONE_ID("request.tools.function.required", "a function tool has function, an object")},
    {0},
};

static const struct shape function_tool = {
    .ref = "openai:ChatCompletionTool",
    .fields = function_tool_fields,
    .sample = JSON({"type": "function", "function": {"name": "get_weather"}}),
};

/* --- custom tools: their input is any text, or text that follows a grammar */

/* Both formats are closed in the official schema: no member beyond their own. */
#define FORMAT_NOTES \
    NOTES({UNKNOWN_, CC_MUST, .id = "request.tools.custom.format.closed", \
           .says = "format has only type, and grammar when type is grammar", \
           .ref = "openai:CustomToolChatCompletions.custom.format"}, \
          {UNKNOWN_, .below = true, .id = "request.body.nested_unknown_member", .says = "objects in the request have only known members"})

#define GRAMMAR ONE_ID("request.tools.custom.format.grammar.required", "a grammar format has grammar, an object with definition and syntax")

static const struct field grammar_fields[] = {
    {"definition", REQUIRED, .is = STR, CHARS(1, NONE), .says = "the grammar itself", .sample = "\"start: \\\"yes\\\" | \\\"no\\\"\"",
     NOTES({REQUIRED_, .id = "request.tools.custom.format.grammar.required"}, {TYPE_, .id = "request.tools.custom.format.grammar.required"},
           {MIN_CHARS_, CC_SHOULD})},
    {"syntax", REQUIRED, .is = STR, WORDS(W("lark"), W("regex")), .says = "how the definition is written",
     NOTES({REQUIRED_, .id = "request.tools.custom.format.grammar.required"},
           {TYPE_, .id = "request.tools.custom.format.grammar.required"})},
    {0},
};

static const struct shape grammar_shape = {
    .ref = "openai:CustomToolChatCompletions.custom.format.grammar",
    .fields = grammar_fields,
    .sample = JSON({"syntax": "lark", "definition": "start: \"yes\" | \"no\""}),
};

static const struct field grammar_format_fields[] = {
    {"grammar", REQUIRED, .is = OBJ, .shape = &grammar_shape, .says = "what the input must follow", GRAMMAR},
    {0},
};

static const struct shape text_format = {
    .ref = "openai:CustomToolChatCompletions.custom.format",
    .fields = (const struct field[]){{0}},
    FORMAT_NOTES,
    .sample = JSON({"type": "text"}),
};

static const struct shape grammar_format = {
    .ref = "openai:CustomToolChatCompletions.custom.format",
    .fields = grammar_format_fields,
    FORMAT_NOTES,
    .sample = JSON({"type": "grammar", "grammar": {"syntax": "lark", "definition": "start: \"yes\" | \"no\""}}),
};

static const struct field format_tag = {
    "type", REQUIRED, .is = STR, WORDS(W("text"), W("grammar")), .says = "what input the tool takes",
    ONE_ID("request.tools.custom.format.type_member.enum", "format has type, which is text or grammar")};

static const struct pick format_of_input = {
    .tag = &format_tag, VARIANTS({"text", &text_format}, {"grammar", &grammar_format})};

static bool text_is_custom_tool_name(const char *text, size_t length)
{
    return length >= 1 && length <= 64 && text_is_tool_name(text, length);
}

static const struct form custom_tool_name_form = {
    .name = "pattern", .pattern = "^[a-zA-Z0-9_-]{1,64}$", .holds = text_is_custom_tool_name, .level = CC_PORTABILITY,
    .says = "is 1 to 64 letters, digits, _ and -, as the name of a function", .good = "run_query", .bad = "run query"};

static const struct field custom_fields[] = {
    {"name", REQUIRED, .is = STR, FORMS(&custom_tool_name_form), .says = "what the model calls it by",
     ONE_ID("request.tools.custom.name.required", "custom has name, a string")},
    {"description", .is = STR, .says = "what it does and when to call it", .sample = "\"Runs a query\""},
    {"format", .is = OBJ, .pick = &format_of_input, .says = "what input it takes; any text when absent"},
    {0},
};

static const struct shape custom_shape = {
    .ref = "openai:CustomToolChatCompletions.custom", .fields = custom_fields, .sample = JSON({"name": "run_query"})};

static const struct field custom_tool_fields[] = {
    {"custom", REQUIRED, .is = OBJ, .shape = &custom_shape, .profiles = CC_OPENAI, .says = "the custom tool",
     ONE_ID("request.tools.custom.required", "a custom tool has custom, an object")},
    {0},
};

static const struct shape custom_tool = {
    .ref = "openai:CustomToolChatCompletions",
    .fields = custom_tool_fields,
    .sample = JSON({"type": "custom", "custom": {"name": "run_query"}}),
};

/* --- which of them it is */

static const struct field tag = {
    "type", REQUIRED, .is = STR, WORDS(W("function"), W("custom", CC_OPENAI)), .ref = "openai:CreateChatCompletionRequest.tools.type",
    .says = "what the tool is; web_search and the like belong to the Responses API"};

const struct pick tool_by_type = {
    .tag = &tag,
    VARIANTS({"function", &function_tool}, {"custom", &custom_tool}),
};

/* --- the functions that tools replaced */

static const struct field function_item_fields[] = {
    {"name", REQUIRED, .is = STR, CHARS(1, 64), FORMS(&tool_name_form), .says = "what the model calls it by", .sample = "\"get_weather\"",
     ONE_ID("request.functions.item.name.required", "an entry of functions has name, a string")},
    {"description", .is = STR, .says = "what it does and when to call it", .sample = "\"Weather of a city\""},
    {"parameters", .is = OBJ, .shape = &parameters_schema_shape, .says = "JSON Schema of its arguments"},
    {0},
};

const struct shape function_item_shape = {
    .name = "request.functions.item",
    .ref = "openai:ChatCompletionFunctions",
    .fields = function_item_fields,
    .rules = function_item_rules,
    .sample = FUNCTION_SAMPLE,
};
