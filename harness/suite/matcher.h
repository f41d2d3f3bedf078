/* matcher.h: what may be said about one value: {at_least: 1}, {type: object}, {not: {in: [a, b]}}.
 *
 * A matcher is prepared once, which finds its mistakes and gives every place where a matcher stands the form of a map; so a text that takes
 * the value of a variable later on can never turn into a matcher. */
#ifndef MATCHER_H
#define MATCHER_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* A mistake in what a suite expects, and where. */
struct expect_fault {
    char pointer[512]; /* JSON pointer from what was prepared */
    bool at_key;       /* the mistake is the member's name */
    char message[256]; /* one sentence */
};

/* Goes down a step of the pointer; returns where it ended before, for fault_leave. */
size_t fault_enter(struct expect_fault *fault, const char *key);
size_t fault_enter_item(struct expect_fault *fault, size_t index);
void fault_leave(struct expect_fault *fault, size_t before);
/* Says what is wrong at the pointer; returns false. */
bool fault_say(struct expect_fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same about the name of the last step. */
bool fault_say_key(struct expect_fault *fault, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Checks a matcher and brings it into form: a plain value becomes {equals: value}. The caller puts `*to`. False with the fault. */
bool matcher_prepare(struct json_object *from, struct json_object **to, struct expect_fault *fault);
/* The same for how many there are: a whole number, or a matcher for one. `name` is what the suite calls it. */
bool size_prepare(const char *name, struct json_object *from, struct json_object **to, struct expect_fault *fault);
/* The same for a map of JSON pointers to matchers. */
bool matchers_prepare(struct json_object *from, struct json_object **to, struct expect_fault *fault);

enum verdict { HOLDS, FAILS, UNDECIDED };

/* What a matcher wanted, what is wrong inside of the value ("" when there is nothing to add), and why it could not be judged when it could
 * not. */
struct match_note {
    char expected[256];
    char inside[256];
    char why[256];
};

/* Judges a value by a prepared matcher. An absent value keeps nothing but {exists: false}. */
enum verdict matcher_judge(struct json_object *matcher, bool present, struct json_object *value, struct match_note *note);

/* The same JSON value: numbers by their value (1 is 1.0), objects without order. */
bool values_equal(struct json_object *a, struct json_object *b);
/* A value as JSON for people, cut short. */
void value_show(struct json_object *value, char *out, size_t size);
/* Characters of a string. */
size_t text_chars(const char *text, size_t length);

#endif
