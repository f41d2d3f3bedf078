/* yaml_parts.h: what the files of the YAML reader know of each other: yaml.c turns events into calls of yaml_write.c, which writes JSON;
 * yaml_file.c opens files and calls yaml.c for what is in them. */
#ifndef YAML_PARTS_H
#define YAML_PARTS_H

#include "harness/yaml/yaml.h"

enum { DEEPEST = 128, NO_ANCHOR = -1 };

/* A value that has a name, as the part of the JSON text that it became. */
struct anchor {
    char *name;
    size_t start, end, mark_start, mark_end, nodes;
    bool ended;
};

struct key {
    size_t offset, length; /* of its text in the JSON text, with the quotes */
    size_t line, column;
    const char *text;      /* only while keys are sorted */
};

/* A list or map that is open. */
struct frame {
    bool is_map, key_next;
    size_t count, first_key;
    int anchor;
};

/* What all files of one reading share. */
struct loader {
    struct yaml_text *out;
    const char *root;
    struct yaml_limits most;
    size_t events, aliases, anchors_made, nodes, files, bytes, depth;
    struct anchor *anchors;
    size_t anchor_count, anchor_room;
    struct key *keys;
    size_t key_count, key_room;
    char *why;
    size_t why_size;
};

/* One file that is being read. */
struct source {
    struct loader *load;
    const struct source *within; /* the file that includes it */
    size_t nesting;
    const char *path;            /* below the root */
    size_t file;                 /* index of its name in the output */
    size_t line, column;         /* of the event at hand, from 1 */
    size_t first_anchor;
    struct frame frames[DEEPEST + 1];
    size_t depth;
    bool has_document, ended;
};

/* A piece of a file as it may stand in a sentence: short, and without bytes that a terminal would obey. */
struct shown {
    char text[64];
};
struct shown yaml_show(const void *bytes, size_t length);

/* --- yaml_write.c; all return false when they refuse */

/* The sentence for the event at hand. */
bool yaml_refuse(struct source *s, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool yaml_refuse_memory(struct loader *load);

/* Makes room for `need` items of an array, at most `most`. */
bool yaml_grow(void *array_pointer, size_t *room, size_t need, size_t item, size_t most);
bool yaml_write_text(struct source *s, const void *bytes, size_t length);
bool yaml_write_string(struct source *s, const char *text, size_t length);
/* A comma where there must be one, and the mark of the value that comes now. */
bool yaml_begin_value(struct source *s);
/* A key of the innermost map, with its colon. */
bool yaml_write_key(struct source *s, const char *text, size_t length);
/* Refuses the first key, from this one on, that stood before. */
bool yaml_keys_differ(struct source *s, size_t first);

/* A named value begins: before begin_value, and after it. `*index` is NO_ANCHOR without a name. */
bool yaml_begin_anchor(struct source *s, const char *name, int *index);
void yaml_place_anchor(struct source *s, int index);
void yaml_end_anchor(struct source *s, int index);
bool yaml_write_alias(struct source *s, const char *name);
/* Notes for lint what an older reader would make of text. */
bool yaml_warn(struct source *s, const char *text, size_t length, const char *once);

/* --- yaml_file.c */
bool yaml_include(struct source *s, const char *name, size_t length);

/* --- yaml.c */
bool yaml_read_events(struct source *s, const char *bytes, size_t length);

/* --- yaml_place.c: the number of keys and values of well-formed JSON text */
size_t yaml_count_nodes(const char *json, size_t length);

#endif
