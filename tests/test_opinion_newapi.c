/* test_opinion_newapi.c: the document that this project began with, as an opinion: every sample in it is right under its own profile. It prints
 * chunks without their framing, so that is added; the comment that stands between them is no sample. */
#include "chatconform.h"
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What lies between two fences of the document. */
struct fence {
    const char *language, *text;
    size_t length;
};

static bool next_fence(const char **at, struct fence *fence)
{
    const char *start = strstr(*at, "```");
    const char *line = start ? strchr(start, '\n') : NULL, *end = line ? strstr(line, "\n```") : NULL;
    if (!end) return false;
    *fence = (struct fence){start + 3, line + 1, (size_t)(end - line)};
    *at = end + 4;
    return true;
}

/* The text of a sample, of its own, so that a sanitizer sees what reads past its end. */
static char *copy(const char *text, size_t length)
{
    char *own = malloc(length + 1);
    ck_assert_ptr_nonnull(own);
    memcpy(own, text, length);
    own[length] = '\0';
    return own;
}

struct tally {
    size_t requests, answers, chunks;
    char *stream; /* the chunks with their framing */
    size_t length;
    FILE *out;
};

static struct cc_checker *checker;

static void expect_no_error(enum cc_kind kind, const char *text, size_t length)
{
    const struct cc_report *report = cc_check(checker, kind, text, length);
    ck_assert_ptr_nonnull(report);
    for (size_t i = 0; i < report->count; i++)
        ck_assert_msg(report->findings[i].severity != CC_ERROR, "%s at %s: %s\n%.400s", report->findings[i].rule->id, report->findings[i].pointer,
                      report->findings[i].message, text);
}

/* The body of a curl command stands between single quotes. */
static void judge_curl(const struct fence *fence, struct tally *tally)
{
    char *command = copy(fence->text, fence->length);
    char *body = strstr(command, "-d '"), *end = body ? strrchr(body, '\'') : NULL;
    ck_assert_msg(end > body + 4, "a curl command without a body: %.200s", command);
    expect_no_error(CC_REQUEST, body + 4, (size_t)(end - body - 4));
    tally->requests++;
    free(command);
}

static void judge_chunks(const struct fence *fence, struct tally *tally)
{
    const char *line = fence->text, *end = fence->text + fence->length;
    while (line < end) {
        size_t length = strcspn(line, "\n");
        if (*line == '{') { /* a line is a chunk, or nothing of the sort */
            expect_no_error(CC_CHUNK, line, length);
            fprintf(tally->out, "data: %.*s\n\n", (int)length, line);
            tally->chunks++;
        }
        line += length + 1;
    }
}

static void judge_fence(const struct fence *fence, struct tally *tally)
{
    if (strncmp(fence->language, "json", 4) == 0) {
        char *answer = copy(fence->text, fence->length);
        expect_no_error(CC_RESPONSE, answer, strlen(answer));
        tally->answers++;
        free(answer);
    } else if (strncmp(fence->text, "curl", 4) == 0) {
        judge_curl(fence, tally);
    } else if (*fence->text == '{') {
        judge_chunks(fence, tally);
    }
}

START_TEST(samples_are_right)
{
    const char *path = testing_shared("spec/newapi-chat.md");
    if (!path) return;
    size_t length;
    char *document = testing_file(path, &length);
    const char *at = document;
    struct tally tally = {0};
    struct fence fence;
    tally.out = open_memstream(&tally.stream, &tally.length);
    checker = cc_checker_new(&(struct cc_options){.profile = CC_NEWAPI});
    ck_assert(checker && tally.out);
    while (next_fence(&at, &fence)) judge_fence(&fence, &tally);
    fputs("data: [DONE]\n\n", tally.out);
    fclose(tally.out);
    expect_no_error(CC_STREAM, tally.stream, tally.length);
    ck_assert_uint_eq(tally.requests, 3);
    ck_assert_uint_eq(tally.answers, 1);
    ck_assert_uint_eq(tally.chunks, 3);
    cc_checker_free(checker);
    free(tally.stream);
    free(document);
}
END_TEST

/* Where the profiles differ, one document is judged differently by each. */
static const struct {
    enum cc_kind kind;
    const char *text;
    unsigned wrong; /* the profile that has an error */
} differences[] = {
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"reasoning_effort\":\"xhigh\"}", CC_NEWAPI},
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"service_tier\":\"priority\"}", CC_NEWAPI},
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"modalities\":[\"text\",\"audio\"],\"audio\":{\"format\":\"aac\","
                 "\"voice\":\"alloy\"}}", CC_NEWAPI},
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"modalities\":[\"text\",\"audio\"],\"audio\":{\"format\":\"wav\","
                 "\"voice\":{\"id\":\"v\"}}}", CC_NEWAPI},
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"t\"}}]}",
     CC_NEWAPI},
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"metadata\":{\"a\":\"b\"}}", CC_OPENAI},
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tool_choice\":\"auto\"}", CC_OPENAI},
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"parallel_tool_calls\":true}", CC_OPENAI},
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"name\":\"a b\"}]}", CC_OPENAI},
    {CC_REQUEST, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"safety_identifier\":7}", CC_OPENAI},
    {CC_ERROR_BODY, "{\"error\":{\"message\":\"m\",\"type\":\"new_api_error\",\"param\":\"\",\"code\":7}}", CC_OPENAI},
};

static size_t errors_under(unsigned profile, enum cc_kind kind, const char *text)
{
    struct cc_checker *own = cc_checker_new(&(struct cc_options){.profile = profile});
    const struct cc_report *report = cc_check(own, kind, text, strlen(text));
    ck_assert_ptr_nonnull(report);
    size_t errors = report->errors;
    cc_checker_free(own);
    return errors;
}

START_TEST(profiles_differ)
{
    unsigned wrong = differences[_i].wrong, right = wrong == CC_OPENAI ? CC_NEWAPI : CC_OPENAI;
    ck_assert_msg(errors_under(wrong, differences[_i].kind, differences[_i].text) > 0, "%s", differences[_i].text);
    ck_assert_msg(errors_under(right, differences[_i].kind, differences[_i].text) == 0, "%s", differences[_i].text);
}
END_TEST

static Suite *newapi_suite(void)
{
    Suite *suite = suite_create("opinion of the New API document");
    TCase *all = tcase_create("all");
    tcase_add_test(all, samples_are_right);
    tcase_add_loop_test(all, profiles_differ, 0, COUNT(differences));
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(newapi_suite)
