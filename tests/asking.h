/* asking.h: what the tests of the reference endpoint share: requests, and how to put them to it without a network. */
#ifndef ASKING_H
#define ASKING_H

#include "endpoint/service.h"
#include "tests/testing.h"

#include <string.h>

/* Parts of requests. */
#define USER(text) "\"model\":\"reference\",\"messages\":[{\"role\":\"user\",\"content\":\"" text "\"}]"
#define WEATHER JSON({"type":"function","function":{"name":"get_weather","strict":true,"parameters":{"type":"object", \
                     "properties":{"city":{"type":"string"},"days":{"type":"integer","minimum":3}}, \
                     "required":["city","days"],"additionalProperties":false}}})
#define TIME JSON({"type":"function","function":{"name":"get_time"}})
#define CUSTOM JSON({"type":"custom","custom":{"name":"note"}})
#define PIXEL "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="

#define TOOLS JSON(,"tools":[) WEATHER "," TIME "," CUSTOM "]"
#define ALLOWED(mode) ",\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"" mode "\",\"tools\":[" TIME "]}}"

static const struct service honest = {.profile = CC_OPENAI};

/* Requests that are refused, and how. */
static const struct {
    const char *body;
    int status;
    const char *param, *code; /* "" is null */
} wrongs[] = {
    {"", 400, "", ""},
    {"{", 400, "", ""},
    {"[]", 400, "", ""},
    {"{" USER("hi") ",}", 400, "", ""},
    {JSON({"messages":[{"role":"user","content":"hi"}]}), 400, "", ""},
    {JSON({"model":"reference"}), 400, "messages", "missing_required_parameter"},
    {JSON({"model":"reference","messages":[]}), 400, "messages", "empty_array"},
    {JSON({"model":"reference","messages":"hi"}), 400, "messages", "invalid_type"},
    {JSON({"model":"reference","messages":[{"role":"wizard","content":"hi"}]}), 400, "messages[0].role", "invalid_value"},
    {JSON({"model":"reference","messages":[{"role":"user"}]}), 400, "messages[0].content", "missing_required_parameter"},
    {"{" USER("hi") JSON(,"n":0}), 400, "n", "integer_below_min_value"},
    {"{" USER("hi") JSON(,"n":129}), 400, "n", "integer_above_max_value"},
    {"{" USER("hi") JSON(,"n":"2"}), 400, "n", "invalid_type"},
    {"{" USER("hi") JSON(,"temperature":2.1}), 400, "temperature", "decimal_above_max_value"},
    {"{" USER("hi") JSON(,"temperature":-1}), 400, "temperature", "decimal_below_min_value"},
    {"{" USER("hi") JSON(,"top_p":2}), 400, "top_p", "decimal_above_max_value"},
    {"{" USER("hi") JSON(,"max_tokens":0}), 400, "max_tokens", "integer_below_min_value"},
    {"{" USER("hi") JSON(,"stop":["a","b","c","d","e"]}), 400, "stop", "array_above_max_length"},
    {"{" USER("hi") JSON(,"logit_bias":{"50256":-101}}), 400, "logit_bias.50256", "integer_below_min_value"},
    {"{" USER("hi") JSON(,"store":true,"metadata":{"odd key":1}}), 400, "metadata", "invalid_type"},
    {"{" USER("hi") JSON(,"top_logprobs":2}), 400, "top_logprobs", "invalid_parameter_combination"},
    {"{" USER("hi") JSON(,"tools":[{"type":"function","function":{"name":"a b"}}]}), 400, "tools[0].function.name", "invalid_value"},
    {"{" USER("hi") JSON(,"tools":[{"type":"function","function":{"name":""}}]}), 400, "tools[0].function.name", "string_below_min_length"},
    {"{" USER("hi") JSON(,"reasoning_effort":"huge"}), 400, "reasoning_effort", "invalid_value"},
    {JSON({"model":"gpt-none","messages":[{"role":"user","content":"hi"}]}), 404, "", "model_not_found"},
};

/* The reply of `service` to a POST of `body`; the caller puts it. */
static inline struct json_object *post(const struct service *service, const char *body)
{
    struct call call = {"POST", "/v1/chat/completions", "Bearer key", "application/json", body, strlen(body), false};
    return service_answer(service, &call);
}

static inline int status_of(struct json_object *reply)
{
    return (int)jo_int(jo_get(reply, "status"), 0);
}

#endif
