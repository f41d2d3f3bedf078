/* bulk_calls.c: how well an answer calls tools. No rule is written here: which findings of the validator spoil what is a table, and where a
 * finding kept other rules from being asked, the answer is "not known". */
#include "harness/bulk_parts.h"

#include "fuzzer/js.h"

#include <string.h>

#define CALLS "response.choices.message.tool_calls."
#define DELTAS "stream.delta.tool_calls."

static const char arguments_json[] = CALLS "function.arguments.json", strict_schema[] = CALLS "arguments.schema_strict";

static const char *const spoil_json[] = {arguments_json, CALLS "function.arguments.required", CALLS "function.arguments.type",
                                         DELTAS "arguments.json", DELTAS "arguments.type", NULL};
static const char *const spoil_name[] = {CALLS "declared", CALLS "declared_strict", CALLS "custom.declared", CALLS "only_with_tools",
                                         CALLS "function.name.required", CALLS "function.name.type", CALLS "function.name.non_empty",
                                         DELTAS "first.name", DELTAS "name.type", NULL};
static const char *const spoil_fit[] = {CALLS "arguments.schema", strict_schema, NULL};

/* --- what the answer says */

static bool ends_with_calls(struct json_object *choice) { return js_is(js_get(choice, "finish_reason"), "tool_calls"); }

bool bulk_calls_tool(struct json_object *answer)
{
    struct json_object *choices = js_get(answer, "choices");
    for (size_t i = 0; i < js_length(choices); i++)
        if (ends_with_calls(js_item(choices, i))) return true;
    return false;
}

static size_t count_calls(struct json_object *answer)
{
    struct json_object *choices = js_get(answer, "choices");
    size_t count = 0;
    for (size_t i = 0; i < js_length(choices); i++) count += js_length(js_get(js_get(js_item(choices, i), "message"), "tool_calls"));
    return count;
}

/* --- what the findings say */

static bool is_one_of(const char *const *rules, const char *rule)
{
    for (size_t i = 0; rules[i]; i++)
        if (strcmp(rules[i], rule) == 0) return true;
    return false;
}

static bool has_one_of(const struct bulk_entry *entry, const char *const *rules)
{
    for (size_t i = 0; i < entry->finding_count; i++)
        if (is_one_of(rules, entry->findings[i].rule)) return true;
    return false;
}

/* An error at what the rules about calls read: they were not asked. */
static bool is_unsound(const struct bulk_entry *entry)
{
    for (size_t i = 0; i < entry->finding_count; i++) {
        const struct bulk_finding *f = &entry->findings[i];
        const char *at = f->pointer ? f->pointer : "";
        if (f->severity == CC_ERROR && (strstr(at, "/tool_calls") || strstr(at, "/finish_reason"))) return true;
    }
    return false;
}

/* The finding about a strict schema explains away that the arguments are no JSON; of the answer alone that is found again. */
static bool is_json_alone(struct json_object *answer, struct cc_checker *checker)
{
    const struct cc_report *report = cc_check_object(checker, CC_RESPONSE, answer);
    for (size_t i = 0; report && i < report->count; i++)
        if (strcmp(report->findings[i].rule->id, arguments_json) == 0) return false;
    return true;
}

void bulk_judge_calls(struct bulk_entry *entry, struct json_object *answer, struct cc_checker *checker)
{
    static const char *const strict[] = {strict_schema, NULL};
    entry->called = bulk_calls_tool(answer) ? BULK_YES : BULK_NO;
    entry->calls = count_calls(answer);
    if (entry->called != BULK_YES) return;
    enum bulk_truth otherwise = is_unsound(entry) ? BULK_UNKNOWN : BULK_YES;
    bool nothing = entry->calls == 0; /* it says that it calls, and calls nothing */
    bool misfit = has_one_of(entry, strict), no_json = misfit && !is_json_alone(answer, checker);
    entry->json = nothing || no_json || has_one_of(entry, spoil_json) ? BULK_NO : misfit ? BULK_YES : otherwise;
    entry->named = nothing || has_one_of(entry, spoil_name) ? BULK_NO : otherwise;
    bool spoilt = entry->json == BULK_NO || entry->named == BULK_NO || has_one_of(entry, spoil_fit);
    entry->fits = spoilt ? BULK_NO : otherwise;
}
