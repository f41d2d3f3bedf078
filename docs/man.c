/* man.c: prints a manual page from its text (the first argument), in which lines like @OPTIONS@ stand for what the program and the header
 * (the second argument) say themselves, so that nothing of it is written twice. */
#include "harness/command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WIDTH = 72, LINE = 1024, TEXT = 8192 };

/* --- text of others as text of mdoc */

/* What begins a request or an escape is no markup; two hyphens are an option, and a call is told by its name. */
static void print_word(const char *word, size_t length, bool first)
{
    if (first && (*word == '.' || *word == '\'')) fputs("\\&", stdout);
    for (size_t i = 0; i < length; i++) {
        bool flag = word[i] == '-' && (word[i + 1] == '-' || (i && word[i - 1] == '-'));
        if (word[i] == '\\') fputs("\\e", stdout);
        else if (flag) fputs("\\-", stdout);
        else if (strncmp(word, "cc_", 3) == 0 && word[i] == '(' && word[i + 1] == ')') i++;
        else putchar(word[i]);
    }
}

/* Lines as manual pages are written: short, and a sentence begins a new one. */
static void print_plain(const char *text)
{
    size_t column = 0;
    char before = ' ';
    while (*text) {
        size_t length = strcspn(text, " ");
        bool sentence = strchr(".:;", before) && isupper((unsigned char)*text);
        if (column && (sentence || column + length + 1 > WIDTH)) column = 0, putchar('\n');
        if (column) putchar(' ');
        print_word(text, length, column == 0);
        column += length + 1;
        before = length ? text[length - 1] : before;
        text += length + strspn(text + length, " ");
    }
    putchar('\n');
}

static void print_name(const char *name)
{
    for (; *name; name++) fputs(*name == '-' ? "\\-" : (char[]){*name, '\0'}, stdout);
}

/* --- commands */

static void print_option(void *context, const char *name, const char *value, const char *sentence)
{
    (void)context;
    fputs(".It Fl \\-", stdout);
    print_name(name);
    if (value && *value == '[') printf(" Ns Li \"%s\"", value);
    else if (value) printf(" Ar \"%s\"", value);
    putchar('\n');
    print_plain(sentence);
}

static void print_commands(void)
{
    for (const struct command *c = commands; c->name; c++) {
        printf(".Ss %s\n.Dl chatconform %s [OPTION...]%s", c->name, c->name, *c->arguments ? " " : "");
        print_name(c->arguments);
        puts("\n.Pp");
        print_plain(c->sentence);
        fputs(".Bl -tag -width Ds\n", stdout);
        options_each(c->bit, print_option, NULL);
        fputs(".El\n.Pp\nExample:\n.Pp\n.Dl ", stdout);
        print_name(c->example);
        putchar('\n');
    }
}

static void print_limits(void)
{
    fputs(".Bl -tag -width findings\n", stdout);
    for (size_t i = 0; cc_limit_at(i); i++) {
        const struct cc_limit *limit = cc_limit_at(i);
        char text[LINE];
        printf(".It Cm %s\n", limit->name);
        snprintf(text, sizeof text, "%s (%zu; at most %zu)", limit->sentence, limit->standard, limit->hard);
        print_plain(text);
    }
    fputs(".El\n", stdout);
}

/* --- the header: functions, and the comment before them */

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, 1 << 20);
    if (!file || !text || !fread(text, 1, (1 << 20) - 1, file)) {
        fprintf(stderr, "man: %s cannot be read\n", path);
        exit(2);
    }
    fclose(file);
    return text;
}

/* "bool cc_x(int a, ...); ", in its parts. */
struct function {
    char type[64], name[64], arguments[512];
    char remark[256]; /* of a comment behind it */
};

/* The name of the function that the line declares, or NULL. Types begin with cc_ too, but no parenthesis comes behind them. */
static const char *find_name(const char *line, size_t *length)
{
    bool may_be = isalpha((unsigned char)*line) && strncmp(line, "typedef", 7) != 0 && strstr(line, ");");
    for (const char *at = line; may_be && (at = strstr(at, "cc_")); at += *length) {
        *length = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (at[*length] == '(') return at;
    }
    return NULL;
}

static bool read_function(const char *line, struct function *f)
{
    size_t length = 0, type;
    const char *name = find_name(line, &length);
    if (!name) return false;
    const char *arguments = name + length + 1, *end = strstr(arguments, ");"), *remark = strstr(end, "/* ");
    for (type = (size_t)(name - line); type && line[type - 1] == ' ';) type--;
    snprintf(f->type, sizeof f->type, "%.*s", (int)type, line);
    snprintf(f->name, sizeof f->name, "%.*s", (int)length, name);
    snprintf(f->arguments, sizeof f->arguments, "%.*s", (int)(end - arguments), arguments);
    snprintf(f->remark, sizeof f->remark, "%.*s", remark ? (int)strcspn(remark + 3, "*") - 1 : 0, remark ? remark + 3 : "");
    return true;
}

/* Each argument in its quotes. */
static void print_call(const char *request, const struct function *f)
{
    printf("%s %s", request, f->name);
    for (const char *at = f->arguments; *at;) {
        size_t depth = 0, length = 0;
        for (; at[length] && (depth || at[length] != ','); length++) depth += (at[length] == '(') - (size_t)(at[length] == ')');
        printf(" \"%.*s\"", (int)length, at);
        at += length;
        at += strspn(at, ", ");
    }
    putchar('\n');
}

/* Goes through the header; `say` is told each section, comment and function. */
enum said { SAID_SECTION, SAID_COMMENT, SAID_FUNCTION, SAID_OTHER };

static void add_comment(char comment[TEXT], const char *line)
{
    size_t used = strlen(comment), length;
    line += strspn(line, " ");
    line += strncmp(line, "/*", 2) == 0 ? 2 : *line == '*' && line[1] != '/' ? 1 : 0;
    line += strspn(line, " ");
    const char *end = strstr(line, "*/");
    length = end ? (size_t)(end - line) : strlen(line);
    while (length && line[length - 1] == ' ') length--;
    if (length) snprintf(comment + used, TEXT - used, "%s%.*s", used ? " " : "", (int)length, line);
}

static void each_of_header(const char *header, void (*say)(enum said what, const char *text, const struct function *f))
{
    char comment[TEXT] = "", line[LINE], title[LINE];
    bool inside = false;
    while (*header) {
        struct function f;
        size_t length = strcspn(header, "\n");
        snprintf(line, sizeof line, "%.*s", (int)length, header);
        header += length + (header[length] == '\n');
        if (!inside && sscanf(line, "/* --- %63[^-]", title) == 1) {
            title[strlen(title) - 1] = '\0';
            say(SAID_SECTION, title, NULL);
        } else if (inside || strncmp(line, "/*", 2) == 0) {
            if (!inside) *comment = '\0';
            add_comment(comment, line);
            inside = !strstr(line, "*/");
            if (!inside) say(SAID_COMMENT, comment, NULL);
        } else if (read_function(line, &f)) {
            say(SAID_FUNCTION, line, &f);
        } else {
            say(SAID_OTHER, line, NULL);
        }
    }
}

static void say_synopsis(enum said what, const char *text, const struct function *f)
{
    (void)text;
    if (what != SAID_FUNCTION) return;
    printf(".Ft %s\n", f->type);
    print_call(".Fn", f);
}

/* A comment is about the function that it stands before. */
static char pending[TEXT];
static bool listing;

static void begin_list(const char *title)
{
    if (listing) fputs(".El\n", stdout);
    printf(".Ss %s\n.Bl -tag -width Ds\n", title);
    listing = true;
}

static void say_descriptions(enum said what, const char *text, const struct function *f)
{
    if (what == SAID_SECTION) begin_list(text);
    if (what == SAID_COMMENT) snprintf(pending, sizeof pending, "%s", text);
    if (what == SAID_FUNCTION) {
        const char *about = *f->remark ? f->remark : pending;
        if (!listing) begin_list("Version");
        printf(".It Fn %s\n", f->name);
        if (*about) print_plain(about);
    }
    if (what == SAID_FUNCTION || what == SAID_OTHER) *pending = '\0';
}

static void print_functions(const char *header)
{
    each_of_header(header, say_descriptions);
    if (listing) fputs(".El\n", stdout);
}

/* --- the page */

static void print_line(const char *line, const char *header)
{
    if (strcmp(line, "@COMMANDS@") == 0) print_commands();
    else if (strcmp(line, "@LIMITS@") == 0) print_limits();
    else if (strcmp(line, "@SYNOPSIS@") == 0 && header) each_of_header(header, say_synopsis);
    else if (strcmp(line, "@FUNCTIONS@") == 0 && header) print_functions(header);
    else puts(line);
}

int main(int argc, char **argv)
{
    if (argc < 2 || argc > 3) return 2;
    char *text = read_file(argv[1]), *header = argc == 3 ? read_file(argv[2]) : NULL;
    for (char *line = text, *end; *line; line = end + 1) {
        end = line + strcspn(line, "\n");
        if (!*end) break;
        *end = '\0';
        print_line(line, header);
    }
    free(text);
    free(header);
    return 0;
}
