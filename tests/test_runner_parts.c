/* test_runner_parts.c: the judgements that the runner makes apart from any network: what is tried again and when, how fast requests may go,
 * and which findings make a failure of a case. */
#include "harness/base/words.h"
#include "harness/http/pace.h"
#include "harness/run/outcome.h"
#include "harness/run/retry.h"
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- trying again */

static const struct {
    enum http_fault fault;
    int status;
    const char *expect; /* JSON, or NULL */
    bool again;
} trials[] = {
    {HTTP_FINE, 200, NULL, false},
    {HTTP_FINE, 500, NULL, false},
    {HTTP_FINE, 408, NULL, true},
    {HTTP_FINE, 429, NULL, true},
    {HTTP_FINE, 429, "{\"status\": 429}", false},
    {HTTP_FINE, 429, "{\"status\": [400, 429]}", false},
    {HTTP_FINE, 429, "{\"status\": \"4xx\"}", true},
    {HTTP_FINE, 429, "{\"rejected\": {\"status\": 429}}", false},
    {HTTP_FINE, 429, "{\"rejected\": {}}", true},
    {HTTP_RESET, 0, NULL, true},
    {HTTP_TRUNCATED, 200, "{\"status\": 200}", true},
    {HTTP_REFUSED, 0, NULL, true},
    {HTTP_CANCELLED, 0, NULL, false},
    {HTTP_BAD_REQUEST, 0, NULL, false},
};

START_TEST(what_may_pass_is_tried_again)
{
    struct json_object *expect = NULL;
    if (trials[_i].expect) ck_assert(cc_read_object(trials[_i].expect, strlen(trials[_i].expect), NULL, &expect, NULL, 0));
    struct suite_step step = {.expect = expect};
    struct http_reply reply = {.fault = trials[_i].fault, .status = trials[_i].status};
    ck_assert(retry_may_help(&step, &reply) == trials[_i].again);
    json_object_put(expect);
}
END_TEST

static const struct {
    const char *after; /* Retry-After, or NULL */
    long attempt, ms;
    const char *date; /* Date, or NULL */
} delays[] = {
    {NULL, 1, 500},    {NULL, 2, 1000},      {NULL, 3, 2000},      {NULL, 8, 60000}, {NULL, 1000, 60000}, {"0", 5, 0},
    {"2", 1, 2000},    {"59", 1, 59000},     {"60", 1, 60000},     {"61", 1, 60000}, {"1000000000", 1, 60000},
    {"99999999999999999999999", 1, 60000},   {"-1", 1, 500},       {"soon", 2, 1000}, {"2x", 1, 500},
    {"Sun, 06 Nov 1994 08:49:39 GMT", 1, 2000, NULL},
    {"Sunday, 06-Nov-94 08:49:39 GMT", 1, 2000, NULL},
    {"Sun Nov  6 08:49:39 1994", 1, 2000, NULL},
    {"Sun, 06 Nov 1994 08:50:36 GMT", 1, 59000, NULL},
    {"Sun, 06 Nov 1994 08:50:38 GMT", 1, 60000, NULL},
    {"Sunday, 06-Nov-44 08:49:39 GMT", 1, 60000, NULL}, /* fifty years ahead; one more is in the past */
    {"Sunday, 06-Nov-45 08:49:39 GMT", 1, 0, NULL},
    {"Sun, 06 Nov 1994 08:49:30 GMT", 1, 0, NULL},
    {"Sun, 06 Nov 1994 08:49:39 GMT", 1, 7000, "Sun, 06 Nov 1994 08:49:32 GMT"}, /* its clock, not ours */
    {"Sun, 06 Nov 1994 08:49:39 GMT", 1, 2000, "today"},
    {"Sun, 06 Nov 1994 08:49:39 UTC", 1, 500, NULL},
    {"Sun, 06 Nov 1994 24:49:39 GMT", 1, 500, NULL},
    {"Sun, 32 Nov 1994 08:49:39 GMT", 1, 500, NULL},
    {"Sun, 06 ovN 1994 08:49:39 GMT", 1, 500, NULL},
    {"Sun, 06 Nov 1994 08:49:39 GMT, 2", 1, 500, NULL},
};
enum { NOW = 784111777 }; /* Sun, 06 Nov 1994 08:49:37 GMT */

START_TEST(retry_after_is_heeded_within_bounds)
{
    struct cc_header headers[] = {{"content-type", "text/plain"}, {"retry-after", delays[_i].after}, {"date", delays[_i].date}, {0}};
    struct http_reply reply = {.status = 429, .headers = headers};
    if (!delays[_i].after) headers[1].name = NULL;
    if (!delays[_i].date) headers[2].name = NULL;
    ck_assert_int_eq(retry_delay_ms(&reply, delays[_i].attempt, NOW), delays[_i].ms);
}
END_TEST

/* --- the pace */

START_TEST(the_pace_is_kept)
{
    struct pace pace = pace_new(10, 5000);
    ck_assert_int_eq(pace_wait_ms(&pace, 5000), 0);
    pace_take(&pace);
    ck_assert_int_eq(pace_wait_ms(&pace, 5000), 100);
    ck_assert_int_eq(pace_wait_ms(&pace, 5099), 1);
    ck_assert_int_eq(pace_wait_ms(&pace, 5100), 0);
    pace_take(&pace);
    /* A long pause saves up one request, not many. */
    ck_assert_int_eq(pace_wait_ms(&pace, 90000), 0);
    pace_take(&pace);
    ck_assert_int_eq(pace_wait_ms(&pace, 90000), 100);
}
END_TEST

START_TEST(a_slow_pace_waits_at_most_an_hour_at_a_time)
{
    struct pace pace = pace_new(1e-9, 0);
    pace_take(&pace);
    ck_assert_int_eq(pace_wait_ms(&pace, 0), 3600000);
}
END_TEST

START_TEST(without_a_rate_nobody_waits)
{
    struct pace pace = pace_new(0, 0);
    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(pace_wait_ms(&pace, 0), 0);
        pace_take(&pace);
    }
}
END_TEST

/* --- what counts as a failure */

static const struct {
    const char *fail_on, *allow, *rule;
    enum cc_level level;
    bool fails;
} judgements[] = {
    {"must", NULL, "a.b", CC_MUST, true},
    {"must", NULL, "a.b", CC_SHOULD, false},
    {"must", NULL, "a.b", CC_HABIT, false},
    {"flaky", NULL, "a.b", CC_MUST, true},
    {"flaky", NULL, "a.b", CC_SHOULD, false},
    {"should", NULL, "a.b", CC_SHOULD, true},
    {"should", NULL, "a.b", CC_PORTABILITY, false},
    {"portability", NULL, "a.b", CC_SHOULD, true},
    {"portability", NULL, "a.b", CC_PORTABILITY, true},
    {"portability", NULL, "a.b", CC_DEPRECATED, false},
    {"warning", NULL, "a.b", CC_DEPRECATED, true},
    {"warning", NULL, "a.b", CC_HABIT, false},
    {"never", NULL, "a.b", CC_MUST, false},
    {"must", "a.b", "a.b", CC_MUST, false},
    {"must", "a.*", "a.b", CC_MUST, false},
    {"must", "a.*", "a.b.c", CC_MUST, true},
    {"must", "a.**", "a.b.c", CC_MUST, false},
    {"must", "b", "a.b", CC_MUST, true},
    {"must", "expect.*", "expect.status", CC_MUST, false},
};

START_TEST(a_finding_fails_as_the_user_wants)
{
    const char *allow[] = {judgements[_i].allow, NULL};
    char rule[32];
    snprintf(rule, sizeof rule, "%s", judgements[_i].rule);
    struct tolerance tolerance = {fail_on_find(judgements[_i].fail_on), {allow, judgements[_i].allow ? 1 : 0}};
    struct result_finding finding = {.rule = rule, .level = judgements[_i].level, .severity = cc_level_severity(judgements[_i].level)};
    struct case_result result = {.findings = &finding, .finding_count = 1};
    ck_assert((outcome_failure(&tolerance, &result, 0) == &finding) == judgements[_i].fails);
    ck_assert_ptr_null(outcome_failure(&tolerance, &result, 1));
    bool own = strncmp(rule, "expect.", 7) == 0;
    ck_assert(outcome_breaks_rule(&tolerance, &result, 0) == (judgements[_i].fails && !own));
}
END_TEST

static const struct {
    struct trial trial;
    enum cc_level level; /* of its one finding; 0: none */
    enum case_state state;
    const char *reason;  /* the end of it */
} ends[] = {
    {{.times = 1, .needed = 1, .rounds = 1, .passed = 1}, 0, CASE_PASS, NULL},
    {{.times = 1, .needed = 1, .rounds = 1, .passed = 1}, CC_HABIT, CASE_PASS, NULL},
    {{.times = 1, .needed = 1, .rounds = 1, .passed = 1}, CC_SHOULD, CASE_WARN, "that is wrong"},
    {{.times = 1, .needed = 1, .rounds = 1}, CC_MUST, CASE_FAIL, "that is wrong"},
    {{.times = 5, .needed = 4, .rounds = 5, .passed = 4}, CC_MUST, CASE_FLAKY, "passed 4 of 5 times (between 38 and 96 % by Wilson's 95 % interval)"},
    {{.times = 5, .needed = 4, .rounds = 5, .passed = 3}, CC_MUST, CASE_FAIL, "wrong; passed 3 of 5 times, 4 are needed (between 23 and 88 % by "
                                                                              "Wilson's 95 % interval)"},
    {{.times = 5, .needed = 4, .rounds = 5, .passed = 4, .rule_broken = true}, CC_MUST, CASE_FAIL, "that is wrong"},
    {{.times = 5, .needed = 5, .rounds = 5, .passed = 4}, CC_MUST, CASE_FAIL, ", 5 are needed (between 38 and 96 % by Wilson's 95 % interval)"},
    {{.times = 5, .needed = 5, .rounds = 5, .passed = 4, .measured = true}, CC_MUST, CASE_FLAKY, "interval)"},
    {{.times = 5, .needed = 5, .rounds = 5, .passed = 1, .measured = true}, CC_MUST, CASE_FLAKY, "interval)"},
    {{.times = 5, .needed = 5, .rounds = 5, .measured = true}, CC_MUST, CASE_FAIL, "passed 0 of 5 times (between 0 and 43 % by Wilson's 95 % interval)"},
    {{.times = 5, .needed = 5, .rounds = 2, .passed = 1, .measured = true, .rule_broken = true}, CC_MUST, CASE_FAIL, "that is wrong"},
    {{.times = 1, .needed = 1, .rounds = 1, .passed = 1, .tried_again = true}, 0, CASE_FLAKY, "passed after a failed attempt"},
    {{.times = 1, .needed = 1, .rounds = 1, .tried_again = true}, CC_MUST, CASE_FAIL, "that is wrong"},
};

START_TEST(a_case_ends_in_one_state)
{
    char rule[] = "a.b", message[] = "that is wrong", why[] = "nobody answered";
    struct tolerance tolerance = {.fail_on = fail_on_find(NULL)};
    struct result_finding finding = {.rule = rule, .message = message, .level = ends[_i].level, .severity = CC_NOTE};
    if (ends[_i].level) finding.severity = cc_level_severity(ends[_i].level);
    struct case_result result = {.findings = &finding, .finding_count = ends[_i].level ? 1 : 0};
    outcome_settle(&tolerance, &ends[_i].trial, &result);
    ck_assert_int_eq(result.state, ends[_i].state);
    ck_assert((result.reason == NULL) == (ends[_i].reason == NULL));
    if (result.reason) ck_assert_msg(strlen(result.reason) >= strlen(ends[_i].reason), "%s", result.reason);
    if (result.reason) ck_assert_str_eq(result.reason + strlen(result.reason) - strlen(ends[_i].reason), ends[_i].reason);
    ck_assert_int_eq(result.rounds, ends[_i].trial.rounds);
    struct trial broken = ends[_i].trial;
    broken.trouble = why;
    outcome_settle(&tolerance, &broken, &result);
    ck_assert_int_eq(result.state, CASE_ERROR);
    ck_assert_str_eq(result.reason, why);
    free(result.reason);
}
END_TEST

/* Texts are cut to so many bytes between two characters. */
static const struct {
    const char *text;
    size_t most, length;
} cuts[] = {
    {"abc", 4, 3}, {"abc", 3, 3}, {"abc", 2, 2}, {"abc", 0, 0}, {"", 0, 0}, {"a\xC3\xA9", 3, 3}, {"a\xC3\xA9", 2, 1},
    {"\xF0\x9F\x98\x80", 4, 4}, {"\xF0\x9F\x98\x80", 3, 0}, {"a\xF0\x9F\x98\x80z", 4, 1}, {"a\xF0\x9F\x98\x80z", 5, 5},
    {"\x80\x80\x80\x80\x80\x80\x80", 6, 6}, {"a\x80\x80\x80\x80\x80\x80", 6, 6},
};

START_TEST(texts_are_cut_between_characters) { ck_assert_uint_eq(text_cut(cuts[_i].text, cuts[_i].most), cuts[_i].length); }
END_TEST

/* --- rounds */

static const struct {
    long times, pass, repeat; /* of the case; what the user asked for */
    long rounds, needed;
    bool measured;
} plans[] = {
    {1, 1, 0, 1, 1, false}, {1, 1, 1, 1, 1, false}, {1, 1, 5, 5, 5, true},   {5, 4, 0, 5, 4, false}, {5, 4, 5, 5, 4, false},
    {5, 4, 3, 5, 4, false}, {5, 4, 6, 6, 5, false}, {5, 4, 10, 10, 8, false}, {2, 1, 7, 7, 4, false}, {100, 100, 100, 100, 100, false},
};

START_TEST(a_case_runs_as_often_as_it_has_to)
{
    struct suite_case test = {.repeat_times = plans[_i].times, .repeat_pass = plans[_i].pass};
    struct trial trial = trial_begin(&test, plans[_i].repeat);
    ck_assert_int_eq(trial.times, plans[_i].rounds);
    ck_assert_int_eq(trial.needed, plans[_i].needed);
    ck_assert_int_eq(trial.measured, plans[_i].measured);
}
END_TEST

/* From published tables of the interval without continuity correction. */
static const struct {
    long passed, rounds;
    double low, high;
} intervals[] = {
    {0, 0, 0, 1}, {0, 1, 0, 0.7935}, {1, 1, 0.2065, 1}, {0, 10, 0, 0.2775}, {10, 10, 0.7225, 1}, {5, 10, 0.2366, 0.7634}, {3, 5, 0.2307, 0.8824},
    {81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605},
};

START_TEST(the_interval_is_that_of_wilson)
{
    double low, high;
    rounds_interval(intervals[_i].passed, intervals[_i].rounds, &low, &high);
    ck_assert_double_eq_tol(low, intervals[_i].low, 0.00006);
    ck_assert_double_eq_tol(high, intervals[_i].high, 0.00006);
}
END_TEST

static Suite *runner_parts_suite(void)
{
    Suite *suite = suite_create("runner parts");
    TCase *retry = tcase_create("retry"), *pace = tcase_create("pace"), *outcome = tcase_create("outcome");
    tcase_add_loop_test(retry, what_may_pass_is_tried_again, 0, COUNT(trials));
    tcase_add_loop_test(retry, retry_after_is_heeded_within_bounds, 0, COUNT(delays));
    tcase_add_test(pace, the_pace_is_kept);
    tcase_add_test(pace, a_slow_pace_waits_at_most_an_hour_at_a_time);
    tcase_add_test(pace, without_a_rate_nobody_waits);
    tcase_add_loop_test(outcome, a_finding_fails_as_the_user_wants, 0, COUNT(judgements));
    tcase_add_loop_test(outcome, a_case_ends_in_one_state, 0, COUNT(ends));
    tcase_add_loop_test(outcome, texts_are_cut_between_characters, 0, COUNT(cuts));
    tcase_add_loop_test(outcome, a_case_runs_as_often_as_it_has_to, 0, COUNT(plans));
    tcase_add_loop_test(outcome, the_interval_is_that_of_wilson, 0, COUNT(intervals));
    suite_add_tcase(suite, retry);
    suite_add_tcase(suite, pace);
    suite_add_tcase(suite, outcome);
    return suite;
}

TEST_MAIN(runner_parts_suite)
