/* findings.h: collect what was found in a document, for `check`. */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "harness/base/fail_on.h"

#include <stdbool.h>
#include <stddef.h>

/* What was found in a document, from one report or several, which must live as long. Zero-initialise. */
struct findings {
    const struct cc_finding **at;
    size_t room, count, errors, warnings, notes, dropped;
    enum cc_kind kind;
};

typedef bool findings_filter(const struct cc_finding *finding);

/* Adds what a report found; `wanted` may be NULL: all of it. False when memory ran out. */
bool findings_add(struct findings *found, const struct cc_report *report, findings_filter *wanted);
/* Forgets them, for the next document; the memory is kept. */
void findings_reset(struct findings *found, enum cc_kind kind);
void findings_clear(struct findings *found);
/* True when that fails a build. */
bool findings_fail(const struct findings *found, const struct fail_on *on);

#endif
