/* http_date.c: see http_date.h. It reads by hand what strptime would: that is no part of the POSIX that we ask for. */
#include "harness/http/http_date.h"

#include <stdio.h>
#include <string.h>

static int month_of(const char *name)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const char *found = strlen(name) == 3 ? strstr(names, name) : NULL;
    return found && (found - names) % 3 == 0 ? (int)(found - names) / 3 : -1;
}

/* A year of two digits is never more than fifty years ahead. */
static int full_year(int year, time_t now)
{
    struct tm today;
    gmtime_r(&now, &today);
    year += 2000;
    return year - 1900 > today.tm_year + 50 ? year - 100 : year;
}

/* The parts of a date, its year as it is written; the day's name is not held against them. */
struct date {
    int day, year, hour, minute, second, end;
    char month[4];
};

/* "Sun, 06 Nov 1994 08:49:37 GMT" */
static bool read_usual(const char *text, struct date *d)
{
    *d = (struct date){0};
    sscanf(text, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n", &d->day, d->month, &d->year, &d->hour, &d->minute, &d->second, &d->end);
    return d->end && !text[d->end];
}

/* "Sunday, 06-Nov-94 08:49:37 GMT" */
static bool read_old(const char *text, struct date *d)
{
    *d = (struct date){0};
    sscanf(text, "%*9[A-Za-z], %2d-%3[A-Za-z]-%2d %2d:%2d:%2d GMT%n", &d->day, d->month, &d->year, &d->hour, &d->minute, &d->second, &d->end);
    return d->end && !text[d->end];
}

/* "Sun Nov  6 08:49:37 1994" */
static bool read_c(const char *text, struct date *d)
{
    *d = (struct date){0};
    sscanf(text, "%*3[A-Za-z] %3[A-Za-z] %2d %2d:%2d:%2d %4d%n", d->month, &d->day, &d->hour, &d->minute, &d->second, &d->year, &d->end);
    return d->end && !text[d->end];
}

static bool within(int number, int low, int high) { return number >= low && number <= high; }

bool http_date_read(const char *text, time_t now, time_t *when)
{
    struct date d;
    bool old = read_old(text, &d);
    if (!old && !read_usual(text, &d) && !read_c(text, &d)) return false;
    int month = month_of(d.month), year = old ? full_year(d.year, now) : d.year;
    if (month < 0 || !within(year, 1900, 9999) || !within(d.day, 1, 31) || !within(d.hour, 0, 23) || !within(d.minute, 0, 59) ||
        !within(d.second, 0, 60))
        return false;
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month, .tm_mday = d.day, .tm_hour = d.hour, .tm_min = d.minute, .tm_sec = d.second};
    *when = timegm(&tm);
    return true;
}
