/* http_send.c: how a request is put to libcurl: the same careful profile for each, and nothing on the wire that nobody asked for. */
#include "harness/http/http_transfer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static size_t on_header(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    transfer->arrived_ms = monotonic_ms();
    if (transfer->first_byte_ms < 0)
        transfer->first_byte_ms = transfer->arrived_ms;
    return http_inbox_line(&transfer->inbox, bytes, size * count) ? size * count : 0;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *context)
{
    struct transfer *transfer = context;
    transfer->arrived_ms = monotonic_ms();
    const long at_ms = transfer->arrived_ms - transfer->started_ms;
    transfer->inbox.late_ms = http_late_ms(transfer->pool, transfer->arrived_ms);
    return http_inbox_body(&transfer->inbox, bytes, size * count, at_ms) ? size * count : 0;
}

/* What holds for every request, as far as it is a number. */
static CURLcode set_profile(CURL *easy)
{
    static const struct {
        CURLoption option;
        long value;
    } profile[] = {
        {CURLOPT_FOLLOWLOCATION, 0},
        {CURLOPT_NETRC, CURL_NETRC_IGNORED},
        {CURLOPT_NOSIGNAL, 1},
        {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
        {CURLOPT_HTTP09_ALLOWED, 0},
        {CURLOPT_FRESH_CONNECT, 1},
        {CURLOPT_FORBID_REUSE, 1},
        {CURLOPT_SSL_SESSIONID_CACHE, 0},
        {CURLOPT_BUFFERSIZE, 16384},
        {CURLOPT_PATH_AS_IS, 1},
        {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
        {CURLOPT_SUPPRESS_CONNECT_HEADERS, 1},
        {CURLOPT_UNRESTRICTED_AUTH, 0},
        {CURLOPT_HTTP_CONTENT_DECODING, 0},
#if LIBCURL_VERSION_NUM >= 0x075700
        {CURLOPT_QUICK_EXIT, 1}, /* a resolver that hangs must not hold up the deadline */
#endif
#if LIBCURL_VERSION_NUM < 0x075500
        {CURLOPT_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS},
        {CURLOPT_REDIR_PROTOCOLS, CURLPROTO_HTTP | CURLPROTO_HTTPS},
#endif
    };
    CURLcode code = CURLE_OK;
    for (size_t i = 0; code == CURLE_OK && i < sizeof profile / sizeof *profile; i++)
        code = curl_easy_setopt(easy, profile[i].option, profile[i].value);
#if LIBCURL_VERSION_NUM >= 0x075500
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    if (code == CURLE_OK)
        code = curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#endif
    return code;
}

#define SET(option, value) \
    do { \
        const CURLcode set_code = curl_easy_setopt(easy, option, value); \
        if (set_code != CURLE_OK) \
            return set_code; \
    } while (0)

static CURLcode set_method(CURL *easy, const struct http_request *request, const char *method)
{
    if (strcmp(method, "HEAD") == 0)
        SET(CURLOPT_NOBODY, 1L);
    else if (strcmp(method, "GET") == 0 && !request->body)
        SET(CURLOPT_HTTPGET, 1L);
    else if (strcmp(method, "POST") == 0)
        SET(CURLOPT_POST, 1L);
    else
        SET(CURLOPT_CUSTOMREQUEST, method);
    if (!request->body && strcmp(method, "POST") != 0)
        return CURLE_OK;
    SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length);
    SET(CURLOPT_COPYPOSTFIELDS, request->body ? request->body : "");
    return CURLE_OK;
}

static CURLcode set_security(CURL *easy, const struct http_request *request)
{
    SET(CURLOPT_SSL_VERIFYPEER, request->insecure ? 0L : 1L);
    SET(CURLOPT_SSL_VERIFYHOST, request->insecure ? 0L : 2L);
    if (request->ca)
        SET(CURLOPT_CAINFO, request->ca);
    SET(CURLOPT_PROXY, request->proxy ? request->proxy : "");
    SET(CURLOPT_NOPROXY, "");
    return CURLE_OK;
}

static CURLcode set_options(struct transfer *transfer, const struct http_request *request, const char *method)
{
    CURL *easy = transfer->easy;
    const CURLcode code = set_profile(easy);
    if (code != CURLE_OK)
        return code;
    SET(CURLOPT_ERRORBUFFER, transfer->error);
    SET(CURLOPT_PRIVATE, transfer);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, transfer);
    SET(CURLOPT_OPENSOCKETFUNCTION, http_socket_open);
    SET(CURLOPT_OPENSOCKETDATA, transfer);
    SET(CURLOPT_CLOSESOCKETFUNCTION, http_socket_close);
    SET(CURLOPT_CLOSESOCKETDATA, transfer->pool);
    /* Nets below our own deadlines, which come first. */
    SET(CURLOPT_CONNECTTIMEOUT_MS, transfer->timeouts.connect_ms + 5000);
    SET(CURLOPT_TIMEOUT_MS, transfer->timeouts.total_ms + 5000);
    SET(CURLOPT_USERAGENT, "chatconform/" CC_VERSION);
    SET(CURLOPT_URL, request->url);
    SET(CURLOPT_HTTPHEADER, transfer->headers);
    const CURLcode method_code = set_method(easy, request, method);
    return method_code == CURLE_OK ? set_security(easy, request) : method_code;
}

static bool add_line(struct transfer *transfer, const char *line)
{
    struct curl_slist *longer = curl_slist_append(transfer->headers, line);
    if (longer)
        transfer->headers = longer;
    return longer != NULL;
}

/* libcurl reads "Name:" as "leave it out"; an empty value is written "Name;". */
static bool add_header(struct transfer *transfer, const struct cc_header *header)
{
    const char *value = header->value + strspn(header->value, " \t");
    const size_t size = strlen(header->name) + strlen(value) + 3;
    char *line = malloc(size);
    if (!line)
        return false;
    snprintf(line, size, *value ? "%s: %s" : "%s;", header->name, value);
    const bool added = add_line(transfer, line);
    free(line);
    return added;
}

static bool add_headers(struct transfer *transfer, const struct cc_header *headers)
{
    bool type = false, expect = false;
    for (const struct cc_header *header = headers; header && header->name; header++) {
        type = type || strcasecmp(header->name, "content-type") == 0;
        expect = expect || strcasecmp(header->name, "expect") == 0;
        if (!add_header(transfer, header))
            return false;
    }
    return (type || add_line(transfer, "Content-Type:")) && (expect || add_line(transfer, "Expect:"));
}

CURLcode http_send_set_up(struct transfer *transfer, const struct http_request *request, const char *method)
{
    return add_headers(transfer, request->headers) ? set_options(transfer, request, method) : CURLE_OUT_OF_MEMORY;
}
