/* talk.c: see talk.h: the messages. Tools stand in tooling.c. */
#include "fuzzer/talk.h"

#include "fuzzer/prose.h"
#include "fuzzer/schema.h"

#include <stdio.h>
#include <string.h>

static const char *const names[TALK_COUNT] = {
    "developer", "developer in parts", "system", "system in parts", "text in parts", "cache breakpoints", "image by URL",
    "image as data", "sound as wav", "sound as mp3", "file by id", "file as data", "names", "the word JSON", "many turns",
    "answer in parts", "refusal", "refusal part", "spoken answer", "function call", "function call beside null content", "several calls",
    "custom call", "function message"};

const char *talk_name(enum talk_feature feature) { return names[feature]; }

/* --- messages */

static struct json_object *message(const char *role, struct json_object *content)
{
    struct json_object *made = jo_object();
    jo_add(made, "role", jo_string(role));
    jo_add(made, "content", content);
    return made;
}

static struct json_object *words(const struct talk_maker *m)
{
    return prose_make(m->rng, rng_between(m->rng, 8, m->bulk < 2000 ? m->bulk : 60));
}
static void say(const struct talk_maker *m, struct json_object *messages, const char *role) { jo_push(messages, message(role, words(m))); }

/* --- parts */

static struct json_object *part(const char *type, const char *key, struct json_object *payload)
{
    struct json_object *made = jo_object();
    jo_add(made, "type", jo_string(type));
    jo_add(made, key, payload);
    return made;
}

static struct json_object *text_part(const struct talk_maker *m) { return part("text", "text", words(m)); }

static struct json_object *text_parts(const struct talk_maker *m, size_t count)
{
    struct json_object *parts = jo_array();
    for (size_t i = 0; i < count; i++) jo_push(parts, text_part(m));
    return parts;
}

static struct json_object *image_part(const struct talk_maker *m, size_t bytes)
{
    static const char *const details[] = {"auto", "low", "high"};
    struct json_object *image = jo_object();
    jo_add(image, "url", prose_image(m->rng, bytes));
    if (rng_one_in(m->rng, 2)) jo_add(image, "detail", jo_string(details[rng_below(m->rng, 3)]));
    return part("image_url", "image_url", image);
}

static struct json_object *sound_part(const struct talk_maker *m, bool mp3)
{
    struct json_object *sound = jo_object();
    jo_add(sound, "data", prose_sound(m->rng, mp3, m->bulk));
    jo_add(sound, "format", jo_string(mp3 ? "mp3" : "wav"));
    return part("input_audio", "input_audio", sound);
}

static struct json_object *file_part(const struct talk_maker *m, bool data)
{
    struct json_object *file = jo_object();
    char id[40];
    if (data) {
        jo_add(file, "filename", jo_string("report.pdf"));
        jo_add(file, "file_data", prose_document(m->rng, m->bulk));
    } else {
        memcpy(id, "file-", 5);
        prose_name(m->rng, id + 5, 20);
        jo_add(file, "file_id", jo_string(id));
        if (rng_one_in(m->rng, 3)) jo_add(file, "filename", jo_string("notes.pdf"));
    }
    return part("file", "file", file);
}

static void say_parts(const struct talk_maker *m, struct json_object *messages, struct json_object *special)
{
    struct json_object *parts = jo_array();
    bool text_first = rng_one_in(m->rng, 2);
    if (text_first) jo_push(parts, text_part(m));
    jo_push(parts, special);
    if (!text_first || rng_one_in(m->rng, 4)) jo_push(parts, text_part(m));
    jo_push(messages, message("user", parts));
}

static void mark_prefix(struct json_object *part_made)
{
    struct json_object *point = jo_object();
    jo_add(point, "mode", jo_string("explicit"));
    jo_add(part_made, "prompt_cache_breakpoint", point);
}

/* One mark: more than three in a request have no effect, and each of the two sounds may have one. */
static void say_cached(const struct talk_maker *m, struct json_object *messages)
{
    size_t which = m->sample ? 0 : rng_below(m->rng, 3);
    struct json_object *marked = which == 1 ? image_part(m, 0) : which == 2 ? file_part(m, false) : text_part(m);
    mark_prefix(marked);
    say_parts(m, messages, marked);
}

static void say_sound(const struct talk_maker *m, struct json_object *messages, bool mp3)
{
    struct json_object *sound = sound_part(m, mp3);
    if (m->new_members && !m->sample && rng_one_in(m->rng, 4)) mark_prefix(sound);
    say_parts(m, messages, sound);
}

/* --- names */

static void put_name(const struct talk_maker *m, struct json_object *to)
{
    char name[65];
    static const size_t lengths[] = {1, 2, 7, 12, 63, 64};
    prose_name(m->rng, name, lengths[rng_below(m->rng, 6)]);
    jo_add(to, "name", jo_string(name));
}

static void say_named(const struct talk_maker *m, struct json_object *messages)
{
    static const char *const roles[] = {"user", "assistant"};
    for (size_t i = 0; i < 2; i++) {
        say(m, messages, roles[i]);
        put_name(m, jo_item(messages, jo_length(messages) - 1));
    }
}

/* --- answers */

static struct json_object *answer_without_content(void)
{
    struct json_object *made = jo_object();
    jo_add(made, "role", jo_string("assistant"));
    return made;
}

static void say_refusal(const struct talk_maker *m, struct json_object *messages, bool as_part)
{
    struct json_object *refusal = jo_string("I cannot help with that."), *parts;
    say(m, messages, "user");
    if (as_part) {
        parts = jo_array();
        jo_push(parts, part("refusal", "refusal", refusal));
        jo_push(messages, message("assistant", parts));
        return;
    }
    struct json_object *made = m->new_members || m->sample ? message("assistant", NULL) : message("assistant", jo_string("No."));
    jo_add(made, "refusal", refusal);
    jo_push(messages, made);
}

static void say_spoken(const struct talk_maker *m, struct json_object *messages)
{
    struct json_object *made = m->new_members ? answer_without_content() : message("assistant", words(m)), *audio = jo_object();
    char id[32] = "audio_";
    prose_name(m->rng, id + 6, 12);
    say(m, messages, "user");
    jo_add(audio, "id", jo_string(id));
    jo_add(made, "audio", audio);
    jo_push(messages, made);
}

/* --- calls */

/* The name of a declared tool of that type; without any, one that everybody agrees on. */
static struct json_object *tool_to_call(const struct talk_maker *m, const char *type)
{
    size_t from = rng_below(m->rng, jo_length(m->tools));
    for (size_t i = 0; i < jo_length(m->tools); i++) {
        struct json_object *tool = jo_item(m->tools, (from + i) % jo_length(m->tools));
        if (jo_is(jo_get(tool, "type"), type)) return jo_get(tool, type);
    }
    return NULL;
}

static struct json_object *call_function(const struct talk_maker *m)
{
    struct json_object *tool = m->sample ? NULL : tool_to_call(m, "function"), *made = jo_object();
    struct json_object *arguments =
        jo_is_object(jo_get(tool, "parameters")) ? schema_instance(m->rng, jo_get(tool, "parameters")) : jo_object();
    jo_add(made, "name", tool ? jo_copy(jo_get(tool, "name")) : jo_string("get_weather"));
    jo_add(made, "arguments", jo_string(jo_is_object(arguments) ? jo_write(arguments, NULL) : "{}"));
    json_object_put(arguments);
    return made;
}

static struct json_object *call_custom(const struct talk_maker *m)
{
    struct json_object *tool = m->sample ? NULL : tool_to_call(m, "custom"), *made = jo_object();
    jo_add(made, "name", tool ? jo_copy(jo_get(tool, "name")) : jo_string("run_query"));
    jo_add(made, "input", words(m));
    return made;
}

static struct json_object *call(const struct talk_maker *m, const char *type, const char *id)
{
    struct json_object *made = jo_object();
    jo_add(made, "id", jo_string(id));
    jo_add(made, "type", jo_string(type));
    jo_add(made, type, *type == 'c' ? call_custom(m) : call_function(m));
    return made;
}

static struct json_object *result(const struct talk_maker *m, const char *id)
{
    struct json_object *made = jo_object(), *content = rng_one_in(m->rng, 3) ? text_parts(m, 1) : words(m);
    jo_add(made, "role", jo_string("tool"));
    jo_add(made, "tool_call_id", jo_string(id));
    jo_add(made, "content", content);
    return made;
}

enum { CALLS_AT_ONCE = 6, ID_ROOM = 44 };

/* One assistant message with calls, and their results in any order. */
static void say_calls(const struct talk_maker *m, struct json_object *messages, const char *type, size_t count, bool null_content)
{
    char ids[CALLS_AT_ONCE][ID_ROOM];
    struct json_object *calls = jo_array(), *made = null_content ? message("assistant", NULL) : answer_without_content();
    say(m, messages, "user");
    for (size_t i = 0; i < count; i++) {
        snprintf(ids[i], ID_ROOM, "call_%zu", i);
        prose_name(m->rng, ids[i] + strlen(ids[i]), rng_between(m->rng, 16, 34));
        jo_push(calls, call(m, type, ids[i]));
    }
    jo_add(made, "tool_calls", calls);
    jo_push(messages, made);
    size_t first = rng_below(m->rng, count);
    for (size_t i = 0; i < count; i++) jo_push(messages, result(m, ids[(first + i) % count]));
}

/* Random numbers are drawn one a statement: the order of arguments is the compiler's choice. */
static void say_several_calls(const struct talk_maker *m, struct json_object *messages)
{
    size_t count = rng_between(m->rng, 2, CALLS_AT_ONCE);
    say_calls(m, messages, "function", count, rng_one_in(m->rng, 2));
}

static void say_function(const struct talk_maker *m, struct json_object *messages)
{
    struct json_object *made = message("assistant", NULL), *call_made = jo_object(), *answer = jo_object();
    say(m, messages, "user");
    jo_add(call_made, "name", jo_string("get_weather"));
    jo_add(call_made, "arguments", jo_string("{\"city\":\"Paris\"}"));
    jo_add(made, "function_call", call_made);
    jo_push(messages, made);
    jo_add(answer, "role", jo_string("function"));
    jo_add(answer, "name", jo_string("get_weather"));
    jo_add(answer, "content", rng_one_in(m->rng, 2) ? NULL : words(m));
    jo_push(messages, answer);
}

/* --- putting it together */

static void say_instruction(const struct talk_maker *m, struct json_object *messages, const char *role, bool parts)
{
    struct json_object *made = message(role, parts ? text_parts(m, rng_between(m->rng, 1, 3)) : words(m));
    if (rng_one_in(m->rng, 4)) put_name(m, made);
    jo_push(messages, made);
}

static void say_much(const struct talk_maker *m, struct json_object *messages)
{
    size_t turns = m->bulk < 2000 ? rng_between(m->rng, 2, 6) : m->bulk / 150;
    for (size_t i = 0; i < turns; i++) {
        say(m, messages, "user");
        say(m, messages, "assistant");
    }
}

static void say_json(const struct talk_maker *m, struct json_object *messages)
{
    jo_push(messages, message("user", jo_string(rng_one_in(m->rng, 2) ? "Answer in JSON, please." : "Return a json object")));
}

void talk_add(const struct talk_maker *m, struct json_object *messages, enum talk_feature feature)
{
    switch (feature) {
    case TALK_DEVELOPER:
    case TALK_DEVELOPER_PARTS: say_instruction(m, messages, "developer", feature == TALK_DEVELOPER_PARTS); return;
    case TALK_SYSTEM:
    case TALK_SYSTEM_PARTS: say_instruction(m, messages, "system", feature == TALK_SYSTEM_PARTS); return;
    case TALK_PARTS: jo_push(messages, message("user", text_parts(m, rng_between(m->rng, 1, 4)))); return;
    case TALK_CACHED: say_cached(m, messages); return;
    case TALK_IMAGE: say_parts(m, messages, image_part(m, 0)); return;
    case TALK_IMAGE_DATA: say_parts(m, messages, image_part(m, m->bulk)); return;
    case TALK_SOUND_WAV:
    case TALK_SOUND_MP3: say_sound(m, messages, feature == TALK_SOUND_MP3); return;
    case TALK_FILE:
    case TALK_FILE_DATA: say_parts(m, messages, file_part(m, feature == TALK_FILE_DATA)); return;
    case TALK_NAMED: say_named(m, messages); return;
    case TALK_JSON: say_json(m, messages); return;
    case TALK_LONG: say_much(m, messages); return;
    case TALK_ANSWER_PARTS:
        say(m, messages, "user");
        jo_push(messages, message("assistant", text_parts(m, rng_between(m->rng, 1, 3))));
        return;
    case TALK_REFUSAL:
    case TALK_REFUSAL_PART: say_refusal(m, messages, feature == TALK_REFUSAL_PART); return;
    case TALK_SPOKEN: say_spoken(m, messages); return;
    case TALK_CALL:
    case TALK_CALL_NULL: say_calls(m, messages, "function", 1, feature == TALK_CALL_NULL); return;
    case TALK_CALLS: say_several_calls(m, messages); return;
    case TALK_CALL_CUSTOM: say_calls(m, messages, "custom", rng_between(m->rng, 1, 2), false); return;
    case TALK_FUNCTION: say_function(m, messages); return;
    case TALK_COUNT: return;
    }
}

static const char *name_of(struct json_object *tool)
{
    struct json_object *name = jo_get(jo_get(tool, "function"), "name");
    return jo_text(name ? name : jo_get(jo_get(tool, "custom"), "name"));
}

/* Whoever declares tools asks for them by name now and then: so models are brought to call one or several. */
static struct json_object *ask_for_tools(const struct talk_maker *m)
{
    size_t count = jo_length(m->tools), first = rng_below(m->rng, count), second = (first + 1) % count;
    char text[256];
    snprintf(text, sizeof text, "Call %.80s and then %.80s, please.", name_of(jo_item(m->tools, first)),
             name_of(jo_item(m->tools, second)));
    return jo_string(text);
}

void talk_end(const struct talk_maker *m, struct json_object *messages)
{
    bool tools = m->tools && jo_length(m->tools) && rng_one_in(m->rng, 2);
    jo_push(messages, message("user", tools ? ask_for_tools(m) : prose_make(m->rng, m->bulk)));
}
