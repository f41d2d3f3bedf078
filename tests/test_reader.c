/* test_reader.c: what the reader accepts and refuses, with which words and where, and the index it makes. */
#include "tests/reading.h"

#include <dirent.h>
#include <stdio.h>

/* The files about which RFC 8259 leaves a choice, and ours: 0 accepts without remark, what stops reading refuses. */
static const struct {
    const char *name;
    enum remark what;
    size_t offset;
} choices[] = {
    {"i_number_double_huge_neg_exp.json", 0, 0},
    {"i_number_huge_exp.json", JSON_NUMBER_OVERFLOW, 1},
    {"i_number_neg_int_huge_exp.json", JSON_NUMBER_OVERFLOW, 1},
    {"i_number_pos_double_huge_exp.json", JSON_NUMBER_OVERFLOW, 1},
    {"i_number_real_neg_overflow.json", JSON_NUMBER_OVERFLOW, 1},
    {"i_number_real_pos_overflow.json", JSON_NUMBER_OVERFLOW, 1},
    {"i_number_real_underflow.json", 0, 0},
    {"i_number_too_big_neg_int.json", JSON_INT_PRECISION, 1},
    {"i_number_too_big_pos_int.json", JSON_INT_PRECISION, 1},
    {"i_number_very_big_negative_int.json", JSON_INT_PRECISION, 1},
    {"i_object_key_lone_2nd_surrogate.json", JSON_LONE_SURROGATE, 2},
    {"i_string_1st_surrogate_but_2nd_missing.json", JSON_LONE_SURROGATE, 2},
    {"i_string_1st_valid_surrogate_2nd_invalid.json", JSON_LONE_SURROGATE, 2},
    {"i_string_UTF-16LE_with_BOM.json", JSON_UTF8, 0},
    {"i_string_UTF-8_invalid_sequence.json", JSON_UTF8, 7},
    {"i_string_UTF8_surrogate_U+D800.json", JSON_UTF8, 2},
    {"i_string_incomplete_surrogate_and_escape_valid.json", JSON_LONE_SURROGATE, 2},
    {"i_string_incomplete_surrogate_pair.json", JSON_LONE_SURROGATE, 2},
    {"i_string_incomplete_surrogates_escape_valid.json", JSON_LONE_SURROGATE, 2},
    {"i_string_invalid_lonely_surrogate.json", JSON_LONE_SURROGATE, 2},
    {"i_string_invalid_surrogate.json", JSON_LONE_SURROGATE, 2},
    {"i_string_invalid_utf-8.json", JSON_UTF8, 2},
    {"i_string_inverted_surrogates_U+1D11E.json", JSON_LONE_SURROGATE, 2},
    {"i_string_iso_latin_1.json", JSON_UTF8, 2},
    {"i_string_lone_second_surrogate.json", JSON_LONE_SURROGATE, 2},
    {"i_string_lone_utf8_continuation_byte.json", JSON_UTF8, 2},
    {"i_string_not_in_unicode_range.json", JSON_UTF8, 2},
    {"i_string_overlong_sequence_2_bytes.json", JSON_UTF8, 2},
    {"i_string_overlong_sequence_6_bytes.json", JSON_UTF8, 2},
    {"i_string_overlong_sequence_6_bytes_null.json", JSON_UTF8, 2},
    {"i_string_truncated-utf-8.json", JSON_UTF8, 2},
    {"i_string_utf16BE_no_BOM.json", JSON_SYNTAX, 0},
    {"i_string_utf16LE_no_BOM.json", JSON_SYNTAX, 1},
    {"i_structure_500_nested_arrays.json", 0, 0},
    {"i_structure_UTF-8_BOM_empty_object.json", JSON_BOM, 0},
};
enum { CHOICES = sizeof choices / sizeof choices[0] };

static void check_choice(const char *name, const struct document *doc, bool whole)
{
    size_t i = 0;
    while (i < CHOICES && strcmp(choices[i].name, name) != 0)
        i++;
    ck_assert_msg(i < CHOICES, "%s is in no table", name);
    ck_assert_msg(whole == (choices[i].what == 0 || choices[i].what >= JSON_BOM), "%s", name);
    ck_assert_msg(doc->remark_count == (choices[i].what != 0), "%s has %zu remarks", name, doc->remark_count);
    if (doc->remark_count) {
        ck_assert_msg(doc->remarks[0].what == choices[i].what, "%s is remarked as %d", name, doc->remarks[0].what);
        ck_assert_msg(doc->remarks[0].offset == choices[i].offset, "%s at %zu", name, doc->remarks[0].offset);
    }
}

static void check_suite_file(const char *folder, const char *name, size_t *counts)
{
    char path[8192];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    struct document doc = {0};
    size_t length;
    char *text = testing_file(path, &length);
    bool whole = read_text(&doc, text, length);
    counts[(unsigned char)name[0]]++;
    if (name[0] == 'i')
        check_choice(name, &doc, whole);
    else
        ck_assert_msg(whole == (name[0] == 'y'), "%s is %s", name, whole ? "accepted" : "refused");
    document_clear(&doc);
    free(text);
}

START_TEST(public_suite)
{
    const char *shared = testing_shared("json-test-suite/test_parsing");
    if (!shared)
        return;
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", shared);
    DIR *listing = opendir(folder);
    ck_assert_ptr_nonnull(listing);
    size_t counts[256] = {0};
    for (struct dirent *entry; (entry = readdir(listing)) != NULL;)
        if (entry->d_name[0] != '.')
            check_suite_file(folder, entry->d_name, counts);
    closedir(listing);
    ck_assert_uint_eq(counts['y'], 95);
    ck_assert_uint_eq(counts['n'], 188);
    ck_assert_uint_eq(counts['i'], CHOICES);
}
END_TEST

static const struct {
    const char *text;
    size_t length;
    enum remark what;
    size_t offset;
    const char *detail;
} refusals[] = {
    {TEXT(""), JSON_SYNTAX, 0, "the text is empty"},
    {TEXT(" \n\t\r"), JSON_SYNTAX, 4, "the text is empty"},
    {TEXT("\xEF\xBB\xBF"), JSON_SYNTAX, 3, "the text is empty"},
    {TEXT("\xEF\xBB"), JSON_UTF8, 0, "the text is not UTF-8 here"},
    {TEXT("x"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT("\0"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT("\f1"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT("1\v"), JSON_SYNTAX, 1, "nothing may follow the value"},
    {TEXT("[1]\0garbage"), JSON_SYNTAX, 3, "nothing may follow the value"},
    {TEXT("{}x"), JSON_SYNTAX, 2, "nothing may follow the value"},
    {TEXT("1 2"), JSON_SYNTAX, 2, "nothing may follow the value"},
    {TEXT("]"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT("[}"), JSON_SYNTAX, 1, "a value is expected"},
    {TEXT("[1}"), JSON_SYNTAX, 2, "a comma or ] is expected after an item"},
    {TEXT("[1 2]"), JSON_SYNTAX, 3, "a comma or ] is expected after an item"},
    {TEXT("[1,]"), JSON_SYNTAX, 3, "a value is expected"},
    {TEXT("[,1]"), JSON_SYNTAX, 1, "a value is expected"},
    {TEXT("[1,,2]"), JSON_SYNTAX, 3, "a value is expected"},
    {TEXT("["), JSON_SYNTAX, 1, "the text ends inside an array"},
    {TEXT("[1"), JSON_SYNTAX, 2, "the text ends inside an array"},
    {TEXT("[1,"), JSON_SYNTAX, 3, "the text ends inside an array"},
    {TEXT("{"), JSON_SYNTAX, 1, "the text ends inside an object"},
    {TEXT("{\"a\""), JSON_SYNTAX, 4, "the text ends inside an object"},
    {TEXT("{\"a\":"), JSON_SYNTAX, 5, "the text ends inside an object"},
    {TEXT("{\"a\":1"), JSON_SYNTAX, 6, "the text ends inside an object"},
    {TEXT("{\"a\":1,"), JSON_SYNTAX, 7, "the text ends inside an object"},
    {TEXT("{\"a\":1,}"), JSON_SYNTAX, 7, "a key in quotes is expected"},
    {TEXT("{,}"), JSON_SYNTAX, 1, "a key in quotes is expected"},
    {TEXT("{a:1}"), JSON_SYNTAX, 1, "a key in quotes is expected"},
    {TEXT("{1:1}"), JSON_SYNTAX, 1, "a key in quotes is expected"},
    {TEXT("{'a':1}"), JSON_SYNTAX, 1, "a key in quotes is expected"},
    {TEXT("{\"a\" 1}"), JSON_SYNTAX, 5, "a colon is expected after a key"},
    {TEXT("{\"a\",1}"), JSON_SYNTAX, 4, "a colon is expected after a key"},
    {TEXT("{\"a\"::1}"), JSON_SYNTAX, 5, "a value is expected"},
    {TEXT("{\"a\":}"), JSON_SYNTAX, 5, "a value is expected"},
    {TEXT("{\"a\":1]"), JSON_SYNTAX, 6, "a comma or } is expected after a member"},
    {TEXT("{\"a\":1 \"b\":2}"), JSON_SYNTAX, 7, "a comma or } is expected after a member"},
    {TEXT("[\"a\":1]"), JSON_SYNTAX, 4, "a comma or ] is expected after an item"},
    {TEXT("/**/1"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT("tru"), JSON_SYNTAX, 3, "the text ends inside a word"},
    {TEXT("[trux]"), JSON_SYNTAX, 4, "only true, false and null are words of JSON"},
    {TEXT("[nul]"), JSON_SYNTAX, 4, "only true, false and null are words of JSON"},
    {TEXT("[falsE]"), JSON_SYNTAX, 5, "only true, false and null are words of JSON"},
    {TEXT("True"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT("truefalse"), JSON_SYNTAX, 4, "nothing may follow the value"},
    {TEXT("NaN"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT("Infinity"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT("-Infinity"), JSON_SYNTAX, 1, "a digit is expected after a minus"},
    {TEXT("-"), JSON_SYNTAX, 1, "the text ends inside a number"},
    {TEXT("[-]"), JSON_SYNTAX, 2, "a digit is expected after a minus"},
    {TEXT("+1"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT(".5"), JSON_SYNTAX, 0, "a value is expected"},
    {TEXT("[-.5]"), JSON_SYNTAX, 2, "a digit is expected after a minus"},
    {TEXT("01"), JSON_SYNTAX, 1, "no digit may follow a leading 0"},
    {TEXT("[-012]"), JSON_SYNTAX, 3, "no digit may follow a leading 0"},
    {TEXT("00"), JSON_SYNTAX, 1, "no digit may follow a leading 0"},
    {TEXT("1."), JSON_SYNTAX, 2, "the text ends inside a number"},
    {TEXT("[1.]"), JSON_SYNTAX, 3, "a digit is expected after a point"},
    {TEXT("[1.e5]"), JSON_SYNTAX, 3, "a digit is expected after a point"},
    {TEXT("[1.2.3]"), JSON_SYNTAX, 4, "a comma or ] is expected after an item"},
    {TEXT("1e"), JSON_SYNTAX, 2, "the text ends inside a number"},
    {TEXT("1e+"), JSON_SYNTAX, 3, "the text ends inside a number"},
    {TEXT("[1e]"), JSON_SYNTAX, 3, "a digit is expected in an exponent"},
    {TEXT("[1E-]"), JSON_SYNTAX, 4, "a digit is expected in an exponent"},
    {TEXT("[1e+-2]"), JSON_SYNTAX, 4, "a digit is expected in an exponent"},
    {TEXT("[0x1F]"), JSON_SYNTAX, 2, "a comma or ] is expected after an item"},
    {TEXT("\""), JSON_SYNTAX, 1, "the text ends inside a string"},
    {TEXT("\"abc"), JSON_SYNTAX, 4, "the text ends inside a string"},
    {TEXT("\"\\"), JSON_SYNTAX, 2, "the text ends inside a string"},
    {TEXT("\"\\\""), JSON_SYNTAX, 3, "the text ends inside a string"},
    {TEXT("\"\\u"), JSON_SYNTAX, 3, "the text ends inside a string"},
    {TEXT("\"\\u12"), JSON_SYNTAX, 5, "the text ends inside a string"},
    {TEXT("\"\\u12G4\""), JSON_SYNTAX, 5, "\\u needs four hexadecimal digits"},
    {TEXT("\"\\u\""), JSON_SYNTAX, 3, "\\u needs four hexadecimal digits"},
    {TEXT("\"\\uD800\\u12\""), JSON_SYNTAX, 11, "\\u needs four hexadecimal digits"},
    {TEXT("\"\\x41\""), JSON_SYNTAX, 2, "JSON has no such escape"},
    {TEXT("\"\\U0041\""), JSON_SYNTAX, 2, "JSON has no such escape"},
    {TEXT("\"\\'\""), JSON_SYNTAX, 2, "JSON has no such escape"},
    {TEXT("\"\\\0\""), JSON_SYNTAX, 2, "JSON has no such escape"},
    {TEXT("\"a\tb\""), JSON_SYNTAX, 2, "a control character stands in a string"},
    {TEXT("\"a\nb\""), JSON_SYNTAX, 2, "a control character stands in a string"},
    {TEXT("\"a\0b\""), JSON_SYNTAX, 2, "a control character stands in a string"},
    {TEXT("\"\xC3\xA9\x1F\""), JSON_SYNTAX, 3, "a control character stands in a string"},
    {TEXT("\"\xC0\xAF\""), JSON_UTF8, 1, "the text is not UTF-8 here"},
    {TEXT("\"ab\xED\xA0\x80\""), JSON_UTF8, 3, "the text is not UTF-8 here"},
    {TEXT("\"\xF4\x90\x80\x80\""), JSON_UTF8, 1, "the text is not UTF-8 here"},
    {TEXT("\"\xE2\x82\""), JSON_UTF8, 1, "the text is not UTF-8 here"},
    {TEXT("\"\xE2\x82"), JSON_UTF8, 1, "the text is not UTF-8 here"},
    {TEXT("\"\xC3\xA9\xFF\""), JSON_UTF8, 3, "the text is not UTF-8 here"},
    {TEXT("\"\\n\xFE\""), JSON_UTF8, 3, "the text is not UTF-8 here"},
    {TEXT("\"\xEF\xBF\xBF\x80\""), JSON_UTF8, 4, "the text is not UTF-8 here"},
    {TEXT("[\xFF]"), JSON_UTF8, 1, "the text is not UTF-8 here"},
    {TEXT("[\xC3\xA9]"), JSON_SYNTAX, 1, "a value is expected"},
    {TEXT("\xFF\xFE[\0]\0"), JSON_UTF8, 0, "the text is not UTF-8 here"},
    {TEXT("[\xEF\xBB\xBF]"), JSON_SYNTAX, 1, "a value is expected"},
    {TEXT("\xEF\xBB\xBF\xEF\xBB\xBF{}"), JSON_SYNTAX, 3, "a value is expected"},
};
enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

START_TEST(refused_with_place_and_words)
{
    struct document doc = {0};
    ck_assert(!read_text(&doc, refusals[_i].text, refusals[_i].length));
    const struct read_remark *last = &doc.remarks[doc.remark_count - 1];
    ck_assert_msg(last->what == refusals[_i].what && last->offset == refusals[_i].offset && strcmp(last->detail, refusals[_i].detail) == 0,
                  "%s: %d at %zu: %s", refusals[_i].text, last->what, last->offset, last->detail);
    ck_assert_uint_eq(last->at, UINT32_MAX);
    ck_assert_uint_eq(doc.count, 0);
    document_clear(&doc);
}
END_TEST

START_TEST(no_text_is_empty)
{
    struct document doc = {0};
    ck_assert(!document_read(&doc, NULL, 0, &roomy));
    ck_assert_int_eq(doc.remarks[0].what, JSON_SYNTAX);
    document_clear(&doc);
}
END_TEST

START_TEST(index_of_a_document)
{
    static const char text[] = " {\"a\" : [1,-2.5, \"x\\n\"],\"\\u00e9\":{} ,\"t\":true,\"f\":false,\"n\":null,\"s\":\"\xC3\xA9\",\"e\":[[]]}\n";
    const struct value expected[] = {
        {1, 7, 19, OBJ, 0, 0},
        {3, 1, 2, STR, V_KEY, text_hash("a", 1)},
        {8, 3, 6, ARR, 0, 0},
        {9, 1, 4, INT, 0, 0},
        {11, 4, 5, REAL, 0, 0},
        {18, 3, 6, STR, V_ESCAPED, 0},
        {25, 6, 7, STR, V_KEY | V_ESCAPED | V_NOT_ASCII, text_hash("\xC3\xA9", 2)},
        {33, 0, 8, OBJ, 0, 0},
        {38, 1, 9, STR, V_KEY, text_hash("t", 1)},
        {41, 4, 10, BOOL, V_TRUE, 0},
        {47, 1, 11, STR, V_KEY, text_hash("f", 1)},
        {50, 5, 12, BOOL, 0, 0},
        {57, 1, 13, STR, V_KEY, text_hash("n", 1)},
        {60, 4, 14, NIL, 0, 0},
        {66, 1, 15, STR, V_KEY, text_hash("s", 1)},
        {70, 2, 16, STR, V_NOT_ASCII, 0},
        {75, 1, 17, STR, V_KEY, text_hash("e", 1)},
        {78, 1, 19, ARR, 0, 0},
        {79, 0, 19, ARR, 0, 0},
    };
    struct document doc = {0};
    ck_assert(read_text(&doc, text, sizeof text - 1));
    ck_assert_uint_eq(doc.count, sizeof expected / sizeof expected[0]);
    for (uint32_t i = 0; i < doc.count; i++) {
        ck_assert_msg(memcmp(&doc.values[i], &expected[i], sizeof expected[i]) == 0, "value %u: offset %u length %u next %u type %u flags %u",
                      i, doc.values[i].offset, doc.values[i].length, doc.values[i].next, doc.values[i].type, doc.values[i].flags);
    }
    document_clear(&doc);
}
END_TEST

START_TEST(scalars_stand_alone)
{
    static const struct {
        const char *text;
        uint8_t type;
    } scalars[] = {{"0", INT}, {"-0", INT}, {"-0.0", REAL}, {"1", INT}, {"1.0", REAL}, {"1e0", REAL}, {"1E5", REAL},
                   {"\"\"", STR}, {"true", BOOL}, {"false", BOOL}, {"null", NIL}, {"[]", ARR}, {"{}", OBJ}, {" \r\n\t7\t ", INT}};
    struct document doc = {0};
    for (size_t i = 0; i < sizeof scalars / sizeof scalars[0]; i++) {
        ck_assert(read_text(&doc, scalars[i].text, strlen(scalars[i].text)));
        ck_assert_uint_eq(doc.count, 1);
        ck_assert_uint_eq(doc.values[0].next, 1);
        ck_assert_uint_eq(doc.values[0].type, scalars[i].type);
        ck_assert_uint_eq(doc.remark_count, 0);
    }
    document_clear(&doc);
}
END_TEST

static Suite *reader_suite(void)
{
    Suite *suite = suite_create("reader");
    TCase *tests = tcase_create("reader");
    tcase_add_test(tests, public_suite);
    tcase_add_loop_test(tests, refused_with_place_and_words, 0, REFUSALS);
    tcase_add_test(tests, no_text_is_empty);
    tcase_add_test(tests, index_of_a_document);
    tcase_add_test(tests, scalars_stand_alone);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(reader_suite)
