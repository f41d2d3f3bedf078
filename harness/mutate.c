/* mutate.c: `chatconform mutate`: do the suites find everything that the reference endpoint can do wrong?
 *
 * Each defect gets a process of its own with an endpoint that has it, and the suites are run against that. What they find is told to the
 * parent as lines ["RULE", severity, "CASE"]. What is found on an endpoint without any defect as well is no merit, and is left out. */
#include "harness/command.h"
#include "harness/glob.h"
#include "harness/mutation.h"
#include "harness/runner.h"
#include "harness/secrets.h"
#include "harness/select.h"
#include "harness/why.h"
#include "reports/report.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUN_MOST_MS = 60000, JOBS_EACH = 4 };

/* A run of the suites in a process of its own. */
struct trial_run {
    struct mutant *mutant; /* NULL: without any defect */
    unsigned profile;
    FILE *said;            /* what it found */
    pid_t process;
    bool ended;
    struct texts lines;    /* of `said`; owned */
};

struct mutating {
    const struct options *options;
    struct suite_set suites;
    struct selected *cases;
    size_t count;
    struct trial_run *runs; /* the clean ones first */
    size_t run_count, done;
    struct mutation found;
};

/* --- in the process of one run */

static void say(FILE *out, const char *rule, enum cc_severity severity, const struct case_result *result)
{
    char *path = why_text("%s/%s", result->suite, result->id);
    putc('[', out);
    escape_json(out, rule);
    fprintf(out, ",%d,", (int)severity);
    escape_json(out, path);
    fputs("]\n", out);
    free(path);
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

static void run_suites(const struct mutating *m, const struct trial_run *run, const struct target *target)
{
    struct run_result result = {0};
    struct texts capabilities = {0};
    struct runner_options running = {.target = target, .profile = run->profile, .tolerance = {.fail_on = "must"}, .env = m->options->env,
                                     .jobs = JOBS_EACH, .attempts = 1, .max_time_ms = RUN_MOST_MS};
    if (!known_capabilities(run->profile, NULL, &capabilities)) say_trouble(run->said, "memory ran out");
    running.capabilities = capabilities;
    enum run_end end = runner_run(&running, m->cases, m->count, &result);
    for (size_t i = 0; i < result.case_count; i++) say_case(run->said, &result.cases[i]);
    if (end == RUN_BROKEN) say_trouble(run->said, result.broken ? result.broken : "memory ran out");
    if (end == RUN_INCOMPLETE) say_trouble(run->said, result.verdict);
    run_result_clear(&result);
    free((void *)capabilities.items);
}

static void run_against(const struct mutating *m, const struct trial_run *run, struct endpoint *endpoint)
{
    char url[64], why[512];
    struct secrets secrets = {0};
    snprintf(url, sizeof url, "http://127.0.0.1:%d/v1", endpoint_port(endpoint));
    if (!secrets_find(&secrets, m->options, url, true, why, sizeof why)) {
        say_trouble(run->said, why);
        return;
    }
    struct http_timeouts timeouts = {.connect_ms = 5000, .first_ms = 5000, .idle_ms = 5000, .total_ms = 20000};
    struct target target = {.base_url = url, .path = "/chat/completions", .model = "reference", .auth = "bearer", .key = secrets.key,
                            .key_name = secrets.key_name, .timeouts = &timeouts, .redactor = secrets.redactor};
    run_suites(m, run, &target);
    secrets_clear(&secrets);
}

static void run_alone(const struct mutating *m, const struct trial_run *run)
{
    const char *defects[] = {run->mutant ? run->mutant->defect->id : NULL, NULL};
    struct endpoint_options serving = {.defects = defects, .profile = run->profile};
    char why[512];
    struct endpoint *endpoint = endpoint_start(&serving, why, sizeof why);
    if (endpoint) run_against(m, run, endpoint);
    else say_trouble(run->said, why);
    if (endpoint) endpoint_stop(endpoint);
    fflush(run->said);
}

/* --- the processes */

static bool start(const struct mutating *m, struct trial_run *run, char *why, size_t size)
{
    run->said = tmpfile();
    if (!run->said) return why_not(why, size, "a temporary file cannot be made: %s", strerror(errno));
    fflush(stdout);
    fflush(stderr);
    run->process = fork();
    if (run->process == 0) {
        run_alone(m, run);
        _exit(ferror(run->said) ? EXIT_BROKEN : EXIT_FINE);
    }
    return run->process > 0 || why_not(why, size, "a process cannot be started: %s", strerror(errno));
}

static void set_trouble(struct trial_run *run, char *trouble)
{
    if (run->mutant && !run->mutant->trouble) run->mutant->trouble = trouble;
    else free(trouble);
}

static bool read_lines(struct trial_run *run)
{
    char *line = NULL;
    size_t room = 0;
    bool fine = true;
    rewind(run->said);
    for (ssize_t length; fine && (length = getline(&line, &room, run->said)) >= 0;) {
        char *copy = strndup(line, (size_t)length);
        fine = copy && texts_add(&run->lines, copy);
        if (!fine) free(copy);
    }
    free(line);
    return fine;
}

static bool end(struct mutating *m, struct trial_run *run, int status, char *why, size_t size)
{
    run->ended = true;
    m->done++;
    if (WIFSIGNALED(status)) set_trouble(run, why_text("its process was ended by signal %d", WTERMSIG(status)));
    else if (WEXITSTATUS(status)) set_trouble(run, why_text("its process ended with code %d", WEXITSTATUS(status)));
    if (isatty(STDERR_FILENO) && !m->options->quiet) fprintf(stderr, "\r\033[K%zu/%zu runs", m->done, m->run_count);
    bool fine = read_lines(run) || why_no_memory(why, size);
    fclose(run->said);
    run->said = NULL;
    return fine;
}

static bool wait_for_one(struct mutating *m, char *why, size_t size)
{
    int status;
    pid_t process = waitpid(-1, &status, 0);
    if (process < 0) return errno == EINTR || why_not(why, size, "cannot wait for a process: %s", strerror(errno));
    for (size_t i = 0; i < m->run_count; i++)
        if (m->runs[i].process == process && !m->runs[i].ended) return end(m, &m->runs[i], status, why, size);
    return true;
}

static bool run_all(struct mutating *m, char *why, size_t size)
{
    size_t started = 0;
    bool fine = true;
    while (fine && m->done < m->run_count) {
        bool room = started < m->run_count && started - m->done < (size_t)m->options->jobs;
        fine = room ? start(m, &m->runs[started++], why, size) : wait_for_one(m, why, size);
    }
    if (isatty(STDERR_FILENO) && !m->options->quiet) fprintf(stderr, "\r\033[K");
    return fine;
}

/* --- what came out */

static const struct trial_run *clean_run(const struct mutating *m, unsigned profile)
{
    for (size_t i = 0; i < m->run_count; i++)
        if (!m->runs[i].mutant && m->runs[i].profile == profile) return &m->runs[i];
    return NULL;
}

static bool has_line(const struct texts *lines, const char *line)
{
    for (size_t i = 0; i < lines->count; i++)
        if (strcmp(lines->items[i], line) == 0) return true;
    return false;
}

/* One line of a run: a finding; or a text, which is trouble. */
struct heard {
    struct json_object *line;
    const char *rule, *test, *trouble;
    enum cc_severity severity;
};

static bool hear(const char *text, struct heard *heard)
{
    *heard = (struct heard){0};
    if (!cc_read_object(text, strlen(text), NULL, &heard->line, NULL, 0)) return false;
    if (!json_object_is_type(heard->line, json_type_array)) {
        heard->trouble = json_object_get_string(heard->line);
        return true;
    }
    heard->rule = json_object_get_string(json_object_array_get_idx(heard->line, 0));
    heard->severity = (enum cc_severity)json_object_get_int(json_object_array_get_idx(heard->line, 1));
    heard->test = json_object_get_string(json_object_array_get_idx(heard->line, 2));
    return heard->rule && heard->test;
}

/* A rule is found when that is as loud as its level asks for; the same goes for another one that is found instead. */
static void weigh(struct trial_run *run, const struct heard *heard)
{
    struct mutant *mutant = run->mutant;
    if (heard->trouble) set_trouble(run, strdup(heard->trouble));
    if (heard->trouble || heard->severity < cc_level_severity(mutant->defect->level)) return;
    if (strcmp(heard->rule, mutant->defect->rule) == 0) {
        mutant->cases++;
        if (!mutant->first) mutant->first = strdup(heard->test);
    } else if (!mutant->instead) {
        mutant->instead = strdup(heard->rule);
    }
}

static void judge_mutant(const struct mutating *m, struct trial_run *run)
{
    const struct trial_run *clean = clean_run(m, run->profile);
    struct mutant *mutant = run->mutant;
    for (size_t i = 0; i < run->lines.count; i++) {
        struct heard heard;
        if (has_line(&clean->lines, run->lines.items[i])) continue;
        if (hear(run->lines.items[i], &heard)) weigh(run, &heard);
        else set_trouble(run, strdup("its process said something unreadable"));
        json_object_put(heard.line);
    }
    mutant->fate = mutant->trouble ? MUTANT_UNTESTED : mutant->cases ? MUTANT_KILLED : mutant->instead ? MUTANT_WRONG_RULE : MUTANT_SURVIVED;
}

static bool add_alarm(struct mutation *found, char *alarm)
{
    char **all = realloc(found->false_alarms, (found->false_alarm_count + 1) * sizeof *all);
    if (all) found->false_alarms = all;
    if (all && alarm) all[found->false_alarm_count++] = alarm;
    else free(alarm);
    return all && alarm;
}

/* Errors on an endpoint that does nothing wrong. */
static bool judge_clean(struct mutation *found, const struct trial_run *run, char *why, size_t size)
{
    bool fine = run->lines.count > 0 || why_not(why, size, "the suites cannot be run against the reference endpoint");
    for (size_t i = 0; fine && i < run->lines.count; i++) {
        struct heard heard;
        fine = hear(run->lines.items[i], &heard) || why_no_memory(why, size);
        if (fine && heard.trouble) fine = why_not(why, size, "%s", heard.trouble);
        else if (fine && heard.severity == CC_ERROR)
            fine = add_alarm(found, why_text("%s in %s", heard.rule, heard.test)) || why_no_memory(why, size);
        json_object_put(heard.line);
    }
    return fine;
}

static bool judge_all(struct mutating *m, char *why, size_t size)
{
    bool fine = true;
    for (size_t i = 0; fine && i < m->run_count; i++) {
        if (m->runs[i].mutant) judge_mutant(m, &m->runs[i]);
        else fine = judge_clean(&m->found, &m->runs[i], why, size);
    }
    return fine;
}

/* --- the command */

static bool wanted(const struct texts *globs, const char *id)
{
    bool any = globs->count == 0;
    for (size_t i = 0; i < globs->count; i++) any |= rule_matches(globs->items[i], id);
    return any;
}

/* The profile that was asked for, unless the rule is in force in the other one only. */
static unsigned profile_for(const struct options *options, const struct defect *defect)
{
    const struct cc_rule *rule = cc_rule_find(defect->rule);
    if (!rule || (rule->profiles & options->profile)) return options->profile;
    return rule->profiles & CC_OPENAI ? CC_OPENAI : CC_NEWAPI;
}

static bool collect_mutants(struct mutating *m, char *why, size_t size)
{
    size_t all = 0;
    while (defect_at(all)) all++;
    m->found.mutants = calloc(all + 1, sizeof *m->found.mutants);
    m->runs = calloc(all + 2, sizeof *m->runs);
    if (!m->found.mutants || !m->runs) return why_no_memory(why, size);
    for (size_t i = 0; i < all; i++) {
        const struct defect *defect = defect_at(i);
        if (defect->rule && wanted(&m->options->defects, defect->id)) /* what breaks no rule need not be found */
            m->found.mutants[m->found.count++] = (struct mutant){.defect = defect, .profile = profile_for(m->options, defect)};
    }
    return m->found.count || why_not(why, size, "--defect matches none; `chatconform list defects` lists them");
}

static void plan_runs(struct mutating *m)
{
    for (unsigned profile = CC_NEWAPI; profile <= CC_OPENAI; profile <<= 1) {
        bool used = false;
        for (size_t i = 0; i < m->found.count; i++) used |= m->found.mutants[i].profile == profile;
        if (used) m->runs[m->run_count++] = (struct trial_run){.profile = profile};
    }
    for (size_t i = 0; i < m->found.count; i++)
        m->runs[m->run_count++] = (struct trial_run){.mutant = &m->found.mutants[i], .profile = m->found.mutants[i].profile};
}

/* The score, in the one line that is printed last. */
static void print_score(FILE *out, const struct mutation *found)
{
    size_t killed = mutation_count(found, 0, MUTANT_KILLED), must = mutation_count(found, CC_MUST, MUTANT_KILLED);
    fprintf(out, "score: %zu of %zu defects killed by their rule, %zu of %zu of level must; %zu cases, %.1f s\n", killed, found->count, must,
            mutation_total(found, CC_MUST), found->cases, (double)found->duration_ms / 1000);
}

static int held_against(const struct mutating *m, char *why, size_t size)
{
    const struct options *o = m->options;
    char *worse = NULL;
    if (o->write_score && !mutation_record(&m->found, o->write_score, why, size)) return EXIT_BROKEN;
    if (!o->score) return EXIT_FINE;
    if (!mutation_compare(&m->found, o->score, &worse, why, size)) return EXIT_USAGE;
    if (worse) why_not(why, size, "%s", worse);
    free(worse);
    return *why ? EXIT_FAILED : EXIT_FINE;
}

static int conclude(const struct mutating *m, char *why, size_t size)
{
    size_t untested = mutation_count(&m->found, 0, MUTANT_UNTESTED), must = mutation_total(&m->found, CC_MUST);
    size_t alive = must - mutation_count(&m->found, CC_MUST, MUTANT_KILLED), alarms = m->found.false_alarm_count;
    int code = held_against(m, why, size);
    if (code == EXIT_FINE && untested) code = EXIT_BROKEN, why_not(why, size, "%zu defects could not be tested", untested);
    if (code == EXIT_FINE && alarms)
        code = EXIT_FAILED, why_not(why, size, "%zu false alarm%s on the endpoint without a defect", alarms, alarms == 1 ? "" : "s");
    if (code == EXIT_FINE && alive)
        code = EXIT_FAILED, why_not(why, size, "%zu of %zu defects of level must are not killed by their rule", alive, must);
    return code;
}

static long now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int mutate(struct mutating *m, char *why, size_t size)
{
    long began_ms = now_ms();
    m->found.cases = m->count;
    plan_runs(m);
    if (!run_all(m, why, size) || !judge_all(m, why, size)) return EXIT_BROKEN;
    m->found.duration_ms = now_ms() - began_ms;
    const char *format = m->options->format ? m->options->format : "text";
    mutation_print(stdout, &m->found, format);
    print_score(strcmp(format, "text") == 0 ? stdout : stderr, &m->found);
    fflush(stdout);
    return conclude(m, why, size);
}

int command_mutate(struct options *options, char *why, size_t why_size)
{
    struct mutating m = {.options = options};
    int code = EXIT_USAGE;
    if (cases_select(&m.suites, options, &m.cases, &m.count, why, why_size) && collect_mutants(&m, why, why_size)) code = mutate(&m, why, why_size);
    for (size_t i = 0; i < m.run_count; i++) {
        for (size_t k = 0; k < m.runs[i].lines.count; k++) free((void *)(uintptr_t)m.runs[i].lines.items[k]);
        free((void *)m.runs[i].lines.items);
        if (m.runs[i].said) fclose(m.runs[i].said);
    }
    free(m.runs);
    mutation_clear(&m.found);
    free(m.cases);
    suite_set_clear(&m.suites);
    return code;
}
