/* http.h: HTTP requests to an endpoint that may do anything.
 *
 * A pool carries many requests at once (curl multi). Every bound is our own: bytes of headers and body, four deadlines on the monotonic
 * clock, and the proof that a message really ended; what libcurl promises there does not hold (it delivers bodies without end, and calls
 * cut ones complete). One request is one POST on the wire: a fresh connection each, no redirects, no proxy unless named. */
#ifndef HTTP_H
#define HTTP_H

#include "chatconform.h"

#include <stdbool.h>
#include <stddef.h>

/* Milliseconds; 0 means the default (10 s, 60 s, 30 s, 300 s). */
struct http_timeouts {
    long connect_ms; /* name, connection and TLS */
    long first_ms;   /* from the end of sending until the first line of the answer; interim answers (1xx) do not count */
    long idle_ms;    /* between two header lines, and between two reads of the body */
    long total_ms;
};

/* Bytes; 0 means the default (16 KiB, 64 KiB, 256 headers, 16 MiB). Hard caps lower what is larger: 100 KiB, 300 KiB, 5,000, and for
 * bodies that of the validator for streams (--limit stream=N).
 * `header_line` is without its line end; `headers` and `header_count` include trailers and interim answers. */
struct http_limits {
    size_t header_line, headers, header_count, body;
};

struct http_request {
    const char *method; /* "POST"; NULL: POST with a body, else GET */
    const char *url;    /* absolute, http or https, without user, password and fragment */
    const struct cc_header *headers; /* ended by a NULL name */
    const char *body;   /* NULL: none */
    size_t body_length;
    struct http_timeouts timeouts;
    struct http_limits limits;
    bool insecure;      /* do not verify the certificate */
    const char *ca;     /* a CA file, or NULL */
    const char *proxy;  /* or NULL: none, whatever the environment says */
};

/* What became of a request, when it is more than an HTTP answer. */
enum http_fault {
    HTTP_FINE,
    HTTP_BAD_REQUEST,     /* the request itself cannot be sent (URL, header) */
    HTTP_DNS,
    HTTP_REFUSED,
    HTTP_CONNECT_TIMEOUT,
    HTTP_TLS,
    HTTP_FIRST_TIMEOUT,
    HTTP_IDLE_TIMEOUT,
    HTTP_TOTAL_TIMEOUT,
    HTTP_RESET,           /* the connection broke */
    HTTP_EMPTY,           /* closed without an answer */
    HTTP_MALFORMED,       /* not HTTP */
    HTTP_TRUNCATED,       /* the message did not end as its framing says */
    HTTP_LIMIT_HEADERS,
    HTTP_LIMIT_BODY,
    HTTP_CANCELLED,       /* by http_pool_cancel */
    HTTP_LOCAL,           /* memory, descriptors: our own trouble */
    HTTP_FAULT_COUNT
};

/* The fault's name, "net.refused", as reports show it. */
const char *http_fault_name(enum http_fault fault);

/* One read of the body: for the clock of streams. After the 100,000th no further ones are noted: its bytes last to the end. */
struct http_stamp {
    size_t offset; /* bytes that had arrived before */
    long at_ms;    /* since the request was started */
    long late_ms;  /* for so long nobody may have looked: the bytes may have waited */
};

/* An answer, or as much of one as came. Owned by the pool; lives until the callback returns. */
struct http_reply {
    enum http_fault fault;
    char why[256];        /* one sentence, when fault is not HTTP_FINE; no secret in it */
    int status;           /* 0 when no status line came */
    const struct cc_header *headers; /* names in lower case; ended by a NULL name */
    const char *body;     /* NUL follows its end */
    size_t body_length;
    long first_byte_ms, total_ms; /* since the start; first_byte_ms -1 when none came */
    const struct http_stamp *stamps;
    size_t stamp_count;
};

typedef void http_done_fn(void *context, const struct http_reply *reply);

struct http_pool;

/* Once in a process (later calls do nothing), before anything else of this file and before any thread: prepares libcurl, takes dangerous
 * variables out of the environment (CURL_*, SSLKEYLOGFILE, those that name a proxy), ignores SIGPIPE. */
bool http_setup(void);
struct http_pool *http_pool_new(void);
/* Ends what is under way without calling anybody. Not to be called from a callback. */
void http_pool_free(struct http_pool *pool);
/* Starts a request; what it points to is copied. `done` is called from http_pool_step, exactly once, also when it cannot be started.
 * False when memory runs out. */
bool http_pool_start(struct http_pool *pool, const struct http_request *request, http_done_fn *done, void *context);
size_t http_pool_busy(const struct http_pool *pool);
/* Works for at most `wait_ms`, less when something ends or nothing is under way. Callbacks may start further requests. False when libcurl
 * cannot go on (memory): cancel, or free the pool. */
bool http_pool_step(struct http_pool *pool, long wait_ms);
/* Lets every request under way end now with HTTP_CANCELLED; the next step calls their callbacks. */
void http_pool_cancel(struct http_pool *pool);

/* True when `url` may be a base URL; else one sentence of why not. */
bool http_url_allowed(const char *url, char *why, size_t why_size);
/* True for a header that may be sent (name of token characters; value without CR, LF and NUL). */
bool http_header_allowed(const char *name, const char *value);

#endif
