/* bench.c: how fast requests are read and fully validated, beside json-c that only parses the same bytes in the same process.
 *
 * Figures depend on the machine; the ratio hardly does, so that is what to look at. Both sides take turns in short rounds, and the best
 * round of each counts: what disturbs one round disturbs neither side's best. */
#include "bench/corpus.h"
#include "chatconform.h"

#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { CLASSES = 16, ROUNDS = 15, ROUND_MS = 40 };

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef bool document_fn(void *state, const struct sample *sample);

static bool validate(void *checker, const struct sample *sample)
{
    return cc_check(checker, CC_REQUEST, sample->text, sample->length) != NULL;
}

static bool parse(void *tokener, const struct sample *sample)
{
    json_tokener_reset(tokener);
    struct json_object *object = json_tokener_parse_ex(tokener, sample->text, (int)sample->length + 1);
    bool fine = object != NULL;
    json_object_put(object);
    return fine;
}

/* Seconds for one pass over the class, from as many passes as fit into a round. */
static double round_s(const struct class *class, document_fn *judge, void *state)
{
    double start = now_s(), spent;
    size_t passes = 0;
    do {
        for (size_t i = 0; i < class->count; i++)
            if (!judge(state, &class->samples[i])) exit(EXIT_FAILURE);
        passes++;
        spent = now_s() - start;
    } while (spent < ROUND_MS / 1000.0);
    return spent / (double)passes;
}

static double measure(const struct class *class, struct cc_checker *checker, struct json_tokener *tokener)
{
    double ours = INFINITY, theirs = INFINITY;
    for (int i = 0; i < ROUNDS; i++) {
        ours = fmin(ours, round_s(class, validate, checker));
        theirs = fmin(theirs, round_s(class, parse, tokener));
    }
    double bytes = (double)class->bytes, documents = (double)class->count;
    printf("%-20s %8.1f kB %10.0f %12.0f %10.0f %12.0f %8.2f\n", class->name, bytes / documents / 1000, bytes / ours / 1e6, documents / ours,
           bytes / theirs / 1e6, documents / theirs, theirs / ours);
    return theirs / ours;
}

int main(void)
{
    struct class classes[CLASSES];
    size_t count = corpus_make(classes, CLASSES);
    struct cc_checker *checker = cc_checker_new(NULL);
    struct json_tokener *tokener = json_tokener_new();
    double logs = 0, least = INFINITY;
    if (!checker || !tokener) return EXIT_FAILURE;
    printf("reading and full validation (chatconform) against parsing alone (json-c %s)\n\n", json_c_version());
    printf("%-20s %11s %10s %12s %10s %12s %8s\n", "class", "document", "ours MB/s", "documents/s", "json-c", "documents/s", "ratio");
    for (size_t i = 0; i < count; i++) {
        double ratio = measure(&classes[i], checker, tokener);
        logs += log(ratio);
        least = fmin(least, ratio);
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("\ngeometric mean of the ratios %.2f, least %.2f; peak memory of the process %.1f MB\n", exp(logs / (double)count), least,
           (double)usage.ru_maxrss / 1024);
    if (!getenv("CHATCONFORM_SHARED")) printf("set CHATCONFORM_SHARED to measure recorded requests too\n");
    cc_checker_free(checker);
    json_tokener_free(tokener);
    corpus_free(classes, count);
    return EXIT_SUCCESS;
}
