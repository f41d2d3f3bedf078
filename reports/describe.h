/* describe.h: a failure in words, as the console prints it and as JUnit and TAP quote it. All text is safe for a terminal. */
#ifndef DESCRIBE_H
#define DESCRIBE_H

#include "reports/parts.h"

/* What to write before and after coloured words; all empty without colour. */
struct paint {
    const char *bad, *warn, *good, *quiet, *strong, *end;
};

extern const struct paint paint_none, paint_colour;

/* The lines "requirement", "expected" and "actual", each when there is something to say. `one_of_many`: it stands for several cases; where
 * each of them asked for something of its own, "fault" says what they share. */
void describe_finding(FILE *out, const struct paint *paint, const struct result_finding *finding, bool one_of_many);
/* What to call its requirement: an expectation is its case's own, and of many cases an example, not what they all ask for. */
const char *requirement_label(const struct result_finding *finding, bool one_of_many);
/* The line "repro" (a curl command when it is at most `budget` bytes long) and what explains the finding; it may be NULL. */
void describe_repro(FILE *out, const struct paint *paint, const struct case_result *result, const struct result_finding *finding, size_t budget);
/* One labelled line: "  actual       TEXT", cut after 1,000 bytes; nothing when the text is NULL. */
void describe_line(FILE *out, const struct paint *paint, const char *label, const char *text);
/* Where a finding is, after "actual": ` at /choices/0, event 7 (byte 1843)`. */
void describe_place(FILE *out, const struct result_finding *finding, escape_fn *escape);

#endif
