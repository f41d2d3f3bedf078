/* test_reader_remarks.c: what the reader remarks on in texts that it accepts, and where; and which numbers overflow. */
#include "tests/reading.h"

#include <stdio.h>

struct expected {
    enum remark what;
    uint32_t at;
    size_t offset;
};

static const struct {
    const char *text;
    size_t length;
    struct expected expected[4];
} remarks[] = {
    {TEXT("{\"a\":1,\"b\":[true,null,-0.5e3,\"x\"]}"), {{0}}},
    {TEXT("\xEF\xBB\xBF[1]"), {{JSON_BOM, UINT32_MAX, 0}}},
    {TEXT("\xEF\xBB\xBF {\"a\":\"\\u0000\"}"), {{JSON_BOM, UINT32_MAX, 0}, {JSON_NUL_IN_STRING, 2, 10}}},
    /* repeated keys */
    {TEXT("{\"a\":1,\"a\":2}"), {{JSON_DUPLICATE_KEY, 3, 7}}},
    {TEXT("{\"a\":1,\"a\":2,\"a\":3}"), {{JSON_DUPLICATE_KEY, 3, 7}, {JSON_DUPLICATE_KEY, 5, 13}}},
    {TEXT("{\"a\":1,\"\\u0061\":2}"), {{JSON_DUPLICATE_KEY, 3, 7}}},
    {TEXT("{\"\\u0061\":1,\"a\":2}"), {{JSON_DUPLICATE_KEY, 3, 12}}},
    {TEXT("{\"\\/\":1,\"/\":2}"), {{JSON_DUPLICATE_KEY, 3, 8}}},
    {TEXT("{\"\\n\":1,\"\\u000A\":2}"), {{JSON_DUPLICATE_KEY, 3, 8}}},
    {TEXT("{\"\xC3\xA9\":1,\"\\u00e9\":2}"), {{JSON_DUPLICATE_KEY, 3, 8}}},
    {TEXT("{\"\xF0\x9F\x98\x80\":1,\"\\ud83D\\uDe00\":2}"), {{JSON_DUPLICATE_KEY, 3, 10}}},
    {TEXT("{\"\":1,\"\":2}"), {{JSON_DUPLICATE_KEY, 3, 6}}},
    {TEXT("{\"a\":{\"b\":1,\"b\":2},\"a\":3}"), {{JSON_DUPLICATE_KEY, 5, 12}, {JSON_DUPLICATE_KEY, 7, 19}}},
    {TEXT("[{\"a\":1},{\"a\":1}]"), {{0}}},
    {TEXT("{\"a\":{\"a\":{\"a\":1}}}"), {{0}}},
    {TEXT("{\"a\":1,\"A\":2,\"a \":3}"), {{0}}},
    {TEXT("{\"a\":\"a\",\"b\":\"a\"}"), {{0}}},
    {TEXT("{\"e\\u0301\":1,\"\\u00e9\":2}"), {{0}}},
    {TEXT("{\"a\":\"\\u0000\",\"a\":\"\\ud800\"}"),
     {{JSON_NUL_IN_STRING, 2, 6}, {JSON_DUPLICATE_KEY, 3, 14}, {JSON_LONE_SURROGATE, 4, 19}}},
    /* the character NUL */
    {TEXT("\"\\u0000\""), {{JSON_NUL_IN_STRING, 0, 1}}},
    {TEXT("\"ab\\u0000c\""), {{JSON_NUL_IN_STRING, 0, 3}}},
    {TEXT("\"\\u0000\\u0000\""), {{JSON_NUL_IN_STRING, 0, 1}}},
    {TEXT("[\"\\u0000\",\"\\u0000\"]"), {{JSON_NUL_IN_STRING, 1, 2}, {JSON_NUL_IN_STRING, 2, 11}}},
    {TEXT("{\"\\u0000\":1}"), {{JSON_NUL_IN_KEY, 1, 2}}},
    {TEXT("{\"a\\u0000b\":\"c\\u0000\"}"), {{JSON_NUL_IN_KEY, 1, 3}, {JSON_NUL_IN_STRING, 2, 14}}},
    {TEXT("{\"a\":1,\"a\\u0000\":2}"), {{JSON_NUL_IN_KEY, 3, 9}}},
    {TEXT("\"\\\\u0000\""), {{0}}},
    {TEXT("\"\\u0001\""), {{0}}},
    /* lone surrogates */
    {TEXT("\"\\ud800\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("\"\\uDBFF\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("\"\\udc00\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("\"\\uDFFF\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("\"\\ud7ff\\ue000\""), {{0}}},
    {TEXT("\"\\ud800\\udc00\""), {{0}}},
    {TEXT("\"\\uDBFF\\uDFFD\""), {{0}}},
    {TEXT("\"\\udc00\\ud800\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("\"\\ud800\\ud800\\udc00\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("\"\\ud800\\udc00\\ud800\""), {{JSON_LONE_SURROGATE, 0, 13}}},
    {TEXT("\"\\ud800 \\udc00\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("\"\\ud800\\n\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("\"\\ud800\\u0041\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("\"\\ud800u\""), {{JSON_LONE_SURROGATE, 0, 1}}},
    {TEXT("{\"\\ud800\":1}"), {{JSON_LONE_SURROGATE, 1, 2}}},
    {TEXT("{\"\\ud800\":1,\"\\ud801\":2}"), {{JSON_LONE_SURROGATE, 1, 2}, {JSON_LONE_SURROGATE, 3, 13}}},
    {TEXT("\"\\ud836\\udc00\\ud876\\udc00\""), {{0}}},
    /* noncharacters */
    {TEXT("\"\xEF\xBF\xBE\""), {{JSON_NONCHARACTER, 0, 1}}},
    {TEXT("\"\xEF\xBF\xBF\""), {{JSON_NONCHARACTER, 0, 1}}},
    {TEXT("\"\xEF\xBF\xBD\""), {{0}}},
    {TEXT("\"\xEF\xB7\x8F\""), {{0}}},
    {TEXT("\"\xEF\xB7\x90\""), {{JSON_NONCHARACTER, 0, 1}}},
    {TEXT("\"\xEF\xB7\xAF\""), {{JSON_NONCHARACTER, 0, 1}}},
    {TEXT("\"\xEF\xB7\xB0\""), {{0}}},
    {TEXT("\"\xF0\x9F\xBF\xBE\""), {{JSON_NONCHARACTER, 0, 1}}},
    {TEXT("\"\xF4\x8F\xBF\xBF\""), {{JSON_NONCHARACTER, 0, 1}}},
    {TEXT("\"\xF4\x8F\xBF\xBD\""), {{0}}},
    {TEXT("\"\xE5\xBF\xBE\xE5\xBF\xBF\""), {{0}}},
    {TEXT("\"a\\ufffe\""), {{JSON_NONCHARACTER, 0, 2}}},
    {TEXT("\"\\uFDD0\""), {{JSON_NONCHARACTER, 0, 1}}},
    {TEXT("\"\\ud83f\\udffe\""), {{JSON_NONCHARACTER, 0, 1}}},
    {TEXT("\"\\uffff\xEF\xBF\xBF\""), {{JSON_NONCHARACTER, 0, 1}}},
    {TEXT("{\"\\uffff\":\"\xEF\xBF\xBE\"}"), {{JSON_NONCHARACTER, 1, 2}, {JSON_NONCHARACTER, 2, 11}}},
    {TEXT("\"\xC3\xA9\xEF\xBF\xBF\\ud800\\u0000\""), {{JSON_NONCHARACTER, 0, 3}, {JSON_LONE_SURROGATE, 0, 6}, {JSON_NUL_IN_STRING, 0, 12}}},
    /* numbers that a double cannot hold */
    {TEXT("1e308"), {{0}}},
    {TEXT("1e309"), {{JSON_NUMBER_OVERFLOW, 0, 0}}},
    {TEXT("[-1e309]"), {{JSON_NUMBER_OVERFLOW, 1, 1}}},
    {TEXT("[1E+999]"), {{JSON_NUMBER_OVERFLOW, 1, 1}}},
    {TEXT("1e-999"), {{0}}},
    {TEXT("0e999"), {{0}}},
    {TEXT("-0.000e99999999999999999999999"), {{0}}},
    {TEXT("1e99999999999999999999999"), {{JSON_NUMBER_OVERFLOW, 0, 0}}},
    {TEXT("1e-99999999999999999999999"), {{0}}},
    {TEXT("1.7976931348623157e308"), {{0}}},
    {TEXT("1.7976931348623158e308"), {{0}}},
    {TEXT("1.7976931348623159e308"), {{JSON_NUMBER_OVERFLOW, 0, 0}}},
    {TEXT("17976931348623159e292"), {{JSON_NUMBER_OVERFLOW, 0, 0}}},
    {TEXT("0.00017976931348623159e312"), {{JSON_NUMBER_OVERFLOW, 0, 0}}},
    {TEXT("0.00017976931348623157E+312"), {{0}}},
    {TEXT("0.0001e310"), {{0}}},
    {TEXT("10000e304"), {{0}}},
    {TEXT("10000e305"), {{JSON_NUMBER_OVERFLOW, 0, 0}}},
    /* integers that a double cannot hold exactly, as a rule */
    {TEXT("9007199254740991"), {{0}}},
    {TEXT("9007199254740992"), {{0}}},
    {TEXT("9007199254740993"), {{JSON_INT_PRECISION, 0, 0}}},
    {TEXT("-9007199254740992"), {{0}}},
    {TEXT("[-9007199254740993]"), {{JSON_INT_PRECISION, 1, 1}}},
    {TEXT("10000000000000000"), {{JSON_INT_PRECISION, 0, 0}}},
    {TEXT("9223372036854775807"), {{JSON_INT_PRECISION, 0, 0}}},
    {TEXT("18446744073709551616"), {{JSON_INT_PRECISION, 0, 0}}},
    {TEXT("9007199254740993.0"), {{0}}},
    {TEXT("9007199254740993e0"), {{0}}},
    {TEXT("{\"a\":9007199254740993,\"b\":1e400}"), {{JSON_INT_PRECISION, 2, 5}, {JSON_NUMBER_OVERFLOW, 4, 26}}},
};
enum { REMARKS = sizeof remarks / sizeof remarks[0] };

START_TEST(remarked_with_place)
{
    struct document doc = {0};
    size_t count = 0;
    while (count < 4 && remarks[_i].expected[count].what)
        count++;
    ck_assert_msg(read_text(&doc, remarks[_i].text, remarks[_i].length), "%s is refused", remarks[_i].text);
    ck_assert_msg(doc.remark_count == count, "%s has %zu remarks", remarks[_i].text, doc.remark_count);
    for (size_t i = 0; i < count; i++) {
        const struct expected *expected = &remarks[_i].expected[i];
        ck_assert_msg(doc.remarks[i].what == expected->what && doc.remarks[i].at == expected->at && doc.remarks[i].offset == expected->offset,
                      "%s: %d of value %u at %zu", remarks[_i].text, doc.remarks[i].what, doc.remarks[i].at, doc.remarks[i].offset);
        ck_assert(doc.remarks[i].what != JSON_DUPLICATE_KEY || doc.values[doc.remarks[i].at].flags & V_DUPLICATE);
    }
    document_clear(&doc);
}
END_TEST

/* Lexemes of hundreds of digits around the largest double, as integers and with a point and an exponent that mean the same. */
START_TEST(overflow_is_decided_by_every_digit)
{
    static const char edge[] = "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070"
                               "9633028641669288791094655554785194040263065748867150582068190890200070838367627385484581771153176447"
                               "5730270069855571366959622842914819860834936475292719074168444365510704342711559699508093042880177904"
                               "174497792";
    struct document doc = {0};
    char text[400];
    for (int past = 0; past < 2; past++) {
        char digits[sizeof edge];
        memcpy(digits, edge, sizeof edge);
        if (!past)
            memcpy(digits + sizeof edge - 4, "791", 3);
        for (size_t point = 1; point < sizeof edge - 1; point += 7) {
            int length = snprintf(text, sizeof text, "%.*s.%se%zu", (int)point, digits, digits + point, sizeof edge - 1 - point);
            ck_assert(read_text(&doc, text, (size_t)length));
            ck_assert_msg(doc.remark_count == (size_t)past, "%s", text);
            ck_assert_int_eq(strtod(text, NULL) > 1.7976931348623157e308, past);
        }
        ck_assert(read_text(&doc, digits, sizeof edge - 1));
        ck_assert_uint_eq(doc.remark_count, 1);
        ck_assert_int_eq(doc.remarks[0].what, past ? JSON_NUMBER_OVERFLOW : JSON_INT_PRECISION);
    }
    document_clear(&doc);
}
END_TEST

/* strtod is asked beside, for lexemes with digits, points and exponents at random. */
START_TEST(overflow_agrees_with_strtod)
{
    struct document doc = {0};
    srand(1);
    for (int round = 0; round < 20000; round++) {
        char text[400] = "-";
        size_t length = (size_t)rand() % 2, whole = 1 + (size_t)rand() % (round % 5 ? 20 : 320), part = (size_t)rand() % 20;
        for (size_t i = 0; i < whole; i++)
            text[length++] = (char)(i == 0 && whole > 1 ? '1' + rand() % 9 : '0' + rand() % 10);
        if (part)
            text[length++] = '.';
        for (size_t i = 0; i < part; i++)
            text[length++] = (char)(rand() % 3 ? '0' + rand() % 10 : '0');
        length += (size_t)snprintf(text + length, sizeof text - length, "e%+d", rand() % 640 - 320);
        double number = strtod(text, NULL);
        ck_assert(read_text(&doc, text, length));
        ck_assert_int_eq(doc.values[0].type, REAL);
        ck_assert_msg(doc.remark_count == (number - number != 0), "%s", text);
    }
    document_clear(&doc);
}
END_TEST

START_TEST(remarks_are_the_first_ones_in_order)
{
    struct document doc = {0};
    char text[4096] = "{\"k\":0,\"k\":[";
    size_t length = strlen(text), first = length + 1;
    for (size_t i = 0; i < 100; i++)
        length += (size_t)snprintf(text + length, sizeof text - length, "\"\\ud800\",");
    size_t stop = length;
    length += (size_t)snprintf(text + length, sizeof text - length, "0],\"k\":0}");
    ck_assert(read_text(&doc, text, length));
    ck_assert_uint_eq(doc.remark_count, REMARKS_KEPT);
    ck_assert_int_eq(doc.remarks[0].what, JSON_DUPLICATE_KEY);
    for (size_t i = 1; i < REMARKS_KEPT; i++) {
        ck_assert_int_eq(doc.remarks[i].what, JSON_LONE_SURROGATE);
        ck_assert_uint_eq(doc.remarks[i].offset, first + (i - 1) * 9);
    }
    ck_assert_uint_eq(doc.values[doc.count - 2].flags, V_KEY | V_DUPLICATE);
    ck_assert(!read_text(&doc, text, stop));
    ck_assert_uint_eq(doc.remark_count, REMARKS_KEPT);
    ck_assert_int_eq(doc.remarks[REMARKS_KEPT - 1].what, JSON_SYNTAX);
    ck_assert_uint_eq(doc.remarks[REMARKS_KEPT - 1].offset, stop);
    ck_assert_int_eq(doc.remarks[REMARKS_KEPT - 2].what, JSON_LONE_SURROGATE);
    ck_assert(read_text(&doc, "[]", 2));
    ck_assert_uint_eq(doc.remark_count, 0);
    document_clear(&doc);
}
END_TEST

static Suite *reader_remarks_suite(void)
{
    Suite *suite = suite_create("reader_remarks");
    TCase *tests = tcase_create("reader_remarks");
    tcase_add_loop_test(tests, remarked_with_place, 0, REMARKS);
    tcase_add_test(tests, overflow_is_decided_by_every_digit);
    tcase_add_test(tests, overflow_agrees_with_strtod);
    tcase_add_test(tests, remarks_are_the_first_ones_in_order);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(reader_remarks_suite)
