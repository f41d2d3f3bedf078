/* rules.h: a rule as people and programs read it, with examples from the tables where the rule itself carries none. */
#ifndef RULES_H
#define RULES_H

#include "chatconform.h"

#include <stdbool.h>
#include <stddef.h>

/* Examples of one rule. Owned; NULL where there is none. */
struct rule_examples {
    char *good, *bad;
};

/* One entry for each rule, in the order of cc_rule_at; with `only`, nothing but that rule's is filled in, which is quicker. NULL when
 * memory ran out. */
struct rule_examples *rule_examples_collect(const struct cc_rule *only);
void rule_examples_free(struct rule_examples *examples);

/* Those of one rule: its own, or what was collected. Members stay NULL where there is none. */
struct cc_rule rule_with_examples(const struct cc_rule *rule, const struct rule_examples *examples);

/* The rule whose id is most like this one, for "did you mean"; NULL when none is near. */
const struct cc_rule *rule_nearest(const char *id);

/* One JSON object, as `list rules` and `explain` print it. */
void rule_print_json(const struct cc_rule *rule);
/* "openai-2026-08, newapi-2025-10" into a buffer. */
void rule_profiles(const struct cc_rule *rule, char *out, size_t size);

#endif
