/* test_http.c: the HTTP client against servers that break the rules: each fault gets its class, ends in time and leaks nothing. */
#include "harness/base/limit.h"
#include "harness/http/http_inner.h"
#include "tests/fault_server.h"
#include "tests/testing.h"

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>

/* What a callback saw of a reply, kept. */
struct outcome {
    int calls;
    enum http_fault fault;
    int status;
    char why[256];
    char headers[4096]; /* "name: value" lines */
    char *body;
    size_t body_length;
    long first_byte_ms, total_ms;
    struct http_stamp *stamps;
    size_t stamp_count;
};

static void keep(void *context, const struct http_reply *reply)
{
    struct outcome *outcome = context;
    outcome->calls++;
    outcome->fault = reply->fault;
    outcome->status = reply->status;
    memcpy(outcome->why, reply->why, sizeof outcome->why);
    size_t at = 0;
    for (const struct cc_header *header = reply->headers; header->name && at < sizeof outcome->headers; header++)
        at += (size_t)snprintf(outcome->headers + at, sizeof outcome->headers - at, "%s: %s\n", header->name, header->value);
    ck_assert_int_eq(reply->body[reply->body_length], '\0');
    outcome->body = malloc(reply->body_length + 1);
    memcpy(outcome->body, reply->body, reply->body_length + 1);
    outcome->body_length = reply->body_length;
    outcome->first_byte_ms = reply->first_byte_ms;
    outcome->total_ms = reply->total_ms;
    outcome->stamp_count = reply->stamp_count;
    outcome->stamps = calloc(reply->stamp_count + 1, sizeof *outcome->stamps);
    if (reply->stamp_count)
        memcpy(outcome->stamps, reply->stamps, reply->stamp_count * sizeof *outcome->stamps);
}

static void forget(struct outcome *outcome)
{
    free(outcome->body);
    free(outcome->stamps);
}

static void finish(struct http_pool *pool)
{
    while (http_pool_busy(pool) > 0)
        ck_assert(http_pool_step(pool, 1000));
}

static size_t open_files(void)
{
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static const char *url_of(const char *scheme, int port, const char *path)
{
    static char url[256];
    snprintf(url, sizeof url, "%s://127.0.0.1:%d%s", scheme, port, path);
    return url;
}

/* Sends one request with a pool of its own. */
static struct outcome ask(const struct http_request *request)
{
    struct outcome outcome = {0};
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    ck_assert_ptr_nonnull(pool);
    ck_assert(http_pool_start(pool, request, keep, &outcome));
    finish(pool);
    http_pool_free(pool);
    ck_assert_int_eq(outcome.calls, 1);
    return outcome;
}

/* --- The fault matrix */

#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define SENT(text) {FAULT_SEND, .bytes = text}
#define BYTES(text) {FAULT_SEND, .bytes = text, .length = sizeof text - 1}
#define TIMES(n, text) {FAULT_SEND, .bytes = text, .count = n}
#define DRIP(ms, text) {FAULT_DRIP, .bytes = text, .count = ms}
#define WAIT(ms) {FAULT_WAIT, .count = ms}
#define READ {FAULT_READ, .count = 0}
#define RESET {FAULT_RESET, .count = 0}
#define HOLD {FAULT_HOLD, .count = 0}
#define FIN {FAULT_FIN, .count = 0}
#define TEN "aaaaaaaaaa"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define KILO HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED

static const struct row {
    const char *id;
    struct fault_step steps[8];
    enum http_fault fault;
    int status;
    const char *body;  /* NULL: any */
    const char *why;   /* a part of the sentence */
    const char *shows; /* a part of the headers */
    const char *scheme;
    const char *method;
    size_t sends;      /* bytes of the body; 0: a little one */
    bool unread;       /* the server never reads the request */
    bool begins;       /* bytes of an answer come, though never a status */
    struct http_timeouts timeouts;
    struct http_limits limits;
} rows[] = {
    {"F03 no byte", {READ, HOLD}, .fault = HTTP_FIRST_TIMEOUT, .status = 0, .why = "no byte of an answer came from 127.0.0.1:"},
    {"F04 close before an answer", {READ, FIN}, .fault = HTTP_EMPTY, .status = 0, .why = "closed the connection without an answer"},
    {"F05 reset before an answer", {READ, WAIT(20), RESET}, .fault = HTTP_RESET, .status = 0, .why = "broke before an answer"},
    {"F06 reset in the body", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\npartial"), WAIT(40), RESET},
     .fault = HTTP_RESET, .status = 200, .body = "partial", .why = "in the middle of the answer"},
    {"F07 reset in an event", {READ, SENT(CHUNKED "f\r\ndata: {\"a\":1}\n\n\r\n5\r\ndat"), WAIT(40), RESET},
     .fault = HTTP_RESET, .status = 200, .body = "data: {\"a\":1}\n\ndat"},
    {"F08 close in the status line", {READ, WAIT(30), SENT("HTTP/1.1 20"), FIN}, .fault = HTTP_TRUNCATED, .status = 0, .begins = true, .why = "inside the first line"},
    {"F08 close in a header", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Ty"), FIN}, .fault = HTTP_TRUNCATED, .status = 200, .body = "", .why = "in the middle of the headers"},
    {"F08 close after a header", {READ, SENT("HTTP/1.1 200 OK\r\nA: b\r\n"), FIN}, .fault = HTTP_TRUNCATED, .status = 200, .body = "", .shows = "a: b\n"},
    {"F08 close after the status line", {READ, SENT("HTTP/1.1 200 OK\r\n"), FIN}, .fault = HTTP_TRUNCATED, .status = 200, .body = ""},
    {"F09 dripping status line", {READ, DRIP(40, "HTTP/1.1 200 OK\r\n"), HOLD}, .fault = HTTP_FIRST_TIMEOUT, .status = 0, .begins = true,
     .why = "no whole first line"},
    {"F09 dripping header", {READ, SENT("HTTP/1.1 200 OK\r\n"), DRIP(15, "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n" KILO), HOLD}, .fault = HTTP_TOTAL_TIMEOUT, .status = 200, .timeouts = {.total_ms = 350}},
    {"F09 stalled header", {READ, SENT("HTTP/1.1 200 OK\r\nA: b\r\nC:"), HOLD}, .fault = HTTP_IDLE_TIMEOUT, .status = 200, .why = "no further header line"},
    {"F10 dripping body", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"), DRIP(10, KILO)}, .fault = HTTP_TOTAL_TIMEOUT, .status = 200,
     .why = "not over after 400 ms (total)", .timeouts = {.total_ms = 400}},
    {"F11 long header line", {READ, SENT("HTTP/1.1 200 OK\r\nA: "), TIMES(20, KILO), SENT("\r\n\r\n"), FIN}, .fault = HTTP_LIMIT_HEADERS, .status = 200,
     .why = "longer than 16384 bytes"},
    {"F11 endless header line", {READ, SENT("HTTP/1.1 200 OK\r\nA: "), TIMES(-1, KILO)}, .fault = HTTP_LIMIT_HEADERS, .status = 200, .why = "a header line"},
    {"F11 endless status line", {READ, SENT("HTTP/1.1 200 "), TIMES(-1, KILO)}, .fault = HTTP_LIMIT_HEADERS, .status = 0, .begins = true, .why = "a header line"},
    {"F12 100,000 headers", {READ, SENT("HTTP/1.1 200 OK\r\n"), TIMES(100000, "A: b\r\n"), SENT("\r\n"), FIN}, .fault = HTTP_LIMIT_HEADERS, .status = 200,
     .why = "more than 256 headers"},
    {"F12 many bytes of headers", {READ, SENT("HTTP/1.1 200 OK\r\n"), TIMES(100, "A: " KILO "\r\n"), SENT("\r\n"), FIN}, .fault = HTTP_LIMIT_HEADERS, .status = 200, .why = "more than 65536 bytes in all"},
    {"F13 endless interim answers", {READ, TIMES(-1, "HTTP/1.1 100 Continue\r\n\r\n")}, .fault = HTTP_LIMIT_HEADERS, .status = 100, .why = "65536 bytes"},
    {"F13 interim answer, then nothing", {READ, SENT("HTTP/1.1 100 Continue\r\n\r\n"), HOLD}, .fault = HTTP_FIRST_TIMEOUT, .status = 100},
    {"F13 interim answer, then close", {READ, SENT("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"), FIN}, .fault = HTTP_TRUNCATED, .status = 103,
     .why = "only an interim answer came (status 103)"},
    {"F14 200,000 trailers", {READ, SENT(CHUNKED "2\r\n{}\r\n0\r\n"), TIMES(200000, "A: b\r\n"), SENT("\r\n"), FIN}, .fault = HTTP_LIMIT_HEADERS, .status = 200,
     .body = "{}", .why = "more than 256 headers"},
    {"F15 NUL in a header", {READ, BYTES("HTTP/1.1 200 OK\r\nA: b\0c\r\nContent-Length: 0\r\n\r\n"), FIN}, .fault = HTTP_MALFORMED, .status = 200},
    {"F16 header without colon", {READ, SENT("HTTP/1.1 200 OK\r\nnonsense\r\nContent-Length: 0\r\n\r\n"), FIN}, .fault = HTTP_MALFORMED, .status = 200},
    {"F17 folded header", {READ, SENT("HTTP/1.1 200 OK\r\nX-A: one\r\n\t two \r\nContent-Length: 2\r\n\r\nhi"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "hi",
     .shows = "x-a: one two\n"},
    {"F17 bare line feeds", {READ, SENT("HTTP/1.1 200 OK\nX-A: one\nContent-Length: 2\n\nhi"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "hi",
     .shows = "x-a: one\ncontent-length: 2\n"},
    {"F18 length too long", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhi"), FIN}, .fault = HTTP_TRUNCATED, .status = 200, .body = "hi",
     .why = "before the end of the body"},
    {"F19 length too short", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi there"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "hi"},
    {"F20 negative length", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhi"), FIN}, .fault = HTTP_MALFORMED, .status = 200},
    {"F20 length in words", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nhi"), FIN}, .fault = HTTP_MALFORMED, .status = 200},
    {"F21 length of 23 digits", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 10000000000000000000000\r\n\r\nhi"), FIN}, .fault = HTTP_TRUNCATED, .status = 200, .body = "hi", .why = "before the length that was promised"},
    {"F22 two lengths", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 2\r\n\r\nhi"), FIN}, .fault = HTTP_MALFORMED, .status = 200,
     .why = "two Content-Length"},
    {"F22 the same length twice", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nhi"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "hi"},
    {"F22 length and chunks", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n"), FIN},
     .fault = HTTP_FINE, .status = 200, .body = "hi", .shows = "content-length: 9\ntransfer-encoding: chunked\n"},
    {"F23 ended by the close", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\n{}"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "{}",
     .shows = "content-type: a/b\n"},
    {"F24 chunk size in words", {READ, SENT(CHUNKED "zz\r\nhi\r\n"), FIN}, .fault = HTTP_MALFORMED, .status = 200, .why = "not chunked as HTTP says"},
    {"F24 huge chunk size", {READ, SENT(CHUNKED "FFFFFFFFFFFFFFFFFFFF\r\nhi\r\n"), FIN}, .fault = HTTP_MALFORMED, .status = 200},
    {"F25 endless body", {READ, SENT(CHUNKED), TIMES(-1, "3e8\r\n" KILO "\r\n")}, .fault = HTTP_LIMIT_BODY, .status = 200, .why = "more than 1048576 bytes",
     .limits = {.body = 1 << 20}},
    {"F26 cut chunk", {READ, SENT(CHUNKED "a\r\nhi"), FIN}, .fault = HTTP_TRUNCATED, .status = 200, .body = "hi"},
    {"F26 no last chunk", {READ, SENT(CHUNKED "2\r\nhi\r\n"), FIN}, .fault = HTTP_TRUNCATED, .status = 200, .body = "hi"},
    {"F27 chunk extension of 1 MB", {READ, SENT(CHUNKED "2;x="), TIMES(1000, KILO), SENT("\r\nhi\r\n0\r\n\r\n"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "hi"},
    {"F27 endless chunk extension", {READ, SENT(CHUNKED "2;x="), TIMES(-1, KILO)}, .fault = HTTP_IDLE_TIMEOUT, .status = 200, .body = ""},
    {"F28 chunks of one byte", {READ, SENT(CHUNKED "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "{}"},
    {"F33 status 000", {READ, SENT("HTTP/1.1 000 X\r\nContent-Length: 0\r\n\r\n"), FIN}, .fault = HTTP_MALFORMED, .status = 0, .begins = true},
    {"F33 status 1000", {READ, SENT("HTTP/1.1 1000 X\r\nContent-Length: 0\r\n\r\n"), FIN}, .fault = HTTP_MALFORMED, .status = 0, .begins = true},
    {"F33 status abc", {READ, SENT("HTTP/1.1 abc X\r\nContent-Length: 0\r\n\r\n"), FIN}, .fault = HTTP_MALFORMED, .status = 0, .begins = true},
    {"F33 HTTP/1.9", {READ, SENT("HTTP/1.9 200 OK\r\nContent-Length: 0\r\n\r\n"), FIN}, .fault = HTTP_MALFORMED, .status = 0, .begins = true},
    {"F33 HTTP/0.9", {READ, SENT("{\"choices\": []}"), FIN}, .fault = HTTP_MALFORMED, .status = 0, .begins = true, .why = "did not answer as HTTP says"},
    {"F33 noise", {READ, BYTES("\x80\x02\0\xff\xfe\r\n\r\n"), FIN}, .fault = HTTP_MALFORMED, .status = 0, .begins = true},
    {"F34 status 599", {READ, SENT("HTTP/1.1 599 Odd\r\nContent-Length: 2\r\n\r\n{}"), FIN}, .fault = HTTP_FINE, .status = 599, .body = "{}"},
    {"F35 status 101", {READ, SENT("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n"), FIN}, .fault = HTTP_FINE, .status = 101, .body = "", .shows = "upgrade: x"},
    {"F35 early hints first", {READ, SENT("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), FIN},
     .fault = HTTP_FINE, .status = 200, .body = "hi", .shows = "content-length: 2\n"},
    {"F35 204 with a body", {READ, SENT("HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\nhi"), FIN}, .fault = HTTP_FINE, .status = 204, .body = ""},
    {"F35 304", {READ, SENT("HTTP/1.1 304 Not Modified\r\nContent-Length: 500\r\n\r\n"), FIN}, .fault = HTTP_FINE, .status = 304, .body = ""},
    {"F37 redirect to a file", {READ, SENT("HTTP/1.1 302 Found\r\nLocation: file:///etc/hostname\r\nContent-Length: 0\r\n\r\n"), FIN}, .fault = HTTP_FINE, .status = 302,
     .body = "", .shows = "location: file:///etc/hostname\n"},
    {"F39 413 before the body was read", {{FAULT_HEAD, .count = 0}, SENT("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"), FIN},
     .fault = HTTP_FINE, .status = 413, .body = "{}", .sends = 3000000},
    {"F40 request never read", {{FAULT_DEAF, .count = 0}}, .fault = HTTP_TOTAL_TIMEOUT, .status = 0, .sends = 24 << 20, .unread = true, .timeouts = {.total_ms = 600}},
    {"F42 HTTP/1.0", {READ, SENT("HTTP/1.0 200 OK\r\n\r\nhi"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "hi"},
    {"F42 HTTP/2 in words", {READ, SENT("HTTP/2 200 OK\r\nContent-Length: 2\r\n\r\nhi"), FIN}, .fault = HTTP_MALFORMED, .status = 0, .begins = true},
    {"F42 no reason", {READ, SENT("HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "hi"},
    {"F42 an empty reason", {READ, SENT("HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nhi"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "hi"},
    {"F42 a reason at once", {READ, SENT("HTTP/1.1 200OK\r\nContent-Length: 2\r\n\r\nhi"), FIN}, .fault = HTTP_MALFORMED, .status = 0, .begins = true},
    {"F43 keep-alive, then close", {READ, SENT("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "hi"},
    {"F46 plain answer to TLS", {WAIT(20), SENT("HTTP/1.1 400 Bad Request\r\n\r\n"), FIN}, .fault = HTTP_TLS, .status = 0, .why = "TLS with 127.0.0.1:", .scheme = "https",
     .unread = true},
    {"F46 TLS without an answer", {HOLD}, .fault = HTTP_CONNECT_TIMEOUT, .status = 0, .why = "within 300 ms (connect)", .scheme = "https", .unread = true},
    {"F49 stalled stream", {READ, SENT(CHUNKED "6\r\ndata: \r\n"), HOLD}, .fault = HTTP_IDLE_TIMEOUT, .status = 200, .body = "data: ", .why = "no further byte of the body"},
    {"F57 bytes of any kind", {READ, BYTES("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{\xff\x01\x80}"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "{\xff\x01\x80}"},
    {"HEAD", {READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n"), FIN}, .fault = HTTP_FINE, .status = 200, .body = "", .method = "HEAD",
     .shows = "content-length: 500\n"},
};

START_TEST(each_fault_has_its_class)
{
    const struct row *row = &rows[_i];
    const size_t files = open_files();
    struct fault_server server = fault_start(row->steps);
    const bool head = row->method && strcmp(row->method, "HEAD") == 0;
    char *body = calloc(row->sends + 3, 1);
    memset(body, ' ', row->sends);
    memcpy(body, "{}", 2);
    struct http_request request = {
        .method = row->method,
        .url = url_of(row->scheme ? row->scheme : "http", server.port, "/v1/chat/completions"),
        .body = head ? NULL : body,
        .body_length = row->sends ? row->sends : 2,
        .timeouts = row->timeouts,
        .limits = row->limits,
        .insecure = true,
    };
    request.timeouts.connect_ms = request.timeouts.first_ms = request.timeouts.idle_ms = 300;
    if (request.timeouts.total_ms == 0)
        request.timeouts.total_ms = 5000;
    struct outcome outcome = ask(&request);
    ck_assert_msg(outcome.fault == row->fault, "%s: %s (%s), not %s", row->id, http_fault_name(outcome.fault), outcome.why,
                  http_fault_name(row->fault));
    ck_assert_msg(outcome.status == row->status, "%s: status %d", row->id, outcome.status);
    ck_assert_msg((*outcome.why != '\0') == (row->fault != HTTP_FINE), "%s: %s", row->id, outcome.why);
    ck_assert_msg(!row->why || strstr(outcome.why, row->why), "%s: %s", row->id, outcome.why);
    ck_assert_msg(!row->body || strcmp(outcome.body, row->body) == 0, "%s: body %s", row->id, outcome.body);
    ck_assert_msg(!row->shows || strstr(outcome.headers, row->shows), "%s: headers %s", row->id, outcome.headers);
    ck_assert_msg((outcome.first_byte_ms < 0) == (outcome.status == 0 && !row->begins),
                  "%s: first byte after %ld ms", row->id, outcome.first_byte_ms);
    ck_assert_msg(server.seen->connections == 1, "%s: %d connections", row->id, server.seen->connections);
    ck_assert_msg(server.seen->requests == (row->unread ? 0 : 1), "%s: %d requests on the wire", row->id, server.seen->requests);
    fault_stop(&server);
    forget(&outcome);
    free(body);
    ck_assert_msg(open_files() == files, "%s: files left open", row->id);
}
END_TEST

START_TEST(a_refused_connection_is_named)
{
    int port;
    close(fault_listen(&port));
    struct outcome outcome = ask(&(struct http_request){.url = url_of("http", port, "/v1")});
    char expected[128];
    snprintf(expected, sizeof expected, "the connection to 127.0.0.1:%d was refused", port);
    ck_assert_int_eq(outcome.fault, HTTP_REFUSED);
    ck_assert_str_eq(outcome.why, expected);
    ck_assert_int_eq((int)outcome.first_byte_ms, -1);
    forget(&outcome);
}
END_TEST

/* A label of 64 letters cannot be a name, so no server is asked and the test works without a network. */
START_TEST(an_unknown_host_is_named)
{
    static const char url[] = "http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.invalid/v1?api-key=hidden";
    struct outcome outcome = ask(&(struct http_request){.url = url});
    ck_assert_int_eq(outcome.fault, HTTP_DNS);
    ck_assert_ptr_nonnull(strstr(outcome.why, "aaaa.invalid:80 cannot be found"));
    ck_assert_ptr_null(strstr(outcome.why, "hidden"));
    forget(&outcome);
}
END_TEST

START_TEST(a_redirect_is_an_answer_and_is_not_followed)
{
    struct fault_server other = fault_start((const struct fault_step[]){READ, {FAULT_CLOSE, .count = 0}});
    char answer[256];
    snprintf(answer, sizeof answer, "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:%d/\r\nContent-Length: 0\r\n\r\n", other.port);
    struct fault_server server = fault_start((const struct fault_step[]){READ, {FAULT_SEND, .bytes = answer}, FIN});
    struct outcome outcome = ask(&(struct http_request){.url = url_of("http", server.port, "/v1"), .body = "{}", .body_length = 2});
    ck_assert_int_eq(outcome.fault, HTTP_FINE);
    ck_assert_int_eq(outcome.status, 307);
    ck_assert_ptr_nonnull(strstr(outcome.headers, "location: http://127.0.0.1:"));
    ck_assert_int_eq(server.seen->requests, 1);
    ck_assert_int_eq(other.seen->connections, 0);
    fault_stop(&server);
    fault_stop(&other);
    forget(&outcome);
}
END_TEST

/* A client that used the connection again would find it closed after its second POST, and send that a third time. */
START_TEST(no_post_is_sent_twice)
{
    struct fault_server server = fault_start((const struct fault_step[]){
        READ, SENT("HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n{}"), READ, {FAULT_CLOSE, .count = 0}});
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    const struct http_request request = {.url = url_of("http", server.port, "/v1"), .body = "{}", .body_length = 2};
    for (int i = 0; i < 2; i++) {
        struct outcome outcome = {0};
        ck_assert(http_pool_start(pool, &request, keep, &outcome));
        finish(pool);
        ck_assert_int_eq(outcome.fault, HTTP_FINE);
        forget(&outcome);
    }
    http_pool_free(pool);
    ck_assert_int_eq(server.seen->connections, 2);
    ck_assert_int_eq(server.seen->requests, 2);
    fault_stop(&server);
}
END_TEST

/* --- Bounds, on both sides */

static enum http_fault ask_within(const char *answer, struct http_limits limits, size_t *body_length)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, {FAULT_SEND, .bytes = answer}, FIN});
    struct outcome outcome = ask(&(struct http_request){.url = url_of("http", server.port, "/"), .limits = limits});
    *body_length = outcome.body_length;
    fault_stop(&server);
    forget(&outcome);
    return outcome.fault;
}

START_TEST(each_limit_holds_exactly)
{
    static const struct {
        const char *answer;
        struct http_limits fits, over;
        enum http_fault fault;
    } limits[] = {
        {"HTTP/1.1 200 OK\r\n\r\n0123456789", {.body = 10}, {.body = 9}, HTTP_LIMIT_BODY},
        {"HTTP/1.1 200 OK\r\nX: " HUNDRED "\r\n\r\n", {.header_line = 103}, {.header_line = 102}, HTTP_LIMIT_HEADERS},
        {"HTTP/1.1 200 OK\r\nX: " HUNDRED "\r\n\r\n", {.headers = 17 + 105 + 2}, {.headers = 17 + 105 + 1}, HTTP_LIMIT_HEADERS},
        {"HTTP/1.1 200 OK\r\nA: 1\r\nB: 2\r\n\r\n", {.header_count = 2}, {.header_count = 1}, HTTP_LIMIT_HEADERS},
        {"HTTP/1.1 103 X\r\nA: 1\r\n\r\nHTTP/1.1 200 OK\r\nB: 2\r\n\r\n", {.header_count = 2}, {.header_count = 1}, HTTP_LIMIT_HEADERS},
        {CHUNKED "0\r\nA: 1\r\nB: 2\r\n\r\n", {.header_count = 3}, {.header_count = 2}, HTTP_LIMIT_HEADERS},
    };
    size_t length;
    ck_assert_int_eq(ask_within(limits[_i].answer, limits[_i].fits, &length), HTTP_FINE);
    ck_assert_int_eq(ask_within(limits[_i].answer, limits[_i].over, &length), limits[_i].fault);
    if (limits[_i].over.body)
        ck_assert_uint_eq(length, limits[_i].over.body);
}
END_TEST

START_TEST(an_endless_body_stops_at_16_mib)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, SENT("HTTP/1.1 200 OK\r\n\r\n"), TIMES(-1, KILO KILO KILO KILO)});
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    struct outcome outcome = {0};
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    ck_assert(http_pool_start(pool, &(struct http_request){.url = url_of("http", server.port, "/")}, keep, &outcome));
    finish(pool);
    getrusage(RUSAGE_SELF, &after);
    ck_assert_int_eq(outcome.fault, HTTP_LIMIT_BODY);
    ck_assert_uint_eq(outcome.body_length, 16u << 20);
    ck_assert_int_lt(after.ru_maxrss - before.ru_maxrss, 80 * 1024); /* KiB: the body while it grows, and the copy kept here */
    http_pool_free(pool);
    fault_stop(&server);
    forget(&outcome);
}
END_TEST

START_TEST(hard_caps_lower_larger_limits)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, SENT("HTTP/1.1 200 OK\r\n"), TIMES(-1, "A: " KILO "\r\n")});
    struct outcome outcome = ask(&(struct http_request){.url = url_of("http", server.port, "/"), .limits = {.headers = SIZE_MAX, .header_count = SIZE_MAX}});
    ck_assert_int_eq(outcome.fault, HTTP_LIMIT_HEADERS);
    ck_assert_ptr_nonnull(strstr(outcome.why, "307200 bytes"));
    fault_stop(&server);
    forget(&outcome);
}
END_TEST

/* What --limit stream=N allows is what is taken. */
START_TEST(bodies_may_be_as_long_as_streams)
{
    size_t most = limit_find("stream")->hard;
    struct http_limits exact = {.body = most}, above = {.body = most + 1};
    http_limits_settle(&exact);
    http_limits_settle(&above);
    ck_assert_uint_eq(exact.body, most);
    ck_assert_uint_eq(above.body, most);
}
END_TEST

/* --- Streams */

START_TEST(stamps_tell_when_each_part_came)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, SENT("HTTP/1.1 200 OK\r\n\r\nfirst "), WAIT(60), SENT("second "), WAIT(60),
                                                                         SENT("third"), {FAULT_CLOSE, .count = 0}});
    struct outcome outcome = ask(&(struct http_request){.url = url_of("http", server.port, "/")});
    ck_assert_int_eq(outcome.fault, HTTP_FINE);
    ck_assert_str_eq(outcome.body, "first second third");
    ck_assert_uint_eq(outcome.stamp_count, 3);
    ck_assert_uint_eq(outcome.stamps[0].offset, 0);
    ck_assert_uint_eq(outcome.stamps[1].offset, 6);
    ck_assert_uint_eq(outcome.stamps[2].offset, 13);
    ck_assert_int_ge(outcome.stamps[0].at_ms, outcome.first_byte_ms);
    ck_assert_int_ge(outcome.stamps[1].at_ms - outcome.stamps[0].at_ms, 30);
    ck_assert_int_ge(outcome.stamps[2].at_ms - outcome.stamps[1].at_ms, 30);
    ck_assert_int_ge(outcome.total_ms, outcome.stamps[2].at_ms);
    fault_stop(&server);
    forget(&outcome);
}
END_TEST

START_TEST(stamps_are_bounded)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, SENT(CHUNKED), TIMES(10010, "1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n"
                                                                         "1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n1\r\na\r\n"), SENT("0\r\n\r\n"), FIN});
    struct outcome outcome = ask(&(struct http_request){.url = url_of("http", server.port, "/")});
    ck_assert_int_eq(outcome.fault, HTTP_FINE);
    ck_assert_uint_eq(outcome.body_length, 100100);
    ck_assert_uint_eq(outcome.stamp_count, 100000);
    ck_assert_uint_eq(outcome.stamps[99999].offset, 99999);
    fault_stop(&server);
    forget(&outcome);
}
END_TEST

/* --- What goes over the wire */

/* Sends a request to a server that answers 200, and gives back what it read. */
static const char *wire(struct http_request request, const char *path)
{
    static char bytes[65536];
    struct fault_server server = fault_start((const struct fault_step[]){READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), FIN});
    request.url = url_of("http", server.port, path);
    struct outcome outcome = ask(&request);
    ck_assert_msg(outcome.fault == HTTP_FINE, "%s", outcome.why);
    memcpy(bytes, server.seen->bytes, sizeof bytes);
    fault_stop(&server);
    forget(&outcome);
    return bytes;
}

START_TEST(a_post_carries_what_was_asked_and_no_more)
{
    const struct cc_header headers[] = {{"Content-Type", "application/json"}, {"Authorization", "Bearer key"}, {"X-Empty", ""}, {NULL, NULL}};
    const char *sent = wire((struct http_request){.method = "POST", .headers = headers, .body = "{\"a\":\0 1}", .body_length = 9}, "/v1/./x?q=1");
    ck_assert_int_eq(strncmp(sent, "POST /v1/./x?q=1 HTTP/1.1\r\n", 27), 0);
    ck_assert_ptr_nonnull(strstr(sent, "\r\nContent-Type: application/json\r\n"));
    ck_assert_ptr_nonnull(strstr(sent, "\r\nAuthorization: Bearer key\r\n"));
    ck_assert_ptr_nonnull(strstr(sent, "\r\nX-Empty:\r\n"));
    ck_assert_ptr_nonnull(strstr(sent, "\r\nUser-Agent: chatconform/" CC_VERSION "\r\n"));
    ck_assert_ptr_nonnull(strstr(sent, "\r\nContent-Length: 9\r\n"));
    ck_assert_ptr_null(strstr(sent, "Expect"));
    ck_assert_ptr_null(strstr(sent, "Encoding"));
    ck_assert_ptr_null(strstr(sent, "Proxy"));
    ck_assert_int_eq(memcmp(strstr(sent, "\r\n\r\n"), "\r\n\r\n{\"a\":\0 1}", 13), 0);
}
END_TEST

START_TEST(given_headers_override)
{
    const struct cc_header headers[] = {{"user-agent", "else/1"}, {"Accept", "text/event-stream"}, {"Host", "example.test"}, {NULL, NULL}};
    const char *sent = wire((struct http_request){.method = "GET", .headers = headers}, "/v1/models");
    ck_assert_int_eq(strncmp(sent, "GET /v1/models HTTP/1.1\r\n", 25), 0);
    ck_assert_ptr_nonnull(strstr(sent, "\r\nuser-agent: else/1\r\n"));
    ck_assert_ptr_nonnull(strstr(sent, "\r\nAccept: text/event-stream\r\n"));
    ck_assert_ptr_nonnull(strstr(sent, "\r\nHost: example.test\r\n"));
    ck_assert_ptr_null(strstr(sent, "chatconform/"));
    ck_assert_ptr_null(strstr(sent, "*/*"));
    ck_assert_ptr_null(strstr(sent, "Content-"));
}
END_TEST

START_TEST(each_method_is_sent_as_it_is)
{
    static const struct {
        const char *method, *body, *line, *length;
    } methods[] = {
        {NULL, NULL, "GET / ", NULL},
        {NULL, "{}", "POST / ", "\r\nContent-Length: 2\r\n"},
        {"POST", NULL, "POST / ", "\r\nContent-Length: 0\r\n"},
        {"POST", "", "POST / ", "\r\nContent-Length: 0\r\n"},
        {"HEAD", NULL, "HEAD / ", NULL},
        {"DELETE", NULL, "DELETE / ", NULL},
        {"DELETE", "{}", "DELETE / ", "\r\nContent-Length: 2\r\n"},
        {"GET", "{}", "GET / ", "\r\nContent-Length: 2\r\n"},
        {"PATCH", "{}", "PATCH / ", "\r\nContent-Length: 2\r\n"},
    };
    const char *body = methods[_i].body;
    const char *sent = wire((struct http_request){.method = methods[_i].method, .body = body, .body_length = body ? strlen(body) : 0}, "/");
    ck_assert_int_eq(strncmp(sent, methods[_i].line, strlen(methods[_i].line)), 0);
    ck_assert_ptr_null(strstr(sent, "Content-Type"));
    if (methods[_i].length)
        ck_assert_ptr_nonnull(strstr(sent, methods[_i].length));
    else
        ck_assert_ptr_null(strstr(sent, "Content-Length"));
}
END_TEST

START_TEST(the_environment_is_not_trusted)
{
    static const char *const names[] = {"http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"};
    struct fault_server proxy = fault_start((const struct fault_step[]){READ, {FAULT_CLOSE, .count = 0}});
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        setenv(names[i], url_of("http", proxy.port, ""), 1);
    setenv("CURL_HOME", "/nowhere", 1);
    setenv("CURL_CA_BUNDLE", "/nowhere", 1);
    setenv("SSLKEYLOGFILE", "/nowhere/keys", 1);
    setenv("CHATCONFORM_PROXY", "kept", 1);
    ck_assert_int_eq(strncmp(wire((struct http_request){.url = NULL}, "/x"), "GET /x HTTP/1.1\r\n", 17), 0);
    ck_assert_int_eq(proxy.seen->connections, 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        ck_assert_ptr_null(getenv(names[i]));
    ck_assert_ptr_null(getenv("CURL_HOME"));
    ck_assert_ptr_null(getenv("CURL_CA_BUNDLE"));
    ck_assert_ptr_null(getenv("SSLKEYLOGFILE"));
    ck_assert_str_eq(getenv("CHATCONFORM_PROXY"), "kept");
    fault_stop(&proxy);
}
END_TEST

START_TEST(a_named_proxy_is_used)
{
    struct fault_server proxy = fault_start((const struct fault_step[]){READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), FIN});
    char address[256];
    snprintf(address, sizeof address, "%s", url_of("http", proxy.port, ""));
    struct outcome outcome = ask(&(struct http_request){.url = "http://endpoint.test/v1", .proxy = address});
    ck_assert_int_eq(outcome.fault, HTTP_FINE);
    ck_assert_int_eq(strncmp(proxy.seen->bytes, "GET http://endpoint.test/v1 HTTP/1.1\r\n", 38), 0);
    fault_stop(&proxy);
    forget(&outcome);
}
END_TEST

START_TEST(a_proxy_that_is_not_there_is_named_without_its_password)
{
    int port;
    close(fault_listen(&port));
    char address[256];
    snprintf(address, sizeof address, "http://user:password@127.0.0.1:%d", port);
    struct outcome outcome = ask(&(struct http_request){.url = "http://endpoint.test/v1", .proxy = address});
    ck_assert_int_eq(outcome.fault, HTTP_REFUSED);
    ck_assert_str_eq(outcome.why, "the connection to the proxy was refused");
    forget(&outcome);
}
END_TEST

START_TEST(a_proxy_may_refuse_the_tunnel)
{
    struct fault_server proxy = fault_start((const struct fault_step[]){READ, SENT("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), FIN});
    char address[256];
    snprintf(address, sizeof address, "%s", url_of("http", proxy.port, ""));
    struct outcome outcome = ask(&(struct http_request){.url = "https://endpoint.test/v1", .proxy = address});
    ck_assert_int_eq(outcome.fault, HTTP_REFUSED);
    ck_assert_str_eq(outcome.why, "the proxy refused the tunnel to endpoint.test:443 (status 403)");
    ck_assert_int_eq(outcome.status, 0);
    fault_stop(&proxy);
    forget(&outcome);
}
END_TEST

/* --- The pool */

START_TEST(many_requests_run_at_once)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, WAIT(150), SENT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), FIN});
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    struct outcome outcomes[16] = {{0}};
    const struct http_request request = {.url = url_of("http", server.port, "/"), .body = "{}", .body_length = 2};
    for (size_t i = 0; i < 16; i++)
        ck_assert(http_pool_start(pool, &request, keep, &outcomes[i]));
    ck_assert_uint_eq(http_pool_busy(pool), 16);
    /* All have reached the server before the first was answered: in turn they would take 16 times as long. */
    while (server.seen->requests < 16 && http_pool_busy(pool) == 16)
        ck_assert(http_pool_step(pool, 10));
    ck_assert_int_eq(server.seen->requests, 16);
    finish(pool);
    for (size_t i = 0; i < 16; i++) {
        ck_assert_int_eq(outcomes[i].calls, 1);
        ck_assert_int_eq(outcomes[i].fault, HTTP_FINE);
        forget(&outcomes[i]);
    }
    http_pool_free(pool);
    fault_stop(&server);
}
END_TEST

struct chain {
    struct http_pool *pool;
    const struct http_request *request;
    int left, done;
};

static void go_on(void *context, const struct http_reply *reply)
{
    struct chain *chain = context;
    ck_assert_int_eq(reply->fault, HTTP_FINE);
    chain->done++;
    if (chain->left-- > 0)
        ck_assert(http_pool_start(chain->pool, chain->request, go_on, chain));
}

START_TEST(a_callback_may_start_the_next_request)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, SENT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"), FIN});
    ck_assert(http_setup());
    const struct http_request request = {.url = url_of("http", server.port, "/")};
    struct chain chain = {.pool = http_pool_new(), .request = &request, .left = 3};
    ck_assert(http_pool_start(chain.pool, &request, go_on, &chain));
    finish(chain.pool);
    ck_assert_int_eq(chain.done, 4);
    http_pool_free(chain.pool);
    fault_stop(&server);
}
END_TEST

START_TEST(cancelling_ends_all)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, SENT("HTTP/1.1 200 OK\r\n\r\npart"), HOLD});
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    struct outcome outcomes[2] = {{0}};
    const struct http_request request = {.url = url_of("http", server.port, "/")};
    for (size_t i = 0; i < 2; i++)
        ck_assert(http_pool_start(pool, &request, keep, &outcomes[i]));
    ck_assert(http_pool_step(pool, 200));
    http_pool_cancel(pool);
    ck_assert_int_eq(outcomes[0].calls, 0);
    ck_assert_uint_eq(http_pool_busy(pool), 2);
    ck_assert(http_pool_step(pool, 1000));
    ck_assert_uint_eq(http_pool_busy(pool), 0);
    for (size_t i = 0; i < 2; i++) {
        ck_assert_int_eq(outcomes[i].calls, 1);
        ck_assert_int_eq(outcomes[i].fault, HTTP_CANCELLED);
        ck_assert_str_eq(outcomes[i].body, "part");
        forget(&outcomes[i]);
    }
    http_pool_free(pool);
    fault_stop(&server);
}
END_TEST

static void cancel_all(void *context, const struct http_reply *reply)
{
    ck_assert_int_eq(reply->fault, HTTP_BAD_REQUEST);
    http_pool_cancel(context);
}

START_TEST(a_callback_may_cancel)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, HOLD});
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    struct outcome outcome = {0};
    ck_assert(http_pool_start(pool, &(struct http_request){.url = url_of("http", server.port, "/")}, keep, &outcome));
    ck_assert(http_pool_start(pool, &(struct http_request){.url = "nonsense"}, cancel_all, pool));
    finish(pool);
    ck_assert_int_eq(outcome.calls, 1);
    ck_assert_int_eq(outcome.fault, HTTP_CANCELLED);
    http_pool_free(pool);
    fault_stop(&server);
    forget(&outcome);
}
END_TEST

START_TEST(freeing_a_busy_pool_calls_nobody)
{
    const size_t files = open_files();
    struct fault_server server = fault_start((const struct fault_step[]){READ, HOLD});
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    struct outcome outcome = {0};
    ck_assert(http_pool_start(pool, &(struct http_request){.url = url_of("http", server.port, "/")}, keep, &outcome));
    ck_assert(http_pool_start(pool, &(struct http_request){.url = "nonsense"}, keep, &outcome));
    while (server.seen->requests == 0)
        ck_assert(http_pool_step(pool, 10) || true);
    ck_assert(http_pool_start(pool, &(struct http_request){.url = "nonsense"}, keep, &outcome));
    const int calls = outcome.calls;
    http_pool_free(pool);
    ck_assert_int_eq(outcome.calls, calls);
    ck_assert_uint_eq(open_files(), files);
    fault_stop(&server);
    forget(&outcome);
}
END_TEST

START_TEST(an_idle_pool_does_not_wait)
{
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    ck_assert(http_pool_step(pool, 3600 * 1000L));
    http_pool_free(pool);
    http_pool_free(NULL);
}
END_TEST

START_TEST(no_free_descriptor_is_our_own_trouble)
{
    struct fault_server server = fault_start((const struct fault_step[]){READ, HOLD});
    ck_assert(http_setup());
    struct http_pool *pool = http_pool_new();
    struct outcome outcome = {0};
    ck_assert(http_pool_start(pool, &(struct http_request){.url = url_of("http", server.port, "/")}, keep, &outcome));
    struct rlimit limit, none;
    getrlimit(RLIMIT_NOFILE, &limit);
    none = limit;
    none.rlim_cur = 0;
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &none), 0);
    finish(pool);
    ck_assert_int_eq(setrlimit(RLIMIT_NOFILE, &limit), 0);
    ck_assert_msg(outcome.fault == HTTP_LOCAL, "%s", outcome.why);
    http_pool_free(pool);
    fault_stop(&server);
    forget(&outcome);
}
END_TEST

/* --- What may be asked for */

START_TEST(a_bad_request_is_never_sent)
{
    static const struct cc_header split[] = {{"A", "b\r\nInjected: yes"}, {NULL, NULL}}, name[] = {{"A b", "c"}, {NULL, NULL}};
    const struct http_request requests[] = {
        {.url = "file:///etc/hostname"},
        {.url = "http://127.0.0.1:1/", .headers = split},
        {.url = "http://127.0.0.1:1/", .headers = name},
        {.url = "http://127.0.0.1:1/", .method = "GE T"},
        {.url = "http://127.0.0.1:1/", .method = ""},
        {.url = "http://127.0.0.1:1/", .method = "HEAD", .body = "{}", .body_length = 2},
        {.url = NULL},
    };
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        struct outcome outcome = ask(&requests[i]);
        ck_assert_int_eq(outcome.fault, HTTP_BAD_REQUEST);
        ck_assert_str_ne(outcome.why, "");
        ck_assert_int_eq(outcome.status, 0);
        forget(&outcome);
    }
}
END_TEST

START_TEST(urls_are_allowed_or_refused_with_a_reason)
{
    static const struct {
        const char *url, *why; /* NULL: allowed */
    } urls[] = {
        {"http://127.0.0.1:8080/v1", NULL},
        {"https://api.openai.com/v1", NULL},
        {"HTTPS://API.example.com", NULL},
        {"http://localhost", NULL},
        {"http://localhost:65535/", NULL},
        {"http://[::1]:80/v1", NULL},
        {"http://2130706433/", NULL},
        {"https://my_host.example/openai/deployments/x?api-version=2024-10-21", NULL},
        {"http://host?x=a@b", NULL},
        {"http://host/%2e%2e/", NULL},
        {"", "empty"},
        {NULL, "empty"},
        {"api.openai.com/v1", "must begin with http:// or https://"},
        {"ftp://host/", "must begin with"},
        {"file:///etc/hostname", "must begin with"},
        {"http:/host", "must begin with"},
        {"//host/v1", "must begin with"},
        {"javascript:alert(1)", "must begin with"},
        {"http://", "no host"},
        {"http:///v1", "no host"},
        {"http://:80/v1", "no host"},
        {"http://?x", "no host"},
        {"http://user@host/", "user name or password"},
        {"http://user:pass@host/", "user name or password"},
        {"https://host/#part", "fragment"},
        {"https://host/#", "fragment"},
        {"http://host/a b", "a space at byte 14"},
        {" http://host/", "a space at byte 1"},
        {"http://host/\r\nX: y", "a control character at byte 13"},
        {"http://host/\x7f", "a control character at byte 13"},
        {"http://h\xc3\xb6st/", "a character outside ASCII"},
        {"http://host:0/", "port"},
        {"http://host:65536/", "port"},
        {"http://host:/", "port"},
        {"http://host:99999999999999999999/", "port"},
        {"http://host:8a/", "port"},
        {"http://ho\\st/", "character that no host name has"},
        {"http://ho$t/", "character that no host name has"},
        {"http://[::1/", "character that no host name has"},
        {"http://[]/", "character that no host name has"},
        {"http://[::1]x/", "character that no host name has"},
    };
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        char why[200] = "";
        ck_assert_msg(http_url_allowed(urls[i].url, why, sizeof why) == !urls[i].why, "%s: %s", urls[i].url, why);
        ck_assert_msg(!urls[i].why || strstr(why, urls[i].why), "%s: %s", urls[i].url, why);
    }
}
END_TEST

START_TEST(a_url_has_at_most_8192_bytes)
{
    char url[8194], why[200];
    memset(url, 'a', sizeof url);
    memcpy(url, "http://host/", 12);
    url[8192] = '\0';
    ck_assert(http_url_allowed(url, why, sizeof why));
    url[8192] = 'a';
    url[8193] = '\0';
    ck_assert(!http_url_allowed(url, why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "longer than 8192 bytes"));
}
END_TEST

START_TEST(headers_are_allowed_or_refused)
{
    static const struct {
        const char *name, *value;
        bool allowed;
    } headers[] = {
        {"Authorization", "Bearer x", true}, {"x-1!#$%&'*+.^_`|~", "", true}, {"A", " \tb\x01", true}, {"", "b", false},
        {"A:", "b", false},                  {"A b", "b", false},             {"A\n", "b", false},     {"\xc3\xa4", "b", false},
        {"A(", "b", false},                  {"A", "b\r", false},             {"A", "b\nC: d", false}, {"A", NULL, false},
        {NULL, "b", false},                  {"A;", "b", false},
    };
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
        ck_assert_msg(http_header_allowed(headers[i].name, headers[i].value) == headers[i].allowed, "vector %zu", i);
}
END_TEST

START_TEST(each_fault_has_a_name_of_its_own)
{
    for (int i = 0; i < HTTP_FAULT_COUNT; i++) {
        ck_assert_ptr_nonnull(http_fault_name((enum http_fault)i));
        for (int k = 0; k < i; k++)
            ck_assert_str_ne(http_fault_name((enum http_fault)i), http_fault_name((enum http_fault)k));
    }
    ck_assert_str_eq(http_fault_name(HTTP_REFUSED), "net.refused");
}
END_TEST

static Suite *http_suite(void)
{
    Suite *suite = suite_create("http");
    TCase *faults = tcase_create("faults");
    tcase_add_loop_test(faults, each_fault_has_its_class, 0, COUNT(rows));
    tcase_add_test(faults, a_refused_connection_is_named);
    tcase_add_test(faults, an_unknown_host_is_named);
    tcase_add_test(faults, a_redirect_is_an_answer_and_is_not_followed);
    tcase_add_test(faults, no_post_is_sent_twice);
    TCase *bounds = tcase_create("bounds");
    tcase_add_loop_test(bounds, each_limit_holds_exactly, 0, 6);
    tcase_add_test(bounds, an_endless_body_stops_at_16_mib);
    tcase_add_test(bounds, hard_caps_lower_larger_limits);
    tcase_add_test(bounds, bodies_may_be_as_long_as_streams);
    tcase_add_test(bounds, stamps_tell_when_each_part_came);
    tcase_add_test(bounds, stamps_are_bounded);
    TCase *sending = tcase_create("sending");
    tcase_add_test(sending, a_post_carries_what_was_asked_and_no_more);
    tcase_add_test(sending, given_headers_override);
    tcase_add_loop_test(sending, each_method_is_sent_as_it_is, 0, 9);
    tcase_add_test(sending, the_environment_is_not_trusted);
    tcase_add_test(sending, a_named_proxy_is_used);
    tcase_add_test(sending, a_proxy_that_is_not_there_is_named_without_its_password);
    tcase_add_test(sending, a_proxy_may_refuse_the_tunnel);
    TCase *pool = tcase_create("pool");
    tcase_add_test(pool, many_requests_run_at_once);
    tcase_add_test(pool, a_callback_may_start_the_next_request);
    tcase_add_test(pool, cancelling_ends_all);
    tcase_add_test(pool, a_callback_may_cancel);
    tcase_add_test(pool, freeing_a_busy_pool_calls_nobody);
    tcase_add_test(pool, an_idle_pool_does_not_wait);
    tcase_add_test(pool, no_free_descriptor_is_our_own_trouble);
    TCase *allowed = tcase_create("allowed");
    tcase_add_test(allowed, a_bad_request_is_never_sent);
    tcase_add_test(allowed, urls_are_allowed_or_refused_with_a_reason);
    tcase_add_test(allowed, a_url_has_at_most_8192_bytes);
    tcase_add_test(allowed, headers_are_allowed_or_refused);
    tcase_add_test(allowed, each_fault_has_a_name_of_its_own);
    TCase *const cases[] = {faults, bounds, sending, pool, allowed};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tcase_set_timeout(cases[i], 20);
        suite_add_tcase(suite, cases[i]);
    }
    return suite;
}

TEST_MAIN(http_suite)
