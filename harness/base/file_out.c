/* file_out.c: files that appear whole or not at all.
 *
 * A CI job reads what a run wrote although the run may have been killed, on a disk that may be full. A file under its final name is
 * therefore always complete: it is written beside it, synced, and renamed. */
#include "harness/base/file.h"
#include "harness/base/why.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the bytes go: `final` at once, or by way of `temporary`. */
struct target {
    char *final, *temporary;
    FILE *out;
    const char *failed; /* what could not be done */
};

bool file_finish(FILE *out, bool sync)
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

bool file_make_folders(const char *path)
{
    char *folder = strdup(path);
    bool fine = folder != NULL;
    for (char *slash = fine && *folder ? strchr(folder + 1, '/') : NULL; fine && slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        fine = make_folder(folder);
        *slash = '/';
    }
    int error = errno;
    free(folder);
    errno = error;
    return fine;
}

/* A new file in the folder of `final`, so that the rename cannot cross file systems; its name does not depend on the other's. */
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
    if (!file_make_folders(target->final))
        return false;
    target->failed = "write";
    return open_temporary(target);
}

static bool write_target(struct target *target, bool print(FILE *out, const void *context), const void *context)
{
    bool regular = target->temporary != NULL;
    bool fine = print(target->out, context) && file_finish(target->out, regular);
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

bool file_write(const char *what, const char *path, bool print(FILE *out, const void *context), const void *context, char *why,
                size_t why_size)
{
    struct target target = {.failed = "write"};
    errno = 0;
    bool fine = open_target(&target, path) && write_target(&target, print, context);
    int error = errno;
    if (!fine && target.temporary && !target.out)
        unlink(target.temporary);
    free(target.temporary);
    free(target.final);
    return fine || why_not(why, why_size, "cannot %s %s%s: %s", target.failed, what, path, error ? strerror(error) : "the stream failed");
}

static bool print_text(FILE *out, const void *text) { return fputs(text, out) >= 0; }

bool file_write_text(const char *path, const char *text, char *why, size_t why_size)
{
    return file_write("", path, print_text, text, why, why_size);
}
