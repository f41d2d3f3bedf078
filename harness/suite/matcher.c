/* matcher.c: judge one value by a matcher. */
#include "harness/suite/matcher.h"

#include "chatconform.h"
#include "harness/base/pointer.h"
#include "harness/base/words.h"
#include "harness/suite/matcher_words.h"

#include <stdio.h>
#include <string.h>

/* --- values */

static bool is_number(struct json_object *value)
{
    return json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double);
}

/* Integers beyond 2^53 differ as integers though their doubles are the same. */
static int compare_numbers(struct json_object *a, struct json_object *b)
{
    if (json_object_is_type(a, json_type_int) && json_object_is_type(b, json_type_int)) {
        bool a_less_zero = json_object_get_int64(a) < 0, b_less_zero = json_object_get_int64(b) < 0;
        if (a_less_zero != b_less_zero)
            return a_less_zero ? -1 : 1;
        if (a_less_zero)
            return json_object_get_int64(a) < json_object_get_int64(b) ? -1 : json_object_get_int64(a) > json_object_get_int64(b);
        return json_object_get_uint64(a) < json_object_get_uint64(b) ? -1 : json_object_get_uint64(a) > json_object_get_uint64(b);
    }
    double x = json_object_get_double(a), y = json_object_get_double(b);
    return x < y ? -1 : x > y;
}

static bool strings_equal(struct json_object *a, struct json_object *b)
{
    size_t length = (size_t)json_object_get_string_len(a);
    return length == (size_t)json_object_get_string_len(b) && memcmp(json_object_get_string(a), json_object_get_string(b), length) == 0;
}

static bool arrays_equal(struct json_object *a, struct json_object *b)
{
    size_t length = json_object_array_length(a);
    if (length != json_object_array_length(b))
        return false;
    for (size_t i = 0; i < length; i++)
        if (!values_equal(json_object_array_get_idx(a, i), json_object_array_get_idx(b, i)))
            return false;
    return true;
}

static bool objects_equal(struct json_object *a, struct json_object *b)
{
    bool equal = json_object_object_length(a) == json_object_object_length(b);
    json_object_object_foreach(a, key, value) {
        struct json_object *other;
        equal = equal && json_object_object_get_ex(b, key, &other) && values_equal(value, other);
    }
    return equal;
}

/* The depth of suites and of answers is bounded, so this may recurse. */
bool values_equal(struct json_object *a, struct json_object *b)
{
    if (is_number(a) && is_number(b))
        return compare_numbers(a, b) == 0;
    if (json_object_get_type(a) != json_object_get_type(b))
        return false;
    switch (json_object_get_type(a)) {
    case json_type_null: return true;
    case json_type_boolean: return json_object_get_boolean(a) == json_object_get_boolean(b);
    case json_type_string: return strings_equal(a, b);
    case json_type_array: return arrays_equal(a, b);
    default: return objects_equal(a, b);
    }
}

void value_show(struct json_object *value, char *out, size_t size)
{
    const char *text = json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
    int used = snprintf(out, size, "%s", text ? text : "?");
    if (used < 0 || (size_t)used < size || size < 8)
        return;
    size_t end = text_cut(out, size - 4);
    snprintf(out + end, size - end, "...");
}

size_t text_chars(const char *text, size_t length)
{
    size_t chars = 0;
    for (size_t i = 0; i < length; i++)
        chars += (text[i] & 0xC0) != 0x80;
    return chars;
}

static enum verdict verdict_of(bool holds)
{
    return holds ? HOLDS : FAILS;
}

static enum verdict cannot(struct match_note *note, const char *why)
{
    snprintf(note->why, sizeof note->why, "%s", why);
    return UNDECIDED;
}

/* --- the words */

static enum verdict judge_equals(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    (void)note;
    return verdict_of(values_equal(operand, value));
}

static enum verdict judge_in(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    if (!json_object_is_type(operand, json_type_array))
        return cannot(note, "in needs a list");
    for (size_t i = 0; i < json_object_array_length(operand); i++)
        if (values_equal(json_object_array_get_idx(operand, i), value))
            return HOLDS;
    return FAILS;
}

static enum verdict judge_not(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    struct match_note inner;
    enum verdict verdict = matcher_judge(operand, true, value, &inner);
    if (verdict == UNDECIDED)
        return cannot(note, inner.why);
    return verdict_of(verdict == FAILS);
}

struct cc_pattern *pattern_operand(struct json_object *operand, char *why, size_t why_size)
{
    size_t length = (size_t)json_object_get_string_len(operand);
    return cc_pattern_new(CC_PATTERN_PCRE, json_object_get_string(operand), length, why, why_size);
}

static enum verdict judge_matches(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    if (!json_object_is_type(operand, json_type_string))
        return cannot(note, "matches needs a pattern");
    if (!json_object_is_type(value, json_type_string))
        return FAILS;
    struct cc_pattern *pattern = pattern_operand(operand, note->why, sizeof note->why);
    if (!pattern)
        return UNDECIDED;
    enum cc_pattern_verdict verdict = cc_pattern_find(pattern, json_object_get_string(value), (size_t)json_object_get_string_len(value),
                                                      note->why, sizeof note->why);
    cc_pattern_free(pattern);
    return verdict == CC_PATTERN_UNDECIDED ? UNDECIDED : verdict_of(verdict == CC_PATTERN_FOUND);
}

/* The text that a string must hold, when the matcher is a plain one. */
static bool holds_text(struct json_object *operand, struct json_object *value)
{
    struct json_object *part;
    if (!json_object_object_get_ex(operand, "equals", &part) || !json_object_is_type(part, json_type_string))
        return false;
    size_t length = (size_t)json_object_get_string_len(part), all = (size_t)json_object_get_string_len(value);
    for (size_t at = 0; at + length <= all; at++)
        if (memcmp(json_object_get_string(value) + at, json_object_get_string(part), length) == 0)
            return true;
    return false;
}

/* A string contains text; an array contains an item that keeps the matcher. */
static enum verdict judge_contains(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    if (json_object_is_type(value, json_type_string))
        return verdict_of(holds_text(operand, value));
    if (!json_object_is_type(value, json_type_array))
        return FAILS;
    for (size_t i = 0; i < json_object_array_length(value); i++) {
        struct match_note inner;
        enum verdict verdict = matcher_judge(operand, true, json_object_array_get_idx(value, i), &inner);
        if (verdict == UNDECIDED)
            return cannot(note, inner.why);
        if (verdict == HOLDS)
            return HOLDS;
    }
    return FAILS;
}

static bool type_is(struct json_object *word, struct json_object *value)
{
    const char *name = json_object_get_string(word);
    enum json_type type = json_object_get_type(value);
    if (strcmp(name, "number") == 0)
        return is_number(value);
    for (size_t i = 0; type_words[i]; i++)
        if (strcmp(type_words[i], name) == 0)
            return (enum json_type)i == type;
    return false;
}

static enum verdict judge_type(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    bool is_list = json_object_is_type(operand, json_type_array);
    for (size_t i = 0; i < (is_list ? json_object_array_length(operand) : 1); i++) {
        struct json_object *word = is_list ? json_object_array_get_idx(operand, i) : operand;
        if (!json_object_is_type(word, json_type_string))
            return cannot(note, "type needs a word");
        if (type_is(word, value))
            return HOLDS;
    }
    return FAILS;
}

static enum verdict judge_at_least(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    if (!is_number(operand))
        return cannot(note, "at_least needs a number");
    return verdict_of(is_number(value) && compare_numbers(value, operand) >= 0);
}

static enum verdict judge_at_most(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    if (!is_number(operand))
        return cannot(note, "at_most needs a number");
    return verdict_of(is_number(value) && compare_numbers(value, operand) <= 0);
}

/* A matcher for how many there are. */
static enum verdict judge_size(struct json_object *operand, size_t size, struct match_note *note)
{
    struct match_note inner;
    struct json_object *number = json_object_new_int64((int64_t)size);
    enum verdict verdict = number ? matcher_judge(operand, true, number, &inner) : cannot(&inner, "memory ran out");
    json_object_put(number);
    return verdict == UNDECIDED ? cannot(note, inner.why) : verdict;
}

static enum verdict judge_count(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    if (json_object_is_type(value, json_type_array))
        return judge_size(operand, json_object_array_length(value), note);
    return json_object_is_type(value, json_type_object) ? judge_size(operand, (size_t)json_object_object_length(value), note) : FAILS;
}

static enum verdict judge_length(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    if (!json_object_is_type(value, json_type_string))
        return FAILS;
    return judge_size(operand, text_chars(json_object_get_string(value), (size_t)json_object_get_string_len(value)), note);
}

/* Text that is JSON, and of which further things may be said. */
static enum verdict judge_json(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    struct json_object *inside = NULL;
    enum verdict verdict = HOLDS;
    if (!json_object_is_type(value, json_type_string) ||
        !cc_read_object(json_object_get_string(value), (size_t)json_object_get_string_len(value), NULL, &inside, NULL, 0))
        return FAILS;
    if (json_object_is_type(operand, json_type_object)) {
        json_object_object_foreach(operand, pointer, matcher) {
            struct match_note inner;
            struct json_object *part = NULL;
            if (verdict != HOLDS)
                continue;
            bool present = pointer_get(inside, pointer, &part);
            verdict = matcher_judge(matcher, present, part, &inner);
            snprintf(note->inside, sizeof note->inside, "%s", inner.inside);
            if (verdict == UNDECIDED)
                cannot(note, inner.why);
        }
    }
    json_object_put(inside);
    return verdict;
}

/* {exists: ...} is judged before the others; a value that is there keeps {exists: true}. */
static enum verdict judge_exists(struct json_object *operand, struct json_object *value, struct match_note *note)
{
    (void)value, (void)note;
    return verdict_of(json_object_get_boolean(operand));
}

const struct matcher_word matcher_words[] = {
    {"equals", TAKES_ANYTHING, "", judge_equals},
    {"in", TAKES_LIST, "one of ", judge_in},
    {"not", TAKES_MATCHER, "not ", judge_not},
    {"matches", TAKES_PATTERN, "a text that matches ", judge_matches},
    {"contains", TAKES_MATCHER, "something that contains ", judge_contains},
    {"type", TAKES_TYPES, "a value of type ", judge_type},
    {"exists", TAKES_BOOLEAN, "", judge_exists},
    {"at_least", TAKES_NUMBER, "at least ", judge_at_least},
    {"at_most", TAKES_NUMBER, "at most ", judge_at_most},
    {"count", TAKES_SIZE, "a count of ", judge_count},
    {"length", TAKES_SIZE, "a length of ", judge_length},
    {"json", TAKES_DOCUMENT, "text that is JSON", judge_json},
    {"schema", TAKES_SCHEMA, "a value that the schema allows", schema_operand_judge},
    {0},
};

/* In the order of json-c's types; "number" stands for two of them. */
const char *const type_words[] = {"null", "boolean", "number", "integer", "object", "array", "string", NULL};

/* --- matchers */

static void describe(struct json_object *matcher, char *out, size_t size);

static void describe_word(const struct matcher_word *word, struct json_object *operand, char *out, size_t size)
{
    int used = snprintf(out, size, "%s", word->before);
    if (used < 0 || (size_t)used >= size)
        return;
    out += used;
    size -= (size_t)used;
    bool inner = json_object_is_type(operand, json_type_object);
    if (word->takes == TAKES_SCHEMA)
        return;
    if ((word->takes == TAKES_MATCHER || word->takes == TAKES_SIZE) && inner)
        describe(operand, out, size);
    else if (word->takes == TAKES_BOOLEAN)
        snprintf(out, size, "%s", json_object_get_boolean(operand) ? "any value" : "no value");
    else if (word->takes == TAKES_DOCUMENT && !inner)
        *out = '\0';
    else if (word->takes == TAKES_DOCUMENT)
        snprintf(out, size, " with %s", json_object_to_json_string_ext(operand, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
    else if (word->takes == TAKES_TYPES && json_object_is_type(operand, json_type_string))
        snprintf(out, size, "%s", json_object_get_string(operand));
    else
        value_show(operand, out, size);
}

/* In words: all that the matcher asks for. */
static void describe(struct json_object *matcher, char *out, size_t size)
{
    size_t used = 0;
    *out = '\0';
    json_object_object_foreach(matcher, name, operand) {
        const struct matcher_word *word = matcher_word_find(name);
        if (!word || used + 8 >= size)
            continue;
        if (used > 0)
            used += (size_t)snprintf(out + used, size - used, " and ");
        describe_word(word, operand, out + used, size - used);
        used += strlen(out + used);
    }
}

/* Whether the matcher asks for the value's absence: {exists: false} or {not: {exists: true}}. */
static bool wants_nothing(struct json_object *matcher)
{
    struct json_object *operand;
    if (json_object_object_get_ex(matcher, "exists", &operand))
        return !json_object_get_boolean(operand);
    if (json_object_object_get_ex(matcher, "not", &operand) && json_object_object_get_ex(operand, "exists", &operand))
        return json_object_get_boolean(operand);
    return false;
}

enum verdict matcher_judge(struct json_object *matcher, bool present, struct json_object *value, struct match_note *note)
{
    enum verdict verdict = HOLDS;
    note->why[0] = note->inside[0] = '\0';
    describe(matcher, note->expected, sizeof note->expected);
    if (!present)
        return verdict_of(wants_nothing(matcher));
    json_object_object_foreach(matcher, name, operand) {
        const struct matcher_word *word = matcher_word_find(name);
        if (verdict == HOLDS)
            verdict = word && word->judge ? word->judge(operand, value, note) : cannot(note, "there is no such matcher");
    }
    return verdict;
}
