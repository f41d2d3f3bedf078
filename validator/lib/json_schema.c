/* json_schema.c: the functions of JSON Schema that others call: make a schema, ask what is wrong with it, judge documents by it. */
#include "validator/lib/json_schema_make.h"
#include "validator/lib/json_schema_run.h"

#include "validator/lib/uri.h"

#include <stdlib.h>

static const struct read_limits instance_limits = {.bytes = 16u << 20, .depth = 64, .values = 1000000};

/* --- making */

static size_t limit_of(size_t given, size_t usual, size_t most) { return given == 0 ? usual : given > most ? most : given; }

static struct cc_schema_limits limits_of(const struct cc_schema_limits *given)
{
    return (struct cc_schema_limits){
        .bytes = limit_of(given->bytes, SCHEMA_BYTES, 4u << 20),
        .depth = limit_of(given->depth, SCHEMA_DEPTH, 256),
        .hops = limit_of(given->hops, SCHEMA_HOPS, 4096),
        .levels = limit_of(given->levels, SCHEMA_LEVELS, 4096),
        .steps = limit_of(given->steps, SCHEMA_STEPS, 50000000),
        .errors = limit_of(given->errors, SCHEMA_ERRORS, 10000),
    };
}

static bool is_elsewhere(const struct cc_schema_error *error) { return *error->place && *error->place != '/'; }

static bool comes_before(const struct cc_schema_error *a, const struct cc_schema_error *b)
{
    if (is_elsewhere(a) || is_elsewhere(b)) return !is_elsewhere(a) && is_elsewhere(b);
    return a->offset < b->offset;
}

/* In the order of the schema; faults of other documents follow, as they were found. */
static void put_in_order(struct tally *tally)
{
    for (size_t i = 1; i < tally->report.count; i++) {
        struct cc_schema_error moving = tally->errors[i];
        size_t k = i;
        for (; k > 0 && comes_before(&moving, &tally->errors[k - 1]); k--) tally->errors[k] = tally->errors[k - 1];
        tally->errors[k] = moving;
    }
}

/* The whole is broken when something in it is wrong, and undecided when something is only not offered here. */
static void conclude(struct cc_schema *schema)
{
    struct cc_schema_report *report = &schema->faults.report;
    if (report->count == 0) return;
    put_in_order(&schema->faults);
    report->verdict = CC_SCHEMA_UNDECIDED;
    report->reason = report->errors[0].reason;
    report->why = report->errors[0].message;
    for (size_t i = 0; i < report->count; i++)
        if (report->errors[i].reason == CC_SCHEMA_WRONG) {
            report->verdict = CC_SCHEMA_BROKEN;
            report->reason = CC_SCHEMA_WRONG;
            report->why = NULL;
            return;
        }
}

static void say_effort(struct maker *maker)
{
    struct tally *tally = &maker->schema->faults;
    if (!maker->effort.stop || !tally_wants(tally)) return;
    tally_add(tally, &(struct cc_schema_error){
        .reason = CC_SCHEMA_TOO_LARGE, .place = "", .keyword = "", .message = "compiling the schema takes more steps than it may"});
}

static bool compile(struct cc_schema *schema, struct text text, size_t offset, const struct cc_schema_options *options)
{
    struct maker maker = {.schema = schema, .options = options, .effort.most_steps = schema->limits.steps, .keyword = ""};
    maker.last_pending = &maker.pending;
    struct uri parts = uri_split((struct text){options->uri, options->uri ? strlen(options->uri) : 0});
    struct text uri = uri_resolve(&schema->pile, (struct text){0}, &parts);
    schema->root = uri.bytes ? load_source(&maker, uri, text, offset, MAIN) : NULL;
    resolve_references(&maker);
    bool made = !maker_failed(&maker);
    if (made) say_effort(&maker);
    pile_clear(&maker.effort.pile);
    return made && !schema->faults.failed;
}

static struct cc_schema *make(struct text text, size_t offset, const struct cc_schema_options *options)
{
    static const struct cc_schema_options usual = {0};
    if (!options) options = &usual;
    struct cc_schema *schema = calloc(1, sizeof *schema);
    if (!schema) return NULL;
    schema->limits = limits_of(&options->limits);
    tally_start(&schema->faults, schema->limits.errors);
    if (compile(schema, text, offset, options)) {
        conclude(schema);
        return schema;
    }
    cc_schema_free(schema);
    return NULL;
}

struct cc_schema *cc_schema_new(const char *text, size_t length, const struct cc_schema_options *options)
{
    return make((struct text){text, length}, 0, options);
}

struct cc_schema *schema_new(struct view value, const struct cc_schema_options *options)
{
    size_t start = value_of(value)->offset - (value_of(value)->type == STR);
    return make((struct text){value.doc->text + start, value_end(value) - start}, start, options);
}

void cc_schema_free(struct cc_schema *schema)
{
    if (!schema) return;
    for (struct source *source = schema->sources; source; source = source->next) document_clear(&source->doc);
    for (struct pattern_list *pattern = schema->patterns; pattern; pattern = pattern->next) regex_free(pattern->regex);
    tally_clear(&schema->faults);
    pile_clear(&schema->pile);
    free(schema);
}

const struct cc_schema_report *cc_schema_faults(const struct cc_schema *schema) { return &schema->faults.report; }

/* --- judging */

struct cc_schema_judge *cc_schema_judge_new(void) { return calloc(1, sizeof(struct cc_schema_judge)); }

void cc_schema_judge_free(struct cc_schema_judge *judge)
{
    if (!judge) return;
    pile_clear(&judge->effort.pile);
    regex_run_clear(&judge->regex);
    document_clear(&judge->own);
    tally_clear(&judge->tally);
    free(judge);
}

static void start(struct cc_schema_judge *judge, const struct cc_schema *schema, bool listing)
{
    struct effort *effort = &judge->effort;
    effort->pile.failed = false;
    pile_release(&effort->pile, (struct pile_mark){0});
    *effort = (struct effort){.pile = effort->pile, .most_steps = schema->limits.steps};
    judge->tally.texts.failed = false;
    tally_start(&judge->tally, schema->limits.errors);
    regex_run_start(&judge->regex);
    judge->schema = schema;
    judge->listing = listing;
    judge->frame = NULL;
    judge->levels = 0;
}

/* A schema that is wrong, or not wholly understood, decides nothing. */
static bool can_decide(struct cc_schema_judge *judge)
{
    const struct cc_schema_report *faults = &judge->schema->faults.report;
    if (faults->count == 0) return true;
    effort_stop(&judge->effort, faults->reason, "the schema is itself at fault");
    return false;
}

static void finish(struct cc_schema_judge *judge, bool holds)
{
    struct cc_schema_report *report = &judge->tally.report;
    report->verdict = judge->effort.stop ? CC_SCHEMA_UNDECIDED : holds ? CC_SCHEMA_HOLDS : CC_SCHEMA_BROKEN;
    report->reason = judge->effort.stop;
    report->why = judge->effort.why;
}

static void judge_view(struct cc_schema_judge *judge, struct view instance)
{
    judge->doc = instance.doc;
    judge->root = instance.at;
    finish(judge, can_decide(judge) && node_holds(judge, judge->schema->root, instance.at, NULL));
}

static void judge_text(struct cc_schema_judge *judge, const char *text, size_t length)
{
    if (!can_decide(judge)) {
        finish(judge, false);
    } else if (document_read(&judge->own, text, length, &instance_limits)) {
        judge_view(judge, (struct view){&judge->own, 0});
    } else {
        const struct read_remark *last = &judge->own.remarks[judge->own.remark_count - 1];
        if (last->what == JSON_NO_MEMORY) effort_no_memory(&judge->effort);
        bool limit = last->what == JSON_LIMIT_BYTES || last->what == JSON_LIMIT_DEPTH || last->what == JSON_LIMIT_VALUES;
        effort_stop(&judge->effort, CC_SCHEMA_NOT_JSON, limit ? "the document goes over a limit of reading" : "the document is not JSON");
        finish(judge, false);
    }
}

static const struct cc_schema_report *report_of(const struct cc_schema_judge *judge)
{
    return judge->effort.no_memory ? NULL : &judge->tally.report;
}

const struct cc_schema_report *cc_schema_check(struct cc_schema_judge *judge, const struct cc_schema *schema, const char *text, size_t length)
{
    start(judge, schema, true);
    judge_text(judge, text, length);
    return report_of(judge);
}

enum cc_schema_verdict cc_schema_decide(struct cc_schema_judge *judge, const struct cc_schema *schema, const char *text, size_t length)
{
    start(judge, schema, false);
    judge_text(judge, text, length);
    return judge->tally.report.verdict;
}

const struct cc_schema_report *schema_check(struct cc_schema_judge *judge, const struct cc_schema *schema, struct view instance)
{
    start(judge, schema, true);
    judge_view(judge, instance);
    return report_of(judge);
}

enum cc_schema_verdict schema_decide(struct cc_schema_judge *judge, const struct cc_schema *schema, struct view instance)
{
    start(judge, schema, false);
    judge_view(judge, instance);
    return judge->tally.report.verdict;
}

bool schema_holds(struct cc_schema_judge *judge, const struct cc_schema *schema, struct view instance)
{
    return schema_decide(judge, schema, instance) != CC_SCHEMA_BROKEN;
}
