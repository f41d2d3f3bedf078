/* json_schema_run_object.c: what a schema demands of objects and of their members. */
#include "validator/lib/json_schema_run.h"

#include <stdio.h>

enum { MEMBER_SHOWN = 100 }; /* bytes of a key in a sentence */
static const uint32_t no_member = UINT32_MAX;

/* The look at one object that is under way. */
struct look {
    const struct node *node;
    uint32_t at;
    uint64_t *present; /* bits of members that are there */
    uint32_t expected; /* number of the member that probably comes next: the order of the schema is often that of the document */
};

static bool member_is(struct cc_schema_judge *judge, const struct member_rule *member, uint32_t key)
{
    return member->hash == judge->doc->values[key].hash && key_is(&judge->effort, judge->doc, key, member->key);
}

static uint32_t find_member(struct cc_schema_judge *judge, struct look *look, uint32_t key)
{
    const struct object_rules *rules = look->node->objects;
    if (look->expected < rules->count && member_is(judge, &rules->members[look->expected], key)) return look->expected++;
    if (!rules->table) return no_member;
    uint32_t slot = judge->doc->values[key].hash & rules->mask, number, tries = 0;
    for (; (number = rules->table[slot]) != 0; slot = (slot + 1) & rules->mask, tries++) {
        if (tries && !effort_spend(&judge->effort, 1)) break;
        if (!member_is(judge, &rules->members[number - 1], key)) continue;
        look->expected = number;
        return number - 1;
    }
    return no_member;
}

/* --- members */

static bool additional_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t value)
{
    const struct node *additional = node->objects->additional;
    if (additional->kind != NODE_NOTHING) return node_holds(judge, additional, value, NULL);
    char shown[80] = "";
    if (judge->listing) value_excerpt((struct view){judge->doc, value - 1}, shown, sizeof shown);
    return demand_broken(judge, node, "additionalProperties", value, "the member %s is not allowed here", shown);
}

static bool patterns_hold(struct cc_schema_judge *judge, const struct object_rules *rules, uint32_t value, bool *spoken_of)
{
    bool ok = true;
    for (uint32_t i = 0; i < rules->pattern_count && go_on(judge, ok); i++) {
        if (!pattern_found(judge, rules->patterns[i].regex, value - 1)) continue;
        *spoken_of = true;
        ok = node_holds(judge, rules->patterns[i].schema, value, NULL) && ok;
    }
    return ok && !effort_over(&judge->effort);
}

static bool member_holds(struct cc_schema_judge *judge, struct look *look, uint32_t value, size_t index, struct marks *marks)
{
    const struct object_rules *rules = look->node->objects;
    uint32_t number = rules->count ? find_member(judge, look, value - 1) : no_member;
    bool spoken_of = false, ok = true;
    if (number != no_member) {
        look->present[number / 64] |= (uint64_t)1 << number % 64;
        const struct node *schema = rules->members[number].schema;
        spoken_of = schema != NULL;
        if (schema) ok = node_holds(judge, schema, value, NULL);
    }
    if (rules->pattern_count && go_on(judge, ok)) ok = patterns_hold(judge, rules, value, &spoken_of) && ok;
    if (rules->additional && !spoken_of && go_on(judge, ok)) {
        spoken_of = true;
        ok = additional_holds(judge, look->node, value) && ok;
    }
    if (spoken_of) mark(marks, index);
    if (rules->names && go_on(judge, ok)) ok = node_holds(judge, rules->names, value - 1, NULL) && ok;
    return ok;
}

static bool members_hold(struct cc_schema_judge *judge, struct look *look, struct marks *marks)
{
    const struct value *values = judge->doc->values;
    size_t index = 0;
    bool ok = effort_spend(&judge->effort, values[look->at].length);
    for (uint32_t value = look->at + 2; value - 1 < values[look->at].next && go_on(judge, ok); value = values[value].next + 1)
        ok = member_holds(judge, look, value, index++, marks) && ok;
    return ok;
}

/* --- the object itself */

/* A key that is repeated counts once. */
static unsigned long long distinct_members(const struct document *doc, uint32_t at)
{
    unsigned long long members = doc->values[at].length;
    for (uint32_t key = at + 1; key < doc->values[at].next; key = doc->values[key + 1].next)
        members -= (doc->values[key].flags & V_DUPLICATE) != 0;
    return members;
}

static bool count_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    const struct object_rules *rules = node->objects;
    if (rules->least == 0 && rules->most == UINT64_MAX) return true;
    unsigned long long members = distinct_members(judge->doc, at), least = rules->least, most = rules->most;
    bool ok = true;
    if (members < least)
        ok = demand_broken(judge, node, "minProperties", at, "the object has %llu member%s, fewer than %llu", members, plural(members), least);
    if (members > most)
        ok = demand_broken(judge, node, "maxProperties", at, "the object has %llu member%s, more than %llu", members, plural(members), most);
    return ok;
}

static bool missing(struct cc_schema_judge *judge, const struct look *look, uint32_t number, const char *keyword, const char *because)
{
    struct text key = look->node->objects->members[number].key;
    int length = (int)text_cut(key.bytes, key.length, MEMBER_SHOWN);
    return demand_broken(judge, look->node, keyword, look->at, "the member \"%.*s\" is missing%s", length, key.bytes, because);
}

static bool required_holds(struct cc_schema_judge *judge, const struct look *look)
{
    const struct object_rules *rules = look->node->objects;
    bool ok = true;
    for (uint32_t word = 0; word * 64 < rules->count && go_on(judge, ok); word++) {
        uint64_t absent = rules->required[word] & ~look->present[word];
        for (uint32_t bit = 0; absent && go_on(judge, ok); bit++, absent >>= 1)
            if (absent & 1) ok = missing(judge, look, word * 64 + bit, "required", "");
    }
    return ok;
}

static bool is_present(const struct look *look, uint32_t number) { return look->present[number / 64] >> number % 64 & 1; }

static bool dependence_holds(struct cc_schema_judge *judge, const struct look *look, uint32_t number, const struct dependence *dependence,
                             struct marks *marks)
{
    if (dependence->schema) return node_holds(judge, dependence->schema, look->at, marks);
    struct text key = look->node->objects->members[number].key;
    char because[MEMBER_SHOWN + 40] = "";
    bool ok = true;
    int length = (int)text_cut(key.bytes, key.length, MEMBER_SHOWN);
    if (judge->listing) snprintf(because, sizeof because, ", which \"%.*s\" needs", length, key.bytes);
    for (uint32_t i = 0; i < dependence->count && go_on(judge, ok); i++)
        if (!is_present(look, dependence->needs[i])) ok = missing(judge, look, dependence->needs[i], dependence->keyword, because);
    return ok;
}

static bool dependences_hold(struct cc_schema_judge *judge, const struct look *look, struct marks *marks)
{
    const struct object_rules *rules = look->node->objects;
    bool ok = effort_spend(&judge->effort, rules->count / 8);
    for (uint32_t number = 0; number < rules->count && go_on(judge, ok); number++) {
        const struct dependence *dependence = is_present(look, number) ? rules->members[number].dependence : NULL;
        for (; dependence && go_on(judge, ok); dependence = dependence->next)
            ok = dependence_holds(judge, look, number, dependence, marks) && ok;
    }
    return ok;
}

static bool look_holds(struct cc_schema_judge *judge, struct look *look, struct marks *marks)
{
    const struct object_rules *rules = look->node->objects;
    bool each = rules->count || rules->pattern_count || rules->additional || rules->names;
    bool ok = count_holds(judge, look->node, look->at);
    if (each && go_on(judge, ok)) ok = members_hold(judge, look, marks) && ok;
    if (rules->required && go_on(judge, ok)) ok = required_holds(judge, look) && ok;
    if (rules->depends && go_on(judge, ok)) ok = dependences_hold(judge, look, marks) && ok;
    return ok;
}

bool object_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    uint64_t few = 0;
    struct look look = {.node = node, .at = at, .present = &few};
    if (node->objects->count <= 64) return look_holds(judge, &look, marks);
    struct pile_mark before = pile_mark(&judge->effort.pile);
    look.present = pile_zeroed(&judge->effort.pile, (node->objects->count / 64 + 1) * sizeof *look.present);
    bool ok = look.present ? look_holds(judge, &look, marks) : effort_no_memory(&judge->effort);
    pile_release(&judge->effort.pile, before);
    return ok;
}

bool members_are_evaluated(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    const struct node *unevaluated = node->objects ? node->objects->unevaluated : NULL;
    const struct value *values = judge->doc->values;
    size_t index = 0;
    bool ok = true;
    if (!unevaluated) return true;
    for (uint32_t value = at + 2; value - 1 < values[at].next && go_on(judge, ok); value = values[value].next + 1, index++) {
        char shown[80] = "";
        if (is_marked(marks, index)) continue;
        if (unevaluated->kind != NODE_NOTHING) {
            ok = node_holds(judge, unevaluated, value, NULL) && ok;
            continue;
        }
        if (judge->listing) value_excerpt((struct view){judge->doc, value - 1}, shown, sizeof shown);
        ok = demand_broken(judge, node, "unevaluatedProperties", value, "the member %s is not allowed here: nothing else speaks of it", shown);
    }
    marks->all = true;
    return ok;
}
