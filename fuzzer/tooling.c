/* tooling.c: tools, and the choice among them; see talk.h. */
#include "fuzzer/prose.h"
#include "fuzzer/schema.h"
#include "fuzzer/talk.h"
#include "harness/base/jo_place.h"

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
    struct json_object *tool = jo_object();
    jo_add(tool, "type", jo_string(type));
    jo_add(tool, type, body);
    return tool;
}

static size_t properties_of(const struct talk_maker *m) { return m->bulk < 2000 ? rng_between(m->rng, 0, 4) : m->bulk / 400; }

static struct json_object *function_of(const struct talk_maker *m, enum tools_kind kind, size_t number)
{
    char name[NAME_ROOM];
    struct json_object *function = jo_object();
    make_name(m, "get_weather", number, name);
    jo_add(function, "name", jo_string(name));
    if (kind == TOOLS_BARE || kind == TOOLS_MOST) return function;
    if (rng_one_in(m->rng, 2)) jo_add(function, "description", prose_make(m->rng, rng_between(m->rng, 5, 60)));
    bool strict = kind == TOOLS_STRICT;
    jo_add(function, "parameters", schema_make(m->rng, strict, properties_of(m)));
    if (strict) jo_add(function, "strict", jo_bool(true));
    else if (rng_one_in(m->rng, 4)) jo_add(function, "strict", rng_one_in(m->rng, 2) ? NULL : jo_bool(false));
    return function;
}

static struct json_object *grammar_of(const struct talk_maker *m)
{
    struct json_object *format = jo_object(), *grammar = jo_object();
    bool regex = rng_one_in(m->rng, 2);
    jo_add(grammar, "syntax", jo_string(regex ? "regex" : "lark"));
    jo_add(grammar, "definition", jo_string(regex ? "^(yes|no)$" : "start: \"yes\" | \"no\""));
    jo_add(format, "type", jo_string("grammar"));
    jo_add(format, "grammar", grammar);
    return format;
}

static struct json_object *custom_of(const struct talk_maker *m, enum tools_kind kind, size_t number)
{
    char name[NAME_ROOM];
    struct json_object *custom = jo_object();
    make_name(m, "run_query", number, name);
    jo_add(custom, "name", jo_string(name));
    if (rng_one_in(m->rng, 2)) jo_add(custom, "description", prose_make(m->rng, 20));
    if (kind == TOOLS_GRAMMAR) {
        jo_add(custom, "format", grammar_of(m));
    } else if (rng_one_in(m->rng, 2)) {
        struct json_object *format = jo_object();
        jo_add(format, "type", jo_string("text"));
        jo_add(custom, "format", format);
    }
    return custom;
}

struct json_object *tools_make(const struct talk_maker *m, enum tools_kind kind)
{
    struct json_object *tools = jo_array();
    bool custom = kind == TOOLS_CUSTOM || kind == TOOLS_GRAMMAR;
    size_t count = kind == TOOLS_MOST ? TOOLS_ALLOWED : kind == TOOLS_SEVERAL ? rng_between(m->rng, 2, 5) : 1;
    for (size_t i = 0; i < count; i++)
        jo_push(tools, custom ? tool_of("custom", custom_of(m, kind, i)) : tool_of("function", function_of(m, kind, i)));
    if (kind == TOOLS_BOTH) jo_push(tools, tool_of("custom", custom_of(m, kind, m->sample ? 0 : 1)));
    return tools;
}

/* --- the choice */

/* {"type": "function", "function": {"name": ...}} of a declared tool of that type. */
static struct json_object *naming(const struct talk_maker *m, const char *type, size_t from)
{
    struct json_object *name = NULL, *body = jo_object();
    for (size_t i = 0; !name && i < jo_length(m->tools); i++) {
        struct json_object *tool = jo_item(m->tools, (from + i) % jo_length(m->tools));
        if (jo_is(jo_get(tool, "type"), type)) name = jo_get(jo_get(tool, type), "name");
    }
    jo_add(body, "name", name ? jo_copy(name) : jo_string(*type == 'c' ? "run_query" : "get_weather"));
    return tool_of(type, body);
}

static struct json_object *allowing(const struct talk_maker *m, const char *type)
{
    struct json_object *choice = jo_object(), *allowed = jo_object(), *list = jo_array();
    jo_push(list, naming(m, type, rng_below(m->rng, jo_length(m->tools))));
    jo_add(allowed, "mode", jo_string(rng_one_in(m->rng, 2) ? "auto" : "required"));
    jo_add(allowed, "tools", list);
    jo_add(choice, "type", jo_string("allowed_tools"));
    jo_add(choice, "allowed_tools", allowed);
    return choice;
}

struct json_object *choice_make(const struct talk_maker *m, enum choice_kind kind)
{
    size_t from = rng_below(m->rng, jo_length(m->tools));
    switch (kind) {
    case CHOICE_NONE: return jo_string("none");
    case CHOICE_AUTO: return jo_string("auto");
    case CHOICE_REQUIRED: return jo_string("required");
    case CHOICE_FUNCTION: return naming(m, "function", from);
    case CHOICE_CUSTOM: return naming(m, "custom", from);
    case CHOICE_ALLOWED: return allowing(m, "function");
    case CHOICE_ALLOWED_CUSTOM: return allowing(m, "custom");
    case CHOICE_KINDS: break;
    }
    return jo_string("auto");
}

/* --- the deprecated pair */

struct json_object *functions_make(const struct talk_maker *m, size_t count)
{
    struct json_object *functions = jo_array();
    for (size_t i = 0; i < count; i++) {
        struct json_object *function = function_of(m, TOOLS_FUNCTION, i);
        jo_remove(function, "strict");
        jo_push(functions, function);
    }
    return functions;
}

struct json_object *function_call_make(const struct talk_maker *m, struct json_object *functions, int kind)
{
    if (kind != CALL_NAMED) return jo_string(kind == CALL_NONE ? "none" : "auto");
    struct json_object *choice = jo_object(), *name = jo_get(jo_item(functions, rng_below(m->rng, jo_length(functions))), "name");
    jo_add(choice, "name", name ? jo_copy(name) : jo_string("get_weather"));
    return choice;
}
