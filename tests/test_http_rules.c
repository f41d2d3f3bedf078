/* test_http_rules.c: what is found in method, path, headers and status, given as the document that stands for them. */
#include "tests/answering.h"

static const char a_call[] = J({
    "request": {"method": "POST", "path": "/v1/chat/completions", "bytes": 120, "stream": false,
                "headers": {"authorization": ["Bearer sk-abc_123"], "content-type": ["application/json"]}},
    "status": 200,
    "response": {"kind": "completion", "headers": {"content-type": ["application/json"], "x-request-id": ["req_1"]}}});

/* --- the request */

static const struct vector requests[] = {
    {"/request", J({}), ""},
    {"/request", J({"method": "GET"}), "http.request.method.post"},
    {"/request", J({"method": "GET", "bytes": 0}), ""},
    {"/request", J({"bytes": 0}), "http.request.body.required"},
    {"/request", J({"bytes": 1}), ""},
    {"/request", J({"bytes": 52428800}), ""},
    {"/request", J({"bytes": 52428801}), "http.request.body.max_bytes"},
    {"/request", J({"path": "/chat/completions"}), ""},
    {"/request", J({"path": "/openai/deployments/a/chat/completions"}), ""},
    {"/request", J({"path": "/v1/chat/completions/chatcmpl-1"}), ""},
    {"/request", J({"path": "/v1/chat/completions/"}), "http.request.path"},
    {"/request", J({"path": "/v1/chat/completion"}), "http.request.path"},
    {"/request", J({"path": "/v1/completions"}), "http.request.path"},
    {"/request/headers", J({"content-type": ["Application/JSON ; charset=UTF-8"]}), ""},
    {"/request/headers", J({"content-type": ["application/json; charset=gbk"]}), "http.request.content_type.charset"},
    {"/request/headers", J({"content-type": ["application/jsonp"]}), "http.request.content_type.json"},
    {"/request/headers", J({"content-type": []}), "http.request.content_type.json"},
    {"/request/headers", J({"authorization": []}), "http.request.authorization.required"},
    {"/request/headers", J({"authorization": ["bearer sk-1=="]}), ""},
    {"/request/headers", J({"authorization": ["sk-1"]}), "http.request.authorization.scheme"},
    {"/request/headers", J({"authorization": ["Bearer "]}), "http.request.authorization.scheme"},
    {"/request/headers", J({"authorization": ["Bearer  sk-1"]}), "http.request.authorization.scheme"},
    {"/request/headers", J({"authorization": ["Basic sk-1"]}), "http.request.authorization.scheme"},
    {"/request/headers", J({"authorization": ["Bearer \"sk-1\""]}), "http.request.authorization.token_chars"},
    {"/request/headers", J({"authorization": ["Bearer sk=1"]}), "http.request.authorization.token_chars"},
    {"/request/headers", J({"authorization": ["Bearer sk\u00e9"]}), "http.request.authorization.token_chars"},
    {"/request/headers", J({"accept": ["application/json"]}), ""},
    {"", J({"request": {"method": "GET", "bytes": 0, "query": "limit=20&order=desc&after=a&metadata[k]=v"}}), ""},
    {"", J({"request": {"method": "GET", "bytes": 0, "query": "limit=0"}}), "http.list.query.limit.integer"},
    {"", J({"request": {"method": "GET", "bytes": 0, "query": "limit=abc"}}), "http.list.query.limit.integer"},
    {"", J({"request": {"method": "GET", "bytes": 0, "query": "a=b&order=newest"}}), "http.list.query.order.enum"},
    {"", J({"request": {"method": "GET", "bytes": 0, "query": "after="}}), "http.list.query.after.string"},
    {"", J({"request": {"method": "GET", "bytes": 0, "query": "metadata={}"}}), "http.list.query.metadata.format"},
    {"", J({"request": {"method": "POST", "bytes": 9, "query": "api-version=2024-02-01&limit=x"}}), ""},
};

START_TEST(request)
{
    check_vector(CC_OPENAI, CC_HTTP, a_call, &requests[_i]);
}
END_TEST

START_TEST(accept_admits_the_stream)
{
    static const char *const admitted[] = {"text/event-stream", "application/json, Text/Event-Stream;q=0.9", "*/*", "text/*"};
    struct json_object *call = read_text(a_call);
    lay(call, "/request", J({"stream": true}));
    lay(call, "", J({"response": {"kind": "stream"}}));
    for (size_t i = 0; i < sizeof admitted / sizeof *admitted; i++) {
        char accept[128];
        snprintf(accept, sizeof accept, "{\"accept\": [\"%s\"]}", admitted[i]);
        lay(call, "/request/headers", accept);
        check_object(CC_OPENAI, CC_HTTP, call, "");
    }
    lay(call, "/request/headers", J({"accept": ["application/json"]}));
    check_object(CC_OPENAI, CC_HTTP, call, "http.request.accept.stream");
    json_object_put(call);
}
END_TEST

START_TEST(no_bearer_is_asked_for)
{
    struct cc_options options = {.no_bearer = true};
    struct cc_checker *checker = cc_checker_new(&options);
    static const char *const authorizations[] = {"[]", "[\"sk-1\"]", "[\"Bearer 'a'\"]"};
    for (size_t i = 0; i < 3; i++) {
        char text[256];
        snprintf(text, sizeof text, "{\"request\": {\"bytes\": 0, \"headers\": {\"authorization\": %s}}}", authorizations[i]);
        const struct cc_report *report = cc_check(checker, CC_HTTP, text, strlen(text));
        ck_assert_uint_eq(report->count, 0);
    }
    cc_checker_free(checker);
}
END_TEST

/* The key stands in no finding. */
START_TEST(findings_keep_the_key)
{
    struct cc_checker *checker = cc_checker_new(NULL);
    static const char text[] = J({"request": {"headers": {"authorization": ["Bearer 'sk-secret'"]}}});
    const struct cc_report *report = cc_check(checker, CC_HTTP, text, sizeof text - 1);
    ck_assert_uint_eq(report->count, 1);
    ck_assert_ptr_null(strstr(report->findings[0].message, "secret"));
    cc_checker_free(checker);
}
END_TEST

/* --- the answer */

#define JSON_ERROR "\"headers\": {\"content-type\": [\"application/json\"], \"x-request-id\": [\"req_1\"]}, \"kind\": \"error\""
#define REFUSED(status, more) "{\"status\": " #status ", \"response\": {" JSON_ERROR more "}}"
#define STREAMS J({"method": "POST", "path": "/v1/chat/completions", "bytes": 120, "stream": true})
#define ASKED_STREAM "{\"request\": " STREAMS ", "
#define SSE(more) \
    "\"response\": {\"kind\": \"stream\", \"headers\": {\"content-type\": [\"text/event-stream; charset=utf-8\"], " \
    "\"x-request-id\": [\"req_1\"]" more "}}}"

static const struct vector answers[] = {
    {"", J({"status": 201}), "http.response.status.success"},
    {"/response/headers", J({"content-type": ["application/json; charset=utf-8"]}), ""},
    {"/response/headers", J({"content-type": ["text/plain"]}), "http.response.content_type.json"},
    {"/response/headers", J({"content-type": []}), "http.response.content_type.json"},
    {"/response", J({"kind": "error"}), "http.response.ok_not_error"},
    {"", ASKED_STREAM SSE(""), ""},
    {"", ASKED_STREAM SSE(", \"cache-control\": [\"no-cache\"]"), ""},
    {"", ASKED_STREAM SSE(", \"cache-control\": [\"max-age=60\"]"), "http.response.sse.no_content_length"},
    {"", ASKED_STREAM SSE(", \"content-length\": [\"60\"]"), "http.response.sse.no_content_length"},
    {"", ASKED_STREAM "\"response\": {" JSON_ERROR "}}", "http.response.error_not_ok"},
    {"", ASKED_STREAM "\"response\": {\"kind\": \"completion\", \"headers\": {\"content-type\": [\"application/json\"], "
         "\"x-request-id\": [\"r\"]}}}",
     "http.response.content_type.sse"},
    /* What is wrong with a stream that holds nothing but an error is told of the stream. */
    {"", ASKED_STREAM "\"response\": {\"kind\": \"stream\", \"first\": \"error\"}}", ""},
    {"", ASKED_STREAM "\"status\": 500, \"response\": {\"kind\": \"stream\", \"first\": \"error\"}}", ""},
    {"", ASKED_STREAM "\"status\": 500, \"response\": {\"kind\": \"stream\", \"first\": \"chunk\"}}", "http.response.status.success"},
    {"", ASKED_STREAM "\"response\": {\"type\": \"server_error\", " JSON_ERROR "}}", "http.response.error_not_ok"},
    {"", J({"response": {"kind": "stream", "headers": {"content-type": ["text/event-stream"], "x-request-id": ["r"]}}}), ""},
    {"/response/headers", J({"x-request-id": []}), "http.response.x_request_id.present"},
    {"/response/headers", J({"x-request-id": [""]}), "http.response.x_request_id.present"},
    {"", J({"status": 502, "response": {"kind": "other", "headers": {"content-type": ["text/html"], "x-request-id": ["r"]}}}),
     "http.response.content_type.error"},
    {"", REFUSED(418, ""), "http.response.status.known"},
    {"", REFUSED(400, ", \"type\": \"invalid_request_error\""), ""},
    {"", REFUSED(400, ", \"type\": \"server_fault\""), "http.status.400.invalid_request"},
    {"", REFUSED(400, ""), ""},
    {"", REFUSED(422, ", \"type\": \"invalid_request_error\""), "http.status.400.invalid_request"},
    {"", REFUSED(403, ", \"type\": \"permission_error\""), ""},
    {"", REFUSED(401, ", \"type\": \"permission_error\""), "http.status.403.forbidden"},
    {"", REFUSED(404, ", \"type\": \"not_found_error\""), ""},
    {"", REFUSED(403, ", \"code\": \"unknown_url\""), "http.status.404.model"},
    {"", REFUSED(429, ", \"code\": \"rate_limit_exceeded\""), ""},
    {"", REFUSED(429, ", \"code\": \"\""), "http.status.429.rate_or_quota"},
    {"", REFUSED(403, ", \"code\": \"insufficient_quota\""), "error.status.quota"},
    {"", REFUSED(500, ", \"type\": \"server_error\""), ""},
    {"", REFUSED(500, ", \"type\": \"invalid_request_error\""), "http.status.5xx.retryable"},
    {"", REFUSED(404, ", \"type\": \"server_error\""), "error.status.client_server"},
    {"", REFUSED(401, ", \"code\": \"invalid_api_key\""), ""},
    {"", REFUSED(404, ", \"code\": \"invalid_api_key\""), "error.status.auth"},
    {"", REFUSED(404, ", \"code\": \"model_not_found\""), ""},
    {"", REFUSED(500, ", \"code\": \"model_not_found\""), "error.status.model"},
};

START_TEST(answer)
{
    check_vector(CC_OPENAI, CC_HTTP, a_call, &answers[_i]);
}
END_TEST

static const struct vector headers[] = {
    {"/response/headers", J({"x-ratelimit-limit-requests": ["60"], "x-ratelimit-remaining-requests": ["60"]}), ""},
    {"/response/headers", J({"x-ratelimit-limit-requests": ["60"], "x-ratelimit-remaining-requests": ["61"]}),
     "http.response.ratelimit.remaining_le_limit"},
    {"/response/headers", J({"x-ratelimit-limit-tokens": ["9"], "x-ratelimit-remaining-tokens": ["10"]}),
     "http.response.ratelimit.remaining_le_limit"},
    {"/response/headers", J({"x-ratelimit-limit-requests": ["1m"]}), "http.response.ratelimit.limit_requests.integer"},
    {"/response/headers", J({"x-ratelimit-limit-tokens": ["-1"]}), "http.response.ratelimit.limit_tokens.integer"},
    {"/response/headers", J({"x-ratelimit-remaining-tokens": [""]}), "http.response.ratelimit.remaining_tokens.integer"},
    {"/response/headers", J({"x-ratelimit-reset-requests": ["6m0s"], "x-ratelimit-reset-tokens": ["17.399999999s"]}), ""},
    {"/response/headers", J({"x-ratelimit-reset-requests": ["1h2m3ms"], "x-ratelimit-reset-tokens": ["20ms"]}), ""},
    {"/response/headers", J({"x-ratelimit-reset-requests": ["500"]}), "http.response.ratelimit.reset_requests.duration"},
    {"/response/headers", J({"x-ratelimit-reset-tokens": ["soon"]}), "http.response.ratelimit.reset_tokens.duration"},
    {"/response/headers", J({"openai-processing-ms": ["498"], "openai-version": ["2020-10-01"]}), ""},
    {"/response/headers", J({"openai-processing-ms": ["0.5"]}), "http.response.openai_processing_ms.integer"},
    {"/response/headers", J({"openai-version": ["2020-10-1"]}), "http.response.openai_version.date"},
    {"/response/headers", J({"retry-after": ["2"]}), "http.response.retry_after.scope"},
    {"", J({"status": 429, "response": {"kind": "error", "code": "rate_limit_exceeded", "headers": {"content-type": ["application/json"],
         "x-request-id": ["r"], "retry-after": ["2"]}}}), ""},
};

START_TEST(answer_headers)
{
    check_vector(CC_OPENAI, CC_HTTP, a_call, &headers[_i]);
}
END_TEST

START_TEST(retry_after_is_a_delay)
{
    static const struct {
        const char *value, *found;
    } delays[] = {{"2", ""},
                  {"Sun, 06 Nov 1994 08:49:37 GMT", ""},
                  {"0.5", "http.response.retry_after.format"},
                  {"soon", "http.response.retry_after.format"}};
    for (size_t i = 0; i < sizeof delays / sizeof *delays; i++) {
        char text[256];
        snprintf(text, sizeof text, "{\"status\": 503, \"response\": {\"kind\": \"other\", \"headers\": "
                 "{\"content-type\": [\"application/json\"], \"x-request-id\": [\"r\"], \"retry-after\": [\"%s\"]}}}", delays[i].value);
        check_text(CC_OPENAI, CC_HTTP, text, delays[i].found);
    }
}
END_TEST

#define SENT_TEXT "{\"request\": {\"bytes\": 9, \"headers\": {\"authorization\": [\"Bearer a\"], \"content-type\": [\"text/plain\"]}}, "

/* What the request lacked on purpose explains its own finding away; the answer to it is what is judged. */
START_TEST(refusals_of_faulty_requests)
{
    static const struct vector vectors[] = {
        {"", "{\"request\": {\"headers\": {}}, \"status\": 401, \"response\": {" JSON_ERROR "}}", "http.request.authorization.required"},
        {"", "{\"request\": {\"headers\": {}}, \"status\": 500, \"response\": {" JSON_ERROR "}}", "http.status.401.auth"},
        {"/request/headers", J({"content-type": ["text/plain"]}), "http.request.content_type.json"},
        {"", SENT_TEXT "\"status\": 500, "
             "\"response\": {" JSON_ERROR "}}", "http.status.415.media_type"},
        {"", SENT_TEXT "\"status\": 415, "
             "\"response\": {" JSON_ERROR "}}", "http.request.content_type.json"},
    };
    for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) check_vector(CC_OPENAI, CC_HTTP, a_call, &vectors[i]);
}
END_TEST

START_TEST(nothing_is_known)
{
    static const char *const texts[] = {
        "{}", J({"request": {}}), J({"status": 200}), J({"status": 500}), J({"response": {"kind": "error"}}),
        J({"status": 200, "response": {"kind": "completion"}}), J({"request": {"stream": true}, "status": 200})};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_text(CC_OPENAI, CC_HTTP, texts[i], "");
}
END_TEST

START_TEST(derived_cases_give_their_finding)
{
    static const char *const prefixes[] = {"http.", NULL};
    check_derived(prefixes, 100);
}
END_TEST

static Suite *http_rules_suite(void)
{
    Suite *suite = suite_create("http rules");
    TCase *tests = tcase_create("http");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, request, 0, COUNT(requests));
    tcase_add_loop_test(tests, answer, 0, COUNT(answers));
    tcase_add_loop_test(tests, answer_headers, 0, COUNT(headers));
    tcase_add_test(tests, accept_admits_the_stream);
    tcase_add_test(tests, no_bearer_is_asked_for);
    tcase_add_test(tests, findings_keep_the_key);
    tcase_add_test(tests, retry_after_is_a_delay);
    tcase_add_test(tests, refusals_of_faulty_requests);
    tcase_add_test(tests, nothing_is_known);
    tcase_add_test(tests, derived_cases_give_their_finding);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(http_rules_suite)
