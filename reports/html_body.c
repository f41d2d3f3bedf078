/* html_body.c: a request or an answer on the page: JSON with indents, and a mark on what findings are about. A mark is found by the byte that
 * the finding names; as what is kept of a body had its secrets taken out, a byte at which nothing begins gets no mark. */
#include "reports/html.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 64 };

/* A mark, and where it stands in the text as it is shown: [from, to), nothing while they are equal. */
struct span {
    const struct html_mark *mark;
    size_t from, to;
};

struct laying {
    FILE *out;
    const char *text;
    struct span *spans; /* in the order of the text */
    size_t count, next; /* next: the first that is not behind us */
};

/* True when every bracket outside strings closes the one that was opened last; brackets that are still open at the end are fine, for
 * bodies are cut. */
static bool brackets_match(const char *text)
{
    char open[DEPTH_MAX];
    int depth = 0;
    bool quoted = false;
    for (const char *at = text; *at; at++) {
        if (quoted && *at == '\\' && at[1]) {
            at++;
        } else if (quoted) {
            quoted = *at != '"';
        } else if (*at == '"') {
            quoted = true;
        } else if (*at == '{' || *at == '[') {
            if (depth == DEPTH_MAX)
                return false;
            open[depth++] = *at == '{' ? '}' : ']';
        } else if (*at == '}' || *at == ']') {
            if (depth == 0 || open[--depth] != *at)
                return false;
        }
    }
    return true;
}

static void new_line(FILE *out, int depth)
{
    fprintf(out, "\n%*s", depth * 2, "");
}

/* Writes a string with its quotes; returns its last byte. */
static const char *copy_string(FILE *out, const char *at)
{
    putc(*at++, out);
    for (; *at && *at != '"'; at++) {
        putc(*at, out);
        if (*at == '\\' && at[1])
            putc(*++at, out);
    }
    if (!*at)
        return at - 1;
    putc('"', out);
    return at;
}

/* The byte after the value that begins here: of a container only its bracket, as its members stand for themselves. */
static const char *value_end(const char *at)
{
    if (*at == '{' || *at == '[')
        return at + 1;
    if (*at != '"')
        return at + strcspn(at, ",]} \t\r\n");
    for (at++; *at && *at != '"'; at++)
        if (*at == '\\' && at[1])
            at++;
    return *at ? at + 1 : at;
}

/* Sets the marks of the token that begins at `at`; it will be written as it is, from where we are on. */
static void mark_token(struct laying *l, const char *at)
{
    size_t offset = (size_t)(at - l->text), here = (size_t)ftello(l->out);
    while (l->next < l->count && l->spans[l->next].mark->at < offset)
        l->next++;
    if (l->next < l->count && l->spans[l->next].mark->at == offset)
        l->spans[l->next] = (struct span){l->spans[l->next].mark, here, here + (size_t)(value_end(at) - at)};
}

/* Line breaks stand before what they separate, so that nothing is written ahead of what may not come. */
static void indent(struct laying *l)
{
    int depth = 0;
    char last = '\0';
    for (const char *at = l->text; *at; at++) {
        if (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')
            continue;
        bool closes = *at == '}' || *at == ']', opened = last == '{' || last == '[';
        depth -= closes;
        if (last == ',' || opened != closes)
            new_line(l->out, depth);
        last = *at;
        mark_token(l, at);
        depth += last == '{' || last == '[';
        if (last == '"')
            at = copy_string(l->out, at);
        else
            putc(last, l->out);
        if (last == ':')
            putc(' ', l->out);
    }
}

/* What is no JSON (a stream, a page) is shown as it came: a value there is marked to its end, and of a line that could not be read the rest. */
static void mark_plain(struct laying *l)
{
    size_t length = strlen(l->text);
    for (size_t i = 0; i < l->count; i++) {
        size_t at = l->spans[i].mark->at;
        if (at >= length)
            continue;
        const char *from = l->text + at;
        bool begins = strchr("\"{[-0123456789tfn", *from) && (at == 0 || strchr(" :,[{\n", from[-1]));
        size_t size = l->spans[i].mark->line ? strcspn(from, "\n") : begins ? (size_t)(value_end(from) - from) : 0;
        l->spans[i].from = at;
        l->spans[i].to = at + size;
    }
}

static void lay(struct laying *l)
{
    if ((l->text[0] == '{' || l->text[0] == '[') && brackets_match(l->text)) {
        indent(l);
    } else {
        mark_plain(l);
        fputs(l->text, l->out);
    }
}

void html_write_indented(FILE *out, const char *text)
{
    lay(&(struct laying){.out = out, .text = text});
}

/* The text is our own, so a piece can be ended for a moment. */
static void write_piece(FILE *out, char *text, size_t from, size_t to)
{
    char kept = text[to];
    text[to] = '\0';
    escape_html(out, text + from);
    text[to] = kept;
}

static void write_marked(FILE *out, char *text, size_t budget, size_t whole, const struct laying *l)
{
    static const char *const classes[] = {"skip", "skip", "warn", "fail"};
    size_t shown = text_fit(text, budget), done = 0;
    for (size_t i = 0; i < l->count; i++) {
        const struct span *span = &l->spans[i];
        if (span->from >= span->to || span->from < done || span->to > shown)
            continue;
        write_piece(out, text, done, span->from);
        fprintf(out, "<mark class=\"%s\" title=\"", classes[span->mark->severity <= CC_ERROR ? span->mark->severity : CC_ERROR]);
        write_excerpt(out, span->mark->rule, 300, 0, escape_html);
        fputs("\">", out);
        write_piece(out, text, span->from, span->to);
        fputs("</mark>", out);
        done = span->to;
    }
    write_excerpt(out, text + done, shown - done, whole, escape_html);
}

static int earlier_first(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    if (a->mark->at != b->mark->at)
        return a->mark->at < b->mark->at ? -1 : 1;
    return a->mark->severity > b->mark->severity ? -1 : a->mark->severity < b->mark->severity;
}

/* One span for each place, the worst; false when memory ran out. */
static bool order_marks(struct laying *l, const struct html_mark *marks, size_t count)
{
    l->spans = calloc(count + 1, sizeof *l->spans);
    if (!l->spans)
        return false;
    for (size_t i = 0; i < count; i++)
        l->spans[i].mark = &marks[i];
    qsort(l->spans, count, sizeof *l->spans, earlier_first);
    for (size_t i = 0; i < count; i++)
        if (l->count == 0 || l->spans[l->count - 1].mark->at != l->spans[i].mark->at)
            l->spans[l->count++] = l->spans[i];
    return true;
}

bool html_body(FILE *out, const char *body, size_t budget, size_t whole, const struct html_mark *marks, size_t count)
{
    char *text = NULL;
    size_t size = 0, length = strlen(body);
    FILE *memory = open_memstream(&text, &size);
    if (!memory)
        return false;
    struct laying laying = {.out = memory, .text = body};
    bool fine = order_marks(&laying, marks, count);
    if (fine)
        lay(&laying);
    fine = !ferror(memory) && fine;
    fine = fclose(memory) == 0 && fine && text;
    if (fine) {
        fputs("<pre>", out);
        write_marked(out, text, budget, whole > length ? whole : length, &laying);
        fputs("</pre>", out);
    }
    free(laying.spans);
    free(text);
    return fine;
}
