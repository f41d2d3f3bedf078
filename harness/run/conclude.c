/* conclude.c: see conclude.h. A run that has just ended and shards that are put together again must come to the same. */
#include "harness/run/conclude.h"

#include "harness/base/words.h"
#include "harness/command.h"
#include "harness/run/outage.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void run_set_verdict(struct run_result *run, int exit_code, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    free(run->verdict);
    run->verdict = strdup(text);
    run->exit_code = exit_code;
}

static int badness(int exit_code)
{
    return exit_code == EXIT_BROKEN ? 3 : exit_code == EXIT_UNREACHABLE ? 2 : exit_code == EXIT_INCOMPLETE ? 1 : 0;
}

bool run_end_is_worse(int exit_code, int than) { return badness(exit_code) > badness(than); }

static void say_failed(struct run_result *run, const char *stale)
{
    size_t failed = run_result_count(run, CASE_FAIL), errors = run_result_count(run, CASE_ERROR) + run_result_count(run, CASE_BLOCKED);
    char down[160] = "";
    if (outage_found(run))
        snprintf(down, sizeof down, "the target seems to be down behind a gateway: the first %d answers are all 502, 503 or 504; ", OUTAGE_ANSWERS);
    run_set_verdict(run, EXIT_FAILED, "failed: %s%zu case%s failed, %zu flaky, %zu could not be judged, of %zu%s%s%s%s", down, failed, plural(failed),
                    run_result_count(run, CASE_FLAKY), errors, run->case_count, stale ? "; " : "", stale ? stale : "", run->verdict ? "; " : "",
                    run->verdict ? run->verdict : "");
}

static void say_passed(struct run_result *run, size_t tested)
{
    char expected[64] = "";
    size_t xfail = run_result_count(run, CASE_XFAIL);
    if (xfail) snprintf(expected, sizeof expected, ", %zu failed as expected", xfail);
    run_set_verdict(run, EXIT_FINE, "passed: %zu case%s, %zu with warnings, %zu flaky, %zu skipped%s", tested - xfail, plural(tested - xfail),
                    run_result_count(run, CASE_WARN), run_result_count(run, CASE_FLAKY), run->case_count - tested, expected);
}

void run_conclude(struct run_result *run, bool flaky_fails, const char *stale)
{
    size_t failed = run_result_count(run, CASE_FAIL) + run_result_count(run, CASE_ERROR) + run_result_count(run, CASE_BLOCKED);
    size_t left_out = run_result_count(run, CASE_SKIP) + run_result_count(run, CASE_UNSUPPORTED);
    if (failed || (flaky_fails && run_result_count(run, CASE_FLAKY))) say_failed(run, stale);
    else if (stale || run_result_count(run, CASE_XPASS))
        run_set_verdict(run, EXIT_FAILED, "failed: %s", stale ? stale : "the baseline expects failures that are gone");
    else if (left_out == run->case_count)
        run_set_verdict(run, EXIT_USAGE, "nothing was tested: all %zu cases were skipped", run->case_count);
    else say_passed(run, run->case_count - left_out);
}
