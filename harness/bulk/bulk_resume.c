/* bulk_resume.c: where results go, and how a run goes on with those of an earlier one that ended early, whatever ended it. */
#include "harness/bulk/bulk_running.h"

#include "harness/base/file.h"
#include "harness/base/why.h"
#include "harness/base/words.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char usual_results[] = "reports/out/requests.ndjson";

/* What has its answer is kept; what was left out is looked at again, and what nobody answered is sent again. */
struct resuming {
    struct bulk *b;
    FILE *out;
};

/* The reference, and what fails the run, may be others than before. */
static void judge_anew(const struct bulk *b, struct bulk_entry *entry)
{
    for (size_t i = 0; i < entry->finding_count; i++) {
        struct bulk_finding *f = &entry->findings[i];
        f->counts = outcome_counts(&b->tolerance, &(struct result_finding){.rule = f->rule, .level = f->level, .severity = f->severity});
    }
    if (b->options->reference && entry->whole) entry->reference = bulk_reference_of(&b->reference, entry->line, entry->hash);
}

static bool keep_entry(void *context, const struct bulk_entry *entry)
{
    struct resuming *r = context;
    if (!bulk_is_settled(entry) || bulk_done_hash(&r->b->done, entry->line)) return true;
    struct bulk_entry kept = *entry;
    judge_anew(r->b, &kept);
    bulk_entry_write(r->out, &kept);
    bulk_figures_add(&r->b->figures, &kept);
    return bulk_done_add(&r->b->done, &kept);
}

static const char *difference(const struct bulk_record *record, const struct run_result *run, const char *requests)
{
    const char *what = run_difference(&record->run, run);
    if (what) return what;
    if (record->run.shard != run->shard) return "shard";
    return strcmp(record->requests, requests) != 0 ? "file of requests" : NULL;
}

static bool take_over(struct bulk *b, struct bulk_record *record, char *why, size_t size)
{
    const char *other = difference(record, &b->run, b->options->requests);
    if (other) return why_not(why, size, "%s has results of another %s; name another file with --results", b->path, other);
    if (record->torn) fprintf(stderr, "%s:%zu: the last line is cut off, so it is dropped and its request is sent again\n", b->path, record->torn);
    b->resumed = b->done.count;
    b->run.duration_ms = record->run.duration_ms;
    b->run.requests = record->run.requests;
    b->run.tokens = record->run.tokens;
    b->run.started = record->run.started;
    fprintf(stderr, "going on with %s: the results of %zu line%s are there\n", b->path, b->resumed, plural(b->resumed));
    return true;
}

/* Entries that are kept go into a new file, which takes the place of the old one when it is whole. */
static bool resume(struct bulk *b, char *why, size_t size)
{
    char beside[4096];
    struct bulk_record record;
    snprintf(beside, sizeof beside, "%s.new-%ld", b->path, (long)getpid());
    struct resuming resuming = {b, fopen(beside, "wbx")};
    if (!resuming.out) return why_not(why, size, "%s: %s", beside, strerror(errno));
    bulk_head_write(resuming.out, &b->run, b->options->requests);
    bool fine = bulk_record_read(&record, b->path, keep_entry, &resuming, why, size) && take_over(b, &record, why, size);
    bulk_record_clear(&record);
    bool written = file_finish(resuming.out, true);
    written = fclose(resuming.out) == 0 && written;
    if (fine && !(written && rename(beside, b->path) == 0)) fine = why_not(why, size, "%s: %s", b->path, strerror(errno));
    if (!fine) unlink(beside);
    return fine && ((b->results = fopen(b->path, "ab")) != NULL || why_not(why, size, "%s: %s", b->path, strerror(errno)));
}

/* Where the results are, or go; `there`: some are, which are gone on with. */
static bool find_results(struct bulk *b, bool *there, char *why, size_t size)
{
    const struct options *o = b->options;
    struct stat about;
    b->path = o->resume ? o->resume : o->results ? o->results : usual_results;
    if (strlen(b->path) > 4000) return why_not(why, size, "--results: the name is too long");
    bool any = stat(b->path, &about) == 0 && about.st_size > 0, named = o->resume || o->results;
    *there = any && named && S_ISREG(about.st_mode);
    return any || !o->resume || why_not(why, size, "--resume %s: there are no results to go on with", o->resume);
}

static bool note_settled(void *context, const struct bulk_entry *entry)
{
    struct bulk *b = context;
    return !bulk_is_settled(entry) || bulk_done_add(&b->done, entry);
}

bool bulk_results_look(struct bulk *b, char *why, size_t size)
{
    struct bulk_record record;
    bool there;
    if (!find_results(b, &there, why, size)) return false;
    if (!there) return true;
    bool fine = bulk_record_read(&record, b->path, note_settled, b, why, size);
    bulk_record_clear(&record);
    return fine;
}

bool bulk_results_open(struct bulk *b, char *why, size_t size)
{
    const struct options *o = b->options;
    bool there;
    if (!find_results(b, &there, why, size)) return false;
    if (there) return resume(b, why, size);
    file_make_folders(b->path); /* what could not be made shows when the file is opened */
    b->results = fopen(b->path, "wb");
    if (!b->results) return why_not(why, size, "the results cannot be written to %s: %s", b->path, strerror(errno));
    bulk_head_write(b->results, &b->run, o->requests);
    return fflush(b->results) == 0 || why_not(why, size, "the results cannot be written to %s: %s", b->path, strerror(errno));
}
