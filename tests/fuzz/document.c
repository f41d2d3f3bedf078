/* document.c: the reader and the judge of single documents: what is read is JSON and reads the same when it is written again; what is found
 * has a place, is found again, and does not depend on how the document was spelt. */
#include "tests/fuzz/fuzz.h"

#include "harness/base/jo.h"
#include "harness/base/pointer.h"

#include <string.h>

enum { DEPTHS = 12, DIGITS = 15 };

/* --- the reader */

static bool has_stopped(const struct cc_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        const char *id = report->findings[i].rule->id;
        if (strcmp(id, "json.syntax") == 0 || strcmp(id, "json.utf8") == 0 || strncmp(id, "json.limit.", 11) == 0) return true;
    }
    return false;
}

/* As deep as brackets outside strings go, and the longest run of digits: what json-c cannot hold it changes. */
static size_t depth_of(const char *text, size_t size, size_t *digits)
{
    size_t depth = 0, deepest = 0, run = 0;
    bool quoted = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (quoted && c == '\\') i++;
        else if (c == '"') quoted = !quoted;
        else if (!quoted && (c == '[' || c == '{')) depth++;
        else if (!quoted && (c == ']' || c == '}')) depth--;
        deepest = depth > deepest ? depth : deepest;
        run = c >= '0' && c <= '9' ? run + 1 : 0;
        *digits = run > *digits ? run : *digits;
    }
    return deepest;
}

/* Whatever the strict reader takes, json-c's takes too, and makes the same of it unless it is known to change it. */
static void compare_with_json_c(const char *text, size_t size, struct json_object *read, size_t digits)
{
    struct json_tokener *tokener = json_tokener_new_ex(100);
    size_t mark = size > 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0; /* a byte order mark is a finding, but no end */
    MUST(tokener);
    json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
    char *copy = fuzz_copy(text + mark, size - mark);
    struct json_object *other = json_tokener_parse_ex(tokener, copy, (int)(size - mark) + 1);
    MUST(json_tokener_get_error(tokener) == json_tokener_success);
    bool changed = digits > DIGITS || (size && (memchr(text, '\\', size) || memchr(text, '-', size)));
    MUST(changed || json_object_equal(read, other));
    json_object_put(other);
    json_tokener_free(tokener);
    free(copy);
}

static void check_read(const char *text, size_t size, struct json_object *once)
{
    struct cc_limits limits = {.depth = 1 + size % DEPTHS};
    struct json_object *twice = NULL, *shallow = NULL;
    size_t length, digits = 0, depth = depth_of(text, size, &digits);
    const char *written = jo_write(once, &length);
    MUST(cc_read_object(written, length, NULL, &twice, NULL, 0));
    MUST(json_object_equal(once, twice));
    MUST(cc_read_object(text, size, &limits, &shallow, NULL, 0) == (depth <= limits.depth));
    compare_with_json_c(text, size, once, digits);
    json_object_put(twice);
    json_object_put(shallow);
}

void fuzz_reader(const char *bytes, size_t size)
{
    struct json_object *once = NULL;
    char why[256] = "";
    bool read = cc_read_object(bytes, size, NULL, &once, why, sizeof why);
    const struct cc_report *report = cc_check(fuzz_checker(CC_OPENAI, 0), CC_AUTO, bytes, size);
    MUST(report && (read || *why));
    MUST(read || report->count); /* keys with NULs are read, but json-c cannot hold them */
    MUST(!read || !has_stopped(report));
    if (read) check_read(bytes, size, once);
    json_object_put(once);
}

/* --- what is found */

/* A finding, to be compared with those of another judgement. */
struct trace {
    const struct cc_rule *rule;
    char *pointer;
    size_t offset;
};

struct traces {
    struct trace *list;
    size_t count;
    bool whole; /* none was dropped, and none is about the text itself */
};

static struct traces traces_of(const struct cc_report *report)
{
    struct traces made = {malloc((report->count + 1) * sizeof *made.list), report->count, report->dropped == 0};
    MUST(made.list);
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        made.list[i] = (struct trace){f->rule, strdup(f->pointer), f->offset};
        MUST(made.list[i].pointer);
        made.whole = made.whole && strncmp(f->rule->id, "json.", 5) != 0 && strcmp(f->rule->kind, "json") != 0;
    }
    return made;
}

static void traces_clear(struct traces *traces)
{
    for (size_t i = 0; i < traces->count; i++) free(traces->list[i].pointer);
    free(traces->list);
}

static bool is_like(const struct trace *a, const struct trace *b) { return a->rule == b->rule && strcmp(a->pointer, b->pointer) == 0; }

static bool is_among(const struct trace *one, const struct traces *traces)
{
    for (size_t i = 0; i < traces->count; i++)
        if (is_like(one, &traces->list[i])) return true;
    return false;
}

static void expect_same(const struct traces *a, const struct cc_report *report, bool places)
{
    struct traces b = traces_of(report);
    MUST(a->count == b.count);
    for (size_t i = 0; i < b.count; i++) {
        MUST(is_like(&a->list[i], &b.list[i]));
        MUST(!places || a->list[i].offset == b.list[i].offset);
    }
    traces_clear(&b);
}

/* A finding is about a value that is there, or about one that lacks in an object or array that is. */
static void check_pointers(const struct traces *traces, struct json_object *root)
{
    for (size_t i = 0; i < traces->count; i++) {
        struct json_object *value;
        char *pointer = traces->list[i].pointer, *last = strrchr(pointer, '/');
        if (strstr(pointer, "...") || pointer_get(root, pointer, &value)) continue; /* long keys are cut */
        MUST(last);
        *last = '\0';
        MUST(pointer_get(root, pointer, &value));
        MUST(json_object_is_type(value, json_type_object) || json_object_is_type(value, json_type_array));
        *last = '/';
    }
}

/* Without a member that nobody knows nothing new is found. */
static void check_without_unknown(const struct traces *traces, struct json_object *root, enum cc_kind kind, unsigned profile)
{
    for (size_t i = 0; i < traces->count; i++) {
        struct json_object *less = NULL;
        const char *why, *id = traces->list[i].rule->id;
        size_t length = strlen(id), size;
        if (length < 14 || strcmp(id + length - 14, "unknown_member") != 0) continue;
        MUST(pointer_remove(root, traces->list[i].pointer, &less, &why));
        const char *text = jo_write(less, &size);
        const struct cc_report *report = cc_check(fuzz_checker(profile, 1), kind, text, size);
        struct traces left = traces_of(report);
        for (size_t k = 0; k < left.count; k++) MUST(is_among(&left.list[k], traces));
        traces_clear(&left);
        json_object_put(less);
        return;
    }
}

static void check_document(enum cc_kind kind, unsigned profile, const char *bytes, size_t size)
{
    struct cc_checker *warm = fuzz_checker(profile, 0), *other = fuzz_checker(profile, 1);
    const struct cc_report *report = cc_check(warm, kind, bytes, size);
    fuzz_check_report(report, size);
    struct traces first = traces_of(report);
    cc_check(warm, kind, "{\"model\": 7, \"choices\": {}}", 27);
    expect_same(&first, cc_check(warm, kind, bytes, size), true);
    struct json_object *root = NULL;
    if (first.whole && (kind == CC_REQUEST || kind == CC_RESPONSE) && cc_read_object(bytes, size, NULL, &root, NULL, 0)) {
        size_t length;
        const char *text = jo_write(root, &length);
        expect_same(&first, cc_check(other, kind, text, length), false);
        check_pointers(&first, root);
        check_without_unknown(&first, root, kind, profile);
    }
    json_object_put(root);
    traces_clear(&first);
}

static void check_in_both(enum cc_kind kind, const char *bytes, size_t size)
{
    check_document(kind, CC_NEWAPI, bytes, size);
    check_document(kind, CC_OPENAI, bytes, size);
}

void fuzz_request(const char *bytes, size_t size) { check_in_both(CC_REQUEST, bytes, size); }
void fuzz_response(const char *bytes, size_t size) { check_in_both(CC_RESPONSE, bytes, size); }
void fuzz_exchange(const char *bytes, size_t size) { check_in_both(CC_EXCHANGE, bytes, size); }
