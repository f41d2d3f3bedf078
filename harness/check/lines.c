/* lines.c: see lines.h. A file is cut into batches of whole lines; the crew judges batches. What is read and not yet told is bounded by the
 * number of batches under way, not by the file. */
#include "harness/check/lines.h"

#include "harness/check/crew.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A batch is as much as one read gives, at most BATCH bytes unless a line is longer: what comes slowly through a pipe is judged at once. */
enum { BATCH = 128 * 1024, JOBS_USUAL_MAX = 8 };

struct batch {
    char *text;
    size_t room, length;      /* of whole lines */
    size_t line, start;       /* number and first byte in the file of the first of them */
    size_t dropped;           /* bytes of the first of them that were too many to keep */
    struct page page;
    struct findings found;
};

struct reading {
    const struct lines_input *input;
    struct teller *teller;
    struct cc_checker *checkers[CREW_WORKERS_MAX]; /* one for each worker */
    struct batch batches[CREW_PIECES_MAX];
    char *rest;               /* what was read after the last whole line */
    size_t rest_room, rest_length;
    size_t line, start;       /* where that is */
    bool ended;
    int error;
};

static bool make_room(char **text, size_t *room, size_t wanted)
{
    if (*room >= wanted) return true;
    char *more = realloc(*text, wanted);
    if (!more) return false;
    *text = more;
    *room = wanted;
    return true;
}

/* --- reading */

/* Appends what is there to be read. False when memory ran out or reading failed. */
static bool read_more(struct reading *r, struct batch *b)
{
    if (b->length + BATCH > b->room && !make_room(&b->text, &b->room, b->room + (b->room > BATCH ? b->room : BATCH))) return false;
    ssize_t got;
    do got = read(r->input->descriptor, b->text + b->length, BATCH);
    while (got < 0 && errno == EINTR);
    if (got < 0) r->error = errno;
    r->ended = got == 0;
    b->length += got > 0 ? (size_t)got : 0;
    return got >= 0;
}

/* Where the last line end is among the bytes from `from` on, one past it; 0 when there is none. */
static size_t last_end(const struct batch *b, size_t from)
{
    for (size_t at = b->length; at > from; at--)
        if (b->text[at - 1] == '\n') return at;
    return 0;
}

/* Reads up to the end of at least one line, and keeps no more than `most` bytes of one that is too long. */
static bool read_lines(struct reading *r, struct batch *b, size_t *end)
{
    size_t most = r->input->most + 1;
    *end = last_end(b, 0);
    while (!*end && !r->ended) {
        size_t known = b->length;
        if (known > most) {
            b->dropped += known - most;
            known = b->length = most;
        }
        if (!read_more(r, b)) return false;
        *end = last_end(b, known);
    }
    if (!*end) *end = b->length;
    return true;
}

static bool keep_rest(struct reading *r, struct batch *b, size_t end)
{
    size_t length = b->length - end;
    if (!make_room(&r->rest, &r->rest_room, length)) return false;
    if (length) memcpy(r->rest, b->text + end, length);
    r->rest_length = length;
    b->length = end;
    return true;
}

static size_t count_lines(const struct batch *b)
{
    size_t count = 0;
    const char *end = b->text + b->length;
    for (const char *at = b->text; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++) count++;
    return count;
}

static enum crew_taken take(void *context, void *piece)
{
    struct reading *r = context;
    struct batch *b = piece;
    size_t end;
    b->line = r->line;
    b->start = r->start;
    b->length = b->dropped = 0;
    if (!make_room(&b->text, &b->room, r->rest_length)) return CREW_FAILED;
    if (r->rest_length) memcpy(b->text, r->rest, r->rest_length);
    b->length = r->rest_length;
    if (!read_lines(r, b, &end) || !keep_rest(r, b, end)) return CREW_FAILED;
    r->line += count_lines(b);
    r->start += b->length + b->dropped;
    return b->length ? CREW_PIECE : CREW_END;
}

/* --- judging */

static const struct cc_report *judge(const struct reading *r, struct cc_checker *checker, const char *text, size_t length)
{
    const struct extract *request = &r->input->request;
    struct cc_exchange exchange = {.request = request->bytes, .request_length = request->length, .response = text,
                                   .response_length = length};
    return request->bytes ? cc_check_exchange(checker, &exchange) : cc_check(checker, r->teller->options->kind, text, length);
}

static bool judge_line(const struct reading *r, size_t worker, struct batch *b, size_t at, size_t length, size_t line)
{
    const struct cc_report *report = judge(r, r->checkers[worker], b->text + at, length);
    bool asked = r->input->request.bytes != NULL;
    size_t start = b->start + at + (line > b->line ? b->dropped : 0);
    struct judged judged = {.found = &b->found, .file = r->input->file, .line = line, .start = start,
                            .in_strings = !asked && report && report->kind == CC_EXCHANGE, .text = {b->text + at, length, 0},
                            .request_file = asked ? r->teller->options->request_file : NULL, .request = r->input->request};
    if (!report) return false;
    findings_reset(&b->found, report->kind);
    return findings_add(&b->found, report, NULL) && page_document(&b->page, r->teller, &judged);
}

static bool work(void *context, size_t worker, void *piece)
{
    struct reading *r = context;
    struct batch *b = piece;
    size_t line = b->line;
    if (!page_open(&b->page, r->teller)) return false;
    for (size_t at = 0, next; at < b->length; at = next, line++) {
        const char *end = memchr(b->text + at, '\n', b->length - at);
        size_t length = end ? (size_t)(end - b->text) - at : b->length - at;
        next = at + length + 1;
        if (length && b->text[at + length - 1] == '\r') length--;
        if (length && !judge_line(r, worker, b, at, length, line)) return false;
    }
    return true;
}

/* Long lines are rare: their room is not kept. */
static bool give(void *context, void *piece)
{
    struct reading *r = context;
    struct batch *b = piece;
    bool fine = teller_give(r->teller, &b->page);
    fflush(r->teller->out);
    if (b->room <= 4 * BATCH) return fine;
    free(b->text);
    b->text = NULL;
    b->room = 0;
    return fine;
}

/* --- the crew */

static size_t worker_count(size_t jobs)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (jobs) return jobs < CREW_WORKERS_MAX ? jobs : CREW_WORKERS_MAX;
    return processors < 1 ? 1 : processors < JOBS_USUAL_MAX ? (size_t)processors : JOBS_USUAL_MAX;
}

static bool check_with(struct reading *r, size_t workers)
{
    const struct options *options = r->teller->options;
    struct cc_options judging = {.profile = options->profile, .limits = options->limits};
    struct crew crew = {.workers = workers, .pieces = (char *)r->batches, .size = sizeof r->batches[0], .count = 2 * workers, .context = r,
                        .take = take, .work = work, .give = give};
    for (size_t i = 0; i < workers; i++)
        if (!(r->checkers[i] = cc_checker_new(&judging))) return false;
    return crew_run(&crew);
}

static void clear(struct reading *r)
{
    for (size_t i = 0; i < CREW_WORKERS_MAX; i++) cc_checker_free(r->checkers[i]);
    for (size_t i = 0; i < CREW_PIECES_MAX; i++) {
        page_clear(&r->batches[i].page);
        findings_clear(&r->batches[i].found);
        free(r->batches[i].text);
    }
    free(r->rest);
}

bool lines_check(const struct lines_input *input, struct teller *teller, int *error)
{
    struct reading *r = calloc(1, sizeof *r);
    *error = 0;
    if (!r) return false;
    *r = (struct reading){.input = input, .teller = teller, .line = 1};
    bool fine = check_with(r, worker_count(input->jobs));
    *error = r->error;
    clear(r);
    free(r);
    return fine;
}
