/* json.c: everything that was found, for programs: as one document (json) or as lines that can be cut, filtered and merged (ndjson). Both
 * hold the same members, so that a finished run can be read back and rendered again. Members are only ever added. */
#include "reports/capabilities.h"
#include "reports/parts.h"

enum { FORMAT = 1 };

static void number_member(FILE *out, const char *name, long long number)
{
    fprintf(out, ",\"%s\":%lld", name, number);
}

static void size_member(FILE *out, const char *name, size_t number)
{
    fprintf(out, ",\"%s\":%zu", name, number);
}

static void write_finding(FILE *out, const struct result_finding *finding)
{
    fputs("{\"rule\":", out);
    escape_json(out, finding->rule);
    escape_json_member(out, "level", cc_level_name(finding->level));
    escape_json_member(out, "severity", cc_severity_name(finding->severity));
    escape_json_member(out, "in", part_name(finding->in));
    size_member(out, "exchange", finding->exchange);
    if (finding->in == CC_IN_EVENT)
        size_member(out, "event", finding->event);
    escape_json_member(out, "pointer", finding->pointer);
    size_member(out, "offset", finding->offset);
    escape_json_member(out, "message", finding->message);
    escape_json_member(out, "requirement", finding->requirement);
    escape_json_member(out, "source", finding->source);
    escape_json_member(out, "expected", finding->expected);
    escape_json_member(out, "actual", finding->actual);
    putc('}', out);
}

static void write_stream(FILE *out, const struct result_stream *stream)
{
    fprintf(out, ",\"stream\":{\"events\":%zu", stream->events);
    size_member(out, "keep_alives", stream->keep_alives);
    size_member(out, "stalls", stream->stalls);
    number_member(out, "first_event_ms", stream->first_event_ms);
    number_member(out, "largest_gap_ms", stream->largest_gap_ms);
    number_member(out, "quiet_ms", stream->quiet_ms);
    number_member(out, "finish_to_close_ms", stream->finish_to_close_ms);
    escape_json_member(out, "timeline", stream->timeline);
    fprintf(out, ",\"at_once\":%s}", stream->at_once ? "true" : "false");
}

static void write_exchange(FILE *out, const struct result_exchange *exchange)
{
    fputs("{\"purpose\":", out);
    escape_json(out, exchange->purpose);
    escape_json_member(out, "method", exchange->method);
    escape_json_member(out, "url", exchange->url);
    escape_json_member(out, "request_headers", exchange->request_headers);
    escape_json_member(out, "request", exchange->request);
    number_member(out, "status", exchange->status);
    escape_json_member(out, "response_headers", exchange->response_headers);
    escape_json_member(out, "response", exchange->response);
    size_member(out, "response_length", exchange->response_length);
    number_member(out, "first_byte_ms", exchange->first_byte_ms);
    number_member(out, "total_ms", exchange->total_ms);
    if (exchange->stream.known)
        write_stream(out, &exchange->stream);
    escape_json_member(out, "fault", exchange->fault);
    escape_json_member(out, "why", exchange->why);
    escape_json_member(out, "curl", exchange->curl);
    putc('}', out);
}

static void write_tags(FILE *out, char **tags)
{
    fputs(",\"tags\":[", out);
    for (size_t i = 0; tags && tags[i]; i++) {
        fputs(i ? "," : "", out);
        escape_json(out, tags[i]);
    }
    putc(']', out);
}

static void write_rounds(FILE *out, const struct case_result *result)
{
    double low, high;
    rounds_interval(result->passed, result->rounds, &low, &high);
    number_member(out, "rounds", result->rounds);
    number_member(out, "passed", result->passed);
    fprintf(out, ",\"interval\":[%.4f,%.4f]", low, high);
}

static void write_case(FILE *out, const struct case_result *result)
{
    fputs("{\"type\":\"case\"", out);
    escape_json_member(out, "suite", result->suite);
    escape_json_member(out, "id", result->id);
    escape_json_member(out, "title", result->title);
    escape_json_member(out, "file", result->file);
    size_member(out, "line", result->line);
    escape_json_member(out, "level", cc_level_name(result->level));
    escape_json_member(out, "spec", result->spec);
    write_tags(out, result->tags);
    if (result->refusal)
        fputs(",\"refusal\":true", out);
    escape_json_member(out, "state", case_state_name(result->state));
    escape_json_member(out, "reason", result->reason);
    size_member(out, "assertions", result->assertions);
    number_member(out, "duration_ms", result->duration_ms);
    if (result->rounds > 1) write_rounds(out, result);
    escape_json_member(out, "failure", result->failure);
    fputs(",\"findings\":[", out);
    for (size_t i = 0; i < result->finding_count; i++) {
        fputs(i ? "," : "", out);
        write_finding(out, &result->findings[i]);
    }
    fputs("],\"exchanges\":[", out);
    for (size_t i = 0; i < result->exchange_count; i++) {
        fputs(i ? "," : "", out);
        write_exchange(out, &result->exchanges[i]);
    }
    fputs("]}", out);
}

void report_run_members(FILE *out, const struct run_result *run)
{
    escape_json_member(out, "version", run->version);
    escape_json_member(out, "profile", run->profile);
    escape_json_member(out, "target", run->target);
    fprintf(out, ",\"embedded\":%s", run->embedded ? "true" : "false");
    escape_json_member(out, "model", run->model);
    escape_json_member(out, "hostname", run->hostname);
}

static void write_run(FILE *out, const struct run_result *run)
{
    fprintf(out, "\"type\":\"run\",\"format\":%d", FORMAT);
    report_run_members(out, run);
    fprintf(out, ",\"seed\":%lu,\"started\":\"", run->seed);
    write_timestamp(out, run->started);
    fputs("Z\",\"shard\":", out);
    if (run->shards) fprintf(out, "\"%ld/%ld\"", run->shard, run->shards);
    else fputs("null", out);
    if (run->capability_count) fputs(",\"capabilities\":", out), capabilities_list(out, run);
}

static void count_findings(const struct run_result *run, size_t counts[CC_ERROR + 1])
{
    for (size_t i = 0; i < run->case_count; i++)
        for (size_t j = 0; j < run->cases[i].finding_count; j++)
            counts[run->cases[i].findings[j].severity <= CC_ERROR ? run->cases[i].findings[j].severity : CC_ERROR]++;
}

/* A number that is printed as it was counted; one that was not measured is null. */
static void write_number(FILE *out, const char *name, double value)
{
    fprintf(out, ",\"%s\":", name);
    if (value < 0) fputs("null", out);
    else fprintf(out, "%.10g", value);
}

static void write_figures(FILE *out, const struct run_result *run)
{
    if (run->figure_count) fputs(",\"figures\":[", out);
    for (size_t i = 0; i < run->figure_count; i++) {
        const struct result_figure *figure = &run->figures[i];
        fprintf(out, "%s{\"group\":", i ? "," : "");
        escape_json(out, figure->group);
        escape_json_member(out, "name", figure->name);
        escape_json_member(out, "unit", figure_unit_name(figure->unit));
        write_number(out, "value", figure->value);
        if (figure->unit == FIGURE_SHARE) write_number(out, "of", figure->of);
        putc('}', out);
    }
    if (run->figure_count) putc(']', out);
}

static void write_summary(FILE *out, const struct run_result *run)
{
    size_t counts[CC_ERROR + 1] = {0};
    count_findings(run, counts);
    fprintf(out, "{\"type\":\"summary\",\"cases\":%zu,\"states\":{", run->case_count);
    for (int state = 0; state < CASE_STATE_COUNT; state++)
        fprintf(out, "%s\"%s\":%zu", state ? "," : "", case_state_name((enum case_state)state), run_result_count(run, (enum case_state)state));
    fprintf(out, "},\"findings\":{\"error\":%zu,\"warning\":%zu,\"note\":%zu}", counts[CC_ERROR], counts[CC_WARNING], counts[CC_NOTE]);
    write_figures(out, run);
    number_member(out, "requests", run->requests);
    number_member(out, "tokens", run->tokens);
    size_member(out, "not_run", run->not_run);
    number_member(out, "duration_ms", run->duration_ms);
    escape_json_member(out, "broken", run->broken);
    number_member(out, "exit_code", run->exit_code);
    escape_json_member(out, "verdict", run->verdict);
    putc('}', out);
}

bool report_ndjson(FILE *out, const struct run_result *run)
{
    putc('{', out);
    write_run(out, run);
    fputs("}\n", out);
    for (size_t i = 0; i < run->case_count && !ferror(out); i++) {
        write_case(out, &run->cases[i]);
        putc('\n', out);
    }
    write_summary(out, run);
    putc('\n', out);
    return !ferror(out);
}

bool report_json(FILE *out, const struct run_result *run)
{
    putc('{', out);
    write_run(out, run);
    fputs(",\n\"cases\":[", out);
    for (size_t i = 0; i < run->case_count && !ferror(out); i++) {
        fputs(i ? ",\n" : "\n", out);
        write_case(out, &run->cases[i]);
    }
    fputs("],\n\"summary\":", out);
    write_summary(out, run);
    fputs("}\n", out);
    return !ferror(out);
}
