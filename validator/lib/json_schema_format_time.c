/* json_schema_format_time.c: dates, times and durations as RFC 3339 writes them. The calendar is kept: no 30th of February, and a leap
 * second only where one can be, at the end of a day in UTC. */
#include "validator/lib/json_schema_format.h"

int scan_digits(struct scan *s, int digits)
{
    int number = 0;
    if (s->end - s->at < digits) return -1;
    for (int i = 0; i < digits; i++) {
        if (!byte_is_digit(s->at[i])) return -1;
        number = number * 10 + (s->at[i] - '0');
    }
    s->at += digits;
    return number;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

static bool scan_date(struct scan *s)
{
    int year = scan_digits(s, 4);
    if (year < 0 || !scan_take(s, '-')) return false;
    int month = scan_digits(s, 2);
    if (month < 1 || month > 12 || !scan_take(s, '-')) return false;
    int day = scan_digits(s, 2);
    return day >= 1 && day <= days_of_month(year, month);
}

/* Z or +hh:mm; minutes east of UTC. */
static bool scan_offset(struct scan *s, int *minutes)
{
    *minutes = 0;
    if (scan_take(s, 'Z') || scan_take(s, 'z')) return true;
    int sign = scan_is(s, '-') ? -1 : 1;
    if (!scan_take(s, '+') && !scan_take(s, '-')) return false;
    int hour = scan_digits(s, 2);
    if (hour < 0 || hour > 23 || !scan_take(s, ':')) return false;
    int minute = scan_digits(s, 2);
    *minutes = sign * (hour * 60 + minute);
    return minute >= 0 && minute <= 59;
}

static bool scan_fraction(struct scan *s)
{
    if (!scan_take(s, '.')) return true;
    const char *start = s->at;
    while (s->at < s->end && byte_is_digit(*s->at)) s->at++;
    return s->at > start;
}

static bool scan_time(struct scan *s)
{
    int offset, hour = scan_digits(s, 2);
    if (hour < 0 || hour > 23 || !scan_take(s, ':')) return false;
    int minute = scan_digits(s, 2);
    if (minute < 0 || minute > 59 || !scan_take(s, ':')) return false;
    int second = scan_digits(s, 2);
    if (second < 0 || second > 60 || !scan_fraction(s) || !scan_offset(s, &offset)) return false;
    int day = 24 * 60, utc = (hour * 60 + minute - offset + 2 * day) % day;
    return second < 60 || utc == day - 1;
}

bool text_is_date(const char *text, size_t length)
{
    struct scan s = {text, text + length};
    return scan_date(&s) && scan_ends(&s);
}

bool text_is_time(const char *text, size_t length)
{
    struct scan s = {text, text + length};
    return scan_time(&s) && scan_ends(&s);
}

bool text_is_date_time(const char *text, size_t length)
{
    struct scan s = {text, text + length};
    return scan_date(&s) && (scan_take(&s, 'T') || scan_take(&s, 't')) && scan_time(&s) && scan_ends(&s);
}

/* Amounts in the order of `units`, none left out between the first and the last. */
static bool scan_amounts(struct scan *s, const char *units)
{
    bool begun = false;
    for (; *units && s->at < s->end && *s->at != 'T'; units++) {
        const char *start = s->at;
        while (s->at < s->end && byte_is_digit(*s->at)) s->at++;
        if (s->at == start) return false;
        if (!scan_take(s, *units)) {
            if (begun) return false;
            s->at = start;
        } else {
            begun = true;
        }
    }
    return begun;
}

bool text_is_duration(const char *text, size_t length)
{
    struct scan s = {text, text + length}, weeks;
    if (!scan_take(&s, 'P')) return false;
    weeks = s;
    if (scan_amounts(&weeks, "W") && scan_ends(&weeks)) return true;
    bool dated = scan_is(&s, 'T') || scan_amounts(&s, "YMD");
    if (!dated || scan_ends(&s)) return dated;
    return scan_take(&s, 'T') && scan_amounts(&s, "HMS") && scan_ends(&s);
}
