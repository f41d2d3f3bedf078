/* test_reader_keys.c: repeated keys in objects of all sizes, and the hash that keys carry. */
#include "tests/reading.h"

#include <stdio.h>

/* A text under construction. */
struct text {
    char *bytes;
    size_t length, room;
};

static void append(struct text *text, const char *bytes, size_t length)
{
    if (text->length + length > text->room) {
        text->room = 2 * (text->length + length);
        text->bytes = realloc(text->bytes, text->room);
        ck_assert_ptr_nonnull(text->bytes);
    }
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

/* Appends `"key":0` with a comma before it unless it is the first. */
static void append_member(struct text *text, const char *key, size_t length)
{
    append(text, text->length == 0 ? "{\"" : ",\"", 2);
    append(text, key, length);
    append(text, "\":0", 3);
}

/* One of a few characters, spelled in one of the ways that JSON has for it. */
static void append_spelling(struct text *key)
{
    static const char *const spellings[][4] = {
        {"a", "\\u0061", "a", "a"},
        {"\\n", "\\u000a", "\\u000A", "\\n"},
        {"/", "\\/", "\\u002f", "/"},
        {"\xC3\xA9", "\\u00e9", "\\u00E9", "\xC3\xA9"},
        {"\xF0\x9F\x98\x80", "\\ud83d\\ude00", "\\uD83D\\uDE00", "\xF0\x9F\x98\x80"},
        {"\\u0000", "\\u0000", "\\u0000", "\\u0000"},
    };
    const char *spelling = spellings[rand() % 6][rand() % 4];
    append(key, spelling, strlen(spelling));
}

static size_t unescaped(const struct document *doc, uint32_t key, char *out)
{
    size_t length = document_unescape(doc, key, out);
    expect(length <= doc->values[key].length);
    return length;
}

/* The opinion beside: every key against every one before it, as plain text. */
static void assert_marks(const struct document *doc)
{
    char (*keys)[64] = malloc((doc->values[0].length + 1) * sizeof *keys);
    size_t *lengths = malloc((doc->values[0].length + 1) * sizeof *lengths), count = 0;
    ck_assert(keys && lengths);
    for (uint32_t key = 1; key < doc->count; key = doc->values[key + 1].next, count++) {
        lengths[count] = unescaped(doc, key, keys[count]);
        expect(doc->values[key].hash == text_hash(keys[count], lengths[count]));
        bool repeats = false;
        for (size_t i = 0; i < count; i++)
            repeats |= lengths[i] == lengths[count] && memcmp(keys[i], keys[count], lengths[i]) == 0;
        expect(((doc->values[key].flags & V_DUPLICATE) != 0) == repeats);
    }
    ck_assert_uint_eq(count, doc->values[0].length);
    free(keys);
    free(lengths);
}

START_TEST(random_objects)
{
    struct document doc = {0};
    struct text text = {0}, key = {0};
    srand(7);
    for (int round = 0; round < 1500; round++) {
        int members = 1 + rand() % (round % 3 ? 20 : 200), longest = 1 + rand() % 4;
        text.length = 0;
        for (int i = 0; i < members; i++) {
            key.length = 0;
            for (int n = rand() % (longest + 1); n > 0; n--)
                append_spelling(&key);
            append_member(&text, key.bytes ? key.bytes : "", key.length);
        }
        append(&text, "}", 1);
        ck_assert(read_text(&doc, text.bytes, text.length));
        assert_marks(&doc);
    }
    document_clear(&doc);
    free(text.bytes);
    free(key.bytes);
}
END_TEST

/* Says how many keys of an object are marked. */
static size_t count_marks(const struct document *doc)
{
    size_t marks = 0;
    for (uint32_t key = 1; key < doc->count; key = doc->values[key + 1].next)
        marks += (doc->values[key].flags & V_DUPLICATE) != 0;
    return marks;
}

static void append_numbers(struct text *text, int from, int to, const char *name)
{
    char key[32];
    for (int i = from; i < to; i++)
        append_member(text, key, (size_t)snprintf(key, sizeof key, "%s%d", name, i));
}

/* Object sizes around the ones at which the search changes its way, with no repeated key, the last one, and all. */
START_TEST(objects_of_all_sizes)
{
    struct document doc = {0};
    static const int sizes[] = {1, 2, 3, 15, 16, 17, 31, 32, 33, 47, 48, 49, 50, 63, 64, 65, 100, 300, 1000, 70000, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        struct text text = {0};
        append_numbers(&text, 0, sizes[i], "key_");
        size_t open = text.length;
        append(&text, "}", 1);
        ck_assert(read_text(&doc, text.bytes, text.length));
        ck_assert_uint_eq(count_marks(&doc), 0);
        ck_assert_uint_eq(doc.remark_count, 0);
        text.length = open;
        append_numbers(&text, sizes[i] / 2, sizes[i] / 2 + 1, "\\u006bey_");
        append(&text, "}", 1);
        ck_assert(read_text(&doc, text.bytes, text.length));
        ck_assert_uint_eq(count_marks(&doc), 1);
        ck_assert_uint_eq(doc.values[doc.count - 2].flags, V_KEY | V_ESCAPED | V_DUPLICATE);
        ck_assert_uint_eq(doc.remark_count, 1);
        ck_assert_uint_eq(doc.remarks[0].at, doc.count - 2);
        free(text.bytes);
    }
    document_clear(&doc);
}
END_TEST

START_TEST(one_key_a_hundred_thousand_times)
{
    struct document doc = {0};
    struct text text = {0};
    for (int i = 0; i < 100000; i++)
        append_member(&text, i % 2 ? "same" : "s\\u0061me", i % 2 ? 4 : 9);
    append(&text, "}", 1);
    ck_assert(read_text(&doc, text.bytes, text.length));
    ck_assert_uint_eq(count_marks(&doc), 99999);
    ck_assert_uint_eq(doc.values[1].flags, V_KEY | V_ESCAPED);
    ck_assert_uint_eq(doc.remark_count, REMARKS_KEPT);
    ck_assert_uint_eq(doc.remarks[0].at, 3);
    ck_assert_uint_eq(doc.remarks[REMARKS_KEPT - 1].at, 1 + 2 * REMARKS_KEPT);
    document_clear(&doc);
    free(text.bytes);
}
END_TEST

static size_t count_marks_behind(struct document *doc, struct text *text, const char *members)
{
    size_t open = text->length;
    append(text, members, strlen(members));
    ck_assert(read_text(doc, text->bytes, text->length));
    text->length = open;
    return count_marks(doc);
}

/* Different keys that were chosen to have one hash. */
START_TEST(keys_that_share_a_hash)
{
    struct document doc = {0};
    struct text text = {0};
    char key[32];
    int found = 0;
    for (unsigned i = 0; found < 100; i++) {
        size_t length = (size_t)snprintf(key, sizeof key, "%x", i);
        if (text_hash(key, length) != text_hash("a", 1))
            continue;
        append_member(&text, key, length);
        found++;
        ck_assert_uint_eq(count_marks_behind(&doc, &text, "}"), 0);
        ck_assert_uint_eq(count_marks_behind(&doc, &text, ",\"a\":0,\"\\u0061\":0}"), 2);
    }
    document_clear(&doc);
    free(text.bytes);
}
END_TEST

/* A key of each length, at each distance from the end of the text, has the hash of the same text elsewhere. */
START_TEST(hash_is_that_of_the_text)
{
    struct document doc = {0};
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-abcdefghijklmnopqrstuvwxyz";
    for (size_t length = 0; length <= 80; length++) {
        for (size_t behind = 0; behind < 40; behind++) {
            char text[160];
            size_t size = (size_t)snprintf(text, sizeof text, "{\"%.*s\":0%*s}", (int)length, letters, (int)behind, "");
            ck_assert(read_text(&doc, text, size));
            ck_assert_uint_eq(doc.values[1].hash, text_hash(letters, length));
            memcpy(text, "{\"\\u0061", 8);
            size = 8 + (size_t)snprintf(text + 8, sizeof text - 8, "%.*s\":0%*s}", (int)length, letters + 1, (int)behind, "");
            ck_assert(read_text(&doc, text, size));
            ck_assert_uint_eq(doc.values[1].hash, text_hash(letters, length + 1));
        }
    }
    document_clear(&doc);
}
END_TEST

/* A key of escapes alone that is longer than the reader's buffer for such. */
START_TEST(hash_of_a_long_escaped_key)
{
    struct document doc = {0};
    for (size_t count = 1; count < 200; count += 9) {
        char text[6 * 200 + 16] = "{\"", plain[200];
        for (size_t i = 0; i < count; i++)
            memcpy(text + 2 + 6 * i, "\\u0078", 6);
        memset(plain, 'x', sizeof plain);
        memcpy(text + 2 + 6 * count, "\":0}", 5);
        ck_assert(read_text(&doc, text, strlen(text)));
        ck_assert_uint_eq(doc.values[1].hash, text_hash(plain, count));
    }
    document_clear(&doc);
}
END_TEST

/* Names that differ in one byte or in length rarely share a hash: 2000 of them would by chance some 30 times. */
START_TEST(hash_tells_names_apart)
{
    static unsigned char seen[UINT16_MAX + 1];
    int shared = 0;
    for (int i = 0; i < 2000; i++) {
        static const char *const before[] = {"", "key_", "a_rather_long_member_name_", ""}, *const after[] = {"", "", "", "_tokens_details"};
        char key[64];
        size_t length = (size_t)snprintf(key, sizeof key, "%s%d%s", before[i % 4], i / 4, after[i % 4]);
        shared += seen[text_hash(key, length)]++ > 0;
    }
    ck_assert_int_lt(shared, 100);
}
END_TEST

static Suite *reader_keys_suite(void)
{
    Suite *suite = suite_create("reader_keys");
    TCase *tests = tcase_create("reader_keys");
    tcase_add_test(tests, random_objects);
    tcase_add_test(tests, objects_of_all_sizes);
    tcase_add_test(tests, one_key_a_hundred_thousand_times);
    tcase_add_test(tests, keys_that_share_a_hash);
    tcase_add_test(tests, hash_is_that_of_the_text);
    tcase_add_test(tests, hash_of_a_long_escaped_key);
    tcase_add_test(tests, hash_tells_names_apart);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(reader_keys_suite)
