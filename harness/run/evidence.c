/* evidence.c: see evidence.h. Texts are cut after they were redacted, never before: half a secret would not be found. */
#include "harness/run/evidence.h"

#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/run/cascade.h"
#include "harness/run/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STORED_MAX = 64 * 1024, /* bytes of a body */
    WHOLE_MAX = 8 << 20,    /* bytes of a request that is kept to be sent again */
    EXCERPT_MAX = 120,
    MARGIN = 64 * 1024      /* bytes behind a cut in which a secret may end */
};

static char *safe(struct court *court, const char *text, size_t length, size_t *safe_length)
{
    char *copy = redact_text(court->target->redactor, text, length, safe_length);
    if (!copy) court->failed = true;
    return copy;
}

char *evidence_text(struct court *court, const char *text) { return text ? safe(court, text, strlen(text), NULL) : NULL; }

char *evidence_copy(struct court *court, const char *text)
{
    char *made = text ? strdup(text) : NULL;
    if (text && !made) court->failed = true;
    return made;
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* A body may hold NUL bytes, and a stored text ends at the first: they are shown as a visible mark instead. */
static char *safe_body(struct court *court, const char *body, size_t length)
{
    size_t kept = 0;
    char *text = safe(court, body, least(length, STORED_MAX + MARGIN), &kept);
    if (!text) return NULL;
    for (size_t i = 0; i < kept; i++)
        if (text[i] == '\0') text[i] = '\x1a';
    if (length <= STORED_MAX) return text;
    char *cut = malloc(STORED_MAX + 64);
    if (cut) snprintf(cut, STORED_MAX + 64, "%.*s\n... %zu more bytes", (int)text_cut(text, STORED_MAX), text, length - STORED_MAX);
    else court->failed = true;
    free(text);
    return cut;
}

/* What a report shows of a request may be a part of it; what sends it again needs all of it. */
static void store_request(struct court *court, const struct wire *wire, struct result_exchange *x)
{
    if (wire->body) {
        x->request = safe_body(court, wire->body, wire->body_length);
        x->partial = wire->body_length > STORED_MAX || memchr(wire->body, '\0', wire->body_length);
        if (x->partial && wire->body_length <= WHOLE_MAX) x->whole = safe(court, wire->body, wire->body_length, &x->whole_length);
    }
    if (!x->partial || x->whole) x->curl = wire_curl(wire, court->target);
}

static char *reply_headers(struct court *court, const struct http_reply *reply)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out) {
        court->failed = true;
        return NULL;
    }
    for (const struct cc_header *h = reply->headers; h && h->name; h++)
        fprintf(out, "%s: %s\n", h->name, redact_header(h->name) ? "$REDACTED" : h->value);
    if (fclose(out) != 0) court->failed = true;
    char *shown = evidence_text(court, text);
    free(text);
    return shown;
}

void evidence_store(struct court *court, const struct hearing *hearing, struct case_result *result)
{
    struct result_exchange *all = realloc(result->exchanges, (result->exchange_count + 1) * sizeof *all);
    if (!all) {
        court->failed = true;
        return;
    }
    result->exchanges = all;
    const struct http_reply *reply = hearing->reply;
    const struct wire *wire = hearing->wire;
    bool fine = reply->fault == HTTP_FINE;
    all[result->exchange_count++] = (struct result_exchange){
        .purpose = evidence_copy(court, hearing->purpose),
        .method = evidence_copy(court, wire->method),
        .url = evidence_text(court, wire->url),
        .request_headers = wire_headers(wire, court->target),
        .status = reply->status,
        .response_headers = reply_headers(court, reply),
        .response = reply->body ? safe_body(court, reply->body, reply->body_length) : NULL,
        .response_length = reply->body_length,
        .first_byte_ms = reply->first_byte_ms,
        .total_ms = reply->total_ms,
        .fault = fine ? NULL : evidence_copy(court, http_fault_name(reply->fault)),
        .why = fine ? NULL : evidence_text(court, reply->why),
    };
    struct result_exchange *stored = &all[result->exchange_count - 1];
    struct result_stream *stream = &stored->stream;
    store_request(court, wire, stored);
    if (reply->body && clock_is_stream(reply) && !clock_read(reply, stream)) court->failed = true;
}

char *evidence_excerpt(struct court *court, const struct http_reply *reply, const struct cc_finding *finding, size_t more)
{
    const char *text = reply->body, *rule = finding->rule->id;
    size_t from = finding->offset, length = reply->body_length;
    if (finding->in == CC_IN_HTTP) return NULL;
    if (from >= length) return finding->in == CC_IN_EVENT ? evidence_copy(court, "the end of the stream") : NULL;
    bool line = strncmp(rule, "json.", 5) == 0 || strncmp(rule, "stream.sse.", 11) == 0 || strncmp(rule, "stream.done.", 12) == 0;
    size_t end = excerpt_end(text, length, from, line);
    char alike[48] = "", *found = end > from ? redact_cut(court->target->redactor, text + from, end - from, EXCERPT_MAX) : NULL;
    if (!found) {
        court->failed |= end > from;
        return NULL;
    }
    if (more) snprintf(alike, sizeof alike, " (and %zu more like it)", more);
    char *shown = why_text("%s%s", found, alike);
    if (!shown) court->failed = true;
    free(found);
    return shown;
}
