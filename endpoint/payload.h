/* payload.h: a reply document (service.h) as bytes. */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include "endpoint/jo.h"

/* A body, and where its parts end when it is a stream. Cleared with payload_clear. */
struct payload {
    char *bytes;
    size_t length;
    size_t *ends; /* offsets at which one event after another is complete; NULL when it is no stream */
    size_t count;
    long pause_ms; /* between two events */
};

/* False when memory ran out; then there is nothing to clear. */
bool payload_write(struct json_object *reply, struct payload *payload);
void payload_clear(struct payload *payload);

#endif
