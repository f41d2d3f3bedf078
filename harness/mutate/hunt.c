/* hunt.c: see hunt.h. What a process finds is told to its parent in a file, as lines ["RULE", severity, "CASE"]. */
#include "harness/mutate/hunt.h"

#include "endpoint/endpoint.h"
#include "harness/base/api.h"
#include "harness/base/why.h"
#include "harness/command.h"
#include "harness/run/secrets.h"
#include "reports/report.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RUN_MOST_MS = 60000, JOBS_EACH = 4 };

/* --- in the process of one hunt */

static char *line_of(const char *rule, enum cc_severity severity, const struct case_result *result)
{
    char *line = NULL, *path = why_text("%s/%s", result->suite, result->id);
    size_t length;
    FILE *out = open_memstream(&line, &length);
    if (!out) return free(path), NULL;
    putc('[', out);
    escape_json(out, rule);
    fprintf(out, ",%d,", (int)severity);
    escape_json(out, path);
    fputs("]\n", out);
    fclose(out);
    free(path);
    return line;
}

static void say(FILE *out, const char *rule, enum cc_severity severity, const struct case_result *result)
{
    char *line = line_of(rule, severity, result);
    if (line) fputs(line, out);
    free(line);
}

static void say_case(FILE *out, const struct case_result *result)
{
    for (size_t i = 0; i < result->finding_count; i++) say(out, result->findings[i].rule, result->findings[i].severity, result);
    if (!case_is_unjudged(result) || result->finding_count) return;
    const char *fault = result->exchange_count ? result->exchanges[result->exchange_count - 1].fault : NULL;
    say(out, fault ? fault : "case.error", CC_ERROR, result);
}

static void say_trouble(FILE *out, const char *why)
{
    escape_json(out, why);
    putc('\n', out);
}

/* Whoever looks on while the suites run. */
struct onlooker {
    const struct hunt *hunt;
    volatile sig_atomic_t enough;
};

static void look(void *context, const struct run_result *run, size_t done, const struct case_result *last)
{
    struct onlooker *onlooker = context;
    const struct hunt *hunt = onlooker->hunt;
    (void)run, (void)done;
    for (size_t i = 0; hunt->clean && !onlooker->enough && i < last->finding_count; i++) {
        const struct result_finding *f = &last->findings[i];
        if (!hunt_seeks(hunt, f->rule, f->severity)) continue;
        char *line = line_of(f->rule, f->severity, last);
        onlooker->enough = line && !hunt_said(hunt->clean, line);
        free(line);
    }
}

static void run_suites(const struct hunt_setting *setting, const struct hunt *hunt, const struct target *target)
{
    struct run_result result = {0};
    struct texts capabilities = {0};
    struct onlooker onlooker = {.hunt = hunt};
    struct runner_options running = {.target = target, .profile = hunt->profile, .tolerance = {.fail_on = fail_on_find("must")},
                                     .env = setting->options->env, .jobs = JOBS_EACH, .attempts = 1, .max_time_ms = RUN_MOST_MS,
                                     .interrupted = &onlooker.enough, .progress = look, .progress_context = &onlooker};
    if (!known_capabilities(hunt->profile, NULL, &capabilities)) say_trouble(hunt->said, "memory ran out");
    running.capabilities = capabilities;
    enum run_end end = runner_run(&running, setting->cases, setting->count, &result);
    for (size_t i = 0; i < result.case_count; i++) say_case(hunt->said, &result.cases[i]);
    if (end == RUN_BROKEN) say_trouble(hunt->said, result.broken ? result.broken : "memory ran out");
    if (end == RUN_INCOMPLETE && !onlooker.enough) say_trouble(hunt->said, result.verdict);
    run_result_clear(&result);
    free((void *)capabilities.items);
}

static void run_against(const struct hunt_setting *setting, const struct hunt *hunt, struct endpoint *endpoint)
{
    char url[64], why[512];
    struct secrets secrets = {0};
    snprintf(url, sizeof url, "http://127.0.0.1:%d/v1", endpoint_port(endpoint));
    if (!secrets_find(&secrets, setting->options, url, true, why, sizeof why)) {
        say_trouble(hunt->said, why);
        return;
    }
    struct http_timeouts timeouts = {.connect_ms = 5000, .first_ms = 5000, .idle_ms = 5000, .total_ms = 20000};
    struct target target = {.base_url = url, .path = CHAT_PATH, .model = "reference", .auth = "bearer", .key = secrets.key,
                            .key_name = secrets.key_name, .timeouts = &timeouts, .redactor = secrets.redactor};
    run_suites(setting, hunt, &target);
    secrets_clear(&secrets);
}

static void run_alone(const struct hunt_setting *setting, const struct hunt *hunt)
{
    const char *defects[] = {hunt->defect, NULL};
    struct endpoint_options serving = {.defects = defects, .mutant = hunt->mutant, .profile = hunt->profile};
    char why[512];
    struct endpoint *endpoint = endpoint_start(&serving, why, sizeof why);
    if (endpoint) run_against(setting, hunt, endpoint);
    else say_trouble(hunt->said, why);
    if (endpoint) fprintf(hunt->said, "%zu\n", endpoint_mutated(endpoint));
    if (endpoint) endpoint_stop(endpoint);
    fflush(hunt->said);
}

/* --- the process */

bool hunt_start(struct hunt *hunt, const struct hunt_setting *setting, char *why, size_t why_size)
{
    hunt->said = tmpfile();
    if (!hunt->said) return why_not(why, why_size, "a temporary file cannot be made: %s", strerror(errno));
    fflush(stdout);
    fflush(stderr);
    hunt->process = fork();
    if (hunt->process == 0) {
        run_alone(setting, hunt);
        _exit(ferror(hunt->said) ? EXIT_BROKEN : EXIT_FINE);
    }
    return hunt->process > 0 || why_not(why, why_size, "a process cannot be started: %s", strerror(errno));
}

static bool read_lines(struct hunt *hunt)
{
    char *line = NULL;
    size_t room = 0;
    bool fine = true;
    rewind(hunt->said);
    for (ssize_t length; fine && (length = getline(&line, &room, hunt->said)) >= 0;) {
        char *copy = strndup(line, (size_t)length);
        fine = copy && texts_add(&hunt->lines, copy);
        if (!fine) free(copy);
    }
    free(line);
    return fine;
}

bool hunt_end(struct hunt *hunt, int status, char *why, size_t why_size)
{
    hunt->ended = true;
    if (WIFSIGNALED(status)) hunt->trouble = why_text("its process was ended by signal %d", WTERMSIG(status));
    else if (WEXITSTATUS(status)) hunt->trouble = why_text("its process ended with code %d", WEXITSTATUS(status));
    bool fine = read_lines(hunt) || why_no_memory(why, why_size);
    fclose(hunt->said);
    hunt->said = NULL;
    return fine;
}

void hunt_clear(struct hunt *hunt)
{
    for (size_t i = 0; i < hunt->lines.count; i++) free((void *)(uintptr_t)hunt->lines.items[i]);
    free((void *)hunt->lines.items);
    free(hunt->trouble);
    if (hunt->said) fclose(hunt->said);
}

/* --- its lines */

bool hunt_hear(const char *line, struct heard *heard)
{
    *heard = (struct heard){0};
    if (!cc_read_object(line, strlen(line), NULL, &heard->line, NULL, 0)) return false;
    if (json_object_is_type(heard->line, json_type_int)) {
        heard->changed = json_object_get_int64(heard->line);
        return true;
    }
    if (!json_object_is_type(heard->line, json_type_array)) {
        heard->trouble = json_object_get_string(heard->line);
        return heard->trouble != NULL;
    }
    heard->rule = json_object_get_string(json_object_array_get_idx(heard->line, 0));
    heard->severity = (enum cc_severity)json_object_get_int(json_object_array_get_idx(heard->line, 1));
    heard->test = json_object_get_string(json_object_array_get_idx(heard->line, 2));
    return heard->rule && heard->test;
}

void heard_clear(struct heard *heard) { json_object_put(heard->line); }

bool hunt_said(const struct hunt *hunt, const char *line)
{
    for (size_t i = 0; i < hunt->lines.count; i++)
        if (strcmp(hunt->lines.items[i], line) == 0) return true;
    return false;
}

bool hunt_seeks(const struct hunt *hunt, const char *rule, enum cc_severity severity)
{
    for (size_t i = 0; hunt->rules && severity >= hunt->severity && i < hunt->rules->count; i++)
        if (strcmp(hunt->rules->items[i], rule) == 0) return true;
    return false;
}
