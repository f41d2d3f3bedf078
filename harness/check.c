/* check.c: `chatconform check`: validate files offline, whole or line by line. */
#include "harness/command.h"
#include "reports/report.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One run of the command. */
struct checking {
    struct options *options;
    struct cc_checker *checker;
    char *text;            /* the document at hand */
    size_t room, length;
    char *request;         /* of --request; NULL without */
    size_t request_length;
    size_t documents, invalid, errors, warnings, notes;
    bool colour;
};

/* --- reading */

static bool grow(struct checking *c)
{
    size_t room = c->room ? c->room * 2 : 65536;
    char *text = realloc(c->text, room);
    if (!text) return false;
    c->text = text;
    c->room = room;
    return true;
}

static size_t most_bytes(const struct checking *c)
{
    const struct cc_limits *limits = &c->options->limits;
    if (c->options->kind == CC_STREAM || c->options->kind == CC_AUTO || c->options->kind == CC_EXCHANGE)
        return limits->stream ? limits->stream : cc_limit_at(7)->standard;
    return limits->bytes ? limits->bytes : cc_limit_at(0)->standard;
}

/* Reads up to the end, or one byte past what may be judged: then the judge says that it is too long. */
static bool read_whole(struct checking *c, FILE *file)
{
    size_t most = most_bytes(c) + 1;
    c->length = 0;
    for (;;) {
        if (c->length == c->room && !grow(c)) return false;
        size_t want = c->room - c->length, left = most - c->length;
        size_t got = fread(c->text + c->length, 1, want < left ? want : left, file);
        c->length += got;
        if (got == 0 || c->length >= most) return !ferror(file);
    }
}

/* The next line without its end; of one that is too long only as much as shows that. 1, 0 at the end, -1 when reading failed. */
static int read_line(struct checking *c, FILE *file)
{
    size_t most = most_bytes(c) + 1;
    int byte = 0;
    c->length = 0;
    while ((byte = getc_unlocked(file)) != EOF && byte != '\n') {
        if (c->length >= most) continue;
        if (c->length == c->room && !grow(c)) return -1;
        c->text[c->length++] = (char)byte;
    }
    if (ferror(file)) return -1;
    if (byte == EOF && c->length == 0) return 0;
    if (c->length && c->text[c->length - 1] == '\r') c->length--;
    return 1;
}

/* --- saying what was found */

static const char *part_name(enum cc_part part)
{
    static const char *const names[] = {"document", "request", "response", "event", "http"};
    return names[part];
}

static void print_text(const struct checking *c, const char *source, size_t line, const struct cc_report *report)
{
    static const char *const colours[] = {"", "\033[36m", "\033[33m", "\033[31m"};
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        printf("%s:%zu:%zu: %s%s%s: ", source, line ? line : f->line, f->column, c->colour ? colours[f->severity] : "",
               cc_severity_name(f->severity), c->colour ? "\033[0m" : "");
        escape_terminal(stdout, f->message);
        printf(" [%s]", f->rule->id);
        if (f->in == CC_IN_EVENT) printf(" in event %zu", f->event);
        else if (f->in != CC_IN_DOCUMENT) printf(" in %s", part_name(f->in));
        if (*f->pointer) {
            printf(" at ");
            escape_terminal(stdout, f->pointer);
        }
        putchar('\n');
    }
    if (report->dropped) printf("%s: %zu more findings are not listed\n", source, report->dropped);
}

static void print_json_finding(const struct cc_finding *f)
{
    printf("{\"rule\":\"%s\",\"level\":\"%s\",\"severity\":\"%s\",", f->rule->id, cc_level_name(f->rule->level), cc_severity_name(f->severity));
    if (f->in != CC_IN_DOCUMENT) printf("\"in\":\"%s\",", part_name(f->in));
    if (f->in == CC_IN_EVENT) printf("\"event\":%zu,", f->event);
    fputs("\"pointer\":", stdout);
    escape_json(stdout, f->pointer);
    printf(",\"offset\":%zu,\"line\":%zu,\"column\":%zu,\"message\":", f->offset, f->line, f->column);
    escape_json(stdout, f->message);
    putchar('}');
}

static void print_json(const char *source, size_t line, const struct cc_report *report)
{
    char name[4200];
    snprintf(name, sizeof name, line ? "%s:%zu" : "%s", source, line);
    fputs("{\"source\":", stdout);
    escape_json(stdout, name);
    printf(",\"kind\":\"%s\",\"valid\":%s,\"errors\":%zu,\"warnings\":%zu,\"findings\":[", cc_kind_name(report->kind),
           report->errors ? "false" : "true", report->errors, report->warnings);
    for (size_t i = 0; i < report->count; i++) {
        if (i) putchar(',');
        print_json_finding(&report->findings[i]);
    }
    printf("]%s}\n", report->dropped ? ",\"truncated\":true" : "");
}

/* --- judging */

static bool fails(const struct options *options, const struct cc_report *report)
{
    const char *on = options->fail_on ? options->fail_on : "must";
    if (strcmp(on, "never") == 0) return false;
    if (report->errors) return true;
    if (strcmp(on, "warning") == 0) return report->warnings > 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->severity != CC_NOTE && strcmp(on, "should") == 0 && f->rule->level == CC_SHOULD) return true;
        if (f->severity != CC_NOTE && strcmp(on, "portability") == 0 && (f->rule->level == CC_SHOULD || f->rule->level == CC_PORTABILITY)) return true;
    }
    return false;
}

static const struct cc_report *judge(struct checking *c)
{
    if (!c->request) return cc_check(c->checker, c->options->kind, c->text, c->length);
    struct cc_exchange exchange = {.request = c->request, .request_length = c->request_length, .response = c->text, .response_length = c->length};
    return cc_check_exchange(c->checker, &exchange);
}

static bool check_document(struct checking *c, const char *source, size_t line)
{
    const struct cc_report *report = judge(c);
    if (!report) return false;
    c->documents++;
    c->errors += report->errors;
    c->warnings += report->warnings;
    c->notes += report->notes;
    c->invalid += fails(c->options, report);
    if (c->options->format && strcmp(c->options->format, "json") == 0) print_json(source, line, report);
    else print_text(c, source, line, report);
    return true;
}

static bool check_lines(struct checking *c, const char *source, FILE *file)
{
    int more;
    for (size_t line = 1; (more = read_line(c, file)) > 0; line++)
        if (c->length && !check_document(c, source, line)) return false;
    return more == 0;
}

static int check_file(struct checking *c, const char *path, char *why, size_t size)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    if (!file) {
        snprintf(why, size, "%s cannot be opened: %s", path, strerror(errno));
        return EXIT_USAGE;
    }
    errno = 0;
    bool fine = c->options->jsonl ? check_lines(c, path, file) : read_whole(c, file) && check_document(c, path, 0);
    int error = ferror(file) ? errno : 0;
    if (!standard) fclose(file);
    if (fine) return EXIT_FINE;
    if (error) snprintf(why, size, "%s cannot be read: %s", path, strerror(error));
    else snprintf(why, size, "memory ran out while checking %s", path);
    return error ? EXIT_USAGE : EXIT_BROKEN;
}

static bool read_request(struct checking *c, const char *path, char *why, size_t size)
{
    FILE *file = fopen(path, "rb");
    if (!file || !read_whole(c, file)) {
        snprintf(why, size, "%s cannot be read: %s", path, strerror(errno));
        if (file) fclose(file);
        return false;
    }
    fclose(file);
    c->request = c->text;
    c->request_length = c->length;
    c->text = NULL;
    c->room = c->length = 0;
    return true;
}

static int check_all(struct checking *c, char *why, size_t size)
{
    static const char *const standard[] = {"-"};
    const struct texts *files = &c->options->arguments;
    const char *const *paths = files->count ? files->items : standard;
    if (c->options->request_file && !read_request(c, c->options->request_file, why, size)) return EXIT_USAGE;
    for (size_t i = 0; i < (files->count ? files->count : 1); i++) {
        int code = check_file(c, paths[i], why, size);
        if (code != EXIT_FINE) return code;
    }
    fflush(stdout);
    fprintf(stderr, "%zu document%s, %zu invalid: %zu error%s, %zu warning%s, %zu note%s\n", c->documents, c->documents == 1 ? "" : "s", c->invalid,
            c->errors, c->errors == 1 ? "" : "s", c->warnings, c->warnings == 1 ? "" : "s", c->notes, c->notes == 1 ? "" : "s");
    return c->invalid ? EXIT_FAILED : EXIT_FINE;
}

int command_check(struct options *options, char *why, size_t why_size)
{
    struct cc_options judging = {.profile = options->profile, .limits = options->limits};
    struct checking c = {.options = options, .checker = cc_checker_new(&judging), .colour = colour_wanted(options, stdout)};
    int code = EXIT_BROKEN;
    if (!c.checker) snprintf(why, why_size, "memory ran out");
    else code = check_all(&c, why, why_size);
    cc_checker_free(c.checker);
    free(c.text);
    free(c.request);
    return code;
}
