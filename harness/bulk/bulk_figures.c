/* bulk_figures.c: what many lines come to. All counts are exact, percentiles too: of each answer two times of four bytes are kept. */
#include "harness/bulk/bulk_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- numbers */

static bool numbers_add(struct bulk_numbers *numbers, long value)
{
    if (value < 0) return true;
    if (numbers->count == numbers->room) {
        size_t room = numbers->room ? numbers->room * 2 : 256;
        uint32_t *more = realloc(numbers->items, room * sizeof *more);
        if (!more) return false;
        numbers->items = more;
        numbers->room = room;
    }
    numbers->items[numbers->count++] = (unsigned long)value < UINT32_MAX ? (uint32_t)value : UINT32_MAX;
    return true;
}

static int by_size(const void *one, const void *other)
{
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return a < b ? -1 : a > b;
}

long bulk_percentile(struct bulk_numbers *numbers, int percent)
{
    if (!numbers->count) return -1;
    qsort(numbers->items, numbers->count, sizeof *numbers->items, by_size);
    size_t rank = (numbers->count * (size_t)percent + 99) / 100;
    return (long)numbers->items[rank ? rank - 1 : 0];
}

struct bulk_score bulk_score(size_t both, size_t only, size_t missed)
{
    struct bulk_score score = {-1, -1, -1};
    if (both + only) score.precision = (double)both / (double)(both + only);
    if (both + missed) score.recall = (double)both / (double)(both + missed);
    if (both + only + missed) score.f1 = 2.0 * (double)both / (double)(2 * both + only + missed);
    return score;
}

/* --- rules */

static struct bulk_rule *rule_of(struct bulk_figures *f, const char *id)
{
    for (size_t i = 0; i < f->rule_count; i++)
        if (strcmp(f->rules[i].first.rule, id) == 0) return &f->rules[i];
    struct bulk_rule *more = realloc(f->rules, (f->rule_count + 1) * sizeof *more);
    if (!more) return NULL;
    f->rules = more;
    more[f->rule_count] = (struct bulk_rule){.first = {.rule = strdup(id)}};
    return more[f->rule_count].first.rule ? &more[f->rule_count++] : NULL;
}

static char *copy(struct bulk_figures *f, const char *text)
{
    char *made = text ? strdup(text) : NULL;
    if (text && !made) f->failed = true;
    return made;
}

/* Lines come in any order; the first of the file stands for all, so that it is the same one each time. */
static void keep_first(struct bulk_figures *f, struct bulk_rule *rule, const struct bulk_finding *finding, size_t line)
{
    if (rule->line && rule->line <= line) return;
    rule->line = line;
    free(rule->first.pointer);
    free(rule->first.message);
    rule->first.level = finding->level;
    rule->first.severity = finding->severity;
    rule->first.pointer = copy(f, finding->pointer);
    rule->first.message = copy(f, finding->message);
}

static bool came_before(const struct bulk_entry *entry, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(entry->findings[i].rule, entry->findings[index].rule) == 0) return true;
    return false;
}

static void add_findings(struct bulk_figures *f, const struct bulk_entry *entry)
{
    bool clean = true, counts = false;
    for (size_t i = 0; i < entry->finding_count; i++) {
        const struct bulk_finding *finding = &entry->findings[i];
        struct bulk_rule *rule = rule_of(f, finding->rule);
        clean &= finding->severity != CC_ERROR;
        counts |= finding->counts;
        if (!rule) {
            f->failed = true;
            return;
        }
        rule->counts |= finding->counts;
        if (!came_before(entry, i)) rule->answers++;
        keep_first(f, rule, finding, entry->line);
    }
    f->judged++;
    f->clean += clean;
    f->failing += counts;
}

/* --- entries */

static void keep_why(struct bulk_figures *f, char **why, size_t *line, const struct bulk_entry *entry, const char *said)
{
    if (*line && *line <= entry->line) return;
    free(*why);
    *why = copy(f, said ? said : "");
    *line = entry->line;
}

static void add_calls(struct bulk_figures *f, const struct bulk_entry *e)
{
    bool called = e->called == BULK_YES;
    f->called += called;
    f->calls += e->calls;
    f->unsaid += !called && e->calls > 0;
    if (!called) return;
    f->truths[0][e->json]++;
    f->truths[1][e->named]++;
    f->truths[2][e->fits]++;
}

static void add_tokens(struct bulk_figures *f, const struct bulk_entry *e)
{
    if (e->prompt_tokens < 0 && e->completion_tokens < 0 && e->total_tokens < 0) return;
    f->counted++;
    f->prompt_tokens += e->prompt_tokens > 0 ? e->prompt_tokens : 0;
    f->completion_tokens += e->completion_tokens > 0 ? e->completion_tokens : 0;
    f->total_tokens += e->total_tokens > 0 ? e->total_tokens : 0;
    if (e->completion_tokens >= 0 && e->total_ms > 0) f->answering_ms += e->total_ms;
}

static void add_answer(struct bulk_figures *f, const struct bulk_entry *e)
{
    f->accepted++;
    add_calls(f, e);
    add_tokens(f, e);
    if (!numbers_add(&f->first_ms, e->first_ms) || !numbers_add(&f->total_ms, e->total_ms)) f->failed = true;
    if (e->reference == BULK_UNKNOWN) f->unpaired++;
    else f->pairs[e->reference == BULK_YES][e->called == BULK_YES]++, f->compared = true;
}

bool bulk_is_settled(const struct bulk_entry *e)
{
    bool turned_away = e->status >= 500 || e->status == 401 || e->status == 403 || e->status == 408 || e->status == 429;
    return !e->left_out && !e->fault && !turned_away;
}

void bulk_figures_add(struct bulk_figures *f, const struct bulk_entry *e)
{
    f->lines++;
    if (e->left_out) {
        f->left_out++;
        keep_why(f, &f->left_out_why, &f->left_out_line, e, e->left_out);
        return;
    }
    f->again += e->attempts > 1;
    f->offered += e->tools;
    bool silent = e->fault != NULL, settled = bulk_is_settled(e), refused = settled && e->status >= 400;
    f->answered += !silent;
    f->silent += silent;
    if (!silent) f->statuses[e->status >= 100 && e->status < 600 ? e->status / 100 : 0]++;
    f->refused += refused;
    f->broke += !settled;
    if (!settled) keep_why(f, &f->silent_why, &f->silent_line, e, e->why);
    if (refused) keep_why(f, &f->refused_why, &f->refused_line, e, e->why);
    if (!silent) add_findings(f, e);
    if (e->whole) add_answer(f, e);
}

void bulk_figures_clear(struct bulk_figures *f)
{
    for (size_t i = 0; i < f->rule_count; i++) {
        free(f->rules[i].first.rule);
        free(f->rules[i].first.pointer);
        free(f->rules[i].first.message);
    }
    free(f->rules);
    free(f->first_ms.items);
    free(f->total_ms.items);
    free(f->left_out_why);
    free(f->silent_why);
    free(f->refused_why);
    *f = (struct bulk_figures){0};
}
