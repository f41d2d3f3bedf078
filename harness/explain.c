/* explain.c: `chatconform explain RULE`: what it demands, where that is written, and what keeps and breaks it. */
#include "harness/command.h"
#include "harness/rules.h"
#include "reports/report.h"

#include <stdio.h>
#include <string.h>

static void print_line(const char *name, const char *text)
{
    if (!text || !*text) return;
    printf("  %-9s ", name);
    escape_terminal(stdout, text);
    putchar('\n');
}

static void explain_text(const struct cc_rule *rule, const struct rule_examples *examples)
{
    char profiles[128];
    rule_profiles(rule, profiles, sizeof profiles);
    size_t index = 0;
    while (cc_rule_at(index) != rule) index++;
    printf("%s\n\n  %s.\n\n", rule->id, rule->sentence);
    printf("  %-9s %s (%s when broken)\n", "level", cc_level_name(rule->level), cc_severity_name(cc_level_severity(rule->level)));
    print_line("profiles", profiles);
    print_line("source", rule->source);
    print_line("place", *rule->path ? rule->path : "the whole document");
    print_line("good", rule->good ? rule->good : examples[index].good);
    print_line("bad", rule->bad ? rule->bad : examples[index].bad);
}

int command_explain(struct options *options, char *why, size_t why_size)
{
    if (options->arguments.count != 1) {
        snprintf(why, why_size, "explain takes one rule id; `chatconform list rules` lists them");
        return EXIT_USAGE;
    }
    const char *id = options->arguments.items[0];
    const struct cc_rule *rule = cc_rule_find(id), *near = rule ? NULL : rule_nearest(id);
    if (!rule) {
        snprintf(why, why_size, near ? "there is no rule %s; did you mean %s?" : "there is no rule %s; `chatconform list rules` lists them", id,
                 near ? near->id : "");
        return EXIT_USAGE;
    }
    struct rule_examples *examples = rule_examples_collect();
    if (!examples) {
        snprintf(why, why_size, "memory ran out");
        return EXIT_BROKEN;
    }
    if (options->format && strcmp(options->format, "json") == 0) {
        rule_print_json(rule, examples);
        putchar('\n');
    } else {
        explain_text(rule, examples);
    }
    rule_examples_free(examples);
    return EXIT_FINE;
}
