/* http_inbox.c: takes in an HTTP answer within bounds of its own.
 *
 * libcurl's own bounds do not cover trailers, interim answers or bodies of unknown length, and it calls a message complete whose headers
 * were cut off. So this counts every byte itself, and believes in the end of the headers only when the blank line came. */
#include "harness/http/http_inner.h"

#include "harness/base/limit.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STAMP_LIMIT = 100000 };

static void settle(size_t *value, size_t standard, size_t hard)
{
    if (*value == 0)
        *value = standard;
    if (*value > hard)
        *value = hard;
}

void http_limits_settle(struct http_limits *limits)
{
    settle(&limits->header_line, 16u << 10, 100u << 10);
    settle(&limits->headers, 64u << 10, 300u << 10);
    settle(&limits->header_count, 256, 5000);
    settle(&limits->body, 16u << 20, limit_find("stream")->hard);
}

bool http_inbox_fail(struct http_inbox *inbox, enum http_fault fault, const char *format, ...)
{
    if (inbox->fault != HTTP_FINE)
        return false;
    inbox->fault = fault;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(inbox->why, sizeof inbox->why, format, arguments);
    va_end(arguments);
    return false;
}

static bool out_of_memory(struct http_inbox *inbox)
{
    return http_inbox_fail(inbox, HTTP_LOCAL, "memory ran out");
}

/* Room for `need` elements, growing twofold but never beyond `most` (which is at least `need`). Returns the buffer, or NULL. */
static void *grown(void *buffer, size_t *room, size_t need, size_t most, size_t size)
{
    if (need <= *room)
        return buffer;
    size_t wanted = *room < most / 2 ? *room * 2 : most;
    if (wanted < need || wanted < 64)
        wanted = need < 64 && most >= 64 ? 64 : need;
    void *larger = realloc(buffer, wanted * size);
    if (larger)
        *room = wanted;
    return larger;
}

static bool add_text(struct http_inbox *inbox, const char *bytes, size_t length, bool lower)
{
    /* Each header costs at most two NULs more than it had bytes, and the bytes are bounded by limits.headers. */
    char *text = grown(inbox->text, &inbox->text_room, inbox->text_length + length + 1, 2 * inbox->limits.headers + 64, 1);
    if (!text)
        return out_of_memory(inbox);
    inbox->text = text;
    for (size_t i = 0; i < length; i++)
        text[inbox->text_length++] = (char)(lower && bytes[i] >= 'A' && bytes[i] <= 'Z' ? bytes[i] | 0x20 : bytes[i]);
    text[inbox->text_length++] = '\0';
    return true;
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static void trim(const char **bytes, size_t *length)
{
    for (; *length > 0 && blank(**bytes); (*length)--)
        (*bytes)++;
    while (*length > 0 && blank((*bytes)[*length - 1]))
        (*length)--;
}

static bool counted(struct http_inbox *inbox)
{
    if (++inbox->header_count <= inbox->limits.header_count)
        return true;
    return http_inbox_fail(inbox, HTTP_LIMIT_HEADERS, "the answer has more than %zu headers", inbox->limits.header_count);
}

static bool take_field(struct http_inbox *inbox, const char *line, size_t length)
{
    const char *colon = memchr(line, ':', length);
    if (!colon)
        return true; /* libcurl complains about it */
    struct http_field *fields = grown(inbox->fields, &inbox->field_room, inbox->field_count + 1, inbox->limits.header_count, sizeof *fields);
    if (!fields)
        return out_of_memory(inbox);
    inbox->fields = fields;
    const char *value = colon + 1;
    size_t name_length = (size_t)(colon - line), value_length = length - name_length - 1;
    trim(&line, &name_length);
    trim(&value, &value_length);
    struct http_field field = {.name = inbox->text_length, .value = inbox->text_length + name_length + 1};
    if (!add_text(inbox, line, name_length, true) || !add_text(inbox, value, value_length, false))
        return false;
    fields[inbox->field_count++] = field;
    return true;
}

/* A line that begins with a blank goes on with the value before it (an old habit, still seen). */
static bool take_fold(struct http_inbox *inbox, const char *line, size_t length)
{
    if (inbox->field_count == 0)
        return true;
    trim(&line, &length);
    inbox->text[inbox->text_length - 1] = ' ';
    return add_text(inbox, line, length, false);
}

/* "HTTP/1.1 200", and a reason or nothing behind it: RFC 9112, section 4. Versions of libcurl differ in what else they take. */
static bool read_status(const char *line, size_t length, int *status)
{
    static const char form[] = "HTTP/1.d ddd";
    *status = 0;
    for (size_t i = 0; i < sizeof form - 1; i++) {
        if (i >= length || (form[i] == 'd' ? line[i] < '0' || line[i] > '9' : line[i] != form[i]))
            return false;
        if (i >= sizeof form - 4)
            *status = *status * 10 + (line[i] - '0');
    }
    return length == sizeof form - 1 || line[sizeof form - 1] == ' ';
}

static bool take_status(struct http_inbox *inbox, const char *line, size_t length)
{
    int status;
    if (!read_status(line, length, &status))
        return http_inbox_fail(inbox, HTTP_MALFORMED, "the first line of the answer is not what HTTP/1.1 says");
    inbox->status = status;
    inbox->in_block = true;
    inbox->begun = status >= 200 || status == 101;
    inbox->field_count = inbox->text_length = 0; /* those of an interim answer before */
    return true;
}

static bool within_bounds(struct http_inbox *inbox, size_t line_length, size_t length)
{
    if (line_length > inbox->limits.header_line)
        return http_inbox_fail(inbox, HTTP_LIMIT_HEADERS, "a header line is longer than %zu bytes", inbox->limits.header_line);
    inbox->header_bytes += length;
    if (inbox->header_bytes > inbox->limits.headers)
        return http_inbox_fail(inbox, HTTP_LIMIT_HEADERS, "the headers have more than %zu bytes in all", inbox->limits.headers);
    return true;
}

bool http_inbox_line(struct http_inbox *inbox, const char *bytes, size_t length)
{
    size_t end = length;
    if (end > 0 && bytes[end - 1] == '\n')
        end--;
    if (end > 0 && bytes[end - 1] == '\r')
        end--;
    if (!within_bounds(inbox, end, length))
        return false;
    if (inbox->headed)
        return end == 0 || counted(inbox); /* a trailer */
    if (!inbox->in_block)
        return take_status(inbox, bytes, end);
    if (end == 0) {
        inbox->in_block = false;
        inbox->headed = inbox->begun;
        return true;
    }
    if (!counted(inbox))
        return false;
    return blank(bytes[0]) ? take_fold(inbox, bytes, end) : take_field(inbox, bytes, end);
}

static bool stamp(struct http_inbox *inbox, long at_ms)
{
    if (inbox->stamp_count >= STAMP_LIMIT)
        return true;
    struct http_stamp *stamps = grown(inbox->stamps, &inbox->stamp_room, inbox->stamp_count + 1, STAMP_LIMIT, sizeof *stamps);
    if (!stamps)
        return out_of_memory(inbox);
    inbox->stamps = stamps;
    stamps[inbox->stamp_count++] = (struct http_stamp){.offset = inbox->body_length, .at_ms = at_ms, .late_ms = inbox->late_ms};
    return true;
}

bool http_inbox_body(struct http_inbox *inbox, const char *bytes, size_t length, long at_ms)
{
    const size_t left = inbox->limits.body - inbox->body_length;
    const size_t fits = length < left ? length : left;
    if (fits > 0) {
        char *body = grown(inbox->body, &inbox->body_room, inbox->body_length + fits + 1, inbox->limits.body + 1, 1);
        if (!body)
            return out_of_memory(inbox);
        inbox->body = body;
        if (!stamp(inbox, at_ms))
            return false;
        memcpy(body + inbox->body_length, bytes, fits);
        inbox->body_length += fits;
        body[inbox->body_length] = '\0';
    }
    return fits == length || http_inbox_fail(inbox, HTTP_LIMIT_BODY, "the body has more than %zu bytes", inbox->limits.body);
}

/* The digits of a Content-Length, saturated. False when it is something else. */
static bool read_length(const char *value, uint64_t *length)
{
    *length = 0;
    for (; *value >= '0' && *value <= '9'; value++) {
        uint64_t digit = (uint64_t)(*value - '0');
        *length = *length > (UINT64_MAX - digit) / 10 ? UINT64_MAX : *length * 10 + digit;
    }
    return *value == '\0';
}

static void judge_length(struct http_inbox *inbox)
{
    bool known = false;
    uint64_t length = 0, first = 0;
    for (size_t i = 0; i < inbox->field_count; i++) {
        const char *name = inbox->text + inbox->fields[i].name, *value = inbox->text + inbox->fields[i].value;
        if (strcmp(name, "transfer-encoding") == 0)
            return; /* it wins, and libcurl has checked its framing */
        if (strcmp(name, "content-length") != 0 || !read_length(value, &length))
            continue;
        if (known && length != first)
            http_inbox_fail(inbox, HTTP_MALFORMED, "the answer has two Content-Length headers that differ");
        first = known ? first : length;
        known = true;
    }
    if (known && first > inbox->body_length)
        http_inbox_fail(inbox, HTTP_TRUNCATED, "the body ended after %zu bytes, before the length that was promised", inbox->body_length);
}

void http_inbox_judge(struct http_inbox *inbox, bool bodyless)
{
    if (inbox->status == 0)
        http_inbox_fail(inbox, HTTP_EMPTY, "the connection was closed without an answer");
    else if (inbox->in_block)
        http_inbox_fail(inbox, HTTP_TRUNCATED, "the connection ended in the middle of the headers");
    else if (!inbox->headed)
        http_inbox_fail(inbox, HTTP_TRUNCATED, "only an interim answer came (status %d), no final one", inbox->status);
    else if (!bodyless && inbox->status != 204 && inbox->status != 304 && inbox->status != 101)
        judge_length(inbox);
}

const struct cc_header *http_inbox_headers(struct http_inbox *inbox)
{
    static const struct cc_header none[] = {{NULL, NULL}};
    if (!inbox->headers && inbox->field_count > 0)
        inbox->headers = calloc(inbox->field_count + 1, sizeof *inbox->headers);
    if (!inbox->headers) {
        if (inbox->field_count > 0)
            out_of_memory(inbox);
        return none;
    }
    for (size_t i = 0; i < inbox->field_count; i++) {
        inbox->headers[i].name = inbox->text + inbox->fields[i].name;
        inbox->headers[i].value = inbox->text + inbox->fields[i].value;
    }
    return inbox->headers;
}

void http_inbox_clear(struct http_inbox *inbox)
{
    free(inbox->text);
    free(inbox->fields);
    free(inbox->headers);
    free(inbox->body);
    free(inbox->stamps);
    memset(inbox, 0, sizeof *inbox);
}
