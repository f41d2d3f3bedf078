/* probe_judge.c: see probe_judge.h. Precision first: what could be a model's whim, or what the server refuses for another reason, says
 * nothing about a capability. */
#include "harness/probe/probe_judge.h"

#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/probe/probe_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 160, VALUE_SHOWN = 48 };

/* --- one try */

/* Which step the last request belonged to ("step 2, attempt 3"): a case ends with the first step that does not go well. */
static size_t last_step(const struct case_result *result)
{
    size_t step = 0;
    const char *purpose = result->exchange_count ? result->exchanges[result->exchange_count - 1].purpose : NULL;
    return purpose && sscanf(purpose, "step %zu", &step) == 1 ? step : 0;
}

static bool is_trouble(int status)
{
    return status == 0 || status == 401 || status == 403 || status == 408 || status == 429 || (status >= 500 && status != 501);
}

static bool may_refuse(int status) { return status == 400 || status == 404 || status == 405 || status == 422 || status == 501; }

/* What was expected and what came, in short: the value may be a whole answer. */
static void tell_finding(const struct case_result *result, char *out, size_t size)
{
    const struct result_finding *finding = result->finding_count ? &result->findings[0] : NULL;
    const char *message = finding ? finding->message : result->reason;
    bool of_answer = finding && strncmp(finding->rule, "expect./", 8) == 0;
    if (of_answer && finding->actual && finding->expected)
        snprintf(out, size, "%s is %.*s%s; expected %s", finding->rule + strlen("expect."), (int)text_cut(finding->actual, VALUE_SHOWN),
                 finding->actual, strlen(finding->actual) > VALUE_SHOWN ? "..." : "", finding->expected);
    else snprintf(out, size, "%s", message ? message : "");
}

static struct probe_try say(struct probe_try try, enum try_verdict verdict, const char *before, const char *text)
{
    try.verdict = verdict;
    try.evidence = why_text("%s%.*s%s", before, (int)text_cut(text, SHOWN), text, strlen(text) > SHOWN ? "..." : "");
    return try;
}

static struct probe_try judge_refusal(struct probe_try try, const struct result_exchange *exchange, bool wrong_value)
{
    char before[64], message[512];
    bool names_it = probe_refusal_is_about(exchange, message, sizeof message);
    snprintf(before, sizeof before, "answered %d: ", exchange->status);
    if (is_trouble(exchange->status)) return say(try, TRY_TROUBLE, before, message);
    if (!may_refuse(exchange->status) || !names_it) {
        snprintf(before, sizeof before, "refused with %d for something else: ", exchange->status);
        return say(try, TRY_PROVES_NOTHING, before, message);
    }
    if (wrong_value) return say(try, TRY_SUPPORTED, "", try.result->title ? try.result->title : "");
    snprintf(before, sizeof before, "refused with %d: ", exchange->status);
    return say(try, TRY_HONEST, before, message);
}

/* It was accepted, and something that was expected is not there. */
static struct probe_try judge_miss(struct probe_try try, const struct result_exchange *exchange, bool at_end, bool wrong_value)
{
    static const char taken[] = "what has to be refused is accepted too, so nothing shows that it is looked at";
    char message[512];
    tell_finding(try.result, message, sizeof message);
    if (probe_tells_error(exchange)) return say(try, TRY_PROVES_NOTHING, "an error came with the status of an answer: ", message);
    if (!at_end) return say(try, TRY_PROVES_NOTHING, "without it the answer is no other: ", message);
    if (wrong_value) return say(try, TRY_PROVES_NOTHING, taken, "");
    if (try.test->nondeterministic) return say(try, TRY_PROVES_NOTHING, "nothing shows it: ", message);
    return say(try, TRY_SILENT, "", message);
}

static struct probe_try judge_failure(struct probe_try try)
{
    const struct case_result *result = try.result;
    if (!result->exchange_count) return say(try, TRY_PROVES_NOTHING, "", result->reason ? result->reason : "");
    const struct result_exchange *exchange = &result->exchanges[result->exchange_count - 1];
    bool at_end = last_step(result) == try.test->step_count, wrong_value = at_end && try.test->steps[try.test->step_count - 1].invalid;
    if (exchange->fault) return say(try, TRY_TROUBLE, "", exchange->why ? exchange->why : exchange->fault);
    /* A last step without a body looks for what should be there by now. */
    bool looks_back = at_end && try.test->step_count > 1 && !exchange->request && may_refuse(exchange->status);
    if ((exchange->status >= 400 && !looks_back) || exchange->status == 0) return judge_refusal(try, exchange, wrong_value);
    return judge_miss(try, exchange, at_end, wrong_value);
}

static bool was_streamed(const struct case_result *result)
{
    return result->exchange_count && probe_asks_stream(&result->exchanges[result->exchange_count - 1]);
}

struct probe_try probe_judge(const struct suite_case *test, const struct case_result *result)
{
    struct probe_try try = {.test = test, .result = result, .streamed = was_streamed(result)};
    switch (result->state) {
    case CASE_PASS:
    case CASE_WARN:
    case CASE_FLAKY: return say(try, TRY_SUPPORTED, "", result->title ? result->title : "");
    case CASE_SKIP:
    case CASE_UNSUPPORTED: return say(try, TRY_LEFT_OUT, "", result->reason ? result->reason : "");
    default: return judge_failure(try);
    }
}

/* --- all tries */

/* What the tries come to. */
struct tally {
    size_t counts[TRY_VERDICT_COUNT];
    const struct probe_try *first[TRY_VERDICT_COUNT];
    size_t judged;
    bool unstreamed; /* some were left out for being streams */
};

static struct tally tally_of(struct probe_try *tries, size_t count, bool plain_only)
{
    struct tally tally = {0};
    for (size_t i = 0; i < count; i++) {
        bool streamed = plain_only && tries[i].streamed;
        tally.unstreamed |= streamed;
        if (streamed) tries[i].verdict = TRY_LEFT_OUT;
        enum try_verdict verdict = tries[i].verdict;
        if (!tally.counts[verdict]++) tally.first[verdict] = &tries[i];
    }
    tally.judged = tally.counts[TRY_SUPPORTED] + tally.counts[TRY_HONEST] + tally.counts[TRY_SILENT];
    return tally;
}

static const char *text_of(const struct probe_try *try) { return try && try->evidence ? try->evidence : ""; }

/* Two ids are of one case when they differ in what its matrix adds. */
static bool same_case(const struct suite_case *a, const struct suite_case *b)
{
    size_t length = strcspn(a->id, "/");
    return length == strcspn(b->id, "/") && strncmp(a->id, b->id, length) == 0;
}

/* "named, none": which cases say so, each once. */
static void list_cases(FILE *out, const struct probe_try *tries, size_t count, enum try_verdict verdict)
{
    bool any = false;
    for (size_t i = 0; i < count; i++) {
        bool told = tries[i].verdict != verdict;
        for (size_t k = 0; k < i && !told; k++) told = tries[k].verdict == verdict && same_case(tries[k].test, tries[i].test);
        if (told) continue;
        fprintf(out, "%s%.*s", any ? ", " : "", (int)strcspn(tries[i].test->id, "/"), tries[i].test->id);
        any = true;
    }
}

/* That it is only so with a stream, or only without, is what people want to know first. */
static const char *tell_streams(const struct probe_try *tries, size_t count, enum try_verdict verdict)
{
    size_t streamed = 0, plain = 0, others = 0;
    for (size_t i = 0; i < count; i++) {
        if (tries[i].verdict == verdict) *(tries[i].streamed ? &streamed : &plain) += 1;
        else others += tries[i].streamed;
    }
    return streamed && !plain ? ", only in streams" : plain && !streamed && others ? ", only without a stream" : "";
}

static char *tell_differences(const struct probe_try *tries, size_t count, const struct tally *tally)
{
    static const enum try_verdict verdicts[] = {TRY_SILENT, TRY_HONEST, TRY_SUPPORTED}; /* what is wrong comes first */
    static const enum capability_verdict names[] = {CAPABILITY_SILENT, CAPABILITY_HONEST, CAPABILITY_SUPPORTED};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    if (!out) return NULL;
    for (size_t i = 0; i < 3; i++) {
        const struct probe_try *first = tally->first[verdicts[i]];
        if (!first) continue;
        fprintf(out, "%s%zu of %zu %s (", ftell(out) > 0 ? "; " : "", tally->counts[verdicts[i]], tally->judged,
                capability_verdict_name(names[i]));
        list_cases(out, tries, count, verdicts[i]);
        fprintf(out, "%s)", tell_streams(tries, count, verdicts[i]));
        if (verdicts[i] != TRY_SUPPORTED) fprintf(out, ": %s", text_of(first));
    }
    return fclose(out) == 0 ? text : (free(text), NULL);
}

/* Nothing was judged: why not. */
static char *tell_nothing(const struct tally *tally)
{
    const struct probe_try *why = tally->first[TRY_TROUBLE];
    if (!why) why = tally->first[TRY_PROVES_NOTHING];
    if (!why) why = tally->first[TRY_LEFT_OUT];
    bool no_streams = why && why == tally->first[TRY_LEFT_OUT] && tally->unstreamed;
    return strdup(no_streams ? "only streams were asked for, and it does not stream" : text_of(why));
}

/* How many other probes say what the first one does; those that a matrix made have one title. */
static size_t count_others(const struct probe_try *tries, size_t count, enum try_verdict verdict)
{
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        bool told = tries[i].verdict != verdict;
        for (size_t k = 0; k < i && !told; k++)
            told = tries[k].verdict == verdict && strcmp(tries[k].result->title, tries[i].result->title) == 0;
        others += !told;
    }
    return others - 1;
}

static char *tell_alike(const struct probe_try *tries, size_t count, const struct tally *tally, enum try_verdict verdict)
{
    char more[64] = "";
    size_t others = count_others(tries, count, verdict);
    if (others) snprintf(more, sizeof more, ", and %zu more probe%s", others, others == 1 ? "" : "s");
    return why_text("%s%s (%zu of %zu)", text_of(tally->first[verdict]), more, tally->counts[verdict], count - tally->counts[TRY_LEFT_OUT]);
}

struct capability_result probe_conclude(const char *name, struct probe_try *tries, size_t count, bool plain_only)
{
    struct tally tally = tally_of(tries, count, plain_only);
    struct capability_result result = {.name = strdup(name), .tries = count - tally.counts[TRY_LEFT_OUT]};
    size_t supported = tally.counts[TRY_SUPPORTED], honest = tally.counts[TRY_HONEST], silent = tally.counts[TRY_SILENT];
    if (!tally.judged || tally.counts[TRY_TROUBLE] > tally.judged) {
        result.verdict = CAPABILITY_UNKNOWN;
        result.evidence = tell_nothing(&tally);
    } else if (supported != tally.judged && honest != tally.judged && silent != tally.judged) {
        result.verdict = CAPABILITY_INCONSISTENT;
        result.evidence = tell_differences(tries, count, &tally);
    } else {
        result.verdict = supported ? CAPABILITY_SUPPORTED : honest ? CAPABILITY_HONEST : CAPABILITY_SILENT;
        result.evidence = tell_alike(tries, count, &tally, supported ? TRY_SUPPORTED : honest ? TRY_HONEST : TRY_SILENT);
    }
    return result;
}
