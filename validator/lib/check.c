/* check.c: the checker: what kind a document is, and how the parts of an exchange are judged one after another. */
#include "validator/lib/engine.h"
#include "validator/lib/http_form.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

struct cc_checker {
    struct judge judge;
    struct document document, request, http;
    struct http_form form;
    char *sse; /* the unescaped stream of an exchange line */
    size_t sse_room;
};

struct cc_checker *cc_checker_new(const struct cc_options *options)
{
    if (!engine_ready()) return NULL;
    struct cc_checker *checker = calloc(1, sizeof *checker);
    if (checker) judge_options(&checker->judge, options);
    return checker;
}

void judge_options(struct judge *judge, const struct cc_options *options)
{
    if (options) {
        judge->profile = options->profile;
        judge->no_bearer = options->no_bearer;
        judge->no_answer = options->no_answer;
        judge->limits = options->limits;
    }
    if (!judge->profile) judge->profile = CC_OPENAI;
    limits_fill(&judge->limits);
}

void cc_checker_free(struct cc_checker *checker)
{
    if (!checker) return;
    judge_clear(&checker->judge);
    document_clear(&checker->document);
    document_clear(&checker->request);
    document_clear(&checker->http);
    http_form_clear(&checker->form);
    free(checker->sse);
    free(checker);
}

/* --- what kind a document is */

static bool object_is(struct view root, const char *word) { return text_is(get(root, "object"), word); }

static enum cc_kind kind_of_list(struct view root)
{
    return object_is(first(get(root, "data")), "chat.completion") ? CC_LIST : CC_MESSAGE_LIST;
}

static enum cc_kind kind_of_document(struct view root)
{
    if (is(get(root, "request"), OBJ) && (there(get(root, "response")) || there(get(root, "sse")) || there(get(root, "status"))))
        return CC_EXCHANGE;
    if (there(get(root, "messages"))) return CC_REQUEST;
    if (object_is(root, "chat.completion.chunk")) return CC_CHUNK;
    if (object_is(root, "list")) return kind_of_list(root);
    if (is_set(get(root, "error")) && !there(get(root, "choices"))) return CC_ERROR_BODY;
    if (object_is(root, "chat.completion") || there(get(root, "choices"))) {
        struct view choice = first(get(root, "choices"));
        return there(get(choice, "delta")) ? CC_CHUNK : CC_RESPONSE;
    }
    return CC_REQUEST;
}

/* An event stream begins with a field or a comment; no JSON text does. */
static bool looks_like_stream(const char *bytes, size_t length)
{
    static const char *const starts[] = {"data:", "event:", "id:", "retry:", ":"};
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) bytes += 3, length -= 3;
    while (length && (*bytes == '\n' || *bytes == '\r')) bytes++, length--;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (length >= strlen(starts[i]) && memcmp(bytes, starts[i], strlen(starts[i])) == 0) return true;
    return false;
}

/* --- one document */

bool judge_read(struct judge *judge, struct document *doc, const char *bytes, size_t length)
{
    struct read_limits limits = {judge->limits.bytes, judge->limits.depth, judge->limits.values};
    return document_read(doc, bytes, length, &limits);
}

static void judge_document(struct judge *judge, struct view root, enum cc_kind kind)
{
    const struct plan *plan = plan_of(kind);
    if (plan) judge_value(judge, plan, root);
}

/* --- exchanges */

/* The pieces of an exchange, wherever they came from. */
struct pieces {
    enum operation operation;
    struct view request, response; /* bodies that were read; may be absent */
    const char *stream;            /* a raw event stream; NULL when there is none */
    size_t stream_length;
    int status;                    /* 0 = not known */
    bool cut;
    struct context at_request, at_response;
};

static bool answered_ok(const struct pieces *p) { return p->status == 0 || p->status < 400; }

/* The answer is an envelope of an error, not a completion. */
static bool is_error_body(const struct pieces *p)
{
    return !answered_ok(p) || (is_set(get(p->response, "error")) && !there(get(p->response, "choices")));
}

static void judge_request(struct judge *judge, const struct pieces *p)
{
    if (!there(p->request)) return;
    judge_context(judge, &p->at_request);
    judge_remarks(judge, p->request.doc, true);
    if (p->operation == COMPLETE) judge_document(judge, p->request, CC_REQUEST);
}

static void judge_answer(struct judge *judge, const struct pieces *p, struct view http)
{
    static const enum cc_kind kinds[] = {[COMPLETE] = CC_RESPONSE, [LIST] = CC_LIST, [SHOW] = CC_RESPONSE, [UPDATE] = CC_RESPONSE,
                                         [LIST_MESSAGES] = CC_MESSAGE_LIST, [DELETE_] = CC_AUTO};
    bool error = is_error_body(p);
    judge_context(judge, &p->at_response);
    judge_remarks(judge, p->response.doc, true);
    judge_document(judge, p->response, error ? CC_ERROR_BODY : kinds[p->operation]);
    if (!error && p->operation == COMPLETE && there(p->request)) judge_against(judge, p->request, p->response, http, p->cut);
}

static void judge_pieces(struct judge *judge, struct pieces *p, struct view http)
{
    p->operation = operation_of(http);
    judge_request(judge, p);
    judge->request = p->request;
    if (p->stream) {
        struct context in_events = {.in = CC_IN_EVENT, .base = p->at_response.base};
        judge_context(judge, &in_events);
        judge_stream(judge, p->request, p->stream, p->stream_length, p->cut);
    } else if (there(p->response)) {
        judge_answer(judge, p, http);
    }
}

/* What the first event of a stream holds. The document of HTTP is not yet in use and serves to read it. */
static const char *first_event(struct cc_checker *checker, const struct pieces *p)
{
    const char *at = p->stream, *end = at + p->stream_length;
    while (at < end && !(end - at > 5 && memcmp(at, "data:", 5) == 0)) {
        const char *line = memchr(at, '\n', (size_t)(end - at));
        at = line ? line + 1 : end;
    }
    if (at == end) return NULL;
    const char *line = memchr(at, '\n', (size_t)(end - at));
    size_t length = (size_t)((line ? line : end) - at) - 5;
    if (!judge_read(&checker->judge, &checker->http, at + 5, length)) return "other";
    struct view event = {&checker->http, 0};
    return there(get(event, "choices")) ? "chunk" : is_set(get(event, "error")) ? "error" : "other";
}

static struct http_answer answer_of(struct cc_checker *checker, const struct pieces *p, bool empty)
{
    struct http_answer answer = {.body = p->response, .stream = p->stream != NULL, .empty = empty && !p->stream};
    if (p->stream) answer.first = first_event(checker, p);
    checker->http.count = 0;
    return answer;
}

static void judge_http(struct judge *judge, struct document *doc, struct http_form *form)
{
    if (!http_form_end(form)) {
        judge->failed = true;
        return;
    }
    struct context in_http = {.in = CC_IN_HTTP};
    judge_context(judge, &in_http);
    if (!judge_remarks(judge, doc, judge_read(judge, doc, form->text, form->used))) return;
    judge_document(judge, (struct view){doc, 0}, CC_HTTP);
}

/* The stream's own bytes, in a buffer that the checker keeps. NULL when memory runs out. */
static const char *unescape_stream(struct cc_checker *checker, struct view sse, size_t *length)
{
    size_t size = value_of(sse)->length + (size_t)1;
    if (checker->sse_room < size) {
        char *room = realloc(checker->sse, size);
        if (!room) {
            checker->judge.failed = true;
            return NULL;
        }
        checker->sse = room;
        checker->sse_room = size;
    }
    *length = document_unescape(sse.doc, sse.at, checker->sse);
    return checker->sse;
}

/* One line of recorded traffic: everything is in one document. */
static void judge_line(struct cc_checker *checker, struct view line)
{
    struct judge *judge = &checker->judge;
    struct view sse = get(line, "sse");
    struct pieces p = {.request = get(line, "request"), .response = get(line, "response"),
                       .status = (int)integer_of(get(line, "status"), 0), .cut = is_true(get(line, "cut"))};
    if (is(sse, STR)) {
        p.stream = unescape_stream(checker, sse, &p.stream_length);
        if (!p.stream) return;
    }
    p.at_request = (struct context){.in = CC_IN_REQUEST, .root = p.request.at, .soften = p.status >= 400};
    p.at_response = (struct context){.in = CC_IN_RESPONSE, .root = p.response.at};
    struct http_answer answer = answer_of(checker, &p, !there(p.response));
    if (http_form_line(&checker->form, line, &answer)) judge_http(judge, &checker->http, &checker->form);
    judge_pieces(judge, &p, checker->http.count ? (struct view){&checker->http, 0} : nowhere());
}

static bool header_has(const struct cc_header *headers, const char *name, const char *word)
{
    for (; headers && headers->name; headers++)
        if (same_name(headers->name, name)) return text_mentions((struct text){headers->value, strlen(headers->value)}, word);
    return false;
}

/* The answer's body: a stream, or a document that is read into `doc`. A body that is no JSON is one finding. */
static void read_answer(struct judge *judge, struct document *doc, const struct cc_exchange *x, struct pieces *p)
{
    bool stream = header_has(x->response_headers, "content-type", "text/event-stream") || looks_like_stream(x->response, x->response_length);
    if (stream) {
        p->stream = x->response;
        p->stream_length = x->response_length;
        return;
    }
    /* Who answers an error with a page of HTML or nothing gets the one finding about its content type. Nothing that calls itself JSON is
     * no JSON; only the answer to HEAD has a type without a body. */
    if (x->status >= 400 && !header_has(x->response_headers, "content-type", "json")) return;
    if (x->response_length == 0 && x->method && strcmp(x->method, "HEAD") == 0) return;
    judge_context(judge, &p->at_response);
    if (judge_read(judge, doc, x->response, x->response_length)) p->response = (struct view){doc, 0};
    else if (!x->cut) judge_remarks(judge, doc, false);
}

const struct cc_report *cc_check_exchange(struct cc_checker *checker, const struct cc_exchange *x)
{
    struct judge *judge = &checker->judge;
    struct pieces p = {.status = x->status, .cut = x->cut, .at_request = {.in = CC_IN_REQUEST, .soften = x->status >= 400},
                       .at_response = {.in = CC_IN_RESPONSE}};
    judge_start(judge, CC_EXCHANGE);
    if (x->request) {
        judge_context(judge, &p.at_request);
        if (judge_read(judge, &checker->request, x->request, x->request_length)) p.request = (struct view){&checker->request, 0};
        else judge_remarks(judge, &checker->request, false);
    }
    if (x->response) read_answer(judge, &checker->document, x, &p);
    checker->http.count = 0;
    struct http_answer answer = answer_of(checker, &p, x->response_length == 0);
    if (http_form_exchange(&checker->form, x, p.request, &answer)) judge_http(judge, &checker->http, &checker->form);
    judge_pieces(judge, &p, checker->http.count ? (struct view){&checker->http, 0} : nowhere());
    return judge_finish(judge);
}

/* --- the door */

const struct cc_report *cc_check(struct cc_checker *checker, enum cc_kind kind, const char *bytes, size_t length)
{
    struct judge *judge = &checker->judge;
    if (kind == CC_AUTO && looks_like_stream(bytes, length)) kind = CC_STREAM;
    judge_start(judge, kind);
    if (kind == CC_STREAM) {
        struct context in_events = {.in = CC_IN_EVENT};
        judge_context(judge, &in_events);
        judge_stream(judge, nowhere(), bytes, length, false);
        return judge_finish(judge);
    }
    bool read = judge_read(judge, &checker->document, bytes, length);
    struct view root = {&checker->document, 0};
    if (read && kind == CC_AUTO) kind = kind_of_document(root);
    judge->report.kind = kind;
    if (!read || kind != CC_EXCHANGE) {
        if (judge_remarks(judge, &checker->document, read)) judge_document(judge, root, kind);
    } else if (is(root, OBJ)) {
        checker->http.count = 0;
        judge_line(checker, root);
    } else {
        judge_find(judge, constraint_find("exchange.body.type"), root, NULL, NULL);
    }
    return judge_finish(judge);
}

const struct cc_report *cc_check_object(struct cc_checker *checker, enum cc_kind kind, struct json_object *object)
{
    size_t length;
    const char *text = json_object_to_json_string_length(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
    return text ? cc_check(checker, kind, text, length) : NULL;
}
