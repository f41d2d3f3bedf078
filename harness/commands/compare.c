/* compare.c: `chatconform compare`: the same cases on several targets, side by side. */
#include "harness/base/why.h"
#include "harness/bulk/bulk.h"
#include "harness/command.h"
#include "harness/run/record.h"
#include "reports/report.h"

#include <stdlib.h>

/* A finished run, or the results of a bulk verification, which are counted. */
static bool read_one(struct run_result *run, const char *file, size_t *results, char *why, size_t size)
{
    if (!bulk_is_record(file)) return record_read(run, file, why, size);
    ++*results;
    return bulk_records_read(run, &(struct texts){.items = &file, .count = 1}, why, size);
}

int command_compare(struct options *options, char *why, size_t why_size)
{
    const struct texts *files = &options->arguments;
    if (files->count < 2 || files->count > 26) {
        why_not(why, why_size, "compare takes two to 26 finished runs, as --report ndjson=FILE writes them");
        return EXIT_USAGE;
    }
    struct run_result *runs = calloc(files->count, sizeof *runs);
    size_t results = 0;
    bool fine = runs || why_no_memory(why, why_size);
    int code = fine ? EXIT_USAGE : EXIT_BROKEN;
    for (size_t i = 0; fine && i < files->count; i++) fine = read_one(&runs[i], files->items[i], &results, why, why_size);
    if (fine && results == files->count) fine = bulk_compare(runs, files->items, files->count, why, why_size);
    if (fine && report_compare(stdout, options->format ? options->format : "text", runs, files->items, files->count)) code = EXIT_FINE;
    else if (fine) code = EXIT_BROKEN, why_not(why, why_size, "the comparison could not be written");
    for (size_t i = 0; runs && i < files->count; i++) run_result_clear(&runs[i]);
    free(runs);
    return code;
}
