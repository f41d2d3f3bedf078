/* json_schema_report.c: lists of errors, of schemas and of what they judge: where each is, as pointers into both documents. */
#include "validator/lib/json_schema_work.h"

#include <stdlib.h>

void tally_start(struct tally *tally, size_t most)
{
    tally->report = (struct cc_schema_report){.verdict = CC_SCHEMA_HOLDS, .errors = tally->errors};
    tally->most = most;
    tally->failed = false;
    tally->last = (struct last_child){0};
    pile_release(&tally->texts, (struct pile_mark){0});
}

void tally_clear(struct tally *tally)
{
    free(tally->errors);
    pile_clear(&tally->texts);
    *tally = (struct tally){0};
}

bool tally_wants(struct tally *tally)
{
    if (tally->report.count < tally->most) return true;
    tally->report.dropped++;
    return false;
}

static bool room_for_one(struct tally *tally)
{
    if (tally->report.count < tally->room) return true;
    size_t room = tally->room ? tally->room * 2 : 16;
    struct cc_schema_error *errors = realloc(tally->errors, room * sizeof *errors);
    if (!errors) return false;
    tally->errors = errors;
    tally->room = room;
    return true;
}

void tally_add(struct tally *tally, const struct cc_schema_error *error)
{
    bool whole = error->place && error->message && (error->pointer || error->reason);
    if (!whole || !room_for_one(tally)) {
        tally->failed = true;
        return;
    }
    tally->errors[tally->report.count++] = *error;
    tally->report.errors = tally->errors;
}

/* --- pointers */

enum { KEY_SHOWN = 1000 }; /* longer keys are cut: a thousand errors of one long key would fill the memory */

size_t text_cut(const char *text, size_t length, size_t most)
{
    if (length <= most) return length;
    while (most && ((unsigned char)text[most] & 0xC0) == 0x80) most--;
    return most;
}

/* A text that is measured first and written then. */
struct path {
    char *out; /* NULL: only measure */
    size_t used;
};

static void path_add(struct path *path, const char *bytes, size_t length)
{
    if (path->out) memcpy(path->out + path->used, bytes, length);
    path->used += length;
}

static void path_key(struct path *path, const char *key, size_t length)
{
    path_add(path, "/", 1);
    for (size_t i = 0; i < length; i++) {
        if (key[i] == '~') path_add(path, "~0", 2);
        else if (key[i] == '/') path_add(path, "~1", 2);
        else path_add(path, key + i, 1);
    }
}

static void path_index(struct path *path, size_t index)
{
    char digits[24];
    size_t at = sizeof digits;
    do digits[--at] = (char)('0' + index % 10);
    while (index /= 10);
    path_add(path, "/", 1);
    path_add(path, digits + at, sizeof digits - at);
}

/* The child of a container that is the value or holds it. The search begins at the child that was found before: errors of a long list come in
 * its order, and each search from its beginning would take time with the square of its length. */
static struct view child_towards(struct tally *tally, struct view container, uint32_t target, size_t *index)
{
    struct last_child *last = &tally->last;
    bool near = last->container.doc == container.doc && last->container.at == container.at && last->child.at <= target + is(container, OBJ);
    struct view child = near ? last->child : first(container);
    *index = near ? last->index : 0;
    while (value_of(child)->next <= target) {
        child = after(child, container);
        ++*index;
    }
    *last = (struct last_child){container, child, *index};
    return child;
}

/* One step of the path. A key stands for its member. */
static uint32_t step_down(struct tally *tally, struct path *path, struct view container, uint32_t target)
{
    size_t index;
    struct view child = child_towards(tally, container, target, &index), key = key_of(child);
    if (is(container, ARR)) {
        path_index(path, index);
        return child.at;
    }
    const struct value *v = value_of(key);
    char text[KEY_SHOWN];
    if (v->length <= KEY_SHOWN) {
        path_key(path, text, document_unescape(key.doc, key.at, text));
    } else {
        const char *raw = key.doc->text + v->offset;
        path_key(path, raw, text_cut(raw, v->length, KEY_SHOWN));
        path_add(path, "...", 3);
    }
    return child.at;
}

static void path_to(struct tally *tally, struct path *path, const struct document *doc, uint32_t root, uint32_t target)
{
    uint32_t at = root;
    while (at < target && (doc->values[at].type & (ARR | OBJ))) at = step_down(tally, path, (struct view){doc, at}, target);
}

static void place_of(struct tally *tally, struct path *path, struct text uri, struct view value, uint32_t root, const char *keyword)
{
    if (uri.length) {
        path_add(path, uri.bytes, uri.length);
        path_add(path, "#", 1);
    }
    path_to(tally, path, value.doc, root, value.at);
    if (*keyword) path_key(path, keyword, strlen(keyword));
}

static const char *path_text(struct tally *tally, struct text uri, struct view value, uint32_t root, const char *keyword)
{
    struct path path = {0};
    place_of(tally, &path, uri, value, root, keyword);
    char *out = pile_take(&tally->texts, path.used + 1);
    if (!out) return NULL;
    path = (struct path){.out = out};
    place_of(tally, &path, uri, value, root, keyword);
    out[path.used] = '\0';
    return out;
}

const char *tally_pointer(struct tally *tally, const struct document *doc, uint32_t root, uint32_t at)
{
    return path_text(tally, (struct text){0}, (struct view){doc, at}, root, "");
}

const char *tally_place(struct tally *tally, struct text uri, struct view schema, const char *keyword)
{
    return path_text(tally, uri, schema, 0, keyword);
}

/* --- the text of values */

static size_t string_end(const char *text, size_t at)
{
    for (; text[at] != '"'; at++) at += text[at] == '\\';
    return at + 1;
}

/* The end of a container, or some place behind `most` bytes of it. */
static size_t container_end(const char *text, size_t start, size_t most)
{
    size_t at = start, open = 0;
    do {
        char c = text[at++];
        if (c == '"') at = string_end(text, at);
        else if (c == '[' || c == '{') open++;
        else if (c == ']' || c == '}') open--;
    } while (open && at - start <= most);
    return at;
}

static size_t end_within(struct view value, size_t most)
{
    const struct value *v = value_of(value);
    if (v->type & (ARR | OBJ)) return container_end(value.doc->text, v->offset, most);
    return v->offset + (size_t)v->length + (v->type == STR);
}

size_t value_end(struct view value) { return end_within(value, SIZE_MAX); }

const char *value_excerpt(struct view value, char *out, size_t out_size)
{
    const char *text = value.doc->text;
    size_t start = value_of(value)->offset - (value_of(value)->type == STR), most = out_size - 4, length = end_within(value, most) - start;
    bool whole = length <= most;
    length = text_cut(text + start, length, most);
    for (size_t i = 0; i < length; i++) out[i] = (unsigned char)text[start + i] < ' ' ? ' ' : text[start + i];
    memcpy(out + length, whole ? "" : "...", whole ? 1 : 4);
    return out;
}
