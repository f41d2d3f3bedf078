/* json_schema_build_object.c: what is asked of objects, put together from all its keywords: each key that one of them names has one
 * entry, found by the hash that keys carry in the index of a document. */
#include "validator/lib/json_schema_make.h"

struct object_rules *object_rules_of(struct making *making)
{
    struct node *node = making->node;
    if (node->objects) return node->objects;
    node->objects = make_block(making, NULL, sizeof *node->objects);
    if (node->objects) node->objects->most = UINT64_MAX;
    return node->objects;
}

void build_min_properties(struct making *making, struct view value)
{
    struct object_rules *rules = object_rules_of(making);
    if (rules) rules->least = count_of_value(value);
}

void build_max_properties(struct making *making, struct view value)
{
    struct object_rules *rules = object_rules_of(making);
    if (rules) rules->most = count_of_value(value);
}

void build_additional_properties(struct making *making, struct view value)
{
    struct object_rules *rules = object_rules_of(making);
    if (rules) rules->additional = make_child(making, value);
}

void build_property_names(struct making *making, struct view value)
{
    struct object_rules *rules = object_rules_of(making);
    if (rules) rules->names = make_child(making, value);
}

void build_unevaluated_properties(struct making *making, struct view value)
{
    struct object_rules *rules = object_rules_of(making);
    if (rules) rules->unevaluated = make_child(making, value);
}

void build_pattern_properties(struct making *making, struct view value)
{
    struct object_rules *rules = object_rules_of(making);
    if (!rules) return;
    rules->patterns = pile_take(&making->maker->schema->pile, count(value) * sizeof *rules->patterns);
    rules->pattern_count = 0;
    for (EVERY(schema, value)) {
        struct pattern_rule rule = {make_regex(making, key_of(schema)), make_child(making, schema)};
        if (rules->patterns && rule.regex && rule.schema) rules->patterns[rules->pattern_count++] = rule;
    }
}

/* The others need each other: they are put together at the end. */
void build_properties(struct making *making, struct view value) { making->properties = value; }
void build_required(struct making *making, struct view value) { making->required = value; }
void build_dependent_required(struct making *making, struct view value) { making->dependent_required = value; }
void build_dependent_schemas(struct making *making, struct view value) { making->dependent_schemas = value; }
void build_dependencies(struct making *making, struct view value) { making->dependencies = value; }

/* --- one entry for each key */

static size_t keys_named(const struct making *making)
{
    size_t keys = count(making->properties) + count(making->required) + count(making->dependent_schemas);
    for (EVERY(list, making->dependent_required)) keys += 1 + count(list);
    for (EVERY(item, making->dependencies)) keys += 1 + (is(item, ARR) ? count(item) : 0);
    return keys;
}

static bool make_table(struct making *making, struct object_rules *rules, size_t keys)
{
    struct pile *pile = &making->maker->schema->pile;
    size_t room = 4;
    while (room < 2 * keys) room *= 2;
    rules->mask = (uint32_t)room - 1;
    rules->table = pile_zeroed(pile, room * sizeof *rules->table);
    rules->members = pile_zeroed(pile, keys * sizeof *rules->members);
    return rules->table && rules->members;
}

/* The number of the entry for a key (or a string that names one), made if need be. */
static uint32_t member_number(struct making *making, struct object_rules *rules, struct view key)
{
    struct maker *maker = making->maker;
    struct pile_mark before = pile_mark(&maker->effort.pile);
    struct text text = effort_text(&maker->effort, key.doc, key.at);
    uint16_t hash = text_hash(text.bytes ? text.bytes : "", text.length);
    uint32_t slot = hash & rules->mask, number;
    for (; (number = rules->table[slot]) != 0; slot = (slot + 1) & rules->mask) {
        const struct member_rule *member = &rules->members[number - 1];
        if (member->hash == hash && member->key.length == text.length && memcmp(member->key.bytes, text.bytes, text.length) == 0) break;
        if (!effort_spend(&maker->effort, 1)) break; /* keys of one hash by the thousand; the schema is refused */
    }
    if (number == 0) {
        char *copy = pile_text(&maker->schema->pile, text.bytes, text.length);
        rules->members[rules->count] = (struct member_rule){.key = {copy ? copy : "", copy ? text.length : 0}, .hash = hash};
        rules->table[slot] = number = ++rules->count;
    }
    pile_release(&maker->effort.pile, before);
    return number - 1;
}

static void add_properties(struct making *making, struct object_rules *rules)
{
    for (EVERY(schema, making->properties)) {
        uint32_t number = member_number(making, rules, key_of(schema));
        rules->members[number].schema = make_child(making, schema);
    }
}

static void add_required(struct making *making, struct object_rules *rules, size_t keys)
{
    if (count(making->required) == 0) return;
    rules->required = pile_zeroed(&making->maker->schema->pile, (keys / 64 + 1) * sizeof *rules->required);
    for (EVERY(key, making->required)) {
        uint32_t number = member_number(making, rules, key);
        if (rules->required) rules->required[number / 64] |= (uint64_t)1 << number % 64;
    }
}

static void add_dependence(struct making *making, struct object_rules *rules, struct view value, const char *keyword)
{
    struct pile *pile = &making->maker->schema->pile;
    uint32_t number = member_number(making, rules, key_of(value));
    struct dependence *dependence = pile_zeroed(pile, sizeof *dependence);
    if (!dependence) return;
    *dependence = (struct dependence){.keyword = keyword, .next = rules->members[number].dependence};
    if (is(value, ARR)) {
        dependence->needs = pile_take(pile, count(value) * sizeof *dependence->needs);
        for (EVERY(key, value))
            if (dependence->needs) dependence->needs[dependence->count++] = member_number(making, rules, key);
    } else {
        dependence->schema = make_child(making, value);
    }
    rules->members[number].dependence = dependence;
    rules->depends = true;
}

static void add_dependences(struct making *making, struct object_rules *rules)
{
    for (EVERY(list, making->dependent_required)) add_dependence(making, rules, list, "dependentRequired");
    for (EVERY(schema, making->dependent_schemas)) add_dependence(making, rules, schema, "dependentSchemas");
    for (EVERY(item, making->dependencies)) add_dependence(making, rules, item, "dependencies");
}

void finish_objects(struct making *making)
{
    size_t keys = keys_named(making);
    struct object_rules *rules = keys ? object_rules_of(making) : making->node->objects;
    if (!rules || keys == 0 || !make_table(making, rules, keys)) return;
    add_properties(making, rules);
    add_required(making, rules, keys);
    add_dependences(making, rules);
}
