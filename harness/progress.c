/* progress.c: see progress.h. */
#include "harness/progress.h"

#include <stdio.h>
#include <time.h>

enum { PLAIN_EVERY_MS = 2000 };

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void progress_show(void *context, const struct run_result *run, size_t done, const struct case_result *last)
{
    struct progress *p = context;
    p->failed += last->state == CASE_FAIL || case_is_unjudged(last);
    if (p->quiet) return;
    if (p->live) {
        fprintf(stderr, "\r\033[K%zu/%zu cases, %zu failed  %.50s/%.50s", done, run->case_count, p->failed, last->suite, last->id);
        fflush(stderr);
    } else if (now_ms() - p->shown_ms >= PLAIN_EVERY_MS) {
        if (p->shown_ms) fprintf(stderr, "%zu/%zu cases, %zu failed\n", done, run->case_count, p->failed);
        p->shown_ms = now_ms();
    }
}

void progress_end(struct progress *p)
{
    if (p->live && !p->quiet) fprintf(stderr, "\r\033[K");
}
