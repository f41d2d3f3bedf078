/* test_fuzzer_negative.c: payloads with a fault: exactly the one that they name, in every constraint of a request, in the text and in HTTP.
 */
#include "fuzzer/shot.h"
#include "fuzzer/wild.h"
#include "harness/base/pointer.h"
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Under a sanitizer, which takes ten times as long, fewer. */
#if defined __SANITIZE_ADDRESS__
enum { SEEDS = 1, PAYLOADS = 1400 };
#else
enum { SEEDS = 4, PAYLOADS = 5000 };
#endif

static struct shots *make_shots(unsigned profile, enum shot_mode mode, bool objects_only, shot_wanted *wanted, uint64_t seed)
{
    struct shots_options options = {
        .profile = profile, .seed = seed, .model = "m", .mode = mode, .objects_only = objects_only, .wanted = wanted};
    struct shots *made = shots_new(&options);
    ck_assert_ptr_nonnull(made);
    return made;
}

struct figures {
    size_t exact, beside; /* findings: only the one; and deprecated ones beside it */
};

static void judge(struct cc_checker *checker, struct shot *payload, struct figures *figures)
{
    size_t length, others = 0, named = 0;
    const char *text = shot_bytes(payload, &length);
    const struct cc_report *report = cc_check(checker, CC_REQUEST, text, length);
    for (size_t i = 0; i < report->count; i++) {
        named += report->findings[i].rule == payload->breaks;
        others += report->findings[i].rule != payload->breaks;
        ck_assert_msg(report->findings[i].rule == payload->breaks || report->findings[i].rule->level == CC_DEPRECATED,
                      "payload %zu breaks %s, and %s too", (size_t)payload->index, payload->breaks->id, report->findings[i].rule->id);
    }
    ck_assert_msg(named > 0, "payload %zu does not break %s", (size_t)payload->index, payload->breaks->id);
    figures->exact += others == 0;
    figures->beside += others > 0;
    text = jo_write(payload->control, &length);
    ck_assert_uint_eq(cc_check(checker, CC_REQUEST, text, length)->errors, 0);
}

static void judge_seed(unsigned profile, uint64_t seed, uint64_t count, struct figures *figures)
{
    struct shots *payloads = make_shots(profile, MODE_NEGATIVE, true, NULL, seed);
    struct cc_options options = {.profile = profile};
    struct cc_checker *checker = cc_checker_new(&options);
    unsigned char *seen = calloc(payloads->book->rule_count, 1);
    ck_assert(checker && seen);
    for (uint64_t i = 0; i < count; i++) {
        struct shot payload;
        ck_assert(shot_make(payloads, i, &payload));
        ck_assert_int_eq(payload.expect, EXPECT_REFUSE);
        judge(checker, &payload, figures);
        for (size_t k = 0; k < payloads->book->rule_count; k++)
            if (payloads->book->rules[k].rule == payload.breaks) seen[k] = 1;
        shot_clear(&payload);
    }
    for (size_t k = 0; k < payloads->book->rule_count; k++) ck_assert_msg(seen[k], "%s is never broken", payloads->book->rules[k].rule->id);
    ck_assert_uint_lt(payloads->plain * 10, payloads->exact); /* nearly all are richer than their recipe */
    free(seen);
    cc_checker_free(checker);
    shots_free(payloads);
}

static void check_profile(unsigned profile, uint64_t seeds, uint64_t count)
{
    struct figures figures = {0, 0};
    for (uint64_t seed = 1; seed <= seeds; seed++) judge_seed(profile, seed, count, &figures);
    ck_assert_uint_eq(figures.exact + figures.beside, seeds * count);
    ck_assert_uint_ge(figures.exact * 100, 95 * (figures.exact + figures.beside));
}

START_TEST(each_breaks_just_what_it_names_openai) { check_profile(CC_OPENAI, SEEDS, PAYLOADS); }
END_TEST

START_TEST(each_breaks_just_what_it_names_newapi) { check_profile(CC_NEWAPI, 1, 1400); }
END_TEST

/* No constraint of a request that is an error is left without a recipe. */
START_TEST(every_constraint_has_a_recipe)
{
    struct cookbook *book = cookbook_new(CC_OPENAI, false, NULL, NULL);
    size_t due = 0;
    ck_assert_ptr_nonnull(book);
    for (size_t i = 0; i < cc_rule_count(); i++) {
        const struct cc_rule *rule = cc_rule_at(i);
        bool found = false;
        if (rule->level != CC_MUST || strcmp(rule->kind, "request") != 0 || !(rule->profiles & CC_OPENAI)) continue;
        due++;
        for (size_t k = 0; k < book->rule_count; k++) found |= book->rules[k].rule == rule;
        ck_assert_msg(found, "%s has none", rule->id);
    }
    ck_assert_uint_eq(due, book->rule_count);
    cookbook_free(book);
}
END_TEST

static bool is_stop(void *context, const char *rule)
{
    (void)context;
    return strncmp(rule, "request.stop.", 13) == 0;
}

START_TEST(only_what_is_wanted_is_broken)
{
    struct shots *payloads = make_shots(CC_OPENAI, MODE_ALL, false, is_stop, 1);
    for (uint64_t i = 0; i < 50; i++) {
        struct shot payload;
        ck_assert(shot_make(payloads, i, &payload));
        ck_assert_int_eq(payload.kind, SHOT_BROKEN);
        ck_assert(is_stop(NULL, payload.breaks->id));
        shot_clear(&payload);
    }
    shots_free(payloads);
}
END_TEST

static bool is_text(void *context, const char *rule)
{
    (void)context;
    return strncmp(rule, "json.", 5) == 0;
}

/* Each way of breaking the text is found by the reader, under the name that the payload gives it. */
START_TEST(texts_are_broken_as_they_say)
{
    struct shots *payloads = make_shots(CC_OPENAI, MODE_NEGATIVE, false, is_text, 5);
    struct cc_checker *checker = cc_checker_new(NULL);
    ck_assert_uint_gt(payloads->texts, 40);
    ck_assert_uint_eq(payloads->https, 0);
    for (uint64_t i = 0; i < payloads->texts * 4; i++) {
        struct shot payload;
        bool found = false;
        ck_assert(shot_make(payloads, i, &payload));
        ck_assert(payload.kind == SHOT_TEXT && payload.text && payload.how);
        const struct cc_report *report = cc_check(checker, CC_REQUEST, payload.text, payload.length);
        for (size_t k = 0; k < report->count; k++) found |= report->findings[k].rule == payload.breaks;
        ck_assert_msg(found, "%s: the reader does not report %s", payload.how, payload.breaks->id);
        ck_assert_msg(payload.expect != EXPECT_REFUSE || report->errors, "%s is no error", payload.how);
        shot_clear(&payload);
    }
    cc_checker_free(checker);
    shots_free(payloads);
}
END_TEST

START_TEST(a_campaign_mixes_all_kinds)
{
    struct shots *payloads = make_shots(CC_OPENAI, MODE_ALL, false, NULL, 2);
    size_t kinds[5] = {0}, expects[3] = {0};
    for (uint64_t i = 0; i < 2000; i++) {
        struct shot payload;
        size_t length;
        ck_assert(shot_make(payloads, i, &payload));
        ck_assert_ptr_nonnull(shot_bytes(&payload, &length));
        ck_assert_int_ne(payload.kind == SHOT_VALID, payload.control != NULL);
        kinds[payload.kind]++;
        expects[payload.expect]++;
        shot_clear(&payload);
    }
    for (size_t i = 0; i < 5; i++) ck_assert_uint_gt(kinds[i], 20);
    for (size_t i = 0; i < 3; i++) ck_assert_uint_gt(expects[i], 20);
    shots_free(payloads);
}
END_TEST

START_TEST(a_seed_gives_the_same_faults)
{
    struct shots *a = make_shots(CC_OPENAI, MODE_ALL, false, NULL, 8), *b = make_shots(CC_OPENAI, MODE_ALL, false, NULL, 8);
    for (uint64_t i = 0; i < 60; i++) {
        struct shot x, y, skipped;
        size_t one, two;
        ck_assert(shot_make(a, i * 7, &x) && shot_make(b, i, &skipped) && shot_make(b, i * 7, &y));
        const char *text = shot_bytes(&x, &one), *same = shot_bytes(&y, &two);
        ck_assert_uint_eq(one, two);
        ck_assert_mem_eq(text, same, one);
        ck_assert_ptr_eq(x.breaks, y.breaks);
        shot_clear(&x), shot_clear(&y), shot_clear(&skipped);
    }
    shots_free(a);
    shots_free(b);
}
END_TEST

START_TEST(pointers_lead_to_their_places)
{
    struct json_object *request = jo_read(
        JSON({"messages" : [ {"role" : "user", "content" : [ {"type" : "image_url", "image_url" : {"url" : "x"}} ]} ], "stop" : ["a"]}));
    const struct cc_place *url = place_at(request, "/messages/0/content/0/image_url/url"), *stop = place_at(request, "/stop/0");
    ck_assert(url && strcmp(url->id, "request.content_part.image_url.url") == 0);
    ck_assert(stop && stop->types == CC_STRING);
    ck_assert_ptr_null(place_at(request, "/no/such"));
    ck_assert_str_eq(place_at(request, "/n")->key, "n");
    for (uint64_t i = 0; i < 200; i++) {
        struct rng rng = rng_new(1, i);
        char pointer[256];
        struct json_object *value;
        pointer_random(&rng, request, pointer, sizeof pointer);
        ck_assert_msg(pointer_get(request, pointer, &value), "%s leads nowhere", pointer);
    }
    json_object_put(request);
}
END_TEST

static Suite *fuzzer_negative_suite(void)
{
    Suite *suite = suite_create("fuzzer_negative");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 240);
    tcase_add_test(tests, each_breaks_just_what_it_names_openai);
    tcase_add_test(tests, each_breaks_just_what_it_names_newapi);
    tcase_add_test(tests, every_constraint_has_a_recipe);
    tcase_add_test(tests, only_what_is_wanted_is_broken);
    tcase_add_test(tests, texts_are_broken_as_they_say);
    tcase_add_test(tests, a_campaign_mixes_all_kinds);
    tcase_add_test(tests, a_seed_gives_the_same_faults);
    tcase_add_test(tests, pointers_lead_to_their_places);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(fuzzer_negative_suite)
