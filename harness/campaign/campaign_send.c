/* campaign_send.c: puts a payload on the wire. */
#include "harness/campaign/campaign_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

long campaign_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void landed(void *context, const struct http_reply *reply) { campaign_hear(context, reply); }

/* "Name: value" as a step has headers; "Name:" leaves one out. */
static struct json_object *headers_of(const struct shot *shot)
{
    if (!shot->header) return NULL;
    struct json_object *headers = jo_object();
    char name[64];
    size_t length = strcspn(shot->header, ":");
    const char *value = shot->header + length + 1;
    snprintf(name, sizeof name, "%.*s", (int)length, shot->header);
    jo_put(headers, name, *value ? jo_string(value + 1) : NULL);
    return headers;
}

static bool build(struct flight *f)
{
    const struct campaign_options *o = f->campaign->options;
    struct variables none = {0};
    char why[512], *method = f->shot.method ? strdup(f->shot.method) : NULL;
    struct suite_step step = {.method = method, .headers = headers_of(&f->shot)};
    const struct target *target = f->errand == TWIN ? o->against : o->target;
    size_t length = 0;
    const char *bytes = shot_bytes(&f->shot, &length);
    bool fine = bytes && wire_build(&f->wire, target, &step, NULL, bytes, length, &none, why, sizeof why);
    json_object_put(step.headers);
    free(method);
    return fine;
}

/* What wants a stream says so, as clients do. */
static void accept_stream(struct flight *f)
{
    if (!jo_true(jo_get(f->shot.object, "stream")) || f->shot.header) return;
    for (size_t i = 0; i < f->wire.header_count; i++) {
        struct cc_header *header = &f->wire.headers[i];
        char *value = strcmp(header->name, "Accept") == 0 ? strdup("text/event-stream") : NULL;
        if (!value) continue;
        free((void *)(uintptr_t)header->value);
        header->value = value;
    }
}

static struct http_request request_of(const struct flight *f)
{
    const struct campaign_options *o = f->campaign->options;
    const struct target *target = f->errand == TWIN ? o->against : o->target;
    return (struct http_request){.method = f->wire.method,
                                 .url = f->wire.url,
                                 .headers = f->wire.headers,
                                 .body = f->wire.body,
                                 .body_length = f->wire.body_length,
                                 .timeouts = target->timeouts ? *target->timeouts : (struct http_timeouts){0},
                                 .limits = {.body = o->limits.stream},
                                 .insecure = target->insecure,
                                 .ca = target->ca,
                                 .proxy = target->proxy};
}

bool campaign_send(struct campaign *c, enum errand errand, struct shot *shot, const struct flight *more)
{
    struct flight *f = calloc(1, sizeof *f);
    if (f && more) *f = *more;
    if (f) {
        f->campaign = c;
        f->errand = errand;
        f->shot = *shot;
        *shot = (struct shot){0};
    }
    if (f && build(f)) {
        accept_stream(f);
        struct http_request request = request_of(f);
        pace_take(&c->pace);
        c->sent++;
        c->flying++;
        if (http_pool_start(c->pool, &request, landed, f)) return true;
        c->flying--;
    }
    shot_clear(f ? &f->shot : shot);
    if (f) wire_clear(&f->wire);
    free(f);
    c->failed = true;
    return false;
}
