/* progress.c: see progress.h. */
#include "harness/run/progress.h"

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
    if (!p->live && now_ms() - p->shown_ms < PLAIN_EVERY_MS) return;
    bool first = p->shown_ms == 0;
    p->shown_ms = now_ms();
    if (!p->live && first) return;
    fprintf(stderr, "%s%zu/%zu %s", p->live ? "\r\033[K" : "", done, run->case_count, p->probes ? "probes" : "cases");
    if (!p->probes) fprintf(stderr, ", %zu failed", p->failed);
    if (p->live) fprintf(stderr, "  %.50s/%.50s", last->suite, last->id);
    else putc('\n', stderr);
    fflush(stderr);
}

void progress_end(struct progress *p)
{
    if (p->live && !p->quiet) fprintf(stderr, "\r\033[K");
}
