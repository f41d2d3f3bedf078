/* export.c: the tables as JSON Schemas (draft 2020-12), for whoever validates elsewhere.
 *
 * Only what must hold becomes a constraint, so that such a validator refuses what this library calls an error and nothing else. What a
 * schema cannot say (promises over several members, forms without a pattern) and what is only advice stands in it as an annotation:
 * x-chatconform-rule lists the ids that a schema enforces at its place, x-chatconform-beyond those that it does not. */
#include "validator/lib/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIALECT "https://json-schema.org/draft/2020-12/schema"

/* --- building */

bool export_in_force(const struct exporter *e, unsigned id)
{
    const struct constraint *c = constraint_at(id);
    return c && (c->rule.profiles & e->profile);
}

bool export_enforced(const struct exporter *e, unsigned id) { return export_in_force(e, id) && constraint_at(id)->rule.level == CC_MUST; }

bool export_word_known(const struct exporter *e, const struct word *word)
{
    return (!word->profiles || (word->profiles & e->profile)) && word->level != CC_MUST;
}

void export_add(struct exporter *e, struct json_object *object, const char *key, struct json_object *value)
{
    if (value && object && json_object_object_add(object, key, value) == 0) return;
    json_object_put(value);
    e->failed = true;
}

void export_push(struct exporter *e, struct json_object *array, struct json_object *value)
{
    if (value && array && json_object_array_add(array, value) == 0) return;
    json_object_put(value);
    e->failed = true;
}

void export_text(struct exporter *e, struct json_object *object, const char *key, const char *text)
{
    export_add(e, object, key, json_object_new_string(text));
}

struct json_object *export_list(struct exporter *e, struct json_object *object, const char *key)
{
    struct json_object *list = json_object_object_get(object, key);
    if (list) return list;
    list = json_object_new_array();
    export_add(e, object, key, list);
    return e->failed ? NULL : list;
}

/* --- notes */

static bool lists(struct json_object *array, const char *text)
{
    for (size_t i = 0; i < json_object_array_length(array); i++)
        if (strcmp(json_object_get_string(json_object_array_get_idx(array, i)), text) == 0) return true;
    return false;
}

void export_note(struct export_node *node, unsigned id, bool said)
{
    if (!export_in_force(node->exporter, id)) return;
    struct json_object **ids = said && export_enforced(node->exporter, id) ? &node->kept : &node->beyond;
    const char *name = constraint_at(id)->rule.id;
    if (!*ids) *ids = json_object_new_array();
    if (!*ids || !lists(*ids, name)) export_push(node->exporter, *ids, json_object_new_string(name));
}

struct export_node export_begin(struct exporter *e)
{
    struct export_node node = {.exporter = e, .schema = json_object_new_object()};
    e->failed |= !node.schema;
    return node;
}

struct json_object *export_end(struct export_node *node)
{
    if (node->kept) export_add(node->exporter, node->schema, "x-chatconform-rule", node->kept);
    if (node->beyond) export_add(node->exporter, node->schema, "x-chatconform-beyond", node->beyond);
    return node->schema;
}

/* --- whole schemas */

static void export_head(struct exporter *e, struct json_object *schema, enum cc_kind kind)
{
    char text[200];
    const char *name = kind == CC_AUTO ? "all kinds" : cc_kind_name(kind), *profile = cc_profile_name(e->profile);
    export_text(e, schema, "$schema", DIALECT);
    snprintf(text, sizeof text, "urn:chatconform:%s%s%s", profile, kind == CC_AUTO ? "" : ":", kind == CC_AUTO ? "" : name);
    export_text(e, schema, "$id", text);
    snprintf(text, sizeof text, "chatconform, %s: %s", profile, name);
    export_text(e, schema, "title", text);
}

static void export_defs(struct exporter *e, struct json_object *schema)
{
    struct json_object *defs = NULL;
    for (size_t i = 0; i < e->count && !e->failed; i++) {
        const struct export_entry *entry = &e->entries[i];
        if (!entry->name) continue;
        if (!defs) export_add(e, schema, "$defs", defs = json_object_new_object());
        struct export_node node = export_begin(e);
        export_text(e, node.schema, "type", "object");
        export_plan(&node, entry->plan, entry->tag, entry->word);
        export_add(e, defs, entry->name, export_end(&node));
    }
}

static void forget_names(struct exporter *e)
{
    for (size_t i = 0; i < e->count; i++) free(e->entries[i].name);
    free(e->entries);
    e->entries = NULL;
    e->count = e->room = 0;
}

static unsigned body_type(const struct plan *root)
{
    char id[128];
    snprintf(id, sizeof id, "%.*s.body.type", (int)strcspn(root->id, "."), root->id);
    return constraint_find(id);
}

static struct json_object *export_kind(struct exporter *e, enum cc_kind kind)
{
    const struct plan *root = plan_of(kind);
    struct export_node node = export_begin(e);
    export_names(e, root);
    export_head(e, node.schema, kind);
    export_text(e, node.schema, "type", "object");
    export_note(&node, body_type(root), true);
    export_plan(&node, root, NULL, NULL);
    export_end(&node);
    export_defs(e, node.schema);
    forget_names(e);
    return node.schema;
}

static struct json_object *export_all(struct exporter *e)
{
    struct json_object *schema = json_object_new_object(), *defs = json_object_new_object();
    export_head(e, schema, CC_AUTO);
    export_add(e, schema, "$defs", defs);
    for (unsigned kind = CC_AUTO + 1; kind < CC_KIND_COUNT && !e->failed; kind++)
        if (plan_of((enum cc_kind)kind)) export_add(e, defs, cc_kind_name((enum cc_kind)kind), export_kind(e, (enum cc_kind)kind));
    return schema;
}

struct json_object *cc_export_schema(enum cc_kind kind, unsigned profile)
{
    struct exporter e = {.profile = profile ? profile : CC_OPENAI};
    if (!engine_ready() || (unsigned)kind >= CC_KIND_COUNT || (kind != CC_AUTO && !plan_of(kind))) return NULL;
    struct json_object *schema = kind == CC_AUTO ? export_all(&e) : export_kind(&e, kind);
    if (!e.failed) return schema;
    json_object_put(schema);
    return NULL;
}
