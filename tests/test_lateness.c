/* test_lateness.c: for how long bytes may have waited to be read: days of a loop that were never lived. */
#include "harness/http/lateness.h"
#include "tests/testing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The loop looks at the sockets, sleeps, and reads. */
static const struct {
    const char *name;
    long looked_ms;
    struct sleep sleep;
    long read_ms, late_ms;
} days[] = {
    {"woken when something came", 100, {100, 112, 20, 0}, 112, 0},
    {"slept to the end", 100, {100, 120, 20, 0}, 120, 0},
    {"a little too long, as timers are", 100, {100, 122, 20, 0}, 122, 0},
    {"stopped in its sleep", 100, {100, 123, 20, 0}, 123, 23},
    {"stopped for long", 100, {100, 5100, 20, 0}, 5100, 5000},
    {"held up after waking", 100, {100, 119, 20, 9}, 119, 9},
    {"held up beyond the end", 100, {100, 160, 20, 44}, 160, 60},
    {"busy before it read", 100, {100, 112, 20, 0}, 137, 25},
    {"held up, and then busy", 100, {100, 119, 20, 9}, 120, 10},
    {"long in reading, and nothing came meanwhile", 100, {150, 160, 20, 0}, 160, 0},
    {"long in reading, and woken at once", 100, {150, 150, 20, 0}, 150, 50},
    {"long in reading, woken at once and held up", 100, {150, 158, 20, 8}, 158, 58},
    {"never let to sleep long", 100, {100, 105, 5, 0}, 105, 0},
    {"stopped in a short sleep", 100, {100, 108, 5, 0}, 108, 8},
};

START_TEST(bytes_wait_while_nobody_looks)
{
    struct lateness late = {0};
    lateness_look(&late, days[_i].looked_ms);
    lateness_wake(&late, &days[_i].sleep);
    long got_ms = lateness_at(&late, days[_i].read_ms);
    ck_assert_msg(got_ms == days[_i].late_ms, "%s: %ld ms, not %ld", days[_i].name, got_ms, days[_i].late_ms);
}
END_TEST

/* Between two sleeps the sockets may be read more than once, with work in between. */
START_TEST(each_look_without_a_sleep_is_later)
{
    struct lateness late = {0};
    lateness_look(&late, 100);
    lateness_wake(&late, &(struct sleep){100, 110, 20, 0});
    lateness_look(&late, 110);
    ck_assert_int_eq(lateness_at(&late, 110), 0);
    lateness_look(&late, 400);
    ck_assert_int_eq(lateness_at(&late, 401), 291);
    lateness_wake(&late, &(struct sleep){402, 409, 20, 0});
    ck_assert_int_eq(lateness_at(&late, 409), 0);
}
END_TEST

/* Accounts as the kernel writes them, in nanoseconds: the second figure is what counts. */
static const struct {
    const char *text;
    long held_up_ms;
} accounts[] = {
    {"81234567 45999999 12\n", 45}, {"7 0 1\n", 0}, {"0 999999 1\n", 0}, {"0 1000000 1\n", 1}, {"99999999999 7200000000000 3\n", 7200000}, {"", 0}, {"12\n", 0},
};

START_TEST(the_account_is_read_anew_each_time)
{
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    for (int i = 0; i < COUNT(accounts); i++) {
        size_t length = strlen(accounts[i].text);
        ck_assert_int_eq(ftruncate(fileno(file), 0), 0);
        ck_assert_int_eq(pwrite(fileno(file), accounts[i].text, length, 0), (ssize_t)length);
        for (int again = 0; again < 2; again++) ck_assert_int_eq(lateness_held_up_ms(fileno(file)), accounts[i].held_up_ms);
    }
    fclose(file);
    ck_assert_int_eq(lateness_held_up_ms(-1), 0);
}
END_TEST

/* What is opened is an account where the system keeps one: two figures and more. */
START_TEST(the_account_is_one_where_there_is_one)
{
    char text[128] = "";
    unsigned long long run, waited;
    int account = lateness_open();
    ck_assert_int_eq(account >= 0, access("/proc/thread-self/schedstat", R_OK) == 0);
    if (account < 0) return;
    ck_assert_int_gt(pread(account, text, sizeof text - 1, 0), 0);
    ck_assert_msg(sscanf(text, "%llu %llu", &run, &waited) == 2, "%s", text);
    ck_assert_int_ge(lateness_held_up_ms(account), (long)(waited / 1000000));
    close(account);
}
END_TEST

static Suite *lateness_suite(void)
{
    Suite *suite = suite_create("lateness");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, bytes_wait_while_nobody_looks, 0, COUNT(days));
    tcase_add_test(all, each_look_without_a_sleep_is_later);
    tcase_add_test(all, the_account_is_read_anew_each_time);
    tcase_add_test(all, the_account_is_one_where_there_is_one);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(lateness_suite)
