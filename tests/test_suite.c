/* test_suite.c: suite files become the cases that they describe, and each mistake in one is found before anything is sent. */
#include "harness/base/glob.h"
#include "harness/base/pointer.h"
#include "harness/suite/expand.h"
#include "harness/suite/suite.h"
#include "tests/bad_suites.h"
#include "tests/folder.h"
#include "tests/testing.h"

static struct suite_set set;
static char why[8192];

static void make(void)
{
    folder_make();
    set = (struct suite_set){0};
}

static void clear(void)
{
    suite_set_clear(&set);
    folder_remove();
}

static const struct suite *load_text(const char *yaml)
{
    folder_write("x.yaml", yaml);
    ck_assert_msg(suite_load(&set, "x.yaml", why, sizeof why), "%s", why);
    return &set.suites[0];
}

static void expect_json(struct json_object *object, const char *json)
{
    ck_assert_str_eq(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE), json);
}

/* --- mistakes */

/* One line: the place, and the sentence or only the rule at its end. */
static bool line_fits(const char *line, size_t length, const char *says, size_t says_length)
{
    const char *bracket = memchr(says, '[', says_length);
    size_t place = bracket ? (size_t)(bracket - says) : 0, rule = says_length - place;
    if (!bracket || says[says_length - 1] != ']')
        return length == says_length && memcmp(line, says, length) == 0;
    return length > says_length && memcmp(line, says, place) == 0 && memcmp(line + length - rule, bracket, rule) == 0;
}

START_TEST(mistakes_are_found_at_their_place)
{
    const char *line = why, *says = bad_suites[_i].says;
    folder_write("x.yaml", bad_suites[_i].yaml);
    ck_assert_msg(!suite_load(&set, "x.yaml", why, sizeof why), "%s: was loaded", bad_suites[_i].name);
    ck_assert_uint_eq(set.count, 0);
    while (*line || *says) {
        size_t length = strcspn(line, "\n"), wanted = strcspn(says, "\n");
        ck_assert_msg(line_fits(line, length, says, wanted), "%s\nsays: %s\nnot:  %s", bad_suites[_i].name, why, bad_suites[_i].says);
        line += length + (line[length] == '\n');
        says += wanted + (says[wanted] == '\n');
    }
}
END_TEST

START_TEST(misspelt_keys_get_a_suggestion)
{
    folder_write("x.yaml", "chatconform: 1\nsuite: a/b\ncases: [{id: x, request: {}, exepct: {}}]\n");
    ck_assert(!suite_load(&set, "x.yaml", why, sizeof why));
    ck_assert_msg(strstr(why, "did you mean \"expect\"?") != NULL, "%s", why);
}
END_TEST

START_TEST(many_mistakes_are_counted)
{
    char yaml[8192] = HEAD;
    for (int i = 0; i < 60; i++)
        snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), "  - {id: c%d, request: {a: \"${x}\"}}\n", i);
    folder_write("x.yaml", yaml);
    ck_assert(!suite_load(&set, "x.yaml", why, sizeof why));
    ck_assert_msg(strstr(why, "x.yaml:53:") != NULL && strstr(why, "x.yaml:54:") == NULL, "%s", why);
    ck_assert_msg(strstr(why, "\nand 10 more mistakes") != NULL, "%s", why);
    char small[40];
    ck_assert(!suite_load(&set, "x.yaml", small, sizeof small));
    ck_assert_uint_lt(strlen(small), sizeof small);
}
END_TEST

START_TEST(missing_files_are_named)
{
    ck_assert(!suite_load(&set, "none.yaml", why, sizeof why));
    ck_assert_str_eq(why, "none.yaml: No such file or directory");
    folder_write("x.yaml", "a: [\n");
    ck_assert(!suite_load(&set, "x.yaml", why, sizeof why));
    ck_assert_str_eq(why, "x.yaml:2:1: did not find expected node content while parsing a flow node");
}
END_TEST

/* --- what cases become */

START_TEST(defaults_lie_under_requests)
{
    const struct suite *suite = load_text("chatconform: 1\nsuite: a/b\n"
                                          "defaults:\n"
                                          "  request: {model: \"${model}\", n: 1, stop: [a, b], o: {x: 1, y: {z: 2}}, max_tokens: 5}\n"
                                          "  headers: {X-A: one, X-B: two}\n"
                                          "cases:\n"
                                          "  - {id: one, request: {n: null, stop: [c], o: {y: {q: 3}, w: 4}, extra: true}, omit: [/max_tokens]}\n"
                                          "  - {id: two, headers: {x-a: null, X-C: three}}\n"
                                          "  - {id: three, method: GET, path: /models}\n"
                                          "  - {id: four, body: \"{\\0}\", expect: {rejected: true}}\n");
    ck_assert_str_eq(suite->id, "a/b");
    ck_assert_str_eq(suite->title, "a/b");
    ck_assert_uint_eq(suite->count, 4);
    const struct suite_case *c = suite->cases;
    expect_json(c[0].steps[0].request,
                "{\"model\":\"${model}\",\"n\":null,\"stop\":[\"c\"],\"o\":{\"x\":1,\"y\":{\"z\":2,\"q\":3},\"w\":4},\"extra\":true}");
    expect_json(c[0].steps[0].headers, "{\"X-A\":\"one\",\"X-B\":\"two\"}");
    expect_json(c[1].steps[0].request,
                "{\"model\":\"${model}\",\"n\":1,\"stop\":[\"a\",\"b\"],\"o\":{\"x\":1,\"y\":{\"z\":2}},\"max_tokens\":5}");
    expect_json(c[1].steps[0].headers, "{\"X-B\":\"two\",\"x-a\":null,\"X-C\":\"three\"}");
    ck_assert_ptr_null(c[2].steps[0].request);
    ck_assert_ptr_null(c[2].steps[0].body);
    ck_assert_str_eq(c[2].steps[0].method, "GET");
    ck_assert_str_eq(c[2].steps[0].path, "/models");
    ck_assert_ptr_null(c[3].steps[0].request);
    ck_assert_uint_eq(c[3].steps[0].body_length, 3);
    ck_assert_int_eq(memcmp(c[3].steps[0].body, "{\0}", 3), 0);
    ck_assert_ptr_null(c[3].steps[0].method);
}
END_TEST

START_TEST(cases_have_what_the_suite_says_for_all)
{
    const struct suite *suite = load_text("chatconform: 1\nsuite: chat/x\ntitle: T\nlevel: should\ntags: [a, b]\nrequires: [stream]\n"
                                          "cases:\n"
                                          "  - {id: one, request: {}}\n"
                                          "  - {id: two, title: Two, spec: \"openai:X\", level: habit, tags: [b, c], requires: [tools], request: {},\n"
                                          "     nondeterministic: true, repeat: {times: 5, pass: 4}}\n"
                                          "  - {id: three, request: {}, nondeterministic: true, repeat: {times: 3}}\n");
    const struct suite_case *one = &suite->cases[0], *two = &suite->cases[1], *three = &suite->cases[2];
    ck_assert_str_eq(suite->title, "T");
    ck_assert_str_eq(one->id, "one");
    ck_assert_str_eq(one->path, "chat/x/one");
    ck_assert_str_eq(one->title, "one");
    ck_assert_ptr_null(one->spec);
    ck_assert_int_eq(one->level, CC_SHOULD);
    ck_assert_uint_eq(one->line, 8);
    ck_assert_uint_eq(one->column, 5);
    ck_assert(one->repeat_times == 1 && one->repeat_pass == 1 && !one->nondeterministic);
    ck_assert_str_eq(two->title, "Two");
    ck_assert_str_eq(two->spec, "openai:X");
    ck_assert_int_eq(two->level, CC_HABIT);
    ck_assert(strcmp(two->tags[0], "a") == 0 && strcmp(two->tags[1], "b") == 0 && strcmp(two->tags[2], "c") == 0 && !two->tags[3]);
    ck_assert(strcmp(two->needs[0], "stream") == 0 && strcmp(two->needs[1], "tools") == 0 && !two->needs[2]);
    ck_assert(two->repeat_times == 5 && two->repeat_pass == 4 && two->nondeterministic);
    ck_assert(three->repeat_times == 3 && three->repeat_pass == 3);
}
END_TEST

START_TEST(a_matrix_multiplies)
{
    static const char *const ids[] = {"one/stream:true/format:text/n:1", "one/stream:true/format:text/n:null", "one/stream:true/format:json/n:1",
                                      "one/stream:true/format:json/n:null", "one/stream:false/format:text/n:1"};
    const struct suite *suite = load_text("chatconform: 1\nsuite: a/b\nmatrix: {stream: [true, false]}\ndefaults: {request: {stream: 1, a: 2}}\n"
                                          "cases:\n"
                                          "  - id: one\n"
                                          "    request: {response_format: {type: \"${format}\"}}\n"
                                          "    matrix: {\"${format}\": {text: text, json: json_object}, n: [1, null]}\n"
                                          "  - id: two\n"
                                          "    request: {}\n");
    ck_assert_uint_eq(suite->count, 10);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        ck_assert_str_eq(suite->cases[i].id, ids[i]);
    ck_assert_str_eq(suite->cases[9].path, "a/b/two/stream:false");
    expect_json(suite->cases[3].steps[0].request, "{\"stream\":true,\"a\":2,\"response_format\":{\"type\":\"${format}\"},\"n\":null}");
    expect_json(suite->cases[3].variables, "{\"format\":\"json_object\"}");
    expect_json(suite->cases[4].steps[0].request, "{\"stream\":false,\"a\":2,\"response_format\":{\"type\":\"${format}\"},\"n\":1}");
    ck_assert_ptr_null(suite->cases[9].variables);
    ck_assert_uint_eq(suite->cases[3].line, 6);
}
END_TEST

START_TEST(a_matrix_may_be_what_the_control_takes_away)
{
    const struct suite *suite = load_text(HEAD "  - id: one\n    request: {}\n    matrix: {n: [0, -1]}\n    expect: {rejected: {param: n}}\n"
                                               "    control: {remove: [/n]}\n");
    ck_assert_uint_eq(suite->count, 2);
    ck_assert_str_eq(suite->cases[1].id, "one/n:-1");
}
END_TEST

START_TEST(just_ten_thousand_cases)
{
    char yaml[4096] = HEAD "  - id: one\n    request: {}\n    matrix: {";
    for (int key = 0; key < 2; key++) {
        snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), "%s%c: [0", key ? ", " : "", 'a' + key);
        for (int i = 1; i < 100; i++)
            snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), ",%d", i);
        snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), "]");
    }
    snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), "}\n");
    ck_assert_uint_eq(load_text(yaml)->count, SUITE_CASES_MAX);
    ck_assert_str_eq(set.suites[0].cases[SUITE_CASES_MAX - 1].id, "one/a:99/b:99");
    folder_write("y.yaml", "chatconform: 1\nsuite: a/c\ncases: [{id: x, request: {}}]\n");
    ck_assert(!suite_load(&set, "y.yaml", why, sizeof why));
    ck_assert_str_eq(why, "y.yaml:3:9: there are more than 10000 cases");
}
END_TEST

/* Defaults of so many members under ten thousand requests that a matrix makes. */
static bool load_large_defaults(int members)
{
    char yaml[8192] = "chatconform: 1\nsuite: a/b\ndefaults:\n  request:\n";
    for (int i = 0; i < members; i++)
        snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), "    m%d: 1\n", i);
    snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), "cases:\n  - id: one\n    matrix: {");
    for (int key = 0; key < 2; key++) {
        snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), "%s%c: [0", key ? ", " : "", 'a' + key);
        for (int i = 1; i < 100; i++)
            snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), ",%d", i);
        snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), "]");
    }
    snprintf(yaml + strlen(yaml), sizeof yaml - strlen(yaml), "}\n");
    folder_write("x.yaml", yaml);
    return suite_load(&set, "x.yaml", why, sizeof why);
}

/* Each case is merged twice, with one and two members more: 48 give 990,048 members, 49 give 1,010,049. */
START_TEST(merging_is_bounded)
{
    ck_assert_msg(load_large_defaults(48), "%s", why);
    suite_set_clear(&set);
    ck_assert(!load_large_defaults(49));
    ck_assert_msg(strstr(why, ": defaults and matrices make more than 1000000 members of requests") != NULL, "%s", why);
}
END_TEST

START_TEST(steps_share_what_they_capture)
{
    const struct suite *suite = load_text("chatconform: 1\nsuite: a/b\ndefaults: {request: {model: m}}\ncases:\n"
                                          "  - id: loop\n"
                                          "    steps:\n"
                                          "      - request: {a: 1}\n"
                                          "        capture: {call: /choices/0, turn: /choices/0/message}\n"
                                          "      - request: {b: [\"${turn}\", \"id ${call.id}\"], c: \"$${turn}\"}\n"
                                          "        expect: {/id: \"${call.id}\"}\n");
    const struct suite_case *c = &suite->cases[0];
    ck_assert_uint_eq(c->step_count, 2);
    expect_json(c->steps[0].request, "{\"model\":\"m\",\"a\":1}");
    expect_json(c->steps[0].capture, "{\"call\":\"/choices/0\",\"turn\":\"/choices/0/message\"}");
    expect_json(c->steps[1].request, "{\"model\":\"m\",\"b\":[\"${turn}\",\"id ${call.id}\"],\"c\":\"$${turn}\"}");
    expect_json(c->steps[1].expect, "{\"/id\":{\"equals\":\"${call.id}\"}}");
}
END_TEST

static const struct {
    const char *step;
    bool invalid;
} intents[] = {
    {"request: {}", false},
    {"request: {}, expect: {status: 200}", false},
    {"request: {}, expect: {status: [200, 201]}", false},
    {"request: {}, expect: {status: 500}", false},
    {"request: {}, expect: {status: 2xx}", false},
    {"request: {}, expect: {status: 404}", true},
    {"request: {}, expect: {status: 4xx}", true},
    {"request: {}, expect: {status: [200, 400]}", true},
    {"request: {}, expect: {rejected: true}", true},
    {"request: {}, expect: {rejected: {param: n}}", true},
    {"request: {}, invalid: true", true},
    {"request: {}, invalid: false", false},
};

START_TEST(who_expects_a_refusal_sends_wrong_requests)
{
    char yaml[256];
    snprintf(yaml, sizeof yaml, HEAD "  - {id: one, %s}\n", intents[_i].step);
    ck_assert_msg(load_text(yaml)->cases[0].steps[0].invalid == intents[_i].invalid, "%s", intents[_i].step);
}
END_TEST

START_TEST(controls_change_requests)
{
    const struct suite *suite = load_text(HEAD "  - id: one\n    request: {stop: [a, b, c], n: 1, o: {p: 1}}\n    expect: {rejected: true}\n"
                                               "    control: {remove: [/stop/1, /o], set: {/n: 2, /new: [1], /stop/-: z}}\n");
    const struct suite_step *step = &suite->cases[0].steps[0];
    struct json_object *made;
    ck_assert_msg(suite_control(step->control, step->request, &made, why, sizeof why), "%s", why);
    expect_json(made, "{\"stop\":[\"a\",\"c\",\"z\"],\"n\":2,\"new\":[1]}");
    expect_json(step->request, "{\"stop\":[\"a\",\"b\",\"c\"],\"n\":1,\"o\":{\"p\":1}}");
    json_object_put(made);
    struct json_object *other = json_object_new_object();
    ck_assert(!suite_control(step->control, other, &made, why, sizeof why));
    ck_assert_str_eq(why, "control: /stop/1: there is no such member or item");
    ck_assert_ptr_null(made);
    json_object_put(other);
}
END_TEST

START_TEST(fixtures_are_included)
{
    ck_assert_int_eq(mkdir("fixtures", 0700), 0);
    folder_write("fixtures/tools.json", "[{\"type\": \"function\"}]");
    const struct suite *suite = load_text(HEAD "  - {id: one, request: {tools: !include fixtures/tools.json}}\n");
    expect_json(suite->cases[0].steps[0].request, "{\"tools\":[{\"type\":\"function\"}]}");
    folder_write("fixtures/twice.json", "{\"a\": 1,\n \"a\": 2}");
    folder_write("y.yaml", "chatconform: 1\nsuite: a/c\ncases:\n  - {id: one, request: {tools: !include fixtures/twice.json}}\n");
    ck_assert(!suite_load(&set, "y.yaml", why, sizeof why));
    ck_assert_msg(strncmp(why, "fixtures/twice.json:2:2: ", 25) == 0, "%s", why);
}
END_TEST

START_TEST(the_environment_is_closed)
{
    static const char *const allowed[] = {"CHATCONFORM_TEST", NULL};
    const char *yaml = HEAD "  - {id: one, request: {user: \"${env:CHATCONFORM_TEST}\"}}\n";
    folder_write("x.yaml", yaml);
    ck_assert(!suite_load(&set, "x.yaml", why, sizeof why));
    ck_assert_str_eq(why, "x.yaml:4:31: the environment variable CHATCONFORM_TEST may not be read; --env CHATCONFORM_TEST allows it");
    set.env_names = allowed;
    ck_assert_msg(suite_load(&set, "x.yaml", why, sizeof why), "%s", why);
}
END_TEST

START_TEST(lint_hears_of_old_words)
{
    load_text(HEAD "  - id: one\n    request: {stop: [no]}\n");
    ck_assert_str_eq(set.warnings, "x.yaml:5:22: no is text here, and a boolean to older readers of YAML: quote it\n");
}
END_TEST

/* --- folders */

static void write_suite(const char *file, const char *id)
{
    char yaml[200];
    snprintf(yaml, sizeof yaml, "chatconform: 1\nsuite: %s\ncases: [{id: one, request: {}}]\n", id);
    folder_write(file, yaml);
}

START_TEST(folders_are_read_in_order)
{
    static const char *const folders[] = {"s", "s/b", "s/fixtures", "s/.hidden"};
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(mkdir(folders[i], 0700), 0);
    write_suite("s/z.yaml", "z");
    write_suite("s/a.yaml", "a");
    write_suite("s/b/c.yml", "c");
    folder_write("s/README.md", "no suite");
    folder_write("s/fixtures/part.yaml", "[1]");
    folder_write("s/.hidden/x.yaml", "[1]");
    folder_write("s/fixtures/one.json", "{\"a\": 1}");
    folder_write("s/b/d.yaml", "chatconform: 1\nsuite: d\ncases: [{id: one, request: !include ../fixtures/one.json}]\n");
    ck_assert_msg(suite_load_folder(&set, "s/", why, sizeof why), "%s", why);
    ck_assert_uint_eq(set.count, 4);
    ck_assert_str_eq(set.suites[0].file, "s/a.yaml");
    ck_assert_str_eq(set.suites[1].file, "s/b/c.yml");
    ck_assert_str_eq(set.suites[2].file, "s/b/d.yaml");
    ck_assert_str_eq(set.suites[3].file, "s/z.yaml");
}
END_TEST

START_TEST(single_files_are_sorted_too)
{
    write_suite("b.yaml", "b");
    write_suite("a.yaml", "a");
    write_suite("c.yaml", "a");
    ck_assert(suite_load(&set, "b.yaml", why, sizeof why));
    ck_assert(suite_load(&set, "a.yaml", why, sizeof why));
    ck_assert_str_eq(set.suites[0].file, "a.yaml");
    ck_assert_str_eq(set.suites[1].file, "b.yaml");
    ck_assert(!suite_load(&set, "c.yaml", why, sizeof why));
    ck_assert_str_eq(why, "c.yaml:2:8: the suite a is already in a.yaml");
    ck_assert_uint_eq(set.count, 2);
}
END_TEST

START_TEST(folders_that_give_nothing_are_mistakes)
{
    ck_assert_int_eq(mkdir("s", 0700), 0);
    ck_assert(!suite_load_folder(&set, "s", why, sizeof why));
    ck_assert_str_eq(why, "s: there is no suite in this folder");
    ck_assert(!suite_load_folder(&set, "none", why, sizeof why));
    ck_assert_str_eq(why, "none: No such file or directory");
    folder_write("s/a.yaml", "[");
    folder_write("s/b.yaml", "{}");
    write_suite("s/c.yaml", "c");
    ck_assert(!suite_load_folder(&set, "s", why, sizeof why));
    ck_assert_msg(strncmp(why, "s/a.yaml:", 9) == 0 && strstr(why, "\ns/b.yaml:1:1: ") != NULL, "%s", why);
    ck_assert_uint_eq(set.count, 1);
}
END_TEST

START_TEST(folders_are_nested_sixteen_deep)
{
    char path[200] = "s";
    ck_assert_int_eq(mkdir(path, 0700), 0);
    for (int i = 0; i < 16; i++) {
        snprintf(path + strlen(path), sizeof path - strlen(path), "/d");
        ck_assert_int_eq(mkdir(path, 0700), 0);
    }
    snprintf(path + strlen(path), sizeof path - strlen(path), "/x.yaml");
    write_suite(path, "a");
    ck_assert_msg(suite_load_folder(&set, "s", why, sizeof why), "%s", why);
    suite_set_clear(&set);
    snprintf(strrchr(path, '/'), 3, "/d");
    ck_assert_int_eq(mkdir(path, 0700), 0);
    ck_assert(!suite_load_folder(&set, "s", why, sizeof why));
    ck_assert_str_eq(why, "s/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d/d: folders are nested too deep");
}
END_TEST

START_TEST(links_to_suites_are_refused)
{
    ck_assert_int_eq(mkdir("s", 0700), 0);
    write_suite("a.yaml", "a");
    ck_assert_int_eq(symlink("../a.yaml", "s/a.yaml"), 0);
    ck_assert(!suite_load_folder(&set, "s", why, sizeof why));
    ck_assert_str_eq(why, "s/a.yaml: it is not a regular file");
}
END_TEST

/* --- globs */

static const struct {
    const char *glob, *path;
    bool matches;
} globs[] = {
    {"a/b/c", "a/b/c", true},
    {"a/b", "a/b/c", false},
    {"a/b/c", "a/b", false},
    {"a/*/c", "a/b/c", true},
    {"a/*/c", "a/b/d/c", false},
    {"a/*", "a", false},
    {"*", "a", true},
    {"*", "a/b", false},
    {"**", "a/b/c", true},
    {"**", "a", true},
    {"a/**", "a", true},
    {"a/**", "a/b/c", true},
    {"a/**", "b/a", false},
    {"**/c", "a/b/c", true},
    {"**/c", "c", true},
    {"**/c", "a/cc", false},
    {"a/**/d", "a/d", true},
    {"a/**/d", "a/b/c/d", true},
    {"a/**/b/**/c", "a/x/b/y/b/c", true},
    {"**/b/c", "a/b/b/c", true},
    {"**/**", "a", true},
    {"stop-*", "stop-five", true},
    {"stop-*", "stop", false},
    {"*five*", "stop-five-sequences", true},
    {"s*-*s", "stop-five-sequences", true},
    {"*a*b*", "xxaxxb", true},
    {"*a*b", "xxaxxbx", false},
    {"one/stream:*", "one/stream:true", true},
    {"a/b*", "a/b/c", false},
    {"", "", true},
    {"", "a", false},
    {"a?", "ab", false},
    {"[a]", "a", false},
    {"a//b", "a//b", true},
    {"A", "a", false},
};

START_TEST(globs_match)
{
    ck_assert_msg(glob_match(globs[_i].glob, globs[_i].path) == globs[_i].matches, "%s %s", globs[_i].glob, globs[_i].path);
}
END_TEST

START_TEST(costly_globs_end)
{
    char path[4001], glob[2001], folders[4001], many[4001];
    memset(path, 'a', sizeof path - 1);
    path[4000] = '\0';
    for (int i = 0; i < 1000; i++)
        memcpy(glob + 2 * i, "*a", 3);
    glob[1999] = 'b';
    ck_assert(!glob_match(glob, path));
    for (int i = 0; i < 2000; i++)
        memcpy(folders + 2 * i, "a/", 3);
    for (int i = 0; i < 800; i++)
        memcpy(many + 5 * i, "**/a/", 6);
    many[3998] = 'b';
    ck_assert(!glob_match(many, folders));
}
END_TEST

START_TEST(distances)
{
    ck_assert_uint_eq(edit_distance("", "abc"), 3);
    ck_assert_uint_eq(edit_distance("abc", "abc"), 0);
    ck_assert_uint_eq(edit_distance("ABC", "abc"), 0);
    ck_assert_uint_eq(edit_distance("kitten", "sitting"), 3);
    ck_assert_uint_eq(edit_distance("flaw", "lawn"), 2);
}
END_TEST

static const struct {
    const char *glob, *nearest;
} slips[] = {
    {"chat/stopp", "chat/stop"},
    {"chat/stop/stop-fiv", "chat/stop/stop-five"},
    {"stop-five", "chat/stop/stop-five"},
    {"stop/stop-fife", "chat/stop/stop-five"},
    {"one", "chat/stop/one"},
    {"something-else-altogether", NULL},
};

START_TEST(slips_get_a_suggestion)
{
    load_text("chatconform: 1\nsuite: chat/stop\ncases: [{id: stop-five, request: {}}, {id: one, request: {}}]\n");
    const char *nearest = suite_nearest(&set, slips[_i].glob);
    if (slips[_i].nearest)
        ck_assert_msg(nearest && strcmp(nearest, slips[_i].nearest) == 0, "%s: %s", slips[_i].glob, nearest ? nearest : "none");
    else
        ck_assert_msg(!nearest, "%s: %s", slips[_i].glob, nearest);
}
END_TEST

/* --- pointers */

static const struct {
    const char *pointer, *value; /* NULL: there is none */
} pointers[] = {
    {"", "{\"a\":[1,{\"b\":null}],\"x/y\":2,\"m~n\":3,\"\":4,\"0\":5}"},
    {"/a", "[1,{\"b\":null}]"},
    {"/a/0", "1"},
    {"/a/1/b", "null"},
    {"/a/2", NULL},
    {"/a/-", NULL},
    {"/a/00", NULL},
    {"/a/01", NULL},
    {"/a/x", NULL},
    {"/a/0/x", NULL},
    {"/a/", NULL},
    {"/a/18446744073709551616", NULL},
    {"/x~1y", "2"},
    {"/m~0n", "3"},
    {"/", "4"},
    {"/0", "5"},
    {"a", NULL},
    {"/b", NULL},
    {"/a/1/b/c", NULL},
};

START_TEST(pointers_lead_to_values)
{
    struct json_object *object, *value;
    ck_assert(cc_read_object(pointers[0].value, strlen(pointers[0].value), NULL, &object, NULL, 0));
    bool found = pointer_get(object, pointers[_i].pointer, &value);
    ck_assert_msg(found == (pointers[_i].value != NULL), "%s", pointers[_i].pointer);
    if (found)
        expect_json(value, pointers[_i].value);
    json_object_put(object);
}
END_TEST

static const struct {
    const char *pointer;
    bool remove;
    const char *result; /* NULL: there is no such place */
} changes[] = {
    {"/a/0", true, "{\"a\":[{\"b\":null}],\"c\":1}"},
    {"/a/1/b", true, "{\"a\":[1,{}],\"c\":1}"},
    {"/c", true, "{\"a\":[1,{\"b\":null}]}"},
    {"/d", true, NULL},
    {"/a/2", true, NULL},
    {"/a/-", true, NULL},
    {"", true, NULL},
    {"/a/0", false, "{\"a\":[9,{\"b\":null}],\"c\":1}"},
    {"/a/-", false, "{\"a\":[1,{\"b\":null},9],\"c\":1}"},
    {"/a/2", false, "{\"a\":[1,{\"b\":null},9],\"c\":1}"},
    {"/a/3", false, NULL},
    {"/a/1/n", false, "{\"a\":[1,{\"b\":null,\"n\":9}],\"c\":1}"},
    {"/c", false, "{\"a\":[1,{\"b\":null}],\"c\":9}"},
    {"/d/e", false, NULL},
    {"/c/e", false, NULL},
    {"", false, NULL},
};

START_TEST(changes_leave_the_old_document)
{
    const char *text = "{\"a\":[1,{\"b\":null}],\"c\":1}", *reason;
    struct json_object *object, *made = NULL, *nine = json_object_new_int(9);
    ck_assert(cc_read_object(text, strlen(text), NULL, &object, NULL, 0));
    bool done = changes[_i].remove ? pointer_remove(object, changes[_i].pointer, &made, &reason)
                                   : pointer_set(object, changes[_i].pointer, nine, &made, &reason);
    ck_assert_msg(done == (changes[_i].result != NULL), "%s", changes[_i].pointer);
    if (done)
        expect_json(made, changes[_i].result);
    expect_json(object, text);
    json_object_put(made);
    json_object_put(object);
    json_object_put(nine);
}
END_TEST

static Suite *suite_suite(void)
{
    Suite *suite = suite_create("suite");
    TCase *files = tcase_create("files"), *words = tcase_create("words");
    tcase_add_checked_fixture(files, make, clear);
    tcase_add_loop_test(files, mistakes_are_found_at_their_place, 0, COUNT(bad_suites));
    tcase_add_test(files, misspelt_keys_get_a_suggestion);
    tcase_add_test(files, many_mistakes_are_counted);
    tcase_add_test(files, missing_files_are_named);
    tcase_add_test(files, defaults_lie_under_requests);
    tcase_add_test(files, cases_have_what_the_suite_says_for_all);
    tcase_add_test(files, a_matrix_multiplies);
    tcase_add_test(files, a_matrix_may_be_what_the_control_takes_away);
    tcase_add_test(files, just_ten_thousand_cases);
    tcase_add_test(files, merging_is_bounded);
    tcase_add_test(files, steps_share_what_they_capture);
    tcase_add_loop_test(files, who_expects_a_refusal_sends_wrong_requests, 0, COUNT(intents));
    tcase_add_test(files, controls_change_requests);
    tcase_add_test(files, fixtures_are_included);
    tcase_add_test(files, the_environment_is_closed);
    tcase_add_test(files, lint_hears_of_old_words);
    tcase_add_test(files, folders_are_read_in_order);
    tcase_add_test(files, single_files_are_sorted_too);
    tcase_add_test(files, folders_that_give_nothing_are_mistakes);
    tcase_add_test(files, folders_are_nested_sixteen_deep);
    tcase_add_test(files, links_to_suites_are_refused);
    tcase_add_loop_test(files, slips_get_a_suggestion, 0, COUNT(slips));
    tcase_add_loop_test(words, globs_match, 0, COUNT(globs));
    tcase_add_test(words, costly_globs_end);
    tcase_add_test(words, distances);
    tcase_add_loop_test(words, pointers_lead_to_values, 0, COUNT(pointers));
    tcase_add_loop_test(words, changes_leave_the_old_document, 0, COUNT(changes));
    suite_add_tcase(suite, files);
    suite_add_tcase(suite, words);
    return suite;
}

TEST_MAIN(suite_suite)
