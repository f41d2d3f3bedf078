/* test_baseline.c: baselines: which checks an entry is about, what is expected, what is stale, what has expired, and what a file may say. */
#include "harness/run/baseline.h"
#include "tests/folder.h"
#include "tests/reporting.h"

enum { TODAY = 1785542400 }; /* 2026-08-01 */

static struct baseline baseline;

static bool read_text(const char *text, char *why, size_t size)
{
    baseline_clear(&baseline);
    folder_write("baseline.yaml", text);
    return baseline_read(&baseline, "baseline.yaml", TODAY, why, size);
}

static void read_well(const char *text)
{
    char why[512];
    ck_assert_msg(read_text(text, why, sizeof why), "%s", why);
}

static void refuse(const char *text, const char *expected)
{
    char why[512] = "";
    ck_assert_msg(!read_text(text, why, sizeof why), "accepted: %s", text);
    ck_assert_msg(strstr(why, expected), "\"%s\" does not say \"%s\"", why, expected);
}

static bool is_error(const void *context, const struct result_finding *finding)
{
    (void)context;
    return finding->severity == CC_ERROR;
}

static void settle(struct case_result *result) { baseline_settle(&baseline, result, is_error, NULL); }

#define ENTRY(match) "entries: [{match: \"" match "\", expected: fail, reason: known, issue: https://example.com/7}]"

START_TEST(test_expected)
{
    struct run_result run = {0};
    read_well(ENTRY("chat/**#stream.done.*"));
    struct case_result *one = add_case(&run, "chat/stream", "usage", CASE_FAIL);
    add_finding(one, "stream.done.terminator", CC_ERROR, "no end");
    settle(one);
    ck_assert_int_eq(one->state, CASE_XFAIL);
    ck_assert_ptr_nonnull(strstr(one->reason, "known [https://example.com/7]"));
    ck_assert_ptr_nonnull(strstr(one->reason, "baseline.yaml:1)"));
    ck_assert_ptr_null(baseline_finish(&baseline, &run, false));
    run_result_clear(&run);
}
END_TEST

/* Whatever else fails in the same case is news, and stands first. */
START_TEST(test_news_in_an_expected_case)
{
    struct run_result run = {0};
    read_well(ENTRY("chat/**#stream.done.terminator"));
    struct case_result *one = add_case(&run, "chat/stream", "usage", CASE_FAIL);
    add_finding(one, "stream.done.terminator", CC_ERROR, "no end");
    add_finding(one, "stream.usage.once", CC_WARNING, "twice");
    add_finding(one, "response.id.required", CC_ERROR, "no id");
    settle(one);
    ck_assert_int_eq(one->state, CASE_FAIL);
    ck_assert_str_eq(one->findings[0].rule, "response.id.required");
    ck_assert_str_eq(one->findings[1].rule, "stream.done.terminator");
    ck_assert_str_eq(one->reason, "no id");
    run_result_clear(&run);
}
END_TEST

START_TEST(test_matching)
{
    static const struct {
        const char *match;
        bool fits;
    } matches[] = {{"chat/stream/usage#stream.done.terminator", true}, {"chat/stream/usage", true}, {"**#**", true}, {"chat/*/usage#stream.**", true},
                   {"**#stream.done.*", true}, {"chat/stream#stream.done.terminator", false}, {"chat/*#stream.done.terminator", false},
                   {"chat/stream/usage#stream.done", false}, {"chat/stream/usage#stream.*", false}, {"chat/stream/other#**", false}};
    for (size_t i = 0; i < sizeof matches / sizeof *matches; i++) {
        char text[256];
        struct run_result run = {0};
        snprintf(text, sizeof text, "entries: [{match: \"%s\", expected: fail, reason: r}]", matches[i].match);
        read_well(text);
        struct case_result *one = add_case(&run, "chat/stream", "usage", CASE_FAIL);
        add_finding(one, "stream.done.terminator", CC_ERROR, "no end");
        settle(one);
        ck_assert_msg((one->state == CASE_XFAIL) == matches[i].fits, "%s", matches[i].match);
        run_result_clear(&run);
    }
}
END_TEST

START_TEST(test_stale)
{
    struct run_result run = {0};
    read_well(ENTRY("chat/stream/usage#stream.done.terminator"));
    settle(add_case(&run, "chat/stream", "usage", CASE_PASS));
    char *stale = baseline_finish(&baseline, &run, true);
    ck_assert_ptr_nonnull(stale);
    ck_assert_ptr_nonnull(strstr(stale, ":1: chat/stream/usage#stream.done.terminator is stale, it does not fail any more"));
    ck_assert_int_eq(run.cases[0].state, CASE_XPASS);
    free(stale);
    run_result_clear(&run);
}
END_TEST

/* A glob that fits several cases may fail in one that did not run. */
START_TEST(test_stale_only_when_known)
{
    struct run_result run = {0};
    read_well(ENTRY("chat/**#stream.done.terminator"));
    settle(add_case(&run, "chat/stream", "usage", CASE_PASS));
    ck_assert_ptr_null(baseline_finish(&baseline, &run, true));
    add_case(&run, "chat/stream", "skipped", CASE_SKIP);
    ck_assert_ptr_null(baseline_finish(&baseline, &run, false));
    ck_assert_int_eq(run.cases[0].state, CASE_PASS);
    read_well(ENTRY("gone/case#stream.done.terminator"));
    ck_assert_ptr_null(baseline_finish(&baseline, &run, true));
    char *stale = baseline_finish(&baseline, &run, false);
    ck_assert_ptr_nonnull(strstr(stale, "there is no such case"));
    free(stale);
    run_result_clear(&run);
}
END_TEST

START_TEST(test_now_and_then)
{
    struct run_result run = {0};
    read_well("entries: [{match: chat/stream/usage#stream.done.terminator, expected: [pass, fail], reason: flaky}]");
    settle(add_case(&run, "chat/stream", "usage", CASE_PASS));
    ck_assert_ptr_null(baseline_finish(&baseline, &run, false));
    ck_assert_int_eq(run.cases[0].state, CASE_PASS);
    run_result_clear(&run);
}
END_TEST

/* The last day counts; on the next the failure is one again. */
START_TEST(test_expiry)
{
    struct run_result run = {0};
    read_well("entries: [{match: a/b#x.y, expected: fail, reason: r, expires: 2026-08-01}, "
              "{match: a/c#x.y, expected: fail, reason: r, expires: 2026-07-31}]");
    add_finding(add_case(&run, "a", "b", CASE_FAIL), "x.y", CC_ERROR, "wrong");
    add_finding(add_case(&run, "a", "c", CASE_FAIL), "x.y", CC_ERROR, "wrong");
    settle(&run.cases[0]);
    settle(&run.cases[1]);
    ck_assert_int_eq(run.cases[0].state, CASE_XFAIL);
    ck_assert_int_eq(run.cases[1].state, CASE_FAIL);
    char *said = baseline_finish(&baseline, &run, false);
    ck_assert_ptr_nonnull(strstr(said, "a/c#x.y expired on 2026-07-31"));
    free(said);
    run_result_clear(&run);
}
END_TEST

START_TEST(test_trouble)
{
    struct run_result run = {0};
    read_well(ENTRY("a/b#net.reset"));
    struct case_result *one = add_case(&run, "a", "b", CASE_ERROR);
    add_exchange(one)->fault = words("net.reset");
    settle(one);
    ck_assert_int_eq(one->state, CASE_XFAIL);
    struct case_result *other = add_case(&run, "a", "b", CASE_ERROR);
    add_exchange(other)->fault = words("net.refused");
    settle(other);
    ck_assert_int_eq(other->state, CASE_ERROR);
    run_result_clear(&run);
}
END_TEST

START_TEST(test_what_a_file_may_say)
{
    read_well("entries: []");
    refuse("entries: {}", "baseline.yaml:1:");
    refuse("{entries: [], entry: []}", "is not a known member");
    refuse("entries:\n  - {match: a, expected: fail}", "baseline.yaml:2:");
    refuse("entries: [{match: a, expected: pass, reason: r}]", "expected");
    refuse("entries: [{match: a, expected: [], reason: r}]", "expected");
    refuse("entries: [{match: a, expected: fail, reason: ''}]", "reason");
    refuse("entries: [{match: a, expected: fail, reason: r, expires: 2026-02-29}]", "expires");
    refuse("entries: [{match: a, expected: fail, reason: r, expires: tomorrow}]", "expires");
    refuse("entries: [{match: '#a', expected: fail, reason: r}]", "match");
    refuse("entries: [{match: 'a#b#c', expected: fail, reason: r}]", "match");
    refuse("entries: [{match: a, expected: fail, reason: r, until: 2026-02-28}]", "is not a known member");
    read_well("entries: [{match: a, expected: fail, reason: r, expires: 2028-02-29}]");
}
END_TEST

/* What is written is read again as it was. */
START_TEST(test_write)
{
    char why[512], *texts[] = {words("a/\"b\"#x"), words("why: # not\n  - so \xC3\xA9"), words("'quoted'")};
    struct baseline written = {0};
    struct baseline_entry *entry = baseline_add(&written, texts[0], texts[1], texts[2], "2026-12-31");
    ck_assert_ptr_nonnull(entry);
    entry->may_pass = true;
    read_well("entries: []");
    ck_assert(baseline_write(&written, "baseline.yaml", why, sizeof why));
    baseline_clear(&baseline);
    ck_assert_msg(baseline_read(&baseline, "baseline.yaml", TODAY, why, sizeof why), "%s", why);
    ck_assert_uint_eq(baseline.count, 1);
    ck_assert_str_eq(baseline.entries[0].match, texts[0]);
    ck_assert_str_eq(baseline.entries[0].reason, texts[1]);
    ck_assert_str_eq(baseline.entries[0].issue, texts[2]);
    ck_assert_str_eq(baseline.entries[0].expires, "2026-12-31");
    ck_assert(baseline.entries[0].may_pass);
    baseline_clear(&written);
    for (size_t i = 0; i < 3; i++) free(texts[i]);
}
END_TEST

static void clear(void)
{
    baseline_clear(&baseline);
    folder_remove();
}

static Suite *baseline_suite(void)
{
    const TTest *const tests[] = {test_expected, test_news_in_an_expected_case, test_matching, test_stale, test_stale_only_when_known,
                                         test_now_and_then, test_expiry, test_trouble, test_what_a_file_may_say, test_write};
    Suite *suite = suite_create("baseline");
    TCase *tcase = tcase_create("baseline");
    tcase_add_checked_fixture(tcase, folder_make, clear);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(baseline_suite)
