/* lateness.h: for how long bytes may have waited in a socket before we read them. A stream whose events wait while we are not running looks
 * like one that was kept back by its server, so whoever judges by the times of reads has to know how late they may be.
 *
 * One loop reads all sockets, sleeps until something comes, and reads again. Bytes came unseen while it was busy elsewhere, while the
 * machine let it wait for a processor after waking it, and while it was stopped altogether. Times are in milliseconds, of one clock. */
#ifndef LATENESS_H
#define LATENESS_H

#include <stdbool.h>

enum {
    LATENESS_NAP_MS = 20, /* no sleep should be longer: one that is shows that all of us was stopped */
    LATENESS_SLACK_MS = 2,
};

struct lateness {
    long looked_ms;  /* when the sockets were last begun to be read */
    long woke_ms;    /* when the last sleep ended */
    long unseen_ms;  /* what was there by then may have come so long before */
};

/* What the last sleep was: from when to when, how long it was meant to be at most, and for how much of it this thread could have run but
 * was not let (0 where that is not known). */
struct sleep {
    long from_ms, to_ms, most_ms, held_up_ms;
};

/* The sockets are about to be read. */
void lateness_look(struct lateness *late, long now_ms);
void lateness_wake(struct lateness *late, const struct sleep *sleep);
/* How late bytes may be that are read now. */
long lateness_at(const struct lateness *late, long now_ms);

/* Opens the kernel's account of how long this thread could have run but was not let; -1 when it keeps none (then 0 is said of any). Closed
 * with close(). */
int lateness_open(void);
/* All of that so far. */
long lateness_held_up_ms(int account);

#endif
