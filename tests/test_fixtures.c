/* test_fixtures.c: the documents in fixtures/, judged as they say: each gets exactly its one finding, or none. That the derived ones are
 * those which the tables imply today is the business of opinion_docs.sh. */
#include "chatconform.h"
#include "tests/testing.h"
#include "validator/api/forms.h"

#include <dirent.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tally {
    bool *bad, *good; /* by rule */
    size_t cases, failed;
};

static size_t index_of(const char *id)
{
    const struct cc_rule *rule = cc_rule_find(id);
    size_t i = 0;
    ck_assert_msg(rule != NULL, "there is no rule %s", id);
    while (cc_rule_at(i) != rule) i++;
    return i;
}

static const char *text_in(struct json_object *object, const char *key) { return json_object_get_string(json_object_object_get(object,
    key)); }

/* --- what a case hands in */

struct input {
    char *bytes;
    size_t length;
};

static struct input decode(const char *base64)
{
    struct input input = {.bytes = malloc(strlen(base64) + 1)};
    ck_assert_ptr_nonnull(input.bytes);
    input.length = base64_begin(base64, strlen(base64), (unsigned char *)input.bytes, strlen(base64));
    return input;
}

static struct input input_of(struct json_object *c)
{
    struct json_object *document = json_object_object_get(c, "document"), *text = json_object_object_get(c, "text");
    if (text_in(c, "base64")) return decode(text_in(c, "base64"));
    ck_assert_msg(document || text, "%s has neither document nor text nor base64", text_in(c, "name"));
    const char *bytes = document ? json_object_to_json_string_ext(document, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE)
                                 : json_object_get_string(text);
    size_t length = document ? strlen(bytes) : (size_t)json_object_get_string_len(text);
    struct input input = {malloc(length + 1), length};
    ck_assert_ptr_nonnull(input.bytes);
    memcpy(input.bytes, bytes, length);
    return input;
}

static void set_limits(struct cc_limits *limits, struct json_object *from)
{
    json_object_object_foreach(from, name, value)
        ck_assert_msg(cc_limits_set(limits, name, (size_t)json_object_get_int64(value)), "%s is no limit", name);
}

static struct cc_checker *checker_for(struct json_object *c, const char *profile)
{
    struct cc_options options = {.profile = cc_profile_find(profile)};
    struct json_object *limits = json_object_object_get(c, "limits");
    ck_assert_msg(options.profile != 0, "there is no profile %s", profile);
    if (limits) set_limits(&options.limits, limits);
    return cc_checker_new(&options);
}

/* --- judging */

/* What lives inside of something deprecated is found along with it. */
static bool comes_along(const struct cc_finding *f)
{
    return f->rule->level == CC_DEPRECATED || strcmp(strrchr(f->rule->id, '.'), ".deprecated") == 0;
}

static bool as_expected(const struct cc_report *report, struct json_object *finding)
{
    size_t hits = 0, others = 0;
    const char *rule = finding ? text_in(finding, "rule") : "", *pointer = finding ? text_in(finding, "pointer") : NULL;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        bool level = finding && strcmp(cc_level_name(f->rule->level), text_in(finding, "level")) == 0;
        bool placed = !pointer || report->kind == CC_EXCHANGE || strcmp(f->pointer, pointer) == 0;
        if (strcmp(f->rule->id, rule) == 0 && level && placed) hits++;
        else if (!comes_along(f)) others++;
    }
    return others == 0 && hits == (finding != NULL);
}

static void complain(struct json_object *c, const char *profile, const struct cc_report *report)
{
    fprintf(stderr, "%s (%s)\n", text_in(c, "name"), profile);
    for (size_t i = 0; i < report->count; i++)
        fprintf(stderr, "    found %s at \"%s\": %s\n", report->findings[i].rule->id, report->findings[i].pointer,
                report->findings[i].message);
}

static void judge_case(struct tally *t, enum cc_kind kind, struct json_object *c)
{
    struct json_object *profiles = json_object_object_get(c, "profiles"), *finding = json_object_object_get(c, "finding");
    struct input input = input_of(c);
    for (size_t i = 0; i < json_object_array_length(profiles); i++) {
        const char *profile = json_object_get_string(json_object_array_get_idx(profiles, i));
        struct cc_checker *checker = checker_for(c, profile);
        const struct cc_report *report = cc_check(checker, kind, input.bytes, input.length);
        ck_assert_ptr_nonnull(report);
        t->cases++;
        if (!as_expected(report, finding)) t->failed++, complain(c, profile, report);
        cc_checker_free(checker);
    }
    (finding ? t->bad : t->good)[index_of(text_in(c, "rule"))] = true;
    free(input.bytes);
}

static void judge_file(struct tally *t, const char *path)
{
    size_t length;
    char why[200], *text = testing_file(path, &length);
    struct json_object *file = NULL;
    ck_assert_msg(cc_read_object(text, length, NULL, &file, why, sizeof why), "%s: %s", path, why);
    enum cc_kind kind = cc_kind_find(text_in(file, "kind"));
    struct json_object *cases = json_object_object_get(file, "cases");
    ck_assert_msg(json_object_get_int(json_object_object_get(file, "fixtures")) == 1
        && kind != CC_KIND_COUNT, "%s is no file of fixtures", path);
    for (size_t i = 0; i < json_object_array_length(cases); i++) judge_case(t, kind, json_object_array_get_idx(cases, i));
    json_object_put(file);
    free(text);
}

static void judge_folder(struct tally *t, const char *folder)
{
    DIR *open = opendir(folder);
    ck_assert_msg(open != NULL, "there is no %s", folder);
    for (struct dirent *entry; (entry = readdir(open));) {
        char path[1024];
        size_t length = strlen(entry->d_name);
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (length > 5 && strcmp(entry->d_name + length - 5, ".json") == 0) judge_file(t, path);
    }
    closedir(open);
}

static void judge_all(struct tally *t)
{
    *t = (struct tally){calloc(cc_rule_count(), 1), calloc(cc_rule_count(), 1), 0, 0};
    ck_assert(t->bad && t->good);
    judge_folder(t, "fixtures/derived");
    judge_folder(t, "fixtures/by-hand");
}

START_TEST(fixtures_are_judged_as_they_say)
{
    struct tally t;
    judge_all(&t);
    ck_assert_uint_gt(t.cases, 4000);
    ck_assert_msg(t.failed == 0, "%zu of %zu fixtures are judged otherwise", t.failed, t.cases);
    free(t.bad);
    free(t.good);
}
END_TEST

/* What only a document can break that nobody would read; tests make it when they run: test_request_bounds.c. */
static const char *const too_large[] = {
    "request.messages.assistant.tool_calls.max_items", "request.content_part.image_url.max_count",
        "request.content_part.image_url.max_bytes",
    "request.content_part.image_url.store_8mb",        "request.strict_schema.limits.",
    "stream.incremental", /* is about time */
    NULL,
};

static bool is_left_out(const struct cc_rule *rule)
{
    if (cc_kind_find(rule->kind) >= CC_SUITE && cc_kind_find(rule->kind) < CC_KIND_COUNT) return true; /* files of this program */
    for (const char *const *id = too_large; *id; id++)
        if (strncmp(rule->id, *id, strlen(*id)) == 0) return true;
    return false;
}

START_TEST(every_rule_has_a_document_that_breaks_it_and_one_that_does_not)
{
    struct tally t;
    size_t missing = 0;
    judge_all(&t);
    for (size_t i = 0; cc_rule_at(i); i++) {
        const struct cc_rule *rule = cc_rule_at(i);
        if (is_left_out(rule) || (t.bad[i] && t.good[i])) continue;
        fprintf(stderr, "no fixture %s %s\n", t.bad[i] ? "just keeps" : "breaks", rule->id);
        missing++;
    }
    ck_assert_msg(missing == 0, "%zu rules lack a fixture", missing);
    free(t.bad);
    free(t.good);
}
END_TEST

static Suite *fixtures_suite(void)
{
    Suite *suite = suite_create("fixtures");
    TCase *tcase = tcase_create("documents");
    tcase_add_test(tcase, fixtures_are_judged_as_they_say);
    tcase_add_test(tcase, every_rule_has_a_document_that_breaks_it_and_one_that_does_not);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(fixtures_suite)
