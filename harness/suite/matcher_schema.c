/* matcher_schema.c: the matcher {schema: ...}: a value held against a JSON Schema that stands in the suite or in a file that it includes.
 *
 * The schema is kept as the JSON that it is and compiled for each value, as a variable may still have changed it; next to an exchange that
 * costs nothing. */
#include "chatconform.h"
#include "harness/suite/matcher_words.h"

#include <stdio.h>
#include <string.h>

static const char *text_of(struct json_object *value)
{
    return json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
}

static struct cc_schema *compile(struct json_object *schema)
{
    const char *text = text_of(schema);
    return text ? cc_schema_new(text, strlen(text), NULL) : NULL;
}

/* The first mistake, at its place below where the fault is already. */
static bool say_faults(const struct cc_schema_report *faults, struct expect_fault *fault)
{
    const struct cc_schema_error *first = faults->count ? &faults->errors[0] : NULL;
    size_t used = strlen(fault->pointer);
    if (first && first->place && *first->place == '/')
        snprintf(fault->pointer + used, sizeof fault->pointer - used, "%s", first->place);
    return fault_say(fault, "the schema cannot be used: %s", first ? first->message : faults->why ? faults->why : "it decides nothing");
}

bool schema_operand_check(struct json_object *schema, struct expect_fault *fault)
{
    if (!json_object_is_type(schema, json_type_object) && !json_object_is_type(schema, json_type_boolean))
        return fault_say(fault, "schema is a JSON Schema, so a map; a file with one is included with !include FILE.json");
    const char *text = text_of(schema);
    if (text && strstr(text, "${"))
        return true;
    struct cc_schema *compiled = compile(schema);
    if (!compiled)
        return fault_say(fault, "memory ran out");
    const struct cc_schema_report *faults = cc_schema_faults(compiled);
    bool ok = faults->verdict == CC_SCHEMA_HOLDS || say_faults(faults, fault);
    cc_schema_free(compiled);
    return ok;
}

static enum verdict undecided(struct match_note *note, const char *why)
{
    snprintf(note->why, sizeof note->why, "%s", why ? why : "memory ran out");
    return UNDECIDED;
}

static enum verdict verdict_of(const struct cc_schema_report *report, struct match_note *note)
{
    const struct cc_schema_error *first = report && report->count ? &report->errors[0] : NULL;
    if (!report || report->verdict == CC_SCHEMA_UNDECIDED)
        return undecided(note, report ? report->why : NULL);
    if (report->verdict == CC_SCHEMA_HOLDS)
        return HOLDS;
    if (first && first->pointer && *first->pointer)
        snprintf(note->inside, sizeof note->inside, "at %.100s: %s", first->pointer, first->message);
    else if (first)
        snprintf(note->inside, sizeof note->inside, "%s", first->message);
    return FAILS;
}

enum verdict schema_operand_judge(struct json_object *schema, struct json_object *value, struct match_note *note)
{
    const char *text = text_of(value);
    struct cc_schema *compiled = compile(schema);
    struct cc_schema_judge *judge = cc_schema_judge_new();
    const struct cc_schema_report *faults = compiled ? cc_schema_faults(compiled) : NULL;
    enum verdict verdict;
    if (!compiled || !judge || !text)
        verdict = undecided(note, NULL);
    else if (faults->verdict != CC_SCHEMA_HOLDS)
        verdict = undecided(note, faults->count ? faults->errors[0].message : faults->why);
    else
        verdict = verdict_of(cc_schema_check(judge, compiled, text, strlen(text)), note);
    cc_schema_judge_free(judge);
    cc_schema_free(compiled);
    return verdict;
}
