/* check.c: `chatconform check`: validate files offline, whole or line by line. */
#include "harness/base/limit.h"
#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/check/checking.h"
#include "harness/check/har.h"
#include "harness/check/lines.h"
#include "harness/command.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- reading */

bool checking_grow(struct checking *c)
{
    size_t room = c->room ? c->room * 2 : 65536;
    char *text = realloc(c->text, room);
    if (!text) return false;
    c->text = text;
    c->room = room;
    return true;
}

/* A stream may be longer than one document. */
static size_t most_bytes(const struct checking *c)
{
    const struct cc_limits *limits = &c->options->limits;
    enum cc_kind kind = c->options->kind;
    bool may_be_stream = kind == CC_STREAM || kind == CC_AUTO || kind == CC_EXCHANGE || c->request;
    size_t document = limit_in_force("bytes", limits->bytes), stream = limit_in_force("stream", limits->stream);
    return may_be_stream && stream > document ? stream : document;
}

/* Reads up to the end, or one byte past what may be judged: then the judge says that it is too long. */
static bool read_whole(struct checking *c, FILE *file)
{
    size_t most = most_bytes(c) + 1;
    c->length = 0;
    for (;;) {
        if (c->length == c->room && !checking_grow(c)) return false;
        size_t want = c->room - c->length, left = most - c->length;
        size_t got = fread(c->text + c->length, 1, want < left ? want : left, file);
        c->length += got;
        if (got == 0 || c->length >= most) return !ferror(file);
    }
}

/* --- saying what was found */

static size_t count_lines(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++) count += text[i] == '\n';
    return count;
}

struct judged checking_judged(const struct checking *c, const struct findings *found, size_t start)
{
    struct judged judged = {.found = found, .file = c->source, .entry = c->entry, .start = start, .above = count_lines(c->text, start)};
    if (!c->entry) judged.text = (struct extract){c->text + start, c->length - start, 0};
    if (!c->request) return judged;
    judged.request_file = c->options->request_file;
    judged.request = (struct extract){c->request, c->request_length, 0};
    return judged;
}

/* False when there is no report, as memory ran out. */
static bool tell(struct checking *c, const struct cc_report *report, size_t start, bool in_strings)
{
    struct findings found = {.kind = report ? report->kind : CC_AUTO};
    struct judged judged = checking_judged(c, &found, start);
    judged.in_strings = in_strings;
    bool fine = report && findings_add(&found, report, NULL) && page_open(&c->page, &c->teller) &&
                page_document(&c->page, &c->teller, &judged) && teller_give(&c->teller, &c->page);
    findings_clear(&found);
    return fine || why_no_memory(c->why, c->why_size);
}

/* --- judging */

/* What curl -i printed is an exchange: its status and headers are known. */
static const struct cc_report *judge_dump(struct checking *c, const struct dump *dump)
{
    struct cc_exchange exchange = {.request = c->request, .request_length = c->request_length, .status = dump->status,
                                   .response_headers = dump->headers, .response = c->text + dump->length,
                                   .response_length = c->length - dump->length};
    return cc_check_exchange(c->checker, &exchange);
}

static bool is_answer(enum cc_kind kind)
{
    return kind == CC_AUTO || kind == CC_RESPONSE || kind == CC_STREAM || kind == CC_ERROR_BODY || kind == CC_EXCHANGE;
}

static bool check_document(struct checking *c)
{
    struct dump dump;
    bool dumped = is_answer(c->options->kind) && c->length && dump_read(&dump, c->text, c->length, true) == DUMP_WHOLE;
    if (!dumped && !c->request) {
        const struct cc_report *report = cc_check(c->checker, c->options->kind, c->text, c->length);
        return tell(c, report, 0, report && report->kind == CC_EXCHANGE);
    }
    if (!dumped) dump = (struct dump){0};
    struct cc_exchange plain = {.request = c->request, .request_length = c->request_length, .response = c->text,
                                .response_length = c->length};
    bool fine = tell(c, dumped ? judge_dump(c, &dump) : cc_check_exchange(c->checker, &plain), dump.length, false);
    dump_clear(&dump);
    return fine;
}

/* --- archives */

static bool check_entry(void *context, size_t number, const struct cc_exchange *exchange)
{
    struct checking *c = context;
    c->entry = number;
    bool fine = tell(c, cc_check_exchange(c->checker, exchange), 0, false);
    c->entry = 0;
    return fine;
}

/* An archive is an object with nothing but "log". */
static bool may_be_archive(const char *text, size_t length)
{
    static const char begin[] = "{\"log\":";
    size_t known = 0;
    for (size_t i = 0; i < length && begin[known]; i++) {
        if (text[i] == begin[known]) known++;
        else if (!isspace((unsigned char)text[i])) return false;
    }
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
        why_not(c->why + used, c->why_size - used, "%s%s is an HTTP archive without a POST to /chat/completions", c->unreadable++ ? "; " : "",
                c->source);
    }
    return fine;
}

/* --- files */

static bool check_arriving(struct checking *c, FILE *file)
{
    bool document;
    return check_stream(c, file, &document) && (!document || check_document(c));
}

static bool check_whole(struct checking *c, FILE *file)
{
    if (c->options->kind == CC_STREAM) return check_arriving(c, file);
    if (!read_whole(c, file)) return false;
    struct json_object *har = read_archive(c);
    bool fine = har ? check_archive(c, har) : check_document(c);
    json_object_put(har);
    return fine;
}

static bool check_lines(struct checking *c, FILE *file)
{
    struct lines_input input = {.file = c->source, .descriptor = fileno(file), .most = most_bytes(c), .jobs = (size_t)c->options->threads,
                                .request = {c->request, c->request_length, 0}};
    return lines_check(&input, &c->teller, &errno);
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
    int error = ferror(file) || (!fine && errno) ? errno : 0;
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
    return c->request || checking_grow(c);
}

static void print_summary(const struct tally *t)
{
    if (t->documents == 0) {
        fputs("0 documents: there is nothing in the input, so nothing was checked\n", stderr);
        return;
    }
    fprintf(stderr, "%zu document%s, %zu invalid: %zu error%s, %zu warning%s, %zu note%s\n", t->documents, plural(t->documents), t->invalid,
            t->errors, plural(t->errors), t->warnings, plural(t->warnings), t->notes, plural(t->notes));
}

static int check_all(struct checking *c)
{
    static const char *const standard[] = {"-"};
    const struct texts *files = &c->options->arguments;
    const char *const *paths = files->count ? files->items : standard;
    if (c->options->request_file && !read_request(c, c->options->request_file)) return EXIT_USAGE;
    for (size_t i = 0; i < (files->count ? files->count : 1); i++)
        if (!check_file(c, paths[i])) return EXIT_BROKEN;
    teller_end(&c->teller, c->why);
    if (c->teller.tally.documents || !c->unreadable) print_summary(&c->teller.tally);
    return c->unreadable ? EXIT_USAGE : c->teller.tally.invalid ? EXIT_FAILED : EXIT_FINE;
}

int command_check(struct options *options, char *why, size_t why_size)
{
    struct checking c = {.options = options, .judging = {.profile = options->profile, .limits = options->limits}, .why = why,
                         .why_size = why_size};
    int code = EXIT_BROKEN;
    if (options->assemble) {
        if (options->jsonl || (options->kind != CC_AUTO && options->kind != CC_STREAM)) {
            why_not(why, why_size, "--assemble takes event streams");
            return EXIT_USAGE;
        }
        options->kind = CC_STREAM;
    }
    c.checker = cc_checker_new(&c.judging);
    if (!c.checker || !teller_begin(&c.teller, options, options->assemble ? stderr : stdout)) why_no_memory(why, why_size);
    else code = check_all(&c);
    cc_checker_free(c.checker);
    teller_clear(&c.teller);
    page_clear(&c.page);
    free(c.text);
    free(c.request);
    return code;
}
