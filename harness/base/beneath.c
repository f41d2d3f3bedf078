/* beneath.c: opening files that a suite names.
 *
 * A suite may come from anywhere, and what it includes is sent to an endpoint; so it must not reach a file outside its own folder, through
 * ".." or a symbolic link, nor hang on a pipe or device. Paths are walked down one component at a time. */
#include "harness/base/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool say(char *why, size_t why_size, const char *words)
{
    snprintf(why, why_size, "%s", words);
    return false;
}

/* Adds one component to a path, or takes one away. */
static bool step(char *out, size_t *used, const char *part, size_t length, char *why, size_t why_size)
{
    if (length == 0 || (length == 1 && *part == '.'))
        return true;
    if (length == 2 && part[0] == '.' && part[1] == '.') {
        if (*used == 0)
            return say(why, why_size, "it leaves the folder of the suites");
        while (*used > 0 && out[*used - 1] != '/')
            (*used)--;
        *used -= *used > 0;
    } else {
        if (*used + length + 2 > PATH_ROOM)
            return say(why, why_size, "the path is too long");
        if (*used > 0)
            out[(*used)++] = '/';
        memcpy(out + *used, part, length);
        *used += length;
    }
    out[*used] = '\0';
    return true;
}

static bool steps(char *out, size_t *used, const char *path, size_t length, char *why, size_t why_size)
{
    for (const char *end = path + length; path <= end;) {
        const char *slash = memchr(path, '/', (size_t)(end - path));
        size_t part = (size_t)((slash ? slash : end) - path);
        if (!step(out, used, path, part, why, why_size))
            return false;
        path += part + 1;
    }
    return true;
}

bool beneath_join(const char *from, const char *name, size_t name_length, char *out, char *why, size_t why_size)
{
    const char *slash = strrchr(from, '/');
    size_t used = 0;
    out[0] = '\0';
    if (name_length == 0)
        return say(why, why_size, "no file is named");
    if (memchr(name, '\0', name_length))
        return say(why, why_size, "the name holds a NUL character");
    if (*name == '/')
        return say(why, why_size, "the path must be relative");
    if (!steps(out, &used, from, slash ? (size_t)(slash - from) : 0, why, why_size) || !steps(out, &used, name, name_length, why, why_size))
        return false;
    return used > 0 || say(why, why_size, "no file is named");
}

/* Closes it again when it is anything but a regular file. */
static int keep_regular(int fd, char *why, size_t why_size)
{
    struct stat about;
    if (fd >= 0 && fstat(fd, &about) == 0 && S_ISREG(about.st_mode))
        return fd;
    say(why, why_size, fd < 0 ? errno == ELOOP ? "it is a symbolic link" : strerror(errno) : "it is not a regular file");
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Without O_NONBLOCK, opening a pipe would wait for a writer. */
enum { READING = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY };

int plain_open(const char *path, char *why, size_t why_size)
{
    return keep_regular(open(path, READING), why, why_size);
}

int beneath_open(const char *root, const char *path, char *why, size_t why_size)
{
    char part[PATH_ROOM];
    int folder = open(*root ? root : ".", READING | O_DIRECTORY);
    for (const char *slash; folder >= 0 && (slash = strchr(path, '/')); path = slash + 1) {
        snprintf(part, sizeof part, "%.*s", (int)(slash - path), path);
        int below = openat(folder, part, READING | O_DIRECTORY | O_NOFOLLOW);
        int error = errno;
        close(folder);
        errno = error;
        folder = below;
    }
    if (folder < 0) {
        say(why, why_size, errno == ELOOP || errno == ENOTDIR ? "a part of the path is not a folder" : strerror(errno));
        return -1;
    }
    int fd = openat(folder, path, READING | O_NOFOLLOW);
    int error = errno;
    close(folder);
    errno = error;
    return keep_regular(fd, why, why_size);
}

static bool read_all(int fd, char *bytes, size_t room, size_t *length)
{
    *length = 0;
    while (*length < room) {
        ssize_t got = read(fd, bytes + *length, room - *length);
        if (got == 0)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
        *length += got > 0 ? (size_t)got : 0;
    }
    return true;
}

bool file_take(int fd, size_t most, char **bytes, size_t *length, char *why, size_t why_size)
{
    struct stat about;
    bool known = fstat(fd, &about) == 0;
    size_t room = known && about.st_size >= 0 && (size_t)about.st_size <= most ? (size_t)about.st_size + 1 : 0;
    bool done = false;
    *bytes = room ? malloc(room + 1) : NULL;
    if (!known)
        say(why, why_size, strerror(errno));
    else if (room == 0)
        snprintf(why, why_size, "it is longer than %zu bytes", most);
    else if (!*bytes)
        say(why, why_size, "memory ran out");
    else if (!read_all(fd, *bytes, room, length))
        say(why, why_size, strerror(errno));
    else if (*length == room)
        say(why, why_size, "it grew while it was read");
    else
        done = true;
    close(fd);
    if (done) {
        (*bytes)[*length] = '\0';
        return true;
    }
    free(*bytes);
    *bytes = NULL;
    return false;
}
