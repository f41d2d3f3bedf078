/* file.c: see file.h. */
#include "harness/base/file.h"

#include "chatconform.h"
#include "harness/base/why.h"

#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- in */

/* False with one sentence; what was read stays with the caller. */
static bool read_all(FILE *file, const char *path, char **text, size_t *length, char *why, size_t size)
{
    size_t room = 0;
    for (;;) {
        if (*length + 1 >= room) {
            char *grown = realloc(*text, room = room ? room * 2 : 64 << 10);
            if (!grown) return why_no_memory(why, size);
            *text = grown;
        }
        size_t got = fread(*text + *length, 1, room - *length - 1, file);
        *length += got;
        (*text)[*length] = '\0';
        if (*length > FILE_MOST) return why_not(why, size, "%s: the file has more than %d MiB", path, FILE_MOST >> 20);
        if (got == 0) return !ferror(file) || why_not(why, size, "%s: %s", path, strerror(errno));
    }
}

char *file_read(const char *path, size_t *length, char *why, size_t why_size)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *file = standard ? stdin : fopen(path, "rb");
    char *text = NULL;
    *length = 0;
    if (!file) {
        why_not(why, why_size, "%s: %s", path, strerror(errno));
        return NULL;
    }
    bool fine = read_all(file, path, &text, length, why, why_size);
    if (!standard) fclose(file);
    if (fine) return text;
    free(text);
    return NULL;
}

bool file_read_json(const char *path, struct json_object **object, char *why, size_t why_size)
{
    size_t length;
    char inner[512], *text = file_read(path, &length, why, why_size);
    if (!text) return false;
    bool fine = cc_read_object(text, length, NULL, object, inner, sizeof inner) || why_not(why, why_size, "%s: %s", path, inner);
    free(text);
    return fine;
}
