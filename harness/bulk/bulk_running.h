/* bulk_running.h: a bulk verification under way, as the files see it that drive it. */
#ifndef BULK_RUNNING_H
#define BULK_RUNNING_H

#include "harness/bulk/bulk_parts.h"
#include "harness/run/session.h"

/* One run of the command. */
struct bulk {
    struct options *options;
    struct session session;
    struct tolerance tolerance;
    struct bulk_lines lines;
    struct bulk_done done, reference;
    struct bulk_figures figures;
    struct bulk_request *flying;  /* those that the runner has */
    struct run_result run;        /* what is told in the end */
    const char *path;             /* of the results */
    FILE *results;
    size_t resumed, said;
    long shown_ms;
    int result_error;             /* errno of results that could not be written */
    char trouble[1024];           /* why no more lines are taken; "" */
    bool failed;                  /* memory ran out */
};

/* --- bulk_outcome.c: fills an entry with what became of a request; what it has already stays. */
void bulk_entry_fill(struct bulk *bulk, struct bulk_entry *entry, struct bulk_request *request, const struct case_result *result);

/* --- bulk_resume.c: opens the results, and goes on with those that are there. False with one sentence. */
bool bulk_results_open(struct bulk *bulk, char *why, size_t why_size);
/* Only notes which lines have results already (bulk->done). False with one sentence. */
bool bulk_results_look(struct bulk *bulk, char *why, size_t why_size);

#endif
