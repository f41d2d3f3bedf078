/* text.c: texts from outside that are no requests: YAML files, secrets in what is to be shown, matchers and patterns of suites. */
#include "tests/fuzz/fuzz.h"

#include "harness/base/jo.h"
#include "harness/base/pointer.h"
#include "harness/base/redact.h"
#include "harness/suite/matcher.h"
#include "harness/yaml/yaml.h"

#include <string.h>
#include <time.h>

/* --- YAML: it is read, and is JSON, or there is a sentence with a place */

enum { KEY_MAX = 1000 };

/* "f.yaml:3:7: sentence", the line one of the file's. */
static void check_place(const char *why, const char *bytes, size_t size)
{
    size_t lines = 2; /* the end of the last line counts, and marks that break lines in YAML are not counted here */
    char *end;
    MUST(strncmp(why, "f.yaml:", 7) == 0);
    for (size_t i = 0; i < size; i++) lines += bytes[i] == '\n' || bytes[i] == '\r' || (unsigned char)bytes[i] >= 0x80;
    unsigned long line = strtoul(why + 7, &end, 10);
    MUST(line > 0 && line <= lines && *end == ':');
    MUST(strtoul(end + 1, &end, 10) > 0 && *end == ':' && end[1] == ' ' && end[2]);
}

static void check_suite_places(const struct yaml_text *text)
{
    const struct cc_report *report = cc_check(fuzz_checker(CC_OPENAI, 0), CC_SUITE, text->json, text->length);
    MUST(report);
    for (size_t i = 0; i < report->count; i++) {
        const char *file;
        size_t line, column;
        yaml_place(text, report->findings[i].offset, &file, &line, &column);
        MUST(line > 0 && column > 0);
    }
}

/* libyaml takes no longer key on one line, and no character that is written as two escapes. */
static bool may_be_written(const char *json, size_t length)
{
    size_t run = 0;
    for (size_t i = 0; i < length; i++) {
        run = json[i] == '"' ? 0 : run + 1;
        if (run > KEY_MAX || json[i] == 0x7F || (json[i] == '\\' && (json[i + 1] == 'u' || json[i + 1] == '/'))) return false;
    }
    return true;
}

/* What was read, written as JSON, is YAML that reads the same. */
static void check_again(const struct yaml_text *text)
{
    struct yaml_text again = {0};
    char why[1024];
    if (!may_be_written(text->json, text->length)) return;
    MUST(yaml_read_bytes(&again, "", "f.yaml", text->json, text->length, NULL, why, sizeof why));
    MUST(json_object_equal(text->object, again.object));
    yaml_clear(&again);
}

void fuzz_yaml(const char *bytes, size_t size)
{
    struct yaml_text text = {0};
    char why[1024] = "";
    bool read = yaml_read_bytes(&text, "", "f.yaml", bytes, size, NULL, why, sizeof why);
    if (read) {
        struct json_object *object = NULL;
        MUST(cc_read_object(text.json, text.length, NULL, &object, NULL, 0));
        MUST(json_object_equal(object, text.object));
        json_object_put(object);
        check_suite_places(&text);
        check_again(&text);
    } else {
        check_place(why, bytes, size);
    }
    yaml_clear(&text);
}

/* --- redactor: what goes in as a secret does not come out, and what has come out stays as it is */

/* The first, as a server may echo it. A byte below this count in an input stands for one of them. */
static const char *const echoes[] = {
    "sk-5eCr3t/Key+of-mine_42", "SK-5ECR3T/KEY+OF-MINE_42", "sk\\u002d5eCr3t\\/Key+of-mine_42", "sk-5eCr3t%2FKey%2Bof-mine_42",
    "sk-5eCr3t&#47;Key&#43;of-mine_42", "736b2d3565437233742f4b65792b6f662d6d696e655f3432", "c2stNWVDcjN0L0tleStvZi1taW5lXzQy",
    "Zm9vYmFyYmF6cXV4",
};
enum { ECHOES = sizeof echoes / sizeof *echoes };

static bool holds(const char *text, size_t length, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= length; i++)
        if (memcmp(text + i, word, size) == 0) return true;
    return false;
}

static char *with_echoes(const char *bytes, size_t size, size_t *length)
{
    char *made = malloc(size * 64 + 1);
    MUST(made);
    *length = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)bytes[i];
        const char *put = c < ECHOES ? echoes[c] : bytes + i;
        size_t width = c < ECHOES ? strlen(put) : 1;
        memcpy(made + *length, put, width);
        *length += width;
    }
    return made;
}

void fuzz_redactor(const char *bytes, size_t size)
{
    static struct redactor *redactor;
    size_t length, once_length, twice_length;
    if (!redactor) {
        redactor = redactor_new();
        MUST(redactor && redactor_add(redactor, echoes[0], "$KEY") && redactor_add(redactor, echoes[ECHOES - 1], "$OTHER"));
    }
    char *text = with_echoes(bytes, size, &length), *once = redact_text(redactor, text, length, &once_length);
    MUST(once);
    char *twice = redact_text(redactor, once, once_length, &twice_length);
    for (size_t i = 0; i < ECHOES; i++) MUST(!holds(once, once_length, echoes[i]));
    MUST(twice && once_length == twice_length && memcmp(once, twice, once_length) == 0);
    free(text), free(once), free(twice);
}

/* --- matchers: "MATCHER NUL VALUE" */

static enum verdict judge(struct json_object *from, struct json_object *value)
{
    struct json_object *prepared = NULL;
    struct expect_fault fault = {.message = ""};
    struct match_note note = {.expected = ""};
    MUST(matcher_prepare(from, &prepared, &fault));
    enum verdict verdict = matcher_judge(prepared, true, value, &note);
    MUST(memchr(note.expected, '\0', sizeof note.expected));
    json_object_put(prepared);
    return verdict;
}

static void check_matcher(struct json_object *matcher, struct json_object *value)
{
    struct json_object *opposite = jo_object(), *plain = jo_object();
    jo_put(opposite, "not", jo_copy(matcher));
    jo_put(plain, "equals", jo_copy(value));
    enum verdict verdict = judge(matcher, value), other = judge(opposite, value);
    MUST(verdict == UNDECIDED || other == UNDECIDED || verdict != other);
    MUST(judge(matcher, value) == verdict || verdict == UNDECIDED || judge(matcher, value) == UNDECIDED);
    MUST(judge(plain, value) == HOLDS);
    json_object_put(opposite);
    json_object_put(plain);
}

/* The value at a pointer is the one that was put there, until it is taken out. */
static void check_pointer(struct json_object *root, const char *pointer)
{
    struct json_object *made = NULL, *less = NULL, *found = NULL, *mark = jo_string("mark");
    const char *why;
    if (pointer_set(root, pointer, mark, &made, &why)) {
        size_t length = strlen(pointer);
        bool appended = length >= 2 && strcmp(pointer + length - 2, "/-") == 0;
        MUST(appended || (pointer_get(made, pointer, &found) && jo_is(found, "mark")));
        if (*pointer && !appended && pointer_remove(made, pointer, &less, &why))
            MUST(!pointer_get(less, pointer, &found) || !jo_is(found, "mark"));
    }
    json_object_put(less);
    json_object_put(made);
    json_object_put(mark);
}

void fuzz_matcher(const char *bytes, size_t size)
{
    size_t first, second_size;
    const char *second;
    struct json_object *prepared = NULL;
    struct expect_fault fault = {.message = ""};
    fuzz_part(bytes, size, &first, &second, &second_size);
    struct json_object *matcher = jo_read_bytes(bytes, first), *value = jo_read_bytes(second, second_size);
    if (matcher_prepare(matcher, &prepared, &fault)) check_matcher(matcher, value);
    else MUST(*fault.message);
    if (jo_is_text(matcher)) check_pointer(value, jo_text(matcher));
    json_object_put(prepared), json_object_put(matcher), json_object_put(value);
}

/* --- patterns: "PATTERN NUL TEXT", in time where that counts */

enum { SEARCH_MS = 400 }; /* 100 ms are allowed; a sanitizer and a search that is under way at the end take some more */

static long spent_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void fuzz_pattern(const char *bytes, size_t size)
{
    size_t first, second_size;
    const char *second;
    char why[256] = "";
    fuzz_part(bytes, size, &first, &second, &second_size);
    for (enum cc_pattern_dialect dialect = CC_PATTERN_ECMA; dialect <= CC_PATTERN_PCRE; dialect++) {
        *why = '\0';
        long began = spent_ms();
        struct cc_pattern *pattern = cc_pattern_new(dialect, bytes, first, why, sizeof why);
        enum cc_pattern_verdict once = pattern ? cc_pattern_find(pattern, second, second_size, why, sizeof why) : CC_PATTERN_UNDECIDED;
        MUST(!fuzz_on_time || spent_ms() - began < SEARCH_MS);
        MUST(once != CC_PATTERN_UNDECIDED || *why);
        enum cc_pattern_verdict again = pattern ? cc_pattern_find(pattern, second, second_size, why, sizeof why) : CC_PATTERN_UNDECIDED;
        MUST(once == again || once == CC_PATTERN_UNDECIDED || again == CC_PATTERN_UNDECIDED);
        MUST(!fuzz_on_time || spent_ms() - began < 2 * SEARCH_MS);
        cc_pattern_free(pattern);
    }
}
