/* crew.c: see crew.h. There is no thread that only reads or only writes: whoever is free takes the next piece, and whoever finishes the
 * piece that is due gives it out, with those behind it that are done already. So one slow piece holds nobody up until all places are
 * taken, and with one worker nothing but plain calls is left. */
#include "harness/check/crew.h"

#include <pthread.h>

struct shift {
    const struct crew *crew;
    pthread_mutex_t taking; /* held while a piece is filled, which may take as long as the input likes */
    pthread_mutex_t lock;   /* of all below */
    pthread_cond_t changed;
    size_t taken, given;    /* pieces so far */
    bool giving;            /* somebody does */
    bool ended, failed;
    bool done[CREW_PIECES_MAX]; /* worked on, and not given out yet */
};

/* One of the crew. */
struct worker {
    struct shift *shift;
    size_t number;
    pthread_t thread;
};

static void *piece_at(const struct shift *s, size_t number) { return s->crew->pieces + number % s->crew->count * s->crew->size; }

/* Waits until there is room for one more piece; false when there is none to come. */
static bool wait_for_room(struct shift *s)
{
    pthread_mutex_lock(&s->lock);
    while (!s->ended && !s->failed && s->taken - s->given == s->crew->count) pthread_cond_wait(&s->changed, &s->lock);
    bool more = !s->ended && !s->failed;
    pthread_mutex_unlock(&s->lock);
    return more;
}

/* False when there is none. Only here `taken` grows, under `taking`. */
static bool take_piece(struct shift *s, size_t *number)
{
    pthread_mutex_lock(&s->taking);
    bool took = wait_for_room(s);
    if (took) {
        enum crew_taken taken = s->crew->take(s->crew->context, piece_at(s, s->taken));
        took = taken == CREW_PIECE;
        pthread_mutex_lock(&s->lock);
        *number = s->taken;
        s->taken += took;
        s->ended = !took;
        s->failed = s->failed || taken == CREW_FAILED;
        pthread_mutex_unlock(&s->lock);
    }
    pthread_mutex_unlock(&s->taking);
    return took;
}

/* Gives out what is due, unless somebody else is at it, who then does it. */
static void give_due(struct shift *s)
{
    size_t count = s->crew->count;
    while (!s->giving && s->given < s->taken && s->done[s->given % count]) {
        s->giving = true;
        pthread_mutex_unlock(&s->lock);
        bool fine = s->crew->give(s->crew->context, piece_at(s, s->given));
        pthread_mutex_lock(&s->lock);
        s->done[s->given % count] = false;
        s->given++;
        s->giving = false;
        s->failed = s->failed || !fine;
        pthread_cond_broadcast(&s->changed);
    }
}

static void finish_piece(struct shift *s, size_t number, bool fine)
{
    pthread_mutex_lock(&s->lock);
    s->done[number % s->crew->count] = fine;
    s->failed = s->failed || !fine;
    give_due(s);
    if (s->failed) pthread_cond_broadcast(&s->changed);
    pthread_mutex_unlock(&s->lock);
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct shift *s = worker->shift;
    size_t number;
    while (take_piece(s, &number)) finish_piece(s, number, s->crew->work(s->crew->context, worker->number, piece_at(s, number)));
    return NULL;
}

/* Threads that cannot be had are done without. */
static void run_workers(struct shift *s)
{
    struct worker workers[CREW_WORKERS_MAX] = {{.shift = s}};
    size_t started = 1;
    for (; started < s->crew->workers; started++) {
        workers[started] = (struct worker){.shift = s, .number = started};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) break;
    }
    work(&workers[0]);
    while (started > 1) pthread_join(workers[--started].thread, NULL);
}

bool crew_run(const struct crew *crew)
{
    struct shift s = {.crew = crew, .taking = PTHREAD_MUTEX_INITIALIZER, .lock = PTHREAD_MUTEX_INITIALIZER,
                      .changed = PTHREAD_COND_INITIALIZER};
    run_workers(&s);
    return !s.failed;
}
