/* glob.c: paths and the patterns for them, and what was probably meant by one that matches nothing. */
#include "harness/base/glob.h"


#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST = 256 };

/* One component against one of a glob, where `*` is any run of bytes. Taking each run as short as possible is enough: if a later part of
 * the glob fits farther right, it is tried there. */
static bool match_component(const char *glob, size_t glob_length, const char *text, size_t length)
{
    size_t g = 0, t = 0, star = SIZE_MAX, from = 0;
    while (t < length) {
        if (g < glob_length && glob[g] == '*') {
            star = g++;
            from = t;
        } else if (g < glob_length && glob[g] == text[t]) {
            g++;
            t++;
        } else if (star != SIZE_MAX) {
            g = star + 1;
            t = ++from;
        } else {
            return false;
        }
    }
    while (g < glob_length && glob[g] == '*')
        g++;
    return g == glob_length;
}

static size_t component(const char *path)
{
    return strcspn(path, "/");
}

static const char *after_component(const char *path)
{
    path += component(path);
    return *path ? path + 1 : NULL; /* NULL: there is no further component */
}

static bool is_any_number(const char *glob)
{
    return component(glob) == 2 && glob[0] == '*' && glob[1] == '*';
}

/* The same one level up: `**` is to components what `*` is to bytes. */
bool glob_match(const char *glob, const char *path)
{
    const char *star = NULL, *from = NULL;
    while (path) {
        if (glob && is_any_number(glob)) {
            star = glob;
            from = path;
            glob = after_component(glob);
        } else if (glob && match_component(glob, component(glob), path, component(path))) {
            glob = after_component(glob);
            path = after_component(path);
        } else if (star) {
            glob = after_component(star);
            from = after_component(from);
            path = from;
        } else {
            return false;
        }
    }
    while (glob && is_any_number(glob))
        glob = after_component(glob);
    return !glob;
}

static void dots_to_slashes(const char *text, char *out)
{
    snprintf(out, LONGEST, "%s", text);
    for (char *c = out; *c; c++)
        if (*c == '.')
            *c = '/';
}

bool rule_matches(const char *glob, const char *rule)
{
    char path[LONGEST], pattern[LONGEST];
    dots_to_slashes(rule, path);
    dots_to_slashes(glob, pattern);
    return glob_match(pattern, path);
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

size_t edit_distance(const char *a, const char *b)
{
    size_t row[LONGEST + 1], n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST)
        return SIZE_MAX / 2;
    for (size_t j = 0; j <= m; j++)
        row[j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t corner = row[0];
        row[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t change = corner + (lower(a[i - 1]) != lower(b[j - 1]));
            size_t edit = 1 + (row[j] < row[j - 1] ? row[j] : row[j - 1]);
            corner = row[j];
            row[j] = change < edit ? change : edit;
        }
    }
    return row[m];
}

struct nearest nearest_to(const char *word)
{
    return (struct nearest){.word = word, .least = 2 + strlen(word) / 4};
}

void nearest_try(struct nearest *nearest, const char *known)
{
    size_t a = strlen(nearest->word), b = strlen(known);
    if ((a > b ? a - b : b - a) >= nearest->least)
        return;
    size_t distance = edit_distance(nearest->word, known);
    if (distance >= nearest->least)
        return;
    nearest->least = distance;
    nearest->best = known;
}

/* The end of a path that has as many components as the glob. */
static const char *tail_like(const char *path, const char *glob)
{
    size_t wanted = 1, has = 1;
    for (const char *c = glob; *c; c++)
        wanted += *c == '/';
    for (const char *c = path; *c; c++)
        has += *c == '/';
    for (; has > wanted; has--)
        path = after_component(path);
    return path;
}

void nearest_try_path(struct nearest *nearest, const char *path)
{
    const char *tail = tail_like(path, nearest->word), *before = nearest->best;
    size_t least = nearest->least;
    nearest_try(nearest, path);
    nearest_try(nearest, tail);
    if (nearest->best != before || nearest->least < least)
        nearest->best = path;
}
