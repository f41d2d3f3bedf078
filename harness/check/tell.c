/* tell.c: see tell.h. The formats text and json are here; those that other programs defined have files of their own. */
#include "harness/check/tell.h"

#include "harness/base/why.h"
#include "harness/check/annotate.h"
#include "harness/check/diagnose.h"
#include "harness/check/sarif.h"
#include "reports/report.h"

#include <stdlib.h>
#include <string.h>

/* --- places */

/* What HTTP carried was put together for judging, and a string was decoded: no file has those bytes. */
static bool stands_in_file(const struct judged *judged, const struct cc_finding *finding)
{
    return !judged->entry && finding->in != CC_IN_HTTP && !(finding->in == CC_IN_EVENT && judged->in_strings);
}

struct spot finding_spot(const struct judged *judged, const struct cc_finding *finding)
{
    bool asked = judged->request_file && finding->in == CC_IN_REQUEST;
    struct spot spot = {.file = asked ? judged->request_file : judged->file, .line = asked ? 0 : judged->line};
    const struct extract *text = asked ? &judged->request : &judged->text;
    if (!stands_in_file(judged, finding)) return spot;
    if (!spot.line) spot.line = finding->line + (asked ? 0 : judged->above);
    spot.column = finding->column;
    spot.offset = finding->offset + (asked ? 0 : judged->start);
    if (finding->offset < text->from || finding->offset - text->from > text->length) return spot;
    spot.text = *text;
    spot.at = finding->offset - text->from;
    return spot;
}

/* --- text */

static void print_source(FILE *out, const struct judged *judged, const char *file)
{
    escape_line(out, file);
    if (judged->entry) fprintf(out, "#%zu", judged->entry);
}

static void print_text_finding(FILE *out, const struct teller *teller, const struct judged *judged, const struct cc_finding *f)
{
    static const char *const colours[] = {[CC_NOTE] = "\033[36m", [CC_WARNING] = "\033[33m", [CC_ERROR] = "\033[31m"};
    struct spot spot = finding_spot(judged, f);
    print_source(out, judged, spot.file);
    fprintf(out, ":%zu:%zu: ", spot.line ? spot.line : f->line, f->column);
    fprintf(out, "%s%s%s: ", teller->colour ? colours[f->severity] : "", cc_severity_name(f->severity), teller->colour ? "\033[0m" : "");
    escape_line(out, f->message);
    fprintf(out, " [%s]", f->rule->id);
    if (f->in == CC_IN_EVENT) fprintf(out, " in event %zu", f->event);
    else if (f->in != CC_IN_DOCUMENT) fprintf(out, " in %s", part_name(f->in));
    if (*f->pointer) {
        fputs(" at ", out);
        escape_line(out, f->pointer);
    }
    putc('\n', out);
    if (spot.column && !teller->options->no_source) diagnose_source(out, &spot, teller->colour);
}

static void print_text_dropped(FILE *out, const struct judged *judged)
{
    print_source(out, judged, judged->file);
    fprintf(out, ": %zu more findings are not listed; --limit findings=N lists more\n", judged->found->dropped);
}

/* --- json */

static void print_json_finding(FILE *out, const struct cc_finding *f)
{
    fprintf(out, "{\"rule\":\"%s\",\"level\":\"%s\",\"severity\":\"%s\",", f->rule->id, cc_level_name(f->rule->level),
            cc_severity_name(f->severity));
    if (f->in != CC_IN_DOCUMENT) fprintf(out, "\"in\":\"%s\",", part_name(f->in));
    if (f->in == CC_IN_EVENT) fprintf(out, "\"event\":%zu,", f->event);
    fputs("\"pointer\":", out);
    escape_json(out, f->pointer);
    fprintf(out, ",\"offset\":%zu,\"line\":%zu,\"column\":%zu,\"message\":", f->offset, f->line, f->column);
    escape_json(out, f->message);
    putc('}', out);
}

/* A line of a file is FILE:LINE, an entry of an archive FILE#N. */
static bool print_json_source(FILE *out, const struct judged *judged)
{
    size_t number = judged->entry ? judged->entry : judged->line;
    char *numbered = number ? why_text("%s%c%zu", judged->file, judged->entry ? '#' : ':', number) : NULL;
    if (number && !numbered) return false;
    escape_json(out, numbered ? numbered : judged->file);
    free(numbered);
    return true;
}

static bool print_json(FILE *out, const struct judged *judged)
{
    const struct findings *found = judged->found;
    fputs("{\"source\":", out);
    if (!print_json_source(out, judged)) return false;
    fprintf(out, ",\"kind\":\"%s\",\"valid\":%s,\"errors\":%zu,\"warnings\":%zu,\"findings\":[", cc_kind_name(found->kind),
            found->errors ? "false" : "true", found->errors, found->warnings);
    for (size_t i = 0; i < found->count; i++) {
        if (i) putc(',', out);
        print_json_finding(out, found->at[i]);
    }
    fprintf(out, "]%s}\n", found->dropped ? ",\"truncated\":true" : "");
    return true;
}

/* --- counting */

static void count(struct tally *tally, const struct options *options, const struct findings *found)
{
    tally->documents++;
    tally->errors += found->errors;
    tally->warnings += found->warnings;
    tally->notes += found->notes;
    tally->unlisted += found->dropped;
    tally->invalid += findings_fail(found, options->fail_on);
}

static void add(struct tally *to, const struct tally *from)
{
    to->documents += from->documents;
    to->invalid += from->invalid;
    to->errors += from->errors;
    to->warnings += from->warnings;
    to->notes += from->notes;
    to->unlisted += from->unlisted;
}

/* --- pages */

bool page_open(struct page *page, const struct teller *teller)
{
    size_t rules = teller->format == TELL_SARIF ? cc_rule_count() : 0;
    page->tally = (struct tally){0};
    if (rules && !page->broken && !(page->broken = malloc(rules * sizeof *page->broken))) return false;
    for (size_t i = 0; i < rules; i++) page->broken[i] = false;
    page->out = open_memstream(&page->text, &page->size);
    return page->out != NULL;
}

void page_finding(struct page *page, const struct teller *teller, const struct judged *judged, const struct cc_finding *finding)
{
    switch (teller->format) {
    case TELL_TEXT: print_text_finding(page->out, teller, judged, finding); break;
    case TELL_JSON: break;
    case TELL_SARIF: sarif_finding(page, teller, judged, finding); break;
    case TELL_GITHUB: annotate_finding(page->out, judged, finding); break;
    }
}

bool page_end_document(struct page *page, const struct teller *teller, const struct judged *judged)
{
    count(&page->tally, teller->options, judged->found);
    if (teller->format == TELL_JSON) return print_json(page->out, judged);
    if (!judged->found->dropped) return true;
    if (teller->format == TELL_TEXT) print_text_dropped(page->out, judged);
    if (teller->format == TELL_GITHUB) annotate_dropped(page->out, judged);
    return true;
}

bool page_document(struct page *page, const struct teller *teller, const struct judged *judged)
{
    for (size_t i = 0; i < judged->found->count; i++) page_finding(page, teller, judged, judged->found->at[i]);
    return page_end_document(page, teller, judged);
}

/* False when memory ran out while it was written. */
static bool close_page(struct page *page)
{
    bool fine = !ferror(page->out);
    fine = fclose(page->out) == 0 && fine;
    page->out = NULL;
    return fine && page->text;
}

bool teller_give(struct teller *teller, struct page *page)
{
    bool fine = close_page(page);
    if (fine) {
        /* In sarif each result begins with the comma before it. */
        size_t skipped = teller->format == TELL_SARIF && !teller->begun && page->size;
        fwrite(page->text + skipped, 1, page->size - skipped, teller->out);
        teller->begun = teller->begun || page->size;
        add(&teller->tally, &page->tally);
        for (size_t i = 0; teller->broken && i < cc_rule_count(); i++) teller->broken[i] = teller->broken[i] || page->broken[i];
    }
    free(page->text);
    page->text = NULL;
    return fine;
}

void page_clear(struct page *page)
{
    if (page->out) fclose(page->out);
    free(page->text);
    free(page->broken);
    *page = (struct page){0};
}

/* --- the whole */

bool teller_begin(struct teller *teller, const struct options *options, FILE *out)
{
    const char *format = options->format ? options->format : "text";
    *teller = (struct teller){.options = options, .out = out, .colour = colour_wanted(options, out)};
    if (strcmp(format, "json") == 0) teller->format = TELL_JSON;
    if (strcmp(format, "github") == 0) teller->format = TELL_GITHUB;
    if (strcmp(format, "sarif") != 0) return true;
    teller->format = TELL_SARIF;
    return sarif_begin(teller);
}

void teller_end(struct teller *teller, const char *why)
{
    if (teller->format == TELL_SARIF) sarif_end(teller, why);
    fflush(teller->out);
}

void teller_clear(struct teller *teller)
{
    free(teller->numbers);
    free(teller->broken);
    *teller = (struct teller){0};
}
