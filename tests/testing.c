/* testing.c: see testing.h. */
#include "tests/testing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int testing_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

char *testing_file(const char *path, size_t *length)
{
    FILE *file = fopen(path, "rb");
    ck_assert_msg(file != NULL, "cannot open %s", path);
    struct stat about;
    ck_assert_int_eq(fstat(fileno(file), &about), 0);
    char *text = malloc((size_t)about.st_size + 1);
    ck_assert_ptr_nonnull(text);
    *length = fread(text, 1, (size_t)about.st_size, file);
    ck_assert_uint_eq(*length, (size_t)about.st_size);
    text[*length] = '\0';
    fclose(file);
    return text;
}

/* Skips are counted by the runner from this file, because each test runs in a process of its own. */
static void note_skip(const char *name)
{
    const char *log = getenv("CHATCONFORM_SKIPS");
    FILE *file = log ? fopen(log, "a") : NULL;
    if (file) {
        fprintf(file, "%s\n", name);
        fclose(file);
    }
}

const char *testing_shared(const char *name)
{
    static char path[4096];
    const char *shared = getenv("CHATCONFORM_SHARED");
    if (!shared || !*shared) {
        note_skip(name);
        return NULL;
    }
    snprintf(path, sizeof path, "%s/%s", shared, name);
    struct stat about;
    ck_assert_msg(stat(path, &about) == 0, "CHATCONFORM_SHARED is set, but %s is not there", path);
    return path;
}
