/* report.c: the table of writers, and how a report reaches its file.
 *
 * A CI job reads reports after a run that may have been killed, on a disk that may be full. A file under its final name is therefore always
 * complete: the report is written beside it, synced, and renamed. */
#include "reports/report.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Where a report goes: `final` at once, or by way of `temporary`. */
struct target {
    char *final, *temporary;
    FILE *out;
    const char *failed; /* what could not be done */
};

/* The whole text out of our hands; for a file, also out of the kernel's. */
static bool finish_stream(FILE *out, bool sync)
{
    bool fine = fflush(out) == 0 && !ferror(out);
    return fine && (!sync || fsync(fileno(out)) == 0);
}

/* A folder that is there already may be answered with EEXIST, EROFS or EACCES, so it is looked for. */
static bool make_folder(const char *path)
{
    struct stat about;
    if (mkdir(path, 0777) == 0)
        return true;
    int error = errno;
    bool there = stat(path, &about) == 0;
    errno = error;
    return there;
}

/* Makes the folders above `path`. */
static bool make_folders(char *path)
{
    bool fine = true;
    for (char *slash = *path ? strchr(path + 1, '/') : NULL; fine && slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        fine = make_folder(path);
        *slash = '/';
    }
    return fine;
}

/* A new file in the folder of `final`, so that the rename cannot cross file systems; its name does not depend on the report's. */
static bool open_temporary(struct target *target)
{
    static unsigned serial;
    const char *slash = strrchr(target->final, '/');
    int folder = slash ? (int)(slash - target->final) + 1 : 0;
    size_t size = (size_t)folder + 64;
    target->temporary = malloc(size);
    if (!target->temporary)
        return false;
    for (int attempts = 0; attempts < 100; attempts++) {
        snprintf(target->temporary, size, "%.*s.chatconform-%ld-%u", folder, target->final, (long)getpid(), ++serial);
        int file = open(target->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
        if (file >= 0) {
            target->out = fdopen(file, "w");
            if (!target->out)
                close(file);
            return target->out != NULL;
        }
        if (errno != EEXIST)
            break;
    }
    free(target->temporary); /* nothing was made, so there is nothing to remove */
    target->temporary = NULL;
    return false;
}

static bool open_target(struct target *target, const char *path)
{
    struct stat about;
    bool there = stat(path, &about) == 0;
    target->failed = "write";
    if (there && S_ISDIR(about.st_mode)) {
        errno = EISDIR;
        return false;
    }
    if (there && !S_ISREG(about.st_mode))
        return (target->out = fopen(path, "w")) != NULL;
    /* Through a link, so that the link stays. */
    target->final = there ? realpath(path, NULL) : strdup(path);
    if (!target->final)
        return false;
    target->failed = "make the folder of";
    if (!make_folders(target->final))
        return false;
    target->failed = "write";
    return open_temporary(target);
}

static bool write_target(struct target *target, const struct report_writer *writer, const struct run_result *run)
{
    bool regular = target->temporary != NULL;
    bool fine = writer->write(target->out, run) && finish_stream(target->out, regular);
    int error = errno;
    if (fclose(target->out) != 0 && fine) {
        fine = false;
        error = errno;
    }
    if (fine && regular && rename(target->temporary, target->final) != 0) {
        fine = false;
        error = errno;
    }
    if (!fine && regular)
        unlink(target->temporary);
    errno = error;
    return fine;
}

bool report_write(const struct report_writer *writer, const struct run_result *run, const char *path, char *why, size_t why_size)
{
    struct target target = {.failed = "write"};
    bool standard = strcmp(path, "-") == 0;
    errno = 0;
    bool fine = standard ? writer->write(stdout, run) && finish_stream(stdout, false)
                         : open_target(&target, path) && write_target(&target, writer, run);
    int error = errno;
    if (!fine && target.temporary && !target.out)
        unlink(target.temporary);
    free(target.temporary);
    free(target.final);
    if (!fine)
        snprintf(why, why_size, "cannot %s the %s report %s: %s", target.failed, writer->name, standard ? "(standard output)" : path,
                 error ? strerror(error) : "the stream failed");
    return fine;
}
