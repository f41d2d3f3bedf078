/* service.c: see service.h.
 *
 * The order of refusals is that of the official endpoint: path, method, key, media type, size, the body's form, and last the model. */
#include "endpoint/service.h"

#include "endpoint/answer.h"
#include "endpoint/chunks.h"
#include "endpoint/digest.h"
#include "endpoint/refusal.h"
#include "endpoint/stored.h"
#include "endpoint/tamper.h"
#include "endpoint/visit.h"

#include <string.h>

enum { MODEL_CREATED = 1785542400, HANG_MS = 3000 };

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
    if (jo_true(jo_get(request, "store")))
        store_keep(visit->service->store, request, answer);
    struct json_object *reply = visit_reply(visit, 200, stream ? "text/event-stream; charset=utf-8" : "application/json", tokens);
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
        return visit_refuse(visit, 500, refusal_make("Something went wrong.", "server_error", NULL, NULL));
    if (fault->effect == FAULT_REFUSE)
        return visit_refuse(visit, 400, refusal_make("This is not supported.", "invalid_request_error", fault->param, "unsupported_value"));
    struct json_object *reply = visit_refuse(visit, fault->effect == FAULT_DROP ? 0 : 500, refusal_make("It took too long.", "server_error", NULL, NULL));
    jo_put(reply, "wait_ms", jo_integer(fault->effect == FAULT_HANG ? HANG_MS : 0));
    return reply;
}

static struct json_object *chat(const struct visit *visit)
{
    struct json_object *reply = strcmp(visit->call->method, "POST") == 0 ? NULL : visit_refuse_method(visit, "GET, POST");
    const struct fault *const *faults = visit->service->faults;
    reply = reply || faults_with(faults, FAULT_NO_KEY) ? reply : visit_check_key(visit);
    reply = reply || faults_with(faults, FAULT_ANY_TYPE) ? reply : visit_check_form(visit);
    if (reply)
        return reply;
    struct json_object *request = NULL;
    cc_read_object(visit->call->body, visit->call->length, NULL, &request, NULL, 0);
    const struct fault *fault = faults_strike(faults, visit->call, request);
    reply = fault ? strike(visit, fault) : visit_check_body(visit, visit->call->body, visit->call->length, request);
    if (!reply && !jo_is(jo_get(request, "model"), VISIT_MODEL))
        reply = visit_refuse_model(visit, jo_text(jo_get(request, "model")));
    reply = reply ? reply : complete(visit, request);
    json_object_put(request);
    return reply;
}

static struct json_object *model_object(void)
{
    struct json_object *model = jo_object();
    jo_put(model, "id", jo_string(VISIT_MODEL));
    jo_put(model, "object", jo_string("model"));
    jo_put(model, "created", jo_integer(MODEL_CREATED));
    jo_put(model, "owned_by", jo_string("chatconform"));
    return model;
}

/* The list of models, or one of them when `name` is given. */
static struct json_object *models(const struct visit *visit, const char *name)
{
    const char *method = visit->call->method;
    char shown[VISIT_SHOWN];
    struct json_object *reply = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0 ? NULL : visit_refuse_method(visit, "GET, HEAD");
    reply = reply ? reply : visit_check_key(visit);
    if (!reply && name && strcmp(name, VISIT_MODEL) != 0) {
        visit_show(name, shown);
        reply = visit_refuse_model(visit, shown);
    }
    if (reply)
        return reply;
    if (name)
        return visit_give(visit, model_object());
    struct json_object *list = jo_object(), *data = jo_array();
    jo_push(data, model_object());
    jo_put(list, "object", jo_string("list"));
    jo_put(list, "data", data);
    return visit_give(visit, list);
}

static struct json_object *route(const struct visit *visit)
{
    const char *path = visit->call->path;
    path += strncmp(path, "/v1/", 4) == 0 ? 3 : 0;
    if (strcmp(path, "/chat/completions") == 0 && strcmp(visit->call->method, "GET") != 0)
        return chat(visit);
    if (strcmp(path, "/chat/completions") == 0 || strncmp(path, "/chat/completions/", 18) == 0)
        return stored_answer(visit, path + 17);
    if (strcmp(path, "/models") == 0)
        return models(visit, NULL);
    if (strncmp(path, "/models/", 8) == 0 && path[8])
        return models(visit, path + 8);
    return visit_refuse_path(visit);
}

struct json_object *service_answer(const struct service *service, const struct call *call)
{
    struct visit visit = {service, call, digest_bytes(call->path, strlen(call->path))};
    visit.digest = digest_mix(visit.digest ^ digest_bytes(call->body ? call->body : "", call->length));
    jo_lost();
    struct json_object *reply = route(&visit);
    if (jo_lost()) {
        json_object_put(reply);
        reply = visit_refuse_memory(&visit);
    }
    const struct fault *blame = faults_with(service->faults, FAULT_BLAME);
    if (jo_int(jo_get(reply, "status"), 0) >= 400)
        flaws_apply(service->flaws, IN_ERROR, reply);
    if (blame && jo_int(jo_get(reply, "status"), 0) == 400)
        jo_put(jo_path(reply, "body", "error", NULL), "param", jo_string(blame->param));
    if (service->tamper)
        tamper_apply(service->tamper, call, reply);
    return reply;
}
