/* mutation_print.c: the mutation score as text, JSON and markdown. */
#include "harness/mutate/mutation.h"

#include "reports/report.h"

static const enum mutant_family families[] = {FAMILY_DEFECTS, FAMILY_MUTANTS, FAMILY_ANY};

/* --- words */

typedef void escape_fn(FILE *out, const char *text);

static void print_rule(FILE *out, const struct mutant *m) { fputs(m->rules.count ? m->rules.items[0] : "(legal)", out); }

/* What became of a mutant, in words. */
static void print_fate(FILE *out, const struct mutant *m, escape_fn *escape)
{
    if (m->fate == MUTANT_UNTESTED) {
        fputs("not tested: ", out);
        escape(out, m->trouble ? m->trouble : "memory ran out");
    } else if (m->fate == MUTANT_SURVIVED) {
        fputs(m->unused ? "its edits fit nothing that was sent" : m->level ? "survived" : "accepted", out);
    } else if (m->fate == MUTANT_KILLED) {
        fputs("killed", out);
    } else {
        fputs(m->level ? "found as " : "blamed as ", out);
        escape(out, m->instead);
    }
}

/* Killed, or legal and left alone. */
static bool is_well(const struct mutant *m) { return m->fate == (m->level ? MUTANT_KILLED : MUTANT_SURVIVED) && !m->unused; }

/* --- the table */

static void print_row(FILE *out, const struct mutation *m, enum mutant_family family, enum cc_level level, bool markdown)
{
    const char *name = level ? cc_level_name(level) : "total";
    size_t total = mutation_total(m, family, level), killed = mutation_count(m, family, level, MUTANT_KILLED);
    size_t renamed = mutation_count(m, family, level, MUTANT_WRONG_RULE), survived = total - killed - renamed;
    double score = mutation_percent(killed, total);
    if (markdown)
        fprintf(out, "| %s | %s | %zu | %zu | %zu | %zu | %.1f %% |\n", mutant_family_name(family), name, total, killed, renamed, survived, score);
    else
        fprintf(out, "  %-8s  %-12s %6zu %8zu %12zu %10zu   %5.1f %%\n", mutant_family_name(family), name, total, killed, renamed, survived, score);
}

static void print_rows(FILE *out, const struct mutation *m, bool markdown)
{
    bool both = mutation_total(m, FAMILY_DEFECTS, 0) && mutation_total(m, FAMILY_MUTANTS, 0);
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        if (!mutation_total(m, families[i], 0) || (families[i] == FAMILY_ANY && !both)) continue;
        for (const enum cc_level *level = mutation_levels; *level; level++)
            if (mutation_total(m, families[i], *level)) print_row(out, m, families[i], *level, markdown);
        print_row(out, m, families[i], 0, markdown);
    }
}

static void print_text(FILE *out, const struct mutation *m)
{
    fputs("  family    level         count   killed   wrong rule   survived     score\n", out);
    print_rows(out, m, false);
    for (size_t i = 0; i < m->count; i++) {
        if (is_well(&m->mutants[i])) continue;
        fprintf(out, "x %s   ", m->mutants[i].id);
        print_rule(out, &m->mutants[i]);
        fprintf(out, "   %s   ", m->mutants[i].level ? cc_level_name(m->mutants[i].level) : "-");
        print_fate(out, &m->mutants[i], escape_line);
        putc('\n', out);
    }
    for (size_t i = 0; i < m->false_alarm_count; i++) {
        fputs("x false alarm: ", out);
        escape_line(out, m->false_alarms[i]);
        putc('\n', out);
    }
}

/* --- markdown */

static const char about_both[] =
    "# Mutation score\n\nThe reference endpoint can be made to do one thing wrong at a time. The suites are run against each of these, and have to find it\n"
    "under the name of the rule that it breaks. `chatconform mutate --format markdown` writes this page.\n\n"
    "*Defects* (`chatconform list defects`) are part of the endpoint and follow the tables. *Mutants* (`chatconform list mutants`, see\n"
    "[endpoint/mutants](../endpoint/mutants/README.md)) were written from the documents of the API without a look at the tables: edits of\n"
    "what goes out, each with the constraint that it breaks, or with the reason why it is legal; of a legal one no error may be said.\n\n";

static void print_list(FILE *out, const struct mutation *m, enum mutant_family family, bool legal)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct mutant *mutant = &m->mutants[i];
        if (mutant->family != family || legal != !mutant->level) continue;
        fprintf(out, "| `%s` | ", mutant->id);
        if (!legal) fprintf(out, "`%s` | %s | ", mutant->rules.items[0], cc_level_name(mutant->level));
        print_fate(out, mutant, escape_markdown);
        fputs(" |\n", out);
    }
}

static void print_markdown(FILE *out, const struct mutation *m)
{
    static const char head[] = "| rule | level | outcome |\n|---|---|---|---|\n";
    size_t accepted, legal = mutation_legal(m, &accepted);
    fputs(about_both, out);
    fputs("| family | level | count | killed by their rule | found under another name | survived | score |\n|---|---|--:|--:|--:|--:|--:|\n", out);
    print_rows(out, m, true);
    if (legal) fprintf(out, "\nOf %zu mutants that are odd, but legal, %zu were accepted.\n", legal, accepted);
    fprintf(out, "\n## Defects\n\n| defect %s", head);
    print_list(out, m, FAMILY_DEFECTS, false);
    fprintf(out, "\n## Mutants\n\n| mutant %s", head);
    print_list(out, m, FAMILY_MUTANTS, false);
    fputs("\n## Odd, but legal\n\n| mutant | outcome |\n|---|---|\n", out);
    print_list(out, m, FAMILY_MUTANTS, true);
}

/* --- as JSON */

static void print_member(FILE *out, const char *before, const char *name, const char *text)
{
    fprintf(out, "%s\"%s\":", before, name);
    escape_json(out, text);
}

void mutation_print_levels(FILE *out, const struct mutation *m)
{
    const char *joint = "";
    fputs("\"levels\":[", out);
    for (size_t i = 0; families[i]; i++)
        for (const enum cc_level *level = mutation_levels; *level; level++) {
            size_t total = mutation_total(m, families[i], *level);
            if (!total) continue;
            fprintf(out, "%s\n{\"family\":\"%s\",\"level\":\"%s\",\"total\":%zu", joint, mutant_family_name(families[i]), cc_level_name(*level), total);
            for (unsigned fate = 0; fate < MUTANT_FATE_COUNT; fate++)
                fprintf(out, ",\"%s\":%zu", mutant_fate_name((enum mutant_fate)fate), mutation_count(m, families[i], *level, (enum mutant_fate)fate));
            putc('}', out);
            joint = ",";
        }
    putc(']', out);
}

static void print_mutant(FILE *out, const struct mutant *m)
{
    print_member(out, "{", "id", m->id);
    print_member(out, ",", "family", mutant_family_name(m->family));
    print_member(out, ",", "rule", m->rules.count ? m->rules.items[0] : NULL);
    print_member(out, ",", "level", m->level ? cc_level_name(m->level) : NULL);
    print_member(out, ",", "profile", cc_profile_name(m->profile));
    print_member(out, ",", "outcome", mutant_fate_name(m->fate));
    print_member(out, ",", "first", m->first);
    print_member(out, ",", "instead", m->instead);
    print_member(out, ",", "trouble", m->trouble);
    putc('}', out);
}

static void print_json(FILE *out, const struct mutation *m)
{
    fprintf(out, "{\"format\":2,\"cases\":%zu,\"duration_ms\":%ld,", m->cases, m->duration_ms);
    mutation_print_levels(out, m);
    fputs(",\n\"false_alarms\":[", out);
    for (size_t i = 0; i < m->false_alarm_count; i++) {
        if (i) putc(',', out);
        escape_json(out, m->false_alarms[i]);
    }
    fputs("],\n\"mutants\":[", out);
    for (size_t i = 0; i < m->count; i++) {
        fputs(i ? ",\n" : "\n", out);
        print_mutant(out, &m->mutants[i]);
    }
    fputs("]}\n", out);
}

void mutation_print(FILE *out, const struct mutation *mutation, const char *format)
{
    if (format[0] == 'j') print_json(out, mutation);
    else if (format[0] == 'm') print_markdown(out, mutation);
    else print_text(out, mutation);
}
