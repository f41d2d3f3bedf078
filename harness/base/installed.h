/* installed.h: where `make install` puts what belongs to the program. */
#ifndef INSTALLED_H
#define INSTALLED_H

#include <stdbool.h>
#include <stddef.h>

bool is_folder(const char *path);
/* The folder of that name beside the program, so that an installed tree can be moved. Whether it is there is not asked. Returns `path`. */
const char *installed_folder(const char *name, char *path, size_t size);

#endif
