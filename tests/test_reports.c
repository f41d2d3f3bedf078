/* test_reports.c: JSON judged by our strict reader, text by a scan for what acts on a terminal; and what all writers share. */
#include "tests/reporting.h"

static bool plain_console(FILE *out, const struct run_result *run)
{
    return report_console(out, run, false);
}

static bool plain_capabilities(FILE *out, const struct run_result *run)
{
    return report_capabilities_text(out, run, false);
}

static void judge_ndjson(const struct run_result *run)
{
    size_t length, count = 0;
    char *text = render(report_ndjson, run, &length);
    ck_assert(harmless_on_terminal(text, length));
    for (char *line = text, *end; *line; line = end + 1, count++) {
        end = strchr(line, '\n');
        ck_assert_ptr_nonnull(end);
        struct json_object *object = read_json(line, (size_t)(end - line));
        const char *type = json_object_get_string(member(object, "type"));
        ck_assert_str_eq(type, count == 0 ? "run" : count <= run->case_count ? "case" : "summary");
        if (count == 0)
            ck_assert_int_eq(number_of(object, "format"), 1);
        if (count > 0 && count <= run->case_count) {
            ck_assert_uint_eq(json_object_array_length(member(object, "findings")), run->cases[count - 1].finding_count);
            ck_assert_uint_eq(json_object_array_length(member(object, "exchanges")), run->cases[count - 1].exchange_count);
            ck_assert_str_eq(json_object_get_string(member(object, "state")), case_state_name(run->cases[count - 1].state));
        }
        json_object_put(object);
    }
    ck_assert_uint_eq(count, run->case_count + 2);
    free(text);
}

START_TEST(ndjson_lines_are_json_for_any_bytes)
{
    each_hostile(judge_ndjson);
}
END_TEST

static void judge_json(const struct run_result *run)
{
    size_t length;
    char *text = render(report_json, run, &length);
    struct json_object *object = read_json(text, length), *cases = member(object, "cases");
    ck_assert_uint_eq(json_object_array_length(cases), run->case_count);
    struct json_object *summary = member(object, "summary");
    ck_assert_int_eq(number_of(summary, "cases"), (long)run->case_count);
    ck_assert_int_eq(number_of(member(summary, "findings"), "error"), (long)run->case_count);
    json_object_put(object);
    free(text);
}

START_TEST(json_is_one_document_for_any_bytes)
{
    each_hostile(judge_json);
}
END_TEST

/* What is in the run is in the report, byte for byte, when it is text. */
START_TEST(json_keeps_every_value)
{
    const char *spice = "\xe6\xbc\xa2 \"<&>\\\n\t\x01 x";
    struct run_result run = make_run(spice);
    size_t length;
    char *text = render(report_json, &run, &length);
    struct json_object *object = read_json(text, length);
    const struct case_result *first = &run.cases[0];
    struct json_object *result = json_object_array_get_idx(member(object, "cases"), 0);
    struct json_object *finding = json_object_array_get_idx(member(result, "findings"), 2);
    struct json_object *exchange = json_object_array_get_idx(member(result, "exchanges"), 0);
    const struct {
        struct json_object *object;
        const char *name, *value;
    } rows[] = {
        {object, "version", run.version}, {object, "target", run.target}, {object, "model", run.model}, {object, "hostname", run.hostname},
        {result, "suite", first->suite}, {result, "id", first->id}, {result, "title", first->title}, {result, "reason", first->reason},
        {result, "file", first->file}, {result, "spec", first->spec},
        {finding, "rule", first->findings[2].rule}, {finding, "pointer", first->findings[2].pointer},
        {finding, "message", first->findings[2].message},
        {finding, "requirement", first->findings[2].requirement}, {finding, "source", first->findings[2].source},
        {finding, "expected", first->findings[2].expected}, {finding, "actual", first->findings[2].actual}, {finding, "level", "must"},
        {finding, "severity", "error"}, {finding, "in", "event"},
        {exchange, "purpose", first->exchanges[0].purpose}, {exchange, "method", first->exchanges[0].method},
        {exchange, "url", first->exchanges[0].url},
        {exchange, "request", first->exchanges[0].request}, {exchange, "request_headers", first->exchanges[0].request_headers},
        {exchange, "response", first->exchanges[0].response}, {exchange, "response_headers", first->exchanges[0].response_headers},
        {exchange, "fault", first->exchanges[0].fault}, {exchange, "why", first->exchanges[0].why},
        {exchange, "curl", first->exchanges[0].curl},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_str_eq(json_object_get_string(member(rows[i].object, rows[i].name)), rows[i].value);
    ck_assert_str_eq(json_object_get_string(json_object_array_get_idx(member(result, "tags"), 0)), first->tags[0]);
    ck_assert_int_eq(number_of(finding, "event"), 3);
    ck_assert_int_eq(number_of(exchange, "response_length"), 99);
    json_object_put(object);
    free(text);
    run_result_clear(&run);
}
END_TEST

static void check_markdown(const char *text)
{
    const char *fault = markup_markdown_fault(text);
    ck_assert_msg(!fault, "markup at \"%.80s\"", fault);
}

static void judge_text(const struct run_result *run)
{
    bool (*const writers[])(FILE *, const struct run_result *) = {plain_console, report_tap, report_markdown, plain_capabilities,
                                                                  report_capabilities_markdown};
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        size_t length;
        char *text = render(writers[i], run, &length);
        ck_assert(harmless_on_terminal(text, length));
        ck_assert(strchr(text, '\t') == NULL);
        if (writers[i] == report_markdown || writers[i] == report_capabilities_markdown)
            check_markdown(text);
        free(text);
    }
}

START_TEST(text_reports_are_harmless_for_any_bytes)
{
    each_hostile(judge_text);
}
END_TEST

static void judge_capabilities(const struct run_result *run)
{
    size_t length;
    char *text = render(report_capabilities_json, run, &length);
    struct json_object *object = read_json(text, length), *list = member(object, "capabilities");
    ck_assert(harmless_on_terminal(text, length));
    ck_assert_uint_eq(json_object_array_length(list), run->capability_count);
    for (size_t i = 0; i < run->capability_count; i++) {
        const struct capability_result *capability = &run->capabilities[i];
        struct json_object *written = json_object_array_get_idx(list, i);
        ck_assert_str_eq(json_object_get_string(member(written, "verdict")), capability_verdict_name(capability->verdict));
        if (!valid_utf8(capability->evidence, strlen(capability->evidence))) continue;
        ck_assert_str_eq(json_object_get_string(member(written, "name")), capability->name);
        ck_assert_str_eq(json_object_get_string(member(written, "evidence")), capability->evidence);
    }
    json_object_put(object);
    free(text);
}

/* What an endpoint says of what it cannot do is evidence, and quoted. */
START_TEST(capabilities_are_one_document_for_any_bytes)
{
    each_hostile(judge_capabilities);
}
END_TEST

/* The same run once more, but each case and capability has the fate of the next. */
static struct run_result other_run(const struct run_result *run)
{
    struct run_result other = make_run(run->target);
    for (size_t i = 0; i < other.case_count; i++) other.cases[i].state = (enum case_state)((i + 1) % CASE_STATE_COUNT);
    for (size_t i = 0; i < other.capability_count; i++) other.capabilities[i].verdict = (enum capability_verdict)((i + 1) % CAPABILITY_VERDICT_COUNT);
    return other;
}

static void judge_comparison(const struct run_result *run)
{
    static const char *const formats[] = {"text", "markdown", "html"};
    const struct run_result runs[] = {*run, other_run(run)};
    const char *const names[] = {run->target, "b"};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        size_t length;
        char *text = NULL;
        FILE *out = open_memstream(&text, &length);
        ck_assert(out && report_compare(out, formats[i], runs, names, 2));
        ck_assert_int_eq(fclose(out), 0);
        ck_assert_uint_eq(strlen(text), length);
        ck_assert(harmless_on_terminal(text, length));
        if (i == 1) check_markdown(text);
        const char *fault = i == 2 ? markup_html_fault(text) : NULL;
        ck_assert_msg(!fault, "markup at \"%.80s\"", fault);
        free(text);
    }
    struct run_result other = runs[1];
    run_result_clear(&other);
}

START_TEST(comparisons_are_harmless_for_any_bytes)
{
    each_hostile(judge_comparison);
}
END_TEST

static struct case_result *tool_case(struct run_result *run)
{
    struct case_result *result = add_case(run, "chat/stream/tools", "parallel", CASE_FAIL);
    struct result_finding *finding = add_finding(result, "stream.delta.tool_calls.index.required", CC_ERROR,
                                                 "a tool call delta has no index");
    finding->requirement = words("each entry of delta.tool_calls has an integer \"index\"");
    finding->source = words("openai:ChatCompletionMessageToolCallChunk");
    finding->expected = words("integer at /choices/0/delta/tool_calls/0/index");
    finding->actual = words("absent");
    finding->pointer = words("/choices/0/delta/tool_calls/0/index");
    finding->in = CC_IN_EVENT;
    finding->event = 7;
    finding->offset = 1843;
    add_exchange(result)->curl = words("curl -N http://127.0.0.1:9/v1/chat/completions -d @request.json");
    return result;
}

START_TEST(console_prints_a_failure_as_promised)
{
    struct run_result run = {.version = words("0.1.0"), .profile = words("openai-2026-08"), .target = words("http://127.0.0.1:9/v1"), .seed = 3,
                             .duration_ms = 1250, .exit_code = 1, .verdict = words("exit 1: 1 case failed")};
    add_case(&run, "chat/basics", "hello", CASE_PASS)->duration_ms = 40;
    tool_case(&run)->duration_ms = 210;
    size_t length;
    char *text = render(plain_console, &run, &length);
    ck_assert_str_eq(text, "chatconform 0.1.0   openai-2026-08   http://127.0.0.1:9/v1   seed 3\n\n"
                           "  suite                     cases   pass   warn   fail   skip       time\n"
                           "  chat/basics                   1      1      -      -      -     0.04 s\n"
                           "x chat/stream/tools             1      -      -      1      -     0.21 s\n"
                           "x total                         2      1      -      1      -     0.25 s\n"
                           "\n"
                           "x chat/stream/tools/parallel   stream.delta.tool_calls.index.required   MUST\n"
                           "  requirement  each entry of delta.tool_calls has an integer \"index\"      openai:ChatCompletionMessageToolCallChunk\n"
                           "  expected     integer at /choices/0/delta/tool_calls/0/index\n"
                           "  actual       absent, event 7 (byte 1843)\n"
                           "  repro        curl -N http://127.0.0.1:9/v1/chat/completions -d @request.json\n"
                           "               chatconform explain stream.delta.tool_calls.index.required\n"
                           "\n"
                           "2 cases in 1.25 s: 1 passed, 1 failed; 1 cause\n");
    free(text);
    run_result_clear(&run);
}
END_TEST

/* What many cases share is how they failed; what one of them asked for is an example. */
START_TEST(a_cause_says_the_common_fault)
{
    struct run_result run = {0};
    for (int i = 0; i < 3; i++) {
        char id[32], title[64];
        snprintf(id, sizeof id, "case-%d", i);
        snprintf(title, sizeof title, "Wish number %d is granted.", i);
        struct result_finding *finding = add_finding(add_case(&run, "chat/wishes", id, CASE_FAIL), "expect.status", CC_ERROR,
                                                     "the status is 500; expected 200");
        finding->requirement = words("%s", title);
        finding->expected = words("200");
        finding->actual = words("500");
    }
    size_t length;
    char *text = render(plain_console, &run, &length);
    ck_assert_ptr_nonnull(strstr(text, "x 3 cases, 1 cause   expect.status   MUST\n  fault        the status is 500; expected 200\n"
                                       "  for example  Wish number 0 is granted.\n  cases        "));
    free(text);
    text = render(report_markdown, &run, &length);
    ck_assert_ptr_nonnull(strstr(text, "- for example: Wish number 0"));
    free(text);
    text = render(report_html, &run, &length);
    ck_assert_ptr_nonnull(strstr(text, "<dt>for example</dt><dd>Wish number 0"));
    free(text);
    run_result_clear(&run);
}
END_TEST

START_TEST(one_cause_is_told_once)
{
    struct run_result run = {0};
    for (int i = 0; i < 42; i++) {
        char id[32], message[128];
        snprintf(id, sizeof id, "case-%d", i);
        snprintf(message, sizeof message, "total_tokens is %d, but the parts add up to %d; model \"m%c\"", 100 + i, i, 'a' + i % 26);
        struct case_result *result = add_case(&run, "chat/usage", id, CASE_FAIL);
        add_finding(result, "response.usage.sum", CC_ERROR, message);
        add_finding(result, "response.usage.sum", CC_ERROR, message);
        add_finding(result, "response.fingerprint", CC_WARNING, "no fingerprint");
    }
    add_finding(add_case(&run, "chat/usage", "other", CASE_FAIL), "response.usage.sum", CC_ERROR, "total_tokens is negative");
    struct cause_list list;
    ck_assert(cause_list_build(&list, &run, OUTCOME_FAIL));
    ck_assert_uint_eq(list.count, 2);
    ck_assert_uint_eq(list.causes[0].case_count, 42);
    ck_assert_uint_eq(list.causes[0].places, 84);
    ck_assert_uint_eq(list.causes[1].case_count, 1);
    cause_list_clear(&list);
    ck_assert(cause_list_build(&list, &run, OUTCOME_WARN));
    ck_assert_uint_eq(list.count, 1);
    cause_list_clear(&list);
    size_t length;
    char *text = render(plain_console, &run, &length);
    ck_assert_uint_eq(count_of(text, "x 42 cases, 1 cause   response.usage.sum   MUST\n"), 1);
    ck_assert_uint_eq(count_of(text, "\nx "), 3); /* the table's row and the two causes */
    ck_assert_uint_eq(count_of(text, "case-0, chat/usage/case-1, chat/usage/case-2 and 39 more"), 1);
    ck_assert_uint_eq(count_of(text, "! response.fingerprint   SHOULD   42 cases"), 1);
    free(text);
    run_result_clear(&run);
}
END_TEST

/* More causes than the first hash table holds, each found again. */
START_TEST(many_causes_stay_apart)
{
    struct run_result run = {0};
    for (int i = 0; i < 3000; i++) {
        char rule[64];
        snprintf(rule, sizeof rule, "rule.%c%c%c", 'a' + i % 10, 'a' + i / 10 % 10, 'a' + i / 100 % 10);
        add_finding(add_case(&run, "s", "c", CASE_FAIL), rule, CC_ERROR, "wrong");
    }
    struct cause_list list;
    ck_assert(cause_list_build(&list, &run, OUTCOME_FAIL));
    ck_assert_uint_eq(list.count, 1000);
    for (size_t i = 0; i < list.count; i++) {
        ck_assert_uint_eq(list.causes[i].case_count, 3);
        ck_assert_uint_eq(list.causes[i].order, i);
    }
    cause_list_clear(&list);
    run_result_clear(&run);
}
END_TEST

START_TEST(colour_comes_only_when_asked)
{
    struct run_result run = make_run("\x1b[5m");
    size_t length = 0;
    char *text = NULL;
    FILE *memory = open_memstream(&text, &length);
    ck_assert(report_console(memory, &run, true));
    fclose(memory);
    static const char *const ours[] = {"\033[1;31m", "\033[33m", "\033[32m", "\033[2m", "\033[1m", "\033[0m"};
    size_t known = 0;
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        known += count_of(text, ours[i]);
    ck_assert_uint_gt(known, 20);
    ck_assert_uint_eq(known, count_of(text, "\033"));
    free(text);
    run_result_clear(&run);
}
END_TEST

START_TEST(tap_numbers_its_cases)
{
    struct run_result run = make_run("a # b\\");
    size_t length;
    char *text = render(report_tap, &run, &length);
    ck_assert_int_eq(strncmp(text, "TAP version 14\n1..20\nok 1 - chat/a \\# b\\\\0/a \\# b\\\\-0\n", 53), 0);
    ck_assert_uint_eq(count_of(text, "\nok ") + count_of(text, "\nnot ok "), 20);
    ck_assert_uint_eq(count_of(text, "\nnot ok "), 10);
    ck_assert_uint_eq(count_of(text, " # SKIP "), 4);
    ck_assert_uint_eq(count_of(text, " # TODO "), 2);
    free(text);
    run_result_clear(&run);
}
END_TEST

/* Same run, same bytes; and suites whose cases do not stand together are put together. */
START_TEST(reports_are_determined_by_the_run)
{
    struct run_result run = make_run("x");
    for (const struct report_writer *writer = report_writers; writer->name; writer++) {
        size_t first_length, second_length;
        char *first = render(writer->write, &run, &first_length), *second = render(writer->write, &run, &second_length);
        ck_assert_uint_eq(first_length, second_length);
        ck_assert_int_eq(memcmp(first, second, first_length), 0);
        ck_assert_ptr_eq(report_writer_find(writer->name), writer);
        free(first);
        free(second);
    }
    ck_assert_ptr_null(report_writer_find("nonsense"));
    struct case_result swapped = run.cases[1];
    run.cases[1] = run.cases[CASE_STATE_COUNT];
    run.cases[CASE_STATE_COUNT] = swapped;
    struct suite_list list;
    ck_assert(suite_list_build(&list, &run));
    ck_assert_uint_eq(list.count, 2);
    ck_assert_uint_eq(list.suites[0].case_count, CASE_STATE_COUNT);
    ck_assert_ptr_eq(list.suites[0].cases[1], &run.cases[2]);
    ck_assert_ptr_eq(list.suites[1].cases[0], &run.cases[1]);
    suite_list_clear(&list);
    run_result_clear(&run);
}
END_TEST

START_TEST(results_clear_and_count)
{
    struct run_result run = make_run("x");
    for (int state = 0; state < CASE_STATE_COUNT; state++) {
        ck_assert_uint_eq(run_result_count(&run, (enum case_state)state), 2);
        for (int other = 0; other < state; other++)
            ck_assert_str_ne(case_state_name((enum case_state)state), case_state_name((enum case_state)other));
    }
    run_result_clear(&run);
    ck_assert_uint_eq(run.case_count, 0);
    ck_assert_ptr_null(run.cases);
    run_result_clear(&run);
}
END_TEST

static Suite *reports_suite(void)
{
    Suite *suite = suite_create("reports");
    TCase *tests = tcase_create("reports");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, ndjson_lines_are_json_for_any_bytes);
    tcase_add_test(tests, json_is_one_document_for_any_bytes);
    tcase_add_test(tests, json_keeps_every_value);
    tcase_add_test(tests, text_reports_are_harmless_for_any_bytes);
    tcase_add_test(tests, capabilities_are_one_document_for_any_bytes);
    tcase_add_test(tests, comparisons_are_harmless_for_any_bytes);
    tcase_add_test(tests, console_prints_a_failure_as_promised);
    tcase_add_test(tests, a_cause_says_the_common_fault);
    tcase_add_test(tests, one_cause_is_told_once);
    tcase_add_test(tests, many_causes_stay_apart);
    tcase_add_test(tests, colour_comes_only_when_asked);
    tcase_add_test(tests, tap_numbers_its_cases);
    tcase_add_test(tests, reports_are_determined_by_the_run);
    tcase_add_test(tests, results_clear_and_count);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(reports_suite)
