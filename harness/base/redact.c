/* redact.c: see redact.h.
 *
 * A secret becomes five patterns: itself, its hex, and its base64 at three alignments. The text is looked at through views: as it is, and
 * with its escapes undone (one kind alone, all kinds, all kinds again for nested ones). A view keeps for each of its bytes how many bytes
 * of the text it stands for, so what is found leads back. In a view only the beginning and the end of each pattern (all of it when it is
 * short) are searched, through a filter of one bit for each hash of four bytes; from there a match grows as far as the pattern goes on.
 * So the work for each byte is small, and bounded by the secrets whatever the text is. */
#include "harness/base/redact.h"
#include "harness/base/unescape.h"
#include "harness/base/words.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { PATTERNS_EACH = 5, FILTER_BITS = 65536, GRAM = 4 };

struct pattern {
    unsigned char *bytes;    /* folded */
    size_t length;
    size_t prefix, suffix;   /* how much of its beginning or end is enough; its whole length when it is short */
    bool base64;             /* case counts, and '-' is '+', '_' is '/' */
    bool left, right;        /* base64: the neighbouring character holds some bits of the secret too */
    size_t secret;
};

struct redactor {
    char **names;
    struct pattern *patterns; /* PATTERNS_EACH for each name */
    size_t count;
    unsigned char filter[FILTER_BITS / 8];
};

struct mark {
    size_t start, end, secret; /* of the text */
};

struct search {
    const struct redactor *redactor;
    struct mark *marks;
    size_t count, room;
    bool failed; /* memory ran out */
};

struct redactor *redactor_new(void)
{
    return calloc(1, sizeof(struct redactor));
}

/* A plain memset before free would be optimised away. */
static void wipe(void *bytes, size_t length)
{
    volatile unsigned char *at = bytes;
    while (length-- > 0)
        *at++ = 0;
}

static void pattern_clear(struct pattern *pattern)
{
    if (pattern->bytes)
        wipe(pattern->bytes, pattern->length);
    free(pattern->bytes);
}

void redactor_free(struct redactor *redactor)
{
    if (!redactor)
        return;
    for (size_t i = 0; i < redactor->count; i++)
        free(redactor->names[i]);
    for (size_t i = 0; i < redactor->count * PATTERNS_EACH; i++)
        pattern_clear(&redactor->patterns[i]);
    free(redactor->names);
    free(redactor->patterns);
    free(redactor);
}

static unsigned char fold_case(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c | 0x20) : c;
}

static unsigned char fold_base64(unsigned char c)
{
    return c == '-' ? '+' : c == '_' ? '/' : c;
}

static unsigned char folded(const struct pattern *pattern, unsigned char c)
{
    return pattern->base64 ? fold_base64(c) : fold_case(c);
}

/* The hash is over both foldings, so that one filter serves all patterns. */
static uint32_t longer_gram(uint32_t gram, unsigned char c)
{
    return gram << 8 | fold_case(fold_base64(c));
}

static unsigned gram_bit(uint32_t gram)
{
    return (unsigned)((gram * UINT32_C(2654435761)) >> 16);
}

static void let_through(struct redactor *redactor, const unsigned char *bytes)
{
    uint32_t gram = 0;
    for (size_t i = 0; i < GRAM; i++)
        gram = longer_gram(gram, bytes[i]);
    redactor->filter[gram_bit(gram) / 8] |= (unsigned char)(1u << gram_bit(gram) % 8);
}

static bool pattern_room(struct pattern *pattern, size_t length)
{
    pattern->bytes = malloc(length);
    pattern->length = length;
    return pattern->bytes != NULL;
}

static bool make_plain(struct pattern *pattern, const unsigned char *secret, size_t length)
{
    if (!pattern_room(pattern, length))
        return false;
    for (size_t i = 0; i < length; i++)
        pattern->bytes[i] = fold_case(secret[i]);
    pattern->prefix = REDACT_PREFIX;
    pattern->suffix = REDACT_SUFFIX;
    return true;
}

static bool make_hex(struct pattern *pattern, const unsigned char *secret, size_t length)
{
    static const char digits[] = "0123456789abcdef";
    if (!pattern_room(pattern, 2 * length))
        return false;
    for (size_t i = 0; i < length; i++) {
        pattern->bytes[2 * i] = (unsigned char)digits[secret[i] >> 4];
        pattern->bytes[2 * i + 1] = (unsigned char)digits[secret[i] & 15];
    }
    pattern->prefix = 2 * REDACT_PREFIX;
    pattern->suffix = 2 * REDACT_SUFFIX;
    return true;
}

/* The six bits of base64 character `index`, `before` unknown bytes being ahead of the secret. */
static unsigned sextet(const unsigned char *secret, size_t length, size_t before, size_t index)
{
    unsigned bits = 0;
    for (size_t bit = 6 * index; bit < 6 * index + 6; bit++) {
        const size_t at = bit / 8 - before;
        bits = bits << 1 | (at < length ? (unsigned)secret[at] >> (7 - bit % 8) & 1u : 0u);
    }
    return bits;
}

/* Only the characters that the secret alone decides; its neighbours decide the rest. */
static bool make_base64(struct pattern *pattern, const unsigned char *secret, size_t length, size_t before)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t first = (8 * before + 5) / 6, last = 8 * (before + length) / 6;
    if (!pattern_room(pattern, last - first))
        return false;
    for (size_t i = first; i < last; i++)
        pattern->bytes[i - first] = (unsigned char)alphabet[sextet(secret, length, before, i)];
    pattern->base64 = true;
    pattern->left = before > 0;
    pattern->right = 8 * (before + length) % 6 > 0;
    pattern->prefix = REDACT_PREFIX * 8 / 6;
    pattern->suffix = REDACT_SUFFIX * 8 / 6;
    return true;
}

static bool make_patterns(struct pattern *patterns, const unsigned char *secret, size_t length)
{
    memset(patterns, 0, PATTERNS_EACH * sizeof *patterns);
    bool made = make_plain(&patterns[0], secret, length) && make_hex(&patterns[1], secret, length);
    for (size_t before = 0; made && before < 3; before++)
        made = make_base64(&patterns[2 + before], secret, length, before);
    for (size_t i = 0; i < PATTERNS_EACH; i++)
        if (!made)
            pattern_clear(&patterns[i]);
        else if (length < REDACT_LONG)
            patterns[i].prefix = patterns[i].suffix = patterns[i].length;
    return made;
}

static bool make_room(struct redactor *redactor)
{
    char **names = realloc(redactor->names, (redactor->count + 1) * sizeof *names);
    if (!names)
        return false;
    redactor->names = names;
    struct pattern *patterns = realloc(redactor->patterns, (redactor->count + 1) * PATTERNS_EACH * sizeof *patterns);
    if (!patterns)
        return false;
    redactor->patterns = patterns;
    return true;
}

bool redactor_add(struct redactor *redactor, const char *secret, const char *name)
{
    const size_t length = strlen(secret);
    if (length < REDACT_SHORTEST || length > REDACT_LONGEST || !make_room(redactor))
        return false;
    char *copy = strdup(name);
    struct pattern *patterns = redactor->patterns + redactor->count * PATTERNS_EACH;
    if (!copy || !make_patterns(patterns, (const unsigned char *)secret, length)) {
        free(copy);
        return false;
    }
    for (size_t i = 0; i < PATTERNS_EACH; i++) {
        patterns[i].secret = redactor->count;
        let_through(redactor, patterns[i].bytes);
        let_through(redactor, patterns[i].bytes + patterns[i].length - patterns[i].suffix);
    }
    redactor->names[redactor->count++] = copy;
    return true;
}

/* --- Searching */

static void add_mark(struct search *search, struct view *view, size_t start, size_t end, size_t secret)
{
    if (search->count == search->room) {
        const size_t room = search->room ? 2 * search->room : 16;
        struct mark *marks = realloc(search->marks, room * sizeof *marks);
        if (!marks) {
            search->failed = true;
            return;
        }
        search->marks = marks;
        search->room = room;
    }
    search->marks[search->count++] = (struct mark){.start = view_offset(view, start), .end = view_offset(view, end), .secret = secret};
}

static bool base64_character(unsigned char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c && strchr("+/-_", c));
}

/* `start` to `end` of the view match the pattern from its character `from` on. */
static void take_match(struct search *search, struct view *view, const struct pattern *pattern, size_t start, size_t end, size_t from)
{
    const bool whole_end = from + (end - start) == pattern->length;
    if (pattern->left && from == 0 && start > 0 && base64_character(view->bytes[start - 1]))
        start--;
    if (pattern->right && whole_end && end < view->count && base64_character(view->bytes[end]))
        end++;
    for (int i = 0; pattern->base64 && whole_end && i < 2 && end < view->count && view->bytes[end] == '='; i++)
        end++;
    add_mark(search, view, start, end, pattern->secret);
}

/* How many bytes from `at` on match the pattern from its character `from` on. */
static size_t match_length(const struct view *view, const struct pattern *pattern, size_t at, size_t from)
{
    size_t length = 0;
    while (from + length < pattern->length && at + length < view->count
           && folded(pattern, view->bytes[at + length]) == pattern->bytes[from + length])
        length++;
    return length;
}

static void try_pattern(struct search *search, struct view *view, const struct pattern *pattern, size_t at)
{
    const size_t length = match_length(view, pattern, at, 0);
    if (length >= pattern->prefix)
        take_match(search, view, pattern, at, at + length, 0);
    if (pattern->suffix == pattern->length)
        return;
    size_t from = pattern->length - pattern->suffix;
    if (match_length(view, pattern, at, from) < pattern->suffix)
        return;
    const size_t end = at + pattern->suffix;
    while (from > 0 && at > 0 && folded(pattern, view->bytes[at - 1]) == pattern->bytes[from - 1]) {
        from--;
        at--;
    }
    take_match(search, view, pattern, at, end, from);
}

static void search_view(struct search *search, struct view *view)
{
    const struct redactor *redactor = search->redactor;
    uint32_t gram = 0;
    for (size_t i = 0; i < view->count && !search->failed; i++) {
        gram = longer_gram(gram, view->bytes[i]);
        if (!(redactor->filter[gram_bit(gram) / 8] >> gram_bit(gram) % 8 & 1) || i + 1 < GRAM)
            continue;
        for (size_t k = 0; k < redactor->count * PATTERNS_EACH; k++)
            try_pattern(search, view, &redactor->patterns[k], i + 1 - GRAM);
    }
}

/* Searches the text with the escapes of `kinds` undone, `levels` times over. Returns the kinds that there were. */
static unsigned search_unescaped(struct search *search, const struct view *text, unsigned kinds, int levels)
{
    struct view view = *text;
    unsigned seen = 0, now = kinds;
    for (int level = 0; level < levels && now != 0 && !search->failed; level++) {
        struct view next;
        search->failed = !view_unescape(&view, kinds, &next, &now);
        view_clear(&view);
        view = next;
        seen |= level == 0 ? now : 0;
        if (now != 0)
            search_view(search, &view);
    }
    view_clear(&view);
    return seen;
}

static void search_text(struct search *search, const char *bytes, size_t length)
{
    enum { LEVELS = 4 };
    struct view text = view_of(bytes, length);
    search_view(search, &text);
    const unsigned seen = search_unescaped(search, &text, ESCAPE_ALL, LEVELS);
    /* A secret that has a `%`, say, is not recognised where that was taken for an escape of another kind. */
    for (unsigned kind = 1; kind < ESCAPE_ALL && !search->failed; kind <<= 1)
        if ((seen & kind) && seen != kind)
            search_unescaped(search, &text, kind, 1);
}

/* --- Replacing */

static int by_start(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;
    return a->start < b->start ? -1 : a->start > b->start;
}

/* Makes one mark of those that overlap. */
static size_t merge(struct mark *marks, size_t count)
{
    size_t kept = 0;
    if (count > 0)
        qsort(marks, count, sizeof *marks, by_start);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || marks[i].start >= marks[kept - 1].end)
            marks[kept++] = marks[i];
        else if (marks[i].end > marks[kept - 1].end)
            marks[kept - 1].end = marks[i].end;
    }
    return kept;
}

static char *replace(const struct search *search, const char *bytes, size_t length, size_t *out_length)
{
    size_t total = length;
    for (size_t i = 0; i < search->count; i++)
        total += strlen(search->redactor->names[search->marks[i].secret]) - (search->marks[i].end - search->marks[i].start);
    char *text = malloc(total + 1);
    if (!text)
        return NULL;
    size_t at = 0, from = 0;
    for (size_t i = 0; i < search->count; i++) {
        const struct mark *mark = &search->marks[i];
        const char *name = search->redactor->names[mark->secret];
        memcpy(text + at, bytes + from, mark->start - from);
        at += mark->start - from;
        memcpy(text + at, name, strlen(name));
        at += strlen(name);
        from = mark->end;
    }
    if (length > from)
        memcpy(text + at, bytes + from, length - from);
    text[total] = '\0';
    if (out_length)
        *out_length = total;
    return text;
}

char *redact_text(const struct redactor *redactor, const char *bytes, size_t length, size_t *out_length)
{
    struct search search = {.redactor = redactor};
    if (redactor->count > 0)
        search_text(&search, bytes, length);
    search.count = merge(search.marks, search.count);
    char *text = search.failed ? NULL : replace(&search, bytes, length, out_length);
    free(search.marks);
    return text;
}

/* A secret that begins within `most` bytes ends within the margin, however it is written. */
char *redact_cut(const struct redactor *redactor, const char *bytes, size_t length, size_t most)
{
    enum { MARGIN = 64 * 1024 };
    bool more = length > most + MARGIN;
    if (more)
        length = most + MARGIN;
    size_t kept = length;
    char *text = redactor ? redact_text(redactor, bytes, length, &kept) : strndup(bytes, length);
    if (!text)
        return NULL;
    size_t cut = text_cut(text, most);
    char *shown = malloc(cut + sizeof "...");
    if (shown)
        snprintf(shown, cut + sizeof "...", "%.*s%s", (int)cut, text, more || text[cut] ? "..." : "");
    free(text);
    return shown;
}

bool redact_header(const char *name)
{
    static const char *const secret[] = {"authorization", "proxy-authorization", "api-key",             "x-api-key",     "x-goog-api-key",
                                         "cookie",        "set-cookie",          "openai-organization", "openai-project"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        if (strcasecmp(name, secret[i]) == 0)
            return true;
    return false;
}

bool redact_parameter(const char *name, size_t length)
{
    static const char *const secret[] = {"key",   "api-key",      "api_key", "apikey",    "subscription-key",
                                         "token", "access_token", "sig",     "signature", "code"};
    for (size_t i = 0; i < sizeof secret / sizeof *secret; i++)
        if (strlen(secret[i]) == length && strncasecmp(name, secret[i], length) == 0)
            return true;
    return false;
}
