/* explain.c: `chatconform explain RULE|CASE`: what a rule demands, where that is written, and what keeps and breaks it; or what a case of a
 * suite sends and expects. Paths of cases have slashes, ids of rules have none. */
#include "harness/base/api.h"
#include "harness/base/why.h"
#include "harness/command.h"
#include "harness/run/select.h"
#include "harness/suite/rules.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_line(const char *name, const char *text)
{
    if (!text || !*text) return;
    printf("  %-9s ", name);
    for (const char *c = text; *c;) { /* further lines stand below the first */
        size_t length = strcspn(c, "\n");
        char *line = strndup(c, length);
        escape_terminal(stdout, line ? line : "");
        free(line);
        fputs(c[length] ? "\n            " : "\n", stdout);
        c += length + (c[length] == '\n');
    }
}

/* --- rules */

static void explain_rule_text(const struct cc_rule *rule)
{
    char profiles[128];
    rule_profiles(rule, profiles, sizeof profiles);
    printf("%s\n\n  %s.\n\n", rule->id, rule->sentence);
    printf("  %-9s %s (%s when broken)\n", "level", cc_level_name(rule->level), cc_severity_name(cc_level_severity(rule->level)));
    print_line("profiles", profiles);
    print_line("source", rule->source);
    print_line("place", *rule->path ? rule->path : "the whole document");
    print_line("good", rule->good);
    print_line("bad", rule->bad);
}

static int explain_rule(const struct options *options, const char *id, char *why, size_t size)
{
    const struct cc_rule *rule = cc_rule_find(id), *near = rule ? NULL : rule_nearest(id);
    if (!rule && near) why_not(why, size, "there is no rule %s; did you mean %s?", id, near->id);
    if (!rule && !near) why_not(why, size, "there is no rule %s; `chatconform list rules` lists them", id);
    if (!rule) return EXIT_USAGE;
    struct rule_examples *examples = rule_examples_collect(rule);
    if (!examples) {
        why_no_memory(why, size);
        return EXIT_BROKEN;
    }
    struct cc_rule with = rule_with_examples(rule, examples);
    if (options->format && strcmp(options->format, "json") == 0) {
        rule_print_json(&with);
        putchar('\n');
    } else {
        explain_rule_text(&with);
    }
    rule_examples_free(examples);
    return EXIT_FINE;
}

/* --- cases */

static void print_json_line(const char *name, struct json_object *value)
{
    const int pretty = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
    if (value) print_line(name, json_object_to_json_string_ext(value, pretty));
}

static void explain_step_text(const struct suite_case *test, size_t index)
{
    const struct suite_step *step = &test->steps[index];
    const char *method = step->method ? step->method : step->request || step->body ? "POST" : "GET";
    if (test->step_count > 1) printf("\n  step %zu\n", index + 1);
    else putchar('\n');
    printf("  %-9s %s ", "sends", method);
    escape_terminal(stdout, step->path ? step->path : CHAT_PATH);
    putchar('\n');
    print_json_line("headers", step->headers);
    print_json_line("body", step->request);
    if (step->body) print_line("body", step->body);
    if (step->expect) print_json_line("expects", step->expect);
    else print_line("expects", "a status of 2xx, and that every rule in force holds");
    print_json_line("control", step->control);
    print_json_line("captures", step->capture);
}

static void print_words(const char *name, char *const *words)
{
    if (!words || !*words) return;
    printf("  %-9s ", name);
    for (char *const *word = words; *word; word++) {
        if (word > words) fputs(", ", stdout);
        escape_line(stdout, *word);
    }
    putchar('\n');
}

static void print_paragraph(const char *indent, const char *text)
{
    if (!text) return;
    fputs(indent, stdout);
    escape_line(stdout, text);
    fputs("\n\n", stdout);
}

static void explain_case_text(const struct selected *selected)
{
    const struct suite_case *test = selected->test;
    print_paragraph("", test->path);
    print_paragraph("  ", test->title);
    print_line("level", cc_level_name(test->level));
    print_line("source", test->spec);
    print_words("tags", test->tags);
    print_words("requires", test->needs);
    printf("  %-9s ", "file");
    escape_line(stdout, selected->suite->file);
    printf(":%zu\n", test->line);
    if (test->repeat_times > 1) printf("  %-9s %ld times, of which %ld must pass\n", "repeat", test->repeat_times, test->repeat_pass);
    for (size_t i = 0; i < test->step_count; i++) explain_step_text(test, i);
}

static void add_text(struct json_object *to, const char *name, const char *text)
{
    json_object_object_add(to, name, text ? json_object_new_string(text) : NULL);
}

static void add_words(struct json_object *to, const char *name, char *const *words)
{
    struct json_object *list = json_object_new_array();
    for (; words && *words; words++) json_object_array_add(list, json_object_new_string(*words));
    json_object_object_add(to, name, list);
}

static struct json_object *step_object(const struct suite_step *step)
{
    struct json_object *object = json_object_new_object();
    add_text(object, "method", step->method ? step->method : step->request || step->body ? "POST" : "GET");
    add_text(object, "path", step->path ? step->path : CHAT_PATH);
    json_object_object_add(object, "headers", json_object_get(step->headers));
    json_object_object_add(object, "request", json_object_get(step->request));
    json_object_object_add(object, "body", step->body ? json_object_new_string_len(step->body, (int)step->body_length) : NULL);
    json_object_object_add(object, "invalid", json_object_new_boolean(step->invalid));
    json_object_object_add(object, "expect", json_object_get(step->expect));
    json_object_object_add(object, "control", json_object_get(step->control));
    json_object_object_add(object, "capture", json_object_get(step->capture));
    return object;
}

static struct json_object *case_object(const struct selected *selected)
{
    const struct suite_case *test = selected->test;
    struct json_object *object = json_object_new_object(), *steps = json_object_new_array();
    add_text(object, "id", test->id);
    add_text(object, "suite", selected->suite->id);
    add_text(object, "title", test->title);
    add_text(object, "level", cc_level_name(test->level));
    add_words(object, "tags", test->tags);
    add_words(object, "requires", test->needs);
    add_text(object, "spec", test->spec);
    add_text(object, "file", selected->suite->file);
    json_object_object_add(object, "line", json_object_new_int64((int64_t)test->line));
    for (size_t i = 0; i < test->step_count; i++) json_object_array_add(steps, step_object(&test->steps[i]));
    json_object_object_add(object, "steps", steps);
    return object;
}

static void explain_case_json(const struct selected *selected)
{
    struct json_object *object = case_object(selected);
    puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(object);
}

/* A glob may mean several cases; each is explained. */
static int explain_cases(const struct options *options, char *why, size_t size)
{
    struct suite_set set = {0};
    struct selected *cases;
    size_t count;
    bool json = options->format && strcmp(options->format, "json") == 0;
    bool fine = cases_select(&set, options, &cases, &count, why, size);
    for (size_t i = 0; i < count; i++) {
        if (i && !json) putchar('\n');
        (json ? explain_case_json : explain_case_text)(&cases[i]);
    }
    free(cases);
    suite_set_clear(&set);
    return fine ? EXIT_FINE : EXIT_USAGE;
}

int command_explain(struct options *options, char *why, size_t why_size)
{
    if (options->arguments.count != 1) {
        why_not(why, why_size, "explain takes one rule id or case path; `chatconform list rules` and `chatconform list cases` list them");
        return EXIT_USAGE;
    }
    const char *id = options->arguments.items[0];
    return strchr(id, '/') ? explain_cases(options, why, why_size) : explain_rule(options, id, why, why_size);
}
