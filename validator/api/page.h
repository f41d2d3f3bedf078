/* page.h: what a page of a list promises, whatever is listed: stored completions, or the messages of one. */
#ifndef CC_PAGE_H
#define CC_PAGE_H

#include "validator/lib/shape.h"

bool page_first_id_fits(struct ask *ask);
bool page_last_id_fits(struct ask *ask);
bool page_empty_is_last(struct ask *ask);
bool page_ids_differ(struct ask *ask);

/* The rows of a page; the rest describes an item, whose sample's id is `id_`. */
#define PAGE_FIELDS(id_, ...) \
    {"object", REQUIRED, .is = STR, WORDS(W("list"))}, \
    {"data", REQUIRED, .is = ARR, EACH(.is = OBJ, .beside = "{\"first_id\": \"" id_ "\", \"last_id\": \"" id_ "\"}", __VA_ARGS__), \
     .says = "what is on the page", .sample = "[]"}, \
    {"first_id", REQUIRED, .is = STR | NIL, .says = "the id of the first; null is tolerated on an empty page", .sample = "null"}, \
    {"last_id", REQUIRED, .is = STR | NIL, .says = "the id of the last; null is tolerated on an empty page", .sample = "null"}, \
    {"has_more", REQUIRED, .is = BOOL, .says = "whether another page follows", .sample = "false"}

/* The rules of a page. `one` is an item whose id is `id`, as JSON text. */
#define PAGE_RULES(prefix, source, one, id_) \
    {.id = prefix ".first_id.matches", .holds = page_first_id_fits, .level = CC_MUST, .says = "first_id is the id of the first item", \
     .ref = source ".first_id", .when = "data", READS("first_id", "data/*/id"), \
     .good = "{\"data\": [" one "], \"first_id\": \"" id_ "\", \"last_id\": \"" id_ "\"}", \
     .bad = "{\"data\": [" one "], \"first_id\": \"other\", \"last_id\": \"" id_ "\"}"}, \
    {.id = prefix ".last_id.matches", .holds = page_last_id_fits, .level = CC_MUST, .says = "last_id is the id of the last item", \
     .ref = source ".last_id", .when = "data", READS("last_id", "data/*/id"), \
     .good = "{\"data\": [" one "], \"first_id\": \"" id_ "\", \"last_id\": \"" id_ "\"}", \
     .bad = "{\"data\": [" one "], \"first_id\": \"" id_ "\", \"last_id\": null}"}, \
    {.id = prefix ".has_more.empty", .holds = page_empty_is_last, .level = CC_SHOULD, .says = "no page follows an empty one", \
     .ref = "newapi:list.has_more", .when = "data", READS("data", "has_more"), .good = "{\"has_more\": false}", \
     .bad = "{\"has_more\": true}"}, \
    {.id = prefix ".data.id.unique", .holds = page_ids_differ, .level = CC_MUST, .says = "the items of a page have different ids", \
     .ref = source ".data", .when = "data", READS("data/*/id"), \
     .good = "{\"data\": [" one "], \"first_id\": \"" id_ "\", \"last_id\": \"" id_ "\"}", \
     .bad = "{\"data\": [" one ", " one "], \"first_id\": \"" id_ "\", \"last_id\": \"" id_ "\"}"}

#endif
