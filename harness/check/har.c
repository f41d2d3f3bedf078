/* har.c: see har.h. An archive is somebody's record: what it leaves out (headers that were taken out for being secret, a body that was not
 * kept) is not known, and so not judged. */
#include "harness/check/har.h"

#include "harness/base/api.h"
#include "harness/base/jo.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One entry, as an exchange. */
struct entry {
    struct cc_header *request_headers, *response_headers;
    char *decoded; /* a response that was kept in base64 */
    struct cc_exchange exchange;
};

/* --- members that may be missing, or of another type */

struct json_object *har_read(const char *text, size_t length, const struct cc_limits *limits)
{
    struct json_object *object = NULL;
    if (!cc_read_object(text, length, limits, &object, NULL, 0)) return NULL;
    if (jo_is_array(jo_path(object, "log", "entries", NULL))) return object;
    json_object_put(object);
    return NULL;
}

/* --- one entry */

/* Ended by a NULL name; NULL when memory ran out. Pseudo-headers of HTTP/2 (":path") are no headers. */
static struct cc_header *headers_of(struct json_object *message)
{
    struct json_object *list = jo_get(message, "headers");
    size_t count = jo_length(list), used = 0;
    struct cc_header *headers = calloc(count + 1, sizeof *headers);
    for (size_t i = 0; headers && i < count; i++) {
        struct json_object *header = jo_item(list, i);
        const char *name = jo_text_at(header, "name"), *value = jo_text_at(header, "value");
        if (name && value && *name != ':') headers[used++] = (struct cc_header){name, value};
    }
    return headers;
}

static bool has_header(const struct cc_header *headers, const char *name)
{
    for (; headers->name; headers++)
        if (strcasecmp(headers->name, name) == 0) return true;
    return false;
}

static int sextet(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Bytes of base64 (the caller frees them); line breaks and padding are passed over. NULL when memory ran out. */
static char *decode(const char *text, size_t *length)
{
    char *bytes = malloc(strlen(text) * 3 / 4 + 1);
    unsigned bits = 0, held = 0;
    *length = 0;
    for (; bytes && *text; text++) {
        int value = sextet(*text);
        if (value < 0) continue;
        bits = (bits << 6 | (unsigned)value) & 0xFFFF;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes[(*length)++] = (char)(bits >> held & 0xFF);
    }
    return bytes;
}

static bool read_response(struct entry *entry, struct json_object *content)
{
    struct json_object *text = jo_get(content, "text");
    const char *encoding = jo_text_at(content, "encoding");
    if (!jo_is_text(text)) return true;
    entry->exchange.response = jo_text(text);
    entry->exchange.response_length = jo_text_length(text);
    if (!encoding || strcasecmp(encoding, "base64") != 0) return true;
    entry->decoded = decode(entry->exchange.response, &entry->exchange.response_length);
    entry->exchange.response = entry->decoded;
    return entry->decoded != NULL;
}

static bool read_entry(struct entry *entry, struct json_object *from)
{
    struct json_object *request = jo_get(from, "request"), *response = jo_get(from, "response"), *body = jo_get(jo_get(request, "postData"), "text");
    entry->exchange = (struct cc_exchange){.method = jo_text_at(request, "method"), .url = jo_text_at(request, "url"),
                                           .status = json_object_get_int(jo_get(response, "status"))};
    entry->request_headers = headers_of(request);
    entry->response_headers = headers_of(response);
    if (!entry->request_headers || !entry->response_headers) return false;
    /* Browsers take the key out, and maybe more: then the headers are not known. */
    if (has_header(entry->request_headers, "authorization")) entry->exchange.request_headers = entry->request_headers;
    if (entry->response_headers->name) entry->exchange.response_headers = entry->response_headers;
    if (jo_is_text(body)) {
        entry->exchange.request = jo_text(body);
        entry->exchange.request_length = jo_text_length(body);
    }
    return read_response(entry, jo_get(response, "content"));
}

static void clear_entry(struct entry *entry)
{
    free(entry->request_headers);
    free(entry->response_headers);
    free(entry->decoded);
}

/* --- all of them */

static bool is_completion(struct json_object *from)
{
    static const char end[] = CHAT_PATH;
    struct json_object *request = jo_get(from, "request");
    const char *method = jo_text_at(request, "method"), *url = jo_text_at(request, "url");
    size_t length = url ? strcspn(url, "?#") : 0, end_length = sizeof end - 1;
    return method && strcmp(method, "POST") == 0 && length > end_length && strncmp(url + length - end_length, end, end_length) == 0;
}

bool har_each(struct json_object *har, bool (*each)(void *context, size_t number, const struct cc_exchange *exchange), void *context, size_t *count)
{
    struct json_object *entries = jo_get(jo_get(har, "log"), "entries");
    bool fine = true;
    *count = 0;
    for (size_t i = 0; fine && i < jo_length(entries); i++) {
        struct json_object *from = jo_item(entries, i);
        struct entry entry = {0};
        if (!is_completion(from)) continue;
        ++*count;
        fine = read_entry(&entry, from) && each(context, i + 1, &entry.exchange);
        clear_entry(&entry);
    }
    return fine;
}
