/* ask_json.c: reads JSON that stands inside a string of another document; see ask_json.h. The inner document lives for one question
 * only: it is read with the same strict reader as the outer one, so both are judged by one law. */
#include "validator/lib/ask_json.h"

#include "validator/lib/engine.h"
#include "validator/lib/json_schema.h"
#include "validator/lib/json_schema_run.h"

#include <stdlib.h>

static const struct read_limits inner_limits = {.bytes = 16u << 20, .depth = 64, .values = 1000000};

/* Why reading stopped, and where: only broken text counts as "not JSON". */
static bool stopped_by_the_text(struct ask *ask, const struct document *inner)
{
    const struct read_remark *last = inner->remark_count ? &inner->remarks[inner->remark_count - 1] : NULL;
    enum remark why = last ? last->what : JSON_SYNTAX;
    if (why == JSON_NO_MEMORY) ask->failed = true;
    ask->spot = last ? last->offset : 0;
    return why == JSON_SYNTAX || why == JSON_UTF8;
}

static bool root_is(struct ask *ask, const struct document *inner, unsigned types)
{
    ask->spot = 0;
    return (inner->values[0].type & types) != 0;
}

bool text_is_json(struct ask *ask, struct text text, unsigned types)
{
    if (!text.bytes) return true;
    struct document *inner = spare_document(ask);
    return document_read(inner, text.bytes, text.length, &inner_limits) ? root_is(ask, inner, types) : !stopped_by_the_text(ask, inner);
}

static bool say_misfit(struct ask *ask, const struct cc_schema_report *report)
{
    ask->spot = 0;
    if (report->count == 0) return say(ask, "it does not fit");
    const struct cc_schema_error *error = &report->errors[0];
    ask->spot = error->offset;
    return say(ask, "%s%s%s", error->pointer && *error->pointer ? error->pointer : "", error->pointer && *error->pointer ? ": " : "", error->message);
}

/* The schemas that one question holds texts against. An answer may have thousands of calls of few functions, so a compiled schema is kept
 * for the next text, and all texts of a question together have a bound: what lies beyond is not decided. */
enum { SCHEMAS_KEPT = 16, QUESTION_STEPS = 10000000, QUESTION_US = 1000000 };

struct schema_work {
    struct cc_schema_judge *judge;
    struct kept {
        struct view of;
        struct cc_schema *compiled;
    } kept[SCHEMAS_KEPT];
    size_t next;      /* the place that is taken next */
    size_t steps;     /* of checks, and bytes of schemas that were compiled, which cost about as much */
    long long us;     /* of patterns */
};

void schema_work_reset(struct schema_work *work)
{
    if (!work || !work->next) return;
    for (size_t i = 0; i < SCHEMAS_KEPT; i++) {
        cc_schema_free(work->kept[i].compiled);
        work->kept[i] = (struct kept){0};
    }
    work->next = work->steps = 0;
    work->us = 0;
}

void schema_work_free(struct schema_work *work)
{
    if (!work) return;
    schema_work_reset(work);
    cc_schema_judge_free(work->judge);
    free(work);
}

static struct schema_work *schema_work(struct ask *ask)
{
    struct schema_work **work = &ask->scratch->schemas;
    if (!*work) *work = calloc(1, sizeof **work);
    if (*work && !(*work)->judge) (*work)->judge = cc_schema_judge_new();
    return *work && (*work)->judge ? *work : NULL;
}

static const struct cc_schema *compiled_schema(struct schema_work *work, struct view schema)
{
    for (size_t i = 0; i < SCHEMAS_KEPT; i++)
        if (work->kept[i].compiled && work->kept[i].of.doc == schema.doc && work->kept[i].of.at == schema.at) return work->kept[i].compiled;
    struct kept *place = &work->kept[work->next++ % SCHEMAS_KEPT];
    cc_schema_free(place->compiled);
    *place = (struct kept){schema, schema_new(schema, NULL)};
    work->steps += value_end(schema) - value_of(schema)->offset;
    return place->compiled;
}

bool text_fits_schema(struct ask *ask, struct text text, struct view schema)
{
    struct document *inner = spare_document(ask);
    struct schema_work *work = schema_work(ask);
    if (!work) ask->failed = true;
    if (!work || work->steps > QUESTION_STEPS || work->us > QUESTION_US) return true;
    if (!document_read(inner, text.bytes, text.length, &inner_limits)) return !stopped_by_the_text(ask, inner);
    const struct cc_schema *compiled = compiled_schema(work, schema);
    const struct cc_schema_report *report = compiled ? schema_check(work->judge, compiled, (struct view){inner, 0}) : NULL;
    if (!report) ask->failed = true;
    work->steps += work->judge->effort.steps;
    work->us += work->judge->regex.spent_us;
    return !report || report->verdict != CC_SCHEMA_BROKEN || say_misfit(ask, report);
}
