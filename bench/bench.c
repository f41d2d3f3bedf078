/* bench.c: how fast requests are read and fully validated, beside json-c that only parses the same bytes in the same process.
 *
 * Figures depend on the machine; the ratio hardly does, so that is what to look at. Both sides take turns in short rounds of processor time,
 * and the best round of each counts: what disturbs one round disturbs neither side's best. */
#include "bench/corpus.h"
#include "chatconform.h"

#include <json-c/json.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum { CLASSES = 16, ROUNDS = 15, ROUND_MS = 40 };

static clockid_t watch = CLOCK_PROCESS_CPUTIME_ID; /* so that others who use the machine are not counted */

static double now_s(void)
{
    struct timespec t;
    clock_gettime(watch, &t);
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

static void pass(const struct class *class, document_fn *judge, void *state)
{
    for (size_t i = 0; i < class->count; i++)
        if (!judge(state, &class->samples[i])) exit(EXIT_FAILURE);
}

/* Seconds for one pass over the class, from as many passes as fit into a round. The clock is asked seldom, as it costs as much as a small
 * document does. */
static double round_s(const struct class *class, document_fn *judge, void *state)
{
    double start = now_s(), spent;
    size_t passes = 0, more = 1;
    do {
        for (size_t i = 0; i < more; i++) pass(class, judge, state);
        passes += more;
        spent = now_s() - start;
        if (spent < ROUND_MS / 8000.0) more *= 2;
    } while (spent < ROUND_MS / 1000.0);
    return spent / (double)passes;
}

static bool validate_stream(void *unused, const struct sample *sample)
{
    struct cc_stream *stream = cc_stream_new(NULL, NULL, 0);
    (void)unused;
    bool fine = stream && cc_stream_feed(stream, sample->text, sample->length) && cc_stream_end(stream, false);
    cc_stream_free(stream);
    return fine;
}

/* The JSON of each event alone: no framing, no rules. */
static bool parse_events(void *tokener, const struct sample *sample)
{
    for (const char *at = sample->text; (at = strstr(at, "data: ")); at++) {
        struct sample event = {NULL, strcspn(at, "\n") - 6};
        if (at[6] != '{') continue;
        json_tokener_reset(tokener);
        struct json_object *object = json_tokener_parse_ex(tokener, at + 6, (int)event.length);
        if (!object) return false;
        json_object_put(object);
    }
    return true;
}

struct side {
    document_fn *judge;
    void *state;
};

static double measure(const struct class *class, struct side us, struct side them)
{
    double ours = INFINITY, theirs = INFINITY;
    for (int i = 0; i < ROUNDS; i++) {
        ours = fmin(ours, round_s(class, us.judge, us.state));
        theirs = fmin(theirs, round_s(class, them.judge, them.state));
    }
    double bytes = (double)class->bytes, documents = (double)class->count;
    printf("%-20s %8.1f kB %10.0f %12.0f %10.0f %12.0f %8.2f\n", class->name, bytes / documents / 1000, bytes / ours / 1e6, documents / ours,
           bytes / theirs / 1e6, documents / theirs, theirs / ours);
    return theirs / ours;
}

static void table(const char *title, const struct class *classes, size_t count, struct side us, struct side them)
{
    double logs = 0, least = INFINITY;
    printf("%s (json-c %s)\n\n%-20s %11s %10s %12s %10s %12s %8s\n", title, json_c_version(), "class", "document", "ours MB/s", "documents/s", "json-c",
           "documents/s", "ratio");
    for (size_t i = 0; i < count; i++) {
        double ratio = measure(&classes[i], us, them);
        logs += log(ratio);
        least = fmin(least, ratio);
    }
    printf("\ngeometric mean of the ratios %.2f, least %.2f\n\n", exp(logs / (double)count), least);
}

static double peak_MB(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

/* One stream of 1 GB, as a gateway that keeps no texts sees it: how fast, and in how much memory. */
static void long_stream(void)
{
    static const char head[] = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"gpt-4o-mini\","
                               "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"";
    static const char tail[] = "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n";
    static const char *const words[] = {" the", " a", " Lisbon", " sea", ",", " d\xc3\xa9j\xc3\xa0", "\\n", " 4"};
    static char block[1 << 16];
    struct cc_options options = {.no_answer = true, .limits = {.stream = 1 << 30, .events = 16000000}};
    struct cc_stream *stream = cc_stream_new(&options, NULL, 0);
    size_t length = 0, events = 0, fed = 0;
    while (sizeof block - length > 400) length += (size_t)snprintf(block + length, 400, "%s%s%s", head, words[events++ % 8], tail);
    double before = peak_MB(), start = now_s();
    for (; stream && fed < 1000000000; fed += length)
        if (!cc_stream_feed(stream, block, length)) exit(EXIT_FAILURE);
    double spent = now_s() - start;
    printf("one stream of 1 GB without its texts: %.0f MB/s, %.0f events/s, %.1f MB more of memory\n\n", (double)fed / spent / 1e6,
           (double)(fed / length * events) / spent, peak_MB() - before);
    cc_stream_free(stream);
}

/* The cost of a byte stays the same however many there are, once the fixed cost of a document is spread. */
static void growth(struct cc_checker *checker)
{
    struct class classes[CLASSES];
    size_t count = corpus_make_sizes(classes, CLASSES);
    printf("how the cost grows with the size of a request\n\n%-20s %11s %12s %10s\n", "size", "document", "us each", "ns a byte");
    for (size_t i = 0; i < count; i++) {
        double best = INFINITY;
        for (int round = 0; round < ROUNDS; round++) best = fmin(best, round_s(&classes[i], validate, checker));
        printf("%-20s %8.1f kB %12.2f %10.2f\n", classes[i].name, (double)classes[i].bytes / 1000, best * 1e6, best * 1e9 / (double)classes[i].bytes);
    }
    printf("\n");
    corpus_free(classes, count);
}

/* Writes each class as lines of JSON, repeated to at least DUMP_BYTES so that starting a process counts for little, and what we take for a pass
 * over it: peers.mjs sets others beside that. */
static int dump(const char *folder)
{
    enum { DUMP_BYTES = 20000000 };
    struct class classes[CLASSES];
    size_t count = corpus_make(classes, CLASSES);
    struct cc_checker *checker = cc_checker_new(NULL);
    char path[4096];
    watch = CLOCK_MONOTONIC; /* as peers.mjs measures the others */
    snprintf(path, sizeof path, "%s/ours.tsv", folder);
    FILE *list = fopen(path, "w");
    if (!list || !checker) return EXIT_FAILURE;
    for (size_t i = 0; i < count; i++) {
        double ours = INFINITY;
        for (int round = 0; round < ROUNDS; round++) ours = fmin(ours, round_s(&classes[i], validate, checker));
        fprintf(list, "%zu\t%s\t%zu\t%.0f\n", i, classes[i].name, classes[i].count, (double)classes[i].count / ours);
        snprintf(path, sizeof path, "%s/%zu.jsonl", folder, i);
        FILE *out = fopen(path, "w");
        for (size_t bytes = 0; out && bytes < DUMP_BYTES; bytes += classes[i].bytes)
            for (size_t k = 0; k < classes[i].count; k++) fprintf(out, "%s\n", classes[i].samples[k].text);
        if (!out || fclose(out) != 0) return EXIT_FAILURE;
    }
    corpus_free(classes, count);
    cc_checker_free(checker);
    return fclose(list) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "--dump") == 0) return dump(argv[2]);
    long_stream();
    struct class requests[CLASSES], streams[CLASSES];
    size_t request_count = corpus_make(requests, CLASSES), stream_count = corpus_make_streams(streams, CLASSES);
    struct cc_checker *checker = cc_checker_new(NULL);
    struct json_tokener *tokener = json_tokener_new();
    if (!checker || !tokener) return EXIT_FAILURE;
    table("requests: reading and full validation, beside parsing alone", requests, request_count, (struct side){validate, checker},
          (struct side){parse, tokener});
    table("streams: reading, full validation and the assembled answer, beside parsing each event's JSON alone", streams, stream_count,
          (struct side){validate_stream, NULL}, (struct side){parse_events, tokener});
    growth(checker);
    printf("peak memory of the process %.1f MB\n", peak_MB());
    if (!getenv("CHATCONFORM_SHARED")) printf("set CHATCONFORM_SHARED to measure recorded traffic too\n");
    cc_checker_free(checker);
    json_tokener_free(tokener);
    corpus_free(requests, request_count);
    corpus_free(streams, stream_count);
    return EXIT_SUCCESS;
}
