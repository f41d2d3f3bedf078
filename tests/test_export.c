/* test_export.c: the exported schemas against the tables: nothing that is promised is lost, and every reference leads somewhere. What the
 * schemas mean is the business of a validator of its own: opinion_ajv.sh. */
#include "tests/testing.h"
#include "validator/lib/engine.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

static const unsigned profiles[] = {CC_OPENAI, CC_NEWAPI};

/* Calls `each` for every object of a schema. */
static void every_object(struct json_object *schema, void (*each)(void *context, struct json_object *object), void *context)
{
    if (json_object_is_type(schema, json_type_array))
        for (size_t i = 0; i < json_object_array_length(schema); i++) every_object(json_object_array_get_idx(schema, i), each, context);
    if (!json_object_is_type(schema, json_type_object)) return;
    each(context, schema);
    json_object_object_foreach(schema, key, value)
    {
        (void)key;
        every_object(value, each, context);
    }
}

struct noted {
    bool *rule, *beyond; /* by number of constraint */
};

static void note_list(struct json_object *list, bool *seen)
{
    for (size_t i = 0; list && i < json_object_array_length(list); i++) {
        const char *id = json_object_get_string(json_object_array_get_idx(list, i));
        unsigned number = constraint_find(id);
        ck_assert_msg(number != 0, "there is no rule %s", id);
        seen[number] = true;
    }
}

static void note_object(void *context, struct json_object *object)
{
    struct noted *noted = context;
    note_list(json_object_object_get(object, "x-chatconform-rule"), noted->rule);
    note_list(json_object_object_get(object, "x-chatconform-beyond"), noted->beyond);
}

static enum cc_kind kind_of(const struct constraint *c) { return c->site ? c->site->kind : c->plan->kind; }

static bool can_be_said(const struct constraint *c)
{
    return c->rule.level == CC_MUST && c->facet != FACET_NONE && c->facet != LEXICAL_ && (!c->form || c->form->pattern);
}

/* What is in force under a profile stands in the schema: as a constraint when it can be one, else as an annotation. */
START_TEST(nothing_is_lost)
{
    unsigned profile = profiles[_i];
    struct json_object *schema = cc_export_schema(CC_AUTO, profile);
    ck_assert_ptr_nonnull(schema);
    struct noted noted = {calloc(constraint_count() + 1, 1), calloc(constraint_count() + 1, 1)};
    ck_assert(noted.rule && noted.beyond);
    every_object(schema, note_object, &noted);
    size_t facets_seen = 0;
    for (unsigned number = 1; number <= constraint_count(); number++) {
        const struct constraint *c = constraint_at(number);
        if (!(c->site || c->plan) || !(c->rule.profiles & profile)) continue;
        const char *id = c->rule.id, *kind = cc_kind_name(kind_of(c));
        ck_assert_msg(noted.rule[number] || noted.beyond[number], "%s (%s) is nowhere in the schema", id, kind);
        ck_assert_msg(!can_be_said(c) || noted.rule[number], "%s (%s) is no constraint of the schema", id, kind);
        ck_assert_msg(c->rule.level == CC_MUST || !noted.rule[number], "%s is advice, but the schema enforces it", id);
        facets_seen++;
    }
    ck_assert_uint_gt(facets_seen, 500);
    free(noted.rule);
    free(noted.beyond);
    json_object_put(schema);
}
END_TEST

struct references {
    struct json_object *defs;
    size_t count;
    bool used[256];
};

static void follow(void *context, struct json_object *object)
{
    struct references *r = context;
    struct json_object *said = json_object_object_get(object, "$ref"); /* an object where a schema speaks of a property of that name */
    const char *ref = json_object_is_type(said, json_type_string) ? json_object_get_string(said) : NULL;
    if (!ref) return;
    r->count++;
    ck_assert_msg(strncmp(ref, "#/$defs/", 8) == 0, "%s leads away", ref);
    ck_assert_msg(json_object_object_get(r->defs, ref + 8) != NULL, "%s leads nowhere", ref);
    size_t i = 0;
    json_object_object_foreach(r->defs, name, definition)
    {
        (void)definition;
        if (strcmp(name, ref + 8) == 0) r->used[i] = true;
        i++;
    }
    ck_assert_uint_lt(i, sizeof r->used);
}

static const enum cc_kind kinds[] = {CC_REQUEST, CC_RESPONSE, CC_CHUNK,  CC_LIST,     CC_MESSAGE_LIST, CC_ERROR_BODY,
                                     CC_HTTP,    CC_SUITE,    CC_TARGET, CC_BASELINE, CC_MUTANTS};
enum { KINDS = sizeof kinds / sizeof *kinds };

START_TEST(references_lead_somewhere)
{
    struct json_object *schema = cc_export_schema(kinds[_i % KINDS], profiles[_i / KINDS]);
    ck_assert_ptr_nonnull(schema);
    struct references r = {.defs = json_object_object_get(schema, "$defs")};
    every_object(schema, follow, &r);
    int definitions = r.defs ? json_object_object_length(r.defs) : 0;
    for (int i = 0; i < definitions; i++) ck_assert_msg(r.used[i], "definition %d of %s is not used", i, cc_kind_name(kinds[_i % KINDS]));
    json_object_put(schema);
}
END_TEST

START_TEST(streams_and_exchanges_have_none)
{
    ck_assert_ptr_null(cc_export_schema(CC_STREAM, CC_OPENAI));
    ck_assert_ptr_null(cc_export_schema(CC_EXCHANGE, CC_OPENAI));
    ck_assert_ptr_null(cc_export_schema(CC_KIND_COUNT, CC_OPENAI));
}
END_TEST

static struct json_object *at(struct json_object *schema, const char *pointer)
{
    struct json_object *found = NULL;
    ck_assert_msg(json_pointer_get(schema, pointer, &found) == 0, "%s is not there", pointer);
    return found;
}

/* A few places that a reader would look at first, word by word. */
START_TEST(schemas_read_well)
{
    struct json_object *schema = cc_export_schema(CC_REQUEST, 0);
    ck_assert_str_eq(json_object_get_string(at(schema, "/$schema")), "https://json-schema.org/draft/2020-12/schema");
    ck_assert_str_eq(json_object_get_string(at(schema, "/$id")), "urn:chatconform:openai-2026-08:request");
    ck_assert_str_eq(json_object_to_json_string_ext(at(schema, "/required"), JSON_C_TO_STRING_PLAIN), "[\"model\",\"messages\"]");
    ck_assert_int_eq(json_object_get_int(at(schema, "/properties/tools/maxItems")), 128);
    ck_assert_str_eq(json_object_get_string(at(schema, "/properties/n/type/0")), "integer");
    ck_assert_int_eq(json_object_get_int(at(schema, "/properties/n/maximum")), 128);
    ck_assert(json_object_get_boolean(at(schema, "/properties/seed/deprecated")));
    ck_assert_str_eq(json_object_get_string(at(schema, "/properties/messages/items/allOf/0/then/$ref")), "#/$defs/request.messages.user");
    ck_assert_str_eq(json_object_get_string(at(schema, "/$defs/request.messages.user/properties/role/const")), "user");
    json_object_put(schema);
    schema = cc_export_schema(CC_REQUEST, CC_NEWAPI);
    ck_assert_ptr_null(json_object_object_get(at(schema, "/properties"), "verbosity"));
    json_object_put(schema);
}
END_TEST

static Suite *export_suite(void)
{
    Suite *suite = suite_create("export");
    TCase *tcase = tcase_create("schemas");
    tcase_add_loop_test(tcase, nothing_is_lost, 0, 2);
    tcase_add_loop_test(tcase, references_lead_somewhere, 0, 2 * KINDS);
    tcase_add_test(tcase, streams_and_exchanges_have_none);
    tcase_add_test(tcase, schemas_read_well);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(export_suite)
