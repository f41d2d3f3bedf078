/* select.c: see select.h. Filters that match nothing are mistakes, and are said to be: a typo must not look like a green run. */
#include "harness/select.h"

#include "harness/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_file(const char *argument)
{
    size_t length = strlen(argument);
    return length > 5 && strcmp(argument + length - 5, ".yaml") == 0;
}

static bool load(struct suite_set *set, const struct options *options, char *why, size_t size)
{
    bool any = false;
    for (size_t i = 0; i < options->arguments.count; i++) {
        if (!is_file(options->arguments.items[i])) continue;
        any = true;
        if (!suite_load(set, options->arguments.items[i], why, size)) return false;
    }
    return any || suites_find(set, options, why, size);
}

/* A glob names a case, or a suite with all its cases. */
static bool glob_names(const char *glob, const struct suite *suite, const struct suite_case *test)
{
    return glob_match(glob, test->path) || glob_match(glob, suite->id);
}

static bool named(const struct texts *globs, const struct suite *suite, const struct suite_case *test, bool *hit)
{
    bool found = false;
    for (size_t i = 0; i < globs->count; i++)
        if (!is_file(globs->items[i]) && glob_names(globs->items[i], suite, test)) found = hit[i] = true;
    return found;
}

static size_t glob_count(const struct texts *arguments)
{
    size_t count = 0;
    for (size_t i = 0; i < arguments->count; i++) count += !is_file(arguments->items[i]);
    return count;
}

static bool tagged(const struct options *options, const struct suite_case *test, bool *hit)
{
    bool found = options->tags.count == 0;
    for (size_t i = 0; i < options->tags.count; i++)
        for (char **tag = test->tags; tag && *tag; tag++)
            if (strcmp(*tag, options->tags.items[i]) == 0) found = hit[i] = true;
    return found;
}

struct hits {
    bool *arguments, *skip, *tags;
};

static bool wanted(const struct options *o, const struct suite *suite, const struct suite_case *test, struct hits *hits)
{
    bool by_name = named(&o->arguments, suite, test, hits->arguments) || glob_count(&o->arguments) == 0;
    bool skipped = named(&o->skip, suite, test, hits->skip);
    bool by_tag = tagged(o, test, hits->tags);
    return by_name && !skipped && by_tag && (!o->level || test->level == o->level);
}

static bool all_hit(const struct suite_set *set, const struct texts *texts, const bool *hit, const char *what, bool paths, char *why, size_t size)
{
    for (size_t i = 0; i < texts->count; i++) {
        if (hit[i] || is_file(texts->items[i])) continue;
        const char *near = paths ? suite_nearest(set, texts->items[i]) : NULL;
        snprintf(why, size, "%s %s matches no case%s%s%s", what, texts->items[i], near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
        return false;
    }
    return true;
}

static bool pick(struct suite_set *set, const struct options *o, struct hits *hits, struct selected **cases, size_t *count, char *why, size_t size)
{
    size_t total = 0;
    for (size_t i = 0; i < set->count; i++) total += set->suites[i].count;
    *cases = calloc(total + 1, sizeof **cases);
    if (!*cases) {
        snprintf(why, size, "memory ran out");
        return false;
    }
    for (size_t i = 0; i < set->count; i++)
        for (size_t k = 0; k < set->suites[i].count; k++)
            if (wanted(o, &set->suites[i], &set->suites[i].cases[k], hits))
                (*cases)[(*count)++] = (struct selected){&set->suites[i], &set->suites[i].cases[k]};
    if (!all_hit(set, &o->arguments, hits->arguments, "the filter", true, why, size) || !all_hit(set, &o->skip, hits->skip, "--skip", true, why, size) ||
        !all_hit(set, &o->tags, hits->tags, "--tag", false, why, size))
        return false;
    if (*count == 0) snprintf(why, size, total ? "the filters together leave no case" : "the suites have no case");
    return *count > 0;
}

bool cases_select(struct suite_set *set, const struct options *options, struct selected **cases, size_t *count, char *why, size_t why_size)
{
    *cases = NULL;
    *count = 0;
    if (!load(set, options, why, why_size)) return false;
    struct hits hits = {calloc(options->arguments.count + 1, 1), calloc(options->skip.count + 1, 1), calloc(options->tags.count + 1, 1)};
    bool fine = hits.arguments && hits.skip && hits.tags && pick(set, options, &hits, cases, count, why, why_size);
    free(hits.arguments);
    free(hits.skip);
    free(hits.tags);
    if (fine) return true;
    free(*cases);
    *cases = NULL;
    return false;
}
