/* diagnose.c: see diagnose.h. A line may have 60 million bytes and a hundred findings: so the window is found by steps from the place, not
 * from the beginning of the line. The bytes are anybody's: what would act on a terminal is shown as \xNN, and counted as what is shown. */
#include "harness/check/diagnose.h"

#include "reports/report.h"

#include <string.h>

/* In columns of a terminal. Marks that are put over letters have none, so the bytes on either side are bounded too. */
enum { WIDTH = 96, BEFORE_MOST = 72, BEFORE = 40, TAB = 4, BYTES = 1024 };

/* One character, or a byte that belongs to none, as it is shown. */
struct glyph {
    size_t length, columns;
    char text[8];
};

static bool goes_on(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

static size_t bytes_of(const char *at, size_t left)
{
    unsigned char c = (unsigned char)*at;
    size_t length = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 1;
    if (length > left) return 1;
    for (size_t i = 1; i < length; i++)
        if (!goes_on(at[i])) return 1;
    return length;
}

static struct glyph glyph_at(const struct spot *spot, size_t at)
{
    const char *bytes = spot->text.bytes + at;
    struct glyph glyph = {.length = bytes_of(bytes, spot->text.length - at)};
    if (*bytes == '\t') memset(glyph.text, ' ', TAB);
    else if (*bytes == '\0') memcpy(glyph.text, "\\x00", 4);
    else if (*bytes == '\r') memcpy(glyph.text, "\\x0D", 4);
    else memcpy(glyph.text, bytes, glyph.length);
    glyph.columns = line_columns(glyph.text);
    return glyph;
}

/* The character before a place that is no beginning of the text. */
static struct glyph glyph_before(const struct spot *spot, size_t at)
{
    size_t from = at - 1;
    while (from && at - from < 4 && goes_on(spot->text.bytes[from])) from--;
    struct glyph glyph = glyph_at(spot, from);
    return from + glyph.length == at ? glyph : glyph_at(spot, at - 1);
}

/* A line that ends in CR LF ends there; a CR elsewhere is something to see. */
static bool ends_line(const struct spot *spot, size_t at)
{
    const struct extract *text = &spot->text;
    if (at >= text->length || text->bytes[at] == '\n') return true;
    return text->bytes[at] == '\r' && (at + 1 == text->length || text->bytes[at + 1] == '\n');
}

/* What is shown of the line, as bytes of the text. */
struct window {
    size_t from, to;
    size_t before;          /* columns of what is left of the place */
    bool cut_left, cut_right;
};

/* Goes left from the place to the beginning of the line; false when that takes more than `most` columns. */
static bool go_left(const struct spot *spot, struct window *w, size_t most)
{
    w->from = spot->at;
    w->before = 0;
    while (w->from && spot->text.bytes[w->from - 1] != '\n') {
        struct glyph glyph = glyph_before(spot, w->from);
        if (w->before + glyph.columns > most || spot->at - w->from > BYTES) return false;
        w->from -= glyph.length;
        w->before += glyph.columns;
    }
    return true;
}

/* False when the line goes on behind the window. */
static bool go_right(const struct spot *spot, struct window *w)
{
    size_t columns = w->before;
    for (w->to = spot->at; !ends_line(spot, w->to);) {
        struct glyph glyph = glyph_at(spot, w->to);
        columns += glyph.columns;
        if (columns > WIDTH || w->to - spot->at > BYTES) return false;
        w->to += glyph.length;
    }
    return true;
}

static struct window find_window(const struct spot *spot)
{
    struct window w = {0};
    w.cut_left = !go_left(spot, &w, BEFORE_MOST) && !go_left(spot, &w, BEFORE);
    w.cut_right = !go_right(spot, &w);
    return w;
}

/* A quote opens a string when it stands where a value may begin and is not at once followed by what comes after one. */
static bool opens_string(const struct spot *spot, const struct window *w)
{
    size_t at = spot->at;
    if (at >= w->to || spot->text.bytes[at] != '"') return false;
    while (at > 0 && strchr(" \t", spot->text.bytes[at - 1])) at--;
    char before = at > 0 ? spot->text.bytes[at - 1] : '\n', next = spot->at + 1 < w->to ? spot->text.bytes[spot->at + 1] : ' ';
    return before && next && strchr(":[,{\n", before) && !strchr("}],", next);
}

/* The value that begins at the place, when it is a word, number or string in the window: how many columns it takes, else 1. */
static size_t marked_columns(const struct spot *spot, const struct window *w)
{
    size_t at = spot->at, columns = 0;
    bool string = opens_string(spot, w), escaped = false;
    for (; at < w->to; columns += glyph_at(spot, at).columns, at += glyph_at(spot, at).length) {
        char c = spot->text.bytes[at];
        bool wordy = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("+-.", c));
        if (!string && !wordy) break;
        if (string && c == '"' && at > spot->at && !escaped) return columns + 1;
        escaped = c == '\\' && !escaped;
    }
    return columns ? columns : 1;
}

static void print_line(FILE *out, const struct spot *spot, const struct window *w)
{
    if (w->cut_left) fputs("...", out);
    for (size_t at = w->from; at < w->to;) {
        struct glyph glyph = glyph_at(spot, at);
        escape_line(out, glyph.text);
        at += glyph.length;
    }
    fputs(w->cut_right ? "...\n" : "\n", out);
}

void diagnose_source(FILE *out, const struct spot *spot, bool colour)
{
    if (!spot->text.bytes || spot->at > spot->text.length) return;
    struct window w = find_window(spot);
    int number = fprintf(out, "%5zu | ", spot->line);
    print_line(out, spot, &w);
    int indent = (number > 0 ? number : 0) + (w.cut_left ? 3 : 0) + (int)w.before;
    fprintf(out, "%*s|%*s%s^", number > 2 ? number - 2 : 0, "", indent - number + 1, "", colour ? "\033[32m" : "");
    for (size_t i = marked_columns(spot, &w); i > 1; i--) putc('~', out);
    fputs(colour ? "\033[0m\n" : "\n", out);
}
