/* fuzz.h: what is fuzzed of this program itself, one function a target: it takes any bytes, and must neither crash nor break a promise.
 *
 * libfuzzer.c makes a libFuzzer program of them (make fuzz); tests/test_fuzz_corpus.c replays the committed inputs with any compiler;
 * planted.sh breaks the promises on purpose and sees whether the targets notice. */
#ifndef FUZZ_H
#define FUZZ_H

#include "chatconform.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* A promise that does not hold ends the process, as a crash does. */
#define MUST(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

struct fuzz_target {
    const char *name; /* also of the folder with its inputs: tests/fuzz/corpus/NAME */
    void (*run)(const char *bytes, size_t size);
};

/* All of them, ended by a NULL name. */
extern const struct fuzz_target fuzz_targets[];

/* Whether promises of time count. Only the libFuzzer program sets it: in `make check` no test may fail for how fast the machine is. */
extern bool fuzz_on_time;

/* Each finding has a rule, a sentence and a place in the text, and the counts add up. */
void fuzz_check_report(const struct cc_report *report, size_t size);
/* A checker of that profile that is kept for the whole process; `which` is 0 or 1. */
struct cc_checker *fuzz_checker(unsigned profile, int which);
/* A copy of some bytes with a NUL behind it. */
char *fuzz_copy(const char *bytes, size_t size);
/* Parts the input at its first NUL: the first part gets a NUL behind it anyway. True when there was one. */
bool fuzz_part(const char *bytes, size_t size, size_t *first, const char **second, size_t *second_size);

void fuzz_reader(const char *bytes, size_t size);
void fuzz_request(const char *bytes, size_t size);
void fuzz_response(const char *bytes, size_t size);
void fuzz_exchange(const char *bytes, size_t size);
void fuzz_sse(const char *bytes, size_t size);
void fuzz_stream(const char *bytes, size_t size);
void fuzz_aggregate(const char *bytes, size_t size);
void fuzz_yaml(const char *bytes, size_t size);
void fuzz_reports(const char *bytes, size_t size);
void fuzz_redactor(const char *bytes, size_t size);
void fuzz_matcher(const char *bytes, size_t size);
void fuzz_pattern(const char *bytes, size_t size);
void fuzz_schema(const char *bytes, size_t size);
void fuzz_wire(const char *bytes, size_t size);
void fuzz_options(const char *bytes, size_t size);
void fuzz_generator(const char *bytes, size_t size);
void fuzz_shrink(const char *bytes, size_t size);

#endif
