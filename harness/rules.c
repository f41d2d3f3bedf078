/* rules.c: see rules.h. */
#include "harness/rules.h"

#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXAMPLE_MAX = 4000 };

struct collecting {
    struct rule_examples *examples;
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
    static const struct cc_rule *last;
    static size_t at;
    if (derived->about != last) at = index_of(last = derived->about);
    char **slot = derived->rule ? &c->examples[at].bad : &c->examples[at].good;
    if (*slot || derived->length > EXAMPLE_MAX) return true;
    *slot = strndup(derived->text, derived->length);
    c->failed |= !*slot;
    return true;
}

struct rule_examples *rule_examples_collect(void)
{
    struct collecting c = {.examples = calloc(cc_rule_count() + 1, sizeof *c.examples)};
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

void rule_print_json(const struct cc_rule *rule, const struct rule_examples *examples)
{
    const struct rule_examples *own = examples ? &examples[index_of(rule)] : NULL;
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
    print_member("good", rule->good ? rule->good : own ? own->good : NULL);
    print_member("bad", rule->bad ? rule->bad : own ? own->bad : NULL);
    putchar('}');
}

/* How many letters two ids share at both ends, less what they differ in length: enough to find a slip of the pen. */
static long likeness(const char *a, const char *b)
{
    long la = (long)strlen(a), lb = (long)strlen(b), start = 0, end = 0;
    while (a[start] && a[start] == b[start]) start++;
    while (end < la - start && end < lb - start && a[la - 1 - end] == b[lb - 1 - end]) end++;
    return 2 * (start + end) - labs(la - lb);
}

const struct cc_rule *rule_nearest(const char *id)
{
    const struct cc_rule *best = NULL;
    long most = (long)strlen(id);
    for (size_t i = 0; i < cc_rule_count(); i++) {
        long like = likeness(id, cc_rule_at(i)->id);
        if (like > most) most = like, best = cc_rule_at(i);
    }
    return best;
}
