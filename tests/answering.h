/* answering.h: judging small documents in tests: one correct document, some members laid over one of its objects, and the ids of all that
 * is to be found then. */
#ifndef ANSWERING_H
#define ANSWERING_H

#include "chatconform.h"
#include "tests/testing.h"

#include <json-c/json.h>
#include <json-c/json_pointer.h>
#include <stdio.h>
#include <string.h>

/* Its words as text; true and false stay what they are as long as no other macro is in between. */
#define J(...) #__VA_ARGS__

/* A document with members laid over the object at a pointer, and the ids that are found, with blanks between them; "" for none. */
struct vector {
    const char *at, *members, *found;
};

static const char an_answer[] = J({
    "id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "gpt-4o-mini",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "4", "refusal": null}, "logprobs": null, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}});

static const char an_exchange[] = J({
    "request": {"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "What is 2 + 2?"}]},
    "response": {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "gpt-4o-mini-2024-07-18",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "4", "refusal": null}, "logprobs": null, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}}});

static inline struct json_object *read_text(const char *text)
{
    struct json_object *object = NULL;
    char why[200] = "";
    bool read = cc_read_object(text, strlen(text), NULL, &object, why, sizeof why);
    ck_assert_msg(read, "%s: %s", why, text);
    return object;
}

/* Lays the members of a JSON object over the object at the pointer. */
static inline void lay(struct json_object *root, const char *at, const char *members)
{
    struct json_object *target = NULL, *over = read_text(members);
    ck_assert_msg(json_pointer_get(root, at, &target) == 0, "no %s", at);
    json_object_object_foreach(over, key, value)
        json_object_object_add(target, key, json_object_get(value));
    json_object_put(over);
}

/* The ids of all findings in document order, with blanks between them. */
static inline const char *found_in(unsigned profile, enum cc_kind kind, const char *text, size_t length)
{
    static char ids[4096];
    struct cc_options options = {.profile = profile};
    struct cc_checker *checker = cc_checker_new(&options);
    ck_assert_ptr_nonnull(checker);
    const struct cc_report *report = cc_check(checker, kind, text, length);
    ck_assert_ptr_nonnull(report);
    size_t used = 0;
    ids[0] = '\0';
    for (size_t i = 0; i < report->count && used + 1 < sizeof ids; i++)
        used += (size_t)snprintf(ids + used, sizeof ids - used, "%s%s", i ? " " : "", report->findings[i].rule->id);
    cc_checker_free(checker);
    return ids;
}

static inline void check_object(unsigned profile, enum cc_kind kind, struct json_object *object, const char *expected)
{
    const char *text = json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    const char *found = found_in(profile, kind, text, strlen(text));
    ck_assert_msg(strcmp(found, expected) == 0, "found \"%s\", expected \"%s\" in %s", found, expected, text);
}

static inline void check_text(unsigned profile, enum cc_kind kind, const char *text, const char *expected)
{
    const char *found = found_in(profile, kind, text, strlen(text));
    ck_assert_msg(strcmp(found, expected) == 0, "found \"%s\", expected \"%s\" in %s", found, expected, text);
}

static inline void check_vector(unsigned profile, enum cc_kind kind, const char *base, const struct vector *v)
{
    struct json_object *object = read_text(base);
    lay(object, v->at, v->members);
    check_object(profile, kind, object, v->found);
    json_object_put(object);
}

/* Every derived case whose id begins with one of these prefixes gives exactly its finding. Members that are deprecated are reported
 * wherever they stand, also in a case about something else. */
struct derived {
    const char *const *prefixes;
    struct cc_checker *checkers[2];
    size_t cases, wrong;
    char first[1024];
};

static inline bool concerns(const struct derived *d, const char *id)
{
    for (const char *const *prefix = d->prefixes; *prefix; prefix++)
        if (strncmp(id, *prefix, strlen(*prefix)) == 0) return true;
    return false;
}

static inline bool is_about_deprecation(const struct cc_rule *rule)
{
    static const char ending[] = ".deprecated";
    size_t length = strlen(rule->id), end = sizeof ending - 1;
    return rule->level == CC_DEPRECATED || (length > end && strcmp(rule->id + length - end, ending) == 0);
}

static inline bool judge_case(void *context, const struct cc_case *c)
{
    struct derived *d = context;
    if (!concerns(d, c->about->id)) return true;
    const struct cc_report *report = cc_check(d->checkers[c->profile == CC_OPENAI], c->kind, c->text, c->length);
    size_t others = 0, own = 0;
    for (size_t i = 0; i < report->count; i++) {
        bool mine = report->findings[i].rule == c->rule;
        bool placed = mine && (!c->pointer || strcmp(report->findings[i].pointer, c->pointer) == 0);
        own += placed;
        others += !placed && (mine || !is_about_deprecation(report->findings[i].rule));
    }
    bool right = others == 0 && own == (c->rule != NULL);
    if (!right && d->wrong++ == 0)
        snprintf(d->first, sizeof d->first, "%s gives %zu of its own, %zu others (%s): %.*s", c->name, own, others,
                 report->count ? report->findings[0].rule->id : "", (int)(c->length < 500 ? c->length : 500), c->text);
    d->cases++;
    return true;
}

static inline void check_derived(const char *const *prefixes, size_t at_least)
{
    struct derived d = {.prefixes = prefixes};
    for (unsigned i = 0; i < 2; i++) d.checkers[i] = cc_checker_new(&(struct cc_options){.profile = i ? CC_OPENAI : CC_NEWAPI});
    ck_assert(cc_each_case(judge_case, &d));
    ck_assert_msg(d.wrong == 0, "%zu of %zu derived cases are wrong, first %s", d.wrong, d.cases, d.first);
    ck_assert_msg(d.cases >= at_least, "only %zu derived cases", d.cases);
    for (unsigned i = 0; i < 2; i++) cc_checker_free(d.checkers[i]);
}

#endif
