/* coverage.c: prints docs/coverage.md: which rule enforces each constraint of the catalogue (an independent list of what the documents and
 * the endpoint demand, which lies beside the repository), or why none does. Where the catalogue and the tables use the same id, nothing has
 * to be said; what differs stands in one table here. Fails when a constraint is neither enforced nor explained, when an explanation is no
 * longer needed, or when both disagree about how bad it is to break a rule. */
#include "chatconform.h"
#include "harness/yaml/yaml.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- what is not enforced under its own id */

static const char needs_models[] = "depends on what a certain model can do; there is no table of models here";
static const char needs_query[] = "depends on the query that asked for the page; a page is judged alone";
static const char no_schema[] = "such a schema is none, strict or not";
#define SOUND_SCHEMAS "request.tools.function.parameters.valid request.response_format.json_schema.schema.valid"

static const struct reason {
    const char *id;  /* a star at the end stands for the rest */
    const char *by;  /* the rule that says it, or several with blanks between; NULL when none does */
    const char *why; /* NULL when `by` says enough */
} reasons[] = {
    {"http.status.413.too_large", NULL, "the limit is the server's own, and nothing in an exchange tells that it was passed"},
    {"http.update.body.metadata.required", NULL, "the update of a stored completion is no kind of document here"},

    {"list.data.item.completion", "response.object.const", "each item of a page is judged by all rules of response"},
    {"list.data.item.extra_members", "response.unknown_member", "what storing adds is unknown to an answer, and that is a warning"},
    {"list.data.item.null_calls", "response.choices.message.tool_calls.null_or_empty",
     "null instead of no calls is a warning wherever an answer stands"},
    {"list.data.limit", NULL, needs_query},
    {"list.data.metadata_filter", NULL, needs_query},
    {"list.data.model_filter", NULL, needs_query},
    {"message_list.data.limit", NULL, needs_query},
    {"message_list.data.tool_calls", "message_list.data.tool_calls.type",
     "what the calls are made of is judged by the rules of response.choices.message"},

    {"request.body.encoding.utf8", "json.utf8", NULL},
    {"request.body.encoding.no_bom", "json.bom", NULL},
    {"request.body.json.syntax", "json.syntax", NULL},
    {"request.body.json.duplicate_member", "json.duplicate_key", NULL},
    {"request.body.json.unpaired_surrogate", "json.unpaired_surrogate", NULL},
    {"request.body.json.depth", "json.limit.depth", "here a limit of the reader, which cannot go on beyond it"},
    {"request.body.number_finite", "json.number_overflow", NULL},
    {"request.body.member_case", "request.body.unknown_member",
     "a name in other letters is an unknown one; the finding names the one that was meant"},

    {"request.content_part.image_url.gif_static", NULL, "needs the whole image decoded"},
    {"request.max_tokens.model", NULL, needs_models},
    {"request.messages.role.system.superseded", NULL, needs_models},
    {"request.prediction.model", NULL, needs_models},
    {"request.prompt_cache_retention.model", NULL, needs_models},
    {"request.reasoning_effort.model", NULL, needs_models},
    {"request.reasoning_model.*", NULL, needs_models},
    {"request.stop.model", NULL, needs_models},
    {"request.web_search_options.model_params", NULL, needs_models},
    {"request.strict_schema.keyword.fine_tuned", NULL, needs_models},
    {"request.strict_schema.key_order", NULL,
     "the order of keys in an answer means nothing in JSON, and following it is a habit of the model"},

    {"request.strict_schema.root.required_present", "request.response_format.json_schema.schema.expected",
     "strict or not, a format without its schema is a warning; a function without parameters takes none"},
    {"request.strict_schema.type.enum", SOUND_SCHEMAS, no_schema},
    {"request.strict_schema.any_of.non_empty", SOUND_SCHEMAS, no_schema},
    {"request.strict_schema.keyword.number_supported", NULL, "the five keywords that are supported are all that there are for numbers"},
    {"response.choices.message.tool_calls.custom.grammar", NULL, "needs a parser of grammars"},

    {"response.choices.finish_reason.named_tool_stop", "response.choices.finish_reason.calls_imply",
     "an exception from that rule, which it makes"},

    {"stream.aggregate.response_rules", "response.choices.message.role.const",
     "the pieces are put together and judged by the rules of response"},
    {"stream.aggregate.request_rules", "response.choices.count_equals_n",
     "what the pieces add up to is judged against its request like any answer"},
    {"stream.aggregate.utf8", "json.unpaired_surrogate", "a surrogate without its other half is an error in any event; U+FFFD may be meant"},
    {0},
};

/* --- looking up */

static bool fits(const char *pattern, const char *id)
{
    size_t length = strlen(pattern);
    bool open = length && pattern[length - 1] == '*';
    return open ? strncmp(pattern, id, length - 1) == 0 : strcmp(pattern, id) == 0;
}

static const struct reason *reason_for(const char *id)
{
    for (const struct reason *r = reasons; r->id; r++)
        if (fits(r->id, id)) return r;
    return NULL;
}

static const char *text_in(struct json_object *object, const char *key)
{
    return json_object_get_string(json_object_object_get(object, key));
}

static unsigned profiles_of(struct json_object *entry)
{
    unsigned profiles = 0;
    struct json_object *names = json_object_object_get(entry, "profiles");
    for (size_t i = 0; i < json_object_array_length(names); i++)
        profiles |= cc_profile_find(json_object_get_string(json_object_array_get_idx(names, i)));
    return profiles;
}

/* --- checking */

struct tally {
    size_t own, other, explained, mistakes;
    bool used[sizeof reasons / sizeof *reasons];
};

static void complain(struct tally *t, const char *id, const char *what)
{
    fprintf(stderr, "%s: %s\n", id, what);
    t->mistakes++;
}

/* Constraints whose level or profile differs, with the reason. */
static const struct {
    const char *id, *why;
} departures[] = {
    {"request.content_part.file.source_any", "under the current profile the stronger request.content_part.file.source_required stands for it"},
    {0},
};

static const char *departure(const char *id)
{
    for (size_t i = 0; departures[i].id; i++)
        if (strcmp(departures[i].id, id) == 0) return departures[i].why;
    return NULL;
}

static void compare(struct tally *t, struct json_object *entry, const struct cc_rule *rule)
{
    bool level = strcmp(cc_severity_name(cc_level_severity(rule->level)), text_in(entry, "severity")) == 0;
    bool profiles = rule->profiles == profiles_of(entry);
    const char *what = level ? "is in force in other profiles" : "has another severity";
    if ((!level || !profiles) && !departure(rule->id)) complain(t, rule->id, what);
    if (level && profiles && departure(rule->id)) complain(t, rule->id, "no longer departs from the catalogue");
}

/* --- writing */

static const char *profiles_name(unsigned profiles)
{
    return profiles == (CC_NEWAPI | CC_OPENAI) ? "both" : profiles == CC_OPENAI ? "openai" : "newapi";
}

static void print_rules(struct tally *t, const char *id, const char *ids)
{
    char name[160];
    for (size_t length; *ids; ids += length + strspn(ids + length, " ")) {
        length = strcspn(ids, " ");
        snprintf(name, sizeof name, "%.*s", (int)length, ids);
        const struct cc_rule *rule = cc_rule_find(name);
        if (!rule) complain(t, id, "is said to be enforced by a rule that does not exist");
        else printf("`%s` (%s, %s) ", name, cc_level_name(rule->level), profiles_name(rule->profiles));
    }
}

static void print_entry(struct tally *t, struct json_object *entry)
{
    const char *id = text_in(entry, "id");
    const struct cc_rule *rule = cc_rule_find(id);
    const struct reason *reason = reason_for(id);
    printf("| `%s` | ", id);
    if (rule) {
        t->own++;
        compare(t, entry, rule);
        const char *why = departure(id);
        printf("itself | %s, %s%s%s |\n", cc_level_name(rule->level), profiles_name(rule->profiles), why ? "; " : "", why ? why : "");
        bool stale = reason && strcmp(reason->id, id) == 0;
        if (stale) complain(t, id, "needs no explanation any more: there is a rule of that name");
        return;
    }
    if (!reason) {
        complain(t, id, "is neither enforced nor explained");
        printf("? | ? |\n");
        return;
    }
    t->used[reason - reasons] = true;
    if (reason->by) t->other++, print_rules(t, id, reason->by);
    else t->explained++, printf("not judged ");
    printf("| %s |\n", reason->why ? reason->why : "");
}

static void print_entries(struct tally *t, struct json_object *catalogue, const char *applies_to)
{
    printf("\n## %s\n\n| constraint | enforced by | level, profiles, or why not |\n|---|---|---|\n", applies_to);
    for (size_t i = 0; i < json_object_array_length(catalogue); i++) {
        struct json_object *entry = json_object_array_get_idx(catalogue, i);
        if (strcmp(text_in(entry, "applies_to"), applies_to) == 0) print_entry(t, entry);
    }
}

static void print_page(struct tally *t, struct json_object *catalogue)
{
    static const char *const parts[] = {"request", "response", "stream", "error", "http", "list", "message_list"};
    printf("# Which rule enforces what\n\n"
           "Every constraint of the catalogue, a list of what the API's documents and its official endpoint demand that was written apart from\n"
           "the tables of this program, and the rule that enforces it, or the reason why none does. Generated by `make docs`.\n");
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) print_entries(t, catalogue, parts[i]);
    printf("\n## Count\n\n%zu constraints: %zu are rules of the same name, %zu are part of another rule, %zu are not judged for the reason\n"
           "beside them.\n",
           t->own + t->other + t->explained, t->own, t->other, t->explained);
}

static struct json_object *read_catalogue(const char *folder)
{
    static const struct yaml_limits limits = {.file = 8u << 20, .total = 64u << 20, .events = 1000000, .nodes = 1000000,
                                               .scalar = 1u << 20};
    char why[4096] = "";
    struct yaml_text text = {0};
    if (!yaml_read(&text, folder, "spec/rules.yaml", &limits, why, sizeof why)) fprintf(stderr, "%s\n", why);
    struct json_object *catalogue = json_object_get(text.object);
    yaml_clear(&text);
    return catalogue;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: coverage FOLDER, which holds spec/rules.yaml\n");
        return 2;
    }
    struct json_object *catalogue = read_catalogue(argv[1]);
    if (!catalogue) return 2;
    struct tally tally = {0};
    print_page(&tally, catalogue);
    for (size_t i = 0; reasons[i].id; i++)
        if (!tally.used[i]) complain(&tally, reasons[i].id, "is explained, but no constraint needs it");
    json_object_put(catalogue);
    return tally.mistakes ? 1 : 0;
}
