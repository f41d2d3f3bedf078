/* store.h: the completions that requests asked to keep (store: true). The newest are kept, within bounds; safe to use from several threads.
 *
 * Whatever is handed out is a copy that the caller puts, because json-c's counts of references are not made for threads. */
#ifndef STORE_H
#define STORE_H

#include "harness/base/jo.h"

enum {
    STORE_KEPT = 100,                /* completions; an older one makes room for a newer one */
    STORE_BYTES = 32 * 1024 * 1024, /* of their requests and answers together */
};

struct store;

/* NULL when memory runs out. */
struct store *store_new(void);
void store_free(struct store *store);

/* Keeps a copy of an answer and of the messages of its request. One with the same id is replaced; one that alone is over the bound is not
 * kept. `store` may be NULL: nothing is kept, then, and nothing found. */
void store_keep(struct store *store, struct json_object *request, struct json_object *answer);
/* All answers, the oldest kept first. */
struct json_object *store_answers(struct store *store);
/* The answer with that id, or NULL. */
struct json_object *store_find(struct store *store, const char *id);
/* The messages that it answers, or NULL. */
struct json_object *store_messages(struct store *store, const char *id);
/* Gives it another metadata, of which a copy is made. False when there is none with that id. */
bool store_update(struct store *store, const char *id, struct json_object *metadata);
bool store_remove(struct store *store, const char *id);

#endif
