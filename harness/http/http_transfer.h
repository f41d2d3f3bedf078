/* http_transfer.h: one request under way, as the files that know libcurl share it: http.c (the pool), http_send.c (what is sent) and
 * http_verdict.c (what became of it). */
#ifndef HTTP_TRANSFER_H
#define HTTP_TRANSFER_H

#include "harness/base/monotonic.h"
#include "harness/http/http_inner.h"

#include <curl/curl.h>

enum { HTTP_SOCKETS = 4 };

struct transfer {
    struct transfer *next, *previous; /* among those under way; `next` alone among those that ended */
    CURL *easy;                       /* NULL when it never started or has ended */
    struct curl_slist *headers;
    struct http_timeouts timeouts;
    struct http_inbox inbox;
    struct http_pool *pool;
    curl_socket_t sockets[HTTP_SOCKETS];        /* open for it; more than one only while addresses are tried */
    http_done_fn *done;
    void *context;
    curl_off_t body_length;
    long started_ms, sent_ms, arrived_ms, first_byte_ms, ended_ms; /* on the monotonic clock; -1: not yet */
    bool connected;
    bool plain;    /* no TLS, no proxy: what waits in the socket is the answer itself */
    bool proxied;
    bool bodyless; /* HEAD */
    char place[280];
    char error[CURL_ERROR_SIZE];
};

/* For how long what is read now may have waited to be read. */
long http_late_ms(const struct http_pool *pool, long now_ms);
/* libcurl's sockets go through our hands, so that we can look at them: opens one for a transfer, closes one of a pool. */
curl_socket_t http_socket_open(void *transfer, curlsocktype purpose, struct curl_sockaddr *address);
int http_socket_close(void *pool, curl_socket_t socket);
/* Prepares the libcurl handle of a transfer for an allowed request. CURLE_OUT_OF_MEMORY when memory runs out. */
CURLcode http_send_set_up(struct transfer *transfer, const struct http_request *request, const char *method);
/* Notes the fault of a transfer that libcurl ended with `code`, if it has one. */
void http_verdict(struct transfer *transfer, CURLcode code);
/* Notes that a deadline was missed. */
void http_verdict_late(struct transfer *transfer, enum http_fault fault);

#endif
