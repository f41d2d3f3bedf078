/* monotonic.h: the clock that durations and deadlines are measured by: nobody sets it. */
#ifndef MONOTONIC_H
#define MONOTONIC_H

#include <time.h>

static inline long monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
