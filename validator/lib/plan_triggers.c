/* plan_triggers.c: rules whose .when lies deeper than their own object. Each such path is one bit; a judge that meets the path in a document
 * sets it, and asks the rule only then. The paths are looked up when all sites are there. */
#include "validator/lib/plan_parts.h"

#include <stdio.h>
#include <string.h>

static struct listed {
    struct site *site;
    struct pick_plan *pick;
    struct listed *next;
} *all_sites;

static struct deep_trigger {
    enum cc_kind kind;
    const char *path, *word; /* word: of a tag, or NULL */
    uint64_t bit;
    struct deep_trigger *next;
} *deep_triggers;

void plan_list_site(struct site *site, struct pick_plan *pick)
{
    struct listed *l = plan_take(sizeof *l);
    if (!l) return;
    *l = (struct listed){site, pick, all_sites};
    all_sites = l;
}

/* The bit for what lies at one path below a plan. */
static uint64_t trigger_bit(const struct plan *plan, const char *when)
{
    static unsigned used[CC_KIND_COUNT];
    const char *colon = strchr(when, ':'), *word = colon ? colon + 1 : NULL;
    const char *below = plan_copy(when, colon ? (size_t)(colon - when) : strlen(when));
    const char *path = below ? eternal_join(plan->path, "/", below, NULL) : NULL;
    for (struct deep_trigger *t = deep_triggers; t && path; t = t->next)
        if (t->kind == plan->kind && strcmp(t->path, path) == 0 && (word && t->word ? strcmp(word, t->word) == 0 : word == t->word)) return t->bit;
    struct deep_trigger *t = plan_take(sizeof *t);
    if (!t || used[plan->kind] == 64) {
        plan_fail();
        return 0;
    }
    *t = (struct deep_trigger){plan->kind, path, word, UINT64_C(1) << used[plan->kind]++, deep_triggers};
    deep_triggers = t;
    return t->bit;
}

uint64_t plan_trigger_bits(const struct plan *plan, const char *when)
{
    uint64_t bits = 0;
    while (*when) {
        size_t length = strcspn(when, " ");
        const char *path = plan_copy(when, length);
        if (path) bits |= trigger_bit(plan, path);
        when += length + strspn(when + length, " ");
    }
    return bits;
}

static bool trigger_pick(struct pick_plan *pick, const struct deep_trigger *t)
{
    bool hit = false;
    const struct word *words = pick->pick->tag->words;
    for (size_t i = 0; words[i].text; i++)
        if (strcmp(words[i].text, t->word) == 0) hit = true, pick->triggers[i] |= t->bit;
    return hit;
}

void plan_set_triggers(void)
{
    for (struct deep_trigger *t = deep_triggers; t; t = t->next) {
        bool hit = false;
        for (struct listed *l = all_sites; l; l = l->next) {
            if (l->site->kind != t->kind || strcmp(l->site->path, t->path) != 0) continue;
            if (t->word && l->pick) hit |= trigger_pick(l->pick, t);
            else if (!t->word && !l->pick) l->site->triggers |= t->bit, hit = true;
        }
        if (hit) continue;
        fprintf(stderr, "chatconform: no row is at %s%s%s, which triggers a rule\n", t->path, t->word ? ":" : "", t->word ? t->word : "");
        plan_fail();
    }
}
