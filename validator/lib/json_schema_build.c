/* json_schema_build.c: what each keyword adds to a node. Their values have been checked by the table before. */
#include "validator/lib/json_schema_make.h"

enum { PATTERN_BYTES = 8 << 20, CHOICES_SORTED = 8 };

/* --- shared */

void *make_block(struct making *making, void *block, size_t size)
{
    return block ? block : pile_zeroed(&making->maker->schema->pile, size);
}

struct node *make_child(struct making *making, struct view value) { return make_node(making->maker, making->node->resource, value.at); }

static bool make_children(struct making *making, struct view list, struct nodes *nodes)
{
    nodes->count = 0;
    nodes->list = pile_take(&making->maker->schema->pile, count(list) * sizeof *nodes->list);
    if (!nodes->list) return false;
    for (EVERY(value, list)) {
        struct node *node = make_child(making, value);
        if (!node) return false;
        nodes->list[nodes->count++] = node;
    }
    return true;
}

uint64_t count_of_value(struct view value)
{
    struct decimal number = decimal_of(value);
    return decimal_as_count(&number);
}

static bool too_many_patterns(struct making *making, const struct regex *regex, struct view string)
{
    making->maker->pattern_bytes += regex_size(regex);
    if (making->maker->pattern_bytes <= PATTERN_BYTES) return false;
    schema_fault(making->maker, CC_SCHEMA_TOO_LARGE, making->node->resource, string, "the patterns of the schema together take too much memory");
    return true;
}

const struct regex *make_regex(struct making *making, struct view string)
{
    struct maker *maker = making->maker;
    struct regex_why why;
    struct text text = effort_text(&maker->effort, string.doc, string.at);
    if (!text.bytes || maker->pattern_bytes > PATTERN_BYTES) return NULL;
    struct regex *regex = regex_new(REGEX_ECMA, text.bytes, text.length, &why);
    struct pattern_list *item = regex ? pile_take(&maker->schema->pile, sizeof *item) : NULL;
    if (item) {
        *item = (struct pattern_list){regex, maker->schema->patterns};
        maker->schema->patterns = item;
        return too_many_patterns(making, regex, string) ? NULL : regex;
    }
    regex_free(regex);
    if (regex || why.fault == REGEX_NO_MEMORY) {
        maker->effort.no_memory = true;
        return NULL;
    }
    static const enum cc_schema_reason reasons[] = {
        [REGEX_WRONG] = CC_SCHEMA_WRONG, [REGEX_TOO_LARGE] = CC_SCHEMA_TOO_LARGE, [REGEX_UNSUPPORTED] = CC_SCHEMA_UNSUPPORTED};
    char shown[120];
    schema_fault(maker, reasons[why.fault], making->node->resource, string, "the pattern %s cannot be used: %s",
                 value_excerpt(string, shown, sizeof shown), why.words);
    return NULL;
}

void build_schema(struct making *making, struct view value) { make_child(making, value); }

void build_schema_map(struct making *making, struct view value)
{
    for (EVERY(schema, value)) make_child(making, schema);
}

void build_unsupported(struct making *making, struct view value)
{
    struct maker *maker = making->maker;
    schema_fault(maker, CC_SCHEMA_UNSUPPORTED, making->node->resource, value, "%s belongs to draft 2019-09, which is not known here", maker->keyword);
}

/* --- any value */

static unsigned type_of_name(struct view name, bool *whole)
{
    static const struct {
        const char *name;
        unsigned type;
    } types[] = {{"null", NIL}, {"boolean", BOOL}, {"object", OBJ}, {"array", ARR}, {"number", NUM}, {"string", STR}, {"integer", INT}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (text_is(name, types[i].name)) {
            *whole = *whole || types[i].type == INT;
            return types[i].type;
        }
    return 0;
}

/* An integer is any number without a fraction, 1.0 too: REAL is let in and looked at. */
void build_type(struct making *making, struct view value)
{
    unsigned types = 0;
    bool whole = false;
    if (is(value, STR)) types = type_of_name(value, &whole);
    for (EVERY(name, value)) types |= type_of_name(name, &whole);
    making->node->whole = whole && !(types & REAL);
    making->node->types = (uint8_t)(types | (whole ? REAL : 0u));
}

static int compare_choices(const void *a, const void *b)
{
    const struct choice *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

/* Shell's sort: short, without memory, and good enough for what is done once. */
static void sort_choices(struct choice *choices, size_t n)
{
    for (size_t gap = n / 2; gap > 0; gap = gap == 2 ? 1 : gap * 5 / 11)
        for (size_t i = gap; i < n; i++) {
            struct choice moving = choices[i];
            size_t k = i;
            for (; k >= gap && compare_choices(&choices[k - gap], &moving) > 0; k -= gap) choices[k] = choices[k - gap];
            choices[k] = moving;
        }
}

void build_enum(struct making *making, struct view value)
{
    struct choices *choices = make_block(making, making->node->choices, sizeof *choices);
    if (!choices) return;
    *choices = (struct choices){.list = value, .count = (uint32_t)count(value)};
    making->node->choices = choices;
    if (choices->count <= CHOICES_SORTED) return;
    choices->sorted = pile_take(&making->maker->schema->pile, choices->count * sizeof *choices->sorted);
    if (!choices->sorted) return;
    size_t i = 0;
    for (EVERY(item, value)) choices->sorted[i++] = (struct choice){value_hash(&making->maker->effort, item), item.at};
    sort_choices(choices->sorted, choices->count);
}

void build_const(struct making *making, struct view value) { making->node->constant = value; }

/* --- strings */

static struct string_rules *strings_of(struct making *making)
{
    struct node *node = making->node;
    if (node->strings) return node->strings;
    node->strings = make_block(making, NULL, sizeof *node->strings);
    if (node->strings) node->strings->most = UINT64_MAX;
    return node->strings;
}

void build_min_length(struct making *making, struct view value)
{
    struct string_rules *rules = strings_of(making);
    if (rules) rules->least = count_of_value(value);
}

void build_max_length(struct making *making, struct view value)
{
    struct string_rules *rules = strings_of(making);
    if (rules) rules->most = count_of_value(value);
}

void build_pattern(struct making *making, struct view value)
{
    struct string_rules *rules = strings_of(making);
    if (rules) rules->pattern = make_regex(making, value);
}

/* Formats that are not known decide nothing, as the drafts have it. */
void build_format(struct making *making, struct view value)
{
    bool asserted = making->maker->options->assert_formats || (making->node->resource->dialect.vocabularies & IN_FORMAT_ASSERTION);
    if (!asserted) return;
    const struct format *format = find_format(effort_text(&making->maker->effort, value.doc, value.at));
    struct string_rules *rules = format ? strings_of(making) : NULL;
    if (rules) rules->format = format;
}

/* --- numbers */

static void build_bound(struct making *making, struct view value, enum bound bound)
{
    struct node *node = making->node;
    node->numbers = make_block(making, node->numbers, sizeof *node->numbers);
    if (!node->numbers) return;
    node->numbers->set[bound] = true;
    node->numbers->bounds[bound] = decimal_of(value);
}

void build_minimum(struct making *making, struct view value) { build_bound(making, value, MINIMUM); }
void build_maximum(struct making *making, struct view value) { build_bound(making, value, MAXIMUM); }
void build_exclusive_minimum(struct making *making, struct view value) { build_bound(making, value, EXCLUSIVE_MINIMUM); }
void build_exclusive_maximum(struct making *making, struct view value) { build_bound(making, value, EXCLUSIVE_MAXIMUM); }
void build_multiple_of(struct making *making, struct view value) { build_bound(making, value, MULTIPLE_OF); }

/* --- arrays */

static struct array_rules *arrays_of(struct making *making)
{
    struct node *node = making->node;
    if (node->arrays) return node->arrays;
    node->arrays = make_block(making, NULL, sizeof *node->arrays);
    if (!node->arrays) return NULL;
    node->arrays->most = node->arrays->most_contains = UINT64_MAX;
    node->arrays->least_contains = 1;
    return node->arrays;
}

void build_min_items(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (rules) rules->least = count_of_value(value);
}

void build_max_items(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (rules) rules->most = count_of_value(value);
}

void build_unique_items(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (rules) rules->unique = is_true(value);
}

void build_items(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (!rules) return;
    rules->list_of_items = is(value, ARR);
    if (rules->list_of_items) {
        make_children(making, value, &rules->prefix);
    } else {
        rules->rest = make_child(making, value);
        rules->rest_keyword = "items";
    }
}

void build_additional_items(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (rules) rules->additional = make_child(making, value);
}

void build_prefix_items(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (rules) make_children(making, value, &rules->prefix);
}

void build_contains(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (rules) rules->contains = make_child(making, value);
}

void build_min_contains(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (rules) rules->least_contains = count_of_value(value);
}

void build_max_contains(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (rules) rules->most_contains = count_of_value(value);
}

void build_unevaluated_items(struct making *making, struct view value)
{
    struct array_rules *rules = arrays_of(making);
    if (rules) rules->unevaluated = make_child(making, value);
}

/* additionalItems means the items behind a list, and nothing without one. */
void finish_arrays(struct making *making)
{
    struct array_rules *rules = making->node->arrays;
    if (!rules || !rules->list_of_items || !rules->additional) return;
    rules->rest = rules->additional;
    rules->rest_keyword = "additionalItems";
}

/* --- schemas for the same value */

static struct in_place *aside_of(struct making *making)
{
    making->node->aside = make_block(making, making->node->aside, sizeof *making->node->aside);
    return making->node->aside;
}

static void build_reference(struct making *making, struct view value, bool dynamic)
{
    struct maker *maker = making->maker;
    struct pending *pending = aside_of(making) ? pile_take(&maker->schema->pile, sizeof *pending) : NULL;
    if (!pending) return;
    *pending = (struct pending){making->node, value, dynamic, NULL};
    *maker->last_pending = pending;
    maker->last_pending = &pending->next;
}

void build_ref(struct making *making, struct view value) { build_reference(making, value, false); }
void build_dynamic_ref(struct making *making, struct view value) { build_reference(making, value, true); }

void build_all_of(struct making *making, struct view value)
{
    struct in_place *aside = aside_of(making);
    if (aside) make_children(making, value, &aside->all);
}

void build_any_of(struct making *making, struct view value)
{
    struct in_place *aside = aside_of(making);
    if (aside) make_children(making, value, &aside->any);
}

void build_one_of(struct making *making, struct view value)
{
    struct in_place *aside = aside_of(making);
    if (aside) make_children(making, value, &aside->one);
}

void build_not(struct making *making, struct view value)
{
    struct in_place *aside = aside_of(making);
    if (aside) aside->no = make_child(making, value);
}

void build_if(struct making *making, struct view value)
{
    struct in_place *aside = aside_of(making);
    if (aside) aside->condition = make_child(making, value);
}

void build_then(struct making *making, struct view value)
{
    struct in_place *aside = aside_of(making);
    if (aside) aside->then = make_child(making, value);
}

void build_else(struct making *making, struct view value)
{
    struct in_place *aside = aside_of(making);
    if (aside) aside->otherwise = make_child(making, value);
}
