/* writing.c: see writing.h. */
#include "harness/run/writing.h"

#include "harness/base/why.h"
#include "reports/report.h"

#include <stdio.h>
#include <string.h>

static const struct report_writer *writer_of(const struct options *options, const char *spec)
{
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(spec, "="), spec);
    bool surefire = options->junit_flavor && strcmp(options->junit_flavor, "surefire") == 0;
    return report_writer_find(surefire && strcmp(name, "junit") == 0 ? "junit-surefire" : name);
}

static bool write_one(const struct options *options, const struct run_result *run, const char *spec, char *why, size_t size)
{
    const struct report_writer *writer = writer_of(options, spec);
    const char *path = strchr(spec, '=') + 1;
    bool console = strcmp(writer->name, "console") == 0 && strcmp(path, "-") == 0;
    return console ? report_console(stdout, run, colour_wanted(options, stdout)) : report_write(writer, run, path, why, size);
}

static bool write_files(const struct options *options, const struct run_result *run, const char *const *specs, char *why, size_t size)
{
    bool fine = true;
    for (size_t i = 0; specs[i]; i++) {
        char trouble[1024] = "standard output could not be written";
        if (!write_one(options, run, specs[i], trouble, sizeof trouble) && fine) fine = why_not(why, size, "%s", trouble);
    }
    return fine;
}

bool reports_to_stdout(const char *const *specs)
{
    for (size_t i = 0; specs && specs[i]; i++)
        if (strcmp(strchr(specs[i], '=') + 1, "-") == 0) return true;
    return false;
}

static bool write_all(const struct options *options, const struct run_result *run, const char *const *specs, char *why, size_t size)
{
    if (!reports_to_stdout(specs)) report_console(stdout, run, colour_wanted(options, stdout));
    fflush(stdout);
    return write_files(options, run, specs, why, size);
}

bool reports_write(const struct options *options, const struct run_result *run, char *why, size_t why_size)
{
    static const char *const none[] = {NULL};
    return write_all(options, run, options->reports.count ? options->reports.items : none, why, why_size);
}

bool reports_write_files(const struct options *options, const struct run_result *run, char *why, size_t why_size)
{
    return options->reports.count == 0 || write_files(options, run, options->reports.items, why, why_size);
}

bool reports_write_usual(const struct options *options, const struct run_result *run, char *why, size_t why_size)
{
    static const char *const usual[] = {"junit=reports/out/junit.xml", "html=reports/out/report.html", "ndjson=reports/out/run.ndjson", NULL};
    if (options->reports.count) return reports_write(options, run, why, why_size);
    bool fine = write_all(options, run, usual, why, why_size);
    if (fine && !options->quiet) fprintf(stderr, "reports: reports/out/junit.xml, report.html, run.ndjson\n");
    return fine;
}
