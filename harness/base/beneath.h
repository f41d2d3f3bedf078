/* beneath.h: files that a suite names, none of which may lie outside its folder. */
#ifndef BENEATH_H
#define BENEATH_H

#include <stdbool.h>
#include <stddef.h>

enum { PATH_ROOM = 4096 };

/* Joins the folder of `from` and `name` as text, resolving "." and ".."; both are relative to the same root. False, with a reason, when
 * the result would leave the root, is absolute, or is too long. `out` has PATH_ROOM bytes. */
bool beneath_join(const char *from, const char *name, size_t name_length, char *out, char *why, size_t why_size);

/* Opens a regular file by a path that beneath_join made, going down from `root` without following symbolic links. -1 with a reason. */
int beneath_open(const char *root, const char *path, char *why, size_t why_size);

/* Opens a regular file that the user named. -1 with a reason. */
int plain_open(const char *path, char *why, size_t why_size);

/* Reads all of it and closes it. The caller frees `*bytes` (a NUL follows the end). False with a reason when it is longer than `most`. */
bool file_take(int fd, size_t most, char **bytes, size_t *length, char *why, size_t why_size);

#endif
