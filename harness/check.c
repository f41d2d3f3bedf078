/* check.c: `chatconform check`: validate files offline, whole or line by line. */
#include "harness/command.h"
#include "harness/har.h"
#include "harness/why.h"
#include "reports/report.h"

#include <ctype.h>
#include <errno.h>
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
    size_t unreadable;     /* files */
    bool colour;
    const char *source;    /* the file at hand, as it was named */
    char *why;             /* what could not be read */
    size_t why_size;
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

static size_t limit_of(size_t set, const char *name)
{
    size_t i = 0;
    while (strcmp(cc_limit_at(i)->name, name) != 0) i++;
    return set ? set : cc_limit_at(i)->standard;
}

/* A stream may be longer than one document. */
static size_t most_bytes(const struct checking *c)
{
    const struct cc_limits *limits = &c->options->limits;
    enum cc_kind kind = c->options->kind;
    bool may_be_stream = kind == CC_STREAM || kind == CC_AUTO || kind == CC_EXCHANGE || c->request;
    size_t document = limit_of(limits->bytes, "bytes"), stream = limit_of(limits->stream, "stream");
    return may_be_stream && stream > document ? stream : document;
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

static void print_place(const struct checking *c, size_t line, const struct cc_finding *f)
{
    escape_terminal(stdout, c->source);
    printf(":%zu:%zu: ", line ? line : f->line, f->column);
}

static void print_text_finding(const struct checking *c, size_t line, const struct cc_finding *f)
{
    static const char *const colours[] = {[CC_NOTE] = "\033[36m", [CC_WARNING] = "\033[33m", [CC_ERROR] = "\033[31m"};
    print_place(c, line, f);
    printf("%s%s%s: ", c->colour ? colours[f->severity] : "", cc_severity_name(f->severity), c->colour ? "\033[0m" : "");
    escape_terminal(stdout, f->message);
    printf(" [%s]", f->rule->id);
    if (f->in == CC_IN_EVENT) printf(" in event %zu", f->event);
    else if (f->in != CC_IN_DOCUMENT) printf(" in %s", part_name(f->in));
    if (*f->pointer) {
        fputs(" at ", stdout);
        escape_terminal(stdout, f->pointer);
    }
    putchar('\n');
}

static void print_text(const struct checking *c, size_t line, const struct cc_report *report)
{
    for (size_t i = 0; i < report->count; i++) print_text_finding(c, line, &report->findings[i]);
    if (!report->dropped) return;
    escape_terminal(stdout, c->source);
    printf(": %zu more findings are not listed; --limit findings=N lists more\n", report->dropped);
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

/* `line` is 0 for a whole file; a line of one is FILE:LINE. */
static void print_json(const struct checking *c, size_t line, const struct cc_report *report)
{
    char *numbered = line ? why_text("%s:%zu", c->source, line) : NULL;
    fputs("{\"source\":", stdout);
    escape_json(stdout, numbered ? numbered : c->source);
    free(numbered);
    printf(",\"kind\":\"%s\",\"valid\":%s,\"errors\":%zu,\"warnings\":%zu,\"findings\":[", cc_kind_name(report->kind),
           report->errors ? "false" : "true", report->errors, report->warnings);
    for (size_t i = 0; i < report->count; i++) {
        if (i) putchar(',');
        print_json_finding(&report->findings[i]);
    }
    printf("]%s}\n", report->dropped ? ",\"truncated\":true" : "");
}

/* --- judging */

/* What is not listed may be of any level: then it counts as what fails. */
static bool fails(const struct options *options, const struct cc_report *report)
{
    const char *on = options->fail_on ? options->fail_on : "must";
    bool should = strcmp(on, "should") == 0, portability = strcmp(on, "portability") == 0;
    if (strcmp(on, "never") == 0) return false;
    if (report->errors || (strcmp(on, "warning") == 0 && report->warnings)) return true;
    if (!should && !portability) return false;
    if (report->dropped && report->warnings) return true;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->severity != CC_WARNING) continue;
        if (f->rule->level == CC_SHOULD || (portability && f->rule->level == CC_PORTABILITY)) return true;
    }
    return false;
}

/* False when there is no report, as memory ran out. */
static bool tell(struct checking *c, size_t line, const struct cc_report *report)
{
    if (!report) return why_no_memory(c->why, c->why_size);
    c->documents++;
    c->errors += report->errors;
    c->warnings += report->warnings;
    c->notes += report->notes;
    c->invalid += fails(c->options, report);
    if (c->options->format && strcmp(c->options->format, "json") == 0) print_json(c, line, report);
    else print_text(c, line, report);
    return true;
}

static bool check_document(struct checking *c, size_t line)
{
    struct cc_exchange exchange = {.request = c->request, .request_length = c->request_length, .response = c->text, .response_length = c->length};
    return tell(c, line, c->request ? cc_check_exchange(c->checker, &exchange) : cc_check(c->checker, c->options->kind, c->text, c->length));
}

/* --- archives */

static bool check_entry(void *context, size_t number, const struct cc_exchange *exchange)
{
    struct checking *c = context;
    const char *file = c->source;
    char *numbered = why_text("%s#%zu", file, number);
    if (!numbered) return why_no_memory(c->why, c->why_size);
    c->source = numbered;
    bool fine = tell(c, 0, cc_check_exchange(c->checker, exchange));
    c->source = file;
    free(numbered);
    return fine;
}

/* An archive is an object with nothing but "log". */
static bool may_be_archive(const char *text, size_t length)
{
    static const char begin[] = "{\"log\":";
    size_t known = 0;
    for (size_t i = 0; i < length && begin[known] && (text[i] == begin[known] || isspace((unsigned char)text[i])); i++) known += text[i] == begin[known];
    return !begin[known];
}

/* The document at hand, if it is an archive; else NULL. */
static struct json_object *read_archive(const struct checking *c)
{
    struct cc_limits limits = c->options->limits;
    if (c->request || (c->options->kind != CC_AUTO && c->options->kind != CC_EXCHANGE) || !may_be_archive(c->text, c->length)) return NULL;
    if (!limits.bytes) limits.bytes = most_bytes(c);
    return har_read(c->text, c->length, &limits);
}

static bool check_archive(struct checking *c, struct json_object *har)
{
    size_t count;
    bool fine = har_each(har, check_entry, c, &count);
    if (fine && count == 0) {
        size_t used = strlen(c->why);
        why_not(c->why + used, c->why_size - used, "%s%s is an HTTP archive without a POST to /chat/completions", c->unreadable++ ? "; " : "", c->source);
    }
    return fine;
}

/* --- files */

static bool check_whole(struct checking *c, FILE *file)
{
    if (!read_whole(c, file)) return false;
    struct json_object *har = read_archive(c);
    bool fine = har ? check_archive(c, har) : check_document(c, 0);
    json_object_put(har);
    return fine;
}

static bool check_lines(struct checking *c, FILE *file)
{
    int more;
    for (size_t line = 1; (more = read_line(c, file)) > 0; line++)
        if (c->length && !check_document(c, line)) return false;
    return more == 0;
}

/* A file that cannot be read is left out, and named at the end. */
static void leave_out(struct checking *c, const char *what, int error)
{
    size_t used = strlen(c->why);
    why_not(c->why + used, c->why_size - used, "%s%s %s: %s", c->unreadable++ ? "; " : "", c->source, what, strerror(error));
}

/* False when memory ran out. */
static bool check_file(struct checking *c, const char *path)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    c->source = path;
    if (!file) {
        leave_out(c, "cannot be opened", errno);
        return true;
    }
    errno = 0;
    bool fine = (c->options->jsonl ? check_lines : check_whole)(c, file);
    int error = ferror(file) ? errno : 0;
    if (!standard) fclose(file);
    if (fine) return true;
    if (!error) return why_no_memory(c->why, c->why_size);
    leave_out(c, "cannot be read", error);
    return true;
}

/* The bytes of --request become the checking's own. */
static bool read_request(struct checking *c, const char *path)
{
    FILE *file = fopen(path, "rb");
    bool fine = file && read_whole(c, file);
    if (!fine) why_not(c->why, c->why_size, "%s cannot be read: %s", path, strerror(errno));
    if (file) fclose(file);
    if (!fine) return false;
    c->request = c->text;
    c->request_length = c->length;
    c->text = NULL;
    c->room = c->length = 0;
    return c->request || grow(c);
}

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

static void print_summary(const struct checking *c)
{
    fflush(stdout);
    fprintf(stderr, "%zu document%s, %zu invalid: %zu error%s, %zu warning%s, %zu note%s\n", c->documents, plural(c->documents), c->invalid, c->errors,
            plural(c->errors), c->warnings, plural(c->warnings), c->notes, plural(c->notes));
}

static int check_all(struct checking *c)
{
    static const char *const standard[] = {"-"};
    const struct texts *files = &c->options->arguments;
    const char *const *paths = files->count ? files->items : standard;
    if (c->options->request_file && !read_request(c, c->options->request_file)) return EXIT_USAGE;
    for (size_t i = 0; i < (files->count ? files->count : 1); i++)
        if (!check_file(c, paths[i])) return EXIT_BROKEN;
    if (c->documents || !c->unreadable) print_summary(c);
    return c->unreadable ? EXIT_USAGE : c->invalid ? EXIT_FAILED : EXIT_FINE;
}

int command_check(struct options *options, char *why, size_t why_size)
{
    struct cc_options judging = {.profile = options->profile, .limits = options->limits};
    struct checking c = {.options = options, .checker = cc_checker_new(&judging), .colour = colour_wanted(options, stdout), .why = why,
                         .why_size = why_size};
    int code = EXIT_BROKEN;
    if (!c.checker) why_no_memory(why, why_size);
    else code = check_all(&c);
    cc_checker_free(c.checker);
    free(c.text);
    free(c.request);
    return code;
}
