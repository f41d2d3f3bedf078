/* choice.h: one answer of a completion. */
#ifndef CC_CHOICE_H
#define CC_CHOICE_H

#include "validator/lib/shape.h"

extern const struct shape choice_shape; /* choice.c */

#endif
