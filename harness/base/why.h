/* why.h: the one sentence that says why something cannot be done, or did not go well. */
#ifndef WHY_H
#define WHY_H

#include <stdbool.h>
#include <stddef.h>

/* Puts the sentence into `why` and returns false, so that a function can say `return why_not(why, size, ...)`. */
bool why_not(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
bool why_no_memory(char *why, size_t size);
/* A new sentence, cut at 2000 bytes (the caller frees it); NULL when memory runs out. */
char *why_text(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
