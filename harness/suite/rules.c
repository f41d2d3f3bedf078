/* rules.c: see rules.h. */
#include "harness/suite/rules.h"

#include "harness/base/glob.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLE_MAX = 4000 };

struct collecting {
    struct rule_examples *examples;
    const struct cc_rule *only, *last; /* only: NULL for all */
    size_t at;                         /* index of `last` */
    bool failed;
};

static size_t index_of(const struct cc_rule *rule)
{
    size_t i = 0;
    while (cc_rule_at(i) && cc_rule_at(i) != rule) i++;
    return i;
}

/* The first document of either sort serves; very long ones (129 tools) show nothing that a shorter text does not. */
static bool collect(void *context, const struct cc_case *derived)
{
    struct collecting *c = context;
    if (c->only && derived->about != c->only) return c->last != c->only; /* those of one rule come together */
    if (derived->about != c->last) c->at = index_of(c->last = derived->about);
    char **slot = derived->rule ? &c->examples[c->at].bad : &c->examples[c->at].good;
    if (*slot || derived->length > EXAMPLE_MAX) return true;
    *slot = strndup(derived->text, derived->length);
    c->failed |= !*slot;
    return !c->failed;
}

struct rule_examples *rule_examples_collect(const struct cc_rule *only)
{
    struct collecting c = {.examples = calloc(cc_rule_count() + 1, sizeof *c.examples), .only = only};
    if (!c.examples || !cc_each_case(collect, &c) || c.failed) {
        rule_examples_free(c.examples);
        return NULL;
    }
    return c.examples;
}

void rule_examples_free(struct rule_examples *examples)
{
    for (size_t i = 0; examples && i < cc_rule_count(); i++) {
        free(examples[i].good);
        free(examples[i].bad);
    }
    free(examples);
}

struct cc_rule rule_with_examples(const struct cc_rule *rule, const struct rule_examples *examples)
{
    struct cc_rule with = *rule;
    const struct rule_examples *own = &examples[index_of(rule)];
    if (!with.good) with.good = own->good;
    if (!with.bad) with.bad = own->bad;
    return with;
}

void rule_profiles(const struct cc_rule *rule, char *out, size_t size)
{
    *out = '\0';
    for (unsigned profile = CC_OPENAI; profile; profile >>= 1) {
        if (!(rule->profiles & profile) || !cc_profile_name(profile)) continue;
        size_t used = strlen(out);
        snprintf(out + used, size - used, "%s%s", used ? ", " : "", cc_profile_name(profile));
    }
}

static void print_member(const char *name, const char *text)
{
    printf(",\"%s\":", name);
    escape_json(stdout, text);
}

void rule_print_json(const struct cc_rule *rule)
{
    fputs("{\"id\":", stdout);
    escape_json(stdout, rule->id);
    print_member("kind", rule->kind);
    print_member("level", cc_level_name(rule->level));
    fputs(",\"profiles\":[", stdout);
    const char *joint = "";
    for (unsigned profile = CC_OPENAI; profile; profile >>= 1) {
        if (!(rule->profiles & profile) || !cc_profile_name(profile)) continue;
        fputs(joint, stdout);
        escape_json(stdout, cc_profile_name(profile));
        joint = ",";
    }
    putchar(']');
    print_member("source", rule->source);
    print_member("sentence", rule->sentence);
    print_member("path", rule->path);
    print_member("good", rule->good);
    print_member("bad", rule->bad);
    putchar('}');
}

/* "stop.max_items" is the end of "request.stop.max_items". */
static bool is_end_of(const char *end, const char *id)
{
    size_t length = strlen(id), end_length = strlen(end);
    return end_length && length > end_length && id[length - end_length - 1] == '.' && strcmp(id + length - end_length, end) == 0;
}

const struct cc_rule *rule_nearest(const char *id)
{
    struct nearest nearest = nearest_to(id);
    for (size_t i = 0; i < cc_rule_count(); i++) {
        if (is_end_of(id, cc_rule_at(i)->id)) return cc_rule_at(i);
        nearest_try(&nearest, cc_rule_at(i)->id);
    }
    return nearest.best ? cc_rule_find(nearest.best) : NULL;
}
