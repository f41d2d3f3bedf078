/* campaign_tell.c: what a campaign found, as the cases of a run, so that all reports can show it: one for each finding, each constraint
 * that was to be refused, and each parameter that was to be accepted. Names are the same from run to run. What is about one member of a
 * request is a suite, so the table of suites that each report begins with is the table of coverage. */
#include "harness/campaign/campaign_parts.h"

#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/run/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *copy(struct campaign *c, const char *text)
{
    char *made = strdup(text);
    if (!made) c->failed = true;
    return made;
}

static void set(struct campaign *c, struct case_result *result, enum case_state state, char *reason)
{
    result->state = state;
    free(result->reason);
    result->reason = reason;
    if (!reason && state != CASE_PASS) c->failed = true;
}

/* "refuse/request.stop.max_items" and "accept/stop" are of the suite fuzz/stop, other findings of fuzz itself. */
static char *suite_of(struct campaign *c, const char *id)
{
    char suite[128] = "fuzz";
    size_t used = 4;
    if (strncmp(id, "accept/", 7) == 0) snprintf(suite + used, sizeof suite - used, "%.*s", (int)strcspn(id + 7, "#") + 1, id + 6);
    else if (strncmp(id, "refuse/request.", 15) == 0)
        snprintf(suite + used, sizeof suite - used, "/%.*s", (int)strcspn(id + 15, ".#"), id + 15);
    else if (strncmp(id, "refuse/json.", 12) == 0) snprintf(suite + used, sizeof suite - used, "/json");
    else if (strncmp(id, "refuse/http.", 12) == 0) snprintf(suite + used, sizeof suite - used, "/http");
    return copy(c, suite);
}

/* --- findings */

static int by_weight(const void *a, const void *b)
{
    const struct find *x = a, *y = b;
    if (x->result.level != y->result.level) return (int)x->result.level - (int)y->result.level;
    return strcmp(x->result.id, y->result.id);
}

static void tell_find(struct campaign *c, struct find *find, struct case_result *result)
{
    const char *message = find->result.findings ? find->result.findings[0].message : NULL;
    *result = find->result;
    find->result = (struct case_result){0};
    free(result->suite);
    result->suite = suite_of(c, result->id);
    bool about_fault = strncmp(result->id, "refuse/", 7) == 0 || strncmp(result->id, "blame/", 6) == 0; /* else it has no part in it */
    if (find->shot.breaks && about_fault) result->spec = copy(c, find->shot.breaks->id);
    if (result->state == CASE_FLAKY) {
        set(c, result, CASE_FLAKY,
            why_text("seen %zu time%s, but not when it was sent again: %s", find->seen, plural(find->seen), message ? message : ""));
        return;
    }
    bool fails = outcome_failure(&c->options->tolerance, result, 0) != NULL;
    set(c, result, fails ? CASE_FAIL : CASE_WARN, why_text("%s (seen %zu time%s)", message ? message : "", find->seen, plural(find->seen)));
    c->figures->failures += fails;
}

/* What became the same smallest request was one trouble in different words: `seen` of the later one becomes 0. */
static void join_same(struct campaign *c)
{
    for (size_t i = 1; i < c->find_count; i++) {
        struct find *find = &c->finds[i];
        for (size_t k = 0; k < i && find->seen && find->least; k++) {
            struct find *other = &c->finds[k];
            bool same = other->seen && other->least && strcmp(other->result.id, find->result.id) == 0 &&
                        json_object_equal(other->least, find->least);
            if (!same) continue;
            other->seen += find->seen;
            find->seen = 0;
        }
    }
}

/* Two findings may have the same name, but for what the server said: the later ones get a number. */
static void number_names(struct campaign *c, struct case_result *cases, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        size_t same = 1;
        for (size_t k = 0; k < i; k++) {
            size_t length = strlen(cases[i].id);
            same += strncmp(cases[k].id, cases[i].id, length) == 0 && (!cases[k].id[length] || cases[k].id[length] == '#');
        }
        if (same == 1) continue;
        char *name = why_text("%s#%zu", cases[i].id, same);
        if (!name) {
            c->failed = true;
            return;
        }
        free(cases[i].id);
        cases[i].id = name;
    }
}

/* --- constraints and parameters */

static bool has_case(const struct run_result *run, const char *id)
{
    for (size_t i = 0; i < run->case_count; i++)
        if (run->cases[i].id && strcmp(run->cases[i].id, id) == 0) return true;
    return false;
}

static struct case_result *add_case(struct campaign *c, const char *group, const struct score *score, const char *title)
{
    struct run_result *run = c->run;
    char id[192];
    snprintf(id, sizeof id, "%s/%s", group, score->name);
    if (has_case(run, id)) return NULL;
    struct case_result *result = &run->cases[run->case_count++];
    *result = (struct case_result){
        .suite = suite_of(c, id), .id = copy(c, id), .title = copy(c, title), .level = CC_MUST, .assertions = score->sent};
    return result;
}

static void tell_rule(struct campaign *c, const struct score *score)
{
    struct case_result *result = add_case(c, "refuse", score, score->rule->sentence);
    c->figures->rules_refused += score->refused && score->proved;
    c->figures->rules_accepted += score->accepted > 0;
    if (!result) return;
    if (!score->sent) set(c, result, CASE_SKIP, why_text("not sent"));
    else if (score->proved && score->refused) set(c, result, CASE_PASS, NULL);
    else if (score->refused) set(c, result, CASE_SKIP, why_text("refused, but so was the same request without the fault"));
    else set(c, result, CASE_SKIP, why_text("neither refused nor accepted"));
}

static void tell_member(struct campaign *c, const struct score *score)
{
    char title[160];
    snprintf(title, sizeof title, "valid requests with %s are accepted", score->name);
    struct case_result *result = add_case(c, "accept", score, title);
    c->figures->members_accepted += score->accepted > 0;
    if (!result) return;
    if (score->accepted) set(c, result, CASE_PASS, NULL);
    else set(c, result, CASE_SKIP, score->sent ? why_text("never accepted in %zu requests", score->sent) : why_text("not sent"));
}

bool campaign_tell(struct campaign *c)
{
    struct run_result *run = c->run;
    run->cases = calloc(c->find_count + c->rule_count + c->member_count + 1, sizeof *run->cases);
    if (!run->cases) return false;
    if (c->find_count) qsort(c->finds, c->find_count, sizeof *c->finds, by_weight);
    join_same(c);
    for (size_t i = 0; i < c->find_count; i++)
        if (c->finds[i].seen) tell_find(c, &c->finds[i], &run->cases[run->case_count++]);
    number_names(c, run->cases, run->case_count);
    c->figures->findings = run->case_count;
    c->figures->rules = c->rule_count;
    c->figures->members = c->member_count;
    for (size_t i = 0; i < c->rule_count; i++) tell_rule(c, &c->rules[i]);
    for (size_t i = 0; i < c->member_count; i++) tell_member(c, &c->members[i]);
    return !c->failed;
}
