/* special.c: see special.h: more calls than a message may have, and schemas that are larger than strict ones may be. */
#include "fuzzer/special.h"

#include <stdio.h>
#include <string.h>

enum { CALLS = 129, PROPERTIES = 5001, LEVELS = 11, ENUM_LARGE = 251, ENUM_MANY = 201, ENUMS = 5, LONG_VALUES = 240 };

/* A request that asks "Hello", for members to be added. */
static struct json_object *request(struct json_object **messages)
{
    struct json_object *made = jo_object(), *list = jo_array();
    jo_push(list, jo_read(JSON({"role": "user", "content": "Hello"})));
    jo_add(made, "model", jo_string("m"));
    jo_add(made, "messages", list);
    if (messages) *messages = list;
    return made;
}

static struct json_object *many_calls(void)
{
    struct json_object *messages, *made = request(&messages), *assistant = jo_read(JSON({"role": "assistant"})), *calls = jo_array();
    char text[160];
    jo_push(messages, assistant);
    jo_add(assistant, "tool_calls", calls);
    for (int i = 0; i < CALLS; i++) {
        snprintf(text, sizeof text, JSON({"id": "call_%d", "type": "function", "function": {"name": "f", "arguments": "{}"}}), i);
        jo_push(calls, jo_read(text));
        snprintf(text, sizeof text, JSON({"role": "tool", "tool_call_id": "call_%d", "content": "ok"}), i);
        jo_push(messages, jo_read(text));
    }
    return made;
}

/* --- schemas */

static struct json_object *object_schema(struct json_object *properties)
{
    struct json_object *schema = jo_object(), *required = jo_array();
    json_object_object_foreach(properties, name, inner)
    {
        (void)inner;
        jo_push(required, jo_string(name));
    }
    jo_add(schema, "type", jo_string("object"));
    jo_add(schema, "properties", properties);
    jo_add(schema, "required", required);
    jo_add(schema, "additionalProperties", jo_bool(false));
    return schema;
}

/* A request with a strict tool that has these properties. */
static struct json_object *strict_tool(struct json_object *properties)
{
    struct json_object *made = request(NULL), *tools = jo_array(), *tool = jo_object(), *function = jo_object();
    jo_add(function, "name", jo_string("large"));
    jo_add(function, "strict", jo_bool(true));
    jo_add(function, "parameters", object_schema(properties));
    jo_add(tool, "type", jo_string("function"));
    jo_add(tool, "function", function);
    jo_push(tools, tool);
    jo_add(made, "tools", tools);
    return made;
}

static struct json_object *many_properties(void)
{
    struct json_object *properties = jo_object();
    char name[16];
    for (int i = 0; i < PROPERTIES; i++) {
        snprintf(name, sizeof name, "p%d", i);
        jo_put(properties, name, jo_read(JSON({"type": "boolean"})));
    }
    return strict_tool(properties);
}

static struct json_object *many_levels(void)
{
    struct json_object *inner = jo_read(JSON({"type": "boolean"}));
    for (int i = 0; i < LEVELS; i++) {
        struct json_object *properties = jo_object();
        jo_add(properties, "inner", inner);
        inner = object_schema(properties);
    }
    struct json_object *properties = jo_object();
    jo_add(properties, "inner", inner);
    return strict_tool(properties);
}

/* An enum of `count` values of `length` characters (at least 8). */
static struct json_object *words(int count, int length)
{
    struct json_object *schema = jo_object(), *list = jo_array();
    char text[1024];
    for (int i = 0; i < count; i++) {
        memset(text, 'w', (size_t)length);
        text[length] = '\0';
        for (int at = length - 1, left = i; at >= length - 7; at--, left /= 10) text[at] = (char)('0' + left % 10);
        jo_push(list, jo_string(text));
    }
    jo_add(schema, "type", jo_string("string"));
    jo_add(schema, "enum", list);
    return schema;
}

static struct json_object *enums(int enum_count, int count, int length)
{
    struct json_object *properties = jo_object();
    char name[16];
    for (int i = 0; i < enum_count; i++) {
        snprintf(name, sizeof name, "e%d", i);
        jo_put(properties, name, words(count, length));
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
