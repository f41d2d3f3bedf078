/* decimal.h: numbers as they are written, compared and divided exactly, of any size and without memory. */
#ifndef CC_DECIMAL_H
#define CC_DECIMAL_H

#include "validator/lib/ask.h"

/* A number of JSON: 0.d1 d2 ... dn times ten to the `top`. The digits stand in the text, with a point among them perhaps; neither the first
 * nor the last is zero, except of zero itself, which has none. */
struct decimal {
    const char *digits;
    uint32_t count; /* of digits, the point left out */
    bool minus;     /* never of zero */
    bool small;     /* an integer of at most 18 digits, written as one: `integer` */
    int64_t top;
    int64_t integer;
};

/* The number at a place of a document, which must be one. */
struct decimal decimal_of(struct view number);
/* Below, at or above zero as a is below, the same as or above b. */
int decimal_compare(const struct decimal *a, const struct decimal *b);
bool decimal_is_whole(const struct decimal *number);
/* The whole number is the one that count says, or more than any. For number >= 0. */
uint64_t decimal_as_count(const struct decimal *number);
/* number is a whole multiple of step, which is above zero. False too, with *unknown set, when finding out would cost more than it may
 * (steps of more than DECIMAL_STEP_DIGITS digits). */
enum { DECIMAL_STEP_DIGITS = 400 };
bool decimal_is_multiple(const struct decimal *number, const struct decimal *step, bool *unknown);
/* Equal numbers have equal hashes, however they are written. */
uint64_t decimal_hash(const struct decimal *number);

#endif
