/* recipe.c: see recipe.h. A few constraints have no derived document, because no small one breaks them; theirs are made here. */
#include "fuzzer/recipe.h"

#include "fuzzer/special.h"

#include <stdlib.h>
#include <string.h>

struct collecting {
    struct cookbook *book;
    unsigned profile;
    bool advice;
    bool (*wanted)(void *context, const char *id);
    void *context;
    bool failed;
};

static bool is_wanted(const struct collecting *c, const struct cc_rule *rule)
{
    if (!rule) return false;
    bool level = c->advice ? rule->level == CC_SHOULD || rule->level == CC_PORTABILITY : rule->level == CC_MUST;
    return level && strcmp(rule->kind, "request") == 0 && (rule->profiles & c->profile) &&
           (!c->wanted || c->wanted(c->context, rule->id));
}

static struct cookbook_rule *entry_of(struct collecting *c, const struct cc_rule *rule)
{
    struct cookbook *book = c->book;
    if (book->rule_count && book->rules[book->rule_count - 1].rule == rule) return &book->rules[book->rule_count - 1];
    struct cookbook_rule *rules = realloc(book->rules, (book->rule_count + 1) * sizeof *rules);
    if (!rules) return NULL;
    book->rules = rules;
    rules[book->rule_count] = (struct cookbook_rule){.rule = rule, .first = book->count};
    return &rules[book->rule_count++];
}

static void add(struct collecting *c, const struct cc_rule *rule, const char *text, size_t length, const char *pointer)
{
    struct cookbook *book = c->book;
    struct recipe *recipes = book->count % 64 ? book->recipes : realloc(book->recipes, (book->count + 64) * sizeof *recipes);
    if (recipes) book->recipes = recipes;
    struct cookbook_rule *entry = recipes ? entry_of(c, rule) : NULL;
    struct recipe made = {.rule = rule, .text = strndup(text, length), .pointer = strdup(pointer ? pointer : "")};
    if (!entry || !made.text || !made.pointer) {
        free(made.text);
        free(made.pointer);
        c->failed = true;
        return;
    }
    book->recipes[book->count++] = made;
    entry->count++;
}

static bool collect(void *context, const struct cc_case *derived)
{
    struct collecting *c = context;
    if (derived->kind != CC_REQUEST || derived->profile != c->profile || !is_wanted(c, derived->rule)) return true;
    add(c, derived->rule, derived->text, derived->length, derived->pointer);
    return !c->failed;
}

/* --- those that are made here */

static void add_bodies(struct collecting *c)
{
    static const char *const bodies[] = {"[]", "null", "\"request\"", "7", "true", "[{\"model\":\"m\"}]"};
    const struct cc_rule *rule = cc_rule_find("request.body.type");
    for (size_t i = 0; is_wanted(c, rule) && i < sizeof bodies / sizeof *bodies; i++) add(c, rule, bodies[i], strlen(bodies[i]), "");
}

static void add_special(struct collecting *c, const struct special *special)
{
    const struct cc_rule *rule = cc_rule_find(special->rule);
    if (!is_wanted(c, rule)) return;
    struct json_object *made = special->make();
    size_t length;
    const char *text = jo_write(made, &length);
    if (length) add(c, rule, text, length, special->pointer);
    c->failed |= !length;
    json_object_put(made);
}

/* --- the book */

/* Whether a document has findings of level deprecated. */
static bool uses_old(struct cc_checker *checker, const struct recipe *recipe)
{
    const struct cc_report *report = cc_check(checker, CC_REQUEST, recipe->text, strlen(recipe->text));
    for (size_t i = 0; report && i < report->count; i++)
        if (report->findings[i].rule->level == CC_DEPRECATED) return true;
    return false;
}

static bool mark_old(struct cookbook *book, unsigned profile)
{
    struct cc_options options = {.profile = profile};
    struct cc_checker *checker = cc_checker_new(&options);
    for (size_t i = 0; checker && i < book->rule_count; i++) book->rules[i].old = uses_old(checker, &book->recipes[book->rules[i].first]);
    cc_checker_free(checker);
    return checker != NULL;
}

struct cookbook *cookbook_new(unsigned profile, bool advice, bool (*wanted)(void *context, const char *id), void *context)
{
    struct collecting c = {.book = calloc(1, sizeof *c.book), .profile = profile, .advice = advice, .wanted = wanted, .context = context};
    if (!c.book) return NULL;
    bool complete = cc_each_case(collect, &c);
    add_bodies(&c);
    for (const struct special *s = specials; s->rule; s++) add_special(&c, s);
    if (complete && !c.failed && mark_old(c.book, profile)) return c.book;
    cookbook_free(c.book);
    return NULL;
}

struct json_object *recipe_document(struct recipe *recipe)
{
    enum { SMALL = 2048 };
    size_t length = strlen(recipe->text);
    if (length > SMALL) return jo_read_bytes(recipe->text, length);
    if (!recipe->document) recipe->document = jo_read_bytes(recipe->text, length);
    return jo_share(recipe->document);
}

void cookbook_free(struct cookbook *book)
{
    if (!book) return;
    for (size_t i = 0; i < book->count; i++) {
        free(book->recipes[i].text);
        free(book->recipes[i].pointer);
        json_object_put(book->recipes[i].document);
    }
    free(book->recipes);
    free(book->rules);
    free(book);
}
