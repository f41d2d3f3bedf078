/* quantity.h: amounts as people write them on a command line: numbers, times, rates, deadlines and bounds. */
#ifndef QUANTITY_H
#define QUANTITY_H

#include "chatconform.h"
#include "harness/http/http.h"

#include <stdbool.h>
#include <stddef.h>

/* Decimal digits, after a minus sign or not; nothing else. */
bool number_read(const char *text, long *number);
/* "200ms", "1.5s", "2m", "1h" or "10" (seconds) in milliseconds; -1 when it is none, or longer than 11 days. */
long duration_read(const char *text);
/* "5/s", "60/m", "100/h" or "5" (in a second) as requests in a second. */
bool rate_read(const char *text, double *per_s);
/* "connect=5s,idle=500ms" into the deadlines that it names. False with one sentence. */
bool timeouts_read(const char *text, struct http_timeouts *timeouts, char *why, size_t why_size);
/* "depth=10" into that limit. False with one sentence. */
bool limit_read(const char *text, struct cc_limits *limits, char *why, size_t why_size);

#endif
