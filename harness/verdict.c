/* verdict.c: see verdict.h. */
#include "harness/verdict.h"

#include "harness/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { STORED_MAX = 64 * 1024, FINDINGS_MAX = 200 };

/* --- storing */

static char *safe(struct court *court, const char *text, size_t length)
{
    if (!text) return NULL;
    char *copy = wire_redact(court->target, text, length);
    if (!copy) court->failed = true;
    return copy;
}

static char *safe_text(struct court *court, const char *text) { return text ? safe(court, text, strlen(text)) : NULL; }

/* What is our own holds no secret. */
static char *copy(struct court *court, const char *text)
{
    char *made = text ? strdup(text) : NULL;
    if (text && !made) court->failed = true;
    return made;
}

/* A body may hold NUL bytes, and a stored text ends at the first: they are shown as a visible mark instead. */
static char *safe_body(struct court *court, const char *body, size_t length)
{
    bool cut = length > STORED_MAX;
    char *copy = malloc((cut ? STORED_MAX : length) + 64);
    size_t used = 0;
    if (!copy) {
        court->failed = true;
        return NULL;
    }
    for (size_t i = 0; i < length && i < STORED_MAX; i++) copy[used++] = body[i] ? body[i] : '\x1a';
    if (cut) used += (size_t)snprintf(copy + used, 64, "\n... %zu more bytes", length - STORED_MAX);
    char *stored = safe(court, copy, used);
    free(copy);
    return stored;
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
    char *shown = safe_text(court, text);
    free(text);
    return shown;
}

void verdict_store(struct court *court, const struct hearing *hearing, struct case_result *result)
{
    struct result_exchange *all = realloc(result->exchanges, (result->exchange_count + 1) * sizeof *all);
    if (!all) {
        court->failed = true;
        return;
    }
    result->exchanges = all;
    const struct http_reply *reply = hearing->reply;
    const struct wire *wire = hearing->wire;
    all[result->exchange_count++] = (struct result_exchange){
        .purpose = copy(court, hearing->purpose),
        .method = copy(court, wire->method),
        .url = safe_text(court, wire->url),
        .request = wire->body ? safe_body(court, wire->body, wire->body_length) : NULL,
        .request_headers = wire_headers(wire, court->target),
        .status = reply->status,
        .response_headers = reply_headers(court, reply),
        .response = reply->body ? safe_body(court, reply->body, reply->body_length) : NULL,
        .response_length = reply->body_length,
        .first_byte_ms = reply->first_byte_ms,
        .total_ms = reply->total_ms,
        .fault = reply->fault == HTTP_FINE ? NULL : copy(court, http_fault_name(reply->fault)),
        .why = reply->fault == HTTP_FINE ? NULL : safe_text(court, reply->why),
        .curl = wire_curl(wire, court->target),
    };
}

/* Takes over what the finding owns. */
static void add_finding(struct court *court, struct case_result *result, const struct result_finding *finding)
{
    struct result_finding *all = realloc(result->findings, (result->finding_count + 1) * sizeof *all);
    if (!all || !finding->rule) court->failed = true;
    if (all) result->findings = all;
    if (!court->failed) result->findings[result->finding_count++] = *finding;
    else result_finding_clear(finding);
}

/* --- the rules of the catalogue */

/* What we sent is our own affair: it was checked before it was sent. */
static bool about_answer(const struct cc_finding *finding)
{
    return finding->in != CC_IN_REQUEST && strncmp(finding->rule->id, "http.request.", 13) != 0;
}

/* The text from the value on, to the end of its line or as much as helps: what stands there. */
static char *excerpt(struct court *court, const char *text, size_t length, size_t from)
{
    size_t end = from;
    while (end < length && end - from < 120 && text[end] != '\n' && text[end] != '\0') end++;
    while (end > from && end < length && ((unsigned char)text[end] & 0xC0) == 0x80) end--; /* no half character */
    return end > from ? safe(court, text + from, end - from) : NULL;
}

static void add_rule_finding(struct court *court, const struct hearing *hearing, const struct cc_finding *f, struct case_result *result)
{
    const struct http_reply *reply = hearing->reply;
    bool placed = (f->in == CC_IN_RESPONSE || f->in == CC_IN_EVENT || f->in == CC_IN_DOCUMENT) && f->offset < reply->body_length;
    add_finding(court, result, &(struct result_finding){
        .rule = copy(court, f->rule->id), .level = f->rule->level, .severity = f->severity, .in = f->in, .event = f->event, .offset = f->offset,
        .pointer = safe_text(court, f->pointer), .message = safe_text(court, f->message), .requirement = copy(court, f->rule->sentence),
        .source = copy(court, f->rule->source), .actual = placed ? excerpt(court, reply->body, reply->body_length, f->offset) : NULL});
}

/* Of very many findings the errors are kept first: a failure must not be lost among warnings. `report` is NULL when memory ran out. */
static void add_report(struct court *court, const struct hearing *hearing, const struct cc_report *report, struct case_result *result)
{
    if (!report) {
        court->failed = true;
        return;
    }
    size_t errors = report->errors < FINDINGS_MAX ? report->errors : FINDINGS_MAX, others = FINDINGS_MAX - errors;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        size_t *room = f->severity == CC_ERROR ? &errors : &others;
        if (!about_answer(f) || *room == 0) continue;
        --*room;
        add_rule_finding(court, hearing, f, result);
    }
    result->assertions += report->asked;
}

static bool ends_with(const char *text, size_t length, const char *end)
{
    size_t n = strlen(end);
    return length >= n && memcmp(text + length - n, end, n) == 0;
}

/* What the catalogue says about the answer to this request: the whole exchange for a completion, wherever the target has its path; one
 * document for the other paths of the API; nothing for what else a case asks. */
static enum cc_kind answer_kind(const struct hearing *hearing)
{
    const struct wire *wire = hearing->wire;
    if (!hearing->step->path && strcmp(wire->method, "POST") == 0) return CC_EXCHANGE;
    const char *path = strstr(wire->url, "/chat/completions");
    if (!path) return CC_AUTO;
    const char *rest = path + strlen("/chat/completions");
    size_t length = strcspn(rest, "?");
    if (length == 0) return strcmp(wire->method, "GET") == 0 ? CC_LIST : CC_EXCHANGE;
    return ends_with(rest, length, "/messages") ? CC_MESSAGE_LIST : strcmp(wire->method, "DELETE") == 0 ? CC_AUTO : CC_RESPONSE;
}

static void judge_exchange(struct court *court, const struct hearing *hearing, struct case_result *result)
{
    const struct wire *wire = hearing->wire;
    const struct http_reply *reply = hearing->reply;
    bool own_fault = hearing->step->invalid && !hearing->control; /* an answer to a wrong request owes it nothing */
    struct cc_exchange exchange = {.method = wire->method, .url = wire->url, .request_headers = wire->headers, .status = reply->status,
                                   .response_headers = reply->headers, .response = reply->body, .response_length = reply->body_length,
                                   .cut = reply->fault != HTTP_FINE};
    if (!own_fault || reply->status >= 400) exchange.request = wire->body, exchange.request_length = wire->body_length;
    add_report(court, hearing, cc_check_exchange(court->checker, &exchange), result);
}

static void judge_rules(struct court *court, const struct hearing *hearing, struct case_result *result)
{
    const struct http_reply *reply = hearing->reply;
    enum cc_kind kind = answer_kind(hearing);
    if (kind == CC_EXCHANGE) {
        judge_exchange(court, hearing, result);
        return;
    }
    if (reply->status >= 400) kind = CC_ERROR_BODY;
    if (kind == CC_AUTO || !reply->body || reply->fault != HTTP_FINE) return;
    add_report(court, hearing, cc_check(court->checker, kind, reply->body, reply->body_length), result);
}

/* --- what the case expects */

static void collect_chunk(void *context, size_t number, const char *data, size_t length)
{
    struct json_object *chunks = context, *chunk = NULL;
    (void)number;
    if (cc_read_object(data, length, NULL, &chunk, NULL, 0) && json_object_is_type(chunk, json_type_object)) json_object_array_add(chunks, chunk);
    else json_object_put(chunk);
}

static const char *header_of(const struct http_reply *reply, const char *name)
{
    for (const struct cc_header *h = reply->headers; h && h->name; h++)
        if (strcasecmp(h->name, name) == 0) return h->value;
    return "";
}

static bool is_stream(const struct http_reply *reply)
{
    return strncasecmp(header_of(reply, "content-type"), "text/event-stream", 17) == 0 ||
           (reply->body_length > 5 && memcmp(reply->body, "data:", 5) == 0);
}

static void read_stream(struct court *court, const struct hearing *hearing, struct expect_answer *answer)
{
    const struct http_reply *reply = hearing->reply;
    struct cc_stream *stream = cc_stream_new(&court->options, NULL, 0);
    answer->chunks = json_object_new_array();
    if (!stream || !answer->chunks) {
        court->failed = true;
        cc_stream_free(stream);
        return;
    }
    cc_stream_on_event(stream, collect_chunk, answer->chunks);
    cc_stream_feed(stream, reply->body, reply->body_length);
    cc_stream_end(stream, reply->fault != HTTP_FINE);
    answer->body = cc_stream_answer(stream);
    answer->is_json = answer->body != NULL;
    cc_stream_free(stream);
}

static void read_times(const struct http_reply *reply, struct expect_answer *answer)
{
    answer->first_event_ms = reply->stamp_count ? reply->stamps[0].at_ms : reply->first_byte_ms;
    answer->total_ms = reply->total_ms;
    answer->max_gap_ms = reply->stamp_count ? 0 : -1;
    for (size_t i = 1; i < reply->stamp_count; i++) {
        long gap = reply->stamps[i].at_ms - reply->stamps[i - 1].at_ms;
        if (gap > answer->max_gap_ms) answer->max_gap_ms = gap;
    }
}

static void read_answer(struct court *court, const struct hearing *hearing, struct expect_answer *answer)
{
    const struct http_reply *reply = hearing->reply;
    *answer = (struct expect_answer){.status = reply->status, .headers = reply->headers};
    read_times(reply, answer);
    if (!reply->body) return;
    if (is_stream(reply)) read_stream(court, hearing, answer);
    else answer->is_json = cc_read_object(reply->body, reply->body_length, &court->options.limits, &answer->body, NULL, 0);
}

/* What the server says about its refusal, to stand beside "the status is 400". */
static const char *server_message(const struct expect_answer *answer)
{
    struct json_object *error = NULL, *message = NULL;
    if (!json_object_is_type(answer->body, json_type_object) || !json_object_object_get_ex(answer->body, "error", &error)) return NULL;
    if (json_object_is_type(error, json_type_string)) return json_object_get_string(error);
    if (!json_object_is_type(error, json_type_object) || !json_object_object_get_ex(error, "message", &message)) return NULL;
    return json_object_is_type(message, json_type_string) ? json_object_get_string(message) : NULL;
}

static void add_miss(struct court *court, const struct hearing *hearing, const struct expect_miss *miss, const struct expect_answer *answer,
                     struct case_result *result)
{
    char message[1024];
    const struct suite_case *test = hearing->test;
    const char *said = strcmp(miss->what, "expect.status") == 0 ? server_message(answer) : NULL;
    snprintf(message, sizeof message, "%s%s%s%.300s%s", hearing->control ? "the same request without its fault: " : "", miss->message,
             said ? " (the server says: " : "", said ? said : "", said ? ")" : "");
    add_finding(court, result, &(struct result_finding){
        .rule = copy(court, hearing->control ? "expect.control" : miss->what), .level = test->level, .severity = cc_level_severity(test->level),
        .in = answer->chunks ? CC_IN_EVENT : CC_IN_RESPONSE, .pointer = safe_text(court, miss->pointer), .message = safe_text(court, message),
        .requirement = copy(court, test->title), .source = copy(court, test->spec), .expected = safe_text(court, miss->expected),
        .actual = safe_text(court, miss->actual)});
}

static void judge_expectations(struct court *court, struct hearing *hearing, const struct expect_answer *answer, struct case_result *result)
{
    struct json_object *expect = NULL;
    struct expect_outcome outcome = {0};
    if (!hearing->control && !expand_value(hearing->variables, hearing->step->expect, &expect, hearing->text, sizeof hearing->text)) {
        hearing->trouble = hearing->text;
        return;
    }
    if (!expect_judge(hearing->control ? NULL : expect, answer, &outcome)) court->failed = true;
    for (size_t i = 0; i < outcome.count; i++) {
        if (outcome.misses[i].undecided) {
            snprintf(hearing->text, sizeof hearing->text, "%s", outcome.misses[i].message);
            hearing->trouble = hearing->text;
        } else {
            add_miss(court, hearing, &outcome.misses[i], answer, result);
        }
    }
    result->assertions += outcome.asked;
    expect_outcome_clear(&outcome);
    json_object_put(expect);
}

void verdict_hear(struct court *court, struct hearing *hearing, struct case_result *result)
{
    struct expect_answer answer = {0};
    verdict_store(court, hearing, result);
    if (hearing->reply->status) judge_rules(court, hearing, result);
    if (hearing->reply->fault != HTTP_FINE) return;
    read_answer(court, hearing, &answer);
    judge_expectations(court, hearing, &answer, result);
    json_object_put(answer.chunks);
    hearing->body = answer.body;
}
