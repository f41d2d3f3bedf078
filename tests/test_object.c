/* test_object.c: json-c objects from untrusted text: the same as json-c's own reading of good texts, and a sentence for the others. */
#include "chatconform.h"
#include "tests/testing.h"

#include <fcntl.h>
#include <float.h>
#include <json-c/json.h>
#include <locale.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct json_object *read_sized(const char *text, size_t length)
{
    struct json_object *object = NULL;
    char why[200] = "";
    ck_assert_msg(cc_read_object(text, length, NULL, &object, why, sizeof why), "%s", why);
    ck_assert_str_eq(why, "");
    return object;
}

static struct json_object *read_object(const char *text)
{
    return read_sized(text, strlen(text));
}

/* What json-c writes for a text: what it holds, its digits, and the order of members. */
static const struct {
    const char *text, *written;
} written[] = {
    {"null", "null"},
    {"true", "true"},
    {"[]", "[]"},
    {"{}", "{}"},
    {" [ 1 , [ ] , { } , [ [ 2 ] ] , 3 ] ", "[1,[],{},[[2]],3]"},
    {"{\"a\":{\"b\":[null,{\"c\":{}},false]},\"d\":\"e\"}", "{\"a\":{\"b\":[null,{\"c\":{}},false]},\"d\":\"e\"}"},
    {"[null,{\"a\":null}]", "[null,{\"a\":null}]"},
    {"\"\\u00e9\\n\\\"\\\\\\/\xE4\xB8\x96\\ud83d\\ude00\"", "\"\xC3\xA9\\n\\\"\\\\/\xE4\xB8\x96\xF0\x9F\x98\x80\""},
    {"\"\\ud836\\udc00\"", "\"\xF0\x9D\xA0\x80\""},
    {"\"\\ud800\"", "\"\xEF\xBF\xBD\""},
    {"{\"\\u0061\\n\":1}", "{\"a\\n\":1}"},
    {"{\"\":1}", "{\"\":1}"},
    {"{\"a\":1,\"b\":2,\"\\u0061\":3}", "{\"a\":3,\"b\":2}"},
    {"[0,-1,9223372036854775807,-9223372036854775808]", "[0,-1,9223372036854775807,-9223372036854775808]"},
    {"[9223372036854775808,18446744073709551615]", "[9223372036854775808,18446744073709551615]"},
    {"[18446744073709551616,-9223372036854775809,1000000000000000000000000000000]",
     "[18446744073709551616,-9223372036854775809,1000000000000000000000000000000]"},
    {"[1.0,1.50,1e0,1E+5,-0.0,0.1,1e999,-1e-999]", "[1.0,1.50,1e0,1E+5,-0.0,0.1,1e999,-1e-999]"},
};
enum { WRITTEN = sizeof written / sizeof written[0] };

START_TEST(objects_of_texts)
{
    struct json_object *object = read_object(written[_i].text);
    ck_assert_str_eq(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE), written[_i].written);
    json_object_put(object);
}
END_TEST

START_TEST(types_of_numbers)
{
    struct json_object *list =
        read_object("[1,18446744073709551615,18446744073709551616,-9223372036854775809,1.0,2e2,1e999,123456789.125e-3]");
    const enum json_type types[] = {json_type_int,    json_type_int,    json_type_double, json_type_double,
                                    json_type_double, json_type_double, json_type_double, json_type_double};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        ck_assert_int_eq(json_object_get_type(json_object_array_get_idx(list, i)), types[i]);
    ck_assert_uint_eq(json_object_get_uint64(json_object_array_get_idx(list, 1)), UINT64_MAX);
    ck_assert(json_object_get_double(json_object_array_get_idx(list, 2)) == 18446744073709551616.0);
    ck_assert(json_object_get_double(json_object_array_get_idx(list, 5)) == 200.0);
    ck_assert(json_object_get_double(json_object_array_get_idx(list, 6)) > DBL_MAX);
    ck_assert(json_object_get_double(json_object_array_get_idx(list, 7)) == 123456.789125);
    json_object_put(list);
}
END_TEST

START_TEST(strings_keep_nul)
{
    struct json_object *object = read_object("\"a\\u0000b\"");
    ck_assert_int_eq(json_object_get_string_len(object), 3);
    ck_assert(memcmp(json_object_get_string(object), "a\0b", 4) == 0);
    json_object_put(object);
}
END_TEST

#define TEXT(literal) literal, sizeof literal - 1

static const struct {
    const char *text;
    size_t length;
    const char *why;
} refusals[] = {
    {TEXT(""), "line 1, column 1: the text is empty"},
    {TEXT("[1,\n 2 3]"), "line 2, column 4: a comma or ] is expected after an item"},
    {TEXT("{\"a\":1,\n\"b\"}"), "line 2, column 4: a colon is expected after a key"},
    {TEXT("[\"\xC3\xA9\xC3\xA9\" x]"), "line 1, column 7: a comma or ] is expected after an item"},
    {TEXT("[1]\0garbage"), "line 1, column 4: nothing may follow the value"},
    {TEXT("\"\xC3\""), "line 1, column 2: the text is not UTF-8 here"},
    {TEXT("\"abc"), "line 1, column 5: the text ends inside a string"},
    {TEXT("[NaN]"), "line 1, column 2: a value is expected"},
    {TEXT("{\"a\":1,\"a\\u0000b\":2}"), "line 1, column 8: json-c cannot hold a key with a NUL character"},
};
enum { REFUSALS = sizeof refusals / sizeof refusals[0] };

START_TEST(refused_with_a_sentence)
{
    struct json_object *object = (struct json_object *)&object;
    char why[200] = "", cut[12];
    ck_assert(!cc_read_object(refusals[_i].text, refusals[_i].length, NULL, &object, why, sizeof why));
    ck_assert_str_eq(why, refusals[_i].why);
    ck_assert_ptr_null(object);
    ck_assert(!cc_read_object(refusals[_i].text, refusals[_i].length, NULL, &object, cut, sizeof cut));
    ck_assert_int_eq(strncmp(cut, why, sizeof cut - 1), 0);
    ck_assert_uint_eq(strlen(cut), sizeof cut - 1);
    ck_assert(!cc_read_object(refusals[_i].text, refusals[_i].length, NULL, &object, NULL, 0));
}
END_TEST

static void assert_limit(const char *text, size_t length, const struct cc_limits *limits, const char *expected)
{
    struct json_object *object;
    char why[200] = "";
    ck_assert_msg(cc_read_object(text, length, limits, &object, why, sizeof why) == (expected == NULL), "%s", why);
    ck_assert_str_eq(why, expected ? expected : "");
    json_object_put(object);
}

START_TEST(limits_that_are_given)
{
    struct cc_limits limits = {.bytes = 9};
    assert_limit("[1,[2,3]]", 9, &limits, NULL);
    assert_limit("[1,[2,3]] ", 10, &limits, "line 1, column 10: the text is longer than 9 bytes");
    limits = (struct cc_limits){.depth = 2};
    assert_limit("[1,[2,3]]", 9, &limits, NULL);
    assert_limit("[1,[[],3]]", 10, &limits, "line 1, column 5: the nesting is deeper than 2");
    limits = (struct cc_limits){.values = 5};
    assert_limit("[1,[2,3]]", 9, &limits, NULL);
    assert_limit("[{\"a\":1},\n3]", 12, &limits, NULL);
    assert_limit("[{\"a\":1},3,\n4]", 14, &limits, "line 2, column 1: there are more than 5 values and keys");
}
END_TEST

/* A list of `count` zeros and its size. */
static size_t write_zeros(char *text, size_t count)
{
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        text[length++] = i == 0 ? '[' : ',';
        text[length++] = '0';
    }
    text[length++] = ']';
    return length;
}

static size_t write_deep(char *text, size_t depth)
{
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return 2 * depth;
}

START_TEST(limits_by_default)
{
    enum { BYTES = 16 << 20 };
    static char text[BYTES + 1];
    assert_limit(text, write_deep(text, 64), NULL, NULL);
    assert_limit(text, write_deep(text, 65), NULL, "line 1, column 65: the nesting is deeper than 64");
    assert_limit(text, write_zeros(text, 999999), NULL, NULL);
    assert_limit(text, write_zeros(text, 1000000), NULL, "line 1, column 2000000: there are more than 1000000 values and keys");
    memset(text, ' ', sizeof text);
    text[0] = '1';
    assert_limit(text, BYTES, NULL, NULL);
    assert_limit(text, BYTES + 1, &(struct cc_limits){.depth = 1}, "line 1, column 16777217: the text is longer than 16777216 bytes");
}
END_TEST

/* More depth than json-c frees safely is not given, whatever is asked for. */
static void *read_deepest(void *done)
{
    static char text[2 * 513];
    const struct cc_limits limits = {.depth = 100000};
    assert_limit(text, write_deep(text, 512), &limits, NULL);
    assert_limit(text, write_deep(text, 513), &limits, "line 1, column 513: the nesting is deeper than 512");
    *(bool *)done = true;
    return NULL;
}

START_TEST(a_small_stack_is_enough)
{
    pthread_attr_t attributes;
    pthread_t thread;
    bool done = false;
    ck_assert_int_eq(pthread_attr_init(&attributes), 0);
    ck_assert_int_eq(pthread_attr_setstacksize(&attributes, 256 << 10), 0);
    ck_assert_int_eq(pthread_create(&thread, &attributes, read_deepest, &done), 0);
    ck_assert_int_eq(pthread_join(thread, NULL), 0);
    ck_assert(done);
    pthread_attr_destroy(&attributes);
}
END_TEST

static struct json_object *random_string(void)
{
    static const char *const pieces[] = {"a", "Z", "0", " ", "\"", "\\", "/", "\n", "\x01", "\x7F", "\xC3\xA9", "\xE4\xB8\x96", "\xF0\x9F\x98\x80",
                                         "plain letters", "\xEF\xBF\xBD", "\t", "\r\b\f", "</script>"};
    char text[300];
    size_t length = 0;
    for (int i = rand() % 20; i > 0; i--) {
        const char *piece = pieces[(size_t)rand() % (sizeof pieces / sizeof pieces[0])];
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
    return json_object_new_string_len(text, (int)length);
}

static int64_t random_integer(void)
{
    uint64_t bits = (uint64_t)rand() << 33 ^ (uint64_t)rand() << 11 ^ (uint64_t)rand();
    return (int64_t)(bits >> rand() % 64) * (rand() % 2 ? 1 : -1);
}

static struct json_object *random_value(int depth);

static struct json_object *random_object(int depth)
{
    struct json_object *object = json_object_new_object();
    for (int i = rand() % 6; i > 0; i--) {
        struct json_object *key = random_string();
        json_object_object_add(object, json_object_get_string(key), random_value(depth - 1));
        json_object_put(key);
    }
    return object;
}

static struct json_object *random_array(int depth)
{
    struct json_object *array = json_object_new_array();
    for (int i = rand() % 6; i > 0; i--)
        json_object_array_add(array, random_value(depth - 1));
    return array;
}

static struct json_object *random_value(int depth)
{
    switch (rand() % (depth > 0 ? 10 : 6)) {
    case 0: return NULL;
    case 1: return json_object_new_boolean(rand() % 2);
    case 2: return json_object_new_int64(random_integer());
    case 3: return json_object_new_double((double)random_integer() / (1 + rand() % 1000));
    case 4: return json_object_new_double(rand() % 2 ? 1e-300 * rand() : 1e290 * rand());
    case 5: return random_string();
    case 6: case 7: return random_array(depth);
    default: return random_object(depth);
    }
}

static struct json_object *read_with_tokener(const char *text, size_t length)
{
    struct json_tokener *tokener = json_tokener_new();
    struct json_object *object = json_tokener_parse_ex(tokener, text, (int)length + 1);
    ck_assert_int_eq(json_tokener_get_error(tokener), json_tokener_success);
    json_tokener_free(tokener);
    return object;
}

/* Documents that json-c writes in each of its styles, read here, read by json-c, and as they were made. */
START_TEST(random_documents)
{
    static const int styles[] = {JSON_C_TO_STRING_PLAIN, JSON_C_TO_STRING_SPACED, JSON_C_TO_STRING_PRETTY,
                                 JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_PRETTY_TAB, JSON_C_TO_STRING_NOSLASHESCAPE};
    srand(11);
    for (int round = 0; round < 3000; round++) {
        struct json_object *made = random_value(6);
        size_t length;
        const char *text = json_object_to_json_string_length(made, styles[round % 5], &length);
        struct json_object *ours = read_sized(text, length), *theirs = read_with_tokener(text, length);
        ck_assert_msg(json_object_equal(ours, made), "%s", text);
        ck_assert_msg(json_object_equal(ours, theirs), "%s", text);
        json_object_put(ours);
        json_object_put(theirs);
        json_object_put(made);
    }
}
END_TEST

/* The C library forgets to free what it made of LOCPATH, which is not ours to repair. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:argz_add_sep";
}

/* Runs a program of the system without a word, and waits for it. */
static void run(const char *program, const char *const *arguments)
{
    pid_t child = fork();
    if (child == 0) {
        int nowhere = open("/dev/null", O_WRONLY);
        dup2(nowhere, STDOUT_FILENO);
        dup2(nowhere, STDERR_FILENO);
        char *copies[8] = {NULL};
        for (size_t i = 0; i < 7 && arguments[i]; i++)
            copies[i] = strdup(arguments[i]);
        execvp(program, copies);
        _exit(127);
    }
    int status;
    waitpid(child, &status, 0);
}

/* A locale with a decimal comma, if the system has one or can make one; 0 otherwise. */
static locale_t comma_locale(void)
{
    locale_t locale = newlocale(LC_ALL_MASK, "de_DE.UTF-8", (locale_t)0);
    char folder[] = P_tmpdir "/locale-XXXXXX", made[sizeof folder + 20];
    if (locale || !mkdtemp(folder))
        return locale;
    snprintf(made, sizeof made, "%s/de_DE.UTF-8", folder);
    run("localedef", (const char *const[]){"localedef", "--no-archive", "-i", "de_DE", "-f", "UTF-8", made, NULL});
    setenv("LOCPATH", folder, 1);
    locale = newlocale(LC_ALL_MASK, "de_DE.UTF-8", (locale_t)0);
    run("rm", (const char *const[]){"rm", "-rf", folder, NULL});
    return locale;
}

START_TEST(decimal_comma)
{
    locale_t locale = comma_locale();
    if (!locale) {
        printf("no locale with a decimal comma can be had: not tested\n");
        return;
    }
    locale_t before = uselocale(locale);
    ck_assert(strtod("1,5", NULL) > 1.25);
    struct json_object *object = read_object("[1.5,1e999,18446744073709551616]");
    ck_assert(strtod("1,5", NULL) > 1.25);
    uselocale(before);
    ck_assert(json_object_get_double(json_object_array_get_idx(object, 0)) > 1.25);
    ck_assert_str_eq(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN), "[1.5,1e999,18446744073709551616]");
    json_object_put(object);
    freelocale(locale);
}
END_TEST

static Suite *object_suite(void)
{
    Suite *suite = suite_create("object");
    TCase *tests = tcase_create("object");
    tcase_add_loop_test(tests, objects_of_texts, 0, WRITTEN);
    tcase_add_test(tests, types_of_numbers);
    tcase_add_test(tests, strings_keep_nul);
    tcase_add_loop_test(tests, refused_with_a_sentence, 0, REFUSALS);
    tcase_add_test(tests, limits_that_are_given);
    tcase_add_test(tests, limits_by_default);
    tcase_add_test(tests, a_small_stack_is_enough);
    tcase_add_test(tests, random_documents);
    tcase_add_test(tests, decimal_comma);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(object_suite)
