/* talk.h: conversations, and what is said in them about tools. A conversation is put together of turns, each with one feature: pictures, a
 * round of tool calls, a refusal ... */
#ifndef FUZZ_TALK_H
#define FUZZ_TALK_H

#include "fuzzer/rng.h"
#include "harness/base/jo.h"

enum talk_feature {
    TALK_DEVELOPER, TALK_DEVELOPER_PARTS, TALK_SYSTEM, TALK_SYSTEM_PARTS, /* instructions */
    TALK_PARTS,          /* text in several parts */
    TALK_CACHED,         /* a part that ends a reusable prefix */
    TALK_IMAGE, TALK_IMAGE_DATA,
    TALK_SOUND_WAV, TALK_SOUND_MP3,
    TALK_FILE, TALK_FILE_DATA,
    TALK_NAMED,          /* participants with names */
    TALK_JSON,           /* the word JSON is said */
    TALK_LONG,           /* turn after turn */
    TALK_ANSWER_PARTS,   /* an answer in parts, which stand for one another */
    TALK_REFUSAL, TALK_REFUSAL_PART,
    TALK_SPOKEN,         /* an earlier answer in sound */
    TALK_CALL, TALK_CALL_NULL, TALK_CALLS, /* rounds of function calls */
    TALK_CALL_CUSTOM,
    TALK_FUNCTION,       /* the deprecated single call */
    TALK_COUNT
};

/* "images as data" ...: for the coverage table. */
const char *talk_name(enum talk_feature feature);

struct talk_maker {
    struct rng *rng;
    size_t bulk;               /* bytes that a text may have */
    bool sample;               /* use fixed names, so that parts made one by one fit together */
    bool new_members;          /* members that only the current API knows may be used */
    struct json_object *tools; /* that the request declares, or NULL */
};

/* Appends the messages of a feature. */
void talk_add(const struct talk_maker *maker, struct json_object *messages, enum talk_feature feature);
/* Appends the last message: a user's. */
void talk_end(const struct talk_maker *maker, struct json_object *messages);

/* --- tools */

enum tools_kind { TOOLS_FUNCTION, TOOLS_STRICT, TOOLS_BARE, TOOLS_SEVERAL, TOOLS_CUSTOM, TOOLS_GRAMMAR, TOOLS_BOTH, TOOLS_MOST, TOOLS_KINDS };
struct json_object *tools_make(const struct talk_maker *maker, enum tools_kind kind);

enum choice_kind { CHOICE_NONE, CHOICE_AUTO, CHOICE_REQUIRED, CHOICE_FUNCTION, CHOICE_CUSTOM, CHOICE_ALLOWED, CHOICE_ALLOWED_CUSTOM, CHOICE_KINDS };
/* A tool_choice that fits maker->tools. */
struct json_object *choice_make(const struct talk_maker *maker, enum choice_kind kind);

/* The deprecated pair. `functions`: what was declared, for a call by name. */
struct json_object *functions_make(const struct talk_maker *maker, size_t count);
enum { CALL_NONE, CALL_AUTO, CALL_NAMED, CALL_KINDS };
struct json_object *function_call_make(const struct talk_maker *maker, struct json_object *functions, int kind);

#endif
