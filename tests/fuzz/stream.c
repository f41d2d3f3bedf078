/* stream.c: event streams. However the bytes are split, the same events come out, each byte of theirs from where they say; the same is found;
 * and an answer that was taken apart into chunks is put together again as it was. */
#include "tests/fuzz/fuzz.h"

#include "harness/base/jo.h"
#include "tests/folding.h"
#include "validator/lib/sse.h"

#include <string.h>

static uint64_t mix(uint64_t sum, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++) sum = (sum ^ at[i]) * UINT64_C(1099511628211);
    return sum;
}

static uint64_t mix_size(uint64_t sum, size_t number) { return mix(sum, &number, sizeof number); }

/* --- events */

struct listening {
    const char *stream;
    size_t size;
    uint64_t sum; /* of all that was heard, with its places */
    size_t events;
};

/* What an event holds stands in the stream where its lines say. */
static void check_pieces(const struct listening *l, const struct sse_event *event)
{
    size_t kept = event->lines < SSE_PIECES_KEPT ? event->lines : SSE_PIECES_KEPT;
    for (size_t i = 0; i < kept; i++) {
        const struct sse_piece *piece = &event->pieces[i];
        size_t end = i + 1 < event->lines ? (i + 1 < kept ? event->pieces[i + 1].at - 1 : piece->at) : event->length;
        MUST(piece->at <= end && end <= event->length);
        MUST(piece->place.offset + (end - piece->at) <= l->size);
        MUST(memcmp(l->stream + piece->place.offset, event->data + piece->at, end - piece->at) == 0);
    }
}

static bool on_event(void *context, const struct sse_event *event)
{
    struct listening *l = context;
    MUST(event->data[event->length] == '\0');
    MUST(!event->complete || event->number == l->events++);
    check_pieces(l, event);
    l->sum = mix_size(mix(l->sum, event->data, event->length), event->lines * 4 + (event->not_utf8 ? 2u : 0u) + event->complete);
    l->sum = mix(l->sum, event->name, event->name_length);
    return true;
}

static void on_notice(void *context, const struct sse_notice *notice)
{
    struct listening *l = context;
    MUST(notice->place.offset <= l->size && notice->place.line > 0 && notice->place.column > 0);
    l->sum = mix_size(mix_size(l->sum, notice->place.offset), (size_t)notice->what * 1000 + notice->place.line);
    l->sum = mix_size(mix(l->sum, notice->text, notice->text ? notice->length : 0), notice->event + notice->place.column * 1000);
}

/* Feeds it in parts of `step` bytes; the sum of what came out. */
static uint64_t listen(const char *bytes, size_t size, size_t step, const struct sse_limits *limits)
{
    struct listening l = {.stream = bytes, .size = size, .sum = 1};
    struct sse_sink sink = {on_event, on_notice, &l};
    struct sse sse;
    bool open = true;
    sse_start(&sse, limits, &sink);
    for (size_t at = 0; at < size && open; at += step) open = sse_feed(&sse, bytes + at, size - at < step ? size - at : step);
    MUST(!open || sse_here(&sse).offset == size);
    open = sse_end(&sse) && open;
    sse_clear(&sse);
    return mix_size(l.sum, open);
}

void fuzz_sse(const char *bytes, size_t size)
{
    static const struct sse_limits wide = {.line = 1 << 20, .event = 1 << 20, .events = 100000, .stream = 1 << 20, .comments = 100000};
    static const struct sse_limits narrow = {.line = 24, .event = 40, .events = 5, .stream = 200, .comments = 4};
    size_t step = size ? (unsigned char)bytes[size / 2] % 13 + 1 : 1;
    uint64_t whole = listen(bytes, size, size ? size : 1, &wide);
    MUST(listen(bytes, size, 1, &wide) == whole && listen(bytes, size, step, &wide) == whole);
    MUST(listen(bytes, size, step, &narrow) == listen(bytes, size, size ? size : 1, &narrow));
}

/* --- judged streams */

static uint64_t judge(const char *bytes, size_t size, size_t step, bool cut)
{
    static const char request[] = "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"stream\":true}";
    struct cc_stream *stream = cc_stream_new(NULL, request, sizeof request - 1);
    bool open = true;
    uint64_t sum = 1;
    MUST(stream);
    for (size_t at = 0; at < size && open; at += step) open = cc_stream_feed(stream, bytes + at, size - at < step ? size - at : step);
    cc_stream_end(stream, cut);
    const struct cc_report *report = cc_stream_report(stream);
    struct json_object *answer = cc_stream_answer(stream);
    fuzz_check_report(report, size);
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        sum = mix_size(mix(sum, f->rule->id, strlen(f->rule->id)), f->offset * 8 + (size_t)f->severity);
        sum = mix_size(mix(sum, f->pointer, strlen(f->pointer)), f->event * 1000 + f->column);
        sum = mix(sum, f->message, strlen(f->message));
    }
    size_t length;
    const char *text = jo_write(answer, &length);
    sum = mix(sum, text, length);
    json_object_put(answer);
    cc_stream_free(stream);
    return sum;
}

void fuzz_stream(const char *bytes, size_t size)
{
    size_t step = size ? (unsigned char)bytes[size / 2] % 13 + 1 : 1;
    bool cut = size % 2;
    MUST(judge(bytes, size, size ? size : 1, cut) == judge(bytes, size, step, cut));
    fuzz_check_report(cc_check(fuzz_checker(CC_OPENAI, 0), CC_STREAM, bytes, size), size);
}

/* --- answers taken apart */

/* Letters and spaces in place of what no text may hold; what is UTF-8 stays. */
static struct json_object *words_of(const char *bytes, size_t size)
{
    struct json_object *read = NULL;
    char *quoted = malloc(size + 3);
    size_t used = 0;
    MUST(quoted);
    quoted[used++] = '"';
    for (size_t i = 0; i < size; i++) quoted[used++] = (unsigned char)bytes[i] < ' ' || strchr("\"\\", bytes[i]) ? 'a' : bytes[i];
    quoted[used++] = '"';
    if (!cc_read_object(quoted, used, NULL, &read, NULL, 0)) read = jo_string("Say something");
    free(quoted);
    return read;
}

enum { WORDS_MAX = 300 }; /* more words take longer, but no other way */

/* A request of a table, with words from the input. */
static struct json_object *request_of(const char *bytes, size_t size)
{
    static const char *const withs[] = {
        JSON({}),
        JSON({"n": 3}),
        JSON({"logprobs": true, "top_logprobs": 2}),
        JSON({"max_completion_tokens": 2}),
        JSON({"n": 2, "logprobs": true}),
        JSON({"stop": ["e", "i"]}),
        JSON({"service_tier": "auto"}),
        JSON({"tools": [{"type": "function", "function": {"name": "f"}}], "tool_choice": "required", "n": 2}),
        JSON({"functions": [{"name": "f"}], "function_call": {"name": "f"}}),
        JSON({"response_format": {"type": "json_object"}}),
        JSON({"modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "pcm16"}}),
    };
    size_t which = size ? (unsigned char)bytes[0] % (sizeof withs / sizeof *withs) : 0;
    struct json_object *request = jo_read(withs[which]), *message = jo_object(), *messages = jo_array();
    jo_put(message, "role", jo_string("user"));
    jo_put(message, "content", words_of(bytes, size < WORDS_MAX ? size : WORDS_MAX));
    jo_push(messages, message);
    jo_put(request, "model", jo_string("reference"));
    jo_put(request, "messages", messages);
    jo_put(request, "stream", jo_bool(true));
    jo_put(request, "stream_options", jo_read(JSON({"include_usage": true})));
    return request;
}

void fuzz_aggregate(const char *bytes, size_t size)
{
    struct json_object *request = request_of(bytes, size);
    struct folding f = fold(request, size, 64 + size % 97);
    MUST(f.ended && cc_stream_report(f.stream)->errors == 0);
    MUST(json_object_equal(f.answer, f.folded));
    fold_clear(&f);
    json_object_put(request);
}
