/* targets.c: the table of targets, and what they share. */
#include "tests/fuzz/fuzz.h"

#include <string.h>

const struct fuzz_target fuzz_targets[] = {
    {"reader", fuzz_reader},       {"request", fuzz_request}, {"response", fuzz_response},   {"exchange", fuzz_exchange},
    {"sse", fuzz_sse},             {"stream", fuzz_stream},   {"aggregate", fuzz_aggregate}, {"yaml", fuzz_yaml},
    {"reports", fuzz_reports},     {"redactor", fuzz_redactor}, {"matcher", fuzz_matcher},   {"pattern", fuzz_pattern},
    {"schema", fuzz_schema},       {"wire", fuzz_wire},       {"options", fuzz_options},     {"generator", fuzz_generator},
    {"shrink", fuzz_shrink},       {NULL, NULL},
};

bool fuzz_on_time;

void fuzz_check_report(const struct cc_report *report, size_t size)
{
    MUST(report);
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        MUST(f->rule && f->message && *f->message && f->pointer && f->line > 0 && f->column > 0);
        MUST(f->offset <= size);
        MUST(cc_rule_find(f->rule->id) == f->rule);
    }
    MUST(report->count + report->dropped == report->errors + report->warnings + report->notes);
}

struct cc_checker *fuzz_checker(unsigned profile, int which)
{
    static struct cc_checker *kept[2][CC_OPENAI + 1];
    struct cc_options options = {.profile = profile};
    if (!kept[which][profile]) kept[which][profile] = cc_checker_new(&options);
    MUST(kept[which][profile]);
    return kept[which][profile];
}

char *fuzz_copy(const char *bytes, size_t size)
{
    char *copy = malloc(size + 1);
    MUST(copy);
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

bool fuzz_part(const char *bytes, size_t size, size_t *first, const char **second, size_t *second_size)
{
    const char *end = size ? memchr(bytes, '\0', size) : NULL;
    *first = end ? (size_t)(end - bytes) : size;
    *second = end ? end + 1 : bytes + size;
    *second_size = size - (size_t)(*second - bytes);
    return end != NULL;
}
