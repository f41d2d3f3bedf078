/* tool_choice.c: which tool the model must or may call, and whether such a tool was declared. */
#include "validator/api/request.h"
#include "validator/api/text_set.h"

/* --- shapes */

#define FUNCTION \
    ONE_ID("request.tool_choice.function.required", "with type function, tool_choice has function, an object with name, a string")
#define CUSTOM \
    NOTES({REQUIRED_, .id = "request.tool_choice.custom.required", .beside = CUSTOM_TOOLS, \
           .says = "with type custom, tool_choice has custom, an object with name, a string"}, \
          {TYPE_, .id = "request.tool_choice.custom.required", .beside = CUSTOM_TOOLS})
#define CUSTOM_TOOLS JSON({"tools": [{"type": "custom", "custom": {"name": "run_query"}}]})
#define ALLOWED \
    ONE_ID("request.tool_choice.allowed_tools.required", \
           "with type allowed_tools, tool_choice has allowed_tools, an object with mode and tools")

static const struct field function_name_fields[] = {
    {"name", REQUIRED, .is = STR, .says = "a declared function", .sample = "\"get_weather\"", FUNCTION}, {0}};
static const struct shape function_name = {
    .ref = "openai:ChatCompletionNamedToolChoice.function", .fields = function_name_fields, .sample = JSON({"name": "get_weather"})};

static const struct field function_choice_fields[] = {
    {"function", REQUIRED, .is = OBJ, .shape = &function_name, .says = "the function to call", FUNCTION}, {0}};
static const struct shape function_choice = {
    .ref = "openai:ChatCompletionNamedToolChoice",
    .fields = function_choice_fields,
    .sample = JSON({"type": "function", "function": {"name": "get_weather"}}),
};

static const struct field custom_name_fields[] = {
    {"name", REQUIRED, .is = STR, .says = "a declared custom tool", .sample = "\"run_query\"", CUSTOM}, {0}};
static const struct shape custom_name = {
    .ref = "openai:ChatCompletionNamedToolChoiceCustom.custom", .fields = custom_name_fields, .sample = JSON({"name": "run_query"})};

static const struct field custom_choice_fields[] = {
    {"custom", REQUIRED, .is = OBJ, .shape = &custom_name, .profiles = CC_OPENAI, .says = "the custom tool to call", CUSTOM}, {0}};
static const struct shape custom_choice = {
    .ref = "openai:ChatCompletionNamedToolChoiceCustom",
    .fields = custom_choice_fields,
    .sample = JSON({"type": "custom", "custom": {"name": "run_query"}}),
};

/* What an allowed tool holds is open in the official schema; that it names a declared tool is a rule. */
static const struct shape allowed_tool = {
    .ref = "openai:ChatCompletionAllowedTools.tools", .open = true,
    .sample = JSON({"type": "function", "function": {"name": "get_weather"}})};

static const struct field allowed_fields[] = {
    {"mode", REQUIRED, .is = STR, WORDS(W("auto"), W("required")), .says = "whether one of them must be called",
     NOTES({REQUIRED_, .id = "request.tool_choice.allowed_tools.required"}, {TYPE_, .id = "request.tool_choice.allowed_tools.mode.enum"})},
    {"tools", REQUIRED, .is = ARR, ITEMS(1, NONE),
     EACH(.is = OBJ, .shape = &allowed_tool,
          NOTES({TYPE_, .id = "request.tool_choice.allowed_tools.tools.type", .says = "allowed_tools.tools is an array of objects"})),
     .says = "the declared tools that may be called",
     NOTES({REQUIRED_, .id = "request.tool_choice.allowed_tools.required"}, {MIN_ITEMS_, CC_SHOULD},
           {TYPE_, .id = "request.tool_choice.allowed_tools.tools.type", .says = "allowed_tools.tools is an array of objects"})},
    {0},
};

static const struct shape allowed_shape = {
    .ref = "openai:ChatCompletionAllowedTools",
    .fields = allowed_fields,
    .sample = JSON({"mode": "auto", "tools": [{"type": "function", "function": {"name": "get_weather"}}]}),
};

static const struct field allowed_choice_fields[] = {
    {"allowed_tools", REQUIRED, .is = OBJ, .shape = &allowed_shape, .profiles = CC_OPENAI, .says = "the tools that may be called",
     ALLOWED},
    {0},
};
static const struct shape allowed_choice = {
    .ref = "openai:ChatCompletionAllowedToolsChoice",
    .fields = allowed_choice_fields,
    .sample = JSON({"type": "allowed_tools",
                    "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "get_weather"}}]}}),
};

static const struct field tag = {
    "type", REQUIRED, .is = STR, WORDS(W("function"), W("custom", CC_OPENAI), W("allowed_tools", CC_OPENAI)),
    .ref = "openai:ChatCompletionToolChoiceOption.type", .says = "what kind of choice it is"};

const struct pick choice_by_type = {
    .tag = &tag,
    VARIANTS({"function", &function_choice}, {"custom", &custom_choice}, {"allowed_tools", &allowed_choice}),
};

/* --- predicates of the request */

/* The name of a declared or chosen tool: {"type": "function", "function": {"name": ...}}, or the same with custom. */
static struct view tool_name(struct view tool)
{
    struct view name = get(get(tool, "function"), "name");
    return is(name, STR) ? name : get(get(tool, "custom"), "name");
}

static bool tool_is(struct view tool, const char *type, struct view name)
{
    return text_is(get(tool, "type"), type) && text_same(get(get(tool, type), "name"), name);
}

static bool declares(struct view tools, const char *type, struct view name)
{
    for (EVERY(tool, tools))
        if (tool_is(tool, type, name)) return true;
    return false;
}

/* required and a named tool cannot be obeyed without tools; auto and none could, but are refused all the same. */
static bool demands_a_call(struct view choice) { return is(choice, OBJ) || text_is(choice, "required"); }

bool demanded_call_has_tools(struct ask *ask)
{
    return !demands_a_call(get(ask->self, "tool_choice")) || count(get(ask->self, "tools")) > 0;
}

bool choice_has_tools(struct ask *ask) { return demands_a_call(get(ask->self, "tool_choice")) || count(get(ask->self, "tools")) > 0; }

static bool chosen_is_declared(struct ask *ask, const char *type)
{
    struct view tools = get(ask->self, "tools"), choice = get(ask->self, "tool_choice"), name = get(get(choice, type), "name");
    if (!text_is(get(choice, "type"), type) || count(tools) == 0) return true;
    return declares(tools, type, name) || blame(ask, name);
}

bool chosen_function_is_declared(struct ask *ask) { return chosen_is_declared(ask, "function"); }
bool chosen_custom_tool_is_declared(struct ask *ask) { return chosen_is_declared(ask, "custom"); }

/* Adds the names of the tools of a type. */
static bool names_of(struct ask *ask, struct view tools, const char *type, struct text_set *names)
{
    if (!text_set_open(ask, names, count(tools))) return false;
    for (EVERY(tool, tools)) {
        struct text name = text_of(ask, get(get(tool, type), "name"));
        if (name.bytes && text_is(get(tool, "type"), type)) text_set_add(names, name, NULL);
    }
    return true;
}

bool allowed_tools_are_declared(struct ask *ask)
{
    struct view tools = get(ask->self, "tools"), allowed = get_path(ask->self, "tool_choice/allowed_tools/tools");
    struct text_set functions, customs;
    if (count(tools) == 0 || !names_of(ask, tools, "function", &functions) || !names_of(ask, tools, "custom", &customs)) return true;
    for (EVERY(tool, allowed)) {
        struct text name = text_of(ask, tool_name(tool));
        const struct text_set *known = text_is(get(tool, "type"), "custom") ? &customs : &functions;
        bool typed = text_is(get(tool, "type"), "custom") || text_is(get(tool, "type"), "function");
        if (!typed || !name.bytes || !text_set_find(known, name)) return blame(ask, tool);
    }
    return true;
}

bool parallel_calls_have_tools(struct ask *ask) { return count(get(ask->self, "tools")) > 0; }

bool tool_names_differ(struct ask *ask)
{
    struct view tools = get(ask->self, "tools");
    struct text_set seen;
    if (count(tools) < 2 || !text_set_open(ask, &seen, count(tools))) return true;
    for (EVERY(tool, tools)) {
        struct view name = tool_name(tool);
        struct text text = text_of(ask, name);
        if (text.bytes && !text_set_add(&seen, text, NULL)) return blame(ask, name);
    }
    return true;
}

/* --- the deprecated pair */

bool functions_replace_no_tools(struct ask *ask) { return !is_set(get(ask->self, "tools")); }
bool function_call_has_functions(struct ask *ask) { return is_set(get(ask->self, "functions")); }

bool called_function_is_declared(struct ask *ask)
{
    struct view name = get(get(ask->self, "function_call"), "name"), functions = get(ask->self, "functions");
    if (!is(name, STR) || !is(functions, ARR)) return true;
    for (EVERY(function, functions))
        if (text_same(get(function, "name"), name)) return true;
    return blame(ask, name);
}
