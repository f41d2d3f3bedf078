/* test_reports_html.c: the page, judged by a tokenizer that knows only our tags and attributes. */
#include "reports/html.h"
#include "tests/reporting.h"

static void check_page(const char *page)
{
    const char *fault = markup_html_fault(page);
    ck_assert_msg(fault == NULL, "not our markup: %.60s", fault ? fault : "");
}

static void judge_html(const struct run_result *run)
{
    size_t length;
    char *page = render(report_html, run, &length);
    check_page(page);
    ck_assert(harmless_on_terminal(page, length));
    ck_assert(!holds(page, "<script"));
    ck_assert_ptr_nonnull(strstr(page, "content=\"default-src 'none'; style-src 'unsafe-inline'\""));
    free(page);
}

START_TEST(html_holds_only_our_markup_for_any_bytes)
{
    each_hostile(judge_html);
}
END_TEST

START_TEST(html_tells_the_run)
{
    struct run_result run = make_run("spice");
    size_t length;
    char *page = render(report_html, &run, &length);
    static const char *const parts[] = {
        ">All <b>20</b>", ">Failed <b>4</b>", ">Errors <b>4</b>", ">Warnings <b>2</b>", ">Passed <b>4</b>", ">Skipped <b>6</b>",
        "<title>chatconform: 8 of 20 failed</title>", "verdict spice", "<a href=\"#case-1\">chat/spice0/spice-1</a>", "id=\"case-1\"", "&quot;a&quot;: &quot;spice&quot;", "curl spice",
        "2025-12-31T23:59:59Z",
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        ck_assert_msg(strstr(page, parts[i]) != NULL, "%s", parts[i]);
    free(page);
    run_result_clear(&run);
    page = render(report_html, &run, &length); /* a run of nothing is a page too */
    check_page(page);
    ck_assert_ptr_nonnull(strstr(page, "No case ran."));
    free(page);
}
END_TEST

#define MARKED(text) "<mark class=\"fail\" title=\"r&lt;\">" text "</mark>"

/* The value that a finding names, and nothing where no value begins. */
START_TEST(findings_are_marked_in_place)
{
    static const struct {
        const char *body, *shown;
        size_t at;
        bool line;
    } rows[] = {
        {"{\"a\":1,\"b\":\"x<y\"}", "{\n  &quot;a&quot;: 1,\n  &quot;b&quot;: " MARKED("&quot;x&lt;y&quot;") "\n}", 11, false},
        {"{\"a\":1}", MARKED("{") "\n  &quot;a&quot;: 1\n}", 0, false},
        {"{\"a\":[true]}", "{\n  &quot;a&quot;: [\n    " MARKED("true") "\n  ]\n}", 6, false},
        {"{\"a\":1}", "{\n  &quot;a&quot;: 1\n}", 2, false}, /* within a token: something moved */
        {"{\"a\":1}", "{\n  &quot;a&quot;: 1\n}", 99, false},
        {"data: {\"a\":1}\n\n", "data: {&quot;a&quot;:" MARKED("1") "}\n\n", 11, false},
        {"data: {\"a\":1}\n\n", "data: {&quot;a&quot;:1}\n\n", 8, false},
        {"data: {\"a\n\nb", "data: " MARKED("{&quot;a") "\n\nb", 6, true},
        {"\"cut", MARKED("&quot;cut"), 0, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *made = NULL, wanted[400];
        size_t size = 0;
        FILE *memory = open_memstream(&made, &size);
        const struct html_mark marks[] = {{rows[i].at, rows[i].line, CC_WARNING, "other"}, {rows[i].at, rows[i].line, CC_ERROR, "r<"}};
        ck_assert(html_body(memory, rows[i].body, 1000, 0, marks, 2));
        ck_assert_int_eq(fclose(memory), 0);
        snprintf(wanted, sizeof wanted, "<pre>%s</pre>", rows[i].shown);
        ck_assert_str_eq(made, wanted);
        free(made);
    }
}
END_TEST

START_TEST(the_timeline_is_drawn)
{
    struct run_result run = {0};
    struct result_exchange *exchange = add_exchange(add_case(&run, "s", "c", CASE_PASS));
    exchange->stream = (struct result_stream){.known = true, .events = 3, .timeline = "095"};
    size_t length;
    char *page = render(report_html, &run, &length);
    check_page(page);
    ck_assert_ptr_nonnull(strstr(page, "<span class=\"t0\"></span><span class=\"t9\"></span><span class=\"t5\"></span></p>"));
    free(page);
    run_result_clear(&run);
}
END_TEST

/* Cases of two levels can be told apart; those of one need no button. */
START_TEST(levels_have_filters)
{
    struct run_result run = {0};
    add_case(&run, "s", "a", CASE_PASS);
    size_t length;
    char *page = render(report_html, &run, &length);
    ck_assert(!holds(page, "level-must"));
    free(page);
    add_case(&run, "s", "b", CASE_FAIL)->level = CC_SHOULD;
    page = render(report_html, &run, &length);
    check_page(page);
    static const char *const parts[] = {
        "id=\"level-all\" checked", "id=\"level-must\"", "for=\"level-should\">should <b>1</b>", "<details class=\"case fail should\">",
        "has-pass-must", "has-fail-should", "#show-fail:checked~#level-must:checked~main .suite:not(.has-fail-must)"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        ck_assert_msg(strstr(page, parts[i]) != NULL, "%s", parts[i]);
    ck_assert_ptr_null(strstr(page, "level-portability"));
    free(page);
    run_result_clear(&run);
}
END_TEST

START_TEST(indenting_changes_no_value)
{
    static const char *const rows[][2] = {
        {"{\"a\":1,\"b\":[1,2,{}],\"c\":[]}", "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    2,\n    {}\n  ],\n  \"c\": []\n}"},
        {"{ \"a\" : [ ] }", "{\n  \"a\": []\n}"},
        {"[\"a,b:{}[] \\\"\\\\\",1.50e+3]", "[\n  \"a,b:{}[] \\\"\\\\\",\n  1.50e+3\n]"},
        {"{\"a\":[1,", "{\n  \"a\": [\n    1,"},
        {"{\"a\":\"cut \\", "{\n  \"a\": \"cut \\"},
        {"{]", "{]"},
        {"data: {\"a\":1}\n\n", "data: {\"a\":1}\n\n"},
        {"", ""},
        {"[1,]", "[\n  1,\n]"},
        {"{}}", "{}}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *made = escaped(html_write_indented, rows[i][0]);
        ck_assert_str_eq(made, rows[i][1]);
        free(made);
    }
}
END_TEST

static Suite *reports_html_suite(void)
{
    Suite *suite = suite_create("reports_html");
    TCase *tests = tcase_create("reports_html");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, html_holds_only_our_markup_for_any_bytes);
    tcase_add_test(tests, html_tells_the_run);
    tcase_add_test(tests, findings_are_marked_in_place);
    tcase_add_test(tests, the_timeline_is_drawn);
    tcase_add_test(tests, levels_have_filters);
    tcase_add_test(tests, indenting_changes_no_value);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(reports_html_suite)
