/* case_write.h: cases of suites, written: by `fuzz --save-case` and by `new`. */
#ifndef CASE_WRITE_H
#define CASE_WRITE_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdio.h>

/* A value as a suite file has it: JSON, which is YAML too, in ASCII, with ${ doubled so that it stands for itself. */
void case_write_value(FILE *out, struct json_object *value);
/* A case's id made of any words: small letters, digits and dashes. */
void case_write_id(const char *words, char *out, size_t size);
/* Puts cases at the end of a suite file, or begins one with `head`. `cases` are whole lines as they stand below "cases:" when the dashes are
 * two blanks in; they are moved to where the dashes of the file are. The file takes them only when it can still be loaded: otherwise it is
 * as it was, and the answer is false with one sentence. */
bool case_file_append(const char *file, const char *head, const char *cases, char *why, size_t why_size);

#endif
