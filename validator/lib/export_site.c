/* export_site.c: one row of a table as a schema: which types it takes, and what each of them must keep.
 *
 * Most keywords of JSON Schema speak about one type and pass over the others, just as the facets do. `enum` and `$ref` do not: beside
 * another type they get a branch of their own. */
#include "validator/lib/export.h"

#include <stdio.h>
#include <string.h>

/* --- types */

/* The types that are no error here. */
static unsigned accepted(const struct exporter *e, const struct site *site)
{
    const struct field *f = site->field;
    unsigned is = f->is ? f->is : ANY, types = is == ANY || export_enforced(e, site->ids[TYPE_]) ? is : ANY;
    bool null;
    if (is & NIL) null = true;
    else if (f->need & NULL_IS_MISSING) null = !(f->need & REQUIRED) || !export_enforced(e, site->ids[REQUIRED_]);
    else if (site->ids[NULL_]) null = !export_enforced(e, site->ids[NULL_]);
    else null = !(f->need & REQUIRED || !f->key) || !export_enforced(e, site->ids[TYPE_]);
    return null ? types | NIL : types & ~(unsigned)NIL;
}

static void put_type(struct export_node *node, unsigned types)
{
    static const struct {
        unsigned bits;
        const char *name;
    } names[] = {{OBJ, "object"}, {ARR, "array"},   {STR, "string"},   {NUM, "number"},
                 {REAL, "number"}, {INT, "integer"}, {BOOL, "boolean"}, {NIL, "null"}};
    if (types == ANY) return;
    struct json_object *array = json_object_new_array();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if ((types & names[i].bits) != names[i].bits) continue;
        export_push(node->exporter, array, json_object_new_string(names[i].name));
        types &= ~names[i].bits;
    }
    bool one = array && json_object_array_length(array) == 1;
    export_add(node->exporter, node->schema, "type", one ? json_object_get(json_object_array_get_idx(array, 0)) : json_object_get(array));
    json_object_put(array);
}

/* --- strings */

static bool listed(const struct word *words, const char *text)
{
    for (; words->text; words++)
        if (strcmp(words->text, text) == 0) return true;
    return false;
}

/* `only`: the words that an array allows in its items' tag, or NULL. */
static void put_words(struct export_node *node, const struct word *words, const struct word *only, bool null)
{
    struct exporter *e = node->exporter;
    struct json_object *array = json_object_new_array();
    for (const struct word *w = words; w->text && !e->failed; w++)
        if (export_word_known(e, w) && (!only || listed(only, w->text))) export_push(e, array, json_object_new_string(w->text));
    bool one = array && json_object_array_length(array) == 1 && !null;
    if (null && array) json_object_array_add(array, NULL);
    struct json_object *words_or_word = one ? json_object_array_get_idx(array, 0) : array;
    export_add(e, node->schema, one ? "const" : "enum", json_object_get(words_or_word));
    json_object_put(array);
}

/* A schema has room for one pattern; further ones stand in allOf. */
static void put_patterns(struct export_node *node, const struct form *const *forms, const unsigned *ids)
{
    struct exporter *e = node->exporter;
    for (size_t i = 0; forms && forms[i]; i++) {
        bool said = export_enforced(e, ids[i]) && forms[i]->pattern;
        export_note(node, ids[i], said);
        if (!said) continue;
        struct json_object *at = node->schema;
        if (json_object_object_get(at, "pattern")) export_push(e, export_list(e, node->schema, "allOf"), at = json_object_new_object());
        export_text(e, at, "pattern", forms[i]->pattern);
    }
}

static void put_count(struct export_node *node, const char *keyword, double bound)
{
    export_add(node->exporter, node->schema, keyword, json_object_new_int64((int64_t)bound));
}

static void put_string(struct export_node *node, const struct site *site)
{
    const struct field *f = site->field;
    if (export_enforced(node->exporter, site->ids[MIN_CHARS_])) put_count(node, "minLength", f->chars->low);
    if (export_enforced(node->exporter, site->ids[MAX_CHARS_])) put_count(node, "maxLength", f->chars->high);
    put_patterns(node, f->forms, site->form_ids);
}

/* --- numbers */

static void put_bound(struct export_node *node, const char *keyword, double bound)
{
    bool whole = bound > -9e15 && bound < 9e15 && bound == (double)(int64_t)bound;
    export_add(node->exporter, node->schema, keyword, whole ? json_object_new_int64((int64_t)bound) : json_object_new_double(bound));
}

static void put_number(struct export_node *node, const struct site *site)
{
    const struct range *r = site->field->between;
    if (export_enforced(node->exporter, site->ids[MIN_])) put_bound(node, "minimum", r->low);
    if (export_enforced(node->exporter, site->ids[MAX_])) put_bound(node, "maximum", r->high);
}

/* --- objects */

static void put_ref(struct exporter *e, struct json_object *schema, const char *name)
{
    char ref[320];
    snprintf(ref, sizeof ref, "#/$defs/%s", name);
    export_text(e, schema, "$ref", ref);
}

/* {"properties": {KEY: {"const": WORD}}} */
static struct json_object *tag_is(struct exporter *e, const char *key, const char *word)
{
    struct json_object *schema = json_object_new_object(), *properties = json_object_new_object(), *tag = json_object_new_object();
    export_text(e, tag, "const", word);
    export_add(e, properties, key, tag);
    export_add(e, schema, "properties", properties);
    return schema;
}

static struct json_object *site_schema(struct exporter *e, const struct site *site, const struct word *only);

/* The tag, and for each of its words what must hold then. */
static void put_pick(struct export_node *node, const struct site *site)
{
    struct exporter *e = node->exporter;
    const struct site *tag = site->pick->tag;
    const char *key = tag->field->key;
    const struct word *only = site->owner && export_enforced(e, site->owner->ids[PART_TYPE_]) ? site->owner->field->parts : NULL;
    struct json_object *properties = json_object_new_object();
    export_add(e, properties, key, site_schema(e, tag, only));
    export_add(e, node->schema, "properties", properties);
    if (export_enforced(e, tag->ids[REQUIRED_])) export_push(e, export_list(e, node->schema, "required"), json_object_new_string(key));
    for (size_t i = 0; tag->field->words[i].text && !e->failed; i++) {
        const char *word = tag->field->words[i].text;
        const char *name = site->pick->plans[i] ? export_name(e, site->pick->plans[i], tag->field, word) : NULL;
        if (!name) continue;
        struct json_object *choice = json_object_new_object(), *then = json_object_new_object(), *when = tag_is(e, key, word);
        export_push(e, export_list(e, when, "required"), json_object_new_string(key));
        export_add(e, choice, "if", when);
        put_ref(e, then, name);
        export_add(e, choice, "then", then);
        export_push(e, export_list(e, node->schema, "allOf"), choice);
    }
}

static void put_map(struct export_node *node, const struct site *site)
{
    struct exporter *e = node->exporter;
    const struct field *f = site->field;
    struct export_node keys = {.exporter = e, .schema = json_object_new_object()};
    if (export_enforced(e, site->ids[MAX_MEMBERS_])) put_count(node, "maxProperties", f->members->high);
    if (export_enforced(e, site->ids[KEY_CHARS_])) put_count(&keys, "maxLength", f->key_chars->high);
    put_patterns(&keys, f->keys, site->key_ids);
    export_end(&keys);
    if (keys.schema && json_object_object_length(keys.schema)) export_add(e, node->schema, "propertyNames", json_object_get(keys.schema));
    json_object_put(keys.schema);
    if (site->values) export_add(e, node->schema, "additionalProperties", export_site(e, site->values));
}

void export_plan(struct export_node *node, const struct plan *plan, const struct field *tag, const char *word)
{
    struct exporter *e = node->exporter;
    struct json_object *properties = json_object_new_object();
    if (tag) {
        struct json_object *one = tag_is(e, tag->key, word);
        export_add(e, properties, tag->key, json_object_get(json_object_object_get(json_object_object_get(one, "properties"), tag->key)));
        json_object_put(one);
    }
    for (unsigned i = 0; i < plan->site_count && !e->failed; i++) {
        const struct site *site = &plan->sites[i];
        if (!(site->profiles & e->profile)) continue;
        export_add(e, properties, site->field->key, export_site(e, site));
        if (export_enforced(e, site->ids[REQUIRED_]))
            export_push(e, export_list(e, node->schema, "required"), json_object_new_string(site->field->key));
    }
    if (properties && json_object_object_length(properties)) export_add(e, node->schema, "properties", json_object_get(properties));
    json_object_put(properties);
    bool closed = export_enforced(e, plan->unknown);
    if (closed) export_add(e, node->schema, "additionalProperties", json_object_new_boolean(0));
    export_note(node, plan->unknown, closed);
    for (unsigned i = 0; i < plan->rule_count; i++) export_note(node, plan->rules[i].id, false);
}

/* --- one row */

static void put_array(struct export_node *node, const struct site *site)
{
    const struct field *f = site->field;
    if (export_enforced(node->exporter, site->ids[MIN_ITEMS_])) put_count(node, "minItems", f->items->low);
    if (export_enforced(node->exporter, site->ids[MAX_ITEMS_])) put_count(node, "maxItems", f->items->high);
    if (site->each) export_add(node->exporter, node->schema, "items", export_site(node->exporter, site->each));
}

static void put_object(struct export_node *node, const struct site *site)
{
    if (site->pick) put_pick(node, site);
    else if (site->plan) export_plan(node, site->plan, NULL, NULL);
    else put_map(node, site);
}

/* Keywords that each speak about one type. */
static void put_keywords(struct export_node *node, const struct site *site, unsigned types)
{
    unsigned is = site->field->is ? site->field->is : ANY;
    if (types & is & STR) put_string(node, site);
    if (types & is & NUM) put_number(node, site);
    if (types & is & ARR) put_array(node, site);
    if (types & is & OBJ) put_object(node, site);
}

/* Adds a branch for some of the types; gives what is left of them. */
static unsigned put_branch(struct export_node *node, const struct site *site, unsigned types, const char *name, bool words)
{
    struct exporter *e = node->exporter;
    struct export_node branch = {.exporter = e, .schema = json_object_new_object()};
    if (name) {
        put_ref(e, branch.schema, name);
    } else {
        put_type(&branch, types);
        if (words) put_words(&branch, site->field->words, NULL, false);
        put_keywords(&branch, site, types);
    }
    export_push(e, export_list(e, node->schema, "anyOf"), export_end(&branch));
    return ~types;
}

static void put_types(struct export_node *node, const struct site *site, unsigned types, const struct word *only)
{
    struct exporter *e = node->exporter;
    const char *name = (types & OBJ) && site->plan && !site->pick ? export_name(e, site->plan, NULL, NULL) : NULL;
    bool words = (types & STR) && site->field->words && export_enforced(e, site->word_ids[e->profile == CC_OPENAI]);
    bool strings_only = (types & ~(unsigned)NIL) == STR;
    if (name && types == OBJ) {
        put_ref(e, node->schema, name);
    } else if (!name && (!words || strings_only)) {
        put_type(node, types);
        if (words) put_words(node, site->field->words, only, types & NIL);
        put_keywords(node, site, types);
    } else {
        if (words) types &= put_branch(node, site, STR, NULL, true);
        if (name) types &= put_branch(node, site, OBJ, name, false);
        if (types) put_branch(node, site, types, NULL, false);
    }
}

/* Which facets are in force here, and whether the schema says them. Forms note themselves. */
static void note_facets(struct export_node *node, const struct site *site)
{
    for (int facet = 0; facet < FACET_COUNT; facet++) {
        const struct site *tag = facet == PART_TYPE_ && site->each && site->each->pick ? site->each->pick->tag : NULL;
        bool any_tag = tag && !export_enforced(node->exporter, tag->word_ids[node->exporter->profile == CC_OPENAI]);
        export_note(node, site->ids[facet], facet != LEXICAL_ && facet != DEPRECATED_ && !any_tag);
    }
    export_note(node, site->word_ids[node->exporter->profile == CC_OPENAI], true);
    for (size_t i = 0; site->word_note_ids && site->field->words[i].text; i++) export_note(node, site->word_note_ids[i], true);
}

struct json_object *export_site(struct exporter *e, const struct site *site) { return site_schema(e, site, NULL); }

static struct json_object *site_schema(struct exporter *e, const struct site *site, const struct word *only)
{
    struct export_node node = export_begin(e);
    if (site->field->says) export_text(e, node.schema, "description", site->field->says);
    put_types(&node, site, accepted(e, site), only);
    if (export_in_force(e, site->ids[DEPRECATED_])) export_add(e, node.schema, "deprecated", json_object_new_boolean(1));
    note_facets(&node, site);
    return export_end(&node);
}
