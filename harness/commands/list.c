/* list.c: `chatconform list rules|cases|suites|defects|mutants|profiles`, and `chatconform lint`. */
#include "endpoint/endpoint.h"
#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/command.h"
#include "harness/mutate/mutants.h"
#include "harness/run/select.h"
#include "harness/suite/rules.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A list is an array in JSON: what comes before each of its items, and after the last. */
static void begin_item(bool json, size_t index)
{
    if (json) fputs(index ? ",\n" : "[", stdout);
}

static void end_list(bool json, size_t count)
{
    if (json) puts(count ? "]" : "[]");
}

static void print_pair(const char *before, const char *name, const char *text)
{
    printf("%s\"%s\":", before, name);
    escape_json(stdout, text);
}

/* --- rules */

static int list_rules(const struct options *options, bool json, char *why, size_t size)
{
    struct rule_examples *examples = json ? rule_examples_collect(NULL) : NULL;
    (void)options;
    if (json && !examples) {
        why_no_memory(why, size);
        return EXIT_BROKEN;
    }
    for (size_t i = 0; i < cc_rule_count(); i++) {
        const struct cc_rule *rule = cc_rule_at(i);
        begin_item(json, i);
        if (json) {
            struct cc_rule with = rule_with_examples(rule, examples);
            rule_print_json(&with);
        } else {
            printf("%-70s %-12s %s\n", rule->id, cc_level_name(rule->level), rule->sentence);
        }
    }
    end_list(json, cc_rule_count());
    rule_examples_free(examples);
    return EXIT_FINE;
}

/* --- profiles and defects */

static int list_profiles(const struct options *options, bool json, char *why, size_t size)
{
    static const char *const aliases[] = {"newapi", "openai"};
    static const char *const sentences[] = {
        "the New API document of October 2025, with the official specification of its generation for the fields it covers",
        "the official specification of August 2026, with what the official endpoint was seen to do"};
    (void)options, (void)why, (void)size;
    for (size_t i = 0; i < 2; i++) {
        const char *name = cc_profile_name(cc_profile_find(aliases[i]));
        begin_item(json, i);
        if (!json) {
            printf("%-16s %-8s %s\n", name, aliases[i], sentences[i]);
            continue;
        }
        print_pair("{", "id", name);
        print_pair(",", "alias", aliases[i]);
        print_pair(",", "sentence", sentences[i]);
        putchar('}');
    }
    end_list(json, 2);
    return EXIT_FINE;
}

void defects_list(bool json)
{
    size_t count = 0;
    for (const struct defect *d; (d = defect_at(count)) != NULL; count++) {
        begin_item(json, count);
        if (!json) {
            printf("%-36s %-56s %s\n", d->id, d->rule ? d->rule : "(none)", d->sentence);
            continue;
        }
        print_pair("{", "id", d->id);
        print_pair(",", "rule", d->rule);
        print_pair(",", "level", d->level ? cc_level_name(d->level) : NULL);
        print_pair(",", "sentence", d->sentence);
        putchar('}');
    }
    end_list(json, count);
}

static int list_defects(const struct options *options, bool json, char *why, size_t size)
{
    (void)options, (void)why, (void)size;
    defects_list(json);
    return EXIT_FINE;
}

static void print_mutant(const struct written_mutant *m, bool json)
{
    const char *level = m->level ? cc_level_name(m->level) : NULL;
    if (!json) {
        escape_column(stdout, m->id, 36);
        printf(" %-56s ", m->first_broken ? m->first_broken : "(legal)");
        escape_line(stdout, m->says);
        putchar('\n');
        return;
    }
    print_pair("{", "id", m->id);
    print_pair(",", "rule", m->first_broken);
    print_pair(",", "level", level);
    print_pair(",", "legal", m->legal);
    print_pair(",", "sentence", m->says);
    putchar('}');
}

static int list_mutants(const struct options *options, bool json, char *why, size_t size)
{
    struct written_mutants mutants = {0};
    bool fine = mutants_read(&mutants, options, why, size);
    for (size_t i = 0; fine && i < mutants.count; i++) {
        begin_item(json, i);
        print_mutant(&mutants.items[i], json);
    }
    if (fine) end_list(json, mutants.count);
    mutants_clear(&mutants);
    return fine ? EXIT_FINE : EXIT_USAGE;
}

/* --- suites and cases */

static void print_tags(char **tags)
{
    fputs(",\"tags\":[", stdout);
    for (size_t i = 0; tags && tags[i]; i++) {
        if (i) putchar(',');
        escape_json(stdout, tags[i]);
    }
    putchar(']');
}

static void print_case(const struct suite *suite, const struct suite_case *c, bool json)
{
    if (!json) {
        escape_column(stdout, c->path, 64);
        printf(" %-12s ", cc_level_name(c->level));
        escape_line(stdout, c->title);
        putchar('\n');
        return;
    }
    print_pair("{", "id", c->id);
    print_pair(",", "suite", suite->id);
    print_pair(",", "title", c->title);
    print_pair(",", "level", cc_level_name(c->level));
    print_tags(c->tags);
    print_pair(",", "spec", c->spec);
    print_pair(",", "file", suite->file);
    printf(",\"line\":%zu}", c->line);
}

static int list_cases(const struct options *options, bool json, char *why, size_t size)
{
    struct suite_set set = {0};
    struct selected *cases;
    size_t count;
    bool fine = cases_select(&set, options, &cases, &count, why, size);
    for (size_t i = 0; i < count; i++) {
        begin_item(json, i);
        print_case(cases[i].suite, cases[i].test, json);
    }
    if (fine) end_list(json, count);
    free(cases);
    suite_set_clear(&set);
    return fine ? EXIT_FINE : EXIT_USAGE;
}

static void print_suite(const struct suite *suite, bool json)
{
    if (!json) {
        escape_column(stdout, suite->id, 32);
        printf(" %3zu case%s  ", suite->count, suite->count == 1 ? " " : "s");
        escape_column(stdout, suite->title, 40);
        putchar(' ');
        escape_line(stdout, suite->file);
        putchar('\n');
        return;
    }
    print_pair("{", "id", suite->id);
    print_pair(",", "title", suite->title);
    print_pair(",", "file", suite->file);
    printf(",\"cases\":%zu}", suite->count);
}

static int list_suites(const struct options *options, bool json, char *why, size_t size)
{
    struct suite_set set = {0};
    bool fine = suites_select(&set, options, why, size);
    for (size_t i = 0; fine && i < set.count; i++) {
        begin_item(json, i);
        print_suite(&set.suites[i], json);
    }
    if (fine) end_list(json, set.count);
    suite_set_clear(&set);
    return fine ? EXIT_FINE : EXIT_USAGE;
}

/* --- the commands */

int command_list(struct options *options, char *why, size_t why_size)
{
    static const struct {
        const char *name;
        int (*list)(const struct options *options, bool json, char *why, size_t why_size);
        bool filters; /* takes suites and globs after its name */
    } lists[] = {{"rules", list_rules},     {"cases", list_cases, true},  {"suites", list_suites, true},
                 {"defects", list_defects}, {"mutants", list_mutants},   {"profiles", list_profiles}};
    bool json = options->format && strcmp(options->format, "json") == 0;
    const char *what = options->arguments.count ? options->arguments.items[0] : "";
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(what, lists[i].name) != 0 || (options->arguments.count > 1 && !lists[i].filters)) continue;
        struct options rest = *options;
        rest.arguments = (struct texts){options->arguments.items + 1, options->arguments.count - 1};
        return lists[i].list(&rest, json, why, why_size);
    }
    why_not(why, why_size, "list takes one of rules, cases, suites, defects, mutants and profiles");
    return EXIT_USAGE;
}

/* What one look at some files found. */
struct lint {
    const struct texts *capabilities; /* that are spoken of */
    struct suite_set probes;
    bool has_probes; /* where there are none, every capability would be unknown */
    size_t cases, faulty, warnings;
};

static size_t count_lines(const char *text)
{
    size_t count = 0;
    for (; *text; text++) count += *text == '\n';
    return count;
}

/* The mistakes of one file, or what its author should know all the same. */
static void lint_file(const char *file, struct lint *lint)
{
    struct suite_set set = {0};
    char mistakes[8192] = "";
    bool fine = suite_load(&set, file, mistakes, sizeof mistakes);
    escape_terminal(stderr, mistakes);
    if (!fine) putc('\n', stderr);
    escape_terminal(stderr, set.warnings);
    lint->faulty += !fine;
    lint->warnings += set.warnings ? count_lines(set.warnings) : 0;
    if (lint->has_probes) lint->warnings += capabilities_doubt(&set, &lint->probes, lint->capabilities);
    for (size_t i = 0; i < set.count; i++) lint->cases += set.suites[i].count;
    suite_set_clear(&set);
}

int command_lint(struct options *options, char *why, size_t why_size)
{
    const struct texts *files = &options->arguments;
    char none[1024];
    struct lint lint = {.capabilities = &options->capabilities};
    if (files->count == 0) {
        why_not(why, why_size, "lint takes suite files");
        return EXIT_USAGE;
    }
    lint.has_probes = probes_select(&lint.probes, none, sizeof none);
    for (size_t i = 0; i < files->count; i++) lint_file(files->items[i], &lint);
    suite_set_clear(&lint.probes);
    if (lint.faulty) {
        why_not(why, why_size, "%zu of %zu file%s cannot be used", lint.faulty, files->count, plural(files->count));
        return EXIT_USAGE;
    }
    fprintf(stderr, "%zu file%s, %zu case%s: no mistake", files->count, plural(files->count), lint.cases, plural(lint.cases));
    if (lint.warnings) fprintf(stderr, ", but %zu warning%s", lint.warnings, plural(lint.warnings));
    putc('\n', stderr);
    return EXIT_FINE;
}
