/* html_case.c: one case on the page: what is wrong with it, and what went over the wire, request and answer side by side. */
#include "harness/base/words.h"
#include "reports/describe.h"
#include "reports/html.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_BUDGET = 16 * 1024, PASSED_BODY_BUDGET = 4 * 1024, LINE_BUDGET = 1000, CURL_BUDGET = 32 * 1024 };

void html_element(FILE *out, const char *element, const char *class_name, const char *text)
{
    if (!text || !*text)
        return;
    fprintf(out, "<%s class=\"%s\">", element, class_name);
    write_excerpt(out, text, LINE_BUDGET, 0, escape_html);
    fprintf(out, "</%s>", element);
}

/* One side of an exchange. */
struct side {
    const char *caption, *headers, *body;
    size_t whole; /* bytes of the body on the wire; 0: what it has */
    const struct html_mark *marks;
    size_t mark_count;
};

static bool write_side(FILE *out, const struct side *side, size_t budget)
{
    const char *headers = side->headers;
    fprintf(out, "<figure><figcaption>%s</figcaption>", side->caption);
    if (headers && *headers) {
        fputs("<pre class=\"headers\">", out);
        write_excerpt(out, headers, BODY_BUDGET, 0, escape_html);
        fputs("</pre>", out);
    }
    bool fine = true;
    if (side->body && *side->body)
        fine = html_body(out, side->body, budget, side->whole, side->marks, side->mark_count);
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

/* The marks of the findings about one side of an exchange; how many. */
static size_t collect_marks(struct html_mark *marks, const struct case_result *result, size_t index, bool of_request)
{
    size_t count = 0;
    for (size_t i = 0; i < result->finding_count; i++) {
        const struct result_finding *f = &result->findings[i];
        if (f->exchange != index || f->in == CC_IN_HTTP || (f->in == CC_IN_REQUEST) != of_request || (!f->offset && !(f->pointer && *f->pointer)))
            continue;
        bool line = f->rule && (begins(f->rule, "json.") || begins(f->rule, "stream.sse.") || begins(f->rule, "stream.done."));
        marks[count++] = (struct html_mark){f->offset, line, f->severity, f->rule};
    }
    return count;
}

static bool write_pair(FILE *out, const struct case_result *result, size_t index, size_t budget)
{
    const struct result_exchange *exchange = &result->exchanges[index];
    struct html_mark *marks = calloc(2 * result->finding_count + 1, sizeof *marks);
    if (!marks)
        return false;
    size_t asked = collect_marks(marks, result, index, true), answered = collect_marks(marks + asked, result, index, false);
    struct side request = {"Request", exchange->request_headers, exchange->request, 0, marks, asked};
    struct side answer = {"Answer", exchange->response_headers, exchange->response, exchange->response_length, marks + asked, answered};
    fputs("<div class=\"pair\">\n", out);
    bool fine = write_side(out, &request, budget) && write_side(out, &answer, budget);
    fputs("</div>", out);
    free(marks);
    return fine;
}

/* The time of the exchange from left to right, and when how many events came. */
static void write_timeline(FILE *out, const char *timeline)
{
    if (!*timeline)
        return;
    fputs("<p class=\"timeline\" title=\"when events came, from the request to the end\">", out);
    for (; *timeline; timeline++)
        fprintf(out, "<span class=\"t%c\"></span>", *timeline);
    fputs("</p>\n", out);
}

static bool write_exchange(FILE *out, const struct case_result *result, size_t index, size_t budget)
{
    const struct result_exchange *exchange = &result->exchanges[index];
    fputs("<div class=\"exchange\">", out);
    write_exchange_head(out, exchange);
    if (exchange->stream.known) {
        fputs("<p class=\"none\">", out);
        write_stream_times(out, &exchange->stream);
        fputs("</p>\n", out);
        write_timeline(out, exchange->stream.timeline);
    }
    if (exchange->fault)
        html_element(out, "p", "none", exchange->why);
    bool fine = write_pair(out, result, index, budget);
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

void html_finding_facts(FILE *out, const struct result_finding *finding, bool one_of_many)
{
    fputs("<dl class=\"why\">", out);
    write_fact(out, requirement_label(finding, one_of_many), finding->requirement, finding->source);
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
    html_finding_facts(out, finding, false);
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
    fprintf(out, "<details class=\"case %s %s\"><summary><span class=\"badge %s\">%s</span>", outcome_name(outcome), cc_level_name(result->level),
            outcome_name(outcome), case_state_name(result->state));
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
        fine = write_exchange(out, result, i, budget);
    fputs("</div></details>\n", out);
    return fine;
}
