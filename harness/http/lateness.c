/* lateness.c: see lateness.h. The account is /proc/thread-self/schedstat of Linux; elsewhere only sleeps that last too long give us away. */
#include "harness/http/lateness.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void lateness_look(struct lateness *late, long now_ms) { late->looked_ms = now_ms; }

/* Who slept for more than a tick found nothing when the sleep began. Who did not may have been woken by what came while the sockets were read. */
void lateness_wake(struct lateness *late, const struct sleep *sleep)
{
    long lasted_ms = sleep->to_ms - sleep->from_ms;
    bool stopped = lasted_ms > sleep->most_ms + LATENESS_SLACK_MS, slept = lasted_ms - sleep->held_up_ms > 1;
    late->unseen_ms = stopped ? lasted_ms : sleep->held_up_ms;
    if (!slept) late->unseen_ms += sleep->from_ms - late->looked_ms;
    late->woke_ms = sleep->to_ms;
}

long lateness_at(const struct lateness *late, long now_ms) { return now_ms - late->woke_ms + late->unseen_ms; }

int lateness_open(void) { return open("/proc/thread-self/schedstat", O_RDONLY | O_CLOEXEC); }

/* "TIME-RUN TIME-WAITED-TO-RUN TIMES", in nanoseconds. */
long lateness_held_up_ms(int account)
{
    char text[128];
    ssize_t length = account < 0 ? 0 : pread(account, text, sizeof text - 1, 0);
    text[length > 0 ? length : 0] = '\0';
    const char *waited = strchr(text, ' ');
    return waited ? (long)(strtoll(waited, NULL, 10) / 1000000) : 0;
}
