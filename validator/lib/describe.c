/* describe.c: the compiled tables as plain constant data, for programs that make documents rather than judge them. It gives away what may
 * stand where, and nothing of how it is judged. */
#include "validator/lib/eternal.h"
#include "validator/lib/engine.h"

#include <pthread.h>
#include <string.h>

static const struct cc_place *roots[CC_KIND_COUNT];
static bool failed;

/* Shapes are shared between places: the members of each plan are described once. */
static struct known {
    const struct plan *plan;
    struct cc_place *members;
    struct known *next;
} *known_plans;

static void *take(size_t size)
{
    void *at = eternal(size);
    if (!at) failed = true;
    return at;
}

static struct cc_bounds bounds_of(const struct range *range)
{
    return range ? (struct cc_bounds){range->low, range->high} : (struct cc_bounds){-NONE, NONE};
}

static unsigned profiles_of(unsigned constraint)
{
    const struct constraint *c = constraint ? constraint_at(constraint) : NULL;
    return c ? c->rule.profiles : 0;
}

static unsigned known_in(const struct word *word, const struct site *site)
{
    return word->profiles ? word->profiles & site->profiles : site->profiles;
}

static size_t count_words(const struct word *words)
{
    size_t count = 0;
    while (words && words[count].text) count++;
    return count;
}

static const char *const *examples_of(const struct form *const *forms)
{
    size_t count = 0, used = 0;
    while (forms && forms[count]) count++;
    const char **list = count ? take((count + 1) * sizeof *list) : NULL;
    for (size_t i = 0; list && i < count; i++)
        if (forms[i]->good) list[used++] = forms[i]->good;
    return used ? list : NULL;
}

static void describe_members(struct cc_place *place, const struct plan *plan);
static void describe_site(struct cc_place *place, const struct site *site);

static const struct cc_place *describe_child(const struct site *site)
{
    struct cc_place *place = site ? take(sizeof *place) : NULL;
    if (place) describe_site(place, site);
    return place;
}

static const struct cc_word *describe_words(const struct site *site)
{
    const struct word *words = site->field->words;
    struct cc_word *list = take((count_words(words) + 1) * sizeof *list);
    for (size_t i = 0; list && words && words[i].text; i++)
        list[i] = (struct cc_word){words[i].text, known_in(&words[i], site), words[i].level != 0, NULL};
    return list;
}

static const struct cc_place *describe_object(const struct plan *plan)
{
    struct cc_place *place = take(sizeof *place);
    if (!place) return NULL;
    *place = (struct cc_place){.id = plan->id, .path = plan->path, .types = CC_OBJECT};
    describe_members(place, plan);
    return place;
}

/* Which object the tag's word means; words that the place does not allow are left out. */
static void describe_pick(struct cc_place *place, const struct pick_plan *pick)
{
    const struct word *words = pick->tag->field->words;
    struct cc_word *kinds = take((count_words(words) + 1) * sizeof *kinds);
    place->tag = pick->tag->field->key;
    place->kinds = kinds;
    for (size_t i = 0; kinds && words[i].text; i++)
        if (pick->plans && pick->plans[i])
            kinds[place->kind_count++] =
                (struct cc_word){words[i].text, known_in(&words[i], pick->tag), words[i].level != 0, describe_object(pick->plans[i])};
}

static void describe_site(struct cc_place *place, const struct site *site)
{
    const struct field *f = site->field;
    *place = (struct cc_place){
        .key = f->key, .id = site->id, .path = site->path, .types = f->is, .profiles = site->profiles,
        .deprecated = profiles_of(site->ids[DEPRECATED_]), .required = (f->need & REQUIRED) != 0,
        .number = bounds_of(f->between), .items = bounds_of(f->items), .chars = bounds_of(f->chars), .pairs = bounds_of(f->members),
        .key_chars = bounds_of(f->key_chars), .words = f->words ? describe_words(site) : NULL, .word_count = count_words(f->words),
        .examples = examples_of(f->forms), .key_example = f->keys && f->keys[0] ? f->keys[0]->good : NULL, .sample = f->sample,
        .each = describe_child(site->each), .values = describe_child(site->values)};
    if (site->plan) describe_members(place, site->plan);
    if (site->pick) describe_pick(place, site->pick);
}

static void describe_members(struct cc_place *place, const struct plan *plan)
{
    place->open = plan->shape->open;
    place->member_count = plan->site_count;
    for (const struct known *k = known_plans; k; k = k->next)
        if (k->plan == plan) {
            place->members = k->members;
            return;
        }
    struct known *k = take(sizeof *k);
    struct cc_place *members = take((plan->site_count + 1) * sizeof *members);
    if (!k || !members) return;
    *k = (struct known){plan, members, known_plans};
    known_plans = k; /* before its members: shapes may hold themselves */
    place->members = members;
    for (unsigned i = 0; i < plan->site_count; i++) describe_site(&members[i], &plan->sites[i]);
}

static void describe_all(void)
{
    if (!engine_ready()) return;
    for (unsigned kind = 0; kind < CC_KIND_COUNT; kind++) {
        const struct plan *plan = plan_of((enum cc_kind)kind);
        if (plan) roots[kind] = describe_object(plan);
    }
}

const struct cc_place *cc_describe(enum cc_kind kind)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, describe_all);
    return failed || (unsigned)kind >= CC_KIND_COUNT ? NULL : roots[kind];
}
