/* findings.c: see findings.h. */
#include "harness/findings.h"

#include "reports/report.h"

#include <stdlib.h>
#include <string.h>

/* --- collecting */

static void count_one(struct findings *found, const struct cc_finding *f)
{
    found->errors += f->severity == CC_ERROR;
    found->warnings += f->severity == CC_WARNING;
    found->notes += f->severity == CC_NOTE;
}

bool findings_add(struct findings *found, const struct cc_report *report, findings_filter *wanted)
{
    const struct cc_finding **at = realloc(found->at, (found->count + report->count + 1) * sizeof *at);
    if (!at) return false;
    found->at = at;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (wanted && !wanted(f)) continue;
        found->at[found->count++] = f;
        if (wanted) count_one(found, f);
    }
    if (wanted) return true;
    found->errors += report->errors;
    found->warnings += report->warnings;
    found->notes += report->notes;
    found->dropped += report->dropped;
    return true;
}

void findings_clear(struct findings *found)
{
    free(found->at);
    *found = (struct findings){0};
}

/* What is not listed may be of any level: then it counts as what fails. */
bool findings_fail(const struct findings *found, const char *on)
{
    bool should = strcmp(on, "should") == 0, portability = strcmp(on, "portability") == 0;
    if (strcmp(on, "never") == 0) return false;
    if (found->errors || (strcmp(on, "warning") == 0 && found->warnings)) return true;
    if (!should && !portability) return false;
    if (found->dropped && found->warnings) return true;
    for (size_t i = 0; i < found->count; i++) {
        const struct cc_finding *f = found->at[i];
        if (f->severity != CC_WARNING) continue;
        if (f->rule->level == CC_SHOULD || (portability && f->rule->level == CC_PORTABILITY)) return true;
    }
    return false;
}

/* --- printing */

static const char *part_name(enum cc_part part)
{
    static const char *const names[] = {"document", "request", "response", "event", "http"};
    return names[part];
}

void findings_print_one(const struct findings_out *o, const struct cc_finding *f)
{
    static const char *const colours[] = {[CC_NOTE] = "\033[36m", [CC_WARNING] = "\033[33m", [CC_ERROR] = "\033[31m"};
    escape_terminal(o->out, o->source);
    fprintf(o->out, ":%zu:%zu: ", o->line ? o->line : f->line, f->column);
    fprintf(o->out, "%s%s%s: ", o->colour ? colours[f->severity] : "", cc_severity_name(f->severity), o->colour ? "\033[0m" : "");
    escape_terminal(o->out, f->message);
    fprintf(o->out, " [%s]", f->rule->id);
    if (f->in == CC_IN_EVENT) fprintf(o->out, " in event %zu", f->event);
    else if (f->in != CC_IN_DOCUMENT) fprintf(o->out, " in %s", part_name(f->in));
    if (*f->pointer) {
        fputs(" at ", o->out);
        escape_terminal(o->out, f->pointer);
    }
    putc('\n', o->out);
}

void findings_print_dropped(const struct findings_out *o, size_t dropped)
{
    if (!dropped) return;
    escape_terminal(o->out, o->source);
    fprintf(o->out, ": %zu more findings are not listed; --limit findings=N lists more\n", dropped);
}

static void print_json_finding(FILE *out, const struct cc_finding *f)
{
    fprintf(out, "{\"rule\":\"%s\",\"level\":\"%s\",\"severity\":\"%s\",", f->rule->id, cc_level_name(f->rule->level), cc_severity_name(f->severity));
    if (f->in != CC_IN_DOCUMENT) fprintf(out, "\"in\":\"%s\",", part_name(f->in));
    if (f->in == CC_IN_EVENT) fprintf(out, "\"event\":%zu,", f->event);
    fputs("\"pointer\":", out);
    escape_json(out, f->pointer);
    fprintf(out, ",\"offset\":%zu,\"line\":%zu,\"column\":%zu,\"message\":", f->offset, f->line, f->column);
    escape_json(out, f->message);
    putc('}', out);
}

void findings_print_json(const struct findings_out *o, const struct findings *found)
{
    fputs("{\"source\":", o->out);
    escape_json(o->out, o->source);
    fprintf(o->out, ",\"kind\":\"%s\",\"valid\":%s,\"errors\":%zu,\"warnings\":%zu,\"findings\":[", cc_kind_name(found->kind),
            found->errors ? "false" : "true", found->errors, found->warnings);
    for (size_t i = 0; i < found->count; i++) {
        if (i) putc(',', o->out);
        print_json_finding(o->out, found->at[i]);
    }
    fprintf(o->out, "]%s}\n", found->dropped ? ",\"truncated\":true" : "");
}
