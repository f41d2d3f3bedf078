/* question.c: ask a rule: only while everything that it reads is sound, so that one fault gives one finding and never a cascade. */
#include "validator/lib/engine.h"

#include <string.h>

static bool mark_at_or_below(const struct judge *judge, struct view v)
{
    for (unsigned i = 0; i < judge->mark_count; i++) {
        const struct mark *m = &judge->marks[i];
        if (m->doc == v.doc && m->at >= v.at && m->at < value_of(v)->next) return true;
    }
    return false;
}

/* An error at this very value, or the next step down is what it lacks. */
static bool mark_on_way(const struct judge *judge, struct view v, bool base, const char *step, size_t length)
{
    for (unsigned i = 0; i < judge->mark_count; i++) {
        const struct mark *m = &judge->marks[i];
        if (m->doc != v.doc || m->at != v.at) continue;
        if (!m->key && !base) return true;
        if (m->key && strlen(m->key) == length && memcmp(m->key, step, length) == 0) return true;
    }
    return false;
}

static bool path_sound(const struct judge *judge, struct view v, const char *path, bool base)
{
    if (!there(v) || !mark_at_or_below(judge, v)) return true;
    if (!*path) return false;
    size_t length = strcspn(path, "/");
    const char *rest = path + length + (path[length] == '/');
    if (mark_on_way(judge, v, base, path, length)) return false;
    if (length == 1 && *path == '*') {
        for (EVERY(item, v))
            if (!path_sound(judge, item, rest, false)) return false;
        return true;
    }
    char key[64];
    if (length >= sizeof key) return true;
    memcpy(key, path, length);
    key[length] = '\0';
    return path_sound(judge, get(v, key), rest, false);
}

/* The place where a path of an exchange rule begins. */
static struct view base_of(const struct ask *ask, struct view base, const char **path)
{
    static const char request[] = "request", response[] = "response", http[] = "http";
    const struct {
        const char *name;
        size_t length;
        struct view view;
    } bases[] = {{request, sizeof request - 1, ask->request}, {response, sizeof response - 1, ask->response}, {http, sizeof http - 1, ask->http}};
    if (there(base)) return base;
    for (size_t i = 0; i < sizeof bases / sizeof *bases; i++) {
        char end = strncmp(*path, bases[i].name, bases[i].length) == 0 ? (*path)[bases[i].length] : '?';
        if (end != '\0' && end != '/') continue;
        *path += bases[i].length + (end == '/');
        return bases[i].view;
    }
    return nowhere();
}

bool judge_sound(const struct judge *judge, const struct ask *ask, struct view base, const char *const *reads)
{
    if (judge->mark_count == 0) return true;
    if (judge->mark_count == MARKS_MAX) return false;
    for (; reads && *reads; reads++) {
        const char *path = *reads;
        struct view from = base_of(ask, base, &path);
        if (!path_sound(judge, from, path, true)) return false;
    }
    return true;
}

/* Where the finding of a rule belongs when the predicate did not say: the first thing that it reads and that is there. */
static struct view default_blame(const struct ask *ask, const struct rule *rule)
{
    for (const char *const *reads = rule->reads; reads && *reads; reads++) {
        const char *path = *reads;
        struct view from = base_of(ask, ask->self, &path);
        char plain[128];
        size_t length = strcspn(path, "*");
        if (length > 0 && path[length] == '*') length--;
        if (length >= sizeof plain) continue;
        memcpy(plain, path, length);
        plain[length] = '\0';
        struct view found = get_path(from, plain);
        if (there(found)) return found;
    }
    return there(ask->self) ? ask->self : there(ask->response) ? ask->response : ask->request;
}

void ask_again(struct ask *ask)
{
    ask->blame = nowhere();
    ask->blame_key = NULL;
    ask->blame_byte = 0;
    ask->origin = (struct origin){0};
    ask->detail[0] = '\0';
    ask->failed = false;
    if (ask->scratch->used || ask->scratch->schemas) scratch_reset(ask->scratch);
}

void judge_tell(struct judge *judge, unsigned id, struct view at, const struct ask *ask)
{
    if (ask->blame_byte) judge_find_inside(judge, id, at, ask->blame_byte, ask->detail);
    else judge_find(judge, id, at, ask->blame_key, ask->detail);
}

void judge_rule(struct judge *judge, const struct rule_site *site, struct ask *ask)
{
    const struct rule *rule = site->rule;
    if (!(site->profiles & judge->profile) || !judge_sound(judge, ask, ask->self, rule->reads)) return;
    judge->report.asked++;
    ask->profile = judge->profile;
    ask->no_bearer = judge->no_bearer;
    ask->scratch = &judge->scratch;
    ask_again(ask);
    bool holds = rule->holds(ask);
    if (ask->failed) judge->failed = true;
    if (holds || ask->failed) return;
    struct view at = there(ask->blame) ? ask->blame : default_blame(ask, rule);
    judge_tell(judge, site->id, at, ask);
}

void judge_against(struct judge *judge, struct view request, struct view response, struct view http, bool cut)
{
    unsigned total;
    const struct rule_site *rules = plan_exchange_rules(&total);
    struct ask ask;
    ask.self = nowhere();
    ask.request = request;
    ask.response = response;
    ask.http = http;
    ask.cut = cut;
    for (unsigned i = 0; i < total; i++) judge_rule(judge, &rules[i], &ask);
}
