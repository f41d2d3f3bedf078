/* test_probe.c: what the tries of a probe show, and what they come to together: by hand-made results, as the runner leaves them. */
#include "harness/probe/probe_judge.h"
#include "harness/probe/probe_words.h"
#include "tests/reporting.h"

#include <ctype.h>

/* --- what a refusal is about */

#define PLAIN "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Say hi\"}]"
#define PARTS \
    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:\"}}]}]}"
#define ENVELOPE(message, param) "{\"error\":{\"message\":\"" message "\",\"type\":\"t\",\"param\":" param ",\"code\":null}}"

static const struct {
    const char *request, *response;
    bool about;
} refusals[] = {
    {PLAIN ",\"n\":2}", ENVELOPE("only one choice is given", "\"n\""), true},
    {PLAIN ",\"n\":2}", ENVELOPE("n has to be 1", "null"), true},
    {PLAIN ",\"n\":2}", ENVELOPE("`n` > 1: not now", "null"), true},
    {PLAIN ",\"n\":2}", ENVELOPE("not now, never", "null"), false},
    {PLAIN ",\"n\":2}", "{\"detail\":[{\"loc\":[\"body\",\"n\"],\"msg\":\"Extra inputs are not permitted\"}]}", true},
    {PLAIN ",\"n\":2}", "{\"error\":\"n?\"}", true},
    {PLAIN ",\"n\":2}", "<html>n</html>", false},
    {PLAIN ",\"n\":2}", "", false},
    {PLAIN ",\"tool_choice\":\"required\"}", ENVELOPE("Tool choice is no choice", "null"), true},
    {PLAIN ",\"tool_choice\":\"required\"}", ENVELOPE("the model is busy", "\"model\""), false},
    {PLAIN ",\"response_format\":{\"type\":\"json_schema\"}}", ENVELOPE("unknown JSON_SCHEMA", "null"), true},
    {PLAIN ",\"response_format\":{\"type\":\"json_schema\"}}", ENVELOPE("your responses are too many", "null"), false},
    {PLAIN ",\"response_format\":{\"type\":\"json_schema\"}}", ENVELOPE("another format of content", "\"messages\""), false},
    {PLAIN ",\"logprobs\":true}", ENVELOPE("true is not for you", "null"), false},
    {PLAIN ",\"stream\":true}", ENVELOPE("no stream here", "null"), true},
    {PLAIN ",\"stream\":true,\"n\":2}", ENVELOPE("no stream here", "null"), false},
    {PLAIN "}", ENVELOPE("the messages have no content, role, user or type", "\"messages\""), false},
    {PARTS, ENVELOPE("images cannot be seen", "null"), true},
    {PARTS, ENVELOPE("unsupported content[].type", "null"), true},
    {PARTS, ENVELOPE("the context is too long", "null"), false},
    {NULL, "{\"detail\":\"Not Found\"}", true},
    {"{\"model\":\"m\",\"messages\":\"Say hi\"}", ENVELOPE("the content is missing", "null"), false}, /* requests of a suite may be wrong */
    {"{\"model\":\"m\",\"messages\":[5,{\"content\":null}]}", ENVELOPE("the content is missing", "null"), false},
};

START_TEST(a_refusal_is_about_what_the_request_adds)
{
    char message[256];
    struct result_exchange exchange = {.status = 400};
    exchange.request = refusals[_i].request ? words("%s", refusals[_i].request) : NULL;
    exchange.response = words("%s", refusals[_i].response);
    ck_assert_msg(probe_refusal_is_about(&exchange, message, sizeof message) == refusals[_i].about, "%s against %s", refusals[_i].request,
                  refusals[_i].response);
    free(exchange.request);
    free(exchange.response);
}
END_TEST

START_TEST(the_message_is_short_enough_and_on_one_line)
{
    char message[16], *long_text = calloc(1, 70000);
    memset(long_text, 'x', 69999);
    struct result_exchange exchange = {.status = 400, .response = words("{\"error\":{\"message\":\"a\\nb%s\"}}", long_text),
                                       .request = words("[]")};
    probe_refusal_is_about(&exchange, message, sizeof message);
    ck_assert_str_eq(message, "a bxxxxxxxxxxxx");
    free(long_text);
    free(exchange.response);
    free(exchange.request);
}
END_TEST

/* --- one try */

struct trial_row {
    const char *purpose;
    int status;
    const char *response, *rule; /* of the finding; NULL: there is none */
    enum case_state state;
    bool invalid, nondeterministic; /* the case's last step, the case */
    enum try_verdict verdict;
};

#define ABOUT_N ENVELOPE("no n", "\"n\"")
#define ABOUT_ELSE ENVELOPE("no such model", "null")

static const struct trial_row rows[] = {
    {"step 2", 200, "{}", NULL, CASE_PASS, false, false, TRY_SUPPORTED},
    {"step 2", 200, "{}", NULL, CASE_WARN, true, false, TRY_SUPPORTED},
    {"step 2", 200, "{}", NULL, CASE_FLAKY, false, false, TRY_SUPPORTED},
    /* without the effect */
    {"step 2", 200, "{}", "expect./choices", CASE_FAIL, false, false, TRY_SILENT},
    {"step 2, attempt 3", 200, "{}", "expect./choices", CASE_FAIL, false, false, TRY_SILENT},
    {"step 2", 200, "{}", "expect./choices", CASE_FAIL, false, true, TRY_PROVES_NOTHING},
    {"step 1", 200, "{}", "expect./choices", CASE_FAIL, false, false, TRY_PROVES_NOTHING},
    {"step 1, attempt 2", 200, "{}", "expect./choices", CASE_FAIL, false, false, TRY_PROVES_NOTHING},
    {"step 2", 200, ABOUT_N, "expect./choices", CASE_FAIL, false, false, TRY_PROVES_NOTHING},
    {"step 2", 200, "{\"error\":null}", "expect./choices", CASE_FAIL, false, false, TRY_SILENT},
    /* refused */
    {"step 2", 400, ABOUT_N, "expect.status", CASE_FAIL, false, false, TRY_HONEST},
    {"step 1", 422, ABOUT_N, "expect.status", CASE_FAIL, false, false, TRY_HONEST},
    {"step 2", 404, ABOUT_N, "expect.status", CASE_FAIL, false, true, TRY_HONEST},
    {"step 2", 501, ABOUT_N, "expect.status", CASE_FAIL, false, false, TRY_HONEST},
    {"step 2", 400, ABOUT_ELSE, "expect.status", CASE_FAIL, false, false, TRY_PROVES_NOTHING},
    {"step 2", 418, ABOUT_N, "expect.status", CASE_FAIL, false, false, TRY_PROVES_NOTHING},
    /* trouble */
    {"step 2", 500, ABOUT_N, "expect.status", CASE_FAIL, false, false, TRY_TROUBLE},
    {"step 2", 429, ABOUT_N, "expect.status", CASE_FAIL, false, false, TRY_TROUBLE},
    {"step 2", 401, ABOUT_N, "expect.status", CASE_FAIL, false, false, TRY_TROUBLE},
    {"step 1", 200, "{}", NULL, CASE_ERROR, false, false, TRY_PROVES_NOTHING},
    {"step 2", 0, NULL, NULL, CASE_ERROR, false, false, TRY_TROUBLE},
    /* a wrong value */
    {"step 2", 200, "{}", "expect.rejected.status", CASE_FAIL, true, false, TRY_PROVES_NOTHING},
    {"step 2", 400, "{\"detail\":\"n\"}", "expect.rejected", CASE_FAIL, true, false, TRY_SUPPORTED},
    {"step 2", 400, ABOUT_ELSE, "expect.rejected.param", CASE_FAIL, true, false, TRY_PROVES_NOTHING},
    {"step 1", 400, ABOUT_N, "expect.status", CASE_FAIL, true, false, TRY_HONEST},
    /* not sent */
    {NULL, 0, NULL, NULL, CASE_SKIP, false, false, TRY_LEFT_OUT},
    {NULL, 0, NULL, NULL, CASE_UNSUPPORTED, false, false, TRY_LEFT_OUT},
};

static struct case_result make_result(const struct trial_row *row)
{
    struct case_result result = {.title = words("there are as many choices as n asks for"), .state = row->state};
    if (row->purpose) {
        struct result_exchange *exchange = add_exchange(&result);
        free(exchange->purpose);
        exchange->purpose = words("%s", row->purpose);
        exchange->status = row->status;
        exchange->request = words("%s", PLAIN ",\"n\":2}");
        exchange->response = row->response ? words("%s", row->response) : NULL;
        exchange->fault = row->status ? NULL : words("net.reset");
    }
    if (row->rule) add_finding(&result, row->rule, CC_ERROR, "it is not so");
    return result;
}

START_TEST(a_try_shows_what_it_shows)
{
    const struct trial_row *row = &rows[_i];
    struct suite_step steps[2] = {{0}, {.invalid = row->invalid}};
    struct suite_case test = {.id = (char[]){"choices"}, .steps = steps, .step_count = 2, .nondeterministic = row->nondeterministic};
    struct run_result run = {.cases = calloc(1, sizeof *run.cases), .case_count = 1};
    run.cases[0] = make_result(row);
    struct probe_try try = probe_judge(&test, &run.cases[0]);
    ck_assert_msg(try.verdict == row->verdict, "row %d: %d, expected %d: %s", _i, (int)try.verdict, (int)row->verdict, try.evidence);
    ck_assert_ptr_nonnull(try.evidence);
    free(try.evidence);
    run_result_clear(&run);
}
END_TEST

/* Evidence that is too long is cut between two characters. */
START_TEST(evidence_ends_with_a_whole_character)
{
    char about[512] = "n: ";
    for (size_t used = strlen(about); used < 300; used += 2) memcpy(about + used, "\xC3\xA9", 3);
    struct suite_step step = {0};
    struct suite_case test = {.id = (char[]){"choices"}, .steps = &step, .step_count = 1};
    struct run_result run = {.cases = calloc(1, sizeof *run.cases), .case_count = 1};
    run.cases[0] = make_result(&(struct trial_row){"step 1", 400, "", "expect.status", CASE_FAIL});
    free(run.cases[0].exchanges[0].response);
    run.cases[0].exchanges[0].response = words(ENVELOPE("%s", "null"), about);
    struct probe_try try = probe_judge(&test, &run.cases[0]);
    static const char end[] = "\xC3\xA9...";
    ck_assert_int_eq(try.verdict, TRY_HONEST);
    ck_assert_str_eq(try.evidence + strlen(try.evidence) - strlen(end), end);
    free(try.evidence);
    run_result_clear(&run);
}
END_TEST

/* --- all tries: S supported, H honest, X silent, - proves nothing, T trouble, 0 left out; in lower case streamed */

static const struct {
    const char *tries;
    bool plain_only;
    enum capability_verdict verdict;
    size_t count;
    const char *evidence; /* a part of it */
} sums[] = {
    {"SS", false, CAPABILITY_SUPPORTED, 2, "title S (2 of 2)"},
    {"S-S-", false, CAPABILITY_SUPPORTED, 4, "(2 of 4)"},
    {"HH", false, CAPABILITY_HONEST, 2, "text H (2 of 2)"},
    {"XxX", false, CAPABILITY_SILENT, 3, "text X"},
    {"SX", false, CAPABILITY_INCONSISTENT, 2, "1 of 2 silent ignore (X): text X; 1 of 2 supported (S)"},
    {"SSxx", false, CAPABILITY_INCONSISTENT, 4, "2 of 4 silent ignore (x, only in streams): text X; 2 of 4 supported (S, only without a stream)"},
    {"Sxs", false, CAPABILITY_INCONSISTENT, 3, "1 of 3 silent ignore (x, only in streams): text X; 2 of 3 supported (S, s)"},
    {"SSxx", true, CAPABILITY_SUPPORTED, 2, "(2 of 2)"},
    {"xx", true, CAPABILITY_UNKNOWN, 0, "it does not stream"},
    {"SH", false, CAPABILITY_INCONSISTENT, 2, "honest rejection"},
    {"HX", false, CAPABILITY_INCONSISTENT, 2, ""},
    {"--", false, CAPABILITY_UNKNOWN, 2, "text -"},
    {"ST", false, CAPABILITY_SUPPORTED, 2, "(1 of 2)"},
    {"STT", false, CAPABILITY_UNKNOWN, 3, "text T"},
    {"-T", false, CAPABILITY_UNKNOWN, 2, "text T"},
    {"00", false, CAPABILITY_UNKNOWN, 0, "text 0"},
    {"", false, CAPABILITY_UNKNOWN, 0, ""},
};

static enum try_verdict verdict_of(char letter)
{
    const char *letters = "SHX-T0", *found = strchr(letters, toupper((unsigned char)letter));
    return (enum try_verdict)(found - letters);
}

START_TEST(tries_come_to_one_verdict)
{
    struct suite_case tests[8];
    struct case_result results[8] = {0};
    struct probe_try tries[8] = {0};
    char names[8][2], titles[8][16], texts[8][16];
    size_t count = strlen(sums[_i].tries);
    for (size_t i = 0; i < count; i++) {
        char letter = sums[_i].tries[i];
        snprintf(names[i], sizeof names[i], "%c", letter);
        snprintf(titles[i], sizeof titles[i], "title %c", toupper((unsigned char)letter));
        snprintf(texts[i], sizeof texts[i], "%s %c", letter == 'S' ? "title" : "text", toupper((unsigned char)letter));
        tests[i] = (struct suite_case){.id = names[i]};
        results[i].title = titles[i];
        tries[i] = (struct probe_try){&tests[i], &results[i], verdict_of(letter), letter >= 'a' && letter <= 'z', texts[i]};
    }
    struct capability_result result = probe_conclude("n", tries, count, sums[_i].plain_only);
    ck_assert_str_eq(result.name, "n");
    ck_assert_msg(result.verdict == sums[_i].verdict, "%s: %s", sums[_i].tries, capability_verdict_name(result.verdict));
    ck_assert_uint_eq(result.tries, sums[_i].count);
    ck_assert_msg(strstr(result.evidence, sums[_i].evidence) != NULL, "%s: %s", sums[_i].tries, result.evidence);
    free(result.name);
    free(result.evidence);
}
END_TEST

static Suite *probe_suite(void)
{
    Suite *suite = suite_create("probe");
    TCase *all = tcase_create("all");
    tcase_add_loop_test(all, a_refusal_is_about_what_the_request_adds, 0, sizeof refusals / sizeof *refusals);
    tcase_add_test(all, the_message_is_short_enough_and_on_one_line);
    tcase_add_loop_test(all, a_try_shows_what_it_shows, 0, sizeof rows / sizeof *rows);
    tcase_add_test(all, evidence_ends_with_a_whole_character);
    tcase_add_loop_test(all, tries_come_to_one_verdict, 0, sizeof sums / sizeof *sums);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(probe_suite)
