/* findings.h: print what was found in a document, for `check`: a line a finding for people, or a line a document for programs. */
#ifndef FINDINGS_H
#define FINDINGS_H

#include "chatconform.h"

#include <stdio.h>

/* Where it goes, and what is named as its source. */
struct findings_out {
    FILE *out;
    const char *source;
    size_t line; /* of a file whose lines are documents; else 0 */
    bool colour;
};

/* What was found in a document, from one report or several, which must live as long. Zero-initialise. */
struct findings {
    const struct cc_finding **at;
    size_t count, errors, warnings, notes, dropped;
    enum cc_kind kind;
};

typedef bool findings_filter(const struct cc_finding *finding);

/* Adds what a report found; `wanted` may be NULL: all of it. False when memory ran out. */
bool findings_add(struct findings *found, const struct cc_report *report, findings_filter *wanted);
void findings_clear(struct findings *found);
/* True when that fails a build; `on` is a word of --fail-on. */
bool findings_fail(const struct findings *found, const char *on);

void findings_print_one(const struct findings_out *o, const struct cc_finding *finding);
/* Says so when some are not listed. */
void findings_print_dropped(const struct findings_out *o, size_t dropped);
/* With the source as it is to stand there. */
void findings_print_json(const struct findings_out *o, const struct findings *found);

#endif
