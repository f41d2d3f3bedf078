/* http.c: see http.h. The pool: transfers begin, make progress, meet their deadlines and end.
 *
 * Many transfers run in one curl multi handle. libcurl carries the bytes; the bounds, the deadlines and the verdict on what came are ours,
 * because libcurl measures too late, bounds too little and calls broken messages whole. Each request has a connection of its own: on one
 * that is used again libcurl would send a POST twice without a word. */
#include "harness/http/http_transfer.h"

#include "harness/http/lateness.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

struct http_pool {
    CURLM *multi;
    struct transfer *first;            /* under way */
    struct transfer *ended, **ended_last;
    size_t busy;
    struct lateness late;              /* in looking at the sockets */
    int account;                       /* of the time that our thread was held up; -1: none */
};

/* --- Setting up */

static void forget_curl_variables(void)
{
    extern char **environ;
    for (size_t i = 0; environ && environ[i];) {
        char name[256];
        const size_t length = strcspn(environ[i], "=");
        snprintf(name, sizeof name, "%.*s", length < sizeof name ? (int)length : 0, environ[i]);
        if (strncmp(name, "CURL_", 5) != 0 || unsetenv(name) != 0)
            i++; /* else the next one has moved here */
    }
}

bool http_setup(void)
{
    static bool ready;
    static const char *const dangerous[] = {"SSLKEYLOGFILE", "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                            "ALL_PROXY", "no_proxy", "NO_PROXY", "socks_proxy", "SOCKS_PROXY"};
    if (ready)
        return true;
    for (size_t i = 0; i < sizeof dangerous / sizeof *dangerous; i++)
        unsetenv(dangerous[i]);
    forget_curl_variables();
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
        return false;
    ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    return ready;
}

struct http_pool *http_pool_new(void)
{
    struct http_pool *pool = calloc(1, sizeof *pool);
    if (!pool)
        return NULL;
    pool->ended_last = &pool->ended;
    pool->late.looked_ms = pool->late.woke_ms = monotonic_ms();
    pool->account = lateness_open();
    pool->multi = curl_multi_init();
    if (pool->multi && curl_multi_setopt(pool->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_NOTHING) == CURLM_OK)
        return pool;
    http_pool_free(pool);
    return NULL;
}

static void transfer_free(struct transfer *transfer)
{
    curl_slist_free_all(transfer->headers);
    http_inbox_clear(&transfer->inbox);
    free(transfer);
}

/* Takes a transfer out of libcurl (which closes its connection) and out of those under way, and puts it among those that ended. */
static void end(struct http_pool *pool, struct transfer *transfer)
{
    if (transfer->easy) {
        curl_multi_remove_handle(pool->multi, transfer->easy);
        curl_easy_cleanup(transfer->easy);
        transfer->easy = NULL;
        *(transfer->previous ? &transfer->previous->next : &pool->first) = transfer->next;
        if (transfer->next)
            transfer->next->previous = transfer->previous;
    }
    transfer->ended_ms = monotonic_ms();
    transfer->next = NULL;
    *pool->ended_last = transfer;
    pool->ended_last = &transfer->next;
}

void http_pool_free(struct http_pool *pool)
{
    if (!pool)
        return;
    while (pool->first)
        end(pool, pool->first);
    while (pool->ended) {
        struct transfer *transfer = pool->ended;
        pool->ended = transfer->next;
        transfer_free(transfer);
    }
    curl_multi_cleanup(pool->multi);
    if (pool->account >= 0)
        close(pool->account);
    free(pool);
}

size_t http_pool_busy(const struct http_pool *pool)
{
    return pool->busy;
}

void http_pool_cancel(struct http_pool *pool)
{
    while (pool->first) {
        http_inbox_fail(&pool->first->inbox, HTTP_CANCELLED, "the request was cancelled");
        end(pool, pool->first);
    }
}

/* --- Sockets */

static void keep_socket(struct transfer *transfer, curl_socket_t old, curl_socket_t new)
{
    for (size_t i = 0; i < HTTP_SOCKETS; i++)
        if (transfer->sockets[i] == old) {
            transfer->sockets[i] = new;
            return;
        }
}

curl_socket_t http_socket_open(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct transfer *transfer = context;
    (void)purpose;
    const int fd = socket(address->family, address->socktype, address->protocol);
    if (fd < 0) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
            http_inbox_fail(&transfer->inbox, HTTP_LOCAL, "no socket could be opened: %s", strerror(errno));
        return CURL_SOCKET_BAD;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    keep_socket(transfer, CURL_SOCKET_BAD, fd);
    return fd;
}

int http_socket_close(void *context, curl_socket_t socket)
{
    const struct http_pool *pool = context;
    for (struct transfer *transfer = pool->first; transfer; transfer = transfer->next)
        keep_socket(transfer, socket, CURL_SOCKET_BAD);
    return close(socket);
}

/* --- Starting a request */

/* True when the request may be sent; else the fault is noted. */
static bool request_allowed(struct http_inbox *inbox, const struct http_request *request, const char *method)
{
    char why[200];
    if (!http_url_allowed(request->url, why, sizeof why))
        return http_inbox_fail(inbox, HTTP_BAD_REQUEST, "%s", why);
    if (!http_header_allowed(method, ""))
        return http_inbox_fail(inbox, HTTP_BAD_REQUEST, "the method is not a word that HTTP allows");
    if (strcmp(method, "HEAD") == 0 && request->body)
        return http_inbox_fail(inbox, HTTP_BAD_REQUEST, "a HEAD request carries no body");
    size_t number = 1;
    for (const struct cc_header *header = request->headers; header && header->name; header++, number++)
        if (!http_header_allowed(header->name, header->value))
            return http_inbox_fail(inbox, HTTP_BAD_REQUEST, "header %zu has a name or value that cannot be sent", number);
    return true;
}

static void settle_ms(long *value_ms, long standard_ms)
{
    if (*value_ms <= 0)
        *value_ms = standard_ms;
    if (*value_ms > 86400000)
        *value_ms = 86400000;
}

static struct transfer *transfer_new(const struct http_request *request, const char *method, http_done_fn *done, void *context)
{
    struct transfer *transfer = calloc(1, sizeof *transfer);
    if (!transfer)
        return NULL;
    transfer->done = done;
    transfer->context = context;
    transfer->started_ms = monotonic_ms();
    transfer->sent_ms = transfer->arrived_ms = transfer->first_byte_ms = -1;
    transfer->timeouts = request->timeouts;
    settle_ms(&transfer->timeouts.connect_ms, 10000);
    settle_ms(&transfer->timeouts.first_ms, 60000);
    settle_ms(&transfer->timeouts.idle_ms, 30000);
    settle_ms(&transfer->timeouts.total_ms, 300000);
    transfer->inbox.limits = request->limits;
    http_limits_settle(&transfer->inbox.limits);
    transfer->body_length = request->body ? (curl_off_t)request->body_length : 0;
    transfer->bodyless = strcmp(method, "HEAD") == 0;
    for (size_t i = 0; i < HTTP_SOCKETS; i++)
        transfer->sockets[i] = CURL_SOCKET_BAD;
    return transfer;
}

/* Hands a transfer to libcurl. False when memory runs out; other trouble is noted as its fault. */
static bool launch(struct http_pool *pool, struct transfer *transfer, const struct http_request *request, const char *method)
{
    transfer->pool = pool;
    http_place(request->url, transfer->place, sizeof transfer->place);
    transfer->proxied = request->proxy && *request->proxy;
    transfer->plain = strncasecmp(request->url, "https:", 6) != 0 && !transfer->proxied;
    transfer->easy = curl_easy_init();
    const CURLcode code = transfer->easy ? http_send_set_up(transfer, request, method) : CURLE_OUT_OF_MEMORY;
    if (code == CURLE_OUT_OF_MEMORY)
        return false;
    if (code != CURLE_OK) {
        http_inbox_fail(&transfer->inbox, HTTP_LOCAL, "libcurl does not take the request: %s", curl_easy_strerror(code));
        curl_easy_cleanup(transfer->easy);
        transfer->easy = NULL;
        return true;
    }
    if (curl_multi_add_handle(pool->multi, transfer->easy) != CURLM_OK)
        return false;
    transfer->next = pool->first;
    if (pool->first)
        pool->first->previous = transfer;
    pool->first = transfer;
    return true;
}

bool http_pool_start(struct http_pool *pool, const struct http_request *request, http_done_fn *done, void *context)
{
    const char *method = request->method ? request->method : request->body ? "POST" : "GET";
    struct transfer *transfer = transfer_new(request, method, done, context);
    if (!transfer)
        return false;
    if (request_allowed(&transfer->inbox, request, method) && !launch(pool, transfer, request, method)) {
        curl_easy_cleanup(transfer->easy);
        transfer_free(transfer);
        return false;
    }
    pool->busy++;
    if (!transfer->easy)
        end(pool, transfer);
    return true;
}

/* --- Deadlines */

/* Before libcurl reads: has the answer begun? It tells a close without a word from one inside the first line, which libcurl does not.
 * Only looks: a recv() would take away the error that libcurl is to see. */
static void peek(struct transfer *transfer)
{
    if (!transfer->plain || !transfer->connected || transfer->first_byte_ms >= 0)
        return;
    for (size_t i = 0; i < HTTP_SOCKETS; i++) {
        int waiting = 0;
        if (transfer->sockets[i] != CURL_SOCKET_BAD && ioctl(transfer->sockets[i], FIONREAD, &waiting) == 0 && waiting > 0)
            transfer->first_byte_ms = monotonic_ms();
    }
}

static void note_progress(struct transfer *transfer, long at_ms)
{
    curl_off_t value = 0;
    if (!transfer->connected && curl_easy_getinfo(transfer->easy, CURLINFO_PRETRANSFER_TIME_T, &value) == CURLE_OK)
        transfer->connected = value > 0;
    if (transfer->connected && transfer->sent_ms < 0 && curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &value) == CURLE_OK
        && value >= transfer->body_length)
        transfer->sent_ms = at_ms;
}

/* The next deadline of a transfer and what it means to miss it. */
static long deadline(const struct transfer *transfer, enum http_fault *fault)
{
    const struct http_timeouts *timeouts = &transfer->timeouts;
    const long total = transfer->started_ms + timeouts->total_ms;
    long phase = total;
    if (transfer->inbox.begun) {
        phase = transfer->arrived_ms + timeouts->idle_ms;
        *fault = HTTP_IDLE_TIMEOUT;
    } else if (!transfer->connected) {
        phase = transfer->started_ms + timeouts->connect_ms;
        *fault = HTTP_CONNECT_TIMEOUT;
    } else if (transfer->sent_ms >= 0) {
        phase = transfer->sent_ms + timeouts->first_ms;
        *fault = HTTP_FIRST_TIMEOUT;
    }
    if (phase < total)
        return phase;
    *fault = HTTP_TOTAL_TIMEOUT;
    return total;
}

/* Ends what is overdue, and returns the milliseconds until the next deadline, at most `wait_ms`. */
static long keep_deadlines(struct http_pool *pool, long wait_ms)
{
    const long at_ms = monotonic_ms();
    for (struct transfer *transfer = pool->first, *next; transfer; transfer = next) {
        enum http_fault fault = HTTP_FINE;
        next = transfer->next;
        note_progress(transfer, at_ms);
        const long left_ms = deadline(transfer, &fault) - at_ms;
        if (left_ms <= 0) {
            http_verdict_late(transfer, fault);
            end(pool, transfer);
        } else if (left_ms < wait_ms) {
            wait_ms = left_ms;
        }
    }
    return wait_ms;
}

/* --- Working */

/* True when the fault itself shows that bytes came, though too quickly for us to see them wait. */
static bool answer_began(const struct transfer *transfer)
{
    return transfer->inbox.fault == HTTP_MALFORMED || transfer->inbox.fault == HTTP_LIMIT_HEADERS;
}

static bool work(struct http_pool *pool)
{
    for (struct transfer *transfer = pool->first; transfer; transfer = transfer->next)
        peek(transfer);
    lateness_look(&pool->late, monotonic_ms());
    int running = 0, left = 0;
    if (curl_multi_perform(pool->multi, &running) != CURLM_OK)
        return false;
    for (CURLMsg *message; (message = curl_multi_info_read(pool->multi, &left)) != NULL;) {
        struct transfer *transfer = NULL;
        if (message->msg != CURLMSG_DONE
            || curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)(void *)&transfer) != CURLE_OK)
            continue;
        const CURLcode code = message->data.result; /* the message goes away with the handle */
        note_progress(transfer, monotonic_ms());
        http_verdict(transfer, code);
        if (transfer->first_byte_ms < 0 && answer_began(transfer))
            transfer->first_byte_ms = monotonic_ms();
        end(pool, transfer);
    }
    return true;
}

static void deliver(struct transfer *transfer)
{
    struct http_inbox *inbox = &transfer->inbox;
    const struct cc_header *headers = http_inbox_headers(inbox); /* may note that memory ran out */
    struct http_reply reply = {
        .fault = inbox->fault,
        .status = inbox->status,
        .headers = headers,
        .body = inbox->body ? inbox->body : "",
        .body_length = inbox->body_length,
        .first_byte_ms = transfer->first_byte_ms < 0 ? -1 : transfer->first_byte_ms - transfer->started_ms,
        .total_ms = transfer->ended_ms - transfer->started_ms,
        .stamps = inbox->stamps,
        .stamp_count = inbox->stamp_count,
    };
    memcpy(reply.why, inbox->why, sizeof reply.why);
    transfer->done(transfer->context, &reply);
    transfer_free(transfer);
}

/* Calls back for all that had ended by now; what ends meanwhile waits for the next step. */
static size_t deliver_ended(struct http_pool *pool)
{
    struct transfer *transfer = pool->ended;
    size_t count = 0;
    pool->ended = NULL;
    pool->ended_last = &pool->ended;
    for (struct transfer *next; transfer; transfer = next, count++) {
        next = transfer->next;
        pool->busy--;
        deliver(transfer);
    }
    return count;
}

long http_late_ms(const struct http_pool *pool, long now_ms)
{
    return lateness_at(&pool->late, now_ms);
}

/* Sleeps until something comes, at most `wait_ms`. */
static bool nap(struct http_pool *pool, long wait_ms)
{
    struct sleep sleep = {.from_ms = monotonic_ms(), .most_ms = wait_ms < LATENESS_NAP_MS ? wait_ms : LATENESS_NAP_MS};
    const long held_up_ms = lateness_held_up_ms(pool->account);
    if (curl_multi_poll(pool->multi, NULL, 0, (int)sleep.most_ms, NULL) != CURLM_OK)
        return false;
    sleep.to_ms = monotonic_ms();
    sleep.held_up_ms = lateness_held_up_ms(pool->account) - held_up_ms;
    lateness_wake(&pool->late, &sleep);
    return true;
}

bool http_pool_step(struct http_pool *pool, long wait_ms)
{
    const long until_ms = monotonic_ms() + (wait_ms > 0 ? wait_ms : 0);
    for (;;) {
        if (!work(pool))
            return false;
        const long left_ms = until_ms - monotonic_ms();
        const long poll_ms = keep_deadlines(pool, left_ms > 0 ? left_ms : 0);
        if (deliver_ended(pool) > 0 || pool->busy == 0 || left_ms <= 0)
            return true;
        if (!nap(pool, poll_ms))
            return false;
    }
}
