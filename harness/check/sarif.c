/* sarif.c: see sarif.h. Results go out while documents are judged, so that memory does not grow with them; a log may have its members in
 * any order, and the rules that were broken come after the results that name them. */
#include "harness/check/sarif.h"

#include "harness/base/why.h"
#include "reports/report.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

/* --- texts */

/* In messages of this format {0} is a placeholder and [text](1) a link, and what is meant as it stands is doubled, or has a backslash. */
static void print_message(FILE *out, const char *text)
{
    bool links = strstr(text, "](") != NULL;
    char *copy = malloc(2 * strlen(text) + 1), *to = copy;
    for (const char *from = text; copy && *from; from++) {
        if (*from == '{' || *from == '}') *to++ = *from;
        if (links && (*from == '[' || *from == ']')) *to++ = '\\';
        *to++ = *from;
    }
    if (copy) *to = '\0';
    fputs("{\"text\":", out);
    escape_json(out, copy ? copy : text);
    putc('}', out);
    free(copy);
}

/* A path as a reference: what is no letter or digit is told by its number, so that a path is never taken for a scheme or a query. */
static void print_uri(FILE *out, const char *path)
{
    fputs(*path == '/' ? "\"file://" : "\"", out);
    for (; *path; path++) {
        unsigned char c = (unsigned char)*path;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~/", c);
        if (plain) putc(c, out);
        else fprintf(out, "%%%02X", c);
    }
    putc('"', out);
}

/* --- results */

static void print_location(FILE *out, const struct spot *spot, const struct cc_finding *f)
{
    fputs("{\"physicalLocation\":{\"artifactLocation\":{\"uri\":", out);
    print_uri(out, spot->file);
    putc('}', out);
    if (spot->line) fprintf(out, ",\"region\":{\"startLine\":%zu", spot->line);
    if (spot->column) fprintf(out, ",\"startColumn\":%zu,\"byteOffset\":%zu", spot->column, spot->offset);
    fputs(spot->line ? "}}" : "}", out);
    if (*f->pointer) {
        fputs(",\"logicalLocations\":[{\"fullyQualifiedName\":", out);
        escape_json(out, f->pointer);
        fputs(",\"kind\":\"value\"}]", out);
    }
    putc('}', out);
}

static void print_properties(FILE *out, const struct judged *judged, const struct cc_finding *f)
{
    fprintf(out, "{\"kind\":\"%s\",\"level\":\"%s\",\"pointer\":", cc_kind_name(judged->found->kind), cc_level_name(f->rule->level));
    escape_json(out, f->pointer);
    if (f->in != CC_IN_DOCUMENT) fprintf(out, ",\"in\":\"%s\"", part_name(f->in));
    if (f->in == CC_IN_EVENT) fprintf(out, ",\"event\":%zu", f->event);
    if (judged->entry) fprintf(out, ",\"entry\":%zu", judged->entry);
    putc('}', out);
}

static int by_address(const void *a, const void *b)
{
    uintptr_t left = (uintptr_t)((const struct rule_number *)a)->rule, right = (uintptr_t)((const struct rule_number *)b)->rule;
    return left < right ? -1 : left > right;
}

static void note_broken(struct page *page, const struct teller *teller, const struct cc_rule *rule)
{
    struct rule_number key = {.rule = rule};
    const struct rule_number *found = bsearch(&key, teller->numbers, cc_rule_count(), sizeof key, by_address);
    if (found) page->broken[found->number] = true;
}

void sarif_finding(struct page *page, const struct teller *teller, const struct judged *judged, const struct cc_finding *f)
{
    struct spot spot = finding_spot(judged, f);
    fprintf(page->out, ",{\"ruleId\":\"%s\",\"level\":\"%s\",\"message\":", f->rule->id, cc_severity_name(f->severity));
    print_message(page->out, f->message);
    fputs(",\"locations\":[", page->out);
    print_location(page->out, &spot, f);
    fputs("],\"properties\":", page->out);
    print_properties(page->out, judged, f);
    fputs("}\n", page->out);
    note_broken(page, teller, f->rule);
}

/* --- around them */

bool sarif_begin(struct teller *teller)
{
    size_t count = cc_rule_count();
    teller->numbers = malloc(count * sizeof *teller->numbers);
    teller->broken = calloc(count, sizeof *teller->broken);
    if (!teller->numbers || !teller->broken) return false;
    for (size_t i = 0; i < count; i++) teller->numbers[i] = (struct rule_number){cc_rule_at(i), i};
    qsort(teller->numbers, count, sizeof *teller->numbers, by_address);
    fprintf(teller->out,
            "{\"$schema\":\"" SCHEMA "\",\"version\":\"2.1.0\",\"runs\":[{\"columnKind\":\"unicodeCodePoints\",\"results\":[\n");
    return true;
}

static void print_rule(FILE *out, const struct cc_rule *rule)
{
    char *help = why_text("%s: %s. \"chatconform explain %s\" says more.", rule->source, cc_level_name(rule->level), rule->id);
    fprintf(out, "{\"id\":\"%s\",\"shortDescription\":", rule->id);
    print_message(out, rule->sentence);
    fputs(",\"help\":", out);
    print_message(out, help ? help : rule->source);
    fprintf(out, ",\"defaultConfiguration\":{\"level\":\"%s\"},\"properties\":{\"level\":\"%s\",\"source\":",
            cc_severity_name(cc_level_severity(rule->level)), cc_level_name(rule->level));
    escape_json(out, rule->source);
    fputs(",\"path\":", out);
    escape_json(out, rule->path);
    fputs("}}", out);
    free(help);
}

static void print_driver(const struct teller *teller)
{
    size_t told = 0;
    fprintf(teller->out, "\"tool\":{\"driver\":{\"name\":\"chatconform\",\"semanticVersion\":\"%s\",\"rules\":[", cc_version());
    for (size_t i = 0; i < cc_rule_count(); i++) {
        if (!teller->broken[i]) continue;
        fputs(told++ ? ",\n" : "\n", teller->out);
        print_rule(teller->out, cc_rule_at(i));
    }
    fputs("]}}", teller->out);
}

void sarif_end(struct teller *teller, const char *why)
{
    const struct tally *t = &teller->tally;
    bool whole = !why || !*why;
    fputs("],", teller->out);
    print_driver(teller);
    fprintf(teller->out, ",\"invocations\":[{\"executionSuccessful\":%s", whole ? "true" : "false");
    if (!whole) {
        fputs(",\"toolExecutionNotifications\":[{\"level\":\"error\",\"message\":", teller->out);
        print_message(teller->out, why);
        fputs("}]", teller->out);
    }
    fprintf(teller->out, "}],\"properties\":{\"profile\":\"%s\",\"documents\":%zu,\"invalid\":%zu,\"errors\":%zu,\"warnings\":%zu,"
            "\"notes\":%zu,\"unlisted\":%zu}}]}\n",
            cc_profile_name(teller->options->profile), t->documents, t->invalid, t->errors, t->warnings, t->notes, t->unlisted);
}
