/* export_names.c: which objects of the exported schema get a name in $defs: those that a tag chooses, and those that are mentioned more
 * than once, as recursive ones are. All others are written out where they stand. */
#include "validator/lib/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same(const char *a, const char *b) { return a == b || (a && b && strcmp(a, b) == 0); }

static struct export_entry *find(const struct exporter *e, const struct plan *plan, const struct field *tag, const char *word)
{
    for (size_t i = 0; i < e->count; i++)
        if (e->entries[i].plan == plan && e->entries[i].tag == tag && same(e->entries[i].word, word)) return &e->entries[i];
    return NULL;
}

static bool add_entry(struct exporter *e, const struct plan *plan, const struct field *tag, const char *word)
{
    if (e->count == e->room) {
        size_t room = e->room ? e->room * 2 : 64;
        struct export_entry *entries = realloc(e->entries, room * sizeof *entries);
        if (!entries) {
            e->failed = true;
            return false;
        }
        e->entries = entries;
        e->room = room;
    }
    e->entries[e->count++] = (struct export_entry){.plan = plan, .tag = tag, .word = word, .uses = 1};
    return true;
}

static void visit_site(struct exporter *e, const struct site *site);

static void visit(struct exporter *e, const struct plan *plan, const struct field *tag, const char *word)
{
    struct export_entry *known = find(e, plan, tag, word);
    if (known) {
        known->uses++;
        return;
    }
    if (!add_entry(e, plan, tag, word)) return;
    for (unsigned i = 0; i < plan->site_count; i++) visit_site(e, &plan->sites[i]);
}

static void visit_site(struct exporter *e, const struct site *site)
{
    if (!(site->profiles & e->profile)) return;
    if (site->plan) visit(e, site->plan, NULL, NULL);
    if (site->each) visit_site(e, site->each);
    if (site->values) visit_site(e, site->values);
    if (!site->pick) return;
    const struct field *tag = site->pick->tag->field;
    for (size_t i = 0; tag->words[i].text; i++)
        if (site->pick->plans[i] && export_word_known(e, &tag->words[i])) visit(e, site->pick->plans[i], tag, tag->words[i].text);
}

static bool taken(const struct exporter *e, const char *name)
{
    for (size_t i = 0; i < e->count; i++)
        if (same(e->entries[i].name, name)) return true;
    return false;
}

/* The prefix of its ids, and the word that chose it unless the prefix ends with it. */
static void make_name(struct exporter *e, struct export_entry *entry)
{
    char name[256], numbered[300];
    const char *last = strrchr(entry->plan->id, '.'), *word = entry->word;
    bool said = word && last && strcmp(last + 1, word) == 0;
    snprintf(name, sizeof name, "%s%s%s", entry->plan->id, word && !said ? "." : "", word && !said ? word : "");
    snprintf(numbered, sizeof numbered, "%s", name);
    for (unsigned n = 2; taken(e, numbered); n++) snprintf(numbered, sizeof numbered, "%s-%u", name, n);
    entry->name = strdup(numbered);
    e->failed |= !entry->name;
}

void export_names(struct exporter *e, const struct plan *root)
{
    visit(e, root, NULL, NULL);
    for (size_t i = 0; i < e->count && !e->failed; i++)
        if (e->entries[i].word || e->entries[i].uses > 1) make_name(e, &e->entries[i]);
}

const char *export_name(const struct exporter *e, const struct plan *plan, const struct field *tag, const char *word)
{
    const struct export_entry *entry = find(e, plan, tag, word);
    return entry ? entry->name : NULL;
}
