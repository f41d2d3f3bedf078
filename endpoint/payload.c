/* payload.c: see payload.h. */
#include "endpoint/payload.h"

#include <stdlib.h>
#include <string.h>

static void append_value(struct printbuf *buffer, struct json_object *value)
{
    size_t length;
    const char *text = jo_write(value, &length);
    jo_append(buffer, text, length);
}

static void append_string(struct printbuf *buffer, struct json_object *string)
{
    jo_append(buffer, jo_text(string), jo_text_length(string));
}

static void append_event(struct printbuf *buffer, struct json_object *reply, struct json_object *event)
{
    if (json_object_is_type(event, json_type_string)) {
        append_string(buffer, event);
        return;
    }
    append_string(buffer, jo_get(reply, "before"));
    append_value(buffer, event);
    append_string(buffer, jo_get(reply, "after"));
}

static void append_stream(struct printbuf *buffer, struct json_object *reply, struct payload *payload)
{
    struct json_object *events = jo_get(reply, "events");
    for (size_t i = 0; i < jo_length(events); i++) {
        append_event(buffer, reply, jo_item(events, i));
        payload->ends[payload->count++] = buffer ? (size_t)buffer->bpos : 0;
    }
    append_string(buffer, jo_get(reply, "end"));
    payload->ends[payload->count++] = buffer ? (size_t)buffer->bpos : 0;
    struct json_object *pace = jo_get(reply, "pace");
    payload->pace = (struct pace){.before_ms = (long)jo_int(jo_get(pace, "before_ms"), 0),
                                  .between_ms = (long)jo_int(jo_get(pace, "between_ms"), 0),
                                  .stall_at = (size_t)jo_int(jo_get(pace, "stall_at"), 0),
                                  .stall_ms = (long)jo_int(jo_get(pace, "stall_ms"), 0),
                                  .bytes = (size_t)jo_int(jo_get(pace, "bytes"), 0),
                                  .endless = jo_true(jo_get(pace, "endless"))};
}

bool payload_write(struct json_object *reply, struct payload *payload)
{
    *payload = (struct payload){0};
    struct printbuf *buffer = jo_buffer();
    if (jo_has(reply, "events"))
        payload->ends = calloc(jo_length(jo_get(reply, "events")) + 1, sizeof *payload->ends);
    if (payload->ends)
        append_stream(buffer, reply, payload);
    else if (jo_has(reply, "text"))
        append_string(buffer, jo_get(reply, "text"));
    else if (!jo_has(reply, "events"))
        append_value(buffer, jo_get(reply, "body"));
    if (jo_lost() || !buffer || (jo_has(reply, "events") && !payload->ends)) {
        printbuf_free(buffer);
        free(payload->ends);
        return false;
    }
    payload->bytes = buffer->buf;
    payload->length = (size_t)buffer->bpos;
    buffer->buf = NULL;
    printbuf_free(buffer);
    return true;
}

void payload_clear(struct payload *payload)
{
    free(payload->bytes);
    free(payload->ends);
    *payload = (struct payload){0};
}
