/* folding.h: an answer of the reference endpoint is taken apart into the chunks of a stream, and put together again: what the tests and the
 * fuzzer do alike, with no word on what has to come of it. */
#ifndef FOLDING_H
#define FOLDING_H

#include "chatconform.h"
#include "endpoint/answer.h"
#include "endpoint/chunks.h"

#include <stdio.h>
#include <stdlib.h>

struct folding {
    struct json_object *answer; /* as it has to be again */
    struct json_object *folded;
    struct cc_stream *stream;   /* that it went through, for its report */
    bool ended;                 /* all was read, up to [DONE] */
};

/* The chunks as events, and the end of the stream; the caller frees it. */
static inline char *folding_write(struct json_object *chunks, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    if (!out) abort();
    for (size_t i = 0; i < jo_length(chunks); i++) fprintf(out, "data: %s\n\n", jo_write(jo_item(chunks, i), NULL));
    fputs("data: [DONE]\n\n", out);
    if (fclose(out) != 0) abort();
    return text;
}

/* A list without items is streamed as no list. */
static inline void folding_drop_empty(struct json_object *answer)
{
    struct json_object *choices = jo_get(answer, "choices");
    for (size_t i = 0; i < jo_length(choices); i++) {
        struct json_object *message = jo_get(jo_item(choices, i), "message");
        if (jo_length(jo_get(message, "annotations")) == 0) json_object_object_del(message, "annotations");
    }
}

/* Answers `request`, and feeds the answer's stream in parts of `step` bytes. The caller clears it. */
static inline struct folding fold(struct json_object *request, size_t digest, size_t step)
{
    struct folding made = {.answer = answer_make(request, digest), .ended = true};
    struct json_object *chunks = chunks_make(made.answer, request, digest % 2);
    size_t length, asked;
    char *text = folding_write(chunks, &length);
    const char *body = jo_write(request, &asked);
    made.stream = cc_stream_new(NULL, body, asked);
    if (!made.answer || !made.stream) abort();
    for (size_t at = 0; at < length; at += step)
        made.ended = cc_stream_feed(made.stream, text + at, step < length - at ? step : length - at) && made.ended;
    made.ended = cc_stream_end(made.stream, false) && made.ended;
    made.folded = cc_stream_answer(made.stream);
    folding_drop_empty(made.answer);
    json_object_put(chunks);
    free(text);
    return made;
}

static inline void fold_clear(struct folding *folding)
{
    json_object_put(folding->folded);
    json_object_put(folding->answer);
    cc_stream_free(folding->stream);
}

#endif
