/* json_schema_run_scalar.c: what a schema demands of strings and numbers. */
#include "validator/lib/json_schema_run.h"

bool pattern_found(struct cc_schema_judge *judge, const struct regex *regex, uint32_t at)
{
    struct effort *effort = &judge->effort;
    struct pile_mark before = pile_mark(&effort->pile);
    struct text text = effort_text(effort, judge->doc, at);
    enum regex_verdict verdict = text.bytes ? regex_find(regex, &judge->regex, text.bytes, text.length, true) : REGEX_FAILED;
    pile_release(&effort->pile, before);
    effort_spend(effort, 1 + text.length / 64);
    if (verdict == REGEX_TOO_EXPENSIVE) effort_stop(effort, CC_SCHEMA_TOO_EXPENSIVE, "a pattern takes too long on its text");
    if (verdict == REGEX_SUBJECT_TOO_LONG) effort_stop(effort, CC_SCHEMA_TOO_EXPENSIVE, "a text is too long for a pattern");
    if (verdict == REGEX_FAILED) effort_no_memory(effort);
    return verdict == REGEX_FOUND && !effort_over(effort);
}

static bool length_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    const struct string_rules *rules = node->strings;
    uint64_t bytes = judge->doc->values[at].length; /* a character has one, or up to twelve when it is escaped */
    if (bytes <= rules->most && bytes / 12 >= rules->least) return true;
    unsigned long long chars = chars_of((struct view){judge->doc, at}), least = rules->least, most = rules->most;
    bool ok = true;
    if (chars < least)
        ok = demand_broken(judge, node, "minLength", at, "the string has %llu character%s, fewer than %llu", chars, plural(chars), least);
    if (chars > most)
        ok = demand_broken(judge, node, "maxLength", at, "the string has %llu character%s, more than %llu", chars, plural(chars), most);
    return ok;
}

static bool string_pattern_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    if (pattern_found(judge, node->strings->pattern, at)) return true;
    if (effort_over(&judge->effort)) return false;
    char shown[80] = "", pattern[160] = "";
    if (judge->listing) {
        value_excerpt((struct view){judge->doc, at}, shown, sizeof shown);
        value_excerpt(get(node->self, "pattern"), pattern, sizeof pattern);
    }
    return demand_broken(judge, node, "pattern", at, "%s does not match the pattern %s", shown, pattern);
}

static bool format_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    struct pile_mark before = pile_mark(&judge->effort.pile);
    struct text text = effort_text(&judge->effort, judge->doc, at);
    bool ok = text.bytes && node->strings->format->holds(text.bytes, text.length);
    pile_release(&judge->effort.pile, before);
    if (ok || effort_over(&judge->effort)) return ok;
    char shown[80] = "";
    if (judge->listing) value_excerpt((struct view){judge->doc, at}, shown, sizeof shown);
    return demand_broken(judge, node, "format", at, "%s is not %s", shown, node->strings->format->says);
}

bool string_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    const struct string_rules *rules = node->strings;
    bool ok = length_holds(judge, node, at);
    if (rules->pattern && go_on(judge, ok)) ok = string_pattern_holds(judge, node, at) && ok;
    if (rules->format && go_on(judge, ok)) ok = format_holds(judge, node, at) && ok;
    return ok;
}

/* --- numbers */

static const struct {
    const char *keyword, *says;
} bound_words[BOUND_COUNT] = {
    {"minimum", "is below"},
    {"maximum", "is above"},
    {"exclusiveMinimum", "is not above"},
    {"exclusiveMaximum", "is not below"},
    {"multipleOf", "is not a multiple of"},
};

static bool bound_holds(struct cc_schema_judge *judge, const struct decimal *number, const struct decimal *limit, enum bound bound)
{
    bool unknown, holds;
    if (bound == MULTIPLE_OF) {
        holds = decimal_is_multiple(number, limit, &unknown);
        if (unknown) effort_stop(&judge->effort, CC_SCHEMA_TOO_EXPENSIVE, "a number has too many digits to be divided");
        return holds;
    }
    int order = decimal_compare(number, limit);
    return bound == MINIMUM ? order >= 0 : bound == MAXIMUM ? order <= 0 : bound == EXCLUSIVE_MINIMUM ? order > 0 : order < 0;
}

static bool out_of_bound(struct cc_schema_judge *judge, const struct node *node, uint32_t at, enum bound bound)
{
    if (effort_over(&judge->effort)) return false;
    char shown[60] = "", limit[60] = "";
    if (judge->listing) {
        value_excerpt((struct view){judge->doc, at}, shown, sizeof shown);
        value_excerpt(get(node->self, bound_words[bound].keyword), limit, sizeof limit);
    }
    return demand_broken(judge, node, bound_words[bound].keyword, at, "%s %s %s", shown, bound_words[bound].says, limit);
}

bool number_holds(struct cc_schema_judge *judge, const struct node *node, uint32_t at)
{
    struct decimal number = decimal_of((struct view){judge->doc, at});
    bool ok = true;
    for (enum bound bound = MINIMUM; bound < BOUND_COUNT && go_on(judge, ok); bound++) {
        if (!node->numbers->set[bound] || bound_holds(judge, &number, &node->numbers->bounds[bound], bound)) continue;
        ok = out_of_bound(judge, node, at, bound);
    }
    return ok;
}
