/* export.h: what the parts of the schema export know of each other. */
#ifndef CC_EXPORT_H
#define CC_EXPORT_H

#include "validator/lib/engine.h"

#include <json-c/json.h>

/* An object that the tables describe, where it may be mentioned. */
struct export_entry {
    const struct plan *plan;
    const struct field *tag; /* when a pick chose it: the tag that did, and its word */
    const char *word;
    unsigned uses;
    char *name;              /* in $defs; NULL when it is written out where it stands */
};

struct exporter {
    unsigned profile;
    struct export_entry *entries;
    size_t count, room;
    bool failed;             /* memory ran out */
};

/* A schema under construction, and the ids of what it promises and of what it cannot say. */
struct export_node {
    struct exporter *exporter;
    struct json_object *schema, *kept, *beyond;
};

/* The constraint is in force in the exporter's profile; and breaking it is an error. */
bool export_in_force(const struct exporter *e, unsigned id);
bool export_enforced(const struct exporter *e, unsigned id);
/* A word of a list that may be used. */
bool export_word_known(const struct exporter *e, const struct word *word);

/* Adds a member or item and takes it; NULL means that memory ran out. */
void export_add(struct exporter *e, struct json_object *object, const char *key, struct json_object *value);
void export_push(struct exporter *e, struct json_object *array, struct json_object *value);
void export_text(struct exporter *e, struct json_object *object, const char *key, const char *text);
/* The member of that name, an array, made when it is not there yet. */
struct json_object *export_list(struct exporter *e, struct json_object *object, const char *key);

/* Notes that a constraint is in force here. `said`: the schema says it, so that breaking it is invalid. */
void export_note(struct export_node *node, unsigned id, bool said);
struct export_node export_begin(struct exporter *e);
/* Adds the notes and gives the schema away. */
struct json_object *export_end(struct export_node *node);

/* Finds what is mentioned below a plan, and names what needs a place in $defs (export_names.c). */
void export_names(struct exporter *e, const struct plan *root);
/* The name in $defs, or NULL. */
const char *export_name(const struct exporter *e, const struct plan *plan, const struct field *tag, const char *word);

/* The schema of one member or item (export_site.c). */
struct json_object *export_site(struct exporter *e, const struct site *site);
/* Says what a plan promises about its objects. `tag` and `word`: of the pick that chose it, or NULL. */
void export_plan(struct export_node *node, const struct plan *plan, const struct field *tag, const char *word);

#endif
