/* outage.h: a gateway that answers for a target which is away: then every answer is 502, 503 or 504, and hundreds of failures mean one thing. */
#ifndef OUTAGE_H
#define OUTAGE_H

#include "harness/result.h"

enum { OUTAGE_ANSWERS = 20 }; /* so many answers, from the first one on, are believed */

/* Adds the case's answers to `answers` as long as all of them say so; false when one says something else. */
bool outage_goes_on(const struct case_result *result, size_t *answers);
/* Whether the first OUTAGE_ANSWERS answers of the run, in the order of its cases, all say so. */
bool outage_found(const struct run_result *run);

#endif
