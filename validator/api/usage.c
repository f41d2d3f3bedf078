/* usage.c: the token counts of an answer. The same object closes a stream, so its ids begin with "response.usage" wherever it stands. */
#include "validator/api/tables.h"

#include <limits.h>

/* A count in a breakdown. They all make one promise, and so share one id. */
#define COUNT(name, known_in, what) \
    {name, .is = INT, BETWEEN(0, NONE), .profiles = known_in, .says = what, .sample = "0", \
     NOTES({TYPE_, .id = "response.usage.details.value.type", .says = "each count of a breakdown is a non-negative integer"}, \
           {MIN_, .id = "response.usage.details.value.type", .says = "each count of a breakdown is a non-negative integer"})}
#define KNOWN_COUNTS_ONLY \
    NOTES({UNKNOWN_, .id = "response.usage.details.known_members", \
           .says = "the breakdowns of usage have only counts that the profile knows"})

static const struct field prompt_counts[] = {
    COUNT("cached_tokens", 0, "tokens of the prompt that came from the cache"),
    COUNT("audio_tokens", 0, "tokens of audio in the prompt"),
    COUNT("text_tokens", CC_OPENAI, "tokens of text in the prompt"),
    COUNT("image_tokens", CC_OPENAI, "tokens of images in the prompt"),
    COUNT("cache_write_tokens", CC_OPENAI, "tokens of the prompt that were written to the cache"),
    {0},
};

static const struct field completion_counts[] = {
    COUNT("reasoning_tokens", 0, "tokens that the model spent on reasoning"),
    COUNT("audio_tokens", 0, "tokens of generated audio"),
    COUNT("accepted_prediction_tokens", 0, "predicted tokens that the completion has"),
    COUNT("rejected_prediction_tokens", 0, "predicted tokens that the completion lacks; they are paid for all the same"),
    COUNT("text_tokens", CC_OPENAI, "tokens of generated text"),
    {0},
};

static const struct shape prompt_details = {
    .ref = "openai:CompletionUsage.prompt_tokens_details", .fields = prompt_counts, KNOWN_COUNTS_ONLY, .sample = "{}"};
static const struct shape completion_details = {
    .ref = "openai:CompletionUsage.completion_tokens_details", .fields = completion_counts, KNOWN_COUNTS_ONLY, .sample = "{}"};

/* A total is one promise too: an integer, and not below zero. */
#define TOTAL(name, sample_, what) \
    {name, REQUIRED, .is = INT, BETWEEN(0, NONE), .says = what, .sample = sample_, \
     NOTES({TYPE_, .id = "response.usage." name ".type", .says = name " is a non-negative integer"}, \
           {MIN_, .id = "response.usage." name ".type", .says = name " is a non-negative integer"})}

static const struct field fields[] = {
    TOTAL("prompt_tokens", "9", "tokens of the prompt"),
    TOTAL("completion_tokens", "9", "tokens that were generated, all choices together"),
    TOTAL("total_tokens", "18", "prompt and completion together"),
    {"prompt_tokens_details", .is = OBJ, .shape = &prompt_details, .says = "what the prompt's tokens are"},
    {"completion_tokens_details", .is = OBJ, .shape = &completion_details, .says = "what the completion's tokens are"},
    {0},
};

static bool prompt_has_tokens(struct ask *ask) { return integer_of(get(ask->self, "prompt_tokens"), 1) != 0; }

static bool total_is_sum(struct ask *ask)
{
    long long prompt = integer_of(get(ask->self, "prompt_tokens"), 0), completion = integer_of(get(ask->self, "completion_tokens"), 0);
    struct view total = get(ask->self, "total_tokens");
    if (prompt > LLONG_MAX - completion || integer_of(total, 0) == prompt + completion) return true;
    say(ask, "%lld + %lld is %lld, not %lld", prompt, completion, prompt + completion, integer_of(total, 0));
    return blame(ask, total);
}

/* No part is larger than the whole. */
static bool parts_fit(struct ask *ask, const char *details, const char *const *parts, const char *whole)
{
    long long most = integer_of(get(ask->self, whole), LLONG_MAX);
    for (; *parts; parts++) {
        struct view part = get(get(ask->self, details), *parts);
        if (integer_of(part, 0) <= most) continue;
        say(ask, "%s is %lld, %s is %lld", *parts, integer_of(part, 0), whole, most);
        return blame(ask, part);
    }
    return true;
}

static bool prompt_parts_fit(struct ask *ask)
{
    static const char *const parts[] = {"cached_tokens", "audio_tokens", NULL};
    return parts_fit(ask, "prompt_tokens_details", parts, "prompt_tokens");
}

static bool completion_parts_fit(struct ask *ask)
{
    static const char *const parts[] = {
        "reasoning_tokens", "audio_tokens", "accepted_prediction_tokens", "rejected_prediction_tokens", NULL};
    return parts_fit(ask, "completion_tokens_details", parts, "completion_tokens");
}

/* Judged only when all three are given: a partial breakdown promises nothing. */
static bool prompt_parts_add_up(struct ask *ask)
{
    static const char *const parts[] = {"text_tokens", "image_tokens", "audio_tokens", NULL};
    struct view details = get(ask->self, "prompt_tokens_details");
    double sum = 0;
    for (const char *const *part = parts; *part; part++) {
        if (!is(get(details, *part), INT)) return true;
        sum += number_of(get(details, *part), 0);
    }
    double prompt = number_of(get(ask->self, "prompt_tokens"), 0);
    return sum == prompt || say(ask, "the parts add up to %.0f, prompt_tokens is %.0f", sum, prompt);
}

static const struct rule rules[] = {
    {.id = "response.usage.total_is_sum", .holds = total_is_sum, .level = CC_MUST,
     .says = "total_tokens is prompt_tokens plus completion_tokens", .ref = "openai:CompletionUsage.total_tokens",
     .when = "total_tokens", READS("total_tokens", "prompt_tokens", "completion_tokens"),
     .good = JSON({"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}),
     .bad = JSON({"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 20})},
    {.id = "response.usage.prompt_positive", .holds = prompt_has_tokens, .level = CC_SHOULD,
     .says = "prompt_tokens is at least 1, as no prompt is empty", .ref = "newapi:usage.prompt_tokens",
     .when = "prompt_tokens", READS("prompt_tokens"),
     .good = JSON({"prompt_tokens": 1, "completion_tokens": 9, "total_tokens": 10}),
     .bad = JSON({"prompt_tokens": 0, "completion_tokens": 9, "total_tokens": 9})},
    {.id = "response.usage.cached_le_prompt", .holds = prompt_parts_fit, .level = CC_MUST,
     .says = "cached and audio tokens of the prompt are not more than prompt_tokens", .ref = "newapi:usage.prompt_tokens_details",
     .when = "prompt_tokens_details",
     READS("prompt_tokens_details/cached_tokens", "prompt_tokens_details/audio_tokens", "prompt_tokens"),
     .good = JSON({"prompt_tokens_details": {"cached_tokens": 9, "audio_tokens": 0}}),
     .bad = JSON({"prompt_tokens_details": {"cached_tokens": 10, "audio_tokens": 0}})},
    {.id = "response.usage.reasoning_le_completion", .holds = completion_parts_fit, .level = CC_MUST,
     .says = "reasoning, audio and prediction tokens are each not more than completion_tokens",
     .ref = "openai:CompletionUsage.completion_tokens_details", .when = "completion_tokens_details",
     READS("completion_tokens_details/reasoning_tokens", "completion_tokens_details/audio_tokens",
           "completion_tokens_details/accepted_prediction_tokens", "completion_tokens_details/rejected_prediction_tokens",
           "completion_tokens"),
     .good = JSON({"completion_tokens_details": {"reasoning_tokens": 9}}),
     .bad = JSON({"completion_tokens_details": {"reasoning_tokens": 10}})},
    {.id = "response.usage.details_sum", .holds = prompt_parts_add_up, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "text, image and audio tokens of the prompt, when all are given, add up to prompt_tokens",
     .ref = "openai:CompletionUsage.prompt_tokens_details", .when = "prompt_tokens_details",
     READS("prompt_tokens_details/text_tokens", "prompt_tokens_details/image_tokens", "prompt_tokens_details/audio_tokens", "prompt_tokens"),
     .good = JSON({"prompt_tokens_details": {"text_tokens": 4, "image_tokens": 3, "audio_tokens": 2}}),
     .bad = JSON({"prompt_tokens_details": {"text_tokens": 4, "image_tokens": 3, "audio_tokens": 1}})},
    {0},
};

const struct shape usage_shape = {
    .name = "response.usage",
    .ref = "openai:CompletionUsage",
    .fields = fields,
    .rules = rules,
    NOTES({UNKNOWN_, .id = "response.usage.extra_members", .says = "usage has only counts that the profile knows",
           .because = "gateways add counts of their own (input_tokens, output_tokens)"}),
    .sample = JSON({"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}),
};
