/* yaml.h: read a YAML file into JSON text that remembers where each value stood.
 *
 * The text is judged like any other document; a byte offset in it leads back to file, line and column. */
#ifndef HARNESS_YAML_H
#define HARNESS_YAML_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

/* Bounds. 0 means the default; values above the hard cap are taken as the hard cap. */
struct yaml_limits {
    size_t file;    /* bytes of one file: 1 MiB */
    size_t total;   /* bytes of all files, and of the JSON text they expand to: 8 MiB */
    size_t files;   /* that are included: 64 */
    size_t nesting; /* of includes: 8 */
    size_t depth;   /* of values: 32 */
    size_t events;  /* scalars, and beginnings and ends of lists and maps: 100,000 */
    size_t anchors; /* 64 */
    size_t aliases; /* uses of anchors: 64 */
    size_t nodes;   /* values and keys once aliases are expanded: 50,000 */
    size_t scalar;  /* bytes of one: 256 KiB */
};

/* Where a key or value stood. Marks stand in the order of their offsets. */
struct yaml_mark {
    size_t offset; /* in the JSON text */
    size_t file;   /* index into files */
    size_t line, column; /* from 1; columns count characters */
    bool verbatim; /* included JSON, copied as it was: what follows is placed by counting from here */
};

/* Zero-initialise, read once, then clear. */
struct yaml_text {
    char *json;
    size_t length;
    struct yaml_mark *marks;
    size_t mark_count;
    struct json_object *object; /* the same as json-c's; NULL for null */
    char **files;               /* the file itself, and what it includes */
    size_t file_count;
    char *warnings;             /* lines "FILE:LINE:COL: sentence", or NULL */
    /* private */
    size_t room, mark_room, warnings_length, warnings_room;
};

/* Reads the file `name` below the folder `root` ("" is the current one); what it includes must lie below `root` too. False with
 * "FILE:LINE:COL: sentence" in `why`. `limits` may be NULL. */
bool yaml_read(struct yaml_text *text, const char *root, const char *name, const struct yaml_limits *limits, char *why, size_t why_size);
/* Reads bytes as if they were that file. */
bool yaml_read_bytes(struct yaml_text *text, const char *root, const char *name, const char *bytes, size_t length,
                     const struct yaml_limits *limits, char *why, size_t why_size);
void yaml_clear(struct yaml_text *text);

/* The place of a byte of the JSON text. */
void yaml_place(const struct yaml_text *text, size_t offset, const char **file, size_t *line, size_t *column);
/* The byte at which the value at a JSON pointer begins, or with `key` the name of that member. What is not there gives the innermost
 * value around it that is. */
size_t yaml_find(const struct yaml_text *text, const char *pointer, bool key);

#endif
