/* pace.h: so many requests in a second and no more: a bucket that fills steadily and holds one. */
#ifndef PACE_H
#define PACE_H

#include <stdbool.h>

/* Times are milliseconds of one steady clock. */
struct pace {
    double per_s;     /* 0: as many as one likes */
    double allowance; /* requests that may be sent now, at most 1 */
    long filled_ms;   /* when the bucket was filled last */
};

struct pace pace_new(double per_s, long now_ms);
/* Milliseconds until the next request may be sent; 0: now. */
long pace_wait_ms(struct pace *pace, long now_ms);
/* A request is sent. */
void pace_take(struct pace *pace);

#endif
