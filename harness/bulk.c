/* bulk.c: `chatconform run --requests`: the requests of a file go through the runner, a few at a time, and what became of each is written
 * down and counted as soon as it is known. */
#include "harness/bulk_parts.h"

#include "harness/command.h"
#include "harness/conclude.h"
#include "harness/session.h"
#include "harness/why.h"
#include "harness/writing.h"
#include "fuzzer/js.h"
#include "reports/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
    SAID_MOST = 20,          /* lines that were left out, one sentence each */
    PLACES_EACH = 2,         /* for each job: who waits to be sent again does not keep another from being sent */
    POINTER_MOST = 400, MESSAGE_MOST = 600, /* bytes that are kept of a finding */
    LIVE_EVERY_MS = 200, PLAIN_EVERY_MS = 5000
};

static const char usual_results[] = "reports/out/requests.ndjson";

/* One run of the command. */
struct bulk {
    struct options *options;
    struct session session;
    struct tolerance tolerance;
    struct bulk_lines lines;
    struct bulk_done done, reference;
    struct bulk_figures figures;
    struct bulk_request *flying;  /* those that the runner has */
    struct run_result run;        /* what is told in the end */
    const char *path;             /* of the results */
    FILE *results;
    size_t resumed, not_run, said;
    long spent_ms, shown_ms;      /* spent_ms: by earlier runs that this one goes on with */
    int result_error;             /* errno of results that could not be written */
    char trouble[1024];           /* why no more lines are taken; "" */
    bool failed;                  /* memory ran out */
};

bool bulk_is_meant(const struct options *o) { return o->requests || o->results || o->resume || o->reference || o->stream || o->no_stream; }

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

/* --- results */

static void note(struct bulk *b, const struct bulk_entry *entry)
{
    bulk_entry_write(b->results, entry);
    if (fflush(b->results) != 0 && !b->result_error) {
        b->result_error = errno ? errno : EIO;
        snprintf(b->trouble, sizeof b->trouble, "the results cannot be written to %s: %s", b->path, strerror(b->result_error));
    }
    bulk_figures_add(&b->figures, entry);
}

static char *safe_text(struct bulk *b, const char *text)
{
    const struct redactor *redactor = b->session.secrets.redactor; /* NULL as long as nothing is sent: then there are no secrets */
    char *made = !text ? NULL : redactor ? redact_text(redactor, text, strlen(text), NULL) : strdup(text);
    if (text && !made) b->failed = true;
    return made;
}

static void leave_out(struct bulk *b, const char *sentence, uint64_t hash)
{
    struct bulk_entry entry = {.line = b->lines.reader.line, .hash = hash, .left_out = safe_text(b, sentence)};
    if (++b->said <= SAID_MOST && entry.left_out) {
        fputs("not sent: ", stderr);
        escape_line(stderr, entry.left_out);
        fputs(b->said == SAID_MOST ? "\nfurther ones are only counted; the results have them all\n" : "\n", stderr);
    }
    note(b, &entry);
    bulk_entry_clear(&entry);
}

/* --- the supply */

static bool is_ours(const struct bulk *b)
{
    const struct options *o = b->options;
    return !o->shards || (long)((b->lines.count - 1) % (size_t)o->shards) == o->shard - 1;
}

/* Whether the results have the line. Those of another request belong to another file, and nothing that is counted would be true. */
static bool is_done(struct bulk *b, const struct bulk_request *request)
{
    uint64_t hash = bulk_done_hash(&b->done, request->line);
    if (hash && hash != request->hash)
        snprintf(b->trouble, sizeof b->trouble, "%s:%zu: this is not the request whose result is in %s; go on with the file it was begun with, "
                 "or name other results", b->lines.reader.name, request->line, b->path);
    return hash != 0;
}

/* The request of the line at hand; NULL when it is not to be sent. */
static struct bulk_request *take_line(struct bulk *b)
{
    char why[1024];
    struct bulk_request *request = bulk_request_new(&b->lines, why, sizeof why);
    if (!request) {
        leave_out(b, why, 0);
        return NULL;
    }
    bool done = is_done(b, request), valid = !done && bulk_request_is_valid(&b->lines, request, why, sizeof why);
    if (valid && request->test.id && request->test.title) return request;
    if (!done && !valid) leave_out(b, why, request->hash);
    bulk_request_free(request);
    return NULL;
}

static struct bulk_request *next_request(struct bulk *b)
{
    struct bulk_request *request = NULL;
    while (!request && !*b->trouble && !b->failed && bulk_lines_next(&b->lines, b->trouble, sizeof b->trouble))
        if (is_ours(b)) request = take_line(b);
    return *b->trouble ? bulk_request_free(request), NULL : request;
}

static bool supply_next(void *context, struct selected *next)
{
    static char name[] = "requests";
    static const struct suite suite = {.id = name, .title = name};
    struct bulk *b = context;
    struct bulk_request *request = next_request(b);
    if (!request) return false;
    request->next = b->flying;
    if (b->flying) b->flying->previous = request;
    b->flying = request;
    *next = (struct selected){&suite, &request->test};
    return true;
}

static struct bulk_request *request_of(const struct suite_case *test) { return (struct bulk_request *)(uintptr_t)test; }

static void land(struct bulk *b, struct bulk_request *request)
{
    if (request->previous) request->previous->next = request->next;
    else b->flying = request->next;
    if (request->next) request->next->previous = request->previous;
    bulk_request_free(request);
}

static void supply_answered(void *context, const struct suite_case *test, const struct http_reply *reply, struct json_object *body)
{
    struct bulk_request *request = request_of(test);
    (void)context;
    bool whole = reply->fault == HTTP_FINE && reply->status / 100 == 2 && js_is_array(js_get(body, "choices"));
    json_object_put(request->answer);
    request->answer = whole ? json_object_get(body) : NULL;
}

/* --- what became of it */

static char *shortened(struct bulk *b, const char *text, size_t most)
{
    size_t length = text ? strlen(text) : 0;
    while (length > most || (length && length == most && ((unsigned char)text[length] & 0xC0) == 0x80)) length = length > most ? most : length - 1;
    char *made = text ? strndup(text, length) : NULL;
    if (text && !made) b->failed = true;
    return made;
}

static void keep_finding(struct bulk *b, struct bulk_entry *entry, const struct result_finding *f)
{
    if (strncmp(f->rule, "expect.", 7) == 0) {
        if (!entry->why) entry->why = shortened(b, f->message, MESSAGE_MOST);
        return;
    }
    if (entry->finding_count == BULK_FINDINGS_MOST) return;
    struct bulk_finding *kept = &entry->findings[entry->finding_count++];
    *kept = (struct bulk_finding){.rule = shortened(b, f->rule, POINTER_MOST), .level = f->level, .severity = f->severity,
                                  .counts = outcome_counts(&b->tolerance, f), .pointer = shortened(b, f->pointer, POINTER_MOST),
                                  .message = shortened(b, f->message, MESSAGE_MOST)};
    if (!kept->rule) entry->finding_count--;
}

/* Errors first: of very many findings those that count must not be lost. */
static void keep_findings(struct bulk *b, struct bulk_entry *entry, const struct case_result *result)
{
    entry->findings = calloc(BULK_FINDINGS_MOST, sizeof *entry->findings);
    if (!entry->findings) b->failed = true;
    for (int errors = 1; errors >= 0 && entry->findings; errors--)
        for (size_t i = 0; i < result->finding_count; i++)
            if ((result->findings[i].severity == CC_ERROR) == errors) keep_finding(b, entry, &result->findings[i]);
}

static long long tokens(struct json_object *usage, const char *name)
{
    struct json_object *value = js_get(usage, name);
    int64_t number = json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : -1;
    return number >= 0 && number <= 1000000000 ? number : -1;
}

static void keep_answer(struct bulk *b, struct bulk_entry *entry, struct bulk_request *request)
{
    struct json_object *usage = js_get(request->answer, "usage");
    entry->whole = request->answer != NULL;
    entry->reference = entry->whole ? bulk_reference_of(&b->reference, request->line, request->hash) : BULK_UNKNOWN;
    entry->prompt_tokens = tokens(usage, "prompt_tokens");
    entry->completion_tokens = tokens(usage, "completion_tokens");
    entry->total_tokens = tokens(usage, "total_tokens");
    if (entry->whole) bulk_judge_calls(entry, request->answer, b->lines.checker);
}

static void keep_exchange(struct bulk *b, struct bulk_entry *entry, const struct case_result *result)
{
    const struct result_exchange *x = result->exchange_count ? &result->exchanges[result->exchange_count - 1] : NULL;
    entry->attempts = (long)result->exchange_count;
    entry->status = x ? x->status : 0;
    entry->total_ms = x ? x->total_ms : -1;
    entry->first_ms = x && x->stream.known ? x->stream.first_event_ms : -1;
    if (x && !x->fault) return;
    entry->fault = shortened(b, x ? x->fault : "not.sent", POINTER_MOST);
    entry->why = shortened(b, x && x->why ? x->why : result->reason ? result->reason : "it could not be sent", MESSAGE_MOST);
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void show_progress(struct bulk *b, bool live)
{
    long now = now_ms();
    const struct bulk_figures *f = &b->figures;
    if (b->options->quiet || now - b->shown_ms < (live ? LIVE_EVERY_MS : PLAIN_EVERY_MS)) return;
    b->shown_ms = now;
    fprintf(stderr, "%s%zu lines, %zu answered, %zu break a rule that counts, %zu failed%s", live ? "\r\033[K" : "", f->lines, f->answered, f->failing,
            f->broke, live ? "" : "\n");
}

static void supply_ended(void *context, const struct suite_case *test, const struct case_result *result)
{
    struct bulk *b = context;
    struct bulk_request *request = request_of(test);
    struct bulk_entry entry = {.line = request->line, .hash = request->hash, .stream = request->stream, .tools = request->tools};
    keep_exchange(b, &entry, result);
    keep_findings(b, &entry, result);
    keep_answer(b, &entry, request);
    note(b, &entry);
    bulk_entry_clear(&entry);
    land(b, request);
    show_progress(b, isatty(STDERR_FILENO));
}

/* --- going on with results that are there */

/* What has its answer is kept; what was left out is looked at again, and what nobody answered is sent again. */
struct resuming {
    struct bulk *b;
    FILE *out;
};

static bool keep_entry(void *context, const struct bulk_entry *entry)
{
    struct resuming *r = context;
    if (entry->left_out || entry->fault) return true;
    if (bulk_done_hash(&r->b->done, entry->line)) return true;
    bulk_entry_write(r->out, entry);
    bulk_figures_add(&r->b->figures, entry);
    return bulk_done_add(&r->b->done, entry);
}

static const char *other_run(const struct bulk_record *record, const struct run_result *run, const char *requests)
{
    const struct run_result *old = &record->run;
    if (old->embedded != run->embedded || (!run->embedded && strcmp(old->target, run->target) != 0)) return "another endpoint";
    if (strcmp(old->model ? old->model : "", run->model) != 0) return "another model";
    if (strcmp(old->profile, run->profile) != 0) return "another profile";
    if (old->shard != run->shard || old->shards != run->shards) return "another shard";
    return strcmp(record->requests, requests) != 0 ? "another file of requests" : NULL;
}

static bool take_over(struct bulk *b, struct bulk_record *record, char *why, size_t size)
{
    const char *other = other_run(record, &b->run, b->options->requests);
    if (other) return why_not(why, size, "%s has results of %s; name another file with --results", b->path, other);
    if (record->torn) fprintf(stderr, "%s:%zu: the last line is cut off, so it is dropped and its request is sent again\n", b->path, record->torn);
    b->resumed = b->done.count;
    b->spent_ms = record->run.duration_ms;
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
    bool written = fflush(resuming.out) == 0 && !ferror(resuming.out) && fsync(fileno(resuming.out)) == 0;
    written = fclose(resuming.out) == 0 && written;
    if (fine && !(written && rename(beside, b->path) == 0)) fine = why_not(why, size, "%s: %s", b->path, strerror(errno));
    if (!fine) unlink(beside);
    return fine && ((b->results = fopen(b->path, "ab")) != NULL || why_not(why, size, "%s: %s", b->path, strerror(errno)));
}

static void make_folders(const char *path)
{
    char folder[4096];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *slash = *folder ? strchr(folder + 1, '/') : NULL; slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(folder, 0777);
        *slash = '/';
    }
}

static bool open_results(struct bulk *b, char *why, size_t size)
{
    const struct options *o = b->options;
    struct stat about;
    b->path = o->resume ? o->resume : o->results ? o->results : usual_results;
    if (strlen(b->path) > 4000) return why_not(why, size, "--results: the name is too long");
    bool there = stat(b->path, &about) == 0 && about.st_size > 0, named = o->resume || o->results;
    if (o->resume && !there) return why_not(why, size, "--resume %s: there are no results to go on with", o->resume);
    if (there && named && S_ISREG(about.st_mode)) return resume(b, why, size);
    make_folders(b->path);
    b->results = fopen(b->path, "wb");
    if (!b->results) return why_not(why, size, "the results cannot be written to %s: %s", b->path, strerror(errno));
    bulk_head_write(b->results, &b->run, o->requests);
    return fflush(b->results) == 0 || why_not(why, size, "the results cannot be written to %s: %s", b->path, strerror(errno));
}

/* --- the run */

/* What was not looked at any more; unknown of a pipe. */
static void count_rest(struct bulk *b)
{
    char why[512];
    for (const struct bulk_request *r = b->flying; r; r = r->next) b->not_run++;
    if (!b->lines.total) return;
    while (bulk_lines_next(&b->lines, why, sizeof why)) b->not_run += is_ours(b) && !bulk_done_hash(&b->done, b->lines.reader.line);
}

static void settle(struct bulk *b, enum run_end end, const struct run_result *places)
{
    struct run_result *run = &b->run;
    if (b->failed || b->figures.failed) run_set_verdict(run, EXIT_BROKEN, "memory ran out");
    else if (b->result_error) run_set_verdict(run, EXIT_BROKEN, "%s", b->trouble);
    else if (*b->trouble) run_set_verdict(run, EXIT_USAGE, "%s", b->trouble);
    else if (end == RUN_BROKEN || end == RUN_UNREACHABLE) {
        run->broken = strdup(places->broken ? places->broken : "memory ran out");
        run_set_verdict(run, end == RUN_BROKEN ? EXIT_BROKEN : EXIT_UNREACHABLE, "%s", run->broken ? run->broken : "memory ran out");
    } else if (end == RUN_INCOMPLETE) {
        count_rest(b);
        run_set_verdict(run, EXIT_INCOMPLETE, "incomplete: %s; %zu line%s were not sent; go on with --resume %s", places->verdict, b->not_run,
                        plural(b->not_run), b->path);
    } else {
        bulk_conclude(&b->figures, run);
    }
    run->not_run = b->not_run;
}

static void send_lines(struct bulk *b)
{
    const struct options *o = b->options;
    struct supply supply = {supply_next, supply_answered, supply_ended, b};
    struct run_result places = {0};
    struct runner_options running = {.target = &b->session.target, .profile = o->profile, .limits = o->limits, .tolerance = b->tolerance,
                                     .supply = &supply, .jobs = o->jobs, .attempts = o->attempts, .fail_fast = o->fail_fast,
                                     .max_requests = o->max_requests, .max_time_ms = o->max_time_ms, .rate_per_s = o->rate_per_s,
                                     .interrupted = session_watch_signals()};
    enum run_end end = runner_run(&running, NULL, (size_t)o->jobs * PLACES_EACH, &places);
    if (!o->quiet && isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
    b->run.duration_ms = b->spent_ms + places.duration_ms;
    settle(b, end, &places);
    run_result_clear(&places);
}

static int finish(struct bulk *b, char *why, size_t size)
{
    bulk_summary_write(b->results, &b->run);
    bool written = fclose(b->results) == 0 && !b->result_error;
    b->results = NULL;
    if (!written && b->run.exit_code != EXIT_BROKEN) run_set_verdict(&b->run, EXIT_BROKEN, "the results cannot be written to %s", b->path);
    if (!bulk_tell(&b->figures, b->options->requests, &b->run)) return why_no_memory(why, size), EXIT_BROKEN;
    bool reported = reports_write_usual(b->options, &b->run, why, size);
    fflush(stdout);
    if (!b->options->quiet) fprintf(stderr, "results: %s\n", b->path);
    escape_terminal(stderr, b->run.verdict);
    putc('\n', stderr);
    return reported ? b->run.exit_code : EXIT_BROKEN;
}

/* --- before it */

static bool options_agree(const struct options *o, char *why, size_t size)
{
    if (!o->requests) return why_not(why, size, "--results, --resume, --reference, --stream and --no-stream go with --requests FILE");
    if (o->stream && o->no_stream) return why_not(why, size, "--stream and --no-stream say the opposite");
    if (o->results && o->resume && strcmp(o->results, o->resume) != 0) return why_not(why, size, "--results and --resume name different files");
    if (o->baseline) return why_not(why, size, "--baseline is for suites: what it expects are cases");
    return !o->arguments.count || why_not(why, size, "%s: suites are not run together with --requests", o->arguments.items[0]);
}

static int print_plan(struct bulk *b)
{
    size_t count = 0;
    struct bulk_request *request;
    b->results = fopen("/dev/null", "wb");
    while (b->results && (request = next_request(b)) != NULL) {
        count++;
        bulk_request_free(request);
    }
    if (b->results) fclose(b->results);
    b->results = NULL;
    printf("%zu request%s would be sent, %zu line%s left out\n", count, plural(count), b->figures.left_out, plural(b->figures.left_out));
    return EXIT_FINE;
}

static void say_changes(const struct bulk *b)
{
    const struct options *o = b->options;
    if (b->lines.model) fprintf(stderr, "the model of each request is replaced by %s\n", b->lines.model);
    if (o->stream) fputs("each request asks for a stream\n", stderr);
    if (o->no_stream) fputs("no request asks for a stream\n", stderr);
}

static int run(struct bulk *b, char *why, size_t size)
{
    const struct options *o = b->options;
    const char *model = o->model ? o->model : o->base_url ? NULL : "reference";
    if (!options_agree(o, why, size) || !bulk_lines_open(&b->lines, o, o->requests, model, why, size)) return EXIT_USAGE;
    if (o->reference && !bulk_reference_read(&b->reference, o->reference, o, why, size)) return EXIT_USAGE;
    if (o->dry_run) return print_plan(b);
    int code = session_begin(&b->session, o, "sending to", true, why, size);
    if (code != EXIT_FINE) return code;
    session_describe(&b->session, &b->run);
    if (!open_results(b, why, size)) return EXIT_USAGE;
    say_changes(b);
    send_lines(b);
    return finish(b, why, size);
}

int bulk_run(struct options *options, char *why, size_t why_size)
{
    struct bulk b = {.options = options, .tolerance = {options->fail_on ? options->fail_on : "must", options->allow, NULL}};
    int code = run(&b, why, why_size);
    if (b.results) fclose(b.results);
    while (b.flying) land(&b, b.flying);
    bulk_lines_close(&b.lines);
    bulk_done_clear(&b.done);
    bulk_done_clear(&b.reference);
    bulk_figures_clear(&b.figures);
    run_result_clear(&b.run);
    session_end(&b.session);
    return code;
}
