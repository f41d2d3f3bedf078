/* testing.h: what every test program shares. Each tests/test_X.c ends with TEST_MAIN(x_suite). */
#ifndef TESTING_H
#define TESTING_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>

/* How many rows a table has, as Check's loops take it. */
#define COUNT(table) ((int)(sizeof(table) / sizeof *(table)))

/* Runs the suite, forked, with a hard time limit a test; prints Check's closing line; 0 when every test passed. */
int testing_run(Suite *suite);

/* A whole file, NUL after its end (the caller frees it). Fails the test when it cannot be read. */
char *testing_file(const char *path, size_t *length);

/* The path of `name` below $CHATCONFORM_SHARED (static buffer); NULL, noting one skipped opinion, when that is not set. A set folder
 * that lacks the file fails the test. Call inside a test; return from the test on NULL. */
const char *testing_shared(const char *name);

#define TEST_MAIN(suite_function) \
    int main(void) \
    { \
        return testing_run(suite_function()); \
    }

#endif
