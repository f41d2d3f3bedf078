/* bulk_calls.c: how well an answer calls tools. No rule is written here: which findings of the validator spoil what is a table, and where a
 * finding kept other rules from being asked, the answer is "not known". */
#include "harness/bulk/bulk_parts.h"

#include "harness/base/jo.h"

#include <string.h>

#define CALLS "response.choices.message.tool_calls."
#define DELTAS "stream.delta.tool_calls."

static const char arguments_json[] = CALLS "function.arguments.json";

static const char *const spoil_json[] = {arguments_json, CALLS "function.arguments.required", CALLS "function.arguments.type",
                                         DELTAS "arguments.json", DELTAS "arguments.type", NULL};
static const char *const spoil_name[] = {CALLS "declared", CALLS "declared_strict", CALLS "custom.declared", CALLS "only_with_tools",
                                         CALLS "function.name.required", CALLS "function.name.type", CALLS "function.name.non_empty",
                                         DELTAS "first.name", DELTAS "name.type", NULL};
static const char *const spoil_fit[] = {CALLS "arguments.schema", CALLS "arguments.schema_strict", NULL};

/* --- what the answer says */

static bool ends_with_calls(struct json_object *choice) { return jo_is(jo_get(choice, "finish_reason"), "tool_calls"); }

bool bulk_calls_tool(struct json_object *answer)
{
    struct json_object *choices = jo_get(answer, "choices");
    for (size_t i = 0; i < jo_length(choices); i++)
        if (ends_with_calls(jo_item(choices, i))) return true;
    return false;
}

static size_t count_calls(struct json_object *answer)
{
    struct json_object *choices = jo_get(answer, "choices");
    size_t count = 0;
    for (size_t i = 0; i < jo_length(choices); i++) count += jo_length(jo_get(jo_get(jo_item(choices, i), "message"), "tool_calls"));
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

static bool is_about_calls(const char *pointer) { return pointer && (strstr(pointer, "/tool_calls") || strstr(pointer, "/finish_reason")); }

/* An error at what the rules about calls read: they were not asked. Those of schemas are asked last, so they keep nothing from being asked.
 * With `stream` only what was found in the events counts. */
static bool is_unsound(const struct bulk_entry *entry, bool stream)
{
    for (size_t i = 0; i < entry->finding_count; i++) {
        const struct bulk_finding *f = &entry->findings[i];
        if (f->severity != CC_ERROR || !is_about_calls(f->pointer) || is_one_of(spoil_fit, f->rule)) continue;
        if (!stream || strncmp(f->rule, "stream.", 7) == 0) return true;
    }
    return false;
}

/* Findings about the answer and its request hide what the answer alone is: it is judged once more, by itself. */
static enum bulk_truth is_json_alone(struct json_object *answer, struct cc_checker *checker)
{
    const struct cc_report *report = cc_check_object(checker, CC_RESPONSE, answer);
    enum bulk_truth truth = report ? BULK_YES : BULK_UNKNOWN;
    for (size_t i = 0; report && i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (strcmp(f->rule->id, arguments_json) == 0) return BULK_NO;
        if (f->severity == CC_ERROR && is_about_calls(f->pointer)) truth = BULK_UNKNOWN;
    }
    return truth;
}

static enum bulk_truth judge_json(const struct bulk_entry *entry, struct json_object *answer, struct cc_checker *checker)
{
    if (has_one_of(entry, spoil_json)) return BULK_NO;
    return is_unsound(entry, true) ? BULK_UNKNOWN : is_json_alone(answer, checker);
}

void bulk_judge_calls(struct bulk_entry *entry, struct json_object *answer, struct cc_checker *checker)
{
    entry->called = bulk_calls_tool(answer) ? BULK_YES : BULK_NO;
    entry->calls = count_calls(answer);
    if (entry->called != BULK_YES) return;
    bool nothing = entry->calls == 0; /* it says that it calls, and calls nothing */
    enum bulk_truth otherwise = is_unsound(entry, false) ? BULK_UNKNOWN : BULK_YES;
    entry->json = nothing ? BULK_NO : judge_json(entry, answer, checker);
    entry->named = nothing || has_one_of(entry, spoil_name) ? BULK_NO : otherwise;
    bool spoilt = entry->json == BULK_NO || entry->named == BULK_NO || has_one_of(entry, spoil_fit);
    entry->fits = spoilt ? BULK_NO : otherwise;
}
