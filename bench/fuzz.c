/* fuzz.c: how many payloads the fuzzer makes in a second on one core: generated, written as JSON and judged. Only those below 1 kB count, as
 * larger ones take as long as they are large. */
#include "fuzzer/generate.h"
#include "fuzzer/shot.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SMALL = 1024, SECONDS = 3 };

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t); /* of processor time it would cost a tenth of a payload to ask */
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void measure(const char *what, enum shot_mode mode)
{
    struct shots_options options = {.profile = CC_OPENAI, .seed = 1, .model = "gpt-4o-mini", .mode = mode, .objects_only = true};
    struct shots *shots = shots_new(&options);
    double spent = 0, began = now_s();
    size_t count = 0, bytes = 0;
    for (uint64_t i = 0; shots && now_s() - began < SECONDS; i++) {
        struct shot shot;
        size_t length = 0;
        double start = now_s();
        if (!shot_make(shots, i, &shot) || !shot_bytes(&shot, &length)) break;
        double end = now_s();
        if (length < SMALL) spent += end - start, count++, bytes += length;
        shot_clear(&shot);
    }
    if (count) printf("%-10s %8.0f payloads/s below 1 kB, %zu bytes on average\n", what, (double)count / spent, bytes / count);
    shots_free(shots);
}

int main(void)
{
    measure("valid", MODE_POSITIVE);
    measure("broken", MODE_NEGATIVE);
    return 0;
}
