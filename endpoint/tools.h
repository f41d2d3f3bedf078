/* tools.h: which tools the reference model calls, and with what. */
#ifndef TOOLS_H
#define TOOLS_H

#include "harness/base/jo.h"

/* The tool calls that choice number `choice` of an answer to `request` makes, as message.tool_calls has them: a new array, or NULL when it
 * makes none. */
struct json_object *tools_call(struct json_object *request, uint64_t digest, size_t choice);
/* The same for the older functions and function_call: a new message.function_call, or NULL. */
struct json_object *tools_call_function(struct json_object *request);

/* The part of a tool or of a call that describes it: its `function` or `custom` member. Borrowed. */
struct json_object *tools_body(struct json_object *tool);
/* The string that such a part of a call hands over (arguments, or the input of a custom tool), and cutting it to `length` bytes. */
struct json_object *tools_payload(struct json_object *body);
void tools_cut_payload(struct json_object *body, size_t length);

#endif
