/* chunks.c: see chunks.h.
 *
 * Each choice becomes a list of deltas: the role, then one token after another (of text, refusal, transcript or arguments), then an empty
 * one with the finish_reason. The lists of several choices are interleaved, as real servers do. Usage comes last, moderation after it. */
#include "endpoint/chunks.h"

#include "endpoint/digest.h"
#include "endpoint/tokens.h"
#include "endpoint/tools.h"

enum { PIECES = 400 }; /* of one text; longer texts get several tokens a piece */

/* A stream in the making. */
struct stream {
    struct json_object *completion, *events;
    bool usage;     /* was asked for */
    bool obfuscate;
    uint64_t digest;
};

/* A chunk with these choices (taken over), appended to the stream. It is borrowed. */
static struct json_object *add_chunk(struct stream *stream, struct json_object *choices)
{
    static const char *const same[] = {"id", "object", "created", "model", "service_tier", "system_fingerprint"};
    struct json_object *chunk = jo_object();
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        jo_put(chunk, same[i], json_object_get(jo_get(stream->completion, same[i])));
    jo_put(chunk, "object", jo_string("chat.completion.chunk"));
    jo_put(chunk, "choices", choices);
    if (stream->usage)
        jo_put(chunk, "usage", NULL);
    if (stream->obfuscate) {
        uint64_t padding = digest_mix(stream->digest++);
        jo_put(chunk, "obfuscation", digest_id("", padding, padding % 15));
    }
    jo_push(stream->events, chunk);
    return chunk;
}

/* One delta of a choice with its logprobs; both taken over. */
static void add_piece(struct json_object *pieces, struct json_object *delta, struct json_object *logprobs)
{
    struct json_object *piece = jo_object();
    jo_put(piece, "delta", delta);
    jo_put(piece, "logprobs", logprobs);
    jo_push(pieces, piece);
}

/* {key: value}; the value is taken over. */
static struct json_object *holding(const char *key, struct json_object *value)
{
    struct json_object *object = jo_object();
    jo_put(object, key, value);
    return object;
}

/* The logprobs of tokens `first` up to `end`, when the choice has any. */
static struct json_object *logprobs_between(struct json_object *logprobs, const char *key, size_t first, size_t end)
{
    struct json_object *list = jo_get(logprobs, key), *part = jo_array(), *object = jo_object();
    for (size_t i = first; i < end; i++)
        jo_push(part, json_object_get(jo_item(list, i)));
    jo_put(object, "content", NULL);
    jo_put(object, "refusal", NULL);
    jo_put(object, key, part);
    return object;
}

/* Tokens that go into one piece of a text. */
static size_t grain_of(struct json_object *text)
{
    return token_count(jo_text(text), jo_text_length(text)) / PIECES + 1;
}

/* Content or refusal, token by token. */
static void split_text(struct json_object *pieces, const char *key, struct json_object *text, struct json_object *logprobs)
{
    size_t grain = grain_of(text), length = jo_text_length(text), token = 0;
    for (size_t at = 0, step; at < length; at += step, token += grain) {
        step = token_prefix(jo_text(text) + at, length - at, grain);
        size_t end = token + token_count(jo_text(text) + at, step);
        struct json_object *probable = logprobs ? logprobs_between(logprobs, key, token, end) : NULL;
        add_piece(pieces, holding(key, jo_bytes(jo_text(text) + at, step)), probable);
    }
}

/* What wraps each fragment of a string that is streamed in parts. */
typedef struct json_object *wrap_fn(size_t index, const char *key, struct json_object *part);

static struct json_object *wrap_audio(size_t index, const char *key, struct json_object *part)
{
    (void)index;
    return holding("audio", holding(key, part));
}

static struct json_object *wrap_function_call(size_t index, const char *key, struct json_object *part)
{
    (void)index;
    return holding("function_call", holding(key, part));
}

/* A fragment of tool call number `index`; the key tells which kind it is. */
static struct json_object *wrap_tool_call(size_t index, const char *key, struct json_object *part)
{
    struct json_object *call = holding("index", jo_integer((int64_t)index)), *calls = jo_array();
    jo_put(call, key[0] == 'i' ? "custom" : "function", holding(key, part));
    jo_push(calls, call);
    return holding("tool_calls", calls);
}

static void split_string(struct json_object *pieces, wrap_fn *wrap, size_t index, const char *key, struct json_object *text)
{
    size_t grain = grain_of(text), length = jo_text_length(text);
    for (size_t at = 0, step; at < length; at += step) {
        step = token_prefix(jo_text(text) + at, length - at, grain);
        add_piece(pieces, wrap(index, key, jo_bytes(jo_text(text) + at, step)), NULL);
    }
}

/* A copy of a call's body (function, custom or function_call) that hands over nothing yet. */
static struct json_object *opening(struct json_object *body)
{
    struct json_object *copy = jo_copy(body);
    tools_cut_payload(copy, 0);
    return copy;
}

static void split_tool_call(struct json_object *pieces, size_t index, struct json_object *call)
{
    bool custom = jo_is(jo_get(call, "type"), "custom");
    struct json_object *first = holding("index", jo_integer((int64_t)index)), *calls = jo_array();
    jo_put(first, "id", jo_copy(jo_get(call, "id")));
    jo_put(first, "type", jo_copy(jo_get(call, "type")));
    jo_put(first, custom ? "custom" : "function", opening(tools_body(call)));
    jo_push(calls, first);
    add_piece(pieces, holding("tool_calls", calls), NULL);
    split_string(pieces, wrap_tool_call, index, custom ? "input" : "arguments", tools_payload(tools_body(call)));
}

static void split_audio(struct json_object *pieces, struct json_object *audio)
{
    add_piece(pieces, wrap_audio(0, "id", jo_copy(jo_get(audio, "id"))), NULL);
    split_string(pieces, wrap_audio, 0, "transcript", jo_get(audio, "transcript"));
    add_piece(pieces, wrap_audio(0, "data", jo_copy(jo_get(audio, "data"))), NULL);
    add_piece(pieces, wrap_audio(0, "expires_at", jo_copy(jo_get(audio, "expires_at"))), NULL);
}

static struct json_object *opening_delta(struct json_object *message)
{
    struct json_object *delta = holding("role", jo_copy(jo_get(message, "role")));
    jo_put(delta, "content", jo_get(message, "content") ? jo_string("") : NULL);
    jo_put(delta, "refusal", NULL);
    return delta;
}

/* The deltas of a choice, all but the last: a new array. */
static struct json_object *split_choice(struct json_object *choice)
{
    struct json_object *message = jo_get(choice, "message"), *calls = jo_get(message, "tool_calls"), *pieces = jo_array();
    struct json_object *function = jo_get(message, "function_call"), *audio = jo_get(message, "audio");
    add_piece(pieces, opening_delta(message), NULL);
    split_text(pieces, "content", jo_get(message, "content"), jo_get(choice, "logprobs"));
    split_text(pieces, "refusal", jo_get(message, "refusal"), jo_get(choice, "logprobs"));
    for (size_t i = 0; i < jo_length(calls); i++)
        split_tool_call(pieces, i, jo_item(calls, i));
    if (function) {
        add_piece(pieces, holding("function_call", opening(function)), NULL);
        split_string(pieces, wrap_function_call, 0, "arguments", tools_payload(function));
    }
    if (audio)
        split_audio(pieces, audio);
    if (jo_length(jo_get(message, "annotations")) > 0)
        add_piece(pieces, holding("annotations", jo_copy(jo_get(message, "annotations"))), NULL);
    return pieces;
}

/* A chunk with one choice; takes over what it is given. */
static void add_choice(struct stream *stream, size_t index, struct json_object *delta, struct json_object *logprobs,
                       struct json_object *finish)
{
    struct json_object *choice = holding("index", jo_integer((int64_t)index)), *choices = jo_array();
    jo_put(choice, "delta", delta);
    jo_put(choice, "logprobs", logprobs);
    jo_put(choice, "finish_reason", finish);
    jo_push(choices, choice);
    add_chunk(stream, choices);
}

/* Sends one piece of each choice in turn, until all are through. */
static void interleave(struct stream *stream, struct json_object *choices, struct json_object *lists)
{
    bool sent = true;
    for (size_t turn = 0; sent; turn++) {
        sent = false;
        for (size_t i = 0; i < jo_length(lists); i++) {
            struct json_object *list = jo_item(lists, i), *piece = jo_item(list, turn);
            if (piece)
                add_choice(stream, i, json_object_get(jo_get(piece, "delta")), json_object_get(jo_get(piece, "logprobs")), NULL);
            if (turn == jo_length(list))
                add_choice(stream, i, jo_object(), NULL, jo_copy(jo_get(jo_item(choices, i), "finish_reason")));
            sent = sent || turn <= jo_length(list);
        }
    }
}

struct json_object *chunks_make(struct json_object *completion, struct json_object *request, bool obfuscate)
{
    struct json_object *options = jo_get(request, "stream_options"), *choices = jo_get(completion, "choices"), *lists = jo_array();
    bool refused = jo_has(options, "include_obfuscation") && !jo_true(jo_get(options, "include_obfuscation"));
    struct stream stream = {completion, jo_array(), jo_true(jo_get(options, "include_usage")), obfuscate && !refused, 0};
    stream.digest = digest_bytes(jo_text(jo_get(completion, "id")), jo_text_length(jo_get(completion, "id")));
    for (size_t i = 0; i < jo_length(choices); i++)
        jo_push(lists, split_choice(jo_item(choices, i)));
    interleave(&stream, choices, lists);
    json_object_put(lists);
    if (stream.usage)
        jo_put(add_chunk(&stream, jo_array()), "usage", jo_copy(jo_get(completion, "usage")));
    if (jo_has(completion, "moderation"))
        jo_put(add_chunk(&stream, jo_array()), "moderation", jo_copy(jo_get(completion, "moderation")));
    return stream.events;
}
