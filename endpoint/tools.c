/* tools.c: see tools.h.
 *
 * tool_choice decides first: none calls nothing, a named tool or "required" always calls. When it is left to the model, it calls a tool
 * only if the last message is the user's and holds a tool's name or the word "tool". Every tool that is named there is called, in the order
 * of their declaration (the first one only, when parallel_tool_calls is false); if none is named, the first tool is. */
#include "endpoint/tools.h"

#include "endpoint/digest.h"
#include "endpoint/instance.h"
#include "endpoint/speech.h"

#include <string.h>

enum { CALLS = 128 }; /* more could not be sent back */

struct json_object *tools_body(struct json_object *tool)
{
    return jo_get(tool, jo_is(jo_get(tool, "type"), "custom") ? "custom" : "function");
}

static const char *name_of(struct json_object *tool)
{
    return jo_text(jo_get(tools_body(tool), "name"));
}

static bool is_same_tool(struct json_object *a, struct json_object *b)
{
    return jo_is(jo_get(a, "type"), jo_text(jo_get(b, "type"))) && strcmp(name_of(a), name_of(b)) == 0;
}

static bool is_among(struct json_object *tool, struct json_object *tools)
{
    for (size_t i = 0; i < jo_length(tools); i++)
        if (is_same_tool(tool, jo_item(tools, i)))
            return true;
    return false;
}

/* What tool_choice asks for. */
struct wish {
    bool never, always;
    struct json_object *only; /* an array of tools, or NULL for any */
    struct json_object *one;  /* a tool, or NULL */
};

static struct wish read_wish(struct json_object *choice)
{
    struct json_object *allowed = jo_get(choice, "allowed_tools"), *type = jo_get(choice, "type");
    struct wish wish = {.never = jo_is(choice, "none"), .always = jo_is(choice, "required")};
    if (jo_is(type, "allowed_tools")) {
        wish.only = jo_get(allowed, "tools");
        wish.always = jo_is(jo_get(allowed, "mode"), "required");
    } else if (type) {
        wish.one = choice;
        wish.always = true;
    }
    return wish;
}

static bool is_eligible(const struct wish *wish, struct json_object *tool)
{
    return (!wish->one || is_same_tool(tool, wish->one)) && (!wish->only || is_among(tool, wish->only));
}

static struct json_object *write_call(struct json_object *tool, uint64_t digest)
{
    bool custom = jo_is(jo_get(tool, "type"), "custom");
    struct json_object *call = jo_object(), *body = jo_object();
    jo_put(call, "id", digest_id("call_", digest, 24));
    jo_put(call, "type", jo_string(custom ? "custom" : "function"));
    jo_put(body, "name", jo_string(name_of(tool)));
    if (custom) {
        jo_put(body, "input", jo_string("Here is what the tool was asked for."));
    } else {
        struct json_object *arguments = instance_of(jo_get(tools_body(tool), "parameters"));
        if (!json_object_is_type(arguments, json_type_object)) {
            json_object_put(arguments);
            arguments = jo_object();
        }
        size_t length;
        const char *text = jo_write(arguments, &length);
        jo_put(body, "arguments", jo_bytes(text, length));
        json_object_put(arguments);
    }
    jo_put(call, custom ? "custom" : "function", body);
    return call;
}

/* The tools to call: a new array (of borrowed ones), empty for none. */
static struct json_object *pick_tools(struct json_object *tools, const struct wish *wish, struct json_object *asked, size_t most)
{
    struct json_object *picked = jo_array(), *first = NULL;
    for (size_t i = 0; i < jo_length(tools) && jo_length(picked) < most; i++) {
        struct json_object *tool = jo_item(tools, i);
        if (!is_eligible(wish, tool))
            continue;
        first = first ? first : tool;
        if (speech_mentions(asked, name_of(tool)) && !is_among(tool, picked))
            jo_push(picked, json_object_get(tool));
    }
    bool hinted = speech_mentions(asked, "tool") || speech_mentions(asked, "tools");
    if (jo_length(picked) == 0 && first && (wish->always || hinted))
        jo_push(picked, json_object_get(first));
    return picked;
}

static bool is_false(struct json_object *value)
{
    return json_object_is_type(value, json_type_boolean) && !json_object_get_boolean(value);
}

struct json_object *tools_call(struct json_object *request, uint64_t digest, size_t choice)
{
    struct wish wish = read_wish(jo_get(request, "tool_choice"));
    if (wish.never || jo_length(jo_get(request, "tools")) == 0)
        return NULL;
    struct json_object *asked = speech_asked_last(request);
    size_t most = is_false(jo_get(request, "parallel_tool_calls")) ? 1 : CALLS;
    struct json_object *picked = pick_tools(jo_get(request, "tools"), &wish, asked, most), *calls = NULL;
    for (size_t i = 0; i < jo_length(picked); i++) {
        calls = calls ? calls : jo_array();
        jo_push(calls, write_call(jo_item(picked, i), digest_mix(digest + 1000 * choice + i + 1)));
    }
    json_object_put(picked);
    json_object_put(asked);
    return calls;
}

struct json_object *tools_call_function(struct json_object *request)
{
    struct json_object *functions = jo_get(request, "functions"), *choice = jo_get(request, "function_call"), *found = NULL, *first = NULL;
    if (jo_is(choice, "none"))
        return NULL;
    const char *forced = jo_text(jo_get(choice, "name"));
    struct json_object *asked = speech_asked_last(request);
    for (size_t i = 0; i < jo_length(functions) && !found; i++) {
        struct json_object *function = jo_item(functions, i), *name = jo_get(function, "name");
        first = first ? first : function;
        found = (*forced ? jo_is(name, forced) : speech_mentions(asked, jo_text(name))) ? function : NULL;
    }
    if (!found && !*forced && (speech_mentions(asked, "tool") || speech_mentions(asked, "function")))
        found = first;
    json_object_put(asked);
    if (!found)
        return NULL;
    struct json_object *tool = jo_object();
    jo_put(tool, "type", jo_string("function"));
    jo_put(tool, "function", json_object_get(found));
    struct json_object *call = write_call(tool, 0), *body = json_object_get(jo_get(call, "function"));
    json_object_put(call);
    json_object_put(tool);
    return body;
}

static const char *payload_key(struct json_object *body)
{
    return jo_has(body, "input") ? "input" : "arguments";
}

struct json_object *tools_payload(struct json_object *body)
{
    return jo_get(body, payload_key(body));
}

void tools_cut_payload(struct json_object *body, size_t length)
{
    struct json_object *payload = tools_payload(body);
    if (length < jo_text_length(payload))
        jo_put(body, payload_key(body), jo_bytes(jo_text(payload), length));
}
