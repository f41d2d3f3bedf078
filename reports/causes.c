/* causes.c: findings by cause. One fault of a server shows in every case that meets it; a report that printed each of them would hide that
 * there is one thing to mend. */
#include "reports/parts.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { MESSAGE_MAX = 400 }; /* bytes of a message that tell causes apart */

/* Rule and message, with each number made 0 and each quoted text made empty. Of a wrong request that was let through the rule is enough:
 * what it looks at was not looked at. */
static char *make_key(const struct blame *blame)
{
    bool let_through = blame->finding && blame->finding->in == CC_IN_REQUEST;
    size_t rule = strlen(blame->rule);
    char *key = malloc(rule + MESSAGE_MAX + 2);
    if (!key)
        return NULL;
    memcpy(key, blame->rule, rule);
    size_t at = rule;
    key[at++] = '\n';
    bool quoted = false;
    for (const char *from = let_through ? "" : blame->message; *from && at < rule + MESSAGE_MAX; from++) {
        if (*from == '"')
            quoted = !quoted;
        if (quoted && *from != '"')
            continue;
        bool digit = isdigit((unsigned char)*from);
        if (!digit || key[at - 1] != '0')
            key[at++] = digit ? '0' : *from;
    }
    key[at] = '\0';
    return key;
}

static size_t hash(const char *key)
{
    uint64_t value = 14695981039346656037u;
    for (; *key; key++)
        value = (value ^ (unsigned char)*key) * 1099511628211u;
    return (size_t)(value ^ value >> 32);
}

/* The slot that holds the key, or the free one where it belongs. */
static size_t *find_slot(const struct cause_list *list, const char *key)
{
    for (size_t at = hash(key);; at++) {
        size_t *slot = &list->slots[at & (list->slot_count - 1)];
        if (*slot == 0 || strcmp(list->causes[*slot - 1].key, key) == 0)
            return slot;
    }
}

static bool grow_slots(struct cause_list *list)
{
    size_t count = list->slot_count ? list->slot_count * 2 : 64;
    size_t *slots = calloc(count, sizeof *slots);
    if (!slots)
        return false;
    free(list->slots);
    list->slots = slots;
    list->slot_count = count;
    for (size_t i = 0; i < list->count; i++)
        *find_slot(list, list->causes[i].key) = i + 1;
    return true;
}

static struct cause *append_cause(struct cause_list *list, const struct blame *blame, char *key)
{
    if (list->count == list->room) {
        size_t room = list->room ? list->room * 2 : 16;
        struct cause *grown = realloc(list->causes, room * sizeof *grown);
        if (!grown)
            return NULL;
        list->causes = grown;
        list->room = room;
    }
    list->causes[list->count] = (struct cause){.blame = *blame, .order = list->count, .key = key};
    return &list->causes[list->count++];
}

/* The cause of that key; takes the key over. */
static struct cause *find_cause(struct cause_list *list, const struct blame *blame, char *key)
{
    if (list->count * 2 >= list->slot_count && !grow_slots(list)) {
        free(key);
        return NULL;
    }
    size_t *slot = find_slot(list, key);
    if (*slot) {
        free(key);
        return &list->causes[*slot - 1];
    }
    struct cause *made = append_cause(list, blame, key);
    if (made)
        *slot = list->count;
    else
        free(key);
    return made;
}

/* Cases come one after the other, so a case that is there already is the last one. */
static bool add(struct cause_list *list, const struct case_result *result, struct blame blame)
{
    char *key = make_key(&blame);
    struct cause *cause = key ? find_cause(list, &blame, key) : NULL;
    if (!cause)
        return false;
    cause->places++;
    if (cause->case_count && cause->cases[cause->case_count - 1] == result)
        return true;
    if (cause->case_count == cause->room) {
        size_t room = cause->room ? cause->room * 2 : 4;
        const struct case_result **grown = realloc(cause->cases, room * sizeof *grown);
        if (!grown)
            return false;
        cause->cases = grown;
        cause->room = room;
    }
    cause->cases[cause->case_count++] = result;
    return true;
}

static bool add_findings(struct cause_list *list, const struct case_result *result, enum cc_severity severity)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct result_finding *finding = &result->findings[i];
        struct blame blame = {finding->rule ? finding->rule : "", finding->message ? finding->message : "", finding};
        if (finding->severity == severity && !add(list, result, blame))
            return false;
    }
    return true;
}

static bool add_case(struct cause_list *list, const struct case_result *result, enum outcome outcome)
{
    enum cc_severity worst = case_severity(result);
    bool failed = result->state == CASE_FAIL;
    if (outcome == OUTCOME_WARN) /* warnings that made a case fail stand among the failures */
        return (failed && worst == CC_WARNING) || add_findings(list, result, CC_WARNING);
    if (state_outcome(result->state) != outcome)
        return true;
    return failed && worst ? add_findings(list, result, worst) : add(list, result, case_blame(result));
}

static int more_cases_first(const void *left, const void *right)
{
    const struct cause *a = left, *b = right;
    if (a->case_count != b->case_count)
        return a->case_count < b->case_count ? 1 : -1;
    return a->order < b->order ? -1 : a->order > b->order;
}

bool cause_list_build(struct cause_list *list, const struct run_result *run, enum outcome outcome)
{
    *list = (struct cause_list){0};
    bool fine = true;
    for (size_t i = 0; fine && i < run->case_count; i++)
        fine = add_case(list, &run->cases[i], outcome);
    free(list->slots);
    list->slots = NULL;
    if (fine && list->count)
        qsort(list->causes, list->count, sizeof *list->causes, more_cases_first);
    if (!fine)
        cause_list_clear(list);
    return fine;
}

void cause_list_clear(struct cause_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->causes[i].key);
        free(list->causes[i].cases);
    }
    free(list->causes);
    free(list->slots);
    *list = (struct cause_list){0};
}
