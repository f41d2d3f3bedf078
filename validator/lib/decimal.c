/* decimal.c: see decimal.h. A double keeps 15 to 17 digits, and 0.3 is no multiple of 0.1 to it; identifiers and amounts of money deserve
 * better. So digits are compared as digits, and remainders are taken of whole numbers. */
#include "validator/lib/decimal.h"

/* Larger exponents than any real one, so that sums of them stay in range. */
static const int64_t far_exponent = (int64_t)1 << 48;

/* The digits one after the other, without the point. */
struct digits {
    const char *at;
    uint32_t left;
};

static struct digits digits_of(const struct decimal *d) { return (struct digits){d->digits, d->count}; }

static unsigned next_digit(struct digits *digits)
{
    if (digits->left == 0) return 0;
    digits->left--;
    if (*digits->at == '.') digits->at++;
    return (unsigned)(*digits->at++ - '0');
}

static int64_t read_exponent(const char *at, const char *end)
{
    bool minus = at < end && *at == '-';
    int64_t exponent = 0;
    for (at += at < end && (*at == '-' || *at == '+'); at < end; at++)
        if (exponent < far_exponent) exponent = exponent * 10 + (*at - '0');
    if (exponent > far_exponent) exponent = far_exponent;
    return minus ? -exponent : exponent;
}

static void read_small(struct decimal *d, const char *at, const char *end, bool minus)
{
    int64_t number = 0;
    for (; at < end; at++) number = number * 10 + (*at - '0');
    d->small = true;
    d->integer = minus ? -number : number;
}

struct decimal decimal_of(struct view number)
{
    const struct value *v = value_of(number);
    const char *at = number.doc->text + v->offset, *end = at + v->length, *first = NULL;
    struct decimal d = {.minus = *at == '-'};
    at += d.minus;
    if (v->type == INT && end - at <= 18) read_small(&d, at, end, d.minus);
    bool point = false;
    uint32_t seen = 0;
    for (; at < end && *at != 'e' && *at != 'E'; at++) {
        if (*at == '.') {
            point = true;
            continue;
        }
        if (first) seen++;
        if (*at != '0') {
            if (!first) {
                first = at;
                seen = 1;
            }
            d.count = seen;
        }
        if (!point && first) d.top++;
        if (point && !first) d.top--;
    }
    if (!first) return (struct decimal){.small = true};
    d.digits = first;
    if (at < end) d.top += read_exponent(at + 1, end);
    return d;
}

static int compare_sizes(const struct decimal *a, const struct decimal *b)
{
    if (a->count == 0 || b->count == 0) return (a->count > 0) - (b->count > 0);
    if (a->top != b->top) return a->top < b->top ? -1 : 1;
    struct digits x = digits_of(a), y = digits_of(b);
    while (x.left || y.left) {
        unsigned p = next_digit(&x), q = next_digit(&y);
        if (p != q) return p < q ? -1 : 1;
    }
    return 0;
}

int decimal_compare(const struct decimal *a, const struct decimal *b)
{
    if (a->small && b->small) return (a->integer > b->integer) - (a->integer < b->integer);
    if (a->minus != b->minus) return a->minus ? -1 : 1;
    return a->minus ? compare_sizes(b, a) : compare_sizes(a, b);
}

bool decimal_is_whole(const struct decimal *number) { return number->count == 0 || number->top >= (int64_t)number->count; }

uint64_t decimal_as_count(const struct decimal *number)
{
    if (number->top > 18) return UINT64_MAX;
    uint64_t count = 0;
    struct digits digits = digits_of(number);
    for (int64_t i = 0; i < number->top; i++) count = count * 10 + next_digit(&digits);
    return count;
}

uint64_t decimal_hash(const struct decimal *number)
{
    uint64_t hash = (uint64_t)number->top * 31 + number->minus;
    struct digits digits = digits_of(number);
    while (digits.left) hash = (hash ^ next_digit(&digits)) * 0x100000001B3u;
    return hash;
}

/* --- multiples */

__extension__ typedef unsigned __int128 wide;

static uint64_t multiply_modulo(uint64_t a, uint64_t b, uint64_t modulo) { return (uint64_t)((wide)a * b % modulo); }

static uint64_t power_of_ten_modulo(uint64_t exponent, uint64_t modulo)
{
    uint64_t power = 10 % modulo, result = 1 % modulo;
    for (; exponent; exponent >>= 1) {
        if (exponent & 1) result = multiply_modulo(result, power, modulo);
        power = multiply_modulo(power, power, modulo);
    }
    return result;
}

/* The digits times ten to the `zeros`, modulo the digits of a step of at most 19. */
static bool divides_small(const struct decimal *number, const struct decimal *step, uint64_t zeros)
{
    uint64_t modulo = 0, rest = 0;
    for (struct digits d = digits_of(step); d.left;) modulo = modulo * 10 + next_digit(&d);
    for (struct digits d = digits_of(number); d.left;) rest = (uint64_t)(((wide)rest * 10 + next_digit(&d)) % modulo);
    return multiply_modulo(rest, power_of_ten_modulo(zeros, modulo), modulo) == 0;
}

/* rest -= by when it is at least that; both have n digits, the most significant first. */
static bool take_away(unsigned char *rest, const unsigned char *by, size_t n)
{
    if (memcmp(rest, by, n) < 0) return false;
    int borrow = 0;
    for (size_t i = n; i-- > 0;) {
        int digit = rest[i] - by[i] - borrow;
        borrow = digit < 0;
        rest[i] = (unsigned char)(digit + 10 * borrow);
    }
    return true;
}

/* The same by long division, for steps of more digits. */
static bool divides_large(const struct decimal *number, const struct decimal *step, uint64_t zeros)
{
    unsigned char rest[DECIMAL_STEP_DIGITS + 1] = {0}, by[DECIMAL_STEP_DIGITS + 1] = {0};
    size_t n = step->count + 1u;
    struct digits digits = digits_of(step);
    for (size_t i = 1; i < n; i++) by[i] = (unsigned char)next_digit(&digits);
    digits = digits_of(number);
    for (uint64_t i = 0; i < number->count + zeros; i++) {
        memmove(rest, rest + 1, n - 1);
        rest[n - 1] = (unsigned char)next_digit(&digits);
        while (take_away(rest, by, n)) continue;
    }
    for (size_t i = 0; i < n; i++)
        if (rest[i]) return false;
    return true;
}

bool decimal_is_multiple(const struct decimal *number, const struct decimal *step, bool *unknown)
{
    *unknown = false;
    if (number->count == 0) return true;
    if (number->small && step->small) return number->integer % step->integer == 0;
    /* Both as digits times a power of ten: with more places than the step has, the last digit, which is not 0, is too much. */
    int64_t zeros = (number->top - (int64_t)number->count) - (step->top - (int64_t)step->count);
    if (zeros < 0) return false;
    if (step->count <= 19) return divides_small(number, step, (uint64_t)zeros);
    *unknown = step->count > DECIMAL_STEP_DIGITS || number->count + zeros > 2 * DECIMAL_STEP_DIGITS;
    return !*unknown && divides_large(number, step, (uint64_t)zeros);
}
