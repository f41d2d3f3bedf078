/* suite.c: load suite files. The library judges their shape, like that of any document; the rest is done in the suite_*.c beside this. */
#include "harness/suite/suite.h"

#include "harness/base/glob.h"
#include "harness/base/pointer.h"
#include "harness/base/words.h"
#include "harness/suite/suite_parts.h"

#include <dirent.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PROBES "probes"

enum { FOLDER_DEPTH_MAX = 16, COMPLAINTS_MAX = 50, DOCUMENT_DEPTH = 200 };

/* --- complaints */

void complain_line(struct complaints *c, const char *line)
{
    if (++c->count > COMPLAINTS_MAX || c->used >= c->size)
        return;
    int used = snprintf(c->why + c->used, c->size - c->used, "%s%s", c->used ? "\n" : "", line);
    c->used += used > 0 ? (size_t)used : 0;
}

bool complain(struct build *b, const char *pointer, bool at_key, const char *format, ...)
{
    char line[1024];
    const char *file;
    size_t row, column;
    va_list values;
    yaml_place(b->text, yaml_find(b->text, pointer, at_key), &file, &row, &column);
    int used = snprintf(line, sizeof line, "%s:%zu:%zu: ", file, row, column);
    va_start(values, format);
    if (used > 0 && (size_t)used < sizeof line)
        vsnprintf(line + used, sizeof line - (size_t)used, format, values);
    va_end(values);
    complain_line(b->complaints, line);
    return false;
}

bool complain_memory(struct build *b)
{
    complain_line(b->complaints, "memory ran out");
    return false;
}

/* --- the shape */

static bool warn(struct suite_set *set, const char *lines)
{
    size_t before = set->warnings ? strlen(set->warnings) : 0, more = strlen(lines);
    char *grown = realloc(set->warnings, before + more + 1);
    if (!grown)
        return false;
    memcpy(grown + before, lines, more + 1);
    set->warnings = grown;
    return true;
}

/* A suite may hold odd strings and numbers, to send them on purpose. */
static bool is_on_purpose(const struct cc_rule *rule)
{
    static const char *const fine[] = {"json.nul_in_string", "json.noncharacter", "json.number_overflow", "json.int_precision", NULL};
    for (const char *const *id = fine; *id; id++)
        if (strcmp(*id, rule->id) == 0)
            return true;
    return false;
}

/* What else the reader finds (keys given twice, half characters) would not be sent as it stands. */
static bool complain_finding(struct build *b, const struct cc_finding *finding)
{
    char line[1024];
    const char *file, *id = finding->rule->id;
    size_t row, column;
    bool of_suite = strncmp(id, "suite.", 6) == 0, is_error = !of_suite || finding->severity == CC_ERROR;
    size_t offset = of_suite ? yaml_find(b->text, finding->pointer, ends_with(id, ".unknown_member")) : finding->offset;
    yaml_place(b->text, offset, &file, &row, &column);
    snprintf(line, sizeof line, "%s:%zu:%zu: %s [%s]%s", file, row, column, finding->message, id, is_error ? "" : "\n");
    if (is_error)
        complain_line(b->complaints, line);
    return is_error || warn(b->set, line) || complain_memory(b);
}

/* True when the shape is sound. */
static bool judge_shape(struct build *b)
{
    const struct cc_options options = {.limits = {.depth = DOCUMENT_DEPTH, .bytes = 64 << 20}};
    if (!b->set->checker)
        b->set->checker = cc_checker_new(&options);
    const struct cc_report *report = b->set->checker ? cc_check(b->set->checker, CC_SUITE, b->text->json, b->text->length) : NULL;
    size_t before = b->complaints->count;
    if (!report)
        return complain_memory(b);
    for (size_t i = 0; i < report->count; i++)
        if (!is_on_purpose(report->findings[i].rule))
            complain_finding(b, &report->findings[i]);
    return b->complaints->count == before;
}

/* --- one file */

static bool id_is_free(struct build *b)
{
    for (size_t i = 0; i < b->set->count; i++)
        if (strcmp(b->set->suites[i].id, b->suite->id) == 0)
            return complain(b, "/suite", false, "the suite %s is already in %s", b->suite->id, b->set->suites[i].file);
    return true;
}

static bool name_suite(struct build *b)
{
    struct json_object *value;
    json_object_object_get_ex(b->suite->root, "suite", &value);
    b->suite->id = strdup(json_object_get_string(value));
    json_object_object_get_ex(b->suite->root, "title", &value);
    b->suite->title = value ? strdup(json_object_get_string(value)) : b->suite->id ? strdup(b->suite->id) : NULL;
    b->suite->file = strdup(b->text->files[0]);
    return (b->suite->id && b->suite->title && b->suite->file) || complain_memory(b);
}

/* Puts a suite where its file belongs in the order. */
static bool insert(struct build *b)
{
    struct suite_set *set = b->set;
    struct suite *grown = realloc(set->suites, (set->count + 1) * sizeof *grown);
    size_t at = set->count;
    if (!grown)
        return complain_memory(b);
    set->suites = grown;
    for (; at > 0 && strcmp(grown[at - 1].file, b->suite->file) > 0; at--)
        grown[at] = grown[at - 1];
    grown[at] = *b->suite;
    set->count++;
    return true;
}

static bool build_and_insert(struct build *b)
{
    if (!json_object_is_type(b->text->object, json_type_object))
        return complain(b, "", false, "a suite is a map with the keys chatconform, suite and cases");
    if (!judge_shape(b))
        return false;
    b->suite->root = json_object_get(b->text->object);
    for (size_t i = 0; i < b->set->count; i++)
        b->total += b->set->suites[i].count;
    return name_suite(b) && id_is_free(b) && suite_build(b) && suite_note_needs(b) && (!b->text->warnings || warn(b->set, b->text->warnings)) && insert(b);
}

static bool load(struct suite_set *set, const char *root, const char *name, struct complaints *complaints)
{
    char why[1024];
    struct yaml_text text = {0};
    struct suite suite = {0};
    struct build b = {.set = set, .suite = &suite, .text = &text, .complaints = complaints};
    if (!yaml_read(&text, root, name, NULL, why, sizeof why)) {
        complain_line(complaints, why);
        return false;
    }
    bool ok = build_and_insert(&b);
    if (!ok)
        suite_clear(&suite);
    yaml_clear(&text);
    return ok;
}

static void close_complaints(const struct complaints *c)
{
    if (c->count > COMPLAINTS_MAX && c->used < c->size)
        snprintf(c->why + c->used, c->size - c->used, "\nand %zu more mistakes", c->count - COMPLAINTS_MAX);
}

/* How much of a path is the folder that includes may not leave: that of the file, or of a probe the one above, as all probes are loaded. */
static size_t root_length(const char *file)
{
    const char *slash = strrchr(file, '/');
    size_t length = slash ? (size_t)(slash - file) : 0, own = sizeof PROBES - 1;
    bool is_probe = length >= own && memcmp(file + length - own, PROBES, own) == 0 && (length == own || file[length - own - 1] == '/');
    if (is_probe) length -= length > own ? own + 1 : own;
    return length + (length == 0 && *file == '/');
}

bool suite_load(struct suite_set *set, const char *file, char *why, size_t why_size)
{
    struct complaints complaints = {.why = why, .size = why_size};
    size_t length = root_length(file);
    char *root = strndup(file, length);
    *why = '\0';
    if (!root) {
        complain_line(&complaints, "memory ran out");
        return false;
    }
    bool ok = load(set, root, file + length + (file[length] == '/'), &complaints);
    close_complaints(&complaints);
    free(root);
    return ok;
}

/* --- a folder */

/* The suite files found so far, as paths below the folder. */
struct listing {
    const char *root;
    char **names;
    size_t count;
    struct complaints *complaints;
};

static bool refuse_path(struct listing *l, const char *path, const char *words)
{
    char line[1024];
    snprintf(line, sizeof line, "%s%s%s: %s", l->root, *path ? "/" : "", path, words);
    complain_line(l->complaints, line);
    return false;
}

static char *join(const char *folder, const char *name)
{
    size_t room = strlen(folder) + strlen(name) + 2;
    char *path = malloc(room);
    if (path)
        snprintf(path, room, "%s%s%s", folder, *folder ? "/" : "", name);
    return path;
}

static bool list_folder(struct listing *l, const char *folder, size_t depth);

static bool list_entry(struct listing *l, char *path, const char *name, size_t depth)
{
    struct stat about;
    char *full = join(l->root, path);
    bool known = full && lstat(full, &about) == 0, is_suite = ends_with(name, ".yaml") || ends_with(name, ".yml");
    free(full);
    if (!known)
        return refuse_path(l, path, full ? strerror(errno) : "memory ran out");
    if (S_ISDIR(about.st_mode))
        return strcmp(name, "fixtures") == 0 || strcmp(path, PROBES) == 0 || list_folder(l, path, depth + 1);
    if (!is_suite)
        return true;
    if (!S_ISREG(about.st_mode))
        return refuse_path(l, path, "it is not a regular file");
    char **grown = l->count < SUITE_CASES_MAX ? realloc(l->names, (l->count + 1) * sizeof *grown) : NULL;
    if (!grown)
        return refuse_path(l, path, l->count < SUITE_CASES_MAX ? "memory ran out" : "there are too many files");
    l->names = grown;
    l->names[l->count] = strdup(path);
    return l->names[l->count] ? ++l->count > 0 : refuse_path(l, path, "memory ran out");
}

static bool list_folder(struct listing *l, const char *folder, size_t depth)
{
    char *full = *folder ? join(l->root, folder) : strdup(l->root);
    DIR *open = full ? opendir(full) : NULL;
    int error = errno;
    bool ok = true;
    free(full);
    if (!open || depth > FOLDER_DEPTH_MAX) {
        if (open)
            closedir(open);
        return refuse_path(l, folder, open ? "folders are nested too deep" : strerror(error));
    }
    for (struct dirent *entry; ok && (entry = readdir(open));) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = join(folder, entry->d_name);
        ok = path ? list_entry(l, path, entry->d_name, depth) : refuse_path(l, folder, "memory ran out");
        free(path);
    }
    closedir(open);
    return ok;
}

static int by_text(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;
    return strcmp(*left, *right);
}

/* Loads what lies in one folder below another, "" being that one itself. */
static bool load_below(struct suite_set *set, const char *folder, const char *below, char *why, size_t why_size)
{
    struct complaints complaints = {.why = why, .size = why_size};
    struct listing listing = {.complaints = &complaints};
    size_t length = strlen(folder);
    char *root = strdup(folder);
    *why = '\0';
    while (root && length > 1 && root[length - 1] == '/')
        root[--length] = '\0';
    listing.root = root ? root : folder;
    bool ok = root ? list_folder(&listing, below, 0) : false;
    if (ok && listing.count == 0)
        ok = refuse_path(&listing, below, "there is no suite in this folder");
    if (listing.count > 0)
        qsort(listing.names, listing.count, sizeof *listing.names, by_text);
    for (size_t i = 0; i < listing.count; i++) {
        ok = load(set, listing.root, listing.names[i], &complaints) && ok;
        free(listing.names[i]);
    }
    close_complaints(&complaints);
    free(listing.names);
    free(root);
    return ok;
}

bool suite_load_folder(struct suite_set *set, const char *folder, char *why, size_t why_size)
{
    return load_below(set, folder, "", why, why_size);
}

bool suite_load_probes(struct suite_set *set, const char *folder, char *why, size_t why_size)
{
    return load_below(set, folder, PROBES, why, why_size);
}

/* --- the end of suites */

void suite_step_clear(struct suite_step *step)
{
    json_object_put(step->request);
    json_object_put(step->headers);
    json_object_put(step->expect);
}

static void clear_case(struct suite_case *c)
{
    for (size_t i = 0; i < c->step_count; i++)
        suite_step_clear(&c->steps[i]);
    for (size_t i = 0; c->tags && c->tags[i]; i++)
        free(c->tags[i]);
    for (size_t i = 0; c->needs && c->needs[i]; i++)
        free(c->needs[i]);
    free(c->tags);
    free(c->needs);
    free(c->steps);
    free(c->id);
    free(c->path);
    free(c->title);
    free(c->spec);
    json_object_put(c->variables);
}

void suite_clear(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; i++)
        clear_case(&suite->cases[i]);
    free(suite->cases);
    free(suite->id);
    free(suite->title);
    free(suite->file);
    json_object_put(suite->root);
    *suite = (struct suite){0};
}

void suite_set_clear(struct suite_set *set)
{
    for (size_t i = 0; i < set->count; i++)
        suite_clear(&set->suites[i]);
    for (size_t i = 0; i < set->need_count; i++) {
        free(set->needs[i].name);
        free(set->needs[i].place);
    }
    free(set->suites);
    free(set->needs);
    free(set->warnings);
    cc_checker_free(set->checker);
    *set = (struct suite_set){0};
}

/* --- controls */

static bool apply(struct json_object **made, struct json_object *changed, bool done, const char *pointer, const char *reason, char *why,
                  size_t why_size)
{
    if (!done) {
        snprintf(why, why_size, "control: %s: %s", pointer, reason);
        return false;
    }
    json_object_put(*made);
    *made = changed;
    return true;
}

bool suite_control(struct json_object *control, struct json_object *request, struct json_object **made, char *why, size_t why_size)
{
    struct json_object *remove = NULL, *set = NULL, *changed = NULL;
    const char *reason;
    bool ok = true;
    *made = json_object_get(request);
    json_object_object_get_ex(control, "remove", &remove);
    json_object_object_get_ex(control, "set", &set);
    for (size_t i = 0; ok && remove && i < json_object_array_length(remove); i++) {
        const char *pointer = json_object_get_string(json_object_array_get_idx(remove, i));
        bool done = pointer_remove(*made, pointer, &changed, &reason);
        ok = apply(made, changed, done, pointer, reason, why, why_size);
    }
    if (set) {
        json_object_object_foreach(set, pointer, value) {
            bool done = ok && pointer_set(*made, pointer, value, &changed, &reason);
            ok = ok && apply(made, changed, done, pointer, reason, why, why_size);
        }
    }
    if (ok)
        return true;
    json_object_put(*made);
    *made = NULL;
    return false;
}

const char *suite_nearest(const struct suite_set *set, const char *glob)
{
    struct nearest nearest = nearest_to(glob);
    for (size_t i = 0; i < set->count; i++) {
        nearest_try_path(&nearest, set->suites[i].id);
        for (size_t k = 0; k < set->suites[i].count; k++)
            nearest_try_path(&nearest, set->suites[i].cases[k].path);
    }
    return nearest.best;
}
