/* cascade.h: one fault, one finding: what of an answer's findings only repeats another, and how much of the answer to show with one. */
#ifndef CASCADE_H
#define CASCADE_H

#include "harness/result.h"
#include "harness/suite/expect.h"

/* Whether two findings are the same fault in two items of a list: same rule, same way down but for the indexes. */
bool cascade_alike(const struct cc_finding *a, const struct cc_finding *b);
/* Whether a rule that did not hold says already why an expectation of the same answer could not hold. */
bool cascade_explains(const struct result_finding *finding, const struct expect_miss *miss);

/* Where the JSON value that begins at `from` ends, or with `line` where the line ends; `length` when it does not. */
size_t excerpt_end(const char *text, size_t length, size_t from, bool line);

#endif
