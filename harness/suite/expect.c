/* expect.c: judge an answer by what a case expects of it. */
#include "harness/suite/expect.h"

#include "harness/base/api.h"
#include "harness/base/jo.h"
#include "harness/base/pointer.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { SHOWN = 200 };

static const char no_json[] = "something else";

/* --- misses */

/* What is known of one that is about to be added; texts are copied. */
struct draft {
    char what[256];
    const char *pointer, *expected, *actual;
    bool about_body, undecided;
};

static void __attribute__((format(printf, 3, 4))) miss(struct expect_outcome *outcome, const struct draft *draft, const char *format, ...)
{
    char message[1000];
    struct expect_miss *grown = realloc(outcome->misses, (outcome->count + 1) * sizeof *grown);
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    if (!grown) {
        outcome->failed = true;
        return;
    }
    outcome->misses = grown;
    struct expect_miss *made = &grown[outcome->count++];
    *made = (struct expect_miss){.what = strdup(draft->what), .pointer = strdup(draft->pointer ? draft->pointer : ""),
                                 .message = strdup(message), .expected = strdup(draft->expected ? draft->expected : ""),
                                 .actual = draft->actual ? strdup(draft->actual) : NULL, .about_body = draft->about_body,
                                 .undecided = draft->undecided};
    if (!made->what || !made->pointer || !made->message || !made->expected || (draft->actual && !made->actual))
        outcome->failed = true;
}

void expect_outcome_clear(struct expect_outcome *outcome)
{
    for (size_t i = 0; i < outcome->count; i++) {
        free(outcome->misses[i].what);
        free(outcome->misses[i].pointer);
        free(outcome->misses[i].message);
        free(outcome->misses[i].expected);
        free(outcome->misses[i].actual);
    }
    free(outcome->misses);
    *outcome = (struct expect_outcome){0};
}

/* A value of the answer, as much of it as helps. */
static void show(struct expect_outcome *outcome, struct json_object *value, char out[SHOWN])
{
    size_t length = 0;
    const char *text = json_object_to_json_string_length(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
    char *shown = text ? redact_cut(outcome->redactor, text, length, SHOWN - sizeof "...") : NULL;
    if (!shown)
        outcome->failed = true;
    snprintf(out, SHOWN, "%s", shown ? shown : "?");
    free(shown);
}

/* Judges one value by its matcher. `name` is how people know it. */
static void judge_value(struct expect_outcome *outcome, struct draft *draft, const char *name, struct json_object *matcher, bool present,
                        struct json_object *value)
{
    struct match_note note;
    char actual[SHOWN] = "absent", expected[sizeof note.expected + sizeof note.inside + 2];
    outcome->asked++;
    enum verdict verdict = matcher_judge(matcher, present, value, &note);
    if (verdict == HOLDS)
        return;
    if (present)
        show(outcome, value, actual);
    snprintf(expected, sizeof expected, "%s%s%s", note.expected, *note.inside ? ": " : "", note.inside);
    draft->expected = expected;
    draft->actual = actual;
    draft->undecided = verdict == UNDECIDED;
    if (draft->undecided)
        miss(outcome, draft, "%s could not be judged: %s", name, note.why);
    else
        miss(outcome, draft, "%s is %s; expected %s", name, actual, expected);
}

/* --- status */

static bool status_is(struct json_object *wanted, int status)
{
    if (json_object_is_type(wanted, json_type_int))
        return json_object_get_int(wanted) == status;
    if (json_object_is_type(wanted, json_type_string))
        return json_object_get_string(wanted)[0] == '0' + status / 100;
    for (size_t i = 0; json_object_is_type(wanted, json_type_array) && i < json_object_array_length(wanted); i++)
        if (status_is(json_object_array_get_idx(wanted, i), status))
            return true;
    return false;
}

static void put_status(struct json_object *wanted, char *out, size_t size)
{
    size_t used = strlen(out), length = json_object_is_type(wanted, json_type_array) ? json_object_array_length(wanted) : 0;
    if (json_object_is_type(wanted, json_type_int) || json_object_is_type(wanted, json_type_string))
        snprintf(out + used, size - used, "%s", json_object_get_string(wanted));
    for (size_t i = 0; i < length; i++) {
        put_status(json_object_array_get_idx(wanted, i), out, size);
        used = strlen(out);
        snprintf(out + used, size - used, "%s", i + 1 == length ? "" : i + 2 == length ? " or " : ", ");
    }
}

/* True when the status is as wanted. Without a wish it must be 2xx. */
static bool judge_status(struct expect_outcome *outcome, struct json_object *wanted, const struct expect_answer *answer)
{
    char expected[SHOWN] = "", actual[16];
    struct draft draft = {.what = "expect.status", .expected = expected, .actual = actual};
    outcome->asked++;
    if (wanted ? status_is(wanted, answer->status) : answer->status / 100 == 2)
        return true;
    if (wanted)
        put_status(wanted, expected, sizeof expected);
    else
        snprintf(expected, sizeof expected, "2xx");
    snprintf(actual, sizeof actual, "%d", answer->status);
    miss(outcome, &draft, "the status is %s; expected %s", actual, expected);
    return false;
}

/* --- rejections */

/* messages[0].role, messages.[0].role and messages.0.role are the same place. */
static void plain_param(const char *param, char *out, size_t size)
{
    size_t used = 0;
    for (; *param && used + 1 < size; param++) {
        if (*param == ']')
            continue;
        char c = *param == '[' ? '.' : *param;
        if (c == '.' && (used == 0 || out[used - 1] == '.'))
            continue;
        out[used++] = c;
    }
    out[used] = '\0';
}

/* The error may be more precise than the case. */
static bool param_is(struct json_object *wanted, struct json_object *param)
{
    char want[512], have[512];
    if (!wanted || !param)
        return !wanted && !param;
    if (!json_object_is_type(wanted, json_type_string) || !json_object_is_type(param, json_type_string))
        return false;
    plain_param(json_object_get_string(wanted), want, sizeof want);
    plain_param(json_object_get_string(param), have, sizeof have);
    size_t length = strlen(want);
    return strncmp(want, have, length) == 0 && (have[length] == '\0' || have[length] == '.');
}

static bool word_is(struct json_object *wanted, struct json_object *word)
{
    return values_equal(wanted, word);
}

typedef bool same_fn(struct json_object *wanted, struct json_object *value);

/* One of several, or the one. */
static bool is_one_of(struct json_object *wanted, struct json_object *value, same_fn *same)
{
    if (!json_object_is_type(wanted, json_type_array))
        return same(wanted, value);
    for (size_t i = 0; i < json_object_array_length(wanted); i++)
        if (same(json_object_array_get_idx(wanted, i), value))
            return true;
    return false;
}

static void judge_error_member(struct expect_outcome *outcome, struct json_object *rejected, struct json_object *error, const char *key,
                               same_fn *same)
{
    struct json_object *wanted, *value = NULL;
    char expected[SHOWN], actual[SHOWN] = "absent", pointer[64];
    struct draft draft = {.pointer = pointer, .expected = expected, .actual = actual};
    if (!json_object_object_get_ex(rejected, key, &wanted))
        return;
    outcome->asked++;
    bool present = json_object_object_get_ex(error, key, &value);
    if (is_one_of(wanted, value, same))
        return;
    value_show(wanted, expected, sizeof expected);
    if (present)
        show(outcome, value, actual);
    snprintf(pointer, sizeof pointer, "/error/%s", key);
    snprintf(draft.what, sizeof draft.what, "expect.rejected.%s", key);
    miss(outcome, &draft, "error.%s is %s; expected %s", key, actual, expected);
}

/* Whether 400 or 422 is asked for by itself. A case that wants 401 is about the key, and one that wants 404 about the model, whatever else is
 * wrong with the body. */
static bool is_of_body(struct json_object *wanted)
{
    if (json_object_is_type(wanted, json_type_int)) return is_refusal_status(json_object_get_int(wanted));
    for (size_t i = 0; i < jo_length(wanted); i++)
        if (is_of_body(jo_item(wanted, i))) return true;
    return false;
}

static bool refusal_has_status(struct expect_outcome *outcome, struct json_object *rejected, const struct expect_answer *answer)
{
    struct json_object *wanted = NULL;
    char expected[SHOWN] = "", actual[16];
    struct draft draft = {.what = "expect.rejected.status", .expected = expected, .actual = actual};
    bool given = json_object_object_get_ex(rejected, "status", &wanted);
    outcome->asked++;
    draft.about_body = !given || is_of_body(wanted);
    if (given ? status_is(wanted, answer->status) : is_refusal_status(answer->status))
        return true;
    if (given)
        put_status(wanted, expected, sizeof expected);
    else
        snprintf(expected, sizeof expected, REFUSAL_STATUSES);
    snprintf(actual, sizeof actual, "%d", answer->status);
    if (answer->status / 100 == 2)
        miss(outcome, &draft, "the request was accepted with status %s; expected a rejection with %s", actual, expected);
    else
        miss(outcome, &draft, "the request was answered with status %s; expected a rejection with %s", actual, expected);
    return false;
}

/* A wrong status is the one finding: what else such an answer holds says nothing. */
static void judge_rejected(struct expect_outcome *outcome, struct json_object *rejected, const struct expect_answer *answer)
{
    struct json_object *error = NULL, *matcher, *message = NULL;
    struct draft draft = {.what = "expect.rejected", .pointer = "/error", .expected = "an object with the error", .actual = "absent"};
    if (!refusal_has_status(outcome, rejected, answer))
        return;
    outcome->asked++;
    if (!answer->is_json || !pointer_get(answer->body, "/error", &error) || !json_object_is_type(error, json_type_object)) {
        miss(outcome, &draft, "the rejection has no error object");
        return;
    }
    judge_error_member(outcome, rejected, error, "param", param_is);
    judge_error_member(outcome, rejected, error, "code", word_is);
    judge_error_member(outcome, rejected, error, "type", word_is);
    if (!json_object_object_get_ex(rejected, "message", &matcher))
        return;
    struct draft about = {.what = "expect.rejected.message", .pointer = "/error/message"};
    bool present = json_object_object_get_ex(error, "message", &message);
    judge_value(outcome, &about, "error.message", matcher, present, message);
}

/* --- members of the answer, headers, chunks, timing */

/* How much of the pointer leads nowhere already: what is below it is missing with it. */
static size_t missing_part(struct json_object *body, const char *pointer)
{
    char part[POINTER_STEP_MAX];
    struct json_object *value;
    size_t length = 0;
    do {
        length += 1 + strcspn(pointer + length + 1, "/");
        snprintf(part, sizeof part, "%.*s", (int)length, pointer);
    } while (pointer[length] && length < sizeof part - 1 && pointer_get(body, part, &value));
    return length;
}

/* Whether an earlier miss says already that the answer has nothing there. */
static bool is_missed(const struct expect_outcome *outcome, const struct expect_answer *answer, const char *pointer)
{
    size_t length = answer->is_json ? missing_part(answer->body, pointer) : 0;
    for (size_t i = 0; i < outcome->count; i++) {
        const struct expect_miss *miss = &outcome->misses[i];
        const char *actual = strncmp(miss->what, "expect./", 8) == 0 && miss->actual ? miss->actual : "";
        bool absent = strcmp(actual, answer->is_json ? "absent" : no_json) == 0;
        bool below = strncmp(miss->pointer, pointer, length) == 0 && (miss->pointer[length] == '/' || !miss->pointer[length]);
        if (absent && (below || !answer->is_json))
            return true;
    }
    return false;
}

static void judge_pointer(struct expect_outcome *outcome, const char *pointer, struct json_object *matcher, const struct expect_answer *answer)
{
    struct json_object *value = NULL;
    struct draft draft = {.pointer = pointer, .expected = "an answer in JSON", .actual = no_json};
    snprintf(draft.what, sizeof draft.what, "expect.%s", *pointer ? pointer : "answer");
    bool present = answer->is_json && pointer_get(answer->body, pointer, &value);
    if (!present && is_missed(outcome, answer, pointer)) {
        outcome->asked++;
    } else if (!answer->is_json) {
        outcome->asked++;
        miss(outcome, &draft, "the answer is not JSON, so there is no %s", *pointer ? pointer : "value in it");
    } else {
        judge_value(outcome, &draft, *pointer ? pointer : "the answer", matcher, present, value);
    }
}

static void judge_headers(struct expect_outcome *outcome, struct json_object *headers, const struct expect_answer *answer)
{
    json_object_object_foreach(headers, name, matcher) {
        const struct cc_header *header = answer->headers;
        char title[200], pointer[200] = "/response/headers/";
        struct draft draft = {.pointer = pointer};
        for (size_t i = 0, used = strlen(pointer); name[i] && used + 1 < sizeof pointer; i++, used++)
            pointer[used] = (char)tolower((unsigned char)name[i]);
        while (header && header->name && strcasecmp(header->name, name) != 0)
            header++;
        bool present = header && header->name;
        struct json_object *value = present ? json_object_new_string(header->value) : NULL;
        if (present && !value)
            outcome->failed = true;
        snprintf(draft.what, sizeof draft.what, "expect.headers.%s", name);
        snprintf(title, sizeof title, "the header %s", name);
        judge_value(outcome, &draft, title, matcher, present, value);
        json_object_put(value);
    }
}

/* Whether a chunk keeps all matchers; one that cannot be judged is noted. */
static enum verdict chunk_fits(struct json_object *where, struct json_object *chunk, struct match_note *note)
{
    enum verdict verdict = HOLDS;
    if (!where)
        return HOLDS;
    json_object_object_foreach(where, pointer, matcher) {
        struct json_object *value = NULL;
        if (verdict != HOLDS)
            continue;
        bool present = pointer_get(chunk, pointer, &value);
        verdict = matcher_judge(matcher, present, value, note);
    }
    return verdict;
}

/* In words: what a chunk has to have. Returns the pointer that was named last, "" when none was. */
static const char *describe_where(struct json_object *where, char *out, size_t size)
{
    const char *last = "";
    size_t used = 0;
    *out = '\0';
    if (!where)
        return last;
    json_object_object_foreach(where, pointer, matcher) {
        struct match_note note;
        matcher_judge(matcher, false, NULL, &note);
        if (used < size)
            used += (size_t)snprintf(out + used, size - used, "%s%s: %s", used ? ", " : "", pointer, note.expected);
        last = pointer;
    }
    return last;
}

/* Judges how many chunks there are; without a wish at least one. */
static void judge_chunk_count(struct expect_outcome *outcome, struct json_object *rule, size_t fitting, size_t all)
{
    struct json_object *where = NULL;
    char wanted[SHOWN * 2];
    struct json_object *matcher = NULL, *number = json_object_new_int64((int64_t)fitting);
    struct match_note note = {.expected = "at least 1"};
    json_object_object_get_ex(rule, "where", &where);
    struct draft draft = {.what = "expect.chunks", .pointer = describe_where(where, wanted, sizeof wanted), .expected = note.expected};
    char actual[64];
    enum verdict verdict = fitting > 0 ? HOLDS : FAILS;
    if (!number)
        outcome->failed = true;
    else if (json_object_object_get_ex(rule, "count", &matcher))
        verdict = matcher_judge(matcher, true, number, &note);
    json_object_put(number);
    if (verdict == HOLDS)
        return;
    snprintf(actual, sizeof actual, "%zu of %zu", fitting, all);
    draft.actual = actual;
    draft.undecided = verdict == UNDECIDED;
    if (draft.undecided)
        miss(outcome, &draft, "the chunks could not be counted: %s", note.why);
    else if (*wanted)
        miss(outcome, &draft, "%s chunks have [%s]; expected %s", actual, wanted, note.expected);
    else
        miss(outcome, &draft, "%zu chunks came; expected %s", all, note.expected);
}

static void judge_chunk_rule(struct expect_outcome *outcome, struct json_object *rule, const struct expect_answer *answer)
{
    struct json_object *where = NULL;
    struct match_note note = {.why = ""};
    struct draft draft = {.what = "expect.chunks", .pointer = "", .expected = "a stream", .actual = "no stream"};
    size_t all = answer->chunks ? json_object_array_length(answer->chunks) : 0, fitting = 0;
    outcome->asked++;
    if (!answer->chunks) {
        miss(outcome, &draft, "the answer is not a stream, so it has no chunks");
        return;
    }
    json_object_object_get_ex(rule, "where", &where);
    for (size_t i = 0; i < all; i++) {
        enum verdict verdict = chunk_fits(where, json_object_array_get_idx(answer->chunks, i), &note);
        if (verdict == UNDECIDED) {
            draft.undecided = true;
            draft.expected = note.expected;
            draft.actual = NULL;
            miss(outcome, &draft, "chunk %zu could not be judged: %s", i, note.why);
            return;
        }
        fitting += verdict == HOLDS;
    }
    judge_chunk_count(outcome, rule, fitting, all);
}

static void judge_chunks(struct expect_outcome *outcome, struct json_object *rules, const struct expect_answer *answer)
{
    for (size_t i = 0; i < json_object_array_length(rules); i++)
        judge_chunk_rule(outcome, json_object_array_get_idx(rules, i), answer);
}

static void judge_timing(struct expect_outcome *outcome, struct json_object *timing, const struct expect_answer *answer)
{
    const struct {
        const char *key, *name;
        long ms;
    } clocks[] = {{"first_event_ms", "the time to the first event", answer->first_event_ms},
                  {"max_gap_ms", "the longest gap between two events", answer->max_gap_ms},
                  {"total_ms", "the whole time", answer->total_ms}};
    for (size_t i = 0; i < sizeof clocks / sizeof *clocks; i++) {
        struct json_object *limit;
        char expected[64], actual[32] = "not measured";
        struct draft draft = {.pointer = "", .expected = expected, .actual = actual};
        if (!json_object_object_get_ex(timing, clocks[i].key, &limit))
            continue;
        outcome->asked++;
        if (clocks[i].ms >= 0 && clocks[i].ms <= json_object_get_int64(limit))
            continue;
        snprintf(expected, sizeof expected, "at most %lld ms", (long long)json_object_get_int64(limit));
        if (clocks[i].ms >= 0)
            snprintf(actual, sizeof actual, "%ld ms", clocks[i].ms);
        snprintf(draft.what, sizeof draft.what, "expect.timing.%s", clocks[i].key);
        miss(outcome, &draft, "%s is %s; expected %s", clocks[i].name, actual, expected);
    }
}

/* Everything else is asked only when the status is as it should be: an answer to something else would give a cascade. */
static void judge_rest(struct json_object *expect, const struct expect_answer *answer, struct expect_outcome *outcome)
{
    json_object_object_foreach(expect, key, value) {
        if (*key == '/' || !*key)
            judge_pointer(outcome, key, value, answer);
        else if (strcmp(key, "headers") == 0)
            judge_headers(outcome, value, answer);
        else if (strcmp(key, "chunks") == 0)
            judge_chunks(outcome, value, answer);
        else if (strcmp(key, "timing") == 0)
            judge_timing(outcome, value, answer);
    }
}

bool expect_judge(struct json_object *expect, const struct expect_answer *answer, struct expect_outcome *outcome)
{
    struct json_object *status = NULL, *rejected = NULL;
    *outcome = (struct expect_outcome){.redactor = answer->redactor};
    if (expect && json_object_object_get_ex(expect, "rejected", &rejected)) {
        judge_rejected(outcome, rejected, answer);
        if (outcome->count == 0)
            judge_rest(expect, answer, outcome);
        return !outcome->failed;
    }
    if (expect)
        json_object_object_get_ex(expect, "status", &status);
    if (judge_status(outcome, status, answer) && expect)
        judge_rest(expect, answer, outcome);
    return !outcome->failed;
}
