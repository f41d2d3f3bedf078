/* mutant_file.c: what a file of mutants may say: edits of what the reference endpoint sends, each with the constraint that it breaks.
 *
 * What the edits do is told in endpoint/edit.h. */
#include "validator/api/forms.h"
#include "validator/api/tables.h"

static bool is_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((text[i] < 'a' || text[i] > 'z') && (text[i] < '0' || text[i] > '9') && (i == 0 || text[i] != '-')) return false;
    return length > 0;
}

static bool is_pointer(const char *text, size_t length) { return length > 1 && text[0] == '/' && text[length - 1] != '/'; }

static const struct form name_form = {.name = "form", .pattern = "^[a-z0-9][a-z0-9-]*$", .holds = is_name,
                                      .says = "has only lower-case letters, digits and dashes", .good = "id-absent", .bad = "Id"};
static const struct form pointer_form = {.name = "pointer", .pattern = "^/.*[^/]$", .holds = is_pointer,
                                         .says = "is a pointer into the reply, such as /body/id", .good = "/body/id", .bad = "body"};

#define REPLIES WORDS(W("answer"), W("stream"), W("error"), W("list"), W("messages"), W("stored"), W("deletion"), W("models"), W("model"))

/* --- edits */

#define AT {"at", REQUIRED, .is = STR, FORMS(&pointer_form), .says = "a pointer to what is changed", .sample = "\"/body/id\""}
#define FROM {"from", .is = STR, FORMS(&pointer_form), .says = "where to copy from; /request is the request", .sample = "\"/body/model\""}

static const struct field plain_fields[] = {AT, {0}};
static const struct field set_fields[] = {AT, FROM, {"to", .is = ANY, .says = "what stands there then"}, {0}};
static const struct field replace_fields[] = {AT, {"with", REQUIRED, .is = ANY, .says = "what stands there then", .sample = "1"}, {0}};
static const struct field number_fields[] = {AT, {"by", REQUIRED, .is = INT, .says = "how much", .sample = "1"}, {0}};
static const struct field value_fields[] = {AT, FROM, {"value", .is = ANY, .says = "what is put there"}, {0}};
static const struct field repeat_fields[] = {AT, {"times", .is = INT, BETWEEN(1, 1000), .says = "how often; once without it"}, {0}};
static const struct field cut_fields[] = {AT, {"to", REQUIRED, .is = INT, BETWEEN(0, 1000), .says = "how many are left", .sample = "1"}, {0}};
static const struct field rename_fields[] = {AT, {"to", REQUIRED, .is = STR, CHARS(1, 100), .says = "the new name", .sample = "\"x\""}, {0}};
static const struct field exchange_fields[] = {
    AT,
    {"find", REQUIRED, .is = STR, CHARS(1, 400), .says = "what is looked for", .sample = "\"a\""},
    {"with", REQUIRED, .is = STR, .says = "what is written for it", .sample = "\"b\""},
    {0},
};

#define EDIT(name, rows, ...) \
    static const struct shape name = {.ref = "interface:mutants.edit", .fields = rows, .sample = JSON({__VA_ARGS__})}
EDIT(remove_edit, plain_fields, "do": "remove", "at": "/body/id");
EDIT(parse_edit, plain_fields, "do": "parse", "at": "/body/id");
EDIT(swap_edit, plain_fields, "do": "swap", "at": "/body/id");
EDIT(quote_edit, plain_fields, "do": "quote", "at": "/body/id");
EDIT(wrap_edit, plain_fields, "do": "wrap", "at": "/body/id");
EDIT(spoil_edit, plain_fields, "do": "spoil", "at": "/body/id");
EDIT(set_edit, set_fields, "do": "set", "at": "/body/id");
EDIT(replace_edit, replace_fields, "do": "replace", "at": "/body/id", "with": 1);
EDIT(add_edit, number_fields, "do": "add", "at": "/body/id", "by": 1);
EDIT(shorten_edit, number_fields, "do": "shorten", "at": "/body/id", "by": 1);
EDIT(append_edit, value_fields, "do": "append", "at": "/body/id");
EDIT(insert_edit, value_fields, "do": "insert", "at": "/body/id");
EDIT(repeat_edit, repeat_fields, "do": "repeat", "at": "/body/id");
EDIT(cut_edit, cut_fields, "do": "cut", "at": "/body/id", "to": 1);
EDIT(rename_edit, rename_fields, "do": "rename", "at": "/body/id", "to": "x");
EDIT(exchange_edit, exchange_fields, "do": "exchange", "at": "/body/id", "find": "a", "with": "b");

static const struct field edit_verb = {
    "do", REQUIRED, .is = STR, .ref = "interface:mutants.edit", .says = "what is done",
    WORDS(W("remove"), W("set"), W("replace"), W("add"), W("append"), W("repeat"), W("parse"), W("cut"), W("shorten"), W("insert"), W("swap"),
          W("rename"), W("quote"), W("wrap"), W("spoil"), W("exchange"))};
static const struct pick edit_by_verb = {
    .name = "mutants.edit", .tag = &edit_verb,
    VARIANTS({"remove", &remove_edit}, {"set", &set_edit}, {"replace", &replace_edit}, {"add", &add_edit}, {"append", &append_edit},
             {"repeat", &repeat_edit}, {"parse", &parse_edit}, {"cut", &cut_edit}, {"shorten", &shorten_edit}, {"insert", &insert_edit},
             {"swap", &swap_edit}, {"rename", &rename_edit}, {"quote", &quote_edit}, {"wrap", &wrap_edit}, {"spoil", &spoil_edit},
             {"exchange", &exchange_edit})};

/* --- mutants */

static const struct field found_fields[] = {
    {"as", REQUIRED, .is = STR, CHARS(1, 200), .says = "the rule that finds it", .sample = "\"json.syntax\""},
    {"because", REQUIRED, .is = STR, CHARS(1, 400), .says = "why that is so", .sample = "\"the reader says it\""},
    {0},
};
static const struct shape found_shape = {.ref = "interface:mutants.found", .fields = found_fields,
                                         .sample = JSON({"as": "json.syntax", "because": "the reader says it"})};

static const struct field mutant_fields[] = {
    {"id", REQUIRED, .is = STR, CHARS(1, 60), FORMS(&name_form), .says = "its name within the file", .sample = "\"id-absent\""},
    {"says", REQUIRED, .is = STR, CHARS(1, 200), .says = "what the endpoint does then", .sample = "\"has no id\""},
    {"breaks", .is = STR | ARR, ITEMS(1, 8), EACH(.is = STR, CHARS(1, 200)),
     .says = "the constraint that it breaks; of several, any one may be found"},
    {"found", .is = OBJ, .shape = &found_shape, .says = "where the finding has another name than the constraint"},
    {"severity", .is = STR, WORDS(W("error"), W("warning"), W("note")), .says = "how bad the documents have it"},
    {"legal", .is = STR, CHARS(1, 400), .says = "why nothing may be found at all"},
    {"profile", .is = STR, WORDS(W("openai"), W("newapi")), .says = "what the endpoint is, when not what the program was told"},
    {"on", .is = STR, REPLIES, .says = "which replies, when not those that the file names"},
    {"asked", .is = ARR, ITEMS(1, 8), EACH(.is = STR, CHARS(1, 120)), .says = "conditions on the request"},
    {"where", .is = ARR, ITEMS(1, 8), EACH(.is = STR, CHARS(1, 120)), .says = "conditions on the reply"},
    {"raw", .is = BOOL, .says = "edit the bytes that go out"},
    {"edit", REQUIRED, .is = ARR, ITEMS(1, 20), EACH(.is = OBJ, .pick = &edit_by_verb), .says = "what is changed, one after the other"},
    {0},
};

static const struct shape mutant_shape = {
    .ref = "interface:mutants.mutants", .fields = mutant_fields,
    .sample = JSON({"id": "id-absent", "says": "has no id", "breaks": "response.id.required", "severity": "error",
                    "edit": [{"do": "remove", "at": "/body/id"}]})};

static const struct field fields[] = {
    {"on", REQUIRED, .is = STR, REPLIES, .says = "which replies are edited", .sample = "\"answer\""},
    {"mutants", REQUIRED, .is = ARR, ITEMS(1, 2000), EACH(.is = OBJ, .shape = &mutant_shape), .says = "one by one"},
    {0},
};

const struct shape mutants_shape = {
    .ref = "interface:mutants",
    .fields = fields,
    NOTES({UNKNOWN_, CC_MUST, .says = "only the keys of the format stand here"}, {NULL_, CC_MUST}, {LEXICAL_, CC_MUST}),
    .sample = JSON({"on": "answer", "mutants": [{"id": "id-absent", "says": "has no id", "breaks": "response.id.required",
                                                "severity": "error", "edit": [{"do": "remove", "at": "/body/id"}]}]}),
};
