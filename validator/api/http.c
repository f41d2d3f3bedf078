/* http.c: what is not JSON about an exchange: method, path, headers, status. It is judged as a small document that the checker puts
 * together (validator/lib/http_form.h), in which whatever is not known is left out, and so not judged:
 *
 *     {"request":  {"method": "POST", "path": "/v1/chat/completions", "query": "limit=20", "headers": {"content-type": ["..."]},
 *                   "bytes": 120, "stream": true},
 *      "status":   200,
 *      "response": {"headers": {"content-type": ["..."]},
 *                   "kind": "completion" | "stream" | "error" | "other" | "empty",
 *                   "type": "invalid_request_error", "code": "invalid_api_key",    of an error envelope, when they are strings
 *                   "first": "chunk" | "error" | "other"}}                         of a stream, its first event
 *
 * Header names are in lower case, and each has an array of its values. `bytes` is the size of the request's body, `stream` what the body
 * asks for. The document is always well formed, so its rows make no promises of their own. */
#include "validator/api/http.h"
#include "validator/api/tables.h"

#include <string.h>

/* --- looking at headers */

struct view header(struct view headers, const char *name) { return first(get(headers, name)); }

bool media_is(struct ask *ask, struct view content_type, const char *media)
{
    struct text text = text_of(ask, content_type);
    size_t end = 0;
    while (end < text.length && text.bytes[end] != ';') end++;
    while (end > 0 && (text.bytes[end - 1] == ' ' || text.bytes[end - 1] == '\t')) end--;
    return end == strlen(media) && same_letters(text.bytes, media, end);
}

/* --- what was answered */

static long long status_of(struct ask *ask) { return integer_of(get(ask->self, "status"), 0); }
static bool answered(struct ask *ask, const char *kind) { return text_is(get_path(ask->self, "response/kind"), kind); }
static bool type_is(struct ask *ask, const char *type) { return text_is(get_path(ask->self, "response/type"), type); }
static bool code_is(struct ask *ask, const char *code) { return text_is(get_path(ask->self, "response/code"), code); }
static struct view answer_headers(struct ask *ask) { return get_path(ask->self, "response/headers"); }
static bool asked_for_stream(struct ask *ask) { return is_true(get_path(ask->self, "request/stream")); }
static bool refused(struct ask *ask) { return status_of(ask) >= 400; }

/* Ends a predicate: says what the header was when it is not what it must be. */
static bool type_fits(struct ask *ask, const char *media)
{
    struct view type = header(answer_headers(ask), "content-type");
    if (media_is(ask, type, media)) return true;
    struct text text = text_of(ask, type);
    if (!there(type)) return say(ask, "there is no content-type"), blame_missing(ask, answer_headers(ask), "content-type");
    say(ask, "it is %.*s", (int)(text.length < 80 ? text.length : 80), text.bytes);
    return blame(ask, type);
}

/* A stream that begins with an error is none, and that it is sent as one is another finding. */
static bool completion_has_200(struct ask *ask)
{
    bool stream = answered(ask, "stream") && !text_is(get_path(ask->self, "response/first"), "error");
    return !(answered(ask, "completion") || stream) || status_of(ask) == 200;
}

/* An answer that streams although nobody asked is judged as the stream that it is. */
static bool answer_is_json(struct ask *ask)
{
    bool plain = is(get_path(ask->self, "request/stream"), BOOL) && !asked_for_stream(ask) && !answered(ask, "stream");
    return status_of(ask) != 200 || !plain || !there(answer_headers(ask)) || type_fits(ask, "application/json");
}

/* An error that comes with status 200 is another finding. */
static bool answer_is_sse(struct ask *ask)
{
    bool stream = asked_for_stream(ask) && !answered(ask, "error");
    return status_of(ask) != 200 || !stream || !there(answer_headers(ask)) || type_fits(ask, "text/event-stream");
}

static bool refusal_is_json(struct ask *ask) { return !refused(ask) || !there(answer_headers(ask)) || type_fits(ask, "application/json"); }

static bool ok_is_no_error(struct ask *ask) { return status_of(ask) != 200 || asked_for_stream(ask) || !answered(ask, "error"); }

static bool error_has_error_status(struct ask *ask)
{
    bool other_rule = status_of(ask) == 200 && !asked_for_stream(ask);
    return refused(ask) || other_rule || !answered(ask, "error");
}

static bool status_is_usual(struct ask *ask)
{
    /* 405 is what HTTP itself has for a method that the path does not know; the catalogue speaks of what the API adds. */
    static const short usual[] = {400, 401, 402, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 501, 502, 503, 504};
    long long status = status_of(ask);
    bool found = !refused(ask);
    for (size_t i = 0; i < sizeof usual / sizeof *usual && !found; i++) found = usual[i] == status;
    return found || say(ask, "it is %lld", status);
}

/* --- statuses and what the envelope says */

static bool says(struct ask *ask, const char *what)
{
    return say(ask, "status %lld, %s", status_of(ask), what);
}

static bool bad_parameter_is_400(struct ask *ask)
{
    if (status_of(ask) == 422) return say(ask, "status 422 is the validation of another framework");
    bool known = status_of(ask) == 400 && there(get_path(ask->self, "response/type"));
    return !known || type_is(ask, "invalid_request_error") || says(ask, "another type");
}

/* Only judged when the headers of the request are known. Which of several faults is found first is the server's own affair, so any refusal
 * will do but those that blame the server or another thing than what was sent. */
static bool missing_key_is_401(struct ask *ask)
{
    struct view headers = get_path(ask->self, "request/headers");
    bool keyless = there(headers) && !there(header(headers, "authorization"));
    long long status = status_of(ask);
    bool fits = status == 401 || status == 400 || status == 403 || status == 415 || status == 429;
    return ask->no_bearer || !keyless || !refused(ask) || fits || says(ask, "without an authorization header");
}

static bool forbidden_is_403(struct ask *ask)
{
    bool about = type_is(ask, "permission_error") || code_is(ask, "unsupported_country_region_territory");
    return !about || status_of(ask) == 403 || says(ask, "about a permission");
}

static bool not_found_is_404(struct ask *ask)
{
    bool about = type_is(ask, "not_found_error") || code_is(ask, "unknown_url");
    return !about || status_of(ask) == 404 || says(ask, "about something that does not exist");
}

static bool wrong_media_is_415(struct ask *ask)
{
    struct view type = header(get_path(ask->self, "request/headers"), "content-type");
    long long status = status_of(ask);
    bool other_fault = status == 401 || status == 403 || status == 404 || status == 413 || status == 429;
    return !refused(ask) || !is(type, STR) || media_is(ask, type, "application/json") || status == 400 || status == 415 || other_fault ||
           says(ask, "to a body that is not application/json");
}

static bool limit_has_code(struct ask *ask)
{
    bool judged = status_of(ask) == 429 && answered(ask, "error");
    return !judged || chars_of(get_path(ask->self, "response/code")) > 0;
}

static bool server_fault_blames_server(struct ask *ask) { return status_of(ask) < 500 || !type_is(ask, "invalid_request_error"); }

static bool key_error_is_401(struct ask *ask)
{
    return !code_is(ask, "invalid_api_key") || status_of(ask) == 401 || says(ask, "invalid_api_key");
}

static bool model_error_is_404(struct ask *ask)
{
    long long status = status_of(ask);
    return !code_is(ask, "model_not_found") || status == 404 || status == 400 || status == 403 || says(ask, "model_not_found");
}

static bool quota_error_is_429(struct ask *ask)
{
    bool about = code_is(ask, "insufficient_quota") || code_is(ask, "rate_limit_exceeded");
    return !about || status_of(ask) == 429 || says(ask, "about a limit");
}

static bool server_error_is_5xx(struct ask *ask)
{
    return !refused(ask) || !type_is(ask, "server_error") || status_of(ask) >= 500 || says(ask, "server_error");
}

/* --- headers that depend on the status */

static bool retry_makes_sense(struct ask *ask)
{
    long long status = status_of(ask);
    struct view after = header(answer_headers(ask), "retry-after");
    return !there(after) || status == 429 || status == 503 || blame(ask, after);
}

static bool request_id_is_there(struct ask *ask)
{
    struct view headers = answer_headers(ask);
    return !there(headers) || chars_of(header(headers, "x-request-id")) > 0 || blame_missing(ask, headers, "x-request-id");
}

static bool stream_is_open_ended(struct ask *ask)
{
    struct view headers = answer_headers(ask), length = header(headers, "content-length"), cache = header(headers, "cache-control");
    if (!answered(ask, "stream")) return true;
    if (there(length)) return blame(ask, length);
    struct text text = text_of(ask, cache);
    return !there(cache) || text_mentions(text, "no-cache") || text_mentions(text, "no-store") || blame(ask, cache);
}


/* --- rows */

/* What is laid over the sample is a whole side each, so examples are put together from sides. */
#define PLAIN JSON("request": {"method": "POST", "path": "/v1/chat/completions", "bytes": 120, "stream": false})
#define STREAMED JSON("request": {"method": "POST", "path": "/v1/chat/completions", "bytes": 120, "stream": true})
#define SENT JSON("request": {"headers": {"authorization": ["Bearer sk-1"], "content-type": ["application/json"]}, "bytes": 120})
#define KEYLESS JSON("request": {"headers": {"content-type": ["application/json"]}})
#define TEXT JSON("request": {"headers": {"authorization": ["Bearer sk-1"], "content-type": ["text/plain"]}, "bytes": 120})
#define STATUS(number) JSON("status": number)
#define ANSWER(kind_, ...) JSON("response": {"headers": {"x-request-id": ["req_1"], __VA_ARGS__}, "kind": kind_})
#define REFUSAL(...) \
    JSON("response": {"headers": {"x-request-id": ["req_1"], "content-type": ["application/json"]}, "kind": "error", __VA_ARGS__})
#define JSON_TYPE "content-type": ["application/json"]
#define SSE_TYPE "content-type": ["text/event-stream; charset=utf-8"]
#define ONE(a) "{" a "}"
#define TWO(a, b) "{" a ", " b "}"
#define THREE(a, b, c) "{" a ", " b ", " c "}"

static const struct rule rules[] = {
    {.id = "http.response.status.success", .holds = completion_has_200, .level = CC_MUST, .says = "a completion comes with status 200",
     .ref = "openai:paths./chat/completions.post.responses", .when = "status",
     .good = ONE(STATUS(200)), .bad = ONE(STATUS(202))},
    {.id = "http.response.content_type.json", .holds = answer_is_json, .level = CC_MUST,
     .says = "an answer with status 200 to a request that does not stream is application/json", .ref = "openai:responses.200.content",
     .when = "status", .good = ONE(ANSWER("completion", "content-type": ["Application/JSON ; charset=utf-8"])),
     .bad = ONE(ANSWER("completion", "content-type": ["text/plain"]))},
    {.id = "http.response.content_type.sse", .holds = answer_is_sse, .level = CC_MUST,
     .says = "an answer with status 200 to a request that streams is text/event-stream", .ref = "openai:responses.200.content",
     .when = "status", .good = TWO(STREAMED, ANSWER("stream", SSE_TYPE)), .bad = TWO(STREAMED, ANSWER("stream", JSON_TYPE))},
    {.id = "http.response.content_type.error", .holds = refusal_is_json, .level = CC_SHOULD,
     .says = "an answer with an error status is application/json, whatever the request asked for",
     .ref = "openai:responses.TooManyRequests.content", .when = "status",
     .good = THREE(STREAMED, STATUS(400), ANSWER("error", JSON_TYPE)),
     .bad = TWO(STATUS(502), ANSWER("other", "content-type": ["text/html"]))},
    {.id = "http.response.ok_not_error", .holds = ok_is_no_error, .level = CC_MUST, .says = "a body with status 200 is no error envelope",
     .ref = "openai:responses.200", .when = "status",
     .good = TWO(STATUS(400), ANSWER("error", JSON_TYPE)), .bad = TWO(STATUS(200), ANSWER("error", JSON_TYPE))},
    {.id = "http.response.error_not_ok", .holds = error_has_error_status, .level = CC_MUST,
     .says = "an error envelope comes with a status of 400 or more", .ref = "openai:responses.TooManyRequests", .when = "status",
     .good = TWO(STATUS(500), ANSWER("error", JSON_TYPE)), .bad = THREE(STREAMED, STATUS(200), ANSWER("error", JSON_TYPE))},
    {.id = "http.response.status.known", .holds = status_is_usual, .level = CC_PORTABILITY,
     .says = "an error status is one that this API uses",
     .ref = "observed:error tables of gateways", .when = "status",
     .good = TWO(STATUS(429), ANSWER("other", JSON_TYPE)), .bad = TWO(STATUS(418), ANSWER("other", JSON_TYPE))},
    {.id = "http.status.400.invalid_request", .holds = bad_parameter_is_400, .level = CC_PORTABILITY, .profiles = CC_OPENAI,
     .says = "a parameter that is not accepted is answered with 400 and the type invalid_request_error, never with 422",
     .ref = "observed:Upsonic#323", .when = "status",
     .good = TWO(STATUS(400), REFUSAL("type": "invalid_request_error")), .bad = TWO(STATUS(422), REFUSAL("type": "invalid_request_error"))},
    {.id = "http.status.401.auth", .holds = missing_key_is_401, .level = CC_SHOULD, .says = "a request without a key is answered with 401",
     .ref = "observed:OpenAI error codes guide", .when = "status",
     .good = THREE(SENT, STATUS(500), REFUSAL("type": "server_error")),
     .bad = THREE(KEYLESS, STATUS(500), REFUSAL("type": "server_error")),
     ABSORBS("http.request.authorization.required")}, /* leaving it out is what was tried */
    {.id = "http.status.403.forbidden", .holds = forbidden_is_403, .level = CC_SHOULD, .says = "a missing permission is answered with 403",
     .ref = "observed:OpenAI error codes guide", .when = "status",
     .good = TWO(STATUS(403), REFUSAL("type": "permission_error")), .bad = TWO(STATUS(404), REFUSAL("type": "permission_error"))},
    {.id = "http.status.404.model", .holds = not_found_is_404, .level = CC_SHOULD, .says = "what does not exist is answered with 404",
     .ref = "observed:error tables of gateways", .when = "status",
     .good = TWO(STATUS(404), REFUSAL("type": "not_found_error")), .bad = TWO(STATUS(500), REFUSAL("type": "not_found_error"))},
    {.id = "http.status.415.media_type", .holds = wrong_media_is_415, .level = CC_SHOULD,
     .says = "a body that is not application/json is refused with 415 or 400", .ref = "observed:error tables of gateways", .when = "status",
     .good = THREE(SENT, STATUS(500), REFUSAL("type": "server_error")),
     .bad = THREE(TEXT, STATUS(500), REFUSAL("type": "server_error")), ABSORBS("http.request.content_type.json")},
    {.id = "http.status.429.rate_or_quota", .holds = limit_has_code, .level = CC_SHOULD,
     .says = "the envelope of a 429 has a code, which tells a rate limit from a used-up quota", .ref = "openai:responses.TooManyRequests",
     .when = "status", .good = TWO(STATUS(429), REFUSAL("code": "insufficient_quota")),
     .bad = TWO(STATUS(429), REFUSAL("type": "rate_limit_error"))},
    {.id = "http.status.5xx.retryable", .holds = server_fault_blames_server, .level = CC_SHOULD,
     .says = "a fault of the server (5xx) has not the type invalid_request_error", .ref = "observed:OpenAI error codes guide",
     .when = "status",
     .good = TWO(STATUS(500), REFUSAL("type": "server_error")), .bad = TWO(STATUS(500), REFUSAL("type": "invalid_request_error"))},
    {.id = "error.status.auth", .holds = key_error_is_401, .level = CC_SHOULD, .says = "the code invalid_api_key comes with status 401",
     .ref = "observed:OpenAI error codes guide", .when = "status",
     .good = TWO(STATUS(401), REFUSAL("code": "invalid_api_key")), .bad = TWO(STATUS(403), REFUSAL("code": "invalid_api_key"))},
    {.id = "error.status.model", .holds = model_error_is_404, .level = CC_SHOULD,
     .says = "the code model_not_found comes with status 404 (400 and 403 occur)", .ref = "observed:error tables of gateways",
     .when = "status",
     .good = TWO(STATUS(404), REFUSAL("code": "model_not_found")), .bad = TWO(STATUS(500), REFUSAL("code": "model_not_found"))},
    {.id = "error.status.quota", .holds = quota_error_is_429, .level = CC_SHOULD,
     .says = "the codes insufficient_quota and rate_limit_exceeded come with status 429", .ref = "openai:responses.TooManyRequests",
     .when = "status",
     .good = TWO(STATUS(429), REFUSAL("code": "rate_limit_exceeded")), .bad = TWO(STATUS(403), REFUSAL("code": "insufficient_quota"))},
    {.id = "error.status.client_server", .holds = server_error_is_5xx, .level = CC_SHOULD,
     .says = "the type server_error comes with a status of 500 or more", .ref = "observed:FoundationAgents/OpenManus#993", .when = "status",
     .good = TWO(STATUS(503), REFUSAL("type": "server_error")), .bad = TWO(STATUS(404), REFUSAL("type": "server_error"))},
    {.id = "http.response.retry_after.scope", .holds = retry_makes_sense, .level = CC_SHOULD,
     .says = "retry-after comes only with 429 or 503", .ref = "openai:responses.TooManyRequests.headers.Retry-After", .when = "status",
     .good = TWO(STATUS(503), ANSWER("error", JSON_TYPE, "retry-after": ["2"])),
     .bad = TWO(STATUS(404), ANSWER("error", JSON_TYPE, "retry-after": ["2"]))},
    {.id = "http.response.x_request_id.present", .holds = request_id_is_there, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "an answer has a header x-request-id", .ref = "observed:community.openai.com/t/935514", .when = "response",
     .good = ONE(ANSWER("completion", JSON_TYPE)),
     .bad = ONE(JSON("response": {"headers": {"content-type": ["application/json"]}, "kind": "completion"}))},
    {.id = "http.response.sse.no_content_length", .holds = stream_is_open_ended, .level = CC_SHOULD,
     .says = "an event stream is open ended: it has no content-length and may not be cached",
     .ref = "observed:WHATWG HTML server-sent events",
     .when = "response", .good = TWO(STREAMED, ANSWER("stream", SSE_TYPE, "cache-control": ["no-cache, must-revalidate"])),
     .bad = TWO(STREAMED, ANSWER("stream", SSE_TYPE, "content-length": ["100"]))},
    {0},
};

static const struct field answer_fields[] = {{"headers", .shape = &http_answer_headers_shape}, {0}};
static const struct shape answer_shape = {.fields = answer_fields, .open = true, .sample = JSON({"kind": "other"})};

static const struct field fields[] = {
    {"request", .shape = &http_request_shape, .says = "the request line, headers and size"},
    {"status", .says = "of the answer", .sample = "200"},
    {"response", .shape = &answer_shape, .says = "headers and nature of the answer"},
    {0},
};

const struct shape http_shape = {
    .ref = "openai:paths./chat/completions.post",
    .fields = fields,
    .rules = rules,
    .open = true,
    .sample = THREE(PLAIN, STATUS(200), JSON("response": {"kind": "completion"})),
};
