/* yaml_file.c: the files that a YAML text is made of, and the bounds on them. */
#include "chatconform.h"
#include "harness/base/beneath.h"
#include "harness/base/words.h"
#include "harness/yaml/yaml_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Notes the name of a file, as people know it. */
static bool add_file(struct loader *load, const char *path, size_t *index)
{
    struct yaml_text *out = load->out;
    size_t length = strlen(load->root) + strlen(path) + 2;
    bool slash = *load->root && load->root[strlen(load->root) - 1] != '/';
    char *name = malloc(length), **grown = realloc(out->files, (out->file_count + 1) * sizeof *grown);
    if (grown)
        out->files = grown;
    if (!grown || !name) {
        free(name);
        return yaml_refuse_memory(load);
    }
    snprintf(name, length, "%s%s%s", load->root, slash ? "/" : "", path);
    *index = out->file_count;
    out->files[out->file_count++] = name;
    return true;
}

static bool refuse_include(struct source *s, const char *path, const char *why)
{
    return yaml_refuse(s, "cannot include %s: %s", yaml_show(path, strlen(path)).text, why);
}

/* JSON is copied as it stands; its own lines and columns stay known. */
static bool include_json(struct source *s, const char *path, const char *bytes, size_t length)
{
    struct loader *load = s->load;
    struct yaml_text *out = load->out;
    struct yaml_mark *mark = &out->marks[out->mark_count - 1];
    struct cc_limits limits = {.bytes = load->most.file, .values = load->most.nodes};
    struct json_object *object;
    char why[200];
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
        return refuse_include(s, path, "it begins with a byte order mark");
    if (!cc_read_object(bytes, length, &limits, &object, why, sizeof why))
        return refuse_include(s, path, why);
    json_object_put(object);
    size_t nodes = yaml_count_nodes(bytes, length) - 1; /* the mark was counted */
    if (nodes > load->most.nodes - load->nodes)
        return yaml_refuse(s, "there are more than %zu keys and values", load->most.nodes);
    load->nodes += nodes;
    *mark = (struct yaml_mark){.offset = mark->offset, .line = 1, .column = 1, .verbatim = true};
    return add_file(load, path, &mark->file) && yaml_write_text(s, bytes, length);
}

/* The value of the included document marks itself. */
static bool include_yaml(struct source *s, const char *path, const char *bytes, size_t length)
{
    struct source *inner = calloc(1, sizeof *inner);
    if (!inner)
        return yaml_refuse_memory(s->load);
    inner->load = s->load;
    inner->within = s;
    inner->nesting = s->nesting + 1;
    inner->path = path;
    s->load->out->mark_count--;
    s->load->nodes--;
    bool ok = add_file(s->load, path, &inner->file) && yaml_read_events(inner, bytes, length);
    free(inner);
    return ok;
}

/* Why a file cannot be included here, whatever is in it; or NULL. */
static const char *include_fault(const struct source *s, const char *path, char *words, size_t size)
{
    const struct loader *load = s->load;
    for (const struct source *outer = s; outer; outer = outer->within)
        if (strcmp(outer->path, path) == 0)
            return "it includes itself";
    snprintf(words, size, "more than %zu files are included", load->most.files);
    if (load->files > load->most.files)
        return words;
    snprintf(words, size, "includes are nested deeper than %zu", load->most.nesting);
    if (s->nesting + 1 > load->most.nesting)
        return words;
    bool named = strlen(path) > strlen(".json") && (ends_with(path, ".json") || ends_with(path, ".yaml"));
    return named ? NULL : "only .json and .yaml files can be included";
}

static bool take_file(struct loader *load, int fd, char **bytes, size_t *length, char *why, size_t why_size)
{
    if (!file_take(fd, load->most.file, bytes, length, why, why_size))
        return false;
    load->bytes += *length;
    if (load->bytes <= load->most.total)
        return true;
    snprintf(why, why_size, "all files together are longer than %zu bytes", load->most.total);
    free(*bytes);
    return false;
}

bool yaml_include(struct source *s, const char *name, size_t length)
{
    char path[PATH_ROOM], why[200], *bytes;
    struct loader *load = s->load;
    if (!beneath_join(s->path, name, length, path, why, sizeof why))
        return refuse_include(s, yaml_show(name, length).text, why);
    load->files++;
    const char *fault = include_fault(s, path, why, sizeof why);
    if (fault)
        return refuse_include(s, path, fault);
    int fd = beneath_open(load->root, path, why, sizeof why);
    if (fd < 0 || !take_file(load, fd, &bytes, &length, why, sizeof why))
        return refuse_include(s, path, why);
    bool ok = ends_with(path, ".json") ? include_json(s, path, bytes, length) : include_yaml(s, path, bytes, length);
    free(bytes);
    return ok;
}

static size_t bound(size_t wanted, size_t standard, size_t hard)
{
    return wanted == 0 ? standard : wanted > hard ? hard : wanted;
}

static struct yaml_limits bounds(const struct yaml_limits *limits)
{
    static const struct yaml_limits none;
    const struct yaml_limits *l = limits ? limits : &none;
    return (struct yaml_limits){
        .file = bound(l->file, 1 << 20, 16 << 20),
        .total = bound(l->total, 8 << 20, 64 << 20),
        .files = bound(l->files, 64, 1024),
        .nesting = bound(l->nesting, 8, 16),
        .depth = bound(l->depth, 32, DEEPEST),
        .events = bound(l->events, 100000, 1000000),
        .anchors = bound(l->anchors, 64, 1024),
        .aliases = bound(l->aliases, 64, 1024),
        .nodes = bound(l->nodes, 50000, 500000),
        .scalar = bound(l->scalar, 256 << 10, 4 << 20),
    };
}

/* Reads the file that was asked for. Included JSON may nest by its own bound below the depth of the YAML. */
static bool read_top(struct loader *load, const char *path, const char *bytes, size_t length)
{
    static const struct cc_limits roomy = {.bytes = 64 << 20, .depth = DEEPEST + 64, .values = 1000000};
    struct yaml_text *out = load->out;
    char why[200];
    struct source *s = calloc(1, sizeof *s);
    if (!s)
        return yaml_refuse_memory(load);
    s->load = load;
    s->path = path;
    bool ok = yaml_read_events(s, bytes, length);
    if (ok && !cc_read_object(out->json, out->length, &roomy, &out->object, why, sizeof why)) {
        s->line = s->column = 1;
        ok = yaml_refuse(s, "%s", why);
    }
    free(s);
    return ok;
}

static bool finish(struct loader *load, bool ok)
{
    free(load->anchors);
    free(load->keys);
    if (!ok)
        yaml_clear(load->out);
    return ok;
}

bool yaml_read_bytes(struct yaml_text *text, const char *root, const char *name, const char *bytes, size_t length,
                     const struct yaml_limits *limits, char *why, size_t why_size)
{
    struct loader load = {.out = text, .root = root, .most = bounds(limits), .bytes = length, .why = why, .why_size = why_size};
    size_t index;
    if (!add_file(&load, name, &index))
        return finish(&load, false);
    if (length <= load.most.file && length <= load.most.total)
        return finish(&load, read_top(&load, name, bytes, length));
    snprintf(why, why_size, "%s: it is longer than %zu bytes", text->files[0], load.most.file);
    return finish(&load, false);
}

bool yaml_read(struct yaml_text *text, const char *root, const char *name, const struct yaml_limits *limits, char *why, size_t why_size)
{
    struct loader load = {.out = text, .root = root, .most = bounds(limits), .why = why, .why_size = why_size};
    char reason[200], *bytes;
    size_t index, length;
    if (!add_file(&load, name, &index))
        return finish(&load, false);
    int fd = plain_open(text->files[0], reason, sizeof reason);
    if (fd < 0 || !take_file(&load, fd, &bytes, &length, reason, sizeof reason)) {
        snprintf(why, why_size, "%s: %s", text->files[0], reason);
        return finish(&load, false);
    }
    bool ok = read_top(&load, name, bytes, length);
    free(bytes);
    return finish(&load, ok);
}

void yaml_clear(struct yaml_text *text)
{
    for (size_t i = 0; i < text->file_count; i++)
        free(text->files[i]);
    free(text->files);
    free(text->json);
    free(text->marks);
    free(text->warnings);
    json_object_put(text->object);
    *text = (struct yaml_text){0};
}
