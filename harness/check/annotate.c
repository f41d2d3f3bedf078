/* annotate.c: see annotate.h. A command is one line, ::error file=...,line=...,col=...::MESSAGE, and what would end a line, a property
 * or the properties is told by its number. */
#include "harness/check/annotate.h"

#include "reports/report.h"

static void print_properties(FILE *out, const struct spot *spot, const struct cc_finding *f)
{
    fputs("file=", out);
    escape_github_property(out, spot->file);
    if (spot->line) fprintf(out, ",line=%zu", spot->line);
    if (spot->column) fprintf(out, ",col=%zu", spot->column);
    fputs(",title=", out);
    escape_github_property(out, f->rule->id);
}

static void print_place(FILE *out, const struct judged *judged, const struct cc_finding *f)
{
    if (judged->entry) fprintf(out, " in entry %zu", judged->entry);
    if (f->in == CC_IN_EVENT) fprintf(out, " in event %zu", f->event);
    else if (f->in != CC_IN_DOCUMENT) fprintf(out, " in %s", part_name(f->in));
    if (!*f->pointer) return;
    fputs(" at ", out);
    escape_github(out, f->pointer);
}

void annotate_finding(FILE *out, const struct judged *judged, const struct cc_finding *f)
{
    static const char *const commands[] = {[CC_NOTE] = "notice", [CC_WARNING] = "warning", [CC_ERROR] = "error"};
    struct spot spot = finding_spot(judged, f);
    fprintf(out, "::%s ", commands[f->severity]);
    print_properties(out, &spot, f);
    fputs("::", out);
    escape_github(out, f->message);
    print_place(out, judged, f);
    putc('\n', out);
}

void annotate_dropped(FILE *out, const struct judged *judged)
{
    fputs("::notice file=", out);
    escape_github_property(out, judged->file);
    fprintf(out, "::%zu more findings are not listed; --limit findings=N lists more\n", judged->found->dropped);
}
