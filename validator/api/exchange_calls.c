/* exchange_calls.c: what an answer calls against the tools that its request declared, allowed, forbade or demanded. */
#include "validator/api/exchange.h"
#include "validator/api/text_set.h"

static struct view calls_of(struct view choice) { return get_path(choice, "message/tool_calls"); }
static struct view tools_of(struct ask *ask) { return get(ask->request, "tools"); }
static struct view tool_choice(struct ask *ask) { return get(ask->request, "tool_choice"); }

/* The name of a tool, a call or a named choice: {"type": "function", "function": {"name": ...}}, or the same with custom. */
static struct view name_in(struct view tool, const char *type) { return get(get(tool, type), "name"); }
static bool of_type(struct view tool, const char *type) { return text_is(get(tool, "type"), type); }

static bool same_tool(struct view a, struct view b)
{
    return (of_type(a, "function") && of_type(b, "function") && text_same(name_in(a, "function"), name_in(b, "function"))) ||
           (of_type(a, "custom") && of_type(b, "custom") && text_same(name_in(a, "custom"), name_in(b, "custom")));
}

bool calls_come_with_tools(struct ask *ask)
{
    if (count(tools_of(ask)) > 0) return true;
    for (EVERY_CHOICE(ask, choice))
        if (count(calls_of(choice)) > 0) return blame(ask, calls_of(choice));
    return true;
}

bool calls_are_not_forbidden(struct ask *ask)
{
    if (!text_is(tool_choice(ask), "none") || count(tools_of(ask)) == 0) return true;
    for (EVERY_CHOICE(ask, choice))
        if (count(calls_of(choice)) > 0) return blame(ask, calls_of(choice));
    return true;
}

/* A choice that was cut off or refuses need not have come to its call. */
static bool every_choice_calls(struct ask *ask)
{
    if (ask->cut) return true;
    for (EVERY_CHOICE(ask, choice)) {
        if (count(calls_of(choice)) > 0 || choice_is_cut(choice) || choice_refuses(choice)) continue;
        return blame_missing(ask, get(choice, "message"), "tool_calls");
    }
    return true;
}

bool required_call_is_there(struct ask *ask)
{
    return !text_is(tool_choice(ask), "required") || count(tools_of(ask)) == 0 || every_choice_calls(ask);
}

bool named_tool_is_called(struct ask *ask)
{
    struct view named = tool_choice(ask);
    bool judged = (of_type(named, "function") || of_type(named, "custom")) && count(tools_of(ask)) > 0;
    for (EVERY_CHOICE(ask, choice)) {
        struct view calls = calls_of(choice);
        for (EVERY(call, calls))
            if (judged && !same_tool(call, named)) return blame(ask, call);
    }
    return !judged || every_choice_calls(ask);
}

static bool among(struct view tools, struct view call)
{
    for (EVERY(tool, tools))
        if (same_tool(tool, call)) return true;
    return false;
}

bool called_tools_are_allowed(struct ask *ask)
{
    struct view allowed = get(tool_choice(ask), "allowed_tools");
    if (!is(allowed, OBJ) || count(tools_of(ask)) == 0) return true;
    for (EVERY_CHOICE(ask, choice)) {
        struct view calls = calls_of(choice);
        for (EVERY(call, calls))
            if (!among(get(allowed, "tools"), call)) return blame(ask, call);
    }
    return !text_is(get(allowed, "mode"), "required") || every_choice_calls(ask);
}

bool calls_are_not_parallel(struct ask *ask)
{
    struct view parallel = get(ask->request, "parallel_tool_calls");
    if (!is(parallel, BOOL) || is_true(parallel)) return true;
    for (EVERY_CHOICE(ask, choice))
        if (count(calls_of(choice)) > 1) return say(ask, "there are %zu", count(calls_of(choice))), blame(ask, calls_of(choice));
    return true;
}

static bool declared_names(struct ask *ask, const char *type, struct text_set *names)
{
    struct view tools = tools_of(ask);
    if (!text_set_open(ask, names, count(tools))) return false;
    for (EVERY(tool, tools)) {
        struct text name = text_of(ask, name_in(tool, type));
        if (of_type(tool, type) && name.bytes) text_set_add(names, name, NULL);
    }
    return true;
}

/* Names of a set hold for as many calls as there are, so the time grows with tools plus calls. */
static bool called_are_declared(struct ask *ask, const char *type)
{
    struct text_set names;
    if (count(tools_of(ask)) == 0 || !declared_names(ask, type, &names)) return true;
    for (EVERY_CHOICE(ask, choice)) {
        struct view calls = calls_of(choice);
        for (EVERY(call, calls)) {
            struct text name = text_of(ask, name_in(call, type));
            if (of_type(call, type) && name.bytes && !text_set_find(&names, name)) return blame(ask, name_in(call, type));
        }
    }
    return true;
}

static bool all_functions_strict(struct ask *ask)
{
    struct view tools = tools_of(ask);
    bool strict = count(tools) > 0;
    for (EVERY(tool, tools)) strict = strict && (!of_type(tool, "function") || is_true(get_path(tool, "function/strict")));
    return strict;
}

/* What was named or allowed is judged by the rules about that. */
static bool only_declared(struct ask *ask) { return is(tool_choice(ask), OBJ) || text_is(tool_choice(ask), "none"); }

bool called_functions_are_declared(struct ask *ask)
{
    return only_declared(ask) || all_functions_strict(ask) || called_are_declared(ask, "function");
}

bool called_strict_functions_are_declared(struct ask *ask)
{
    return only_declared(ask) || !all_functions_strict(ask) || called_are_declared(ask, "function");
}

bool called_custom_tools_are_declared(struct ask *ask) { return only_declared(ask) || called_are_declared(ask, "custom"); }

bool function_call_is_declared(struct ask *ask)
{
    struct view functions = get(ask->request, "functions");
    for (EVERY_CHOICE(ask, choice)) {
        struct view call = get_path(choice, "message/function_call"), name = get(call, "name");
        bool declared = !is(call, OBJ);
        for (struct view f = first(functions); there(f) && !declared; f = after(f, functions)) declared = text_same(get(f, "name"), name);
        if (!declared) return blame(ask, name);
    }
    return true;
}
