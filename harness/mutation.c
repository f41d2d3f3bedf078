/* mutation.c: see mutation.h. What is recorded holds only what must not get worse, so that it does not change with each new case. */
#include "harness/mutation.h"

#include "harness/file.h"
#include "harness/why.h"
#include "reports/report.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static const enum cc_level levels[] = {CC_MUST, CC_SHOULD, CC_PORTABILITY, CC_DEPRECATED, CC_HABIT, 0};

const char *mutant_fate_name(enum mutant_fate fate)
{
    static const char *const names[MUTANT_FATE_COUNT] = {
        [MUTANT_SURVIVED] = "survived", [MUTANT_WRONG_RULE] = "wrong_rule", [MUTANT_KILLED] = "killed", [MUTANT_UNTESTED] = "untested"};
    return (unsigned)fate < MUTANT_FATE_COUNT ? names[fate] : "unknown";
}

size_t mutation_count(const struct mutation *mutation, enum cc_level level, enum mutant_fate fate)
{
    size_t count = 0;
    for (size_t i = 0; i < mutation->count; i++) {
        const struct mutant *m = &mutation->mutants[i];
        count += m->fate == fate && (!level || m->defect->level == level);
    }
    return count;
}

size_t mutation_total(const struct mutation *mutation, enum cc_level level)
{
    size_t total = 0;
    for (unsigned fate = 0; fate < MUTANT_FATE_COUNT; fate++) total += mutation_count(mutation, level, (enum mutant_fate)fate);
    return total;
}

void mutation_clear(struct mutation *mutation)
{
    for (size_t i = 0; i < mutation->count; i++) {
        free(mutation->mutants[i].first);
        free(mutation->mutants[i].instead);
        free(mutation->mutants[i].trouble);
    }
    for (size_t i = 0; i < mutation->false_alarm_count; i++) free(mutation->false_alarms[i]);
    free(mutation->false_alarms);
    free(mutation->mutants);
    *mutation = (struct mutation){0};
}

/* Down to a tenth: 99.96 % is not 100 %. */
static double percent(size_t part, size_t whole) { return whole ? (double)(part * 1000 / whole) / 10 : 100; }

/* --- as text */

static void print_row(FILE *out, const struct mutation *m, enum cc_level level, bool markdown)
{
    const char *name = level ? cc_level_name(level) : "total";
    size_t total = mutation_total(m, level), killed = mutation_count(m, level, MUTANT_KILLED), renamed = mutation_count(m, level, MUTANT_WRONG_RULE);
    size_t survived = total - killed - renamed;
    if (markdown) fprintf(out, "| %s | %zu | %zu | %zu | %zu | %.1f %% |\n", name, total, killed, renamed, survived, percent(killed, total));
    else fprintf(out, "  %-12s %8zu %8zu %12zu %10zu   %5.1f %%\n", name, total, killed, renamed, survived, percent(killed, total));
}

static void print_rows(FILE *out, const struct mutation *m, bool markdown)
{
    for (const enum cc_level *level = levels; *level; level++)
        if (mutation_total(m, *level)) print_row(out, m, *level, markdown);
    print_row(out, m, 0, markdown);
}

/* What became of a mutant that was not killed, in words. */
static void print_fate(FILE *out, const struct mutant *m, void escape(FILE *out, const char *text))
{
    if (m->fate == MUTANT_UNTESTED) {
        fputs("not tested: ", out);
        escape(out, m->trouble ? m->trouble : "memory ran out");
    } else if (m->fate == MUTANT_SURVIVED) {
        fputs("survived", out);
    } else {
        fputs("found as ", out);
        escape(out, m->instead);
    }
}

static void print_text(FILE *out, const struct mutation *m)
{
    fputs("  level         defects   killed   wrong rule   survived     score\n", out);
    print_rows(out, m, false);
    for (size_t i = 0; i < m->count; i++) {
        if (m->mutants[i].fate == MUTANT_KILLED) continue;
        fprintf(out, "x %s   %s   %s   ", m->mutants[i].defect->id, m->mutants[i].defect->rule, cc_level_name(m->mutants[i].defect->level));
        print_fate(out, &m->mutants[i], escape_line);
        putc('\n', out);
    }
    for (size_t i = 0; i < m->false_alarm_count; i++) {
        fputs("x false alarm: ", out);
        escape_line(out, m->false_alarms[i]);
        putc('\n', out);
    }
}

/* --- as markdown */

static void print_markdown(FILE *out, const struct mutation *m)
{
    fputs("# Mutation score\n\nThe reference endpoint can be told to do one thing wrong at a time (`chatconform list defects`). The suites are run against each of\n"
          "these defects, and have to find it under the name of the rule that it breaks. `chatconform mutate --format markdown` writes this page.\n\n", out);
    fputs("| level | defects | killed by their rule | found under another name | survived | score |\n|---|--:|--:|--:|--:|--:|\n", out);
    print_rows(out, m, true);
    fputs("\n| defect | rule | level | outcome |\n|---|---|---|---|\n", out);
    for (size_t i = 0; i < m->count; i++) {
        const struct mutant *mutant = &m->mutants[i];
        fprintf(out, "| `%s` | `%s` | %s | ", mutant->defect->id, mutant->defect->rule, cc_level_name(mutant->defect->level));
        if (mutant->fate == MUTANT_KILLED) fputs("killed", out);
        else print_fate(out, mutant, escape_markdown);
        fputs(" |\n", out);
    }
}

/* --- as JSON */

static void print_member(FILE *out, const char *before, const char *name, const char *text)
{
    fprintf(out, "%s\"%s\":", before, name);
    escape_json(out, text);
}

static void print_levels(FILE *out, const struct mutation *m)
{
    const char *joint = "";
    fputs("\"levels\":[", out);
    for (const enum cc_level *level = levels; *level; level++) {
        if (!mutation_total(m, *level)) continue;
        fprintf(out, "%s\n{\"level\":\"%s\",\"defects\":%zu", joint, cc_level_name(*level), mutation_total(m, *level));
        for (unsigned fate = 0; fate < MUTANT_FATE_COUNT; fate++)
            fprintf(out, ",\"%s\":%zu", mutant_fate_name((enum mutant_fate)fate), mutation_count(m, *level, (enum mutant_fate)fate));
        putc('}', out);
        joint = ",";
    }
    putc(']', out);
}

static void print_mutant(FILE *out, const struct mutant *m)
{
    print_member(out, "{", "id", m->defect->id);
    print_member(out, ",", "rule", m->defect->rule);
    print_member(out, ",", "level", cc_level_name(m->defect->level));
    print_member(out, ",", "profile", cc_profile_name(m->profile));
    print_member(out, ",", "outcome", mutant_fate_name(m->fate));
    fprintf(out, ",\"cases\":%zu", m->cases);
    print_member(out, ",", "first", m->first);
    print_member(out, ",", "instead", m->instead);
    print_member(out, ",", "trouble", m->trouble);
    putc('}', out);
}

static void print_json(FILE *out, const struct mutation *m)
{
    fprintf(out, "{\"format\":1,\"cases\":%zu,\"duration_ms\":%ld,", m->cases, m->duration_ms);
    print_levels(out, m);
    fputs(",\n\"false_alarms\":[", out);
    for (size_t i = 0; i < m->false_alarm_count; i++) {
        if (i) putc(',', out);
        escape_json(out, m->false_alarms[i]);
    }
    fputs("],\n\"defects\":[", out);
    for (size_t i = 0; i < m->count; i++) {
        fputs(i ? ",\n" : "\n", out);
        print_mutant(out, &m->mutants[i]);
    }
    fputs("]}\n", out);
}

void mutation_print(FILE *out, const struct mutation *mutation, const char *format)
{
    if (strcmp(format, "json") == 0) print_json(out, mutation);
    else if (strcmp(format, "markdown") == 0) print_markdown(out, mutation);
    else print_text(out, mutation);
}

/* --- what is held */

static void print_record(FILE *out, const void *context)
{
    const struct mutation *m = context;
    const char *joint = "";
    fputs("{\"format\":1,", out);
    print_levels(out, m);
    fputs(",\n\"unkilled\":[", out);
    for (size_t i = 0; i < m->count; i++) {
        if (m->mutants[i].fate == MUTANT_KILLED) continue;
        fprintf(out, "%s\n", joint);
        escape_json(out, m->mutants[i].defect->id);
        joint = ",";
    }
    fputs("]}\n", out);
}

bool mutation_record(const struct mutation *mutation, const char *file, char *why, size_t why_size)
{
    return file_write(file, print_record, mutation, why, why_size);
}

static struct json_object *member(struct json_object *object, const char *name, enum json_type type)
{
    struct json_object *value;
    bool there = json_object_is_type(object, json_type_object) && json_object_object_get_ex(object, name, &value);
    return there && json_object_is_type(value, type) ? value : NULL;
}

static bool lists(struct json_object *list, const char *id)
{
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        if (json_object_is_type(item, json_type_string) && strcmp(json_object_get_string(item), id) == 0) return true;
    }
    return false;
}

/* What is worse than recorded, as one sentence; NULL: nothing, or memory ran out. */
static char *find_worse(const struct mutation *m, struct json_object *rows, struct json_object *unkilled)
{
    for (size_t i = 0; i < m->count; i++)
        if (m->mutants[i].fate != MUTANT_KILLED && !lists(unkilled, m->mutants[i].defect->id))
            return why_text("below the recorded score: the defect %s is not killed any more", m->mutants[i].defect->id);
    for (size_t i = 0; i < json_object_array_length(rows); i++) {
        struct json_object *row = json_object_array_get_idx(rows, i), *name = member(row, "level", json_type_string);
        for (const enum cc_level *level = levels; name && *level; level++) {
            if (strcmp(cc_level_name(*level), json_object_get_string(name)) != 0) continue;
            double was = percent((size_t)json_object_get_int64(member(row, "killed", json_type_int)),
                                 (size_t)json_object_get_int64(member(row, "defects", json_type_int)));
            double is = percent(mutation_count(m, *level, MUTANT_KILLED), mutation_total(m, *level));
            if (is < was) return why_text("below the recorded score: %.1f %% of level %s, was %.1f %%", is, cc_level_name(*level), was);
        }
    }
    return NULL;
}

bool mutation_compare(const struct mutation *mutation, const char *file, char **worse, char *why, size_t why_size)
{
    struct json_object *record = NULL;
    *worse = NULL;
    if (!file_read_json(file, &record, why, why_size)) return false;
    struct json_object *rows = member(record, "levels", json_type_array), *unkilled = member(record, "unkilled", json_type_array);
    bool fine = rows && unkilled;
    if (fine) *worse = find_worse(mutation, rows, unkilled);
    else why_not(why, why_size, "%s: it is no record of mutate --write-score", file);
    json_object_put(record);
    return fine;
}
