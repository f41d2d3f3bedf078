/* manual.c: prints the rule manual, docs/rules.md (what documents of the API must keep) or, with the argument `files`, docs/rules-files.md
 * (suite and target files). All of it comes from the tables, so that no text about a rule is written twice. */
#include "chatconform.h"

#include <json-c/json.h>
#include <json-c/json_pointer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 100 }; /* characters of an example */

/* --- examples */

struct example {
    char *good, *bad;
    char *correct, *pointer; /* a correct document, and where the bad one is wrong: while cases are told */
};

static struct example *examples;

static size_t index_of(const struct cc_rule *rule)
{
    static size_t i; /* cases come in the order of the rules */
    if (cc_rule_at(i) == rule) return i;
    for (i = 0; cc_rule_at(i) != rule;) i++;
    return i;
}

static char *shorten(const char *text)
{
    size_t length = strlen(text), shown = SHOWN;
    if (length <= SHOWN) return strdup(text);
    while (shown && ((unsigned char)text[shown] & 0xC0) == 0x80) shown--;
    char *copy = malloc(shown + 4);
    if (copy) snprintf(copy, shown + 4, "%.*s...", (int)shown, text);
    return copy;
}

/* Rules bring examples of their own. What is no JSON, as streams are, says nothing when it is cut. */
static char *tidy(const char *text)
{
    struct json_object *object = NULL;
    if (!text) return NULL;
    if (!cc_read_object(text, strlen(text), NULL, &object, NULL, 0)) return strlen(text) > SHOWN ? NULL : strdup(text);
    char *copy = shorten(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
    json_object_put(object);
    return copy;
}

/* The member at the place, with its name: "stop": []. NULL when it is not there, and that is the point. */
static char *excerpt(const char *document, const char *pointer)
{
    char text[4096];
    struct json_object *root = NULL, *value = NULL;
    if (!cc_read_object(document, strlen(document), NULL, &root, NULL, 0)) return NULL;
    bool found = json_pointer_get(root, pointer, &value) == 0;
    const char *json = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    const char *name = strrchr(pointer, '/');
    bool item = !name || (name[1] >= '0' && name[1] <= '9');
    if (item) snprintf(text, sizeof text, "%s", json);
    else snprintf(text, sizeof text, "\"%s\": %s", name + 1, json);
    json_object_put(root);
    if (!found && item) return strdup("null"); /* json_pointer_get takes a null in a list for nothing */
    return found ? shorten(text) : NULL;
}

/* Of the first correct and the first wrong document only the place is shown that they differ in. */
static bool collect(void *context, const struct cc_case *derived)
{
    (void)context;
    struct example *e = &examples[index_of(derived->about)];
    if (derived->about->good || derived->about->bad) return true;
    if (!derived->rule && !e->correct) e->correct = strdup(derived->text);
    if (derived->rule && !e->bad && derived->pointer) {
        e->bad = excerpt(derived->text, derived->pointer);
        if (!e->bad) e->bad = strdup("left out");
        e->pointer = strdup(derived->pointer);
    }
    if (e->correct && e->pointer && !e->good) e->good = excerpt(e->correct, e->pointer);
    return true;
}

static void collect_own(void)
{
    for (size_t i = 0; cc_rule_at(i); i++) {
        examples[i].good = tidy(cc_rule_at(i)->good);
        examples[i].bad = tidy(cc_rule_at(i)->bad);
    }
}

static void forget_examples(void)
{
    for (size_t i = 0; cc_rule_at(i); i++) {
        free(examples[i].good);
        free(examples[i].bad);
        free(examples[i].correct);
        free(examples[i].pointer);
    }
    free(examples);
}

/* --- groups: the first two parts of an id */

static bool is_of_files(const struct cc_rule *rule)
{
    enum cc_kind kind = cc_kind_find(rule->kind);
    return kind >= CC_SUITE && kind < CC_KIND_COUNT;
}

static size_t group_length(const char *id)
{
    size_t first = strcspn(id, "."), second = id[first] ? strcspn(id + first + 1, ".") : 0;
    return id[first] && id[first + 1 + second] ? first + 1 + second : first;
}

static bool same_group(const struct cc_rule *a, const struct cc_rule *b)
{
    size_t length = group_length(a->id);
    return length == group_length(b->id) && strncmp(a->id, b->id, length) == 0;
}

static bool is_first(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (same_group(cc_rule_at(i), cc_rule_at(index))) return false;
    return true;
}

static size_t group_size(size_t first)
{
    size_t size = 0;
    for (size_t i = first; cc_rule_at(i); i++) size += same_group(cc_rule_at(i), cc_rule_at(first));
    return size;
}

/* --- writing */

/* Code in Markdown: in as many backquotes as it needs. */
static void print_code(const char *text)
{
    const char *quotes = strstr(text, "``") ? "```" : strchr(text, '`') ? "``" : "`";
    printf("%s%s%s%s%s", quotes, *text == '`' ? " " : "", text, *text && text[strlen(text) - 1] == '`' ? " " : "", quotes);
}

static void print_text(const char *text)
{
    for (; *text; text++) {
        if (*text == '<' || *text == '*' || *text == '_' || *text == '|') putchar('\\');
        putchar(*text);
    }
}

static void print_example(const char *name, const char *text)
{
    if (!text) return;
    printf(" %s: ", name);
    if (strcmp(text, "left out") == 0) printf("left out.");
    else print_code(text), putchar('.');
}

/* An event stream has lines; here they stand in one. */
static char *one_line(char *text)
{
    for (char *c = text; c && *c; c++)
        if (*c == '\n' || *c == '\r') *c = ' ';
    return text;
}

static void print_rule(size_t index)
{
    const struct cc_rule *r = cc_rule_at(index);
    const char *profile = r->profiles == CC_OPENAI ? " · openai only" : r->profiles == CC_NEWAPI ? " · newapi only" : "";
    printf("\n#### %s\n\n%s%s · ", r->id, cc_level_name(r->level), profile);
    if (*r->path) print_code(r->path);
    else printf("as a whole");
    printf(" · ");
    print_text(r->source);
    printf("  \n");
    print_text(r->sentence);
    putchar('.');
    print_example("Good", one_line(examples[index].good));
    print_example("Bad", one_line(examples[index].bad));
    putchar('\n');
}

static void print_group(size_t first)
{
    const struct cc_rule *rule = cc_rule_at(first);
    printf("\n### %.*s\n", (int)group_length(rule->id), rule->id);
    for (size_t i = first; cc_rule_at(i); i++)
        if (same_group(cc_rule_at(i), rule)) print_rule(i);
}

/* What heads of GitHub and GitLab become in a link: dots are dropped. */
static void print_link(size_t first)
{
    const char *id = cc_rule_at(first)->id;
    size_t length = group_length(id);
    printf("- [%.*s](#", (int)length, id);
    for (size_t i = 0; i < length; i++)
        if (id[i] != '.') putchar(id[i]);
    printf(") %zu\n", group_size(first));
}

static void each_group(bool files, const char *kind, void (*print)(size_t first))
{
    for (size_t i = 0; cc_rule_at(i); i++) {
        const struct cc_rule *rule = cc_rule_at(i);
        if (is_of_files(rule) == files && (!kind || strcmp(rule->kind, kind) == 0) && is_first(i)) print(i);
    }
}

static const char *const kinds[] = {"request", "response", "stream", "error", "list", "message_list", "http", "exchange", "json",
                                    "suite", "target", "baseline", "mutants"};

static bool has_rules(const char *kind, bool files)
{
    for (size_t i = 0; cc_rule_at(i); i++)
        if (strcmp(cc_rule_at(i)->kind, kind) == 0) return is_of_files(cc_rule_at(i)) == files;
    return false;
}

static void print_head(bool files)
{
    const char *title = files ? "What suite files, target files, baselines and mutants must keep" : "What documents of the API must keep";
    printf("# %s\n\nGenerated from the tables by `make docs`. ", title);
    printf("Each rule has an id that is never renamed; `chatconform explain ID` shows the same with whole examples.\n\n"
           "`must`: breaking it is an error. `should`, `portability` (allowed, but some clients or servers break on it) and `deprecated` are\n"
           "warnings, `habit` is a note. A rule is in force in both profiles (openai-2026-08 and newapi-2025-10) unless it says otherwise. The\n"
           "place is a JSON pointer in which `*` stands for any index or member; the source says where it is written down.\n");
}

int main(int argc, char **argv)
{
    bool files = argc == 2 && strcmp(argv[1], "files") == 0;
    examples = calloc(cc_rule_count() + 1, sizeof *examples);
    if (!examples || (argc > 1 && !files)) return 2;
    collect_own();
    if (!cc_each_case(collect, NULL)) return 2;
    print_head(files);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!has_rules(kinds[i], files)) continue;
        printf("\n**%s**\n\n", kinds[i]);
        each_group(files, kinds[i], print_link);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!has_rules(kinds[i], files)) continue;
        printf("\n## Rules of %s\n", kinds[i]);
        each_group(files, kinds[i], print_group);
    }
    forget_examples();
    return 0;
}
