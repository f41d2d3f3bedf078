/* raw.c: payloads that are broken below the level of JSON values: the text itself, and the HTTP request around it. */
#include "fuzzer/shot.h"

#include <stdlib.h>
#include <string.h>

/* --- text */

enum text_way {
    WAY_APPEND,    /* `bytes` behind the text */
    WAY_PREPEND,
    WAY_WHOLE,     /* instead of the text */
    WAY_TRUNCATE,  /* somewhere in its midst */
    WAY_MEMBER,    /* as a further member, right after the opening brace */
    WAY_NEST,      /* a further member with `bytes` over and over, and nothing that closes them again; see `depth` */
};

struct way {
    const char *rule;  /* the constraint that does not hold */
    enum text_way way;
    const char *bytes;
    size_t length;     /* 0: that of the string */
    const char *how;
    enum expectation expect;
    const char *method, *header; /* of HTTP */
};

#define SYNTAX "json.syntax"
#define REFUSED EXPECT_REFUSE, NULL, NULL

static const struct way texts[] = {
    {SYNTAX, WAY_APPEND, "x", 0, "trailing garbage", REFUSED},
    {SYNTAX, WAY_APPEND, "{}", 0, "a second value behind the first", REFUSED},
    {SYNTAX, WAY_APPEND, "}", 0, "a brace too many", REFUSED},
    {SYNTAX, WAY_APPEND, "\0", 1, "a NUL behind the text", REFUSED},
    {SYNTAX, WAY_APPEND, "// end", 0, "a comment behind the text", REFUSED},
    {SYNTAX, WAY_TRUNCATE, "", 0, "cut off", REFUSED},
    {SYNTAX, WAY_WHOLE, "{", 0, "a lone brace", REFUSED},
    {SYNTAX, WAY_WHOLE, " ", 0, "only white space", REFUSED},
    {SYNTAX, WAY_WHOLE, "model=m&messages=Hello", 0, "a form instead of JSON", REFUSED},
    {SYNTAX, WAY_WHOLE, "<request/>", 0, "XML instead of JSON", REFUSED},
    {SYNTAX, WAY_WHOLE, "\x1F\x8B\x08\0\0\0\0\0\0\x03", 10, "compressed bytes", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":NaN,", 0, "NaN", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":-Infinity,", 0, "Infinity", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":01,", 0, "a leading zero", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":1.,", 0, "a number that ends in a point", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":+1,", 0, "a plus sign", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":0x10,", 0, "a hexadecimal number", REFUSED},
    {SYNTAX, WAY_MEMBER, "'a':1,", 0, "single quotes", REFUSED},
    {SYNTAX, WAY_MEMBER, "a:1,", 0, "a key without quotes", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":\"\t\",", 0, "a raw tab in a string", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":\"\n\",", 0, "a raw line end in a string", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":\"\0\",", 9, "a raw NUL in a string", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":\"\\x41\",", 0, "an escape that JSON lacks", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":\"\\u12\",", 0, "half of an escape", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":[1,],", 0, "a trailing comma in an array", REFUSED},
    {SYNTAX, WAY_MEMBER, ",", 0, "a comma without a member", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\" 1,", 0, "a missing colon", REFUSED},
    {SYNTAX, WAY_MEMBER, "/* */", 0, "a comment", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":tru,", 0, "a misspelt literal", REFUSED},
    {SYNTAX, WAY_MEMBER, "\"a\":True,", 0, "a literal of another language", REFUSED},
    {"json.utf8", WAY_MEMBER, "\"a\":\"\xFF\",", 0, "a byte that is no UTF-8", REFUSED},
    {"json.utf8", WAY_MEMBER, "\"a\":\"\xC0\xAF\",", 0, "an overlong form", REFUSED},
    {"json.utf8", WAY_MEMBER, "\"a\":\"\xED\xA0\x80\",", 0, "a surrogate as UTF-8", REFUSED},
    {"json.utf8", WAY_MEMBER, "\"a\":\"\xF4\x90\x80\x80\",", 0, "a character beyond the last", REFUSED},
    {"json.utf8", WAY_MEMBER, "\"a\":\"\xE2\x82\",", 0, "half of a character", REFUSED},
    {"json.utf8", WAY_MEMBER, "\"\xE9\":1,", 0, "a key in Latin-1", REFUSED},
    {"json.unpaired_surrogate", WAY_MEMBER, "\"a\":\"\\ud800\",", 0, "a high surrogate alone", REFUSED},
    {"json.unpaired_surrogate", WAY_MEMBER, "\"a\":\"\\udc00\\ud800\",", 0, "surrogates the wrong way round", REFUSED},
    {"json.number_overflow", WAY_MEMBER, "\"temperature\":1e999,", 0, "a number beyond all doubles", REFUSED},
    {"json.duplicate_key", WAY_MEMBER, "\"model\":\"other\",", 0, "a member twice", EXPECT_ANY, NULL, NULL},
    {"json.duplicate_key", WAY_MEMBER, "\"messages\":[],", 0, "messages twice, first empty", EXPECT_ANY, NULL, NULL},
    {"json.bom", WAY_PREPEND, "\xEF\xBB\xBF", 0, "a byte order mark", EXPECT_ANY, NULL, NULL},
    {"json.nul_in_string", WAY_MEMBER, "\"user\":\"\\u0000\",", 0, "an escaped NUL", EXPECT_ANY, NULL, NULL},
    {"json.nul_in_key", WAY_MEMBER, "\"a\\u0000b\":1,", 0, "an escaped NUL in a key", EXPECT_ANY, NULL, NULL},
    {"json.int_precision", WAY_MEMBER, "\"a\":123456789012345678901234567890,", 0, "an integer of thirty digits", EXPECT_ANY, NULL, NULL},
    {"json.limit.depth", WAY_NEST, "[", 1, "arrays nested 10,000 deep", EXPECT_ANY, NULL, NULL},
    {"json.limit.depth", WAY_NEST, "{\"a\":", 5, "objects nested 10,000 deep", EXPECT_ANY, NULL, NULL},
};

/* --- HTTP: each is refused with any status of 4xx; which of them fits which fault is told by the rules http.status.* */

static const struct way https[] = {
    {"http.request.content_type.json", WAY_APPEND, "", 0, "as text/plain", EXPECT_REFUSE, NULL, "Content-Type: text/plain"},
    {"http.request.content_type.json", WAY_APPEND, "", 0, "as a form", EXPECT_REFUSE, NULL,
     "Content-Type: application/x-www-form-urlencoded"},
    {"http.request.content_type.json", WAY_APPEND, "", 0, "as application/jsonp", EXPECT_REFUSE, NULL, "Content-Type: application/jsonp"},
    {"http.request.content_type.charset", WAY_APPEND, "", 0, "as UTF-16", EXPECT_ANY, NULL,
     "Content-Type: application/json; charset=utf-16"},
    {"http.request.method.post", WAY_APPEND, "", 0, "by PUT", EXPECT_REFUSE, "PUT", NULL},
    {"http.request.method.post", WAY_APPEND, "", 0, "by DELETE", EXPECT_REFUSE, "DELETE", NULL},
    {"http.request.method.post", WAY_APPEND, "", 0, "by PATCH", EXPECT_REFUSE, "PATCH", NULL},
    {"http.request.authorization.required", WAY_APPEND, "", 0, "without a key", EXPECT_REFUSE, NULL, "Authorization:"},
    {"http.request.authorization.scheme", WAY_APPEND, "", 0, "with another scheme", EXPECT_REFUSE, NULL,
     "Authorization: Basic Zm9vOmJhcg=="},
    {"http.request.authorization.scheme", WAY_APPEND, "", 0, "with an empty token", EXPECT_REFUSE, NULL, "Authorization: Bearer "},
    {"http.request.body.required", WAY_WHOLE, "", 0, "without a body", EXPECT_REFUSE, NULL, NULL},
    {"http.request.content_type.charset", WAY_APPEND, "", 0, "in pieces (chunked)", EXPECT_ACCEPT, NULL, "Transfer-Encoding: chunked"},
    {"http.request.accept.stream", WAY_APPEND, "", 0, "accepting HTML only", EXPECT_ANY, NULL, "Accept: text/html"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct way *ways_of(enum shot_kind kind, size_t *count)
{
    *count = kind == SHOT_TEXT ? COUNT(texts) : COUNT(https);
    return kind == SHOT_TEXT ? texts : https;
}

static const struct way *way_at(enum shot_kind kind, size_t which, unsigned profile, shot_wanted *wanted, void *context, size_t *total)
{
    size_t count, seen = 0;
    const struct way *ways = ways_of(kind, &count), *found = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct cc_rule *rule = cc_rule_find(ways[i].rule);
        if (!rule || !(rule->profiles & profile) || (wanted && !wanted(context, rule->id))) continue;
        if (seen++ == which) found = &ways[i];
    }
    if (total) *total = seen;
    return found;
}

size_t raw_count(enum shot_kind kind, unsigned profile, shot_wanted *wanted, void *context)
{
    size_t total;
    way_at(kind, SIZE_MAX, profile, wanted, context, &total);
    return total;
}

bool shots_break(const struct shots *p, const struct cc_rule *rule)
{
    if (p->chosen && !p->wanted(p->context, rule->id)) return false;
    for (size_t i = 0; p->texts && i < COUNT(texts); i++)
        if (texts[i].expect == EXPECT_REFUSE && strcmp(texts[i].rule, rule->id) == 0) return true;
    for (size_t i = 0; p->https && i < COUNT(https); i++)
        if (https[i].expect == EXPECT_REFUSE && strcmp(https[i].rule, rule->id) == 0) return true;
    return false;
}

/* --- making */

enum { NESTING = 10000 };

static size_t put(char *to, size_t used, const char *bytes, size_t length)
{
    memcpy(to + used, bytes, length);
    return used + length;
}

static size_t nest(char *to, size_t used, const struct way *way)
{
    used = put(to, used, "\"a\":", 4);
    for (int i = 0; i < NESTING; i++) used = put(to, used, way->bytes, way->length);
    if (way->length > 1) used = put(to, used, "1", 1);
    for (int i = 0; i < NESTING; i++) used = put(to, used, way->length > 1 ? "}" : "]", 1);
    return put(to, used, ",", 1);
}

/* Breaks `text` (the text of an object) in that way; a new text. */
static char *break_text(const struct way *way, struct rng *rng, const char *text, size_t length, size_t *made_length)
{
    size_t extra = way->length ? way->length : strlen(way->bytes), used = 0;
    char *made = malloc(length + extra + 1 + (way->way == WAY_NEST ? NESTING * (way->length + 1) + 16 : 0));
    if (!made) return NULL;
    if (way->way == WAY_PREPEND || way->way == WAY_WHOLE) used = put(made, used, way->bytes, extra);
    if (way->way == WAY_MEMBER || way->way == WAY_NEST) {
        used = put(made, used, "{", 1);
        used = way->way == WAY_NEST ? nest(made, used, way) : put(made, used, way->bytes, extra);
        used = put(made, used, text + 1, length - 1);
    } else if (way->way != WAY_WHOLE) {
        used = put(made, used, text, way->way == WAY_TRUNCATE ? rng_between(rng, 1, length - 1) : length);
    }
    if (way->way == WAY_APPEND) used = put(made, used, way->bytes, extra);
    made[used] = '\0';
    *made_length = used;
    return made;
}

bool raw_make(struct shots *p, enum shot_kind kind, size_t which, uint64_t index, struct shot *payload)
{
    struct rng rng = rng_new(p->generator->seed + 3, index);
    const struct way *way = way_at(kind, which, p->generator->profile, p->chosen ? p->wanted : NULL, p->context, NULL);
    payload->control = generator_positive(p->generator, index);
    size_t length;
    const char *text = jo_write(payload->control, &length);
    payload->kind = kind;
    payload->expect = way->expect;
    payload->breaks = cc_rule_find(way->rule);
    payload->how = way->how;
    payload->method = way->method;
    payload->header = way->header;
    if (kind == SHOT_TEXT || way->way == WAY_WHOLE) payload->text = length ? break_text(way, &rng, text, length, &payload->length) : NULL;
    else payload->object = jo_copy(payload->control);
    return payload->text || payload->object;
}

bool raw_again(struct shots *p, const struct shot *from, struct json_object *base, struct shot *to)
{
    struct rng rng = rng_new(p->generator->seed + 3, from->index);
    size_t count, length;
    const struct way *ways = ways_of(from->kind, &count);
    const char *text = jo_write(base, &length);
    for (size_t i = 0; length && i < count; i++) {
        if (!from->how || strcmp(ways[i].how, from->how) != 0) continue;
        *to = *from;
        to->pointer = NULL;
        to->control = NULL;
        to->body = (struct json_text){0};
        to->object = from->text ? NULL : jo_copy(base);
        to->text = from->text ? break_text(&ways[i], &rng, text, length, &to->length) : NULL;
        return to->text || to->object;
    }
    return false;
}
