/* ask_json.c: reads JSON that stands inside a string of another document; see ask_json.h. The inner document lives for one question
 * only: it is read with the same strict reader as the outer one, so both are judged by one law. */
#include "validator/lib/ask_json.h"

#include "validator/lib/json_schema.h"

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

bool text_fits_schema(struct ask *ask, struct text text, struct view schema)
{
    struct document *inner = spare_document(ask);
    struct cc_schema_judge *judge = spare_schema_judge(ask);
    if (!judge || !document_read(inner, text.bytes, text.length, &inner_limits)) return !judge || !stopped_by_the_text(ask, inner);
    struct cc_schema *compiled = schema_new(schema, NULL);
    const struct cc_schema_report *report = compiled ? schema_check(judge, compiled, (struct view){inner, 0}) : NULL;
    if (!report) ask->failed = true;
    bool fits = !report || report->verdict != CC_SCHEMA_BROKEN || say_misfit(ask, report);
    cc_schema_free(compiled);
    return fits;
}
