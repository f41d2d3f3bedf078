/* test_schema_suite.c: the JSON-Schema-Test-Suite, draft 2020-12 and draft 7: every required test passes; of the optional ones,
    how many do is
 * written down here, file by file. Each required schema is also judged by its metaschema, and each instance both to its first error and to
 * its last. */
#define _GNU_SOURCE /* nftw */
#include "tests/testing.h"
#include "validator/lib/json_schema.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct read_limits limits = {.bytes = 16u << 20, .depth = 512, .values = 1000000};
static const char suite_folder[] = "json-schema-test-suite";

/* --- the documents of remotes/, as if a server on port 1234 had them */

static struct cc_schema_library *library;
static size_t folder_length;

static int add_remote(const char *path, const struct stat *about, int type, struct FTW *place)
{
    (void)about;
    (void)place;
    if (type != FTW_F) return 0;
    char uri[512];
    snprintf(uri, sizeof uri, "http://localhost:1234%s", path + folder_length);
    size_t length;
    char *text = testing_file(path, &length);
    ck_assert(cc_schema_library_add(library, uri, text, length));
    free(text);
    return 0;
}

/* --- one file */

struct score {
    unsigned passed, total;
};

struct run {
    const char *file;
    struct cc_schema_options options;
    struct cc_schema_judge *judge;
    bool say; /* tells what does not pass */
    struct score score;
};

static void text_in(struct view string, char *out, size_t room)
{
    ck_assert_uint_lt(value_of(string)->length, room);
    out[document_unescape(string.doc, string.at, out)] = '\0';
}

static void tell(const struct run *run, struct view group, struct view test, const struct cc_schema_report *report)
{
    char about[400], one[400];
    text_in(get(group, "description"), about, sizeof about);
    text_in(get(test, "description"), one, sizeof one);
    const char *error = report->count ? report->errors[0].message : report->why ? report->why : "";
    fprintf(stderr, "%s: %s: %s: verdict %d %s\n", run->file, about, one, report->verdict, error);
}

/* One test: the listing check and the fast one agree, and errors are listed exactly when the value is broken. */
static void run_test(struct run *run, const struct cc_schema *schema, struct view group, struct view test)
{
    struct view data = get(test, "data");
    enum cc_schema_verdict wanted = is_true(get(test, "valid")) ? CC_SCHEMA_HOLDS : CC_SCHEMA_BROKEN;
    enum cc_schema_verdict fast = schema_decide(run->judge, schema, data);
    const struct cc_schema_report *report = schema_check(run->judge, schema, data);
    ck_assert_ptr_nonnull(report);
    ck_assert_int_eq(report->verdict, fast);
    ck_assert_int_eq(report->verdict == CC_SCHEMA_BROKEN, report->count > 0);
    run->score.total++;
    run->score.passed += report->verdict == wanted;
    if (run->say && report->verdict != wanted) tell(run, group, test, report);
}

static void run_group(struct run *run, struct view group)
{
    struct cc_schema *schema = schema_new(get(group, "schema"), &run->options);
    ck_assert_ptr_nonnull(schema);
    const struct cc_schema_report *faults = cc_schema_faults(schema);
    if (run->say && faults->count) fprintf(stderr, "%s: schema: %s: %s\n", run->file, faults->errors[0].place, faults->errors[0].message);
    for (EVERY(test, get(group, "tests"))) run_test(run, schema, group, test);
    cc_schema_free(schema);
}

/* The same schema judged by the metaschema of its draft. */
static void run_metaschema(struct run *run, struct view group, const char *metaschema)
{
    char text[128];
    snprintf(text, sizeof text, "{\"$ref\": \"%s\"}", metaschema);
    struct cc_schema *schema = cc_schema_new(text, strlen(text), NULL);
    ck_assert_ptr_nonnull(schema);
    ck_assert_uint_eq(cc_schema_faults(schema)->count, 0);
    const struct cc_schema_report *report = schema_check(run->judge, schema, get(group, "schema"));
    ck_assert_ptr_nonnull(report);
    if (report->verdict != CC_SCHEMA_HOLDS) tell(run, group, first(get(group, "tests")), report);
    ck_assert_int_eq(report->verdict, CC_SCHEMA_HOLDS);
    cc_schema_free(schema);
}

static struct score run_file(const char *path, const struct cc_schema_options *options, bool say)
{
    struct run run = {.file = strstr(path, "tests/"), .options = *options, .judge = cc_schema_judge_new(), .say = say};
    struct document doc = {0};
    size_t length;
    char *text = testing_file(path, &length);
    ck_assert_ptr_nonnull(run.judge);
    ck_assert_msg(document_read(&doc, text, length, &limits), "%s", path);
    static const char older[] = "http://json-schema.org/draft-07/schema#", newer[] = "https://json-schema.org/draft/2020-12/schema";
    const char *metaschema = options->draft == CC_DRAFT_7 ? older : newer;
    struct view root = {&doc, 0};
    for (EVERY(group, root)) {
        run_group(&run, group);
        if (say) run_metaschema(&run, group, metaschema);
    }
    document_clear(&doc);
    free(text);
    cc_schema_judge_free(run.judge);
    return run.score;
}

/* --- folders */

static const char *prepare(void)
{
    const char *folder = testing_shared(suite_folder);
    if (!folder) return NULL;
    char remotes[4200];
    snprintf(remotes, sizeof remotes, "%s/remotes", folder);
    library = cc_schema_library_new();
    ck_assert_ptr_nonnull(library);
    folder_length = strlen(remotes);
    ck_assert_int_eq(nftw(remotes, add_remote, 8, FTW_PHYS), 0);
    return folder;
}

static struct score run_required(const char *name, enum cc_draft draft)
{
    const char *folder = prepare();
    struct score all = {0};
    if (!folder) return all;
    char path[4400];
    snprintf(path, sizeof path, "%s/tests/%s", folder, name);
    DIR *files = opendir(path);
    ck_assert_ptr_nonnull(files);
    struct cc_schema_options options = {.draft = draft, .library = library};
    for (struct dirent *file; (file = readdir(files)) != NULL;) {
        if (!strstr(file->d_name, ".json")) continue;
        char one[4800];
        snprintf(one, sizeof one, "%s/%s", path, file->d_name);
        struct score score = run_file(one, &options, true);
        all.passed += score.passed;
        all.total += score.total;
    }
    closedir(files);
    cc_schema_library_free(library);
    return all;
}

START_TEST(every_required_test_of_2020_passes)
{
    struct score score = run_required("draft2020-12", CC_DRAFT_2020_12);
    printf("required of 2020-12: %u of %u\n", score.passed, score.total);
    ck_assert_uint_eq(score.passed, score.total);
}
END_TEST

START_TEST(every_required_test_of_draft_7_passes)
{
    struct score score = run_required("draft7", CC_DRAFT_7);
    printf("required of draft 7: %u of %u\n", score.passed, score.total);
    ck_assert_uint_eq(score.passed, score.total);
}
END_TEST

/* --- optional files: how many tests pass, of how many */

static const struct {
    const char *file;
    struct score score;
} optional[] = {
    {"draft2020-12/optional/anchor", {4, 4}},
    {"draft2020-12/optional/bignum", {9, 9}},
    {"draft2020-12/optional/cross-draft", {0, 1}}, /* draft 2019-09 is not known */
    {"draft2020-12/optional/dependencies-compatibility", {36, 36}},
    {"draft2020-12/optional/dynamicRef", {2, 2}},
    {"draft2020-12/optional/ecmascript-regex", {74, 74}},
    {"draft2020-12/optional/float-overflow", {1, 1}},
    {"draft2020-12/optional/format-assertion", {4, 4}},
    {"draft2020-12/optional/id", {3, 3}},
    {"draft2020-12/optional/no-schema", {3, 3}},
    {"draft2020-12/optional/non-bmp-regex", {12, 12}},
    {"draft2020-12/optional/refOfUnknownKeyword", {10, 10}},
    {"draft2020-12/optional/unknownKeyword", {3, 3}},
    {"draft2020-12/optional/format/date-time", {33, 33}},
    {"draft2020-12/optional/format/date", {81, 81}},
    {"draft2020-12/optional/format/duration", {52, 52}},
    {"draft2020-12/optional/format/ecmascript-regex", {12, 12}},
    {"draft2020-12/optional/format/email", {27, 27}},
    {"draft2020-12/optional/format/hostname", {41, 64}}, /* what xn-- stands for is not looked at */
    {"draft2020-12/optional/format/idn-email", {18, 18}},
    {"draft2020-12/optional/format/idn-hostname", {57, 90}}, /* which letters a name may mix is not known */
    {"draft2020-12/optional/format/ipv4", {41, 41}},
    {"draft2020-12/optional/format/ipv6", {42, 42}},
    {"draft2020-12/optional/format/iri-reference", {13, 13}},
    {"draft2020-12/optional/format/iri", {24, 24}},
    {"draft2020-12/optional/format/json-pointer", {40, 40}},
    {"draft2020-12/optional/format/regex", {8, 8}},
    {"draft2020-12/optional/format/relative-json-pointer", {25, 25}},
    {"draft2020-12/optional/format/time", {47, 47}},
    {"draft2020-12/optional/format/unknown", {7, 7}},
    {"draft2020-12/optional/format/uri-reference", {28, 28}},
    {"draft2020-12/optional/format/uri-template", {38, 38}},
    {"draft2020-12/optional/format/uri", {46, 46}},
    {"draft2020-12/optional/format/uuid", {28, 28}},
    {"draft7/optional/bignum", {9, 9}},
    {"draft7/optional/content", {6, 10}}, /* what is encoded in a string is not looked at */
    {"draft7/optional/cross-draft", {0, 2}},
    {"draft7/optional/ecmascript-regex", {74, 74}},
    {"draft7/optional/float-overflow", {1, 1}},
    {"draft7/optional/id", {7, 7}},
    {"draft7/optional/non-bmp-regex", {12, 12}},
    {"draft7/optional/unknownKeyword", {3, 3}},
    {"draft7/optional/format/date-time", {33, 33}},
    {"draft7/optional/format/date", {81, 81}},
    {"draft7/optional/format/ecmascript-regex", {12, 12}},
    {"draft7/optional/format/email", {20, 20}},
    {"draft7/optional/format/hostname", {41, 64}},
    {"draft7/optional/format/idn-email", {18, 18}},
    {"draft7/optional/format/idn-hostname", {56, 89}},
    {"draft7/optional/format/ipv4", {41, 41}},
    {"draft7/optional/format/ipv6", {42, 42}},
    {"draft7/optional/format/iri-reference", {13, 13}},
    {"draft7/optional/format/iri", {24, 24}},
    {"draft7/optional/format/json-pointer", {40, 40}},
    {"draft7/optional/format/regex", {8, 8}},
    {"draft7/optional/format/relative-json-pointer", {25, 25}},
    {"draft7/optional/format/time", {47, 47}},
    {"draft7/optional/format/unknown", {7, 7}},
    {"draft7/optional/format/uri-reference", {28, 28}},
    {"draft7/optional/format/uri-template", {38, 38}},
    {"draft7/optional/format/uri", {46, 46}},
};

enum { OPTIONAL_FILES = sizeof optional / sizeof *optional };

START_TEST(optional_tests_pass_as_written_down)
{
    const char *folder = prepare(), *file = optional[_i].file;
    if (!folder) return;
    char path[4400];
    snprintf(path, sizeof path, "%s/tests/%s.json", folder, file);
    struct cc_schema_options options = {.library = library, .assert_formats = strstr(file, "/format/") != NULL};
    options.draft = strncmp(file, "draft7", 6) == 0 ? CC_DRAFT_7 : CC_DRAFT_2020_12;
    struct score score = run_file(path, &options, false), wanted = optional[_i].score;
    ck_assert_msg(score.passed == wanted.passed && score.total == wanted.total, "%s: %u of %u", file, score.passed, score.total);
    cc_schema_library_free(library);
}
END_TEST

static bool is_listed(const char *file)
{
    for (size_t i = 0; i < OPTIONAL_FILES; i++) {
        const char *found = strstr(file, optional[i].file);
        if (found && strcmp(found + strlen(optional[i].file), ".json") == 0) return true;
    }
    return false;
}

static int find_unlisted(const char *path, const struct stat *about, int type, struct FTW *place)
{
    (void)about;
    (void)place;
    if (type == FTW_F && strstr(path, "/optional/") && strstr(path, ".json")) ck_assert_msg(is_listed(path), "%s is not listed", path);
    return 0;
}

START_TEST(every_optional_file_is_written_down)
{
    const char *folder = testing_shared(suite_folder);
    if (!folder) return;
    char path[4400];
    snprintf(path, sizeof path, "%s/tests", folder);
    ck_assert_int_eq(nftw(path, find_unlisted, 8, FTW_PHYS), 0);
}
END_TEST

static Suite *schema_suite(void)
{
    Suite *suite = suite_create("schema_suite");
    TCase *tests = tcase_create("suite");
    tcase_add_test(tests, every_required_test_of_2020_passes);
    tcase_add_test(tests, every_required_test_of_draft_7_passes);
    tcase_add_loop_test(tests, optional_tests_pass_as_written_down, 0, OPTIONAL_FILES);
    tcase_add_test(tests, every_optional_file_is_written_down);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(schema_suite)
