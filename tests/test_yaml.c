/* test_yaml.c: YAML becomes the JSON that it means, or one sentence with the right place; bounds hold on both sides; nothing outside of the
 * folder is read. */
#include "harness/yaml/yaml.h"
#include "tests/folder.h"
#include "tests/testing.h"

#include <errno.h>
#include <sys/resource.h>

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif

static char why[1024];

static bool read_text(struct yaml_text *text, const char *bytes, size_t length, const struct yaml_limits *limits)
{
    *text = (struct yaml_text){0};
    why[0] = '\0';
    return yaml_read_bytes(text, "", "x.yaml", bytes, length, limits, why, sizeof why);
}

static void expect_json(const char *yaml, const char *json)
{
    struct yaml_text text;
    ck_assert_msg(read_text(&text, yaml, strlen(yaml), NULL), "%s\ngives: %s", yaml, why);
    ck_assert_str_eq(text.json, json);
    ck_assert_uint_eq(text.length, strlen(json));
    yaml_clear(&text);
}

/* --- scalars */

static const struct {
    const char *yaml, *json;
    bool warns; /* older readers would take it for something else */
} scalars[] = {
    {"null", "null", false},
    {"Null", "null", false},
    {"NULL", "null", false},
    {"~", "null", false},
    {"", "null", false},
    {"nULL", "\"nULL\"", false},
    {"none", "\"none\"", false},
    {"true", "true", false},
    {"True", "true", false},
    {"TRUE", "true", false},
    {"tRue", "\"tRue\"", false},
    {"false", "false", false},
    {"False", "false", false},
    {"FALSE", "false", false},
    {"yes", "\"yes\"", true},
    {"Yes", "\"Yes\"", true},
    {"no", "\"no\"", true},
    {"NO", "\"NO\"", true},
    {"on", "\"on\"", true},
    {"Off", "\"Off\"", true},
    {"y", "\"y\"", true},
    {"n", "\"n\"", true},
    {"0", "0", false},
    {"-0", "-0", false},
    {"12", "12", false},
    {"-12", "-12", false},
    {"+12", "12", false},
    {"010", "\"010\"", true},
    {"00", "\"00\"", true},
    {"-07", "\"-07\"", true},
    {"01.5", "\"01.5\"", false},
    {"1_000", "\"1_000\"", true},
    {"12:30", "\"12:30\"", true},
    {"12:30:45", "\"12:30:45\"", true},
    {"2024-01-31", "\"2024-01-31\"", true},
    {"gpt-4-0613", "\"gpt-4-0613\"", false},
    {"0x1F", "31", false},
    {"0xffffffffffffffff", "18446744073709551615", false},
    {"0xg", "\"0xg\"", false},
    {"-0x1F", "\"-0x1F\"", false},
    {"0o17", "15", false},
    {"0o8", "\"0o8\"", false},
    {"0b101", "\"0b101\"", false},
    {"1.5", "1.5", false},
    {"1.50", "1.50", false},
    {".5", "0.5", false},
    {"-.5", "-0.5", false},
    {"1.", "1.0", false},
    {"1e3", "1e3", false},
    {"1E+3", "1E+3", false},
    {"1.5e-3", "1.5e-3", false},
    {"1e", "\"1e\"", false},
    {".", "\".\"", false},
    {"-", NULL, false},
    {"1.2.3", "\"1.2.3\"", false},
    {"9007199254740993", "9007199254740993", false},
    {"123456789012345678901234567890", "123456789012345678901234567890", false},
    {"1e999", "1e999", false},
    {"Infinity", "\"Infinity\"", false},
    {"NaN", "\"NaN\"", false},
    {"hello world", "\"hello world\"", false},
    {"\"true\"", "\"true\"", false},
    {"'12'", "\"12\"", false},
    {"\"no\"", "\"no\"", false},
    {"!!str 12", "\"12\"", false},
    {"!!str", "\"\"", false},
    {"!!int \"12\"", "12", false},
    {"!!float 1", "1.0", false},
    {"!!float 1.5", "1.5", false},
    {"!!bool \"true\"", "true", false},
    {"!!null \"\"", "null", false},
    {"!!seq []", "[]", false},
    {"!!map {}", "{}", false},
};

START_TEST(plain_scalars_have_core_types)
{
    char yaml[128], json[128];
    if (!scalars[_i].json)
        return; /* see errors */
    snprintf(yaml, sizeof yaml, "a: %s\n", scalars[_i].yaml);
    snprintf(json, sizeof json, "{\"a\":%s}", scalars[_i].json);
    struct yaml_text text;
    ck_assert_msg(read_text(&text, yaml, strlen(yaml), NULL), "%s gives: %s", yaml, why);
    ck_assert_str_eq(text.json, json);
    ck_assert_msg((text.warnings != NULL) == scalars[_i].warns, "%s: warnings: %s", yaml, text.warnings ? text.warnings : "none");
    yaml_clear(&text);
}
END_TEST

START_TEST(warnings_have_places)
{
    struct yaml_text text;
    const char *yaml = "a: no\nb: [1, 010]\n";
    ck_assert(read_text(&text, yaml, strlen(yaml), NULL));
    ck_assert_str_eq(text.warnings, "x.yaml:1:4: no is text here, and a boolean to older readers of YAML: quote it\n"
                                    "x.yaml:2:8: 010 is text here, and an octal number to older readers of YAML: quote it\n");
    yaml_clear(&text);
}
END_TEST

/* --- structure */

static const char *const documents[][2] = {
    {"a: 1\nb: [x, {c: d}]\n", "{\"a\":1,\"b\":[\"x\",{\"c\":\"d\"}]}"},
    {"- a\n- - b\n  - c\n", "[\"a\",[\"b\",\"c\"]]"},
    {"just text", "\"just text\""},
    {"--- {a: 1}\n...\n", "{\"a\":1}"},
    {"%YAML 1.2\n---\na: 1\n", "{\"a\":1}"},
    {"\xEF\xBB\xBF" "a: 1", "{\"a\":1}"},
    {"a: &x [1, {b: 2}]\nc: *x\nd: [*x, *x]", "{\"a\":[1,{\"b\":2}],\"c\":[1,{\"b\":2}],\"d\":[[1,{\"b\":2}],[1,{\"b\":2}]]}"},
    {"a: &x 1\nb: &x 2\nc: *x", "{\"a\":1,\"b\":2,\"c\":2}"},
    {"a: &x\nb: *x", "{\"a\":null,\"b\":null}"},
    {"a: &x !!str 1\nb: *x", "{\"a\":\"1\",\"b\":\"1\"}"},
    {"\"<<\": 1", "{\"<<\":1}"},
    {"\"\": 1", "{\"\":1}"},
    {"1: a\ntrue: b\n~: c", "{\"1\":\"a\",\"true\":\"b\",\"~\":\"c\"}"},
    {"/usage/x: 1", "{\"/usage/x\":1}"},
    {"a: \"q\\\"b\\\\c\\n\\t\\u00e9\\0\"", "{\"a\":\"q\\\"b\\\\c\\u000a\\u0009\xC3\xA9\\u0000\"}"},
    {"a: |\n  {\"x\":\n   1}\n", "{\"a\":\"{\\\"x\\\":\\u000a 1}\\u000a\"}"},
    {"a: >-\n  one\n  two\n", "{\"a\":\"one two\"}"},
    {"{\"a\": [1, 2.50, true, null, \"x\"]}", "{\"a\":[1,2.50,true,null,\"x\"]}"},
    {"a: 'it''s'", "{\"a\":\"it's\"}"},
    {"\xC3\xA4: \xF0\x9F\x98\x80", "{\"\xC3\xA4\":\"\xF0\x9F\x98\x80\"}"},
    {"{}", "{}"},
    {"[]", "[]"},
    {"? a\n: 1", "{\"a\":1}"},
};

START_TEST(documents_become_json)
{
    expect_json(documents[_i][0], documents[_i][1]);
}
END_TEST

static const struct {
    const char *yaml, *says;
} errors[] = {
    {"", "x.yaml:1:1: the file is empty"},
    {"# nothing\n", "x.yaml:1:1: the file is empty"},
    {"a: 1\nb: 2\na: 3\n", "x.yaml:3:1: the key \"a\" is given twice, first in line 1"},
    {"x:\n  - {b: 1, c: 2, \"b\": 3}\n", "x.yaml:2:18: the key \"b\" is given twice, first in line 2"},
    {"b: 1\na: 1\na: 2\nb: 2\n", "x.yaml:3:1: the key \"a\" is given twice, first in line 2"},
    {"a: 1\n\"a\": 2\n", "x.yaml:2:1: the key \"a\" is given twice, first in line 1"},
    {"a: 1\n---\nb: 2\n", "x.yaml:2:1: a second document begins here; a file holds one"},
    {"a: &x [1, *x]\n", "x.yaml:1:11: *x stands inside of &x itself"},
    {"a: *x\nb: &x 1\n", "x.yaml:1:4: *x stands for nothing: no &x comes before it"},
    {"&x a: 1\n", "x.yaml:1:1: a key cannot have an anchor"},
    {"a: &x b\n*x : 1\n", "x.yaml:2:1: an alias cannot be a key"},
    {"a: &x {b: 1}\nc:\n  <<: *x\n", "x.yaml:3:3: merge keys (<<) are not known: put what is shared under \"defaults\""},
    {": 1\n", "x.yaml:1:1: did not find expected key while parsing a block mapping"},
    {"?\n: 1\n", "x.yaml:1:2: a key is missing before the colon"},
    {"? [a, b]\n: 1\n", "x.yaml:1:3: a key must be text, not a list or map"},
    {"? {a: b}\n: 1\n", "x.yaml:1:3: a key must be text, not a list or map"},
    {"!!int 1: a\n", "x.yaml:1:1: a key cannot have a tag"},
    {"\"a\\0b\": 1\n", "x.yaml:1:1: a key cannot hold a NUL character"},
    {"a: !python 1\n", "x.yaml:1:4: the tag !python is not known; !include and the core types (!!str ...) are"},
    {"a: !!python/object 1\n",
     "x.yaml:1:4: the tag tag:yaml.org,2002:python/object is not known; !include and the core types (!!str ...) are"},
    {"a: !!set {b}\n", "x.yaml:1:4: the tag tag:yaml.org,2002:set is not known; !include and the core types (!!str ...) are"},
    {"a: !!seq {}\n", "x.yaml:1:4: the tag tag:yaml.org,2002:seq is not known; !include and the core types (!!str ...) are"},
    {"a: !!int abc\n", "x.yaml:1:4: \"abc\" is no !!int"},
    {"a: !!bool 1\n", "x.yaml:1:4: \"1\" is no !!bool"},
    {"a: !!null x\n", "x.yaml:1:4: \"x\" is no !!null"},
    {"a: !!map x\n", "x.yaml:1:4: the tag tag:yaml.org,2002:map is not known; !include and the core types (!!str ...) are"},
    {"a: .inf\n", "x.yaml:1:4: JSON has no number .inf; quote it if it is text"},
    {"a: [1, -.INF]\n", "x.yaml:1:8: JSON has no number -.INF; quote it if it is text"},
    {"a: .nan\n", "x.yaml:1:4: JSON has no number .nan; quote it if it is text"},
    {"a: 0x10000000000000000\n", "x.yaml:1:4: the number 0x10000000000000000 is too long; quote it if it is text"},
    {"a: b: c\n", "x.yaml:1:5: mapping values are not allowed in this context; text that holds \": \" needs quotes"},
    {"a:\n\tb: 1\n",
     "x.yaml:2:1: found character that cannot start any token; tabs cannot indent, and text that begins with @, % or ` needs quotes"},
    {"a: @b\n", "x.yaml:1:4: found character that cannot start any token; tabs cannot indent, and text that begins with @, % or ` needs quotes"},
    {"a: *.json\n", "x.yaml:1:5: did not find expected alphabetic or numeric character; text that begins with * or & needs quotes"},
    {"a: \"\\ud800\"\n",
     "x.yaml:1:7: found invalid Unicode character escape code; write the character itself, or raw JSON in a block literal (|)"},
    {"a: \"x\n", "x.yaml:2:1: found unexpected end of stream while scanning a quoted scalar that begins in line 1"},
    {"a: [1, 2\nb: 3\n", "x.yaml:2:2: did not find expected ',' or ']' while parsing a flow sequence that begins in line 1"},
    {"a: {b: 1\n", "x.yaml:2:1: did not find expected ',' or '}' while parsing a flow mapping that begins in line 1"},
    {"a:\n  - b\n c: 1\n", "x.yaml:3:2: did not find expected key while parsing a block mapping that begins in line 1"},
    {"- a\nb: 1\n", "x.yaml:2:1: did not find expected '-' indicator while parsing a block collection that begins in line 1"},
    {"%YAML 2.0\n---\na: 1\n", "x.yaml:1:1: found incompatible YAML document"},
    {"a: !x!y 1\n", "x.yaml:1:4: found undefined tag handle while parsing a node"},
    {"\xC3\xA4: ok\nb: \xFF\n", "x.yaml:2:4: invalid leading UTF-8 octet"},
    {"\xC3\xA4\xC3\xA4: \xC0\xAF\n", "x.yaml:1:5: invalid length of a UTF-8 sequence"},
    {"a: \xED\xA0\x80\n", "x.yaml:1:4: invalid Unicode character"},
    {"a: b\x01\n", "x.yaml:1:5: control characters are not allowed"},
    {"a: \xE2\x82", "x.yaml:1:4: incomplete UTF-8 octet sequence"},
    {"\xFF\xFE" "a:", "x.yaml:1:1: the file is UTF-16; only UTF-8 is read"},
    {"\xFE\xFF" "a:", "x.yaml:1:1: the file is UTF-16; only UTF-8 is read"},
    {"a: !include\n", "x.yaml:1:4: cannot include : no file is named"},
    {"a: !include [b]\n", "x.yaml:1:4: the tag !include is not known; !include and the core types (!!str ...) are"},
    {"a: \"\\e[31m\"\n\"\\e[31m\": 1\n\"\\e[31m\": 2\n", "x.yaml:3:1: the key \"\\u001b[31m\" is given twice, first in line 2"},
    {"a: !!int \"\\e[31m\"\n", "x.yaml:1:4: \"?[31m\" is no !!int"},
};

START_TEST(mistakes_have_a_sentence_and_a_place)
{
    struct yaml_text text;
    ck_assert_msg(!read_text(&text, errors[_i].yaml, strlen(errors[_i].yaml), NULL), "was read: %s", errors[_i].yaml);
    ck_assert_str_eq(why, errors[_i].says);
    ck_assert_ptr_null(text.json);
    ck_assert_ptr_null(text.files);
}
END_TEST

START_TEST(utf16_without_mark_is_refused)
{
    struct yaml_text text;
    ck_assert(!read_text(&text, "a\0:\0 \0b\0", 8, NULL));
    ck_assert_str_eq(why, "x.yaml:1:2: control characters are not allowed");
}
END_TEST

/* --- bounds: at the limit, and one more */

/* `count` copies of a text after one another; the caller frees it. */
static char *repeat(const char *before, const char *text, size_t count, const char *after, size_t *length)
{
    size_t each = strlen(text), used = strlen(before);
    char *all = malloc(used + each * count + strlen(after) + 1);
    ck_assert_ptr_nonnull(all);
    memcpy(all, before, used);
    for (size_t i = 0; i < count; i++, used += each)
        memcpy(all + used, text, each);
    memcpy(all + used, after, strlen(after) + 1);
    *length = used + strlen(after);
    return all;
}

/* The same with a number for each copy: "&1 x", "&2 x" ... */
static char *number(const char *before, const char *format, size_t count, const char *after, size_t *length)
{
    size_t room = strlen(before) + (strlen(format) + 24) * count + strlen(after) + 1, used = strlen(before);
    char *all = malloc(room), piece[128];
    ck_assert_ptr_nonnull(all);
    memcpy(all, before, used + 1);
    for (size_t i = 0; i < count; i++) {
        const char *hash = strchr(format, '#');
        int each = snprintf(piece, sizeof piece, "%.*s%zu%s", (int)(hash - format), format, i, hash + 1);
        memcpy(all + used, piece, (size_t)each + 1);
        used += (size_t)each;
    }
    memcpy(all + used, after, strlen(after) + 1);
    *length = used + strlen(after);
    return all;
}

typedef char *make_fn(size_t count, size_t *length);

static char *of_bytes(size_t count, size_t *length) { return repeat("a: b #", "x", count - 6, "", length); }
static char *of_depth(size_t count, size_t *length)
{
    size_t half;
    char *open = repeat("", "[", count, "", &half), *close = repeat(open, "]", count, "", length);
    free(open);
    return close;
}
static char *of_events(size_t count, size_t *length) { return repeat("[", "a,", count - 2, "]", length); }
static char *of_anchors(size_t count, size_t *length) { return number("[", "&x# a,", count, "]", length); }
static char *of_aliases(size_t count, size_t *length) { return repeat("[&x a", ",*x", count, "]", length); }
static char *of_nodes(size_t count, size_t *length) { return repeat("[", "a,", count - 1, "]", length); }
static char *of_key_nodes(size_t count, size_t *length) { return number("{", "k#: 1,", (count - 1) / 2, "}", length); }
static char *of_alias_nodes(size_t count, size_t *length) { return repeat("[&x [1,2,3]", ",*x", (count - 5) / 4, "]", length); }
static char *of_scalar(size_t count, size_t *length) { return repeat("", "x", count, "", length); }

static const struct {
    const char *name;
    struct yaml_limits limits;
    size_t at, step; /* the largest document that is read, and how much more the next one has */
    make_fn *make;
    const char *says; /* before the number of the limit */
    size_t number;    /* when it is not `at` */
} bounds[] = {
    {"file", {0}, 1 << 20, 1, of_bytes, "it is longer than", 0},
    {"file", {.file = 100}, 100, 1, of_bytes, "it is longer than", 0},
    {"depth", {0}, 32, 1, of_depth, "the nesting is deeper than", 0},
    {"depth", {.depth = 5}, 5, 1, of_depth, "the nesting is deeper than", 0},
    {"events", {.nodes = 500000}, 100000, 1, of_events, "there are more than", 0},
    {"events", {.events = 20}, 20, 1, of_events, "there are more than", 0},
    {"anchors", {0}, 64, 1, of_anchors, "there are more than", 0},
    {"anchors", {.anchors = 3}, 3, 1, of_anchors, "there are more than", 0},
    {"aliases", {0}, 64, 1, of_aliases, "there are more than", 0},
    {"aliases", {.aliases = 3}, 3, 1, of_aliases, "there are more than", 0},
    {"nodes", {.events = 1000000}, 50000, 1, of_nodes, "there are more than", 0},
    {"nodes", {.nodes = 9}, 9, 1, of_nodes, "there are more than", 0},
    {"nodes of maps", {.nodes = 10}, 9, 2, of_key_nodes, "there are more than", 10},
    {"nodes of aliases", {.nodes = 42}, 41, 4, of_alias_nodes, "there are more than", 42},
    {"scalar", {0}, 256 << 10, 1, of_scalar, "the text is longer than", 0},
    {"scalar", {.scalar = 9}, 9, 1, of_scalar, "the text is longer than", 0},
};

START_TEST(limits_hold_on_both_sides)
{
    struct yaml_text text;
    size_t length;
    char *yaml = bounds[_i].make(bounds[_i].at, &length), says[200];
    ck_assert_msg(read_text(&text, yaml, length, &bounds[_i].limits), "%s at %zu: %s", bounds[_i].name, bounds[_i].at, why);
    yaml_clear(&text);
    free(yaml);
    yaml = bounds[_i].make(bounds[_i].at + bounds[_i].step, &length);
    ck_assert_msg(!read_text(&text, yaml, length, &bounds[_i].limits), "%s above %zu was read", bounds[_i].name, bounds[_i].at);
    snprintf(says, sizeof says, "%s %zu ", bounds[_i].says, bounds[_i].number ? bounds[_i].number : bounds[_i].at);
    if (strstr(bounds[_i].name, "depth"))
        says[strlen(says) - 1] = '\0';
    ck_assert_msg(strstr(why, says) != NULL, "%s: %s", bounds[_i].name, why);
    free(yaml);
}
END_TEST

START_TEST(limits_have_hard_caps)
{
    const struct yaml_limits all = {.depth = 100000};
    struct yaml_text text;
    size_t length;
    char *yaml = of_depth(128, &length);
    ck_assert_msg(read_text(&text, yaml, length, &all), "%s", why);
    yaml_clear(&text);
    free(yaml);
    yaml = of_depth(129, &length);
    ck_assert(!read_text(&text, yaml, length, &all));
    ck_assert_str_eq(why, "x.yaml:1:129: the nesting is deeper than 128");
    free(yaml);
}
END_TEST

START_TEST(the_json_text_is_bounded)
{
    struct yaml_text text;
    const struct yaml_limits less = {.total = 100};
    const char *fits = "[&x aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, *x, *x]", *over = "[&x aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, *x, *x]";
    ck_assert_msg(read_text(&text, fits, strlen(fits), &less), "%s", why);
    ck_assert_uint_eq(text.length, 100);
    yaml_clear(&text);
    ck_assert(!read_text(&text, over, strlen(over), &less));
    ck_assert_str_eq(why, "x.yaml:1:42: the file comes to more than 100 bytes of JSON");
}
END_TEST

/* --- bombs: the time limit of the test is what they must keep */

static char *laughs(size_t *length)
{
    char *text = malloc(4096);
    size_t used = 0;
    ck_assert_ptr_nonnull(text);
    used += (size_t)snprintf(text, 4096, "a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
    for (int i = 1; i < 9; i++)
        used += (size_t)snprintf(text + used, 4096 - used, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i, i - 1, i - 1,
                                 i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    *length = used;
    return text;
}
static char *many_open(size_t *length) { return repeat("", "[", 100000, "", length); }
static char *many_maps(size_t *length) { return repeat("", "{a: ", 100000, "", length); }
static char *many_braces(size_t *length) { return repeat("", "{", 100000, "", length); }
static char *many_anchors(size_t *length) { return number("[", "&a# x,", 70000, "]", length); }
static char *many_dashes(size_t *length) { return repeat("", "- ", 1000000 / 2, "x", length); }
static char *many_questions(size_t *length) { return repeat("", "? ", 1000000 / 2, "x", length); }
static char *huge_scalar(size_t *length) { return repeat("a: ", "x", 10000000, "", length); }
static char *large_scalar(size_t *length) { return repeat("a: ", "x", 1000000, "", length); }
static char *huge_comment(size_t *length) { return repeat("# ", "x", 1048570, "", length); }
static char *many_keys(size_t *length) { return number("", "k#: 1\n", 24000, "k0: 2\n", length); }
static char *long_key(size_t *length) { return repeat("", "k", 2000, ": 1\n", length); }

static const struct {
    const char *name;
    char *(*make)(size_t *length);
    const char *says;
} bombs[] = {
    {"billion laughs", laughs, "x.yaml:5:30: there are more than 50000 keys and values once aliases are expanded"},
    {"open lists", many_open, "x.yaml:1:33: the nesting is deeper than 32"},
    {"open maps", many_maps, "x.yaml:1:129: the nesting is deeper than 32"},
    {"open braces", many_braces, "x.yaml:1:2: a key must be text, not a list or map"},
    {"anchors", many_anchors, "there are more than 64 anchors"},
    {"block lists", many_dashes, "x.yaml:1:65: the nesting is deeper than 32"},
    {"block maps", many_questions, "x.yaml:1:3: a key must be text, not a list or map"},
    {"scalar of 10 MB", huge_scalar, "x.yaml: it is longer than 1048576 bytes"},
    {"scalar of 1 MB", large_scalar, "x.yaml:1:4: the text is longer than 262144 bytes"},
    {"comment of 1 MB", huge_comment, "x.yaml:1:1: the file is empty"},
    {"keys", many_keys, "x.yaml:24001:1: the key \"k0\" is given twice, first in line 1"},
    {"long key", long_key, NULL},
};

START_TEST(bombs_end_soon_in_little_memory)
{
    struct yaml_text text;
    struct rusage before, after;
    size_t length;
    char *yaml = bombs[_i].make(&length);
    getrusage(RUSAGE_SELF, &before);
    ck_assert(!read_text(&text, yaml, length, NULL));
    getrusage(RUSAGE_SELF, &after);
    if (bombs[_i].says)
        ck_assert_msg(strstr(why, bombs[_i].says) != NULL, "%s: %s", bombs[_i].name, why);
#ifndef SANITIZED
    ck_assert_msg(after.ru_maxrss - before.ru_maxrss < 32 << 10, "%s took %ld KiB", bombs[_i].name, after.ru_maxrss - before.ru_maxrss);
#endif
    free(yaml);
}
END_TEST

/* --- places */

static void expect_place(const struct yaml_text *text, const char *pointer, bool key, const char *place)
{
    char found[200];
    const char *file;
    size_t line, column;
    yaml_place(text, yaml_find(text, pointer, key), &file, &line, &column);
    snprintf(found, sizeof found, "%s:%zu:%zu", file, line, column);
    ck_assert_msg(strcmp(found, place) == 0, "%s is at %s, not at %s", pointer, found, place);
}

START_TEST(places_are_found_again)
{
    struct yaml_text text;
    const char *yaml = "a: 1\nlist:\n  - x\n  - {k: v, \xC3\xA4: [1, 22]}\n\"s/l~sh\":\n    deep: &d {q: [a]}\nalias: *d\n";
    ck_assert_msg(read_text(&text, yaml, strlen(yaml), NULL), "%s", why);
    expect_place(&text, "", false, "x.yaml:1:1");
    expect_place(&text, "/a", false, "x.yaml:1:4");
    expect_place(&text, "/a", true, "x.yaml:1:1");
    expect_place(&text, "/list", false, "x.yaml:3:3");
    expect_place(&text, "/list", true, "x.yaml:2:1");
    expect_place(&text, "/list/0", false, "x.yaml:3:5");
    expect_place(&text, "/list/1/k", true, "x.yaml:4:6");
    expect_place(&text, "/list/1/\xC3\xA4/1", false, "x.yaml:4:19");
    expect_place(&text, "/s~1l~0sh/deep/q", false, "x.yaml:6:18");
    expect_place(&text, "/alias", false, "x.yaml:7:8");
    expect_place(&text, "/alias/q/0", false, "x.yaml:6:19"); /* what is inside stands at the anchor */
    expect_place(&text, "/list/1/none/x", false, "x.yaml:4:5"); /* what is not there: around it */
    expect_place(&text, "/list/7", false, "x.yaml:3:3");
    expect_place(&text, "/a/b", false, "x.yaml:1:4");
    yaml_clear(&text);
}
END_TEST

START_TEST(the_object_is_the_same_document)
{
    struct yaml_text text;
    struct json_object *value;
    const char *yaml = "a: [1, 2.50, \"x\"]\nb: {c: null}\n";
    ck_assert(read_text(&text, yaml, strlen(yaml), NULL));
    ck_assert(json_object_object_get_ex(text.object, "a", &value));
    ck_assert_uint_eq(json_object_array_length(value), 3);
    ck_assert_str_eq(json_object_to_json_string_ext(text.object, JSON_C_TO_STRING_PLAIN), text.json);
    yaml_clear(&text);
}
END_TEST

/* --- includes */

static bool read_file(struct yaml_text *text, const char *root, const char *name, const struct yaml_limits *limits)
{
    *text = (struct yaml_text){0};
    why[0] = '\0';
    return yaml_read(text, root, name, limits, why, sizeof why);
}

static void make_tree(void)
{
    ck_assert_int_eq(mkdir("root", 0700), 0);
    ck_assert_int_eq(mkdir("root/sub", 0700), 0);
    folder_write("secret.json", "{\"secret\": 1}");
    folder_write("root/one.json", "{\"a\": [1,\n  2.50, \"x\"],\n \"b\": null}\n");
    folder_write("root/part.yaml", "k: &x [1]\nl: *x\n");
    folder_write("root/sub/up.yaml", "u: !include ../one.json\n");
}

START_TEST(json_is_included_as_it_stands)
{
    struct yaml_text text;
    make_tree();
    folder_write("root/x.yaml", "t: &t !include one.json\nu: 5\nv: *t\n");
    ck_assert_msg(read_file(&text, "root", "x.yaml", NULL), "%s", why);
    ck_assert_uint_eq(text.file_count, 2);
    ck_assert_str_eq(text.files[0], "root/x.yaml");
    expect_place(&text, "/t", false, "root/one.json:1:1");
    expect_place(&text, "/t/a/1", false, "root/one.json:2:3");
    expect_place(&text, "/t/b", true, "root/one.json:3:2");
    expect_place(&text, "/u", false, "root/x.yaml:2:4");
    expect_place(&text, "/v/a/2", false, "root/one.json:2:9");
    yaml_clear(&text);
}
END_TEST

START_TEST(yaml_is_included_with_anchors_of_its_own)
{
    struct yaml_text text;
    make_tree();
    folder_write("root/x.yaml", "a: &x 7\nb: !include part.yaml\nc: !include sub/up.yaml\nd: *x\n");
    ck_assert_msg(read_file(&text, "root", "x.yaml", NULL), "%s", why);
    ck_assert_str_eq(json_object_to_json_string_ext(text.object, JSON_C_TO_STRING_PLAIN),
                     "{\"a\":7,\"b\":{\"k\":[1],\"l\":[1]},\"c\":{\"u\":{\"a\":[1,2.50,\"x\"],\"b\":null}},\"d\":7}");
    expect_place(&text, "/b/l/0", false, "root/part.yaml:1:8");
    expect_place(&text, "/c/u/a", true, "root/one.json:1:2");
    expect_place(&text, "/d", false, "root/x.yaml:4:4");
    yaml_clear(&text);
    folder_write("root/y.yaml", "b: !include part.yaml\nc: *x\n");
    ck_assert(!read_file(&text, "root", "y.yaml", NULL));
    ck_assert_str_eq(why, "root/y.yaml:2:4: *x stands for nothing: no &x comes before it");
}
END_TEST

static const struct {
    const char *name, *says;
} refused[] = {
    {"../secret.json", "it leaves the folder of the suites"},
    {"sub/../../secret.json", "it leaves the folder of the suites"},
    {"sub/../..", "it leaves the folder of the suites"},
    {"/etc/hostname", "the path must be relative"},
    {"/proc/self/environ", "the path must be relative"},
    {"link.json", "it is a symbolic link"},
    {"linked/secret.json", "a part of the path is not a folder"},
    {"one.json/x.json", "a part of the path is not a folder"},
    {"none.json", "No such file or directory"},
    {"none/one.json", "No such file or directory"},
    {"pipe.json", "it is not a regular file"},
    {"folder.json", "it is not a regular file"},
    {"x.txt", "only .json and .yaml files can be included"},
    {".json", "only .json and .yaml files can be included"},
    {"sub/..", "no file is named"},
    {"x.yaml", "it includes itself"},
    {"bad.json", "line 1, column 6:"},
    {"bom.json", "it begins with a byte order mark"},
    {"large.json", "it is longer than 1048576 bytes"},
};

START_TEST(only_files_of_the_folder_are_included)
{
    struct yaml_text text;
    char yaml[200], says[200];
    size_t length;
    make_tree();
    char *large = repeat("[", " ", 1 << 20, "]", &length);
    folder_write("root/large.json", large);
    free(large);
    folder_write("root/bad.json", "{\"a\":}");
    folder_write("root/bom.json", "\xEF\xBB\xBF{}");
    folder_write("root/x.txt", "{}");
    ck_assert_int_eq(symlink("../secret.json", "root/link.json"), 0);
    ck_assert_int_eq(symlink("..", "root/linked"), 0);
    ck_assert_int_eq(mkfifo("root/pipe.json", 0600), 0);
    ck_assert_int_eq(mkdir("root/folder.json", 0700), 0);
    snprintf(yaml, sizeof yaml, "a: !include %s\n", refused[_i].name);
    folder_write("root/x.yaml", yaml);
    ck_assert_msg(!read_file(&text, "root", "x.yaml", NULL), "%s was included", refused[_i].name);
    snprintf(says, sizeof says, "root/x.yaml:1:4: cannot include %s: %s", refused[_i].name, refused[_i].says);
    ck_assert_msg(strstr(why, refused[_i].says) != NULL && strncmp(why, "root/x.yaml:1:4: cannot include ", 32) == 0, "%s", why);
}
END_TEST

START_TEST(odd_names_are_refused)
{
    struct yaml_text text;
    size_t length;
    make_tree();
    char *name = repeat("a: !include ", "n", 300, ".json\n", &length);
    folder_write("root/x.yaml", name);
    ck_assert(!read_file(&text, "root", "x.yaml", NULL));
    ck_assert_msg(strstr(why, "File name too long") != NULL, "%s", why);
    free(name);
    name = repeat("a: !include ", "n/", 3000, "x.json\n", &length);
    folder_write("root/x.yaml", name);
    ck_assert(!read_file(&text, "root", "x.yaml", NULL));
    ck_assert_msg(strstr(why, "the path is too long") != NULL, "%s", why);
    free(name);
    folder_write("root/x.yaml", "a: !include \"one.json\\0.json\"\n");
    ck_assert(!read_file(&text, "root", "x.yaml", NULL));
    ck_assert_str_eq(why, "root/x.yaml:1:4: cannot include one.json?.json: the name holds a NUL character");
}
END_TEST

START_TEST(includes_are_bounded)
{
    struct yaml_text text;
    const struct yaml_limits two = {.files = 2}, flat = {.nesting = 1}, small = {.total = 60}, deep = {.depth = 3}, few = {.nodes = 9};
    make_tree();
    folder_write("root/x.yaml", "- !include one.json\n- !include one.json\n");
    ck_assert_msg(read_file(&text, "root", "x.yaml", &two), "%s", why);
    yaml_clear(&text);
    folder_write("root/y.yaml", "- !include one.json\n- !include one.json\n- !include one.json\n");
    ck_assert(!read_file(&text, "root", "y.yaml", &two));
    ck_assert_str_eq(why, "root/y.yaml:3:3: cannot include one.json: more than 2 files are included");
    folder_write("root/x.yaml", "- !include part.yaml\n");
    ck_assert_msg(read_file(&text, "root", "x.yaml", &flat), "%s", why);
    yaml_clear(&text);
    folder_write("root/y.yaml", "- !include sub/up.yaml\n");
    ck_assert(!read_file(&text, "root", "y.yaml", &flat));
    ck_assert_str_eq(why, "root/sub/up.yaml:1:4: cannot include one.json: includes are nested deeper than 1");
    ck_assert_msg(read_file(&text, "root", "x.yaml", &small), "%s", why);
    yaml_clear(&text);
    folder_write("root/z.yaml", "- !include one.json\n- !include one.json\n");
    ck_assert(!read_file(&text, "root", "z.yaml", &small));
    ck_assert_str_eq(why, "root/z.yaml:1:3: cannot include one.json: all files together are longer than 60 bytes");
    ck_assert_msg(read_file(&text, "root", "x.yaml", &deep), "%s", why);
    yaml_clear(&text);
    folder_write("root/w.yaml", "- - !include part.yaml\n");
    ck_assert(!read_file(&text, "root", "w.yaml", &deep));
    ck_assert_str_eq(why, "root/part.yaml:1:4: the nesting is deeper than 3");
    folder_write("root/v.yaml", "- !include one.json\n");
    ck_assert_msg(read_file(&text, "root", "v.yaml", &few), "%s", why);
    yaml_clear(&text);
    folder_write("root/v.yaml", "- 1\n- !include one.json\n");
    ck_assert(!read_file(&text, "root", "v.yaml", &few));
    ck_assert_str_eq(why, "root/v.yaml:2:3: there are more than 9 keys and values");
}
END_TEST

START_TEST(loops_of_includes_end)
{
    struct yaml_text text;
    ck_assert_int_eq(mkdir("root", 0700), 0);
    folder_write("root/a.yaml", "x: !include b.yaml\n");
    folder_write("root/b.yaml", "y: !include a.yaml\n");
    ck_assert(!read_file(&text, "root", "a.yaml", NULL));
    ck_assert_str_eq(why, "root/b.yaml:1:4: cannot include a.yaml: it includes itself");
}
END_TEST

START_TEST(files_that_cannot_be_read)
{
    struct yaml_text text;
    ck_assert(!read_file(&text, "", "none.yaml", NULL));
    ck_assert_str_eq(why, "none.yaml: No such file or directory");
    ck_assert(!read_file(&text, "", ".", NULL));
    ck_assert_str_eq(why, ".: it is not a regular file");
    ck_assert_int_eq(mkfifo("pipe.yaml", 0600), 0);
    ck_assert(!read_file(&text, "", "pipe.yaml", NULL));
    ck_assert_str_eq(why, "pipe.yaml: it is not a regular file");
    ck_assert(!read_file(&text, "/dev", "zero", NULL));
    ck_assert_str_eq(why, "/dev/zero: it is not a regular file");
}
END_TEST

static Suite *yaml_suite(void)
{
    Suite *suite = suite_create("yaml");
    TCase *text = tcase_create("text"), *files = tcase_create("files"), *limits = tcase_create("limits");
    tcase_add_loop_test(text, plain_scalars_have_core_types, 0, COUNT(scalars));
    tcase_add_test(text, warnings_have_places);
    tcase_add_loop_test(text, documents_become_json, 0, COUNT(documents));
    tcase_add_loop_test(text, mistakes_have_a_sentence_and_a_place, 0, COUNT(errors));
    tcase_add_test(text, utf16_without_mark_is_refused);
    tcase_add_test(text, places_are_found_again);
    tcase_add_test(text, the_object_is_the_same_document);
    tcase_add_loop_test(limits, limits_hold_on_both_sides, 0, COUNT(bounds));
    tcase_add_test(limits, limits_have_hard_caps);
    tcase_add_test(limits, the_json_text_is_bounded);
    tcase_add_loop_test(limits, bombs_end_soon_in_little_memory, 0, COUNT(bombs));
    tcase_set_timeout(limits, 20);
    tcase_add_checked_fixture(files, folder_make, folder_remove);
    tcase_add_test(files, json_is_included_as_it_stands);
    tcase_add_test(files, yaml_is_included_with_anchors_of_its_own);
    tcase_add_loop_test(files, only_files_of_the_folder_are_included, 0, COUNT(refused));
    tcase_add_test(files, odd_names_are_refused);
    tcase_add_test(files, includes_are_bounded);
    tcase_add_test(files, loops_of_includes_end);
    tcase_add_test(files, files_that_cannot_be_read);
    suite_add_tcase(suite, text);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, files);
    return suite;
}

TEST_MAIN(yaml_suite)
