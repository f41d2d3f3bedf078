/* test_fold.c: the answer that the chunks of a stream add up to, compared with answers written by hand. */
#include "tests/streaming.h"

#include <json-c/json.h>

struct sum {
    const char *name, *stream, *answer;
};

#define JSON_(...) #__VA_ARGS__
#define JSON(...) JSON_(__VA_ARGS__)
#define PART(delta, ...) CHUNK("choices": [{"index": 0, "delta": delta, "finish_reason": null, __VA_ARGS__}])
#define TOKEN(text) {"token": text, "logprob": -0.5, "bytes": null, "top_logprobs": []}

static const struct sum sums[] = {
    {"text", BEGIN TEXT SAY({"content": ", you"}) END("stop") DONE,
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": "Hello, you", "refusal": null}, "logprobs": null, "finish_reason": "stop"}]})},
    {"unfinished", BEGIN TEXT,
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": "Hello", "refusal": null}, "logprobs": null, "finish_reason": null}]})},
    {"no content", SAY({"role": "assistant", "content": null, "refusal": "No"}) SAY({"refusal": "."}) END("stop"),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": null, "refusal": "No."}, "logprobs": null, "finish_reason": "stop"}]})},
    {"null after text, and text after null", SAY({"role": "assistant", "content": null}) TEXT SAY({"content": null}) TEXT,
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": "HelloHello", "refusal": null}, "logprobs": null, "finish_reason": null}]})},
    {"a role in every chunk", BEGIN SAY({"role": "assistant", "content": "x"}) SAY({"role": "", "content": "y"}),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": "xy", "refusal": null}, "logprobs": null, "finish_reason": null}]})},
    {"escapes and split surrogates", BEGIN SAY({"content": "\"\\\n\u00e9\ud83d"}) SAY({"content": "\ude00\/"}),
     "{\"id\": \"chatcmpl-7\", \"object\": \"chat.completion\", \"created\": 1712345678, \"model\": \"m-1\", \"choices\": [{\"index\": 0, \"message\": "
     "{\"role\": \"assistant\", \"content\": \"\\\"\\\\\\n\xC3\xA9\xF0\x9F\x98\x80/\", \"refusal\": null}, \"logprobs\": null, \"finish_reason\": null}]}"},
    {"two choices, out of order", OF(1, {"role": "assistant", "content": "b"}) OF(0, {"role": "assistant", "content": "a"}) OF(1,
     {"content": "B"})
     END_OF(1, "length") END_OF(0, "stop"),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [
         {"index": 0, "message": {"role": "assistant", "content": "a", "refusal": null}, "logprobs": null, "finish_reason": "stop"},
         {"index": 1, "message": {"role": "assistant", "content": "bB", "refusal": null}, "logprobs": null, "finish_reason": "length"}]})},
    {"tool calls", SAY({"role": "assistant", "content": null}) CALLS(FIRST(0, "call_a", "f"), FIRST(1, "call_b", "g")) CALLS(NEXT(1,
     "{\"y\":"), NEXT(0, "{}"))
     CALLS(NEXT(1, "2}")) END("tool_calls") DONE,
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": null, "refusal": null, "tool_calls": [
             {"id": "call_a", "type": "function", "function": {"name": "f", "arguments": "{}"}},
             {"id": "call_b", "type": "function", "function": {"name": "g", "arguments": "{\"y\":2}"}}]},
         "logprobs": null, "finish_reason": "tool_calls"}]})},
    {"tool calls that repeat themselves", CALLS(FIRST(0, "call_a", "f")) CALLS(FIRST(0, "call_a", "f")) CALLS({"index": 0, "id": "",
     "type": null, "function": {"arguments": "{}"}}),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": null, "refusal": null, "tool_calls": [
             {"id": "call_a", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, "logprobs": null,
              "finish_reason": null}]})},
    {"tool calls without index", CALLS({"id": "call_a", "type": "function", "function": {"name": "f", "arguments": "{"}})
     CALLS({"function": {"arguments": "}"}})
     CALLS({"id": "call_b", "type": "function", "function": {"name": "g", "arguments": "{}"}}),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": null, "refusal": null, "tool_calls": [
             {"id": "call_a", "type": "function", "function": {"name": "f", "arguments": "{}"}},
             {"id": "call_b", "type": "function", "function": {"name": "g", "arguments": "{}"}}]}, "logprobs": null,
              "finish_reason": null}]})},
    {"a custom call", CALLS({"index": 0, "id": "call_a", "type": "custom", "custom": {"name": "q", "input": "SEL"}}) CALLS({"index": 0,
     "custom": {"input": "ECT"}}),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": null, "refusal": null, "tool_calls": [{"id": "call_a", "type": "custom", "custom": {"name": "q",
          "input": "SELECT"}}]},
         "logprobs": null, "finish_reason": null}]})},
    {"a function call", SAY({"role": "assistant", "function_call": {"name": "f", "arguments": ""}})
     SAY({"function_call": {"arguments": "{"}})
     SAY({"function_call": {"arguments": "}"}}) END("function_call"),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": null, "refusal": null, "function_call": {"name": "f", "arguments": "{}"}},
         "logprobs": null, "finish_reason": "function_call"}]})},
    {"audio", SAY({"role": "assistant", "audio": {"id": "audio_1", "transcript": "He"}}) SAY({"audio": {"data": "AAAA"}})
     SAY({"audio": {"transcript": "llo", "data": "BBBB"}}) SAY({"audio": {"expires_at": 1712349999}}),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": null, "refusal": null, "audio": {"id": "audio_1", "transcript": "Hello", "data": "AAAABBBB",
          "expires_at": 1712349999}},
         "logprobs": null, "finish_reason": null}]})},
    /* 00, then 04 10 41, then FF FE, then FF */
    {"audio whose pieces are padded", SAY({"role": "assistant", "audio": {"data": "AA=="}}) SAY({"audio": {"data": "BBBB"}}) SAY({"audio": {"data": "\/\/4="}})
     SAY({"audio": {"data": "/w=="}}),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": null, "refusal": null, "audio": {"data": "AAQQQf/+/w=="}}, "logprobs": null, "finish_reason": null}]})},
    {"what nobody knows", SAY({"role": "assistant", "reasoning_content": "I ", "flags": [1], "n": 1, "deep": {"a": "x", "b": [true]}})
     SAY({"reasoning_content": "think", "flags": [2, [3 ] ], "n": 2, "deep": {"a": "y", "b": [ ], "c": null}})
     SAY({"reasoning_content": null}),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": null, "refusal": null, "reasoning_content": "I think", "flags": [1, 2, [3]], "n": 2,
          "deep": {"a": "xy", "b": [true], "c": null}}, "logprobs": null, "finish_reason": null}]})},
    {"log probabilities", BEGIN PART({"content": "a"}, "logprobs": {"content": [TOKEN("a")], "refusal": null})
     PART({"content": "bc"}, "logprobs": {"content": [TOKEN("b"), TOKEN("c")], "refusal": null}) END("stop"),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": "abc", "refusal": null}, "logprobs": {"content": [TOKEN("a"), TOKEN("b"), TOKEN("c")],
          "refusal": null},
         "finish_reason": "stop"}]})},
    {"usage, tier and members of the choice", BEGIN PART({"content": "a"}, "content_filter_results": {"hate": {"filtered": false}})
     CHUNK("choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "service_tier": "default", "system_fingerprint": "fp_1",
     "usage": null, "obfuscation": "x")
     USED,
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0, "message":
         {"role": "assistant", "content": "a", "refusal": null}, "logprobs": null, "finish_reason": "stop",
         "content_filter_results": {"hate": {"filtered": false}}}], "service_tier": "default", "system_fingerprint": "fp_1",
         "usage": COUNTS})},
    {"Azure's opening", EVENT({"choices": [], "created": 0, "id": "", "model": "", "object": "", "prompt_filter_results": []})
     BEGIN TEXT END("stop"),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": "Hello", "refusal": null}, "logprobs": null, "finish_reason": "stop"}]})},
    {"an empty id at the end", BEGIN TEXT EVENT({"id": "", "object": "chat.completion.chunk", "created": 1712345678, "model": "",
     "choices": [],
         "usage": {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}}),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": "Hello", "refusal": null}, "logprobs": null, "finish_reason": null}],
         "usage": COUNTS})},
    {"nothing after the terminator counts", BEGIN TEXT DONE TEXT,
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": "Hello", "refusal": null}, "logprobs": null, "finish_reason": null}]})},
    {"an escaped key", BEGIN SAY({"con\u0074ent": "a"}) SAY({"content": "b"}),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": "assistant", "content": "ab", "refusal": null}, "logprobs": null, "finish_reason": null}]})},
    {"members of wrong types", SAY({"role": 5, "content": ["x"], "tool_calls": "none"}) CHUNK("choices": [7, {"index": 0, "delta": 3,
     "finish_reason": 4, "logprobs": []}]),
     JSON({"id": "chatcmpl-7", "object": "chat.completion", "created": 1712345678, "model": "m-1", "choices": [{"index": 0,
         "message": {"role": 5, "content": ["x"], "refusal": null}, "logprobs": null, "finish_reason": null}]})},
    {"no chunk", DONE, NULL},
    {"an error alone", OVERLOADED, NULL},
    {"nothing", "", NULL},
};
enum { SUMS = sizeof sums / sizeof *sums };

static struct json_object *parse(const char *text)
{
    struct json_object *object = NULL;
    char why[200] = "";
    ck_assert_msg(cc_read_object(text, strlen(text), NULL, &object, why, sizeof why), "%s in %s", why, text);
    return object;
}

static const char *plain(struct json_object *object)
{
    return object ? json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE) : "nothing";
}

/* The same value, members in any order. */
START_TEST(test_sums)
{
    const struct sum *sum = &sums[_i];
    size_t length = strlen(sum->stream);
    struct json_object *expected = sum->answer ? parse(sum->answer) : NULL;
    for (size_t first = 0; first <= length; first += 1 + length / 40) {
        struct judging how = {.first = first, .answer = true};
        struct judged got;
        judge_bytes(&got, &how, sum->stream, length);
        bool same = got.answer && expected ? json_object_equal(got.answer, expected) : got.answer == expected;
        ck_assert_msg(same, "%s: got\n%s\nbut expected\n%s", sum->name, plain(got.answer), plain(expected));
        json_object_put(got.answer);
    }
    json_object_put(expected);
}
END_TEST

/* What is there so far may be asked for at any time, and again. */
START_TEST(test_so_far)
{
    struct cc_stream *stream = cc_stream_new(NULL, NULL, 0);
    for (int i = 1; i <= 3; i++) {
        ck_assert(cc_stream_feed(stream, TEXT, sizeof TEXT - 1));
        struct json_object *answer = cc_stream_answer(stream), *choices, *message, *content;
        ck_assert_ptr_nonnull(answer);
        ck_assert(json_object_object_get_ex(answer, "choices", &choices));
        ck_assert(json_object_object_get_ex(json_object_array_get_idx(choices, 0), "message", &message));
        ck_assert(json_object_object_get_ex(message, "content", &content));
        ck_assert_int_eq(json_object_get_string_len(content), 5 * i);
        json_object_put(answer);
    }
    cc_stream_free(stream);
}
END_TEST

/* Numbers of things are bounded, whatever a stream claims. */
START_TEST(test_bounds)
{
    struct cc_stream *stream = cc_stream_new(NULL, NULL, 0);
    char chunk[400];
    for (int i = 0; i < 3000; i++) {
        snprintf(chunk, sizeof chunk,
        "data: {\"id\":\"a\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":%d,\"delta\":"
                 "{\"m%d\":1,\"tool_calls\":[{\"index\":%d}]},\"finish_reason\":null},{\"index\":0,\"delta\":{\"k%d\":1,\"tool_calls\":[{\"index\":%d}]}}]}\n\n",
                 i, i, i, i, i);
        ck_assert(cc_stream_feed(stream, chunk, strlen(chunk)));
    }
    struct json_object *answer = cc_stream_answer(stream), *choices, *message, *calls;
    ck_assert(json_object_object_get_ex(answer, "choices", &choices));
    ck_assert_uint_eq(json_object_array_length(choices), 256);
    ck_assert(json_object_object_get_ex(json_object_array_get_idx(choices, 0), "message", &message));
    ck_assert(json_object_object_get_ex(message, "tool_calls", &calls));
    ck_assert_uint_eq(json_object_array_length(calls), 1024);
    ck_assert_int_le(json_object_object_length(message), 64 + 4);
    json_object_put(answer);
    cc_stream_free(stream);
}
END_TEST

static Suite *fold_suite(void)
{
    Suite *suite = suite_create("fold");
    TCase *tests = tcase_create("fold");
    tcase_add_loop_test(tests, test_sums, 0, SUMS);
    tcase_add_test(tests, test_so_far);
    tcase_add_test(tests, test_bounds);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(fold_suite)
