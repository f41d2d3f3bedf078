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

/* FNV-1a over the pointer, begun with the rule. Two different findings with one print are as unlikely as a broken machine. */
static uint64_t print_of(const struct judge *judge, size_t index)
{
    uint64_t print = 0xCBF29CE484222325 ^ (uint64_t)(uintptr_t)judge->findings[index].rule;
    for (const char *c = judge->text + judge->texts[index].pointer; *c; c++) print = (print ^ (unsigned char)*c) * 0x100000001B3;
    print ^= print >> 29;
    return print ? print : 1;
}

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

/* True when it was told before; remembers it when it was not. */
static bool told_before(struct told *told, struct judge *judge, size_t index)
{
    uint64_t print = print_of(judge, index);
    if (is_there(told, print)) return true;
    if (told->count == TOLD_MAX) return false;
    if (told->count * 2 >= told->room && !widen(told)) {
        judge->failed = true;
        return false;
    }
    put(told->prints, told->room, print);
    told->count++;
    return false;
}

static void uncount(struct judge *judge, size_t index)
{
    enum cc_severity severity = judge->findings[index].severity;
    if (severity == CC_ERROR) judge->report.errors--;
    else if (severity == CC_WARNING) judge->report.warnings--;
    else judge->report.notes--;
}

void told_settle(struct told *told, struct judge *judge, size_t from, size_t limit)
{
    size_t kept = from, count = judge->report.count;
    judge->limits.findings = limit;
    if (judge->failed) return; /* texts may be missing, and there will be no report */
    for (size_t i = from; i < count; i++) {
        if (told_before(told, judge, i)) {
            uncount(judge, i);
            continue;
        }
        judge->findings[kept] = judge->findings[i];
        judge->texts[kept++] = judge->texts[i];
    }
    if (kept == from && count > from) judge->text_used = judge->texts[from].pointer;
    if (kept > limit) judge->report.dropped += kept - limit;
    judge->report.count = kept > limit ? limit : kept;
}

void told_clear(struct told *told)
{
    free(told->prints);
    *told = (struct told){0};
}
