/* object.c: a json-c object from untrusted text: read strictly here, then built through json-c's checked functions.
 *
 * json-c's own tokener lets malformed numbers, control characters, broken UTF-8 and trailing bytes pass, and changes some values
 * without a word; so no text from outside is given to it. What json-c cannot hold is refused rather than changed. */
#include "chatconform.h"

#include "validator/lib/reader.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STANDARD_BYTES = 16 << 20,
    STANDARD_DEPTH = 64,
    STANDARD_VALUES = 1000000,
    DEEPEST = 512, /* json-c frees a tree by recursion, so its depth is capped whatever the caller allows */
};

/* A tree under way: the containers that are open, and a buffer for one text with a NUL behind it. */
struct builder {
    struct document doc;
    struct json_object *root;
    struct {
        struct json_object *container;
        uint32_t next; /* index of the first value after it */
        bool is_object;
    } open[DEEPEST];
    size_t depth;
    char *buffer;
    const char *why_not; /* constant words; NULL means that memory ran out */
    uint32_t at;         /* the string that why_not is about */
};

/* The text of value `at`, unescaped when it is a string, in the buffer, ended with a NUL. */
static const char *copy_text(struct builder *b, uint32_t at, size_t *length)
{
    const struct value *value = b->doc.values + at;
    if (value->flags & V_ESCAPED) {
        *length = document_unescape(&b->doc, at, b->buffer);
    } else {
        *length = value->length;
        memcpy(b->buffer, b->doc.text + value->offset, *length);
    }
    b->buffer[*length] = '\0';
    return b->buffer;
}

/* strtod as in the C locale, whatever the program's is. False when memory runs out. */
static bool read_double(const char *text, double *number)
{
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!plain)
        return false;
    locale_t before = uselocale(plain);
    *number = strtod(text, NULL);
    uselocale(before);
    freelocale(plain);
    return true;
}

/* A real, or an integer that is too large, keeps its digits beside its value. */
static struct json_object *make_double(const char *text)
{
    double number;
    return read_double(text, &number) ? json_object_new_double_s(number, text) : NULL;
}

static struct json_object *make_integer(const char *text)
{
    errno = 0;
    intmax_t number = strtoimax(text, NULL, 10);
    if (errno == 0 && number >= INT64_MIN && number <= INT64_MAX)
        return json_object_new_int64(number);
    errno = 0;
    uintmax_t large = *text == '-' ? UINTMAX_MAX : strtoumax(text, NULL, 10);
    if (errno == 0 && *text != '-' && large <= UINT64_MAX)
        return json_object_new_uint64(large);
    return make_double(text);
}

static struct json_object *make_string(struct builder *b, uint32_t at)
{
    size_t length;
    const char *text = copy_text(b, at, &length);
    if (length < INT_MAX)
        return json_object_new_string_len(text, (int)length);
    b->why_not = "a string is longer than json-c can hold";
    b->at = at;
    return NULL;
}

/* Makes the object of one value; a container is empty. NULL for null, and with *ok false when it cannot be made. */
static struct json_object *make_value(struct builder *b, uint32_t at, bool *ok)
{
    const struct value *value = b->doc.values + at;
    struct json_object *made = NULL;
    size_t length;
    switch (value->type) {
    case OBJ: made = json_object_new_object(); break;
    case ARR: made = json_object_new_array(); break;
    case STR: made = make_string(b, at); break;
    case INT: made = make_integer(copy_text(b, at, &length)); break;
    case REAL: made = make_double(copy_text(b, at, &length)); break;
    case BOOL: made = json_object_new_boolean((value->flags & V_TRUE) != 0); break;
    default: break;
    }
    *ok = made || value->type == NIL;
    return made;
}

static bool add_member(struct builder *b, struct json_object *object, uint32_t key, struct json_object *made)
{
    size_t length;
    const char *name = copy_text(b, key, &length);
    if (strlen(name) == length)
        return json_object_object_add(object, name, made) == 0;
    b->why_not = "json-c cannot hold a key with a NUL character";
    b->at = key;
    return false;
}

/* Puts what was made into the innermost open container; it belongs to the tree then, and is freed otherwise. */
static bool attach(struct builder *b, uint32_t key, struct json_object *made)
{
    if (b->depth == 0) {
        b->root = made;
        return true;
    }
    struct json_object *container = b->open[b->depth - 1].container;
    if (b->open[b->depth - 1].is_object ? add_member(b, container, key, made) : json_object_array_add(container, made) == 0)
        return true;
    json_object_put(made);
    return false;
}

/* Builds the tree in document order. A value whose container has ended belongs to the one around it. */
static bool build(struct builder *b)
{
    const struct value *values = b->doc.values;
    for (uint32_t at = 0; at < b->doc.count; at++) {
        while (b->depth > 0 && b->open[b->depth - 1].next == at)
            b->depth--;
        uint32_t key = at;
        if (values[at].flags & V_KEY)
            at++;
        bool ok;
        struct json_object *made = make_value(b, at, &ok);
        if (!ok || !attach(b, key, made))
            return false;
        if (values[at].type & (OBJ | ARR)) {
            b->open[b->depth].container = made;
            b->open[b->depth].is_object = values[at].type == OBJ;
            b->open[b->depth++].next = values[at].next;
        }
    }
    return true;
}

static size_t longest_scalar(const struct document *doc)
{
    size_t longest = 0;
    for (uint32_t at = 0; at < doc->count; at++)
        if (!(doc->values[at].type & (OBJ | ARR)) && doc->values[at].length > longest)
            longest = doc->values[at].length;
    return longest;
}

static void say(char *why, size_t why_size, const char *bytes, size_t length, size_t offset, const char *words)
{
    size_t line, column;
    text_place(bytes, length, offset, &line, &column);
    if (why)
        snprintf(why, why_size, "line %zu, column %zu: %s", line, column, words);
}

static bool build_or_say(struct builder *b, struct json_object **object, char *why, size_t why_size)
{
    b->buffer = malloc(longest_scalar(&b->doc) + 1);
    if (b->buffer && build(b)) {
        *object = b->root;
        return true;
    }
    json_object_put(b->root);
    if (b->why_not)
        say(why, why_size, b->doc.text, b->doc.length, b->doc.values[b->at].offset - 1, b->why_not);
    else if (why)
        snprintf(why, why_size, "memory ran out");
    return false;
}

/* The sentence for a text that was refused; limits are named with their figure. */
static void say_refusal(const struct document *doc, const struct read_limits *limits, char *why, size_t why_size)
{
    const struct read_remark *last = &doc->remarks[doc->remark_count - 1];
    char words[96];
    switch (last->what) {
    case JSON_LIMIT_BYTES: snprintf(words, sizeof words, "the text is longer than %zu bytes", limits->bytes); break;
    case JSON_LIMIT_DEPTH: snprintf(words, sizeof words, "the nesting is deeper than %zu", limits->depth); break;
    case JSON_LIMIT_VALUES: snprintf(words, sizeof words, "there are more than %zu values and keys", limits->values); break;
    default: snprintf(words, sizeof words, "%s", last->detail); break;
    }
    say(why, why_size, doc->text, doc->length, last->offset, words);
}

bool cc_read_object(const char *bytes, size_t length, const struct cc_limits *limits, struct json_object **object, char *why, size_t why_size)
{
    struct read_limits allowed = {
        .bytes = limits && limits->bytes ? limits->bytes : STANDARD_BYTES,
        .depth = limits && limits->depth ? limits->depth : STANDARD_DEPTH,
        .values = limits && limits->values ? limits->values : STANDARD_VALUES,
    };
    if (allowed.depth > DEEPEST)
        allowed.depth = DEEPEST;
    struct builder b = {.why_not = NULL};
    *object = NULL;
    bool done = document_read(&b.doc, bytes, length, &allowed);
    if (done)
        done = build_or_say(&b, object, why, why_size);
    else
        say_refusal(&b.doc, &allowed, why, why_size);
    free(b.buffer);
    document_clear(&b.doc);
    return done;
}
