/* bulk_outcome.c: what became of a request: from what the runner says about its case to the entry that is written down and counted. */
#include "harness/bulk/bulk_running.h"

#include "harness/base/jo.h"
#include "harness/base/words.h"
#include "harness/http/http.h"

#include <stdlib.h>
#include <string.h>

enum { POINTER_MOST = 400, MESSAGE_MOST = 600 }; /* bytes that are kept of a finding */

static char *shortened(struct bulk *b, const char *text, size_t most)
{
    char *made = text ? strndup(text, text_cut(text, most)) : NULL;
    if (text && !made) b->failed = true;
    return made;
}

static void keep_finding(struct bulk *b, struct bulk_entry *entry, const struct result_finding *f)
{
    if (strncmp(f->rule, "expect.", 7) == 0) {
        if (!entry->why) entry->why = shortened(b, f->message, MESSAGE_MOST);
        return;
    }
    if (f->severity == CC_NOTE || entry->finding_count == BULK_FINDINGS_MOST) return; /* notes say nothing that is counted */
    struct bulk_finding *kept = &entry->findings[entry->finding_count++];
    *kept = (struct bulk_finding){.rule = shortened(b, f->rule, POINTER_MOST), .level = f->level, .severity = f->severity,
                                  .counts = outcome_counts(&b->tolerance, f), .pointer = shortened(b, f->pointer, POINTER_MOST),
                                  .message = shortened(b, f->message, MESSAGE_MOST)};
    if (!kept->rule) entry->finding_count--;
}

/* Errors first: of very many findings those that count must not be lost. */
static void keep_findings(struct bulk *b, struct bulk_entry *entry, const struct case_result *result)
{
    entry->findings = calloc(BULK_FINDINGS_MOST, sizeof *entry->findings);
    if (!entry->findings) b->failed = true;
    for (int errors = 1; errors >= 0 && entry->findings; errors--)
        for (size_t i = 0; i < result->finding_count; i++)
            if ((result->findings[i].severity == CC_ERROR) == errors) keep_finding(b, entry, &result->findings[i]);
}

static long long tokens(struct json_object *usage, const char *name)
{
    struct json_object *value = jo_get(usage, name);
    int64_t number = json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : -1;
    return number >= 0 && number <= 1000000000 ? number : -1;
}

static void keep_answer(struct bulk *b, struct bulk_entry *entry, struct bulk_request *request)
{
    struct json_object *usage = jo_get(request->answer, "usage");
    entry->whole = request->answer != NULL;
    entry->reference = entry->whole ? bulk_reference_of(&b->reference, request->line, request->hash) : BULK_UNKNOWN;
    entry->prompt_tokens = tokens(usage, "prompt_tokens");
    entry->completion_tokens = tokens(usage, "completion_tokens");
    entry->total_tokens = tokens(usage, "total_tokens");
    if (entry->whole) bulk_judge_calls(entry, request->answer, b->lines.checker);
}

static void keep_exchange(struct bulk *b, struct bulk_entry *entry, const struct case_result *result)
{
    const struct result_exchange *x = result->exchange_count ? &result->exchanges[result->exchange_count - 1] : NULL;
    entry->attempts = (long)result->exchange_count;
    entry->status = x ? x->status : 0;
    entry->total_ms = x ? x->total_ms : -1;
    entry->first_ms = x && x->stream.known ? x->stream.first_event_ms : -1;
    if (x && !x->fault) return;
    entry->fault = shortened(b, x ? x->fault : "not.sent", POINTER_MOST);
    entry->why = shortened(b, x && x->why ? x->why : result->reason ? result->reason : "it could not be sent", MESSAGE_MOST);
}

void bulk_entry_fill(struct bulk *b, struct bulk_entry *entry, struct bulk_request *request, const struct case_result *result)
{
    keep_exchange(b, entry, result);
    keep_findings(b, entry, result);
    keep_answer(b, entry, request);
}
