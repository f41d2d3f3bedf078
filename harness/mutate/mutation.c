/* mutation.c: see mutation.h. What is recorded holds only what must not get worse, so that it does not change with each new case. */
#include "harness/mutate/mutation.h"

#include "harness/base/file.h"
#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "reports/report.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

const enum cc_level mutation_levels[] = {CC_MUST, CC_SHOULD, CC_PORTABILITY, CC_DEPRECATED, CC_HABIT, 0};

const char *mutant_fate_name(enum mutant_fate fate)
{
    static const char *const names[MUTANT_FATE_COUNT] = {
        [MUTANT_SURVIVED] = "survived", [MUTANT_WRONG_RULE] = "wrong_rule", [MUTANT_KILLED] = "killed", [MUTANT_UNTESTED] = "untested"};
    return (unsigned)fate < MUTANT_FATE_COUNT ? names[fate] : "unknown";
}

const char *mutant_family_name(enum mutant_family family)
{
    return family == FAMILY_DEFECTS ? "defects" : family == FAMILY_MUTANTS ? "mutants" : "all";
}

size_t mutation_count(const struct mutation *mutation, enum mutant_family family, enum cc_level level, enum mutant_fate fate)
{
    size_t count = 0;
    for (size_t i = 0; i < mutation->count; i++) {
        const struct mutant *m = &mutation->mutants[i];
        count += m->level && m->fate == fate && (!level || m->level == level) && (!family || m->family == family);
    }
    return count;
}

size_t mutation_total(const struct mutation *mutation, enum mutant_family family, enum cc_level level)
{
    size_t total = 0;
    for (unsigned fate = 0; fate < MUTANT_FATE_COUNT; fate++) total += mutation_count(mutation, family, level, (enum mutant_fate)fate);
    return total;
}

size_t mutation_legal(const struct mutation *mutation, size_t *accepted)
{
    size_t legal = 0;
    *accepted = 0;
    for (size_t i = 0; i < mutation->count; i++) {
        legal += !mutation->mutants[i].level;
        *accepted += !mutation->mutants[i].level && mutation->mutants[i].fate == MUTANT_SURVIVED;
    }
    return legal;
}

double mutation_percent(size_t part, size_t whole) { return whole ? (double)(part * 1000 / whole) / 10 : 100; }

void mutation_clear(struct mutation *mutation)
{
    for (size_t i = 0; i < mutation->count; i++) {
        free((void *)mutation->mutants[i].rules.items);
        free(mutation->mutants[i].first);
        free(mutation->mutants[i].instead);
        free(mutation->mutants[i].trouble);
    }
    for (size_t i = 0; i < mutation->false_alarm_count; i++) free(mutation->false_alarms[i]);
    free(mutation->false_alarms);
    free(mutation->mutants);
    *mutation = (struct mutation){0};
}

/* --- what is held */

static bool print_record(FILE *out, const void *context)
{
    const struct mutation *m = context;
    const char *joint = "";
    fputs("{\"format\":1,", out);
    mutation_print_levels(out, m);
    fputs(",\n\"unkilled\":[", out);
    for (size_t i = 0; i < m->count; i++) {
        if (!m->mutants[i].level || m->mutants[i].fate == MUTANT_KILLED) continue;
        fprintf(out, "%s\n", joint);
        escape_json(out, m->mutants[i].id);
        joint = ",";
    }
    fputs("]}\n", out);
    return !ferror(out);
}

bool mutation_record(const struct mutation *mutation, const char *file, char *why, size_t why_size)
{
    return file_write("", file, print_record, mutation, why, why_size);
}

static struct json_object *member(struct json_object *object, const char *name, enum json_type type)
{
    struct json_object *value = jo_get(object, name);
    return json_object_is_type(value, type) ? value : NULL;
}

static bool lists(struct json_object *list, const char *id)
{
    for (size_t i = 0; i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        if (json_object_is_type(item, json_type_string) && strcmp(json_object_get_string(item), id) == 0) return true;
    }
    return false;
}

/* The family or level that a row of the record names; 0 when there is none of that name. */
static unsigned named(struct json_object *row, const char *key, const char *name_of(unsigned number), unsigned most)
{
    struct json_object *name = member(row, key, json_type_string);
    for (unsigned number = 1; name && number <= most; number++)
        if (strcmp(name_of(number), json_object_get_string(name)) == 0) return number;
    return 0;
}

static const char *level_name(unsigned number) { return cc_level_name((enum cc_level)number); }
static const char *family_name(unsigned number) { return mutant_family_name((enum mutant_family)number); }

/* What is worse than one row of the record, as one sentence; NULL: nothing. */
static char *worse_than_row(const struct mutation *m, struct json_object *row)
{
    enum cc_level level = (enum cc_level)named(row, "level", level_name, CC_HABIT);
    enum mutant_family family = (enum mutant_family)named(row, "family", family_name, FAMILY_MUTANTS);
    size_t total = mutation_total(m, family, level), recorded = (size_t)json_object_get_int64(member(row, "total", json_type_int));
    double was = mutation_percent((size_t)json_object_get_int64(member(row, "killed", json_type_int)), recorded);
    double is = mutation_percent(mutation_count(m, family, level, MUTANT_KILLED), total);
    const char *of = mutant_family_name(family);
    if (!level || !family) return NULL;
    if (m->whole && total < recorded)
        return why_text("below the recorded score: there are %zu %s of level %s, were %zu", total, of, cc_level_name(level), recorded);
    if (!total || is >= was) return NULL;
    return why_text("below the recorded score: %.1f %% of the %s of level %s, was %.1f %%", is, of, cc_level_name(level), was);
}

/* What is worse than recorded, as one sentence; NULL: nothing, or memory ran out. */
static char *find_worse(const struct mutation *m, struct json_object *rows, struct json_object *unkilled)
{
    char *worse = NULL;
    for (size_t i = 0; i < m->count; i++)
        if (m->mutants[i].level && m->mutants[i].fate != MUTANT_KILLED && !lists(unkilled, m->mutants[i].id))
            return why_text("below the recorded score: %s is not killed any more", m->mutants[i].id);
    for (size_t i = 0; !worse && i < json_object_array_length(rows); i++) worse = worse_than_row(m, json_object_array_get_idx(rows, i));
    return worse;
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
