/* reader.c: the grammar of JSON (RFC 8259), filling the index of reader.h.
 *
 * One pass over the text, without recursion: while a container is open, its record holds the index of the container around it in `next`
 * and that one's count of commas in `length`, so nesting needs no stack. The usual cases are short enough to be inlined here; what is
 * rare is called. A syntax error is placed at the first byte that no JSON text could have there. */
#include "validator/lib/reader.h"

#include "validator/lib/reader_parts.h"

#include <stdlib.h>

const char *reading_stop(struct reading *r, enum remark what, const char *at, const char *detail)
{
    struct document *doc = r->doc;
    if (what == JSON_SYNTAX && at < r->end && (*at & 0x80) && utf8_length(at, r->end) == 0) {
        what = JSON_UTF8;
        detail = "the text is not UTF-8 here";
    }
    if (doc->remark_count == REMARKS_KEPT)
        doc->remark_count--;
    doc->remarks[doc->remark_count++] =
        (struct read_remark){.what = what, .at = UINT32_MAX, .offset = (size_t)(at - r->text), .detail = detail};
    return NULL;
}

/* Repeated keys are noticed late, when their object closes; so each remark is put where its offset belongs. */
void reading_remark(struct reading *r, enum remark what, uint32_t value, const char *at)
{
    struct document *doc = r->doc;
    size_t offset = (size_t)(at - r->text), place = doc->remark_count;
    while (place > 0 && doc->remarks[place - 1].offset > offset)
        place--;
    if (place == REMARKS_KEPT)
        return;
    if (doc->remark_count < REMARKS_KEPT)
        doc->remark_count++;
    memmove(doc->remarks + place + 1, doc->remarks + place, (doc->remark_count - 1 - place) * sizeof doc->remarks[0]);
    doc->remarks[place] = (struct read_remark){.what = what, .at = value, .offset = offset};
}

void *reading_scratch(struct reading *r, size_t size)
{
    struct document *doc = r->doc;
    if (size > doc->scratch_room) {
        void *larger = realloc(doc->scratch, size);
        if (!larger)
            return NULL;
        doc->scratch = larger;
        doc->scratch_room = size;
    }
    return doc->scratch;
}

/* Makes room for more values, at most as many as are allowed. */
static bool more_room(struct reading *r, const char *at)
{
    struct document *doc = r->doc;
    size_t used = (size_t)(r->next - r->values);
    size_t allowed = r->limits->values < UINT32_MAX - 1 ? r->limits->values : UINT32_MAX - 1;
    if (used == allowed)
        return reading_stop(r, JSON_LIMIT_VALUES, at, "there are more values than the limit allows");
    size_t room = doc->room < 64 ? 64 : 2 * (size_t)doc->room;
    if (doc->room <= used) {
        room = room < allowed ? room : allowed;
        struct value *larger = room <= SIZE_MAX / sizeof *larger ? realloc(doc->values, room * sizeof *larger) : NULL;
        if (!larger)
            return reading_stop(r, JSON_NO_MEMORY, at, "memory ran out");
        doc->values = larger;
        doc->room = (uint32_t)room;
    }
    r->values = doc->values;
    r->next = r->values + used;
    r->full = r->values + (doc->room < allowed ? doc->room : allowed);
    return true;
}

/* The next free record; NULL when reading stops. */
static inline struct value *new_value(struct reading *r, const char *at)
{
    if (r->next == r->full && !more_room(r, at))
        return NULL;
    return r->next++;
}

static inline uint32_t index_of(const struct reading *r, const struct value *value)
{
    return (uint32_t)(value - r->values);
}

static inline uint32_t offset_of(const struct reading *r, const char *at)
{
    return (uint32_t)(at - r->text);
}

static inline bool is_space(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static const char *spaces_end(const struct reading *r, const char *at)
{
#ifdef READER_BLOCKS
    for (; !r->portable && r->end - at >= BLOCK; at += BLOCK) {
        block_mask mask = block_not_spaces(block_load(at));
        if (mask)
            return at + mask_first(mask);
    }
#endif
    while (at < r->end && is_space(*at))
        at++;
    return at;
}

/* No space and one space are usual; many are common in documents for people. */
static inline const char *skip_space(const struct reading *r, const char *at)
{
    if (at < r->end && *at == ' ')
        at++;
    return at < r->end && (unsigned char)*at <= ' ' ? spaces_end(r, at) : at;
}

/* Says what is expected at `at`, or in what the text ends. */
static const char *stop_expecting(struct reading *r, const char *at, const char *detail)
{
    if (at < r->end)
        return reading_stop(r, JSON_SYNTAX, at, detail);
    const char *inside = r->open == NONE_OPEN ? "the text is empty" :
                         r->closer == '}'     ? "the text ends inside an object" :
                                                "the text ends inside an array";
    return reading_stop(r, JSON_SYNTAX, at, inside);
}

/* Reads the string whose opening quote stands before `at`. Returns the byte after its closing quote. */
static inline const char *read_string(struct reading *r, const char *at, uint8_t flags)
{
    struct value *value = new_value(r, at - 1);
    if (!value)
        return NULL;
    const char *quote = plain_end(r, at);
    if (quote == r->end || *quote != '"') {
        quote = string_rest(r, index_of(r, value), quote, &flags);
        if (!quote)
            return NULL;
    }
    size_t length = (size_t)(quote - at);
    uint16_t hash = 0;
    if (flags & V_ESCAPED) {
        if ((flags & V_KEY) && !key_hash_escaped(r, at, length, &hash))
            return NULL;
    } else if (flags & V_KEY) {
        hash = key_hash(r, at, length);
    }
    *value = (struct value){.offset = offset_of(r, at), .length = (uint32_t)length, .next = index_of(r, value) + 1, .type = STR,
                            .flags = flags, .hash = hash};
    return quote + 1;
}

static inline const char *read_number(struct reading *r, const char *start)
{
    struct value *value = new_value(r, start);
    if (!value)
        return NULL;
    const char *digits = start + (*start == '-'), *at = digits;
    while (at < r->end && is_digit(*at))
        at++;
    if (at == digits || (*digits == '0' && at - digits > 1))
        return number_fault(r, start, at);
    uint8_t type = INT;
    if (at < r->end && (*at == '.' || *at == 'e' || *at == 'E')) {
        type = REAL;
        at = number_rest(r, index_of(r, value), start, at);
        if (!at)
            return NULL;
    } else if (at - digits >= 16) {
        integer_judge(r, index_of(r, value), digits, at);
    }
    *value = (struct value){.offset = offset_of(r, start), .length = (uint32_t)(at - start), .next = index_of(r, value) + 1, .type = type};
    return at;
}

/* Reads true, false or null. */
static const char *read_word(struct reading *r, const char *at, const char *word, uint8_t type, uint8_t flags)
{
    struct value *value = new_value(r, at);
    if (!value)
        return NULL;
    size_t length = 0;
    while (word[length] && at + length < r->end && at[length] == word[length])
        length++;
    if (word[length])
        return reading_stop(r, JSON_SYNTAX, at + length,
                            at + length == r->end ? "the text ends inside a word" : "only true, false and null are words of JSON");
    *value = (struct value){.offset = offset_of(r, at), .length = (uint32_t)length, .next = index_of(r, value) + 1, .type = type,
                            .flags = flags};
    return at + length;
}

static inline const char *read_scalar(struct reading *r, const char *at)
{
    switch (*at) {
    case '-': case '0': case '1': case '2': case '3': case '4': case '5': case '6': case '7': case '8': case '9':
        return read_number(r, at);
    case 't':
        return read_word(r, at, "true", BOOL, V_TRUE);
    case 'f':
        return read_word(r, at, "false", BOOL, 0);
    case 'n':
        return read_word(r, at, "null", NIL, 0);
    default:
        return stop_expecting(r, at, "a value is expected");
    }
}

static const char *open_container(struct reading *r, const char *at)
{
    if (r->depth == r->limits->depth)
        return reading_stop(r, JSON_LIMIT_DEPTH, at, "the nesting is deeper than the limit allows");
    struct value *value = new_value(r, at);
    if (!value)
        return NULL;
    *value = (struct value){.offset = offset_of(r, at), .length = r->commas, .next = r->open, .type = *at == '{' ? OBJ : ARR};
    r->depth++;
    r->open = index_of(r, value);
    r->commas = 0;
    r->closer = *at == '{' ? '}' : ']';
    return at + 1;
}

static bool close_container(struct reading *r, uint32_t items, const char *at)
{
    uint32_t closed = r->open;
    struct value *value = r->values + closed;
    r->open = value->next;
    r->commas = value->length;
    r->depth--;
    value->length = items;
    value->next = index_of(r, r->next);
    if (value->type == OBJ && items > 1 && !keys_compare(r, closed, items))
        return reading_stop(r, JSON_NO_MEMORY, at, "memory ran out");
    if (r->open != NONE_OPEN)
        r->closer = r->values[r->open].type == OBJ ? '}' : ']';
    return true;
}

/* Reads a key and its colon. Returns where the value must stand. */
static inline const char *read_key(struct reading *r, const char *at)
{
    if (at == r->end || *at != '"')
        return stop_expecting(r, at, "a key in quotes is expected");
    at = read_string(r, at + 1, V_KEY);
    if (!at)
        return NULL;
    at = skip_space(r, at);
    if (at == r->end || *at != ':')
        return stop_expecting(r, at, "a colon is expected after a key");
    return skip_space(r, at + 1);
}

/* Goes on after a value: closes what is closed, and returns where the next value must stand; the end of the text after the last. */
static inline const char *next_value(struct reading *r, const char *at)
{
    for (;;) {
        at = skip_space(r, at);
        if (r->open == NONE_OPEN)
            return at == r->end ? at : reading_stop(r, JSON_SYNTAX, at, "nothing may follow the value");
        if (at == r->end)
            return stop_expecting(r, at, "");
        if (*at == ',') {
            r->commas++;
            at = skip_space(r, at + 1);
            return r->closer == '}' ? read_key(r, at) : at;
        }
        if (*at != r->closer)
            return stop_expecting(r, at, r->closer == '}' ? "a comma or } is expected after a member" :
                                                            "a comma or ] is expected after an item");
        if (!close_container(r, r->commas + 1, at++))
            return NULL;
    }
}

/* Reads the value at `at` and goes on to the next one. What a container holds is the next one. */
static inline const char *read_value(struct reading *r, const char *at)
{
    if (at == r->end)
        return stop_expecting(r, at, "");
    if (*at == '"') {
        at = read_string(r, at + 1, 0);
    } else if (*at == '{' || *at == '[') {
        at = open_container(r, at);
        if (!at)
            return NULL;
        at = skip_space(r, at);
        if (at == r->end || *at != r->closer)
            return r->closer == '}' ? read_key(r, at) : at;
        if (!close_container(r, 0, at++))
            return NULL;
    } else {
        at = read_scalar(r, at);
    }
    return at ? next_value(r, at) : NULL;
}

static bool read_text(struct reading *r)
{
    const char *at = r->text;
    if ((size_t)(r->end - at) > r->limits->bytes)
        return reading_stop(r, JSON_LIMIT_BYTES, at + r->limits->bytes, "the text is longer than the limit allows");
    if ((size_t)(r->end - at) >= UINT32_MAX)
        return reading_stop(r, JSON_LIMIT_BYTES, at + UINT32_MAX - 1, "the text is longer than four gigabytes");
    if (r->end - at >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0) {
        reading_remark(r, JSON_BOM, UINT32_MAX, at);
        at += 3;
    }
    at = skip_space(r, at);
    do {
        at = read_value(r, at);
    } while (at && (r->open != NONE_OPEN || at < r->end));
    return at != NULL;
}

static bool read_document(struct document *doc, const char *text, size_t length, const struct read_limits *limits, bool portable)
{
    static const char nothing[1];
    text = text ? text : nothing;
    struct reading r = {.doc = doc, .text = text, .end = text + length, .values = doc->values, .next = doc->values, .open = NONE_OPEN,
                        .portable = portable, .limits = limits};
    if (doc->values)
        r.full = r.next + (doc->room < limits->values ? doc->room : limits->values);
    doc->text = text;
    doc->length = length;
    doc->remark_count = 0;
    bool whole = read_text(&r);
    doc->count = whole ? (uint32_t)(r.next - r.values) : 0;
    return whole;
}

bool document_read(struct document *doc, const char *text, size_t length, const struct read_limits *limits)
{
    return read_document(doc, text, length, limits, false);
}

bool document_read_portable(struct document *doc, const char *text, size_t length, const struct read_limits *limits)
{
    return read_document(doc, text, length, limits, true);
}

void document_clear(struct document *doc)
{
    free(doc->values);
    free(doc->scratch);
    doc->values = NULL;
    doc->scratch = NULL;
    doc->count = doc->room = 0;
    doc->remark_count = doc->scratch_room = 0;
}
