/* describe.c: see describe.h. One wording of a failure, so that what a person reads on the console is what CI shows. */
#include "reports/describe.h"

#include <string.h>

enum { LINE_BUDGET = 1000 };

const struct paint paint_none = {"", "", "", "", "", ""};
const struct paint paint_colour = {"\033[1;31m", "\033[33m", "\033[32m", "\033[2m", "\033[1m", "\033[0m"};

static void write_label(FILE *out, const struct paint *paint, const char *label)
{
    fprintf(out, "  %s%-12s%s ", paint->quiet, label, paint->end);
}

void describe_line(FILE *out, const struct paint *paint, const char *label, const char *text)
{
    if (!text)
        return;
    write_label(out, paint, label);
    write_excerpt(out, text, LINE_BUDGET, 0, escape_line);
    putc('\n', out);
}

static bool says(const char *text, const char *part)
{
    return text && strstr(text, part);
}

void describe_place(FILE *out, const struct result_finding *finding, escape_fn *escape)
{
    static const char *const parts[] = {
        [CC_IN_DOCUMENT] = "", [CC_IN_REQUEST] = ", in the request", [CC_IN_RESPONSE] = "",
        [CC_IN_EVENT] = "",    [CC_IN_HTTP] = ", in the HTTP message",
    };
    const char *pointer = finding->pointer;
    if (pointer && *pointer && !says(finding->expected, pointer) && !says(finding->actual, pointer)) {
        fputs(" at ", out);
        write_excerpt(out, pointer, LINE_BUDGET, 0, escape);
    }
    fputs((unsigned)finding->in < sizeof parts / sizeof parts[0] ? parts[finding->in] : "", out);
    if (finding->in == CC_IN_EVENT)
        fprintf(out, ", event %zu", finding->event);
    if (finding->offset)
        fprintf(out, " (byte %zu)", finding->offset);
}

static bool is_own(const struct result_finding *finding)
{
    return finding->rule && strncmp(finding->rule, "expect.", 7) == 0;
}

/* That a case could not be sent is told by the case too: there is no such rule. */
static bool is_about_capability(const struct result_finding *finding)
{
    return finding->rule && strncmp(finding->rule, "capability.", 11) == 0;
}

const char *requirement_label(const struct result_finding *finding, bool one_of_many)
{
    return is_own(finding) && one_of_many ? "for example" : "requirement";
}

void describe_finding(FILE *out, const struct paint *paint, const struct result_finding *finding, bool one_of_many)
{
    bool shared = one_of_many && is_own(finding); /* what the cases share is how they failed, and the message has both sides of that */
    if (shared)
        describe_line(out, paint, "fault", finding->message);
    if (finding->requirement) {
        write_label(out, paint, requirement_label(finding, one_of_many));
        write_excerpt(out, finding->requirement, LINE_BUDGET, 0, escape_line);
        if (finding->source) {
            fprintf(out, "      %s", paint->quiet);
            write_excerpt(out, finding->source, LINE_BUDGET, 0, escape_line);
            fputs(paint->end, out);
        }
        putc('\n', out);
    } else if (finding->actual && !finding->expected) {
        describe_line(out, paint, "finding", finding->message);
    }
    if (shared)
        return;
    describe_line(out, paint, "expected", finding->expected);
    write_label(out, paint, "actual");
    write_excerpt(out, finding->actual ? finding->actual : finding->message, LINE_BUDGET, 0, escape_line);
    describe_place(out, finding, escape_line);
    putc('\n', out);
}

static void write_curl(FILE *out, const char *curl, size_t budget)
{
    size_t length = strlen(curl);
    if (length <= budget)
        escape_line(out, curl);
    else
        fprintf(out, "a curl command of %zu bytes: \"curl\" of the case in the ndjson report", length);
}

/* The rule that tells more: what a finding of a fuzzed payload expects is no rule, but what should have been refused breaks one. */
static const char *explained_rule(const struct case_result *result, const struct result_finding *finding)
{
    if (!finding->rule || strncmp(finding->rule, "expect.", 7) != 0)
        return finding->rule;
    const bool refusal = strncmp(finding->rule, "expect.rejected", 15) == 0;
    return refusal && result->spec && cc_rule_find(result->spec) ? result->spec : NULL;
}

void describe_repro(FILE *out, const struct paint *paint, const struct case_result *result, const struct result_finding *finding, size_t budget)
{
    const struct result_exchange *exchange = case_exchange(result);
    const char *label = "repro";
    if (exchange && exchange->curl) {
        write_label(out, paint, label);
        write_curl(out, exchange->curl, budget);
        putc('\n', out);
        label = "";
    }
    if (result->failure) {
        write_label(out, paint, label);
        fputs("chatconform replay ", out);
        escape_line(out, result->failure);
        putc('\n', out);
        label = "";
    }
    const bool by_case = finding && result->file && (is_own(finding) || is_about_capability(finding));
    const char *rule = !finding || by_case ? NULL : explained_rule(result, finding);
    if (!rule && !by_case)
        return;
    write_label(out, paint, label);
    fputs("chatconform explain ", out);
    if (by_case)
        write_case_id(out, result, escape_line);
    else
        escape_line(out, rule);
    putc('\n', out);
}
