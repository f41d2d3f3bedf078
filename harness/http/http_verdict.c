/* http_verdict.c: what became of a request, in one of our classes and one sentence.
 *
 * What our own counters noted comes first (http_inbox_fail keeps the first fault); then libcurl's code counts, and its words only where
 * one code means two things. Nothing that the server chose gets into a sentence. */
#include "harness/http/http_transfer.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* "60 s", "250 ms" (in `text`). */
static const char *duration(long value_ms, char *text, size_t size)
{
    if (value_ms % 1000 == 0)
        snprintf(text, size, "%ld s", value_ms / 1000);
    else
        snprintf(text, size, "%ld ms", value_ms);
    return text;
}

void http_verdict_late(struct transfer *transfer, enum http_fault fault)
{
    struct http_inbox *inbox = &transfer->inbox;
    const struct http_timeouts *timeouts = &transfer->timeouts;
    const char *place = transfer->place;
    char text[40];
    if (fault == HTTP_CONNECT_TIMEOUT)
        http_inbox_fail(inbox, fault, "no connection to %s came about within %s (connect)", place,
                        duration(timeouts->connect_ms, text, sizeof text));
    else if (fault == HTTP_FIRST_TIMEOUT)
        http_inbox_fail(inbox, fault, "%s came from %s within %s (first)",
                        transfer->first_byte_ms < 0 ? "no byte of an answer" : "no whole first line of an answer", place,
                        duration(timeouts->first_ms, text, sizeof text));
    else if (fault == HTTP_IDLE_TIMEOUT)
        http_inbox_fail(inbox, fault, "no further %s came from %s for %s (idle)", inbox->headed ? "byte of the body" : "header line", place,
                        duration(timeouts->idle_ms, text, sizeof text));
    else
        http_inbox_fail(inbox, fault, "the exchange with %s was not over after %s (total)", place,
                        duration(timeouts->total_ms, text, sizeof text));
}

/* libcurl's own words, made printable; "" when it had none. */
static const char *said(struct transfer *transfer)
{
    for (char *c = transfer->error; *c; c++)
        if (*c < 0x20 || *c > 0x7e)
            *c = '?';
    return transfer->error;
}

static void fail_to_connect(struct transfer *transfer)
{
    long error = 0;
    struct http_inbox *inbox = &transfer->inbox;
    const char *place = transfer->proxied ? "the proxy" : transfer->place;
    curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &error);
    if (error == ECONNREFUSED)
        http_inbox_fail(inbox, HTTP_REFUSED, "the connection to %s was refused", place);
    else if (error == ETIMEDOUT)
        http_inbox_fail(inbox, HTTP_CONNECT_TIMEOUT, "no connection to %s came about: the network gave up", place);
    else if (error != 0)
        http_inbox_fail(inbox, HTTP_REFUSED, "%s cannot be reached: %s", place, strerror((int)error));
    else
        http_inbox_fail(inbox, HTTP_REFUSED, "%s cannot be reached", place);
}

/* libcurl has one code for a broken connection and for chunks that are none; only its words tell them apart. */
static void fail_to_receive(struct transfer *transfer)
{
    struct http_inbox *inbox = &transfer->inbox;
    long tunnel = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_CONNECTCODE, &tunnel);
    if (tunnel >= 300)
        http_inbox_fail(inbox, HTTP_REFUSED, "the proxy refused the tunnel to %s (status %ld)", transfer->place, tunnel);
    else if (strstr(transfer->error, "chunk"))
        http_inbox_fail(inbox, HTTP_MALFORMED, "%s sent a body that is not chunked as HTTP says: %s", transfer->place, said(transfer));
    else if (strstr(transfer->error, "headers"))
        http_inbox_fail(inbox, HTTP_LIMIT_HEADERS, "the headers have more than %zu bytes in all", inbox->limits.headers);
    else
        http_inbox_fail(inbox, HTTP_RESET, "the connection to %s broke %s", transfer->place,
                        inbox->headed ? "in the middle of the answer" : "before an answer was there");
}

static void fail_by_certificate(struct transfer *transfer)
{
    static const char prefix[] = "SSL certificate problem: ";
    const char *reason = said(transfer);
    /* Other words of libcurl repeat names from the certificate, which the server chose. */
    reason = strncmp(reason, prefix, sizeof prefix - 1) == 0 ? reason + sizeof prefix - 1 : "it is not for this host";
    http_inbox_fail(&transfer->inbox, HTTP_TLS, "the certificate of %s was not accepted: %s", transfer->place, reason);
}

static void fail_by_memory(struct transfer *transfer)
{
    if (transfer->connected && !transfer->inbox.headed) /* it says so of endless lines too */
        http_inbox_fail(&transfer->inbox, HTTP_LIMIT_HEADERS, "a header line is longer than %zu bytes", transfer->inbox.limits.header_line);
    else
        http_inbox_fail(&transfer->inbox, HTTP_LOCAL, "memory ran out");
}

static void fail_by_close(struct transfer *transfer)
{
    if (transfer->inbox.status != 0)
        http_inbox_judge(&transfer->inbox, transfer->bodyless);
    else if (transfer->first_byte_ms >= 0)
        http_inbox_fail(&transfer->inbox, HTTP_TRUNCATED, "%s closed the connection inside the first line of its answer", transfer->place);
    else
        http_inbox_fail(&transfer->inbox, HTTP_EMPTY, "%s closed the connection without an answer", transfer->place);
}

void http_verdict(struct transfer *transfer, CURLcode code)
{
    struct http_inbox *inbox = &transfer->inbox;
    const char *place = transfer->place;
    switch (code) {
    case CURLE_OK:
        http_inbox_judge(inbox, transfer->bodyless);
        return;
    case CURLE_COULDNT_RESOLVE_HOST:
        http_inbox_fail(inbox, HTTP_DNS, "the address of %s cannot be found", place);
        return;
    case CURLE_COULDNT_RESOLVE_PROXY:
        http_inbox_fail(inbox, HTTP_DNS, "the address of the proxy cannot be found");
        return;
    case CURLE_COULDNT_CONNECT:
        fail_to_connect(transfer);
        return;
    case CURLE_OPERATION_TIMEDOUT:
        http_verdict_late(transfer, transfer->connected ? HTTP_TOTAL_TIMEOUT : HTTP_CONNECT_TIMEOUT);
        return;
    case CURLE_PEER_FAILED_VERIFICATION:
        fail_by_certificate(transfer);
        return;
    case CURLE_SSL_CACERT_BADFILE:
        http_inbox_fail(inbox, HTTP_BAD_REQUEST, "the file of trusted certificates cannot be read");
        return;
    case CURLE_SSL_CONNECT_ERROR:
        http_inbox_fail(inbox, HTTP_TLS, "TLS with %s could not be set up: %s", place, *said(transfer) ? transfer->error : "no reason known");
        return;
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
        fail_to_receive(transfer);
        return;
    case CURLE_GOT_NOTHING:
        fail_by_close(transfer);
        return;
    case CURLE_PARTIAL_FILE:
        http_inbox_fail(inbox, HTTP_TRUNCATED, "the connection to %s was closed before the end of the body", place);
        return;
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING:
        http_inbox_fail(inbox, HTTP_MALFORMED, "%s did not answer as HTTP says: %s", place, *said(transfer) ? transfer->error : "no reason known");
        return;
#if LIBCURL_VERSION_NUM >= 0x080600
    case CURLE_TOO_LARGE:
#endif
    case CURLE_OUT_OF_MEMORY:
        fail_by_memory(transfer);
        return;
    default:
        http_inbox_fail(inbox, HTTP_LOCAL, "the request to %s failed: %s", place, curl_easy_strerror(code));
    }
}
