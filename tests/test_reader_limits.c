/* test_reader_limits.c: each limit of the reader, at N and at N + 1, and how little stack it needs. */
#include "tests/reading.h"

#include <pthread.h>

static void assert_limited(const char *text, size_t length, struct read_limits limits, enum remark what, size_t offset)
{
    struct document doc = {0};
    ck_assert(!read_limited(&doc, text, length, &limits));
    ck_assert_uint_eq(doc.remark_count, 1);
    ck_assert_int_eq(doc.remarks[0].what, what);
    ck_assert_uint_eq(doc.remarks[0].offset, offset);
    ck_assert_ptr_nonnull(doc.remarks[0].detail);
    ck_assert_uint_le(doc.room, limits.values);
    document_clear(&doc);
}

static void assert_allowed(const char *text, size_t length, struct read_limits limits)
{
    struct document doc = {0};
    ck_assert(read_limited(&doc, text, length, &limits));
    ck_assert_uint_le(doc.room, limits.values);
    document_clear(&doc);
}

START_TEST(limit_of_bytes)
{
    for (size_t length = 2; length < 100; length++) {
        char text[100];
        memset(text, ' ', sizeof text);
        memcpy(text + length - 2, "[]", 2);
        assert_allowed(text, length, (struct read_limits){length, 1, 1});
        assert_limited(text, length, (struct read_limits){length - 1, 1, 1}, JSON_LIMIT_BYTES, length - 1);
    }
    assert_limited("1", 1, (struct read_limits){0, 1, 1}, JSON_LIMIT_BYTES, 0);
}
END_TEST

START_TEST(limit_of_depth)
{
    static char text[4 * 513 + 1 + 513];
    for (size_t depth = 1; depth <= 513; depth += depth < 60 ? 1 : 151) {
        const char *const shapes[] = {"[", "{\"\":"};
        for (size_t shape = 0; shape < 2; shape++) {
            size_t width = strlen(shapes[shape]), length = depth * width;
            for (size_t i = 0; i < depth; i++)
                memcpy(text + i * width, shapes[shape], width);
            if (shape == 1)
                text[length++] = '0';
            memset(text + length, shape == 0 ? ']' : '}', depth);
            assert_allowed(text, length + depth, (struct read_limits){SIZE_MAX, depth, SIZE_MAX});
            assert_limited(text, length + depth, (struct read_limits){SIZE_MAX, depth - 1, SIZE_MAX}, JSON_LIMIT_DEPTH, (depth - 1) * width);
        }
    }
    assert_allowed("1", 1, (struct read_limits){1, 0, 1});
    assert_allowed("[[],[],{}]", 10, (struct read_limits){10, 2, 4});
}
END_TEST

START_TEST(limit_of_values)
{
    static char text[2 * 1000001];
    const size_t counts[] = {1, 2, 3, 63, 64, 65, 66, 127, 128, 129, 130, 1000, 4096, 4097, 1000000};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        size_t length = 2 * counts[i];
        for (size_t at = 0; at < length; at += 2)
            memcpy(text + at, at == 0 ? "[ " : "0,", 2);
        text[length - 1] = ']';
        assert_allowed(text, length, (struct read_limits){length, 1, counts[i]});
        assert_limited(text, length, (struct read_limits){length, 1, counts[i] - 1}, JSON_LIMIT_VALUES, 2 * (counts[i] - 1));
    }
    assert_allowed("{\"a\":\"b\"}", 9, (struct read_limits){9, 1, 3});
    assert_limited("{\"a\":\"b\"}", 9, (struct read_limits){9, 1, 2}, JSON_LIMIT_VALUES, 5);
    assert_limited("{\"a\":\"b\"}", 9, (struct read_limits){9, 1, 1}, JSON_LIMIT_VALUES, 1);
}
END_TEST

/* A document that was used for a large text keeps its room, and still minds a lower limit. */
START_TEST(limits_hold_when_a_document_is_reused)
{
    struct document doc = {0};
    static char text[2000];
    memset(text, '[', 500);
    memset(text + 500, ']', 500);
    ck_assert(document_read(&doc, text, 1000, &roomy));
    ck_assert_uint_eq(doc.count, 500);
    ck_assert(!document_read(&doc, "[1,2]", 5, &(struct read_limits){5, 1, 2}));
    ck_assert_int_eq(doc.remarks[0].what, JSON_LIMIT_VALUES);
    ck_assert(document_read(&doc, "[1,2]", 5, &(struct read_limits){5, 1, 3}));
    ck_assert_uint_eq(doc.count, 3);
    document_clear(&doc);
    ck_assert_ptr_null(doc.values);
}
END_TEST

static void *read_deep(void *text)
{
    struct document doc = {0};
    bool whole = document_read(&doc, text, strlen(text), &roomy);
    document_clear(&doc);
    return whole ? text : NULL;
}

START_TEST(a_small_stack_is_enough)
{
    static char text[512 * 6 + 512 + 1];
    for (size_t i = 0; i < 512; i++)
        memcpy(text + i * 6, i == 511 ? "{\"a\":0" : "{\"a\": ", 6);
    memset(text + 512 * 6, '}', 512);
    pthread_attr_t attributes;
    pthread_t thread;
    void *result = NULL;
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, 256 << 10), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, read_deep, text), 0);
    ck_assert_int_eq(pthread_join(thread, &result), 0);
    pthread_attr_destroy(&attributes);
    ck_assert_ptr_eq(result, text);
}
END_TEST

static Suite *reader_limits_suite(void)
{
    Suite *suite = suite_create("reader_limits");
    TCase *tests = tcase_create("reader_limits");
    tcase_add_test(tests, limit_of_bytes);
    tcase_add_test(tests, limit_of_depth);
    tcase_add_test(tests, limit_of_values);
    tcase_add_test(tests, limits_hold_when_a_document_is_reused);
    tcase_add_test(tests, a_small_stack_is_enough);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(reader_limits_suite)
