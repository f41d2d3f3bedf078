/* select.c: see select.h. Filters that match nothing are mistakes, and are said to be: a typo must not look like a green run. */
#include "harness/run/select.h"

#include "harness/base/glob.h"
#include "harness/base/installed.h"
#include "harness/base/why.h"
#include "harness/base/words.h"
#include "reports/report.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- suites */

static bool is_file(const char *argument) { return ends_with(argument, ".yaml") || ends_with(argument, ".yml"); }

typedef bool load_fn(struct suite_set *set, const char *path, char *why, size_t why_size);

/* `otherwise` is what to do when there are none. */
static bool load_usual(struct suite_set *set, load_fn *load, const char *otherwise, char *why, size_t size)
{
    char installed[PATH_MAX + 64];
    const char *folder = is_folder("suites") ? "suites" : installed_folder("suites", installed, sizeof installed);
    if (is_folder(folder)) return load(set, folder, why, size);
    return why_not(why, size, "there are no suites in ./suites or %s; %s", folder, otherwise);
}

bool suites_select(struct suite_set *set, const struct options *options, char *why, size_t why_size)
{
    bool any = false;
    set->env_names = options->env.items;
    for (size_t i = 0; i < options->arguments.count; i++) {
        if (!is_file(options->arguments.items[i])) continue;
        any = true;
        if (!suite_load(set, options->arguments.items[i], why, why_size)) return false;
    }
    for (size_t i = 0; !any && i < options->suites.count; i++) {
        const char *path = options->suites.items[i];
        if (!(is_folder(path) ? suite_load_folder : suite_load)(set, path, why, why_size)) return false;
    }
    return any || options->suites.count || load_usual(set, suite_load_folder, "name some with --suites PATH", why, why_size);
}

bool probes_select(struct suite_set *set, char *why, size_t why_size)
{
    return load_usual(set, suite_load_probes, "start it in a folder that has them, or install it", why, why_size);
}

/* --- cases */

/* Which globs and tags have matched something; one flag for each of the options'. */
struct hits {
    bool *arguments, *skip, *tags;
};

/* A glob names a case, or a suite with all its cases. */
static bool glob_names(const char *glob, const struct selected *selected)
{
    return glob_match(glob, selected->test->path) || glob_match(glob, selected->suite->id);
}

static bool named(const struct texts *globs, const struct selected *selected, bool *hit)
{
    bool found = false;
    for (size_t i = 0; i < globs->count; i++)
        if (!is_file(globs->items[i]) && glob_names(globs->items[i], selected)) found = hit[i] = true;
    return found;
}

static bool tagged(const struct texts *tags, const struct suite_case *test, bool *hit)
{
    bool found = tags->count == 0;
    for (size_t i = 0; i < tags->count; i++)
        for (char **tag = test->tags; tag && *tag; tag++)
            if (strcmp(*tag, tags->items[i]) == 0) found = hit[i] = true;
    return found;
}

static size_t glob_count(const struct texts *arguments)
{
    size_t count = 0;
    for (size_t i = 0; i < arguments->count; i++) count += !is_file(arguments->items[i]);
    return count;
}

/* Each filter looks at each case, so that each can tell whether it matched any. */
static bool wanted(const struct options *o, const struct selected *selected, struct hits *hits)
{
    bool by_name = named(&o->arguments, selected, hits->arguments) || glob_count(&o->arguments) == 0;
    bool skipped = named(&o->skip, selected, hits->skip);
    bool by_tag = tagged(&o->tags, selected->test, hits->tags);
    return by_name && !skipped && by_tag && (!o->level || selected->test->level == o->level);
}

static bool pick(const struct suite_set *set, const struct options *o, struct hits *hits, struct selected **cases, size_t *count)
{
    size_t total = 0;
    for (size_t i = 0; i < set->count; i++) total += set->suites[i].count;
    *cases = calloc(total + 1, sizeof **cases);
    for (size_t i = 0; *cases && i < set->count; i++)
        for (size_t k = 0; k < set->suites[i].count; k++) {
            struct selected selected = {&set->suites[i], &set->suites[i].cases[k]};
            if (wanted(o, &selected, hits)) (*cases)[(*count)++] = selected;
        }
    return *cases != NULL;
}

/* --- filters that match nothing */

static const char *nearest_tag(const struct suite_set *set, const char *word)
{
    struct nearest nearest = nearest_to(word);
    for (size_t i = 0; i < set->count; i++)
        for (size_t k = 0; k < set->suites[i].count; k++)
            for (char **tag = set->suites[i].cases[k].tags; tag && *tag; tag++) nearest_try(&nearest, *tag);
    return nearest.best;
}

static bool all_hit(const struct suite_set *set, const struct texts *texts, const bool *hit, const char *what,
                    const char *nearest(const struct suite_set *set, const char *word), char *why, size_t size)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (hit[i] || is_file(texts->items[i])) continue;
        const char *near = nearest(set, texts->items[i]);
        if (near) return why_not(why, size, "%s %s matches no case; did you mean %s?", what, texts->items[i], near);
        return why_not(why, size, "%s %s matches no case; `chatconform list cases` lists them", what, texts->items[i]);
    }
    return true;
}

static bool select_with(const struct suite_set *set, const struct options *o, struct hits *hits, struct selected **cases, size_t *count,
                        char *why, size_t size)
{
    if (!hits->arguments || !hits->skip || !hits->tags || !pick(set, o, hits, cases, count)) return why_no_memory(why, size);
    return all_hit(set, &o->arguments, hits->arguments, "the filter", suite_nearest, why, size) &&
           all_hit(set, &o->skip, hits->skip, "--skip", suite_nearest, why, size) &&
           all_hit(set, &o->tags, hits->tags, "--tag", nearest_tag, why, size) &&
           (*count || why_not(why, size, "the filters together leave no case"));
}

/* Leaves the cases of the shard: every so manieth one, so that long suites are spread. */
static bool deal_out(const struct options *o, struct selected *cases, size_t *count, char *why, size_t size)
{
    size_t all = *count, kept = 0;
    if (!o->shards) return true;
    for (size_t i = (size_t)o->shard - 1; i < all; i += (size_t)o->shards) cases[kept++] = cases[i];
    *count = kept;
    return kept || why_not(why, size, "the shard %ld/%ld is empty: there are only %zu cases", o->shard, o->shards, all);
}

bool cases_select(struct suite_set *set, const struct options *options, struct selected **cases, size_t *count, char *why, size_t why_size)
{
    *cases = NULL;
    *count = 0;
    if (!suites_select(set, options, why, why_size)) return false;
    struct hits hits = {calloc(options->arguments.count + 1, 1), calloc(options->skip.count + 1, 1), calloc(options->tags.count + 1, 1)};
    bool fine = select_with(set, options, &hits, cases, count, why, why_size);
    free(hits.arguments);
    free(hits.skip);
    free(hits.tags);
    if (fine && deal_out(options, *cases, count, why, why_size)) return true;
    free(*cases);
    *cases = NULL;
    return false;
}

/* --- capabilities */

bool capability_is_said(const struct texts *capabilities, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < capabilities->count; i++)
        if (strcspn(capabilities->items[i], "=") == length && strncmp(capabilities->items[i], name, length) == 0) return true;
    return false;
}

bool known_capabilities(unsigned profile, const char *auth, struct texts *capabilities)
{
    bool keyless = auth && strcmp(auth, "none") == 0;
    return (profile != CC_NEWAPI || capability_is_said(capabilities, "openai") || texts_add(capabilities, "openai=no")) &&
           (!keyless || capability_is_said(capabilities, "auth") || texts_add(capabilities, "auth=no"));
}

/* --- capabilities that nobody knows */

enum { NAME_ROOM = 128 };

/* The nearest of what is said, then of what is probed; `room` holds what the former leads to. */
static const char *nearest_capability(const char *name, const struct suite_set *probes, const struct texts *said, char room[NAME_ROOM])
{
    struct nearest nearest = nearest_to(name);
    for (size_t i = 0; i < said->count; i++) {
        char known[NAME_ROOM];
        size_t before = nearest.least;
        snprintf(known, sizeof known, "%.*s", (int)strcspn(said->items[i], "="), said->items[i]);
        nearest_try(&nearest, known);
        if (nearest.least < before) nearest.best = memcpy(room, known, sizeof known);
    }
    for (size_t i = 0; i < probes->need_count; i++) nearest_try(&nearest, probes->needs[i].name);
    return nearest.best;
}

size_t capabilities_doubt(const struct suite_set *set, const struct suite_set *probes, const struct texts *said)
{
    size_t count = 0;
    for (size_t i = 0; i < set->need_count; i++) {
        const struct suite_need *need = &set->needs[i];
        char line[2048], room[NAME_ROOM];
        if (suite_needs(probes, need->name) || capability_is_said(said, need->name)) continue;
        const char *near = nearest_capability(need->name, probes, said, room);
        snprintf(line, sizeof line, "%s: no probe looks for the capability %s, and no target file names it%s%s%s\n", need->place, need->name,
                 near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
        escape_terminal(stderr, line);
        count++;
    }
    return count;
}
