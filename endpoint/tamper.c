/* tamper.c: see tamper.h. */
#include "endpoint/tamper.h"

#include "chatconform.h"
#include "harness/base/words.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tamper {
    struct json_object *text; /* all strings of the edits live in it */
    const char *on;
    bool raw;
    struct edit *edits;
    size_t edit_count;
    atomic_size_t count;
};

/* --- reading */

/* The verbs as they are written, with the member that holds what they bring. */
static const struct {
    const char *word;
    enum edit_verb verb;
    const char *value;
} verbs[] = {
    {"remove", EDIT_REMOVE, NULL},       {"set", EDIT_SET, "to"},           {"replace", EDIT_REPLACE, "with"},
    {"add", EDIT_ADD, "by"},             {"append", EDIT_APPEND, "value"},  {"repeat", EDIT_REPEAT, "times"},
    {"parse", EDIT_PARSE, NULL},         {"cut", EDIT_CUT, "to"},           {"shorten", EDIT_SHORTEN, "by"},
    {"insert", EDIT_INSERT, "value"},    {"swap", EDIT_SWAP, NULL},         {"rename", EDIT_RENAME, "to"},
    {"quote", EDIT_QUOTE, NULL},         {"wrap", EDIT_WRAP, NULL},         {"spoil", EDIT_SPOIL, NULL},
    {"exchange", EDIT_EXCHANGE, "with"}, {0},
};

/* Text of a member, or NULL. */
static const char *text_of(struct json_object *object, const char *key)
{
    struct json_object *value = jo_get(object, key);
    return json_object_is_type(value, json_type_string) ? jo_text(value) : NULL;
}

/* False when the object is no edit. */
static bool read_edit(struct json_object *object, struct edit *edit)
{
    size_t i = 0, length;
    while (verbs[i].word && !jo_is(jo_get(object, "do"), verbs[i].word))
        i++;
    if (!verbs[i].word)
        return false;
    *edit = (struct edit){.verb = verbs[i].verb, .pointer = text_of(object, "at"), .from = text_of(object, "from"),
                          .find = text_of(object, "find")};
    bool has_value = verbs[i].value && jo_has(object, verbs[i].value);
    if (has_value)
        edit->value = json_object_to_json_string_length(jo_get(object, verbs[i].value), JSON_C_TO_STRING_PLAIN, &length);
    bool needs_value = verbs[i].value && edit->verb != EDIT_REPEAT;
    return edit->pointer && *edit->pointer == '/' && (edit->from || has_value || !needs_value) && (edit->find || edit->verb != EDIT_EXCHANGE);
}

static bool read_edits(struct tamper *tamper, char *why, size_t why_size)
{
    struct json_object *edits = jo_get(tamper->text, "edit");
    tamper->edit_count = jo_length(edits);
    tamper->edits = calloc(tamper->edit_count + 1, sizeof *tamper->edits);
    for (size_t i = 0; tamper->edits && i < tamper->edit_count; i++)
        if (!read_edit(jo_item(edits, i), &tamper->edits[i])) {
            snprintf(why, why_size, "edit %zu has no verb, or lacks what its verb needs", i + 1);
            return false;
        }
    if (!tamper->edits)
        snprintf(why, why_size, "memory ran out");
    else if (tamper->edit_count == 0)
        snprintf(why, why_size, "there is no edit");
    return tamper->edits && tamper->edit_count > 0;
}

struct tamper *tamper_new(const char *json, char *why, size_t why_size)
{
    struct tamper *tamper = calloc(1, sizeof *tamper);
    if (!tamper || !cc_read_object(json, strlen(json), NULL, &tamper->text, why, why_size)) {
        if (!tamper)
            snprintf(why, why_size, "memory ran out");
        free(tamper);
        return NULL;
    }
    tamper->on = jo_text(jo_get(tamper->text, "on"));
    tamper->raw = jo_true(jo_get(tamper->text, "raw"));
    if (read_edits(tamper, why, why_size))
        return tamper;
    tamper_free(tamper);
    return NULL;
}

void tamper_free(struct tamper *tamper)
{
    if (!tamper)
        return;
    json_object_put(tamper->text);
    free(tamper->edits);
    free(tamper);
}

/* --- applying */

/* What a reply is, as mutants call it; "" for what is none of these. */
static const char *kind_of(const struct call *call, struct json_object *reply)
{
    bool get = strcmp(call->method, "GET") == 0;
    if (jo_int(jo_get(reply, "status"), 0) >= 400)
        return "error";
    if (jo_has(reply, "events"))
        return "stream";
    if (!strstr(call->path, "/chat/completions"))
        return ends_with(call->path, "/models") ? "models" : strstr(call->path, "/models/") ? "model" : "";
    if (ends_with(call->path, "/chat/completions"))
        return get ? "list" : "answer";
    return ends_with(call->path, "/messages") ? "messages" : strcmp(call->method, "DELETE") == 0 ? "deletion" : "stored";
}

static bool all_met(struct json_object *conditions, struct json_object *document)
{
    for (size_t i = 0; i < jo_length(conditions); i++)
        if (!edit_meets(document, jo_text(jo_item(conditions, i))))
            return false;
    return true;
}

/* An event as it goes out: a new string. */
static struct json_object *spelled(struct json_object *reply, struct json_object *event)
{
    struct printbuf *buffer = jo_buffer();
    size_t length;
    const char *text = jo_write(event, &length), *before = jo_text(jo_get(reply, "before")), *after = jo_text(jo_get(reply, "after"));
    jo_append_text(buffer, before);
    jo_append(buffer, text, length);
    jo_append_text(buffer, after);
    return jo_buffer_string(buffer);
}

static void spell_out(struct json_object *reply)
{
    struct json_object *events = jo_get(reply, "events");
    size_t length;
    for (size_t i = 0; i < jo_length(events); i++)
        json_object_array_put_idx(events, i, spelled(reply, jo_item(events, i)));
    if (events)
        return;
    const char *text = jo_write(jo_get(reply, "body"), &length);
    jo_put(reply, "text", jo_bytes(text, length));
}

void tamper_apply(struct tamper *tamper, const struct call *call, struct json_object *reply)
{
    struct json_object *request = NULL;
    size_t places = 0;
    if (strcmp(kind_of(call, reply), tamper->on) != 0 || !all_met(jo_get(tamper->text, "where"), reply))
        return;
    cc_read_object(call->body, call->length, NULL, &request, NULL, 0);
    if (all_met(jo_get(tamper->text, "asked"), request)) {
        if (tamper->raw)
            spell_out(reply);
        jo_put(reply, "request", json_object_get(request));
        for (size_t i = 0; i < tamper->edit_count; i++)
            places += edit_apply(&tamper->edits[i], reply);
        json_object_object_del(reply, "request");
    }
    json_object_put(request);
    if (places > 0)
        atomic_fetch_add(&tamper->count, 1);
}

size_t tamper_count(const struct tamper *tamper)
{
    return atomic_load(&tamper->count);
}
