/* fold.c: write what a stream's chunks add up to as one chat.completion. Its texts were kept as JSON, so the answer is put together as
 * JSON text too, and read by the strict reader like any other. */
#include "validator/api/fold.h"

#include "validator/lib/stream.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A text under construction; `failed` is looked at once, at the end. */
struct writer {
    struct raw *out;
    bool failed;
};

static void put(struct writer *w, const char *bytes, size_t length) { w->failed = w->failed || !raw_add(w->out, bytes, length); }
static void put_word(struct writer *w, const char *word) { put(w, word, strlen(word)); }

/* The comma between two things, unless the first one has just begun. */
static void put_comma(struct writer *w)
{
    char last = w->out->length ? w->out->at[w->out->length - 1] : '{';
    if (last != '{' && last != '[') put_word(w, ",");
}

static void put_key(struct writer *w, const char *key)
{
    put_comma(w);
    put_word(w, "\"");
    put_word(w, key);
    put_word(w, "\":");
}

static void put_members(struct writer *w, const struct members *members, const char *const *skip);

static void put_value(struct writer *w, const struct member *member)
{
    const char *open = member->type == STR ? "\"" : member->type == ARR ? "[" : "", *close = member->type == ARR ? "]" : open;
    if (member->type == OBJ && !member->text.length) {
        put_word(w, "{");
        put_members(w, &member->inner, NULL);
        put_word(w, "}");
        return;
    }
    put_word(w, open);
    put(w, member->text.at, member->text.length);
    put_word(w, close);
}

static bool is_skipped(const struct member *member, const char *const *skip)
{
    for (; skip && *skip; skip++)
        if (raw_is(&member->key, (struct text){*skip, strlen(*skip)})) return true;
    return false;
}

static void put_members(struct writer *w, const struct members *members, const char *const *skip)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->at[i];
        if (is_skipped(member, skip)) continue;
        put_comma(w);
        put_word(w, "\"");
        put(w, member->key.at, member->key.length);
        put_word(w, "\":");
        put_value(w, member);
    }
}

static void put_member_or(struct writer *w, const struct members *members, const char *key, const char *otherwise)
{
    const struct member *member = seen_member(members, key);
    put_key(w, key);
    if (member) put_value(w, member);
    else put_word(w, otherwise);
}

static void put_member_if(struct writer *w, const struct members *members, const char *key)
{
    if (seen_member(members, key)) put_member_or(w, members, key, "");
}

static void put_calls(struct writer *w, const struct choice_seen *choice)
{
    if (!choice->call_count) return;
    put_key(w, "tool_calls");
    put_word(w, "[");
    for (size_t i = 0; i < choice->call_count; i++) {
        put_comma(w);
        put_word(w, "{");
        put_members(w, &choice->calls[i].members, NULL);
        put_word(w, "}");
    }
    put_word(w, "]");
}

/* A whole message always has role, content and refusal, though a stream may say nothing about them. */
static void put_message(struct writer *w, const struct choice_seen *choice)
{
    static const char *const known[] = {"role", "content", "refusal", "tool_calls", NULL};
    const struct member *role = seen_member(&choice->message, "role");
    put_key(w, "message");
    put_word(w, "{");
    if (role && role->text.length) put_member_or(w, &choice->message, "role", "");
    else put_word(w, "\"role\":\"assistant\"");
    put_member_or(w, &choice->message, "content", "null");
    put_member_or(w, &choice->message, "refusal", "null");
    put_calls(w, choice);
    put_members(w, &choice->message, known);
    put_word(w, "}");
}

static void put_choice(struct writer *w, const struct choice_seen *choice)
{
    static const char *const known[] = {"index", "message", "logprobs", "finish_reason", NULL};
    char index[32];
    snprintf(index, sizeof index, "%lld", choice->index);
    put_comma(w);
    put_word(w, "{");
    put_key(w, "index");
    put_word(w, index);
    put_message(w, choice);
    put_key(w, "logprobs");
    put_word(w, choice->logprobs_set ? "{" : "null");
    put_members(w, &choice->logprobs, NULL);
    if (choice->logprobs_set) put_word(w, "}");
    put_key(w, "finish_reason");
    put_word(w, choice->finish.length ? "\"" : "null");
    put(w, choice->finish.at, choice->finish.length);
    if (choice->finish.length) put_word(w, "\"");
    put_members(w, &choice->others, known);
    put_word(w, "}");
}

bool answer_write(const struct seen *seen, struct raw *out)
{
    static const char *const known[] = {"id", "object", "created", "model", "choices", NULL};
    struct writer w = {.out = out};
    if (!seen->chunks) return false;
    put_word(&w, "{");
    put_member_if(&w, &seen->top, "id");
    put_key(&w, "object");
    put_word(&w, "\"chat.completion\"");
    put_member_if(&w, &seen->top, "created");
    put_member_if(&w, &seen->top, "model");
    put_key(&w, "choices");
    put_word(&w, "[");
    for (size_t i = 0; i < seen->choice_count; i++) put_choice(&w, &seen->choices[i]);
    put_word(&w, "]");
    put_members(&w, &seen->top, known);
    put_word(&w, "}");
    return !w.failed;
}

/* What was kept came in whole events within their limits; put together it may be as long as the longest stream. */
struct json_object *cc_stream_answer(struct cc_stream *stream)
{
    struct cc_limits limits = {0};
    struct json_object *answer = NULL;
    struct raw text = {0};
    limits.bytes = limits.values = limits.depth = (size_t)-1;
    if (answer_write(stream_state(stream), &text)) cc_read_object(text.at, text.length, &limits, &answer, NULL, 0);
    raw_clear(&text);
    return answer;
}
