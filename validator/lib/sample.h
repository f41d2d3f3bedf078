/* sample.h: correct documents, made from the tables: the ground that derived cases stand on. */
#ifndef CC_SAMPLE_H
#define CC_SAMPLE_H

#include "validator/lib/engine.h"

#include <json-c/json.h>

/* A document under construction. `pointer` says where the value that was placed last is. */
struct maker {
    struct json_object *root;
    unsigned profile;
    char pointer[512];
    bool failed; /* a sample in a table is not JSON, or memory ran out */
};

/* JSON text of a table as an object; NULL, and failed, when it is none. */
struct json_object *sample_parse(struct maker *maker, const char *text);
/* A correct value for a site. */
struct json_object *sample_value(struct maker *maker, const struct site *site);
/* The same for place `index` of a list: strings, names and ids differ from item to item. */
struct json_object *sample_item(struct maker *maker, const struct site *site, size_t index);
/* Puts a value at a site, with everything around it that it needs. Takes the value. */
void sample_place(struct maker *maker, const struct site *site, struct json_object *value);
/* Puts the sample object of a plan in its place and gives it (borrowed), to be changed. */
struct json_object *sample_object(struct maker *maker, const struct plan *plan);
/* Lays the members of a JSON object over `object`. */
void sample_lay(struct maker *maker, struct json_object *object, const char *members);
/* Starts a new document of that kind. */
void sample_start(struct maker *maker, enum cc_kind kind);

#endif
