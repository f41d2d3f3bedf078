/* test_check_source.c: the line of a document under a finding, and the mark under the place. */
#include "harness/check/diagnose.h"
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is printed for a place in that text (static buffer). */
static const char *shown(const char *text, size_t length, size_t at, size_t line)
{
    static char kept[8192];
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);
    struct spot spot = {.file = "f", .line = line, .column = 1, .text = {text, length, 0}, .at = at};
    ck_assert_ptr_nonnull(stream);
    diagnose_source(stream, &spot, false);
    fclose(stream);
    ck_assert_uint_lt(size, sizeof kept);
    memcpy(kept, out, size + 1);
    free(out);
    return kept;
}

/* The place is where `mark` begins in the text. */
static const char *shown_at(const char *text, const char *mark)
{
    const char *at = strstr(text, mark);
    size_t line = 1;
    ck_assert_ptr_nonnull(at);
    for (const char *c = text; c < at; c++) line += *c == '\n';
    return shown(text, strlen(text), (size_t)(at - text), line);
}

START_TEST(shows_the_line)
{
    const char *text = "{\n  \"model\": \"m\",\n  \"stop\": [1]\n}\n";
    ck_assert_str_eq(shown_at(text, "[1]"), "    3 |   \"stop\": [1]\n      |           ^\n");
    ck_assert_str_eq(shown_at(text, "\"m\""), "    2 |   \"model\": \"m\",\n      |            ^~~\n");
    ck_assert_str_eq(shown_at(text, "{"), "    1 | {\n      | ^\n");
}
END_TEST

START_TEST(marks_words_numbers_and_strings)
{
    ck_assert_str_eq(shown_at("{\"n\": -1.5e+3}", "-1"), "    1 | {\"n\": -1.5e+3}\n      |       ^~~~~~~\n");
    ck_assert_str_eq(shown_at("{\"n\": true}", "true"), "    1 | {\"n\": true}\n      |       ^~~~\n");
    ck_assert_str_eq(shown_at("{\"n\": \"a\\\"b\\\\\" }", "\"a"), "    1 | {\"n\": \"a\\\"b\\\\\" }\n      |       ^~~~~~~~\n");
    ck_assert_str_eq(shown_at("\"never closed", "\"n"), "    1 | \"never closed\n      | ^~~~~~~~~~~~~\n");
    ck_assert_str_eq(shown_at("[}", "}"), "    1 | [}\n      |  ^\n");
}
END_TEST

START_TEST(counts_what_is_shown)
{
    ck_assert_str_eq(shown_at("\t\t{\"n\": 1}", "1"), "    1 |         {\"n\": 1}\n      |               ^\n");
    ck_assert_str_eq(shown_at("[\"\xE6\x97\xA5\xE6\x9C\xAC\", 1]", "1"), "    1 | [\"\xE6\x97\xA5\xE6\x9C\xAC\", 1]\n      |          ^\n");
    ck_assert_str_eq(shown_at("[\"\xC3\xA9\", 1]", "1"), "    1 | [\"\xC3\xA9\", 1]\n      |       ^\n");
    ck_assert_str_eq(shown_at("[\"e\xCC\x81\", 1]", "1"), "    1 | [\"e\xCC\x81\", 1]\n      |       ^\n");
    ck_assert_str_eq(shown_at("[\"\xF0\x9F\x98\x80\", 1]", "1"), "    1 | [\"\xF0\x9F\x98\x80\", 1]\n      |        ^\n");
}
END_TEST

START_TEST(lets_nothing_act_on_a_terminal)
{
    ck_assert_str_eq(shown_at("[\"\033[2J\", 1]", "1"), "    1 | [\"\\x1B[2J\", 1]\n      |             ^\n");
    ck_assert_str_eq(shown_at("[\"\xFF\", 1]", "1"), "    1 | [\"\\xFF\", 1]\n      |          ^\n");
    ck_assert_str_eq(shown_at("[\"\xE2\x80\xAE\", 1]", "1"), "    1 | [\"\\u202E\", 1]\n      |            ^\n");
    ck_assert_str_eq(shown_at("[\r1]", "1"), "    1 | [\\x0D1]\n      |      ^\n");
    ck_assert_str_eq(shown("[\0" "1]", 4, 2, 1), "    1 | [\\x001]\n      |      ^\n");
    ck_assert_str_eq(shown("\x80\x80\x80\x80\x80", 5, 4, 1), "    1 | \\x80\\x80\\x80\\x80\\x80\n      |                 ^\n");
}
END_TEST

START_TEST(ends_lines_at_their_ends)
{
    ck_assert_str_eq(shown_at("[\r\n1]\r\n", "1"), "    2 | 1]\n      | ^\n");
    ck_assert_str_eq(shown("[", 1, 1, 1), "    1 | [\n      |  ^\n");
    ck_assert_str_eq(shown("[\n", 2, 2, 2), "    2 | \n      | ^\n");
    ck_assert_str_eq(shown("", 0, 0, 1), "    1 | \n      | ^\n");
    ck_assert_str_eq(shown("[1\n", 3, 2, 1), "    1 | [1\n      |   ^\n");
}
END_TEST

START_TEST(shows_nothing_that_is_not_at_hand)
{
    struct spot spot = {.file = "f", .line = 1, .column = 1, .at = 0};
    char *out = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&out, &size);
    diagnose_source(stream, &spot, false);
    spot.text = (struct extract){"ab", 2, 0};
    spot.at = 3;
    diagnose_source(stream, &spot, false);
    fclose(stream);
    ck_assert_uint_eq(size, 0);
    free(out);
}
END_TEST

/* A line of `before` letters a, the place, and `after` letters b. */
static const char *shown_in_long(size_t before, size_t after, char *place)
{
    size_t length = before + after + 1;
    char *text = malloc(length);
    ck_assert_ptr_nonnull(text);
    memset(text, ',', before);
    text[before] = '{';
    memset(text + before + 1, ';', after);
    const char *out = shown(text, length, before, 1);
    const char *second = strchr(out, '\n') + 1;
    *place = out[strcspn(second, "^")];
    free(text);
    return out;
}

START_TEST(shows_a_window_of_a_long_line)
{
    static const size_t sizes[] = {0, 1, 39, 40, 41, 71, 72, 73, 95, 96, 97, 1000, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        for (size_t j = 0; j < sizeof sizes / sizeof sizes[0]; j++) {
            char place;
            const char *out = shown_in_long(sizes[i], sizes[j], &place);
            size_t line = strcspn(out, "\n");
            bool left = strncmp(out + 8, "...", 3) == 0, right = strncmp(out + line - 3, "...", 3) == 0;
            ck_assert_int_eq(place, '{');
            ck_assert_uint_le(line, 8 + 3 + 96 + 3);
            ck_assert_int_eq(left, sizes[i] > 72);
            ck_assert_int_eq(right, (left ? 40 : sizes[i]) + 1 + sizes[j] > 96);
        }
    }
}
END_TEST

/* Letters that take no room would make a window without an end. */
START_TEST(bounds_the_bytes_of_a_window)
{
    enum { MARKS = 4000 };
    char text[2 * 2 * MARKS + 1];
    for (size_t i = 0; i < 2 * MARKS; i++) memcpy(text + 2 * i, "\xCC\x81", 2);
    text[2 * MARKS] = '{';
    ck_assert_uint_lt(strlen(shown(text, sizeof text - 1, 2 * MARKS, 1)), 2500);
}
END_TEST

static Suite *source_suite(void)
{
    Suite *suite = suite_create("source");
    TCase *tcase = tcase_create("source");
    tcase_add_test(tcase, shows_the_line);
    tcase_add_test(tcase, marks_words_numbers_and_strings);
    tcase_add_test(tcase, counts_what_is_shown);
    tcase_add_test(tcase, lets_nothing_act_on_a_terminal);
    tcase_add_test(tcase, ends_lines_at_their_ends);
    tcase_add_test(tcase, shows_nothing_that_is_not_at_hand);
    tcase_add_test(tcase, shows_a_window_of_a_long_line);
    tcase_add_test(tcase, bounds_the_bytes_of_a_window);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(source_suite)
