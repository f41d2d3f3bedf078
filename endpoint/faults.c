/* faults.c: see faults.h. */
#include "endpoint/faults.h"

#include "endpoint/service.h"

#include <string.h>

enum { NESTING = 12, LARGE = 48 * 1024 };

/* --- where they strike */

static bool is_nested(const struct call *call, struct json_object *request)
{
    size_t depth = 0;
    bool text = false;
    (void)request;
    for (size_t i = 0; i < call->length; i++) {
        char c = call->body[i];
        if (text && c == '\\') i++;
        else if (c == '"') text = !text;
        else if (!text && (c == '[' || c == '{')) depth++;
        else if (!text && (c == ']' || c == '}') && depth) depth--;
        if (depth > NESTING) return true;
    }
    return false;
}

static bool is_large(const struct call *call, struct json_object *request)
{
    (void)request;
    return call->length > LARGE;
}

static bool has_emoji(const struct call *call, struct json_object *request)
{
    (void)request;
    return memchr(call->body, 0xF0, call->length) != NULL;
}

static bool has_mark(const struct call *call, struct json_object *request)
{
    (void)request;
    return call->length > 3 && memcmp(call->body, "\xEF\xBB\xBF", 3) == 0;
}

static bool is_spaced(const struct call *call, struct json_object *request)
{
    (void)request;
    return call->length > 2 && call->body[0] == '{' && (call->body[1] == ' ' || call->body[1] == '\n');
}

static bool begins_otherwise(const struct call *call, struct json_object *request)
{
    (void)request;
    return call->length > 8 && strncmp(call->body, "{\"model\"", 8) != 0 && strncmp(call->body, "{\n", 2) != 0;
}

static bool has_empty(struct json_object *request, const char *key)
{
    struct json_object *member = jo_get(request, key);
    bool array = json_object_is_type(member, json_type_array) && jo_length(member) == 0;
    return array || (json_object_is_type(member, json_type_object) && json_object_object_length(member) == 0);
}

static bool has_no_tools(const struct call *call, struct json_object *request) { return (void)call, has_empty(request, "tools"); }
static bool has_no_biases(const struct call *call, struct json_object *request) { return (void)call, has_empty(request, "logit_bias"); }
static bool has_no_stream_options(const struct call *call, struct json_object *request)
{
    return (void)call, has_empty(request, "stream_options");
}

static bool has_null_stop(const struct call *call, struct json_object *request)
{
    (void)call;
    return jo_has(request, "stop") && !jo_get(request, "stop");
}

static bool wants_many(const struct call *call, struct json_object *request) { return (void)call, jo_int(jo_get(request, "n"), 1) > 100; }

/* Spelt out, as hardly anybody does. */
static bool has_default_penalty(const struct call *call, struct json_object *request)
{
    struct json_object *penalty = jo_get(request, "presence_penalty");
    (void)call;
    return json_object_is_type(penalty, json_type_int) && json_object_get_int64(penalty) == 0 && jo_has(request, "frequency_penalty") &&
           jo_has(request, "n");
}

static bool is_greedy(const struct call *call, struct json_object *request)
{
    struct json_object *top_p = jo_get(request, "top_p");
    (void)call;
    return top_p && (json_object_is_type(top_p, json_type_int) || json_object_is_type(top_p, json_type_double)) &&
           json_object_get_double(top_p) == 0;
}

static bool has_two_results(const struct call *call, struct json_object *request)
{
    struct json_object *messages = jo_get(request, "messages");
    (void)call;
    for (size_t i = 1; i < jo_length(messages); i++)
        if (jo_is(jo_get(jo_item(messages, i - 1), "role"), "tool") && jo_is(jo_get(jo_item(messages, i), "role"), "tool")) return true;
    return false;
}

static bool has_long_name(const struct call *call, struct json_object *request)
{
    struct json_object *messages = jo_get(request, "messages");
    (void)call;
    for (size_t i = 0; i < jo_length(messages); i++)
        if (jo_text_length(jo_get(jo_item(messages, i), "name")) > 60) return true;
    return false;
}

/* --- the table */

static const struct fault faults[] = {
    {{"fault.nesting.crash", "expect.status", CC_MUST, "fails with 500 when something is nested more than 12 deep"},
     FAULT_FAIL, NULL, is_nested},
    {{"fault.tools-empty.hang", "expect.answer", CC_MUST, "does not answer when tools is empty"}, FAULT_HANG, NULL, has_no_tools},
    {{"fault.large.dropped", "expect.answer", CC_MUST, "closes the connection on bodies of more than 48 KiB"}, FAULT_DROP, NULL, is_large},
    {{"fault.emoji.crash", "expect.status", CC_MUST, "fails with 500 on characters outside the first plane"}, FAULT_FAIL, NULL, has_emoji},
    {{"fault.bom.crash", "expect.status", CC_MUST, "fails with 500 on a byte order mark"}, FAULT_FAIL, NULL, has_mark},
    {{"fault.logit-bias-empty.crash", "expect.status", CC_MUST, "fails with 500 on an empty logit_bias"}, FAULT_FAIL, NULL, has_no_biases},
    {{"fault.stream-options-empty.crash", "expect.status", CC_MUST, "fails with 500 on empty stream_options"},
     FAULT_FAIL, NULL, has_no_stream_options},
    {{"fault.top-p-zero.crash", "expect.status", CC_MUST, "fails with 500 when top_p is 0"}, FAULT_FAIL, NULL, is_greedy},
    {{"fault.results.crash", "expect.status", CC_MUST, "fails with 500 on two results of tools in a row"},
     FAULT_FAIL, NULL, has_two_results},
    {{"fault.stop-null.refused", "expect.accepted", CC_SHOULD, "refuses stop when it is null"}, FAULT_REFUSE, "stop", has_null_stop},
    {{"fault.n-many.refused", "expect.accepted", CC_SHOULD, "refuses more than 100 choices"}, FAULT_REFUSE, "n", wants_many},
    {{"fault.name-long.refused", "expect.accepted", CC_MUST, "refuses names of more than 60 characters"},
     FAULT_REFUSE, "messages", has_long_name},
    {{"fault.order.refused", "expect.accepted", CC_MUST, "refuses bodies that do not begin with the model"},
     FAULT_REFUSE, NULL, begins_otherwise},
    {{"fault.white-space.refused", "expect.accepted", CC_MUST, "refuses bodies with white space after the first brace"},
     FAULT_REFUSE, NULL, is_spaced},
    {{"fault.defaults.refused", "expect.accepted", CC_MUST, "refuses requests that spell out all their defaults"},
     FAULT_REFUSE, NULL, has_default_penalty},
    {{"fault.param.wrong", "expect.rejected.param", CC_MUST, "calls every error one about seed"}, FAULT_BLAME, "seed", NULL},
    {{"fault.key.ignored", "http.request.authorization.required", CC_MUST, "asks for no key"}, FAULT_NO_KEY, NULL, NULL},
    {{"fault.media-type.ignored", "http.request.content_type.json", CC_MUST, "takes bodies of any media type"}, FAULT_ANY_TYPE, NULL, NULL},
};

const struct fault *fault_at(size_t index) { return index < sizeof faults / sizeof *faults ? &faults[index] : NULL; }

const struct fault *fault_find(const char *id)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strcmp(faults[i].about.id, id) == 0) return &faults[i];
    return NULL;
}

const struct fault *faults_strike(const struct fault *const *chosen, const struct call *call, struct json_object *request)
{
    for (; chosen && *chosen; chosen++)
        if ((*chosen)->strikes && (*chosen)->strikes(call, request)) return *chosen;
    return NULL;
}

const struct fault *faults_with(const struct fault *const *chosen, enum fault_effect effect)
{
    for (; chosen && *chosen; chosen++)
        if ((*chosen)->effect == effect) return *chosen;
    return NULL;
}
