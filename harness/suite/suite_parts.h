/* suite_parts.h: what the files that load suites know of each other. */
#ifndef SUITE_PARTS_H
#define SUITE_PARTS_H

#include "harness/suite/suite.h"
#include "harness/yaml/yaml.h"

/* The mistakes found so far, as lines in the caller's buffer. */
struct complaints {
    char *why;
    size_t size, used, count;
};

/* What multiplies a case. */
enum { MATRIX_KEYS_MAX = 12 };
struct matrix_key {
    const char *name;           /* of a request member, or of a variable */
    bool is_variable;
    struct json_object *values; /* array, or map of names to values */
    size_t count, at;
    char pointer[160];
};
struct matrix {
    struct matrix_key keys[MATRIX_KEYS_MAX];
    size_t count;
};

/* A suite that is being built from its document. */
struct build {
    struct suite_set *set;
    struct suite *suite;
    const struct yaml_text *text;
    struct complaints *complaints;
    size_t total;         /* cases in the set before this suite */
    size_t merged;        /* members that merging made */
    struct json_object *defaults; /* borrowed; may be NULL */
    struct matrix matrix; /* of the suite */
};

/* Adds one line; too many are only counted. */
void complain_line(struct complaints *complaints, const char *line);
/* Adds a line about the value at a JSON pointer of the document, or about the name of that member. Returns false. */
bool complain(struct build *b, const char *pointer, bool at_key, const char *format, ...) __attribute__((format(printf, 4, 5)));
bool complain_memory(struct build *b);

/* --- suite_build.c: makes b->suite's cases from the document, whose shape is sound. False when there were complaints. */
bool suite_build(struct build *b);
/* --- suite_needs.c: notes what a suite that is sound requires. False when memory ran out, which is a complaint. */
bool suite_note_needs(struct build *b);
/* --- suite.c */
void suite_clear(struct suite *suite);
void suite_step_clear(struct suite_step *step);

/* --- suite_merge.c */
/* A map with the members of both; where both have one, objects are merged and anything else is `own`. NULL when memory ran out or too
 * much was merged. */
struct json_object *merge_objects(struct build *b, struct json_object *base, struct json_object *own);
/* Says why merge_objects gave nothing. */
bool complain_merge(struct build *b, const char *pointer);
/* Headers: the names count without their case. */
struct json_object *merge_headers(struct json_object *base, struct json_object *own);

/* --- suite_matrix.c */
/* Adds the keys of a `matrix` map (may be NULL) that stands at this pointer. */
bool matrix_add(struct build *b, struct matrix *matrix, struct json_object *map, const char *pointer);
size_t matrix_size(const struct matrix *matrix); /* how many cases it makes; SUITE_CASES_MAX + 1 stands for more */
/* The next combination; false after the last. */
bool matrix_next(struct matrix *matrix);
/* The value of a key now, borrowed; and the text that ids get, "/stream:true/n:2". */
struct json_object *matrix_value(const struct matrix_key *key);
char *matrix_suffix(const struct matrix *matrix, const char *before);
void matrix_label(const struct matrix_key *key, char *out, size_t size);

/* --- suite_check.c: variables of a case, its captures, and pointers into its requests */
bool check_defaults_variables(struct build *b, struct json_object *root);
bool check_case_variables(struct build *b, struct json_object *of_case, const char *pointer, const struct matrix *matrix);

#endif
