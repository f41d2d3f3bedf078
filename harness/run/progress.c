/* progress.c: see progress.h. */
#include "harness/run/progress.h"

#include "harness/base/monotonic.h"
#include "harness/run/outage.h"

#include <stdio.h>

enum { PLAIN_EVERY_MS = 2000 };

/* Said once, so that nobody has to wait for hundreds of failures. */
static void watch_outage(struct progress *p, const struct case_result *last)
{
    if (p->up || p->probes) return;
    p->up = !outage_goes_on(last, &p->down) || p->down >= OUTAGE_ANSWERS;
    if (p->down < OUTAGE_ANSWERS) return;
    fprintf(stderr, "%sthe first %zu answers are all 502, 503 or 504: the target seems to be down behind a gateway\n", p->live ? "\r\033[K" : "",
            p->down);
}

void progress_show(void *context, const struct run_result *run, size_t done, const struct case_result *last)
{
    struct progress *p = context;
    p->failed += last->state == CASE_FAIL || case_is_unjudged(last);
    if (p->quiet) return;
    watch_outage(p, last);
    if (!p->live && monotonic_ms() - p->shown_ms < PLAIN_EVERY_MS) return;
    bool first = p->shown_ms == 0;
    p->shown_ms = monotonic_ms();
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
