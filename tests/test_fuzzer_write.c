/* test_fuzzer_write.c: what the fuzzer writes into kept memory is what json-c writes; and values that are shared stay as they were when a
 * payload is changed. */
#include "fuzzer/json_text.h"
#include "fuzzer/shot.h"
#include "harness/base/jo_place.h"
#include "tests/testing.h"

#include <string.h>

static void same(struct json_text *text, struct json_object *value)
{
    size_t length;
    const char *theirs = jo_write(value, &length), *ours = json_text_write(text, value);
    ck_assert_ptr_nonnull(ours);
    ck_assert_uint_eq(text->length, length);
    ck_assert_msg(memcmp(ours, theirs, length) == 0, "%s", theirs);
}

START_TEST(values_are_written_alike)
{
    static const char *const values[] = {
        "null", "true", "[]", "{}", "[1,-1,0,9223372036854775807,-9223372036854775808,18446744073709551615]", "[1.5,1e300,-0.0,1.0,0.1]",
        "\"\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f\"", "[\"\\u0000a\",\"a\\u0000\",\"\xC3\xA9\xE2\x80\xA8\xF0\x9F\x98\x80\"]",
        "{\"a\\n\":{\"\":[null,[{}]]},\"b\":false}", "\"1234567\\\"1234567890123456\\\\x\"", "\"\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\\n\"",
    };
    struct json_text text = {0};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct json_object *value = jo_read(values[i]);
        same(&text, value);
        json_object_put(value);
    }
    json_text_clear(&text);
}
END_TEST

/* Every byte at every place of a text of every length about that of a block, among plain ones. */
START_TEST(bytes_are_written_alike)
{
    struct json_text text = {0};
    for (int byte = 0; byte < 256; byte++)
        for (size_t length = 1; length <= 20; length++)
            for (size_t at = 0; at < length; at++) {
                char bytes[20];
                memset(bytes, 'a', sizeof bytes);
                bytes[at] = (char)byte;
                struct json_object *value = jo_bytes(bytes, length);
                same(&text, value);
                json_object_put(value);
            }
    json_text_clear(&text);
}
END_TEST

START_TEST(payloads_are_written_alike)
{
    struct shots_options options = {.profile = CC_OPENAI, .seed = 5, .model = "m", .mode = MODE_ALL};
    struct shots *shots = shots_new(&options);
    struct json_text text = {0};
    for (uint64_t i = 0; i < 2000; i++) {
        struct shot shot;
        ck_assert(shot_make(shots, i, &shot));
        size_t sent, own;
        const char *body = shot_bytes(&shot, &sent), *whole = shot.text ? NULL : jo_write(shot.object, &own);
        ck_assert(shot.text || (sent == own && memcmp(body, whole, own) == 0)); /* what was judged is what goes out */
        same(&text, shot.object);
        same(&text, shot.control);
        shot_clear(&shot);
    }
    json_text_clear(&text);
    shots_free(shots);
}
END_TEST

START_TEST(what_is_unshared_changes_alone)
{
    struct json_object *first = jo_read("{\"a\":[{\"b\":1,\"c\":[2]},3],\"d\":{\"e\":4}}"), *second = jo_shallow(first), *parent;
    char last[POINTER_STEP_MAX];
    jo_unshare(second, "/a/0/b");
    ck_assert(jo_find(second, "/a/0/b", NULL, &parent, last));
    ck_assert(jo_set(parent, last, jo_string("new")));
    jo_unshare(second, "/a/0/none/deeper");
    jo_unshare(second, "/a/7");
    jo_unshare(second, "");
    ck_assert_str_eq(jo_write(first, NULL), "{\"a\":[{\"b\":1,\"c\":[2]},3],\"d\":{\"e\":4}}");
    ck_assert_str_eq(jo_write(second, NULL), "{\"a\":[{\"b\":\"new\",\"c\":[2]},3],\"d\":{\"e\":4}}");
    ck_assert_ptr_eq(jo_get(first, "d"), jo_get(second, "d"));
    json_object_put(first);
    json_object_put(second);
    ck_assert(!jo_lost());
}
END_TEST

static Suite *fuzzer_write_suite(void)
{
    Suite *suite = suite_create("fuzzer_write");
    TCase *all = tcase_create("all");
    tcase_set_timeout(all, 120);
    tcase_add_test(all, values_are_written_alike);
    tcase_add_test(all, bytes_are_written_alike);
    tcase_add_test(all, payloads_are_written_alike);
    tcase_add_test(all, what_is_unshared_changes_alone);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(fuzzer_write_suite)
