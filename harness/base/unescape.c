/* unescape.c: see unescape.h. Each decoder takes what is an escape without doubt and leaves all else as it stands. */
#include "harness/base/unescape.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* What an escape stands for: up to three bytes of UTF-8. */
struct unit {
    unsigned char bytes[3];
    size_t count;
};

struct view view_of(const char *bytes, size_t length)
{
    return (struct view){.bytes = (const unsigned char *)bytes, .count = length};
}

void view_clear(struct view *view)
{
    free(view->owned);
    free(view->widths);
    *view = (struct view){0};
}

size_t view_offset(struct view *view, size_t index)
{
    if (!view->widths)
        return index;
    while (view->cursor < index)
        view->offset += view->widths[view->cursor++];
    while (view->cursor > index)
        view->offset -= view->widths[--view->cursor];
    return view->offset;
}

static int digit(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    const unsigned char lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* Reads at most `most` digits of that base; returns how many there were. */
static size_t read_number(const unsigned char *at, size_t left, int base, size_t most, uint32_t *value)
{
    size_t count = 0;
    *value = 0;
    while (count < most && count < left && digit(at[count]) >= 0 && digit(at[count]) < base)
        *value = *value * (uint32_t)base + (uint32_t)digit(at[count++]);
    return count;
}

static bool put_byte(struct unit *unit, uint32_t value)
{
    unit->bytes[0] = (unsigned char)value;
    unit->count = 1;
    return true;
}

/* False for what is no character of the basic plane: secrets have none. */
static bool put_character(struct unit *unit, uint32_t code)
{
    if (code < 0x80)
        return put_byte(unit, code);
    if (code > 0xffff || (code >= 0xd800 && code < 0xe000))
        return false;
    const bool three = code >= 0x800;
    unit->bytes[0] = (unsigned char)(three ? 0xe0 | code >> 12 : 0xc0 | code >> 6);
    unit->bytes[1] = (unsigned char)(0x80 | (three ? code >> 6 & 0x3f : code & 0x3f));
    unit->bytes[2] = (unsigned char)(0x80 | (code & 0x3f));
    unit->count = three ? 3 : 2;
    return true;
}

/* Each decoder returns how many bytes the escape at `at` has, or 0. */
static size_t read_backslash(const unsigned char *at, size_t left, struct unit *unit)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    uint32_t value = 0;
    if (left < 2)
        return 0;
    if (at[1] == 'u')
        return read_number(at + 2, left - 2, 16, 4, &value) == 4 && put_character(unit, value) ? 6 : 0;
    if (at[1] == 'x')
        return read_number(at + 2, left - 2, 16, 2, &value) == 2 && put_byte(unit, value) ? 4 : 0;
    const char *name = at[1] ? strchr(names, at[1]) : NULL;
    return name && put_byte(unit, (unsigned char)values[name - names]) ? 2 : 0;
}

static size_t read_percent(const unsigned char *at, size_t left, struct unit *unit)
{
    uint32_t value = 0;
    return read_number(at + 1, left - 1, 16, 2, &value) == 2 && put_byte(unit, value) ? 3 : 0;
}

static size_t read_numeric(const unsigned char *at, size_t left, struct unit *unit)
{
    uint32_t value = 0;
    const bool hex = left > 2 && (at[2] | 0x20) == 'x';
    const size_t start = hex ? 3 : 2;
    const size_t digits = left > start ? read_number(at + start, left - start, hex ? 16 : 10, 7, &value) : 0;
    if (digits == 0 || !put_character(unit, value))
        return 0;
    const size_t end = start + digits;
    return end < left && at[end] == ';' ? end + 1 : end;
}

/* The names that HTML has for the printable characters of ASCII. */
static const struct {
    char character;
    const char *name; /* in lower case */
} entities[] = {
    {'&', "amp;"},    {'<', "lt;"},    {'>', "gt;"},     {'"', "quot;"},     {'\'', "apos;"},   {'/', "sol;"},    {'\\', "bsol;"},
    {'+', "plus;"},   {'=', "equals;"}, {'_', "lowbar;"}, {'_', "underbar;"}, {'.', "period;"},  {',', "comma;"},  {':', "colon;"},
    {';', "semi;"},   {'!', "excl;"},  {'#', "num;"},    {'$', "dollar;"},   {'%', "percnt;"},  {'(', "lpar;"},   {')', "rpar;"},
    {'*', "ast;"},    {'*', "midast;"}, {'[', "lsqb;"},   {'[', "lbrack;"},   {']', "rsqb;"},    {']', "rbrack;"}, {'^', "hat;"},
    {'`', "grave;"},  {'{', "lcub;"},  {'{', "lbrace;"}, {'}', "rcub;"},     {'}', "rbrace;"},  {'|', "vert;"},   {'|', "verbar;"},
    {'@', "commat;"}, {'?', "quest;"},
};

static bool named(const unsigned char *at, size_t left, const char *name)
{
    for (size_t i = 0; name[i]; i++)
        if (i >= left || (name[i] != ';' ? (at[i] | 0x20) : at[i]) != (unsigned char)name[i])
            return false;
    return true;
}

static size_t read_entity(const unsigned char *at, size_t left, struct unit *unit)
{
    if (left < 3)
        return 0;
    if (at[1] == '#')
        return read_numeric(at, left, unit);
    for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
        if (named(at + 1, left - 1, entities[i].name))
            return put_byte(unit, (unsigned char)entities[i].character) ? strlen(entities[i].name) + 1 : 0;
    return 0;
}

static size_t read_escape(const struct view *view, size_t at, unsigned kind, struct unit *unit)
{
    const unsigned char *bytes = view->bytes + at;
    const size_t left = view->count - at;
    if (kind == ESCAPE_BACKSLASH)
        return read_backslash(bytes, left, unit);
    return kind == ESCAPE_PERCENT ? read_percent(bytes, left, unit) : read_entity(bytes, left, unit);
}

static unsigned kind_of(unsigned char c)
{
    return c == '\\' ? ESCAPE_BACKSLASH : c == '%' ? ESCAPE_PERCENT : c == '&' ? ESCAPE_ENTITY : 0;
}

/* How many bytes of the text the `count` bytes from `at` on stand for. */
static size_t width(const struct view *view, size_t at, size_t count)
{
    size_t sum = 0;
    for (size_t i = at; view->widths && i < at + count; i++)
        sum += view->widths[i];
    return view->widths ? sum : count;
}

bool view_unescape(const struct view *view, unsigned kinds, struct view *next, unsigned *seen)
{
    unsigned char *bytes = malloc(view->count + 1), *widths = malloc(view->count + 1);
    *next = (struct view){.bytes = bytes, .owned = bytes, .widths = widths};
    *seen = 0;
    if (!bytes || !widths) {
        view_clear(next);
        return false;
    }
    size_t count = 0;
    for (size_t at = 0; at < view->count;) {
        struct unit unit = {.bytes = {view->bytes[at]}, .count = 1};
        const unsigned kind = kind_of(view->bytes[at]) & kinds;
        size_t length = kind ? read_escape(view, at, kind, &unit) : 0;
        if (length > 0 && width(view, at, length) <= UINT8_MAX)
            *seen |= kind;
        else
            unit = (struct unit){.bytes = {view->bytes[at]}, .count = length = 1};
        for (size_t i = 0; i < unit.count; i++, count++) {
            bytes[count] = unit.bytes[i];
            widths[count] = (unsigned char)(i == 0 ? width(view, at, length) : 0);
        }
        at += length;
    }
    next->count = count;
    return true;
}
