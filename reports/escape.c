/* escape.c: the one escaper of each format.
 *
 * A report quotes whatever an endpoint said, and one raw byte (a NUL or an ESC in XML, a tag in HTML, a cursor command on a terminal) makes
 * the whole report unreadable, or makes it lie. So all text goes through here: it is read as strict UTF-8, unit by unit, and each format
 * says what it writes in place of a unit it cannot hold. What is hidden or invalid is shown as \xNN or \uNNNN, never dropped. */
#include "reports/parts.h"

#include <string.h>
#include <strings.h>

/* One code point, or one byte that is no part of valid UTF-8, and where it stands. */
struct unit {
    unsigned code;
    size_t length;
    bool valid;
    const char *text, *at;
};

enum { REPLACEMENT_SIZE = 24 };

/* What stands in place of the unit, NULL when it stands as it is. `space` is room to write it in. */
typedef const char *replace_fn(struct unit unit, char space[REPLACEMENT_SIZE]);

static struct unit read_unit(const char *text, size_t place, size_t left)
{
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    const unsigned char *at = (const unsigned char *)text + place;
    const struct unit bad = {at[0], 1, false, text, text + place};
    if (at[0] < 0x80)
        return (struct unit){at[0], 1, true, text, text + place};
    size_t length = at[0] >= 0xF0 ? 4 : at[0] >= 0xE0 ? 3 : 2;
    if (at[0] < 0xC2 || at[0] > 0xF4 || length > left)
        return bad;
    unsigned code = at[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length; i++) {
        if ((at[i] & 0xC0) != 0x80)
            return bad;
        code = code << 6 | (at[i] & 0x3Fu);
    }
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return bad;
    return (struct unit){code, length, true, text, text + place};
}

static void escape(FILE *out, const char *text, replace_fn *replace)
{
    if (!text)
        return;
    size_t length = strlen(text), run = 0, at = 0;
    char space[REPLACEMENT_SIZE];
    while (at < length) {
        struct unit unit = read_unit(text, at, length - at);
        const char *instead = replace(unit, space);
        if (instead) {
            fwrite(text + run, 1, at - run, out);
            fputs(instead, out);
            run = at + unit.length;
        }
        at += unit.length;
    }
    fwrite(text + run, 1, length - run, out);
}

/* Turns text around, or is shown as nothing at all: what a reader sees would not be what was sent. The joiners U+200C and U+200D stay,
 * scripts and emoji are made with them. */
static bool code_misleads(unsigned code)
{
    return code == 0x061C || code == 0x200B || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x2069) || code == 0xFEFF;
}

/* What no format shows as it is. LF, TAB and CR are left to each format. */
static bool unit_is_hidden(struct unit unit)
{
    if (!unit.valid || unit.code < 0x20)
        return unit.code != '\n' && unit.code != '\t' && unit.code != '\r';
    return (unit.code >= 0x7F && unit.code < 0xA0) || code_misleads(unit.code) || unit.code == 0xFFFE || unit.code == 0xFFFF;
}

static const char *visible(struct unit unit, char space[REPLACEMENT_SIZE])
{
    bool byte = !unit.valid || unit.code < 0x80;
    snprintf(space, REPLACEMENT_SIZE, byte ? "\\x%02X" : "\\u%04X", unit.code);
    return space;
}

static const char *replace_markup(struct unit unit, char space[REPLACEMENT_SIZE])
{
    switch (unit.valid ? unit.code : 0) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    }
    return unit_is_hidden(unit) ? visible(unit, space) : NULL;
}

static const char *replace_xml_text(struct unit unit, char space[REPLACEMENT_SIZE])
{
    /* A raw CR would be read as LF. */
    return unit.valid && unit.code == '\r' ? "&#13;" : replace_markup(unit, space);
}

static const char *replace_xml(struct unit unit, char space[REPLACEMENT_SIZE])
{
    switch (unit.valid ? unit.code : 0) {
    case '"': return "&quot;";
    case '\n': return "&#10;";
    case '\t': return "&#9;";
    }
    return replace_xml_text(unit, space);
}

static const char *replace_xml_line(struct unit unit, char space[REPLACEMENT_SIZE])
{
    return unit.code == '\n' || unit.code == '\t' || unit.code == '\r' ? " " : replace_xml(unit, space);
}

static const char *replace_html(struct unit unit, char space[REPLACEMENT_SIZE])
{
    switch (unit.valid ? unit.code : 0) {
    case '"': return "&quot;";
    case '\'': return "&#39;";
    case '\r': return "\\x0D";
    }
    return replace_markup(unit, space);
}

static const char *replace_terminal(struct unit unit, char space[REPLACEMENT_SIZE])
{
    return unit_is_hidden(unit) || unit.code == '\r' ? visible(unit, space) : NULL;
}

static const char *replace_line(struct unit unit, char space[REPLACEMENT_SIZE])
{
    return unit.code == '\n' || unit.code == '\t' || unit.code == '\r' ? " " : replace_terminal(unit, space);
}

#define WORD_JOINER "&#8288;"

/* Forges make links of bare addresses: at "://", whose rest may be in a text that follows, and at "www.". */
static bool begins_link(struct unit unit)
{
    return unit.code == ':' && (!unit.at[1] || (unit.at[1] == '/' && (!unit.at[2] || unit.at[2] == '/')));
}
static bool ends_www(struct unit unit) { return unit.code == '.' && unit.at - unit.text >= 3 && strncasecmp(unit.at - 3, "www", 3) == 0; }

/* What would make a list, a rule, a heading or indented code of a line that begins with the text: a mark or a blank at once, or the dot of
 * a number. */
static bool begins_block(struct unit unit)
{
    size_t before = (size_t)(unit.at - unit.text);
    if (before == 0)
        return strchr("-+= \t\r\n", (int)unit.code) != NULL;
    return unit.code == '.' && strspn(unit.text, "0123456789") == before && strchr(" \t\r\n", unit.at[1]);
}

/* An entity is never markup. The word joiner after @ and # keeps forges from making mentions and issue links of them, and in addresses from
 * making links; they look once more when entities have become characters. */
static const char *replace_markdown(struct unit unit, char space[REPLACEMENT_SIZE])
{
    if (!unit.valid || unit.code >= 0x80)
        return replace_line(unit, space);
    if (begins_link(unit))
        return ":" WORD_JOINER;
    if (ends_www(unit))
        return WORD_JOINER ".";
    if (!begins_block(unit) && (unit.code < 0x20 || !strchr("&<>\"'\\`*_[]()#|~@$", (int)unit.code)))
        return replace_line(unit, space);
    unsigned code = unit.code < 0x20 ? ' ' : unit.code;
    snprintf(space, REPLACEMENT_SIZE, "&#%u;%s", code, code == '@' || code == '#' ? WORD_JOINER : "");
    return space;
}

static const char *replace_marks(struct unit unit, const char *marks, char space[REPLACEMENT_SIZE])
{
    bool mark = unit.valid && unit.code && unit.code < 0x80 && strchr(marks, (int)unit.code);
    if (!mark)
        return replace_terminal(unit, space);
    snprintf(space, REPLACEMENT_SIZE, "%%%02X", unit.code);
    return space;
}

static const char *replace_github(struct unit unit, char space[REPLACEMENT_SIZE])
{
    return replace_marks(unit, "%\n\r", space);
}

static const char *replace_github_property(struct unit unit, char space[REPLACEMENT_SIZE])
{
    return replace_marks(unit, "%\n\r:,", space);
}

/* What needs no escape in JSON but would act on a terminal that the report is shown on is escaped too; the value stays the same. */
static const char *replace_json(struct unit unit, char space[REPLACEMENT_SIZE])
{
    if (!unit.valid)
        return "\xEF\xBF\xBD";
    switch (unit.code) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\n': return "\\n";
    case '\t': return "\\t";
    case '\r': return "\\r";
    }
    if (!unit_is_hidden(unit) && unit.code != 0x2028 && unit.code != 0x2029)
        return NULL;
    snprintf(space, REPLACEMENT_SIZE, "\\u%04X", unit.code);
    return space;
}

void escape_xml(FILE *out, const char *text)
{
    escape(out, text, replace_xml);
}

void escape_xml_line(FILE *out, const char *text)
{
    escape(out, text, replace_xml_line);
}

void escape_xml_text(FILE *out, const char *text)
{
    escape(out, text, replace_xml_text);
}

void escape_html(FILE *out, const char *text)
{
    escape(out, text, replace_html);
}

void escape_terminal(FILE *out, const char *text)
{
    escape(out, text, replace_terminal);
}

void escape_line(FILE *out, const char *text)
{
    escape(out, text, replace_line);
}

void escape_markdown(FILE *out, const char *text)
{
    escape(out, text, replace_markdown);
}

void escape_github(FILE *out, const char *text)
{
    escape(out, text, replace_github);
}

void escape_github_property(FILE *out, const char *text)
{
    escape(out, text, replace_github_property);
}

void escape_json(FILE *out, const char *text)
{
    if (!text) {
        fputs("null", out);
        return;
    }
    putc('"', out);
    escape(out, text, replace_json);
    putc('"', out);
}

void escape_json_member(FILE *out, const char *name, const char *text)
{
    fprintf(out, ",\"%s\":", name);
    escape_json(out, text);
}

/* East Asian wide and emoji blocks; coarse, and good enough to align a table. */
static size_t code_columns(unsigned code)
{
    static const struct {
        unsigned first, last;
        size_t columns;
    } blocks[] = {
        {0x0300, 0x036F, 0}, {0x1100, 0x115F, 2}, {0x200C, 0x200D, 0}, {0x2E80, 0xA4CF, 2}, {0xAC00, 0xD7A3, 2},   {0xF900, 0xFAFF, 2},
        {0xFE00, 0xFE0F, 0}, {0xFE30, 0xFE6F, 2}, {0xFF00, 0xFF60, 2}, {0xFFE0, 0xFFE6, 2}, {0x1F300, 0x1F64F, 2}, {0x1F680, 0x1F6FF, 2},
        {0x1F900, 0x1FAFF, 2}, {0x20000, 0x3FFFD, 2},
    };
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        if (code >= blocks[i].first && code <= blocks[i].last)
            return blocks[i].columns;
    return 1;
}

size_t line_columns(const char *text)
{
    size_t columns = 0, length = text ? strlen(text) : 0;
    char space[REPLACEMENT_SIZE];
    for (size_t at = 0; at < length;) {
        struct unit unit = read_unit(text, at, length - at);
        const char *instead = replace_line(unit, space);
        columns += instead ? strlen(instead) : code_columns(unit.code);
        at += unit.length;
    }
    return columns;
}

void escape_column(FILE *out, const char *text, size_t columns)
{
    size_t taken = line_columns(text);
    escape_line(out, text);
    fprintf(out, "%*s", taken < columns ? (int)(columns - taken) : 0, "");
}
