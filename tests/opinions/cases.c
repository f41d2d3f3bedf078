/* cases.c: prints what an outside validator needs to give its opinion, a JSON object a line: first the exported schemas, then every derived
 * document with the errors that this library finds in single members of it. Used by tests/opinion_ajv.sh. */
#include "validator/lib/engine.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

static const enum cc_kind kinds[] = {CC_REQUEST, CC_RESPONSE, CC_CHUNK, CC_LIST, CC_MESSAGE_LIST, CC_ERROR_BODY};
enum { KINDS = sizeof kinds / sizeof *kinds };

static struct cc_checker *checkers[CC_OPENAI + 1];

static void print_line(struct json_object *line)
{
    puts(json_object_to_json_string_ext(line, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(line);
}

static struct json_object *begin_line(enum cc_kind kind, unsigned profile)
{
    struct json_object *line = json_object_new_object();
    json_object_object_add(line, "kind", json_object_new_string(cc_kind_name(kind)));
    json_object_object_add(line, "profile", json_object_new_string(cc_profile_name(profile)));
    return line;
}

static bool print_schemas(unsigned profile)
{
    for (size_t i = 0; i < KINDS; i++) {
        struct json_object *schema = cc_export_schema(kinds[i], profile), *line = begin_line(kinds[i], profile);
        if (!schema) return false;
        json_object_object_add(line, "schema", schema);
        print_line(line);
    }
    return true;
}

/* What a single member is blamed for; what needs several is not a schema's business. */
static bool is_of_one_member(const struct cc_rule *rule)
{
    const struct constraint *c = constraint_at(constraint_find(rule->id));
    return c->facet != FACET_NONE || strstr(rule->id, ".body.type");
}

/* Errors that a finding explains away: a schema knows nothing of that. */
static struct json_object *absorbed_by(const struct cc_report *report)
{
    struct json_object *ids = json_object_new_array();
    for (size_t i = 0; i < report->count; i++) {
        const struct constraint *c = constraint_at(constraint_find(report->findings[i].rule->id));
        for (const char *const *id = c->absorbs; id && *id; id++) {
            const struct cc_rule *rule = cc_rule_find(*id);
            if (rule && rule->level == CC_MUST) json_object_array_add(ids, json_object_new_string(*id));
        }
    }
    return ids;
}

static bool print_case(void *context, const struct cc_case *derived)
{
    size_t kind = 0;
    (void)context;
    while (kind < KINDS && kinds[kind] != derived->kind) kind++;
    if (kind == KINDS) return true;
    const struct cc_report *report = cc_check(checkers[derived->profile], derived->kind, derived->text, derived->length);
    if (!report) return false;
    struct json_object *line = begin_line(derived->kind, derived->profile), *errors = json_object_new_array();
    json_object_object_add(line, "name", json_object_new_string(derived->name));
    json_object_object_add(line, "text", json_object_new_string_len(derived->text, (int)derived->length));
    for (size_t i = 0; i < report->count; i++)
        if (report->findings[i].severity == CC_ERROR && is_of_one_member(report->findings[i].rule))
            json_object_array_add(errors, json_object_new_string(report->findings[i].rule->id));
    json_object_object_add(line, "errors", errors);
    json_object_object_add(line, "absorbed", absorbed_by(report));
    print_line(line);
    return true;
}

/* What no table row derives: bodies that are no objects. */
static bool print_no_objects(unsigned profile)
{
    static const char *const texts[] = {"[]", "null", "\"text\"", "7", "true"};
    bool fine = true;
    for (size_t kind = 0; kind < KINDS; kind++)
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
            fine = fine && print_case(NULL, &(struct cc_case){.kind = kinds[kind], .profile = profile, .name = "no object",
                                                               .text = texts[i], .length = strlen(texts[i])});
    return fine;
}

int main(void)
{
    static const unsigned profiles[] = {CC_OPENAI, CC_NEWAPI};
    bool fine = true;
    for (size_t i = 0; i < 2; i++) {
        checkers[profiles[i]] = cc_checker_new(&(struct cc_options){.profile = profiles[i]});
        fine = fine && checkers[profiles[i]] && print_schemas(profiles[i]) && print_no_objects(profiles[i]);
    }
    fine = fine && cc_each_case(print_case, NULL);
    cc_checker_free(checkers[CC_OPENAI]);
    cc_checker_free(checkers[CC_NEWAPI]);
    return fine ? 0 : 1;
}
