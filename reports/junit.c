/* junit.c: JUnit XML, the format every CI server reads and none specifies. Readers differ in what they forgive, so this keeps to what all of
 * them take: one flat level of suites with names, classnames that start alike, attributes with counts that add up, text without CDATA.
 * chatconform-junit.xsd beside this file says the same as a schema. */
#include "reports/figures.h"

#include <stdlib.h>
#include <string.h>

enum {
    CURL_BUDGET = 8 * 1024,    /* bytes of a command line in a failure */
    STORY_BUDGET = 200 * 1000, /* bytes of a failure's text as they stand in the file */
    OUTPUT_BUDGET = 45 * 1000, /* the same of system-out */
    BODY_BUDGET = 4 * 1024,    /* bytes of one request or answer in system-out */
    MESSAGE_BUDGET = 300,      /* bytes of the line that a failure is known by */
};

struct junit {
    FILE *out;
    const struct run_result *run;
    bool surefire; /* leave out what the Surefire schema does not know */
};

static void attribute(FILE *out, const char *name, const char *text)
{
    fprintf(out, " %s=\"", name);
    escape_xml(out, text ? text : "");
    putc('"', out);
}

static void attribute_time(FILE *out, long time_ms)
{
    fputs(" time=\"", out);
    write_seconds(out, time_ms);
    putc('"', out);
}

static void attribute_counts(FILE *out, const size_t outcomes[OUTCOME_COUNT], bool skipped)
{
    size_t tests = 0;
    for (int i = 0; i < OUTCOME_COUNT; i++)
        tests += outcomes[i];
    fprintf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"", tests, outcomes[OUTCOME_FAIL], outcomes[OUTCOME_ERROR]);
    if (skipped)
        fprintf(out, " skipped=\"%zu\"", outcomes[OUTCOME_SKIP]);
}

static void attribute_timestamp(FILE *out, time_t when)
{
    fputs(" timestamp=\"", out);
    write_timestamp(out, when);
    putc('"', out);
}

static void property(FILE *out, const char *name, const char *value)
{
    fputs("      <property", out);
    attribute(out, "name", name);
    attribute(out, "value", value);
    fputs("/>\n", out);
}

/* "figure.tool calls.arguments are JSON". */
static void write_figures(const struct result_figure *figures, size_t count, FILE *out)
{
    for (size_t i = 0; i < count; i++) {
        fputs("      <property name=\"figure.", out);
        escape_xml(out, figures[i].group);
        putc('.', out);
        escape_xml(out, figures[i].name);
        fputs("\" value=\"", out);
        write_figure(out, &figures[i]);
        fputs("\"/>\n", out);
    }
}

static void write_properties(const struct junit *junit)
{
    const struct run_result *run = junit->run;
    char number[32];
    fputs("    <properties>\n", junit->out);
    property(junit->out, "version", run->version);
    property(junit->out, "profile", run->profile);
    snprintf(number, sizeof number, "%lu", run->seed);
    property(junit->out, "seed", number);
    property(junit->out, "target", run->target);
    property(junit->out, "model", run->model);
    char shard[48] = "1/1";
    if (junit->run->shards) snprintf(shard, sizeof shard, "%ld/%ld", junit->run->shard, junit->run->shards);
    property(junit->out, "shard", shard);
    snprintf(number, sizeof number, "%zu", run->not_run);
    property(junit->out, "not_run", number);
    write_figures(run->figures, run->figure_count, junit->out);
    fputs("    </properties>\n", junit->out);
}

static void open_suite(const struct junit *junit, const char *name, const char *file, const size_t outcomes[OUTCOME_COUNT], long duration_ms)
{
    FILE *out = junit->out;
    fputs("  <testsuite", out);
    attribute(out, "name", *name ? name : "unnamed");
    attribute_counts(out, outcomes, true);
    attribute_time(out, duration_ms);
    attribute_timestamp(out, junit->run->started);
    attribute(out, "hostname", junit->run->hostname);
    if (*file)
        attribute(out, "file", file);
    fputs(">\n", out);
    write_properties(junit);
}

/* "chat/stream/usage" as "chatconform.chat.stream.usage". */
static void write_classname(FILE *out, const char *suite)
{
    char piece[256];
    fputs(" classname=\"chatconform.", out);
    if (!suite || !*suite)
        suite = "unnamed";
    while (*suite) {
        size_t size = strcspn(suite, "/");
        if (size == 0) {
            putc('.', out);
            suite++;
            continue;
        }
        size = size < sizeof piece ? size : text_fit(suite, sizeof piece - 1);
        memcpy(piece, suite, size);
        piece[size] = '\0';
        escape_xml(out, piece);
        suite += size;
    }
    putc('"', out);
}

static void open_case(const struct junit *junit, const struct case_result *result)
{
    FILE *out = junit->out;
    fputs("    <testcase", out);
    write_classname(out, result->suite);
    attribute(out, "name", result->id && *result->id ? result->id : "unnamed");
    attribute_time(out, result->duration_ms);
    if (!junit->surefire) {
        const char *file = result->file ? result->file : "";
        if (*file)
            attribute(out, "file", strncmp(file, "./", 2) == 0 ? file + 2 : file);
        if (result->line)
            fprintf(out, " line=\"%zu\"", result->line);
        fprintf(out, " assertions=\"%zu\"", result->assertions);
    }
}

/* The line that a failure is known by: its message attribute and the first line of its text. */
static void write_message(FILE *out, const struct case_result *result, const struct blame *blame, escape_fn *escape)
{
    enum cc_severity worst = case_severity(result);
    size_t others = 0;
    for (size_t i = 0; blame->finding && i < result->finding_count; i++)
        others += result->findings[i].severity == worst;
    write_excerpt(out, blame->message, MESSAGE_BUDGET, 0, escape);
    if (others > 1)
        fprintf(out, " (and %zu more)", others - 1);
}

static void write_findings_of(FILE *text, const struct case_result *result, enum cc_severity severity)
{
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct result_finding *finding = &result->findings[i];
        if (finding->severity != severity)
            continue;
        putc('\n', text);
        escape_line(text, finding->rule);
        fprintf(text, "   %s\n", level_label(finding->level));
        describe_finding(text, &paint_none, finding, false);
    }
}

/* What failed the case first; notes are for those who look at the other reports. */
static void write_findings(FILE *text, const struct case_result *result)
{
    write_findings_of(text, result, CC_ERROR);
    write_findings_of(text, result, CC_WARNING);
}

/* The longest beginning of `text` that takes at most `budget` bytes after escape_xml_text. */
static size_t fit_escaped(const char *text, size_t budget)
{
    size_t at = 0, size = 0;
    for (; text[at]; at++) {
        size += text[at] == '&' || text[at] == '<' || text[at] == '>' || text[at] == '\r' ? 5 : 1;
        if (size > budget)
            return text_fit(text, at);
    }
    return at;
}

/* Writes the text that `fill` makes, at most `budget` bytes of it as they stand in the file. */
static bool write_text(FILE *out, const struct case_result *result, void (*fill)(FILE *, const struct case_result *), size_t budget)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (!memory)
        return false;
    fill(memory, result);
    bool fine = !ferror(memory);
    fine = fclose(memory) == 0 && fine && text;
    if (fine) {
        size_t fits = fit_escaped(text, budget);
        bool cut = text[fits] != '\0';
        text[fits] = '\0';
        escape_xml_text(out, text);
        fputs(cut ? "\n... the rest is in the ndjson report\n" : "", out);
    }
    free(text);
    return fine;
}

static void fill_story(FILE *text, const struct case_result *result)
{
    struct blame blame = case_blame(result);
    write_message(text, result, &blame, escape_line);
    putc('\n', text);
    if (result->title) {
        putc('\n', text);
        escape_line(text, result->title);
        putc('\n', text);
    }
    write_findings(text, result);
    if (result->exchange_count || blame.finding)
        putc('\n', text);
    describe_repro(text, &paint_none, result, blame.finding, CURL_BUDGET);
}

/* failure, error and flakyFailure: the id of what broke, one line, and the whole story. */
static bool write_outcome(FILE *out, const struct case_result *result, const char *element)
{
    bool flaky = result->state == CASE_FLAKY;
    struct blame blame = case_blame(result);
    fprintf(out, "      <%s", element);
    attribute(out, "type", blame.rule);
    fputs(" message=\"", out);
    write_message(out, result, &blame, escape_xml_line);
    fputs(flaky ? "\">\n        <stackTrace>" : "\">", out);
    bool fine = write_text(out, result, fill_story, STORY_BUDGET);
    fputs(flaky ? "</stackTrace>\n      " : "", out);
    fprintf(out, "</%s>\n", element);
    return fine;
}

static void write_skipped(FILE *out, const struct case_result *result)
{
    const char *message = case_blame(result).message;
    fputs("      <skipped message=\"", out);
    write_excerpt(out, message, MESSAGE_BUDGET, 0, escape_xml_line);
    fputs("\">", out);
    write_excerpt(out, message, MESSAGE_BUDGET, 0, escape_xml_line);
    fputs("</skipped>\n", out);
}

static void fill_body(FILE *text, const char *label, const char *body, size_t whole)
{
    if (!body || !*body)
        return;
    fprintf(text, "%s\n", label);
    write_excerpt(text, body, BODY_BUDGET, whole, escape_terminal);
    putc('\n', text);
}

static void fill_exchange(FILE *text, const struct result_exchange *exchange)
{
    fputs("--- ", text);
    escape_line(text, exchange->purpose ? exchange->purpose : "request");
    fputs(": ", text);
    escape_line(text, exchange->method);
    putc(' ', text);
    write_excerpt(text, exchange->url, 500, 0, escape_line);
    if (exchange->status)
        fprintf(text, " -> %d", exchange->status);
    if (exchange->fault) {
        fputs(" -> ", text);
        escape_line(text, exchange->fault);
        fputs(exchange->why ? ": " : "", text);
        write_excerpt(text, exchange->why, 500, 0, escape_line);
    }
    fputs(" in ", text);
    write_seconds(text, exchange->total_ms);
    fputs(exchange->stream.known ? " s, " : " s", text);
    write_stream_times(text, &exchange->stream);
    putc('\n', text);
    fill_body(text, "request:", exchange->request, 0);
    fill_body(text, "answer:", exchange->response, exchange->response_length);
}

/* The findings too, when they stand nowhere else. */
static void fill_output(FILE *text, const struct case_result *result)
{
    enum outcome outcome = state_outcome(result->state);
    if (outcome == OUTCOME_WARN || outcome == OUTCOME_SKIP)
        write_findings(text, result);
    for (size_t i = 0; i < result->exchange_count; i++)
        fill_exchange(text, &result->exchanges[i]);
}

static bool write_output(FILE *out, const struct case_result *result)
{
    if (result->exchange_count + result->finding_count == 0)
        return true;
    fputs("      <system-out>", out);
    bool fine = write_text(out, result, fill_output, OUTPUT_BUDGET);
    fputs("</system-out>\n", out);
    return fine;
}

static bool write_state(FILE *out, const struct case_result *result)
{
    switch (state_outcome(result->state)) {
    case OUTCOME_FAIL:
        return write_outcome(out, result, "failure");
    case OUTCOME_ERROR:
        return write_outcome(out, result, "error");
    case OUTCOME_SKIP:
        write_skipped(out, result);
        return true;
    default:
        return result->state != CASE_FLAKY || write_outcome(out, result, "flakyFailure");
    }
}

static bool write_case(const struct junit *junit, const struct case_result *result)
{
    open_case(junit, result);
    bool passed = result->state == CASE_PASS || result->state == CASE_WARN;
    if (passed && result->exchange_count + result->finding_count == 0) {
        fputs("/>\n", junit->out);
        return true;
    }
    fputs(">\n", junit->out);
    bool fine = write_state(junit->out, result) && write_output(junit->out, result);
    fputs("    </testcase>\n", junit->out);
    return fine;
}

/* A run that could not be done, or that did nothing, is not green: it has one suite with one error. */
static void write_broken(const struct junit *junit, const char *why)
{
    const size_t outcomes[OUTCOME_COUNT] = {[OUTCOME_ERROR] = 1};
    FILE *out = junit->out;
    open_suite(junit, "chatconform", "", outcomes, junit->run->duration_ms);
    fputs("    <testcase classname=\"chatconform.run\" name=\"start\"", out);
    attribute_time(out, junit->run->duration_ms);
    fputs(junit->surefire ? "" : " assertions=\"0\"", out);
    fputs(">\n      <error type=\"run.broken\"", out);
    fputs(" message=\"", out);
    escape_xml_line(out, why);
    fputs("\">", out);
    escape_xml_text(out, why);
    fputs("</error>\n    </testcase>\n  </testsuite>\n", out);
}

static const char *broken_reason(const struct run_result *run)
{
    if (run->broken)
        return run->broken;
    if (!nothing_judged(run))
        return NULL;
    return run->verdict ? run->verdict : "no case ran";
}

static bool write_junit(const struct junit *junit)
{
    FILE *out = junit->out;
    const char *broken = broken_reason(junit->run);
    struct suite_list list = {0}; /* empty when there is nothing to say but why */
    if (!nothing_judged(junit->run) && !suite_list_build(&list, junit->run))
        return false;
    if (broken)
        list.outcomes[OUTCOME_ERROR]++;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"chatconform\"", out);
    attribute_counts(out, list.outcomes, !junit->surefire);
    attribute_time(out, junit->run->duration_ms);
    if (!junit->surefire)
        attribute_timestamp(out, junit->run->started);
    fputs(">\n", out);
    bool fine = true;
    if (broken)
        write_broken(junit, broken);
    for (size_t i = 0; fine && i < list.count; i++) {
        const struct suite_part *suite = &list.suites[i];
        open_suite(junit, suite->name, suite->file, suite->outcomes, suite->duration_ms);
        for (size_t j = 0; fine && j < suite->case_count; j++)
            fine = write_case(junit, suite->cases[j]);
        fputs("  </testsuite>\n", out);
    }
    fputs("</testsuites>\n", out);
    suite_list_clear(&list);
    return fine && !ferror(out);
}

bool report_junit(FILE *out, const struct run_result *run)
{
    return write_junit(&(struct junit){out, run, false});
}

bool report_junit_surefire(FILE *out, const struct run_result *run)
{
    return write_junit(&(struct junit){out, run, true});
}
