/* file.h: whole files in and out: read within a bound, written beside and renamed so that nobody ever sees half of one. */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct json_object;

enum { FILE_MOST = 256 << 20 }; /* bytes that are read of one */

/* The bytes of a file, NUL after their end ("-" is standard input; the caller frees them). NULL with one sentence. */
char *file_read(const char *path, size_t *length, char *why, size_t why_size);
/* The JSON object or array in a file (the caller puts it). False with one sentence. */
bool file_read_json(const char *path, struct json_object **object, char *why, size_t why_size);
/* Writes a file, making the folders above it: beside it first, then synced and renamed. A path that is there and is no regular file (a
 * device, a pipe) is written to in place; what a link leads to is written, not the link. `print` returns false when the stream failed or
 * memory ran out. False with one sentence, in which `what` ("the junit report ", or "") stands before the path. */
bool file_write(const char *what, const char *path, bool print(FILE *out, const void *context), const void *context, char *why,
                size_t why_size);
/* The same with a text that is there already. */
bool file_write_text(const char *path, const char *text, char *why, size_t why_size);
/* The whole text out of our hands, and with `sync` out of the kernel's. False, with errno, when that failed. */
bool file_finish(FILE *out, bool sync);
/* Makes the folders above a path (a path that ends with a slash is itself one). False, with errno, when one cannot be made. */
bool file_make_folders(const char *path);

#endif
