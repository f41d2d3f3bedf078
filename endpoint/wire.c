/* wire.c: see wire.h. */
#include "endpoint/wire.h"

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

static void append_stream(struct printbuf *buffer, struct json_object *reply, struct wire *wire)
{
    struct json_object *events = jo_get(reply, "events");
    for (size_t i = 0; i < jo_length(events); i++) {
        append_event(buffer, reply, jo_item(events, i));
        wire->ends[wire->count++] = buffer ? (size_t)buffer->bpos : 0;
    }
    append_string(buffer, jo_get(reply, "end"));
    wire->ends[wire->count++] = buffer ? (size_t)buffer->bpos : 0;
    wire->pause_ms = (long)jo_int(jo_get(reply, "pause_ms"), 0);
}

bool wire_write(struct json_object *reply, struct wire *wire)
{
    *wire = (struct wire){0};
    struct printbuf *buffer = jo_buffer();
    if (jo_has(reply, "events"))
        wire->ends = calloc(jo_length(jo_get(reply, "events")) + 1, sizeof *wire->ends);
    if (wire->ends)
        append_stream(buffer, reply, wire);
    else if (jo_has(reply, "text"))
        append_string(buffer, jo_get(reply, "text"));
    else if (!jo_has(reply, "events"))
        append_value(buffer, jo_get(reply, "body"));
    if (jo_lost() || !buffer || (jo_has(reply, "events") && !wire->ends)) {
        printbuf_free(buffer);
        free(wire->ends);
        return false;
    }
    wire->bytes = buffer->buf;
    wire->length = (size_t)buffer->bpos;
    buffer->buf = NULL;
    printbuf_free(buffer);
    return true;
}

void wire_clear(struct wire *wire)
{
    free(wire->bytes);
    free(wire->ends);
    *wire = (struct wire){0};
}
