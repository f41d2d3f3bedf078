/* merge.c: `chatconform report`: finished runs into any report format, and the shards of one run put together again. */
#include "harness/commands/merge.h"

#include "harness/base/why.h"
#include "harness/bulk/bulk.h"
#include "harness/command.h"
#include "harness/run/conclude.h"
#include "harness/run/record.h"
#include "harness/run/writing.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- whether runs belong together */

static bool belong_together(const struct run_result *runs, const char *const *files, size_t count, char *why, size_t size)
{
    for (size_t i = 1; i < count; i++) {
        const char *what = run_difference(&runs[0], &runs[i]);
        if (!what) continue;
        return why_not(why, size, "%s and %s are not of the same %s; `chatconform compare` shows them side by side", files[0], files[i], what);
    }
    return true;
}

/* A case of some run, for sorting. */
struct place {
    const struct case_result *test;
    size_t run;
};

static int compare_places(const void *one, const void *other)
{
    const struct place *a = one, *b = other;
    int order = strcmp(a->test->suite, b->test->suite);
    return order ? order : strcmp(a->test->id, b->test->id);
}

/* Some figures, such as percentiles, do not follow from those of the parts. */
static bool none_counts(const struct run_result *runs, const char *const *files, size_t count, char *why, size_t size)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].figure_count) return why_not(why, size, "%s has figures, which cannot be added up; give the files of --results instead", files[i]);
    return true;
}

static bool no_case_twice(const struct run_result *runs, const char *const *files, size_t count, char *why, size_t size)
{
    size_t total = 0, filled = 0;
    for (size_t i = 0; i < count; i++) total += runs[i].case_count;
    struct place *places = calloc(total + 1, sizeof *places);
    bool fine = places || why_no_memory(why, size);
    for (size_t i = 0; fine && i < count; i++)
        for (size_t k = 0; k < runs[i].case_count; k++) places[filled++] = (struct place){&runs[i].cases[k], i};
    if (fine) qsort(places, total, sizeof *places, compare_places);
    for (size_t i = 1; fine && i < total; i++)
        if (compare_places(&places[i - 1], &places[i]) == 0)
            fine = why_not(why, size, "the case %s/%s is in %s and in %s", places[i].test->suite, places[i].test->id, files[places[i - 1].run],
                           files[places[i].run]);
    free(places);
    return fine;
}

/* --- shards */

/* True when all are shards, each another one. */
static bool are_shards(const struct run_result *runs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!runs[i].shards) return false;
        for (size_t k = 0; k < i; k++)
            if (runs[k].shard == runs[i].shard) return false;
    }
    return true;
}

static struct run_result *find_shard(struct run_result *runs, size_t count, long shard)
{
    for (size_t i = 0; i < count; i++)
        if (runs[i].shard == shard) return &runs[i];
    return NULL;
}

/* The first shard that is missing; 0: none, or the runs are no shards. */
static long missing_shard(struct run_result *runs, size_t count)
{
    for (long shard = 1; shard <= runs[0].shards; shard++)
        if (!find_shard(runs, count, shard)) return shard;
    return 0;
}

/* --- putting together */

static void move_case(struct run_result *merged, struct case_result *from)
{
    merged->cases[merged->case_count++] = *from;
    *from = (struct case_result){0};
}

/* Cases were dealt out like cards, so they are taken back the same way. */
static void take_turns(struct run_result *merged, struct run_result *runs, size_t count)
{
    size_t most = 0;
    for (size_t i = 0; i < count; i++) most = runs[i].case_count > most ? runs[i].case_count : most;
    for (size_t k = 0; k < most; k++)
        for (long shard = 1; shard <= runs[0].shards; shard++) {
            struct run_result *run = find_shard(runs, count, shard);
            if (run && k < run->case_count) move_case(merged, &run->cases[k]);
        }
}

static void take_one_by_one(struct run_result *merged, struct run_result *runs, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < runs[i].case_count; k++) move_case(merged, &runs[i].cases[k]);
}

static char *copy(const char *text) { return text ? strdup(text) : NULL; }

/* Each shard has probed the same endpoint: the first that did speaks for it. */
static void take_capabilities(struct run_result *merged, struct run_result *runs, size_t count)
{
    for (size_t i = 0; i < count && !merged->capability_count; i++) {
        merged->capabilities = runs[i].capabilities;
        merged->capability_count = runs[i].capability_count;
        runs[i].capabilities = NULL;
        runs[i].capability_count = 0;
    }
}

/* What is true of all of them, and the time from the first beginning to the last end. */
static void describe(struct run_result *merged, const struct run_result *runs, size_t count)
{
    const struct run_result *first = &runs[0];
    long long end_ms = 0;
    *merged = (struct run_result){.version = copy(first->version), .profile = copy(first->profile), .target = copy(first->target),
                                  .model = copy(first->model), .hostname = copy(first->hostname), .seed = first->seed, .embedded = first->embedded,
                                  .started = first->started};
    for (size_t i = 0; i < count; i++) {
        long long end = (long long)runs[i].started * 1000 + runs[i].duration_ms;
        if (runs[i].started < merged->started) merged->started = runs[i].started;
        if (end > end_ms) end_ms = end;
        merged->requests += runs[i].requests;
        merged->tokens += runs[i].tokens;
        merged->not_run += runs[i].not_run;
        if (!merged->broken) merged->broken = copy(runs[i].broken);
    }
    merged->duration_ms = (long)(end_ms - (long long)merged->started * 1000);
}

/* A run that failed without a failed case failed for flaky ones. */
static bool failed_for_flaky(const struct run_result *run)
{
    return run->exit_code == EXIT_FAILED && run_result_count(run, CASE_FLAKY) &&
           !(run_result_count(run, CASE_FAIL) + run_result_count(run, CASE_ERROR) + run_result_count(run, CASE_BLOCKED) + run_result_count(run, CASE_XPASS));
}

/* The worst end of a part is the end of the whole; parts that all came to their end are counted up anew. */
static void conclude(struct run_result *merged, const struct run_result *runs, size_t count, bool flaky_fails, long missing)
{
    for (size_t i = 0; i < count; i++)
        if (run_end_is_worse(runs[i].exit_code, merged->exit_code)) run_set_verdict(merged, runs[i].exit_code, "%s", runs[i].verdict);
    if (merged->exit_code != EXIT_FINE) return;
    if (missing) run_set_verdict(merged, EXIT_INCOMPLETE, "incomplete: the shard %ld/%ld is missing", missing, runs[0].shards);
    else run_conclude(merged, flaky_fails, NULL);
}

/* Makes one run of several. `runs` are used up, but are to be cleared all the same, as is `merged`. */
static bool record_merge(struct run_result *merged, struct run_result *runs, const char *const *files, size_t count, char *why, size_t why_size)
{
    size_t total = 0;
    bool flaky_fails = false, shards = are_shards(runs, count);
    if (!belong_together(runs, files, count, why, why_size) || !none_counts(runs, files, count, why, why_size) || !no_case_twice(runs, files, count, why, why_size)) return false;
    describe(merged, runs, count);
    for (size_t i = 0; i < count; i++) {
        total += runs[i].case_count;
        flaky_fails |= failed_for_flaky(&runs[i]);
    }
    merged->cases = calloc(total + 1, sizeof *merged->cases);
    if (!merged->cases) return why_no_memory(why, why_size);
    (shards ? take_turns : take_one_by_one)(merged, runs, count);
    take_capabilities(merged, runs, count);
    conclude(merged, runs, count, flaky_fails, missing_shard(runs, count));
    return true;
}

/* --- the command */

bool records_read(struct run_result *run, const struct texts *files, char *why, size_t why_size)
{
    if (bulk_is_record(files->items[0])) return bulk_records_read(run, files, why, why_size);
    if (files->count == 1) return record_read(run, files->items[0], why, why_size);
    struct run_result *runs = calloc(files->count + 1, sizeof *runs);
    bool fine = runs || why_no_memory(why, why_size);
    for (size_t i = 0; fine && i < files->count; i++) fine = record_read(&runs[i], files->items[i], why, why_size);
    fine = fine && record_merge(run, runs, files->items, files->count, why, why_size);
    for (size_t i = 0; runs && i < files->count; i++) run_result_clear(&runs[i]);
    free(runs);
    return fine;
}

int command_report(struct options *options, char *why, size_t why_size)
{
    struct run_result run = {0};
    int code = EXIT_USAGE;
    if (options->arguments.count == 0) why_not(why, why_size, "report takes finished runs, as --report ndjson=FILE writes them");
    else if (records_read(&run, &options->arguments, why, why_size)) {
        bool written = reports_write(options, &run, why, why_size);
        if (written) { /* the last line, as `run` has it */
            escape_terminal(stderr, run.verdict);
            putc('\n', stderr);
        }
        code = written ? run.exit_code : EXIT_BROKEN;
    }
    run_result_clear(&run);
    return code;
}
