/* wire.h: a reply document (service.h) as bytes. */
#ifndef WIRE_H
#define WIRE_H

#include "endpoint/jo.h"

/* A body, and where its parts end when it is a stream. Cleared with wire_clear. */
struct wire {
    char *bytes;
    size_t length;
    size_t *ends; /* offsets at which one event after another is complete; NULL when it is no stream */
    size_t count;
    long pause_ms; /* between two events */
};

/* False when memory ran out; then there is nothing to clear. */
bool wire_write(struct json_object *reply, struct wire *wire);
void wire_clear(struct wire *wire);

#endif
