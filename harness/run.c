/* run.c: `chatconform run`: from the command line to the exit code: target, cases, run, reports, verdict. */
#include "harness/command.h"
#include "harness/progress.h"
#include "harness/runner.h"
#include "harness/select.h"
#include "endpoint/endpoint.h"
#include "reports/report.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { KEY_MAX = 16384 };

/* One run of the command. */
struct running {
    struct options *options;
    struct target target;
    struct redactor *redactor;
    char *key;
    char base_url[64];         /* of the embedded endpoint */
    struct endpoint *embedded;
    struct suite_set suites;
    struct selected *cases;
    size_t count;
    struct run_result result;
};

static volatile sig_atomic_t interrupted;

static void note_interrupt(int number)
{
    (void)number;
    if (interrupted) _exit(EXIT_INCOMPLETE); /* the second one does not wait */
    interrupted = 1;
}

static void watch_signals(void)
{
    struct sigaction action = {.sa_handler = note_interrupt};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

/* --- the target */

static bool loopback(const char *url)
{
    const char *host = strstr(url, "://");
    host = host ? host + 3 : url;
    return strncasecmp(host, "127.", 4) == 0 || strncasecmp(host, "localhost", 9) == 0 || strncmp(host, "[::1]", 5) == 0;
}

static bool read_key_file(struct running *r, char *why, size_t size)
{
    FILE *file = fopen(r->options->api_key_file, "rb");
    r->key = calloc(1, KEY_MAX + 1);
    size_t length = file && r->key ? fread(r->key, 1, KEY_MAX, file) : 0;
    bool fine = file && !ferror(file);
    if (!fine) snprintf(why, size, "%s cannot be read: %s", r->options->api_key_file, strerror(errno));
    if (file) fclose(file);
    while (length && strchr("\r\n \t", r->key[length - 1])) r->key[--length] = '\0';
    if (fine && length == 0) snprintf(why, size, "%s holds no key", r->options->api_key_file);
    return fine && length > 0;
}

/* The key, from wherever it is said to be. A server on this machine that was given none gets a placeholder, as most want any key at all. */
static bool find_key(struct running *r, char *why, size_t size)
{
    const char *name = r->options->api_key_env ? r->options->api_key_env : "OPENAI_API_KEY";
    const char *value = r->embedded ? NULL : getenv(name);
    r->target.key_name = r->options->api_key_file ? "API_KEY" : name;
    if (strcmp(r->target.auth, "none") == 0) return true;
    if (r->options->api_key_file && !r->embedded) {
        if (!read_key_file(r, why, size)) return false;
    } else if (value && *value) {
        r->key = strdup(value);
    } else if (r->embedded || (loopback(r->target.base_url) && !r->options->api_key_env)) {
        r->key = strdup("no-key-needed");
    } else {
        snprintf(why, size, "the environment variable %s is not set; name another with --api-key-env, or say --auth none", name);
        return false;
    }
    r->target.key = r->key;
    return r->key != NULL;
}

static bool guard_key(struct running *r, char *why, size_t size)
{
    r->redactor = redactor_new();
    if (!r->redactor) return false;
    r->target.redactor = r->redactor;
    if (!r->key || strcmp(r->key, "no-key-needed") == 0) return true;
    if (strncasecmp(r->target.base_url, "http://", 7) == 0 && !loopback(r->target.base_url) && !r->options->allow_insecure_auth) {
        snprintf(why, size, "the key would travel unencrypted to %s; use https, or say --allow-insecure-auth", r->target.base_url);
        return false;
    }
    char name[256];
    snprintf(name, sizeof name, "$%s", r->target.key_name);
    if (redactor_add(r->redactor, r->key, name)) return true;
    snprintf(why, size, "the key in %s is shorter than %d characters, too short to be kept out of the reports", r->target.key_name, REDACT_SHORTEST);
    return false;
}

static bool start_embedded(struct running *r, char *why, size_t size)
{
    struct endpoint_options serving = {.profile = r->options->profile};
    r->embedded = endpoint_start(&serving, why, size);
    if (!r->embedded) return false;
    snprintf(r->base_url, sizeof r->base_url, "http://127.0.0.1:%d/v1", endpoint_port(r->embedded));
    r->target.base_url = r->base_url;
    if (!r->target.model) r->target.model = "reference";
    fprintf(stderr, "no --base-url: testing the embedded reference endpoint at %s\n", r->base_url);
    return true;
}

static bool prepare_target(struct running *r, char *why, size_t size)
{
    const struct options *o = r->options;
    r->target = (struct target){.base_url = o->base_url, .path = o->path ? o->path : "/chat/completions", .query = o->query, .model = o->model,
                                .auth = o->auth ? o->auth : "bearer", .headers = o->headers.items, .timeouts = &o->timeouts,
                                .insecure = o->insecure, .ca = o->ca, .proxy = o->proxy};
    char inner[512];
    if (o->base_url && !http_url_allowed(o->base_url, inner, sizeof inner)) {
        snprintf(why, size, "--base-url %s: %s", strchr(o->base_url, '@') ? "(not shown)" : o->base_url, inner);
        return false;
    }
    if (o->base_url && !o->model) {
        snprintf(why, size, "--model NAME is needed: the model to ask for");
        return false;
    }
    if (!o->base_url && !start_embedded(r, why, size)) return false;
    return find_key(r, why, size) && guard_key(r, why, size);
}

/* --- reports */

static bool report_named(const struct options *options, const char *spec, struct run_result *result, char *why, size_t size)
{
    const char *equals = strchr(spec, '=');
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)(equals - spec), spec);
    if (strcmp(name, "console") == 0 && strcmp(equals + 1, "-") == 0) return report_console(stdout, result, colour_wanted(options, stdout));
    return report_write(report_writer_find(name), result, equals + 1, why, size);
}

/* Without --report: the console, and the usual files. */
static bool write_reports(struct running *r, char *why, size_t size)
{
    static const char *const usual[] = {"junit=reports/out/junit.xml", "html=reports/out/report.html", "ndjson=reports/out/run.ndjson", NULL};
    const struct texts *asked = &r->options->reports;
    const char *const *specs = asked->count ? asked->items : usual;
    bool to_stdout = false, fine = true;
    for (size_t i = 0; specs[i]; i++) to_stdout |= strcmp(strchr(specs[i], '=') + 1, "-") == 0;
    if (!to_stdout) report_console(stdout, &r->result, colour_wanted(r->options, stdout));
    fflush(stdout);
    for (size_t i = 0; specs[i] && fine; i++) fine = report_named(r->options, specs[i], &r->result, why, size);
    if (fine && !asked->count && !r->options->quiet) fprintf(stderr, "reports: reports/out/junit.xml, report.html, run.ndjson\n");
    return fine;
}

/* --- the verdict */

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

static void settle(struct running *r, enum run_end end)
{
    struct run_result *run = &r->result;
    size_t failed = run_result_count(run, CASE_FAIL), errors = run_result_count(run, CASE_ERROR), warned = run_result_count(run, CASE_WARN);
    size_t flaky = run_result_count(run, CASE_FLAKY);
    bool flaky_fails = flaky && r->options->fail_on && strcmp(r->options->fail_on, "flaky") == 0;
    char text[1024];
    if (end == RUN_UNREACHABLE || end == RUN_BROKEN) {
        snprintf(text, sizeof text, "%s", run->broken);
        run->exit_code = end == RUN_BROKEN ? EXIT_BROKEN : EXIT_UNREACHABLE;
    } else if (end == RUN_INCOMPLETE) {
        snprintf(text, sizeof text, "incomplete: %s; %zu of %zu cases were not run", run->verdict, run->not_run, run->case_count);
        run->exit_code = EXIT_INCOMPLETE;
    } else if (failed || errors || flaky_fails) {
        snprintf(text, sizeof text, "failed: %zu case%s failed, %zu could not be judged, of %zu%s%s", failed, plural(failed), errors, run->case_count,
                 run->verdict ? "; " : "", run->verdict ? run->verdict : "");
        run->exit_code = EXIT_FAILED;
    } else {
        snprintf(text, sizeof text, "passed: %zu case%s, %zu with warnings, %zu flaky", run->case_count, plural(run->case_count), warned, flaky);
        run->exit_code = EXIT_FINE;
    }
    free(run->verdict);
    run->verdict = strdup(text);
}

static char *copy_text(const char *text) { return strdup(text ? text : ""); }

static void describe_run(struct running *r)
{
    char host[256] = "";
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    gethostname(host, sizeof host - 1);
    r->result.version = copy_text(cc_version());
    r->result.profile = copy_text(cc_profile_name(r->options->profile));
    r->result.target = copy_text(r->target.base_url);
    r->result.model = copy_text(r->target.model);
    r->result.hostname = copy_text(host);
    r->result.seed = (unsigned long)r->options->seed;
    r->result.embedded = r->embedded != NULL;
    r->result.started = epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
}

static int run_cases(struct running *r, char *why, size_t size)
{
    const struct options *o = r->options;
    struct progress progress = {.live = isatty(STDERR_FILENO), .quiet = o->quiet};
    struct runner_options running = {.target = &r->target, .profile = o->profile, .limits = o->limits, .fail_on = o->fail_on ? o->fail_on : "must",
                                     .capabilities = o->capabilities, .allow = o->allow, .jobs = o->jobs, .attempts = o->attempts, .fail_fast = o->fail_fast,
                                     .max_requests = o->max_requests, .max_time_ms = o->max_time_ms, .rate_per_s = o->rate_per_s,
                                     .interrupted = &interrupted, .progress = progress_show, .progress_context = &progress};
    describe_run(r);
    watch_signals();
    enum run_end end = runner_run(&running, r->cases, r->count, &r->result);
    progress_end(&progress);
    settle(r, end);
    bool written = write_reports(r, why, size);
    fflush(stdout);
    fprintf(stderr, "%s\n", r->result.verdict);
    return written ? r->result.exit_code : EXIT_BROKEN;
}

/* --- without sending anything */

static int print_plan(const struct running *r)
{
    size_t requests = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct suite_case *c = r->cases[i].test;
        size_t each = 0;
        for (size_t s = 0; s < c->step_count; s++) each += c->steps[s].control ? 2 : 1;
        each *= (size_t)c->repeat_times;
        requests += each;
        printf("%-64s %zu request%s\n", c->path, each, plural(each));
    }
    printf("%zu cases, at most %zu requests without retries\n", r->count, requests);
    return EXIT_FINE;
}

int command_run(struct options *options, char *why, size_t why_size)
{
    struct running r = {.options = options};
    int code = EXIT_USAGE;
    if (cases_select(&r.suites, options, &r.cases, &r.count, why, why_size)) {
        r.target.model = options->model;
        if (options->dry_run) code = print_plan(&r);
        else if (!prepare_target(&r, why, why_size)) code = EXIT_USAGE;
        else code = run_cases(&r, why, why_size);
    }
    if (r.embedded) endpoint_stop(r.embedded);
    run_result_clear(&r.result);
    free(r.cases);
    suite_set_clear(&r.suites);
    redactor_free(r.redactor);
    if (r.key) explicit_bzero(r.key, strlen(r.key));
    free(r.key);
    return code;
}
