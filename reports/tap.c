/* tap.c: Test Anything Protocol, version 14: one line a case, with what went wrong as a block below it. */
#include "reports/describe.h"

#include <stdlib.h>
#include <string.h>

/* A description on one line, in which `#` would begin a directive. */
static bool write_description(FILE *out, const struct case_result *result)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (!memory)
        return false;
    write_case_id(memory, result, escape_line);
    bool fine = fclose(memory) == 0 && text;
    for (size_t i = 0; fine && i < size; i++) {
        if (text[i] == '#' || text[i] == '\\')
            putc('\\', out);
        putc(text[i], out);
    }
    free(text);
    return fine;
}

/* Values are written as JSON, which YAML takes. */
static void write_value(FILE *out, const char *name, const char *text)
{
    if (!text)
        return;
    fprintf(out, "  %s: ", name);
    escape_json(out, text);
    putc('\n', out);
}

static void write_findings(FILE *out, const struct case_result *result)
{
    if (result->finding_count)
        fputs("  findings:\n", out);
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct result_finding *finding = &result->findings[i];
        fputs("    - ", out);
        const char *const members[][2] = {{"rule", finding->rule},         {"level", cc_level_name(finding->level)}, {"pointer", finding->pointer},
                                          {"message", finding->message},   {"expected", finding->expected},          {"actual", finding->actual}};
        for (size_t j = 0; j < sizeof members / sizeof members[0]; j++) {
            fprintf(out, "%s%s: ", j ? "      " : "", members[j][0]);
            escape_json(out, members[j][1]);
            putc('\n', out);
        }
    }
}

static bool write_case(FILE *out, const struct case_result *result, size_t number)
{
    enum outcome outcome = state_outcome(result->state);
    bool expected = result->state == CASE_XFAIL;
    bool bad = outcome == OUTCOME_FAIL || outcome == OUTCOME_ERROR || expected;
    fprintf(out, "%s %zu - ", bad ? "not ok" : "ok", number);
    bool fine = write_description(out, result);
    if (outcome == OUTCOME_SKIP) {
        fputs(expected ? " # TODO " : " # SKIP ", out);
        write_excerpt(out, case_blame(result).message, 300, 0, escape_line);
    }
    putc('\n', out);
    if (result->state == CASE_PASS)
        return fine;
    fputs("  ---\n", out);
    write_value(out, "state", case_state_name(result->state));
    write_value(out, "message", case_blame(result).message);
    write_findings(out, result);
    const struct result_exchange *exchange = case_exchange(result);
    write_value(out, "curl", exchange && bad ? exchange->curl : NULL);
    fputs("  ...\n", out);
    return fine;
}

bool report_tap(FILE *out, const struct run_result *run)
{
    fprintf(out, "TAP version 14\n1..%zu\n", run->case_count);
    bool fine = true;
    for (size_t i = 0; fine && i < run->case_count; i++)
        fine = write_case(out, &run->cases[i], i + 1);
    if (run->broken || nothing_judged(run)) {
        fputs("Bail out! ", out);
        escape_line(out, run->broken ? run->broken : "no case ran");
        putc('\n', out);
    }
    return fine && !ferror(out);
}
