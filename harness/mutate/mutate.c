/* mutate.c: `chatconform mutate`: do the suites find everything that the reference endpoint can do wrong?
 *
 * The suites are run against each defect and each mutant (hunt.h), and first against an endpoint that does nothing wrong: what is found
 * there as well is no merit. A hunt ends with the first finding of the rule that is broken, so that what is found soon costs little. */
#include "endpoint/endpoint.h"
#include "harness/base/glob.h"
#include "harness/base/monotonic.h"
#include "harness/base/why.h"
#include "harness/command.h"
#include "harness/mutate/hunt.h"
#include "harness/mutate/mutation.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct mutating {
    const struct options *options;
    struct suite_set suites;
    struct written_mutants written;
    struct selected *cases;
    struct hunt *hunts; /* the clean ones first, then one for each mutant */
    size_t case_count, hunt_count, clean_count, done;
    struct mutation found;
};

/* --- what is to be tried */

static bool is_wanted(const struct texts *globs, const char *id) { return globs->count == 0 || texts_match_rule(globs, id); }

/* The profile that was asked for, unless the rule is in force in the other one only. */
static unsigned profile_for(const struct options *options, const char *id)
{
    const struct cc_rule *rule = id ? cc_rule_find(id) : NULL;
    if (!rule || (rule->profiles & options->profile)) return options->profile;
    return rule->profiles & CC_OPENAI ? CC_OPENAI : CC_NEWAPI;
}

static bool add_defect(struct mutating *m, const struct defect *defect)
{
    struct mutant mutant = {.family = FAMILY_DEFECTS, .id = defect->id, .level = defect->level,
                            .profile = profile_for(m->options, defect->rule)};
    if (!texts_add(&mutant.rules, defect->rule)) return false;
    m->found.mutants[m->found.count++] = mutant;
    return true;
}

static bool add_written(struct mutating *m, const struct written_mutant *written)
{
    unsigned profile = written->profile ? written->profile : profile_for(m->options, written->first_broken);
    struct mutant mutant = {.family = FAMILY_MUTANTS, .id = written->id, .level = written->level, .profile = profile, .edits = written->json};
    for (size_t i = 0; i < written->rules.count; i++)
        if (!texts_add(&mutant.rules, written->rules.items[i])) return false;
    m->found.mutants[m->found.count++] = mutant;
    return true;
}

static bool collect_mutants(struct mutating *m, char *why, size_t size)
{
    size_t all = 0;
    bool fine = true;
    while (defect_at(all)) all++;
    m->found.mutants = calloc(all + m->written.count + 1, sizeof *m->found.mutants);
    m->hunts = calloc(all + m->written.count + 2, sizeof *m->hunts);
    if (!m->found.mutants || !m->hunts) return why_no_memory(why, size);
    for (size_t i = 0; fine && i < all; i++) /* what breaks no rule need not be found */
        if (defect_at(i)->rule && is_wanted(&m->options->defects, defect_at(i)->id)) fine = add_defect(m, defect_at(i));
    for (size_t i = 0; fine && i < m->written.count; i++)
        if (is_wanted(&m->options->defects, m->written.items[i].id)) fine = add_written(m, &m->written.items[i]);
    if (!fine) return why_no_memory(why, size);
    return m->found.count || why_not(why, size, "--defect matches none; `chatconform list defects` and `list mutants` list them");
}

static const struct hunt *clean_hunt(const struct mutating *m, unsigned profile)
{
    for (size_t i = 0; i < m->clean_count; i++)
        if (m->hunts[i].profile == profile) return &m->hunts[i];
    return NULL;
}

static void plan_hunts(struct mutating *m)
{
    for (unsigned profile = CC_NEWAPI; profile <= CC_OPENAI; profile <<= 1) {
        bool used = false;
        for (size_t i = 0; i < m->found.count; i++) used |= m->found.mutants[i].profile == profile;
        if (used) m->hunts[m->clean_count++] = (struct hunt){.profile = profile};
    }
    m->hunt_count = m->clean_count;
    for (size_t i = 0; i < m->found.count; i++) {
        const struct mutant *mutant = &m->found.mutants[i];
        struct hunt hunt = {.profile = mutant->profile, .rules = &mutant->rules, .severity = cc_level_severity(mutant->level)};
        hunt.defect = mutant->edits ? NULL : mutant->id;
        hunt.mutant = mutant->edits;
        hunt.clean = clean_hunt(m, mutant->profile);
        m->hunts[m->hunt_count++] = hunt;
    }
}

/* --- the hunts */

static bool wait_for_one(struct mutating *m, char *why, size_t size)
{
    int status;
    pid_t process = waitpid(-1, &status, 0);
    if (process < 0) return errno == EINTR || why_not(why, size, "cannot wait for a process: %s", strerror(errno));
    for (size_t i = 0; i < m->hunt_count; i++) {
        if (m->hunts[i].process != process || m->hunts[i].ended) continue;
        m->done++;
        if (isatty(STDERR_FILENO) && !m->options->quiet) fprintf(stderr, "\r\033[K%zu/%zu runs", m->done, m->hunt_count);
        return hunt_end(&m->hunts[i], status, why, size);
    }
    return true;
}

/* Runs all hunts up to number `end`; those before `m->done` are through. */
static bool run_until(struct mutating *m, size_t end, char *why, size_t size)
{
    const struct hunt_setting setting = {.options = m->options, .cases = m->cases, .count = m->case_count};
    size_t started = m->done;
    bool fine = true;
    while (fine && m->done < end) {
        bool room = started < end && started - m->done < (size_t)m->options->jobs;
        fine = room ? hunt_start(&m->hunts[started++], &setting, why, size) : wait_for_one(m, why, size);
    }
    return fine;
}

static bool run_all(struct mutating *m, char *why, size_t size)
{
    bool fine = run_until(m, m->clean_count, why, size) && run_until(m, m->hunt_count, why, size);
    if (isatty(STDERR_FILENO) && !m->options->quiet) fprintf(stderr, "\r\033[K");
    return fine;
}

/* --- what came out */

static void set_trouble(struct mutant *mutant, const char *trouble)
{
    if (!mutant->trouble) mutant->trouble = strdup(trouble);
}

/* A rule is found when that is as loud as its level asks for; the same goes for another one that is found instead. Of a legal mutant only
 * errors count. */
static void weigh(const struct hunt *hunt, const struct heard *heard, struct mutant *mutant)
{
    enum cc_severity least = mutant->level ? hunt->severity : CC_ERROR;
    if (!heard->rule || heard->severity < least) return;
    if (hunt_seeks(hunt, heard->rule, heard->severity)) {
        if (!mutant->first) mutant->first = strdup(heard->test);
    } else if (!mutant->instead) {
        mutant->instead = mutant->level ? strdup(heard->rule) : why_text("%s in %s", heard->rule, heard->test);
    }
}

static void judge_mutant(const struct hunt *hunt, struct mutant *mutant)
{
    if (hunt->trouble) set_trouble(mutant, hunt->trouble);
    for (size_t i = 0; i < hunt->lines.count; i++) {
        struct heard heard;
        if (!hunt_hear(hunt->lines.items[i], &heard)) set_trouble(mutant, "its process said something unreadable");
        else if (heard.trouble) set_trouble(mutant, heard.trouble);
        else if (!heard.rule) mutant->unused = mutant->edits && heard.changed == 0;
        else if (!hunt_said(hunt->clean, hunt->lines.items[i])) weigh(hunt, &heard, mutant);
        heard_clear(&heard);
    }
    mutant->fate = mutant->trouble ? MUTANT_UNTESTED : mutant->first ? MUTANT_KILLED : mutant->instead ? MUTANT_WRONG_RULE : MUTANT_SURVIVED;
}

static bool add_alarm(struct mutation *found, char *alarm, char *why, size_t size)
{
    char **all = realloc(found->false_alarms, (found->false_alarm_count + 1) * sizeof *all);
    if (all) found->false_alarms = all;
    if (all && alarm) all[found->false_alarm_count++] = alarm;
    else free(alarm);
    return (all && alarm) || why_no_memory(why, size);
}

/* Errors on an endpoint that does nothing wrong. */
static bool judge_clean(struct mutation *found, const struct hunt *hunt, char *why, size_t size)
{
    bool fine = hunt->lines.count > 0 || why_not(why, size, "the suites cannot be run against the reference endpoint");
    for (size_t i = 0; fine && i < hunt->lines.count; i++) {
        struct heard heard;
        fine = hunt_hear(hunt->lines.items[i], &heard) || why_no_memory(why, size);
        if (fine && heard.trouble) fine = why_not(why, size, "%s", heard.trouble);
        else if (fine && heard.severity == CC_ERROR) fine = add_alarm(found, why_text("%s in %s", heard.rule, heard.test), why, size);
        heard_clear(&heard);
    }
    return fine;
}

static bool judge_all(struct mutating *m, char *why, size_t size)
{
    bool fine = true;
    for (size_t i = 0; fine && i < m->clean_count; i++) fine = judge_clean(&m->found, &m->hunts[i], why, size);
    for (size_t i = 0; fine && i < m->found.count; i++) {
        struct mutant *mutant = &m->found.mutants[i];
        judge_mutant(&m->hunts[m->clean_count + i], mutant);
        if (!mutant->level && mutant->fate == MUTANT_WRONG_RULE)
            fine = add_alarm(&m->found, why_text("%s, with %s", mutant->instead, mutant->id), why, size);
    }
    return fine;
}

/* --- the command */

/* The score, in the one line that is printed last. */
static void print_score(FILE *out, const struct mutation *found)
{
    size_t killed = mutation_count(found, FAMILY_ANY, 0, MUTANT_KILLED), all = mutation_total(found, FAMILY_ANY, 0), accepted;
    size_t must = mutation_total(found, FAMILY_ANY, CC_MUST), must_killed = mutation_count(found, FAMILY_ANY, CC_MUST, MUTANT_KILLED);
    size_t legal = mutation_legal(found, &accepted);
    fprintf(out, "score: %zu of %zu defects and mutants killed by their rule, %zu of %zu of level must; ", killed, all, must_killed, must);
    if (legal) fprintf(out, "%zu of %zu legal ones accepted; ", accepted, legal);
    fprintf(out, "%zu cases, %.1f s\n", found->cases, (double)found->duration_ms / 1000);
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

static size_t count_untested(const struct mutation *found)
{
    size_t count = 0;
    for (size_t i = 0; i < found->count; i++) count += found->mutants[i].fate == MUTANT_UNTESTED;
    return count;
}

static int conclude(const struct mutating *m, char *why, size_t size)
{
    size_t untested = count_untested(&m->found), must = mutation_total(&m->found, FAMILY_ANY, CC_MUST);
    size_t alive = must - mutation_count(&m->found, FAMILY_ANY, CC_MUST, MUTANT_KILLED), alarms = m->found.false_alarm_count;
    int code = held_against(m, why, size);
    if (code == EXIT_FINE && untested) code = EXIT_BROKEN, why_not(why, size, "%zu defects could not be tested", untested);
    if (code == EXIT_FINE && alarms)
        code = EXIT_FAILED, why_not(why, size, "%zu false alarm%s on an endpoint that does nothing wrong", alarms, alarms == 1 ? "" : "s");
    if (code == EXIT_FINE && alive)
        code = EXIT_FAILED, why_not(why, size, "%zu of %zu defects and mutants of level must are not killed by their rule", alive, must);
    return code;
}

static int mutate(struct mutating *m, char *why, size_t size)
{
    long began_ms = monotonic_ms();
    m->found.cases = m->case_count;
    m->found.whole = m->options->defects.count == 0;
    plan_hunts(m);
    if (!run_all(m, why, size) || !judge_all(m, why, size)) return EXIT_BROKEN;
    m->found.duration_ms = monotonic_ms() - began_ms;
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
    if (cases_select(&m.suites, options, &m.cases, &m.case_count, why, why_size) && mutants_read(&m.written, options, why, why_size) &&
        collect_mutants(&m, why, why_size))
        code = mutate(&m, why, why_size);
    for (size_t i = 0; i < m.hunt_count; i++) hunt_clear(&m.hunts[i]);
    free(m.hunts);
    mutation_clear(&m.found);
    mutants_clear(&m.written);
    free(m.cases);
    suite_set_clear(&m.suites);
    return code;
}
