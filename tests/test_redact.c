/* test_redact.c: no form of a secret gets through the redactor, and nothing else is touched by it. */
#include "harness/base/redact.h"
#include "tests/testing.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME "$OPENAI_API_KEY"

static const char *const keys[] = {
    "sk-proj-9fJ2kQxW7bT4mZ0vLpR8sY1cN6hG3dE5aU_iO-tX", /* as they are today */
    "AIzaSyD-3x/Zk+9Qw==&t<\"v>'\\4%41u#8?;r$",         /* each character that some encoding treats apart */
    "k3y-8/chars",                                      /* short: only its whole counts */
    "aB3_dE6-",                                         /* the shortest */
    "p%41/&lt;w\"\\n",                                   /* looks like escapes of several kinds itself */
};
enum { KEYS = sizeof keys / sizeof *keys };

/* --- Encoders, written apart from the redactor. Each returns a static buffer. */

static char coded[16384];

/* Writes the characters that `pick` picks as prefix, number (in the manner of x, X, u or d) and suffix, all others as they are. */
static const char *each(const char *key, int (*pick)(int), const char *prefix, char manner, const char *suffix)
{
    size_t at = 0;
    for (; *key; key++) {
        const unsigned c = (unsigned char)*key;
        char number[16];
        snprintf(number, sizeof number, manner == 'x' ? "%02x" : manner == 'X' ? "%02X" : manner == 'u' ? "%04x" : "%u", c);
        if (pick((int)c))
            at += (size_t)snprintf(coded + at, sizeof coded - at, "%s%s%s", prefix, number, suffix);
        else
            at += (size_t)snprintf(coded + at, sizeof coded - at, "%c", *key);
    }
    coded[at] = '\0';
    return coded;
}

static int all(int c)
{
    (void)c;
    return 1;
}

static int punctuation(int c)
{
    return !isalnum(c);
}

static int some(int c)
{
    return c % 3 == 0 || strchr("%&\\", c) != NULL;
}

static const char *raw(const char *key)
{
    snprintf(coded, sizeof coded, "%s", key);
    return coded;
}

static const char *upper(const char *key)
{
    size_t at = 0;
    for (; key[at]; at++)
        coded[at] = (char)toupper((unsigned char)key[at]);
    coded[at] = '\0';
    return coded;
}

static const char *lower(const char *key)
{
    size_t at = 0;
    for (; key[at]; at++)
        coded[at] = (char)tolower((unsigned char)key[at]);
    coded[at] = '\0';
    return coded;
}

static const char *json(const char *key)
{
    size_t at = 0;
    for (; *key; key++) {
        if (strchr("\"\\/", *key))
            coded[at++] = '\\';
        coded[at++] = *key;
    }
    coded[at] = '\0';
    return coded;
}

static const char *json_unicode(const char *key)
{
    return each(key, all, "\\u", 'u', "");
}

static const char *json_unicode_some(const char *key)
{
    return each(key, some, "\\u", 'u', "");
}

static const char *hex_escapes(const char *key)
{
    return each(key, punctuation, "\\x", 'x', "");
}

static const char *percent_upper(const char *key)
{
    return each(key, punctuation, "%", 'X', "");
}

static const char *percent_lower(const char *key)
{
    return each(key, punctuation, "%", 'x', "");
}

static const char *percent_all(const char *key)
{
    return each(key, all, "%", 'x', "");
}

static const char *entities_decimal(const char *key)
{
    return each(key, punctuation, "&#", 'd', ";");
}

static const char *entities_hex(const char *key)
{
    return each(key, all, "&#x", 'X', ";");
}

static const char *entities_named(const char *key)
{
    static const char *const names[][2] = {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&apos;"}, {"_", "&lowbar;"},
                                           {"/", "&sol;"}, {"+", "&plus;"}, {"=", "&equals;"}};
    size_t at = 0;
    for (; *key; key++) {
        const char *name = NULL;
        for (size_t i = 0; i < sizeof names / sizeof *names; i++)
            name = *names[i][0] == *key ? names[i][1] : name;
        at += (size_t)snprintf(coded + at, sizeof coded - at, name ? "%s" : "%.1s", name ? name : key);
    }
    return coded;
}

static const char *hex_lower(const char *key)
{
    return each(key, all, "", 'x', "");
}

static const char *hex_upper(const char *key)
{
    return each(key, all, "", 'X', "");
}

static const char *base64_with(const char *alphabet, const char *text, bool padded)
{
    const size_t length = strlen(text);
    size_t at = 0;
    for (size_t i = 0; i < length; i += 3) {
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (i + k < length ? (unsigned char)text[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            if (i + k <= length)
                coded[at++] = alphabet[group >> (18 - 6 * k) & 63];
            else if (padded)
                coded[at++] = '=';
    }
    coded[at] = '\0';
    return coded;
}

static const char standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static const char *base64(const char *key)
{
    return base64_with(standard, key, true);
}

static const char *base64url(const char *key)
{
    return base64_with(url_safe, key, false);
}

/* Forms of forms. */
static const char *again(const char *(*inner)(const char *), const char *(*outer)(const char *), const char *key)
{
    static char first[sizeof coded];
    snprintf(first, sizeof first, "%s", inner(key));
    return outer(first);
}

static const char *json_in_json(const char *key)
{
    return again(json_unicode, json, key);
}

static const char *percent_twice(const char *key)
{
    return again(percent_all, percent_upper, key);
}

static const char *url_in_json_in_html(const char *key)
{
    static char inner[sizeof coded];
    snprintf(inner, sizeof inner, "%s", again(percent_upper, json_unicode_some, key));
    return entities_decimal(inner);
}

static const char *base64_in_json(const char *key)
{
    return again(base64, json_unicode_some, key);
}

static const struct {
    const char *name;
    const char *(*encode)(const char *key);
} forms[] = {
    {"raw", raw},
    {"upper case", upper},
    {"lower case", lower},
    {"JSON", json},
    {"JSON, \\u for all", json_unicode},
    {"JSON, \\u for some", json_unicode_some},
    {"\\x", hex_escapes},
    {"percent, upper case", percent_upper},
    {"percent, lower case", percent_lower},
    {"percent for all", percent_all},
    {"decimal entities", entities_decimal},
    {"hex entities", entities_hex},
    {"named entities", entities_named},
    {"hex, lower case", hex_lower},
    {"hex, upper case", hex_upper},
    {"base64", base64},
    {"base64url", base64url},
    {"JSON in JSON", json_in_json},
    {"percent twice", percent_twice},
    {"URL in JSON in HTML", url_in_json_in_html},
    {"base64 in JSON", base64_in_json},
};
enum { FORMS = sizeof forms / sizeof *forms };

/* --- Helpers */

static struct redactor *redactor_for(const char *key)
{
    struct redactor *redactor = redactor_new();
    ck_assert_ptr_nonnull(redactor);
    ck_assert(!key || redactor_add(redactor, key, NAME));
    return redactor;
}

static char *redacted(const char *key, const char *text)
{
    struct redactor *redactor = redactor_for(key);
    size_t length = 0;
    char *result = redact_text(redactor, text, strlen(text), &length);
    ck_assert_ptr_nonnull(result);
    ck_assert_uint_eq(strlen(result), length);
    redactor_free(redactor);
    return result;
}

static void expect(const char *key, const char *text, const char *expected)
{
    char *result = redacted(key, text);
    ck_assert_str_eq(result, expected);
    free(result);
}

/* --- Tests */

START_TEST(each_form_is_replaced_and_nothing_else)
{
    for (size_t k = 0; k < KEYS; k++) {
        char text[sizeof coded + 256];
        snprintf(text, sizeof text, "{\"error\": \"key %s is wrong\\n\"} 100%% &", forms[_i].encode(keys[k]));
        char *result = redacted(keys[k], text);
        ck_assert_msg(strcmp(result, "{\"error\": \"key " NAME " is wrong\\n\"} 100% &") == 0, "%s of key %zu: %s", forms[_i].name, k, result);
        free(result);
    }
}
END_TEST

/* The test above could pass with encoders that encode nothing; so see that each form is there when no secret is known. */
START_TEST(without_the_secret_each_form_stays)
{
    for (size_t k = 0; k < KEYS; k++) {
        char text[sizeof coded + 256];
        snprintf(text, sizeof text, "key %s end", forms[_i].encode(keys[k]));
        char *result = redacted(NULL, text);
        ck_assert_str_eq(result, text);
        ck_assert_ptr_nonnull(strstr(result, forms[_i].encode(keys[k])));
        free(result);
        result = redacted("another-secret-altogether", text);
        ck_assert_str_eq(result, text);
        free(result);
    }
}
END_TEST

START_TEST(base64_is_found_at_each_alignment)
{
    for (size_t k = 0; k < KEYS; k++)
        for (size_t before = 0; before < 6; before++)
            for (size_t after = 0; after < 4; after++) {
                char text[256], core[sizeof coded];
                snprintf(text, sizeof text, "%.*s%s%.*s", (int)before, "Basic:", keys[k], (int)after, "@end");
                snprintf(core, sizeof core, "%s", base64_with(_i ? url_safe : standard, text, _i == 0));
                char *result = redacted(keys[k], core);
                /* What is left belongs to the bytes around the key alone. */
                const char *rest = core + (8 * (before + strlen(keys[k])) + 5) / 6;
                char expected[sizeof core + 32];
                snprintf(expected, sizeof expected, "%.*s" NAME "%s", (int)(8 * before / 6), core, rest + strspn(rest, "="));
                ck_assert_str_eq(result, expected);
                free(result);
            }
}
END_TEST

/* The character beside a match goes too, as it may hold bits of the key; but only when it is one of base64. */
START_TEST(what_stands_beside_base64_stays)
{
    char text[256], expected[256];
    for (size_t before = 0; before < 3; before++) {
        snprintf(text, sizeof text, "%.*s%s", (int)before, "::", keys[0]);
        const size_t length = strlen(base64_with(standard, text, false)), first = (8 * before + 5) / 6;
        const size_t last = 8 * (before + strlen(keys[0])) / 6;
        ck_assert_uint_le(last, length);
        snprintf(text, sizeof text, "%.*s", (int)(last - first), coded + first);
        expect(keys[0], text, NAME);
        char quoted[sizeof text + 8];
        for (const char *beside = "\"@[`{:. \n"; *beside; beside++) {
            snprintf(quoted, sizeof quoted, "%c%s%c", *beside, text, *beside);
            snprintf(expected, sizeof expected, "%c" NAME "%c", *beside, *beside);
            expect(keys[0], quoted, expected);
        }
        snprintf(quoted, sizeof quoted, "%s====", text);
        expect(keys[0], quoted, NAME "==");
    }
}
END_TEST

START_TEST(base64_of_an_authorization_header_is_found)
{
    char text[256];
    snprintf(text, sizeof text, "Bearer %s", keys[0]);
    char *result = redacted(keys[0], base64_with(standard, text, true));
    ck_assert_str_eq(result, "QmVhcmVyI" NAME);
    free(result);
}
END_TEST

START_TEST(beginnings_and_ends_of_long_secrets_count)
{
    const char *key = keys[0];
    const size_t length = strlen(key);
    char text[256], expected[256];
    for (size_t cut = 1; cut < length; cut++) {
        snprintf(text, sizeof text, "Incorrect: %.*s***", (int)cut, key);
        snprintf(expected, sizeof expected, "Incorrect: %.*s***", (int)cut, cut >= REDACT_PREFIX ? NAME : key);
        if (cut >= REDACT_PREFIX)
            snprintf(expected, sizeof expected, "Incorrect: %s***", NAME);
        expect(key, text, expected);
        snprintf(text, sizeof text, "***%s.", key + length - cut);
        snprintf(expected, sizeof expected, "***%s.", cut >= REDACT_SUFFIX ? NAME : key + length - cut);
        expect(key, text, expected);
    }
}
END_TEST

START_TEST(a_cut_secret_is_found_in_its_other_forms)
{
    char part[64], text[sizeof coded + 256];
    snprintf(part, sizeof part, "%.12s", keys[0]);
    snprintf(text, sizeof text, "<%s>", json_unicode(part));
    expect(keys[0], text, "<" NAME ">");
    snprintf(text, sizeof text, "<%s>", hex_upper(part));
    expect(keys[0], text, "<" NAME ">");
    snprintf(text, sizeof text, "<%s>", base64(part));
    expect(keys[0], text, "<" NAME ">");
    snprintf(text, sizeof text, "<%s>", percent_all(keys[0] + strlen(keys[0]) - 8));
    expect(keys[0], text, "<" NAME ">");
    snprintf(text, sizeof text, "<%s>", hex_lower(keys[0] + strlen(keys[0]) - 8));
    expect(keys[0], text, "<" NAME ">");
}
END_TEST

START_TEST(short_secrets_count_only_whole)
{
    const char *key = "nineteen-characters"; /* one less than REDACT_LONG */
    ck_assert_uint_eq(strlen(key), REDACT_LONG - 1);
    expect(key, "nineteen-character characters", "nineteen-character characters");
    expect(key, "nineteen-characters", NAME);
    expect("twenty-characters-ab", "twenty-chara ters-ab acters-ab", NAME " ters-ab " NAME);
}
END_TEST

START_TEST(secrets_that_overlap_or_touch)
{
    struct redactor *redactor = redactor_for("first-secret");
    ck_assert(redactor_add(redactor, "secret-second", "$SECOND"));
    ck_assert(redactor_add(redactor, "first-secret-and-more", "$LONGER"));
    static const char *const texts[][2] = {
        {"first-secret-second", NAME},
        {"first-secretsecret-second", NAME "$SECOND"},
        {"first-secretfirst-secret", NAME NAME},
        {"first-secret-and-more.", NAME "."},
        {"a secret-second b", "a $SECOND b"},
        {"first-secre", "first-secre"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        char *result = redact_text(redactor, texts[i][0], strlen(texts[i][0]), NULL);
        ck_assert_str_eq(result, texts[i][1]);
        free(result);
    }
    redactor_free(redactor);
}
END_TEST

START_TEST(a_secret_that_repeats_itself_is_found)
{
    expect("abcabcabcabcabcabcabcX", "abcabcabcabcabcabcabcabcabcX", NAME);
    expect("aaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.", NAME ".");
}
END_TEST

START_TEST(redacting_twice_changes_nothing_more)
{
    for (size_t f = 0; f < FORMS; f++) {
        char text[2 * sizeof coded];
        snprintf(text, sizeof text, "%s%s", forms[f].encode(keys[0]), keys[0]);
        char *once = redacted(keys[0], text), *twice = redacted(keys[0], once);
        ck_assert_str_eq(once, twice);
        free(once);
        free(twice);
    }
}
END_TEST

START_TEST(bytes_of_any_kind_stay)
{
    char text[256 * 64];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i % 2 ? i / 2 : i * i / 256 + i);
    struct redactor *redactor = redactor_for(keys[1]);
    size_t length = 0;
    char *result = redact_text(redactor, text, sizeof text, &length);
    ck_assert_uint_eq(length, sizeof text);
    ck_assert_mem_eq(result, text, sizeof text);
    free(result);
    redactor_free(redactor);
}
END_TEST

/* Escapes that are none, or are cut off, at the very end of the text, which is no string here. */
START_TEST(broken_escapes_stay)
{
    static const char *const texts[] = {"\\", "\\u", "\\u00", "\\u00g0", "\\x", "\\x4", "%", "%4", "%4g", "&", "&#", "&#x", "&#;", "&#x;",
                                        "&am", "&amp", "&#45", "&#x2d", "\\ud83d\\ude00", "&#99999999;", "&#xfffffff;", "\\q", "%%%%", "&&&&", "\\\\\\"};
    struct redactor *redactor = redactor_for(keys[0]);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const size_t length = strlen(texts[i]);
        char *exact = malloc(length);
        memcpy(exact, texts[i], length);
        size_t out_length = 0;
        char *result = redact_text(redactor, exact, length, &out_length);
        ck_assert_uint_eq(out_length, length);
        ck_assert_str_eq(result, texts[i]);
        free(result);
        free(exact);
    }
    redactor_free(redactor);
}
END_TEST

START_TEST(a_secret_outside_ascii_is_found)
{
    expect("gehe\xc3\xafm-\xe2\x82\xac-x", "<GEHE\\u00efM-&#8364;-x>", "<" NAME ">");
    expect("public&private", "<public&AMP;Private>", "<" NAME ">");
    expect("gehe\xc3\xafm-\xe2\x82\xac-x", "<gehe%C3%AFm-\xe2\x82\xac-x>", "<" NAME ">");
}
END_TEST

START_TEST(every_cut_of_a_text_is_safe)
{
    char text[2 * sizeof coded];
    snprintf(text, sizeof text, "\"%s\" %s", url_in_json_in_html(keys[1]), base64(keys[1]));
    struct redactor *redactor = redactor_for(keys[1]);
    const size_t length = strlen(text);
    for (size_t start = 0; start <= length; start += 3)
        for (size_t end = start; end <= length; end += 7) {
            char *part = malloc(end - start + 1);
            memcpy(part, text + start, end - start);
            char *result = redact_text(redactor, part, end - start, NULL);
            ck_assert_ptr_nonnull(result);
            free(result);
            free(part);
        }
    redactor_free(redactor);
}
END_TEST

START_TEST(a_large_text_is_searched_to_its_end)
{
    const size_t size = 4u << 20;
    char *text = malloc(size + 64);
    for (size_t i = 0; i < size; i++)
        text[i] = "sk-proj-9fJ \\n%20&amp;sk-"[i % 25];
    snprintf(text + size, 64, "%s", keys[0]);
    char *result = redacted(keys[0], text);
    ck_assert_uint_eq(strlen(result), size + strlen(NAME));
    ck_assert_str_eq(result + size, NAME);
    ck_assert_int_eq(memcmp(result, text, size), 0);
    free(result);
    free(text);
}
END_TEST

START_TEST(secrets_of_the_wrong_size_are_refused)
{
    struct redactor *redactor = redactor_new();
    char *secret = calloc(REDACT_LONGEST + 2, 1);
    memset(secret, 'x', REDACT_LONGEST + 1);
    ck_assert(!redactor_add(redactor, "", NAME));
    ck_assert(!redactor_add(redactor, "1234567", NAME));
    ck_assert(!redactor_add(redactor, secret, NAME));
    char *result = redact_text(redactor, "1234567", 7, NULL);
    ck_assert_str_eq(result, "1234567");
    free(result);
    secret[REDACT_LONGEST] = '\0';
    ck_assert(redactor_add(redactor, secret, NAME));
    ck_assert(redactor_add(redactor, "12345678", NAME));
    result = redact_text(redactor, "1234567 12345678", 16, NULL);
    ck_assert_str_eq(result, "1234567 " NAME);
    free(result);
    free(secret);
    redactor_free(redactor);
    redactor_free(NULL);
}
END_TEST

START_TEST(secret_headers_are_known_by_name)
{
    ck_assert(redact_header("Authorization"));
    ck_assert(redact_header("API-KEY"));
    ck_assert(redact_header("set-cookie"));
    ck_assert(redact_header("OpenAI-Organization"));
    ck_assert(!redact_header("Content-Type"));
    ck_assert(!redact_header("x-api"));
    ck_assert(!redact_header(""));
    ck_assert(redact_parameter("apikey=x", 6));
    ck_assert(redact_parameter("Subscription-Key", 16));
    ck_assert(!redact_parameter("apikey", 3));
    ck_assert(!redact_parameter("keys", 4));
    ck_assert(!redact_parameter("", 0));
}
END_TEST

static Suite *redact_suite(void)
{
    Suite *suite = suite_create("redact");
    TCase *canary = tcase_create("canary");
    tcase_add_loop_test(canary, each_form_is_replaced_and_nothing_else, 0, FORMS);
    tcase_add_loop_test(canary, without_the_secret_each_form_stays, 0, FORMS);
    tcase_add_loop_test(canary, base64_is_found_at_each_alignment, 0, 2);
    tcase_add_test(canary, what_stands_beside_base64_stays);
    tcase_add_test(canary, base64_of_an_authorization_header_is_found);
    tcase_add_test(canary, beginnings_and_ends_of_long_secrets_count);
    tcase_add_test(canary, a_cut_secret_is_found_in_its_other_forms);
    tcase_add_test(canary, short_secrets_count_only_whole);
    tcase_add_test(canary, secrets_that_overlap_or_touch);
    tcase_add_test(canary, a_secret_that_repeats_itself_is_found);
    tcase_add_test(canary, redacting_twice_changes_nothing_more);
    TCase *text = tcase_create("text");
    tcase_add_test(text, bytes_of_any_kind_stay);
    tcase_add_test(text, broken_escapes_stay);
    tcase_add_test(text, a_secret_outside_ascii_is_found);
    tcase_add_test(text, every_cut_of_a_text_is_safe);
    tcase_add_test(text, a_large_text_is_searched_to_its_end);
    tcase_add_test(text, secrets_of_the_wrong_size_are_refused);
    tcase_add_test(text, secret_headers_are_known_by_name);
    suite_add_tcase(suite, canary);
    suite_add_tcase(suite, text);
    return suite;
}

TEST_MAIN(redact_suite)
