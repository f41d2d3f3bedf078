/* shrink.c: see shrink.h.
 *
 * First the boldest guesses: a bare request with nothing but the member at fault, for what is long one with a question as long, then all
 * members with a plain question. Then, from the root down, children are taken out of each array and object, all at once, then halves, then
 * one by one; an assistant's message goes with the results of its calls. At last texts and numbers are made simple. Again from the start,
 * until nothing changes any more. */
#include "fuzzer/shrink.h"

#include "harness/base/jo_place.h"
#include "harness/base/words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 24, POINTER_MAX = 1024, ROUNDS = 4, LONG = 1000, PAIRS_MAX = 8, PICKS_MAX = 8 };

struct state {
    struct shrinking *s;
    struct json_object *best;
};

static bool is_over(const struct state *state) { return state->s->spent >= state->s->budget || state->s->tries >= SHRINK_TRIES_MAX; }

/* Takes the candidate over; true when it is the best now. */
static bool try(struct state *state, struct json_object *candidate)
{
    long cost = 1;
    if (is_over(state) || !candidate || jo_lost()) {
        json_object_put(candidate);
        return false;
    }
    state->s->tries++;
    bool still = state->s->still(state->s->context, candidate, &cost);
    state->s->spent += cost;
    struct json_object *worse = still ? state->best : candidate;
    if (still) state->best = candidate;
    json_object_put(worse);
    return still;
}

/* --- guesses */

static void guess(struct state *state, bool keep_messages, bool keep_member)
{
    char member[128] = "";
    struct json_object *made = jo_object(), *best = state->best;
    const char *pointer = state->s->pointer;
    if (pointer && *pointer == '/') snprintf(member, sizeof member, "%.*s", (int)strcspn(pointer + 1, "/"), pointer + 1);
    if (jo_has(best, "model")) jo_put(made, "model", jo_copy(jo_get(best, "model")));
    if (keep_messages || strcmp(member, "messages") == 0) {
        if (jo_has(best, "messages")) jo_put(made, "messages", jo_copy(jo_get(best, "messages")));
    } else {
        jo_put(made, "messages", jo_read(JSON([{"role": "user", "content": "Hi"}])));
    }
    if (keep_member && *member && !jo_has(made, member) && jo_has(best, member)) jo_put(made, member, jo_copy(jo_get(best, member)));
    if (jo_members(made) < jo_members(best) || !keep_messages) try(state, made);
    else json_object_put(made);
}

/* All the same, but to a plain question: what is said hardly ever matters for what a parameter brings out. */
static void guess_plain_talk(struct state *state)
{
    struct json_object *made = jo_copy(state->best);
    if (!jo_has(made, "messages")) {
        json_object_put(made);
        return;
    }
    jo_put(made, "messages", jo_read(JSON([{"role": "user", "content": "Hi"}])));
    try(state, made);
}

/* Where the length alone matters, no message can go: but one long question will do for all of them. */
static void guess_long_question(struct state *state)
{
    size_t length = 0;
    jo_write(state->best, &length);
    char *text = length >= LONG ? malloc(length) : NULL;
    if (!text) return;
    memset(text, 'a', length);
    struct json_object *made = jo_read(JSON({"messages": [{"role": "user"}]}));
    jo_put(jo_item(jo_get(made, "messages"), 0), "content", jo_bytes(text, length));
    if (jo_has(state->best, "model")) jo_put(made, "model", jo_copy(jo_get(state->best, "model")));
    try(state, made);
    free(text);
}

/* --- taking children out */

static size_t children(struct json_object *value) { return jo_is_array(value) ? jo_length(value) : jo_members(value); }

static struct json_object *at(struct json_object *root, const char *pointer)
{
    struct json_object *value = NULL;
    return pointer_get(root, pointer, &value) ? value : NULL;
}

static void remove_member(struct json_object *object, size_t index)
{
    size_t i = 0;
    json_object_object_foreach(object, key, value)
    {
        (void)value;
        if (i++ == index) {
            json_object_object_del(object, key);
            return;
        }
    }
}

/* The best without children [from, to) of the value at `pointer`. */
static struct json_object *without(struct state *state, const char *pointer, size_t from, size_t to)
{
    struct json_object *made = jo_copy(state->best), *parent = at(made, pointer);
    for (size_t i = to; i-- > from;) {
        if (jo_is_array(parent)) json_object_array_del_idx(parent, i, 1);
        else if (jo_is_object(parent)) remove_member(parent, i);
    }
    return made;
}

/* An assistant's message and the results of its calls are one piece. */
static size_t piece_end(struct json_object *array, size_t from)
{
    size_t end = from + 1;
    if (jo_length(jo_get(jo_item(array, from), "tool_calls")))
        while (end < jo_length(array) && jo_is(jo_get(jo_item(array, end), "role"), "tool")) end++;
    return end;
}

static void thin_out(struct state *state, const char *pointer, size_t chunk, bool pieces)
{
    size_t from = 0;
    while (!is_over(state)) {
        struct json_object *parent = at(state->best, pointer);
        size_t count = children(parent);
        if (from >= count) return;
        size_t to = pieces ? piece_end(parent, from) : from + chunk < count ? from + chunk : count;
        if (!try(state, without(state, pointer, from, to))) from = pieces ? to : from + chunk;
    }
}

/* Members may need each other, as audio and modalities do: then neither can go alone. */
static void thin_pairs(struct state *state)
{
    for (size_t i = 0; !is_over(state) && i < jo_members(state->best); i++)
        for (size_t k = i + 1; !is_over(state) && k < jo_members(state->best) && jo_members(state->best) <= PAIRS_MAX; k++) {
            struct json_object *made = jo_copy(state->best);
            remove_member(made, k);
            remove_member(made, i);
            if (try(state, made)) k = i;
        }
}

/* One message of several, with a plain question for all the others: some roles cannot stand alone. */
static void pick_message(struct state *state)
{
    size_t count = jo_length(jo_get(state->best, "messages"));
    for (size_t i = 0; count > 2 && i < count && i < PICKS_MAX; i++) {
        struct json_object *made = jo_copy(state->best), *two = jo_array();
        jo_push(two, jo_copy(jo_item(jo_get(made, "messages"), i)));
        jo_push(two, jo_read(JSON({"role": "user", "content": "Hi"})));
        jo_put(made, "messages", two);
        if (try(state, made)) return;
    }
}

static void thin(struct state *state, const char *pointer)
{
    bool messages = strcmp(pointer, "/messages") == 0;
    for (size_t chunk = children(at(state->best, pointer)); chunk > 0 && !is_over(state); chunk /= 2)
        thin_out(state, pointer, chunk, false);
    if (messages) thin_out(state, pointer, 1, true), pick_message(state);
    if (!*pointer) thin_pairs(state);
}

/* --- simple values */

static struct json_object *with(struct state *state, const char *pointer, struct json_object *value)
{
    char last[POINTER_STEP_MAX];
    struct json_object *made = jo_copy(state->best), *parent = NULL;
    if (jo_find(made, pointer, NULL, &parent, last) && parent && jo_set(parent, last, value)) return made;
    json_object_put(made);
    return NULL;
}

/* What matters in a long text may stand in either half. */
static void simplify_text(struct state *state, const char *pointer, struct json_object *value)
{
    size_t length = (size_t)json_object_get_string_len(value);
    if (length > 2 && try(state, with(state, pointer, jo_string("Hi")))) return;
    while (length > 4 && !is_over(state)) {
        struct json_object *now = at(state->best, pointer);
        const char *text = jo_text(now);
        length = (size_t)json_object_get_string_len(now);
        size_t half = text_cut(text, length / 2);
        if (!half) return;
        if (!try(state, with(state, pointer, jo_bytes(text, half))) &&
            !try(state, with(state, pointer, jo_bytes(text + half, length - half)))) return;
    }
}

static void simplify_leaf(struct state *state, const char *pointer, struct json_object *value)
{
    if (jo_is_text(value)) simplify_text(state, pointer, value);
    else if (json_object_is_type(value, json_type_double) && !try(state, with(state, pointer, jo_integer(1))))
        try(state, with(state, pointer, jo_integer(0)));
    else if (json_object_is_type(value, json_type_int) && json_object_get_int64(value) > 9) try(state, with(state, pointer, jo_integer(2)));
}

/* --- walking */

/* The pointer of child `index`; false when it does not fit. */
static bool child_pointer(struct json_object *parent, const char *pointer, size_t index, char out[POINTER_MAX])
{
    size_t i = 0, used = (size_t)snprintf(out, POINTER_MAX, "%s/", pointer);
    if (used + 1 >= POINTER_MAX) return false;
    if (jo_is_array(parent)) return (size_t)snprintf(out + used, POINTER_MAX - used, "%zu", index) < POINTER_MAX - used;
    json_object_object_foreach(parent, key, value)
    {
        (void)value;
        if (i++ != index) continue;
        for (; *key && used + 3 < POINTER_MAX; key++) {
            if (*key == '~' || *key == '/') out[used++] = '~', out[used++] = *key == '/' ? '1' : '0';
            else out[used++] = *key;
        }
        out[used] = '\0';
        return *key == '\0';
    }
    return false;
}

/* A whole conversation, or a content in parts, by the simplest there is. */
static bool replace_whole(struct state *state, const char *pointer, struct json_object *value)
{
    size_t length = strlen(pointer);
    if (strcmp(pointer, "/messages") == 0 && jo_length(value)) {
        struct json_object *last = jo_array();
        jo_push(last, jo_copy(jo_item(value, jo_length(value) - 1)));
        if (try(state, with(state, pointer, jo_read(JSON([{"role": "user", "content": "Hi"}]))))) {
            json_object_put(last);
            return true;
        }
        try(state, with(state, pointer, last));
        return false;
    }
    if (length > 8 && strcmp(pointer + length - 8, "/content") == 0 && jo_length(value))
        return try(state, with(state, pointer, jo_string("Hi")));
    return false;
}

static void reduce(struct state *state, const char *pointer, int depth)
{
    struct json_object *value = at(state->best, pointer);
    if (depth > DEPTH_MAX || is_over(state)) return;
    if (jo_is_array(value) && replace_whole(state, pointer, value)) return;
    value = at(state->best, pointer);
    if (!jo_is_object(value) && !jo_is_array(value)) {
        if (strcmp(pointer, "/model") != 0) simplify_leaf(state, pointer, value);
        return;
    }
    if (children(value)) thin(state, pointer);
    for (size_t i = 0; !is_over(state); i++) {
        char *child = malloc(POINTER_MAX);
        value = at(state->best, pointer);
        bool there = child && i < children(value) && child_pointer(value, pointer, i, child);
        if (there) reduce(state, child, depth + 1);
        free(child);
        if (!there) return;
    }
}

struct json_object *shrink(struct shrinking *s, struct json_object *payload)
{
    struct state state = {s, jo_copy(payload)};
    s->tries = s->spent = 0;
    if (!jo_is_object(payload)) return state.best;
    guess(&state, false, false);
    guess_long_question(&state);
    guess(&state, false, true);
    guess(&state, true, true);
    guess_plain_talk(&state);
    for (int round = 0; round < ROUNDS && !is_over(&state); round++) {
        size_t before, after;
        jo_write(state.best, &before);
        reduce(&state, "", 0);
        jo_write(state.best, &after);
        if (after >= before) break;
    }
    return state.best;
}
