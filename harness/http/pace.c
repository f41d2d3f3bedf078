/* pace.c: see pace.h. */
#include "harness/http/pace.h"

#include <math.h>

enum { LONGEST_WAIT_MS = 3600000 };

struct pace pace_new(double per_s, long now_ms) { return (struct pace){.per_s = per_s, .allowance = 1, .filled_ms = now_ms}; }

long pace_wait_ms(struct pace *pace, long now_ms)
{
    if (pace->per_s <= 0) return 0;
    pace->allowance = fmin(1, pace->allowance + (double)(now_ms - pace->filled_ms) * pace->per_s / 1000);
    pace->filled_ms = now_ms;
    double wait_ms = (1 - pace->allowance) * 1000 / pace->per_s;
    return (long)fmin(LONGEST_WAIT_MS, ceil(wait_ms - 1e-6)); /* what adding up fractions leaves over is no wait */
}

void pace_take(struct pace *pace) { pace->allowance -= 1; }
