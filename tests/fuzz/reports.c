/* reports.c: whatever an endpoint says, each report is well-formed: XML that closes what it opens, a page of our own markup only, JSON, and no
 * byte that a terminal takes amiss. */
#include "tests/fuzz/fuzz.h"

#include "reports/report.h"
#include "tests/markup.h"

#include <json-c/json.h>
#include <string.h>

static char *written(const struct report_writer *writer, const struct run_result *run, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    MUST(out && writer->write(out, run));
    MUST(fclose(out) == 0 && strlen(text) == *length);
    return text;
}

static void check_json(const char *text, size_t length)
{
    struct json_object *object = NULL;
    MUST(cc_read_object(text, length, NULL, &object, NULL, 0));
    json_object_put(object);
}

static void check_lines(const char *text)
{
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) check_json(text, (size_t)(end - text));
    MUST(*text == '\0');
}

/* What nobody reads as markup holds no markup of a server's. */
static void check_markdown(const char *text)
{
    size_t fences = 0;
    for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) fences += strncmp(line, "```", 3) == 0;
    MUST(fences % 2 == 0);
}

static void check_format(const char *name, const char *text, size_t length)
{
    MUST(harmless_on_terminal(text, length));
    if (strncmp(name, "junit", 5) == 0) MUST(!markup_xml_fault(text));
    if (strcmp(name, "html") == 0) MUST(!markup_html_fault(text));
    if (strcmp(name, "json") == 0) check_json(text, length);
    if (strcmp(name, "ndjson") == 0) check_lines(text);
    if (strcmp(name, "markdown") == 0) check_markdown(text);
}

static void check_console(const struct run_result *run)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    MUST(out && report_console(out, run, false));
    MUST(fclose(out) == 0 && harmless_on_terminal(text, length));
    free(text);
}

void fuzz_reports(const char *bytes, size_t size)
{
    char *spice = fuzz_copy(bytes, size), name[] = "name", *tags[] = {spice, NULL};
    size_t length;
    struct result_finding finding = {.rule = spice, .level = CC_MUST, .severity = CC_ERROR, .pointer = spice, .message = spice,
                                     .requirement = spice, .source = spice, .expected = spice, .actual = spice};
    struct result_exchange exchange = {.purpose = spice, .method = spice, .url = spice, .request = spice, .request_headers = spice, .status = 200,
                                       .response_headers = spice, .response = spice, .response_length = size, .curl = spice, .why = spice};
    struct case_result test = {.suite = spice, .id = spice, .title = spice, .file = spice, .line = 3, .level = CC_MUST, .spec = spice, .tags = tags,
                               .state = (enum case_state)(size % CASE_STATE_COUNT), .reason = spice, .findings = &finding, .finding_count = 1,
                               .exchanges = &exchange, .exchange_count = 1};
    struct run_result run = {.version = name, .profile = name, .target = spice, .model = spice, .hostname = spice, .cases = &test, .case_count = 1,
                             .verdict = spice};
    for (const struct report_writer *writer = report_writers; writer->name; writer++) {
        char *text = written(writer, &run, &length);
        check_format(writer->name, text, length);
        free(text);
    }
    check_console(&run);
    free(spice);
}
