/* test_endpoint_http.c: the reference endpoint over real sockets: it serves, flushes, bounds what comes in, and survives what is broken. */
#include "endpoint/endpoint.h"
#include "tests/asking.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { TEXT = 65536 };

#define CHAT "POST /v1/chat/completions HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer key\r\nContent-Type: application/json\r\n"

static struct endpoint *start(const char *const *defects)
{
    char why[256] = "";
    struct endpoint_options options = {.defects = defects};
    struct endpoint *endpoint = endpoint_start(&options, why, sizeof why);
    ck_assert_msg(endpoint != NULL, "%s", why);
    return endpoint;
}

static int dial(const struct endpoint *endpoint)
{
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)endpoint_port(endpoint))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct timeval limit = {20, 0};
    int wire = socket(AF_INET, SOCK_STREAM, 0);
    ck_assert_int_ge(wire, 0);
    ck_assert_int_eq(setsockopt(wire, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    ck_assert_int_eq(connect(wire, (struct sockaddr *)&to, sizeof to), 0);
    return wire;
}

/* Sends bytes as they are and reads until the other side closes; what came, NUL-terminated. */
static size_t exchange_bytes(const struct endpoint *endpoint, const char *bytes, size_t length, char *heard, size_t size)
{
    int wire = dial(endpoint);
    for (size_t at = 0; at < length;) {
        ssize_t step = send(wire, bytes + at, length - at, MSG_NOSIGNAL);
        if (step <= 0)
            break;
        at += (size_t)step;
    }
    shutdown(wire, SHUT_WR);
    size_t used = 0;
    for (ssize_t step; used + 1 < size && (step = recv(wire, heard + used, size - used - 1, 0)) > 0;)
        used += (size_t)step;
    heard[used] = '\0';
    close(wire);
    return used;
}

static size_t post_bytes(const struct endpoint *endpoint, const char *body, char *heard, size_t size)
{
    char request[8192];
    int length = snprintf(request, sizeof request, CHAT "Connection: close\r\nContent-Length: %zu\r\n\r\n%s", strlen(body), body);
    return exchange_bytes(endpoint, request, (size_t)length, heard, size);
}

START_TEST(serves_over_http)
{
    static char heard[TEXT], again[TEXT];
    struct endpoint *endpoint = start(NULL);
    ck_assert_int_gt(endpoint_port(endpoint), 0);
    post_bytes(endpoint, "{" USER("Say hi") "}", heard, sizeof heard);
    ck_assert_ptr_eq(strstr(heard, "HTTP/1.1 200"), heard);
    ck_assert_ptr_nonnull(strstr(heard, "\"content\":\"hi\""));
    ck_assert_ptr_nonnull(strstr(heard, "x-request-id: req_"));
    post_bytes(endpoint, "{" USER("Say hi") "}", again, sizeof again);
    ck_assert_str_eq(strstr(heard, "\r\n\r\n"), strstr(again, "\r\n\r\n"));
    endpoint_stop(endpoint);
}
END_TEST

/* Each event is a chunk of HTTP of its own: nothing waits for what comes later. */
START_TEST(streams_are_flushed_event_by_event)
{
    static char heard[TEXT];
    struct endpoint *endpoint = start(NULL);
    post_bytes(endpoint, "{" USER("hello") ",\"stream\":true}", heard, sizeof heard);
    ck_assert_ptr_nonnull(strstr(heard, "text/event-stream"));
    ck_assert_ptr_null(strstr(heard, "\r\nContent-Length:"));
    char *at = strstr(heard, "\r\n\r\n") + 4;
    size_t events = 0;
    for (size_t length; (length = strtoul(at, &at, 16)) > 0; events++) {
        at += 2;
        ck_assert(strncmp(at, "data: ", 6) == 0 && strncmp(at + length - 2, "\n\n", 2) == 0);
        const char *next = strstr(at + 1, "data: ");
        ck_assert(!next || next >= at + length);
        at += length + 2;
    }
    ck_assert_uint_gt(events, 15);
    ck_assert_ptr_nonnull(strstr(heard, "data: [DONE]"));
    endpoint_stop(endpoint);
}
END_TEST

START_TEST(starts_with_defects)
{
    static char heard[TEXT];
    const char *defects[] = {"response.usage.missing", "response.finish-reason.missing", NULL}, *unknown[] = {"nothing", NULL};
    struct endpoint *endpoint = start(defects);
    post_bytes(endpoint, "{" USER("hello") "}", heard, sizeof heard);
    ck_assert_ptr_null(strstr(heard, "\"usage\""));
    ck_assert_ptr_null(strstr(heard, "\"finish_reason\""));
    char why[256] = "";
    struct endpoint_options wrong = {.defects = unknown}, taken = {.port = endpoint_port(endpoint)}, odd = {.address = "not an address"};
    ck_assert_ptr_null(endpoint_start(&wrong, why, sizeof why));
    ck_assert_str_eq(why, "there is no defect called nothing");
    ck_assert_ptr_null(endpoint_start(&taken, why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "Address already in use"));
    ck_assert_ptr_null(endpoint_start(&odd, why, sizeof why));
    ck_assert_ptr_nonnull(strstr(why, "not an address"));
    endpoint_stop(endpoint);
}
END_TEST

/* One byte under, at and over the largest body. The body is a valid request followed by spaces. */
START_TEST(bodies_are_bounded)
{
    static char heard[TEXT];
    const char *start_of_body = "{" USER("Say hi") "}";
    struct endpoint *endpoint = start(NULL);
    for (size_t size = BODY_MAX; size <= BODY_MAX + 1; size++) {
        char *request = malloc(size + 512);
        int head = snprintf(request, 512, CHAT "Connection: close\r\nContent-Length: %zu\r\n\r\n", size);
        memset(request + head, ' ', size);
        memcpy(request + head, start_of_body, strlen(start_of_body));
        exchange_bytes(endpoint, request, (size_t)head + size, heard, sizeof heard);
        ck_assert_msg(strncmp(heard, size > BODY_MAX ? "HTTP/1.1 413" : "HTTP/1.1 200", 12) == 0, "%zu: %.40s", size, heard);
        free(request);
    }
    endpoint_stop(endpoint);
}
END_TEST

START_TEST(broken_http_does_no_harm)
{
    static char heard[TEXT];
    static const char *const broken[] = {
        "\r\n\r\n", "GET", "GET /\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\x02", "GET /%00%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        CHAT "Content-Length: -1\r\n\r\n", CHAT "Transfer-Encoding: chunked\r\n\r\nzz\r\n", CHAT "Content-Length: 9\r\n\r\n{",
        "GET /v1/models HTTP/9.9\r\nHost: a\r\n\r\n", "\xFF\xFE\x00\x01 / HTTP/1.1\r\n\r\n",
    };
    struct endpoint *endpoint = start(NULL);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        exchange_bytes(endpoint, broken[i], strlen(broken[i]), heard, sizeof heard);
    char *long_line = malloc(TEXT);
    memset(long_line, 'a', TEXT);
    memcpy(long_line, "GET /", 5);
    exchange_bytes(endpoint, long_line, TEXT, heard, sizeof heard);
    free(long_line);
    post_bytes(endpoint, "{" USER("Say still here") "}", heard, sizeof heard);
    ck_assert_ptr_nonnull(strstr(heard, "still here"));
    endpoint_stop(endpoint);
}
END_TEST

static TCase *http_case(void)
{
    TCase *http = tcase_create("http");
    tcase_set_timeout(http, 60);
    tcase_add_test(http, serves_over_http);
    tcase_add_test(http, streams_are_flushed_event_by_event);
    tcase_add_test(http, starts_with_defects);
    tcase_add_test(http, bodies_are_bounded);
    tcase_add_test(http, broken_http_does_no_harm);
    return http;
}

static Suite *endpoint_http_suite(void)
{
    Suite *suite = suite_create("endpoint http");
    suite_add_tcase(suite, http_case());
    return suite;
}

TEST_MAIN(endpoint_http_suite)
