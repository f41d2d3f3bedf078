/* check_stream.c: `check --kind stream`: judge an event stream while it arrives, be it a file, a pipe from curl, or what curl -i printed.
 *
 * Findings are printed, and flushed, as soon as they are made. What only the whole stream tells, and the counts, come at its end. */
#include "harness/base/why.h"
#include "harness/check/checking.h"

#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PART = 64 * 1024 };

/* A stream on its way. */
struct arriving {
    struct checking *c;
    struct cc_stream *stream;
    struct dump dump;
    size_t above;            /* lines of the header block */
    size_t body;             /* where the stream begins, or goes on, in the text at hand */
    size_t fed;              /* bytes of the stream before that */
    char *first;             /* the first event, as an event stream; what a stream's HTTP is judged with */
    size_t first_length;
    const struct cc_report *around; /* of the request and the HTTP, once they were judged */
    struct shown *shown;     /* what was printed already */
    size_t shown_count, shown_room;
    size_t known;            /* findings in the report when it was looked at last */
    bool failed;
};

/* A finding, whichever report lists it. */
struct shown {
    const struct cc_rule *rule;
    size_t event, offset;
    char *pointer;
};

static bool is_around(const struct cc_finding *f) { return f->in == CC_IN_REQUEST || f->in == CC_IN_HTTP; }

/* --- the request, and the HTTP around the stream */

static void keep_first(void *context, size_t number, const char *data, size_t length)
{
    struct arriving *a = context;
    if (number > 0 || a->first) return;
    a->first = malloc(length + 10);
    if (!a->first) {
        a->failed = true;
        return;
    }
    memcpy(a->first, "data: ", 6);
    for (size_t i = 0; i < length; i++) a->first[6 + i] = data[i] == '\n' ? ' ' : data[i];
    memcpy(a->first + 6 + length, "\n\n", 3);
    a->first_length = length + 8;
}

/* What is at hand of the text are the bytes that came last. */
static struct judged judged_now(const struct arriving *a, const struct findings *found)
{
    struct judged judged = checking_judged(a->c, found, a->body);
    judged.start = a->dump.length;
    judged.above = a->above;
    judged.text.from = a->fed;
    return judged;
}

static bool judge_around(struct arriving *a)
{
    struct checking *c = a->c;
    bool http = a->dump.length > 0;
    struct cc_exchange exchange = {.request = c->request, .request_length = c->request_length, .response = a->first,
                                   .response_length = a->first_length, .status = a->dump.status, .response_headers = http ? a->dump.headers : NULL, .cut = true};
    if (a->around) return true;
    a->around = cc_check_exchange(c->checker, &exchange);
    if (!a->around || !page_open(&c->page, &c->teller)) return false;
    struct findings found = {.kind = CC_STREAM};
    struct judged judged = judged_now(a, &found);
    for (size_t i = 0; i < a->around->count; i++)
        if (is_around(&a->around->findings[i])) page_finding(&c->page, &c->teller, &judged, &a->around->findings[i]);
    return teller_give(&c->teller, &c->page);
}

/* --- what was found so far */

static bool was_shown(const struct arriving *a, const struct cc_finding *f)
{
    for (size_t i = 0; i < a->shown_count; i++) {
        const struct shown *s = &a->shown[i];
        if (s->rule == f->rule && s->event == f->event && s->offset == f->offset && strcmp(s->pointer, f->pointer) == 0) return true;
    }
    return false;
}

static bool note_shown(struct arriving *a, const struct cc_finding *f)
{
    if (a->shown_count == a->shown_room) {
        size_t room = a->shown_room ? a->shown_room * 2 : 64;
        struct shown *shown = realloc(a->shown, room * sizeof *shown);
        if (!shown) return false;
        a->shown = shown;
        a->shown_room = room;
    }
    char *pointer = strdup(f->pointer);
    if (pointer) a->shown[a->shown_count++] = (struct shown){f->rule, f->event, f->offset, pointer};
    return pointer != NULL;
}

/* A finding may take the place of others that it explains, so at the end each is looked at, however many there are. */
static bool show_news(struct arriving *a, bool ended)
{
    const struct cc_report *report = cc_stream_report(a->stream);
    bool news = report && (ended || report->count != a->known);
    struct findings found = {.kind = CC_STREAM};
    struct judged judged = judged_now(a, &found);
    bool fine = report && page_open(&a->c->page, &a->c->teller);
    if (report) a->known = report->count;
    for (size_t i = 0; fine && news && i < report->count; i++) {
        if (was_shown(a, &report->findings[i])) continue;
        page_finding(&a->c->page, &a->c->teller, &judged, &report->findings[i]);
        fine = note_shown(a, &report->findings[i]);
    }
    fine = fine && teller_give(&a->c->teller, &a->c->page);
    fflush(a->c->teller.out);
    return fine;
}

/* --- the bytes */

/* False when the stream takes no more: a limit, which is a finding, or memory. */
static bool feed(struct arriving *a, const char *bytes, size_t length)
{
    bool more = cc_stream_feed(a->stream, bytes, length);
    if (a->first && !judge_around(a)) a->failed = true;
    if (!a->failed && !show_news(a, false)) a->failed = true;
    return more && !a->failed;
}

/* What there is to read now; 0 at the end, -1 on trouble. */
static ssize_t read_some(struct checking *c, FILE *file)
{
    if (c->room - c->length < PART && !checking_grow(c)) return -1;
    ssize_t got = read(fileno(file), c->text + c->length, c->room - c->length);
    if (got > 0) c->length += (size_t)got;
    return got;
}

/* Reads up to the end of the header block, when there is one. False when reading failed; `*ended` when the file did. */
static bool read_dump(struct arriving *a, FILE *file, bool *ended)
{
    struct checking *c = a->c;
    enum dump_state state = DUMP_PARTIAL;
    c->length = 0;
    for (*ended = false; state == DUMP_PARTIAL && !*ended;) {
        ssize_t got = read_some(c, file);
        if (got < 0) return false;
        *ended = got == 0;
        state = c->length ? dump_read(&a->dump, c->text, c->length, *ended) : DUMP_PARTIAL;
    }
    return true;
}

static bool read_rest(struct checking *c, FILE *file)
{
    for (ssize_t got; (got = read_some(c, file)) != 0;)
        if (got < 0) return false;
    return true;
}

static bool feed_all(struct arriving *a, FILE *file, bool ended)
{
    struct checking *c = a->c;
    bool more = feed(a, c->text + a->dump.length, c->length - a->dump.length);
    while (more && !ended) {
        size_t known = c->length;
        c->length = 0;
        ssize_t got = read_some(c, file);
        if (got < 0) return false;
        ended = got == 0;
        if (ended) {
            c->length = known; /* they are still there to be shown */
            break;
        }
        a->fed += known - a->body;
        a->body = 0;
        more = feed(a, c->text, c->length);
    }
    cc_stream_end(a->stream, false);
    return !a->failed;
}

/* --- the end */

static bool print_answer(struct arriving *a)
{
    struct json_object *answer = cc_stream_answer(a->stream);
    int plain = JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
    if (answer) printf("%s\n", json_object_to_json_string_ext(answer, plain));
    json_object_put(answer);
    return true;
}

static bool sum_up(struct arriving *a)
{
    struct checking *c = a->c;
    struct findings found = {.kind = CC_STREAM};
    if (!judge_around(a) || !show_news(a, true)) return false;
    const struct cc_report *report = cc_stream_report(a->stream);
    struct judged judged = judged_now(a, &found);
    bool fine = report && findings_add(&found, a->around, is_around) && findings_add(&found, report, NULL) &&
                page_open(&c->page, &c->teller) && page_end_document(&c->page, &c->teller, &judged) && teller_give(&c->teller, &c->page);
    findings_clear(&found);
    return fine && (!c->options->assemble || print_answer(a));
}

static void clear(struct arriving *a)
{
    for (size_t i = 0; i < a->shown_count; i++) free(a->shown[i].pointer);
    free(a->shown);
    free(a->first);
    cc_stream_free(a->stream);
    dump_clear(&a->dump);
}

bool check_stream(struct checking *c, FILE *file, bool *document)
{
    struct arriving a = {.c = c};
    bool ended, fine = read_dump(&a, file, &ended);
    a.body = a.dump.length;
    a.above = fine ? checking_judged(c, NULL, a.body).above : 0;
    *document = fine && a.dump.length && !dump_is_stream(&a.dump);
    if (*document) fine = ended || read_rest(c, file);
    if (fine && !*document) {
        a.stream = cc_stream_new(&c->judging, c->request, c->request_length);
        if (a.stream) cc_stream_on_event(a.stream, keep_first, &a);
        fine = a.stream && feed_all(&a, file, ended) && sum_up(&a);
    }
    clear(&a);
    return fine;
}
