/* cascade.c: see cascade.h. A server that leaves out one member breaks a rule of the catalogue, and beside it whatever a case expects of
 * that member and of each that would lie in it. Who has to mend it wants to read that once. */
#include "harness/run/cascade.h"

#include "harness/base/words.h"

#include <string.h>

/* The same path, whatever the indexes in it. */
static bool same_but_for_indexes(const char *a, const char *b)
{
    while (*a && *b) {
        size_t m = 1 + strcspn(a + 1, "/"), n = 1 + strcspn(b + 1, "/");
        bool both = strspn(a + 1, "0123456789") == m - 1 && strspn(b + 1, "0123456789") == n - 1;
        if (!both && (m != n || memcmp(a, b, m) != 0)) return false;
        a += m;
        b += n;
    }
    return !*a && !*b;
}

bool cascade_alike(const struct cc_finding *a, const struct cc_finding *b)
{
    return a->rule == b->rule && a->in == b->in && same_but_for_indexes(a->pointer, b->pointer);
}

/* What a chunk has in its delta, the whole answer has in its message. */
static bool is_message(const char *step, size_t length)
{
    return (length == 6 && memcmp(step, "/delta", 6) == 0) || (length == 8 && memcmp(step, "/message", 8) == 0);
}

/* Whether the pointer leads to the place or below it. */
static bool leads_into(const char *place, const char *pointer)
{
    while (*place && *pointer) {
        size_t a = 1 + strcspn(place + 1, "/"), b = 1 + strcspn(pointer + 1, "/");
        bool same = (a == b && memcmp(place, pointer, a) == 0) || (is_message(place, a) && is_message(pointer, b));
        if (!same) return false;
        place += a;
        pointer += b;
    }
    return !*place;
}

bool cascade_explains(const struct result_finding *finding, const struct expect_miss *miss)
{
    if (begins(finding->rule, "expect.") || begins(miss->what, "expect.timing.")) return false;
    if (strcmp(miss->what, "expect.rejected") == 0) return begins(finding->rule, "error.");
    if (strcmp(miss->what, "expect.chunks") == 0 && begins(finding->rule, "http.response.content_type.")) return true;
    if (!*finding->pointer && finding->severity != CC_ERROR) return false;
    return leads_into(finding->pointer, miss->pointer);
}

static size_t line_end(const char *text, size_t length, size_t from)
{
    while (from < length && text[from] != '\n') from++;
    return from;
}

static size_t value_end(const char *text, size_t length, size_t from)
{
    size_t depth = 0;
    bool quoted = false;
    for (size_t at = from; at < length; at++) {
        char c = text[at];
        bool plain = !quoted && c != '"';
        if (quoted && c == '\\') at++;
        else if (c == '"') quoted = !quoted;
        if (plain && depth == 0 && c && strchr(",]} \t\r\n", c)) return at;
        if (plain && (c == '{' || c == '[')) depth++;
        if (plain && (c == '}' || c == ']')) depth--;
        if (!quoted && depth == 0 && c && strchr("\"}]", c)) return at + 1;
    }
    return length;
}

size_t excerpt_end(const char *text, size_t length, size_t from, bool line)
{
    return line ? line_end(text, length, from) : value_end(text, length, from);
}
