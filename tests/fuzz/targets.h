/* targets.h: what is fuzzed of this program itself, one function a target: it takes any bytes, and must neither crash nor break a promise.
 *
 * libfuzzer.c makes a libFuzzer program of one of them (make fuzz); tests/test_fuzz_corpus.c replays the committed inputs with any compiler. */
#ifndef FUZZ_TARGETS_H
#define FUZZ_TARGETS_H

#include "chatconform.h"
#include "fuzzer/js.h"
#include "fuzzer/schema.h"
#include "fuzzer/shrink.h"
#include "fuzzer/wild.h"
#include "harness/redact.h"
#include "harness/result.h"
#include "harness/yaml.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A promise that does not hold ends the process, as a crash does. */
#define MUST(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition); \
            abort(); \
        } \
    } while (0)

static inline const char *fuzz_text(const unsigned char *bytes) { return (const char *)bytes; }

/* --- reader: what is read is JSON, and reads the same when it is written again */

static inline bool fuzz_has_stopped(const struct cc_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const char *id = report->findings[i].rule->id;
        if (strcmp(id, "json.syntax") == 0 || strcmp(id, "json.utf8") == 0 || strncmp(id, "json.limit.", 11) == 0) return true;
    }
    return false;
}

static inline void fuzz_reader(const unsigned char *bytes, size_t size)
{
    struct json_object *once = NULL, *twice = NULL;
    char why[256] = "";
    bool read = cc_read_object(fuzz_text(bytes), size, NULL, &once, why, sizeof why);
    struct cc_checker *checker = cc_checker_new(NULL);
    const struct cc_report *report = cc_check(checker, CC_AUTO, fuzz_text(bytes), size);
    MUST(report && (read || *why));
    MUST(read || report->count); /* keys with NULs are read, but json-c cannot hold them */
    MUST(!read || !fuzz_has_stopped(report));
    if (read) {
        size_t length;
        const char *text = js_write(once, &length);
        MUST(cc_read_object(text, length, NULL, &twice, why, sizeof why));
        MUST(json_object_equal(once, twice));
    }
    json_object_put(once);
    json_object_put(twice);
    cc_checker_free(checker);
}

/* --- documents: each finding has a place, and judging again says the same */

static inline void fuzz_check_places(const struct cc_report *report, size_t size)
{
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        MUST(f->rule && f->message && *f->message && f->pointer && f->line > 0 && f->column > 0);
        MUST(f->offset <= size);
        MUST(cc_rule_find(f->rule->id) == f->rule);
    }
    MUST(report->count + report->dropped == report->errors + report->warnings + report->notes);
}

static inline void fuzz_document(enum cc_kind kind, const unsigned char *bytes, size_t size)
{
    for (unsigned profile = CC_NEWAPI; profile <= CC_OPENAI; profile++) {
        struct cc_options options = {.profile = profile};
        struct cc_checker *warm = cc_checker_new(&options), *fresh = cc_checker_new(&options);
        const struct cc_report *first = cc_check(warm, kind, fuzz_text(bytes), size);
        MUST(first);
        fuzz_check_places(first, size);
        size_t errors = first->errors, warnings = first->warnings, count = first->count;
        cc_check(warm, kind, "{\"model\": 7, \"choices\": {}}", 27);
        const struct cc_report *again = cc_check(warm, kind, fuzz_text(bytes), size), *other = cc_check(fresh, kind, fuzz_text(bytes), size);
        MUST(again->errors == errors && again->warnings == warnings && again->count == count);
        MUST(other->errors == errors && other->warnings == warnings && other->count == count);
        cc_checker_free(warm);
        cc_checker_free(fresh);
    }
}

static inline void fuzz_request(const unsigned char *bytes, size_t size) { fuzz_document(CC_REQUEST, bytes, size); }
static inline void fuzz_response(const unsigned char *bytes, size_t size) { fuzz_document(CC_RESPONSE, bytes, size); }
static inline void fuzz_exchange(const unsigned char *bytes, size_t size) { fuzz_document(CC_EXCHANGE, bytes, size); }

/* --- streams: however the bytes are split, the same is found */

static inline void fuzz_stream_once(const unsigned char *bytes, size_t size, size_t step, size_t found[3])
{
    struct cc_stream *stream = cc_stream_new(NULL, "{\"model\":\"m\",\"stream\":true}", 27);
    bool open = stream != NULL;
    MUST(stream);
    for (size_t at = 0; at < size && open; at += step) open = cc_stream_feed(stream, fuzz_text(bytes) + at, size - at < step ? size - at : step);
    cc_stream_end(stream, false);
    const struct cc_report *report = cc_stream_report(stream);
    struct json_object *answer = cc_stream_answer(stream);
    MUST(report);
    found[0] = report->errors, found[1] = report->warnings, found[2] = report->count;
    json_object_put(answer);
    cc_stream_free(stream);
}

static inline void fuzz_stream(const unsigned char *bytes, size_t size)
{
    size_t whole[3], split[3], step = size > 0 ? bytes[0] % 13 + 1 : 1;
    fuzz_stream_once(bytes, size, size ? size : 1, whole);
    fuzz_stream_once(bytes, size, step, split);
    MUST(memcmp(whole, split, sizeof whole) == 0);
    fuzz_document(CC_STREAM, bytes, size);
}

/* --- YAML: it is read, and is JSON, or there is a sentence with a place */

static inline void fuzz_yaml(const unsigned char *bytes, size_t size)
{
    struct yaml_text text = {0};
    char why[1024] = "";
    bool read = yaml_read_bytes(&text, "", "f.yaml", fuzz_text(bytes), size, NULL, why, sizeof why);
    MUST(read || strncmp(why, "f.yaml", 6) == 0);
    if (read) {
        struct json_object *object = NULL;
        MUST(cc_read_object(text.json, text.length, NULL, &object, NULL, 0));
        json_object_put(object);
        struct cc_checker *checker = cc_checker_new(NULL);
        const struct cc_report *report = cc_check(checker, CC_SUITE, text.json, text.length);
        for (size_t i = 0; i < report->count; i++) {
            const char *file;
            size_t line, column;
            yaml_place(&text, report->findings[i].offset, &file, &line, &column);
            MUST(line > 0 && column > 0);
        }
        cc_checker_free(checker);
    }
    yaml_clear(&text);
}

/* --- redactor: what goes in as a secret does not come out, and what has come out stays as it is */

static inline bool fuzz_holds(const char *text, size_t length, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= length; i++)
        if (memcmp(text + i, word, size) == 0) return true;
    return false;
}

static inline void fuzz_redactor(const unsigned char *bytes, size_t size)
{
    static const char secret[] = "sk-5eCr3t/Key+of-mine_42", other[] = "Zm9vYmFyYmF6cXV4";
    struct redactor *redactor = redactor_new();
    size_t once_length, twice_length;
    MUST(redactor_add(redactor, secret, "$KEY") && redactor_add(redactor, other, "$OTHER"));
    char *once = redact_text(redactor, fuzz_text(bytes), size, &once_length);
    MUST(once);
    char *twice = redact_text(redactor, once, once_length, &twice_length);
    MUST(!fuzz_holds(once, once_length, secret) && !fuzz_holds(once, once_length, other));
    MUST(once_length == twice_length && memcmp(once, twice, once_length) == 0);
    free(once);
    free(twice);
    redactor_free(redactor);
}

/* --- reports: whatever an endpoint says, each report is well-formed */

static inline char *fuzz_write(bool (*write)(FILE *out, const struct run_result *run), const struct run_result *run, size_t *length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, length);
    MUST(out && write(out, run));
    fclose(out);
    return text;
}

/* No character that XML 1.0 lacks, every tag closed by its name, no loose < or &. */
static inline void fuzz_check_xml(const char *text)
{
    const char *open[64];
    size_t depth = 0;
    for (const char *c = text; *c; c++) {
        MUST((unsigned char)*c >= ' ' || strchr("\n\r\t", *c));
        if (*c == '&') MUST(strchr(c, ';') && strchr(c, ';') - c < 10);
        if (*c != '<') continue;
        const char *end = strchr(c, '>');
        MUST(end);
        if (c[1] == '/') {
            MUST(depth > 0);
            const char *name = open[--depth];
            MUST(strncmp(c + 2, name, (size_t)(end - c - 2)) == 0);
        } else if (c[1] != '?' && c[1] != '!' && end[-1] != '/') {
            MUST(depth < 64);
            open[depth++] = c + 1;
        }
        c = end;
    }
    MUST(depth == 0);
}

static inline void fuzz_reports(const unsigned char *bytes, size_t size)
{
    char *spice = malloc(size + 1), name[] = "name", *tags[] = {NULL, NULL};
    size_t length;
    MUST(spice);
    memcpy(spice, bytes, size);
    spice[size] = '\0';
    tags[0] = spice;
    struct result_finding finding = {.rule = spice, .level = CC_MUST, .severity = CC_ERROR, .pointer = spice, .message = spice,
                                     .requirement = spice, .source = spice, .expected = spice, .actual = spice};
    struct result_exchange exchange = {.purpose = spice, .method = spice, .url = spice, .request = spice, .request_headers = spice, .status = 200,
                                       .response_headers = spice, .response = spice, .response_length = size, .curl = spice, .why = spice};
    struct case_result test = {.suite = spice, .id = spice, .title = spice, .file = spice, .line = 3, .level = CC_MUST, .spec = spice, .tags = tags,
                               .state = CASE_FAIL, .reason = spice, .findings = &finding, .finding_count = 1, .exchanges = &exchange,
                               .exchange_count = 1};
    struct run_result run = {.version = name, .profile = name, .target = spice, .model = spice, .hostname = spice, .cases = &test, .case_count = 1,
                             .verdict = spice};
    char *xml = fuzz_write(report_junit, &run, &length);
    fuzz_check_xml(xml);
    free(xml);
    char *json = fuzz_write(report_json, &run, &length);
    struct json_object *object = NULL;
    MUST(cc_read_object(json, length, NULL, &object, NULL, 0));
    json_object_put(object);
    free(json);
    static bool (*const others[])(FILE *, const struct run_result *) = {report_ndjson, report_html, report_markdown, report_tap};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) free(fuzz_write(others[i], &run, &length));
    free(spice);
}

/* --- schemas: an instance is always made, and a check always ends */

static inline void fuzz_schema(const unsigned char *bytes, size_t size)
{
    struct rng rng = rng_new(size, 1);
    struct json_object *schema = js_read_bytes(fuzz_text(bytes), size), *made = schema_instance(&rng, schema);
    size_t length;
    const char *text = js_write(made, &length);
    struct cc_schema *compiled = cc_schema_new(fuzz_text(bytes), size, NULL);
    struct cc_schema_judge *judge = cc_schema_judge_new();
    const struct cc_schema_report *report = cc_schema_check(judge, compiled, text, length);
    MUST(report && (report->verdict != CC_SCHEMA_BROKEN || report->count));
    MUST(report->verdict != CC_SCHEMA_UNDECIDED || report->why);
    cc_schema_judge_free(judge);
    cc_schema_free(compiled);
    json_object_put(made);
    json_object_put(schema);
}

/* --- shrinking: it ends, and keeps what it is to keep */

static inline bool fuzz_is_long(void *context, struct json_object *candidate, long *cost)
{
    size_t length;
    (void)cost;
    js_write(candidate, &length);
    return length >= *(const size_t *)context;
}

static inline void fuzz_shrink(const unsigned char *bytes, size_t size)
{
    struct json_object *payload = js_read_bytes(fuzz_text(bytes), size);
    size_t length, least, wanted;
    char pointer[256];
    struct rng rng = rng_new(size, 2);
    js_write(payload, &length);
    wanted = length / 3;
    pointer_random(&rng, payload, pointer, sizeof pointer);
    struct shrinking s = {.still = fuzz_is_long, .context = &wanted, .budget = 300, .pointer = pointer};
    struct json_object *small = shrink(&s, payload);
    js_write(small, &least);
    MUST(least >= wanted && s.spent <= 300 && s.tries <= SHRINK_TRIES_MAX);
    json_object_put(wild_value(&rng, place_at(payload, pointer), payload));
    json_object_put(small);
    json_object_put(payload);
}

/* --- all of them */

struct fuzz_target {
    const char *name; /* also of the folder with its inputs: tests/fuzz/corpus/NAME */
    void (*run)(const unsigned char *bytes, size_t size);
};

static const struct fuzz_target fuzz_targets[] = {
    {"reader", fuzz_reader}, {"request", fuzz_request},   {"response", fuzz_response}, {"exchange", fuzz_exchange}, {"stream", fuzz_stream},
    {"yaml", fuzz_yaml},     {"redactor", fuzz_redactor}, {"reports", fuzz_reports},   {"schema", fuzz_schema},     {"shrink", fuzz_shrink},
};

enum { FUZZ_TARGETS = sizeof fuzz_targets / sizeof *fuzz_targets };

#endif
