/* folder.h: a folder for the files of one test, which is gone afterwards. The test works inside of it, so that paths in messages are short. */
#ifndef FOLDER_H
#define FOLDER_H

#include "tests/testing.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder_path[512];

/* Removes a file, or a folder and all in it. */
static inline void folder_forget(const char *path)
{
    struct stat about;
    DIR *folder = lstat(path, &about) == 0 && S_ISDIR(about.st_mode) ? opendir(path) : NULL;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char inner[1024];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name) < (int)sizeof inner)
            folder_forget(inner);
    }
    if (folder)
        closedir(folder);
    remove(path);
}

/* Checked fixtures: make the folder before each test, and take it away after it. */
static inline void folder_make(void)
{
    const char *base = getenv("TMPDIR");
    snprintf(folder_path, sizeof folder_path, "%s/chatconform-test-XXXXXX", base && *base ? base : P_tmpdir);
    ck_assert_ptr_nonnull(mkdtemp(folder_path));
    ck_assert_int_eq(chdir(folder_path), 0);
}

static inline void folder_remove(void)
{
    ck_assert_int_eq(chdir("/"), 0);
    folder_forget(folder_path);
}

static inline void folder_write_bytes(const char *name, const char *bytes, size_t length)
{
    FILE *file = fopen(name, "wb");
    ck_assert_msg(file != NULL, "cannot write %s", name);
    ck_assert_uint_eq(fwrite(bytes, 1, length, file), length);
    ck_assert_int_eq(fclose(file), 0);
}

static inline void folder_write(const char *name, const char *text)
{
    folder_write_bytes(name, text, strlen(text));
}

#endif
