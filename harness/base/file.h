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
/* Writes a file, making the folders above it. False with one sentence. */
bool file_write(const char *path, void print(FILE *out, const void *context), const void *context, char *why, size_t why_size);
/* The same with a text that is there already. */
bool file_write_text(const char *path, const char *text, char *why, size_t why_size);

#endif
