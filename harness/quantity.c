/* quantity.c: see quantity.h. strtod alone would also take blanks, signs, hexadecimal digits, "nan" and "infinity". */
#include "harness/quantity.h"

#include "harness/base/glob.h"
#include "harness/base/limit.h"
#include "harness/base/why.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool number_read(const char *text, long *number)
{
    char *end;
    errno = 0;
    *number = strtol(text, &end, 10);
    return *text && !*end && errno == 0 && !isspace((unsigned char)*text) && *text != '+';
}

/* A plain decimal number and the unit after it. */
static bool decimal_read(const char *text, double *number, const char **unit)
{
    size_t length = strspn(text, "0123456789.");
    char *end = NULL;
    *number = length ? strtod(text, &end) : 0;
    *unit = text + length;
    return length && end == *unit && isfinite(*number);
}

long duration_read(const char *text)
{
    static const struct {
        const char *name;
        double ms;
    } units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
    double n;
    const char *unit;
    if (!decimal_read(text, &n, &unit)) return -1;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(unit, units[i].name) == 0) return n * units[i].ms > 1e9 ? -1 : (long)(n * units[i].ms + 0.5);
    return -1;
}

bool rate_read(const char *text, double *per_s)
{
    static const struct {
        const char *name;
        double s;
    } units[] = {{"", 1}, {"/s", 1}, {"/m", 60}, {"/h", 3600}};
    double n;
    const char *unit;
    if (!decimal_read(text, &n, &unit) || n <= 0) return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        if (strcmp(unit, units[i].name) != 0) continue;
        *per_s = n / units[i].s;
        return true;
    }
    return false;
}

bool timeouts_read(const char *text, struct http_timeouts *timeouts, char *why, size_t why_size)
{
    const struct {
        const char *name;
        long *ms;
        long most_ms;
    } parts[] = {{"connect", &timeouts->connect_ms, 60000}, {"first", &timeouts->first_ms, 600000},
                 {"idle", &timeouts->idle_ms, 600000},      {"total", &timeouts->total_ms, 3600000}};
    for (; *text; text += strcspn(text, ","), text += *text == ',') {
        int length = (int)strcspn(text, ","), name = (int)strcspn(text, "=,");
        char value[32];
        size_t part = 0;
        while (part < 4 && !((int)strlen(parts[part].name) == name && strncmp(parts[part].name, text, (size_t)name) == 0)) part++;
        if (part == 4 || name == length)
            return why_not(why, why_size, "--timeout takes connect=, first=, idle= and total=, not \"%.*s\"", length, text);
        snprintf(value, sizeof value, "%.*s", length - name - 1, text + name + 1);
        long ms = duration_read(value);
        if (ms < 1 || ms > parts[part].most_ms)
            return why_not(why, why_size, "--timeout %s=%s: a time from 1ms to %lds is expected", parts[part].name, value,
                           parts[part].most_ms / 1000);
        *parts[part].ms = ms;
    }
    return true;
}

/* Why a limit was not taken. */
static bool limit_refused(const char *text, const char *name, char *why, size_t size)
{
    struct nearest nearest = nearest_to(name);
    const struct cc_limit *limit = limit_find(name);
    if (limit) return why_not(why, size, "--limit %s: %s may be at most %zu", text, name, limit->hard);
    for (size_t i = 0; cc_limit_at(i); i++) nearest_try(&nearest, cc_limit_at(i)->name);
    if (nearest.best) return why_not(why, size, "--limit %s: there is no limit named \"%s\"; did you mean %s?", text, name, nearest.best);
    return why_not(why, size, "--limit %s: there is no limit named \"%s\"; --help lists them", text, name);
}

bool limit_read(const char *text, struct cc_limits *limits, char *why, size_t why_size)
{
    char name[32];
    const char *equals = strchr(text, '=');
    long number;
    if (!equals || !number_read(equals + 1, &number) || number < 1)
        return why_not(why, why_size, "--limit %s: NAME=N is expected, with N at least 1", text);
    snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
    return cc_limits_set(limits, name, (size_t)number) || limit_refused(text, name, why, why_size);
}
