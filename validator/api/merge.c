/* merge.c: see merge.h. */
#include "validator/api/merge.h"

#include <stdlib.h>
#include <string.h>

/* --- texts */

bool raw_add(struct raw *raw, const char *bytes, size_t length)
{
    if (raw->room - raw->length < length) {
        size_t room = raw->room * 2 > raw->length + length ? raw->room * 2 : raw->length + length + 32;
        char *grown = realloc(raw->at, room);
        if (!grown) return false;
        raw->at = grown;
        raw->room = room;
    }
    if (length) memcpy(raw->at + raw->length, bytes, length);
    raw->length += length;
    return true;
}

void raw_clear(struct raw *raw)
{
    free(raw->at);
    *raw = (struct raw){0};
}

bool raw_is(const struct raw *raw, struct text text)
{
    return raw->length == text.length && (text.length == 0 || memcmp(raw->at, text.bytes, text.length) == 0);
}

/* --- the text of a value */

/* The text behind the last value inside a container: only blanks and the brackets of those that end here stand there. */
static const char *end_of_container(struct view container)
{
    const struct value *values = container.doc->values, *v = value_of(container), *last = &values[v->next - 1];
    size_t closers = 0;
    for (uint32_t i = container.at; i < v->next; i++) closers += (values[i].type & (ARR | OBJ)) != 0 && values[i].next == v->next;
    const char *at = container.doc->text + last->offset;
    at += last->type & (ARR | OBJ) ? 1 : last->length + (last->type == STR);
    while (closers) {
        closers -= *at == ']' || *at == '}';
        at++;
    }
    return at;
}

/* The value as it stands: of a string without its quotes, of an array without its brackets. */
static struct text text_inside(struct view value)
{
    const struct value *v = value_of(value);
    const char *at = value.doc->text + v->offset;
    if (!(v->type & (ARR | OBJ))) return (struct text){at, v->length};
    size_t length = (size_t)(end_of_container(value) - at);
    return v->type == OBJ ? (struct text){at, length} : (struct text){at + 1, length - 2};
}

/* --- places */

void growth_begin(struct growth *growth, const struct event *now)
{
    growth->now = now;
    growth->changes = growth->count = 0;
    growth->here = (struct origin){now->number, now->offset, now->line, now->column};
}

/* Of the byte `at` of the event's data. Values come nearly in order: lines are counted on from the last place, so that an event of many
 * pieces costs one pass. */
static struct origin origin_at(struct growth *growth, size_t at)
{
    const struct event *now = growth->now;
    if (growth->here.offset > now->offset + at) growth->here = (struct origin){now->number, now->offset, now->line, now->column};
    size_t from = growth->here.offset - now->offset;
    text_count_on(now->data + from, at - from, &growth->here.line, &growth->here.column);
    growth->here.offset = now->offset + at;
    return growth->here;
}

struct origin origin_of(struct growth *growth, struct view value)
{
    return origin_at(growth, there(value) ? value_of(value)->offset - (value_of(value)->type == STR) : 0);
}

/* --- members */

static void member_clear(struct member *member)
{
    raw_clear(&member->key);
    raw_clear(&member->text);
    trail_clear(&member->trail);
    members_clear(&member->inner);
}

void members_clear(struct members *members)
{
    for (size_t i = 0; i < members->count; i++) member_clear(&members->at[i]);
    free(members->at);
    *members = (struct members){0};
}

const struct member *seen_member(const struct members *members, const char *key)
{
    for (size_t i = 0; i < members->count; i++)
        if (raw_is(&members->at[i].key, (struct text){key, strlen(key)})) return &members->at[i];
    return NULL;
}

/* A key as it can stand between quotes: one that was written with escapes it did not need is written without. */
static struct text key_text(struct view key, char *small, size_t room)
{
    const struct value *v = value_of(key);
    struct text as_is = {key.doc->text + v->offset, v->length};
    if (!(v->flags & V_ESCAPED) || v->length > room) return as_is;
    size_t length = document_unescape(key.doc, key.at, small);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)small[i] < ' ' || small[i] == '"' || small[i] == '\\') return as_is;
    return (struct text){small, length};
}

static bool member_new(struct members *members, struct text key, struct member **member)
{
    *member = NULL;
    if (members->count == MEMBERS_KEPT) return true;
    if (members->count == members->room) {
        size_t room = members->room ? members->room * 2 : 4;
        struct member *grown = realloc(members->at, room * sizeof *grown);
        if (!grown) return false;
        members->at = grown;
        members->room = room;
    }
    struct member *made = &members->at[members->count];
    *made = (struct member){0};
    if (!raw_add(&made->key, key.bytes, key.length)) return false;
    members->count++;
    *member = made;
    return true;
}

static bool skipped(struct view key, const char *const *skip)
{
    for (; skip && *skip; skip++)
        if (text_is(key, *skip)) return true;
    return false;
}

/* The member of that name, made when there is none; NULL in `*member` when it is one to skip, or there are too many. False when memory
 * runs out. What is skipped is never among those that are there. */
static bool member_for(struct members *members, struct view key, const char *const *skip, struct member **member)
{
    char small[256];
    struct text text = key_text(key, small, sizeof small);
    for (size_t i = 0; i < members->count; i++)
        if (raw_is(&members->at[i].key, text)) {
            *member = &members->at[i];
            return true;
        }
    *member = NULL;
    return skipped(key, skip) || member_new(members, text, member);
}

static bool merge(struct members *members, struct view object, const char *const *skip, unsigned depth, struct growth *growth);

static bool put_value(struct member *member, struct view value, unsigned depth, struct growth *growth)
{
    struct text text = text_inside(value);
    bool merged = value_of(value)->type == OBJ && depth;
    if (!merged && member->type == value_of(value)->type && raw_is(&member->text, text)) return true;
    growth->changes++;
    member->from = origin_of(growth, value);
    member->grown = member->lacking = false;
    member->type = value_of(value)->type;
    member->text.length = 0;
    members_clear(&member->inner);
    if (member->type == OBJ && depth) return merge(&member->inner, value, NULL, depth - 1, growth);
    return raw_add(&member->text, text.bytes, text.length);
}

static void note_growth(struct growth *growth, struct member *member, struct view value)
{
    const struct value *v = value_of(value);
    if (growth->count == FLUIDS_MAX) growth->changes++;
    else growth->grown[growth->count++] = (struct fluid){.offset = v->offset, .length = v->length, .target = growth->no_texts ? NULL : member};
}

/* The text begins behind the quote or the bracket. */
static void begin_trail(struct member *member)
{
    struct origin from = member->from;
    from.offset++;
    from.column++;
    trail_begin(&member->trail, &from);
}

struct origin member_origin(const struct member *member, size_t byte)
{
    struct origin from = member->from;
    if (member->grown) return trail_find(&member->trail, member->text.at, byte);
    from.offset += byte + 1;
    from.column += 1 + text_characters(member->text.at, byte);
    return from;
}

static bool grow(struct member *member, struct view value, unsigned depth, struct growth *growth)
{
    struct text text = text_inside(value);
    if (member->type == OBJ && depth) return merge(&member->inner, value, NULL, depth - 1, growth);
    if (member->type == STR) note_growth(growth, member, value);
    else growth->changes++;
    growth->changes += !member->grown;
    if (!member->grown) begin_trail(member);
    member->grown = true;
    if (growth->no_texts) {
        growth->changes += !member->lacking;
        member->lacking = true;
        return true;
    }
    if (member->type == ARR && member->text.length && count(value) && !raw_add(&member->text, ",", 1)) return false;
    struct origin from = origin_at(growth, (size_t)(text.bytes - growth->now->data));
    return (member->type == ARR && !count(value)) || member_grow(member, text, &from);
}

/* What names a thing is said once, however often it is repeated; the first that says something counts. */
static bool is_name(const struct raw *key)
{
    static const char *const names[] = {"role", "id", "type", "name", "index", NULL};
    for (const char *const *name = names; *name; name++)
        if (raw_is(key, (struct text){*name, strlen(*name)})) return true;
    return false;
}

static bool grows(const struct member *member, struct view value, unsigned depth)
{
    if (member->type != value_of(value)->type) return false;
    return member->type == OBJ ? depth > 0 : (member->type & (STR | ARR)) && !is_name(&member->key);
}

static bool is_kept(const struct member *member, struct view value)
{
    if (member->type == 0) return false;
    if (!is_set(value)) return true;
    return member->type == STR && is_name(&member->key) && member->text.length > 0;
}

/* An empty text never replaces one that says something. */
static bool says_less(const struct member *member, struct view value)
{
    return member->type == STR && member->text.length && is(value, STR) && value_of(value)->length == 0;
}

static bool merge(struct members *members, struct view object, const char *const *skip, unsigned depth, struct growth *growth)
{
    for (EVERY(value, object)) {
        struct member *member;
        if (!member_for(members, key_of(value), skip, &member)) return false;
        if (!member || is_kept(member, value)) continue;
        if (!(grows(member, value, depth) ? grow(member, value, depth, growth) : put_value(member, value, depth, growth))) return false;
    }
    return true;
}

bool members_merge(struct members *members, struct view object, const char *const *skip, struct growth *growth)
{
    return merge(members, object, skip, MERGE_DEPTH, growth);
}

bool members_replace(struct members *members, struct view object, const char *const *skip, struct growth *growth)
{
    for (EVERY(value, object)) {
        struct member *member;
        if (!member_for(members, key_of(value), skip, &member)) return false;
        if (!member || is_kept(member, value) || says_less(member, value)) continue;
        if (!put_value(member, value, 0, growth)) return false;
    }
    return true;
}
