/* fold.c: write what a stream's chunks add up to as one chat.completion. Its texts were kept as JSON, so the answer is put together as
 * JSON text too, and read by the strict reader like any other. */
#include "validator/api/fold.h"

#include "validator/lib/stream.h"
#include "validator/lib/sum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text under construction; `failed` is looked at once, at the end. */
struct writer {
    struct raw *out;
    struct sum *sum; /* gets where things came from */
    bool failed;
};

static void put(struct writer *w, const char *bytes, size_t length) { w->failed = w->failed || !raw_add(w->out, bytes, length); }
static void put_word(struct writer *w, const char *word) { put(w, word, strlen(word)); }

/* What is put from here on came from there. */
static void put_piece(struct writer *w, struct sum_piece piece)
{
    struct sum *sum = w->sum;
    if (sum->count == sum->room) {
        size_t room = sum->room ? sum->room * 2 : 32;
        struct sum_piece *pieces = realloc(sum->pieces, room * sizeof *pieces);
        if (!pieces) {
            w->failed = true;
            return;
        }
        sum->pieces = pieces;
        sum->room = room;
    }
    piece.at = w->out->length;
    sum->pieces[sum->count++] = piece;
}

static void put_origin(struct writer *w, const struct origin *from) { put_piece(w, (struct sum_piece){.from = *from}); }

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

/* --- sound: each piece was base64 by itself, so pieces that end in padding cannot just be put one behind the other */

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int base64_value(char c)
{
    const char *found = memchr(digits, c, sizeof digits - 1);
    return found ? (int)(found - digits) : -1;
}

/* Bits on their way from one base64 text to another. */
struct bits {
    unsigned held, count;
};

static void put_sextets(struct writer *w, struct bits *out)
{
    for (; out->count >= 6; out->count -= 6) put(w, &digits[out->held >> (out->count - 6) & 63], 1);
}

/* What follows padding begins a new byte; the bits that were left over before it mean nothing. */
static void put_joined_base64(struct writer *w, const struct raw *text)
{
    struct bits in = {0, 0}, out = {0, 0};
    size_t bytes = 0;
    for (size_t i = 0; i < text->length; i++) {
        int value = base64_value(text->at[i]);
        if (text->at[i] == '=') in.count = 0;
        if (value < 0) continue;
        in.held = (in.held << 6 | (unsigned)value) & 0xFFFF;
        in.count += 6;
        if (in.count < 8) continue;
        in.count -= 8;
        out.held = (out.held << 8 | (in.held >> in.count & 0xFF)) & 0xFFFF;
        out.count += 8;
        bytes++;
        put_sextets(w, &out);
    }
    if (out.count) {
        out.held <<= 6 - out.count;
        out.count = 6;
        put_sextets(w, &out);
    }
    if (bytes % 3) put(w, "==", 3 - bytes % 3);
}

static bool has_inner_padding(const struct raw *text)
{
    const char *padding = text->length ? memchr(text->at, '=', text->length) : NULL;
    return padding && padding + 2 < text->at + text->length;
}

/* --- members */

static void put_members(struct writer *w, const struct members *members, const char *const *skip);

static void put_value(struct writer *w, const struct member *member)
{
    const char *open = member->type == STR ? "\"" : member->type == ARR ? "[" : "", *close = member->type == ARR ? "]" : open;
    put_piece(w, (struct sum_piece){.from = member->from, .verbatim = !member->grown && !member->inner.count,
                                      .trail = member->grown && !member->lacking ? &member->trail : NULL, .lacking = member->lacking});
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

/* Like the members of any object, but its data is joined as bytes. */
static void put_audio(struct writer *w, const struct member *audio)
{
    static const char *const special[] = {"data", NULL};
    const struct member *data = audio->type == OBJ ? seen_member(&audio->inner, "data") : NULL;
    if (!data || data->type != STR || !has_inner_padding(&data->text)) {
        put_value(w, audio);
        return;
    }
    put_origin(w, &audio->from);
    put_word(w, "{");
    put_members(w, &audio->inner, special);
    put_key(w, "data");
    put_origin(w, &data->from);
    put_word(w, "\"");
    put_joined_base64(w, &data->text);
    put_word(w, "\"}");
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
    put_origin(w, &choice->calls[0].from);
    put_word(w, "[");
    for (size_t i = 0; i < choice->call_count; i++) {
        put_comma(w);
        put_origin(w, &choice->calls[i].from);
        put_word(w, "{");
        put_members(w, &choice->calls[i].members, NULL);
        put_word(w, "}");
    }
    put_word(w, "]");
}

/* Where it became clear what the choice is and lacks. */
static const struct origin *ended(const struct choice_seen *choice) { return choice->finish.length ? &choice->finish_from : &choice->from; }

/* A whole message always has role, content and refusal, though a stream may say nothing about them. */
static void put_message(struct writer *w, const struct choice_seen *choice)
{
    static const char *const known[] = {"role", "content", "refusal", "tool_calls", "audio", NULL};
    const struct member *role = seen_member(&choice->message, "role"), *audio = seen_member(&choice->message, "audio");
    put_key(w, "message");
    put_origin(w, ended(choice));
    put_word(w, "{");
    if (role && role->text.length) put_member_or(w, &choice->message, "role", "");
    else put_word(w, "\"role\":\"assistant\"");
    put_member_or(w, &choice->message, "content", "null");
    put_member_or(w, &choice->message, "refusal", "null");
    put_calls(w, choice);
    if (audio) {
        put_key(w, "audio");
        put_audio(w, audio);
    }
    put_members(w, &choice->message, known);
    put_word(w, "}");
}

static void put_choice(struct writer *w, const struct choice_seen *choice)
{
    static const char *const known[] = {"index", "message", "logprobs", "finish_reason", NULL};
    char index[32];
    snprintf(index, sizeof index, "%lld", choice->index);
    put_comma(w);
    put_origin(w, ended(choice));
    put_word(w, "{");
    put_key(w, "index");
    put_origin(w, &choice->from);
    put_word(w, index);
    put_message(w, choice);
    put_key(w, "logprobs");
    put_origin(w, choice->logprobs.count ? &choice->logprobs.at[0].from : ended(choice));
    put_word(w, choice->logprobs_set ? "{" : "null");
    put_members(w, &choice->logprobs, NULL);
    if (choice->logprobs_set) put_word(w, "}");
    put_key(w, "finish_reason");
    put_origin(w, ended(choice));
    put_word(w, choice->finish.length ? "\"" : "null");
    put(w, choice->finish.at, choice->finish.length);
    if (choice->finish.length) put_word(w, "\"");
    put_members(w, &choice->others, known);
    put_word(w, "}");
}

/* Usage that was null to the end did not come. */
static void put_answer(struct writer *w, const struct seen *seen)
{
    static const char *const without_usage[] = {"id", "object", "created", "model", "choices", "usage", NULL};
    static const char *const known[] = {"id", "object", "created", "model", "choices", NULL};
    const struct member *usage = seen_member(&seen->top, "usage");
    static const struct origin unknown = {0};
    put_word(w, "{");
    put_member_if(w, &seen->top, "id");
    put_key(w, "object");
    put_word(w, "\"chat.completion\"");
    put_member_if(w, &seen->top, "created");
    put_member_if(w, &seen->top, "model");
    put_key(w, "choices");
    put_origin(w, seen->choice_count ? &seen->choices[0].from : &unknown);
    put_word(w, "[");
    for (size_t i = 0; i < seen->choice_count; i++) put_choice(w, &seen->choices[i]);
    put_word(w, "]");
    put_members(w, &seen->top, usage && usage->type != NIL ? known : without_usage);
    put_word(w, "}");
}

static bool write_sum(const struct seen *seen, struct sum *sum)
{
    struct raw out = {0};
    struct writer w = {.out = &out, .sum = sum};
    put_answer(&w, seen);
    sum->text = out.at;
    sum->length = w.failed ? 0 : out.length;
    return !w.failed;
}

/* What could not be read may have said anything, and an error ends an answer before its time. */
bool seen_sum(const void *state, struct sum *sum)
{
    const struct seen *seen = state;
    size_t asked = seen->n ? (size_t)seen->n : 1;
    bool whole = seen->done || (seen->choice_count >= asked && seen->finished == seen->choice_count);
    return !seen->chunks || seen->lost || seen->error || !whole || write_sum(seen, sum);
}

/* What was kept came in whole events within their limits; put together it may be as long as the longest stream. */
struct json_object *cc_stream_answer(struct cc_stream *stream)
{
    const struct seen *seen = stream_state(stream);
    struct cc_limits limits = {0};
    struct json_object *answer = NULL;
    struct sum sum = {0};
    limits.bytes = limits.values = limits.depth = (size_t)-1;
    bool kept = seen->chunks && !seen->growth.no_texts;
    if (kept && write_sum(seen, &sum)) cc_read_object(sum.text, sum.length, &limits, &answer, NULL, 0);
    sum_clear(&sum);
    return answer;
}
