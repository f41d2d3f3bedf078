/* store.c: see store.h. */
#include "endpoint/store.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct kept {
    struct json_object *answer, *messages;
    size_t bytes;
};

struct store {
    pthread_mutex_t lock;
    struct kept kept[STORE_KEPT]; /* the oldest first */
    size_t count, bytes;
};

struct store *store_new(void)
{
    struct store *store = calloc(1, sizeof *store);
    if (store && pthread_mutex_init(&store->lock, NULL) != 0) {
        free(store);
        return NULL;
    }
    return store;
}

static void drop(struct store *store, size_t index)
{
    struct kept *kept = &store->kept[index];
    store->bytes -= kept->bytes;
    json_object_put(kept->answer);
    json_object_put(kept->messages);
    store->count--;
    memmove(kept, kept + 1, (store->count - index) * sizeof *kept);
}

void store_free(struct store *store)
{
    if (!store)
        return;
    while (store->count > 0)
        drop(store, store->count - 1);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

/* The place of the one with that id; `count` when there is none. */
static size_t place_of(const struct store *store, const char *id)
{
    size_t i = 0;
    while (i < store->count && !jo_is(jo_get(store->kept[i].answer, "id"), id))
        i++;
    return i;
}

static size_t size_of(struct json_object *value)
{
    size_t length = 0;
    jo_write(value, &length);
    return length;
}

void store_keep(struct store *store, struct json_object *request, struct json_object *answer)
{
    struct json_object *messages = jo_get(request, "messages");
    struct kept kept = {.bytes = size_of(messages) + size_of(answer)};
    if (!store || kept.bytes > STORE_BYTES)
        return;
    kept.answer = jo_copy(answer);
    kept.messages = jo_copy(messages);
    pthread_mutex_lock(&store->lock);
    size_t same = place_of(store, jo_text(jo_get(answer, "id")));
    if (same < store->count)
        drop(store, same);
    while (store->count == STORE_KEPT || store->bytes > STORE_BYTES - kept.bytes)
        drop(store, 0);
    store->kept[store->count++] = kept;
    store->bytes += kept.bytes;
    pthread_mutex_unlock(&store->lock);
}

struct json_object *store_answers(struct store *store)
{
    struct json_object *answers = jo_array();
    if (!store)
        return answers;
    pthread_mutex_lock(&store->lock);
    for (size_t i = 0; i < store->count; i++)
        jo_push(answers, jo_copy(store->kept[i].answer));
    pthread_mutex_unlock(&store->lock);
    return answers;
}

static struct json_object *copy_of(struct store *store, const char *id, bool messages)
{
    if (!store)
        return NULL;
    pthread_mutex_lock(&store->lock);
    size_t place = place_of(store, id);
    const struct kept *kept = place < store->count ? &store->kept[place] : NULL;
    struct json_object *copy = kept ? jo_copy(messages ? kept->messages : kept->answer) : NULL;
    pthread_mutex_unlock(&store->lock);
    return copy;
}

struct json_object *store_find(struct store *store, const char *id)
{
    return copy_of(store, id, false);
}

struct json_object *store_messages(struct store *store, const char *id)
{
    return copy_of(store, id, true);
}

bool store_update(struct store *store, const char *id, struct json_object *metadata)
{
    if (!store)
        return false;
    pthread_mutex_lock(&store->lock);
    size_t place = place_of(store, id);
    bool found = place < store->count;
    if (found)
        jo_put(store->kept[place].answer, "metadata", jo_copy(metadata));
    pthread_mutex_unlock(&store->lock);
    return found;
}

bool store_remove(struct store *store, const char *id)
{
    if (!store)
        return false;
    pthread_mutex_lock(&store->lock);
    size_t place = place_of(store, id);
    bool found = place < store->count;
    if (found)
        drop(store, place);
    pthread_mutex_unlock(&store->lock);
    return found;
}
