/* told.c: see told.h. */
#include "validator/lib/told.h"

#include <stdlib.h>
#include <string.h>

enum { EVENT_FINDINGS = 1000 }; /* more than one event is listed with; the rest is only counted */

size_t told_open(struct judge *judge, size_t *limit)
{
    *limit = judge->limits.findings;
    judge->limits.findings = judge->report.count + EVENT_FINDINGS;
    return judge->report.count;
}

/* FNV-1a over the pointer, begun with the rule, by its id, which is one constant whoever speaks of it. Two different findings with one
 * print are as unlikely as a broken machine. */
static uint64_t print_of(const struct cc_rule *rule, const char *pointer)
{
    uint64_t print = 0xCBF29CE484222325 ^ (uint64_t)(uintptr_t)rule->id;
    for (const char *c = pointer; *c; c++) print = (print ^ (unsigned char)*c) * 0x100000001B3;
    print ^= print >> 29;
    return print ? print : 1;
}

/* No pointer begins with anything but a slash. */
static uint64_t print_of_rule(const struct cc_rule *rule) { return print_of(rule, "*"); }

static void put(uint64_t *prints, size_t room, uint64_t print)
{
    size_t slot = (size_t)print & (room - 1);
    while (prints[slot]) slot = (slot + 1) & (room - 1);
    prints[slot] = print;
}

static bool widen(struct told *told)
{
    size_t room = told->room ? told->room * 2 : 64;
    uint64_t *prints = calloc(room, sizeof *prints);
    if (!prints) return false;
    for (size_t i = 0; i < told->room; i++)
        if (told->prints[i]) put(prints, room, told->prints[i]);
    free(told->prints);
    told->prints = prints;
    told->room = room;
    return true;
}

static bool is_there(const struct told *told, uint64_t print)
{
    if (!told->room) return false;
    for (size_t slot = (size_t)print & (told->room - 1); told->prints[slot]; slot = (slot + 1) & (told->room - 1))
        if (told->prints[slot] == print) return true;
    return false;
}

static void remember(struct told *told, struct judge *judge, uint64_t print)
{
    if (told->count == TOLD_MAX || is_there(told, print)) return;
    if (told->count * 2 >= told->room && !widen(told)) {
        judge->failed = true;
        return;
    }
    put(told->prints, told->room, print);
    told->count++;
}

void told_add_rule(struct told *told, struct judge *judge, const struct cc_rule *rule) { remember(told, judge, print_of_rule(rule)); }
bool told_has_rule(const struct told *told, const struct cc_rule *rule) { return is_there(told, print_of_rule(rule)); }

/* True when it was told before; remembers it when it was not. */
static bool told_before(struct told *told, struct judge *judge, size_t index)
{
    const struct cc_rule *rule = judge->findings[index].rule;
    uint64_t print = print_of(rule, judge->text + judge->texts[index].pointer);
    if (is_there(told, print)) return true;
    remember(told, judge, print_of_rule(rule));
    remember(told, judge, print);
    return false;
}

void told_sift(struct told *told, struct judge *judge, size_t from)
{
    size_t kept = from, count = judge->report.count, text;
    if (judge->failed || count == from) return; /* texts may be missing, and there will be no report */
    text = judge->texts[from].pointer;
    for (size_t i = from; i < count; i++) {
        if (told_before(told, judge, i)) {
            judge_uncount(judge, i);
            continue;
        }
        judge->findings[kept] = judge->findings[i];
        judge->texts[kept++] = judge->texts[i];
    }
    if (kept == from) judge->text_used = text;
    judge->report.count = kept;
}

void told_close(struct judge *judge, size_t limit)
{
    size_t count = judge->report.count;
    judge->limits.findings = limit;
    if (judge->failed || count <= limit) return;
    judge->report.dropped += count - limit;
    judge->text_used = judge->texts[limit].pointer;
    judge->report.count = limit;
}

void told_clear(struct told *told)
{
    free(told->prints);
    *told = (struct told){0};
}
