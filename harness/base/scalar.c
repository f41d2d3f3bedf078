/* scalar.c: the types of plain YAML scalars.
 *
 * libyaml hands every scalar over as text. What it means is decided here, by the 1.2 core schema, because the older rules turn the words
 * `no` and `on` into booleans and 12:30 into 750. Such words are strings here, and scalar_once() tells lint about them. */
#include "harness/base/scalar.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static bool is_one_of(const char *text, size_t length, const char *const *words)
{
    for (; *words; words++)
        if (strlen(*words) == length && memcmp(*words, text, length) == 0)
            return true;
    return false;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(const char *at, const char *end)
{
    const char *from = at;
    while (at < end && is_digit(*at))
        at++;
    return (size_t)(at - from);
}

/* The parts of a decimal number: [sign] whole [. fraction] [e exponent]. */
struct decimal {
    bool negative, point;
    const char *whole, *fraction, *exponent;
    size_t whole_length, fraction_length, exponent_length; /* the exponent with its e and sign */
};

static bool read_exponent(struct decimal *d, const char **at, const char *end)
{
    d->exponent = *at;
    if (*at < end && (**at | 0x20) == 'e') {
        (*at)++;
        if (*at < end && (**at == '+' || **at == '-'))
            (*at)++;
        size_t length = digits(*at, end);
        if (length == 0)
            return false;
        *at += length;
    }
    d->exponent_length = (size_t)(*at - d->exponent);
    return true;
}

static bool read_decimal(struct decimal *d, const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    *d = (struct decimal){0};
    if (at < end && (*at == '-' || *at == '+'))
        d->negative = *at++ == '-';
    d->whole = at;
    d->whole_length = digits(at, end);
    at += d->whole_length;
    if (at < end && *at == '.') {
        d->point = true;
        d->fraction = ++at;
        d->fraction_length = digits(at, end);
        at += d->fraction_length;
    }
    if (d->whole_length + d->fraction_length == 0 || !read_exponent(d, &at, end))
        return false;
    bool leading_zero = d->whole_length > 1 && *d->whole == '0';
    return at == end && !leading_zero;
}

/* JSON wants a digit on both sides of the point. */
static enum scalar_type write_decimal(struct decimal d, char *number)
{
    if (d.whole_length == 0) {
        d.whole = "0";
        d.whole_length = 1;
    }
    if (d.point && d.fraction_length == 0) {
        d.fraction = "0";
        d.fraction_length = 1;
    }
    int written = snprintf(number, NUMBER_ROOM, "%s%.*s%s%.*s%.*s", d.negative ? "-" : "", (int)d.whole_length, d.whole, d.point ? "." : "",
                           (int)d.fraction_length, d.point ? d.fraction : "", (int)d.exponent_length, d.exponent);
    if (written < 0 || written >= NUMBER_ROOM)
        return SCALAR_TOO_LONG;
    return d.point || d.exponent_length ? SCALAR_FLOAT : SCALAR_INT;
}

static int digit_value(char c)
{
    const char *all = "0123456789abcdef", *at = strchr(all, c >= 'A' && c <= 'F' ? c + 32 : c);
    return c && at ? (int)(at - all) : 16;
}

/* 0x and 0o, which JSON does not know. SCALAR_STRING when it is not one. */
static enum scalar_type read_based(const char *text, size_t length, char *number)
{
    unsigned base = length > 2 && text[0] == '0' ? text[1] == 'x' ? 16 : text[1] == 'o' ? 8 : 0 : 0;
    uint64_t sum = 0;
    bool fits = true;
    if (base == 0)
        return SCALAR_STRING;
    for (size_t i = 2; i < length; i++) {
        unsigned digit = (unsigned)digit_value(text[i]);
        if (digit >= base)
            return SCALAR_STRING;
        fits = fits && sum <= (UINT64_MAX - digit) / base;
        sum = sum * base + digit;
    }
    snprintf(number, NUMBER_ROOM, "%" PRIu64, sum);
    return fits ? SCALAR_INT : SCALAR_TOO_LONG;
}

enum scalar_type scalar_type(const char *text, size_t length, char *number)
{
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    static const char *const trues[] = {"true", "True", "TRUE", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", NULL};
    static const char *const not_finite[] = {".inf", ".Inf", ".INF", "-.inf", "-.Inf", "-.INF", "+.inf", "+.Inf", "+.INF",
                                             ".nan", ".NaN", ".NAN", NULL};
    if (is_one_of(text, length, nulls))
        return SCALAR_NULL;
    if (is_one_of(text, length, trues))
        return SCALAR_TRUE;
    if (is_one_of(text, length, falses))
        return SCALAR_FALSE;
    if (is_one_of(text, length, not_finite))
        return SCALAR_NOT_FINITE;
    struct decimal decimal;
    if (read_decimal(&decimal, text, length))
        return length < NUMBER_ROOM - 3 ? write_decimal(decimal, number) : SCALAR_TOO_LONG;
    return read_based(text, length, number);
}

static bool is_word_of_old(const char *text, size_t length)
{
    static const char *const words[] = {"y", "n", "yes", "no", "on", "off", NULL};
    for (const char *const *word = words; *word; word++)
        if (strlen(*word) == length && strncasecmp(*word, text, length) == 0)
            return true;
    return false;
}

/* Digits in groups with this byte between: 12:30:45, 1_000. */
static bool is_grouped(const char *text, size_t length, char between)
{
    bool met = false;
    for (size_t i = *text == '-' || *text == '+'; i < length; i++) {
        bool inner = i > 0 && i + 1 < length && text[i] == between && is_digit(text[i - 1]) && is_digit(text[i + 1]);
        if (!inner && !is_digit(text[i]))
            return false;
        met = met || inner;
    }
    return met;
}

const char *scalar_once(const char *text, size_t length)
{
    if (length == 0 || length > 64)
        return NULL;
    if (is_word_of_old(text, length))
        return "a boolean";
    size_t sign = *text == '-' || *text == '+';
    if (length > sign + 1 && text[sign] == '0' && digits(text + sign, text + length) == length - sign)
        return "an octal number";
    if (is_grouped(text, length, '_'))
        return "a number";
    if (is_grouped(text, length, ':'))
        return "a number in base 60";
    return length == 10 && text[4] == '-' && text[7] == '-' && is_grouped(text, length, '-') ? "a date" : NULL;
}
