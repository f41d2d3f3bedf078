/* tooling.c: tools, and the choice among them; see talk.h. */
#include "fuzzer/schema.h"
#include "fuzzer/talk.h"
#include "fuzzer/prose.h"

#include <stdio.h>
#include <string.h>

enum { TOOLS_ALLOWED = 128, NAME_ROOM = 65 };

static void make_name(const struct talk_maker *m, const char *sample, size_t number, char name[NAME_ROOM])
{
    static const size_t lengths[] = {1, 5, 9, 14, 40, 60};
    if (m->sample && number == 0) {
        snprintf(name, NAME_ROOM, "%s", sample);
        return;
    }
    prose_name(m->rng, name, lengths[rng_below(m->rng, 6)]);
    snprintf(name + strlen(name), NAME_ROOM - strlen(name), "%zu", number); /* no two tools share a name */
}

static struct json_object *tool_of(const char *type, struct json_object *body)
{
    struct json_object *tool = js_object();
    js_add(tool, "type", js_text(type));
    js_add(tool, type, body);
    return tool;
}

static size_t properties_of(const struct talk_maker *m) { return m->bulk < 2000 ? rng_between(m->rng, 0, 4) : m->bulk / 400; }

static struct json_object *function_of(const struct talk_maker *m, enum tools_kind kind, size_t number)
{
    char name[NAME_ROOM];
    struct json_object *function = js_object();
    make_name(m, "get_weather", number, name);
    js_add(function, "name", js_text(name));
    if (kind == TOOLS_BARE || kind == TOOLS_MOST) return function;
    if (rng_one_in(m->rng, 2)) js_add(function, "description", prose_make(m->rng, rng_between(m->rng, 5, 60)));
    bool strict = kind == TOOLS_STRICT;
    js_add(function, "parameters", schema_make(m->rng, strict, properties_of(m)));
    if (strict) js_add(function, "strict", js_bool(true));
    else if (rng_one_in(m->rng, 4)) js_add(function, "strict", rng_one_in(m->rng, 2) ? NULL : js_bool(false));
    return function;
}

static struct json_object *grammar_of(const struct talk_maker *m)
{
    struct json_object *format = js_object(), *grammar = js_object();
    bool regex = rng_one_in(m->rng, 2);
    js_add(grammar, "syntax", js_text(regex ? "regex" : "lark"));
    js_add(grammar, "definition", js_text(regex ? "^(yes|no)$" : "start: \"yes\" | \"no\""));
    js_add(format, "type", js_text("grammar"));
    js_add(format, "grammar", grammar);
    return format;
}

static struct json_object *custom_of(const struct talk_maker *m, enum tools_kind kind, size_t number)
{
    char name[NAME_ROOM];
    struct json_object *custom = js_object();
    make_name(m, "run_query", number, name);
    js_add(custom, "name", js_text(name));
    if (rng_one_in(m->rng, 2)) js_add(custom, "description", prose_make(m->rng, 20));
    if (kind == TOOLS_GRAMMAR) {
        js_add(custom, "format", grammar_of(m));
    } else if (rng_one_in(m->rng, 2)) {
        struct json_object *format = js_object();
        js_add(format, "type", js_text("text"));
        js_add(custom, "format", format);
    }
    return custom;
}

struct json_object *tools_make(const struct talk_maker *m, enum tools_kind kind)
{
    struct json_object *tools = js_array();
    bool custom = kind == TOOLS_CUSTOM || kind == TOOLS_GRAMMAR;
    size_t count = kind == TOOLS_MOST ? TOOLS_ALLOWED : kind == TOOLS_SEVERAL ? rng_between(m->rng, 2, 5) : 1;
    for (size_t i = 0; i < count; i++)
        js_push(tools, custom ? tool_of("custom", custom_of(m, kind, i)) : tool_of("function", function_of(m, kind, i)));
    if (kind == TOOLS_BOTH) js_push(tools, tool_of("custom", custom_of(m, kind, m->sample ? 0 : 1)));
    return tools;
}

/* --- the choice */

/* {"type": "function", "function": {"name": ...}} of a declared tool of that type. */
static struct json_object *naming(const struct talk_maker *m, const char *type, size_t from)
{
    struct json_object *name = NULL, *body = js_object();
    for (size_t i = 0; !name && i < js_length(m->tools); i++) {
        struct json_object *tool = js_item(m->tools, (from + i) % js_length(m->tools));
        if (js_is(js_get(tool, "type"), type)) name = js_get(js_get(tool, type), "name");
    }
    js_add(body, "name", name ? js_copy(name) : js_text(*type == 'c' ? "run_query" : "get_weather"));
    return tool_of(type, body);
}

static struct json_object *allowing(const struct talk_maker *m, const char *type)
{
    struct json_object *choice = js_object(), *allowed = js_object(), *list = js_array();
    js_push(list, naming(m, type, rng_below(m->rng, js_length(m->tools))));
    js_add(allowed, "mode", js_text(rng_one_in(m->rng, 2) ? "auto" : "required"));
    js_add(allowed, "tools", list);
    js_add(choice, "type", js_text("allowed_tools"));
    js_add(choice, "allowed_tools", allowed);
    return choice;
}

struct json_object *choice_make(const struct talk_maker *m, enum choice_kind kind)
{
    size_t from = rng_below(m->rng, js_length(m->tools));
    switch (kind) {
    case CHOICE_NONE: return js_text("none");
    case CHOICE_AUTO: return js_text("auto");
    case CHOICE_REQUIRED: return js_text("required");
    case CHOICE_FUNCTION: return naming(m, "function", from);
    case CHOICE_CUSTOM: return naming(m, "custom", from);
    case CHOICE_ALLOWED: return allowing(m, "function");
    case CHOICE_ALLOWED_CUSTOM: return allowing(m, "custom");
    case CHOICE_KINDS: break;
    }
    return js_text("auto");
}

/* --- the deprecated pair */

struct json_object *functions_make(const struct talk_maker *m, size_t count)
{
    struct json_object *functions = js_array();
    for (size_t i = 0; i < count; i++) {
        struct json_object *function = function_of(m, TOOLS_FUNCTION, i);
        js_remove(function, "strict");
        js_push(functions, function);
    }
    return functions;
}

struct json_object *function_call_make(const struct talk_maker *m, struct json_object *functions, int kind)
{
    if (kind != CALL_NAMED) return js_text(kind == CALL_NONE ? "none" : "auto");
    struct json_object *choice = js_object(), *name = js_get(js_item(functions, rng_below(m->rng, js_length(functions))), "name");
    js_add(choice, "name", name ? js_copy(name) : js_text("get_weather"));
    return choice;
}
