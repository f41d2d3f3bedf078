/* ask.c: the questions that predicates ask of documents; see ask.h. */
#define _GNU_SOURCE /* strtod_l */
#include "validator/lib/ask.h"

#include "validator/lib/engine.h"

#include <limits.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- memory for one question */

struct scratch_old {
    struct scratch_old *next;
    char *block;
};

/* Blocks that were outgrown stay until the reset: texts in them may still be looked at. */
static bool scratch_grow(struct scratch *scratch, size_t size)
{
    size_t room = scratch->room < 4096 ? 4096 : scratch->room * 2;
    while (room < size) room *= 2;
    struct scratch_old *old = scratch->block ? malloc(sizeof *old) : NULL;
    if (scratch->block && !old) return false;
    char *block = malloc(room);
    if (!block) {
        free(old);
        return false;
    }
    if (old) {
        *old = (struct scratch_old){scratch->old, scratch->block};
        scratch->old = old;
    }
    scratch->block = block;
    scratch->room = room;
    scratch->used = 0;
    return true;
}

void scratch_reset(struct scratch *scratch)
{
    while (scratch->old) {
        struct scratch_old *old = scratch->old;
        scratch->old = old->next;
        free(old->block);
        free(old);
    }
    scratch->used = 0;
    schema_work_reset(scratch->schemas);
}

void scratch_clear(struct scratch *scratch)
{
    scratch_reset(scratch);
    free(scratch->block);
    document_clear(&scratch->spare);
    schema_work_free(scratch->schemas);
}

void scratch_forget(struct scratch *scratch)
{
    memset(scratch->known, 0, sizeof scratch->known);
    scratch->compiled = 0;
}

bool may_compile(struct ask *ask, size_t bytes)
{
    enum { COMPILED_MAX = 256 << 10 };
    ask->scratch->compiled += bytes;
    return ask->scratch->compiled <= COMPILED_MAX;
}

const void *remembered(struct ask *ask, unsigned key, struct view subject, void (*make)(struct ask *ask, struct view subject, void *fact))
{
    struct scratch *scratch = ask->scratch;
    if (!scratch->known[key] || scratch->subjects[key] != subject.at) {
        memset(scratch->facts[key], 0, REMEMBERED_SIZE);
        make(ask, subject, scratch->facts[key]);
        scratch->known[key] = !ask->failed;
        scratch->subjects[key] = subject.at;
    }
    return scratch->facts[key];
}

struct document *spare_document(struct ask *ask) { return &ask->scratch->spare; }

static void *scratch_allot(struct scratch *scratch, size_t size)
{
    size = (size + 15) & ~(size_t)15;
    if (scratch->room - scratch->used < size && !scratch_grow(scratch, size)) return NULL;
    char *at = scratch->block + scratch->used;
    scratch->used += size;
    return at;
}

void *scratch_take(struct ask *ask, size_t size)
{
    void *at = scratch_allot(ask->scratch, size ? size : 1);
    if (!at) ask->failed = true;
    return at;
}

/* --- walking */

struct view get_path(struct view v, const char *path)
{
    while (there(v) && *path) {
        size_t length = strcspn(path, "/");
        if (is(v, ARR)) {
            size_t index = 0;
            for (size_t i = 0; i < length; i++) index = index * 10 + (size_t)(path[i] - '0');
            struct view item = first(v);
            while (index-- && there(item)) item = after(item, v);
            v = item;
        } else {
            char key[64];
            if (length >= sizeof key) return nowhere();
            memcpy(key, path, length);
            key[length] = '\0';
            v = get(v, key);
        }
        path += length + (path[length] == '/');
    }
    return v;
}

/* --- texts */

/* The unescaped bytes of a short string without memory of its own; the length, or SIZE_MAX when it does not fit. */
static size_t unescape_small(struct view string, char *out, size_t room)
{
    return value_of(string)->length <= room ? document_unescape(string.doc, string.at, out) : SIZE_MAX;
}

struct text text_of(struct ask *ask, struct view string)
{
    if (!is(string, STR)) return (struct text){0};
    const struct value *v = value_of(string);
    if (!(v->flags & V_ESCAPED)) return (struct text){string.doc->text + v->offset, v->length};
    char *out = scratch_take(ask, v->length);
    if (!out) return (struct text){0};
    return (struct text){out, document_unescape(string.doc, string.at, out)};
}

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }

bool same_letters(const char *a, const char *b, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

bool text_mentions(struct text text, const char *word)
{
    size_t length = strlen(word);
    for (size_t at = 0; at + length <= text.length; at++)
        if (same_letters(text.bytes + at, word, length)) return true;
    return false;
}

bool escaped_text_is(struct view string, const char *word)
{
    size_t length = strlen(word);
    if (value_of(string)->length < length || value_of(string)->length > 6 * length) return false;
    char small[512];
    return unescape_small(string, small, sizeof small) == length && memcmp(small, word, length) == 0;
}

/* The next character of a string, unescaped, as its UTF-8 bytes, one at a time: compares texts of any size without memory. */
struct cursor {
    const char *at, *end;
    unsigned char pending[4];
    int have, given;
};

static unsigned hex4(const char *s)
{
    unsigned code = 0;
    for (int i = 0; i < 4; i++) {
        unsigned char c = (unsigned char)s[i];
        code = code << 4 | (c <= '9' ? c - 0u - '0' : (c | 32u) - 'a' + 10u);
    }
    return code;
}

static void cursor_hold(struct cursor *c, unsigned code)
{
    unsigned char *p = c->pending;
    c->given = 0;
    if (code < 0x80) {
        p[0] = (unsigned char)code;
        c->have = 1;
    } else if (code < 0x800) {
        p[0] = (unsigned char)(0xC0 | code >> 6);
        p[1] = (unsigned char)(0x80 | (code & 63));
        c->have = 2;
    } else if (code < 0x10000) {
        p[0] = (unsigned char)(0xE0 | code >> 12);
        p[1] = (unsigned char)(0x80 | (code >> 6 & 63));
        p[2] = (unsigned char)(0x80 | (code & 63));
        c->have = 3;
    } else {
        p[0] = (unsigned char)(0xF0 | code >> 18);
        p[1] = (unsigned char)(0x80 | (code >> 12 & 63));
        p[2] = (unsigned char)(0x80 | (code >> 6 & 63));
        p[3] = (unsigned char)(0x80 | (code & 63));
        c->have = 4;
    }
}

static void cursor_unescape(struct cursor *c)
{
    static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
    char e = c->at[1];
    c->at += 2;
    if (e != 'u') {
        const char *known = strchr(from, e);
        cursor_hold(c, (unsigned char)(known ? to[known - from] : e));
        return;
    }
    unsigned code = hex4(c->at);
    c->at += 4;
    bool high = code >= 0xD800 && code < 0xDC00;
    if (high && c->end - c->at >= 6 && c->at[0] == '\\' && c->at[1] == 'u') {
        unsigned low = hex4(c->at + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            c->at += 6;
            cursor_hold(c, 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00));
            return;
        }
    }
    cursor_hold(c, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
}

static int cursor_byte(struct cursor *c)
{
    if (c->given < c->have) return c->pending[c->given++];
    if (c->at == c->end) return -1;
    if (*c->at != '\\') return (unsigned char)*c->at++;
    cursor_unescape(c);
    return c->pending[c->given++];
}

static struct cursor cursor_of(struct view string)
{
    const char *at = string.doc->text + value_of(string)->offset;
    return (struct cursor){.at = at, .end = at + value_of(string)->length};
}

size_t string_offset(struct view string, size_t byte)
{
    if (!(value_of(string)->flags & V_ESCAPED)) return 1 + byte;
    struct cursor c = cursor_of(string);
    const char *begin = c.at, *at = begin;
    for (size_t i = 0; i <= byte; i++) {
        if (c.given >= c.have) at = c.at;
        if (cursor_byte(&c) < 0) break;
    }
    return 1 + (size_t)(at - begin);
}

bool text_same(struct view a, struct view b)
{
    if (!is(a, STR) || !is(b, STR)) return false;
    const struct value *va = value_of(a), *vb = value_of(b);
    if (!((va->flags | vb->flags) & V_ESCAPED))
        return va->length == vb->length && memcmp(a.doc->text + va->offset, b.doc->text + vb->offset, va->length) == 0;
    struct cursor ca = cursor_of(a), cb = cursor_of(b);
    for (;;) {
        int x = cursor_byte(&ca), y = cursor_byte(&cb);
        if (x != y) return false;
        if (x < 0) return true;
    }
}

size_t chars_of(struct view string)
{
    if (!is(string, STR)) return 0;
    const struct value *v = value_of(string);
    if (!(v->flags & (V_ESCAPED | V_NOT_ASCII))) return v->length;
    size_t chars = 0;
    struct cursor c = cursor_of(string);
    for (int byte; (byte = cursor_byte(&c)) >= 0;) chars += (byte & 0xC0) != 0x80;
    return chars;
}

/* --- numbers */

/* Up to nineteen digits and a small power of ten, in one division of long doubles: their 64 bits hold both exactly, so the result is the
 * nearest double but for one tie in thousands, where it is the next one. That is more than any bound or sum needs. */
static bool decimal_small(const char *s, const char *end, double *out)
{
    static const long double tens[] = {1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,  1e7L,  1e8L,  1e9L,
                                       1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L};
    bool minus = *s == '-', point = false;
    uint64_t digits = 0;
    unsigned used = 0, after = 0;
    for (s += minus; s < end; s++) {
        if (*s == '.') {
            point = true;
            continue;
        }
        if (*s == 'e' || *s == 'E' || ++used > 18) return false;
        digits = digits * 10 + (unsigned)(*s - '0');
        after += point;
    }
    double d = after ? (double)((long double)digits / tens[after]) : (double)digits;
    *out = minus ? -d : d;
    return true;
}

static locale_t c_locale;

static void open_c_locale(void) { c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0); }

/* strtod in the C locale, whatever the program's locale is. */
static double decimal_large(const char *text, size_t length)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_c_locale);
    char small[128], *copy = length < sizeof small ? small : malloc(length + 1);
    if (!copy || !c_locale) return NAN;
    memcpy(copy, text, length);
    copy[length] = '\0';
    double d = strtod_l(copy, NULL, c_locale);
    if (copy != small) free(copy);
    return d;
}

static double number_parse(const char *text, size_t length)
{
    double d;
    return decimal_small(text, text + length, &d) ? d : decimal_large(text, length);
}

double number_of(struct view v, double otherwise)
{
    if (!is(v, NUM)) return otherwise;
    const struct value *value = value_of(v);
    const char *s = v.doc->text + value->offset;
    return number_parse(s, value->length);
}

long long integer_of(struct view v, long long otherwise)
{
    if (!is(v, NUM)) return otherwise;
    if (!is(v, INT)) {
        double d = number_of(v, NAN);
        return d == floor(d) && fabs(d) < 9007199254740993.0 ? (long long)d : otherwise;
    }
    const char *s = v.doc->text + value_of(v)->offset, *end = s + value_of(v)->length;
    bool minus = *s == '-';
    unsigned long long n = 0, most = (unsigned long long)LLONG_MAX + minus;
    for (s += minus; s < end; s++) {
        unsigned digit = (unsigned)(*s - '0');
        if (n > (most - digit) / 10) return otherwise;
        n = n * 10 + digit;
    }
    return minus ? (long long)(0 - n) : (long long)n;
}

bool is_whole(struct view v)
{
    if (is(v, INT)) return true;
    double d = number_of(v, NAN);
    return isfinite(d) && d == floor(d);
}

/* --- equality */

static bool object_holds(struct ask *ask, struct view a, struct view b)
{
    for (EVERY(value, a)) {
        bool found = false;
        for (EVERY(other, b))
            if (text_same(key_of(value), key_of(other))) found = value_same(ask, value, other);
        if (!found) return false;
    }
    return true;
}

bool value_same(struct ask *ask, struct view a, struct view b)
{
    if (!there(a) || !there(b)) return there(a) == there(b);
    if (is(a, NUM) && is(b, NUM)) return number_of(a, 0) == number_of(b, 0);
    if (value_of(a)->type != value_of(b)->type) return false;
    if (is(a, BOOL)) return is_true(a) == is_true(b);
    if (is(a, STR)) return text_same(a, b);
    if (count(a) != count(b)) return false;
    if (is(a, OBJ)) return object_holds(ask, a, b);
    struct view y = first(b);
    for (struct view x = first(a); there(x); x = after(x, a), y = after(y, b))
        if (!value_same(ask, x, y)) return false;
    return true;
}

/* --- what a predicate says about its answer */

bool say(struct ask *ask, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ask->detail, sizeof ask->detail, format, arguments);
    va_end(arguments);
    return false;
}

bool blame(struct ask *ask, struct view at)
{
    ask->blame = at;
    return false;
}

bool blame_spot(struct ask *ask, struct view string)
{
    ask->blame = string;
    ask->blame_byte = ask->spot;
    return false;
}

bool blame_missing(struct ask *ask, struct view object, const char *key)
{
    ask->blame = object;
    ask->blame_key = key;
    return false;
}
