/* http_form.c: see http_form.h. */
#include "validator/lib/http_form.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- writing JSON */

static void put(struct http_form *form, const char *bytes, size_t length)
{
    if (form->room - form->used < length + 1) {
        size_t room = form->room ? form->room * 2 : 1024;
        while (room - form->used < length + 1) room *= 2;
        char *text = realloc(form->text, room);
        if (!text) {
            form->failed = true;
            return;
        }
        form->text = text;
        form->room = room;
    }
    memcpy(form->text + form->used, bytes, length);
    form->used += length;
    form->text[form->used] = '\0';
}

static void put_word(struct http_form *form, const char *word) { put(form, word, strlen(word)); }

/* Header values are bytes, not always UTF-8: what is above ASCII is read as Latin-1, as RFC 9110 has it. */
static void put_string(struct http_form *form, const char *text, size_t length, bool lower)
{
    put(form, "\"", 1);
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        char escape[8];
        if (c >= 'A' && c <= 'Z' && lower) c = (unsigned char)(c | 32);
        bool plain = c >= ' ' && c < 0x7F && c != '"' && c != '\\';
        int n = plain ? snprintf(escape, sizeof escape, "%c", c) : snprintf(escape, sizeof escape, "\\u%04x", c);
        put(form, escape, (size_t)n);
    }
    put(form, "\"", 1);
}

static void put_member(struct http_form *form, const char *name)
{
    char last = form->used ? form->text[form->used - 1] : '{';
    if (last != '{') put(form, ",", 1);
    put(form, "\"", 1);
    put_word(form, name);
    put_word(form, "\":");
}

static void put_number(struct http_form *form, const char *name, size_t number)
{
    char digits[32];
    int n = snprintf(digits, sizeof digits, "%zu", number);
    put_member(form, name);
    put(form, digits, (size_t)n);
}

static void put_text(struct http_form *form, const char *name, const char *text, size_t length)
{
    put_member(form, name);
    put_string(form, text, length, false);
}

static void start(struct http_form *form)
{
    form->used = 0;
    form->failed = false;
    put(form, "{", 1);
}

bool http_form_end(struct http_form *form)
{
    put(form, "}", 1);
    return !form->failed;
}

void http_form_clear(struct http_form *form)
{
    free(form->text);
    free(form->plain);
    *form = (struct http_form){0};
}

/* --- the parts */

bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        char x = *a >= 'A' && *a <= 'Z' ? (char)(*a | 32) : *a, y = *b >= 'A' && *b <= 'Z' ? (char)(*b | 32) : *b;
        if (x != y) return false;
    }
    return *a == *b;
}

/* Without what is never sent: scheme, host and fragment. */
static void put_url(struct http_form *form, const char *url, size_t length)
{
    const char *fragment = memchr(url, '#', length), *end = fragment ? fragment : url + length;
    const char *scheme = memchr(url, ':', (size_t)(end - url)), *path = url;
    if (scheme && end - scheme > 3 && memcmp(scheme, "://", 3) == 0) {
        path = memchr(scheme + 3, '/', (size_t)(end - scheme - 3));
        if (!path) path = end;
    }
    const char *query = memchr(path, '?', (size_t)(end - path));
    put_text(form, "path", path, (size_t)((query ? query : end) - path));
    if (query) put_text(form, "query", query + 1, (size_t)(end - query - 1));
}

/* A header that is sent twice has its values side by side. */
static void put_headers(struct http_form *form, const struct cc_header *headers)
{
    put_member(form, "headers");
    put(form, "{", 1);
    for (const struct cc_header *h = headers; h->name; h++) {
        bool again = false;
        for (const struct cc_header *b = headers; b != h; b++) again |= same_name(b->name, h->name);
        if (again) continue;
        char last = form->text[form->used - 1];
        if (last != '{') put(form, ",", 1);
        put_string(form, h->name, strlen(h->name), true);
        put(form, ":[", 2);
        for (const struct cc_header *v = h; v->name; v++) {
            if (!same_name(v->name, h->name)) continue;
            if (v != h) put(form, ",", 1);
            put_string(form, v->value, strlen(v->value), false);
        }
        put(form, "]", 1);
    }
    put(form, "}", 1);
}

/* A string as it stands in another document. */
static void put_literal(struct http_form *form, struct view string)
{
    put(form, "\"", 1);
    put(form, string.doc->text + value_of(string)->offset, value_of(string)->length);
    put(form, "\"", 1);
}

/* A string of another document without its escapes; lives until the next one. */
static struct text plain_text(struct http_form *form, struct view string)
{
    const struct value *v = value_of(string);
    if (!(v->flags & V_ESCAPED)) return (struct text){string.doc->text + v->offset, v->length};
    if (form->plain_room < v->length) {
        char *plain = realloc(form->plain, v->length);
        if (!plain) {
            form->failed = true;
            return (struct text){"", 0};
        }
        form->plain = plain;
        form->plain_room = v->length;
    }
    return (struct text){form->plain, document_unescape(string.doc, string.at, form->plain)};
}

static void put_header_map(struct http_form *form, struct view headers)
{
    put_member(form, "headers");
    put(form, "{", 1);
    bool any = false;
    for (EVERY(value, headers)) {
        if (!is(value, STR)) continue;
        struct text name = plain_text(form, key_of(value));
        if (any) put(form, ",", 1);
        any = true;
        put_string(form, name.bytes, name.length, true);
        put(form, ":[", 2);
        put_literal(form, value);
        put(form, "]", 1);
    }
    put(form, "}", 1);
}

static void put_stream(struct http_form *form, struct view request)
{
    if (!there(request)) return;
    put_member(form, "stream");
    put_word(form, is_true(get(request, "stream")) ? "true" : "false");
}

static const char *kind_of_body(const struct http_answer *answer)
{
    if (answer->stream) return "stream";
    if (answer->empty) return "empty";
    if (is_set(get(answer->body, "error")) && !there(get(answer->body, "choices"))) return "error";
    return there(get(answer->body, "choices")) ? "completion" : "other";
}

static void put_view(struct http_form *form, const char *name, struct view text)
{
    if (!is(text, STR)) return;
    put_member(form, name);
    put_literal(form, text);
}

static void put_answer(struct http_form *form, const struct http_answer *answer)
{
    const char *kind = kind_of_body(answer);
    struct view error = get(answer->body, "error");
    put_text(form, "kind", kind, strlen(kind));
    put_view(form, "type", get(error, "type"));
    put_view(form, "code", get(error, "code"));
    if (answer->first) put_text(form, "first", answer->first, strlen(answer->first));
}

/* --- the two sources */

bool http_form_exchange(struct http_form *form, const struct cc_exchange *x, struct view request, const struct http_answer *answer)
{
    start(form);
    put_member(form, "request");
    put(form, "{", 1);
    if (x->method) put_text(form, "method", x->method, strlen(x->method));
    if (x->url) put_url(form, x->url, strlen(x->url));
    if (x->request_headers) put_headers(form, x->request_headers);
    if (x->request) put_number(form, "bytes", x->request_length);
    put_stream(form, request);
    put(form, "}", 1);
    if (x->status) put_number(form, "status", (size_t)x->status);
    put_member(form, "response");
    put(form, "{", 1);
    if (x->response_headers) put_headers(form, x->response_headers);
    if (x->response) put_answer(form, answer);
    put(form, "}", 1);
    return x->status || x->method || x->request_headers || x->response_headers;
}

bool http_form_line(struct http_form *form, struct view line, const struct http_answer *answer)
{
    struct view body = get(line, "request"), status = get(line, "status");
    struct view sent = get(line, "request_headers"), received = get(line, "response_headers");
    start(form);
    put_member(form, "request");
    put(form, "{", 1);
    put_view(form, "method", get(line, "method"));
    if (is(get(line, "url"), STR)) {
        struct text url = plain_text(form, get(line, "url"));
        put_url(form, url.bytes, url.length);
    }
    if (is(sent, OBJ)) put_header_map(form, sent);
    if (there(body) && !is_set(body)) put_number(form, "bytes", 0);
    put_stream(form, body);
    put(form, "}", 1);
    if (is(status, INT)) put_number(form, "status", (size_t)integer_of(status, 0));
    put_member(form, "response");
    put(form, "{", 1);
    if (is(received, OBJ)) put_header_map(form, received);
    put_answer(form, answer);
    put(form, "}", 1);
    return is(status, INT) || is(sent, OBJ) || is(received, OBJ) || there(get(line, "method"));
}
