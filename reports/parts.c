/* parts.c: see parts.h. The counting and grouping stand here once, so that two reports of one run cannot disagree. */
#include "reports/parts.h"

#include <stdlib.h>
#include <string.h>

enum outcome state_outcome(enum case_state state)
{
    switch (state) {
    case CASE_PASS:
    case CASE_FLAKY:
        return OUTCOME_PASS;
    case CASE_WARN:
        return OUTCOME_WARN;
    case CASE_FAIL:
    case CASE_XPASS:
        return OUTCOME_FAIL;
    case CASE_SKIP:
    case CASE_UNSUPPORTED:
    case CASE_XFAIL:
        return OUTCOME_SKIP;
    case CASE_ERROR:
    case CASE_BLOCKED:
    case CASE_STATE_COUNT:
        break;
    }
    return OUTCOME_ERROR;
}

const char *outcome_name(enum outcome outcome)
{
    static const char *const names[OUTCOME_COUNT] = {"pass", "warn", "fail", "error", "skip"};
    return names[outcome];
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

/* The suite of a case, made when it is new. Cases of one suite mostly stand together, so the last suite is asked first. */
static struct suite_part *find_suite(struct suite_list *list, const struct case_result *result)
{
    const char *name = or_empty(result->suite), *file = or_empty(result->file);
    for (size_t i = list->count; i-- > 0;)
        if (strcmp(list->suites[i].name, name) == 0 && strcmp(list->suites[i].file, file) == 0)
            return &list->suites[i];
    struct suite_part *grown = realloc(list->suites, (list->count + 1) * sizeof *grown);
    if (!grown)
        return NULL;
    list->suites = grown;
    list->suites[list->count] = (struct suite_part){.name = name, .file = file};
    return &list->suites[list->count++];
}

static bool count_case(struct suite_list *list, const struct case_result *result)
{
    struct suite_part *suite = find_suite(list, result);
    if (!suite)
        return false;
    suite->case_count++;
    suite->outcomes[state_outcome(result->state)]++;
    list->outcomes[state_outcome(result->state)]++;
    suite->duration_ms += result->duration_ms > 0 ? result->duration_ms : 0;
    return true;
}

/* Gives each suite its part of the room, and puts the cases there. */
static bool place_cases(struct suite_list *list, const struct run_result *run)
{
    size_t *filled = calloc(list->count + 1, sizeof *filled);
    if (!filled)
        return false;
    for (size_t i = 0, at = 0; i < list->count; at += list->suites[i++].case_count)
        list->suites[i].cases = list->room + at;
    bool fine = true;
    for (size_t i = 0; fine && i < run->case_count; i++) {
        struct suite_part *suite = find_suite(list, &run->cases[i]);
        if ((fine = suite != NULL))
            suite->cases[filled[suite - list->suites]++] = &run->cases[i];
    }
    free(filled);
    return fine;
}

bool suite_list_build(struct suite_list *list, const struct run_result *run)
{
    *list = (struct suite_list){.room = calloc(run->case_count + 1, sizeof(*list->room))};
    bool fine = list->room != NULL;
    for (size_t i = 0; fine && i < run->case_count; i++)
        fine = count_case(list, &run->cases[i]);
    fine = fine && place_cases(list, run);
    if (!fine)
        suite_list_clear(list);
    return fine;
}

void suite_list_clear(struct suite_list *list)
{
    free(list->suites);
    free(list->room);
    *list = (struct suite_list){0};
}

bool nothing_judged(const struct run_result *run)
{
    if (!run->broken)
        return run->case_count <= run->not_run;
    for (size_t i = 0; i < run->case_count; i++) {
        enum outcome outcome = state_outcome(run->cases[i].state);
        if (outcome == OUTCOME_PASS || outcome == OUTCOME_WARN || outcome == OUTCOME_FAIL)
            return false;
    }
    return true;
}

enum cc_severity case_severity(const struct case_result *result)
{
    enum cc_severity worst = 0;
    for (size_t i = 0; i < result->finding_count; i++)
        if (result->findings[i].severity > worst)
            worst = result->findings[i].severity;
    return worst;
}

const struct result_exchange *case_exchange(const struct case_result *result)
{
    for (size_t i = result->exchange_count; i-- > 0;)
        if (strncmp(or_empty(result->exchanges[i].purpose), "control", 7) != 0)
            return &result->exchanges[i];
    return result->exchange_count ? &result->exchanges[result->exchange_count - 1] : NULL;
}

static const struct result_finding *worst_finding(const struct case_result *result)
{
    enum cc_severity worst = case_severity(result);
    for (size_t i = 0; i < result->finding_count; i++)
        if (result->findings[i].severity == worst)
            return &result->findings[i];
    return NULL;
}

/* The id and the words for a case that no finding explains. */
static struct blame blame_state(const struct case_result *result)
{
    static const struct blame blames[CASE_STATE_COUNT] = {
        [CASE_PASS] = {"case.passed", "it passed", NULL},
        [CASE_FAIL] = {"case.failed", "it failed", NULL},
        [CASE_WARN] = {"case.warned", "it passed with warnings", NULL},
        [CASE_SKIP] = {"case.skipped", "it was not asked for", NULL},
        [CASE_UNSUPPORTED] = {"case.unsupported", "the target lacks a capability that the case requires", NULL},
        [CASE_BLOCKED] = {"case.blocked", "what the case depends on failed", NULL},
        [CASE_FLAKY] = {"case.flaky", "it passed after a failed attempt", NULL},
        [CASE_XFAIL] = {"baseline.expected", "it failed as the baseline expects", NULL},
        [CASE_XPASS] = {"baseline.stale", "the baseline expects a failure that is gone", NULL},
        [CASE_ERROR] = {"case.error", "it could not be judged", NULL},
    };
    return blames[(unsigned)result->state < CASE_STATE_COUNT ? result->state : CASE_ERROR];
}

struct blame case_blame(const struct case_result *result)
{
    struct blame blame = blame_state(result);
    if (result->reason && *result->reason)
        blame.message = result->reason;
    const struct result_finding *finding = worst_finding(result);
    bool found = result->state == CASE_FAIL || result->state == CASE_WARN || result->state == CASE_FLAKY;
    if (finding && found)
        return (struct blame){.rule = finding->rule && *finding->rule ? finding->rule : blame.rule,
                              .message = finding->message && *finding->message ? finding->message : blame.message, .finding = finding};
    const struct result_exchange *last = result->exchange_count ? &result->exchanges[result->exchange_count - 1] : NULL;
    if (result->state == CASE_ERROR && last && last->fault) {
        blame.rule = last->fault;
        if (!result->reason && last->why)
            blame.message = last->why;
    }
    return blame;
}

void write_case_id(FILE *out, const struct case_result *result, escape_fn *escape)
{
    escape(out, result->suite);
    putc('/', out);
    escape(out, result->id);
}

void write_seconds(FILE *out, long time_ms)
{
    long shown = time_ms > 0 ? time_ms : 0;
    fprintf(out, "%ld.%03ld", shown / 1000, shown % 1000);
}

void write_timestamp(FILE *out, time_t when)
{
    struct tm utc;
    if (!gmtime_r(&when, &utc) || utc.tm_year < 0 || utc.tm_year > 8099)
        utc = (struct tm){.tm_year = 70, .tm_mday = 1};
    fprintf(out, "%04d-%02d-%02dT%02d:%02d:%02d", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
}

size_t text_fit(const char *text, size_t most)
{
    size_t length = strnlen(text, most + 1);
    if (length <= most)
        return length;
    size_t cut = most;
    while (cut > 0 && most - cut < 4 && ((unsigned char)text[cut] & 0xC0) == 0x80)
        cut--;
    return cut > 0 && most - cut < 4 ? cut : most;
}

void write_excerpt(FILE *out, const char *text, size_t budget, size_t whole, escape_fn *escape)
{
    char piece[4097];
    size_t length = text ? strlen(text) : 0, shown = text ? text_fit(text, budget) : 0;
    for (size_t at = 0, size; at < shown; at += size) {
        size_t left = shown - at;
        size = left < sizeof piece ? left : text_fit(text + at, sizeof piece - 1);
        memcpy(piece, text + at, size);
        piece[size] = '\0';
        escape(out, piece);
    }
    if (shown < length)
        fprintf(out, " ... (%zu bytes in all)", whole ? whole : length);
}

const char *level_label(enum cc_level level)
{
    static const char *const labels[] = {"", "MUST", "SHOULD", "PORTABILITY", "DEPRECATED", "HABIT"};
    return (unsigned)level < sizeof labels / sizeof labels[0] ? labels[level] : "";
}

static void write_time(FILE *out, const char *label, long time_ms)
{
    if (time_ms < 0)
        return;
    fputs(label, out);
    write_seconds(out, time_ms);
    fputs(" s", out);
}

void write_stream_times(FILE *out, const struct result_stream *stream)
{
    if (!stream->known)
        return;
    fprintf(out, "stream of %zu event%s", stream->events, stream->events == 1 ? "" : "s");
    write_time(out, ": first after ", stream->first_event_ms);
    write_time(out, stream->at_once ? ", all at once, largest gap " : ", largest gap ", stream->largest_gap_ms);
    if (stream->stalls)
        fprintf(out, ", %zu stall%s", stream->stalls, stream->stalls == 1 ? "" : "s");
    if (stream->keep_alives)
        fprintf(out, ", %zu keep-alive%s", stream->keep_alives, stream->keep_alives == 1 ? "" : "s");
    write_time(out, ", open after the finish for ", stream->finish_to_close_ms);
}
