/* uri.c: see uri.h. Nothing is ever fetched: an address is only a name here, so it is put into one form and compared as text. */
#include "validator/lib/uri.h"

static struct text part(const char *from, const char *to) { return (struct text){from, (size_t)(to - from)}; }

static bool scheme_byte(char c, bool first)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (!first && ((c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'));
}

/* The end of the scheme at the beginning of a text, or NULL. */
static const char *scheme_end(const char *at, const char *end)
{
    const char *start = at;
    while (at < end && scheme_byte(*at, at == start)) at++;
    return at < end && at > start && *at == ':' ? at : NULL;
}

static const char *until(const char *at, const char *end, const char *any)
{
    while (at < end && !(*at && strchr(any, *at))) at++;
    return at;
}

struct uri uri_split(struct text reference)
{
    struct uri uri = {0};
    const char *at = reference.bytes ? reference.bytes : "", *end = at + reference.length;
    const char *colon = scheme_end(at, end), *stop;
    if (colon) {
        uri.scheme = part(at, colon);
        at = colon + 1;
    }
    if (end - at >= 2 && at[0] == '/' && at[1] == '/') {
        stop = until(at + 2, end, "/?#");
        uri.authority = part(at + 2, stop);
        at = stop;
    }
    stop = until(at, end, "?#");
    uri.path = part(at, stop);
    at = stop;
    if (at < end && *at == '?') {
        stop = until(at, end, "#");
        uri.query = part(at + 1, stop);
        at = stop;
    }
    if (at < end) uri.fragment = part(at + 1, end);
    return uri;
}

/* --- putting together */

struct joint {
    char *bytes;
    size_t used;
};

static void join(struct joint *joint, const char *before, struct text text)
{
    if (!text.bytes) return;
    size_t length = strlen(before);
    memcpy(joint->bytes + joint->used, before, length);
    memcpy(joint->bytes + joint->used + length, text.bytes, text.length);
    joint->used += length + text.length;
}

/* Removes the segments . and .. from the path that was written from `start` on (RFC 3986 section 5.2.4). */
static void remove_dots(struct joint *joint, size_t start)
{
    char *bytes = joint->bytes + start, *out = bytes;
    const char *at = bytes, *end = joint->bytes + joint->used;
    while (at < end) {
        const char *stop = at + (*at == '/');
        while (stop < end && *stop != '/') stop++;
        const char *name = at + (*at == '/');
        size_t length = (size_t)(stop - name);
        bool one = length == 1 && name[0] == '.', two = length == 2 && name[0] == '.' && name[1] == '.';
        if (two)
            while (out > bytes && *--out != '/') continue;
        if (!one && !two) {
            memmove(out, at, (size_t)(stop - at));
            out += stop - at;
        } else if (stop == end && *at == '/') {
            *out++ = '/';
        }
        at = stop;
    }
    joint->used = (size_t)(out - joint->bytes);
}

/* The path of a relative reference takes the place of what follows the last slash of the base's. */
static void join_path(struct joint *joint, const struct uri *base, const struct uri *reference)
{
    struct text path = reference->path;
    bool absolute = path.length && path.bytes[0] == '/';
    if (!absolute && path.length) {
        size_t keep = base->path.length;
        while (keep && base->path.bytes[keep - 1] != '/') keep--;
        if (!base->path.length && base->authority.bytes) join(joint, "/", (struct text){"", 0});
        else join(joint, "", (struct text){base->path.bytes, keep});
    }
    join(joint, "", path.length ? path : base->path);
}

struct text uri_resolve(struct pile *pile, struct text base_text, const struct uri *reference)
{
    struct uri base = uri_split(base_text);
    const struct uri *from = reference->scheme.bytes ? reference : &base;
    size_t room = base_text.length + reference->scheme.length + reference->authority.length + reference->path.length + reference->query.length;
    struct joint joint = {pile_take(pile, room + 8), 0};
    if (!joint.bytes) return (struct text){0};
    join(&joint, "", from->scheme);
    for (size_t i = 0; i < joint.used; i++)
        if (joint.bytes[i] >= 'A' && joint.bytes[i] <= 'Z') joint.bytes[i] = (char)(joint.bytes[i] | 32);
    if (from->scheme.bytes) joint.bytes[joint.used++] = ':';
    bool own = reference->scheme.bytes || reference->authority.bytes; /* it needs nothing of the base's path */
    join(&joint, "//", reference->authority.bytes || own ? reference->authority : base.authority);
    size_t start = joint.used;
    if (own) join(&joint, "", reference->path);
    else join_path(&joint, &base, reference);
    if (reference->path.length && start < joint.used && (joint.bytes[start] == '/' || !from->scheme.bytes)) remove_dots(&joint, start);
    bool same_query = !own && !reference->path.length && !reference->query.bytes;
    join(&joint, "?", same_query ? base.query : reference->query);
    joint.bytes[joint.used] = '\0';
    return (struct text){joint.bytes, joint.used};
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

struct text uri_decode(struct pile *pile, struct text text)
{
    char *out = pile_take(pile, text.length + 1);
    size_t used = 0;
    if (!out) return (struct text){0};
    for (size_t i = 0; i < text.length; i++) {
        bool escape = text.bytes[i] == '%' && i + 2 < text.length && hex_of(text.bytes[i + 1]) >= 0 && hex_of(text.bytes[i + 2]) >= 0;
        out[used++] = (char)(escape ? hex_of(text.bytes[i + 1]) << 4 | hex_of(text.bytes[i + 2]) : text.bytes[i]);
        if (escape) i += 2;
    }
    out[used] = '\0';
    return (struct text){out, used};
}
