/* special.c: see special.h: more calls than a message may have, and schemas that are larger than strict ones may be. */
#include "fuzzer/special.h"

#include <stdio.h>
#include <string.h>

enum { CALLS = 129, PROPERTIES = 5001, LEVELS = 11, ENUM_LARGE = 251, ENUM_MANY = 201, ENUMS = 5, LONG_VALUES = 240 };

/* A request that asks "Hello", for members to be added. */
static struct json_object *request(struct json_object **messages)
{
    struct json_object *made = js_object(), *list = js_array();
    js_push(list, js_read(JS({"role": "user", "content": "Hello"})));
    js_add(made, "model", js_text("m"));
    js_add(made, "messages", list);
    if (messages) *messages = list;
    return made;
}

static struct json_object *many_calls(void)
{
    struct json_object *messages, *made = request(&messages), *assistant = js_read(JS({"role": "assistant"})), *calls = js_array();
    char text[160];
    js_push(messages, assistant);
    js_add(assistant, "tool_calls", calls);
    for (int i = 0; i < CALLS; i++) {
        snprintf(text, sizeof text, JS({"id": "call_%d", "type": "function", "function": {"name": "f", "arguments": "{}"}}), i);
        js_push(calls, js_read(text));
        snprintf(text, sizeof text, JS({"role": "tool", "tool_call_id": "call_%d", "content": "ok"}), i);
        js_push(messages, js_read(text));
    }
    return made;
}

/* --- schemas */

static struct json_object *object_schema(struct json_object *properties)
{
    struct json_object *schema = js_object(), *required = js_array();
    json_object_object_foreach(properties, name, inner)
    {
        (void)inner;
        js_push(required, js_text(name));
    }
    js_add(schema, "type", js_text("object"));
    js_add(schema, "properties", properties);
    js_add(schema, "required", required);
    js_add(schema, "additionalProperties", js_bool(false));
    return schema;
}

/* A request with a strict tool that has these properties. */
static struct json_object *strict_tool(struct json_object *properties)
{
    struct json_object *made = request(NULL), *tools = js_array(), *tool = js_object(), *function = js_object();
    js_add(function, "name", js_text("large"));
    js_add(function, "strict", js_bool(true));
    js_add(function, "parameters", object_schema(properties));
    js_add(tool, "type", js_text("function"));
    js_add(tool, "function", function);
    js_push(tools, tool);
    js_add(made, "tools", tools);
    return made;
}

static struct json_object *many_properties(void)
{
    struct json_object *properties = js_object();
    char name[16];
    for (int i = 0; i < PROPERTIES; i++) {
        snprintf(name, sizeof name, "p%d", i);
        js_put(properties, name, js_read(JS({"type": "boolean"})));
    }
    return strict_tool(properties);
}

static struct json_object *many_levels(void)
{
    struct json_object *inner = js_read(JS({"type": "boolean"}));
    for (int i = 0; i < LEVELS; i++) {
        struct json_object *properties = js_object();
        js_add(properties, "inner", inner);
        inner = object_schema(properties);
    }
    struct json_object *properties = js_object();
    js_add(properties, "inner", inner);
    return strict_tool(properties);
}

/* An enum of `count` values of `length` characters (at least 8). */
static struct json_object *words(int count, int length)
{
    struct json_object *schema = js_object(), *list = js_array();
    char text[1024];
    for (int i = 0; i < count; i++) {
        memset(text, 'w', (size_t)length);
        text[length] = '\0';
        for (int at = length - 1, left = i; at >= length - 7; at--, left /= 10) text[at] = (char)('0' + left % 10);
        js_push(list, js_text(text));
    }
    js_add(schema, "type", js_text("string"));
    js_add(schema, "enum", list);
    return schema;
}

static struct json_object *enums(int enum_count, int count, int length)
{
    struct json_object *properties = js_object();
    char name[16];
    for (int i = 0; i < enum_count; i++) {
        snprintf(name, sizeof name, "e%d", i);
        js_put(properties, name, words(count, length));
    }
    return strict_tool(properties);
}

static struct json_object *many_letters(void) { return enums(1, LONG_VALUES, 510); }
static struct json_object *many_values(void) { return enums(ENUMS, ENUM_MANY, 8); }
static struct json_object *many_letters_in_one(void) { return enums(1, ENUM_LARGE, 60); }

#define PARAMETERS "/tools/0/function/parameters"

const struct special specials[] = {
    {"request.messages.assistant.tool_calls.max_items", many_calls, "/messages/1"},
    {"request.strict_schema.limits.properties", many_properties, PARAMETERS},
    {"request.strict_schema.limits.depth", many_levels, PARAMETERS},
    {"request.strict_schema.limits.string_total", many_letters, PARAMETERS},
    {"request.strict_schema.limits.enum_total", many_values, PARAMETERS},
    {"request.strict_schema.limits.enum_string_total", many_letters_in_one, PARAMETERS},
    {0},
};
