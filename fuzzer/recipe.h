/* recipe.h: how to break each constraint of a request: the derived documents of the validator, each of which deserves exactly one finding.
 */
#ifndef FUZZ_RECIPE_H
#define FUZZ_RECIPE_H

#include "chatconform.h"
#include "harness/base/jo.h"

struct recipe {
    const struct cc_rule *rule;
    char *text, *pointer; /* the document, and where its fault is ("" when that is not one place) */
    struct json_object *document; /* the text, read; NULL until it is wanted */
};

/* Recipes of the same rule stand together. */
struct cookbook {
    struct recipe *recipes;
    size_t count;
    struct cookbook_rule {
        const struct cc_rule *rule;
        size_t first, count;
        bool old;                  /* its documents use something deprecated: there is no other way of breaking it */
    } *rules;
    size_t rule_count;
};

/* The recipes for constraints of requests in a profile whose ids `wanted` takes (NULL: all): those that must hold, or with `advice` those
 * that should. NULL when memory runs out. */
struct cookbook *cookbook_new(unsigned profile, bool advice, bool (*wanted)(void *context, const char *id), void *context);
/* The recipe's document, to be looked at and shared, not changed; to be put back. Small ones are read once. NULL when memory runs out. */
struct json_object *recipe_document(struct recipe *recipe);
void cookbook_free(struct cookbook *cookbook);

#endif
