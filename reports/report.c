/* report.c: the table of writers, and how a report reaches its file. */
#include "reports/report.h"

#include "harness/base/file.h"

#include <errno.h>
#include <string.h>

static bool write_console(FILE *out, const struct run_result *run)
{
    return report_console(out, run, false);
}

const struct report_writer report_writers[] = {
    {"console", "the table and the failures as text, without colour", write_console},
    {"junit", "JUnit XML, as CI servers read it", report_junit},
    {"junit-surefire", "JUnit XML with only what the Surefire schema knows", report_junit_surefire},
    {"json", "one JSON document with everything that was found", report_json},
    {"ndjson", "the same as lines: the run, each case, the summary", report_ndjson},
    {"html", "one page to read in a browser, with every request and answer", report_html},
    {"markdown", "a short summary for a pull request or a wiki", report_markdown},
    {"tap", "Test Anything Protocol, version 14", report_tap},
    {0},
};

const struct report_writer *report_writer_find(const char *name)
{
    for (const struct report_writer *writer = report_writers; writer->name; writer++)
        if (strcmp(writer->name, name) == 0)
            return writer;
    return NULL;
}

/* A writer and what it writes. */
struct report {
    const struct report_writer *writer;
    const struct run_result *run;
};

static bool print(FILE *out, const void *context)
{
    const struct report *report = context;
    return report->writer->write(out, report->run);
}

bool report_write(const struct report_writer *writer, const struct run_result *run, const char *path, char *why, size_t why_size)
{
    struct report report = {writer, run};
    char what[64];
    snprintf(what, sizeof what, "the %s report ", writer->name);
    if (strcmp(path, "-") != 0)
        return file_write(what, path, print, &report, why, why_size);
    errno = 0;
    if (print(stdout, &report) && file_finish(stdout, false))
        return true;
    snprintf(why, why_size, "cannot write %s(standard output): %s", what, errno ? strerror(errno) : "the stream failed");
    return false;
}
