/* scalar.h: what a plain YAML scalar stands for. */
#ifndef SCALAR_H
#define SCALAR_H

#include <stdbool.h>
#include <stddef.h>

enum scalar_type {
    SCALAR_STRING,
    SCALAR_NULL,
    SCALAR_TRUE,
    SCALAR_FALSE,
    SCALAR_INT,
    SCALAR_FLOAT,
    SCALAR_NOT_FINITE, /* .inf, .nan: JSON has no such number */
    SCALAR_TOO_LONG,   /* a number of more than NUMBER_ROOM - 4 bytes, or 0x and 0o beyond 64 bits */
};

enum { NUMBER_ROOM = 1028 };

/* The type of a plain scalar by the YAML 1.2 core schema, but for numbers with a leading zero, which are strings: readers disagree
 * about them. A number is written to `number` (NUMBER_ROOM bytes) as JSON has it, with the digits that were there. */
enum scalar_type scalar_type(const char *text, size_t length, char *number);

/* What an older reader of YAML would make of a plain scalar that is a string here ("a boolean"); NULL when they agree. */
const char *scalar_once(const char *text, size_t length);

#endif
