/* test_schema_parts.c: what JSON Schema is made of: numbers digit by digit, addresses, values that are the same, formats, memory in piles. */
#include "tests/testing.h"
#include "validator/lib/json_schema_format.h"
#include "validator/lib/json_schema_parts.h"
#include "validator/lib/uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct read_limits limits = {1 << 20, 64, 100000};

static void read_text(struct document *doc, const char *text)
{
    ck_assert_msg(document_read(doc, text, strlen(text), &limits), "%s", text);
}

/* --- numbers */

static const struct {
    const char *a, *b;
    int order;
} orders[] = {
    {"1", "1.0", 0}, {"1", "1e0", 0}, {"100", "1e2", 0}, {"0.1", "1E-1", 0}, {"0", "-0", 0}, {"0", "0.000", 0}, {"0e99", "-0.0e-5", 0},
    {"12.50", "125e-1", 0},
    {"1", "2", -1}, {"-1", "1", -1}, {"-2", "-1", -1}, {"0", "0.0001", -1}, {"-0.0001", "0", -1}, {"9", "10", -1}, {"99", "100.1", -1},
    {"0.09", "0.1", -1},
    {"9007199254740992", "9007199254740993", -1}, {"123456789012345678901234567890", "123456789012345678901234567891", -1},
    {"0.1234567890123456789", "0.12345678901234567891", -1}, {"1e400", "1e401", -1}, {"-1e400", "1", -1}, {"1e-400", "1e-399", -1},
    {"999999999999999999", "1000000000000000000", -1}, {"1e99999999999999999999", "1e999999999999999999999999", 0},
    {"1e18", "1000000000000000000", 0},
    {"1.5", "1.50001", -1}, {"-1.50001", "-1.5", -1}, {"10.01", "10.1", -1}, {"1e1", "11", -1},
};

START_TEST(numbers_are_compared_as_written)
{
    char text[200];
    snprintf(text, sizeof text, "[%s, %s]", orders[_i].a, orders[_i].b);
    struct document doc = {0};
    read_text(&doc, text);
    struct decimal a = decimal_of((struct view){&doc, 1}), b = decimal_of((struct view){&doc, 2});
    int order = decimal_compare(&a, &b), back = decimal_compare(&b, &a);
    ck_assert_msg((order > 0) - (order < 0) == orders[_i].order, "%s: %d", text, order);
    ck_assert_msg((back > 0) - (back < 0) == -orders[_i].order, "%s: %d", text, back);
    if (orders[_i].order == 0) ck_assert_msg(decimal_hash(&a) == decimal_hash(&b), "%s", text);
    document_clear(&doc);
}
END_TEST

static const struct {
    const char *number, *step;
    bool is;
} multiples[] = {
    {"6", "3", true}, {"7", "3", false}, {"-6", "3", true}, {"0", "3", true}, {"0.0", "0.7", true}, {"0.3", "0.1", true},
    {"0.35", "0.1", false},
    {"1.1", "0.1", true}, {"19.99", "0.01", true}, {"1e308", "0.5", true}, {"1e308", "3", false}, {"3e308", "3", true},
    {"0.0075", "0.0001", true},
    {"0.00751", "0.0001", false}, {"9007199254740993", "2", false}, {"9007199254740994", "2", true},
    {"123456789012345678901234567890", "10", true},
    {"123456789012345678901234567891", "10", false}, {"1e-5", "1", false}, {"5", "0.25", true}, {"5", "2e0", false}, {"5e1", "2.5e1", true},
    {"12345678901234567890123", "12345678901234567890123", true}, {"24691357802469135780246", "12345678901234567890123", true},
    {"24691357802469135780247", "12345678901234567890123", false}, {"12345678901234567890123e3", "12345678901234567890123", true},
    {"1.0000000000000000000000001", "0.0000000000000000000000001", true}, {"4", "1.0000000000000000000001", false},
    {"18446744073709551616", "9999999999999999999", false},
    {"19999999999999999998", "9999999999999999999", true},
};

START_TEST(multiples_are_found_exactly)
{
    char text[200];
    snprintf(text, sizeof text, "[%s, %s]", multiples[_i].number, multiples[_i].step);
    struct document doc = {0};
    read_text(&doc, text);
    struct decimal number = decimal_of((struct view){&doc, 1}), step = decimal_of((struct view){&doc, 2});
    bool unknown;
    ck_assert_msg(decimal_is_multiple(&number, &step, &unknown) == multiples[_i].is, "%s", text);
    ck_assert(!unknown);
    document_clear(&doc);
}
END_TEST

/* Random integers, written in several ways, against the machine's own arithmetic. */
START_TEST(small_numbers_agree_with_the_machine)
{
    unsigned state = 7;
    for (int i = 0; i < 20000; i++) {
        long long n[2];
        char text[100], one[2][40];
        for (int k = 0; k < 2; k++) {
            state = state * 1664525u + 1013904223u;
            n[k] = (long long)(state >> 8) % 2000 - (k ? 0 : 1000);
            if (state & 1) snprintf(one[k], sizeof one[k], "%lld.0e0", n[k]);
            else snprintf(one[k], sizeof one[k], "%lld%s", n[k], n[k] && (state & 2) ? "000e-3" : "");
        }
        snprintf(text, sizeof text, "[%s, %s]", one[0], one[1]);
        struct document doc = {0};
        read_text(&doc, text);
        struct decimal a = decimal_of((struct view){&doc, 1}), b = decimal_of((struct view){&doc, 2});
        ck_assert_msg(decimal_compare(&a, &b) == (n[0] > n[1]) - (n[0] < n[1]), "%s", text);
        ck_assert_msg(decimal_is_whole(&a), "%s", text);
        bool unknown;
        if (n[1] > 0) ck_assert_msg(decimal_is_multiple(&a, &b, &unknown) == (n[0] % n[1] == 0), "%s", text);
        if (n[1] >= 0) ck_assert_uint_eq(decimal_as_count(&b), (uint64_t)n[1]);
        document_clear(&doc);
    }
}
END_TEST

START_TEST(whole_numbers_have_no_fraction)
{
    static const struct {
        const char *text;
        bool whole;
    } rows[] = {{"1.0", true}, {"1.5", false}, {"15e-1", false}, {"150e-1", true}, {"1e99", true}, {"1e-99", false}, {"0.000", true},
        {"-2.50e1", true}};
    for (int i = 0; i < COUNT(rows); i++) {
        struct document doc = {0};
        read_text(&doc, rows[i].text);
        struct decimal number = decimal_of((struct view){&doc, 0});
        ck_assert_msg(decimal_is_whole(&number) == rows[i].whole, "%s", rows[i].text);
        document_clear(&doc);
    }
    struct document doc = {0};
    read_text(&doc, "1e19");
    struct decimal many = decimal_of((struct view){&doc, 0});
    ck_assert_uint_eq(decimal_as_count(&many), UINT64_MAX);
    document_clear(&doc);
}
END_TEST

/* --- values */

static const struct {
    const char *a, *b;
    bool same;
} pairs[] = {
    {"1", "1.0", true}, {"1", "true", false}, {"0", "false", false}, {"null", "false", false}, {"\"1\"", "1", false},
    {"\"a\"", "\"\\u0061\"", true},
    {"\"\\ud83d\\ude00\"", "\"\xF0\x9F\x98\x80\"", true}, {"[]", "{}", false}, {"[1, 2]", "[2, 1]", false},
    {"[1, [2.0]]", "[1.0, [2]]", true},
    {"{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}", true}, {"{\"a\": 1, \"b\": 2}", "{\"b\": 1, \"a\": 2}", false},
    {"{\"a\": 1}", "{\"a\": 1, \"b\": 2}", false},
    {"{\"a\": {\"\\u0062\": []}}", "{\"\\u0061\": {\"b\": []}}", true}, {"[[]]", "[[], []]", false},
    {"{\"a\": null}", "{\"b\": null}", false},
    {"\"\"", "\"a\"", false}, {"123456789012345678901", "123456789012345678902", false},
    {"\"longer than eight\"", "\"longer than eighT\"", false},
};

START_TEST(values_are_the_same_by_what_they_mean)
{
    struct document a = {0}, b = {0};
    struct effort effort = {.most_steps = 1000};
    read_text(&a, pairs[_i].a);
    read_text(&b, pairs[_i].b);
    struct view x = {&a, 0}, y = {&b, 0};
    ck_assert_msg(values_same(&effort, x, y) == pairs[_i].same, "%s and %s", pairs[_i].a, pairs[_i].b);
    ck_assert(values_same(&effort, y, x) == pairs[_i].same);
    ck_assert_msg((value_hash(&effort, x) == value_hash(&effort, y)) == pairs[_i].same, "%s and %s", pairs[_i].a, pairs[_i].b);
    document_clear(&a);
    document_clear(&b);
    pile_clear(&effort.pile);
}
END_TEST

START_TEST(the_first_repetition_is_found)
{
    static const struct {
        const char *text;
        size_t before, index; /* 0, 0: none */
    } rows[] = {{"[]", 0, 0}, {"[1]", 0, 0}, {"[1, 2, 3]", 0, 0}, {"[1, 2, 1, 2]", 0, 2}, {"[3, 2, 1, 1, 3]", 2, 3},
        {"[{\"a\": 1}, 5, {\"a\": 1.0}]", 0, 2},
                {"[1, true, \"1\", [1], null, false, 0]", 0, 0}};
    for (int i = 0; i < COUNT(rows); i++) {
        struct document doc = {0};
        struct effort effort = {.most_steps = 1000};
        size_t before = 0, index = 0;
        read_text(&doc, rows[i].text);
        struct view found = repeated_item(&effort, (struct view){&doc, 0}, &before, &index);
        ck_assert_msg(there(found) == (rows[i].index > 0), "%s", rows[i].text);
        if (there(found)) ck_assert(before == rows[i].before && index == rows[i].index);
        document_clear(&doc);
        pile_clear(&effort.pile);
    }
}
END_TEST

/* --- addresses */

static const struct {
    const char *base, *reference, *address;
} addresses[] = {
    {"http://a/b/c/d;p?q", "g:h", "g:h"},
    {"http://a/b/c/d;p?q", "g", "http://a/b/c/g"},
    {"http://a/b/c/d;p?q", "./g", "http://a/b/c/g"},
    {"http://a/b/c/d;p?q", "g/", "http://a/b/c/g/"},
    {"http://a/b/c/d;p?q", "/g", "http://a/g"},
    {"http://a/b/c/d;p?q", "//g", "http://g"},
    {"http://a/b/c/d;p?q", "?y", "http://a/b/c/d;p?y"},
    {"http://a/b/c/d;p?q", "g?y#s", "http://a/b/c/g?y"},
    {"http://a/b/c/d;p?q", "#s", "http://a/b/c/d;p?q"},
    {"http://a/b/c/d;p?q", "", "http://a/b/c/d;p?q"},
    {"http://a/b/c/d;p?q", ".", "http://a/b/c/"},
    {"http://a/b/c/d;p?q", "..", "http://a/b/"},
    {"http://a/b/c/d;p?q", "../../../g", "http://a/g"},
    {"http://a/b/c/d;p?q", "/./g", "http://a/g"},
    {"http://a/b/c/d;p?q", "g.", "http://a/b/c/g."},
    {"http://a/b/c/d;p?q", "./g/.", "http://a/b/c/g/"},
    {"http://a/b/c/d;p?q", "g/../h", "http://a/b/c/h"},
    {"http://a/b/c/d;p?q", "http:g", "http:g"},
    {"", "foo.json", "foo.json"},
    {"foo.json", "#/a", "foo.json"},
    {"HTTP://x", "y", "http://x/y"},
    {"urn:uuid:1", "#a", "urn:uuid:1"},
    {"file:///folder/a.json", "b.json", "file:///folder/b.json"},
    {"", "/../x", "/x"},
};

START_TEST(references_start_from_their_base)
{
    struct pile pile = {0};
    struct uri parts = uri_split((struct text){addresses[_i].reference, strlen(addresses[_i].reference)});
    struct text address = uri_resolve(&pile, (struct text){addresses[_i].base, strlen(addresses[_i].base)}, &parts);
    ck_assert_ptr_nonnull(address.bytes);
    ck_assert_str_eq(address.bytes, addresses[_i].address);
    pile_clear(&pile);
}
END_TEST

START_TEST(escapes_of_addresses_are_undone)
{
    struct pile pile = {0};
    ck_assert_str_eq(uri_decode(&pile, (struct text){"a%25b%2fc%", 10}).bytes, "a%b/c%");
    ck_assert_str_eq(uri_decode(&pile, (struct text){"%zz%4", 5}).bytes, "%zz%4");
    pile_clear(&pile);
}
END_TEST

/* --- formats */

static const struct {
    const char *format;
    const char *good[8], *bad[12];
} formats[] = {
    {"date-time", {"2026-08-01T12:30:00Z", "2026-08-01t12:30:00.5+02:00", "1998-12-31T23:59:60Z"},
     {"2026-08-01 12:30:00Z", "2026-08-01T12:30:00", "2026-13-01T12:30:00Z", "1998-12-31T22:59:60Z", "2026-08-01T12:30:00.Z", ""}},
    {"date", {"2024-02-29", "2000-02-29"}, {"2023-02-29", "1900-02-29", "2026-04-31", "2026-00-01", "2026-1-01", "2026-01-01x", "26-01-01"}},
    {"time", {"12:30:00Z", "00:29:60-23:30", "12:30:00.123-00:00"},
     {"24:00:00Z", "12:60:00Z", "12:30:61Z", "12:30Z", "12:30:00+24:00", "12:30:00+1:00", "12:30:00"}},
    {"duration", {"P1Y2M3DT4H5M6S", "P2W", "PT36H", "P1M"}, {"P", "PT", "P1YT", "P1Y2D", "P1W2D", "1D", "P1", "PT1D", "P1S", "P1.5D"}},
    {"email", {"a@b.c", "a.b+c@example.com", "\"a b\\\"\"@x.y", "a@[127.0.0.1]", "a@[IPv6:::1]"},
     {"a", "@b", "a@", "a.@b", "a..b@c", "a@b@c", "a b@c", "\"a@b", "a@[1.2.3]", "a@b_c",
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b"}},
    {"idn-email", {"\xC3\xA9@b.c", "a@b\xC3\xA9.c", "\"\xC3\xA9\"@b"}, {"\xC3\xA9", "a@b c"}},
    {"hostname", {"a", "a-b.c1", "1a.2b"}, {"", ".", "a.", ".a", "-a", "a-", "a_b", "a b", "\xC3\xA9", "a..b"}},
    {"idn-hostname", {"\xC3\xA9.b", "a\xE3\x80\x82" "b"}, {"", "-\xC3\xA9", "a\xE3\x80\x82", "a b"}},
    {"ipv4", {"0.0.0.0", "255.255.255.255"}, {"256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.", "a.b.c.d", "1.2.3.4 "}},
    {"ipv6", {"::", "::1", "1::", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1::8"},
     {":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "1:2:3:4:5:6:7:", ":1:2:3:4:5:6:7", "::1.2.3", "1.2.3.4",
      "::1%eth0"}},
    {"uri", {"http://a/b?c#d", "urn:a:b", "mailto:a@b", "http://[::1]:80/", "http://a%20b/", "http://u:p@h/", "http://[v1.a]/"},
     {"a", "/a", "http://a b", "http://a:b/", "http://[::1/", "http://a/%zz", "http://a/\xC3\xA9", "1a:b", "http://a/<>", "http:/[a]",
      "http://[v.a]/", "http://a@b@c/"}},
    {"uri-reference", {"", "a", "/a", "#a", "?b", "//a/b", "./a:b"}, {"a b", "1:b", "#\\", "%", "/a\"b"}},
    {"iri", {"http://\xC3\xA9/\xC3\xA9"}, {"\xC3\xA9", "http://a/\xC2\x85", "http://a b"}},
    {"iri-reference", {"\xC3\xA9", "a"}, {"\xC3\xA9 b", "\\"}},
    {"uri-template", {"", "a{b}", "{+a,b*}", "{a:3}", "{%41.b}", "\xC3\xA9"},
     {"{", "}", "{}", "{a", "{a,}", "{a:0}", "{a:12345}", "a b", "%zz", "{a=b}", "{a..b}"}},
    {"uuid", {"01234567-89ab-cdef-ABCD-0123456789ab"}, {"", "01234567-89ab-cdef-ABCD-0123456789a", "01234567-89ab-cdef-ABCD-0123456789ag",
     "0123456789abcdef0123456789abcdef0123"}},
    {"json-pointer", {"", "/", "/a~0~1/0"}, {"a", "/~", "/~2", "#/a"}},
    {"relative-json-pointer", {"0", "10/a", "1#"}, {"", "01", "-1", "/a", "1#/a", "1a"}},
    {"regex", {"^a+$", "", "(?<=a+)b"}, {"(", "\\Z", "a**"}},
};

START_TEST(formats_are_what_their_documents_say)
{
    const char *name = formats[_i].format;
    const struct format *format = find_format((struct text){name, strlen(name)});
    ck_assert_msg(format != NULL, "%s", name);
    for (const char *const *good = formats[_i].good; *good; good++) ck_assert_msg(format->holds(*good, strlen(*good)), "%s: %s", name, *good);
    for (int i = 0; i < COUNT(formats[_i].bad) && formats[_i].bad[i]; i++)
        ck_assert_msg(!format->holds(formats[_i].bad[i], strlen(formats[_i].bad[i])), "%s: %s", name, formats[_i].bad[i]);
}
END_TEST

START_TEST(every_format_is_tested)
{
    int count = 0;
    for (const struct format *format = schema_formats; format->name; format++) count++;
    ck_assert_int_eq(count, COUNT(formats));
    ck_assert_ptr_null(find_format((struct text){"date", 3}));
}
END_TEST

/* --- piles */

START_TEST(piles_give_back_and_keep)
{
    struct pile pile = {0};
    struct pile_mark bottom = pile_mark(&pile);
    char *first = pile_take(&pile, 10);
    struct pile_mark low = pile_mark(&pile);
    memset(pile_take(&pile, 100000), 1, 100000);
    size_t total = pile.total;
    pile_release(&pile, low);
    ck_assert_ptr_eq(pile_take(&pile, 5), first + 16);
    pile_release(&pile, bottom);
    ck_assert_ptr_eq(pile_take(&pile, 10), first);
    memset(pile_take(&pile, 100000), 2, 100000);
    ck_assert_uint_eq(pile.total, total);
    pile_release(&pile, bottom);
    memset(pile_take(&pile, 200000), 3, 200000); /* the small block gives way */
    ck_assert_uint_ge(pile.total, 300000);
    ck_assert_ptr_null(pile_take(&pile, SIZE_MAX));
    ck_assert(pile.failed);
    pile_clear(&pile);
    ck_assert(!pile.failed);
}
END_TEST

static Suite *parts_suite(void)
{
    Suite *suite = suite_create("schema_parts");
    TCase *tests = tcase_create("parts");
    tcase_add_loop_test(tests, numbers_are_compared_as_written, 0, COUNT(orders));
    tcase_add_loop_test(tests, multiples_are_found_exactly, 0, COUNT(multiples));
    tcase_add_test(tests, small_numbers_agree_with_the_machine);
    tcase_add_test(tests, whole_numbers_have_no_fraction);
    tcase_add_loop_test(tests, values_are_the_same_by_what_they_mean, 0, COUNT(pairs));
    tcase_add_test(tests, the_first_repetition_is_found);
    tcase_add_loop_test(tests, references_start_from_their_base, 0, COUNT(addresses));
    tcase_add_test(tests, escapes_of_addresses_are_undone);
    tcase_add_loop_test(tests, formats_are_what_their_documents_say, 0, COUNT(formats));
    tcase_add_test(tests, every_format_is_tested);
    tcase_add_test(tests, piles_give_back_and_keep);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(parts_suite)
