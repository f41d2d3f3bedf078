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
/* Whether a suite file can be loaded. False with its first mistakes. */
bool case_file_loads(const char *file, char *why, size_t why_size);

#endif
