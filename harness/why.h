/* why.h: the one sentence that says why something cannot be done. */
#ifndef WHY_H
#define WHY_H

#include <stdbool.h>
#include <stddef.h>

/* Puts the sentence into `why` and returns false, so that a function can say `return why_not(why, size, ...)`. */
bool why_not(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool why_no_memory(char *why, size_t size);

#endif
