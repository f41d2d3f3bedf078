/* sum.c: see sum.h. Knows no API: what the sum is, and what its parts are called in events, comes from the sequence. */
#include "validator/lib/sum.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void sum_clear(struct sum *sum)
{
    free(sum->text);
    free(sum->pieces);
    *sum = (struct sum){0};
}

void summing_clear(struct summing *summing)
{
    for (size_t i = 0; i < summing->count; i++) free(summing->stains[i].path);
    free(summing->stains);
    document_clear(&summing->doc);
    summing->stains = NULL;
    summing->count = summing->room = 0;
}

/* --- places: pointers without their indexes, as the sum has them */

static bool is_index(const char *step, size_t length)
{
    size_t digits = 0;
    while (digits < length && isdigit((unsigned char)step[digits])) digits++;
    return length > 0 && digits == length;
}

/* `*` for each index; never longer than the pointer. */
static void without_indexes(char *out, const char *pointer)
{
    while (*pointer == '/') {
        size_t length = strcspn(pointer + 1, "/");
        bool index = is_index(pointer + 1, length);
        *out++ = '/';
        memcpy(out, index ? "*" : pointer + 1, index ? 1 : length);
        out += index ? 1 : length;
        pointer += 1 + length;
    }
    *out = '\0';
}

static bool at_or_below(const char *path, const char *top)
{
    size_t length = strlen(top);
    return strncmp(path, top, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

/* The place in the sum; from malloc, NULL when memory runs out. */
static char *place_of(const char *pointer, const struct rename *renames)
{
    size_t longest = 0;
    for (const struct rename *r = renames; r && r->from; r++) longest = strlen(r->to) > longest ? strlen(r->to) : longest;
    char *path = malloc(strlen(pointer) + longest + 1);
    if (!path) return NULL;
    without_indexes(path, pointer);
    for (const struct rename *r = renames; r && r->from; r++) {
        if (!at_or_below(path, r->from)) continue;
        size_t from = strlen(r->from), to = strlen(r->to);
        memmove(path + to, path + from, strlen(path + from) + 1);
        memcpy(path, r->to, to);
        break;
    }
    return path;
}

/* --- what events had findings about */

static const struct constraint *constraint_of(const struct cc_finding *finding)
{
    return (const struct constraint *)(const void *)finding->rule; /* the first member of its constraint */
}

static struct stain *stain_at(const struct summing *summing, const char *path)
{
    for (size_t i = 0; i < summing->count; i++)
        if (strcmp(summing->stains[i].path, path) == 0) return &summing->stains[i];
    return NULL;
}

static bool stain_room(struct summing *summing)
{
    if (summing->count < summing->room) return true;
    size_t room = summing->room ? summing->room * 2 : 8;
    struct stain *stains = realloc(summing->stains, room * sizeof *stains);
    if (!stains) return false;
    summing->stains = stains;
    summing->room = room;
    return true;
}

/* Takes the path over; NULL stands for no memory. */
static void add_stain(struct summing *summing, struct judge *judge, char *path, bool unsound)
{
    struct stain *known = path ? stain_at(summing, path) : NULL;
    summing->full = !known && summing->count == STAINS_MAX;
    if (known) {
        known->unsound |= unsound;
    } else if (path && !summing->full && stain_room(summing)) {
        summing->stains[summing->count++] = (struct stain){path, unsound};
        return;
    } else if (!summing->full) {
        judge->failed = true;
    }
    free(path);
}

/* What is about an event as a whole says nothing about a place; and a rule of the sequence points at what came out of order, which need
 * not be wrong in itself. */
void summing_note(struct summing *summing, struct judge *judge, const struct sequence *sequence, size_t from, size_t to)
{
    for (size_t i = from; i < to && !summing->full && !judge->failed; i++) {
        const struct cc_finding *finding = &judge->findings[i];
        const char *pointer = judge->text + judge->texts[i].pointer;
        if (!*pointer) continue;
        bool unsound = finding->rule->level == CC_MUST && !constraint_of(finding)->of_state;
        add_stain(summing, judge, place_of(pointer, sequence->renames), unsound);
    }
}

/* --- marks: rules that read what is marked are not asked */

/* Marks what the path leads to, also a missing member at its end. `path` lives as long as the marks. */
static void mark_path(struct judge *judge, struct view at, const char *path)
{
    char key[64];
    size_t length = strcspn(path + 1, "/");
    const char *rest = path + 1 + length;
    if (length == 1 && path[1] == '*') {
        for (EVERY(item, at)) {
            if (*rest) mark_path(judge, item, rest);
            else judge_mark(judge, item, NULL);
        }
        return;
    }
    if (length >= sizeof key || !is(at, OBJ)) return;
    memcpy(key, path + 1, length);
    key[length] = '\0';
    struct view member = get(at, key);
    if (!there(member) && !*rest) judge_mark(judge, at, path + 1);
    else if (there(member) && !*rest) judge_mark(judge, member, NULL);
    else if (there(member)) mark_path(judge, member, rest);
}

/* Where the text of a value begins. */
static size_t begin_of(const struct value *v) { return v->type == STR ? v->offset - 1u : v->offset; }

/* The value whose text begins at this byte; nothing when none does. Values stand in the order of their text. */
static struct view value_at(const struct document *doc, size_t offset)
{
    uint32_t low = 0, high = doc->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (begin_of(&doc->values[middle]) < offset) low = middle + 1;
        else high = middle;
    }
    return low < doc->count && begin_of(&doc->values[low]) == offset ? (struct view){doc, low} : nowhere();
}

static void mark_all(const struct summing *summing, struct judge *judge, const struct sum *sum)
{
    for (size_t i = 0; i < summing->count; i++)
        if (summing->stains[i].unsound) mark_path(judge, (struct view){&summing->doc, 0}, summing->stains[i].path);
    for (size_t i = 0; i < sum->count; i++) {
        struct view lacking = sum->pieces[i].lacking ? value_at(&summing->doc, sum->pieces[i].at) : nowhere();
        if (there(lacking)) judge_mark(judge, lacking, NULL);
    }
}

/* --- findings about the sum become findings about events */

static const struct sum_piece *piece_at(const struct sum *sum, size_t offset)
{
    size_t low = 0, high = sum->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (sum->pieces[middle].at <= offset) low = middle + 1;
        else high = middle;
    }
    return low ? &sum->pieces[low - 1] : NULL;
}

/* What stands there was told already, or not all of it is known. */
static bool is_stained(const struct summing *summing, struct judge *judge, size_t index, const struct sum_piece *piece)
{
    bool stained = piece && piece->lacking;
    char *path = stained ? NULL : place_of(judge->text + judge->texts[index].pointer, NULL);
    if (!path) {
        judge->failed |= !stained;
        return true;
    }
    for (size_t i = 0; i < summing->count && !stained; i++) {
        const struct stain *stain = &summing->stains[i];
        stained = stain->unsound ? at_or_below(path, stain->path) : strcmp(path, stain->path) == 0;
    }
    free(path);
    return stained;
}

/* Inside a piece that came as it stands, each value has its own place. */
static struct origin origin_at(const struct sum *sum, const struct sum_piece *piece, size_t offset)
{
    struct origin from = piece->from;
    size_t into = piece->verbatim && offset > piece->at ? offset - piece->at : 0;
    from.offset += into;
    text_count_on(sum->text + piece->at, into, &from.line, &from.column);
    return from;
}

/* What was found at a value is placed where the value began, what was found inside of one where that came; what is lacking, where the
 * sequence ended. */
static void place(struct cc_finding *finding, const struct sum *sum, const struct sum_piece *piece, const struct context *end)
{
    struct origin from = {end->event, 0, end->line, end->column};
    bool known = piece && piece->from.line;
    size_t inside = known ? finding->offset - piece->at : 0;
    if (known && piece->trail && inside) from = trail_find(piece->trail, sum->text + piece->at + 1, inside - 1);
    else if (known) from = origin_at(sum, piece, finding->offset);
    finding->in = end->in;
    finding->event = from.event;
    finding->offset = known ? from.offset : end->base;
    finding->line = from.line;
    finding->column = from.column;
}

static void settle(struct summing *summing, struct judge *judge, const struct sum *sum, size_t from, const struct context *end)
{
    size_t kept = from;
    for (size_t i = from; i < judge->report.count && !judge->failed; i++) {
        const struct sum_piece *piece = piece_at(sum, judge->findings[i].offset);
        if (is_stained(summing, judge, i, piece)) {
            judge_uncount(judge, i);
            continue;
        }
        place(&judge->findings[i], sum, piece, end);
        judge->findings[kept] = judge->findings[i];
        judge->texts[kept++] = judge->texts[i];
    }
    judge->report.count = kept;
}

/* --- judging */

static void hush(struct told *told, struct judge *judge)
{
    unsigned count;
    const struct constraint *const *unasked = plan_unasked(&count);
    for (unsigned i = 0; i < count; i++) told_add_rule(told, judge, &unasked[i]->rule);
}

/* What was kept came in whole events within their limits; put together it may be as long as the longest sequence. */
static bool read_sum(struct summing *summing, struct judge *judge, const struct sum *sum)
{
    struct read_limits limits = {SIZE_MAX, SIZE_MAX, SIZE_MAX};
    if (!sum->length) return false;
    if (document_read(&summing->doc, sum->text, sum->length, &limits)) return true;
    const struct read_remark *why = &summing->doc.remarks[summing->doc.remark_count - 1];
    judge->failed |= why->what == JSON_NO_MEMORY;
    return false;
}

void summing_judge(struct summing *summing, struct judge *judge, const struct sequence *sequence, const void *state, struct view request,
                   struct told *told)
{
    struct sum sum = {0};
    struct context end = judge->context, within = {.in = end.in, .event = end.event};
    size_t from = judge->report.count;
    if (summing->full || !sequence->sum) return;
    if (!sequence->sum(state, &sum)) judge->failed = true;
    else if (read_sum(summing, judge, &sum)) {
        struct view root = {&summing->doc, 0};
        mark_all(summing, judge, &sum);
        hush(told, judge);
        judge_context(judge, &within);
        judge->hushed = told;
        judge->request = request;
        judge_value(judge, plan_of(sequence->sum_kind), root);
        if (there(request)) judge_against(judge, request, root, nowhere(), false);
        judge->hushed = NULL;
        settle(summing, judge, &sum, from, &end);
    }
    judge_context(judge, &end);
    sum_clear(&sum);
}
