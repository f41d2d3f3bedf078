/* test_check_crew.c: threads that work on pieces of one input: order, bounds, and every way to fail. */
#include "harness/check/crew.h"
#include "tests/testing.h"

#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum { PIECES = 500, NEVER = -1 };

struct piece {
    int number, result;
};

/* What a crew is given to do, and what it did. */
struct job {
    size_t room;
    int count;                      /* pieces of the input */
    int take_fails, work_fails, give_fails; /* at this piece */
    bool slow;                      /* some pieces take longer than others */
    struct piece pieces[CREW_PIECES_MAX];
    pthread_mutex_t lock;
    int taken, taking, giving, under_way, most_under_way;
    int given[PIECES];
    int given_count;
    bool workers[CREW_WORKERS_MAX];
};

static void pause_us(long us)
{
    struct timespec time = {0, us * 1000};
    nanosleep(&time, NULL);
}

static enum crew_taken take(void *context, void *piece)
{
    struct job *job = context;
    struct piece *p = piece;
    pthread_mutex_lock(&job->lock);
    ck_assert_int_eq(job->taking++, 0);
    int number = job->taken;
    pthread_mutex_unlock(&job->lock);
    if (job->slow && number % 17 == 0) pause_us(300);
    *p = (struct piece){.number = number};
    pthread_mutex_lock(&job->lock);
    job->taking--;
    bool fails = number == job->take_fails, ends = number == job->count;
    if (!fails && !ends) job->taken++, job->under_way++;
    if (job->under_way > job->most_under_way) job->most_under_way = job->under_way;
    pthread_mutex_unlock(&job->lock);
    return fails ? CREW_FAILED : ends ? CREW_END : CREW_PIECE;
}

static bool work(void *context, size_t worker, void *piece)
{
    struct job *job = context;
    struct piece *p = piece;
    ck_assert_uint_lt(worker, CREW_WORKERS_MAX);
    if (job->slow) pause_us(p->number % 7 == 0 ? 2000 : 20);
    p->result = p->number * p->number;
    pthread_mutex_lock(&job->lock);
    job->workers[worker] = true;
    pthread_mutex_unlock(&job->lock);
    return p->number != job->work_fails;
}

static bool give(void *context, void *piece)
{
    struct job *job = context;
    struct piece *p = piece;
    pthread_mutex_lock(&job->lock);
    ck_assert_int_eq(job->giving++, 0);
    job->under_way--;
    ck_assert_int_eq(p->result, p->number * p->number);
    job->given[job->given_count++] = p->number;
    job->giving--;
    pthread_mutex_unlock(&job->lock);
    return p->number != job->give_fails;
}

static struct job make_job(int count)
{
    return (struct job){.count = count, .take_fails = NEVER, .work_fails = NEVER, .give_fails = NEVER, .lock = PTHREAD_MUTEX_INITIALIZER};
}

static bool run(struct job *job, size_t workers, size_t room)
{
    struct crew crew = {.workers = workers, .pieces = (char *)job->pieces, .size = sizeof job->pieces[0], .count = room, .context = job,
                        .take = take, .work = work, .give = give};
    bool fine = crew_run(&crew);
    for (int i = 0; i < job->given_count; i++) ck_assert_int_eq(job->given[i], i);
    ck_assert_int_le(job->most_under_way, (int)room);
    return fine;
}

START_TEST(gives_out_in_order)
{
    static const size_t crews[][2] = {{1, 1}, {1, 2}, {2, 1}, {2, 2}, {2, 4}, {3, 5}, {8, 16}, {64, 128}};
    for (size_t i = 0; i < sizeof crews / sizeof crews[0]; i++) {
        struct job job = make_job(PIECES);
        job.slow = i % 2 == 0;
        ck_assert(run(&job, crews[i][0], crews[i][1]));
        ck_assert_int_eq(job.given_count, PIECES);
    }
}
END_TEST

START_TEST(takes_an_input_that_is_empty)
{
    struct job job = make_job(0);
    ck_assert(run(&job, 4, 8));
    ck_assert_int_eq(job.given_count, 0);
}
END_TEST

START_TEST(shares_the_work)
{
    struct job job = make_job(PIECES);
    job.slow = true;
    ck_assert(run(&job, 4, 8));
    for (size_t i = 0; i < 4; i++) ck_assert(job.workers[i]);
    ck_assert(!job.workers[4]);
}
END_TEST

START_TEST(gives_out_what_came_before_the_input_failed)
{
    for (size_t workers = 1; workers <= 4; workers++) {
        struct job job = make_job(PIECES);
        job.slow = true;
        job.take_fails = 100;
        ck_assert(!run(&job, workers, 2 * workers));
        ck_assert_int_eq(job.given_count, 100);
    }
}
END_TEST

START_TEST(ends_when_work_fails)
{
    for (size_t workers = 1; workers <= 4; workers++) {
        struct job job = make_job(PIECES);
        job.slow = true;
        job.work_fails = 50;
        ck_assert(!run(&job, workers, 2 * workers));
        ck_assert_int_eq(job.given_count, 50);
        ck_assert_int_lt(job.taken, PIECES);
    }
}
END_TEST

START_TEST(ends_when_giving_fails)
{
    for (size_t workers = 1; workers <= 4; workers++) {
        struct job job = make_job(PIECES);
        job.give_fails = 50;
        ck_assert(!run(&job, workers, 2 * workers));
        ck_assert_int_ge(job.given_count, 51);
        ck_assert_int_lt(job.given_count, 51 + 2 * (int)workers);
    }
}
END_TEST

static Suite *crew_suite(void)
{
    Suite *suite = suite_create("crew");
    TCase *tcase = tcase_create("crew");
    tcase_add_test(tcase, gives_out_in_order);
    tcase_add_test(tcase, takes_an_input_that_is_empty);
    tcase_add_test(tcase, shares_the_work);
    tcase_add_test(tcase, gives_out_what_came_before_the_input_failed);
    tcase_add_test(tcase, ends_when_work_fails);
    tcase_add_test(tcase, ends_when_giving_fails);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(crew_suite)
