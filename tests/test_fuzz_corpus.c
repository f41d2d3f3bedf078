/* test_fuzz_corpus.c: the committed inputs of every fuzz target, replayed; each also cut short and with bytes changed. */
#include "tests/fuzz/fuzz.h"
#include "tests/testing.h"

#include <dirent.h>
#include <stdint.h>
#include <string.h>

enum { INPUTS_MAX = 400, CUTS = 6, CHANGES = 12 };

static uint64_t next(uint64_t *state) { return (*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407)) >> 33; }

/* An exact copy, so that a sanitizer sees a read past its end. */
static void run_on(const struct fuzz_target *target, const char *bytes, size_t size)
{
    char *copy = malloc(size ? size : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, bytes, size);
    target->run(copy, size);
    free(copy);
}

static void run_variants(const struct fuzz_target *target, char *bytes, size_t size)
{
    uint64_t state = size + 7;
    run_on(target, bytes, size);
    for (int i = 0; i < CUTS && size; i++) run_on(target, bytes, (size_t)(next(&state) % size));
    for (int i = 0; i < CHANGES && size; i++) {
        size_t at = (size_t)(next(&state) % size);
        char old = bytes[at];
        bytes[at] = "\"\\{}[]:,01.eE-\x01\x80\xFF\n &<>'"[next(&state) % 23];
        run_on(target, bytes, size);
        bytes[at] = old;
    }
}

START_TEST(inputs_do_no_harm)
{
    const struct fuzz_target *target = &fuzz_targets[_i];
    char folder[256], path[600];
    size_t inputs = 0;
    snprintf(folder, sizeof folder, "tests/fuzz/corpus/%s", target->name);
    DIR *entries = opendir(folder);
    ck_assert_msg(entries != NULL, "there is no %s", folder);
    for (struct dirent *entry; (entry = readdir(entries)) != NULL && inputs < INPUTS_MAX;) {
        size_t size;
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        char *bytes = testing_file(path, &size);
        run_variants(target, bytes, size);
        free(bytes);
        inputs++;
    }
    closedir(entries);
    ck_assert_msg(inputs >= 3, "%s has only %zu inputs", folder, inputs);
    run_on(target, "", 0);
}
END_TEST

static Suite *fuzz_corpus_suite(void)
{
    int targets = 0;
    while (fuzz_targets[targets].name) targets++;
    Suite *suite = suite_create("fuzz_corpus");
    TCase *tests = tcase_create("all");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, inputs_do_no_harm, 0, targets);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(fuzz_corpus_suite)
