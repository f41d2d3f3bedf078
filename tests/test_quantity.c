/* test_quantity.c: amounts as people write them, right, nearly right and wrong. */
#include "harness/quantity.h"
#include "tests/testing.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *text;
    long number; /* -9: refused */
} numbers[] = {{"0", 0},     {"7", 7},   {"-3", -3},  {"007", 7},  {"", -9},    {"+7", -9},
               {" 7", -9},   {"7 ", -9}, {"7x", -9},  {"0x7", -9}, {"1e3", -9}, {"1.0", -9},
               {"99999999999999999999", -9}, {"--1", -9}};

START_TEST(a_number_is_digits)
{
    long number = -9;
    bool read = number_read(numbers[_i].text, &number);
    ck_assert_msg(read == (numbers[_i].number != -9), "%s", numbers[_i].text);
    if (read) ck_assert_int_eq(number, numbers[_i].number);
}
END_TEST

static const struct {
    const char *text;
    long ms;
} durations[] = {{"10", 10000},  {"1.5s", 1500}, {"200ms", 200}, {"2m", 120000}, {"1h", 3600000}, {"0", 0},         {".5", 500},
                 {"0.0004", 0},  {"0.0005", 1},  {"277h", 997200000}, {"278h", -1}, {"", -1},     {"s", -1},        {".", -1},
                 {"1.2.3", -1},  {"-1", -1},     {"1 s", -1},    {"1d", -1},     {"1S", -1},      {"inf", -1},      {"nan", -1},
                 {"0x10", -1},   {"1e3", -1},    {"1s ", -1},    {" 1s", -1},    {"+1s", -1}};

START_TEST(a_duration_has_a_unit)
{
    ck_assert_msg(duration_read(durations[_i].text) == durations[_i].ms, "%s: %ld", durations[_i].text, duration_read(durations[_i].text));
}
END_TEST

static const struct {
    const char *text;
    double per_s; /* 0: refused */
} rates[] = {{"5", 5},    {"5/s", 5}, {"60/m", 1}, {"1800/h", 0.5}, {"0.5/s", 0.5}, {"0", 0},    {"0/s", 0},
             {"-1/s", 0}, {"/s", 0},  {"5/d", 0},  {"5 /s", 0},     {"5/", 0},      {"five", 0}, {"inf/s", 0}};

START_TEST(a_rate_is_positive)
{
    double per_s = 0;
    bool read = rate_read(rates[_i].text, &per_s);
    ck_assert_msg(read == (rates[_i].per_s > 0), "%s", rates[_i].text);
    ck_assert_double_eq_tol(per_s, rates[_i].per_s, 1e-9);
}
END_TEST

START_TEST(timeouts_are_named)
{
    struct http_timeouts t = {.first_ms = 7};
    char why[200] = "";
    ck_assert_msg(timeouts_read("connect=1s,idle=200ms", &t, why, sizeof why), "%s", why);
    ck_assert_int_eq(t.connect_ms, 1000);
    ck_assert_int_eq(t.idle_ms, 200);
    ck_assert_int_eq(t.first_ms, 7); /* what is not named stays */
    ck_assert_int_eq(t.total_ms, 0);
    ck_assert(timeouts_read("total=1h,", &t, why, sizeof why));
    ck_assert_int_eq(t.total_ms, 3600000);
}
END_TEST

static const char *const wrong_timeouts[] = {"5s", "connect", "connect=", "conect=1s", "connect=0", "connect=61s", "first=601s", "idle=601s",
                                             "total=3601s", "connect=1s,x", "connect=1s;idle=1s", "=1s", ",", "connect=1s,,idle=1s"};

START_TEST(wrong_timeouts_are_refused)
{
    struct http_timeouts t = {0};
    char why[200] = "";
    ck_assert_msg(!timeouts_read(wrong_timeouts[_i], &t, why, sizeof why), "%s", wrong_timeouts[_i]);
    ck_assert_msg(strstr(why, "--timeout"), "%s", why);
}
END_TEST

START_TEST(each_limit_can_be_set_up_to_its_cap)
{
    for (size_t i = 0; cc_limit_at(i); i++) {
        struct cc_limits limits = {0};
        char text[64], why[200] = "";
        snprintf(text, sizeof text, "%s=%zu", cc_limit_at(i)->name, cc_limit_at(i)->hard);
        ck_assert_msg(limit_read(text, &limits, why, sizeof why), "%s: %s", text, why);
        snprintf(text, sizeof text, "%s=%zu", cc_limit_at(i)->name, cc_limit_at(i)->hard + 1);
        ck_assert_msg(!limit_read(text, &limits, why, sizeof why), "%s", text);
        ck_assert_msg(strstr(why, "may be at most"), "%s", why);
    }
}
END_TEST

static const char *const wrong_limits[] = {"depth", "depth=", "depth=0", "depth=-1", "depth=x", "=5", "", "deep=5", "depth=5,bytes=6",
                                           "a-name-that-is-much-longer-than-any-limit-has=5"};

START_TEST(wrong_limits_are_refused)
{
    struct cc_limits limits = {0};
    char why[200] = "";
    ck_assert_msg(!limit_read(wrong_limits[_i], &limits, why, sizeof why), "%s", wrong_limits[_i]);
    ck_assert_uint_eq(limits.depth, 0);
}
END_TEST

static Suite *quantity_suite(void)
{
    Suite *suite = suite_create("quantity");
    TCase *tc = tcase_create("quantity");
    tcase_add_loop_test(tc, a_number_is_digits, 0, COUNT(numbers));
    tcase_add_loop_test(tc, a_duration_has_a_unit, 0, COUNT(durations));
    tcase_add_loop_test(tc, a_rate_is_positive, 0, COUNT(rates));
    tcase_add_test(tc, timeouts_are_named);
    tcase_add_loop_test(tc, wrong_timeouts_are_refused, 0, COUNT(wrong_timeouts));
    tcase_add_test(tc, each_limit_can_be_set_up_to_its_cap);
    tcase_add_loop_test(tc, wrong_limits_are_refused, 0, COUNT(wrong_limits));
    suite_add_tcase(suite, tc);
    return suite;
}

TEST_MAIN(quantity_suite)
