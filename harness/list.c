/* list.c: `chatconform list rules|cases|suites|defects|profiles`, and `chatconform lint`. */
#include "harness/command.h"
#include "harness/rules.h"
#include "harness/suite.h"
#include "endpoint/endpoint.h"
#include "reports/report.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What comes between two items of a JSON array. */
static void joint(bool json, size_t index)
{
    if (json && index) fputs(",\n", stdout);
}

static void print_pair(const char *before, const char *name, const char *text)
{
    printf("%s\"%s\":", before, name);
    escape_json(stdout, text);
}

/* --- rules */

static int list_rules(struct options *options, bool json, char *why, size_t size)
{
    struct rule_examples *examples = json ? rule_examples_collect() : NULL;
    (void)options;
    if (json && !examples) {
        snprintf(why, size, "memory ran out");
        return EXIT_BROKEN;
    }
    for (size_t i = 0; cc_rule_at(i); i++) {
        const struct cc_rule *rule = cc_rule_at(i);
        joint(json, i);
        if (json) rule_print_json(rule, examples);
        else printf("%-70s %-12s %s\n", rule->id, cc_level_name(rule->level), rule->sentence);
    }
    rule_examples_free(examples);
    return EXIT_FINE;
}

/* --- profiles and defects */

static int list_profiles(struct options *options, bool json, char *why, size_t size)
{
    static const char *const aliases[] = {"newapi", "openai"};
    static const char *const sentences[] = {"the New API document of October 2025, with the official specification of its generation for the fields it covers",
                                            "the official specification of August 2026, with what the official endpoint was seen to do"};
    (void)options, (void)why, (void)size;
    for (size_t i = 0; i < 2; i++) {
        const char *name = cc_profile_name(cc_profile_find(aliases[i]));
        joint(json, i);
        if (!json) {
            printf("%-16s %-8s %s\n", name, aliases[i], sentences[i]);
            continue;
        }
        print_pair("{", "id", name);
        print_pair(",", "alias", aliases[i]);
        print_pair(",", "sentence", sentences[i]);
        putchar('}');
    }
    return EXIT_FINE;
}

static int list_defects(struct options *options, bool json, char *why, size_t size)
{
    (void)options, (void)why, (void)size;
    for (size_t i = 0; defect_at(i); i++) {
        const struct defect *d = defect_at(i);
        joint(json, i);
        if (!json) {
            printf("%-36s %-56s %s\n", d->id, d->rule, d->sentence);
            continue;
        }
        print_pair("{", "id", d->id);
        print_pair(",", "rule", d->rule);
        print_pair(",", "level", cc_level_name(d->level));
        print_pair(",", "sentence", d->sentence);
        putchar('}');
    }
    return EXIT_FINE;
}

/* --- suites and cases */

static const char *installed_suites(void)
{
#ifdef CHATCONFORM_SUITES
    return CHATCONFORM_SUITES;
#else
    return "/usr/local/share/chatconform/suites";
#endif
}

static bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

bool suites_find(struct suite_set *set, const struct options *options, char *why, size_t why_size)
{
    if (options->suites.count == 0) {
        const char *folder = access("suites", R_OK) == 0 ? "suites" : installed_suites();
        return suite_load_folder(set, folder, why, why_size);
    }
    for (size_t i = 0; i < options->suites.count; i++) {
        const char *path = options->suites.items[i];
        if (!(is_folder(path) ? suite_load_folder : suite_load)(set, path, why, why_size)) return false;
    }
    return true;
}

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
        printf("%-64s %-12s %s\n", c->path, cc_level_name(c->level), c->title ? c->title : "");
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

static int list_cases(struct options *options, bool json, char *why, size_t size)
{
    struct suite_set set = {0};
    int code = EXIT_USAGE;
    if (suites_find(&set, options, why, size)) {
        code = EXIT_FINE;
        size_t printed = 0;
        for (size_t i = 0; i < set.count; i++)
            for (size_t k = 0; k < set.suites[i].count; k++) {
                joint(json, printed++);
                print_case(&set.suites[i], &set.suites[i].cases[k], json);
            }
    }
    suite_set_clear(&set);
    return code;
}

static int list_suites(struct options *options, bool json, char *why, size_t size)
{
    struct suite_set set = {0};
    int code = EXIT_USAGE;
    if (suites_find(&set, options, why, size)) {
        code = EXIT_FINE;
        for (size_t i = 0; i < set.count; i++) {
            const struct suite *s = &set.suites[i];
            joint(json, i);
            if (!json) {
                printf("%-32s %3zu cases  %-40s %s\n", s->id, s->count, s->title ? s->title : "", s->file);
                continue;
            }
            print_pair("{", "id", s->id);
            print_pair(",", "title", s->title);
            print_pair(",", "file", s->file);
            printf(",\"cases\":%zu}", s->count);
        }
    }
    suite_set_clear(&set);
    return code;
}

/* --- the commands */

int command_list(struct options *options, char *why, size_t why_size)
{
    static const struct {
        const char *name;
        int (*list)(struct options *options, bool json, char *why, size_t why_size);
    } lists[] = {{"rules", list_rules}, {"cases", list_cases}, {"suites", list_suites}, {"defects", list_defects}, {"profiles", list_profiles}};
    bool json = options->format && strcmp(options->format, "json") == 0;
    const char *what = options->arguments.count == 1 ? options->arguments.items[0] : "";
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (strcmp(what, lists[i].name) != 0) continue;
        if (json) putchar('[');
        int code = lists[i].list(options, json, why, why_size);
        if (json) puts("]");
        return code;
    }
    snprintf(why, why_size, "list takes one of rules, cases, suites, defects and profiles");
    return EXIT_USAGE;
}

int command_lint(struct options *options, char *why, size_t why_size)
{
    if (options->arguments.count == 0) {
        snprintf(why, why_size, "lint takes suite files");
        return EXIT_USAGE;
    }
    int code = EXIT_FINE;
    size_t cases = 0;
    for (size_t i = 0; i < options->arguments.count; i++) {
        struct suite_set set = {0};
        char mistakes[8192] = "";
        if (suite_load(&set, options->arguments.items[i], mistakes, sizeof mistakes)) {
            cases += set.suites[0].count;
        } else {
            fprintf(stderr, "%s\n", mistakes);
            code = EXIT_USAGE;
        }
        suite_set_clear(&set);
    }
    if (code == EXIT_FINE) fprintf(stderr, "%zu file%s, %zu cases: no mistake\n", options->arguments.count, options->arguments.count == 1 ? "" : "s", cases);
    return code;
}
