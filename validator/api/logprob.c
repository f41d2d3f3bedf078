/* logprob.c: log probabilities of the tokens of an answer. Chunks carry the same object, so its ids begin with "response.choices.logprobs"
 * wherever it stands. */
#include "validator/api/tables.h"

#include <math.h>
#include <string.h>

/* --- one token: its text, its probability, its bytes */

#define TEXT_ROW {"token", REQUIRED, .is = STR, .says = "the token's text", .sample = "\"4\""}
#define PROBABILITY_ROW \
    {"logprob", REQUIRED, .is = NUM, BETWEEN(-NONE, 0), .says = "natural logarithm of its probability; -9999.0 stands for very unlikely", \
     .sample = "-0.25", \
     NOTES({MAX_, CC_SHOULD, .id = "response.choices.logprobs.logprob.range", .says = "a log probability is not above 0", .bad = "0.5"})}
#define BYTES_ROW \
    {"bytes", REQUIRED, .is = ARR | NIL, .says = "the bytes of its UTF-8 text, null when it has none", .sample = "[52]", \
     EACH(.is = INT, BETWEEN(0, 255), .sample = "52", \
          NOTES({TYPE_, .id = "response.choices.logprobs.bytes.range", .says = "each byte is an integer from 0 to 255", .bad = "\"4\""}, \
                {MIN_, .id = "response.choices.logprobs.bytes.range", .says = "each byte is an integer from 0 to 255"}, \
                {MAX_, .id = "response.choices.logprobs.bytes.range", .says = "each byte is an integer from 0 to 255"}))}

static const struct field top_fields[] = {TEXT_ROW, PROBABILITY_ROW, BYTES_ROW, {0}};

#define TOP JSON({"token": "4", "logprob": -0.25, "bytes": [52]})
#define FIVE TOP ", " TOP ", " TOP ", " TOP ", " TOP

static const struct shape top_shape = {
    .name = "response.choices.logprobs.top",
    .ref = "openai:ChatCompletionTokenLogprob.top_logprobs",
    .fields = top_fields,
    .sample = TOP,
};

static const struct field token_fields[] = {
    TEXT_ROW,
    PROBABILITY_ROW,
    BYTES_ROW,
    {"top_logprobs", REQUIRED, .is = ARR, ITEMS(0, 20), EACH(.is = OBJ, .shape = &top_shape), .says = "the likeliest tokens at this place",
     .sample = "[]",
     NOTES({MAX_ITEMS_, .id = "response.choices.logprobs.top.max_items", .bad = "[" FIVE ", " FIVE ", " FIVE ", " FIVE ", " TOP "]"})},
    {0},
};

/* The bytes of an array as text: nothing when it is no array, or one of them is no byte. */
static struct text bytes_of(struct ask *ask, struct view bytes)
{
    if (!is(bytes, ARR)) return (struct text){0};
    char *out = scratch_take(ask, count(bytes));
    size_t length = 0;
    if (!out) return (struct text){0};
    for (EVERY(byte, bytes)) out[length++] = (char)integer_of(byte, 0);
    return (struct text){out, length};
}

/* Bytes of the character that starts with this byte; 0 when none does. */
static size_t character_length(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

/* Whole characters only. Overlong forms and surrogates pass here: the comparison with the token's text then tells. */
static bool is_utf8(struct text text)
{
    for (size_t at = 0; at < text.length;) {
        size_t length = character_length((unsigned char)text.bytes[at]);
        if (length == 0 || length > text.length - at) return false;
        for (size_t i = 1; i < length; i++)
            if (((unsigned char)text.bytes[at + i] & 0xC0) != 0x80) return false;
        at += length;
    }
    return true;
}

/* A token that ends inside a character shows an escaped form as its text: nothing is promised about it. */
static bool bytes_spell_token(struct ask *ask)
{
    struct text bytes = bytes_of(ask, get(ask->self, "bytes"));
    if (!bytes.bytes || !is_utf8(bytes)) return true;
    struct text token = text_of(ask, get(ask->self, "token"));
    return token.length == bytes.length && memcmp(token.bytes, bytes.bytes, bytes.length) == 0;
}

/* Two entries are one token when text and bytes are the same: parts of different characters may look alike as text. */
static bool same_token(struct ask *ask, struct view a, struct view b)
{
    return text_same(get(a, "token"), get(b, "token")) && value_same(ask, get(a, "bytes"), get(b, "bytes"));
}

static bool alternatives_are_sorted(struct ask *ask)
{
    struct view top = get(ask->self, "top_logprobs");
    double last = 0;
    for (EVERY(entry, top)) {
        double logprob = number_of(get(entry, "logprob"), last);
        if (logprob > last) return say(ask, "%g stands behind %g", logprob, last), blame(ask, entry);
        last = logprob;
        for (struct view before = first(top); before.at != entry.at; before = after(before, top))
            if (same_token(ask, before, entry)) return say(ask, "a token stands twice"), blame(ask, entry);
    }
    return true;
}

/* What was sampled may rank below the alternatives that are shown; above the last of them it must be one of them. */
static bool alternatives_have_token(struct ask *ask)
{
    enum { NEARLY = 1000 }; /* rounding of the last digits is no deviation: a thousandth */
    double mine = number_of(get(ask->self, "logprob"), 0), lowest = 0;
    struct view top = get(ask->self, "top_logprobs");
    for (EVERY(entry, top)) {
        double logprob = number_of(get(entry, "logprob"), 0);
        lowest = logprob < lowest ? logprob : lowest;
        if (text_same(get(entry, "token"), get(ask->self, "token"))) return fabs(logprob - mine) * NEARLY <= 1;
    }
    return count(top) == 0 || (mine - lowest) * NEARLY <= 1;
}

static const struct rule token_rules[] = {
    {.id = "response.choices.logprobs.bytes.match_token", .holds = bytes_spell_token, .level = CC_SHOULD,
     .says = "bytes that are whole characters spell the token", .ref = "openai:ChatCompletionTokenLogprob.bytes",
     .when = "bytes", READS("bytes", "token"),
     .good = JSON({"token": "4", "bytes": [52]}),
     .bad = JSON({"token": "four"})},
    {.id = "response.choices.logprobs.top.sorted", .holds = alternatives_are_sorted, .level = CC_SHOULD,
     .says = "alternatives stand by falling logprob, each token once", .ref = "newapi:logprobs-example",
     .when = "top_logprobs", READS("top_logprobs"),
     .good = JSON({"top_logprobs": [{"token": "4", "logprob": -0.25, "bytes": [52]}, {"token": "four", "logprob": -2.5, "bytes": null}]}),
     .bad = JSON({"top_logprobs": [{"token": "four", "logprob": -2.5, "bytes": null}, {"token": "4", "logprob": -0.25, "bytes": [52]}]})},
    {.id = "response.choices.logprobs.top.contains_token", .holds = alternatives_have_token, .level = CC_SHOULD,
     .says = "a token that is likelier than the last alternative is among them, with the same logprob", .ref = "newapi:logprobs-example",
     .when = "top_logprobs", READS("top_logprobs", "token", "logprob"),
     .good = JSON({"top_logprobs": [{"token": "four", "logprob": -0.125, "bytes": null}]}),
     .bad = JSON({"top_logprobs": [{"token": "four", "logprob": -2.5, "bytes": null}]})},
    {0},
};

static const struct shape token_shape = {
    .name = "response.choices.logprobs.token",
    .ref = "openai:ChatCompletionTokenLogprob",
    .fields = token_fields,
    .rules = token_rules,
    .sample = JSON({"token": "4", "logprob": -0.25, "bytes": [52], "top_logprobs": []}),
};

static const struct field fields[] = {
    {"content", REQUIRED, .is = ARR | NIL, EACH(.is = OBJ, .shape = &token_shape), .says = "the tokens of content", .sample = "null",
     NOTES({REQUIRED_, .profiles = CC_OPENAI})},
    {"refusal", REQUIRED, .is = ARR | NIL, EACH(.is = OBJ, .shape = &token_shape), .says = "the tokens of refusal", .sample = "null",
     NOTES({REQUIRED_, CC_SHOULD, CC_OPENAI, .because = "the schema requires it, its own example leaves it out"})},
    {0},
};

const struct shape logprobs_shape = {
    .name = "response.choices.logprobs",
    .ref = "openai:CreateChatCompletionResponse.choices.logprobs",
    .fields = fields,
    .sample = JSON({"content": null, "refusal": null}),
};

#define BOTH_LISTS "logprobs of a streamed choice has content and refusal, each a list or null"
#define LIST_NOTE NOTES({REQUIRED_, CC_SHOULD, CC_OPENAI, .id = "stream.logprobs.required_members", .says = BOTH_LISTS})

/* Of the pieces of a stream less is demanded: clients join what is there. */
static const struct field chunk_fields[] = {
    {"content", REQUIRED, .is = ARR | NIL, EACH(.is = OBJ, .shape = &token_shape), .says = "the tokens of this delta", .sample = "null", LIST_NOTE},
    {"refusal", REQUIRED, .is = ARR | NIL, EACH(.is = OBJ, .shape = &token_shape), .says = "the tokens of this refusal", .sample = "null",
     LIST_NOTE},
    {0},
};

const struct shape chunk_logprobs_shape = {
    .name = "response.choices.logprobs",
    .ref = "openai:CreateChatCompletionStreamResponse.choices.items.logprobs",
    .fields = chunk_fields,
    .sample = JSON({"content": null, "refusal": null}),
};
