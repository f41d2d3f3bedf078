/* test_refold.c: answers that chance made, taken apart by chance, are put together again as they were. The splitter is this file's own: it
 * cuts texts between any two letters or escapes, also between the halves of a surrogate pair, lets choices and calls take turns, and writes
 * the same letter as itself or as an escape. */
#define _GNU_SOURCE /* vasprintf */
#include "chatconform.h"
#include "tests/testing.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWERS = 2000, CHOICES = 4, CALLS = 3, PIECES = 24 };

static unsigned seed;
static unsigned chance(unsigned below) { return ((seed = seed * 1103515245u + 12345u) >> 12) % below; }

/* --- letters: what each is, and two ways to write it in JSON; the second may be cut in two */

static const struct letter {
    const char *text, *plain, *escaped;
    size_t length, cut; /* of text; of `escaped`, where another chunk may begin */
} letters[] = {
    {"a", "a", "\\u0061", 1, 0}, {" ", " ", "\\u0020", 1, 0}, {"word", "word", "wor\\u0064", 4, 3}, {"\"", "\\\"", "\\u0022", 1, 0},
    {"\\", "\\\\", "\\u005c", 1, 0}, {"/", "/", "\\/", 1, 0}, {"\n", "\\n", "\\u000A", 1, 0}, {"\x01", "\\u0001", "\\u0001", 1, 0},
    {"\0", "\\u0000", "\\u0000", 1, 0}, {"\xC3\xA9", "\xC3\xA9", "\\u00e9", 2, 0}, {"\xE4\xB8\xAD", "\xE4\xB8\xAD", "\\u4E2d", 3, 0},
    {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80", "\\ud83d\\uDE00", 4, 6}, {"{", "{", "\\u007b", 1, 0}, {":", ":", "\\u003A", 1, 0},
    {"\xEF\xBF\xBD", "\xEF\xBF\xBD", "\\ufffd", 3, 0}, {"data: ", "data: ", "data:\\u0020", 6, 5},
};
enum { LETTERS = sizeof letters / sizeof *letters };

/* A text, and the pieces of JSON that it is sent in. */
struct said {
    char text[PIECES * 32];
    size_t length, count;
    char pieces[PIECES][200];
};

static void add_letter(struct said *said, const struct letter *letter)
{
    bool escaped = chance(3) == 0, cut = escaped && letter->cut && chance(2);
    const char *written = escaped ? letter->escaped : letter->plain;
    memcpy(said->text + said->length, letter->text, letter->length);
    said->length += letter->length;
    char *piece = said->pieces[said->count - 1];
    size_t used = strlen(piece);
    snprintf(piece + used, sizeof *said->pieces - used, "%.*s", cut ? (int)letter->cut : 20, written);
    if (cut) snprintf(said->pieces[said->count++], sizeof *said->pieces, "%s", written + letter->cut);
}

static void say(struct said *said, unsigned most)
{
    *said = (struct said){.length = 0};
    for (unsigned left = chance(most + 1); left > 0 && said->count + 1 < PIECES; left--) {
        said->pieces[said->count++][0] = '\0';
        for (unsigned i = chance(6); i > 0 && said->count < PIECES; i--) add_letter(said, &letters[chance(LETTERS)]);
    }
}

/* --- an answer, and the deltas of each choice in their order */

struct choice {
    struct json_object *whole;
    char *deltas[PIECES * (CALLS + 2)]; /* the members of a choice, without its index */
    size_t count, sent;
};

static void add_delta(struct choice *choice, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_delta(struct choice *choice, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    ck_assert_int_gt(vasprintf(&choice->deltas[choice->count++], format, arguments), 0);
    va_end(arguments);
}

static struct json_object *text_object(const struct said *said) { return json_object_new_string_len(said->text, (int)said->length); }

static void add_text(struct choice *choice, struct json_object *message, const char *key, bool logprobs, struct json_object *tokens)
{
    struct said said;
    say(&said, PIECES - 4);
    for (size_t i = 0; i < said.count; i++) {
        char token[300] = "";
        if (logprobs) {
            snprintf(token, sizeof token, "{\"token\":\"t%zu\",\"logprob\":-%zu.5,\"bytes\":[%zu],\"top_logprobs\":[]}", i, i, i % 256);
            json_object_array_add(tokens, json_tokener_parse(token));
        }
        add_delta(choice, "\"delta\":{\"%s\":\"%s\"},\"logprobs\":%s%s%s", key, said.pieces[i], logprobs ? "{\"content\":[" : "null",
                  token, logprobs ? "],\"refusal\":null}" : "");
    }
    if (said.count == 0) add_delta(choice, "\"delta\":{\"%s\":\"\"}", key);
    json_object_object_add(message, key, text_object(&said));
}

/* Calls whose fragments take turns after their first ones. */
static void add_calls(struct choice *choice, struct json_object *message)
{
    struct said said[CALLS];
    size_t count = 1 + chance(CALLS), sent[CALLS] = {0}, left = 0;
    struct json_object *calls = json_object_new_array();
    for (size_t k = 0; k < count; k++) {
        struct json_object *call = json_object_new_object(), *function = json_object_new_object();
        char id[32];
        say(&said[k], 8);
        left += said[k].count;
        snprintf(id, sizeof id, "call_%zu", k);
        add_delta(choice, "\"delta\":{\"tool_calls\":[{\"index\":%zu,\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}", k, id);
        json_object_object_add(function, "name", json_object_new_string("f"));
        json_object_object_add(function, "arguments", text_object(&said[k]));
        json_object_object_add(call, "id", json_object_new_string(id));
        json_object_object_add(call, "type", json_object_new_string("function"));
        json_object_object_add(call, "function", function);
        json_object_array_add(calls, call);
    }
    while (left > 0) {
        size_t k = chance((unsigned)count);
        if (sent[k] == said[k].count) continue;
        add_delta(choice, "\"delta\":{\"tool_calls\":[{\"index\":%zu,\"function\":{\"arguments\":\"%s\"}}]}", k, said[k].pieces[sent[k]++]);
        left--;
    }
    json_object_object_add(message, "tool_calls", calls);
}

static void make_choice(struct choice *choice, size_t index)
{
    struct json_object *message = json_object_new_object(), *logprobs = NULL, *tokens = json_object_new_array();
    unsigned kind = chance(4); /* text, text with logprobs, a refusal, calls */
    *choice = (struct choice){.whole = json_object_new_object()};
    json_object_object_add(message, "role", json_object_new_string("assistant"));
    json_object_object_add(message, "content", NULL);
    json_object_object_add(message, "refusal", NULL);
    add_delta(choice, "\"delta\":{\"role\":\"assistant\"%s}", kind == 3 ? ",\"content\":null" : chance(2) ? ",\"refusal\":null" : "");
    if (kind < 2) add_text(choice, message, "content", kind == 1, tokens);
    if (kind == 2) add_text(choice, message, "refusal", false, tokens);
    if (kind == 3) add_calls(choice, message);
    if (json_object_array_length(tokens)) {
        logprobs = json_object_new_object();
        json_object_object_add(logprobs, "content", json_object_get(tokens));
        json_object_object_add(logprobs, "refusal", NULL);
    }
    json_object_put(tokens);
    json_object_object_add(choice->whole, "index", json_object_new_int64((int64_t)index));
    json_object_object_add(choice->whole, "message", message);
    json_object_object_add(choice->whole, "logprobs", logprobs);
    json_object_object_add(choice->whole, "finish_reason", json_object_new_string(kind == 3 ? "tool_calls" : "stop"));
}

/* --- the stream */

#define HEAD "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"m\",\"choices\":["

/* One delta of one choice, or, when it has none left, its finish; false when that was sent before. */
static bool send_one(FILE *out, struct choice *choice, size_t index, const char *reason)
{
    if (choice->sent > choice->count) return false;
    bool last = choice->sent == choice->count;
    fprintf(out, "{\"index\":%zu,%s,\"finish_reason\":%s%s%s}", index, last ? "\"delta\":{}" : choice->deltas[choice->sent], last ? "\"" : "",
            last ? reason : "null", last ? "\"" : "");
    choice->sent++;
    return true;
}

static char *write_stream(struct choice *choices, size_t n, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    const char *end = chance(2) ? "\n" : "\r\n";
    for (size_t open = n; open > 0;) {
        size_t k = chance((unsigned)n);
        if (choices[k].sent > choices[k].count) continue;
        if (chance(30) == 0) fprintf(out, ": keep-alive%s%s", end, end);
        fputs(HEAD, out);
        send_one(out, &choices[k], k, json_object_get_string(json_object_object_get(choices[k].whole, "finish_reason")));
        open -= choices[k].sent > choices[k].count;
        fprintf(out, "]}%s%s", end, end);
    }
    fprintf(out, HEAD "],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}%s%sdata: [DONE]%s%s", end, end, end, end);
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

static struct json_object *fold(const char *bytes, size_t length)
{
    struct cc_stream *stream = cc_stream_new(NULL, NULL, 0);
    for (size_t at = 0, step; at < length; at += step) {
        step = 1 + chance(300);
        step = step < length - at ? step : length - at;
        ck_assert(cc_stream_feed(stream, bytes + at, step));
    }
    ck_assert(cc_stream_end(stream, false));
    struct json_object *answer = cc_stream_answer(stream);
    cc_stream_free(stream);
    return answer;
}

static struct json_object *make_answer(struct choice *choices, size_t n)
{
    struct json_object *answer = json_tokener_parse("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"m\","
                                                    "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}");
    struct json_object *list = json_object_new_array();
    for (size_t k = 0; k < n; k++) {
        make_choice(&choices[k], k);
        json_object_array_add(list, json_object_get(choices[k].whole));
    }
    json_object_object_add(answer, "choices", list);
    return answer;
}

START_TEST(what_chance_took_apart_is_whole_again)
{
    for (int i = 0; i < ANSWERS / 4; i++) {
        static struct choice choices[CHOICES];
        seed = (unsigned)(_i * ANSWERS + i);
        size_t length, n = 1 + chance(CHOICES);
        struct json_object *answer = make_answer(choices, n);
        char *stream = write_stream(choices, n, &length);
        struct json_object *folded = fold(stream, length);
        ck_assert_msg(json_object_equal(answer, folded), "%d:\n%s\nbecame\n%s\nfrom\n%s", i, json_object_to_json_string(answer),
                      json_object_to_json_string(folded), stream);
        for (size_t k = 0; k < n; k++) {
            for (size_t d = 0; d < choices[k].count; d++) free(choices[k].deltas[d]);
            json_object_put(choices[k].whole);
        }
        json_object_put(folded);
        json_object_put(answer);
        free(stream);
    }
}
END_TEST

static Suite *refold_suite(void)
{
    Suite *suite = suite_create("refold");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, what_chance_took_apart_is_whole_again, 0, 4);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(refold_suite)
