/* stored.c: see stored.h. */
#include "endpoint/stored.h"

#include "endpoint/refusal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    PAGE = 20, PAGE_MAX = 100, /* items of a page: when nothing is said, and at most */
    ID_MAX = 64,               /* bytes; the ids given out here are shorter */
};

static struct json_object *refuse_parameter(const struct visit *visit, const char *name, const char *says)
{
    char message[256];
    snprintf(message, sizeof message, "%s %s.", name, says);
    return visit_refuse(visit, 400, refusal_make(message, "invalid_request_error", name, "invalid_value"));
}

static struct json_object *refuse_id(const struct visit *visit, const char *id)
{
    char message[256], shown[VISIT_SHOWN];
    visit_show(id, shown);
    snprintf(message, sizeof message, "No completion with the id %s is kept.", shown);
    return visit_refuse(visit, 404, refusal_make(message, "invalid_request_error", NULL, NULL));
}

/* --- pages */

static struct json_object *check_page(const struct visit *visit)
{
    struct json_object *limit = jo_get(visit->call->query, "limit"), *order = jo_get(visit->call->query, "order");
    const char *digits = jo_text(limit);
    long number = strlen(digits) < 4 ? strtol(digits, NULL, 10) : 0;
    if (limit && (digits[strspn(digits, "0123456789")] != '\0' || number < 1 || number > PAGE_MAX))
        return refuse_parameter(visit, "limit", "must be a number from 1 to 100");
    if (order && !jo_is(order, "asc") && !jo_is(order, "desc"))
        return refuse_parameter(visit, "order", "must be asc or desc");
    return NULL;
}

/* The place behind the item with that id, in the order of the page. False when there is none. */
static bool find_start(struct json_object *items, bool falling, struct json_object *after, size_t *start)
{
    size_t count = jo_length(items);
    *start = 0;
    for (size_t i = 0; after && i < count; i++)
        if (jo_is(jo_get(jo_item(items, falling ? count - 1 - i : i), "id"), jo_text(after)))
            *start = i + 1;
    return !after || *start > 0;
}

/* The page of `items`, which is taken over, that the call asks for. */
static struct json_object *give_page(const struct visit *visit, struct json_object *items)
{
    struct json_object *query = visit->call->query, *page = jo_object(), *data = jo_array();
    bool falling = jo_is(jo_get(query, "order"), "desc");
    size_t count = jo_length(items), start, limit = jo_get(query, "limit") ? strtoul(jo_text(jo_get(query, "limit")), NULL, 10) : PAGE;
    bool found = find_start(items, falling, jo_get(query, "after"), &start);
    for (size_t i = start; i < count && i - start < limit; i++)
        jo_push(data, json_object_get(jo_item(items, falling ? count - 1 - i : i)));
    json_object_put(items);
    jo_put(page, "object", jo_string("list"));
    jo_put(page, "data", data);
    jo_put(page, "first_id", json_object_get(jo_get(jo_item(data, 0), "id")));
    jo_put(page, "last_id", json_object_get(jo_get(jo_item(data, jo_length(data) - 1), "id")));
    jo_put(page, "has_more", jo_bool(count - start > limit));
    if (found)
        return visit_give(visit, page);
    json_object_put(page);
    return refuse_parameter(visit, "after", "must be an id of this list");
}

/* --- the list */

/* Whether a completion is one that the call asks for: by its model, and by each metadata[key]. */
static bool is_asked_for(struct json_object *query, struct json_object *answer)
{
    static const char start[] = "metadata[";
    struct json_object *model = jo_get(query, "model");
    bool fits = !model || jo_is(jo_get(answer, "model"), jo_text(model));
    if (!query)
        return fits;
    json_object_object_foreach(query, name, value)
    {
        size_t length = strlen(name), before = sizeof start - 1;
        if (length <= before || strncmp(name, start, before) != 0 || name[length - 1] != ']')
            continue;
        char key[128] = "";
        snprintf(key, sizeof key, "%.*s", (int)(length - before - 1), name + before);
        struct json_object *kept = jo_path(answer, "metadata", key, NULL);
        fits = fits && kept && jo_is(kept, jo_text(value));
    }
    return fits;
}

static int64_t created_of(const void *place)
{
    return jo_int(jo_get(*(struct json_object *const *)place, "created"), 0);
}

static int compare_created(const void *a, const void *b)
{
    int64_t one = created_of(a), other = created_of(b);
    return (one > other) - (one < other);
}

static struct json_object *list(const struct visit *visit)
{
    struct json_object *all = store_answers(visit->service->store), *items = jo_array();
    for (size_t i = 0; i < jo_length(all); i++)
        if (is_asked_for(visit->call->query, jo_item(all, i)))
            jo_push(items, json_object_get(jo_item(all, i)));
    json_object_put(all);
    if (items)
        json_object_array_sort(items, compare_created);
    return give_page(visit, items);
}

/* --- one completion */

/* A message as the list of messages has it: parts stand beside the content. NULL for parts that such a list cannot hold, as sound. */
static struct json_object *message_item(struct json_object *message, const char *id, size_t index)
{
    static const char *const copied[] = {"role", "content", "refusal", "name", "tool_calls", "function_call", "tool_call_id"};
    char name[ID_MAX + 32];
    struct json_object *item = jo_object(), *content = jo_get(message, "content");
    bool parts = json_object_is_type(content, json_type_array);
    snprintf(name, sizeof name, "%s-%zu", id, index);
    jo_put(item, "id", jo_string(name));
    for (size_t i = 0; i < sizeof copied / sizeof *copied; i++)
        if (i < 3 || jo_get(message, copied[i]))
            jo_put(item, copied[i], parts && i == 1 ? NULL : json_object_get(jo_get(message, copied[i])));
    struct json_object *kept = parts ? jo_array() : NULL;
    for (size_t i = 0; i < jo_length(content); i++)
        if (jo_is(jo_get(jo_item(content, i), "type"), "text") || jo_is(jo_get(jo_item(content, i), "type"), "image_url"))
            jo_push(kept, json_object_get(jo_item(content, i)));
    jo_put(item, "content_parts", kept);
    return item;
}

static struct json_object *messages(const struct visit *visit, const char *id)
{
    struct json_object *asked = store_messages(visit->service->store, id), *items = jo_array();
    for (size_t i = 0; i < jo_length(asked); i++) {
        struct json_object *item = message_item(jo_item(asked, i), id, i);
        if (item && visit->service->profile == CC_NEWAPI)
            json_object_object_del(item, "content_parts"); /* the older profile's document has none */
        jo_push(items, item);
    }
    json_object_put(asked);
    if (asked)
        return give_page(visit, items);
    json_object_put(items);
    return refuse_id(visit, id);
}

static struct json_object *read_one(const struct visit *visit, const char *id)
{
    struct json_object *answer = store_find(visit->service->store, id);
    return answer ? visit_give(visit, answer) : refuse_id(visit, id);
}

/* Only the metadata can be changed. It is judged as part of a request, so that the same table says what it may be. */
static struct json_object *update(const struct visit *visit, const char *id)
{
    struct json_object *reply = visit_check_form(visit), *change = NULL;
    if (reply)
        return reply;
    cc_read_object(visit->call->body, visit->call->length, NULL, &change, NULL, 0);
    struct json_object *request =
        jo_read("{\"model\":\"" VISIT_MODEL "\",\"messages\":[{\"role\":\"user\",\"content\":\"\"}],\"store\":true}");
    struct json_object *metadata = jo_get(change, "metadata");
    jo_put(request, "metadata", jo_copy(metadata));
    size_t length = 0;
    const char *text = jo_write(request, &length);
    reply = change ? visit_check_body(visit, text, length, request) : visit_check_body(visit, visit->call->body, visit->call->length, NULL);
    if (!reply && !metadata)
        reply = visit_refuse(visit, 400,
                             refusal_make("metadata is missing", "invalid_request_error", "metadata", "missing_required_parameter"));
    if (!reply)
        store_update(visit->service->store, id, metadata);
    json_object_put(request);
    json_object_put(change);
    return reply ? reply : read_one(visit, id);
}

static struct json_object *delete(const struct visit *visit, const char *id)
{
    if (!store_remove(visit->service->store, id))
        return refuse_id(visit, id);
    struct json_object *body = jo_object();
    jo_put(body, "object", jo_string("chat.completion.deleted"));
    jo_put(body, "id", jo_string(id));
    jo_put(body, "deleted", jo_bool(true));
    return visit_give(visit, body);
}

static struct json_object *one(const struct visit *visit, const char *id)
{
    if (strcmp(visit->call->method, "POST") == 0)
        return update(visit, id);
    if (strcmp(visit->call->method, "DELETE") == 0)
        return delete(visit, id);
    return read_one(visit, id);
}

struct json_object *stored_answer(const struct visit *visit, const char *rest)
{
    char id[ID_MAX] = "";
    size_t length = *rest ? strcspn(rest + 1, "/") : 0;
    const char *behind = rest + (*rest ? 1 : 0) + length, *method = visit->call->method;
    bool is_one = length > 0 && *behind == '\0', is_page = !*rest || (length > 0 && strcmp(behind, "/messages") == 0);
    if ((!is_one && !is_page) || length >= sizeof id)
        return visit_refuse_path(visit);
    memcpy(id, rest + (*rest ? 1 : 0), length);
    bool changes = strcmp(method, "POST") == 0 || strcmp(method, "DELETE") == 0;
    if (strcmp(method, "GET") != 0 && !(is_one && changes))
        return visit_refuse_method(visit, is_one ? "GET, POST, DELETE" : "GET");
    struct json_object *reply = visit_check_key(visit);
    reply = reply || !is_page ? reply : check_page(visit);
    if (reply)
        return reply;
    return is_one ? one(visit, id) : *rest ? messages(visit, id) : list(visit);
}
