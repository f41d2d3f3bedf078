/* test_forms.c: the forms of strings: each predicate against the regular expression that its row gives as a second opinion, base64 with and
 * without SSE2, data URLs and sets of texts. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "validator/api/forms.h"
#include "tests/testing.h"
#include "validator/api/text_set.h"
#include "validator/lib/engine.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- a form and its pattern */

static const struct {
    const struct form *form;
    const char *letters; /* what random texts are made of */
} forms[] = {
    {&non_blank_form, " \t\r\n\v\fax"},   {&trimmed_form, " a\t\x7F\xC3\xA9"}, {&tool_name_form, "azAZ09_-. /@[`{\xC3\xA9"},
    {&base64_form, "Az09+/=-_ \n"},       {&token_id_form, "0123456789-+. a"}, {&country_form, "AZUSaz0"},
    {&web_url_form, "htps:/#? axHT"},     {&image_url_form, "htps:/dat,;x "},
};

/* Small and the same on every machine. */
static unsigned next_random(unsigned *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 16;
}

static bool matches(const pcre2_code *pattern, pcre2_match_data *found, const char *text, size_t length)
{
    return pcre2_match(pattern, (PCRE2_SPTR)text, length, 0, 0, found, NULL) > 0;
}

static size_t random_text(unsigned *state, const char *letters, char *text, size_t most)
{
    static const char *const starts[] = {"", "", "http://", "https://", "data:", "HTTP:/"};
    const char *start = starts[next_random(state) % 6];
    size_t length = strlen(start), end = length + next_random(state) % (most - 16);
    memcpy(text, start, length);
    while (length < end) text[length++] = letters[next_random(state) % strlen(letters)];
    return length;
}

START_TEST(forms_agree_with_their_patterns)
{
    const struct form *form = forms[_i].form;
    int error;
    PCRE2_SIZE offset;
    pcre2_code *pattern = pcre2_compile((PCRE2_SPTR)form->pattern, PCRE2_ZERO_TERMINATED, PCRE2_DOLLAR_ENDONLY, &error, &offset, NULL);
    ck_assert_msg(pattern != NULL, "%s does not compile", form->pattern);
    pcre2_match_data *found = pcre2_match_data_create(8, NULL);
    unsigned state = 7, kept = 0;
    for (int i = 0; i < 20000; i++) {
        char text[48];
        size_t length = random_text(&state, forms[_i].letters, text, sizeof text - 16);
        bool holds = form->holds(text, length);
        kept += holds;
        ck_assert_msg(holds == matches(pattern, found, text, length), "%s and \"%.*s\"", form->pattern, (int)length, text);
    }
    ck_assert_uint_gt(kept, 0);
    ck_assert_uint_lt(kept, 20000);
    pcre2_match_data_free(found);
    pcre2_code_free(pattern);
}
END_TEST

START_TEST(examples_of_forms)
{
    static const struct form *const all[] = {&non_blank_form, &trimmed_form,   &tool_name_form, &base64_form,   &web_url_form,
                                             &image_url_form, &token_id_form, &country_form,   &time_zone_form};
    for (int i = 0; i < COUNT(all); i++) {
        ck_assert(all[i]->holds(all[i]->good, strlen(all[i]->good)));
        ck_assert(!all[i]->holds(all[i]->bad, strlen(all[i]->bad)));
    }
}
END_TEST

static const struct {
    const char *zone;
    bool good;
} zones[] = {
    {"UTC", true},          {"Europe/Paris", true}, {"America/Argentina/Buenos_Aires", true}, {"Etc/GMT+5", true}, {"PST8PDT", true},
    {"GB-Eire", true},      {"Japan", true},        {"PST8", false},                          {"", false},         {"/", false},
    {"Europe/", false},     {"/Paris", false},      {"Europe//Paris", false},                 {"A/B/C/D", false},  {"Europe/Pa ris", false},
    {"GMT+01:00", false},   {"utc", false},         {"9/5", false},
};

START_TEST(names_of_time_zones) { ck_assert(time_zone_form.holds(zones[_i].zone, strlen(zones[_i].zone)) == zones[_i].good); }
END_TEST

/* --- base64 */

/* Every byte at every place of texts around the sizes of the fast blocks. */
START_TEST(base64_with_and_without_sse2)
{
    static const size_t lengths[] = {4, 16, 60, 64, 68, 124, 128, 132, 192, 196};
    for (int i = 0; i < COUNT(lengths); i++)
        for (size_t at = 0; at < lengths[i]; at++)
            for (int byte = 0; byte < 256; byte++) {
                char text[196];
                memset(text, 'Q', sizeof text);
                text[at] = (char)byte;
                bool plain = byte && strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", byte);
                bool good = plain || (byte == '=' && at + 1 == lengths[i]);
                if (text_is_base64(text, lengths[i]) != good || text_is_base64_portable(text, lengths[i]) != good)
                    ck_abort_msg("byte %d at %zu of %zu", byte, at, lengths[i]);
            }
}
END_TEST

static const struct {
    const char *text;
    bool good;
    size_t size;
} paddings[] = {
    {"", false, 0},     {"QQ==", true, 1},  {"QUE=", true, 2},   {"QUFB", true, 3},    {"QUFBQQ==", true, 4},
    {"Q===", false, 0}, {"====", false, 0}, {"QQ=Q", false, 0},  {"QQ", false, 0},     {"QUE", false, 0},
    {"QUFBQ", false, 0}, {"QUF\n", false, 0}, {"=QUF", false, 0}, {"QQ==QUFB", false, 0}, {"-_-_", false, 0},
};

START_TEST(base64_padding)
{
    const char *text = paddings[_i].text;
    ck_assert(text_is_base64(text, strlen(text)) == paddings[_i].good);
    ck_assert(text_is_base64_portable(text, strlen(text)) == paddings[_i].good);
    if (paddings[_i].good) ck_assert_uint_eq(base64_size(text, strlen(text)), paddings[_i].size);
}
END_TEST

START_TEST(base64_beginnings)
{
    unsigned char out[8] = {0};
    ck_assert_uint_eq(base64_begin("iVBORw0KGgo=", 12, out, sizeof out), 8);
    ck_assert_mem_eq(out, "\x89PNG\r\n\x1A\n", 8);
    ck_assert_uint_eq(base64_begin("iVBORw0KGgo=", 12, out, 3), 3);
    ck_assert_uint_eq(base64_begin("//79", 4, out, sizeof out), 3);
    ck_assert_mem_eq(out, "\xFF\xFE\xFD", 3);
    ck_assert_uint_eq(base64_begin("QUFB*QUFB", 9, out, sizeof out), 3);
    ck_assert_uint_eq(base64_begin("", 0, out, sizeof out), 0);
}
END_TEST

/* --- data URLs */

static const struct {
    const char *text;
    bool is, base64;
    const char *mime, *payload;
} urls[] = {
    {"data:image/png;base64,QUFB", true, true, "image/png", "QUFB"},
    {"data:image/png;name=a.png;base64,QUFB", true, true, "image/png", "QUFB"},
    {"DATA:image/png;BASE64,QUFB", true, true, "image/png", "QUFB"},
    {"data:text/plain,Hi", true, false, "text/plain", "Hi"},
    {"data:text/plain;charset=base64,Hi", true, false, "text/plain", "Hi"},
    {"data:,Hi", true, false, "", "Hi"},
    {"data:;base64,QUFB", true, true, "", "QUFB"},
    {"data:a,b,c", true, false, "a", "b,c"},
    {"data:image/png;base64", false, false, NULL, NULL},
    {"data", false, false, NULL, NULL},
    {"https://a/b,c", false, false, NULL, NULL},
    {"", false, false, NULL, NULL},
};

START_TEST(data_urls)
{
    struct data_url parts = {0};
    ck_assert(data_url_split(urls[_i].text, strlen(urls[_i].text), &parts) == urls[_i].is);
    if (!urls[_i].is) return;
    ck_assert(parts.base64 == urls[_i].base64);
    ck_assert(text_equals_any_case(parts.mime, urls[_i].mime));
    ck_assert_uint_eq(parts.payload.length, strlen(urls[_i].payload));
    ck_assert_mem_eq(parts.payload.bytes, urls[_i].payload, parts.payload.length);
}
END_TEST

/* --- sets of texts */

START_TEST(sets_of_texts)
{
    enum { TEXTS = 5000, ROOM = 24 };
    struct scratch scratch = {0};
    struct ask ask = {.scratch = &scratch};
    struct text_set set;
    char(*texts)[ROOM] = calloc(TEXTS, ROOM);
    ck_assert_ptr_nonnull(texts);
    ck_assert(text_set_open(&ask, &set, TEXTS));
    for (int i = 0; i < TEXTS; i++) {
        struct text text = {texts[i], (size_t)snprintf(texts[i], ROOM, "call_%d", i)};
        struct text_slot *slot = NULL;
        ck_assert_ptr_null(text_set_find(&set, text));
        ck_assert(text_set_add(&set, text, &slot));
        slot->uses = (unsigned)i;
        ck_assert(!text_set_add(&set, text, NULL));
    }
    for (int i = 0; i < TEXTS; i++) {
        struct text_slot *slot = text_set_find(&set, (struct text){texts[i], strlen(texts[i])});
        ck_assert_ptr_nonnull(slot);
        ck_assert_uint_eq(slot->uses, (unsigned)i);
    }
    ck_assert_ptr_null(text_set_find(&set, (struct text){"call_", 5}));
    ck_assert_ptr_null(text_set_find(&set, (struct text){"", 0}));
    ck_assert(text_set_add(&set, (struct text){"", 0}, NULL));
    ck_assert_ptr_nonnull(text_set_find(&set, (struct text){"", 0}));
    scratch_clear(&scratch);
    free(texts);
}
END_TEST

static Suite *forms_suite(void)
{
    Suite *suite = suite_create("forms");
    TCase *tcase = tcase_create("forms");
    tcase_add_loop_test(tcase, forms_agree_with_their_patterns, 0, COUNT(forms));
    tcase_add_test(tcase, examples_of_forms);
    tcase_add_loop_test(tcase, names_of_time_zones, 0, COUNT(zones));
    tcase_add_test(tcase, base64_with_and_without_sse2);
    tcase_add_loop_test(tcase, base64_padding, 0, COUNT(paddings));
    tcase_add_test(tcase, base64_beginnings);
    tcase_add_loop_test(tcase, data_urls, 0, COUNT(urls));
    tcase_add_test(tcase, sets_of_texts);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(forms_suite)
