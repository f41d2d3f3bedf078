/* test_reports_html.c: the page, judged by a tokenizer that knows only our tags and attributes. */
#include "reports/html.h"
#include "tests/reporting.h"

static bool word_in(const char *word, size_t length, const char *list)
{
    for (const char *at = list; (at = strstr(at, word)) != NULL; at++)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* Reads a name, its place moved past it. */
static void take_name(const char **at, char *name, size_t size)
{
    size_t length = strcspn(*at, " \t\n=>/");
    ck_assert_msg(length > 0 && length < size, "a name at %.40s", *at);
    memcpy(name, *at, length);
    name[length] = '\0';
    *at += length;
}

static void check_attributes(const char **at, const char *tag)
{
    while (**at == ' ') {
        char name[32];
        ++*at;
        take_name(at, name, sizeof name);
        ck_assert_msg(word_in(name, strlen(name), "lang charset http-equiv content name class id type checked for style title href"),
                      "<%s %s>", tag, name);
        if (**at != '=')
            continue;
        ck_assert_int_eq((*at)[1], '"');
        const char *value = *at + 2, *end = strchr(value, '"');
        ck_assert_ptr_nonnull(end);
        if (strcmp(name, "href") == 0)
            ck_assert_msg(strncmp(value, "#case-", 6) == 0, "href to %.40s", value);
        ck_assert_uint_eq(strcspn(value, "<>\""), (size_t)(end - value));
        *at = end + 1;
    }
    ck_assert_msg(**at == '>', "<%s ... %.40s", tag, *at);
}

static const char *check_tag(const char *at, char stack[64][16], size_t *depth)
{
    char tag[16];
    bool closes = at[1] == '/';
    at += closes ? 2 : 1;
    take_name(&at, tag, sizeof tag);
    ck_assert_msg(word_in(tag, strlen(tag),
                          "html head meta title style body div input header h1 h2 h3 h4 p dl dt dd span nav label b main section article "
                          "details summary code pre a figure figcaption footer mark"),
                  "<%s> is not one of ours", tag);
    if (closes) {
        ck_assert_uint_gt(*depth, 0);
        ck_assert_str_eq(stack[--*depth], tag);
        ck_assert_int_eq(*at, '>');
    } else {
        check_attributes(&at, tag);
        if (strcmp(tag, "meta") != 0 && strcmp(tag, "input") != 0) {
            ck_assert_uint_lt(*depth, 64);
            memcpy(stack[(*depth)++], tag, sizeof tag);
        }
    }
    return at + 1;
}

/* Only our tags, only our attributes, every tag closed, every & an entity that we write. */
static void check_page(const char *page)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    char stack[64][16];
    size_t depth = 0;
    ck_assert_int_eq(strncmp(page, "<!doctype html>", 15), 0);
    for (const char *at = page + 15; *at; at += strcspn(at, "<>&")) {
        bool style = depth > 0 && strcmp(stack[depth - 1], "style") == 0;
        if (*at == '<') {
            at = check_tag(at, stack, &depth);
        } else if (*at == '&' && !style) {
            bool known = false;
            for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
                known = known || strncmp(at, entities[i], strlen(entities[i])) == 0;
            ck_assert_msg(known, "%.20s", at);
            at++;
        } else {
            ck_assert_msg(*at != '>' || style, "a bare > before %.40s", at);
            at += *at != '\0';
        }
    }
    ck_assert_uint_eq(depth, 0);
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
