/* reader_number.c: the parts of numbers that are not a few digits, and whether a double can hold them.
 *
 * A receiver of JSON usually makes doubles of numbers, so it matters whether one fits. That is decided from the digits: no conversion
 * that depends on a locale, and lexemes of any length. */
#include "validator/lib/reader_parts.h"

/* The digits of 2^1024 - 2^970, the smallest number that rounds to infinity, which has 309 of them. */
static const char overflow_digits[] =
    "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490179775872070963302864166928879109465555478"
    "5194040263065748867150582068190890200070838367627385484581771153176447573027006985557136695962284291481986083493647529271907416844"
    "4365510704342711559699508093042880177904174497792";
enum { OVERFLOW_DIGITS = sizeof overflow_digits - 1 };

/* A number as significant digits, which may have a point among them, and the power of ten that makes it 0.digits times ten to that. */
struct decimal {
    const char *digits, *end;
    int64_t power;
};

static int64_t read_exponent(const char *at, const char *end)
{
    const int64_t enough = INT64_C(1) << 40;
    bool negative = *at == '-';
    int64_t exponent = 0;
    for (at += *at == '-' || *at == '+'; at < end && exponent < enough; at++)
        exponent = exponent * 10 + (*at - '0');
    return negative ? -exponent : exponent;
}

/* Takes a lexeme without its sign apart. */
static struct decimal decimal_of(const char *start, const char *end)
{
    struct decimal number = {.digits = start, .end = start};
    const char *point = NULL;
    for (; number.end < end && (is_digit(*number.end) || *number.end == '.'); number.end++)
        if (*number.end == '.')
            point = number.end;
    number.power = (point ? point : number.end) - start;
    for (; number.digits < number.end && (*number.digits == '0' || *number.digits == '.'); number.digits++)
        number.power -= *number.digits == '0';
    if (number.end < end)
        number.power += read_exponent(number.end + 1, end);
    return number;
}

static bool digits_reach_overflow(const char *at, const char *end)
{
    for (size_t i = 0; i < OVERFLOW_DIGITS; i++) {
        if (at < end && *at == '.')
            at++;
        char digit = at < end ? *at++ : '0';
        if (digit != overflow_digits[i])
            return digit > overflow_digits[i];
    }
    return true;
}

/* Whether the lexeme (without sign) is too large for a finite double. */
static bool overflows(const char *start, const char *end)
{
    struct decimal number = decimal_of(start, end);
    if (number.digits == number.end || number.power < OVERFLOW_DIGITS)
        return false;
    return number.power > OVERFLOW_DIGITS || digits_reach_overflow(number.digits, number.end);
}

void integer_judge(struct reading *r, uint32_t value, const char *digits, const char *end)
{
    static const char largest[] = "9007199254740992";
    enum { LARGEST = sizeof largest - 1 };
    const char *start = digits > r->text && digits[-1] == '-' ? digits - 1 : digits;
    if (end - digits >= OVERFLOW_DIGITS && overflows(digits, end))
        reading_remark(r, JSON_NUMBER_OVERFLOW, value, start);
    else if (end - digits > LARGEST || memcmp(digits, largest, LARGEST) > 0)
        reading_remark(r, JSON_INT_PRECISION, value, start);
}

const char *number_fault(struct reading *r, const char *start, const char *at)
{
    const char *digits = start + (*start == '-');
    if (at != digits)
        return reading_stop(r, JSON_SYNTAX, digits + 1, "no digit may follow a leading 0");
    return reading_stop(r, JSON_SYNTAX, at, at == r->end ? "the text ends inside a number" : "a digit is expected after a minus");
}

/* Fractions have any number of digits, which branches foresee badly; in a block there is one answer for all. */
static const char *digits_end(const struct reading *r, const char *at)
{
#ifdef READER_BLOCKS
    for (; !r->portable && r->end - at >= BLOCK; at += BLOCK) {
        block_mask mask = block_not_digits(block_load(at));
        if (mask)
            return at + mask_first(mask);
    }
#endif
    while (at < r->end && is_digit(*at))
        at++;
    return at;
}

/* Reads one digit or more. */
static const char *read_digits(struct reading *r, const char *at, const char *detail)
{
    const char *end = digits_end(r, at);
    return end > at ? end : reading_stop(r, JSON_SYNTAX, at, at == r->end ? "the text ends inside a number" : detail);
}

const char *number_rest(struct reading *r, uint32_t value, const char *start, const char *at)
{
    const char *whole = at, *exponent = NULL;
    if (*at == '.' && !(at = read_digits(r, at + 1, "a digit is expected after a point")))
        return NULL;
    if (at < r->end && (*at == 'e' || *at == 'E')) {
        exponent = ++at;
        at += at < r->end && (*at == '+' || *at == '-');
        at = read_digits(r, at, "a digit is expected in an exponent");
        if (!at)
            return NULL;
    }
    /* Two digits of exponent and two hundred before the point stay below 1e300. */
    bool suspicious = whole - start > 200 || (exponent && *exponent != '-' && at - exponent > 2 + (*exponent == '+'));
    if (suspicious && overflows(start + (*start == '-'), at))
        reading_remark(r, JSON_NUMBER_OVERFLOW, value, start);
    return at;
}
