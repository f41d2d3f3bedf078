/* bulk.c: `chatconform run --requests`: the requests of a file go through the runner, a few at a time, and what became of each is written
 * down and counted as soon as it is known. */
#include "harness/bulk/bulk_running.h"

#include "harness/base/jo.h"
#include "harness/base/monotonic.h"
#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/command.h"
#include "harness/run/conclude.h"
#include "harness/run/writing.h"
#include "reports/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    SAID_MOST = 20,          /* lines that were left out, one sentence each */
    PLACES_EACH = 2,         /* for each job: who waits to be sent again does not keep another from being sent */
    LIVE_EVERY_MS = 200, PLAIN_EVERY_MS = 5000
};

bool bulk_is_meant(const struct options *o) { return o->requests || o->results || o->resume || o->reference || o->stream || o->no_stream; }

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
    bool whole = reply->fault == HTTP_FINE && reply->status / 100 == 2 && jo_is_array(jo_get(body, "choices"));
    json_object_put(request->answer);
    request->answer = whole ? json_object_get(body) : NULL;
}

/* --- what became of it */

static void show_progress(struct bulk *b, bool live)
{
    long now = monotonic_ms();
    const struct bulk_figures *f = &b->figures;
    if (b->options->quiet || now - b->shown_ms < (live ? LIVE_EVERY_MS : PLAIN_EVERY_MS)) return;
    bool begins = !b->shown_ms;
    b->shown_ms = now;
    if (begins && !live) return;
    fprintf(stderr, "%s%zu lines done, %zu answered, %zu break a rule that counts, %zu failed%s", live ? "\r\033[K" : "", f->lines,
            f->answered, f->failing, f->broke, live ? "" : "\n");
}

static void supply_ended(void *context, const struct suite_case *test, const struct case_result *result)
{
    struct bulk *b = context;
    struct bulk_request *request = request_of(test);
    struct bulk_entry entry = {.line = request->line, .hash = request->hash, .stream = request->stream, .tools = request->tools};
    bulk_entry_fill(b, &entry, request, result);
    note(b, &entry);
    bulk_entry_clear(&entry);
    land(b, request);
    show_progress(b, isatty(STDERR_FILENO));
}

/* --- the run */

/* What was not looked at any more; unknown of a pipe. */
static void count_rest(struct bulk *b)
{
    char why[512];
    for (const struct bulk_request *r = b->flying; r; r = r->next) b->run.not_run++;
    if (!b->lines.total) return;
    while (bulk_lines_next(&b->lines, why, sizeof why)) b->run.not_run += is_ours(b) && !bulk_done_hash(&b->done, b->lines.reader.line);
}

/* What failed the run fails it however much was left out; otherwise it is incomplete, unless nothing was. */
static void settle_stopped(struct bulk *b, const char *stopped)
{
    struct run_result *run = &b->run;
    count_rest(b);
    bulk_conclude(&b->figures, run, run->not_run || !b->lines.total);
    run_set_verdict(run, run->exit_code, "%s; %s; go on with --resume %s", run->verdict ? run->verdict : "", stopped ? stopped : "stopped", b->path);
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
        run_set_verdict(run, EXIT_INCOMPLETE, "incomplete: %s; %zu line%s were not sent; go on with --resume %s", places->verdict, run->not_run,
                        plural(run->not_run), b->path);
    } else if (end == RUN_STOPPED) {
        settle_stopped(b, places->verdict);
    } else {
        bulk_conclude(&b->figures, run, false);
    }
}

static void send_lines(struct bulk *b)
{
    const struct options *o = b->options;
    struct supply supply = {supply_next, supply_answered, supply_ended, b};
    struct run_result places = {0};
    struct runner_options running = {.target = &b->session.target, .profile = o->profile, .limits = o->limits, .tolerance = b->tolerance,
                                     .supply = &supply, .jobs = o->jobs, .attempts = o->attempts, .fail_fast = o->fail_fast,
                                     .max_requests = o->max_requests, .max_time_ms = o->max_time_ms, .rate_per_s = o->rate_per_s,
                                     .max_tokens = o->max_tokens, .tokens_per_minute = o->tokens_per_minute,
                                     .interrupted = session_watch_signals()};
    enum run_end end = runner_run(&running, NULL, (size_t)o->jobs * PLACES_EACH, &places);
    if (!o->quiet && isatty(STDERR_FILENO)) fputs("\r\033[K", stderr);
    b->run.duration_ms += places.duration_ms; /* of earlier runs that this one goes on with */
    b->run.requests += places.requests;
    b->run.tokens += places.tokens;
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
    if (o->of_suites) return why_not(why, size, "--%s is about cases of suites; it does not go with --requests", o->of_suites);
    return !o->arguments.count || why_not(why, size, "%s: suites are not run together with --requests", o->arguments.items[0]);
}

static int print_plan(struct bulk *b, char *why, size_t size)
{
    size_t count = 0;
    struct bulk_request *request;
    if (!bulk_results_look(b, why, size)) return EXIT_USAGE;
    b->results = fopen("/dev/null", "wb");
    while (b->results && (request = next_request(b)) != NULL) {
        count++;
        bulk_request_free(request);
    }
    if (b->results) fclose(b->results);
    b->results = NULL;
    if (*b->trouble) return why_not(why, size, "%s", b->trouble), EXIT_USAGE;
    printf("%zu request%s would be sent, %zu line%s left out", count, plural(count), b->figures.left_out, plural(b->figures.left_out));
    if (b->done.count) printf("; the results of %zu line%s are there", b->done.count, plural(b->done.count));
    putchar('\n');
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
    if (o->dry_run) return print_plan(b, why, size);
    int code = session_begin(&b->session, o, "sending to", true, why, size);
    if (code != EXIT_FINE) return code;
    session_describe(&b->session, &b->run);
    if (!bulk_results_open(b, why, size)) return EXIT_USAGE;
    say_changes(b);
    send_lines(b);
    return finish(b, why, size);
}

int bulk_run(struct options *options, char *why, size_t why_size)
{
    struct bulk b = {.options = options, .tolerance = {options->fail_on, options->allow, NULL}};
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
