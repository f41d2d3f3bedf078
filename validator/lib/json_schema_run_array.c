/* json_schema_run_array.c: what a schema demands of arrays and of their items. */
#include "validator/lib/json_schema_run.h"

static bool size_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    const struct array_rules *rules = node->arrays;
    unsigned long long items = judge->doc->values[at].length, least = rules->least, most = rules->most;
    bool ok = true;
    if (items < least)
        ok = demand_broken(judge, node, "minItems", at, "the array has %llu item%s, fewer than %llu", items, plural(items), least);
    if (items > most) ok = demand_broken(judge, node, "maxItems", at, "the array has %llu item%s, more than %llu", items, plural(items), most);
    return ok;
}

static bool unique_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    size_t before, index;
    struct view again = repeated_item(&judge->effort, (struct view){judge->doc, at}, &before, &index);
    if (effort_over(&judge->effort)) return false;
    return !there(again) || demand_broken(judge, node, "uniqueItems", again.at, "item %zu is the same as item %zu", index, before);
}

/* A schema false behind a list is better told as what it means. */
static bool rest_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t item)
{
    const struct array_rules *rules = node->arrays;
    if (rules->rest->kind != NODE_NOTHING) return node_holds(judge, rules->rest, item, NULL);
    return demand_broken(judge, node, rules->rest_keyword, item, "the array may have no more than %u item%s", rules->prefix.count,
                         plural(rules->prefix.count));
}

static bool items_hold(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    const struct array_rules *rules = node->arrays;
    const struct value *values = judge->doc->values;
    uint32_t item = at + 1, index = 0;
    bool ok = effort_spend(&judge->effort, values[at].length);
    for (; item < values[at].next && index < rules->prefix.count && go_on(judge, ok); item = values[item].next) {
        ok = node_holds(judge, rules->prefix.list[index], item, NULL) && ok;
        mark(marks, index++);
    }
    if (!rules->rest) return ok;
    if (marks) marks->all = true;
    for (; item < values[at].next && go_on(judge, ok); item = values[item].next) ok = rest_holds(judge, node, item) && ok;
    return ok;
}

/* How many items fit; no more are looked at than it takes to know. */
static uint64_t count_fitting(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    const struct array_rules *rules = node->arrays;
    const struct value *values = judge->doc->values;
    bool all = (marks && marks->bits) || rules->most_contains != UINT64_MAX;
    uint64_t fitting = 0;
    size_t index = 0;
    for (uint32_t item = at + 1; item < values[at].next && !effort_over(&judge->effort); item = values[item].next, index++) {
        if (!all && fitting >= rules->least_contains) break;
        if (!node_holds_quietly(judge, rules->contains, item, NULL)) continue;
        fitting++;
        mark(marks, index);
    }
    return fitting;
}

static bool contains_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    const struct array_rules *rules = node->arrays;
    unsigned long long fitting = count_fitting(judge, node, at, marks), least = rules->least_contains, most = rules->most_contains;
    if (effort_over(&judge->effort)) return false;
    if (fitting < least && least == 1 && !there(get(node->self, "minContains")))
        return demand_broken(judge, node, "contains", at, "no item fits the schema of contains");
    if (fitting < least)
        return demand_broken(judge, node, "minContains", at, "the schema of contains fits %llu item%s, fewer than %llu", fitting, plural(fitting), least);
    return fitting <= most || demand_broken(judge, node, "maxContains", at, "the schema of contains fits %llu items, more than %llu", fitting, most);
}

bool array_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    const struct array_rules *rules = node->arrays;
    bool ok = size_holds(judge, node, at);
    if (go_on(judge, ok)) ok = items_hold(judge, node, at, marks) && ok;
    if (rules->contains && go_on(judge, ok)) ok = contains_holds(judge, node, at, marks) && ok;
    if (rules->unique && go_on(judge, ok)) ok = unique_holds(judge, node, at) && ok;
    return ok;
}

bool items_are_evaluated(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    const struct node *unevaluated = node->arrays ? node->arrays->unevaluated : NULL;
    const struct value *values = judge->doc->values;
    size_t index = 0;
    bool ok = true;
    if (!unevaluated) return true;
    for (uint32_t item = at + 1; item < values[at].next && go_on(judge, ok); item = values[item].next, index++) {
        if (is_marked(marks, index)) continue;
        if (unevaluated->kind == NODE_NOTHING)
            ok = demand_broken(judge, node, "unevaluatedItems", item, "the array may not have this item: nothing else speaks of it");
        else
            ok = node_holds(judge, unevaluated, item, NULL) && ok;
    }
    marks->all = true;
    return ok;
}
