/* retry.c: see retry.h. */
#include "harness/run/retry.h"

#include "harness/base/jo.h"
#include "harness/http/http_date.h"

#include <stdlib.h>
#include <string.h>

/* A status, or a list of them. */
static bool has_status(struct json_object *expected, int status)
{
    if (json_object_is_type(expected, json_type_int)) return jo_int(expected, 0) == status;
    for (size_t i = 0; i < jo_length(expected); i++)
        if (jo_int(jo_item(expected, i), 0) == status) return true;
    return false;
}

static bool expects_status(struct json_object *expect, int status)
{
    return has_status(jo_get(expect, "status"), status) || has_status(jo_get(jo_get(expect, "rejected"), "status"), status);
}

bool retry_may_help(const struct suite_step *step, const struct http_reply *reply)
{
    if (reply->fault == HTTP_CANCELLED || reply->fault == HTTP_BAD_REQUEST) return false;
    bool busy = reply->status == 408 || reply->status == 429;
    return reply->fault != HTTP_FINE || (busy && !expects_status(step->expect, reply->status));
}

static const char *header(const struct http_reply *reply, const char *name)
{
    for (const struct cc_header *h = reply->headers; h && h->name; h++)
        if (strcmp(h->name, name) == 0) return h->value;
    return "";
}

/* How many seconds the server asks us to wait, or -1. A date is held against the server's own clock where it tells it: ours may differ. */
static long asked_seconds(const struct http_reply *reply, time_t now)
{
    const char *after = header(reply, "retry-after");
    char *end;
    time_t until, today;
    long seconds = strtol(after, &end, 10);
    if (end != after && !*end) return seconds;
    if (!http_date_read(after, now, &until)) return -1;
    if (!http_date_read(header(reply, "date"), now, &today)) today = now;
    return until > today ? (long)(until - today) : 0;
}

long retry_delay_ms(const struct http_reply *reply, long attempt, time_t now)
{
    long seconds = asked_seconds(reply, now);
    if (seconds >= 0) return seconds < RETRY_MAX_MS / 1000 ? seconds * 1000 : RETRY_MAX_MS;
    long delay_ms = RETRY_FIRST_MS << (attempt < 8 ? attempt - 1 : 7);
    return delay_ms < RETRY_MAX_MS ? delay_ms : RETRY_MAX_MS;
}
