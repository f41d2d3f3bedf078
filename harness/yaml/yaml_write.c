/* yaml_write.c: the JSON text that YAML becomes, with a mark for each key and value.
 *
 * Every bound is met here, while writing: what aliases expand to is counted before it is copied, and nothing grows past its limit. */
#include "harness/yaml/yaml_parts.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARNINGS_ROOM = 64 << 10 };

struct shown yaml_show(const void *from, size_t length)
{
    const unsigned char *bytes = from;
    struct shown s;
    size_t used = 0, at = 0;
    for (; at < length && used < sizeof s.text - 8; at++)
        s.text[used++] = bytes[at] < 0x20 || bytes[at] == 0x7F ? '?' : (char)bytes[at];
    while (at < length && used > 0 && (bytes[at] & 0xC0) == 0x80) { /* not in the middle of a character */
        at--;
        used--;
    }
    snprintf(s.text + used, sizeof s.text - used, "%s", at < length ? "..." : "");
    return s;
}

bool yaml_refuse(struct source *s, const char *format, ...)
{
    struct loader *load = s->load;
    int used = snprintf(load->why, load->why_size, "%s:%zu:%zu: ", load->out->files[s->file], s->line, s->column);
    va_list values;
    va_start(values, format);
    if (used >= 0 && (size_t)used < load->why_size)
        vsnprintf(load->why + used, load->why_size - (size_t)used, format, values);
    va_end(values);
    return false;
}

bool yaml_refuse_memory(struct loader *load)
{
    snprintf(load->why, load->why_size, "memory ran out");
    return false;
}

/* The pointer is moved as bytes because pointers of different types may not stand in for each other. */
bool yaml_grow(void *array_pointer, size_t *room, size_t need, size_t item, size_t most)
{
    void *array, *grown;
    if (need <= *room)
        return true;
    if (need > most || most > SIZE_MAX / item)
        return false;
    size_t wanted = *room ? *room * 2 : 64;
    wanted = wanted < need ? need : wanted > most ? most : wanted;
    memcpy(&array, array_pointer, sizeof array);
    grown = realloc(array, wanted * item);
    if (!grown)
        return false;
    memcpy(array_pointer, &grown, sizeof grown);
    *room = wanted;
    return true;
}

/* Room for more text and the NUL behind it. */
static bool text_room(struct source *s, size_t length)
{
    struct loader *load = s->load;
    struct yaml_text *out = load->out;
    if (length > load->most.total - out->length)
        return yaml_refuse(s, "the file comes to more than %zu bytes of JSON", load->most.total);
    return yaml_grow(&out->json, &out->room, out->length + length + 1, 1, load->most.total + 1) || yaml_refuse_memory(load);
}

bool yaml_write_text(struct source *s, const void *bytes, size_t length)
{
    struct yaml_text *out = s->load->out;
    if (!text_room(s, length))
        return false;
    memcpy(out->json + out->length, bytes, length);
    out->length += length;
    out->json[out->length] = '\0';
    return true;
}

static bool write_mark(struct loader *load, struct yaml_mark mark)
{
    struct yaml_text *out = load->out;
    if (!yaml_grow(&out->marks, &out->mark_room, out->mark_count + 1, sizeof mark, load->most.nodes))
        return yaml_refuse_memory(load);
    out->marks[out->mark_count++] = mark;
    return true;
}

/* Counts a key or value and notes its place. */
static bool mark_node(struct source *s)
{
    struct loader *load = s->load;
    if (load->nodes >= load->most.nodes)
        return yaml_refuse(s, "there are more than %zu keys and values", load->most.nodes);
    load->nodes++;
    return write_mark(load, (struct yaml_mark){.offset = load->out->length, .file = s->file, .line = s->line, .column = s->column});
}

bool yaml_write_string(struct source *s, const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t from = 0;
    bool ok = yaml_write_text(s, "\"", 1);
    for (size_t i = 0; ok && i < length; i++) {
        char escaped[8];
        if (bytes[i] >= 0x20 && bytes[i] != '"' && bytes[i] != '\\')
            continue;
        if (bytes[i] < 0x20)
            snprintf(escaped, sizeof escaped, "\\u%04x", bytes[i]);
        else
            snprintf(escaped, sizeof escaped, "\\%c", bytes[i]);
        ok = yaml_write_text(s, text + from, i - from) && yaml_write_text(s, escaped, strlen(escaped));
        from = i + 1;
    }
    return ok && yaml_write_text(s, text + from, length - from) && yaml_write_text(s, "\"", 1);
}

bool yaml_begin_value(struct source *s)
{
    struct frame *frame = s->depth ? &s->frames[s->depth - 1] : NULL;
    if (frame && frame->is_map)
        frame->key_next = true;
    else if (frame && frame->count++ > 0 && !yaml_write_text(s, ",", 1))
        return false;
    return mark_node(s);
}

bool yaml_write_key(struct source *s, const char *text, size_t length)
{
    struct loader *load = s->load;
    struct frame *frame = &s->frames[s->depth - 1];
    if ((frame->count++ > 0 && !yaml_write_text(s, ",", 1)) || !mark_node(s))
        return false;
    if (!yaml_grow(&load->keys, &load->key_room, load->key_count + 1, sizeof *load->keys, load->most.nodes))
        return yaml_refuse_memory(load);
    struct key *key = &load->keys[load->key_count++];
    *key = (struct key){.offset = load->out->length, .line = s->line, .column = s->column};
    if (!yaml_write_string(s, text, length))
        return false;
    key->length = load->out->length - key->offset;
    frame->key_next = false;
    return yaml_write_text(s, ":", 1);
}

static int by_name(const void *left, const void *right)
{
    const struct key *a = left, *b = right;
    int order = memcmp(a->text, b->text, a->length < b->length ? a->length : b->length);
    if (order == 0 && a->length != b->length)
        order = a->length < b->length ? -1 : 1;
    return order ? order : a->offset < b->offset ? -1 : a->offset > b->offset;
}

static bool same_name(const struct key *a, const struct key *b)
{
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

bool yaml_keys_differ(struct source *s, size_t first)
{
    struct loader *load = s->load;
    struct key *keys = load->keys + first, *second = NULL;
    size_t count = load->key_count - first, line = 0;
    if (count < 2)
        return true;
    for (size_t i = 0; i < count; i++)
        keys[i].text = load->out->json + keys[i].offset;
    qsort(keys, count, sizeof *keys, by_name);
    for (size_t i = 1; i < count; i++) {
        if (!same_name(&keys[i], &keys[i - 1]) || (second && second->offset < keys[i].offset))
            continue;
        second = &keys[i];
        line = keys[i - 1].line;
    }
    if (!second)
        return true;
    s->line = second->line;
    s->column = second->column;
    return yaml_refuse(s, "the key %s is given twice, first in line %zu", yaml_show(second->text, second->length).text, line);
}

bool yaml_begin_anchor(struct source *s, const char *name, int *index)
{
    struct loader *load = s->load;
    *index = NO_ANCHOR;
    if (!name)
        return true;
    if (load->anchors_made >= load->most.anchors)
        return yaml_refuse(s, "there are more than %zu anchors", load->most.anchors);
    load->anchors_made++;
    if (!yaml_grow(&load->anchors, &load->anchor_room, load->anchor_count + 1, sizeof *load->anchors, load->most.anchors))
        return yaml_refuse_memory(load);
    struct anchor *anchor = &load->anchors[load->anchor_count];
    *anchor = (struct anchor){.name = strdup(name), .nodes = load->nodes};
    if (!anchor->name)
        return yaml_refuse_memory(load);
    *index = (int)load->anchor_count++;
    return true;
}

void yaml_place_anchor(struct source *s, int index)
{
    struct yaml_text *out = s->load->out;
    if (index == NO_ANCHOR)
        return;
    s->load->anchors[index].start = out->length;
    s->load->anchors[index].mark_start = out->mark_count - 1;
}

void yaml_end_anchor(struct source *s, int index)
{
    struct anchor *anchor = index == NO_ANCHOR ? NULL : &s->load->anchors[index];
    if (!anchor)
        return;
    anchor->end = s->load->out->length;
    anchor->mark_end = s->load->out->mark_count;
    anchor->nodes = s->load->nodes - anchor->nodes;
    anchor->ended = true;
}

static const struct anchor *find_anchor(const struct source *s, const char *name)
{
    for (size_t i = s->load->anchor_count; i-- > s->first_anchor;)
        if (strcmp(s->load->anchors[i].name, name) == 0)
            return &s->load->anchors[i];
    return NULL;
}

/* The alias itself stands where it stands; what is inside of it stands at the anchor. Included JSON has one mark for all of it. */
static bool copy_marks(struct source *s, const struct anchor *anchor, size_t start)
{
    struct yaml_text *out = s->load->out;
    bool verbatim = out->marks[anchor->mark_start].verbatim;
    if (verbatim)
        out->mark_count--;
    for (size_t i = anchor->mark_start + !verbatim; i < anchor->mark_end; i++) {
        struct yaml_mark mark = out->marks[i];
        mark.offset += start - anchor->start;
        if (!write_mark(s->load, mark))
            return false;
    }
    return true;
}

bool yaml_write_alias(struct source *s, const char *name)
{
    struct loader *load = s->load;
    struct yaml_text *out = load->out;
    const struct anchor *anchor = find_anchor(s, name);
    struct shown shown = yaml_show(name, strlen(name));
    if (!anchor)
        return yaml_refuse(s, "*%s stands for nothing: no &%s comes before it", shown.text, shown.text);
    if (!anchor->ended)
        return yaml_refuse(s, "*%s stands inside of &%s itself", shown.text, shown.text);
    if (anchor->nodes > load->most.nodes - load->nodes)
        return yaml_refuse(s, "there are more than %zu keys and values once aliases are expanded", load->most.nodes);
    size_t length = anchor->end - anchor->start;
    if (!yaml_begin_value(s) || !copy_marks(s, anchor, out->length) || !text_room(s, length))
        return false;
    load->nodes += anchor->nodes - 1;
    memcpy(out->json + out->length, out->json + anchor->start, length);
    out->length += length;
    out->json[out->length] = '\0';
    return true;
}

bool yaml_warn(struct source *s, const char *text, size_t length, const char *once)
{
    char line[512];
    struct yaml_text *out = s->load->out;
    int used = snprintf(line, sizeof line, "%s:%zu:%zu: %s is text here, and %s to older readers of YAML: quote it\n", out->files[s->file],
                        s->line, s->column, yaml_show(text, length).text, once);
    if (used < 0 || (size_t)used >= sizeof line || out->warnings_length + (size_t)used >= WARNINGS_ROOM)
        return true; /* enough has been said */
    if (!yaml_grow(&out->warnings, &out->warnings_room, out->warnings_length + (size_t)used + 1, 1, WARNINGS_ROOM))
        return yaml_refuse_memory(s->load);
    memcpy(out->warnings + out->warnings_length, line, (size_t)used + 1);
    out->warnings_length += (size_t)used;
    return true;
}
