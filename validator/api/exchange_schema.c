/* exchange_schema.c: what an answer says against the schemas that its request gave: the arguments of calls, and structured content.
 *
 * A schema is compiled when there is something to hold against it, so an exchange without schemas costs nothing here. What cannot be
 * decided (a schema that is wrong, or too expensive) is no accusation. */
#include "validator/api/exchange.h"
#include "validator/lib/ask_json.h"

/* --- functions: the arguments of whole calls */

enum fit { FITS, NO_JSON, NO_FIT };

static struct view tool_named(struct ask *ask, struct view name)
{
    struct view tools = get(ask->request, "tools");
    for (EVERY(tool, tools))
        if (text_is(get(tool, "type"), "function") && text_same(get_path(tool, "function/name"), name)) return get(tool, "function");
    return nowhere();
}

static enum fit call_fits(struct ask *ask, struct view call, bool strict)
{
    struct view function = get(call, "function"), declared = tool_named(ask, get(function, "name"));
    struct view parameters = get(declared, "parameters"), arguments = get(function, "arguments");
    if (!is(parameters, OBJ) || is_true(get(declared, "strict")) != strict || !is(arguments, STR)) return FITS;
    struct text text = text_of(ask, arguments);
    if (!text_is_json(ask, text, ANY)) return NO_JSON;
    return text_fits_schema(ask, text, parameters) ? FITS : NO_FIT;
}

static bool arguments_fit(struct ask *ask, bool strict)
{
    for (EVERY_CHOICE(ask, choice)) {
        struct view calls = choice_is_cut(choice) ? nowhere() : get_path(choice, "message/tool_calls");
        for (EVERY(call, calls)) {
            enum fit fit = call_fits(ask, call, strict);
            /* Without strict nobody promised JSON, and that it is none is a warning of its own. */
            if (fit == NO_FIT || (fit == NO_JSON && strict)) return blame_spot(ask, get_path(call, "function/arguments"));
        }
    }
    return true;
}

bool strict_arguments_fit(struct ask *ask) { return arguments_fit(ask, true); }
bool loose_arguments_fit(struct ask *ask) { return arguments_fit(ask, false); }

/* --- structured content */

static bool contents_fit(struct ask *ask, struct view format)
{
    struct view schema = get(format, "schema");
    for (EVERY_CHOICE(ask, choice)) {
        struct view content = get_path(choice, "message/content");
        if (!choice_ends_with_text(ask, choice)) continue;
        struct text text = text_of(ask, content);
        if (!text_is_json(ask, text, ANY)) return say(ask, "it is no JSON"), blame_spot(ask, content);
        if (is(schema, OBJ) && !text_fits_schema(ask, text, schema)) return blame_spot(ask, content);
    }
    return true;
}

/* The schema's description, when one is asked for and strict is as wanted. */
static struct view asked_format(struct ask *ask, bool strict)
{
    struct view format = get(ask->request, "response_format"), described = get(format, "json_schema");
    bool asked = text_is(get(format, "type"), "json_schema") && is_true(get(described, "strict")) == strict;
    return asked ? described : nowhere();
}

bool strict_content_fits(struct ask *ask)
{
    struct view format = asked_format(ask, true);
    return !there(format) || contents_fit(ask, format);
}

bool loose_content_fits(struct ask *ask)
{
    struct view format = asked_format(ask, false);
    return !there(format) || contents_fit(ask, format);
}
