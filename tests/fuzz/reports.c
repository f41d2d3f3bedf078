/* reports.c: whatever an endpoint says, each report is well-formed: XML that closes what it opens, a page of our own markup only, JSON, and no
 * byte that a terminal takes amiss. */
#include "tests/fuzz/fuzz.h"

#include "reports/report.h"
#include "tests/markup.h"

#include <json-c/json.h>
#include <string.h>

static bool console(FILE *out, const struct run_result *run) { return report_console(out, run, false); }
static bool capabilities(FILE *out, const struct run_result *run) { return report_capabilities_text(out, run, false); }

/* The same run twice, but each case and capability has the fate of the next. */
static bool compare(FILE *out, const struct run_result *run, const char *format)
{
    struct case_result test = *run->cases;
    struct capability_result can = *run->capabilities;
    const struct run_result runs[] = {*run, {.version = run->version, .profile = run->profile, .target = run->target, .model = run->model, .cases = &test,
                                             .case_count = 1, .capabilities = &can, .capability_count = 1, .verdict = run->verdict}};
    const char *const names[] = {run->target, "b"};
    test.state = (enum case_state)((test.state + 1) % CASE_STATE_COUNT);
    can.verdict = (enum capability_verdict)((can.verdict + 1) % CAPABILITY_VERDICT_COUNT);
    return report_compare(out, format, runs, names, 2);
}

static bool compare_text(FILE *out, const struct run_result *run) { return compare(out, run, "text"); }
static bool compare_markdown(FILE *out, const struct run_result *run) { return compare(out, run, "markdown"); }
static bool compare_html(FILE *out, const struct run_result *run) { return compare(out, run, "html"); }

static void check_json(const char *text, size_t length)
{
    struct json_object *object = NULL;
    MUST(cc_read_object(text, length, NULL, &object, NULL, 0));
    json_object_put(object);
}

static void check_lines(const char *text, size_t length)
{
    (void)length;
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) check_json(text, (size_t)(end - text));
    MUST(*text == '\0');
}

static void check_xml(const char *text, size_t length) { MUST(length && !markup_xml_fault(text)); }
static void check_html(const char *text, size_t length) { MUST(length && !markup_html_fault(text)); }
static void check_markdown(const char *text, size_t length) { MUST(length && !markup_markdown_fault(text)); }
static void check_text(const char *text, size_t length) { MUST(length && text[length - 1] == '\n'); }

/* Whatever is written, and how it is judged beside that a terminal may be shown it. */
static const struct {
    bool (*write)(FILE *out, const struct run_result *run);
    void (*check)(const char *text, size_t length);
} writers[] = {
    {report_junit, check_xml}, {report_junit_surefire, check_xml}, {report_html, check_html}, {report_markdown, check_markdown},
    {report_json, check_json}, {report_ndjson, check_lines}, {report_tap, check_text}, {console, check_text},
    {capabilities, check_text}, {report_capabilities_markdown, check_markdown}, {report_capabilities_json, check_json},
    {compare_text, check_text}, {compare_markdown, check_markdown}, {compare_html, check_html},
};
enum { WRITERS = sizeof writers / sizeof *writers };

static void check_writer(size_t which, const struct run_result *run)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    MUST(out && writers[which].write(out, run));
    MUST(fclose(out) == 0 && strlen(text) == length);
    MUST(harmless_on_terminal(text, length));
    writers[which].check(text, length);
    free(text);
}

/* The first byte says which of them writes the rest; 'b' is the first. */
void fuzz_reports(const char *bytes, size_t size)
{
    if (size == 0) return;
    size_t which = (unsigned char)bytes[0] % WRITERS;
    char *spice = fuzz_copy(bytes + 1, size - 1), name[] = "name", *tags[] = {spice, NULL};
    struct result_finding finding = {.rule = spice, .level = CC_MUST, .severity = CC_ERROR, .pointer = spice, .message = spice,
                                     .requirement = spice, .source = spice, .expected = spice, .actual = spice};
    struct result_exchange exchange = {.purpose = spice, .method = spice, .url = spice, .request = spice, .request_headers = spice, .status = 200,
                                       .response_headers = spice, .response = spice, .response_length = size, .curl = spice, .why = spice};
    struct case_result test = {.suite = spice, .id = spice, .title = spice, .file = spice, .line = 3, .level = CC_MUST, .spec = spice, .tags = tags,
                               .state = (enum case_state)(size % CASE_STATE_COUNT), .reason = spice, .findings = &finding, .finding_count = 1,
                               .exchanges = &exchange, .exchange_count = 1};
    struct capability_result can = {.name = spice, .verdict = (enum capability_verdict)(size % CAPABILITY_VERDICT_COUNT), .tries = 1, .evidence = spice};
    struct run_result run = {.version = name, .profile = name, .target = spice, .model = spice, .hostname = spice, .cases = &test, .case_count = 1,
                             .capabilities = &can, .capability_count = 1, .verdict = spice};
    check_writer(which, &run);
    free(spice);
}
