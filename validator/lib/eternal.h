/* eternal.h: memory and strings for what is made once in a process from the tables and lives as long as it. */
#ifndef CC_ETERNAL_H
#define CC_ETERNAL_H

#include <stddef.h>

/* Zeroed memory. NULL when it runs out, and then every further call gives NULL too until the process ends. */
void *eternal(size_t size);
/* The strings one behind another, as a new string; the list ends with NULL. */
char *eternal_join(const char *first, ...) __attribute__((sentinel));

#endif
