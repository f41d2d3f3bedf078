/* http_inner.h: what the files of the HTTP client share: the inbox that takes in an answer, and parts of URLs.
 *
 * The inbox knows no libcurl. It is handed header lines and pieces of the body, keeps them within bounds of its own, and says in the end
 * whether the message was whole. */
#ifndef HTTP_INNER_H
#define HTTP_INNER_H

#include "harness/http/http.h"

struct http_field {
    size_t name, value; /* offsets into the text of the inbox */
};

struct http_inbox {
    struct http_limits limits; /* all set: see http_limits_settle */
    enum http_fault fault;     /* the first one, with its sentence */
    char why[256];
    int status;
    bool in_block;             /* between a status line and its blank line */
    bool begun;                /* a status line came that is not an interim one */
    bool headed;               /* so did the blank line after its headers */
    size_t header_bytes, header_count;
    char *text;                /* names and values, a NUL after each */
    size_t text_length, text_room;
    struct http_field *fields;
    size_t field_count, field_room;
    struct cc_header *headers; /* pointers into text, made at the end */
    char *body;
    size_t body_length, body_room;
    struct http_stamp *stamps;
    size_t stamp_count, stamp_room;
    long late_ms;              /* of what is read now, as stamps have it */
};

/* Sets what is 0 to its default and lowers what is above its hard cap. */
void http_limits_settle(struct http_limits *limits);
/* Notes a fault and its sentence, unless there was one before. Always false, for `return`. */
bool http_inbox_fail(struct http_inbox *inbox, enum http_fault fault, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Takes one header line (status line, header, blank line or trailer), its end included. False when it cannot, and the fault is noted. */
bool http_inbox_line(struct http_inbox *inbox, const char *bytes, size_t length);
/* Takes the next bytes of the body. False when it cannot; what fits within the limit is kept. */
bool http_inbox_body(struct http_inbox *inbox, const char *bytes, size_t length, long at_ms);
/* For a message that libcurl calls complete: notes a fault when it is not. `bodyless`: the answer to HEAD. */
void http_inbox_judge(struct http_inbox *inbox, bool bodyless);
/* The headers; they live as long as the inbox. Never NULL. */
const struct cc_header *http_inbox_headers(struct http_inbox *inbox);
void http_inbox_clear(struct http_inbox *inbox);

/* Writes "host:port" of an allowed URL, the port always there. */
void http_place(const char *url, char *place, size_t size);

#endif
