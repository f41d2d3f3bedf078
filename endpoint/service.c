/* service.c: see service.h.
 *
 * The order of refusals is that of the official endpoint: path, method, key, media type, size, the body's form, and last the model. */
#include "endpoint/service.h"

#include "endpoint/answer.h"
#include "endpoint/chunks.h"
#include "endpoint/digest.h"
#include "endpoint/refusal.h"
#include "endpoint/usage.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MODEL "reference"

enum { LIMIT_REQUESTS = 10000, LIMIT_TOKENS = 2000000, MODEL_CREATED = 1785542400, HANG_MS = 3000 };

/* A call on its way to the reply. */
struct visit {
    const struct service *service;
    const struct call *call;
    uint64_t digest; /* of all that the reply follows from */
};

static void put_limit(struct json_object *headers, const char *name, int64_t value)
{
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)value);
    jo_put(headers, name, jo_string(text));
}

/* A reply with its headers, and nothing in it yet. */
static struct json_object *start_reply(const struct visit *visit, int status, const char *content_type, int64_t tokens)
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

/* A reply with an error body, which is taken over. */
static struct json_object *refuse(const struct visit *visit, int status, struct json_object *body)
{
    struct json_object *reply = start_reply(visit, status, "application/json", 0);
    jo_put(reply, "body", body);
    return reply;
}

enum { SHOWN = 128 }; /* bytes of a text from outside that a message repeats */

/* What of a path can be shown: paths may hold any byte. */
static void show(const char *path, char shown[SHOWN])
{
    size_t i = 0;
    for (; path[i] && i + 1 < SHOWN; i++)
        shown[i] = path[i] >= ' ' && path[i] <= '~' ? path[i] : '?';
    shown[i] = '\0';
}

static struct json_object *refuse_path(const struct visit *visit)
{
    char message[256], path[SHOWN];
    show(visit->call->path, path);
    snprintf(message, sizeof message, "There is nothing at %s.", path);
    return refuse(visit, 404, refusal_make(message, "invalid_request_error", NULL, "unknown_url"));
}

static struct json_object *refuse_method(const struct visit *visit, const char *allowed)
{
    char message[256], method[SHOWN];
    show(visit->call->method, method);
    snprintf(message, sizeof message, "%s is not allowed here, but %s is.", method, allowed);
    struct json_object *reply = refuse(visit, 405, refusal_make(message, "invalid_request_error", NULL, NULL));
    jo_put(jo_get(reply, "headers"), "allow", jo_string(allowed));
    return reply;
}

/* `name` is UTF-8; what is shown of it ends with a whole character. */
static struct json_object *refuse_model(const struct visit *visit, const char *name)
{
    char message[256];
    size_t length = strnlen(name, SHOWN);
    while (length > 0 && name[length] && (name[length] & 0xC0) == 0x80)
        length--;
    snprintf(message, sizeof message, "The model `%.*s` does not exist; the only one here is `" MODEL "`.", (int)length, name);
    return refuse(visit, 404, refusal_make(message, "invalid_request_error", NULL, "model_not_found"));
}

static struct json_object *refuse_key(const struct visit *visit, const char *message)
{
    struct json_object *reply = refuse(visit, 401, refusal_make(message, "invalid_request_error", NULL, "invalid_api_key"));
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

/* The reply to a call without a good key, or NULL when the key is good. */
static struct json_object *check_key(const struct visit *visit)
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

static struct json_object *check_form(const struct visit *visit)
{
    if (!is_json_type(visit->call->content_type))
        return refuse(visit, 415, refusal_make("The Content-Type has to be application/json.", "invalid_request_error", NULL, NULL));
    if (visit->call->too_large)
        return refuse(visit, 413, refusal_make("The body is longer than 16 MiB.", "invalid_request_error", NULL, NULL));
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

static struct json_object *out_of_memory(const struct visit *visit)
{
    return refuse(visit, 500, refusal_make("Memory ran out.", "server_error", NULL, NULL));
}

/* What the validator says against the body: the reply, or NULL when it is fine. `request` is what was read, NULL when it is no JSON. */
static struct json_object *check_body(const struct visit *visit, struct json_object *request)
{
    struct cc_options options = {.profile = visit->service->profile};
    struct cc_checker *checker = cc_checker_new(&options);
    const struct cc_report *report = checker ? cc_check(checker, CC_REQUEST, visit->call->body, visit->call->length) : NULL;
    const struct cc_finding *error = report ? first_error(visit, report) : NULL;
    struct json_object *reply = NULL;
    if (!report)
        reply = out_of_memory(visit);
    else if (!error && !request)
        reply = refuse(visit, 400, refusal_make("The body is not a JSON object.", "invalid_request_error", NULL, NULL));
    else if (error)
        reply = refuse(visit, strcmp(error->rule->id, "json.limit.bytes") == 0 ? 413 : 400, refusal_of_finding(error, request));
    cc_checker_free(checker);
    return reply;
}

/* The older profile's document knows no echoed metadata and no moderation. */
static struct json_object *answer_of_profile(const struct visit *visit, struct json_object *request)
{
    struct json_object *answer = answer_make(request, visit->digest);
    if (visit->service->profile == CC_NEWAPI && answer) {
        json_object_object_del(answer, "metadata");
        json_object_object_del(answer, "moderation");
    }
    return answer;
}

static struct json_object *complete(const struct visit *visit, struct json_object *request)
{
    const struct flaw *const *flaws = visit->service->flaws;
    flaws_apply(flaws, IN_REQUEST, request);
    struct json_object *answer = answer_of_profile(visit, request);
    int64_t tokens = jo_int(jo_path(answer, "usage", "total_tokens", NULL), 0);
    bool stream = jo_true(jo_get(request, "stream"));
    struct json_object *reply = start_reply(visit, 200, stream ? "text/event-stream; charset=utf-8" : "application/json", tokens);
    if (stream) {
        jo_put(jo_get(reply, "headers"), "cache-control", jo_string("no-cache"));
        jo_put(reply, "events", chunks_make(answer, request, visit->service->profile == CC_OPENAI));
        jo_put(reply, "before", jo_string("data: "));
        jo_put(reply, "after", jo_string("\n\n"));
        jo_put(reply, "end", jo_string("data: [DONE]\n\n"));
        struct json_object *pace = jo_object();
        jo_put(pace, "between_ms", jo_integer(1));
        jo_put(reply, "pace", pace);
        json_object_put(answer);
    } else {
        jo_put(reply, "body", answer);
    }
    flaws_apply(flaws, stream ? IN_STREAM : IN_ANSWER, reply);
    return reply;
}

/* What a fault does instead of answering. */
static struct json_object *strike(const struct visit *visit, const struct fault *fault)
{
    if (fault->effect == FAULT_FAIL)
        return refuse(visit, 500, refusal_make("Something went wrong.", "server_error", NULL, NULL));
    if (fault->effect == FAULT_REFUSE)
        return refuse(visit, 400, refusal_make("This is not supported.", "invalid_request_error", fault->param, "unsupported_value"));
    struct json_object *reply = refuse(visit, fault->effect == FAULT_DROP ? 0 : 500, refusal_make("It took too long.", "server_error", NULL, NULL));
    jo_put(reply, "wait_ms", jo_integer(fault->effect == FAULT_HANG ? HANG_MS : 0));
    return reply;
}

static struct json_object *chat(const struct visit *visit)
{
    struct json_object *reply = strcmp(visit->call->method, "POST") == 0 ? NULL : refuse_method(visit, "POST");
    const struct fault *const *faults = visit->service->faults;
    reply = reply || faults_with(faults, FAULT_NO_KEY) ? reply : check_key(visit);
    reply = reply || faults_with(faults, FAULT_ANY_TYPE) ? reply : check_form(visit);
    if (reply)
        return reply;
    struct json_object *request = NULL;
    cc_read_object(visit->call->body, visit->call->length, NULL, &request, NULL, 0);
    const struct fault *fault = faults_strike(faults, visit->call, request);
    reply = fault ? strike(visit, fault) : check_body(visit, request);
    if (!reply && !jo_is(jo_get(request, "model"), MODEL))
        reply = refuse_model(visit, jo_text(jo_get(request, "model")));
    reply = reply ? reply : complete(visit, request);
    json_object_put(request);
    return reply;
}

static struct json_object *model_object(void)
{
    struct json_object *model = jo_object();
    jo_put(model, "id", jo_string(MODEL));
    jo_put(model, "object", jo_string("model"));
    jo_put(model, "created", jo_integer(MODEL_CREATED));
    jo_put(model, "owned_by", jo_string("chatconform"));
    return model;
}

/* The list of models, or one of them when `name` is given. */
static struct json_object *models(const struct visit *visit, const char *name)
{
    const char *method = visit->call->method;
    char shown[SHOWN];
    struct json_object *reply = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ? NULL : refuse_method(visit, "GET, HEAD");
    reply = reply ? reply : check_key(visit);
    if (!reply && name && strcmp(name, MODEL) != 0) {
        show(name, shown);
        reply = refuse_model(visit, shown);
    }
    if (reply)
        return reply;
    reply = start_reply(visit, 200, "application/json", 0);
    if (name) {
        jo_put(reply, "body", model_object());
        return reply;
    }
    struct json_object *list = jo_object(), *data = jo_array();
    jo_push(data, model_object());
    jo_put(list, "object", jo_string("list"));
    jo_put(list, "data", data);
    jo_put(reply, "body", list);
    return reply;
}

static struct json_object *route(const struct visit *visit)
{
    const char *path = visit->call->path;
    path += strncmp(path, "/v1/", 4) == 0 ? 3 : 0;
    if (strcmp(path, "/chat/completions") == 0)
        return chat(visit);
    if (strcmp(path, "/models") == 0)
        return models(visit, NULL);
    if (strncmp(path, "/models/", 8) == 0 && path[8])
        return models(visit, path + 8);
    return refuse_path(visit);
}

struct json_object *service_answer(const struct service *service, const struct call *call)
{
    struct visit visit = {service, call, digest_bytes(call->path, strlen(call->path))};
    visit.digest = digest_mix(visit.digest ^ digest_bytes(call->body ? call->body : "", call->length));
    jo_lost();
    struct json_object *reply = route(&visit);
    if (jo_lost()) {
        json_object_put(reply);
        reply = out_of_memory(&visit);
    }
    const struct fault *blame = faults_with(service->faults, FAULT_BLAME);
    if (jo_int(jo_get(reply, "status"), 0) >= 400)
        flaws_apply(service->flaws, IN_ERROR, reply);
    if (blame && jo_int(jo_get(reply, "status"), 0) == 400)
        jo_put(jo_path(reply, "body", "error", NULL), "param", jo_string(blame->param));
    return reply;
}
