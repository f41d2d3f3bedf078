/* streaming.h: what the tests of streams share: pieces of streams, and what was found in one, written down as text. */
#ifndef STREAMING_H
#define STREAMING_H

#include "chatconform.h"
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENT(...) "data: " #__VA_ARGS__ "\n\n"
#define CHUNK(...) EVENT({"id": "chatcmpl-7", "object": "chat.completion.chunk", "created": 1712345678, "model": "m-1", __VA_ARGS__})
#define SAY(...) CHUNK("choices": [{"index": 0, "delta": __VA_ARGS__, "finish_reason": null}])
#define OF(i, ...) CHUNK("choices": [{"index": i, "delta": __VA_ARGS__, "finish_reason": null}])
#define END(why) CHUNK("choices": [{"index": 0, "delta": {}, "finish_reason": why}])
#define END_OF(i, why) CHUNK("choices": [{"index": i, "delta": {}, "finish_reason": why}])
#define BEGIN SAY({"role": "assistant", "content": ""})
#define TEXT SAY({"content": "Hello"})
#define DONE "data: [DONE]\n\n"
#define CALLS(...) SAY({"tool_calls": [__VA_ARGS__]})
#define FIRST(i, call, name) {"index": i, "id": call, "type": "function", "function": {"name": name, "arguments": ""}}
#define WHOLE(i, call, name) {"index": i, "id": call, "type": "function", "function": {"name": name, "arguments": "{}"}}
#define NEXT(i, text) {"index": i, "function": {"arguments": text}}
#define COUNTS {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
#define USED CHUNK("choices": [], "usage": COUNTS)
#define UNUSED(...) CHUNK("usage": null, "choices": [{"index": 0, "delta": __VA_ARGS__, "finish_reason": null}])
#define UNUSED_END(why) CHUNK("usage": null, "choices": [{"index": 0, "delta": {}, "finish_reason": why}])
#define OVERLOADED EVENT({"error": {"message": "overloaded", "type": "server_error", "param": null, "code": null}})

#define TOOL(kind, name) "{\"type\": \"" kind "\", \"" kind "\": {\"name\": \"" name "\"}}"
/* Whatever the streams call may be called. */
#define ASKS(...) "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}], \"tools\": [" \
    TOOL("function", "f") ", " TOOL("function", "g") ", " TOOL("custom", "q") "], \"functions\": [{\"name\": \"f\"}], \"stream\": true" __VA_ARGS__ "}"

struct judged {
    char text[16384];      /* rule ids, or whole findings, one after another */
    size_t errors, warnings, notes;
    bool fed, ended;       /* what feed and end answered */
    struct json_object *answer; /* when asked for */
};

struct judging {
    unsigned profile;
    const struct cc_limits *limits;
    const char *request;
    size_t first;  /* bytes of the first part; 0 = byte by byte */
    bool cut, full, answer;
};

static inline void judged_put(struct judged *out, const struct cc_finding *f, bool full)
{
    size_t used = strlen(out->text), room = sizeof out->text - used;
    if (full)
        snprintf(out->text + used, room, "%s %zu %s @%zu:%zu:%zu %s\n", f->rule->id, f->event, f->pointer, f->offset, f->line, f->column,
        f->message);
    else
        snprintf(out->text + used, room, "%s%s", used ? " " : "", f->rule->id);
    ck_assert_uint_lt(strlen(out->text) + 1, sizeof out->text);
}

/* Each part is a block of its own, so that a sanitizer sees what reads past its end. */
static inline bool judged_feed(struct cc_stream *stream, const char *bytes, size_t length, size_t first)
{
    bool fed = true;
    for (size_t at = 0, step = first ? first : 1; at < length && fed; at += step, step = first ? length - at : 1) {
        step = step < length - at ? step : length - at;
        char *part = malloc(step);
        ck_assert_ptr_nonnull(part);
        memcpy(part, bytes + at, step);
        fed = cc_stream_feed(stream, part, step);
        free(part);
    }
    return fed;
}

static inline void judge_bytes(struct judged *out, const struct judging *how, const char *bytes, size_t length)
{
    struct cc_options options = {.profile = how->profile};
    if (how->limits) options.limits = *how->limits;
    struct cc_stream *stream = cc_stream_new(&options, how->request, how->request ? strlen(how->request) : 0);
    ck_assert_ptr_nonnull(stream);
    *out = (struct judged){.fed = judged_feed(stream, bytes, length, how->first)};
    out->ended = cc_stream_end(stream, how->cut);
    const struct cc_report *report = cc_stream_report(stream);
    ck_assert_ptr_nonnull(report);
    for (size_t i = 0; i < report->count; i++) judged_put(out, &report->findings[i], how->full);
    out->errors = report->errors;
    out->warnings = report->warnings;
    out->notes = report->notes;
    if (how->answer) out->answer = cc_stream_answer(stream);
    cc_stream_free(stream);
}

#endif
