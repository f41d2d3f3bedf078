/* suite_file.c: what a suite file may say. A suite is a document like any other, so the engine finds its mistakes and their places.
 *
 * What depends on names that the file itself makes (variables, captures, pointers among the expectations) is judged by the loader. */
#include "validator/api/file_forms.h"
#include "validator/api/tables.h"

#include <string.h>

/* --- forms */

static bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* Lower-case letters, digits, dot, dash and underscore; begins with a letter or digit. */
static bool is_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!is_lower(text[i]) && !is_digit(text[i]) && (i == 0 || !memchr("._-", text[i], 3))) return false;
    return length > 0;
}

static bool is_id_path(const char *text, size_t length)
{
    size_t from = 0;
    for (size_t i = 0; i <= length; i++)
        if (i == length || text[i] == '/') {
            if (!is_name(text + from, i - from)) return false;
            from = i + 1;
        }
    return true;
}

/* A member of the request, or ${variable}. */
static bool is_matrix_key(const char *text, size_t length)
{
    if (length > 3 && text[0] == '$') return text[1] == '{' && text[length - 1] == '}' && text_is_plain_name(text + 2, length - 3);
    return text_is_plain_name(text, length);
}

static bool is_pointer(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '~' && (i + 1 == length || (text[i + 1] != '0' && text[i + 1] != '1'))) return false;
    return length == 0 || text[0] == '/';
}

/* To a member or item, so not to the whole document. */
static bool is_part_pointer(const char *text, size_t length) { return length > 0 && is_pointer(text, length); }

static bool is_request_path(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] == 0x7F || text[i] == '#') return false;
    return length > 0 && text[0] == '/';
}

static bool is_status_class(const char *text, size_t length)
{
    return length == 3 && text[0] >= '1' && text[0] <= '5' && text[1] == 'x' && text[2] == 'x';
}

static const struct form id_form = {.name = "form", .pattern = "^[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*$", .holds = is_id_path,
                                    .says = "is made of names such as chat/stream/usage", .good = "chat/stream/usage", .bad = "Chat/"};
static const struct form name_form = {.name = "form", .pattern = "^[a-z0-9][a-z0-9._-]*$", .holds = is_name,
                                      .says = "has only lower-case letters, digits, dots, dashes and underscores", .good = "stop-five",
                                      .bad = "Stop five"};
static const struct form matrix_form = {.name = "form", .pattern = "^([a-z_][a-z0-9_]*|\\$\\{[a-z_][a-z0-9_]*\\})$", .holds = is_matrix_key,
                                        .says = "is the name of a request member, or ${variable}", .good = "stream", .bad = "/stream"};
static const struct form pointer_form = {.name = "pointer", .pattern = "^(/([^~/]|~[01])*)*$", .holds = is_pointer,
                                         .says = "is a JSON pointer", .good = "/choices/0/message", .bad = "choices"};
static const struct form part_form = {.name = "pointer", .pattern = "^(/([^~/]|~[01])*)+$", .holds = is_part_pointer,
                                      .says = "is a JSON pointer to a member or item", .good = "/stop", .bad = "stop"};
static const struct form path_form = {.name = "form", .pattern = "^/[^\\x00-\\x20#\\x7F]*$", .holds = is_request_path,
                                      .says = "begins with a slash and has no blanks", .good = "/models", .bad = "models"};
static const struct form class_form = {.name = "form", .pattern = "^[1-5]xx$", .holds = is_status_class, .says = "is a class such as 4xx",
                                       .good = "4xx", .bad = "4x"};

/* --- expectations: pointers and matchers are members too, so these shapes are open, and the loader judges the rest */

#define STATUS INT | STR | ARR, BETWEEN(100, 599), FORMS(&class_form), ITEMS(1, 20), \
        EACH(.is = INT | STR, BETWEEN(100, 599), FORMS(&class_form), .sample = "400")

static const struct field rejected_fields[] = {
    {"param", .is = STR | NIL | ARR, ITEMS(1, 20), EACH(.is = STR | NIL),
     .says = "the parameter that the error names, or several that it may name"},
    {"code", .is = STR | INT | NIL | ARR, ITEMS(1, 20), EACH(.is = STR | INT | NIL), .says = "the code of the error, or several"},
    {"status", .is = STATUS, .says = "instead of 400 or 422", .sample = "400"},
    {"type", .is = STR | ARR, ITEMS(1, 20), EACH(.is = STR), .says = "the class of the error"},
    {"message", .says = "a matcher for the message"},
    {0},
};

static const struct field chunks_fields[] = {
    {"where", .is = OBJ, .says = "pointers and matchers that choose chunks; without it all of them",
     .sample = "{\"/usage\": {\"type\": \"object\"}}"},
    {"count", .is = INT | OBJ, BETWEEN(0, 100000), .says = "how many there are; without it at least one"},
    {0},
};

static const struct field timing_fields[] = {
    {"first_event_ms", .is = INT, BETWEEN(1, 3600000), .says = "at most so long until the first event, or the answer's first byte"},
    {"max_gap_ms", .is = INT, BETWEEN(1, 3600000), .says = "at most so long between two events"},
    {"total_ms", .is = INT, BETWEEN(1, 3600000), .says = "at most so long until the end"},
    {0},
};

static const struct shape rejected_shape = {.ref = "interface:suite.expect.rejected", .fields = rejected_fields, .sample = "{}"};
static const struct shape chunks_shape = {.ref = "interface:suite.expect.chunks", .fields = chunks_fields, .sample = "{}"};
static const struct shape timing_shape = {.ref = "interface:suite.expect.timing", .fields = timing_fields, .sample = "{}"};

static const struct field expect_fields[] = {
    {"status", .is = STATUS, .says = "the status, several, or a class; 2xx unless something else is said", .sample = "200"},
    {"rejected", .is = OBJ | BOOL, .shape = &rejected_shape, .says = "400 or 422 with an error about the right parameter"},
    {"headers", .is = OBJ, KEYS(&header_name_form), .says = "headers of the answer and their matchers", .sample = "{}"},
    {"chunks", .is = OBJ | ARR, .shape = &chunks_shape, ITEMS(1, 20), EACH(.is = OBJ, .shape = &chunks_shape), .says = "chunks of a stream"},
    {"timing", .is = OBJ, .shape = &timing_shape, .says = "upper bounds"},
    {0},
};

static bool rejected_is_not_false(struct ask *ask) { return !is(get(ask->self, "rejected"), BOOL) || is_true(get(ask->self, "rejected")); }

static bool rejected_has_the_status(struct ask *ask)
{
    return !there(get(ask->self, "status")) || blame(ask, get(ask->self, "status"));
}

static const struct rule expect_rules[] = {
    {.id = "suite.expect.rejected.true", .holds = rejected_is_not_false, .level = CC_MUST,
     .says = "rejected is a map or true; what must be accepted has a status", .ref = "interface:suite.expect.rejected", .when = "rejected",
     READS("rejected"), .good = JSON({"rejected": true}), .bad = JSON({"rejected": false})},
    {.id = "suite.expect.rejected.status", .holds = rejected_has_the_status, .level = CC_MUST,
     .says = "the status of a rejection stands inside of rejected", .ref = "interface:suite.expect.rejected", .when = "rejected",
     READS("rejected", "status"), .good = JSON({"rejected": {"status": 404}}), .bad = JSON({"rejected": {}, "status": 404})},
    {0},
};

static const struct shape expect_shape = {.ref = "interface:suite.expect", .fields = expect_fields, .rules = expect_rules, .open = true,
                                          .sample = "{}"};

/* --- steps */

static const struct field control_fields[] = {
    {"remove", .is = ARR, ITEMS(1, 20), EACH(.is = STR, FORMS(&part_form)), .says = "members of the request that are its fault"},
    {"set", .is = OBJ, KEYS(&part_form), .says = "members of the request and what they should have been",
     .sample = "{\"/stop\": \"a\"}"},
    {0},
};

static bool control_changes_something(struct ask *ask) { return count(get(ask->self, "remove")) + count(get(ask->self, "set")) > 0; }

static const struct rule control_rules[] = {
    {.id = "suite.control.empty", .holds = control_changes_something, .level = CC_MUST, .says = "control removes or sets something",
     .ref = "interface:suite.control", READS("remove", "set"), .good = JSON({"set": {}, "remove": ["/stop"]}),
     .bad = JSON({"set": {}})},
    {0},
};

static const struct shape control_shape = {.ref = "interface:suite.control", .fields = control_fields, .rules = control_rules,
                                           .sample = JSON({"set": {"/stop": "a"}})};

#define METHODS WORDS(W("POST"), W("GET"), W("PUT"), W("PATCH"), W("DELETE"), W("HEAD"), W("OPTIONS"))
#define HEADERS KEYS(&header_name_form), VALUES(.is = STR | NIL, FORMS(&header_value_form))

/* The rows that a step and a case of one step share. */
#define STEP_ROWS \
    {"request", .is = OBJ, .says = "the body, laid over defaults.request; it may be as wrong as you like", .sample = "{\"messages\": []}"}, \
    {"omit", .is = ARR, ITEMS(1, 20), EACH(.is = STR, FORMS(&part_form)), .says = "members of defaults.request to leave out"}, \
    {"body", .is = STR, .says = "the body as raw text"}, \
    {"method", .is = STR, METHODS, .says = "POST unless said otherwise"}, \
    {"path", .is = STR, FORMS(&path_form), .says = "below the base URL; /chat/completions unless said otherwise"}, \
    {"headers", .is = OBJ, HEADERS, .says = "to send; null leaves one out", .sample = "{\"X-Test\": null}"}, \
    {"expect", .is = OBJ, .shape = &expect_shape, .says = "what this case adds to the rules that always hold"}, \
    {"control", .is = OBJ, .shape = &control_shape, .says = "how the same request becomes one that must be accepted", \
     .sample = "{\"remove\": [\"/stop\"]}"}, \
    {"capture", .is = OBJ, KEYS(&plain_name_form), VALUES(.is = STR, FORMS(&pointer_form)), .says = "variables for the steps that follow", \
     .sample = "{\"call\": \"/choices/0\"}"}, \
    {"invalid", .is = BOOL, .says = "the request is wrong on purpose, though no rejection is expected"}

static bool body_stands_alone(struct ask *ask)
{
    static const char *const others[] = {"request", "omit", "control", NULL};
    for (const char *const *key = others; *key; key++)
        if (there(get(ask->self, *key))) return blame(ask, get(ask->self, *key)) || say(ask, "%s", *key);
    return true;
}

#define STEP_RULES(what) \
    {.id = "suite." what ".body.alone", .holds = body_stands_alone, .level = CC_MUST, \
     .says = "with a raw body there is no request, omit or control", .ref = "interface:suite.body", .when = "body", READS("body"), \
     .good = JSON({"body": "{"}), .bad = JSON({"body": "{", "omit": ["/stop"]})}

static const struct field step_fields[] = {STEP_ROWS, {0}};
static const struct rule step_rules[] = {STEP_RULES("step"), {0}};
static const struct shape step_shape = {.ref = "interface:suite.step", .fields = step_fields, .rules = step_rules, .sample = "{}"};

/* --- cases */

#define LEVELS WORDS(W("must"), W("should"), W("portability"), W("deprecated"), W("habit"))
#define TAGS .is = ARR, ITEMS(1, 20), EACH(.is = STR, FORMS(&name_form))
#define NEEDS .is = ARR, ITEMS(1, 20), EACH(.is = STR, FORMS(&plain_name_form))
#define MATRIX .is = OBJ, MEMBERS(6), KEYS(&matrix_form), \
        VALUES(.is = ARR | OBJ, ITEMS(1, 100), EACH(.is = STR | NUM | BOOL | NIL), MEMBERS(100), KEYS(&name_form)), \
        .sample = "{\"stream\": [true, false]}"

static bool passes_fit_times(struct ask *ask)
{
    return number_of(get(ask->self, "pass"), 1) <= number_of(get(ask->self, "times"), 1) || blame(ask, get(ask->self, "pass"));
}

static const struct field repeat_fields[] = {
    {"times", REQUIRED, .is = INT, BETWEEN(1, 100), .says = "how often the case runs", .sample = "100"},
    {"pass", .is = INT, BETWEEN(1, 100), .says = "how often it must pass; always unless said otherwise", .sample = "4"},
    {0},
};
static const struct rule repeat_rules[] = {
    {.id = "suite.repeat.pass.fits", .holds = passes_fit_times, .level = CC_MUST, .says = "repeat.pass is at most repeat.times",
     .ref = "interface:suite.repeat", .when = "pass", READS("pass", "times"),
     .good = JSON({"times": 5, "pass": 5}), .bad = JSON({"times": 5, "pass": 6})},
    {0},
};
static const struct shape repeat_shape = {.ref = "interface:suite.repeat", .fields = repeat_fields, .rules = repeat_rules,
                                          .sample = JSON({"times": 100})};

static const struct field case_fields[] = {
    {"id", REQUIRED, .is = STR, CHARS(1, 100), FORMS(&name_form), .says = "its name in the suite, never changed", .sample = "\"stop-five\""},
    {"title", .is = STR, CHARS(1, 200), .says = "one sentence about what must hold", .sample = "\"five stop sequences are refused\""},
    {"spec", .is = STR, CHARS(1, 200), .says = "where that is written", .sample = "\"openai:CreateChatCompletionRequest.stop\""},
    {"level", .is = STR, LEVELS, .says = "must unless the suite says otherwise"},
    {"tags", TAGS, .says = "added to those of the suite"},
    {"requires", NEEDS, .says = "capabilities, added to those of the suite"},
    STEP_ROWS,
    {"steps", .is = ARR, ITEMS(1, 50), EACH(.is = OBJ, .shape = &step_shape), .says = "several requests, one after another"},
    {"matrix", MATRIX, .says = "multiplies the case"},
    {"nondeterministic", .is = BOOL, .says = "a model's whim may decide, so the case may be repeated"},
    {"repeat", .is = OBJ, .shape = &repeat_shape, .says = "how often it runs, and how often it must pass",
     .sample = "{\"times\": 5, \"pass\": 4}"},
    {0},
};

/* Case and steps do not both say what is sent. */
static bool steps_stand_alone(struct ask *ask)
{
    static const char *const others[] = {"request", "omit",   "body",    "method",  "path", "headers",
                                         "expect",  "control", "capture", "invalid", NULL};
    for (const char *const *key = others; *key; key++)
        if (there(get(ask->self, *key))) return blame(ask, get(ask->self, *key)) || say(ask, "%s", *key);
    return true;
}

static bool repeated_is_nondeterministic(struct ask *ask) { return is_true(get(ask->self, "nondeterministic")); }

static const struct rule case_rules[] = {
    STEP_RULES("case"),
    {.id = "suite.case.steps.alone", .holds = steps_stand_alone, .level = CC_MUST,
     .says = "with steps, what is sent and expected stands in the steps",
     .ref = "interface:suite.steps", .when = "steps", READS("steps"), .good = JSON({"steps": [{"request": {}}]}),
     .bad = JSON({"steps": [{"request": {}}], "request": {}})},
    {.id = "suite.case.repeat.nondeterministic", .holds = repeated_is_nondeterministic, .level = CC_MUST,
     .says = "only a case that is nondeterministic is repeated", .ref = "interface:suite.repeat", .when = "repeat", READS("repeat", "nondeterministic"),
     .good = JSON({"repeat": {"times": 2}}), .bad = JSON({"repeat": {"times": 2}, "nondeterministic": false})},
    {0},
};

static const struct shape case_shape = {.ref = "interface:suite.case", .fields = case_fields, .rules = case_rules,
                                        .sample = JSON({"id": "stop-five", "nondeterministic": true})};

/* --- the file */

static const struct field default_fields[] = {
    {"request", .is = OBJ, .says = "members that every request begins with", .sample = "{\"model\": \"m\"}"},
    {"headers", .is = OBJ, HEADERS, .says = "headers of every request"},
    {"method", .is = STR, METHODS},
    {"path", .is = STR, FORMS(&path_form)},
    {0},
};

static const struct shape default_shape = {.ref = "interface:suite.defaults", .fields = default_fields, .sample = "{}"};

static const struct field fields[] = {
    {"chatconform", REQUIRED, .is = INT, BETWEEN(1, 1), .says = "the version of this format", .sample = "1"},
    {"suite", REQUIRED, .is = STR, CHARS(1, 100), FORMS(&id_form), .says = "its path, never changed", .sample = "\"chat/stop\""},
    {"title", .is = STR, CHARS(1, 200), .says = "what the suite is about"},
    {"level", .is = STR, LEVELS, .says = "of cases that have none"},
    {"tags", TAGS, .says = "of all cases"},
    {"requires", NEEDS, .says = "capabilities without which the suite does not apply"},
    {"defaults", .is = OBJ, .shape = &default_shape},
    {"matrix", MATRIX, .says = "multiplies all cases"},
    {"cases", REQUIRED, .is = ARR, ITEMS(1, 10000), EACH(.is = OBJ, .shape = &case_shape),
     .sample = "[{\"id\": \"stop-five\", \"request\": {\"messages\": []}}]"},
    {0},
};

/* Nothing in a suite is there by accident: what is not known, or empty, is a mistake. */
const struct shape suite_shape = {
    .ref = "interface:suite",
    .fields = fields,
    NOTES({UNKNOWN_, CC_MUST, .says = "only the keys of the format stand here"}, {NULL_, CC_MUST}, {LEXICAL_, CC_MUST}),
    .sample = JSON({"chatconform": 1, "suite": "chat/stop", "cases": [{"id": "stop-five", "request": {"messages": []}}]}),
};
