/* bulk_entry.c: what became of one line, as a line of JSON. Results may come from another machine, so what is read back is not believed. */
#include "harness/bulk/bulk_parts.h"

#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "reports/report.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

static const char *const truths[] = {"null", "false", "true"};

void bulk_entry_clear(struct bulk_entry *entry)
{
    for (size_t i = 0; i < entry->finding_count; i++) {
        free(entry->findings[i].rule);
        free(entry->findings[i].pointer);
        free(entry->findings[i].message);
    }
    free(entry->findings);
    free(entry->left_out);
    free(entry->fault);
    free(entry->why);
    *entry = (struct bulk_entry){0};
}

/* --- out */

static void write_findings(FILE *out, const struct bulk_entry *entry)
{
    fputs(",\"findings\":[", out);
    for (size_t i = 0; i < entry->finding_count; i++) {
        const struct bulk_finding *f = &entry->findings[i];
        fprintf(out, "%s{\"rule\":", i ? "," : "");
        escape_json(out, f->rule);
        fprintf(out, ",\"level\":\"%s\",\"severity\":\"%s\",\"counts\":%s", cc_level_name(f->level), cc_severity_name(f->severity),
                f->counts ? "true" : "false");
        escape_json_member(out, "pointer", f->pointer);
        escape_json_member(out, "message", f->message);
        putc('}', out);
    }
    putc(']', out);
}

static void write_answer(FILE *out, const struct bulk_entry *e)
{
    fprintf(out, ",\"called\":%s,\"calls\":%zu,\"json\":%s,\"named\":%s,\"fits\":%s", truths[e->called], e->calls, truths[e->json],
            truths[e->named], truths[e->fits]);
    fprintf(out, ",\"prompt_tokens\":%lld,\"completion_tokens\":%lld,\"total_tokens\":%lld", e->prompt_tokens, e->completion_tokens,
            e->total_tokens);
}

void bulk_entry_write(FILE *out, const struct bulk_entry *e)
{
    fprintf(out, "{\"type\":\"request\",\"line\":%zu,\"hash\":\"%016" PRIx64 "\"", e->line, e->hash);
    if (e->left_out) {
        escape_json_member(out, "left_out", e->left_out);
    } else {
        fprintf(out, ",\"stream\":%s,\"tools\":%s,\"status\":%d,\"attempts\":%ld,\"first_ms\":%ld,\"total_ms\":%ld,\"reference\":%s",
                e->stream ? "true" : "false", e->tools ? "true" : "false", e->status, e->attempts, e->first_ms, e->total_ms,
                truths[e->reference]);
        escape_json_member(out, "fault", e->fault);
        escape_json_member(out, "why", e->why);
        fprintf(out, ",\"whole\":%s", e->whole ? "true" : "false");
        if (e->whole) write_answer(out, e);
        write_findings(out, e);
    }
    fputs("}\n", out);
}

/* --- in */

struct entry_reading {
    struct json_object *at;
    char *why;
    size_t size;
    bool failed;
};

static void mistake(struct entry_reading *r, const char *name, const char *what)
{
    if (!r->failed) why_not(r->why, r->size, "%s %s", name, what);
    r->failed = true;
}

static long long number(struct entry_reading *r, const char *name, long long least, long long most)
{
    struct json_object *value = jo_get(r->at, name);
    long long read = json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : LLONG_MIN;
    if (read >= least && read <= most) return read;
    mistake(r, name, "is no number, or not one that can be");
    return least;
}

static char *text(struct entry_reading *r, const char *name)
{
    struct json_object *value = jo_get(r->at, name);
    if (!value) return NULL;
    if (!jo_is_text(value)) mistake(r, name, "is no string");
    char *copy = strdup(jo_text(value));
    if (!copy) mistake(r, name, "could not be kept: memory ran out");
    return copy;
}

static enum bulk_truth truth(struct entry_reading *r, const char *name)
{
    struct json_object *value = jo_get(r->at, name);
    if (value && !json_object_is_type(value, json_type_boolean)) mistake(r, name, "is neither true nor false");
    return !value ? BULK_UNKNOWN : jo_true(value) ? BULK_YES : BULK_NO;
}

static enum cc_level read_level(struct entry_reading *r)
{
    for (int level = CC_MUST; level <= CC_HABIT; level++)
        if (jo_is(jo_get(r->at, "level"), cc_level_name((enum cc_level)level))) return (enum cc_level)level;
    mistake(r, "level", "is no word that is known here");
    return CC_MUST;
}

static enum cc_severity read_severity(struct entry_reading *r)
{
    for (int severity = CC_NOTE; severity <= CC_ERROR; severity++)
        if (jo_is(jo_get(r->at, "severity"), cc_severity_name((enum cc_severity)severity))) return (enum cc_severity)severity;
    mistake(r, "severity", "is no word that is known here");
    return CC_NOTE;
}

static void read_findings(struct entry_reading *r, struct bulk_entry *entry)
{
    struct json_object *outer = r->at, *list = jo_get(outer, "findings");
    size_t count = jo_length(list);
    if (!jo_is_array(list) || count > BULK_FINDINGS_MOST) mistake(r, "findings", "is no array, or too long");
    if (r->failed || !count) return;
    entry->findings = calloc(count, sizeof *entry->findings);
    if (!entry->findings) mistake(r, "findings", "could not be kept: memory ran out");
    while (!r->failed && entry->finding_count < count) {
        r->at = jo_item(list, entry->finding_count);
        struct bulk_finding *f = &entry->findings[entry->finding_count++];
        *f = (struct bulk_finding){.rule = text(r, "rule"), .level = read_level(r), .severity = read_severity(r),
                                   .counts = truth(r, "counts") == BULK_YES, .pointer = text(r, "pointer"), .message = text(r, "message")};
        if (!f->rule) mistake(r, "rule", "is missing");
    }
    r->at = outer;
}

static void read_answer(struct entry_reading *r, struct bulk_entry *e)
{
    e->called = truth(r, "called");
    e->calls = (size_t)number(r, "calls", 0, INT_MAX);
    e->json = truth(r, "json");
    e->named = truth(r, "named");
    e->fits = truth(r, "fits");
    e->prompt_tokens = number(r, "prompt_tokens", -1, LLONG_MAX);
    e->completion_tokens = number(r, "completion_tokens", -1, LLONG_MAX);
    e->total_tokens = number(r, "total_tokens", -1, LLONG_MAX);
}

static void read_hash(struct entry_reading *r, struct bulk_entry *e)
{
    const char *digits = jo_text(jo_get(r->at, "hash"));
    if (strlen(digits) != 16 || digits[strspn(digits, "0123456789abcdef")]) mistake(r, "hash", "is not 16 hexadecimal digits");
    else e->hash = strtoull(digits, NULL, 16);
}

bool bulk_entry_read(struct bulk_entry *e, struct json_object *object, char *why, size_t why_size)
{
    struct entry_reading r = {.at = object, .why = why, .size = why_size};
    *e = (struct bulk_entry){.first_ms = -1, .total_ms = -1, .prompt_tokens = -1, .completion_tokens = -1, .total_tokens = -1};
    e->line = (size_t)number(&r, "line", 1, BULK_LINES_MOST);
    read_hash(&r, e);
    e->left_out = text(&r, "left_out");
    if (e->left_out || r.failed) return !r.failed;
    e->stream = truth(&r, "stream") == BULK_YES;
    e->tools = truth(&r, "tools") == BULK_YES;
    e->status = (int)number(&r, "status", 0, 999);
    e->attempts = (long)number(&r, "attempts", 0, INT_MAX);
    e->first_ms = (long)number(&r, "first_ms", -1, INT_MAX);
    e->total_ms = (long)number(&r, "total_ms", -1, INT_MAX);
    e->reference = truth(&r, "reference");
    e->fault = text(&r, "fault");
    e->why = text(&r, "why");
    e->whole = truth(&r, "whole") == BULK_YES;
    if (e->whole) read_answer(&r, e);
    read_findings(&r, e);
    return !r.failed;
}
