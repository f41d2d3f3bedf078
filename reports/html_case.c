/* html_case.c: one case on the page: what is wrong with it, and what went over the wire, request and answer side by side. */
#include "reports/describe.h"
#include "reports/html.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_BUDGET = 16 * 1024, PASSED_BODY_BUDGET = 4 * 1024, LINE_BUDGET = 1000, CURL_BUDGET = 32 * 1024, DEPTH_MAX = 64 };

void html_element(FILE *out, const char *element, const char *class_name, const char *text)
{
    if (!text || !*text)
        return;
    fprintf(out, "<%s class=\"%s\">", element, class_name);
    write_excerpt(out, text, LINE_BUDGET, 0, escape_html);
    fprintf(out, "</%s>", element);
}

/* True when every bracket outside strings closes the one that was opened last; brackets that are still open at the end are fine, for
 * bodies are cut. */
static bool brackets_match(const char *text)
{
    char open[DEPTH_MAX];
    int depth = 0;
    bool quoted = false;
    for (const char *at = text; *at; at++) {
        if (quoted && *at == '\\' && at[1]) {
            at++;
        } else if (quoted) {
            quoted = *at != '"';
        } else if (*at == '"') {
            quoted = true;
        } else if (*at == '{' || *at == '[') {
            if (depth == DEPTH_MAX)
                return false;
            open[depth++] = *at == '{' ? '}' : ']';
        } else if (*at == '}' || *at == ']') {
            if (depth == 0 || open[--depth] != *at)
                return false;
        }
    }
    return true;
}

static void new_line(FILE *out, int depth)
{
    fprintf(out, "\n%*s", depth * 2, "");
}

/* Writes a string with its quotes; returns its last byte. */
static const char *copy_string(FILE *out, const char *at)
{
    putc(*at++, out);
    for (; *at && *at != '"'; at++) {
        putc(*at, out);
        if (*at == '\\' && at[1])
            putc(*++at, out);
    }
    if (!*at)
        return at - 1;
    putc('"', out);
    return at;
}

/* Line breaks stand before what they separate, so that nothing is written ahead of what may not come. */
static void indent(FILE *out, const char *text)
{
    int depth = 0;
    char last = '\0';
    for (const char *at = text; *at; at++) {
        if (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t')
            continue;
        bool closes = *at == '}' || *at == ']', opened = last == '{' || last == '[';
        depth -= closes;
        if (last == ',' || opened != closes)
            new_line(out, depth);
        last = *at;
        depth += last == '{' || last == '[';
        if (last == '"')
            at = copy_string(out, at);
        else
            putc(last, out);
        if (last == ':')
            putc(' ', out);
    }
}

void html_write_indented(FILE *out, const char *text)
{
    if ((text[0] == '{' || text[0] == '[') && brackets_match(text))
        indent(out, text);
    else
        fputs(text, out);
}

/* A body in a box; `whole` is its size on the wire. */
static bool write_body(FILE *out, const char *body, size_t budget, size_t whole)
{
    char *text = NULL;
    size_t size = 0, length = strlen(body);
    FILE *memory = open_memstream(&text, &size);
    if (!memory)
        return false;
    html_write_indented(memory, body);
    bool fine = !ferror(memory);
    fine = fclose(memory) == 0 && fine && text;
    if (fine) {
        fputs("<pre>", out);
        write_excerpt(out, text, budget, whole > length ? whole : length, escape_html);
        fputs("</pre>", out);
    }
    free(text);
    return fine;
}

static bool write_side(FILE *out, const char *caption, const char *headers, const char *body, size_t budget, size_t whole)
{
    fprintf(out, "<figure><figcaption>%s</figcaption>", caption);
    if (headers && *headers) {
        fputs("<pre class=\"headers\">", out);
        write_excerpt(out, headers, BODY_BUDGET, 0, escape_html);
        fputs("</pre>", out);
    }
    bool fine = true;
    if (body && *body)
        fine = write_body(out, body, budget, whole);
    else
        fputs("<p class=\"none\">no body</p>", out);
    fputs("</figure>\n", out);
    return fine;
}

static void write_exchange_head(FILE *out, const struct result_exchange *exchange)
{
    fputs("<h4>", out);
    html_element(out, "span", "purpose", exchange->purpose ? exchange->purpose : "request");
    fputs("<code>", out);
    escape_html(out, exchange->method);
    putc(' ', out);
    write_excerpt(out, exchange->url, LINE_BUDGET, 0, escape_html);
    fputs("</code>", out);
    if (exchange->status)
        fprintf(out, "<span class=\"badge %s\">%d</span>", exchange->status < 400 ? "pass" : "skip", exchange->status);
    html_element(out, "span", "badge error", exchange->fault);
    fputs("<span class=\"time\">", out);
    if (exchange->first_byte_ms >= 0 && exchange->status)
        fprintf(out, "first byte %ld ms, ", exchange->first_byte_ms);
    fprintf(out, "%ld ms</span></h4>\n", exchange->total_ms);
}

static bool write_exchange(FILE *out, const struct result_exchange *exchange, size_t budget)
{
    fputs("<div class=\"exchange\">", out);
    write_exchange_head(out, exchange);
    if (exchange->stream.known) {
        fputs("<p class=\"none\">", out);
        write_stream_times(out, &exchange->stream);
        fputs("</p>\n", out);
    }
    if (exchange->fault)
        html_element(out, "p", "none", exchange->why);
    fputs("<div class=\"pair\">\n", out);
    bool fine = write_side(out, "Request", exchange->request_headers, exchange->request, budget, 0) &&
                write_side(out, "Answer", exchange->response_headers, exchange->response, budget, exchange->response_length);
    fputs("</div>", out);
    if (exchange->curl) {
        fputs("<details class=\"fold\"><summary>curl command</summary><pre>", out);
        write_excerpt(out, exchange->curl, CURL_BUDGET, 0, escape_html);
        fputs("</pre></details>", out);
    }
    fputs("</div>\n", out);
    return fine;
}

static void write_fact(FILE *out, const char *label, const char *text, const char *source)
{
    if (!text)
        return;
    fprintf(out, "<dt>%s</dt><dd>", label);
    write_excerpt(out, text, LINE_BUDGET, 0, escape_html);
    if (source) {
        putc(' ', out);
        html_element(out, "code", "source", source);
    }
    fputs("</dd>", out);
}

void html_finding_facts(FILE *out, const struct result_finding *finding)
{
    fputs("<dl class=\"why\">", out);
    write_fact(out, "requirement", finding->requirement, finding->source);
    write_fact(out, "expected", finding->expected, NULL);
    fputs("<dt>actual</dt><dd>", out);
    write_excerpt(out, finding->actual ? finding->actual : finding->message, LINE_BUDGET, 0, escape_html);
    describe_place(out, finding, escape_html);
    fputs("</dd></dl>", out);
}

static void write_finding(FILE *out, const struct result_finding *finding)
{
    static const char *const classes[] = {"skip", "skip", "warn", "fail"};
    const char *class_name = classes[finding->severity <= CC_ERROR ? finding->severity : CC_ERROR];
    fprintf(out, "<div class=\"finding %s\"><h4><span class=\"badge %s\">%s</span> ", class_name, class_name, level_label(finding->level));
    html_element(out, "code", "rule", finding->rule);
    fputs("</h4>", out);
    if (finding->actual)
        html_element(out, "p", "message", finding->message);
    html_finding_facts(out, finding);
    fputs("</div>\n", out);
}

static void write_meta(FILE *out, const struct case_result *result)
{
    fputs("<p class=\"meta\">", out);
    html_element(out, "span", "level", result->level ? level_label(result->level) : NULL);
    html_element(out, "span", "spec", result->spec);
    if (result->file && *result->file) {
        fputs("<span class=\"mono\">", out);
        escape_html(out, result->file);
        fprintf(out, ":%zu</span>", result->line);
    }
    fprintf(out, "<span>%zu checks</span>", result->assertions);
    for (size_t i = 0; result->tags && result->tags[i]; i++) {
        fputs("<span>tag ", out);
        escape_html(out, result->tags[i]);
        fputs("</span>", out);
    }
    fputs("</p>\n", out);
}

static void write_summary(FILE *out, const struct case_result *result)
{
    enum outcome outcome = state_outcome(result->state);
    fprintf(out, "<details class=\"case %s\"><summary><span class=\"badge %s\">%s</span>", outcome_name(outcome), outcome_name(outcome),
            case_state_name(result->state));
    html_element(out, "span", "name", result->id);
    fputs("<span class=\"gist\">", out);
    write_excerpt(out, result->state == CASE_PASS ? result->title : case_blame(result).message, 300, 0, escape_html);
    fputs("</span><span class=\"time\">", out);
    write_seconds(out, result->duration_ms);
    fputs(" s</span></summary>\n", out);
}

bool html_case(FILE *out, const struct case_result *result, size_t number)
{
    size_t budget = result->state == CASE_PASS ? PASSED_BODY_BUDGET : BODY_BUDGET;
    bool fine = true;
    write_summary(out, result);
    fprintf(out, "<div class=\"body\" id=\"case-%zu\">\n", number);
    html_element(out, "p", "title", result->title);
    write_meta(out, result);
    if (result->finding_count == 0)
        html_element(out, "p", "reason", result->reason);
    for (size_t i = 0; i < result->finding_count; i++)
        write_finding(out, &result->findings[i]);
    for (size_t i = 0; fine && i < result->exchange_count; i++)
        fine = write_exchange(out, &result->exchanges[i], budget);
    fputs("</div></details>\n", out);
    return fine;
}
