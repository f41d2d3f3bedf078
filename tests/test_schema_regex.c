/* test_schema_regex.c: regular expressions: what ECMA-262 means by them, what is refused, the simple ones against PCRE2, and the limits. */
#include "tests/testing.h"
#include "validator/lib/regex_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct regex_run run;

static enum regex_verdict find_in(enum regex_dialect dialect, const char *pattern, const char *subject, size_t length)
{
    struct regex_why why;
    struct regex *regex = regex_new(dialect, pattern, strlen(pattern), &why);
    ck_assert_msg(regex != NULL, "%s: %s", pattern, why.words);
    regex_run_start(&run);
    enum regex_verdict verdict = regex_find(regex, &run, subject, length, false);
    regex_free(regex);
    return verdict;
}

/* --- what patterns mean */

static const struct {
    const char *pattern, *subject;
    bool found;
} meanings[] = {
    {"^abc$", "abc\n", false},
    {"abc", "xabcx", true},
    {"^(a|b)$", "a\n", false},
    {"^\\d$", "7", true},
    {"^\\d$", "\xDF\x80", false},                 /* a digit of another script */
    {"^(\\d)$", "\xDF\x80", false},
    {"^(\\D)$", "\xDF\x80", true},
    {"^(\\w)$", "\xC3\xA9", false},
    {"^(\\W)$", "\xC3\xA9", true},
    {"^\\s$", "\xC2\xA0", true},
    {"^\\s$", "\xEF\xBB\xBF", true},              /* the byte order mark */
    {"^\\s$", "\xE2\x80\xA9", true},
    {"^\\s$", "\v", true},
    {"^\\S$", "\xC2\xA0", false},
    {"^\\S$", "x", true},
    {"^[\\s]$", "\xE3\x80\x80", true},
    {"^[\\S]$", "\xE3\x80\x80", false},
    {"^[^\\s]$", "\xE3\x80\x80", false},
    {"^[^\\S]$", "\xE3\x80\x80", true},
    {"^\\t\\n\\v\\f\\r$", "\t\n\v\f\r", true},
    {"^\\v$", "\n", false},                       /* PCRE2 has \v for any vertical space */
    {"^\\cC$", "\x03", true},
    {"^\\cc$", "\x03", true},
    {"^[\\cC]$", "\x03", true},
    {"^\\x41\\u0042\\u{43}$", "ABC", true},
    {"^\\uD83D\\uDE00$", "\xF0\x9F\x98\x80", true},
    {"^[\\u{1F600}-\\u{1F64F}]$", "\xF0\x9F\x98\x80", true},
    {"^.$", "\xF0\x9F\x98\x80", true},
    {"^.$", "\n", false},
    {"^.$", "\xE2\x80\xA8", false},
    {"^[^]$", "\n", true},
    {"x[]", "x", false},
    {"^[]a]$", "a]", false},                      /* an empty class, then two characters */
    {"[^\\W\\p{L}]", "\xF0\x9F\x98\x80", false},
    {"^[\\W\\D]+$", "\xF0\x9F\x98\x80-", true},
    {"^[^\\D]+$", "0123456789", true},
    {"^[^\\W]+$", "azAZ09_", true},
    {"^[]*?a$", "a", true},
    {"^a[]{0,}$", "a", true},
    {"^[..]+$", "..", true},
    {"^[.a.][=b=][:c:]$", ".=:", true},
    {"^[[:alpha:]]$", ":]", true},
    {"^[[:alpha:]]$", "b", false},
    {"^[\\b]$", "\b", true},
    {"\\bfoo\\b", "a foo b", true},
    {"\\Boo", "foo", true},
    {"^[\\w-.]$", "-", true},
    {"^[+-\\d]$", "-", true},
    {"^[\\d-]$", "-", true},
    {"^\\p{Letter}+$", "\xC3\xA9t\xC3\xA9", true},
    {"^\\P{Letter}+$", "123", true},
    {"^\\p{digit}+$", "\xE0\xA7\xAA", true},
    {"^\\p{Lu}$", "A", true},
    {"^\\p{gc=Lu}\\p{General_Category=Lowercase_Letter}$", "Aa", true},
    {"^\\p{Script=Greek}$", "\xCE\xB1", true},
    {"^\\p{sc=Greek}\\p{scx=Greek}$", "\xCE\xB1\xCE\xB1", true},
    {"^[\\p{Lu}\\d]+$", "A1", true},
    {"^\\p{Assigned}$", "A", true},
    {"^\\p{Cased_Letter}\\p{Alphabetic}\\p{ASCII}$", "AAA", true},
    {"^(a)\\1$", "aa", true},
    {"^(?:(a)|b)\\1$", "b", true},                /* a group that took no part matches nothing, gladly */
    {"^\\1(a)$", "a", true},
    {"^(?<year>[0-9]{4})-\\k<year>$", "1999-1999", true},
    {"^(?=a)a(?!b)", "ac", true},
    {"(?<=a)b(?<!c)", "ab", true},
    {"^\\/\\-\\_\\@\\\"$", "/-_@\"", true},
    {"^a{2}$", "aa", true},
    {"^a{,2}$", "a{,2}", true},                   /* braces that count nothing are braces */
    {"^{a}]$", "{a}]", true},
    {"^a+?$", "aaa", true},
    {"^\\0$", "", false},
    {"^[a\\-z]+$", "-", true},
    {"^\xC3\xA9+$", "\xC3\xA9\xC3\xA9", true},
    {"^\xC3\xA9$", "\xC3\xA9", true},
    {".*", "\n", true},
    {"", "", true},
    {"^$", "x", false},
    {"a|b", "xb", true},
    {"^[^a-z]$", "\xC3\xA9", true},
};

START_TEST(patterns_mean_what_ecma_says)
{
    enum regex_verdict wanted = meanings[_i].found ? REGEX_FOUND : REGEX_NOT_FOUND;
    const char *subject = meanings[_i].subject;
    ck_assert_msg(find_in(REGEX_ECMA, meanings[_i].pattern, subject, strlen(subject)) == wanted, "%s on %s", meanings[_i].pattern, subject);
}
END_TEST

START_TEST(nul_is_a_character_like_others)
{
    ck_assert_int_eq(find_in(REGEX_ECMA, "^\\0$", "\0", 1), REGEX_FOUND);
    ck_assert_int_eq(find_in(REGEX_ECMA, "^a.b$", "a\0b", 3), REGEX_FOUND);
    ck_assert_int_eq(find_in(REGEX_ECMA, "^a$", "a\0", 2), REGEX_NOT_FOUND);
}
END_TEST

/* --- what is no pattern, and why */

static const struct {
    const char *pattern;
    enum regex_fault fault;
    const char *words;
} refused[] = {
    {"\\a", REGEX_WRONG, "\\a is no escape of ECMA-262 (at byte 1 of the pattern)"},
    {"x\\Z", REGEX_WRONG, "\\Z is no escape of ECMA-262 (at byte 2 of the pattern)"},
    {"\\A", REGEX_WRONG, "\\A is no escape"},
    {"\\z", REGEX_WRONG, "\\z is no escape"},
    {"\\Qa\\E", REGEX_WRONG, "\\Q is no escape"},
    {"\\K", REGEX_WRONG, "\\K is no escape"},
    {"\\R", REGEX_WRONG, "\\R is no escape"},
    {"\\X", REGEX_WRONG, "\\X is no escape"},
    {"\\C", REGEX_WRONG, "\\C is no escape"},
    {"\\h", REGEX_WRONG, "\\h is no escape"},
    {"[\\B]", REGEX_WRONG, "\\B is no escape"},
    {"[\\1]", REGEX_WRONG, "\\1 is no escape"},
    {"\\c1", REGEX_WRONG, "\\c is not followed by a letter"},
    {"\\x4", REGEX_WRONG, "two hexadecimal digits"},
    {"\\u12", REGEX_WRONG, "four hexadecimal digits"},
    {"\\u{}", REGEX_WRONG, "names no character"},
    {"\\u{110000}", REGEX_WRONG, "names no character"},
    {"\\u{41", REGEX_WRONG, "names no character"},
    {"\\uD800", REGEX_UNSUPPORTED, "surrogate pair"},
    {"\\01", REGEX_WRONG, "octal"},
    {"\\2(a)", REGEX_WRONG, "group that is not there"},
    {"\\k<n>", REGEX_WRONG, ""},
    {"\\k", REGEX_WRONG, "\\k is no escape"},
    {"\\p", REGEX_WRONG, "braces"},
    {"\\p{}", REGEX_WRONG, "names no property"},
    {"\\p{Nothing}", REGEX_WRONG, ""},
    {"\\p{x=y}", REGEX_WRONG, "names no property"},
    {"(?i)a", REGEX_WRONG, "(? does not begin a group"},
    {"(?P<n>a)", REGEX_WRONG, "(? does not begin a group"},
    {"(?>a)", REGEX_WRONG, "(? does not begin a group"},
    {"(*UTF)a", REGEX_WRONG, "nothing to repeat"},
    {"(?<1a>x)", REGEX_WRONG, "name of a group"},
    {"(?<>x)", REGEX_WRONG, "name of a group"},
    {"(?<$a>x)", REGEX_UNSUPPORTED, "name of a group"},
    {"a++", REGEX_WRONG, "nothing to repeat"},
    {"a{2}{3}", REGEX_WRONG, "nothing to repeat"},
    {"a**", REGEX_WRONG, "nothing to repeat"},
    {"*a", REGEX_WRONG, "nothing to repeat (at byte 1"},
    {"^*", REGEX_WRONG, "nothing to repeat"},
    {"(|*)", REGEX_WRONG, "nothing to repeat"},
    {"a{3,2}", REGEX_WRONG, "out of order"},
    {"(a{3,2})", REGEX_WRONG, "out of order"},
    {"a{65536}", REGEX_UNSUPPORTED, "65535"},
    {"(a", REGEX_WRONG, "not closed"},
    {"a)", REGEX_WRONG, "not opened"},
    {"[a", REGEX_WRONG, "a bracket is not closed"},
    {"[z-a]", REGEX_WRONG, "order"},
    {"a\\", REGEX_WRONG, "ends in a backslash"},
    {"[a\\", REGEX_WRONG, "ends in a backslash"},
    {"(?<=a+)b", REGEX_UNSUPPORTED, "lookbehind"},
    {"((a{1,255}){1,255}){1,255}", REGEX_TOO_LARGE, "too large"},
};

START_TEST(what_is_no_pattern_is_refused)
{
    struct regex_why why;
    struct regex *regex = regex_new(REGEX_ECMA, refused[_i].pattern, strlen(refused[_i].pattern), &why);
    ck_assert_msg(regex == NULL, "%s was taken", refused[_i].pattern);
    ck_assert_msg(why.fault == refused[_i].fault, "%s: %d %s", refused[_i].pattern, why.fault, why.words);
    ck_assert_msg(strstr(why.words, refused[_i].words) != NULL, "%s: %s", refused[_i].pattern, why.words);
}
END_TEST

START_TEST(the_other_dialect_is_that_of_pcre2)
{
    ck_assert_int_eq(find_in(REGEX_PCRE, "\\Aa(?i)B\\z", "ab", 2), REGEX_FOUND);
    ck_assert_int_eq(find_in(REGEX_PCRE, "^\\w$", "\xC3\xA9", 2), REGEX_FOUND);
    struct regex_why why;
    ck_assert_ptr_null(regex_new(REGEX_PCRE, "ab(", 3, &why));
    ck_assert_str_eq(why.words, "missing closing parenthesis (at byte 4 of the pattern)");
    ck_assert_ptr_null(regex_new(REGEX_PCRE, "\\C", 2, &why));
}
END_TEST

/* --- simple patterns, with and without the engine */

static const char *const simple[] = {
    "^[a-c_-]{1,3}$", "^a?b?c$", "^ab*c", "^\\d{2}-\\d{1,2}$", "abc", "a$", "^a", "b[ab]", "^[ab]+c*-?$", "^-*a{0,2}b$", "^\\w+\\.?$",
        "^[a-]{2,}b?",
    "^(ab)", /* not simple: so that the test would see it */
};

static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

START_TEST(simple_patterns_need_no_engine)
{
    struct plain plain;
    const char *pattern = simple[_i];
    bool is_plain = plain_make(pattern, strlen(pattern), &plain);
    ck_assert_msg(is_plain == (strchr(pattern, '(') == NULL), "%s", pattern);
    if (!is_plain) return;
    /* The same pattern in a group is one for the engine. */
    char grouped[64];
    snprintf(grouped, sizeof grouped, "(?:%s)", pattern);
    struct regex_why why;
    struct regex *regex = regex_new(REGEX_ECMA, grouped, strlen(grouped), &why);
    ck_assert_msg(regex != NULL, "%s: %s", grouped, why.words);
    unsigned state = 1, found = 0, missed = 0;
    for (int i = 0; i < 20000; i++) {
        char subject[8];
        size_t length = next_random(&state) % 7;
        for (size_t k = 0; k < length; k++) subject[k] = "abc-_.0aab"[next_random(&state) % 10];
        enum regex_verdict verdict = regex_find(regex, &run, subject, length, true);
        ck_assert_msg(plain_found(&plain, subject, length) == (verdict == REGEX_FOUND), "%s on %.*s", pattern, (int)length, subject);
        if (verdict == REGEX_FOUND) found++;
        else missed++;
        regex_run_start(&run);
    }
    ck_assert_msg(found && missed, "%s: %u found, %u not", pattern, found, missed);
    regex_free(regex);
}
END_TEST

static const char *const not_simple[] = {"^a*a$", "^[ab]*b", "^a?ab", "^a*b*a", "(a)", "a|b", "^\xC3\xA9+", "^.$", "^[^a]$", "\\s", "a+",
    "^a{2}{3}", "^[z-a]", "^a{3,2}", "^[a", "^\\q", "^{", "^a$b"};

START_TEST(others_are_left_to_the_engine)
{
    struct plain plain;
    ck_assert_msg(!plain_make(not_simple[_i], strlen(not_simple[_i]), &plain), "%s", not_simple[_i]);
}
END_TEST

/* --- limits */

static const struct {
    const char *pattern, *unit;
    size_t times;
} bombs[] = {
    {"^(a+)+$", "a", 60},
    {"^(a|aa)+$", "a", 60},
    {"^(a|a)*$", "a", 60},
    {"^(a*)*[bc]$", "a", 60},
    {"(x+x+)+[yz]", "x", 60},
    {"^(([a-z])+.)+[A-Z]([a-z])+$", "a", 60},
    {"(.*)*[=:].*[;,]", "x", 100},
    {"^(.*?,){16}[PQ]", "1,", 60},
    {"x+[yz]", "x", 60000},
    {"(a?){30}a{30}[bc]", "a", 30},
    {"^(\\w+\\s?)*$", "ab ", 40},
    {"(?=(a+))a*[bc]\\1", "a", 60000},
    {"([^\"\\\\]|\\\\.)*[\"'][xy]", "a", 60000},
    {"(a*)(a*)(a*)\\1\\2\\3[bc]", "a", 200},
};

START_TEST(what_costs_too_much_is_neither)
{
    size_t unit = strlen(bombs[_i].unit), length = unit * bombs[_i].times;
    char *subject = malloc(length + 1);
    ck_assert_ptr_nonnull(subject);
    for (size_t i = 0; i < bombs[_i].times; i++) memcpy(subject + i * unit, bombs[_i].unit, unit);
    subject[length] = '!'; /* that no pattern allows */
    enum regex_verdict verdict = find_in(REGEX_ECMA, bombs[_i].pattern, subject, length + 1);
    free(subject);
    ck_assert_msg(verdict == REGEX_TOO_EXPENSIVE, "%s: %d", bombs[_i].pattern, verdict);
    ck_assert_int_lt(run.spent_us, 10 * 1000 * REGEX_DEADLINE_MS); /* far from the total */
}
END_TEST

START_TEST(time_adds_up_over_a_run)
{
    struct regex_why why;
    struct regex *regex = regex_new(REGEX_ECMA, "^(b|a)$", 7, &why);
    ck_assert_ptr_nonnull(regex);
    regex_run_start(&run);
    run.spent_us = REGEX_TOTAL_MS * 1000LL;
    ck_assert_int_eq(regex_find(regex, &run, "a", 1, true), REGEX_TOO_EXPENSIVE);
    regex_run_start(&run);
    ck_assert_int_eq(regex_find(regex, &run, "a", 1, true), REGEX_FOUND);
    regex_free(regex);
}
END_TEST

START_TEST(limits_hold_exactly)
{
    static char long_text[REGEX_SUBJECT_MAX + 2];
    memset(long_text, 'a', sizeof long_text);
    struct regex_why why;
    struct regex *regex = regex_new(REGEX_ECMA, long_text, REGEX_PATTERN_MAX, &why);
    ck_assert_ptr_nonnull(regex);
    regex_free(regex);
    ck_assert_ptr_null(regex_new(REGEX_ECMA, long_text, REGEX_PATTERN_MAX + 1, &why));
    ck_assert_int_eq(why.fault, REGEX_TOO_LARGE);
    ck_assert_int_eq(find_in(REGEX_ECMA, "^(a|b)", long_text, REGEX_SUBJECT_MAX), REGEX_FOUND);
    ck_assert_int_eq(find_in(REGEX_ECMA, "^(a|b)", long_text, REGEX_SUBJECT_MAX + 1), REGEX_SUBJECT_TOO_LONG);
    ck_assert_int_eq(find_in(REGEX_ECMA, "(a{65535})", long_text, REGEX_SUBJECT_MAX), REGEX_FOUND);
}
END_TEST

START_TEST(nesting_is_bounded)
{
    char pattern[4 * REGEX_NEST_LIMIT];
    for (int over = 0; over < 2; over++) {
        size_t n = REGEX_NEST_LIMIT + (size_t)over;
        memset(pattern, '(', n);
        pattern[n] = 'a';
        memset(pattern + n + 1, ')', n);
        struct regex_why why;
        struct regex *regex = regex_new(REGEX_ECMA, pattern, 2 * n + 1, &why);
        ck_assert_msg((regex == NULL) == (over == 1), "%d: %s", over, why.words);
        ck_assert_int_eq(why.fault, over ? REGEX_TOO_LARGE : REGEX_GOOD);
        regex_free(regex);
    }
}
END_TEST

START_TEST(text_that_is_not_utf8_is_told)
{
    ck_assert_int_eq(find_in(REGEX_ECMA, "^(a)", "a\xFF", 2), REGEX_FAILED);
    regex_run_clear(&run);
}
END_TEST

static Suite *regex_suite(void)
{
    Suite *suite = suite_create("regex");
    TCase *tests = tcase_create("regex");
    tcase_add_loop_test(tests, patterns_mean_what_ecma_says, 0, COUNT(meanings));
    tcase_add_test(tests, nul_is_a_character_like_others);
    tcase_add_loop_test(tests, what_is_no_pattern_is_refused, 0, COUNT(refused));
    tcase_add_test(tests, the_other_dialect_is_that_of_pcre2);
    tcase_add_loop_test(tests, simple_patterns_need_no_engine, 0, COUNT(simple));
    tcase_add_loop_test(tests, others_are_left_to_the_engine, 0, COUNT(not_simple));
    tcase_add_loop_test(tests, what_costs_too_much_is_neither, 0, COUNT(bombs));
    tcase_add_test(tests, time_adds_up_over_a_run);
    tcase_add_test(tests, limits_hold_exactly);
    tcase_add_test(tests, nesting_is_bounded);
    tcase_add_test(tests, text_that_is_not_utf8_is_told);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(regex_suite)
