/* pace.c: see pace.h. */
#include "harness/pace.h"

#include <math.h>

enum { LONGEST_WAIT_MS = 3600000 };

struct pace pace_new(double per_s, long now_ms) { return (struct pace){.per_s = per_s, .allowance = 1, .filled_ms = now_ms}; }

long pace_wait_ms(struct pace *pace, long now_ms)
{
    if (pace->per_s <= 0) return 0;
    pace->allowance = fmin(1, pace->allowance + (double)(now_ms - pace->filled_ms) * pace->per_s / 1000);
    pace->filled_ms = now_ms;
    return pace->allowance >= 1 ? 0 : (long)fmin(LONGEST_WAIT_MS, ceil((1 - pace->allowance) * 1000 / pace->per_s));
}

void pace_take(struct pace *pace) { pace->allowance -= 1; }
