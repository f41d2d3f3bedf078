/* mutants.c: see mutants.h. Each file is judged by its table first (validator/api/mutant_file.c), so what is read here is well formed. */
#include "harness/mutate/mutants.h"

#include "chatconform.h"
#include "harness/base/installed.h"
#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/yaml/yaml_judge.h"

#include <dirent.h>
#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    struct written_mutants *mutants;
    const char *stem; /* the name of the file without its ending */
    size_t stem_length;
    struct json_object *file;
    char *why;
    size_t why_size;
};

/* --- one mutant */

/* A string, or the strings of a list. False when memory runs out. */
static bool take_texts(struct texts *texts, struct json_object *value)
{
    if (!json_object_is_type(value, json_type_array)) return !value || texts_add(texts, json_object_get_string(value));
    for (size_t i = 0; i < json_object_array_length(value); i++)
        if (!texts_add(texts, json_object_get_string(json_object_array_get_idx(value, i)))) return false;
    return true;
}

/* An error is a must; a warning is what the rule has it, if that is a warning too. */
static enum cc_level level_of(const char *severity, const struct texts *rules)
{
    static const struct { const char *severity; enum cc_severity means; enum cc_level usual; } table[] = {
        {"error", CC_ERROR, CC_MUST}, {"warning", CC_WARNING, CC_SHOULD}, {"note", CC_NOTE, CC_HABIT}};
    for (size_t i = 0; severity && i < sizeof table / sizeof *table; i++) {
        const struct cc_rule *rule = rules->count ? cc_rule_find(rules->items[0]) : NULL;
        if (strcmp(severity, table[i].severity) != 0) continue;
        return rule && cc_level_severity(rule->level) == table[i].means ? rule->level : table[i].usual;
    }
    return 0;
}

/* What the endpoint has to know of it. */
static char *json_for_endpoint(struct json_object *file, struct json_object *mutant)
{
    static const char *const names[] = {"asked", "where", "raw", "edit"};
    struct json_object *on = jo_get(mutant, "on") ? jo_get(mutant, "on") : jo_get(file, "on"), *result = json_object_new_object();
    bool fine = result && json_object_object_add(result, "on", json_object_get(on)) == 0;
    for (size_t i = 0; fine && i < sizeof names / sizeof *names; i++)
        if (jo_get(mutant, names[i])) fine = json_object_object_add(result, names[i], json_object_get(jo_get(mutant, names[i]))) == 0;
    const char *text = fine ? json_object_to_json_string_ext(result, JSON_C_TO_STRING_PLAIN) : NULL;
    char *copy = text ? strdup(text) : NULL;
    json_object_put(result);
    return copy;
}

static bool fill_mutant(const struct reading *r, struct json_object *from, struct written_mutant *mutant)
{
    struct json_object *breaks = jo_get(from, "breaks"), *found = jo_get(from, "found");
    const char *as = found ? jo_text_at(found, "as") : NULL;
    mutant->says = jo_text_at(from, "says");
    mutant->legal = jo_text_at(from, "legal");
    mutant->profile = jo_text_at(from, "profile") ? cc_profile_find(jo_text_at(from, "profile")) : 0;
    mutant->id = why_text("%.*s/%s", (int)r->stem_length, r->stem, jo_text_at(from, "id"));
    mutant->json = json_for_endpoint(r->file, from);
    bool fine = take_texts(&mutant->rules, breaks);
    mutant->first_broken = mutant->rules.count ? mutant->rules.items[0] : NULL;
    fine = fine && (!as || texts_add(&mutant->rules, as));
    mutant->level = level_of(jo_text_at(from, "severity"), &mutant->rules);
    return fine && mutant->id && mutant->json;
}

static void clear_mutant(struct written_mutant *mutant)
{
    free(mutant->id);
    free(mutant->json);
    free((void *)mutant->rules.items);
}

/* What a case expects beyond the rules is known by the case alone. */
static bool is_known(const char *name) { return cc_rule_find(name) || strncmp(name, "expect.", 7) == 0; }

/* Something must be known by one of its names. */
static bool has_rule(const struct written_mutant *mutant)
{
    bool any = mutant->legal != NULL;
    for (size_t i = 0; i < mutant->rules.count; i++) any |= is_known(mutant->rules.items[i]);
    return any;
}

static bool add_mutant(const struct reading *r, struct json_object *from)
{
    struct written_mutants *set = r->mutants;
    struct written_mutant *all = realloc(set->items, (set->count + 1) * sizeof *all), mutant = {0};
    if (!all) return why_no_memory(r->why, r->why_size);
    set->items = all;
    bool fine = fill_mutant(r, from, &mutant) || why_no_memory(r->why, r->why_size);
    if (fine && mutants_find(set, mutant.id)) fine = why_not(r->why, r->why_size, "there are two mutants %s", mutant.id);
    if (fine && (mutant.legal != NULL) == (mutant.level != 0 && mutant.first_broken))
        fine = why_not(r->why, r->why_size, "the mutant %s: it either breaks something, with a severity, or is legal", mutant.id);
    if (fine && !has_rule(&mutant))
        fine = why_not(r->why, r->why_size, "the mutant %s: there is no rule %s; name the one that finds it with `found`", mutant.id, mutant.first_broken);
    if (fine) all[set->count++] = mutant;
    else clear_mutant(&mutant);
    return fine;
}

/* --- files */

static bool keep_file(struct written_mutants *set, struct json_object *file)
{
    struct json_object **all = realloc(set->files, (set->file_count + 1) * sizeof *all);
    if (!all) return false;
    set->files = all;
    all[set->file_count++] = json_object_get(file);
    return true;
}

static bool read_file(struct written_mutants *set, const char *path, char *why, size_t size)
{
    static const struct yaml_limits limits = {.nodes = 200000, .events = 400000};
    const char *slash = strrchr(path, '/'), *stem = slash ? slash + 1 : path;
    struct reading r = {.mutants = set, .stem = stem, .stem_length = strcspn(stem, "."), .why = why, .why_size = size};
    struct yaml_text text = {0};
    bool fine = yaml_read(&text, "", path, &limits, why, size) && yaml_judge(&text, CC_MUTANTS, why, size) &&
                (keep_file(set, text.object) || why_no_memory(why, size));
    r.file = text.object;
    struct json_object *list = fine ? jo_get(text.object, "mutants") : NULL;
    for (size_t i = 0; fine && i < json_object_array_length(list); i++) fine = add_mutant(&r, json_object_array_get_idx(list, i));
    yaml_clear(&text);
    return fine;
}

static int is_yaml(const struct dirent *entry)
{
    size_t length = strlen(entry->d_name);
    return length > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + length - 5, ".yaml") == 0;
}

static bool read_folder(struct written_mutants *set, const char *folder, char *why, size_t size)
{
    struct dirent **names = NULL;
    int count = scandir(folder, &names, is_yaml, alphasort);
    bool fine = count >= 0 || why_not(why, size, "%s: %s", folder, strerror(errno));
    if (count == 0) fine = why_not(why, size, "%s: there are no mutants in this folder", folder);
    for (int i = 0; i < count; i++) {
        char path[PATH_MAX];
        int length = snprintf(path, sizeof path, "%s/%s", folder, names[i]->d_name);
        if (fine && (size_t)length >= sizeof path) fine = why_not(why, size, "%s: the path is too long", folder);
        fine = fine && read_file(set, path, why, size);
        free(names[i]);
    }
    free(names);
    return fine;
}

bool mutants_read(struct written_mutants *mutants, const struct options *options, char *why, size_t why_size)
{
    char installed[PATH_MAX + 64];
    bool fine = true;
    for (size_t i = 0; fine && i < options->mutants.count; i++) {
        const char *path = options->mutants.items[i];
        fine = (is_folder(path) ? read_folder : read_file)(mutants, path, why, why_size);
    }
    if (options->mutants.count) return fine;
    const char *usual = is_folder("endpoint/mutants") ? "endpoint/mutants" : installed_folder("mutants", installed, sizeof installed);
    return !is_folder(usual) || read_folder(mutants, usual, why, why_size);
}

/* --- looking up */

const struct written_mutant *mutants_find(const struct written_mutants *mutants, const char *id)
{
    for (size_t i = 0; i < mutants->count; i++)
        if (strcmp(mutants->items[i].id, id) == 0) return &mutants->items[i];
    return NULL;
}

void mutants_clear(struct written_mutants *mutants)
{
    for (size_t i = 0; i < mutants->count; i++) clear_mutant(&mutants->items[i]);
    for (size_t i = 0; i < mutants->file_count; i++) json_object_put(mutants->files[i]);
    free(mutants->items);
    free(mutants->files);
    *mutants = (struct written_mutants){0};
}
