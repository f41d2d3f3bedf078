/* campaign_send.c: puts a payload on the wire. */
#include "harness/campaign/campaign_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void landed(void *context, const struct http_reply *reply) { campaign_hear(context, reply); }

static const struct target *target_of(const struct flight *f)
{
    return f->errand == TWIN ? f->campaign->options->against : f->campaign->options->target;
}

static bool build(struct flight *f)
{
    struct variables none = {0};
    char why[512], *method = f->shot.method ? strdup(f->shot.method) : NULL;
    struct suite_step step = {.method = method, .headers = f->shot.header ? wire_header_object(f->shot.header) : NULL};
    size_t length = 0;
    const char *bytes = shot_bytes(&f->shot, &length);
    bool fine = bytes && wire_build(&f->wire, target_of(f), &step, NULL, bytes, length, &none, why, sizeof why);
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
        struct http_request request = wire_request(&f->wire, target_of(f), c->options->limits.stream);
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
