/* findings.c: see findings.h. */
#include "harness/suite/findings.h"

#include <stdlib.h>
#include <string.h>

static void count_one(struct findings *found, const struct cc_finding *f)
{
    found->errors += f->severity == CC_ERROR;
    found->warnings += f->severity == CC_WARNING;
    found->notes += f->severity == CC_NOTE;
}

static bool make_room(struct findings *found, size_t count)
{
    if (count <= found->room) return true;
    const struct cc_finding **at = realloc(found->at, count * sizeof *at);
    if (!at) return false;
    found->at = at;
    found->room = count;
    return true;
}

bool findings_add(struct findings *found, const struct cc_report *report, findings_filter *wanted)
{
    if (!make_room(found, found->count + report->count)) return false;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (wanted && !wanted(f)) continue;
        found->at[found->count++] = f;
        if (wanted) count_one(found, f);
    }
    if (wanted) return true;
    found->errors += report->errors;
    found->warnings += report->warnings;
    found->notes += report->notes;
    found->dropped += report->dropped;
    return true;
}

void findings_reset(struct findings *found, enum cc_kind kind)
{
    *found = (struct findings){.at = found->at, .room = found->room, .kind = kind};
}

void findings_clear(struct findings *found)
{
    free(found->at);
    *found = (struct findings){0};
}

/* What is not listed may be of any level: then it counts as what fails. */
bool findings_fail(const struct findings *found, const struct fail_on *on)
{
    if (found->errors && on->errors) return true;
    if (on->warnings && found->dropped && found->warnings) return true;
    for (size_t i = 0; i < found->count; i++)
        if (fail_on_counts(on, found->at[i]->severity, found->at[i]->rule->level)) return true;
    return false;
}
