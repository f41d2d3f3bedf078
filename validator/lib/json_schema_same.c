/* json_schema_same.c: which values are the same, for const, enum and uniqueItems: 1 and 1.0 are, objects in any order are, "1" and 1 are not.
 *
 * Numbers are compared digit by digit, so that large identifiers do not run together. Many values are compared through hashes; whoever
 * builds values with equal hashes on purpose only uses up the steps of the check. */
#include "validator/lib/decimal.h"
#include "validator/lib/json_schema_work.h"

bool effort_stop(struct effort *effort, enum cc_schema_reason stop, const char *why)
{
    if (!effort->stop) {
        effort->stop = stop;
        effort->why = why;
    }
    return false;
}

bool effort_no_memory(struct effort *effort)
{
    effort->no_memory = true;
    return effort_stop(effort, CC_SCHEMA_TOO_EXPENSIVE, "memory ran out");
}

/* --- texts */

struct text effort_text(struct effort *effort, const struct document *doc, uint32_t at)
{
    const struct value *v = &doc->values[at];
    if (!(v->flags & V_ESCAPED)) return (struct text){doc->text + v->offset, v->length};
    char *out = pile_take(&effort->pile, v->length);
    if (!out) {
        effort_no_memory(effort);
        return (struct text){0};
    }
    return (struct text){out, document_unescape(doc, at, out)};
}

bool escaped_key_is(struct effort *effort, const struct document *doc, uint32_t key, struct text text)
{
    if (doc->values[key].length < text.length) return false;
    struct pile_mark before = pile_mark(&effort->pile);
    struct text own = effort_text(effort, doc, key);
    bool same = own.bytes && own.length == text.length && memcmp(own.bytes, text.bytes, text.length) == 0;
    pile_release(&effort->pile, before);
    return same;
}

/* --- comparing */

/* The member of an object with the same key. The search begins where the last one ended: members mostly stand in one order. */
static struct view member_like(struct effort *effort, struct view key, struct view object, struct view *hint)
{
    const struct value *wanted = value_of(key);
    struct view found = nowhere(), member = there(*hint) ? *hint : first(object);
    for (size_t left = count(object); left && !effort_over(effort); left--) {
        const struct value *other = &member.doc->values[member.at - 1];
        if (other->hash == wanted->hash && text_same(key, (struct view){member.doc, member.at - 1})) found = member;
        member = after(member, object);
        if (!there(member)) member = first(object);
        if (there(found)) break;
        effort_spend(effort, 1);
    }
    *hint = member;
    return found;
}

static bool objects_same(struct effort *effort, struct view a, struct view b)
{
    struct view hint = nowhere();
    for (EVERY(value, a)) {
        struct view other = member_like(effort, key_of(value), b, &hint);
        if (!there(other) || !values_same(effort, value, other)) return false;
    }
    return true;
}

static bool arrays_same(struct effort *effort, struct view a, struct view b)
{
    struct view y = first(b);
    for (struct view x = first(a); there(x); x = after(x, a), y = after(y, b))
        if (!values_same(effort, x, y)) return false;
    return true;
}

static bool numbers_same(struct view a, struct view b)
{
    struct decimal x = decimal_of(a), y = decimal_of(b);
    return decimal_compare(&x, &y) == 0;
}

bool values_same(struct effort *effort, struct view a, struct view b)
{
    if (!effort_spend(effort, 1)) return false;
    if (is(a, NUM) && is(b, NUM)) return numbers_same(a, b);
    if (value_of(a)->type != value_of(b)->type) return false;
    switch (value_of(a)->type) {
    case BOOL: return is_true(a) == is_true(b);
    case STR: return text_same(a, b);
    case ARR: return count(a) == count(b) && arrays_same(effort, a, b);
    case OBJ: return count(a) == count(b) && objects_same(effort, a, b);
    default: return true;
    }
}

/* --- hashing */

static uint64_t mix(uint64_t hash)
{
    hash ^= hash >> 33;
    hash *= 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 33;
    hash *= 0xC4CEB9FE1A85EC53u;
    return hash ^ hash >> 33;
}

static uint64_t hash_bytes(const char *bytes, size_t length)
{
    uint64_t hash = length * 0x9E3779B97F4A7C15u, word;
    for (; length >= 8; bytes += 8, length -= 8) {
        memcpy(&word, bytes, 8);
        hash = mix(hash ^ word);
    }
    word = 0;
    memcpy(&word, bytes, length);
    return mix(hash ^ word ^ 0x5354520000000000u);
}

static uint64_t hash_string(struct effort *effort, struct view string)
{
    struct pile_mark before = pile_mark(&effort->pile);
    struct text text = effort_text(effort, string.doc, string.at);
    uint64_t hash = text.bytes ? hash_bytes(text.bytes, text.length) : 0;
    pile_release(&effort->pile, before);
    return hash;
}

static uint64_t hash_array(struct effort *effort, struct view array)
{
    uint64_t hash = count(array) + ARR;
    for (EVERY(item, array)) hash = mix(hash * 31 + value_hash(effort, item));
    return hash;
}

/* The sum does not care for order. */
static uint64_t hash_object(struct effort *effort, struct view object)
{
    uint64_t hash = count(object) + OBJ;
    for (EVERY(value, object)) hash += mix(value_of(key_of(value))->hash * 31u + value_hash(effort, value));
    return hash;
}

uint64_t value_hash(struct effort *effort, struct view value)
{
    if (!effort_spend(effort, 1)) return 0;
    struct decimal number;
    switch (value_of(value)->type) {
    case BOOL: return mix(is_true(value) ? 2 : 1);
    case INT:
    case REAL: number = decimal_of(value); return mix(decimal_hash(&number) + NUM);
    case STR: return hash_string(effort, value);
    case ARR: return hash_array(effort, value);
    case OBJ: return hash_object(effort, value);
    default: return mix(3);
    }
}

/* --- repeated items */

struct item {
    uint64_t hash;
    uint32_t at, index;
};

static bool item_before(const struct item *a, const struct item *b) { return a->hash != b->hash ? a->hash < b->hash : a->index < b->index; }

static void sift(struct item *items, size_t top, size_t count)
{
    struct item moving = items[top];
    for (size_t child; (child = 2 * top + 1) < count; top = child) {
        if (child + 1 < count && item_before(&items[child], &items[child + 1])) child++;
        if (!item_before(&moving, &items[child])) break;
        items[top] = items[child];
    }
    items[top] = moving;
}

/* Heapsort: no memory, and no input that makes it slow. */
static void sort_items(struct item *items, size_t count)
{
    for (size_t i = count / 2; i-- > 0;) sift(items, i, count);
    while (count > 1) {
        struct item last = items[--count];
        items[count] = items[0];
        items[0] = last;
        sift(items, 0, count);
    }
}

/* Items with equal hashes stand together, in their order. Of all repetitions the one that comes first in the array is told. */
static struct view first_repetition(struct effort *effort, struct view array, const struct item *items, size_t n, size_t *before, size_t *index)
{
    struct view found = nowhere();
    *index = n;
    for (size_t i = 0; i < n; i++)
        for (size_t k = i + 1; k < n && items[k].hash == items[i].hash && items[k].index < *index; k++) {
            if (!values_same(effort, (struct view){array.doc, items[i].at}, (struct view){array.doc, items[k].at})) continue;
            found = (struct view){array.doc, items[k].at};
            *before = items[i].index;
            *index = items[k].index;
            break;
        }
    return found;
}

struct view repeated_item(struct effort *effort, struct view array, size_t *before, size_t *index)
{
    size_t n = count(array), i = 0;
    if (n < 2 || !effort_spend(effort, n)) return nowhere();
    struct pile_mark start = pile_mark(&effort->pile);
    struct item *items = pile_take(&effort->pile, n * sizeof *items);
    struct view found = nowhere();
    if (items) {
        for (EVERY(item, array)) {
            items[i] = (struct item){value_hash(effort, item), item.at, (uint32_t)i};
            i++;
        }
        sort_items(items, n);
        found = first_repetition(effort, array, items, n, before, index);
    } else {
        effort_no_memory(effort);
    }
    pile_release(&effort->pile, start);
    return effort_over(effort) ? nowhere() : found;
}
