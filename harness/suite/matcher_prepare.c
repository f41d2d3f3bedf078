/* matcher_prepare.c: the mistakes that a matcher can hold, found before anything is sent. */
#include "chatconform.h"
#include "harness/base/glob.h"
#include "harness/suite/matcher_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

size_t fault_enter(struct expect_fault *fault, const char *key)
{
    size_t before = strlen(fault->pointer), used = before;
    if (used + 1 < sizeof fault->pointer)
        fault->pointer[used++] = '/';
    for (; *key && used + 2 < sizeof fault->pointer; key++) {
        if (*key == '/' || *key == '~') {
            fault->pointer[used++] = '~';
            fault->pointer[used++] = *key == '~' ? '0' : '1';
        } else {
            fault->pointer[used++] = *key;
        }
    }
    fault->pointer[used] = '\0';
    return before;
}

size_t fault_enter_item(struct expect_fault *fault, size_t index)
{
    char key[24];
    snprintf(key, sizeof key, "%zu", index);
    return fault_enter(fault, key);
}

void fault_leave(struct expect_fault *fault, size_t before)
{
    fault->pointer[before] = '\0';
}

bool fault_say(struct expect_fault *fault, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(fault->message, sizeof fault->message, format, values);
    va_end(values);
    fault->at_key = false;
    return false;
}

bool fault_say_key(struct expect_fault *fault, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(fault->message, sizeof fault->message, format, values);
    va_end(values);
    fault->at_key = true;
    return false;
}

/* Adds what was made to a map, and owns it in any case. */
static bool add(struct json_object *to, const char *key, struct json_object *made, struct expect_fault *fault)
{
    if (json_object_object_add(to, key, made) == 0)
        return true;
    json_object_put(made);
    return fault_say(fault, "memory ran out");
}

/* A text that a variable decides about cannot be checked before the run. */
static bool is_open(struct json_object *value)
{
    return json_object_is_type(value, json_type_string) && strstr(json_object_get_string(value), "${") != NULL;
}

static bool is_number(struct json_object *value)
{
    return json_object_is_type(value, json_type_int) || json_object_is_type(value, json_type_double);
}

/* What people write who think of another language, and what they mean. */
static const struct {
    enum takes takes;
    const char *written, *meant;
} slips[] = {
    {TAKES_BOOLEAN, "yes", "true"},       {TAKES_BOOLEAN, "no", "false"},      {TAKES_BOOLEAN, "on", "true"},
    {TAKES_BOOLEAN, "off", "false"},      {TAKES_BOOLEAN, "true", "true, without quotes"},
    {TAKES_BOOLEAN, "false", "false, without quotes"},
    {TAKES_TYPES, "list", "array"},       {TAKES_TYPES, "map", "object"},      {TAKES_TYPES, "dict", "object"},
    {TAKES_TYPES, "bool", "boolean"},     {TAKES_TYPES, "int", "integer"},     {TAKES_TYPES, "float", "number"},
    {TAKES_TYPES, "str", "string"},       {TAKES_TYPES, "text", "string"},     {TAKES_TYPES, "none", "null"},
    {TAKES_NUMBER, "zero", "0"},          {TAKES_NUMBER, "none", "0"},         {TAKES_NUMBER, "one", "1"},
    {TAKES_NUMBER, "two", "2"},           {TAKES_NUMBER, "three", "3"},        {TAKES_NUMBER, "four", "4"},
    {TAKES_NUMBER, "five", "5"},          {TAKES_NUMBER, "ten", "10"},
};

/* Says what would be right, and what was probably meant. */
static bool say_meant(struct expect_fault *fault, enum takes takes, struct json_object *written, const char *first, const char *rest)
{
    char right[128];
    const char *text = json_object_is_type(written, json_type_string) ? json_object_get_string(written) : "";
    snprintf(right, sizeof right, "%.40s%.80s", first, rest);
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++)
        if (slips[i].takes == takes && strcmp(slips[i].written, text) == 0)
            return fault_say(fault, "%s; did you mean %s?", right, slips[i].meant);
    if (takes == TAKES_NUMBER && *text && strspn(text, "0123456789.") == strlen(text))
        return fault_say(fault, "%s; did you mean %.40s, without quotes?", right, text);
    return fault_say(fault, "%s", right);
}

static bool check_type_word(struct json_object *word, struct expect_fault *fault)
{
    const char *text = json_object_is_type(word, json_type_string) ? json_object_get_string(word) : NULL;
    struct nearest nearest = nearest_to(text ? text : "");
    if (!text)
        return fault_say(fault, "type is a word such as object, or several");
    for (const char *const *known = type_words; *known; known++) {
        if (strcmp(text, *known) == 0)
            return true;
        nearest_try(&nearest, *known);
    }
    if (!nearest.best)
        return say_meant(fault, TAKES_TYPES, word, "there is no type ", text);
    return fault_say(fault, "there is no type %.40s; did you mean %s?", text, nearest.best);
}

static bool check_types(struct json_object *operand, struct expect_fault *fault)
{
    if (!json_object_is_type(operand, json_type_array))
        return is_open(operand) || check_type_word(operand, fault);
    for (size_t i = 0; i < json_object_array_length(operand); i++) {
        size_t before = fault_enter_item(fault, i);
        if (!check_type_word(json_object_array_get_idx(operand, i), fault))
            return false;
        fault_leave(fault, before);
    }
    return json_object_array_length(operand) > 0 || fault_say(fault, "type is a word such as object, or several");
}

static bool check_pattern(struct json_object *operand, struct expect_fault *fault)
{
    char why[200];
    if (!json_object_is_type(operand, json_type_string))
        return fault_say(fault, "matches is a pattern, so text");
    if (is_open(operand))
        return true;
    struct cc_pattern *pattern = pattern_operand(operand, why, sizeof why);
    cc_pattern_free(pattern);
    return pattern || fault_say(fault, "%s", why);
}

static bool check_list(struct json_object *operand, struct expect_fault *fault)
{
    if (is_open(operand) || (json_object_is_type(operand, json_type_array) && json_object_array_length(operand) > 0))
        return true;
    return fault_say(fault, "in is a list of values, with at least one");
}

static bool is_true(struct json_object *value)
{
    return json_object_is_type(value, json_type_boolean) && json_object_get_boolean(value);
}

/* Checks an operand; a matcher inside of it is brought into form. */
static bool prepare_operand(const struct matcher_word *word, struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    *to = NULL;
    switch (word->takes) {
    case TAKES_MATCHER: return matcher_prepare(from, to, fault);
    case TAKES_SIZE: return size_prepare(word->name, from, to, fault);
    case TAKES_DOCUMENT:
        if (json_object_is_type(from, json_type_object))
            return matchers_prepare(from, to, fault);
        if (!is_true(from))
            return fault_say(fault, "json is true, or a map of JSON pointers to matchers");
        break;
    case TAKES_NUMBER:
        if (!is_number(from) && !is_open(from))
            return say_meant(fault, TAKES_NUMBER, from, word->name, " is a number");
        break;
    case TAKES_BOOLEAN:
        if (!json_object_is_type(from, json_type_boolean))
            return say_meant(fault, TAKES_BOOLEAN, from, word->name, " is true or false");
        break;
    case TAKES_LIST:
        if (!check_list(from, fault))
            return false;
        break;
    case TAKES_PATTERN:
        if (!check_pattern(from, fault))
            return false;
        break;
    case TAKES_TYPES:
        if (!check_types(from, fault))
            return false;
        break;
    case TAKES_SCHEMA:
        if (!schema_operand_check(from, fault))
            return false;
        break;
    default: break;
    }
    *to = json_object_get(from);
    return true;
}

const struct matcher_word *matcher_word_find(const char *name)
{
    for (const struct matcher_word *word = matcher_words; word->name; word++)
        if (strcmp(word->name, name) == 0)
            return word;
    return NULL;
}

static bool unknown_word(const char *name, struct expect_fault *fault)
{
    struct nearest nearest = nearest_to(name);
    for (const struct matcher_word *word = matcher_words; word->name; word++)
        nearest_try(&nearest, word->name);
    if (nearest.best)
        return fault_say_key(fault, "there is no matcher %.40s; did you mean %s?", name, nearest.best);
    return fault_say_key(fault, "there is no matcher %.40s; a plain object is compared with {equals: {...}}", name);
}

static bool prepare_words(struct json_object *from, struct json_object *to, struct expect_fault *fault)
{
    json_object_object_foreach(from, name, operand) {
        const struct matcher_word *word = matcher_word_find(name);
        size_t before = fault_enter(fault, name);
        struct json_object *made;
        if (!word)
            return unknown_word(name, fault);
        if (!prepare_operand(word, operand, &made, fault) || !add(to, name, made, fault))
            return false;
        fault_leave(fault, before);
    }
    return json_object_object_length(from) > 0 ||
           fault_say(fault, "an empty matcher says nothing; an empty object is compared with {equals: {}}");
}

bool matcher_prepare(struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    bool is_map = json_object_is_type(from, json_type_object);
    *to = json_object_new_object();
    if (!*to)
        return fault_say(fault, "memory ran out");
    if (is_map ? prepare_words(from, *to, fault) : add(*to, "equals", json_object_get(from), fault))
        return true;
    json_object_put(*to);
    *to = NULL;
    return false;
}

/* --- how many there are */

static bool check_number_of(const char *name, struct json_object *size, struct expect_fault *fault)
{
    if (is_open(size) || (json_object_is_type(size, json_type_int) && json_object_get_int64(size) >= 0))
        return true;
    return say_meant(fault, TAKES_NUMBER, size, name, " is a whole number, or a matcher for one such as {at_least: 1}");
}

static bool check_numbers_of(const char *name, struct json_object *sizes, struct expect_fault *fault)
{
    for (size_t i = 0; i < json_object_array_length(sizes); i++) {
        size_t before = fault_enter_item(fault, i);
        if (!check_number_of(name, json_object_array_get_idx(sizes, i), fault))
            return false;
        fault_leave(fault, before);
    }
    return true;
}

static bool check_size(const char *name, struct json_object *from, struct expect_fault *fault);

static bool check_size_word(const char *name, const struct matcher_word *word, struct json_object *operand, struct expect_fault *fault)
{
    static const char *const fitting[] = {"equals", "at_least", "at_most", NULL};
    if (strcmp(word->name, "not") == 0)
        return check_size(name, operand, fault);
    if (strcmp(word->name, "in") == 0 && json_object_is_type(operand, json_type_array))
        return check_numbers_of(name, operand, fault);
    for (const char *const *fits = fitting; *fits; fits++)
        if (strcmp(word->name, *fits) == 0)
            return check_number_of(name, operand, fault);
    return strcmp(word->name, "in") == 0 || fault_say_key(fault, "%s is a whole number, of which %s says nothing", name, word->name);
}

/* Words that are unknown are found by whoever prepares the matcher. */
static bool check_size(const char *name, struct json_object *from, struct expect_fault *fault)
{
    if (!json_object_is_type(from, json_type_object))
        return check_number_of(name, from, fault);
    json_object_object_foreach(from, key, operand) {
        const struct matcher_word *word = matcher_word_find(key);
        size_t before = fault_enter(fault, key);
        if (word && !check_size_word(name, word, operand, fault))
            return false;
        fault_leave(fault, before);
    }
    return true;
}

bool size_prepare(const char *name, struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    *to = NULL;
    return check_size(name, from, fault) && matcher_prepare(from, to, fault);
}

/* --- maps of pointers */

static bool is_pointer(const char *text)
{
    for (const char *c = text; *c; c++)
        if (*c == '~' && c[1] != '0' && c[1] != '1')
            return false;
    return *text == '\0' || *text == '/';
}

bool matchers_prepare(struct json_object *from, struct json_object **to, struct expect_fault *fault)
{
    bool ok = (*to = json_object_new_object()) != NULL || fault_say(fault, "memory ran out");
    json_object_object_foreach(from, pointer, matcher) {
        struct json_object *made = NULL;
        size_t before = ok ? fault_enter(fault, pointer) : 0;
        if (ok && !is_pointer(pointer))
            ok = fault_say_key(fault, "%.60s is no JSON pointer; one begins with a slash", pointer);
        ok = ok && matcher_prepare(matcher, &made, fault) && add(*to, pointer, made, fault);
        if (ok)
            fault_leave(fault, before);
    }
    if (ok)
        return true;
    json_object_put(*to);
    *to = NULL;
    return false;
}
