/* pattern.h: regular expressions that end in time. */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stddef.h>

enum { PATTERN_MAX = 1024, SUBJECT_MAX = 64 << 10 }; /* bytes */

enum pattern_verdict { PATTERN_FOUND, PATTERN_NOT_FOUND, PATTERN_UNDECIDED };

/* True when it is a pattern; else one sentence of why not. */
bool pattern_valid(const char *pattern, size_t length, char *why, size_t why_size);

/* Looks for a pattern (PCRE2, UTF-8) in a text. PATTERN_UNDECIDED, with one sentence, when that costs more than it may: 100 ms, 100,000
 * steps from one place, 20 MiB; or when pattern or text are too long. */
enum pattern_verdict pattern_find(const char *pattern, size_t length, const char *subject, size_t subject_length, char *why,
                                  size_t why_size);

#endif
