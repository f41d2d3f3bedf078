/* payload.h: a reply document (service.h) as bytes. */
#ifndef PAYLOAD_H
#define PAYLOAD_H

#include "harness/base/jo.h"

/* How fast a stream goes out. */
struct pace {
    long before_ms, between_ms; /* the first event; two events */
    size_t stall_at;            /* the event before which there is another pause, of `stall_ms`; 0: none */
    long stall_ms;
    size_t bytes;               /* that are sent at once; 0: whole events */
    bool endless;               /* after the last event the second one comes again */
};

/* A body, and where its parts end when it is a stream. Cleared with payload_clear. */
struct payload {
    char *bytes;
    size_t length;
    size_t *ends; /* offsets at which one event after another is complete; NULL when it is no stream */
    size_t count;
    struct pace pace;
};

/* False when memory ran out; then there is nothing to clear. */
bool payload_write(struct json_object *reply, struct payload *payload);
void payload_clear(struct payload *payload);

#endif
