/* Bulk verification: the arithmetic of its figures, entries there and back, what findings say about tool calls; and budgets of tokens. */
#include "tests/testing.h"

#include "harness/base/jo.h"
#include "harness/bulk/bulk_parts.h"
#include "harness/http/token_budget.h"

#include <stdlib.h>
#include <string.h>

/* --- figures */

static void add_number(struct bulk_figures *figures, size_t line, long total_ms)
{
    bulk_figures_add(figures, &(struct bulk_entry){.line = line, .hash = 1, .status = 200, .whole = true, .attempts = 1, .called = BULK_NO,
                                                   .first_ms = -1, .total_ms = total_ms, .prompt_tokens = -1, .completion_tokens = -1,
                                                   .total_tokens = -1});
}

/* The nearest rank: the smallest value that so many percent do not exceed. */
START_TEST(percentiles_are_exact)
{
    struct bulk_figures figures = {0};
    ck_assert_int_eq(bulk_percentile(&figures.total_ms, 50), -1);
    add_number(&figures, 1, 7);
    ck_assert_int_eq(bulk_percentile(&figures.total_ms, 50), 7);
    ck_assert_int_eq(bulk_percentile(&figures.total_ms, 99), 7);
    for (long i = 1; i < 1000; i++) add_number(&figures, (size_t)i + 1, (i * 7919) % 1000 + 7); /* 8 ... 1006 in some order */
    ck_assert_int_eq(bulk_percentile(&figures.total_ms, 50), 506);
    ck_assert_int_eq(bulk_percentile(&figures.total_ms, 90), 906);
    ck_assert_int_eq(bulk_percentile(&figures.total_ms, 99), 996);
    ck_assert_int_eq(bulk_percentile(&figures.total_ms, 100), 1006);
    ck_assert_uint_eq(figures.first_ms.count, 0); /* what is not known is no number */
    bulk_figures_clear(&figures);
}
END_TEST

START_TEST(scores_follow_their_definition)
{
    struct bulk_score score = bulk_score(6, 2, 4);
    ck_assert_double_eq_tol(score.precision, 0.75, 1e-12);
    ck_assert_double_eq_tol(score.recall, 0.6, 1e-12);
    ck_assert_double_eq_tol(score.f1, 2 * 0.75 * 0.6 / (0.75 + 0.6), 1e-12);
    score = bulk_score(0, 0, 3);
    ck_assert_double_eq(score.precision, -1);
    ck_assert_double_eq(score.recall, 0);
    ck_assert_double_eq(score.f1, 0);
    score = bulk_score(0, 0, 0);
    ck_assert_double_eq(score.precision, -1);
    ck_assert_double_eq(score.recall, -1);
    ck_assert_double_eq(score.f1, -1);
    ck_assert_double_eq(bulk_score(5, 0, 0).f1, 1);
}
END_TEST

static void add_finding(struct bulk_figures *figures, size_t line, const char *rule, enum cc_severity severity, const char *message)
{
    struct bulk_finding finding = {(char[64]){""}, CC_MUST, severity, severity == CC_ERROR, NULL, NULL};
    char name[64], said[64];
    snprintf(name, sizeof name, "%s", rule);
    snprintf(said, sizeof said, "%s", message);
    finding.rule = name;
    finding.message = said;
    bulk_figures_add(figures, &(struct bulk_entry){.line = line, .hash = 1, .status = 200, .attempts = 2, .findings = &finding, .finding_count = 1});
}

/* Answers come in any order; what stands for a rule is always its first line. */
START_TEST(rules_are_told_by_their_first_line)
{
    struct bulk_figures figures = {0};
    add_finding(&figures, 9, "a.rule", CC_ERROR, "of line 9");
    add_finding(&figures, 3, "a.rule", CC_ERROR, "of line 3");
    add_finding(&figures, 5, "another.rule", CC_WARNING, "of line 5");
    ck_assert_uint_eq(figures.rule_count, 2);
    ck_assert_uint_eq(figures.rules[0].answers, 2);
    ck_assert_uint_eq(figures.rules[0].line, 3);
    ck_assert_str_eq(figures.rules[0].first.message, "of line 3");
    ck_assert_uint_eq(figures.judged, 3);
    ck_assert_uint_eq(figures.clean, 1);
    ck_assert_uint_eq(figures.failing, 2);
    ck_assert_uint_eq(figures.again, 3);
    bulk_figures_clear(&figures);
}
END_TEST

START_TEST(what_failed_is_told_apart)
{
    struct bulk_figures f = {0};
    char why[] = "why", fault[] = "net.reset";
    bulk_figures_add(&f, &(struct bulk_entry){.line = 1, .left_out = why});
    bulk_figures_add(&f, &(struct bulk_entry){.line = 2, .fault = fault, .why = why, .attempts = 1});
    bulk_figures_add(&f, &(struct bulk_entry){.line = 3, .status = 503, .why = why, .attempts = 1});
    bulk_figures_add(&f, &(struct bulk_entry){.line = 4, .status = 404, .why = why, .attempts = 1, .tools = true});
    bulk_figures_add(&f, &(struct bulk_entry){.line = 5, .status = 429, .why = why, .attempts = 3});
    ck_assert_uint_eq(f.lines, 5);
    ck_assert_uint_eq(f.left_out, 1);
    ck_assert_uint_eq(f.silent, 1);
    ck_assert_uint_eq(f.answered, 3);
    ck_assert_uint_eq(f.broke, 3);
    ck_assert_uint_eq(f.again, 1);
    ck_assert_uint_eq(f.refused, 1);
    ck_assert_uint_eq(f.statuses[5], 1);
    ck_assert_uint_eq(f.offered, 1);
    ck_assert_uint_eq(f.accepted, 0);
    bulk_figures_clear(&f);
}
END_TEST

/* --- entries */

static struct json_object *written(const struct bulk_entry *entry)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    bulk_entry_write(out, entry);
    fclose(out);
    ck_assert(text[length - 1] == '\n' && !memchr(text, '\n', length - 1));
    struct json_object *object = jo_read_bytes(text, length);
    ck_assert_ptr_nonnull(object);
    free(text);
    return object;
}

START_TEST(entries_read_back_as_they_were)
{
    struct bulk_finding findings[] = {{(char[]){"a.rule"}, CC_SHOULD, CC_WARNING, true, (char[]){"/a~1b"}, (char[]){"a \"word\"\n\x1b"}}};
    struct bulk_entry entry = {.line = 7, .hash = 0xFEDCBA9876543210u, .stream = true, .tools = true, .status = 200, .attempts = 3, .whole = true,
                               .called = BULK_YES, .calls = 2, .json = BULK_NO, .named = BULK_UNKNOWN, .fits = BULK_NO, .first_ms = 0, .total_ms = 99,
                               .prompt_tokens = 1, .completion_tokens = -1, .total_tokens = 3, .reference = BULK_NO, .findings = findings,
                               .finding_count = 1};
    struct json_object *object = written(&entry);
    struct bulk_entry read;
    char why[256] = "";
    ck_assert_msg(bulk_entry_read(&read, object, why, sizeof why), "%s", why);
    struct json_object *again = written(&read);
    ck_assert_str_eq(jo_write(again, NULL), jo_write(object, NULL));
    ck_assert_uint_eq(read.hash, entry.hash);
    ck_assert_int_eq(read.named, BULK_UNKNOWN);
    ck_assert_str_eq(read.findings[0].message, entry.findings[0].message);
    bulk_entry_clear(&read);
    json_object_put(object);
    json_object_put(again);
}
END_TEST

START_TEST(wrong_entries_are_refused)
{
    static const struct {
        const char *text, *why;
    } wrong[] = {
        {JSON({"line": 0, "hash": "0000000000000001"}), "line is no number"},
        {JSON({"line": 1, "hash": "1"}), "hash is not 16"},
        {JSON({"line": 1, "hash": "000000000000000g"}), "hash is not 16"},
        {JSON({"line": 1, "hash": "0000000000000001", "left_out": 3}), "left_out is no string"},
        {JSON({"line": 1, "hash": "0000000000000001", "status": 1000}), "status is no number"},
        {JSON({"line": 1, "hash": "0000000000000001", "status": 200, "attempts": 1, "first_ms": -2, "total_ms": 1}), "first_ms is no number"},
        {JSON({"line": 1, "hash": "0000000000000001", "status": 200, "attempts": 1, "first_ms": -1, "total_ms": 1, "whole": 1}), "whole is neither"},
        {JSON({"line": 1, "hash": "0000000000000001", "status": 200, "attempts": 1, "first_ms": -1, "total_ms": 1}), "findings is no array"},
        {JSON({"line": 1, "hash": "0000000000000001", "status": 200, "attempts": 1, "first_ms": -1, "total_ms": 1, "findings": [{"rule": "r"}]}),
         "level is no word"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct json_object *object = jo_read_bytes(wrong[i].text, strlen(wrong[i].text));
        struct bulk_entry entry;
        char why[256] = "";
        ck_assert(!bulk_entry_read(&entry, object, why, sizeof why));
        ck_assert_msg(strstr(why, wrong[i].why), "%s: %s", wrong[i].text, why);
        bulk_entry_clear(&entry);
        json_object_put(object);
    }
}
END_TEST

/* A request is the same whatever blanks it was written with. */
START_TEST(hashes_are_of_what_is_said)
{
    struct json_object *one = jo_read("{\"model\":\"m\",\"n\":1}"), *same = jo_read(" { \"model\" : \"m\", \"n\": 1 }");
    struct json_object *other = jo_read("{\"model\":\"m\",\"n\":2}");
    ck_assert_uint_eq(bulk_hash(one), bulk_hash(same));
    ck_assert_uint_ne(bulk_hash(one), bulk_hash(other));
    json_object_put(one);
    json_object_put(same);
    json_object_put(other);
}
END_TEST

START_TEST(lines_that_are_done_are_known)
{
    struct bulk_done done = {0};
    ck_assert_uint_eq(bulk_done_hash(&done, 5), 0);
    ck_assert(bulk_done_add(&done, &(struct bulk_entry){.line = 5, .hash = 55, .called = BULK_YES}));
    ck_assert(bulk_done_add(&done, &(struct bulk_entry){.line = 500, .hash = 56, .called = BULK_NO}));
    ck_assert_uint_eq(bulk_done_hash(&done, 5), 55);
    ck_assert_uint_eq(bulk_done_hash(&done, 6), 0);
    ck_assert_int_eq(bulk_reference_of(&done, 5, 55), BULK_YES);
    ck_assert_int_eq(bulk_reference_of(&done, 500, 56), BULK_NO);
    ck_assert_int_eq(bulk_reference_of(&done, 5, 54), BULK_UNKNOWN);
    ck_assert_int_eq(bulk_reference_of(&done, 6, 55), BULK_UNKNOWN);
    bulk_done_clear(&done);
}
END_TEST

/* --- calls, judged by the validator */

#define ANSWER(reason, calls) \
    "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,\"logprobs\":null,\"finish_reason\":\"" reason \
    "\",\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null" calls "}}]}"
#define CALL(name, arguments) \
    ",\"tool_calls\":[{\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"" name "\",\"arguments\":\"" arguments "\"}}]"
#define REQUEST(strict) \
    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"," \
    "\"strict\":" strict ",\"parameters\":{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}},\"required\":[\"a\"]," \
    "\"additionalProperties\":false}}}]}"

#define FORBIDDEN \
    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"tool_choice\":\"none\"," \
    "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]}"

/* What the validator finds in the exchange becomes an entry, which is judged. */
static struct bulk_entry judged(const char *request, const char *response)
{
    struct cc_checker *checker = cc_checker_new(NULL);
    struct cc_exchange exchange = {.request = request, .request_length = strlen(request), .status = 200, .response = response,
                                   .response_length = strlen(response)};
    const struct cc_report *report = cc_check_exchange(checker, &exchange);
    struct bulk_entry entry = {.findings = calloc(report->count + 1, sizeof *entry.findings)};
    for (size_t i = 0; i < report->count; i++)
        entry.findings[entry.finding_count++] = (struct bulk_finding){.rule = strdup(report->findings[i].rule->id),
                                                                      .severity = report->findings[i].severity,
                                                                      .pointer = strdup(report->findings[i].pointer)};
    struct json_object *answer = jo_read(response);
    bulk_judge_calls(&entry, answer, checker);
    json_object_put(answer);
    cc_checker_free(checker);
    return entry;
}

static void expect_calls(const char *request, const char *response, const char *wanted)
{
    static const char letters[] = {'?', 'n', 'y'};
    struct bulk_entry entry = judged(request, response);
    char got[] = {letters[entry.called], letters[entry.json], letters[entry.named], letters[entry.fits], '\0'};
    ck_assert_msg(strcmp(got, wanted) == 0, "%s instead of %s: %s", got, wanted, response);
    bulk_entry_clear(&entry);
}

START_TEST(calls_are_judged_by_findings)
{
    const char *const requests[] = {REQUEST("false"), REQUEST("true")};
    for (size_t i = 0; i < 2; i++) {
        expect_calls(requests[i], ANSWER("stop", ""), "n???");
        expect_calls(requests[i], ANSWER("tool_calls", CALL("f", "{\\\"a\\\":\\\"x\\\"}")), "yyyy");
        expect_calls(requests[i], ANSWER("tool_calls", CALL("f", "{\\\"a\\\":1}")), "yyyn");
        expect_calls(requests[i], ANSWER("tool_calls", CALL("f", "{\\\"a\\\":")), "ynyn"); /* with strict one finding stands for both */
        expect_calls(requests[i], ANSWER("tool_calls", CALL("g", "{}")), "yynn");
        expect_calls(requests[i], ANSWER("tool_calls", ""), "ynnn");
        expect_calls(requests[i], ANSWER("stop", CALL("f", "{\\\"a\\\":\\\"x\\\"}")), "n???");
        expect_calls(requests[i], ANSWER("tool_calls", ",\"tool_calls\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"), "y???");
        expect_calls(requests[i], ANSWER("tool_calls", ",\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":{}}}]"),
                     "yn?n");
    }
    /* That no tool was to be called hides what the call is worth, but for what the answer alone shows. */
    expect_calls(FORBIDDEN, ANSWER("tool_calls", CALL("f", "{\\\"a\\\":1}")), "yy??");
    expect_calls(FORBIDDEN, ANSWER("tool_calls", CALL("f", "{")), "yn?n");
}
END_TEST

/* --- tokens */

START_TEST(all_tokens_are_bounded)
{
    struct token_budget budget = {.most = 100};
    ck_assert(tokens_are_left(&budget));
    tokens_reserve(&budget, 99);
    ck_assert(tokens_are_left(&budget));
    tokens_reserve(&budget, 1);
    ck_assert(!tokens_are_left(&budget));
    tokens_settle(&budget, 99, 20);
    ck_assert(tokens_are_left(&budget));
    tokens_settle(&budget, 1, 80);
    ck_assert(!tokens_are_left(&budget));
    ck_assert(tokens_are_left(&(struct token_budget){0}));
    ck_assert_int_eq(tokens_wait_ms(&(struct token_budget){0}, 5), 0);
}
END_TEST

START_TEST(tokens_of_a_minute_are_waited_for)
{
    struct token_budget budget = {.per_minute = 6000}; /* 100 a second */
    ck_assert_int_eq(tokens_wait_ms(&budget, 1000), 0);
    tokens_reserve(&budget, 300);
    ck_assert_int_eq(tokens_wait_ms(&budget, 1000), 3000);
    ck_assert_int_eq(tokens_wait_ms(&budget, 2000), 2000);
    tokens_settle(&budget, 300, 150); /* half of what was expected */
    ck_assert_int_eq(tokens_wait_ms(&budget, 2000), 500);
    ck_assert_int_eq(tokens_wait_ms(&budget, 2499), 1);
    ck_assert_int_eq(tokens_wait_ms(&budget, 2500), 0);
    ck_assert_int_eq(tokens_wait_ms(&budget, 90000), 0);
    tokens_reserve(&budget, 200); /* what was not used is not saved up beyond a second */
    ck_assert_int_eq(tokens_wait_ms(&budget, 90000), 1000);
}
END_TEST

static long expected(const char *request)
{
    struct json_object *read = jo_read(request);
    long tokens = tokens_expected(read, 0);
    json_object_put(read);
    return tokens;
}

START_TEST(costs_are_expected_and_told)
{
    struct json_object *request = jo_read(JSON({"max_tokens": 10, "max_completion_tokens": 20})), *old = jo_read(JSON({"max_tokens": 10}));
    struct json_object *answer = jo_read(JSON({"usage": {"total_tokens": 33}})), *odd = jo_read(JSON({"usage": {"total_tokens": -1}}));
    ck_assert_int_eq(tokens_expected(request, 400), 120);
    ck_assert_int_eq(tokens_expected(old, 400), 110);
    ck_assert_int_eq(tokens_expected(NULL, 0), 256);
    ck_assert_int_eq(expected(JSON({"max_tokens": 10, "n": 3})), 30);
    ck_assert_int_eq(expected(JSON({"n": 2})), 512);
    ck_assert_int_eq(expected(JSON({"max_tokens": 10, "n": 0})), 10);
    ck_assert_int_eq(expected(JSON({"max_tokens": 10, "n": "3"})), 10);
    ck_assert_int_eq(expected(JSON({"max_tokens": 999999999, "n": 999999999})), 1000000000);
    ck_assert_int_eq(tokens_used(answer), 33);
    ck_assert_int_eq(tokens_used(odd), -1);
    ck_assert_int_eq(tokens_used(NULL), -1);
    json_object_put(request);
    json_object_put(old);
    json_object_put(answer);
    json_object_put(odd);
}
END_TEST

static Suite *bulk_suite(void)
{
    Suite *suite = suite_create("bulk");
    TCase *all = tcase_create("all");
    tcase_add_test(all, percentiles_are_exact);
    tcase_add_test(all, scores_follow_their_definition);
    tcase_add_test(all, rules_are_told_by_their_first_line);
    tcase_add_test(all, what_failed_is_told_apart);
    tcase_add_test(all, entries_read_back_as_they_were);
    tcase_add_test(all, wrong_entries_are_refused);
    tcase_add_test(all, hashes_are_of_what_is_said);
    tcase_add_test(all, lines_that_are_done_are_known);
    tcase_add_test(all, calls_are_judged_by_findings);
    tcase_add_test(all, all_tokens_are_bounded);
    tcase_add_test(all, tokens_of_a_minute_are_waited_for);
    tcase_add_test(all, costs_are_expected_and_told);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(bulk_suite)
