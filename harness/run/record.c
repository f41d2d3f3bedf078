/* record.c: reads a finished run back (record.h). A record may come from another machine and another time, so it is not believed: every
 * member has its type, every word is a known one, and members that are not known are passed over, as later versions may add some. */
#include "harness/run/record.h"

#include "harness/base/file.h"
#include "harness/base/jo.h"
#include "harness/base/why.h"

#include <json-c/json.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT_MOST = 1, VALUES_MOST = 8000000 };

/* One object of a record, and the first mistake in the file. */
struct reading {
    const char *file;
    size_t line;
    struct json_object *at;
    char *why;
    size_t why_size;
    bool failed;
};

static bool mistake(struct reading *r, const char *member, const char *what)
{
    if (!r->failed) why_not(r->why, r->why_size, "%s:%zu: %s%s%s", r->file, r->line, member, *member ? " " : "", what);
    r->failed = true;
    return false;
}

/* --- members */

static char *copy(struct reading *r, struct json_object *value)
{
    char *text = strdup(json_object_get_string(value));
    if (!text) mistake(r, "", "memory ran out");
    return text;
}

static char *text(struct reading *r, const char *name)
{
    struct json_object *value = jo_get(r->at, name);
    if (!value) return NULL;
    if (json_object_is_type(value, json_type_string)) return copy(r, value);
    mistake(r, name, "is no string");
    return NULL;
}

static char *needed_text(struct reading *r, const char *name)
{
    if (!jo_get(r->at, name)) mistake(r, name, "is missing");
    return text(r, name);
}

static long long number(struct reading *r, const char *name, long long least, long long most)
{
    struct json_object *value = jo_get(r->at, name);
    if (!value) return least > 0 ? least : 0;
    long long read = json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : LLONG_MIN;
    if (read >= least && read <= most) return read;
    mistake(r, name, "is no number, or not one that can be");
    return least;
}

static size_t count(struct reading *r, const char *name) { return (size_t)number(r, name, 0, LLONG_MAX); }
static long time_ms(struct reading *r, const char *name) { return (long)number(r, name, -1, LONG_MAX); }

/* The index of a word, as `name_of` says them from `first` to before `last`. */
static int word(struct reading *r, const char *name, const char *name_of(int index), int first, int last)
{
    struct json_object *value = jo_get(r->at, name);
    const char *said = json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
    for (int i = first; i < last; i++)
        if (strcmp(name_of(i), said) == 0) return i;
    mistake(r, name, "is no word that is known here");
    return first;
}

static const char *state_word(int index) { return case_state_name((enum case_state)index); }
static const char *level_word(int index) { return cc_level_name((enum cc_level)index); }
static const char *severity_word(int index) { return cc_severity_name((enum cc_severity)index); }
static const char *part_word(int index) { return part_name((enum cc_part)index); }

/* The members of `name`, an array; `*found` gets how many there are. NULL when there are none. */
static struct json_object *list(struct reading *r, const char *name, size_t *found)
{
    struct json_object *value = jo_get(r->at, name);
    *found = 0;
    if (value && !json_object_is_type(value, json_type_array)) mistake(r, name, "is no array");
    if (!value || r->failed) return NULL;
    *found = json_object_array_length(value);
    return value;
}

/* --- parts of a case */

static void read_finding(struct reading *r, struct result_finding *f)
{
    *f = (struct result_finding){.rule = needed_text(r, "rule"), .level = (enum cc_level)word(r, "level", level_word, CC_MUST, CC_HABIT + 1),
                                 .severity = (enum cc_severity)word(r, "severity", severity_word, CC_NOTE, CC_ERROR + 1),
                                 .in = (enum cc_part)word(r, "in", part_word, CC_IN_DOCUMENT, CC_IN_HTTP + 1), .exchange = count(r, "exchange"),
                                 .event = count(r, "event"),                                 .offset = count(r, "offset"), .pointer = text(r, "pointer"), .message = text(r, "message"),
                                 .requirement = text(r, "requirement"), .source = text(r, "source"), .expected = text(r, "expected"),
                                 .actual = text(r, "actual")};
}

static void read_timeline(struct reading *r, char timeline[TIMELINE_SLOTS + 1])
{
    struct json_object *value = jo_get(r->at, "timeline");
    const char *slots = json_object_is_type(value, json_type_string) ? json_object_get_string(value) : "";
    size_t length = strspn(slots, "0123456789");
    if (slots[length] || length > TIMELINE_SLOTS) mistake(r, "timeline", "is no line of at most 48 digits");
    else memcpy(timeline, slots, length + 1);
}

/* An answer that was no stream has no such member. */
static void read_stream(struct reading *r, struct result_stream *s)
{
    struct json_object *exchange = r->at, *stream = jo_get(r->at, "stream");
    if (!stream) return;
    if (!json_object_is_type(stream, json_type_object)) {
        mistake(r, "stream", "is no object");
        return;
    }
    r->at = stream;
    *s = (struct result_stream){.known = true, .events = count(r, "events"), .keep_alives = count(r, "keep_alives"), .stalls = count(r, "stalls"),
                                .first_event_ms = time_ms(r, "first_event_ms"), .largest_gap_ms = time_ms(r, "largest_gap_ms"),
                                .quiet_ms = time_ms(r, "quiet_ms"), .finish_to_close_ms = time_ms(r, "finish_to_close_ms"),
                                .at_once = json_object_get_boolean(jo_get(r->at, "at_once"))};
    read_timeline(r, s->timeline);
    r->at = exchange;
}

static void read_exchange(struct reading *r, struct result_exchange *x)
{
    *x = (struct result_exchange){.purpose = text(r, "purpose"), .method = text(r, "method"), .url = text(r, "url"), .request = text(r, "request"),
                                  .request_headers = text(r, "request_headers"), .status = (int)number(r, "status", 0, 999),
                                  .response_headers = text(r, "response_headers"), .response = text(r, "response"),
                                  .response_length = count(r, "response_length"), .first_byte_ms = time_ms(r, "first_byte_ms"),
                                  .total_ms = time_ms(r, "total_ms"), .fault = text(r, "fault"), .why = text(r, "why"), .curl = text(r, "curl")};
    read_stream(r, &x->stream);
}

static void read_tags(struct reading *r, struct case_result *c)
{
    size_t found;
    struct json_object *tags = list(r, "tags", &found);
    c->tags = calloc(found + 1, sizeof *c->tags);
    if (!c->tags) mistake(r, "", "memory ran out");
    for (size_t i = 0; i < found && !r->failed; i++) {
        struct json_object *tag = json_object_array_get_idx(tags, i);
        if (json_object_is_type(tag, json_type_string)) c->tags[i] = copy(r, tag);
        else mistake(r, "tags", "holds something that is no string");
    }
}

/* The next object of a list: r->at leads to it. */
static bool enter(struct reading *r, struct json_object *items, size_t index, const char *name)
{
    r->at = json_object_array_get_idx(items, index);
    return json_object_is_type(r->at, json_type_object) || mistake(r, name, "holds something that is no object");
}

static void read_findings(struct reading *r, struct case_result *c)
{
    struct json_object *outer = r->at;
    size_t found;
    struct json_object *items = list(r, "findings", &found);
    c->findings = found ? calloc(found, sizeof *c->findings) : NULL;
    if (found && !c->findings) mistake(r, "", "memory ran out");
    while (!r->failed && c->finding_count < found && enter(r, items, c->finding_count, "findings")) read_finding(r, &c->findings[c->finding_count++]);
    r->at = outer;
}

static void read_exchanges(struct reading *r, struct case_result *c)
{
    struct json_object *outer = r->at;
    size_t found;
    struct json_object *items = list(r, "exchanges", &found);
    c->exchanges = found ? calloc(found, sizeof *c->exchanges) : NULL;
    if (found && !c->exchanges) mistake(r, "", "memory ran out");
    while (!r->failed && c->exchange_count < found && enter(r, items, c->exchange_count, "exchanges"))
        read_exchange(r, &c->exchanges[c->exchange_count++]);
    r->at = outer;
}

static bool read_case(struct reading *r, struct run_result *run)
{
    struct case_result *all = realloc(run->cases, (run->case_count + 1) * sizeof *all);
    if (!all) return mistake(r, "", "memory ran out");
    run->cases = all;
    struct case_result *c = &all[run->case_count++];
    *c = (struct case_result){.suite = needed_text(r, "suite"), .id = needed_text(r, "id"), .title = text(r, "title"), .file = text(r, "file"),
                              .line = count(r, "line"), .level = (enum cc_level)word(r, "level", level_word, CC_MUST, CC_HABIT + 1),
                              .spec = text(r, "spec"), .state = (enum case_state)word(r, "state", state_word, CASE_PASS, CASE_STATE_COUNT),
                              .reason = text(r, "reason"), .assertions = count(r, "assertions"), .duration_ms = time_ms(r, "duration_ms"),
                              .rounds = (long)number(r, "rounds", 0, LONG_MAX), .passed = (long)number(r, "passed", 0, LONG_MAX),
                              .failure = text(r, "failure")};
    c->refusal = json_object_get_boolean(jo_get(r->at, "refusal"));
    read_tags(r, c);
    read_findings(r, c);
    read_exchanges(r, c);
    return !r->failed;
}

/* --- the run and its end */

static time_t read_started(struct reading *r)
{
    char *said = needed_text(r, "started");
    struct tm t = {0};
    int end = 0;
    if (said) sscanf(said, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &t.tm_year, &t.tm_mon, &t.tm_mday, &t.tm_hour, &t.tm_min, &t.tm_sec, &end);
    if (said && (end == 0 || said[end])) mistake(r, "started", "is no time");
    free(said);
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    return r->failed ? 0 : timegm(&t);
}

/* "2/3" */
static void read_shard(struct reading *r, struct run_result *run)
{
    char *said = text(r, "shard");
    int end = 0;
    if (said && (sscanf(said, "%5ld/%5ld%n", &run->shard, &run->shards, &end) != 2 || said[end] || run->shard < 1 || run->shard > run->shards))
        mistake(r, "shard", "is no part of a whole");
    free(said);
}

static const char *verdict_word(int index) { return capability_verdict_name((enum capability_verdict)index); }

static void read_capabilities(struct reading *r, struct run_result *run)
{
    struct json_object *outer = r->at;
    size_t found;
    struct json_object *items = list(r, "capabilities", &found);
    run->capabilities = found ? calloc(found, sizeof *run->capabilities) : NULL;
    if (found && !run->capabilities) mistake(r, "", "memory ran out");
    while (!r->failed && run->capability_count < found && enter(r, items, run->capability_count, "capabilities"))
        run->capabilities[run->capability_count++] = (struct capability_result){
            .name = needed_text(r, "name"), .verdict = (enum capability_verdict)word(r, "verdict", verdict_word, 0, CAPABILITY_VERDICT_COUNT),
            .tries = count(r, "tries"), .evidence = needed_text(r, "evidence")};
    r->at = outer;
}

static bool read_run(struct reading *r, struct run_result *run)
{
    struct json_object *embedded = jo_get(r->at, "embedded");
    number(r, "format", 1, FORMAT_MOST);
    if (r->failed) return false;
    run->version = needed_text(r, "version");
    run->profile = needed_text(r, "profile");
    run->target = needed_text(r, "target");
    run->model = needed_text(r, "model");
    run->hostname = text(r, "hostname");
    run->embedded = json_object_is_type(embedded, json_type_boolean) && json_object_get_boolean(embedded);
    run->seed = (unsigned long)number(r, "seed", 0, UINT_MAX);
    run->started = read_started(r);
    read_shard(r, run);
    read_capabilities(r, run);
    return !r->failed;
}

static const char *unit_word(int index) { return figure_unit_name((enum figure_unit)index); }

/* What was not measured is null. */
static double amount(struct reading *r, const char *name)
{
    struct json_object *value = jo_get(r->at, name);
    bool known = json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double);
    if (value && (!known || !(json_object_get_double(value) >= 0 && json_object_get_double(value) < 1e18))) mistake(r, name, "is no amount");
    return known ? json_object_get_double(value) : -1;
}

static void read_figures(struct reading *r, struct run_result *run)
{
    struct json_object *outer = r->at;
    size_t found;
    struct json_object *items = list(r, "figures", &found);
    run->figures = found ? calloc(found, sizeof *run->figures) : NULL;
    if (found && !run->figures) mistake(r, "", "memory ran out");
    while (!r->failed && run->figure_count < found && enter(r, items, run->figure_count, "figures"))
        run->figures[run->figure_count++] = (struct result_figure){
            .group = needed_text(r, "group"), .name = needed_text(r, "name"),
            .unit = (enum figure_unit)word(r, "unit", unit_word, FIGURE_COUNT, FIGURE_UNIT_COUNT), .value = amount(r, "value"),
            .of = jo_get(r->at, "of") ? amount(r, "of") : 0};
    r->at = outer;
}

static bool read_summary(struct reading *r, struct run_result *run)
{
    read_figures(r, run);
    run->requests = number(r, "requests", 0, LLONG_MAX);
    run->tokens = number(r, "tokens", 0, LLONG_MAX);
    run->not_run = count(r, "not_run");
    run->duration_ms = time_ms(r, "duration_ms");
    run->broken = text(r, "broken");
    run->exit_code = (int)number(r, "exit_code", 0, 255);
    run->verdict = needed_text(r, "verdict");
    if (!r->failed && count(r, "cases") != run->case_count) mistake(r, "cases", "is not how many cases there are: some lines are missing");
    return !r->failed;
}

/* --- lines, and one document */

static bool is_of_type(const struct reading *r, const char *type)
{
    struct json_object *said = jo_get(r->at, "type");
    return json_object_is_type(said, json_type_string) && strcmp(json_object_get_string(said), type) == 0;
}

enum part { THE_RUN, THE_CASES, THE_END };

static bool read_part(struct reading *r, struct run_result *run, enum part *part)
{
    if (*part == THE_RUN) {
        if (!is_of_type(r, "run")) return mistake(r, "", "it is no record of a run (as --report ndjson=FILE writes it)");
        *part = THE_CASES;
        return read_run(r, run);
    }
    if (*part == THE_CASES && is_of_type(r, "case")) return read_case(r, run);
    if (*part == THE_END || !is_of_type(r, "summary")) return mistake(r, "", "neither a case nor the summary");
    *part = THE_END;
    return read_summary(r, run);
}

/* False when it is no JSON object; then r->at is NULL. */
static bool parse(struct reading *r, const char *bytes, size_t length, char *why, size_t size)
{
    struct cc_limits limits = {0};
    cc_limits_set(&limits, "bytes", FILE_MOST);
    cc_limits_set(&limits, "values", VALUES_MOST);
    bool fine = cc_read_object(bytes, length, &limits, &r->at, why, size);
    if (fine && json_object_is_type(r->at, json_type_object)) return true;
    if (fine) why_not(why, size, "it is no object");
    json_object_put(r->at);
    r->at = NULL;
    return false;
}

static bool read_lines(struct reading *r, struct run_result *run, const char *bytes, size_t length)
{
    enum part part = THE_RUN;
    char why[512];
    for (size_t from = 0; from < length && !r->failed; r->line++) {
        const char *end = memchr(bytes + from, '\n', length - from);
        size_t size = end ? (size_t)(end - bytes) - from : length - from;
        struct json_object *object = NULL;
        if (!parse(r, bytes + from, size, why, sizeof why)) return mistake(r, "", why);
        object = r->at;
        read_part(r, run, &part);
        json_object_put(object);
        from += size + 1;
    }
    return !r->failed && (part == THE_END || mistake(r, "", "the record ends before its summary: the run was not finished"));
}

/* The other form: {run members, "cases": [...], "summary": {...}}. */
static bool read_document(struct reading *r, struct run_result *run)
{
    struct json_object *whole = r->at;
    size_t found;
    struct json_object *cases = list(r, "cases", &found), *summary = jo_get(r->at, "summary");
    enum part part = THE_RUN;
    if (!read_part(r, run, &part)) return false;
    for (size_t i = 0; i < found && !r->failed; i++)
        if (enter(r, cases, i, "cases")) read_part(r, run, &part);
    r->at = json_object_is_type(summary, json_type_object) ? summary : whole;
    return !r->failed && read_part(r, run, &part);
}

bool record_read(struct run_result *run, const char *file, char *why, size_t why_size)
{
    struct reading r = {.file = file, .line = 1, .why = why, .why_size = why_size};
    char inner[512];
    size_t length;
    char *bytes = file_read(file, &length, why, why_size);
    if (!bytes) return false;
    const char *end = memchr(bytes, '\n', length);
    bool lines = parse(&r, bytes, end ? (size_t)(end - bytes) : length, inner, sizeof inner) && !jo_get(r.at, "cases");
    json_object_put(r.at);
    if (lines) read_lines(&r, run, bytes, length);
    else if (!parse(&r, bytes, length, inner, sizeof inner)) mistake(&r, "", inner);
    else {
        struct json_object *whole = r.at;
        read_document(&r, run);
        json_object_put(whole);
    }
    free(bytes);
    return !r.failed;
}
