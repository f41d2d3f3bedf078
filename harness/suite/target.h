/* target.h: target files, which describe an endpoint once for many runs. */
#ifndef TARGET_H
#define TARGET_H

#include <stdbool.h>
#include <stddef.h>

/* Takes one setting, as if it had been a flag (--base-url VALUE); texts live until it returns. False with one sentence. */
typedef bool target_set_fn(void *context, const char *name, const char *value, char *why, size_t why_size);

/* Reads a target file and hands over each of its settings. False with "FILE:LINE:COL: sentence". */
bool target_read(const char *file, target_set_fn *set, void *context, char *why, size_t why_size);

#endif
