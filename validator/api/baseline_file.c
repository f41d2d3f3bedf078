/* baseline_file.c: what a baseline may say: which checks are known to fail, why, and until when that is put up with. */
#include "validator/api/forms.h"
#include "validator/api/tables.h"

/* Digits of a number at `at`, or -1. */
static int digits(const char *text, int at, int count)
{
    int number = 0;
    for (int i = at; i < at + count; i++) {
        if (text[i] < '0' || text[i] > '9') return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

/* 2026-02-28 */
static bool is_date(const char *text, size_t length)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (length != 10 || text[4] != '-' || text[7] != '-') return false;
    int year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    if (year < 0 || month < 1 || month > 12 || day < 1) return false;
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return day <= days[month - 1] + (month == 2 && leap);
}

/* One glob, or two with a # between, none of them empty. */
static bool is_match(const char *text, size_t length)
{
    size_t marks = 0;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] < ' ') return false;
        marks += text[i] == '#';
    }
    return length > 0 && marks <= 1 && text[0] != '#' && text[length - 1] != '#';
}

static const struct form date_form = {.name = "form", .holds = is_date, .says = "is a day such as 2026-12-31", .good = "2026-12-31",
                                      .bad = "2026-02-30"};
static const struct form match_form = {.name = "form", .holds = is_match, .says = "is a glob of cases, or one of cases, # and one of rules",
                                       .good = "chat/stream/**#stream.done.*", .bad = "#stream.done.terminator"};

static const struct field entry_fields[] = {
    {"match", REQUIRED, .is = STR, CHARS(1, 400), FORMS(&match_form), .says = "which checks: CASE-GLOB#RULE-GLOB; without # every check of those cases"},
    {"expected", REQUIRED, .is = STR | ARR, WORDS(W("fail")), ITEMS(1, 2), EACH(.is = STR, WORDS(W("pass"), W("fail"))),
     .says = "fail, or [pass, fail] for what fails now and then", .sample = "\"fail\""},
    {"reason", REQUIRED, .is = STR, CHARS(1, 1000), .says = "why that is put up with"},
    {"issue", .is = STR, CHARS(1, 400), .says = "where it is to be mended"},
    {"expires", .is = STR, FORMS(&date_form), .says = "the last day on which it is put up with"},
    {0},
};
static const struct shape entry_shape = {
    .ref = "interface:baseline.entries", .fields = entry_fields,
    .sample = JSON({"match": "chat/stream/**#stream.done.terminator", "expected": "fail", "reason": "the proxy drops it"})};

static const struct field fields[] = {
    {"entries", REQUIRED, .is = ARR, ITEMS(0, 10000), EACH(.is = OBJ, .shape = &entry_shape), .says = "what is expected to fail", .sample = "[]"},
    {0},
};

const struct shape baseline_shape = {
    .ref = "interface:baseline",
    .fields = fields,
    NOTES({UNKNOWN_, CC_MUST, .says = "only the keys of the format stand here"}, {NULL_, CC_MUST}, {LEXICAL_, CC_MUST}),
    .sample = JSON({"entries": []}),
};
