/* result.c: see result.h. Everything in a run is owned by it, so clearing is one walk. */
#include "harness/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *case_state_name(enum case_state state)
{
    static const char *const names[CASE_STATE_COUNT] = {
        [CASE_PASS] = "pass",       [CASE_FAIL] = "fail",   [CASE_WARN] = "warn",   [CASE_SKIP] = "skip",   [CASE_UNSUPPORTED] = "unsupported",
        [CASE_BLOCKED] = "blocked", [CASE_FLAKY] = "flaky", [CASE_XFAIL] = "xfail", [CASE_XPASS] = "xpass", [CASE_ERROR] = "error",
    };
    return (unsigned)state < CASE_STATE_COUNT ? names[state] : "unknown";
}

const char *part_name(enum cc_part part)
{
    static const char *const names[] = {"document", "request", "response", "event", "http"};
    return (unsigned)part < sizeof names / sizeof *names ? names[part] : "document";
}

bool case_is_unjudged(const struct case_result *result) { return result->state == CASE_ERROR || result->state == CASE_BLOCKED; }

const char *figure_unit_name(enum figure_unit unit)
{
    static const char *const names[FIGURE_UNIT_COUNT] = {"count", "share", "ratio", "ms", "rate"};
    return (unsigned)unit < FIGURE_UNIT_COUNT ? names[unit] : "unknown";
}

size_t run_result_count(const struct run_result *run, enum case_state state)
{
    size_t count = 0;
    for (size_t i = 0; i < run->case_count; i++)
        count += run->cases[i].state == state;
    return count;
}

static bool same(const char *a, const char *b) { return strcmp(a ? a : "", b ? b : "") == 0; }

const char *run_difference(const struct run_result *a, const struct run_result *b)
{
    if (a->embedded != b->embedded || (!a->embedded && !same(a->target, b->target))) return "endpoint";
    if (!same(a->model, b->model)) return "model";
    if (!same(a->profile, b->profile)) return "profile";
    return a->shards != b->shards ? "number of shards" : NULL;
}

const char *capability_verdict_name(enum capability_verdict verdict)
{
    static const char *const names[CAPABILITY_VERDICT_COUNT] = {
        [CAPABILITY_UNKNOWN] = "not judged",        [CAPABILITY_SUPPORTED] = "supported",
        [CAPABILITY_HONEST] = "honest rejection",   [CAPABILITY_SILENT] = "silent ignore",
        [CAPABILITY_INCONSISTENT] = "inconsistent",
    };
    return (unsigned)verdict < CAPABILITY_VERDICT_COUNT ? names[verdict] : "not judged";
}

void rounds_interval(long passed, long rounds, double *low, double *high)
{
    const double z = 1.959963984540054; /* of the normal distribution: 2.5 % lie above */
    double n = (double)rounds, share = rounds > 0 ? (double)passed / n : 0;
    *low = 0;
    *high = 1;
    if (rounds <= 0) return;
    double centre = share + z * z / (2 * n), half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)), scale = 1 + z * z / n;
    if (passed > 0) *low = (centre - half) / scale;
    if (passed < rounds) *high = (centre + half) / scale;
}

void result_finding_clear(const struct result_finding *finding)
{
    free(finding->rule);
    free(finding->pointer);
    free(finding->message);
    free(finding->requirement);
    free(finding->source);
    free(finding->expected);
    free(finding->actual);
}

static void clear_exchange(struct result_exchange *exchange)
{
    free(exchange->purpose);
    free(exchange->method);
    free(exchange->url);
    free(exchange->request);
    free(exchange->whole);
    free(exchange->request_headers);
    free(exchange->response_headers);
    free(exchange->response);
    free(exchange->fault);
    free(exchange->why);
    free(exchange->curl);
}

void case_result_clear(struct case_result *result)
{
    free(result->suite);
    free(result->id);
    free(result->title);
    free(result->file);
    free(result->spec);
    free(result->header);
    free(result->reason);
    for (size_t i = 0; result->tags && result->tags[i]; i++)
        free(result->tags[i]);
    free(result->tags);
    for (size_t i = 0; i < result->finding_count; i++)
        result_finding_clear(&result->findings[i]);
    free(result->findings);
    for (size_t i = 0; i < result->exchange_count; i++)
        clear_exchange(&result->exchanges[i]);
    free(result->exchanges);
    free(result->failure);
    *result = (struct case_result){0};
}

void run_result_clear(struct run_result *run)
{
    for (size_t i = 0; i < run->case_count; i++)
        case_result_clear(&run->cases[i]);
    free(run->cases);
    for (size_t i = 0; i < run->figure_count; i++) {
        free(run->figures[i].group);
        free(run->figures[i].name);
    }
    free(run->figures);
    for (size_t i = 0; i < run->capability_count; i++) {
        free(run->capabilities[i].name);
        free(run->capabilities[i].evidence);
    }
    free(run->capabilities);
    free(run->version);
    free(run->profile);
    free(run->target);
    free(run->model);
    free(run->hostname);
    free(run->broken);
    free(run->verdict);
    memset(run, 0, sizeof *run);
}
