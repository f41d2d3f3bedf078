/* probe_judge.h: what the answers to one probe show. A probe is a case that requires the capability which it looks for. Its last step asks
 * for it; the steps before show that the effect is not there anyway. */
#ifndef PROBE_JUDGE_H
#define PROBE_JUDGE_H

#include "harness/result.h"
#include "harness/suite/suite.h"

enum try_verdict {
    TRY_SUPPORTED,
    TRY_HONEST,         /* refused, by an error that names what was asked for */
    TRY_SILENT,         /* accepted, without the effect */
    TRY_PROVES_NOTHING, /* the effect need not show, or would have shown anyway */
    TRY_TROUBLE,        /* no answer, or one that tells of trouble: it may be otherwise next time */
    TRY_LEFT_OUT,       /* not sent */
    TRY_VERDICT_COUNT
};

struct probe_try {
    const struct suite_case *test;
    const struct case_result *result;
    enum try_verdict verdict;
    bool streamed;
    char *evidence; /* on one line; NULL when memory ran out */
};

/* Judges one try by what the runner made of it, with only_expectations (runner.h). The caller frees the evidence. */
struct probe_try probe_judge(const struct suite_case *test, const struct case_result *result);

/* Makes one verdict of all tries for a capability. Those that prove nothing count only when no other does; with `plain_only` those that
 * were streamed do not count, and are marked as left out. The caller frees the evidence. */
struct capability_result probe_conclude(const char *name, struct probe_try *tries, size_t count, bool plain_only);

#endif
