/* visit.c: see visit.h. */
#include "endpoint/visit.h"

#include "endpoint/digest.h"
#include "endpoint/refusal.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { LIMIT_REQUESTS = 10000, LIMIT_TOKENS = 2000000 };

static void put_limit(struct json_object *headers, const char *name, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)value);
    jo_put(headers, name, jo_string(text));
}

struct json_object *visit_reply(const struct visit *visit, int status, const char *content_type, int64_t tokens)
{
    struct json_object *reply = jo_object(), *headers = jo_object();
    jo_put(headers, "content-type", jo_string(content_type));
    jo_put(headers, "x-request-id", digest_hex("req_", visit->digest, 32));
    jo_put(headers, "openai-version", jo_string("2020-10-01"));
    jo_put(headers, "openai-processing-ms", jo_string("2"));
    put_limit(headers, "x-ratelimit-limit-requests", LIMIT_REQUESTS);
    put_limit(headers, "x-ratelimit-limit-tokens", LIMIT_TOKENS);
    put_limit(headers, "x-ratelimit-remaining-requests", LIMIT_REQUESTS - 1);
    put_limit(headers, "x-ratelimit-remaining-tokens", tokens < LIMIT_TOKENS ? LIMIT_TOKENS - tokens : 0);
    jo_put(headers, "x-ratelimit-reset-requests", jo_string("6ms"));
    jo_put(headers, "x-ratelimit-reset-tokens", jo_string("0s"));
    jo_put(reply, "status", jo_integer(status));
    jo_put(reply, "headers", headers);
    return reply;
}

struct json_object *visit_give(const struct visit *visit, struct json_object *body)
{
    struct json_object *reply = visit_reply(visit, 200, "application/json", 0);
    jo_put(reply, "body", body);
    return reply;
}

struct json_object *visit_refuse(const struct visit *visit, int status, struct json_object *body)
{
    struct json_object *reply = visit_reply(visit, status, "application/json", 0);
    jo_put(reply, "body", body);
    return reply;
}

void visit_show(const char *path, char shown[VISIT_SHOWN])
{
    size_t i = 0;
    for (; path[i] && i + 1 < VISIT_SHOWN; i++)
        shown[i] = path[i] >= ' ' && path[i] <= '~' ? path[i] : '?';
    shown[i] = '\0';
}

struct json_object *visit_refuse_path(const struct visit *visit)
{
    char message[256], path[VISIT_SHOWN];
    visit_show(visit->call->path, path);
    snprintf(message, sizeof message, "There is nothing at %s.", path);
    return visit_refuse(visit, 404, refusal_make(message, "invalid_request_error", NULL, "unknown_url"));
}

struct json_object *visit_refuse_method(const struct visit *visit, const char *allowed)
{
    char message[256], method[VISIT_SHOWN];
    visit_show(visit->call->method, method);
    snprintf(message, sizeof message, "%s is not allowed here, but %s is.", method, allowed);
    struct json_object *reply = visit_refuse(visit, 405, refusal_make(message, "invalid_request_error", NULL, NULL));
    jo_put(jo_get(reply, "headers"), "allow", jo_string(allowed));
    return reply;
}

struct json_object *visit_refuse_model(const struct visit *visit, const char *name)
{
    char message[256];
    size_t length = strnlen(name, VISIT_SHOWN);
    while (length > 0 && name[length] && (name[length] & 0xC0) == 0x80)
        length--;
    snprintf(message, sizeof message, "The model `%.*s` does not exist; the only one here is `" VISIT_MODEL "`.", (int)length, name);
    return visit_refuse(visit, 404, refusal_make(message, "invalid_request_error", NULL, "model_not_found"));
}

static struct json_object *refuse_key(const struct visit *visit, const char *message)
{
    struct json_object *reply = visit_refuse(visit, 401, refusal_make(message, "invalid_request_error", NULL, "invalid_api_key"));
    jo_put(jo_get(reply, "headers"), "www-authenticate", jo_string("Bearer realm=\"chatconform\""));
    return reply;
}

/* Compares without telling by its time how much of the key was right. */
static bool is_same_secret(const char *a, const char *b)
{
    size_t length = strlen(b);
    unsigned char differs = strlen(a) != length;
    for (size_t i = 0; a[i] && length > 0; i++)
        differs |= (unsigned char)(a[i] ^ b[i % length]);
    return differs == 0;
}

struct json_object *visit_check_key(const struct visit *visit)
{
    const char *value = visit->call->authorization;
    if (!value || strncasecmp(value, "Bearer ", 7) != 0 || value[7 + strspn(value + 7, " ")] == '\0')
        return refuse_key(visit, "No API key was given. Send it as: Authorization: Bearer KEY");
    const char *token = value + 7 + strspn(value + 7, " ");
    if (visit->service->api_key && !is_same_secret(token, visit->service->api_key))
        return refuse_key(visit, "The API key is not the right one.");
    return NULL;
}

static bool is_json_type(const char *value)
{
    static const char json[] = "application/json";
    if (!value || strncasecmp(value, json, sizeof json - 1) != 0)
        return false;
    value += sizeof json - 1;
    value += strspn(value, " \t");
    return *value == '\0' || *value == ';';
}

struct json_object *visit_check_form(const struct visit *visit)
{
    if (!is_json_type(visit->call->content_type))
        return visit_refuse(visit, 415, refusal_make("The Content-Type has to be application/json.", "invalid_request_error", NULL, NULL));
    if (visit->call->too_large)
        return visit_refuse(visit, 413, refusal_make("The body is longer than 16 MiB.", "invalid_request_error", NULL, NULL));
    return NULL;
}

/* The first error that counts, or NULL. */
static const struct cc_finding *first_error(const struct visit *visit, const struct cc_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        if (report->findings[i].severity == CC_ERROR && !flaws_tolerate(visit->service->flaws, report->findings[i].rule->id))
            return &report->findings[i];
    return NULL;
}

struct json_object *visit_refuse_memory(const struct visit *visit)
{
    return visit_refuse(visit, 500, refusal_make("Memory ran out.", "server_error", NULL, NULL));
}

struct json_object *visit_check_body(const struct visit *visit, const char *body, size_t length, struct json_object *request)
{
    struct cc_options options = {.profile = visit->service->profile};
    struct cc_checker *checker = cc_checker_new(&options);
    const struct cc_report *report = checker ? cc_check(checker, CC_REQUEST, body, length) : NULL;
    const struct cc_finding *error = report ? first_error(visit, report) : NULL;
    struct json_object *reply = NULL;
    if (!report)
        reply = visit_refuse_memory(visit);
    else if (!error && !request)
        reply = visit_refuse(visit, 400, refusal_make("The body is not a JSON object.", "invalid_request_error", NULL, NULL));
    else if (error)
        reply = visit_refuse(visit, strcmp(error->rule->id, "json.limit.bytes") == 0 ? 413 : 400, refusal_of_finding(error, request));
    cc_checker_free(checker);
    return reply;
}

