/* reporting.h: what the tests of the writers share: runs with hostile bytes in every text, and judges that are not ours. */
#ifndef REPORTING_H
#define REPORTING_H

#include "reports/parts.h"
#include "tests/markup.h"
#include "tests/testing.h"

#include <json-c/json.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

__attribute__((format(printf, 1, 2))) static inline char *words(const char *format, ...)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(memory);
    va_list list;
    va_start(list, format);
    vfprintf(memory, format, list);
    va_end(list);
    ck_assert_int_eq(fclose(memory), 0);
    return text;
}

static inline struct case_result *add_case(struct run_result *run, const char *suite, const char *id, enum case_state state)
{
    run->cases = realloc(run->cases, (run->case_count + 1) * sizeof *run->cases);
    ck_assert_ptr_nonnull(run->cases);
    struct case_result *added = &run->cases[run->case_count++];
    *added = (struct case_result){.suite = words("%s", suite), .id = words("%s", id), .state = state, .level = CC_MUST};
    return added;
}

static inline struct result_finding *add_finding(struct case_result *result, const char *rule, enum cc_severity severity, const char *message)
{
    result->findings = realloc(result->findings, (result->finding_count + 1) * sizeof *result->findings);
    ck_assert_ptr_nonnull(result->findings);
    struct result_finding *added = &result->findings[result->finding_count++];
    *added = (struct result_finding){.rule = words("%s", rule), .severity = severity, .message = words("%s", message)};
    added->level = severity == CC_ERROR ? CC_MUST : severity == CC_WARNING ? CC_SHOULD : CC_HABIT;
    return added;
}

static inline struct result_exchange *add_exchange(struct case_result *result)
{
    result->exchanges = realloc(result->exchanges, (result->exchange_count + 1) * sizeof *result->exchanges);
    ck_assert_ptr_nonnull(result->exchanges);
    struct result_exchange *added = &result->exchanges[result->exchange_count++];
    *added = (struct result_exchange){.purpose = words("step %zu", result->exchange_count), .status = 200, .first_byte_ms = 4, .total_ms = 9};
    return added;
}

static inline void spice_case(struct case_result *result, const char *spice)
{
    result->title = words("title %s", spice);
    result->file = words("suites/%s.yaml", spice);
    result->line = 7;
    result->spec = words("spec %s", spice);
    result->reason = words("reason %s", spice);
    result->tags = calloc(2, sizeof *result->tags);
    result->tags[0] = words("tag %s", spice);
    for (enum cc_severity severity = CC_NOTE; severity <= CC_ERROR; severity++) {
        struct result_finding *finding = add_finding(result, "some.rule", severity, "");
        free(finding->message);
        free(finding->rule);
        *finding = (struct result_finding){words("rule.%s", spice), finding->level, severity, severity == CC_NOTE ? CC_IN_REQUEST : CC_IN_EVENT, 0, 3, 5, words("/%s", spice),
                                           words("%s", spice), words("requirement %s", spice), words("source %s", spice),
                                           words("expected %s", spice), words("actual %s", spice)};
    }
    for (int i = 0; i < 2; i++) {
        struct result_exchange *exchange = add_exchange(result);
        free(exchange->purpose);
        *exchange = (struct result_exchange){.purpose = words("step %s", spice), .method = words("POST%s", spice), .url = words("http://h/%s", spice),
                                             .request = words("{\"a\":\"%s\"}", spice), .request_headers = words("X: %s", spice),
                                             .status = i ? 0 : 200, .response_headers = words("y: %s", spice), .response = words("%s", spice),
                                             .response_length = 99, .first_byte_ms = 1, .total_ms = 2, .fault = words("net.%s", spice),
                                             .why = words("why %s", spice), .curl = words("curl %s", spice)};
    }
}

static inline void add_figure(struct run_result *run, const char *group, const char *name, enum figure_unit unit, double value, double of)
{
    run->figures = realloc(run->figures, (run->figure_count + 1) * sizeof *run->figures);
    ck_assert_ptr_nonnull(run->figures);
    run->figures[run->figure_count++] = (struct result_figure){words("%s", group), words("%s", name), unit, value, of};
}

static inline void add_capability(struct run_result *run, const char *name, enum capability_verdict verdict, const char *evidence)
{
    run->capabilities = realloc(run->capabilities, (run->capability_count + 1) * sizeof *run->capabilities);
    ck_assert_ptr_nonnull(run->capabilities);
    run->capabilities[run->capability_count++] = (struct capability_result){words("%s", name), verdict, 3, words("%s", evidence)};
}

static inline void add_capabilities(struct run_result *run, const char *spice)
{
    for (int verdict = 0; verdict < CAPABILITY_VERDICT_COUNT; verdict++) {
        char *name = words("%s%d", spice, verdict);
        add_capability(run, name, (enum capability_verdict)verdict, spice);
        free(name);
    }
}

/* A case of each state in each of two suites, a figure of each unit and a capability of each verdict, with `spice` in every text. */
static inline struct run_result make_run(const char *spice)
{
    struct run_result run = {.version = words("0.1 %s", spice), .profile = words("p %s", spice), .target = words("%s", spice),
                             .model = words("m %s", spice), .hostname = words("h %s", spice), .seed = 42, .started = 1767225599, .duration_ms = 61234,
                             .exit_code = 1, .verdict = words("verdict %s", spice)};
    for (int i = 0; i < 2 * CASE_STATE_COUNT; i++) {
        char *suite = words("chat/%s%d", spice, i / CASE_STATE_COUNT), *id = words("%s-%d", spice, i);
        struct case_result *added = add_case(&run, suite, id, (enum case_state)(i % CASE_STATE_COUNT));
        spice_case(added, spice);
        added->duration_ms = i * 111;
        added->assertions = 3;
        free(suite);
        free(id);
    }
    for (int unit = 0; unit < FIGURE_UNIT_COUNT; unit++) add_figure(&run, spice, spice, (enum figure_unit)unit, unit - 1, 7);
    add_capabilities(&run, spice);
    return run;
}

/* A copy, because gcc takes what open_memstream made for a part of the variable that it is reached by. */
static inline char *render(bool (*write)(FILE *, const struct run_result *), const struct run_result *run, size_t *size)
{
    char *text = NULL;
    FILE *memory = open_memstream(&text, size);
    ck_assert_ptr_nonnull(memory);
    ck_assert(write(memory, run));
    ck_assert_int_eq(fclose(memory), 0);
    char *copy = strdup(text);
    ck_assert_ptr_nonnull(copy);
    ck_assert_uint_eq(strlen(copy), *size); /* no NUL in any report */
    free(text);
    return copy;
}

static const char *const hostile[] = {
    "plain", "", "]]>", "<![CDATA[x]]>", "<!--", "-->", "<script>alert(1)</script>", "</script><script>alert(1)</script>", "</pre><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)", "' onfocus='alert(1)' autofocus='", "<svg/onload=alert(1)>", "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>", "javascript:alert(1)", "<iframe srcdoc='<script>alert(1)</script>'>", "&lt;script&gt;", "&#0;&#x1f;&bogus;&",
    "<a href=\"javascript:alert(1)\">x</a>", "<base href=http://h/>", "<meta http-equiv=refresh content=0>", "</textarea><script>", "<!doctype x [<!ENTITY a 'b'>]>",
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b]52;c;aGk=\x1b\\", "\x1b]8;;http://h\x1b\\link", "\x9b" "31m", "\xc2\x9b" "31m", "\x7f\x08\x08", "a\rb", "a\r\nb\nc\td",
    "\xff\xfe", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xed\xb0\x80", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\x80",
    "\xef\xbf\xbe", "\xef\xbf\xbf", "\xef\xbf\xbd", "\xef\xbb\xbf", "\xf4\x8f\xbf\xbf", "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x94\xac", "\xe2\x80\xae" "gnp.exe", "\xe2\x81\xa6x",
    "\xe2\x80\x8f", "\xe2\x80\xa8\xe2\x80\xa9", "```\n# head\n```", "| a | b |", "@everyone #1 [x](http://h) ![y](z)", "=cmd()", "ok 1 # SKIP", "  ---\n  ...", "%s%n%100d",
    "\xe6\xbc\xa2\xe5\xad\x97", "a\\b\\\"c", "{\"a\":[1,{}]", "/", "//..//", "\\u0000\\ud800", "$(id) `id`",
    "https://h.example/x", "see http://h.example or www.h.example", "WWW.h.example", "www.", "a:/", "http:", "xmpp:a@b.example", "- item", "-", "+ item", "* item", "1. item",
    "23) item", "4.", "---", "- - -", "===", "    code", "\tcode", "\n\n    code", "# head", "> said", ":-: | :-:", "~~~", "**bold** ", "[^1]: note", ":smile:", "| a |\n|---|",
};
enum { HOSTILE_COUNT = sizeof hostile / sizeof hostile[0] };

/* Every byte but NUL, each between letters, so that no two make a character together. */
static inline char *all_bytes(void)
{
    char *text = malloc(3 * 256 + 1), *at = text;
    ck_assert_ptr_nonnull(text);
    for (int byte = 1; byte < 256; byte++) {
        *at++ = 'a';
        *at++ = (char)byte;
        *at++ = 'b';
    }
    *at = '\0';
    return text;
}

static inline void each_hostile(void (*judge)(const struct run_result *))
{
    char *bytes = all_bytes();
    for (int i = 0; i <= HOSTILE_COUNT; i++) {
        struct run_result run = make_run(i < HOSTILE_COUNT ? hostile[i] : bytes);
        judge(&run);
        run_result_clear(&run);
    }
    free(bytes);
}

static inline char *escaped(escape_fn *escape, const char *text)
{
    char *made = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&made, &size);
    ck_assert_ptr_nonnull(memory);
    escape(memory, text);
    ck_assert_int_eq(fclose(memory), 0);
    return made;
}

/* Whatever the case of its letters. */
static inline bool holds(const char *text, const char *part)
{
    for (; *text; text++)
        if (strncasecmp(text, part, strlen(part)) == 0)
            return true;
    return false;
}

static inline size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part))
        count++;
    return count;
}

/* Runs a program, gives it `input`, and returns its exit status and the first bytes that it prints. */
static inline int run_tool(char *const argv[], const char *input, size_t length, char *output, size_t output_size)
{
    FILE *in = tmpfile(), *out = tmpfile();
    ck_assert(in && out);
    ck_assert_uint_eq(fwrite(input, 1, length, in), length);
    ck_assert_int_eq(fflush(in), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        lseek(fileno(in), 0, SEEK_SET);
        dup2(fileno(in), 0);
        dup2(fileno(out), 1);
        dup2(fileno(out), 2);
        execvp(argv[0], argv);
        _exit(127);
    }
    int status = 0;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    rewind(out);
    output[fread(output, 1, output_size - 1, out)] = '\0';
    fclose(in);
    fclose(out);
    ck_assert_msg(WIFEXITED(status), "%s ended by a signal", argv[0]);
    ck_assert_msg(WEXITSTATUS(status) != 127, "%s is not installed: make deps", argv[0]);
    return WEXITSTATUS(status);
}

static inline int xmllint(const char *schema, const char *xml, size_t length, char *output, size_t output_size)
{
    char tool[] = "xmllint", noout[] = "--noout", huge[] = "--huge", flag[] = "--schema", path[4096], standard[] = "-";
    snprintf(path, sizeof path, "%s", schema ? schema : "");
    char *const with[] = {tool, noout, huge, flag, path, standard, NULL}, *const without[] = {tool, noout, huge, standard, NULL};
    return run_tool(schema ? with : without, xml, length, output, output_size);
}

static inline void assert_valid(const char *schema, const char *xml, size_t length)
{
    char output[4096];
    int status = xmllint(schema, xml, length, output, sizeof output);
    ck_assert_msg(status == 0, "xmllint: %s", output);
}

static inline struct json_object *read_json(const char *text, size_t length)
{
    struct json_object *object = NULL;
    char why[256] = "";
    const struct cc_limits limits = {.bytes = 64 * 1024 * 1024};
    ck_assert_msg(cc_read_object(text, length, &limits, &object, why, sizeof why), "%s in %.200s", why, text);
    return object;
}

/* A member of a report in JSON, which must be there. */
static inline struct json_object *member(struct json_object *object, const char *name)
{
    struct json_object *found = NULL;
    ck_assert_msg(json_object_object_get_ex(object, name, &found), "no member %s", name);
    return found;
}

static inline long number_of(struct json_object *object, const char *name)
{
    struct json_object *found = member(object, name);
    ck_assert(json_object_is_type(found, json_type_int));
    return (long)json_object_get_int64(found);
}

#endif
