/* json_schema_run.c: asks a compiled schema about a value. A value that keeps the schema costs a few comparisons for each demand; words are
 * put together only when errors are listed. Every piece of work is counted, so a schema that was built to keep a checker busy ends as
 * undecided. */
#include "validator/lib/json_schema_run.h"

#include <stdarg.h>
#include <stdio.h>

enum { SENTENCE_ROOM = 500 };

/* --- errors */

static void list_error(struct cc_schema_judge *judge, const struct node *node, const char *keyword, uint32_t at, const char *sentence)
{
    struct tally *tally = &judge->tally;
    const struct source *source = node->resource->source;
    struct text uri = source->origin == MAIN ? (struct text){0} : source->uri;
    const struct value *v = &judge->doc->values[at];
    tally_add(tally, &(struct cc_schema_error){
        .pointer = tally_pointer(tally, judge->doc, judge->root, at),
        .offset = v->offset - (v->type == STR),
        .place = tally_place(tally, uri, node->self, keyword),
        .keyword = keyword,
        .message = pile_text(&tally->texts, sentence, strlen(sentence)),
    });
    if (tally->failed) effort_no_memory(&judge->effort);
}

bool demand_broken(struct cc_schema_judge *judge, const struct node *node, const char *keyword, uint32_t at, const char *format, ...)
{
    judge->broken_keyword = keyword;
    judge->broken_at = at;
    if (!judge->listing || !tally_wants(&judge->tally)) return false;
    char sentence[SENTENCE_ROOM];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    list_error(judge, node, keyword, at, sentence);
    return false;
}

/* --- type, enum, const */

static const char *type_name(unsigned type)
{
    switch (type) {
    case NIL: return "null";
    case BOOL: return "a boolean";
    case INT: return "an integer";
    case REAL: return "a number with a fraction";
    case STR: return "a string";
    case ARR: return "an array";
    default: return "an object";
    }
}

static void list_types(struct view types, char *out, size_t room)
{
    size_t used = 0, left = count(types);
    char name[32];
    if (is(types, STR)) {
        value_excerpt(types, out, room);
        return;
    }
    out[0] = '\0';
    for (EVERY(type, types)) {
        const char *before = used == 0 ? "" : left == 1 ? " or " : ", ";
        int length = snprintf(out + used, room - used, "%s%s", before, value_excerpt(type, name, sizeof name));
        if (length < 0 || (size_t)length >= room - used) return;
        used += (size_t)length;
        left--;
    }
}

static bool wrong_type(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    char types[160] = "";
    if (judge->listing) list_types(get(node->self, "type"), types, sizeof types);
    return demand_broken(judge, node, "type", at, "the value is %s; its type is to be %s", type_name(judge->doc->values[at].type), types);
}

static bool type_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    const struct value *v = &judge->doc->values[at];
    if (!(v->type & node->types)) return wrong_type(judge, node, at);
    if (!node->whole || v->type != REAL) return true;
    struct decimal number = decimal_of((struct view){judge->doc, at});
    return decimal_is_whole(&number) || wrong_type(judge, node, at);
}

static bool is_short_choice(struct effort *effort, const struct choices *choices, struct view value)
{
    for (EVERY(choice, choices->list))
        if (values_same(effort, value, choice)) return true;
    return false;
}

static bool is_sorted_choice(struct effort *effort, const struct choices *choices, struct view value)
{
    uint64_t hash = value_hash(effort, value);
    size_t low = 0, high = choices->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (choices->sorted[middle].hash < hash) low = middle + 1;
        else high = middle;
    }
    for (; low < choices->count && choices->sorted[low].hash == hash; low++)
        if (values_same(effort, value, (struct view){choices->list.doc, choices->sorted[low].at})) return true;
    return false;
}

static bool enum_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    struct view value = {judge->doc, at};
    const struct choices *choices = node->choices;
    bool found = choices->sorted ? is_sorted_choice(&judge->effort, choices, value) : is_short_choice(&judge->effort, choices, value);
    if (found || effort_over(&judge->effort)) return found;
    char shown[80] = "", list[200] = "";
    if (judge->listing) {
        value_excerpt(value, shown, sizeof shown);
        value_excerpt(choices->list, list, sizeof list);
    }
    return demand_broken(judge, node, "enum", at, "%s is none of %s", shown, list);
}

static bool const_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    struct view value = {judge->doc, at};
    bool same = values_same(&judge->effort, value, node->constant);
    if (same || effort_over(&judge->effort)) return same;
    char shown[80] = "", wanted[120] = "";
    if (judge->listing) {
        value_excerpt(value, shown, sizeof shown);
        value_excerpt(node->constant, wanted, sizeof wanted);
    }
    return demand_broken(judge, node, "const", at, "%s is not %s", shown, wanted);
}

/* --- a node */

static bool value_itself_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    bool ok = type_holds(judge, node, at);
    if (node->choices && go_on(judge, ok)) ok = enum_holds(judge, node, at) && ok;
    if (there(node->constant) && go_on(judge, ok)) ok = const_holds(judge, node, at) && ok;
    if (!go_on(judge, ok)) return ok;
    unsigned type = judge->doc->values[at].type;
    if (type == STR && node->strings) ok = string_holds(judge, node, at) && ok;
    if ((type & NUM) && node->numbers) ok = number_holds(judge, node, at) && ok;
    return ok;
}

static bool rules_hold(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    bool ok = value_itself_holds(judge, node, at);
    unsigned type = judge->doc->values[at].type;
    if (type == ARR && node->arrays && go_on(judge, ok)) ok = array_holds(judge, node, at, marks) && ok;
    if (type == OBJ && node->objects && go_on(judge, ok)) ok = object_holds(judge, node, at, marks) && ok;
    if (node->aside && go_on(judge, ok)) ok = aside_holds(judge, node, at, marks) && ok;
    return ok;
}

bool marks_new(struct cc_schema_judge *judge, size_t count, struct marks *marks)
{
    size_t size = (count / 64 + 1) * sizeof *marks->bits;
    *marks = (struct marks){.bits = pile_zeroed(&judge->effort.pile, size)};
    if (!marks->bits) return effort_no_memory(&judge->effort);
    return effort_spend(&judge->effort, count / 64);
}

void marks_add(struct marks *to, const struct marks *from, size_t count)
{
    to->all = to->all || from->all;
    for (size_t i = 0; i <= count / 64; i++) to->bits[i] |= from->bits[i];
}

/* unevaluatedItems and unevaluatedProperties come last, when all schemas beside them have marked what they looked at. After an error what is
 * left unmarked says nothing. */
static bool tracked_rules_hold(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *outer)
{
    struct pile_mark before = pile_mark(&judge->effort.pile);
    size_t children = judge->doc->values[at].length;
    struct marks marks;
    bool ok = marks_new(judge, children, &marks) && rules_hold(judge, node, at, &marks);
    if (ok && judge->doc->values[at].type == ARR) ok = items_are_evaluated(judge, node, at, &marks);
    else if (ok) ok = members_are_evaluated(judge, node, at, &marks);
    if (ok && outer && outer->bits) marks_add(outer, &marks, children);
    pile_release(&judge->effort.pile, before);
    return ok;
}

/* Schemas that ask others stand in a row of frames, for limits, loops and $dynamicRef. */
static bool framed_rules_hold(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    struct frame *outer = judge->frame;
    struct frame frame = {outer, node, at, outer && outer->at == at ? outer->hops : 0};
    if (judge->levels >= judge->schema->limits.levels)
        return effort_stop(&judge->effort, CC_SCHEMA_TOO_EXPENSIVE, "more schemas are under way inside each other than may be");
    judge->levels++;
    judge->frame = &frame;
    bool container = (judge->doc->values[at].type & (ARR | OBJ)) != 0;
    bool ok = node->tracks && container ? tracked_rules_hold(judge, node, at, marks) : rules_hold(judge, node, at, marks);
    judge->frame = outer;
    judge->levels--;
    return ok;
}

bool node_holds_wholly(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    if (!effort_spend(&judge->effort, 1)) return false;
    if (node->kind == NODE_NOTHING) return demand_broken(judge, node, "", at, "the schema false allows no value here");
    bool ok = node->leaf ? value_itself_holds(judge, node, at) : framed_rules_hold(judge, node, at, marks);
    return ok && !effort_over(&judge->effort);
}

bool node_holds_quietly(struct cc_schema_judge *judge, const struct node *node, uint32_t at, struct marks *marks)
{
    bool listing = judge->listing;
    judge->listing = false;
    bool ok = node_holds(judge, node, at, marks);
    judge->listing = listing;
    return ok;
}
