/* installed.c: see installed.h. */
#include "harness/base/installed.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool is_folder(const char *path)
{
    struct stat about;
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

const char *installed_folder(const char *name, char *path, size_t size)
{
    char program[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    for (int up = 0; up < 2; up++) { /* PREFIX/bin/chatconform */
        char *slash = strrchr(program, '/');
        if (slash) *slash = '\0';
    }
    snprintf(path, size, "%s/share/chatconform/%s", *program ? program : "/usr/local", name);
    return path;
}
