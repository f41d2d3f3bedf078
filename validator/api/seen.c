/* seen.c: see seen.h. What an event adds to what is known. */
#include "validator/api/seen.h"

#include "validator/api/chunk.h"
#include "validator/api/merge.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* --- what an event is */

static bool looks_like_chunk(struct view event)
{
    return there(get(event, "object")) || there(get(event, "model")) || there(get(event, "created"));
}

enum payload payload_of(struct view event)
{
    if (!is(event, OBJ)) return PAYLOAD_NONE;
    if (there(get(event, "choices"))) return PAYLOAD_CHUNK;
    if (is_set(get(event, "error"))) return PAYLOAD_ERROR;
    return looks_like_chunk(event) ? PAYLOAD_CHUNK : PAYLOAD_STRANGE;
}

bool is_opening_filter(const struct seen *seen, struct view chunk)
{
    if (seen->chunks || seen->filter) return false;
    struct view choices = get(chunk, "choices"), id = get(chunk, "id");
    if (!is(choices, ARR) || count(choices) || is(get(chunk, "usage"), OBJ)) return false;
    return there(get(chunk, "prompt_filter_results")) || (is(id, STR) && !has_text(id));
}

bool is_filter_note(struct view chunk)
{
    struct view choices = get(chunk, "choices"), id = get(chunk, "id");
    if (!is(id, STR) || has_text(id) || !is(choices, ARR) || !count(choices)) return false;
    for (EVERY(choice, choices)) {
        bool filtered = there(get(choice, "content_filter_offsets")) || there(get(choice, "content_filter_results"));
        if (!filtered || there(get(choice, "delta"))) return false;
    }
    return true;
}

/* What Azure's filter says in chunks of its own lacks much of what a chunk has, and is one finding in all. */
enum cc_kind seen_kind(const void *state, struct view payload, const char **instead)
{
    static const enum cc_kind kinds[] = {
        [PAYLOAD_NONE] = CC_AUTO, [PAYLOAD_CHUNK] = CC_CHUNK, [PAYLOAD_ERROR] = CC_ERROR_BODY, [PAYLOAD_STRANGE] = CC_AUTO};
    enum payload what = payload_of(payload);
    if (what == PAYLOAD_CHUNK && is_opening_filter(state, payload)) *instead = "stream.chunk.leading_filter";
    else if (what == PAYLOAD_CHUNK && is_filter_note(payload)) *instead = "stream.chunk.filter_note";
    return kinds[what];
}

bool is_nearly_done(const char *data, size_t length)
{
    static const char around[] = " \t\r\n\"'";
    while (length && memchr(around, *data, sizeof around - 1)) data++, length--;
    while (length && memchr(around, data[length - 1], sizeof around - 1)) length--;
    return (length == 6 && same_letters(data, "[DONE]", 6)) || (length == 4 && same_letters(data, "DONE", 4));
}

/* --- looking things up */

const struct choice_seen *seen_choice(const struct seen *seen, struct view index)
{
    long long wanted = integer_of(index, -1);
    for (size_t i = 0; i < seen->choice_count; i++)
        if (seen->choices[i].index == wanted) return &seen->choices[i];
    return NULL;
}

const struct call_seen *seen_call(const struct choice_seen *choice, long long index)
{
    /* The last one is nearly always the one that grows. */
    for (size_t i = choice ? choice->call_count : 0; i-- > 0;)
        if (choice->calls[i].index == index) return &choice->calls[i];
    return NULL;
}

/* --- the request */

static bool names_a_tool(struct view choice) { return is(choice, OBJ) && !text_is(get(choice, "type"), "allowed_tools"); }

bool seen_begin(void *state, struct view request, bool no_texts)
{
    struct seen *seen = state;
    struct view options = get(request, "stream_options"), include_obfuscation = get(options, "include_obfuscation");
    *seen = (struct seen){.asked = is(request, OBJ), .growth = {.no_texts = no_texts}};
    if (!seen->asked) return true;
    long long n = integer_of(get(request, "n"), is_set(get(request, "n")) ? 0 : 1);
    seen->n = n >= 1 && n <= CHOICES_KEPT ? n : 0;
    seen->stream = is_true(get(request, "stream"));
    seen->include_usage = is_true(get(options, "include_usage"));
    seen->usage_may_run = is_true(get(options, "continuous_usage_stats"));
    seen->no_obfuscation = is(include_obfuscation, BOOL) && !is_true(include_obfuscation);
    seen->logprobs = is_true(get(request, "logprobs"));
    seen->moderation = is_set(get(request, "moderation"));
    seen->named_tool = names_a_tool(get(request, "tool_choice"));
    return true;
}

/* --- news: what an event changed, beside texts that grew */

static void turn_on(struct seen *seen, bool *flag, bool on)
{
    if (!on || *flag) return;
    *flag = true;
    seen->growth.changes++;
}

/* --- calls */

/* Makes room for one more thing before place `at` of an array. NULL when memory runs out. */
static void *open_place(void *array, size_t *count, size_t *room, size_t size, size_t at)
{
    if (*count == *room) {
        size_t wider = *room ? *room * 2 : 4;
        void *grown = realloc(array, wider * size);
        if (!grown) return NULL;
        array = grown;
        *room = wider;
    }
    char *place = (char *)array + at * size;
    memmove(place + size, place, (*count - at) * size);
    memset(place, 0, size);
    ++*count;
    return array;
}

static struct call_seen *call_for(struct seen *seen, struct choice_seen *choice, long long index, struct view fragment)
{
    for (size_t i = choice->call_count; i-- > 0;)
        if (choice->calls[i].index == index) return &choice->calls[i];
    if (choice->call_count == CALLS_KEPT) return NULL;
    size_t at = 0;
    while (at < choice->call_count && choice->calls[at].index < index) at++;
    struct call_seen *calls = open_place(choice->calls, &choice->call_count, &choice->call_room, sizeof *calls, at);
    if (!calls) {
        seen->failed = true;
        return NULL;
    }
    choice->calls = calls;
    seen->growth.changes++;
    calls[at].index = index;
    calls[at].from = origin_of(&seen->growth, fragment);
    return &calls[at];
}

/* Fragments without an index are joined as a patient client would: a new id begins a new call, anything else goes on with the last. */
static long long index_of_fragment(struct ask *ask, const struct choice_seen *choice, struct view fragment)
{
    struct view index = get(fragment, "index");
    if (is(index, INT)) return integer_of(index, 0);
    struct view id = get(fragment, "id");
    if (!has_text(id)) return choice->last_call < 0 ? 0 : choice->last_call;
    struct text text = text_of(ask, id);
    for (size_t i = 0; i < choice->call_count; i++)
        if (raw_is(&choice->calls[i].id, text)) return choice->calls[i].index;
    return (long long)choice->call_count;
}

/* Keeps the first text there is; turns `*differs` on when this is another one. */
static bool keep_first(struct seen *seen, struct raw *kept, struct text text, bool *differs)
{
    if (!text.length) return true;
    if (kept->length) {
        turn_on(seen, differs, !raw_is(kept, text));
        return true;
    }
    seen->growth.changes++;
    return raw_add(kept, text.bytes, text.length);
}

static bool fold_fragment(struct seen *seen, struct ask *ask, struct choice_seen *choice, struct view fragment)
{
    static const char *const skip[] = {"index", NULL};
    long long index = index_of_fragment(ask, choice, fragment);
    struct call_seen *call = call_for(seen, choice, index, fragment);
    if (!call) return !seen->failed;
    if (choice->last_call != index) seen->growth.changes++;
    choice->last_call = index;
    struct view custom = get(fragment, "custom"), name = get(is(custom, OBJ) ? custom : get(fragment, "function"), "name");
    turn_on(seen, &call->custom, is(custom, OBJ) || text_is(get(fragment, "type"), "custom"));
    return keep_first(seen, &call->id, text_of(ask, get(fragment, "id")), &call->mixed) &&
           keep_first(seen, &call->name, text_of(ask, name), &call->mixed) && members_merge(&call->members, fragment, skip, &seen->growth);
}

/* --- choices */

static struct choice_seen *choice_for(struct seen *seen, long long index, struct view item)
{
    for (size_t i = 0; i < seen->choice_count; i++)
        if (seen->choices[i].index == index) return &seen->choices[i];
    if (seen->choice_count == CHOICES_KEPT) return NULL;
    size_t at = 0;
    while (at < seen->choice_count && seen->choices[at].index < index) at++;
    struct choice_seen *choices = open_place(seen->choices, &seen->choice_count, &seen->choice_room, sizeof *choices, at);
    if (!choices) {
        seen->failed = true;
        return NULL;
    }
    seen->choices = choices;
    seen->growth.changes++;
    choices[at].index = index;
    choices[at].last_call = -1;
    choices[at].from = origin_of(&seen->growth, item);
    return &choices[at];
}

static bool fold_delta(struct seen *seen, struct ask *ask, struct choice_seen *choice, struct view delta)
{
    static const char *const skip[] = {"tool_calls", NULL};
    struct view calls = get(delta, "tool_calls"), call = get(delta, "function_call");
    turn_on(seen, &choice->role, has_text(get(delta, "role")));
    turn_on(seen, &choice->content, has_text(get(delta, "content")));
    turn_on(seen, &choice->refusal, has_text(get(delta, "refusal")));
    turn_on(seen, &seen->refusals, choice->refusal);
    turn_on(seen, &choice->function_call, is(call, OBJ));
    turn_on(seen, &choice->function_named, has_text(get(call, "name")));
    if (is(calls, ARR))
        for (EVERY(fragment, calls))
            if (is(fragment, OBJ) && !fold_fragment(seen, ask, choice, fragment)) return false;
    return members_merge(&choice->message, delta, skip, &seen->growth);
}

static bool fold_finish(struct seen *seen, struct choice_seen *choice, struct view finish)
{
    if (!has_text(finish) || choice->finish.length) return true;
    seen->finished++;
    seen->growth.changes++;
    const struct value *v = value_of(finish);
    choice->finish_from = origin_of(&seen->growth, finish);
    return raw_add(&choice->finish, finish.doc->text + v->offset, v->length);
}

static bool fold_choice(struct seen *seen, struct ask *ask, struct view item, long long position)
{
    static const char *const skip[] = {"index", "delta", "finish_reason", "logprobs", NULL};
    struct choice_seen *choice = choice_for(seen, integer_of(get(item, "index"), position), item);
    if (!choice) return !seen->failed;
    struct view logprobs = get(item, "logprobs");
    if (!fold_delta(seen, ask, choice, get(item, "delta")) || !fold_finish(seen, choice, get(item, "finish_reason"))) return false;
    turn_on(seen, &choice->logprobs_set, is(logprobs, OBJ));
    return members_merge(&choice->logprobs, logprobs, NULL, &seen->growth) && members_replace(&choice->others, item, skip, &seen->growth);
}

/* --- chunks */

static void fold_usage(struct seen *seen, struct view chunk)
{
    struct view usage = get(chunk, "usage");
    if (!is(usage, OBJ)) return;
    seen->growth.changes++;
    seen->usages++;
    seen->usage_alone = count(get(chunk, "choices")) == 0;
    seen->usage_tokens = integer_of(get(usage, "completion_tokens"), -1);
}

/* Of what a filter says about earlier text only this counts: it may have stopped the answer. */
static bool fold_filter_note(struct seen *seen, struct view chunk)
{
    struct view choices = get(chunk, "choices");
    long long position = 0;
    for (EVERY(item, choices)) {
        struct choice_seen *choice = choice_for(seen, integer_of(get(item, "index"), position++), item);
        if (choice ? !fold_finish(seen, choice, get(item, "finish_reason")) : seen->failed) return false;
    }
    return true;
}

static bool fold_chunk(struct seen *seen, struct ask *ask, struct view chunk)
{
    static const char *const skip[] = {"object", "choices", "error", "obfuscation", NULL};
    bool ignored = false;
    if (is_opening_filter(seen, chunk)) {
        turn_on(seen, &seen->filter, true);
        return true;
    }
    if (is_filter_note(chunk)) return fold_filter_note(seen, chunk);
    struct view created = get(chunk, "created"), choices = get(chunk, "choices");
    if (is(created, INT) && !seen->created_set) {
        turn_on(seen, &seen->created_set, true);
        seen->created = integer_of(created, 0);
    }
    fold_usage(seen, chunk);
    turn_on(seen, &seen->moderation_seen, is_set(get(chunk, "moderation")));
    turn_on(seen, &seen->error, is_set(get(chunk, "error")));
    if (seen->chunks++ == 0) seen->growth.changes++;
    long long position = 0;
    if (is(choices, ARR))
        for (EVERY(choice, choices))
            if (is(choice, OBJ) && !fold_choice(seen, ask, choice, position++)) return false;
    return keep_first(seen, &seen->id, text_of(ask, get(chunk, "id")), &ignored) &&
           keep_first(seen, &seen->model, text_of(ask, get(chunk, "model")), &ignored) &&
           keep_first(seen, &seen->fingerprint, text_of(ask, get(chunk, "system_fingerprint")), &ignored) &&
           keep_first(seen, &seen->tier, text_of(ask, get(chunk, "service_tier")), &ignored) && members_replace(&seen->top, chunk, skip, &seen->growth);
}

bool seen_fold(void *state, struct ask *ask, const struct event *now)
{
    struct seen *seen = state;
    bool unreadable = !there(now->view) && !now->terminator;
    growth_begin(&seen->growth, now);
    if (now->terminator || is_nearly_done(now->data, now->length)) {
        seen->done = true;
        return true;
    }
    seen->lost = seen->lost || unreadable;
    seen->lost_last = unreadable;
    enum payload payload = payload_of(now->view);
    if (payload == PAYLOAD_ERROR) seen->error = seen->envelope = true;
    if (payload == PAYLOAD_STRANGE || (payload == PAYLOAD_NONE && !unreadable)) seen->lost = seen->lost_last = true;
    return payload != PAYLOAD_CHUNK || fold_chunk(seen, ask, now->view);
}

/* --- the same again */

static void sort_by_offset(struct fluid *fluids, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct fluid fluid = fluids[i];
        size_t at = i;
        for (; at > 0 && fluids[at - 1].offset > fluid.offset; at--) fluids[at] = fluids[at - 1];
        fluids[at] = fluid;
    }
}

/* Obfuscation is filler: it goes nowhere, and only its type and its presence are looked at. */
size_t seen_fluids(void *state, const struct event *now, struct fluid *fluids)
{
    struct seen *seen = state;
    struct view filler = get(now->view, "obfuscation");
    size_t count = seen->growth.count;
    if (seen->growth.changes || payload_of(now->view) != PAYLOAD_CHUNK || (is(filler, STR) && count == FLUIDS_MAX)) return 0;
    memcpy(fluids, seen->growth.grown, count * sizeof *fluids);
    if (is(filler, STR)) fluids[count++] = (struct fluid){.offset = value_of(filler)->offset, .length = value_of(filler)->length};
    sort_by_offset(fluids, count);
    for (size_t i = 0; i < count; i++) fluids[i].characters = text_characters(now->data, fluids[i].offset);
    return count;
}

/* What stands before the first text is always the same. */
static struct origin origin_again(const struct event *now, const struct fluid *fluids, const struct text *texts, size_t i)
{
    size_t at = (size_t)(texts[i].bytes - now->data), before = i == 0 ? fluids[0].characters : text_characters(now->data, at);
    return (struct origin){now->number, now->offset + at, now->line, now->column + before};
}

bool seen_again(void *state, const struct event *now, const struct fluid *fluids, const struct text *texts, size_t count)
{
    struct seen *seen = state;
    seen->chunks++;
    seen->lost_last = false;
    for (size_t i = 0; i < count; i++) {
        struct origin from = origin_again(now, fluids, texts, i);
        if (fluids[i].target && !member_grow(fluids[i].target, texts[i], &from)) return false;
    }
    return true;
}

static void call_clear(struct call_seen *call)
{
    raw_clear(&call->id);
    raw_clear(&call->name);
    members_clear(&call->members);
}

static void choice_clear(struct choice_seen *choice)
{
    for (size_t i = 0; i < choice->call_count; i++) call_clear(&choice->calls[i]);
    free(choice->calls);
    raw_clear(&choice->finish);
    members_clear(&choice->message);
    members_clear(&choice->logprobs);
    members_clear(&choice->others);
}

void seen_clear(void *state)
{
    struct seen *seen = state;
    for (size_t i = 0; i < seen->choice_count; i++) choice_clear(&seen->choices[i]);
    free(seen->choices);
    raw_clear(&seen->id);
    raw_clear(&seen->model);
    raw_clear(&seen->fingerprint);
    raw_clear(&seen->tier);
    members_clear(&seen->top);
    *seen = (struct seen){0};
}
