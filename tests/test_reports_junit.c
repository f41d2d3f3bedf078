/* test_reports_junit.c: JUnit, judged by xmllint, by the schema in reports/ and by the one that a CI server publishes. */
#include "tests/reporting.h"

#define SCHEMA "reports/chatconform-junit.xsd"

static long xpath_number(const char *expression, const char *xml, size_t length)
{
    char tool[] = "xmllint", flag[] = "--xpath", text[512], standard[] = "-", output[4096];
    snprintf(text, sizeof text, "%s", expression);
    char *const argv[] = {tool, flag, text, standard, NULL};
    ck_assert_msg(run_tool(argv, xml, length, output, sizeof output) == 0, "%s: %s", expression, output);
    return strtol(output, NULL, 10);
}

static void judge_junit(const struct run_result *run)
{
    size_t length;
    char *xml = render(report_junit, run, &length);
    assert_valid(SCHEMA, xml, length);
    ck_assert(harmless_on_terminal(xml, length));
    ck_assert_ptr_null(strstr(xml, "<![CDATA["));
    free(xml);
}

START_TEST(junit_is_valid_for_any_bytes)
{
    each_hostile(judge_junit);
}
END_TEST

static void judge_surefire(const struct run_result *run)
{
    size_t length;
    const char *schema = testing_shared("junit/jenkins-junit-10.xsd");
    char *xml = render(report_junit_surefire, run, &length);
    assert_valid(schema, xml, length);
    free(xml);
}

START_TEST(junit_surefire_keeps_to_its_schema)
{
    struct run_result run = make_run("x");
    judge_surefire(&run);
    run.broken = words("no\nway");
    judge_surefire(&run);
    run_result_clear(&run);
    judge_surefire(&run);
}
END_TEST

/* Attributes against elements, suite by suite and in all; and against what ndjson says of the same run. */
START_TEST(junit_counts_agree)
{
    struct run_result run = make_run("x");
    size_t length, lines_length;
    char *xml = render(report_junit, &run, &length), *lines = render(report_ndjson, &run, &lines_length);
    ck_assert_int_eq(xpath_number("number(/testsuites/@tests)", xml, length), 2 * CASE_STATE_COUNT);
    ck_assert_int_eq(xpath_number("number(/testsuites/@failures)", xml, length), 4);
    ck_assert_int_eq(xpath_number("number(/testsuites/@errors)", xml, length), 4);
    ck_assert_int_eq(xpath_number("number(/testsuites/@skipped)", xml, length), 6);
    static const char *const pairs[][2] = {{"@tests", "testcase"}, {"@failures", "testcase/failure"},
                                           {"@errors", "testcase/error"}, {"@skipped", "testcase/skipped"}};
    for (size_t i = 0; i < 4; i++) {
        char expression[256];
        snprintf(expression, sizeof expression, "sum(//testsuite/%s) - count(//testsuite/%s)", pairs[i][0], pairs[i][1]);
        ck_assert_int_eq(xpath_number(expression, xml, length), 0);
        snprintf(expression, sizeof expression, "count(//testsuite[%s != count(%s)])", pairs[i][0], pairs[i][1]);
        ck_assert_int_eq(xpath_number(expression, xml, length), 0);
        snprintf(expression, sizeof expression, "/testsuites/%s - sum(//testsuite/%s)", pairs[i][0], pairs[i][0]);
        ck_assert_int_eq(xpath_number(expression, xml, length), 0);
    }
    const char *summary = strstr(lines, "{\"type\":\"summary\"");
    struct json_object *object = read_json(summary, strlen(summary)), *states = member(object, "states");
    ck_assert_int_eq(number_of(object, "cases"), 2 * CASE_STATE_COUNT);
    ck_assert_int_eq(number_of(states, "fail") + number_of(states, "xpass"), 4);
    ck_assert_int_eq(number_of(states, "error") + number_of(states, "blocked"), 4);
    ck_assert_int_eq(number_of(states, "skip") + number_of(states, "unsupported") + number_of(states, "xfail"), 6);
    json_object_put(object);
    free(lines);
    free(xml);
    run_result_clear(&run);
}
END_TEST

START_TEST(junit_says_each_state)
{
    struct run_result run = make_run("x");
    size_t length;
    char *xml = render(report_junit, &run, &length);
    static const struct {
        int state;
        const char *holds;
    } rows[] = {
        {CASE_PASS, "not(failure|error|skipped|flakyFailure) and system-out"},
        {CASE_FAIL, "failure[@type='rule.x'][starts-with(., @message)][contains(., 'actual x')][contains(., 'curl x')] and not(error|skipped)"},
        {CASE_WARN, "not(failure|error|skipped) and contains(system-out, 'actual x')"},
        {CASE_SKIP, "skipped[@message='reason x'][.='reason x']"},
        {CASE_UNSUPPORTED, "skipped[@message='reason x']"},
        {CASE_BLOCKED, "error[@type='case.blocked'][@message='reason x']"},
        {CASE_FLAKY, "flakyFailure/stackTrace and not(failure|error|skipped)"},
        {CASE_XFAIL, "skipped[@message='reason x']"},
        {CASE_XPASS, "failure[@type='baseline.stale'][@message='reason x']"},
        {CASE_ERROR, "error[@type='net.x'][@message='reason x']"},
    };
    for (size_t i = 0; i < CASE_STATE_COUNT; i++) {
        char expression[400];
        snprintf(expression, sizeof expression, "count(//testcase[@classname='chatconform.chat.x0'][@name='x-%d'][%s])",
                 rows[i].state, rows[i].holds);
        ck_assert_msg(xpath_number(expression, xml, length) == 1, "%s", expression);
    }
    ck_assert_int_eq(xpath_number("count(//testsuite[@timestamp='2025-12-31T23:59:59'][@file='suites/x.yaml'][@hostname='h x'])",
                                  xml, length), 2);
    ck_assert_int_eq(xpath_number("count(//testsuite/*[1][self::properties]/property[@name='model'][@value='m x'])", xml, length), 2);
    ck_assert_int_eq(xpath_number("count(/testsuites[@time='61.234'])", xml, length), 1);
    ck_assert_int_eq(xpath_number("count(//testcase[@name='x-2'][@time='0.222'][@assertions='3'][@line='7'][@file='suites/x.yaml'])",
                                  xml, length), 1);
    free(xml);
    run_result_clear(&run);
}
END_TEST

START_TEST(junit_of_a_run_that_was_not_done_has_one_error)
{
    for (int i = 0; i < 4; i++) {
        struct run_result run = {.duration_ms = 5};
        run.broken = i % 2 ? NULL : words("the endpoint cannot be reached:\nrefused <\x1b>");
        for (run.not_run = 0; i >= 2 && run.not_run < 3; run.not_run++)
            add_case(&run, "chat/basics", "left out", run.broken && run.not_run == 0 ? CASE_ERROR : CASE_SKIP);
        size_t length;
        char *xml = render(report_junit, &run, &length);
        assert_valid(SCHEMA, xml, length);
        ck_assert_int_eq(xpath_number("count(//testsuite[@tests='1'][@errors='1']/testcase/error)", xml, length), 1);
        ck_assert_int_eq(xpath_number("number(/testsuites/@errors)", xml, length), 1);
        ck_assert_int_eq(xpath_number("count(//testsuite)", xml, length), 1);
        free(xml);
        run_result_clear(&run);
    }
}
END_TEST

/* A run that broke after it began keeps what it found. */
START_TEST(junit_of_a_run_that_broke_off_has_its_cases_too)
{
    struct run_result run = make_run("x");
    run.broken = words("memory ran out");
    run.not_run = 2;
    size_t length;
    char *xml = render(report_junit, &run, &length);
    assert_valid(SCHEMA, xml, length);
    ck_assert_int_eq(xpath_number("number(/testsuites/@tests)", xml, length), 2 * CASE_STATE_COUNT + 1);
    ck_assert_int_eq(xpath_number("count(//testcase)", xml, length), 2 * CASE_STATE_COUNT + 1);
    ck_assert_int_eq(xpath_number("number(/testsuites/@errors) - count(//error)", xml, length), 0);
    ck_assert_int_eq(xpath_number("count(//error[@type='run.broken'][@message='memory ran out'])", xml, length), 1);
    free(xml);
    run_result_clear(&run);
}
END_TEST

START_TEST(junit_output_stays_under_its_limit)
{
    struct run_result run = {0};
    struct case_result *result = add_case(&run, "chat/big", "big", CASE_FAIL);
    static const char *const fills[] = {"<", "\x01", "&", "a", "\xff"};
    for (int i = 0; i < 200; i++) {
        struct result_exchange *exchange = add_exchange(result);
        exchange->response = calloc(1, 65537);
        memset(exchange->response, fills[i % 5][0], 65536);
        exchange->curl = words("curl %s", exchange->response);
        struct result_finding *finding = add_finding(result, "rule.big", CC_ERROR, exchange->response);
        finding->actual = words("%s", exchange->response);
    }
    size_t length;
    char *xml = render(report_junit, &run, &length);
    assert_valid(SCHEMA, xml, length);
    const char *from = strstr(xml, "<system-out>"), *to = strstr(xml, "</system-out>");
    ck_assert(from && to && to - from < 50000 && to - from > 40000);
    ck_assert_uint_lt(length, 300000);
    free(xml);
    run_result_clear(&run);
}
END_TEST

/* A schema that takes everything would prove nothing. */
START_TEST(the_schema_refuses_what_readers_stumble_over)
{
    static const char *const changes[][2] = {
        {"time=\"61.234\"", "time=\"61,234\""},          {"time=\"61.234\"", "time=\"1:01.234\""},
        {"tests=\"20\"", "tests=\"many\""},              {"name=\"x-3\"", "name=\"\""},
        {"name=\"x-3\"", "name=\"x-4\""},                {"classname=\"chatconform.", "classname=\""},
        {"2025-12-31T23:59:59", "2025-12-31T23:59:59Z"}, {"</properties>", "</properties><testsuite/>"},
        {" assertions=\"3\"", ""},                       {"<properties>", "<system-out/><properties>"},
        {"line=\"7\"", "line=\"0\""},                    {"<skipped message=\"", "<skipped nothing=\""},
        {"<failure type=\"rule.x\"", "<failure"},        {"<failure ", "<failure type=\"a\" message=\"b\"/><failure "},
    };
    struct run_result run = make_run("x");
    size_t length;
    char *xml = render(report_junit, &run, &length), output[4096];
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        const char *at = strstr(xml, changes[i][0]);
        ck_assert_msg(at != NULL, "%s", changes[i][0]);
        char *changed = words("%.*s%s%s", (int)(at - xml), xml, changes[i][1], at + strlen(changes[i][0]));
        ck_assert_msg(xmllint(SCHEMA, changed, strlen(changed), output, sizeof output) != 0, "%s was taken", changes[i][1]);
        free(changed);
    }
    free(xml);
    run_result_clear(&run);
}
END_TEST

static Suite *reports_junit_suite(void)
{
    Suite *suite = suite_create("reports_junit");
    TCase *tests = tcase_create("reports_junit");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, junit_is_valid_for_any_bytes);
    tcase_add_test(tests, junit_surefire_keeps_to_its_schema);
    tcase_add_test(tests, junit_counts_agree);
    tcase_add_test(tests, junit_says_each_state);
    tcase_add_test(tests, junit_of_a_run_that_was_not_done_has_one_error);
    tcase_add_test(tests, junit_of_a_run_that_broke_off_has_its_cases_too);
    tcase_add_test(tests, junit_output_stays_under_its_limit);
    tcase_add_test(tests, the_schema_refuses_what_readers_stumble_over);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(reports_junit_suite)
