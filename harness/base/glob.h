/* glob.h: words and paths that match, or nearly do. */
#ifndef GLOB_H
#define GLOB_H

#include <stdbool.h>
#include <stddef.h>

/* The same path syntax everywhere: `*` is one component (or a part of one), `**` any number. */
bool glob_match(const char *glob, const char *path);

/* Whether a glob names a rule or a defect: their ids have dots where paths have slashes; the globs are the same. */
bool rule_matches(const char *glob, const char *rule);

/* The nearest of some words to one that is misspelt. */
struct nearest {
    const char *word, *best; /* best: NULL while nothing is near */
    size_t least;
};

struct nearest nearest_to(const char *word);
/* Tries one more; `known` must live as long as the result. */
void nearest_try(struct nearest *nearest, const char *known);
/* The same for paths: who types the end of a path, or one with a slip, gets the whole path. */
void nearest_try_path(struct nearest *nearest, const char *path);

/* How many bytes must be added, dropped or changed (case counts nothing); a large number when either is longer than 256 bytes. */
size_t edit_distance(const char *a, const char *b);

#endif
