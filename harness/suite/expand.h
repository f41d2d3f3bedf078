/* expand.h: variables in what a suite sends and expects.
 *
 * ${model} and its like stand for values of the run, ${call.id} for something that an earlier answer held, ${env:NAME} for a variable of
 * the environment that the user allowed. A string that is nothing but one of them takes its value, whatever type that is; inside of other
 * text its text is put in, or its JSON. $${ is a plain ${. */
#ifndef EXPAND_H
#define EXPAND_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

enum { EXPANDED_MAX = 16 << 20 }; /* bytes that variables may add to one document */

/* Zero-initialise, or begin with variables_begin; then clear. */
struct variables {
    struct json_object *values;  /* name -> value */
    const char *const *env_names; /* of the environment, that may be read; ended by NULL; NULL: none */
};

/* Begins with the values of a case (its matrix; may be NULL). False when memory runs out, as below. */
bool variables_begin(struct variables *variables, struct json_object *of_case, const char *const *env_names);
/* Sets one; the value is borrowed, NULL is null. */
bool variables_set(struct variables *variables, const char *name, struct json_object *value);
bool variables_set_text(struct variables *variables, const char *name, const char *text);
/* Takes the captures of a step (name -> pointer) from an answer. False with one sentence when a pointer leads nowhere. */
bool variables_capture(struct variables *variables, struct json_object *capture, struct json_object *answer, char *why, size_t why_size);
void variables_clear(struct variables *variables);

/* A new value with all variables replaced (the caller puts it; it may share parts with the old one, so treat both as constants). Keys are
 * left as they are. False with one sentence, which names the place as a JSON pointer. */
bool expand_value(const struct variables *variables, struct json_object *from, struct json_object **to, char *why, size_t why_size);
/* New text with all variables replaced (the caller frees it; a NUL follows its end). NULL with one sentence. */
char *expand_text(const struct variables *variables, const char *text, size_t length, size_t *expanded_length, char *why, size_t why_size);

/* Calls `each` for each variable named in a text, with its name and the first part of it ("call" of "call.id"), until it returns false.
 * False then, and, with one sentence, when a ${ is not closed or names nothing. */
bool expand_names(const char *text, size_t length, bool (*each)(void *context, const char *name, const char *first), void *context,
                  char *why, size_t why_size);
/* True when an environment variable may be read. */
bool expand_env_allowed(const char *const *env_names, const char *name);

#endif
