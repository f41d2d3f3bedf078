/* regex_ecma.c: says an ECMA-262 pattern in the language of PCRE2, and refuses what is no ECMA-262 pattern.
 *
 * The two languages look alike and differ in the details that schemas meet: \d and \w are ASCII, \s is Unicode, $ is the very end, [^] is
 * anything, [[:alpha:]] is no class of letters, \cX, \uXXXX and \p{Letter} exist, \A, \Z, (?i) and possessive quantifiers do not. */
#include "validator/lib/regex_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One translation under way. */
struct saying {
    const char *start, *at, *end;
    struct regex_text *out;
    struct regex_why *why;
    unsigned groups;    /* capturing ones in the whole pattern */
    unsigned depth;     /* parentheses that are open */
    bool repeatable;    /* what stands before may be repeated */
};

static const char space_set[] = "\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
static const char not_space_set[] =
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}"
    "\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}";

/* Inside of brackets: PCRE2 10.42 takes [^\W\p{L}] for a class of more than it says. */
static const char not_digit_set[] = "\\x{0}-\\x{2f}\\x{3a}-\\x{10ffff}";
static const char not_word_set[] = "\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-\\x{10ffff}";

/* --- writing */

static void put(struct saying *s, const char *bytes, size_t length)
{
    struct regex_text *out = s->out;
    if (out->room - out->used < length) {
        size_t room = out->room ? out->room * 2 : 256;
        while (room - out->used < length) room *= 2;
        char *grown = realloc(out->bytes, room);
        if (!grown) {
            out->failed = true;
            return;
        }
        out->bytes = grown;
        out->room = room;
    }
    memcpy(out->bytes + out->used, bytes, length);
    out->used += length;
}

static void put_words(struct saying *s, const char *words) { put(s, words, strlen(words)); }

static void put_code(struct saying *s, unsigned code)
{
    char text[16];
    int length = snprintf(text, sizeof text, "\\x{%x}", code);
    put(s, text, (size_t)length);
}

static bool refuse(struct saying *s, enum regex_fault fault, const char *at, const char *words)
{
    s->why->fault = fault;
    snprintf(s->why->words, sizeof s->why->words, "%s (at byte %zu of the pattern)", words, (size_t)(at - s->start) + 1);
    return false;
}

static bool wrong(struct saying *s, const char *at, const char *words) { return refuse(s, REGEX_WRONG, at, words); }

/* --- escapes */

static bool next_is(const struct saying *s, char c) { return s->at < s->end && *s->at == c; }

static int hex_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Exactly `digits` hexadecimal digits. */
static bool read_hex(struct saying *s, int digits, unsigned *code)
{
    if (s->end - s->at < digits) return false;
    *code = 0;
    for (int i = 0; i < digits; i++) {
        int hex = hex_of(s->at[i]);
        if (hex < 0) return false;
        *code = *code << 4 | (unsigned)hex;
    }
    s->at += digits;
    return true;
}

static bool read_braced_hex(struct saying *s, unsigned *code)
{
    s->at++;
    for (*code = 0; s->at < s->end && *s->at != '}'; s->at++) {
        int hex = hex_of(*s->at);
        if (hex < 0) return false;
        *code = *code << 4 | (unsigned)hex;
        if (*code > 0x10FFFF) return false;
    }
    if (!next_is(s, '}') || s->at[-1] == '{') return false;
    s->at++;
    return true;
}

/* \uXXXX, \uXXXX\uXXXX for a pair of surrogates, \u{X...}; after the u. */
static bool read_unicode(struct saying *s, const char *escape, unsigned *code)
{
    if (next_is(s, '{')) {
        if (!read_braced_hex(s, code)) return wrong(s, escape, "\\u{...} names no character");
    } else {
        if (!read_hex(s, 4, code)) return wrong(s, escape, "\\u is not followed by four hexadecimal digits");
        bool pair = *code >= 0xD800 && *code < 0xDC00 && s->end - s->at >= 6 && s->at[0] == '\\' && s->at[1] == 'u';
        const char *second = s->at;
        unsigned low = 0;
        if (pair) s->at += 2;
        if (pair && read_hex(s, 4, &low) && low >= 0xDC00 && low < 0xE000) *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
        else if (pair) s->at = second;
    }
    if (*code >= 0xD800 && *code < 0xE000) return refuse(s, REGEX_UNSUPPORTED, escape, "half of a surrogate pair cannot be looked for in UTF-8");
    return true;
}

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_punctuation(char c) { return c > ' ' && c < 0x7F && !is_letter(c) && !(c >= '0' && c <= '9'); }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* An escape that stands for one character. *none when it is something else, with nothing read. */
static bool read_character(struct saying *s, const char *escape, unsigned *code, bool *none)
{
    static const char from[] = "tnvfr", to[] = "\t\n\v\f\r";
    char c = *s->at++;
    const char *known = c ? strchr(from, c) : NULL;
    *none = false;
    if (known) {
        *code = (unsigned char)to[known - from];
    } else if (c == 'x') {
        if (!read_hex(s, 2, code)) return wrong(s, escape, "\\x is not followed by two hexadecimal digits");
    } else if (c == 'u') {
        return read_unicode(s, escape, code);
    } else if (c == 'c') {
        if (s->at >= s->end || !is_letter(*s->at)) return wrong(s, escape, "\\c is not followed by a letter");
        *code = (unsigned char)*s->at++ & 31u;
    } else if (c == '0') {
        if (s->at < s->end && is_digit(*s->at)) return wrong(s, escape, "octal escapes are not ECMA-262 with Unicode");
        *code = 0;
    } else {
        s->at--;
        *none = true;
    }
    return true;
}

/* --- \p{...} */

/* After \p or \P. What is not known is left to PCRE2 to refuse. */
static bool say_property(struct saying *s, const char *escape, bool negated)
{
    char name[64], text[96];
    size_t length = 0;
    if (!next_is(s, '{')) return wrong(s, escape, "\\p is not followed by a property in braces");
    for (s->at++; s->at < s->end && *s->at != '}'; s->at++) {
        bool word = is_letter(*s->at) || is_digit(*s->at) || *s->at == '_' || *s->at == '=';
        if (!word || length + 1 >= sizeof name) return wrong(s, escape, "\\p{...} names no property");
        name[length++] = *s->at;
    }
    name[length] = '\0';
    if (!length || !next_is(s, '}')) return wrong(s, escape, "\\p{...} names no property");
    s->at++;
    char *value = strchr(name, '=');
    if (value) *value++ = '\0';
    bool category = !value || strcmp(name, "gc") == 0 || strcmp(name, "General_Category") == 0;
    bool extended = value && (strcmp(name, "scx") == 0 || strcmp(name, "Script_Extensions") == 0);
    bool script = value && (strcmp(name, "sc") == 0 || strcmp(name, "Script") == 0);
    if (!category && !extended && !script) return wrong(s, escape, "\\p{...} names no property");
    if (category && strcmp(value ? value : name, "Assigned") == 0) snprintf(text, sizeof text, "\\%c{Cn}", negated ? 'p' : 'P');
    else snprintf(text, sizeof text, "\\%c{%s%s}", negated ? 'P' : 'p', extended ? "scx:" : script ? "sc:" : "",
                  category ? regex_category(value ? value : name) : value);
    put_words(s, text);
    return true;
}

/* --- escapes outside and inside of brackets */

/* \d \D \w \W \s \S \p \P. *none when it is something else, with nothing read. */
static bool say_class_escape(struct saying *s, const char *escape, bool bracketed, bool *none)
{
    char c = *s->at++;
    *none = false;
    if (c == 'p' || c == 'P') return say_property(s, escape, c == 'P');
    if (bracketed && (c == 'D' || c == 'W')) {
        put_words(s, c == 'D' ? not_digit_set : not_word_set);
    } else if (c == 'd' || c == 'D' || c == 'w' || c == 'W') {
        put(s, (const char[]){'\\', c}, 2);
    } else if (c == 's' || c == 'S') {
        if (!bracketed) put_words(s, "[");
        put_words(s, c == 's' ? space_set : not_space_set);
        if (!bracketed) put_words(s, "]");
    } else {
        s->at--;
        *none = true;
    }
    return true;
}

/* Letters and digits are never escaped for nothing; punctuation may be. */
static bool say_identity(struct saying *s, const char *escape)
{
    char c = *s->at;
    if (is_letter(c) || is_digit(c)) {
        char words[64];
        snprintf(words, sizeof words, "\\%c is no escape of ECMA-262", c);
        return wrong(s, escape, words);
    }
    if ((unsigned char)c < 0x80) put_code(s, (unsigned char)c);
    else put(s, &c, 1);
    s->at++;
    return true;
}

static bool say_back_reference(struct saying *s, const char *escape)
{
    unsigned number = 0;
    while (s->at < s->end && is_digit(*s->at) && number < 100000) number = number * 10 + (unsigned)(*s->at++ - '0');
    if (number > s->groups) return wrong(s, escape, "a back reference leads to a group that is not there");
    char text[24];
    snprintf(text, sizeof text, "\\g{%u}", number);
    put_words(s, text);
    return true;
}

/* A name of a group up to its >, letters and digits of ASCII. */
static bool say_group_name(struct saying *s, const char *place)
{
    const char *start = s->at;
    while (s->at < s->end && (is_letter(*s->at) || is_digit(*s->at) || *s->at == '_')) s->at++;
    if (s->at < s->end && (*s->at == '$' || (unsigned char)*s->at >= 0x80))
        return refuse(s, REGEX_UNSUPPORTED, place, "the name of a group is not made of ASCII letters, digits and _");
    if (!next_is(s, '>') || s->at == start || is_digit(*start)) return wrong(s, place, "the name of a group is malformed");
    s->at++;
    put(s, start, (size_t)(s->at - start));
    return true;
}

static bool say_escape(struct saying *s)
{
    const char *escape = s->at++;
    unsigned code;
    bool none;
    s->repeatable = true;
    if (s->at >= s->end) return wrong(s, escape, "the pattern ends in a backslash");
    if (!read_character(s, escape, &code, &none)) return false;
    if (!none) {
        put_code(s, code);
        return true;
    }
    if (!say_class_escape(s, escape, false, &none)) return false;
    if (!none) return true;
    if (*s->at == 'b' || *s->at == 'B') {
        put(s, s->at[0] == 'b' ? "\\b" : "\\B", 2);
        s->at++;
        s->repeatable = false;
        return true;
    }
    if (*s->at >= '1' && *s->at <= '9') return say_back_reference(s, escape);
    if (*s->at == 'k' && s->end - s->at > 1 && s->at[1] == '<') {
        s->at += 2;
        put_words(s, "\\k<");
        return say_group_name(s, escape);
    }
    return say_identity(s, escape);
}

/* --- brackets */

/* One member of a class. *set when it is a set of its own, which cannot begin or end a range. */
static bool say_member(struct saying *s, bool *set)
{
    const char *place = s->at;
    unsigned code;
    bool none;
    char c = *s->at++;
    *set = false;
    if (c != '\\') {
        if (c != '-' && is_punctuation(c)) put(s, "\\", 1); /* PCRE2 has [:alpha:], [.a.] and more */
        put(s, &c, 1);
        return true;
    }
    if (s->at >= s->end) return wrong(s, place, "the pattern ends in a backslash");
    if (!read_character(s, place, &code, &none)) return false;
    if (!none) {
        put_code(s, code);
        return true;
    }
    if (!say_class_escape(s, place, true, &none)) return false;
    *set = !none;
    if (*set) return true;
    if (*s->at == 'b') {
        s->at++;
        put_code(s, 8);
        return true;
    }
    return say_identity(s, place);
}

/* A hyphen beside a set of its own is just a hyphen; PCRE2 wants that said. */
static bool hyphen_is_literal(const struct saying *s, bool after_set)
{
    bool before_set = s->end - s->at > 2 && s->at[1] == '\\' && strchr("dDwWsSpP", s->at[2]) && s->at[2];
    return after_set || before_set;
}

static bool say_brackets(struct saying *s)
{
    const char *place = s->at++;
    bool set = false, negated = next_is(s, '^');
    s->at += negated;
    s->repeatable = true;
    if (next_is(s, ']')) { /* nothing, or anything */
        put_words(s, negated ? "[\\x{0}-\\x{10ffff}]" : "[^\\x{0}-\\x{10ffff}]");
        s->at++;
        return true;
    }
    put_words(s, negated ? "[^" : "[");
    while (s->at < s->end && *s->at != ']') {
        if (*s->at == '-' && hyphen_is_literal(s, set)) {
            put(s, "\\-", 2);
            s->at++;
            set = false;
        } else if (!say_member(s, &set)) {
            return false;
        }
    }
    if (s->at >= s->end) return wrong(s, place, "a bracket is not closed");
    s->at++;
    put(s, "]", 1);
    return true;
}

/* --- groups and quantifiers */

static bool say_group(struct saying *s)
{
    static const char *const heads[] = {"(?:", "(?=", "(?!", "(?<=", "(?<!", NULL};
    const char *place = s->at;
    s->repeatable = false;
    if (++s->depth > REGEX_NEST_LIMIT) return refuse(s, REGEX_TOO_LARGE, place, "parentheses nest too deep");
    for (const char *const *head = heads; *head; head++) {
        size_t length = strlen(*head);
        if ((size_t)(s->end - s->at) < length || memcmp(s->at, *head, length) != 0) continue;
        put(s, *head, length);
        s->at += length;
        return true;
    }
    s->at++;
    if (!next_is(s, '?')) {
        put(s, "(", 1);
        return true;
    }
    if (s->end - s->at < 2 || s->at[1] != '<') return wrong(s, place, "(? does not begin a group of ECMA-262");
    s->at += 2;
    put_words(s, "(?<");
    return say_group_name(s, place);
}

static bool close_group(struct saying *s)
{
    if (s->depth-- == 0) return wrong(s, s->at, "a parenthesis is closed that was not opened");
    put(s, s->at++, 1);
    s->repeatable = true;
    return true;
}

/* The length of {n}, {n,} or {n,m} at `at`, or 0 when it is just a brace. */
static size_t braces_at(const char *at, const char *end, unsigned long *least, unsigned long *most)
{
    const char *start = at++;
    if (at >= end || !is_digit(*at)) return 0;
    for (*least = 0; at < end && is_digit(*at); at++) *least = *least > 100000 ? *least : *least * 10 + (unsigned long)(*at - '0');
    *most = *least;
    if (at < end && *at == ',') {
        bool given = ++at < end && is_digit(*at);
        *most = given ? 0 : 100000;
        for (; at < end && is_digit(*at); at++) *most = *most > 100000 ? *most : *most * 10 + (unsigned long)(*at - '0');
        if (!given) *most = *least > 100000 ? *least : 100000;
    }
    return at < end && *at == '}' ? (size_t)(at - start) + 1 : 0;
}

static bool say_quantifier(struct saying *s)
{
    const char *place = s->at;
    unsigned long least = 0, most = 0;
    size_t length = *s->at == '{' ? braces_at(s->at, s->end, &least, &most) : 1;
    if (length == 0) {
        put_words(s, "\\{");
        s->at++;
        s->repeatable = true;
        return true;
    }
    if (!s->repeatable) return wrong(s, place, "there is nothing to repeat");
    if (least > most) return wrong(s, place, "the numbers of {n,m} are out of order");
    if (least > 65535 || (most > 65535 && most != 100000)) return refuse(s, REGEX_UNSUPPORTED, place, "{n,m} counts further than 65535");
    put(s, place, length);
    s->at += length;
    if (next_is(s, '?')) put(s, s->at++, 1);
    s->repeatable = false;
    return true;
}

static bool say_one(struct saying *s)
{
    char c = *s->at;
    switch (c) {
    case '\\': return say_escape(s);
    case '[': return say_brackets(s);
    case '(': return say_group(s);
    case ')': return close_group(s);
    case '*': case '+': case '?': case '{': return say_quantifier(s);
    case '.': put_words(s, "[^\\n\\r\\x{2028}\\x{2029}]"); break;
    case ']': case '}': put(s, "\\", 1); put(s, &c, 1); break;
    default: put(s, &c, 1); break;
    }
    s->at++;
    s->repeatable = c != '^' && c != '$' && c != '|';
    return true;
}

/* Capturing groups of the whole pattern: a reference may stand before its group. */
static unsigned count_groups(const char *at, const char *end)
{
    unsigned groups = 0;
    bool bracketed = false;
    for (; at < end; at++) {
        if (*at == '\\') at++;
        else if (*at == '[') bracketed = true;
        else if (*at == ']') bracketed = false;
        else if (*at == '(' && !bracketed)
            groups += at + 1 >= end || at[1] != '?' || (end - at > 3 && at[2] == '<' && at[3] != '=' && at[3] != '!');
    }
    return groups;
}

bool ecma_translate(const char *pattern, size_t length, struct regex_text *out, struct regex_why *why)
{
    struct saying s = {.start = pattern, .at = pattern, .end = pattern + length, .out = out, .why = why};
    s.groups = count_groups(pattern, s.end);
    while (s.at < s.end)
        if (!say_one(&s)) return false;
    if (s.depth) return wrong(&s, s.end, "a parenthesis is not closed");
    if (!out->failed) return true;
    *why = (struct regex_why){REGEX_NO_MEMORY, "memory ran out"};
    return false;
}
