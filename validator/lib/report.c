/* report.c: collect findings: place them, name them, put them in order.
 *
 * Findings are rare, so they are spelled out when they are found: the document may be gone before the report is read (an event of a
 * stream is). All of it lives in arrays that the judge keeps, so a warm judge allocates nothing here either. */
#include "validator/lib/engine.h"
#include "validator/lib/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_SHOWN = 1000, TITLE_ROOM = 512, MESSAGE_ROOM = 2048 };

void judge_clear(struct judge *judge)
{
    scratch_clear(&judge->scratch);
    free(judge->marks);
    free(judge->findings);
    free(judge->texts);
    free(judge->text);
}

void judge_start(struct judge *judge, enum cc_kind kind)
{
    const struct cc_finding *findings = judge->findings;
    judge->report = (struct cc_report){.findings = findings, .kind = kind};
    judge->text_used = 0;
    judge->mark_count = 0;
    judge->failed = false;
    judge->placed_doc = NULL;
    judge->context = (struct context){0};
    judge->request = (struct view){0};
    judge->hushed = NULL;
}

void judge_context(struct judge *judge, const struct context *context)
{
    judge->context = *context;
    judge->placed_doc = NULL;
}

void judge_forget_marks(struct judge *judge) { judge->mark_count = 0; }

/* --- room */

static bool text_room(struct judge *judge, size_t size)
{
    if (judge->text_room - judge->text_used >= size) return true;
    size_t room = judge->text_room ? judge->text_room * 2 : 4096;
    while (room - judge->text_used < size) room *= 2;
    char *text = realloc(judge->text, room);
    if (!text) {
        judge->failed = true;
        return false;
    }
    judge->text = text;
    judge->text_room = room;
    return true;
}

static void text_add(struct judge *judge, const char *bytes, size_t length)
{
    if (!text_room(judge, length + 1)) return;
    memcpy(judge->text + judge->text_used, bytes, length);
    judge->text_used += length;
}

static bool finding_room(struct judge *judge)
{
    if (judge->report.count < judge->room) return true;
    size_t room = judge->room ? judge->room * 2 : 32;
    struct cc_finding *findings = realloc(judge->findings, room * sizeof *findings);
    if (findings) judge->findings = findings;
    struct finding_text *texts = findings ? realloc(judge->texts, room * sizeof *texts) : NULL;
    if (!texts) {
        judge->failed = true;
        return false;
    }
    judge->texts = texts;
    judge->room = room;
    return true;
}

/* --- where a value is: the way down to it, as a pointer and as people write it */

static void pointer_key(struct judge *judge, const char *key, size_t length)
{
    text_add(judge, "/", 1);
    for (size_t at = 0, end; at < length; at = end + 1) {
        for (end = at; end < length && key[end] != '~' && key[end] != '/'; end++) continue;
        text_add(judge, key + at, end - at);
        if (end < length) text_add(judge, key[end] == '~' ? "~0" : "~1", 2);
    }
}

static void title_add(char *title, const char *bytes, size_t length)
{
    size_t used = strlen(title), room = TITLE_ROOM - 1 - used;
    if (length > room) length = room;
    memcpy(title + used, bytes, length);
    title[used + length] = '\0';
}

static void title_key(char *title, const char *key, size_t length)
{
    if (*title) title_add(title, ".", 1);
    title_add(title, key, length);
}

static void step_key(struct judge *judge, char *title, const struct document *doc, uint32_t key)
{
    char text[KEY_SHOWN + 8];
    const struct value *v = &doc->values[key];
    size_t length;
    if (v->length <= KEY_SHOWN) {
        length = document_unescape(doc, key, text);
    } else {
        memcpy(text, doc->text + v->offset, KEY_SHOWN);
        memcpy(text + KEY_SHOWN, "...", 3);
        length = KEY_SHOWN + 3;
    }
    pointer_key(judge, text, length);
    title_key(title, text, length);
}

static void step_index(struct judge *judge, char *title, size_t index)
{
    char text[32];
    int length = snprintf(text, sizeof text, "/%zu]", index);
    text_add(judge, text, (size_t)length - 1);
    *text = '[';
    title_add(title, text, (size_t)length);
}

/* Goes down from the context's root to the value, one container at a time. */
static void write_way(struct judge *judge, char *title, struct view at)
{
    const struct document *doc = at.doc;
    uint32_t here = judge->context.root;
    while (here != at.at && at.at > here && at.at < doc->values[here].next) {
        bool object = doc->values[here].type == OBJ;
        uint32_t child = here + 1;
        size_t index = 0;
        for (;; index++) {
            uint32_t next = doc->values[object ? child + 1 : child].next;
            if (at.at < next) break;
            child = next;
        }
        if (object) step_key(judge, title, doc, child);
        else step_index(judge, title, index);
        here = object ? child + 1 : child;
        if (object && at.at == child) break; /* the key itself */
    }
}

/* Counts lines on from where the last finding of this document was, so that many findings cost one pass. */
static void place(struct judge *judge, const struct document *doc, size_t offset, struct cc_finding *finding)
{
    const struct context *context = &judge->context;
    if (judge->placed_doc != doc || judge->placed_offset > offset) {
        judge->placed_doc = doc;
        judge->placed_offset = 0;
        judge->placed_line = context->placed ? context->line : 1;
        judge->placed_column = context->placed ? context->column : 1;
    }
    size_t until = offset < doc->length ? offset : doc->length, from = judge->placed_offset;
    if (from < until) text_count_on(doc->text + from, until - from, &judge->placed_line, &judge->placed_column);
    judge->placed_offset = offset;
    finding->line = judge->placed_line;
    finding->column = judge->placed_column;
    finding->offset = context->base + offset;
}

static size_t offset_of(struct view at)
{
    const struct value *v = value_of(at);
    return v->type == STR ? v->offset - 1u : v->offset;
}

/* --- adding */

static bool mark_room(struct judge *judge)
{
    if (judge->mark_count < judge->mark_room) return true;
    unsigned room = judge->mark_room ? judge->mark_room * 2 : 16;
    struct mark *marks = realloc(judge->marks, room * sizeof *marks);
    if (!marks) {
        judge->failed = true;
        return false;
    }
    judge->marks = marks;
    judge->mark_room = room;
    return true;
}

void judge_mark(struct judge *judge, struct view at, const char *key)
{
    if (judge->mark_count < MARKS_MAX && mark_room(judge)) judge->marks[judge->mark_count++] = (struct mark){at.doc, at.at, key};
}

/* Counts it and gives the slot to fill; NULL when it is not to be listed. */
static struct cc_finding *new_finding(struct judge *judge, const struct constraint *c)
{
    if (!c || !(c->rule.profiles & judge->profile)) return NULL;
    if (judge->hushed && told_has_rule(judge->hushed, &c->rule)) return NULL;
    enum cc_severity severity = judge->context.soften ? CC_NOTE : cc_level_severity(c->rule.level);
    struct cc_report *report = &judge->report;
    if (severity == CC_ERROR) report->errors++;
    else if (severity == CC_WARNING) report->warnings++;
    else report->notes++;
    if (report->count >= judge->limits.findings) {
        report->dropped++;
        return NULL;
    }
    if (!finding_room(judge)) return NULL;
    struct cc_finding *finding = &judge->findings[report->count];
    *finding = (struct cc_finding){.rule = &c->rule, .severity = severity, .in = judge->context.in, .event = judge->context.event};
    return finding;
}

static void add_message(struct judge *judge, struct finding_text *texts, const char *message)
{
    texts->message = judge->text_used;
    text_add(judge, message, strlen(message) + 1);
    judge->report.count++;
}

/* `inside` bytes behind the beginning of the value. */
static void find(struct judge *judge, const struct constraint *c, struct view at, const char *key, size_t inside, const char *detail)
{
    if (c && (c->rule.profiles & judge->profile) && c->rule.level == CC_MUST) judge_mark(judge, at, key);
    struct cc_finding *finding = new_finding(judge, c);
    if (!finding) return;
    struct finding_text *texts = &judge->texts[judge->report.count];
    char title[TITLE_ROOM], message[MESSAGE_ROOM];
    *title = *message = '\0';
    texts->pointer = judge->text_used;
    write_way(judge, title, at);
    if (key) {
        pointer_key(judge, key, strlen(key));
        title_key(title, key, strlen(key));
    }
    text_add(judge, "", 1);
    place(judge, at.doc, offset_of(at) + inside, finding);
    finding_say(message, sizeof message, c, title, at, detail);
    add_message(judge, texts, message);
}

void judge_find_as(struct judge *judge, const struct constraint *c, struct view at, const char *key, const char *detail)
{
    find(judge, c, at, key, 0, detail);
}

void judge_find(struct judge *judge, unsigned constraint, struct view at, const char *key, const char *detail)
{
    find(judge, constraint_at(constraint), at, key, 0, detail);
}

void judge_find_inside(struct judge *judge, unsigned constraint, struct view string, size_t byte, const char *detail)
{
    find(judge, constraint_at(constraint), string, NULL, string_offset(string, byte), detail);
}

void judge_find_text(struct judge *judge, unsigned constraint, struct view at, size_t offset, const char *message)
{
    const struct constraint *c = constraint_at(constraint);
    if (c && there(at) && c->rule.level == CC_MUST) judge_mark(judge, at, NULL);
    struct cc_finding *finding = new_finding(judge, c);
    if (!finding) return;
    struct finding_text *texts = &judge->texts[judge->report.count];
    char title[TITLE_ROOM] = "";
    texts->pointer = judge->text_used;
    if (there(at)) write_way(judge, title, at);
    text_add(judge, "", 1);
    if (there(at)) {
        place(judge, at.doc, offset, finding);
    } else {
        finding->offset = judge->context.base + offset;
        finding->line = judge->context.placed ? judge->context.line : 1;
        finding->column = judge->context.placed ? judge->context.column : 1 + offset;
    }
    add_message(judge, texts, message);
}

/* --- finishing */

static bool comes_before(const struct cc_finding *a, const struct cc_finding *b)
{
    if (a->in != b->in) return a->in < b->in;
    if (a->event != b->event) return a->event < b->event;
    return a->offset < b->offset;
}

/* Insertion: findings come nearly in order, and equal ones stay as they came. */
static void sort_findings(struct judge *judge)
{
    for (size_t i = 1; i < judge->report.count; i++) {
        struct cc_finding finding = judge->findings[i];
        struct finding_text texts = judge->texts[i];
        size_t j = i;
        for (; j > 0 && comes_before(&finding, &judge->findings[j - 1]); j--) {
            judge->findings[j] = judge->findings[j - 1];
            judge->texts[j] = judge->texts[j - 1];
        }
        judge->findings[j] = finding;
        judge->texts[j] = texts;
    }
}

static bool listed(const char *const *ids, const char *id)
{
    for (; ids && *ids; ids++)
        if (strcmp(*ids, id) == 0) return true;
    return false;
}

/* What is about a whole stream explains findings anywhere in it; what is about one document only those in the same. */
static bool explains(const struct cc_finding *cause, const struct cc_finding *effect)
{
    /* A rule is the first member of its constraint. */
    const struct constraint *c = (const struct constraint *)(const void *)cause->rule;
    bool near = c->of_state || (cause->in == effect->in && cause->event == effect->event);
    return near && listed(c->absorbs, effect->rule->id);
}

static bool absorbed(const struct judge *judge, size_t index)
{
    for (size_t i = 0; i < judge->report.count; i++)
        if (i != index && explains(&judge->findings[i], &judge->findings[index])) return true;
    return false;
}

void judge_uncount(struct judge *judge, size_t index)
{
    struct cc_report *report = &judge->report;
    enum cc_severity severity = judge->findings[index].severity;
    if (severity == CC_ERROR) report->errors--;
    else if (severity == CC_WARNING) report->warnings--;
    else report->notes--;
}

static void absorb(struct judge *judge)
{
    bool any = false;
    for (size_t i = 0; i < judge->report.count && !any; i++)
        any = ((const struct constraint *)(const void *)judge->findings[i].rule)->absorbs != NULL;
    if (!any) return;
    for (size_t i = judge->report.count; i-- > 0;) {
        if (!absorbed(judge, i)) continue;
        judge_uncount(judge, i);
        judge->report.count--;
        memmove(&judge->findings[i], &judge->findings[i + 1], (judge->report.count - i) * sizeof *judge->findings);
        memmove(&judge->texts[i], &judge->texts[i + 1], (judge->report.count - i) * sizeof *judge->texts);
    }
}

const struct cc_report *judge_finish(struct judge *judge)
{
    if (judge->failed) return NULL;
    absorb(judge);
    sort_findings(judge);
    for (size_t i = 0; i < judge->report.count; i++) {
        judge->findings[i].pointer = judge->text + judge->texts[i].pointer;
        judge->findings[i].message = judge->text + judge->texts[i].message;
    }
    judge->report.findings = judge->findings;
    return &judge->report;
}
