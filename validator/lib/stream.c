/* stream.c: judge an event stream while it arrives: the reader of events feeds, for each payload, the walk along the table of its object and
 * then the state rules. A stored stream goes through the same door. */
#include "validator/lib/stream.h"

#include "validator/lib/sequence.h"
#include "validator/lib/sse.h"
#include "validator/lib/steady.h"
#include "validator/lib/sum.h"
#include "validator/lib/told.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A stream that is being judged, whoever owns the judge. */
struct judging {
    struct judge *judge;
    struct sse sse;
    struct run run;
    struct told told;
    struct summing summing;
    struct steady steady;
    bool patient;            /* every event goes the long way, and every rule is asked (for tests) */
    struct document doc;
    uint64_t met;            /* the triggers that occurred in it */
    struct context outer;
    unsigned marks;          /* those of the request stay */
    size_t last_event;       /* number of the last event, for what is lacking after it */
    struct sse_place last_place; /* of its payload, for what its answer lacks */
    bool bare;               /* a payload came without a field name: what else is odd about its lines is no news */
    bool limited;            /* reading stopped at a limit: nobody knows the rest */
    cc_event_fn *on_event;
    void *on_event_context;
};

/* --- places */

static void set_place(struct judging *j, size_t event, struct sse_place place)
{
    struct context context = j->outer;
    context.in = CC_IN_EVENT;
    context.event = event;
    context.base = j->outer.base + place.offset;
    context.line = place.line;
    context.column = place.column;
    context.placed = true;
    judge_context(j->judge, &context);
}

/* A finding about the place of the context, in the words of its rule. */
static void find_here(struct judging *j, const char *id, const char *detail)
{
    char message[1024] = "";
    unsigned number = constraint_find(id);
    if (!number) return;
    finding_say(message, sizeof message, constraint_at(number), "the stream", nowhere(), detail);
    judge_find_text(j->judge, number, nowhere(), 0, message);
}

/* Findings from `from` on are about one thing that came: what was told before is not told again, and what is left speaks of the sum too. */
static void settle(struct judging *j, size_t from, size_t limit)
{
    told_sift(&j->told, j->judge, from);
    if (j->run.sequence) summing_note(&j->summing, j->judge, j->run.sequence, from, j->judge->report.count);
    told_close(j->judge, limit);
}

/* --- what the reader of events notices */

static const char *const notice_ids[] = {
    [SSE_UTF8] = "stream.sse.utf8",
    [SSE_BARE_PAYLOAD] = "stream.sse.data_prefix",
    [SSE_UNKNOWN_FIELD] = "stream.sse.field_names",
    [SSE_COMMENT] = "stream.sse.comments",
    [SSE_EVENT_FIELD] = "stream.sse.event_field",
    [SSE_ID_FIELD] = "stream.sse.id_retry_fields",
    [SSE_RETRY_FIELD] = "stream.sse.id_retry_fields",
    [SSE_LIMIT_LINE] = "json.limit.line",
    [SSE_LIMIT_EVENT] = "json.limit.event",
    [SSE_LIMIT_EVENTS] = "json.limit.events",
    [SSE_LIMIT_STREAM] = "json.limit.stream",
    [SSE_LIMIT_COMMENTS] = "json.limit.comments",
};

/* What was seen, fit to print. */
static void quote(char *out, size_t size, const char *text, size_t length)
{
    size_t shown = length < size - 8 ? length : size - 8, used = 0;
    out[used++] = '"';
    for (size_t i = 0; i < shown; i++) out[used++] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
    memcpy(out + used, length > shown ? "...\"" : "\"", length > shown ? 5 : 2);
}

/* A character of several bytes that a text ends within: whoever made the events cut bytes, not characters. */
static bool is_cut_character(const char *text, size_t length)
{
    size_t rests = 0, lead = length ? (unsigned char)*text : 0;
    if (lead < 0xC2 || lead > 0xF4) return false;
    while (1 + rests < length && (text[1 + rests] & 0xC0) == 0x80) rests++;
    return 1 + rests < length && text[1 + rests] == '"';
}

static void on_notice(void *context, const struct sse_notice *notice)
{
    struct judging *j = context;
    char detail[64] = "";
    size_t limit, from;
    if (notice->what == SSE_NO_MEMORY) {
        j->judge->failed = true;
        return;
    }
    if (notice->what == SSE_UNKNOWN_FIELD && j->bare) return;
    j->bare = j->bare || notice->what == SSE_BARE_PAYLOAD;
    j->limited = j->limited || notice->what >= SSE_LIMIT_LINE;
    if (notice->what == SSE_EVENT_FIELD || notice->what == SSE_UNKNOWN_FIELD) quote(detail, sizeof detail, notice->text, notice->length);
    if (notice->what == SSE_UTF8 && is_cut_character(notice->text, notice->length))
        snprintf(detail, sizeof detail, "a character is cut off at the end of a text");
    from = told_open(j->judge, &limit);
    set_place(j, notice->event, notice->place);
    find_here(j, notice_ids[notice->what], detail);
    settle(j, from, limit);
    if (notice->what != SSE_BARE_PAYLOAD) return;
    run_lose(&j->run);
    steady_forget(&j->steady); /* what is lost may change what is said of the end */
}

/* --- a payload */

static bool is_terminator(const struct judging *j, const struct sse_event *event)
{
    const char *terminator = j->run.sequence->terminator;
    return event->length == strlen(terminator) && memcmp(event->data, terminator, event->length) == 0;
}

/* Reads a text with the judge's limits; that memory ran out is no fault of the text. */
static bool read_text(struct judge *judge, struct document *doc, const char *text, size_t length)
{
    if (judge_read(judge, doc, text, length)) return true;
    judge->failed = judge->failed || doc->remarks[doc->remark_count - 1].what == JSON_NO_MEMORY;
    return false;
}

/* Each line is a payload of its own, but the empty lines between them are missing. */
static bool is_run_together(struct judging *j, const struct sse_event *event)
{
    if (event->lines < 2) return false;
    size_t first = event->pieces[1].at - 1;
    return read_text(j->judge, &j->doc, event->data, first) && j->doc.values[0].type == OBJ;
}

static void find_unreadable(struct judging *j, const struct sse_event *event)
{
    const struct read_remark *why = &j->doc.remarks[j->doc.remark_count - 1];
    char detail[200] = "";
    if (why->what != JSON_SYNTAX) {
        judge_remarks(j->judge, &j->doc, false);
        return;
    }
    if (j->run.sequence->meant_to_end(event->data, event->length)) return;
    if (why->detail) strncpy(detail, why->detail, sizeof detail - 1);
    set_place(j, event->number, sse_event_place(event, why->offset < event->length ? why->offset : event->length));
    bool run_together = is_run_together(j, event);
    find_here(j, run_together ? "stream.sse.line_endings" : "stream.sse.payload_json", run_together ? "" : detail);
}

static void walk(struct judging *j, const struct sse_event *event, struct view payload)
{
    const char *instead = NULL;
    enum cc_kind kind = j->run.sequence->kind_of(j->run.state, payload, &instead);
    judge_remarks(j->judge, &j->doc, true);
    if (event->lines > 1) find_here(j, "stream.sse.one_line_payload", "");
    if (instead) judge_find(j->judge, constraint_find(instead), payload, NULL, NULL);
    else if (kind != CC_AUTO) judge_value(j->judge, plan_of(kind), payload);
    j->met = kind == j->run.sequence->kind && !instead && !j->patient ? j->judge->seen : UINT64_MAX;
}

/* The event's document, walked; nothing when it is none. What is not UTF-8 was told as that. */
static struct view read_payload(struct judging *j, const struct sse_event *event)
{
    if (event->not_utf8 || j->run.over || is_terminator(j, event)) return nowhere();
    if (!read_text(j->judge, &j->doc, event->data, event->length)) {
        find_unreadable(j, event);
        return nowhere();
    }
    struct view payload = {&j->doc, 0};
    walk(j, event, payload);
    return payload;
}

/* Offsets were counted in the joined data; of data in several lines, each line has its own place. */
static void place_in_lines(struct judging *j, const struct sse_event *event, size_t from)
{
    size_t base = j->outer.base + event->pieces[0].place.offset;
    for (size_t i = from; event->lines > 1 && i < j->judge->report.count; i++) {
        struct cc_finding *finding = &j->judge->findings[i];
        size_t at = finding->offset - base;
        if (finding->offset < base || at > event->length) continue;
        struct sse_place place = sse_event_place(event, at);
        finding->offset = j->outer.base + place.offset;
        finding->line = place.line;
        finding->column = place.column;
    }
}

static struct event event_now(const struct sse_event *event, bool terminator)
{
    const struct sse_place *place = &event->pieces[0].place;
    return (struct event){.data = event->data, .length = event->length, .number = event->number, .offset = place->offset, .line = place->line,
                          .column = place->column, .terminator = terminator};
}

static void judge_event(struct judging *j, const struct sse_event *event)
{
    struct event now = event_now(event, is_terminator(j, event));
    j->judge->mark_count = j->marks;
    set_place(j, event->number, event->pieces[0].place);
    if (event->length == 0) {
        find_here(j, "stream.sse.empty_data", "");
        return;
    }
    j->met = UINT64_MAX; /* unless it is read, and walked */
    now.view = read_payload(j, event);
    now.met = j->met;
    set_place(j, event->number, event->pieces[0].place);
    run_event(&j->run, &now);
}

/* A stream that ends inside an event was cut, and that is told as the end. But when only the closing line is missing, all has come. */
static void judge_unclosed(struct judging *j, const struct sse_event *event)
{
    set_place(j, event->number, event->pieces[0].place);
    if (is_terminator(j, event) || j->run.over) {
        struct event now = event_now(event, true);
        find_here(j, "stream.sse.final_event_complete", "");
        if (!j->run.over) run_event(&j->run, &now);
    } else if (is_run_together(j, event)) {
        find_here(j, "stream.sse.line_endings", "");
        run_lose(&j->run);
    }
}

/* --- events that repeat one before but for their texts */

static bool is_repetition(struct judging *j, const struct sse_event *event)
{
    struct text texts[FLUIDS_MAX];
    bool plain = event->complete && event->lines == 1 && !event->not_utf8 && !j->run.over;
    const struct steady_event *known = plain ? steady_match(&j->steady, event->data, event->length, texts) : NULL;
    if (!known) return false;
    j->judge->report.asked += known->asked;
    struct event now = event_now(event, false);
    if (!j->run.sequence->again(j->run.state, &now, known->fluids, texts, known->count)) j->judge->failed = true;
    return true;
}

/* An event may stand for those like it when it brought no finding that was kept and nothing but text to the state. */
static void remember(struct judging *j, const struct sse_event *event, size_t asked, bool quiet)
{
    struct fluid fluids[FLUIDS_MAX];
    struct event now = {.view = {&j->doc, 0}, .data = event->data, .length = event->length};
    bool plain = event->complete && event->lines == 1 && !event->not_utf8 && !j->run.over && !j->patient && j->run.sequence->fluids;
    size_t count = plain && event->length && j->doc.count ? j->run.sequence->fluids(j->run.state, &now, fluids) : 0;
    if (count == 0) steady_forget(&j->steady);
    else if (quiet) steady_keep(&j->steady, event->data, event->length, fluids, count, asked);
}

static void judge_anew(struct judging *j, const struct sse_event *event)
{
    size_t limit, from = told_open(j->judge, &limit), asked = j->judge->report.asked, silent = j->run.silent;
    j->doc.count = 0;
    if (event->complete) {
        judge_event(j, event);
        place_in_lines(j, event, from);
    } else {
        judge_unclosed(j, event);
    }
    settle(j, from, limit);
    if (j->run.silent != silent) steady_forget(&j->steady); /* from now on fewer rules are asked */
    bool quiet = j->judge->report.count == from && !j->judge->report.dropped && j->run.silent == silent;
    remember(j, event, j->judge->report.asked - asked, quiet);
}

static bool on_event(void *context, const struct sse_event *event)
{
    struct judging *j = context;
    if (event->complete) {
        j->last_event = event->number;
        j->last_place = event->pieces[0].place;
    }
    if (!is_repetition(j, event)) judge_anew(j, event);
    if (event->complete && j->on_event) j->on_event(j->on_event_context, event->number, event->data, event->length);
    return !j->judge->failed;
}

/* --- the whole stream */

/* `j` is all zero. */
static bool judging_begin(struct judging *j, struct judge *judge, struct view request)
{
    const struct cc_limits *limits = &judge->limits;
    struct sse_limits sse_limits = {limits->line, limits->event, limits->events, limits->stream, limits->comments};
    struct sse_sink sink = {on_event, on_notice, j};
    j->judge = judge;
    j->outer = judge->context;
    j->marks = judge->mark_count;
    sse_start(&j->sse, &sse_limits, &sink);
    return run_begin(&j->run, &stream_sequence, judge, request);
}

/* The answer, when all of it came. Its findings come after those about the events, so that these go first. */
static void judge_sum(struct judging *j)
{
    size_t limit, from = told_open(j->judge, &limit);
    j->judge->mark_count = j->marks;
    set_place(j, j->last_event, j->last_place);
    summing_judge(&j->summing, j->judge, j->run.sequence, j->run.state, j->run.request, &j->told);
    told_sift(&j->told, j->judge, from);
    told_close(j->judge, limit);
}

static bool judging_end(struct judging *j, bool cut)
{
    size_t limit, from;
    if (cut || j->limited || j->judge->failed) return !j->judge->failed;
    if (!sse_end(&j->sse)) return false;
    j->judge->mark_count = j->marks;
    from = told_open(j->judge, &limit);
    set_place(j, j->last_event, sse_here(&j->sse));
    run_end(&j->run);
    settle(j, from, limit);
    if (!j->judge->failed) judge_sum(j);
    return !j->judge->failed;
}

static void judging_clear(struct judging *j)
{
    sse_clear(&j->sse);
    run_clear(&j->run);
    told_clear(&j->told);
    summing_clear(&j->summing);
    steady_clear(&j->steady);
    document_clear(&j->doc);
}

void judge_stream(struct judge *judge, struct view request, const char *bytes, size_t length, bool cut)
{
    struct judging j = {0};
    if (judging_begin(&j, judge, request)) {
        sse_feed(&j.sse, bytes, length);
        judging_end(&j, cut);
    }
    judge_context(judge, &j.outer);
    judge->mark_count = j.marks;
    judging_clear(&j);
}

/* --- the public door */

struct cc_stream {
    struct judge judge;
    struct judging judging;
    struct document request;
    char *request_text;
    bool ended;
};

static struct view read_request(struct cc_stream *stream, const char *request, size_t length)
{
    if (!request) return nowhere();
    stream->request_text = malloc(length + 1);
    if (!stream->request_text) {
        stream->judge.failed = true;
        return nowhere();
    }
    memcpy(stream->request_text, request, length);
    bool read = read_text(&stream->judge, &stream->request, stream->request_text, length);
    return read ? (struct view){&stream->request, 0} : nowhere();
}

struct cc_stream *cc_stream_new(const struct cc_options *options, const char *request, size_t request_length)
{
    if (!engine_ready()) return NULL;
    struct cc_stream *stream = calloc(1, sizeof *stream);
    if (!stream) return NULL;
    judge_options(&stream->judge, options);
    judge_start(&stream->judge, CC_STREAM);
    struct view asked = read_request(stream, request, request_length);
    if (!stream->judge.failed && judging_begin(&stream->judging, &stream->judge, asked)) return stream;
    cc_stream_free(stream);
    return NULL;
}

void cc_stream_free(struct cc_stream *stream)
{
    if (!stream) return;
    judging_clear(&stream->judging);
    judge_clear(&stream->judge);
    document_clear(&stream->request);
    free(stream->request_text);
    free(stream);
}

void cc_stream_on_event(struct cc_stream *stream, cc_event_fn *event, void *context)
{
    stream->judging.on_event = event;
    stream->judging.on_event_context = context;
}

bool cc_stream_feed(struct cc_stream *stream, const char *bytes, size_t length)
{
    return !stream->ended && sse_feed(&stream->judging.sse, bytes, length) && !stream->judge.failed;
}

bool cc_stream_end(struct cc_stream *stream, bool cut)
{
    if (stream->ended) return false;
    stream->ended = true;
    return judging_end(&stream->judging, cut) && !stream->judging.limited;
}

const struct cc_report *cc_stream_report(struct cc_stream *stream) { return judge_finish(&stream->judge); }

void stream_be_patient(struct cc_stream *stream) { stream->judging.patient = true; }

const void *stream_state(const struct cc_stream *stream) { return stream->judging.run.state; }
