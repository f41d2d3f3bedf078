/* regex_plain.c: most patterns of real schemas are simple: ^[a-z_]{1,64}$, ^x-, ^\d{4}-\d{2}$. Those are recognised here and matched
 * byte by byte, in one pass, without an engine and without limits to watch.
 *
 * Only what surely means the same is taken: everything else, and everything that is no pattern, is left to the translation for PCRE2.
 * Without backtracking a row of parts is decided rightly when no byte that could repeat a part could also begin what follows it. */
#include "validator/lib/regex_parts.h"

#include <string.h>

struct eye {
    const char *at, *end;
};

static bool next_is(const struct eye *eye, char c) { return eye->at < eye->end && *eye->at == c; }

static bool is_punctuation(unsigned char c)
{
    return (c > ' ' && c < '0') || (c > '9' && c < 'A') || (c > 'Z' && c < 'a') || (c > 'z' && c < 0x7F);
}

static void add_range(struct byte_set *set, unsigned first, unsigned last)
{
    for (unsigned c = first; c <= last; c++) byte_add(set, (unsigned char)c);
}

static void add_digits(struct byte_set *set) { add_range(set, '0', '9'); }

static void add_word(struct byte_set *set)
{
    add_digits(set);
    add_range(set, 'A', 'Z');
    add_range(set, 'a', 'z');
    byte_add(set, '_');
}

/* What follows a backslash. `single` is the byte when it stands for exactly one, which alone may begin or end a range. */
static bool read_escape(struct eye *eye, struct byte_set *set, int *single)
{
    if (eye->at >= eye->end) return false;
    unsigned char c = (unsigned char)*eye->at++;
    *single = -1;
    if (c == 'd') add_digits(set);
    else if (c == 'w') add_word(set);
    else if (is_punctuation(c)) byte_add(set, (unsigned char)(*single = c));
    else return false;
    return true;
}

static bool read_member(struct eye *eye, struct byte_set *set, int *single)
{
    unsigned char c = (unsigned char)*eye->at++;
    if (c == '\\') return read_escape(eye, set, single);
    if (c >= 0x80 || c == '[' || c < ' ') return false;
    byte_add(set, (unsigned char)(*single = c));
    return true;
}

/* [abc0-9_-], after its bracket. No negation: that would let in characters of several bytes. */
static bool read_class(struct eye *eye, struct byte_set *set)
{
    if (next_is(eye, '^') || next_is(eye, ']')) return false;
    while (eye->at < eye->end && *eye->at != ']') {
        int first, last;
        if (!read_member(eye, set, &first)) return false;
        bool range = next_is(eye, '-') && eye->end - eye->at > 1 && eye->at[1] != ']';
        if (!range) continue;
        eye->at++;
        if (!read_member(eye, set, &last) || first < 0 || last < first) return false;
        add_range(set, (unsigned)first, (unsigned)last);
    }
    if (eye->at >= eye->end) return false;
    eye->at++;
    return true;
}

static bool read_count(struct eye *eye, uint32_t *count)
{
    const char *start = eye->at;
    for (*count = 0; eye->at < eye->end && *eye->at >= '0' && *eye->at <= '9' && eye->at - start < 5; eye->at++)
        *count = *count * 10 + (uint32_t)(*eye->at - '0');
    return eye->at > start;
}

/* {n}, {n,} or {n,m}, after its brace. */
static bool read_braces(struct eye *eye, struct plain_part *part)
{
    if (!read_count(eye, &part->least)) return false;
    part->most = part->least;
    if (next_is(eye, ',')) {
        eye->at++;
        part->most = PLAIN_MANY;
        if (!next_is(eye, '}') && !read_count(eye, &part->most)) return false;
    }
    if (!next_is(eye, '}')) return false;
    eye->at++;
    return part->least <= part->most && part->least <= 0xFFFF && (part->most <= 0xFFFF || part->most == PLAIN_MANY);
}

static bool read_quantifier(struct eye *eye, struct plain_part *part)
{
    part->least = part->most = 1;
    if (eye->at >= eye->end || !strchr("*+?{", *eye->at) || !*eye->at) return true;
    char c = *eye->at++;
    if (c == '{' && !read_braces(eye, part)) return false;
    if (c == '*' || c == '?') part->least = 0;
    if (c == '*' || c == '+') part->most = PLAIN_MANY;
    /* A lazy quantifier finds the same; a second one is no pattern. */
    if (next_is(eye, '?')) eye->at++;
    return !(eye->at < eye->end && *eye->at && strchr("*+?{", *eye->at));
}

static bool read_part(struct eye *eye, struct plain_part *part)
{
    int single;
    unsigned char c = (unsigned char)*eye->at++;
    *part = (struct plain_part){.least = 1, .most = 1};
    if (c == '[') {
        if (!read_class(eye, &part->set)) return false;
    } else if (c == '\\') {
        if (!read_escape(eye, &part->set, &single)) return false;
    } else if (!c || strchr("^$.*+?()[]{}|", c)) {
        return false;
    } else {
        byte_add(&part->set, c);
    }
    if (!read_quantifier(eye, part)) return false;
    return c < 0x80 || (part->least == 1 && part->most == 1);
}

static bool disjoint(const struct byte_set *a, const struct byte_set *b)
{
    for (int i = 0; i < 4; i++)
        if (a->bits[i] & b->bits[i]) return false;
    return true;
}

/* A part that may be repeated or left out shares no byte with what may follow it. */
static bool decided_by_next(const struct plain *plain)
{
    for (size_t i = 0; i < plain->count; i++) {
        const struct plain_part *part = &plain->parts[i];
        if (part->least == part->most) continue;
        for (size_t k = i + 1; k < plain->count; k++) {
            if (!disjoint(&part->set, &plain->parts[k].set)) return false;
            if (plain->parts[k].least > 0) break;
        }
    }
    return true;
}

/* Searching from every place is done for rows of single bytes only. */
static bool is_literal(const struct plain *plain)
{
    for (size_t i = 0; i < plain->count; i++)
        if (plain->parts[i].least != 1 || plain->parts[i].most != 1) return false;
    return true;
}

bool plain_make(const char *pattern, size_t length, struct plain *plain)
{
    struct eye eye = {pattern, pattern + length};
    *plain = (struct plain){0};
    if (length == 2 && memcmp(pattern, ".*", 2) == 0) return true; /* nothing is asked: found at once, like the empty pattern */
    if (next_is(&eye, '^')) {
        plain->from_start = true;
        eye.at++;
    }
    while (eye.at < eye.end) {
        if (*eye.at == '$' && eye.at + 1 == eye.end) {
            plain->to_end = true;
            break;
        }
        if (plain->count == PLAIN_PARTS || !read_part(&eye, &plain->parts[plain->count++])) return false;
    }
    return plain->from_start ? decided_by_next(plain) : is_literal(plain);
}

static bool found_at(const struct plain *plain, const unsigned char *at, const unsigned char *end)
{
    for (size_t i = 0; i < plain->count; i++) {
        const struct plain_part *part = &plain->parts[i];
        uint32_t times = 0;
        for (; at < end && times < part->most && byte_in(&part->set, *at); at++) times++;
        if (times < part->least) return false;
    }
    return !plain->to_end || at == end;
}

bool plain_found(const struct plain *plain, const char *subject, size_t length)
{
    const unsigned char *at = (const unsigned char *)subject, *end = at + length;
    if (plain->from_start) return found_at(plain, at, end);
    if (length < plain->count) return false;
    const unsigned char *last = end - plain->count; /* each part is one byte */
    for (at = plain->to_end ? last : at; at <= last; at++)
        if (found_at(plain, at, end)) return true;
    return false;
}
