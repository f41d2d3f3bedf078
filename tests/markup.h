/* markup.h: judges of what reports write: UTF-8, what a terminal takes amiss, a tokenizer that knows only our own tags and attributes of
 * HTML, XML, and markdown. Each answers a place that is wrong, or NULL. */
#ifndef MARKUP_H
#define MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum { MARKUP_DEPTH = 64, MARKUP_NAME = 32 };

static inline bool valid_utf8(const char *text, size_t length)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + length;
    while (at < end) {
        int more = *at < 0x80 ? 0 : *at >= 0xC2 && *at < 0xE0 ? 1 : *at >= 0xE0 && *at < 0xF0 ? 2 : *at >= 0xF0 && *at < 0xF5 ? 3 : -1;
        if (more < 0 || end - at <= more)
            return false;
        if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F) || (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
            return false;
        for (at++; more > 0; more--, at++)
            if ((*at & 0xC0) != 0x80)
                return false;
    }
    return true;
}

/* True when a terminal that is shown the text only prints: LF and TAB, no other control, nothing that turns text around. */
static inline bool harmless_on_terminal(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const unsigned char *at = (const unsigned char *)text + i;
        if ((*at < 0x20 && *at != '\n' && *at != '\t') || *at == 0x7F || (at[0] == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0))
            return false;
        if (at[0] == 0xE2 && ((at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE) || (at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9)))
            return false;
    }
    return valid_utf8(text, length);
}

/* --- HTML */

static inline bool markup_word_in(const char *word, const char *list)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at++)
        if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) return true;
    return false;
}

/* Reads a name; what follows it, or NULL when there is none. */
static inline const char *markup_name(const char *at, char name[MARKUP_NAME])
{
    size_t length = strcspn(at, " \t\n=>/");
    if (length == 0 || length >= MARKUP_NAME) return NULL;
    memcpy(name, at, length);
    name[length] = '\0';
    return at + length;
}

/* Past the attributes of a tag, or NULL. */
static inline const char *markup_attributes(const char *at)
{
    while (*at == ' ') {
        char name[MARKUP_NAME];
        at = markup_name(at + 1, name);
        if (!at || !markup_word_in(name, "lang charset http-equiv content name class id type checked open for style title href scope colspan")) return NULL;
        if (*at != '=') continue;
        const char *value = at + 2, *end = at[1] == '"' ? strchr(value, '"') : NULL;
        if (!end || strcspn(value, "<>\"") != (size_t)(end - value)) return NULL;
        if (strcmp(name, "href") == 0 && strncmp(value, "#case-", 6) != 0) return NULL;
        at = end + 1;
    }
    return *at == '>' ? at : NULL;
}

/* Past a tag, or NULL. */
static inline const char *markup_tag(const char *at, char open[MARKUP_DEPTH][MARKUP_NAME], size_t *depth)
{
    char tag[MARKUP_NAME];
    bool closes = at[1] == '/';
    at = markup_name(at + (closes ? 2 : 1), tag);
    if (!at || !markup_word_in(tag, "html head meta title style body div input header h1 h2 h3 h4 p dl dt dd span nav label b main section article "
                                    "details summary code strong pre a figure figcaption footer mark table thead tbody tr th td"))
        return NULL;
    if (closes) return *depth > 0 && strcmp(open[--*depth], tag) == 0 && *at == '>' ? at + 1 : NULL;
    at = markup_attributes(at);
    if (!at || strcmp(tag, "meta") == 0 || strcmp(tag, "input") == 0) return at ? at + 1 : NULL;
    if (*depth == MARKUP_DEPTH) return NULL;
    memcpy(open[(*depth)++], tag, sizeof tag);
    return at + 1;
}

static inline bool markup_is_entity(const char *at)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++)
        if (strncmp(at, entities[i], strlen(entities[i])) == 0) return true;
    return false;
}

/* Only our tags, only our attributes, every tag closed, every & an entity that we write. */
static inline const char *markup_html_fault(const char *page)
{
    char open[MARKUP_DEPTH][MARKUP_NAME];
    size_t depth = 0;
    if (strncmp(page, "<!doctype html>", 15) != 0) return page;
    for (const char *at = page + 15; *at; at += strcspn(at, "<>&")) {
        bool style = depth > 0 && strcmp(open[depth - 1], "style") == 0;
        const char *from = at;
        if (*at == '<' && (at = markup_tag(at, open, &depth)) == NULL) return from;
        if (*from == '<') continue;
        if ((*at == '&' && !style && !markup_is_entity(at)) || (*at == '>' && !style)) return at;
        at += *at != '\0';
    }
    return depth ? page + strlen(page) : NULL;
}

/* --- XML */

/* No character that XML 1.0 lacks, every tag closed by its name, no loose < or &. */
static inline const char *markup_xml_fault(const char *text)
{
    const char *open[MARKUP_DEPTH];
    size_t depth = 0;
    for (const char *c = text; *c; c++) {
        if ((unsigned char)*c < ' ' && !strchr("\n\r\t", *c)) return c;
        const char *entity = *c == '&' ? strchr(c, ';') : c, *end = *c == '<' ? strchr(c, '>') : c;
        if (!entity || entity - c >= 10 || !end) return c;
        if (*c != '<') continue;
        if (c[1] == '/') {
            size_t length = (size_t)(end - c - 2);
            if (depth == 0 || strncmp(c + 2, open[--depth], length) != 0 || !strchr(" \n>/", open[depth][length])) return c;
        } else if (c[1] != '?' && c[1] != '!' && end[-1] != '/') {
            if (depth == MARKUP_DEPTH) return c;
            open[depth++] = c + 1;
        }
        c = end;
    }
    return depth ? text + strlen(text) : NULL;
}

/* --- markdown */

static inline bool markup_begins(const char *at, const char *with) { return strncmp(at, with, strlen(with)) == 0; }

/* Past the digits, or `at` where there are none. */
static inline const char *markup_digits(const char *at) { return at + strspn(at, "0123456789"); }

/* Markup that we write inside a line ourselves: "**fail** " in bold at the beginning of a cell, what may be opened, entities, and hidden
 * characters made visible. Past it, or NULL. */
static inline const char *markup_own(const char *line, const char *at)
{
    static const char *const tags[] = {"<details><summary>", "</summary>", "</details>", "\\x", "\\u"};
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (markup_begins(at, tags[i])) return at + strlen(tags[i]);
    if (markup_begins(at, "**") && at - line >= 2 && markup_begins(at - 2, "| ")) {
        const char *end = at + 2 + strspn(at + 2, "abcdefghijklmnopqrstuvwxyz0123456789 -");
        return end > at + 2 && markup_begins(end, "** ") ? end + 2 : NULL;
    }
    const char *end = markup_begins(at, "&#") ? markup_digits(at + 2) : at;
    return *end == ';' && end > at + 2 ? end + 1 : NULL;
}

/* What only begins a line of ours: a heading, an item with a label, a row of a table, a paragraph that begins with a letter or with what
 * means nothing. Where its text begins, or NULL. */
static inline const char *markup_line(const char *line)
{
    static const char *const labels[] = {"target", "model", "profile", "broken", "verdict", "not run", "requirement", "for example", "source",
                                         "expected", "actual", "pointer", "case", "cases"};
    if (*line == '|') return line;
    if (*line == '#') return line + strspn(line, "#") + (line[strspn(line, "#")] == ' ');
    if (*line != '-') return strchr("-+= \t", *line) || (markup_digits(line) > line && strchr(".)", *markup_digits(line))) ? NULL : line;
    const char *label = markup_digits(line + 2) + (markup_digits(line + 2) > line + 2);
    for (size_t i = 0; markup_begins(line, "- ") && i < sizeof labels / sizeof *labels; i++)
        if (markup_begins(label, labels[i]) && markup_begins(label + strlen(labels[i]), ": ")) return label + strlen(labels[i]) + 2;
    return NULL;
}

/* The place in a line outside all fences that could be markup but is none of ours; `*bars` is how many parts it has by bars. */
static inline const char *markup_line_fault(const char *line, const char *end, size_t *bars)
{
    const char *at = *line == '\n' ? line : markup_line(line);
    bool row = *line == '|';
    *bars = 0;
    if (!at) return line;
    while (at < end) {
        const char *own = strchr("<*&\\", *at) ? markup_own(line, at) : NULL;
        *bars += *at == '|';
        if (!own && (strchr("<>`@[]*~\"&#_\\$", *at) || (*at == '|' && !row))) return at;
        if (markup_begins(at, "://") || strncasecmp(at, "www.", 4) == 0) return at;
        at = own ? own : at + 1;
    }
    return NULL;
}

/* Nothing that could be markup, a link or a mention stands outside the fences but what is ours, the rows of a table are as wide as its head,
 * and every fence is closed. */
static inline const char *markup_markdown_fault(const char *text)
{
    size_t fence = 0, width = 0;
    for (const char *line = text, *end; *line; line = end + 1) {
        size_t ticks = strspn(line, "`"), bars;
        end = strchr(line, '\n');
        if (!end) return line;
        if (fence == 0 && ticks < 3) {
            const char *fault = markup_line_fault(line, end, &bars);
            if (fault) return fault;
            if (bars > 0 && width > 0 && bars != width) return line;
            width = bars;
        }
        if (fence == 0 ? ticks >= 3 : ticks >= fence && line + ticks == end) fence = fence == 0 ? ticks : 0;
    }
    return fence ? text + strlen(text) : NULL;
}

#endif
