/* registry.c: every constraint there is, by number and by id, and the small public tables of levels, kinds, profiles and limits. */
#include "validator/lib/engine.h"
#include "validator/lib/eternal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CONSTRAINTS_MAX = 4096, TABLE_SIZE = 8192 };

static const struct constraint *constraints[CONSTRAINTS_MAX + 1];
static unsigned used, clashes;
static unsigned short by_id[TABLE_SIZE]; /* open addressing */

static unsigned *slot_of(const char *id, unsigned *slot)
{
    unsigned hash = 2166136261u;
    for (const char *s = id; *s; s++) hash = (hash ^ (unsigned char)*s) * 16777619u;
    for (*slot = hash % TABLE_SIZE; by_id[*slot]; *slot = (*slot + 1) % TABLE_SIZE)
        if (strcmp(constraints[by_id[*slot]]->rule.id, id) == 0) break;
    return slot;
}

/* Rows that share an id share its level; a note that says otherwise would be lost without a word. */
static void compare(const struct constraint *known, const struct constraint *again)
{
    if (known->rule.level == again->rule.level) return;
    fprintf(stderr, "chatconform: %s has level %s in one row and %s in another\n", known->rule.id, cc_level_name(known->rule.level),
            cc_level_name(again->rule.level));
    clashes++;
}

unsigned constraint_clashes(void) { return engine_ready() ? clashes : 0; }

unsigned constraint_add(const struct constraint *constraint)
{
    unsigned slot;
    slot_of(constraint->rule.id, &slot);
    if (by_id[slot]) {
        compare(constraints[by_id[slot]], constraint);
        return by_id[slot];
    }
    struct constraint *copy = used < CONSTRAINTS_MAX ? eternal(sizeof *copy) : NULL;
    if (!copy) return 0;
    *copy = *constraint;
    constraints[++used] = copy;
    by_id[slot] = (unsigned short)used;
    return used;
}

const struct constraint *constraint_at(unsigned number) { return number && number <= used ? constraints[number] : NULL; }

unsigned constraint_known(const char *id)
{
    unsigned slot;
    return by_id[*slot_of(id, &slot)];
}

unsigned constraint_find(const char *id) { return engine_ready() ? constraint_known(id) : 0; }

unsigned constraint_count(void) { return used; }

/* --- public */

const char *cc_version(void) { return CC_VERSION; }

size_t cc_rule_count(void) { return engine_ready() ? used : 0; }

const struct cc_rule *cc_rule_at(size_t index)
{
    return engine_ready() && index < used ? &constraints[index + 1]->rule : NULL;
}

const struct cc_rule *cc_rule_find(const char *id)
{
    unsigned number = constraint_find(id);
    return number ? &constraints[number]->rule : NULL;
}

enum cc_severity cc_level_severity(enum cc_level level)
{
    return level == CC_MUST ? CC_ERROR : level == CC_HABIT ? CC_NOTE : CC_WARNING;
}

const char *cc_level_name(enum cc_level level)
{
    static const char *const names[] = {"none", "must", "should", "portability", "deprecated", "habit"};
    return (unsigned)level < sizeof names / sizeof *names ? names[level] : "unknown";
}

const char *cc_severity_name(enum cc_severity severity)
{
    static const char *const names[] = {"none", "note", "warning", "error"};
    return (unsigned)severity < sizeof names / sizeof *names ? names[severity] : "unknown";
}

static const char *const kind_names[CC_KIND_COUNT] = {"auto",  "request", "response", "chunk",    "stream", "list", "message_list",
                                                      "error", "http",    "exchange", "suite", "target", "baseline", "mutants"};

const char *cc_kind_name(enum cc_kind kind) { return (unsigned)kind < CC_KIND_COUNT ? kind_names[kind] : "unknown"; }

enum cc_kind cc_kind_find(const char *name)
{
    unsigned kind = 0;
    while (kind < CC_KIND_COUNT && strcmp(kind_names[kind], name) != 0) kind++;
    return (enum cc_kind)kind;
}

static const struct {
    unsigned profile;
    const char *name, *alias;
} profiles[] = {{CC_OPENAI, "openai-2026-08", "openai"}, {CC_NEWAPI, "newapi-2025-10", "newapi"}};

unsigned cc_profile_find(const char *name)
{
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++)
        if (strcmp(name, profiles[i].name) == 0 || strcmp(name, profiles[i].alias) == 0) return profiles[i].profile;
    return 0;
}

const char *cc_profile_name(unsigned profile)
{
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++)
        if (profiles[i].profile == profile) return profiles[i].name;
    return NULL;
}

static const struct cc_limit limits[] = {
    {"bytes", "bytes of one document", 16u << 20, 256u << 20},
    {"depth", "levels of nesting in one document", 64, 512},
    {"values", "values in one document, keys counted too", 1000000, 8000000},
    {"findings", "findings listed in one report; more are counted", 200, 10000},
    {"line", "bytes of one line of an event stream", 1u << 20, 16u << 20},
    {"event", "bytes of one event", 4u << 20, 16u << 20},
    {"events", "events in one stream", 100000, 16000000},
    {"stream", "bytes of one stream", 64u << 20, 1u << 30},
    {"comments", "lines of a stream without data, one after another", 10000, 100000},
    {0},
};

static const size_t limit_offsets[] = {
    offsetof(struct cc_limits, bytes), offsetof(struct cc_limits, depth), offsetof(struct cc_limits, values),
    offsetof(struct cc_limits, findings), offsetof(struct cc_limits, line), offsetof(struct cc_limits, event),
    offsetof(struct cc_limits, events), offsetof(struct cc_limits, stream),
    offsetof(struct cc_limits, comments)};

const struct cc_limit *cc_limit_at(size_t index)
{
    return index < sizeof limit_offsets / sizeof *limit_offsets ? &limits[index] : NULL;
}

static size_t *limit_member(struct cc_limits *of, size_t index)
{
    return (size_t *)(void *)((char *)of + limit_offsets[index]);
}

bool cc_limits_set(struct cc_limits *of, const char *name, size_t value)
{
    for (size_t i = 0; limits[i].name; i++) {
        if (strcmp(limits[i].name, name) != 0) continue;
        if (value == 0 || value > limits[i].hard) return false;
        *limit_member(of, i) = value;
        return true;
    }
    return false;
}

void limits_fill(struct cc_limits *of)
{
    for (size_t i = 0; limits[i].name; i++) {
        size_t *member = limit_member(of, i);
        if (*member == 0) *member = limits[i].standard;
        if (*member > limits[i].hard) *member = limits[i].hard;
    }
}
