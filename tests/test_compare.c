/* test_compare.c: several runs side by side: what differs comes first, what is missing is said to be, and hostile texts do no harm. */
#include "reports/matrix.h"
#include "tests/reporting.h"

static struct run_result runs[3];
static const char *const names[] = {"a.ndjson", "b.ndjson", "c<b>.ndjson"};

static struct case_result *put(size_t run, const char *id, enum case_state state, const char *rule)
{
    struct case_result *added = add_case(&runs[run], "chat/x", id, state);
    if (rule) add_finding(added, rule, CC_ERROR, "wrong");
    return added;
}

static void make_runs(void)
{
    for (size_t i = 0; i < 3; i++) runs[i] = (struct run_result){.target = words("http://%zu.example/v1", i), .model = words("m")};
    put(0, "alike", CASE_FAIL, "r.one"), put(1, "alike", CASE_FAIL, "r.one"), put(2, "alike", CASE_FAIL, "r.one");
    put(0, "fine", CASE_PASS, NULL), put(1, "fine", CASE_PASS, NULL), put(2, "fine", CASE_PASS, NULL);
    put(0, "other-rule", CASE_FAIL, "r.one"), put(1, "other-rule", CASE_FAIL, "r.two"), put(2, "other-rule", CASE_FAIL, "r.one");
    put(0, "missing", CASE_PASS, NULL), put(2, "missing", CASE_PASS, NULL);
    put(1, "differs", CASE_WARN, NULL), put(0, "differs", CASE_PASS, NULL), put(2, "differs", CASE_UNSUPPORTED, NULL);
}

static void clear_runs(void)
{
    for (size_t i = 0; i < 3; i++) run_result_clear(&runs[i]);
}

static char *compare(const char *format)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
    ck_assert(report_compare(out, format, runs, names, 3));
    ck_assert_int_eq(fclose(out), 0);
    return text;
}

/* Says that `first` comes before `then`. */
static void in_order(const char *text, const char *first, const char *then)
{
    const char *a = strstr(text, first), *b = strstr(text, then);
    ck_assert_msg(a && b && a < b, "\"%s\" does not come before \"%s\" in:\n%s", first, then, text);
}

START_TEST(test_rows)
{
    static const char *const ids[] = {"differs", "missing", "other-rule", "alike", "fine"};
    struct matrix matrix;
    ck_assert(matrix_build(&matrix, runs, names, 3));
    ck_assert_uint_eq(matrix.row_count, 5);
    ck_assert_uint_eq(matrix.sorts[ROW_DIFFERS], 2);
    ck_assert_uint_eq(matrix.sorts[ROW_SHADES], 1);
    ck_assert_uint_eq(matrix.sorts[ROW_BAD], 1);
    ck_assert_uint_eq(matrix.sorts[ROW_FINE], 1);
    for (size_t i = 0; i < 5; i++) ck_assert_str_eq(matrix.rows[i].any->id, ids[i]);
    for (size_t i = 0; i < 2; i++) ck_assert_int_eq(matrix.rows[i].sort, ROW_DIFFERS);
    for (size_t run = 0; run < 3; run++) ck_assert_str_eq(cell_state(matrix.rows[1].cells[run]), run == 1 ? "absent" : "pass");
    matrix_clear(&matrix);
}
END_TEST

START_TEST(test_text)
{
    char *text = compare("text");
    in_order(text, "Cases passed", "Differences");
    in_order(text, "Differences", "chat/x/differs");
    in_order(text, "chat/x/differs", "Alike, but not passed");
    ck_assert_ptr_null(strstr(text, "chat/x/other-rule"));
    in_order(text, "Alike, but not passed", "chat/x/alike");
    ck_assert_ptr_null(strstr(text, "chat/x/fine"));
    ck_assert_ptr_nonnull(strstr(text, "A B C  r.one"));
    ck_assert_ptr_nonnull(strstr(text, "5 cases: 2 differ, 1 only in warnings or reasons, 1 alike but not passed, 1 passed everywhere"));
    free(text);
}
END_TEST

/* What each run can, and what it refuses: skipped and missing cases count for nobody, and the best is marked where there is one. */
START_TEST(test_topics)
{
    struct case_result *accepted = put(0, "wrong", CASE_WARN, NULL), *refused = put(1, "wrong", CASE_FAIL, "error.code.required");
    add_finding(accepted, "expect.rejected.status", CC_WARNING, "was accepted");
    put(2, "wrong", CASE_ERROR, "net.reset");
    accepted->refusal = refused->refusal = true;
    char *text = compare("markdown");
    ck_assert_ptr_nonnull(strstr(text, "| requests that are right are answered rightly | **3 of 5** | 2 of 4 | 2 of 4 |"));
    ck_assert_ptr_nonnull(strstr(text, "| requests that are wrong are refused | 0 of 1 | **1 of 1** | - |"));
    ck_assert_ptr_nonnull(strstr(text, "| chat/x | **4 of 6** |"));
    free(text);
}
END_TEST

/* Cases that went the same way are one row of text. */
START_TEST(test_fold)
{
    for (size_t i = 0; i < 6; i++) {
        char id[16];
        snprintf(id, sizeof id, "many-%zu", i);
        put(0, id, CASE_PASS, NULL), put(1, id, CASE_FAIL, "r.many"), put(2, id, CASE_PASS, NULL);
    }
    char *text = compare("text"), *first = strstr(text, "r.many");
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_null(strstr(first + 1, "r.many"));
    ck_assert_ptr_nonnull(strstr(text, "also chat/x/many-1, chat/x/many-2, chat/x/many-3 and 2 more"));
    free(text);
}
END_TEST

START_TEST(test_markdown)
{
    char *text = compare("markdown");
    in_order(text, "| cases passed | A | B | C |", "### Differences");
    in_order(text, "### Differences", "<details><summary>Differences in warnings and reasons only");
    in_order(text, "<details><summary>Differences in warnings and reasons only", "| chat/x/other-rule | **fail** r.one | **fail** r.two |");
    in_order(text, "| chat/x/other-rule", "### Alike, but not passed");
    in_order(text, "### Alike, but not passed", "<details><summary>Passed everywhere");
    ck_assert_ptr_nonnull(strstr(text, "| chat/x/missing | pass | absent | pass |"));
    free(text);
}
END_TEST

/* A figure that a run lacks, or could not measure, is a dash; those of a group stand together whichever run has them. */
START_TEST(test_figures)
{
    static const char *const rows[] = {"    both                                          1 of 2 (50.0 %)         -                       3 of 4 (75.0 %)\n",
                                       "    new                                           -                       -                       12 ms\n",
                                       "    third                                         0.2500                  -                       -\n"};
    add_figure(&runs[0], "first", "both", FIGURE_SHARE, 1, 2);
    add_figure(&runs[0], "then", "third", FIGURE_RATIO, 0.25, 0);
    add_figure(&runs[1], "first", "both", FIGURE_SHARE, -1, 0);
    add_figure(&runs[2], "first", "both", FIGURE_SHARE, 3, 4);
    add_figure(&runs[2], "first", "new", FIGURE_MS, 12, 0);
    char *text = compare("text");
    for (size_t i = 0; i < 3; i++) ck_assert_msg(strstr(text, rows[i]), "no %sin %s", rows[i], text);
    in_order(text, rows[0], rows[1]);
    in_order(text, rows[1], "  then\n");
    free(text);
    text = compare("markdown");
    ck_assert_ptr_nonnull(strstr(text, "| first | both | 1 of 2 (50.0 %) | - | 3 of 4 (75.0 %) |"));
    ck_assert_ptr_nonnull(strstr(text, "|  | new | - | - | 12 ms |"));
    free(text);
    text = compare("html");
    ck_assert_ptr_nonnull(strstr(text, "<th scope=\"row\">third</th><td>0.2500</td><td>-</td><td>-</td>"));
    free(text);
}
END_TEST

START_TEST(test_hostile_texts)
{
    static const char *const formats[] = {"text", "markdown", "html"};
    put(0, "<script>alert(1)</script>|\x1b[31m\xff`", CASE_FAIL, "r.</td>\x1b[0m");
    for (size_t i = 0; i < 3; i++) {
        char *text = compare(formats[i]);
        ck_assert_ptr_null(strchr(text, '\x1b'));
        if (i) ck_assert_ptr_null(strstr(text, "<script>"));
        ck_assert_ptr_null(strstr(text, "\xff"));
        free(text);
    }
    char *page = compare("html");
    ck_assert_ptr_nonnull(strstr(page, "default-src 'none'"));
    ck_assert_ptr_nonnull(strstr(page, "c&lt;b&gt;.ndjson"));
    free(page);
}
END_TEST

static Suite *compare_suite(void)
{
    const TTest *const tests[] = {test_rows, test_text, test_topics, test_fold, test_markdown, test_figures, test_hostile_texts};
    Suite *suite = suite_create("compare");
    TCase *tcase = tcase_create("compare");
    tcase_add_checked_fixture(tcase, make_runs, clear_runs);
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(compare_suite)
