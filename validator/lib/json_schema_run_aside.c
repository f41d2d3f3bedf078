/* json_schema_run_aside.c: schemas that are asked about the same value as the one they stand in: references, allOf, anyOf, oneOf, not, if. */
#include "validator/lib/json_schema_run.h"

/* --- references */

/* A reference to a schema that is being asked about this very value would never end. Long searches count as work. */
static bool leads_back(struct cc_schema_judge *judge, const struct node *target, uint32_t at)
{
    size_t looks = 0;
    for (const struct frame *frame = judge->frame; frame && frame->at == at; frame = frame->outer, looks++)
        if (frame->node == target) return true;
    effort_spend(&judge->effort, looks / 8);
    return false;
}

static bool reference_holds(struct cc_schema_judge *judge, const struct node *target, uint32_t at, struct marks *marks)
{
    if (!target->leaf && leads_back(judge, target, at))
        return effort_stop(&judge->effort, CC_SCHEMA_ENDLESS, "a reference of the schema leads back to itself at the same value");
    struct frame *own = judge->frame; /* of the schema that the reference stands in */
    if (own->hops >= judge->schema->limits.hops)
        return effort_stop(&judge->effort, CC_SCHEMA_TOO_EXPENSIVE, "more references follow one another at one value than may");
    own->hops++;
    bool ok = node_holds(judge, target, at, marks);
    own->hops--;
    return ok;
}

/* $dynamicRef: the outermost resource under way that has the name decides. */
static const struct node *dynamic_target(const struct cc_schema_judge *judge, const struct in_place *aside)
{
    const struct node *target = aside->dynamic;
    struct text name = aside->dynamic_name;
    if (!name.length) return target;
    const struct resource *seen = NULL;
    for (const struct frame *frame = judge->frame; frame; frame = frame->outer) {
        const struct resource *resource = frame->node->resource;
        if (resource == seen) continue;
        seen = resource;
        for (const struct anchor *anchor = resource->anchors; anchor; anchor = anchor->next)
            if (anchor->name.length == name.length && memcmp(anchor->name.bytes, name.bytes, name.length) == 0) target = anchor->node;
    }
    return target;
}

/* --- one of several */

/* What a branch broke first. A value that is of another type or has another tag than a branch wants was not meant for that branch. */
static bool was_meant(const struct cc_schema_judge *judge, uint32_t at)
{
    const char *keyword = judge->broken_keyword;
    if (!keyword || !*keyword) return false;
    bool tag = strcmp(keyword, "const") == 0 || strcmp(keyword, "enum") == 0;
    return judge->broken_at == at ? !tag && strcmp(keyword, "type") != 0 : !tag;
}

/* Lists the errors of the only branch that the value can have been meant for. */
static void list_branch(struct cc_schema_judge *judge, const struct nodes *branches, uint32_t at)
{
    const struct node *meant = NULL;
    for (uint32_t i = 0; i < branches->count && !effort_over(&judge->effort); i++) {
        judge->broken_keyword = NULL;
        if (node_holds_quietly(judge, branches->list[i], at, NULL) || !was_meant(judge, at)) continue;
        if (meant) return;
        meant = branches->list[i];
    }
    if (meant && !effort_over(&judge->effort)) node_holds(judge, meant, at, NULL);
}

/* Asks one branch; what it looked at counts only if it holds. */
static bool branch_holds(struct cc_schema_judge *judge, const struct node *branch, uint32_t at, struct marks *marks)
{
    if (!marks || !marks->bits) return node_holds_quietly(judge, branch, at, NULL);
    struct pile_mark before = pile_mark(&judge->effort.pile);
    size_t children = judge->doc->values[at].length;
    struct marks own;
    bool ok = marks_new(judge, children, &own) && node_holds_quietly(judge, branch, at, &own);
    if (ok) marks_add(marks, &own, children);
    pile_release(&judge->effort.pile, before);
    return ok;
}

static bool all_of_holds(struct cc_schema_judge *judge, const struct in_place *aside, uint32_t at, struct marks *marks)
{
    bool ok = true;
    for (uint32_t i = 0; i < aside->all.count && go_on(judge, ok); i++) ok = node_holds(judge, aside->all.list[i], at, marks) && ok;
    return ok;
}

static bool any_of_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    const struct nodes *any = &node->aside->any;
    bool tracking = marks && marks->bits, ok = false;
    for (uint32_t i = 0; i < any->count && (!ok || tracking) && !effort_over(&judge->effort); i++)
        ok = branch_holds(judge, any->list[i], at, marks) || ok;
    if (ok || effort_over(&judge->effort)) return ok;
    demand_broken(judge, node, "anyOf", at, "the value fits none of the schemas of anyOf");
    if (judge->listing) list_branch(judge, any, at);
    return false;
}

static bool one_of_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    const struct nodes *one = &node->aside->one;
    uint32_t fits = 0, places[2] = {0};
    for (uint32_t i = 0; i < one->count && fits < 2 && !effort_over(&judge->effort); i++)
        if (branch_holds(judge, one->list[i], at, marks)) places[fits++] = i;
    if (fits == 1 || effort_over(&judge->effort)) return fits == 1;
    if (fits == 2)
        return demand_broken(judge, node, "oneOf", at, "the value fits more than one schema of oneOf, numbers %u and %u", places[0], places[1]);
    demand_broken(judge, node, "oneOf", at, "the value fits none of the schemas of oneOf");
    if (judge->listing) list_branch(judge, one, at);
    return false;
}

static bool not_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    bool fits = node_holds_quietly(judge, node->aside->no, at, NULL);
    if (effort_over(&judge->effort)) return false;
    return !fits || demand_broken(judge, node, "not", at, "the value fits the schema that not forbids");
}

static bool if_holds(struct cc_schema_judge *judge, const struct in_place *aside, uint32_t at, struct marks *marks)
{
    bool fits = branch_holds(judge, aside->condition, at, marks);
    const struct node *next = fits ? aside->then : aside->otherwise;
    return !next || effort_over(&judge->effort) || node_holds(judge, next, at, marks);
}

bool aside_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    const struct in_place *aside = node->aside;
    bool ok = true;
    if (aside->ref) ok = reference_holds(judge, aside->ref, at, marks);
    if (aside->dynamic && go_on(judge, ok)) ok = reference_holds(judge, dynamic_target(judge, aside), at, marks) && ok;
    if (aside->all.count && go_on(judge, ok)) ok = all_of_holds(judge, aside, at, marks) && ok;
    if (aside->any.count && go_on(judge, ok)) ok = any_of_holds(judge, node, at, marks) && ok;
    if (aside->one.count && go_on(judge, ok)) ok = one_of_holds(judge, node, at, marks) && ok;
    if (aside->no && go_on(judge, ok)) ok = not_holds(judge, node, at) && ok;
    if (aside->condition && go_on(judge, ok)) ok = if_holds(judge, aside, at, marks) && ok;
    return ok;
}
