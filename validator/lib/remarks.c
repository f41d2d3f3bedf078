/* remarks.c: what the reader notices about a text, as constraints with ids and levels. Their order is their number. */
#include "validator/lib/engine.h"

#include <stdio.h>
#include <string.h>

#define BOTH (CC_NEWAPI | CC_OPENAI)
#define ROW(remark, name, lvl, src, says, good_text, bad_text) \
    {remark, {.id = "json." name, .level = lvl, .profiles = BOTH, .source = src, .sentence = says, .path = "", .good = good_text, .bad = bad_text}}

const struct remark_row remark_rows[] = {
    ROW(JSON_SYNTAX, "syntax", CC_MUST, "RFC 8259", "the text is exactly one JSON value", "{\"a\": 1}", "{\"a\": 1,}"),
    ROW(JSON_UTF8, "utf8", CC_MUST, "RFC 8259 section 8.1; RFC 3629", "the text is well-formed UTF-8", "[\"\u00e9\"]", NULL),
    ROW(JSON_LIMIT_BYTES, "limit.bytes", CC_MUST, "limit of this checker", "the text stays within the limit of bytes", NULL, NULL),
    ROW(JSON_LIMIT_DEPTH, "limit.depth", CC_MUST, "limit of this checker", "nesting stays within the limit of depth", NULL, NULL),
    ROW(JSON_LIMIT_VALUES, "limit.values", CC_MUST, "limit of this checker", "the number of values stays within the limit", NULL, NULL),
    ROW(JSON_BOM, "bom", CC_PORTABILITY, "RFC 8259 section 8.1", "the text does not begin with a byte order mark", NULL, NULL),
    ROW(JSON_DUPLICATE_KEY, "duplicate_key", CC_PORTABILITY, "RFC 8259 section 4",
        "no object has two members of the same name, as parsers disagree about which one wins", "{\"a\": 1}", "{\"a\": 1, \"a\": 2}"),
    ROW(JSON_NUL_IN_KEY, "nul_in_key", CC_PORTABILITY, "observed: json-c cuts such keys", "no key holds the character U+0000", NULL, "{\"a\\u0000\": 1}"),
    ROW(JSON_NUL_IN_STRING, "nul_in_string", CC_PORTABILITY, "observed: C parsers and PostgreSQL cut or refuse such strings",
        "no string holds the character U+0000", NULL, "[\"\\u0000\"]"),
    /* An error by the catalogue: the official endpoint refuses such a body, and no UTF-8 text can hold the character. */
    ROW(JSON_LONE_SURROGATE, "unpaired_surrogate", CC_MUST, "RFC 8259 section 8.2", "every \\u escape of a surrogate is half of a pair",
        "[\"\\ud83d\\ude00\"]", "[\"\\ud83d\"]"),
    ROW(JSON_NONCHARACTER, "noncharacter", CC_HABIT, "Unicode section 23.7", "no string holds a code point that is reserved for internal use", NULL,
        "[\"\\uffff\"]"),
    ROW(JSON_NUMBER_OVERFLOW, "number_overflow", CC_MUST, "RFC 8259 section 6", "every number fits a finite double", "[1e308]", "[1e999]"),
    ROW(JSON_INT_PRECISION, "int_precision", CC_PORTABILITY, "RFC 8259 section 6; RFC 7493",
        "integers stay within 2^53, beyond which clients that use doubles lose digits", "[9007199254740992]", "[9007199254740993]"),
    {0},
};

static unsigned number_of_remark(enum remark what)
{
    for (unsigned i = 0; remark_rows[i].what; i++)
        if (remark_rows[i].what == what) return i + 1;
    return 0;
}

static size_t limit_value(const struct judge *judge, enum remark what)
{
    return what == JSON_LIMIT_BYTES ? judge->limits.bytes : what == JSON_LIMIT_DEPTH ? judge->limits.depth : judge->limits.values;
}

static void remark_say(const struct judge *judge, const struct read_remark *r, char *out, size_t size)
{
    const char *sentence = constraint_at(number_of_remark(r->what))->rule.sentence;
    if (r->what == JSON_SYNTAX)
        snprintf(out, size, "this is not JSON: %s", r->detail ? r->detail : "the text is malformed");
    else if (r->what == JSON_LIMIT_BYTES || r->what == JSON_LIMIT_DEPTH || r->what == JSON_LIMIT_VALUES)
        snprintf(out, size, "%s, %zu", sentence, limit_value(judge, r->what));
    else
        snprintf(out, size, "%s", sentence);
}

/* A remark by its place only: no value may be used when reading stopped. */
static void find_remark(struct judge *judge, const struct document *doc, const struct read_remark *r)
{
    char message[512];
    remark_say(judge, r, message, sizeof message);
    bool stopped = r->what < JSON_BOM;
    if (!stopped && r->at != UINT32_MAX) {
        judge_find_text(judge, number_of_remark(r->what), (struct view){doc, r->at}, r->offset, message);
        return;
    }
    struct context before = judge->context, here = before;
    text_place(doc->text, doc->length, r->offset, &here.line, &here.column);
    if (before.placed) {
        here.column = here.line == 1 ? before.column + here.column - 1 : here.column;
        here.line += before.line - 1;
    }
    here.placed = true;
    judge->context = here;
    judge_find_text(judge, number_of_remark(r->what), nowhere(), r->offset, message);
    judge->context = before;
}

bool judge_remarks(struct judge *judge, const struct document *doc, bool read)
{
    if (!read) {
        const struct read_remark *last = &doc->remarks[doc->remark_count - 1];
        if (last->what == JSON_NO_MEMORY) judge->failed = true;
        else find_remark(judge, doc, last);
        return false;
    }
    uint32_t root = judge->context.root; /* of a larger document only what lies below its root */
    for (size_t i = 0; i < doc->remark_count; i++) {
        uint32_t at = doc->remarks[i].at;
        bool mine = at == UINT32_MAX ? root == 0 : at >= root && at < doc->values[root].next;
        if (mine) find_remark(judge, doc, &doc->remarks[i]);
    }
    return true;
}
