/* baseline_write.c: a baseline as a file, written anew or changed as the text that it is. So comments and order stay: the lines of entries that
 * went are cut out, new entries stand at the end. That asks for entries which each begin a line of their own with a dash; the outcome is read
 * again, and when it does not say what is wanted, the file is written anew. */
#include "harness/base/file.h"
#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/run/baseline.h"
#include "harness/yaml/yaml.h"
#include "reports/report.h"

#include <stdlib.h>
#include <string.h>

/* --- anew */

static void print_text(FILE *out, size_t indent, const char *name, const char *text)
{
    if (!text) return;
    fprintf(out, "%*s%s: ", (int)indent, "", name);
    escape_json(out, text); /* which is YAML too */
    putc('\n', out);
}

static void print_entry(FILE *out, size_t indent, const struct baseline_entry *entry)
{
    fprintf(out, "%*s- ", (int)indent, "");
    print_text(out, 0, "match", entry->match);
    fprintf(out, "%*sexpected: %s\n", (int)indent + 2, "", entry->may_pass ? "[pass, fail]" : "fail");
    print_text(out, indent + 2, "reason", entry->reason);
    print_text(out, indent + 2, "issue", entry->issue);
    print_text(out, indent + 2, "expires", entry->expires);
}

static bool print_baseline(FILE *out, const void *context)
{
    const struct baseline *baseline = context;
    fputs(baseline->count ? "entries:\n" : "entries: []\n", out);
    for (size_t i = 0; i < baseline->count; i++) print_entry(out, 2, &baseline->entries[i]);
    return !ferror(out);
}

bool baseline_write(const struct baseline *baseline, const char *file, char *why, size_t why_size)
{
    return file_write("", file, print_baseline, baseline, why, why_size);
}

/* --- changed */

static bool has_line(const struct baseline *baseline, size_t line)
{
    for (size_t i = 0; i < baseline->count; i++)
        if (baseline->entries[i].line == line) return true;
    return false;
}

static size_t blanks(const char *line) { return strspn(line, " "); }

static bool is_empty(const char *line) { return line[strspn(line, " \t\r")] == '\n'; }

static bool is_aside(const char *line) { return is_empty(line) || line[blanks(line)] == '#'; }

static const char *behind(const char *line)
{
    line += strcspn(line, "\n");
    return *line ? line + 1 : line;
}

static void put(FILE *out, const char *from, const char *to) { fwrite(from, 1, (size_t)(to - from), out); }

/* What stands right above an entry is about it; what an empty line parts from it is not. */
static const char *about_entry(const char *from, const char *to)
{
    const char *begin = from;
    for (const char *line = from; line < to; line = behind(line))
        if (is_empty(line)) begin = behind(line);
    return begin;
}

/* Copies what stays, and tells where the dashes stand. False when an entry does not begin with one. */
static bool copy_kept(FILE *out, const char *text, const struct baseline *old, const struct baseline *wanted, size_t *indent)
{
    const char *asides = text; /* lines that wait for what follows them */
    bool kept = true;
    size_t number = 1;
    for (const char *line = text; *line; line = behind(line), number++) {
        bool begins = has_line(old, number);
        if (!begins && is_aside(line)) continue;
        if (begins && line[*indent = blanks(line)] != '-') return false;
        if (begins) kept = has_line(wanted, number);
        if (begins || kept) put(out, asides, kept ? line : about_entry(asides, line));
        if (kept) put(out, line, behind(line));
        asides = behind(line);
    }
    put(out, asides, asides + strlen(asides));
    return true;
}

/* Whether a text has these entries in this order. */
static bool says(const char *text, size_t length, const struct baseline *wanted)
{
    struct yaml_text read = {0};
    struct json_object *entries = NULL;
    char why[512];
    bool same = yaml_read_bytes(&read, "", "baseline", text, length, NULL, why, sizeof why);
    if (same) entries = jo_get(read.object, "entries");
    same = same && jo_is_array(entries) && jo_length(entries) == wanted->count;
    for (size_t i = 0; same && i < wanted->count; i++) same = jo_is(jo_get(jo_item(entries, i), "match"), wanted->entries[i].match);
    yaml_clear(&read);
    return same;
}

/* The changed text (the caller frees it), or NULL when it cannot be had. */
static char *change(const struct baseline *wanted, const struct baseline *old, const char *text)
{
    char *changed = NULL;
    size_t length = 0, indent = 0;
    FILE *out = open_memstream(&changed, &length);
    if (!out) return NULL;
    bool fine = copy_kept(out, text, old, wanted, &indent);
    if (*text && text[strlen(text) - 1] != '\n') putc('\n', out);
    for (size_t i = 0; i < wanted->count; i++)
        if (wanted->entries[i].line == 0) print_entry(out, indent, &wanted->entries[i]);
    if (fclose(out) == 0 && fine && says(changed, length, wanted)) return changed;
    free(changed);
    return NULL;
}

bool baseline_update(const struct baseline *baseline, const char *file, char *why, size_t why_size)
{
    struct baseline old = {0};
    size_t length;
    char *text = file_read(file, &length, why, why_size);
    bool fine = text && baseline_read(&old, file, 0, why, why_size);
    char *changed = fine && strlen(text) == length ? change(baseline, &old, text) : NULL;
    if (changed) fine = file_write_text(file, changed, why, why_size);
    else if (fine) fine = baseline_write(baseline, file, why, why_size);
    baseline_clear(&old);
    free(changed);
    free(text);
    return fine;
}
