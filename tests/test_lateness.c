/* test_lateness.c: for how long bytes may have waited to be read: days of a loop that were never lived. */
#include "harness/http/lateness.h"
#include "tests/testing.h"

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

/* Where there is an account it only grows; where there is none nothing is said. */
START_TEST(the_account_only_grows)
{
    int account = lateness_open();
    long before_ms = lateness_held_up_ms(account);
    for (int i = 0; i < 20; i++) usleep(100);
    ck_assert_int_ge(before_ms, 0);
    ck_assert_int_ge(lateness_held_up_ms(account), before_ms);
    if (account >= 0) close(account);
    ck_assert_int_eq(lateness_held_up_ms(-1), 0);
}
END_TEST

static Suite *lateness_suite(void)
{
    Suite *suite = suite_create("lateness");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, bytes_wait_while_nobody_looks, 0, sizeof days / sizeof *days);
    tcase_add_test(all, each_look_without_a_sleep_is_later);
    tcase_add_test(all, the_account_only_grows);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(lateness_suite)
