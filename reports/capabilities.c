/* capabilities.c: the map of what an endpoint can do: as text, as markdown, as JSON, and as a part of the page of a run. */
#include "reports/capabilities.h"

enum { NAME_COLUMN = 23, VERDICT_COLUMN = 17, FORMAT = 1, LINE = 200 };

static const struct {
    char mark;
    enum outcome outcome; /* whose colours it has */
} looks[CAPABILITY_VERDICT_COUNT] = {
    [CAPABILITY_UNKNOWN] = {'?', OUTCOME_WARN}, [CAPABILITY_SUPPORTED] = {' ', OUTCOME_PASS},     [CAPABILITY_HONEST] = {'-', OUTCOME_SKIP},
    [CAPABILITY_SILENT] = {'x', OUTCOME_FAIL},  [CAPABILITY_INCONSISTENT] = {'!', OUTCOME_ERROR},
};

enum outcome capability_outcome(enum capability_verdict verdict) { return looks[verdict].outcome; }

static const char *const colours[OUTCOME_COUNT] = {
    [OUTCOME_PASS] = "\033[32m",  [OUTCOME_WARN] = "\033[33m", [OUTCOME_FAIL] = "\033[31m",
    [OUTCOME_ERROR] = "\033[35m", [OUTCOME_SKIP] = "\033[2m",
};

size_t capability_count(const struct run_result *run, enum capability_verdict verdict)
{
    size_t count = 0;
    for (size_t i = 0; i < run->capability_count; i++) count += run->capabilities[i].verdict == verdict;
    return count;
}

/* --- text */

bool report_capabilities_text(FILE *out, const struct run_result *run, bool colour)
{
    fputs("chatconform ", out);
    escape_line(out, run->version);
    fputs("   ", out);
    escape_line(out, run->profile);
    fputs("   ", out);
    escape_line(out, run->embedded ? "the embedded reference endpoint" : run->target);
    fputs("   ", out);
    escape_line(out, run->model);
    fprintf(out, "\n\n  %-*s%-*s%s\n", NAME_COLUMN, "capability", VERDICT_COLUMN, "verdict", "evidence");
    for (size_t i = 0; i < run->capability_count; i++) {
        const struct capability_result *c = &run->capabilities[i];
        const char *begin = colour ? colours[looks[c->verdict].outcome] : "", *end = colour ? "\033[0m" : "";
        fprintf(out, "%c ", looks[c->verdict].mark);
        escape_column(out, c->name, NAME_COLUMN - 1);
        fprintf(out, " %s%-*s%s", begin, VERDICT_COLUMN, capability_verdict_name(c->verdict), end);
        write_excerpt(out, c->evidence, LINE, 0, escape_line);
        putc('\n', out);
    }
    return !ferror(out);
}

/* --- markdown */

void capabilities_table(FILE *out, const struct run_result *run)
{
    if (!run->capability_count) return;
    fputs("\n| capability | verdict | evidence |\n|---|---|---|\n", out);
    for (size_t i = 0; i < run->capability_count; i++) {
        fputs("| ", out);
        escape_markdown(out, run->capabilities[i].name);
        fprintf(out, " | %s | ", capability_verdict_name(run->capabilities[i].verdict));
        write_excerpt(out, run->capabilities[i].evidence, LINE, 0, escape_markdown);
        fputs(" |\n", out);
    }
}

bool report_capabilities_markdown(FILE *out, const struct run_result *run)
{
    fputs("## What the endpoint can do\n\n", out);
    escape_markdown(out, run->embedded ? "the embedded reference endpoint" : run->target);
    fputs(", model ", out);
    escape_markdown(out, run->model);
    fputs(", profile ", out);
    escape_markdown(out, run->profile);
    putc('\n', out);
    capabilities_table(out, run);
    return !ferror(out);
}

/* --- JSON */

void capabilities_list(FILE *out, const struct run_result *run)
{
    putc('[', out);
    for (size_t i = 0; i < run->capability_count; i++) {
        fputs(i ? ",{\"name\":" : "{\"name\":", out);
        escape_json(out, run->capabilities[i].name);
        escape_json_member(out, "verdict", capability_verdict_name(run->capabilities[i].verdict));
        fprintf(out, ",\"tries\":%zu", run->capabilities[i].tries);
        escape_json_member(out, "evidence", run->capabilities[i].evidence);
        putc('}', out);
    }
    putc(']', out);
}

bool report_capabilities_json(FILE *out, const struct run_result *run)
{
    fprintf(out, "{\"type\":\"probe\",\"format\":%d", FORMAT);
    escape_json_member(out, "version", run->version);
    escape_json_member(out, "profile", run->profile);
    escape_json_member(out, "target", run->target);
    escape_json_member(out, "model", run->model);
    fprintf(out, ",\"embedded\":%s,\"started\":\"", run->embedded ? "true" : "false");
    write_timestamp(out, run->started);
    fputs("Z\",\"capabilities\":", out);
    capabilities_list(out, run);
    fputs("}\n", out);
    return !ferror(out);
}

/* --- a part of the page */

void capabilities_section(FILE *out, const struct run_result *run)
{
    if (!run->capability_count) return;
    fputs("<section class=\"causes\"><h2>What the endpoint can do</h2><div class=\"card\"><table class=\"map\">\n"
          "<tr><th>capability</th><th>verdict</th><th>evidence</th></tr>\n", out);
    for (size_t i = 0; i < run->capability_count; i++) {
        const struct capability_result *c = &run->capabilities[i];
        fputs("<tr><td><code>", out);
        escape_html(out, c->name);
        fprintf(out, "</code></td><td><span class=\"badge %s\">%s</span></td><td>", outcome_name(looks[c->verdict].outcome),
                capability_verdict_name(c->verdict));
        write_excerpt(out, c->evidence, 2 * LINE, 0, escape_html);
        fputs("</td></tr>\n", out);
    }
    fputs("</table></div></section>\n", out);
}
