/* moderation.c: what moderation said about the prompt and the answer. Chunks carry the same object, so its ids begin with
 * "response.moderation" wherever it stands. The members of a result, and those of a side, each make one promise together. */
#include "validator/api/tables.h"

/* A required member of a result; its type is part of the promise about types. */
#define RESULT_NOTES \
    NOTES({REQUIRED_, .id = "response.moderation.result.required", .says = "a moderation result has all of its six members"}, \
          {TYPE_, .id = "response.moderation.result.types", .says = RESULT_TYPES}, \
          {WORD_, .id = "response.moderation.result.types", .says = RESULT_TYPES})
#define RESULT_TYPES "the members of a moderation result have their types"

static const struct field result_fields[] = {
    {"type", REQUIRED, .is = STR, WORDS(W("moderation_result")), RESULT_NOTES},
    {"model", REQUIRED, .is = STR, .says = "the model that judged", .sample = "\"omni-moderation-latest\"", RESULT_NOTES},
    {"flagged", REQUIRED, .is = BOOL, .says = "whether any category applies", RESULT_NOTES},
    {"categories", REQUIRED, .is = OBJ, VALUES(.is = BOOL, RESULT_NOTES), .says = "whether each category applies", RESULT_NOTES},
    {"category_scores", REQUIRED, .is = OBJ, VALUES(.is = NUM, RESULT_NOTES), .says = "how much each applies", RESULT_NOTES},
    {"category_applied_input_types", REQUIRED, .is = OBJ, .says = "which kinds of input each was judged on", RESULT_NOTES,
     VALUES(.is = ARR, EACH(.is = STR, WORDS(W("text"), W("image")), RESULT_NOTES), RESULT_NOTES)},
    {0},
};

/* Two maps with the same keys, in any order. The number of categories is small. */
static bool same_keys(struct ask *ask, struct view a, struct view b)
{
    for (EVERY(value, a)) {
        bool found = false;
        for (struct view other = first(b); there(other) && !found; other = after(other, b)) found = text_same(key_of(value), key_of(other));
        if (!found) return blame(ask, b);
    }
    return count(a) == count(b) || blame(ask, b);
}

static bool result_agrees(struct ask *ask)
{
    struct view categories = get(ask->self, "categories");
    bool any = false;
    for (EVERY(applies, categories)) any = any || is_true(applies);
    if (any != is_true(get(ask->self, "flagged"))) return blame(ask, get(ask->self, "flagged"));
    return same_keys(ask, categories, get(ask->self, "category_scores")) &&
           same_keys(ask, categories, get(ask->self, "category_applied_input_types"));
}

static const struct rule result_rules[] = {
    {.id = "response.moderation.result.same_keys", .holds = result_agrees, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "the three maps of a result have the same categories, and flagged says whether one applies",
     .ref = "openai:ModerationResultBody",
     .when = "categories", READS("categories", "category_scores", "category_applied_input_types", "flagged"),
     .good = JSON({"flagged": true, "categories": {"violence": true}}),
     .bad = JSON({"flagged": false, "categories": {"violence": true}})},
    {0},
};

static const struct shape result_shape = {
    .name = "response.moderation.result",
    .ref = "openai:ModerationResultBody",
    .fields = result_fields,
    .rules = result_rules,
    .sample = JSON({"type": "moderation_result", "model": "omni-moderation-latest", "flagged": false, "categories": {"violence": false},
                    "category_scores": {"violence": 0.001}, "category_applied_input_types": {"violence": ["text"]}}),
};

#define RESULTS_NOTES \
    NOTES({REQUIRED_, .id = "response.moderation.results.required", .says = "moderation results have a model and an array of results"}, \
          {TYPE_, .id = "response.moderation.results.types", .says = "model is a string and results an array"})

static const struct field results_fields[] = {
    {"model", REQUIRED, .is = STR, .sample = "\"omni-moderation-latest\"", RESULTS_NOTES},
    {"results", REQUIRED, .is = ARR, EACH(.is = OBJ, .shape = &result_shape), .sample = "[]", RESULTS_NOTES},
    {0},
};

static const struct shape results_shape = {
    .name = "response.moderation.results",
    .ref = "openai:ChatCompletionModerationResults",
    .fields = results_fields,
    .sample = JSON({"type": "moderation_results", "model": "omni-moderation-latest", "results": []}),
};

#define FAILURE_NOTES \
    NOTES({REQUIRED_, .id = "response.moderation.error.required", .says = "a moderation error has a code and a message"}, \
          {TYPE_, .id = "response.moderation.error.types", .says = "code and message are strings"})

static const struct field failure_fields[] = {
    {"code", REQUIRED, .is = STR, .sample = "\"server_error\"", FAILURE_NOTES},
    {"message", REQUIRED, .is = STR, .sample = "\"Moderation failed.\"", FAILURE_NOTES},
    {0},
};

static const struct shape failure_shape = {
    .name = "response.moderation.error",
    .ref = "openai:ChatCompletionModerationError",
    .fields = failure_fields,
    .sample = JSON({"type": "error", "code": "server_error", "message": "Moderation failed."}),
};

static const struct field side_tag = {"type", REQUIRED, .is = STR, WORDS(W("moderation_results"), W("error"))};

static const struct pick side_by_type = {
    .name = "response.moderation.side",
    .tag = &side_tag,
    VARIANTS({"moderation_results", &results_shape, NULL, NULL}, {"error", &failure_shape, NULL, NULL}),
};

#define SIDE_NOTES \
    NOTES({REQUIRED_, .id = "response.moderation.sides.required", .says = "moderation has input and output"}, \
          {TYPE_, .id = "response.moderation.sides.type", .says = "input and output are objects"})

static const struct field fields[] = {
    {"input", REQUIRED, .is = OBJ, .pick = &side_by_type, .says = "about the prompt", SIDE_NOTES,
     .sample = JSON({"type": "error", "code": "server_error", "message": "Moderation failed."})},
    {"output", REQUIRED, .is = OBJ, .pick = &side_by_type, .says = "about the answer", SIDE_NOTES,
     .sample = JSON({"type": "error", "code": "server_error", "message": "Moderation failed."})},
    {0},
};

const struct shape moderation_shape = {
    .name = "response.moderation",
    .ref = "openai:ChatCompletionModeration",
    .fields = fields,
    .sample = JSON({"input": {"type": "moderation_results", "model": "omni-moderation-latest", "results": []},
                    "output": {"type": "moderation_results", "model": "omni-moderation-latest", "results": []}}),
};
