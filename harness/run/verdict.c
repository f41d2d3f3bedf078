/* verdict.c: see verdict.h. */
#include "harness/run/verdict.h"

#include "harness/base/api.h"
#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/run/cascade.h"
#include "harness/run/clock.h"
#include "harness/run/evidence.h"
#include "harness/suite/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FINDINGS_MAX = 200 };

/* Takes over what the finding owns. */
static void add_finding(struct court *court, struct case_result *result, const struct result_finding *finding)
{
    struct result_finding *all = realloc(result->findings, (result->finding_count + 1) * sizeof *all);
    if (!all || !finding->rule) court->failed = true;
    if (all) result->findings = all;
    if (court->failed) {
        result_finding_clear(finding);
        return;
    }
    result->findings[result->finding_count] = *finding;
    result->findings[result->finding_count++].exchange = result->exchange_count ? result->exchange_count - 1 : 0;
}

/* --- the rules of the catalogue */

/* What we sent is our own affair: it was checked before it was sent. */
static bool about_answer(const struct cc_finding *finding)
{
    return finding->in != CC_IN_REQUEST && strncmp(finding->rule->id, "http.request.", 13) != 0;
}

/* A place in the HTTP message is a name: how many bytes are before it in the document that we made of it says nothing. */
static void add_rule_finding(struct court *court, const struct hearing *hearing, const struct cc_finding *f, size_t more,
                             struct case_result *result)
{
    add_finding(court, result, &(struct result_finding){
        .rule = evidence_copy(court, f->rule->id), .level = f->rule->level, .severity = f->severity,
        .in = f->in == CC_IN_DOCUMENT ? CC_IN_RESPONSE : f->in, .event = f->event, .offset = f->in == CC_IN_HTTP ? 0 : f->offset, .pointer = evidence_text(court, f->pointer), .message = evidence_text(court, f->message),
        .requirement = evidence_copy(court, f->rule->sentence), .source = evidence_copy(court, f->rule->source),
        .actual = evidence_excerpt(court, hearing->reply, f, more)});
}

/* A finding to be listed, and how many more are the same fault in other items of a list. */
struct listed {
    const struct cc_finding *finding;
    size_t more;
};

static struct listed *find_alike(struct listed *listed, size_t count, const struct cc_finding *finding)
{
    for (size_t i = 0; i < count; i++)
        if (cascade_alike(listed[i].finding, finding)) return &listed[i];
    return NULL;
}

/* Of very many findings the errors are kept first: a failure must not be lost among warnings. `report` is NULL when memory ran out. With
 * `status_missed` the case has said already that the status is wrong. */
static void add_report(struct court *court, const struct hearing *hearing, const struct cc_report *report, bool status_missed,
                       struct case_result *result)
{
    struct listed listed[FINDINGS_MAX], *same;
    size_t count = 0;
    if (!report) {
        court->failed = true;
        return;
    }
    size_t errors = report->errors < FINDINGS_MAX ? report->errors : FINDINGS_MAX, others = FINDINGS_MAX - errors;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        size_t *room = f->severity == CC_ERROR ? &errors : &others;
        if (!about_answer(f) || (status_missed && begins(f->rule->id, "http.status."))) continue;
        if ((same = find_alike(listed, count, f))) same->more++;
        else if (*room) --*room, listed[count++] = (struct listed){f, 0};
    }
    for (size_t i = 0; i < count; i++) add_rule_finding(court, hearing, listed[i].finding, listed[i].more, result);
    result->assertions += report->asked;
}

static bool path_ends_with(const char *text, size_t length, const char *end)
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
    const char *path = strstr(wire->url, CHAT_PATH);
    if (!path) return CC_AUTO;
    const char *rest = path + strlen(CHAT_PATH);
    size_t length = strcspn(rest, "?");
    if (length == 0) return strcmp(wire->method, "GET") == 0 ? CC_LIST : CC_EXCHANGE;
    return path_ends_with(rest, length, "/messages") ? CC_MESSAGE_LIST : strcmp(wire->method, "DELETE") == 0 ? CC_AUTO : CC_RESPONSE;
}

static void judge_exchange(struct court *court, const struct hearing *hearing, bool status_missed, struct case_result *result)
{
    const struct wire *wire = hearing->wire;
    const struct http_reply *reply = hearing->reply;
    bool own_fault = hearing->step->invalid && !hearing->control; /* an answer to a wrong request owes it nothing */
    struct cc_exchange exchange = {.method = wire->method, .url = wire->url, .request_headers = wire->headers, .status = reply->status,
                                   .response_headers = reply->headers, .response = reply->body, .response_length = reply->body_length,
                                   .cut = reply->fault != HTTP_FINE};
    if (!own_fault || reply->status >= 400) exchange.request = wire->body, exchange.request_length = wire->body_length;
    add_report(court, hearing, cc_check_exchange(court->checker, &exchange), status_missed, result);
}

static void judge_rules(struct court *court, const struct hearing *hearing, bool status_missed, struct case_result *result)
{
    const struct http_reply *reply = hearing->reply;
    enum cc_kind kind = answer_kind(hearing);
    if (kind == CC_EXCHANGE) {
        judge_exchange(court, hearing, status_missed, result);
        return;
    }
    if (reply->status >= 400) kind = CC_ERROR_BODY;
    if (kind == CC_AUTO || !reply->body || reply->fault != HTTP_FINE) return;
    add_report(court, hearing, cc_check(court->checker, kind, reply->body, reply->body_length), status_missed, result);
}

/* --- what the case expects */

static void collect_chunk(void *context, size_t number, const char *data, size_t length)
{
    struct json_object *chunks = context, *chunk = NULL;
    (void)number;
    bool read = cc_read_object(data, length, NULL, &chunk, NULL, 0);
    if (read && jo_is_object(chunk)) jo_push(chunks, chunk);
    else json_object_put(chunk);
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

/* The clock of a stream is that of its events. */
static void read_times(const struct hearing *hearing, const struct result_stream *stream, struct expect_answer *answer)
{
    const struct http_reply *reply = hearing->reply;
    answer->first_event_ms = stream->known ? stream->first_event_ms : reply->stamp_count ? reply->stamps[0].at_ms : reply->first_byte_ms;
    answer->max_gap_ms = stream->known ? stream->largest_gap_ms : -1;
    answer->total_ms = reply->total_ms;
}

static void read_answer(struct court *court, const struct hearing *hearing, const struct result_stream *stream, struct expect_answer *answer)
{
    const struct http_reply *reply = hearing->reply;
    *answer = (struct expect_answer){.status = reply->status, .headers = reply->headers, .redactor = court->target->redactor};
    read_times(hearing, stream, answer);
    if (!reply->body) return;
    if (clock_is_stream(reply)) read_stream(court, hearing, answer);
    else answer->is_json = cc_read_object(reply->body, reply->body_length, &court->options.limits, &answer->body, NULL, 0);
}

/* What the server says about its refusal, to stand beside "the status is 400". */
static const char *server_message(const struct expect_answer *answer)
{
    struct json_object *error = jo_get(answer->body, "error");
    if (!jo_is_text(error)) return jo_text_at(error, "message");
    const char *message = jo_text_at(answer->body, "message"); /* a form of some: the error is a name, and what is wrong stands beside it */
    return message ? message : jo_text(error);
}

/* A refusal need not name the parameter, though it helps; one that names another parameter refused something else. */
static enum cc_level miss_level(const struct hearing *hearing, const struct expect_miss *miss)
{
    bool about_param = strcmp(miss->what, "expect.rejected.param") == 0;
    bool unnamed = about_param && (strcmp(miss->actual, "absent") == 0 || strcmp(miss->actual, "null") == 0);
    return unnamed && hearing->test->level == CC_MUST ? CC_SHOULD : hearing->test->level;
}

static bool is_about_status(const struct expect_miss *miss)
{
    return strcmp(miss->what, "expect.status") == 0 || strcmp(miss->what, "expect.rejected.status") == 0;
}

enum { SAID_MOST = 300 }; /* bytes of what a server says */

static void add_miss(struct court *court, const struct hearing *hearing, const struct expect_miss *miss, const struct expect_answer *answer,
                     struct case_result *result)
{
    char message[1024];
    const struct suite_case *test = hearing->test;
    enum cc_level level = miss_level(hearing, miss);
    const char *words = is_about_status(miss) && answer->status >= 300 ? server_message(answer) : NULL;
    char *said = words ? redact_cut(court->target->redactor, words, strlen(words), SAID_MOST) : NULL;
    snprintf(message, sizeof message, "%s%s%s%s%s", hearing->control ? "the same request without its fault: " : "", miss->message,
             said ? " (the server says: " : "", said ? said : "", said ? ")" : "");
    add_finding(court, result, &(struct result_finding){
        .rule = evidence_copy(court, hearing->control ? "expect.control" : miss->what), .level = level, .severity = cc_level_severity(level),
        .in = begins(miss->what, "expect.headers.") ? CC_IN_HTTP : CC_IN_RESPONSE, .pointer = evidence_text(court, miss->pointer),
        .message = evidence_text(court, message), .requirement = evidence_copy(court, test->title), .source = evidence_copy(court, test->spec),
        .expected = evidence_text(court, miss->expected), .actual = evidence_text(court, miss->actual)});
    free(said);
}

/* A wrong request that was accepted: what the server should have noticed is a rule of the catalogue, and stands for the finding. False when
 * the catalogue has no name for it. */
static bool add_accepted(struct court *court, const struct hearing *hearing, const struct expect_miss *miss, const struct expect_answer *answer,
                         struct case_result *result)
{
    const struct wire *wire = hearing->wire;
    if (!miss->about_body || answer->status >= 300 || hearing->step->path || !wire->body) return false;
    const struct cc_report *report = cc_check(court->checker, CC_REQUEST, wire->body, wire->body_length);
    size_t i = 0;
    while (report && i < report->count && report->findings[i].severity != CC_ERROR) i++;
    if (!report || i == report->count) return false;
    const struct cc_finding *f = &report->findings[i];
    char *message = why_text("%s: %s", miss->message, f->message);
    enum cc_level level = hearing->test->level;
    add_finding(court, result, &(struct result_finding){
        .rule = evidence_copy(court, f->rule->id), .level = level, .severity = cc_level_severity(level), .in = CC_IN_REQUEST,
        .offset = f->offset, .pointer = evidence_text(court, f->pointer), .message = evidence_text(court, message),
        .requirement = evidence_copy(court, f->rule->sentence), .source = evidence_copy(court, f->rule->source),
        .expected = evidence_text(court, miss->expected), .actual = evidence_text(court, miss->actual)});
    free(message);
    return true;
}

static bool is_explained(const struct hearing *hearing, const struct expect_miss *miss, const struct case_result *result, size_t from)
{
    enum cc_severity severity = cc_level_severity(miss_level(hearing, miss));
    for (size_t i = from; i < result->finding_count; i++)
        if (result->findings[i].severity >= severity && cascade_explains(&result->findings[i], miss)) return true;
    return false;
}

/* Compares the answer with what the case expects of it. */
static bool compare(struct court *court, struct hearing *hearing, const struct expect_answer *answer, struct expect_outcome *outcome)
{
    struct json_object *expect = NULL;
    if (!hearing->control && !expand_value(hearing->variables, hearing->step->expect, &expect, hearing->text, sizeof hearing->text)) {
        hearing->trouble = hearing->text;
        return false;
    }
    if (!expect_judge(hearing->control ? NULL : expect, answer, outcome)) court->failed = true;
    json_object_put(expect);
    return true;
}

static void add_misses(struct court *court, struct hearing *hearing, const struct expect_outcome *outcome, const struct expect_answer *answer,
                       size_t from, struct case_result *result)
{
    for (size_t i = 0; i < outcome->count; i++) {
        const struct expect_miss *miss = &outcome->misses[i];
        if (miss->undecided) {
            snprintf(hearing->text, sizeof hearing->text, "%s", miss->message);
            hearing->trouble = hearing->text;
        } else if (!is_about_status(miss) && !is_explained(hearing, miss, result, from)) {
            add_miss(court, hearing, miss, answer, result);
        }
    }
}

static bool holds_error(struct json_object *body) { return jo_is_object(jo_get(body, "error")); }

/* A refusal in words, with a status that says that all is well: as the body, or as the first event of a stream. */
static bool refuses_in_words(const struct expect_answer *answer)
{
    return answer->status < 300 && (holds_error(answer->body) || holds_error(jo_item(answer->chunks, 0)));
}

static bool has_error(const struct case_result *result, size_t from)
{
    for (size_t i = from; i < result->finding_count; i++)
        if (result->findings[i].severity == CC_ERROR) return true;
    return false;
}

static const struct expect_miss *status_miss(const struct expect_outcome *outcome)
{
    for (size_t i = 0; i < outcome->count; i++)
        if (is_about_status(&outcome->misses[i])) return &outcome->misses[i];
    return NULL;
}

/* A wrong status comes first, as it is the news; what an answer holds that should not have been given at all is none. A refusal with the
 * wrong status is left to the rules, which have a name for it. */
static void judge_answer(struct court *court, struct hearing *hearing, const struct expect_answer *answer, struct case_result *result)
{
    struct expect_outcome outcome = {0};
    size_t from = result->finding_count;
    bool known = compare(court, hearing, answer, &outcome), in_words = refuses_in_words(answer);
    const struct expect_miss *miss = status_miss(&outcome);
    if (miss && (!in_words || court->only_expectations) && !add_accepted(court, hearing, miss, answer, result)) add_miss(court, hearing, miss, answer, result);
    bool given_wrongly = miss && !in_words && hearing->step->invalid && !hearing->control && answer->status < 400;
    if (!given_wrongly && !court->only_expectations) judge_rules(court, hearing, miss != NULL, result);
    if (miss && in_words && !court->only_expectations && !has_error(result, from)) add_miss(court, hearing, miss, answer, result);
    if (known) add_misses(court, hearing, &outcome, answer, from, result);
    result->assertions += outcome.asked;
    expect_outcome_clear(&outcome);
}

/* Who waits for a stream wants to read along. */
static void add_burst(struct court *court, const struct result_stream *stream, struct case_result *result)
{
    const struct cc_rule *rule = cc_rule_find("stream.incremental");
    char message[200], actual[100];
    snprintf(message, sizeof message, "all %zu events came at once, %.1f s after the request", stream->events, (double)stream->first_event_ms / 1000);
    snprintf(actual, sizeof actual, "%zu events at once, %.1f s after the request", stream->events, (double)stream->first_event_ms / 1000);
    result->assertions++;
    if (rule)
        add_finding(court, result, &(struct result_finding){
            .rule = evidence_copy(court, rule->id), .level = rule->level, .severity = cc_level_severity(rule->level), .in = CC_IN_EVENT,
            .pointer = evidence_copy(court, ""), .message = evidence_copy(court, message), .requirement = evidence_copy(court, rule->sentence),
            .source = evidence_copy(court, rule->source), .expected = evidence_copy(court, "events as they are made"),
            .actual = evidence_copy(court, actual)});
}

void verdict_hear(struct court *court, struct hearing *hearing, struct case_result *result)
{
    struct expect_answer answer = {0};
    evidence_store(court, hearing, result);
    if (court->failed) return;
    const struct result_stream *clock = &result->exchanges[result->exchange_count - 1].stream;
    if (hearing->reply->fault != HTTP_FINE) {
        if (hearing->reply->status && !court->only_expectations) judge_rules(court, hearing, false, result);
        return;
    }
    read_answer(court, hearing, clock, &answer);
    judge_answer(court, hearing, &answer, result);
    if (clock->at_once && !court->only_expectations) add_burst(court, clock, result);
    json_object_put(answer.chunks);
    hearing->body = answer.body;
}

void verdict_ignored(struct court *court, const struct suite_case *test, const char *said, struct case_result *result)
{
    char *name = why_text("%.*s", (int)strcspn(said, "="), said), *rule = why_text("capability.%s", name);
    char *message = why_text("the endpoint accepts %s and ignores it silently; the case was not sent", name);
    add_finding(court, result, &(struct result_finding){
        .rule = rule, .level = test->level, .severity = cc_level_severity(test->level), .in = CC_IN_DOCUMENT, .pointer = evidence_copy(court, ""),
        .message = message, .requirement = evidence_copy(court, "what is not supported is refused"),
        .expected = evidence_copy(court, "its effect, or an error that names it"), .actual = evidence_copy(court, "neither")});
    free(name);
}
