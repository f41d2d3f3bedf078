/* test_request_bounds.c: every bound of the request, at N and at N + 1, with documents made here and not from the tables: a table cannot
 * doubt itself. */
#include "tests/requesting.h"

/* True when the body has that finding. `alone`: and nothing else, deprecations apart. */
static bool has(unsigned profile, const char *body, size_t length, const char *id, bool alone)
{
    struct growing found = {0};
    found_in(profile, body, length, &found);
    char *at = strstr(found.text, id);
    bool whole = at && at[strlen(id)] == '@' && (at == found.text || at[-1] == ' ');
    bool only = at == found.text && !strchr(at ? at : "", ' ');
    if (alone && whole && !only) ck_abort_msg("more than %s: %s\n%.*s", id, found.text, (int)(length < 300 ? length : 300), body);
    free(found.text);
    return whole;
}

static void expect_bound(unsigned profile, const struct growing *body, const char *id, bool over)
{
    ck_assert_msg(has(profile, body->text, body->length, id, over) == over, "%s %s in\n  %.*s", id, over ? "is missing" : "is not true",
                  (int)(body->length < 600 ? body->length : 600), body->text);
    if (over) return;
    struct growing found = {0};
    found_in(profile, body->text, body->length, &found);
    ck_assert_str_eq(found.text, "");
    free(found.text);
}

/* --- how many */

#define HEAD "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
#define PARTS "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":["
#define POINT "{\"type\":\"text\",\"text\":\"Hi\",\"prompt_cache_breakpoint\":{\"mode\":\"explicit\"}}"

static const struct {
    const char *before, *item, *behind;
    size_t most;
    const char *id;
} lists[] = {
    {HEAD "\"tools\":[", "{\"type\":\"function\",\"function\":{\"name\":\"f#\"}}", "]}", 128, "request.tools.max_items"},
    {HEAD "\"functions\":[", "{\"name\":\"f#\"}", "]}", 128, "request.functions.max_items"},
    {HEAD "\"stop\":[", "\"s#\"", "]}", 4, "request.stop.max_items"},
    {HEAD "\"store\":true,\"metadata\":{", "\"k#\":\"v\"", "}}", 16, "request.metadata.max_properties"},
    {PARTS, "{\"type\":\"image_url\",\"image_url\":{\"url\":\"https://a/#.png\"}}", "]}]}", 500,
     "request.content_part.image_url.max_count"},
    {PARTS, POINT, "]}]}", 3, "request.content_part.prompt_cache_breakpoint.count"},
    {PARTS, POINT, "]}],\"prompt_cache_options\":{\"mode\":\"implicit\"}}", 3, "request.content_part.prompt_cache_breakpoint.count"},
    {PARTS, POINT, "]}],\"prompt_cache_options\":{\"mode\":\"explicit\"}}", 4, "request.content_part.prompt_cache_breakpoint.count"},
};

START_TEST(lists_of_n)
{
    for (size_t more = 0; more <= 1; more++) {
        struct growing body = {0};
        grow_text(&body, lists[_i].before);
        grow_list(&body, lists[_i].item, lists[_i].most + more);
        grow_text(&body, lists[_i].behind);
        expect_bound(CC_OPENAI, &body, lists[_i].id, more);
        free(body.text);
    }
}
END_TEST

START_TEST(calls_of_one_message)
{
    for (size_t n = 128; n <= 129; n++) {
        struct growing body = {0};
        grow_text(&body, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"tool_calls\":[");
        grow_list(&body, "{\"id\":\"c#\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}", n);
        grow_text(&body, "]},");
        grow_list(&body, "{\"role\":\"tool\",\"tool_call_id\":\"c#\",\"content\":\"ok\"}", n);
        grow_text(&body, "]}");
        expect_bound(CC_OPENAI, &body, "request.messages.assistant.tool_calls.max_items", n > 128);
        expect_found(CC_NEWAPI, body.text, body.length, "");
        free(body.text);
    }
}
END_TEST

/* --- how long: each text made of one character, which counts as one however it is written */

#define LETTER "a"
#define E_ACUTE "\xC3\xA9"
#define ESCAPED "\\u00e9"
#define PAIR "\\ud83d\\ude00"
#define EMOJI "\xF0\x9F\x98\x80"

#define KEY_IN HEAD "\"store\":true,\"metadata\":{\""
#define VALUE_IN HEAD "\"store\":true,\"metadata\":{\"k\":\""
#define ABOUT_IN HEAD "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\""

static const struct {
    const char *before, *letter, *behind;
    size_t most;
    const char *id;
} texts[] = {
    {KEY_IN, LETTER, "\":\"v\"}}", 64, "request.metadata.key.max_length"},
    {KEY_IN, E_ACUTE, "\":\"v\"}}", 64, "request.metadata.key.max_length"},
    {KEY_IN, PAIR, "\":\"v\"}}", 64, "request.metadata.key.max_length"},
    {VALUE_IN, LETTER, "\"}}", 512, "request.metadata.value.max_length"},
    {VALUE_IN, EMOJI, "\"}}", 512, "request.metadata.value.max_length"},
    {VALUE_IN, ESCAPED, "\"}}", 512, "request.metadata.value.max_length"},
    {HEAD "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"", LETTER, "\"}}]}", 64, "request.tools.function.name.length"},
    {HEAD "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"", LETTER, "\"}}]}", 64, "request.tools.custom.name.pattern"},
    {ABOUT_IN, LETTER, "\"}}]}", 1024, "request.tools.function.description.max_length"},
    {ABOUT_IN, E_ACUTE, "\"}}]}", 1024, "request.tools.function.description.max_length"},
    {HEAD "\"functions\":[{\"name\":\"", LETTER, "\"}]}", 64, "request.functions.item.name.length"},
    {HEAD "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"schema\":{},\"name\":\"", LETTER, "\"}}}", 64,
     "request.response_format.json_schema.name.length"},
    {HEAD "\"safety_identifier\":\"", LETTER, "\"}", 64, "request.safety_identifier.max_length"},
    {HEAD "\"prompt_cache_key\":\"", EMOJI, "\"}", 64, "request.prompt_cache_key.max_length"},
    {"{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\",\"name\":\"", LETTER, "\"}]}", 64,
     "request.messages.name.max_length"},
};

static void grow_times(struct growing *g, const char *letter, size_t n)
{
    while (n--) grow_text(g, letter);
}

START_TEST(texts_of_n)
{
    for (size_t more = 0; more <= 1; more++) {
        struct growing body = {0};
        grow_text(&body, texts[_i].before);
        grow_times(&body, texts[_i].letter, texts[_i].most + more);
        grow_text(&body, texts[_i].behind);
        expect_bound(CC_OPENAI, &body, texts[_i].id, more);
        free(body.text);
    }
}
END_TEST

static void grow_past_call(struct growing *g, size_t id_length, size_t name_length)
{
    grow_text(g, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"},");
    grow_text(g, "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"");
    grow_times(g, "c", id_length);
    grow_text(g, "\",\"type\":\"function\",\"function\":{\"name\":\"");
    grow_times(g, "f", name_length);
    grow_text(g, "\",\"arguments\":\"{}\"}}]},{\"role\":\"tool\",\"content\":\"ok\",\"tool_call_id\":\"");
    grow_times(g, "c", id_length);
    grow_text(g, "\"}]}");
}

START_TEST(ids_and_names_of_calls)
{
    for (size_t more = 0; more <= 1; more++) {
        struct growing id = {0}, name = {0};
        grow_past_call(&id, 40 + more, 1);
        expect_bound(CC_OPENAI, &id, "request.messages.assistant.tool_calls.id.max_length", more);
        expect_found(CC_NEWAPI, id.text, id.length, "");
        grow_past_call(&name, 1, 64 + more);
        expect_bound(CC_OPENAI, &name, "request.messages.assistant.tool_calls.function.name.non_empty", more);
        free(id.text);
        free(name.text);
    }
}
END_TEST

/* --- how much */

static const struct {
    const char *before, *id, *good, *bad; /* the values, with blanks between */
    unsigned profile;
} numbers[] = {
    {HEAD "\"n\":", "request.n.range", "1 2 128", "0 129 -1 1000000", CC_OPENAI},
    {HEAD "\"temperature\":", "request.temperature.range", "0 0.0 -0 1 2 2.0 2e0 0.2e1", "-0.1 2.1 2.0000001 1e1 -1e-3", CC_OPENAI},
    {HEAD "\"top_p\":", "request.top_p.range", "0 1 1.0 0.5 1e-9", "-0.0001 1.0001 2", CC_OPENAI},
    {HEAD "\"presence_penalty\":", "request.presence_penalty.range", "-2 2 0 -2.0", "-2.1 2.01 3", CC_OPENAI},
    {HEAD "\"frequency_penalty\":", "request.frequency_penalty.range", "-2 2 0 1.5", "-3 2.5 1e2", CC_OPENAI},
    {HEAD "\"logprobs\":true,\"top_logprobs\":", "request.top_logprobs.range", "0 5 20", "-1 21", CC_OPENAI},
    {HEAD "\"max_completion_tokens\":", "request.max_completion_tokens.min", "1 1000000", "0 -1", CC_OPENAI},
    {HEAD "\"max_tokens\":", "request.max_tokens.min", "1 2147483647", "0 -1", CC_OPENAI},
    {HEAD "\"max_tokens\":", "request.max_tokens.gateway_max", "1 1073741823", "1073741824", CC_NEWAPI},
    {HEAD "\"seed\":", "request.seed.range", "0 -1 9007199254740992",
     "9223372036854775808 -9223372036854775809 1000000000000000000000", CC_OPENAI},
};

START_TEST(numbers_within)
{
    for (int good = 0; good <= 1; good++) {
        const char *at = good ? numbers[_i].good : numbers[_i].bad;
        while (*at) {
            size_t length = strcspn(at, " ");
            struct growing body = {0};
            grow_text(&body, numbers[_i].before);
            grow(&body, at, length);
            grow_text(&body, "}");
            expect_bound(numbers[_i].profile, &body, numbers[_i].id, !good);
            free(body.text);
            at += length + (at[length] == ' ');
        }
    }
}
END_TEST

/* Within 64 bits, but beyond what a double holds: only the reader's warning. */
START_TEST(seeds_of_64_bits)
{
    static const char *const bodies[] = {BODY("seed": 9223372036854775807), BODY("seed": -9223372036854775808)};
    for (size_t i = 0; i < 2; i++) expect_found(CC_OPENAI, bodies[i], strlen(bodies[i]), "json.int_precision@/seed");
}
END_TEST

/* --- patterns of strict schemas: only so many bytes of them are compiled, so that nobody is kept busy */

static void patterns_before(size_t bytes, const char *expected)
{
    struct growing body = {0}, letters = {0};
    for (size_t i = 0; i < 1000; i++) grow_text(&letters, "a");
    grow_text(&body, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"response_format\":{\"type\":\"json_schema\",\"json_schema\":"
                     "{\"name\":\"n\",\"strict\":true,\"schema\":{\"type\":\"object\",\"additionalProperties\":false,\"required\":[\"z\"],"
                     "\"$defs\":{\"y\":{\"anyOf\":[{\"type\":\"string\"}");
    for (; bytes; bytes -= bytes < 1000 ? bytes : 1000) {
        grow_text(&body, ",{\"type\":\"string\",\"pattern\":\"");
        grow(&body, letters.text, bytes < 1000 ? bytes : 1000);
        grow_text(&body, "\"}");
    }
    grow_text(&body, "]}},\"properties\":{\"z\":{\"type\":\"string\",\"pattern\":\"(\"}}}}}}");
    expect_found(CC_OPENAI, body.text, body.length, expected);
    free(body.text);
    free(letters.text);
}

START_TEST(patterns_of_n_bytes)
{
    patterns_before(0, "strict_schema.string.pattern.valid@/response_format/json_schema/schema/properties/z/pattern");
    patterns_before((256 << 10) - 1, "strict_schema.string.pattern.valid@/response_format/json_schema/schema/properties/z/pattern");
    patterns_before(256 << 10, "");
}
END_TEST

/* --- how heavy: images of so many bytes, in base64 */

static void grow_image(struct growing *g, size_t bytes)
{
    static const char png[] = "iVBORw0KGgoA", padding[] = "==";
    size_t letters = (bytes + 2) / 3 * 4, equals = (3 - bytes % 3) % 3;
    grow_text(g, "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,");
    grow_text(g, png);
    char *filler = malloc(letters);
    ck_assert_ptr_nonnull(filler);
    memset(filler, 'A', letters);
    grow(g, filler, letters - strlen(png) - equals);
    grow(g, padding, equals);
    free(filler);
    grow_text(g, "\"}}");
}

enum { MEGABYTE = 1 << 20 };

static const struct {
    const char *behind;
    size_t bytes[4];
    const char *expected;
} weights[] = {
    {"]}]}", {20 * MEGABYTE}, ""},
    {"]}]}", {20 * MEGABYTE + 1}, "content_part.image_url.max_bytes@/messages/0/content/0/image_url/url"},
    {"]}]}", {20 * MEGABYTE, 20 * MEGABYTE, 10 * MEGABYTE}, ""},
    {"]}]}", {20 * MEGABYTE, 20 * MEGABYTE, 10 * MEGABYTE + 1}, "content_part.image_url.max_bytes@/messages/0/content/2/image_url/url"},
    {"]}],\"store\":true}", {8 * MEGABYTE, 8 * MEGABYTE}, ""},
    {"]}],\"store\":true}", {9, 8 * MEGABYTE + 1}, "content_part.image_url.store_8mb@/messages/0/content/1/image_url/url"},
    {"]}],\"store\":false}", {8 * MEGABYTE + 1}, ""},
};

START_TEST(images_of_n_bytes)
{
    struct growing body = {0};
    grow_text(&body, PARTS);
    for (size_t i = 0; i < 4 && weights[_i].bytes[i]; i++) {
        if (i) grow_text(&body, ",");
        grow_image(&body, weights[_i].bytes[i]);
    }
    grow_text(&body, weights[_i].behind);
    expect_found(CC_OPENAI, body.text, body.length, weights[_i].expected);
    free(body.text);
}
END_TEST

static Suite *bounds_suite(void)
{
    Suite *suite = suite_create("request bounds");
    TCase *tcase = tcase_create("bounds");
    tcase_add_loop_test(tcase, lists_of_n, 0, COUNT(lists));
    tcase_add_test(tcase, calls_of_one_message);
    tcase_add_loop_test(tcase, texts_of_n, 0, COUNT(texts));
    tcase_add_test(tcase, ids_and_names_of_calls);
    tcase_add_loop_test(tcase, numbers_within, 0, COUNT(numbers));
    tcase_add_test(tcase, seeds_of_64_bits);
    tcase_add_test(tcase, patterns_of_n_bytes);
    tcase_add_loop_test(tcase, images_of_n_bytes, 0, COUNT(weights));
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(bounds_suite)
