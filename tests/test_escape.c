/* test_escape.c: what each format's escaper lets through, for every code point and every byte. */
#include "tests/reporting.h"



START_TEST(escapers_write_what_their_formats_hold)
{
    static const struct {
        escape_fn *escape;
        const char *text, *expected;
    } rows[] = {
        {escape_xml, "a<b>&\"c'\n\t\r", "a&lt;b&gt;&amp;&quot;c'&#10;&#9;&#13;"},
        {escape_xml, "\x01\x1b\x7f\xc2\x85\xff\xef\xbf\xbe", "\\x01\\x1B\\x7F\\u0085\\xFF\\uFFFE"},
        {escape_xml, "\xed\xa0\x80", "\\xED\\xA0\\x80"},
        {escape_xml_text, "a<b>\"\n\t\r]]>", "a&lt;b&gt;\"\n\t&#13;]]&gt;"},
        {escape_xml_line, "a\r\nb\tc", "a  b c"},
        {escape_html, "<a href=\"x\" b='y'>&\n", "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\n"},
        {escape_html, "\r\x1b\xe2\x80\xae", "\\x0D\\x1B\\u202E"},
        {escape_terminal, "a\n\tb\r\x1b[2J\xc2\x9b\xe2\x81\xa6<&", "a\n\tb\\x0D\\x1B[2J\\u009B\\u2066<&"},
        {escape_line, "a\n\tb\r\x1b", "a  b \\x1B"},
        {escape_json, "a\"\\\n\t\r\x01/\x7f", "\"a\\\"\\\\\\n\\t\\r\\u0001/\\u007F\""},
        {escape_json, "\xff\xe2\x80\xa8", "\"\xef\xbf\xbd\\u2028\""},
        {escape_json, NULL, "null"},
        {escape_json, "", "\"\""},
        {escape_xml, NULL, ""},
        {escape_html, "\xe6\xbc\xa2\xf0\x9f\x98\x80", "\xe6\xbc\xa2\xf0\x9f\x98\x80"},
        {escape_markdown, "a|b `c` <d> @e #1 *f*_g\n", "a&#124;b &#96;c&#96; &#60;d&#62; &#64;&#8288;e &#35;&#8288;1 &#42;f&#42;&#95;g "},
        {escape_markdown, "see https://h/ or www.h, wWw.h", "see https:&#8288;//h/ or www&#8288;.h, wWw&#8288;.h"},
        {escape_markdown, "at 10:30: a:/b http:", "at 10:30: a:/b http:&#8288;"},
        {escape_markdown, "http:/", "http:&#8288;/"},
        {escape_markdown, "- a - b", "&#45; a - b"},
        {escape_markdown, "+ a + b", "&#43; a + b"},
        {escape_markdown, "=== a", "&#61;== a"},
        {escape_markdown, "---", "&#45;--"},
        {escape_markdown, "12. a 3. b", "12&#46; a 3. b"},
        {escape_markdown, "0.1.0", "0.1.0"},
        {escape_markdown, "12.", "12&#46;"},
        {escape_markdown, "\n\t  - a", "&#32;   - a"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char *made = escaped(rows[i].escape, rows[i].text);
        ck_assert_str_eq(made, rows[i].expected);
        free(made);
    }
}
END_TEST

/* All code points one after the other, as UTF-8 where they have a form; surrogates as the three bytes they would have. */
static char *all_code_points(void)
{
    char *text = malloc(4 * 0x110000 + 1), *at = text;
    ck_assert_ptr_nonnull(text);
    for (unsigned code = 1; code < 0x110000; code++) {
        if (code < 0x80) {
            *at++ = (char)code;
            continue;
        }
        int more = code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
        *at++ = (char)((more == 1 ? 0xC0u : more == 2 ? 0xE0u : 0xF0u) | code >> (6 * more));
        while (more-- > 0)
            *at++ = (char)(0x80u | (code >> (6 * more) & 0x3Fu));
    }
    *at = '\0';
    return text;
}

START_TEST(every_code_point_leaves_xml_well_formed)
{
    char *points = all_code_points(), *text = escaped(escape_xml_text, points), *attribute = escaped(escape_xml, points);
    char *xml = words("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"%s\">%s</a>\n", attribute, text);
    assert_valid(NULL, xml, strlen(xml));
    free(xml);
    char *raw = words("<a>%s</a>", points), output[4096]; /* the judge does refuse what was not escaped */
    ck_assert_int_ne(xmllint(NULL, raw, strlen(raw), output, sizeof output), 0);
    free(raw);
    free(attribute);
    free(text);
    free(points);
}
END_TEST

START_TEST(every_code_point_comes_back_from_json)
{
    char *points = all_code_points(), *text = escaped(escape_json, points);
    ck_assert(harmless_on_terminal(text, strlen(text)));
    struct json_object *object = read_json(text, strlen(text));
    const char *back = json_object_get_string(object);
    const char *expected = points;
    size_t same = 0;
    while (*expected && *expected == *back) { /* up to the surrogates, which JSON text cannot hold raw */
        expected++;
        back++;
        same++;
    }
    ck_assert_uint_eq(same, 0x7F + 0x780 * 2 + (0xD800 - 0x800) * 3);
    json_object_put(object);
    free(text);
    free(points);
}
END_TEST

START_TEST(every_code_point_is_harmless_on_a_terminal)
{
    char *points = all_code_points();
    escape_fn *const escapes[] = {escape_terminal, escape_line, escape_html, escape_markdown, escape_xml};
    for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
        char *text = escaped(escapes[i], points);
        ck_assert(harmless_on_terminal(text, strlen(text)));
        if (escapes[i] == escape_line)
            ck_assert_ptr_null(strpbrk(text, "\n\t"));
        free(text);
    }
    free(points);
}
END_TEST

START_TEST(excerpts_are_cut_between_characters)
{
    static const struct {
        const char *text;
        size_t most, fits;
    } rows[] = {{"abc", 3, 3}, {"abc", 2, 2}, {"a\xc3\xa9", 2, 1}, {"a\xc3\xa9", 3, 3}, {"\xf0\x9f\x98\x80z", 3, 3},
                {"a\xf0\x9f\x98\x80", 4, 1}, {"\x80\x80\x80\x80\x80\x80", 5, 5}, {"", 4, 0}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        ck_assert_uint_eq(text_fit(rows[i].text, rows[i].most), rows[i].fits);
    char *long_text = malloc(10001), *made = NULL;
    size_t size = 0;
    memset(long_text, 'x', 10000);
    long_text[10000] = '\0';
    for (size_t budget = 9999; budget <= 10000; budget++) {
        FILE *memory = open_memstream(&made, &size);
        write_excerpt(memory, long_text, budget, 77777, escape_html);
        fclose(memory);
        ck_assert_str_eq(made + budget, budget == 10000 ? "" : " ... (77777 bytes in all)");
        free(made);
    }
    free(long_text);
}
END_TEST

START_TEST(columns_count_what_is_seen)
{
    ck_assert_uint_eq(line_columns("chat/basics"), 11);
    ck_assert_uint_eq(line_columns("\xe6\xbc\xa2\xe5\xad\x97"), 4);
    ck_assert_uint_eq(line_columns("\x1b[m"), 6);
    ck_assert_uint_eq(line_columns("e\xcc\x81"), 1);
    ck_assert_uint_eq(line_columns(NULL), 0);
}
END_TEST

static Suite *escape_suite(void)
{
    Suite *suite = suite_create("escape");
    TCase *tests = tcase_create("escape");
    tcase_set_timeout(tests, 120);
    tcase_add_test(tests, escapers_write_what_their_formats_hold);
    tcase_add_test(tests, every_code_point_leaves_xml_well_formed);
    tcase_add_test(tests, every_code_point_comes_back_from_json);
    tcase_add_test(tests, every_code_point_is_harmless_on_a_terminal);
    tcase_add_test(tests, excerpts_are_cut_between_characters);
    tcase_add_test(tests, columns_count_what_is_seen);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(escape_suite)
