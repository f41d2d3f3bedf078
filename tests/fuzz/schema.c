/* schema.c: JSON Schemas from outside, "SCHEMA NUL INSTANCE": a check always ends and says why when it cannot decide, {} takes everything,
 * false takes nothing, `not` turns a verdict around, and an instance can always be made. */
#include "tests/fuzz/fuzz.h"

#include "fuzzer/schema.h"
#include "harness/base/jo.h"

#include <string.h>

static struct cc_schema_judge *the_judge(void)
{
    static struct cc_schema_judge *judge;
    if (!judge) judge = cc_schema_judge_new();
    MUST(judge);
    return judge;
}

/* The verdict of a schema, asked for in both ways. */
static enum cc_schema_verdict verdict_of(const char *schema, size_t size, const char *text, size_t length)
{
    struct cc_schema_options narrow = {.limits = {.steps = 20000, .hops = 50, .levels = 200, .errors = 50}};
    struct cc_schema *compiled = cc_schema_new(schema, size, &narrow);
    MUST(compiled);
    const struct cc_schema_report *faults = cc_schema_faults(compiled), *report = cc_schema_check(the_judge(), compiled, text, length);
    MUST(faults && report);
    enum cc_schema_verdict verdict = report->verdict;
    MUST(verdict != CC_SCHEMA_BROKEN || report->count);
    MUST(verdict != CC_SCHEMA_HOLDS || !report->count);
    MUST((verdict == CC_SCHEMA_UNDECIDED) == (report->why != NULL) && report->count <= 50);
    MUST(faults->verdict == CC_SCHEMA_HOLDS || verdict == CC_SCHEMA_UNDECIDED);
    for (size_t i = 0; i < report->count; i++) MUST(report->errors[i].offset <= length && *report->errors[i].message);
    /* the first error ends the shorter way, so it may decide where the longer one runs out of steps */
    enum cc_schema_verdict shorter = cc_schema_decide(the_judge(), compiled, text, length);
    MUST(verdict == CC_SCHEMA_UNDECIDED || shorter == verdict);
    cc_schema_free(compiled);
    return verdict;
}

/* Wrapped into another schema its references would lead elsewhere. */
static bool stands_alone(const char *schema, size_t size)
{
    return !(size && memchr(schema, '$', size)) && !(size && memchr(schema, '\\', size));
}

static void check_opposite(const char *schema, size_t size, const char *text, size_t length, enum cc_schema_verdict verdict)
{
    char *wrapped = malloc(size + 16);
    MUST(wrapped);
    memcpy(wrapped, "{\"not\":", 7);
    memcpy(wrapped + 7, schema, size);
    wrapped[size + 7] = '}';
    enum cc_schema_verdict other = verdict_of(wrapped, size + 8, text, length);
    MUST(other == CC_SCHEMA_UNDECIDED || verdict == CC_SCHEMA_UNDECIDED || other != verdict);
    free(wrapped);
}

void fuzz_schema(const char *bytes, size_t size)
{
    size_t first, length, given;
    const char *second;
    struct rng rng = rng_new(size, 1);
    bool parted = fuzz_part(bytes, size, &first, &second, &given);
    struct json_object *schema = jo_read_bytes(bytes, first), *made = schema_instance(&rng, schema);
    struct json_object *value = parted ? jo_read_bytes(second, given) : NULL;
    const char *text = jo_write(value ? value : made, &length);
    MUST(text);
    enum cc_schema_verdict verdict = verdict_of(bytes, first, text, length);
    if (stands_alone(bytes, first)) check_opposite(bytes, first, text, length, verdict);
    MUST(verdict_of("{}", 2, text, length) == CC_SCHEMA_HOLDS && verdict_of("false", 5, text, length) == CC_SCHEMA_BROKEN);
    json_object_put(value), json_object_put(made), json_object_put(schema);
}
