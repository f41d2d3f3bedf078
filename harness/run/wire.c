/* wire.c: see wire.h. */
#include "harness/run/wire.h"

#include "harness/base/jo.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { CURL_BODY_MAX = 16384 };

/* --- headers */

static struct cc_header *find_header(struct wire *wire, const char *name)
{
    for (size_t i = 0; i < wire->header_count; i++)
        if (strcasecmp(wire->headers[i].name, name) == 0) return &wire->headers[i];
    return NULL;
}

static void free_header(struct cc_header *header)
{
    free((void *)(uintptr_t)header->name);
    free((void *)(uintptr_t)header->value);
}

static void drop_header(struct wire *wire, const char *name)
{
    struct cc_header *header = find_header(wire, name);
    if (!header) return;
    free_header(header);
    size_t index = (size_t)(header - wire->headers);
    memmove(header, header + 1, (wire->header_count - index) * sizeof *header); /* with the end mark */
    wire->header_count--;
}

/* Replaces one of the same name. Copies both. */
static bool put_header(struct wire *wire, const char *name, const char *value, char *why, size_t size)
{
    if (!http_header_allowed(name, value)) {
        snprintf(why, size, "the header \"%s\" cannot be sent: names are made of letters, digits and dashes, values have no line breaks", name);
        return false;
    }
    drop_header(wire, name);
    if (wire->header_count == WIRE_HEADERS_MAX) {
        snprintf(why, size, "more than %d headers cannot be sent", WIRE_HEADERS_MAX);
        return false;
    }
    char *own_name = strdup(name), *own_value = strdup(value);
    wire->headers[wire->header_count++] = (struct cc_header){own_name, own_value};
    wire->headers[wire->header_count] = (struct cc_header){0};
    if (own_name && own_value) return true;
    snprintf(why, size, "memory ran out");
    return false;
}

/* "Name: value", as flags and target files have it. */
static bool put_line(struct wire *wire, const char *line, char *why, size_t size)
{
    const char *colon = strchr(line, ':'), *value = colon ? colon + 1 : "";
    char name[256];
    snprintf(name, sizeof name, "%.*s", colon ? (int)(colon - line) : (int)strlen(line), line);
    while (*value == ' ' || *value == '\t') value++;
    return put_header(wire, name, value, why, size);
}

static bool put_key(struct wire *wire, const struct target *target, char *why, size_t size)
{
    if (!target->key || strcmp(target->auth, "none") == 0) return true;
    if (strcmp(target->auth, "api-key") == 0) return put_header(wire, "api-key", target->key, why, size);
    size_t length = strlen(target->key) + sizeof "Bearer ";
    char *value = malloc(length);
    if (!value) return false;
    snprintf(value, length, "Bearer %s", target->key);
    bool fine = put_header(wire, "Authorization", value, why, size);
    free(value);
    return fine;
}

static bool put_step_headers(struct wire *wire, struct json_object *headers, const struct variables *variables, char *why, size_t size)
{
    if (!headers) return true;
    json_object_object_foreach(headers, name, value)
    {
        if (!value) {
            drop_header(wire, name);
            continue;
        }
        const char *text = json_object_get_string(value);
        size_t length;
        char *expanded = expand_text(variables, text, strlen(text), &length, why, size);
        bool fine = expanded && put_header(wire, name, expanded, why, size);
        free(expanded);
        if (!fine) return false;
    }
    return true;
}

static bool put_headers(struct wire *wire, const struct target *target, const struct suite_step *step, bool stream,
                        const struct variables *variables, char *why, size_t size)
{
    bool fine = put_key(wire, target, why, size);
    if (fine && wire->body) fine = put_header(wire, "Content-Type", "application/json", why, size);
    if (fine) fine = put_header(wire, "Accept", stream ? "text/event-stream" : "application/json", why, size);
    for (size_t i = 0; fine && target->headers && target->headers[i]; i++) fine = put_line(wire, target->headers[i], why, size);
    return fine && put_step_headers(wire, step->headers, variables, why, size);
}

/* --- URL and body */

static bool put_url(struct wire *wire, const struct target *target, const struct suite_step *step, const struct variables *variables, char *why,
                    size_t size)
{
    const char *path = step->path ? step->path : target->path;
    size_t length;
    char *expanded = expand_text(variables, path, strlen(path), &length, why, size);
    if (!expanded) return false;
    size_t base = strlen(target->base_url);
    while (base && target->base_url[base - 1] == '/') base--;
    size_t room = base + strlen(expanded) + (target->query ? strlen(target->query) : 0) + 3;
    wire->url = malloc(room);
    if (wire->url)
        snprintf(wire->url, room, "%.*s%s%s%s%s", (int)base, target->base_url, *expanded == '/' ? "" : "/", expanded,
                 target->query ? (strchr(expanded, '?') ? "&" : "?") : "", target->query ? target->query : "");
    free(expanded);
    return wire->url != NULL;
}

static bool put_body(struct wire *wire, struct json_object *request, const char *body, size_t body_length)
{
    size_t length = body_length;
    const char *text = request ? json_object_to_json_string_length(request, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length) : body;
    if (!text) return true;
    wire->body = malloc(length + 1);
    if (!wire->body) return false;
    memcpy(wire->body, text, length);
    wire->body[length] = '\0';
    wire->body_length = length;
    wire->request = request ? json_object_get(request) : NULL;
    return true;
}

bool wire_build(struct wire *wire, const struct target *target, const struct suite_step *step, struct json_object *request, const char *body,
                size_t body_length, const struct variables *variables, char *why, size_t why_size)
{
    *wire = (struct wire){0};
    snprintf(why, why_size, "memory ran out");
    bool has_body = request || body;
    wire->method = strdup(step->method ? step->method : has_body ? "POST" : "GET");
    return wire->method && put_body(wire, request, body, body_length) && put_url(wire, target, step, variables, why, why_size) &&
           put_headers(wire, target, step, jo_true(jo_get(request, "stream")), variables, why, why_size);
}

void wire_clear(struct wire *wire)
{
    for (size_t i = 0; i < wire->header_count; i++) free_header(&wire->headers[i]);
    free(wire->method);
    free(wire->url);
    free(wire->body);
    json_object_put(wire->request);
    *wire = (struct wire){0};
}

struct http_request wire_request(const struct wire *wire, const struct target *target, size_t body_most)
{
    return (struct http_request){.method = wire->method, .url = wire->url, .headers = wire->headers, .body = wire->body,
                                 .body_length = wire->body_length, .timeouts = target->timeouts ? *target->timeouts : (struct http_timeouts){0},
                                 .limits = {.body = body_most}, .insecure = target->insecure, .ca = target->ca, .proxy = target->proxy};
}

struct json_object *wire_header_object(const char *line)
{
    struct json_object *headers = jo_object();
    size_t length = strcspn(line, ":");
    const char *value = line + length + (line[length] == ':');
    char *name = strndup(line, length);
    if (name) jo_put(headers, name, *value ? jo_string(value + strspn(value, " \t")) : NULL);
    else jo_lose();
    free(name);
    return headers;
}

/* --- without secrets */

/* The value as reports may show it: what holds secrets by its name is not even looked at. */
static void print_value(FILE *out, const struct cc_header *header, const struct target *target)
{
    bool bearer = strncasecmp(header->value, "Bearer ", 7) == 0;
    if (redact_header(header->name)) {
        bool ours = target->key && strstr(header->value, target->key);
        fprintf(out, "%s$%s", bearer ? "Bearer " : "", ours ? target->key_name : "REDACTED");
        return;
    }
    char *shown = redact_text(target->redactor, header->value, strlen(header->value), NULL);
    fputs(shown ? shown : "", out);
    free(shown);
}

char *wire_headers(const struct wire *wire, const struct target *target)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out) return NULL;
    for (size_t i = 0; i < wire->header_count; i++) {
        fprintf(out, "%s: ", wire->headers[i].name);
        print_value(out, &wire->headers[i], target);
        fputc('\n', out);
    }
    fclose(out);
    return text;
}

/* Single quotes keep everything from the shell but themselves. */
static void print_quoted(FILE *out, const char *text)
{
    fputc('\'', out);
    for (; *text; text++) {
        if (*text == '\'') fputs("'\\''", out);
        else fputc(*text, out);
    }
    fputc('\'', out);
}

static void print_redacted(FILE *out, const struct target *target, const char *text, size_t length)
{
    char *shown = redact_text(target->redactor, text, length, NULL);
    print_quoted(out, shown ? shown : "");
    free(shown);
}

/* A secret stands in double quotes, so that the shell puts it in. */
static void print_header(FILE *out, const struct cc_header *header, const struct target *target)
{
    fputs(" -H ", out);
    if (redact_header(header->name)) {
        fprintf(out, "\"%s: ", header->name);
        print_value(out, header, target);
        fputc('"', out);
        return;
    }
    size_t size = strlen(header->name) + strlen(header->value) + 3;
    char *line = malloc(size);
    if (!line) return;
    snprintf(line, size, "%s: %s", header->name, header->value);
    print_redacted(out, target, line, size - 1);
    free(line);
}

char *wire_curl(const struct wire *wire, const struct target *target)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out) return NULL;
    fputs("curl -N", out);
    if (strcmp(wire->method, wire->body ? "POST" : "GET") != 0) fprintf(out, " -X %s", wire->method);
    fputc(' ', out);
    print_redacted(out, target, wire->url, strlen(wire->url));
    for (size_t i = 0; i < wire->header_count; i++) print_header(out, &wire->headers[i], target);
    bool in_file = wire->body && (wire->body_length > CURL_BODY_MAX || memchr(wire->body, '\0', wire->body_length)); /* no argument holds NUL */
    if (in_file) fputs(" --data-binary @request.json", out);
    else if (wire->body) fputs(" --data-binary ", out), print_redacted(out, target, wire->body, wire->body_length);
    fclose(out);
    return text;
}
