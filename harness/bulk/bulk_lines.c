/* bulk_lines.c: recorded requests, line by line: a bare request, or an exchange whose request is taken. What cannot be sent is said with its
 * place; nothing here ends a run but a file that cannot be read on. */
#include "harness/bulk/bulk_parts.h"

#include "harness/base/jo.h"
#include "harness/base/limit.h"
#include "harness/base/why.h"

#include <stdlib.h>
#include <string.h>

/* --- reading */

bool bulk_lines_open(struct bulk_lines *lines, const struct options *options, const char *name, const char *model, char *why, size_t why_size)
{
    struct cc_options judging = {.profile = options->profile, .limits = options->limits};
    *lines = (struct bulk_lines){.options = options, .model = model, .checker = cc_checker_new(&judging)};
    if (!lines->checker) return why_no_memory(why, why_size);
    if (!line_reader_open(&lines->reader, name, limit_in_force("bytes", options->limits.bytes), why, why_size)) return false;
    lines->total = line_reader_count(&lines->reader); /* a file that is too long is known before anything is sent */
    return lines->total <= BULK_LINES_MOST ||
           why_not(why, why_size, "%s has %zu lines; %d are taken at most: cut it into several files", name, lines->total, BULK_LINES_MOST);
}

void bulk_lines_close(struct bulk_lines *lines)
{
    line_reader_close(&lines->reader);
    cc_checker_free(lines->checker);
    *lines = (struct bulk_lines){0};
}

bool bulk_lines_next(struct bulk_lines *lines, char *why, size_t why_size)
{
    struct line_reader *reader = &lines->reader;
    do {
        if (!line_reader_next(reader, why, why_size)) return false;
        while (reader->length && strchr("\r \t", reader->text[reader->length - 1])) reader->length--;
    } while (!reader->length);
    lines->count++;
    if (reader->line <= BULK_LINES_MOST) return true;
    return why_not(why, why_size, "%s has more than %d lines, and no more are taken", reader->name, BULK_LINES_MOST);
}

/* --- making a request */

uint64_t bulk_hash(struct json_object *request)
{
    uint64_t hash = 0xCBF29CE484222325u; /* FNV-1a */
    size_t length = 0;
    const char *text = jo_write(request, &length);
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 0x100000001B3u;
    return hash ? hash : 1;
}

static void replace_members(const struct bulk_lines *lines, struct json_object *request)
{
    if (lines->model) jo_put(request, "model", jo_string(lines->model));
    if (lines->options->stream) jo_put(request, "stream", jo_bool(true));
    if (!lines->options->no_stream) return;
    json_object_object_del(request, "stream");
    json_object_object_del(request, "stream_options");
}

/* Where the line is no JSON at all the judge knows the place. */
static void say_no_json(struct bulk_lines *lines, const char *else_why, char *why, size_t size)
{
    const struct cc_report *report = cc_check(lines->checker, CC_REQUEST, lines->reader.text, lines->reader.length);
    const struct cc_finding *f = report && report->count ? &report->findings[0] : NULL;
    bool reading = f && strncmp(f->rule->id, "json.", 5) == 0;
    why_not(why, size, "%s:%zu:%zu: %s", lines->reader.name, lines->reader.line, reading ? f->column : 1, reading ? f->message : else_why);
}

/* The request in the line at hand, to be put; NULL with one sentence. */
static struct json_object *read_request(struct bulk_lines *lines, char *why, size_t size)
{
    struct json_object *whole = NULL, *request;
    char inner[512];
    if (!cc_read_object(lines->reader.text, lines->reader.length, &lines->options->limits, &whole, inner, sizeof inner)) {
        say_no_json(lines, inner, why, size);
        return NULL;
    }
    request = jo_has(whole, "request") ? jo_get(whole, "request") : whole;
    if (jo_is_object(request)) json_object_get(request);
    else
        why_not(why, size, "%s:%zu:1: %s", lines->reader.name, lines->reader.line,
                request == whole ? "the line is no object, so it is no request" : "the request of this exchange is no object");
    if (!jo_is_object(request)) request = NULL;
    json_object_put(whole);
    return request;
}

struct bulk_request *bulk_request_new(struct bulk_lines *lines, char *why, size_t why_size)
{
    struct bulk_request *made = calloc(1, sizeof *made);
    struct json_object *request = made ? read_request(lines, why, why_size) : NULL;
    char id[32];
    if (!made) why_no_memory(why, why_size);
    if (!request) {
        free(made);
        return NULL;
    }
    snprintf(id, sizeof id, "line-%zu", lines->reader.line);
    made->line = lines->reader.line;
    made->hash = bulk_hash(request);
    replace_members(lines, request);
    if (jo_lost()) { /* what is half replaced is not what was asked for */
        why_no_memory(why, why_size);
        json_object_put(request);
        free(made);
        return NULL;
    }
    made->stream = jo_true(jo_get(request, "stream"));
    made->tools = jo_length(jo_get(request, "tools")) > 0;
    made->step = (struct suite_step){.request = request, .verbatim = true};
    made->test = (struct suite_case){.id = strdup(id), .title = strdup(id), .level = CC_MUST, .steps = &made->step, .step_count = 1,
                                     .repeat_times = 1, .repeat_pass = 1};
    return made;
}

void bulk_request_free(struct bulk_request *request)
{
    if (!request) return;
    free(request->test.id);
    free(request->test.title);
    json_object_put(request->step.request);
    json_object_put(request->answer);
    free(request);
}

/* --- judging it */

/* The column of that rule's finding in the line as it stands; 1 when the line as it stands has no such finding. */
static size_t column_of(struct bulk_lines *lines, const struct cc_rule *rule)
{
    const struct cc_report *report = cc_check(lines->checker, CC_AUTO, lines->reader.text, lines->reader.length);
    for (size_t i = 0; report && i < report->count; i++)
        if (report->findings[i].rule == rule && (report->findings[i].in == CC_IN_DOCUMENT || report->findings[i].in == CC_IN_REQUEST))
            return report->findings[i].column;
    return 1;
}

bool bulk_request_is_valid(struct bulk_lines *lines, const struct bulk_request *request, char *why, size_t why_size)
{
    size_t length = 0;
    const char *text = jo_write(request->step.request, &length);
    const struct cc_report *report = cc_check(lines->checker, CC_REQUEST, text, length);
    char message[512];
    if (!report) return why_no_memory(why, why_size);
    if (!report->errors) return true;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_rule *rule = report->findings[i].rule;
        if (report->findings[i].severity != CC_ERROR) continue;
        snprintf(message, sizeof message, "%s", report->findings[i].message);
        return why_not(why, why_size, "%s:%zu:%zu: %s [%s]", lines->reader.name, lines->reader.line, column_of(lines, rule), message, rule->id);
    }
    return why_not(why, why_size, "%s:%zu:1: the request is not valid", lines->reader.name, lines->reader.line);
}
