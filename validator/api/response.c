/* response.c: the chat.completion object. Its ids begin with "response" wherever it stands: pages of stored completions are made of it. */
#include "validator/api/answer.h"
#include "validator/api/choice.h"
#include "validator/api/distinct.h"

#include <string.h>

static bool is_chatcmpl(const char *text, size_t length) { return length >= 9 && memcmp(text, "chatcmpl-", 9) == 0; }

static const struct form completion_id_form = {
    .name = "prefix", .pattern = "^chatcmpl-", .holds = is_chatcmpl, .level = CC_PORTABILITY, .says = "begins with chatcmpl-",
    .ref = "openai:examples", .good = "chatcmpl-1", .bad = "gen-1"};

#define SECONDS_NOTE "created counts seconds since 1970: positive and below 10^11, as larger values are milliseconds"

static const struct field fields[] = {
    {"id", REQUIRED, .is = STR, CHARS(1, NONE), FORMS(&completion_id_form), .says = "names the completion", .sample = "\"chatcmpl-1\"",
     NOTES({TYPE_, .id = "response.id.type", .says = "id is a non-empty string"},
           {MIN_CHARS_, .id = "response.id.type", .says = "id is a non-empty string"})},
    {"object", REQUIRED, .is = STR, WORDS(W("chat.completion"))},
    {"created", REQUIRED, .is = INT, BETWEEN(1, 99999999999.0), .says = "when, in seconds since 1970", .sample = "1700000000",
     NOTES({MIN_, CC_SHOULD, .id = "response.created.seconds", .says = SECONDS_NOTE},
           {MAX_, CC_SHOULD, .id = "response.created.seconds", .says = SECONDS_NOTE})},
    {"model", REQUIRED, .is = STR, CHARS(1, NONE), .says = "the model that answered", .sample = "\"gpt-4o-mini\"",
     NOTES({TYPE_, .id = "response.model.type", .says = "model is a non-empty string"},
           {MIN_CHARS_, .id = "response.model.type", .says = "model is a non-empty string"})},
    {"choices", REQUIRED, .is = ARR, ITEMS(1, NONE), EACH(.is = OBJ, .shape = &choice_shape), .says = "the answers",
     NOTES({MIN_ITEMS_, CC_SHOULD, .id = "response.choices.non_empty", .says = "choices has at least one answer"})},
    {"usage", REQUIRED, .is = OBJ, .shape = &usage_shape, .says = "how many tokens it took",
     NOTES({REQUIRED_, CC_SHOULD, .id = "response.usage.present", .says = "an answer that is not streamed has usage",
            .because = "optional in the schema, always sent in practice, and clients count on it"})},
    {"service_tier", .is = STR | NIL, .says = "the tier that served it", .sample = "\"default\"",
     WORDS(W("auto"), W("default"), W("flex"), W("scale", CC_OPENAI), W("priority", CC_OPENAI), W("fast", CC_OPENAI)),
     NOTES({WORD_, CC_PORTABILITY, .because = "vendors report tiers of their own"})},
    {"system_fingerprint", .is = STR, .says = "which configuration of the backend answered", .sample = "\"fp_1\"",
     NOTES({NULL_, CC_HABIT, CC_OPENAI, .id = "response.system_fingerprint.not_null",
            .because = "the schema does not allow null, the official endpoint sends it in half of its answers"},
           {DEPRECATED_, CC_HABIT, CC_OPENAI, .because = "the official endpoint always sends it"})},
    {"metadata", .is = OBJ | NIL, VALUES(.is = STR), .profiles = CC_OPENAI, .says = "the pairs that the request set",
     .ref = "openai:CreateChatCompletionResponse.metadata"},
    {"moderation", .is = OBJ | NIL, .shape = &moderation_shape, .profiles = CC_OPENAI,
     .says = "what moderation said, when it was asked for"},
    {"error", .says = "belongs to error envelopes", .ref = "openai:ErrorResponse"},
    {0},
};

static bool error_is_absent(struct ask *ask) { return !is_set(get(ask->self, "error")); }

/* What a request may ask for is not always a tier that serves it. */
static bool tier_is_resolved(struct ask *ask)
{
    struct view tier = get(ask->self, "service_tier");
    return !text_is(tier, "auto") && !text_is(tier, "fast");
}

static bool indexes_differ(struct ask *ask)
{
    struct view repeated = repeated_value(ask, get(ask->self, "choices"), "index");
    return !there(repeated) || blame(ask, repeated);
}

static bool indexes_count_up(struct ask *ask)
{
    struct view choices = get(ask->self, "choices");
    long long expected = 0;
    for (EVERY(choice, choices)) {
        struct view index = get(choice, "index");
        if (integer_of(index, expected) != expected) return blame(ask, index);
        expected++;
    }
    return true;
}

static bool audio_outlives_answer(struct ask *ask)
{
    double created = number_of(get(ask->self, "created"), 0);
    struct view choices = get(ask->self, "choices");
    for (EVERY(choice, choices)) {
        struct view expires = get_path(choice, "message/audio/expires_at");
        if (is(expires, INT) && number_of(expires, 0) <= created) return blame(ask, expires);
    }
    return true;
}

/* Reasoning tokens have no log probabilities, so there may be fewer than completion_tokens, never more. */
static bool logprobs_fit_completion(struct ask *ask)
{
    struct view choices = get(ask->self, "choices"), completion = get_path(ask->self, "usage/completion_tokens");
    double tokens = 0;
    for (EVERY(choice, choices)) tokens += (double)count(get_path(choice, "logprobs/content"));
    if (tokens <= number_of(completion, tokens)) return true;
    say(ask, "there are log probabilities of %.0f tokens", tokens);
    return blame(ask, completion);
}

#define CHOICE(index) \
    {"index": index, "message": {"role": "assistant", "content": "4", "refusal": null}, "logprobs": null, "finish_reason": "stop"}
#define SPOKEN(until) {"index": 0, "message": {"role": "assistant", "content": null, "refusal": null, "audio": {"id": "audio_1", \
    "data": "UklGRg==", "transcript": "four", "expires_at": until}}, "logprobs": null, "finish_reason": "stop"}
#define TOKEN {"token": "4", "logprob": -0.25, "bytes": [52], "top_logprobs": []}
#define SPELT {"index": 0, "message": {"role": "assistant", "content": "44", "refusal": null}, "finish_reason": "stop", \
    "logprobs": {"content": [TOKEN, TOKEN], "refusal": null}}
#define EXPANDED(...) JSON(__VA_ARGS__)

static const struct rule rules[] = {
    {.id = "response.no_error_member", .holds = error_is_absent, .level = CC_MUST, .says = "a completion has no error member",
     .ref = "openai:ErrorResponse", .when = "error", READS("error"), .good = JSON({"error": null}),
     .bad = JSON({"error": {"message": "m"}}),
     ABSORBS("response.id.required", "response.object.required", "response.created.required", "response.model.required",
             "response.choices.required", "response.usage.present")},
    {.id = "response.service_tier.resolved", .holds = tier_is_resolved, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "service_tier names the tier that served the request; auto and fast are words of requests", .ref = "openai:ServiceTier",
     .when = "service_tier", READS("service_tier"), .good = JSON({"service_tier": "priority"}), .bad = JSON({"service_tier": "fast"})},
    {.id = "response.choices.index.unique", .holds = indexes_differ, .level = CC_MUST, .says = "the choices have different indexes",
     .ref = "openai:CreateChatCompletionResponse.choices.index", .when = "choices", READS("choices/*/index"),
     .good = EXPANDED({"choices": [CHOICE(0), CHOICE(1)]}), .bad = EXPANDED({"choices": [CHOICE(0), CHOICE(0)]}),
     ABSORBS("response.choices.index.contiguous")},
    {.id = "response.choices.index.contiguous", .holds = indexes_count_up, .level = CC_SHOULD,
     .says = "the indexes of the choices count up from 0 in the order of the list",
     .ref = "openai:CreateChatCompletionResponse.choices.index", .when = "choices", READS("choices/*/index"),
     .good = EXPANDED({"choices": [CHOICE(0), CHOICE(1)]}), .bad = EXPANDED({"choices": [CHOICE(1), CHOICE(0)]})},
    {.id = "response.choices.message.audio.expires_after_created", .holds = audio_outlives_answer, .level = CC_SHOULD,
     .says = "audio expires after the answer was created", .ref = "newapi:response.audio.expires_at",
     .when = "choices", READS("choices/*/message/audio/expires_at", "created"),
     .good = EXPANDED({"choices": [SPOKEN(1700000001)]}), .bad = EXPANDED({"choices": [SPOKEN(1700000000)]})},
    {.id = "response.usage.logprobs_count", .holds = logprobs_fit_completion, .level = CC_SHOULD,
     .says = "there are not more tokens with log probabilities than completion_tokens", .ref = "newapi:logprobs-example",
     .when = "usage", READS("usage/completion_tokens", "choices/*/logprobs/content"),
     .good = EXPANDED({"choices": [SPELT], "usage": {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}}),
     .bad = EXPANDED({"choices": [SPELT], "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}})},
    {0},
};

const struct shape response_shape = {
    .name = "response",
    .ref = "openai:CreateChatCompletionResponse",
    .fields = fields,
    .rules = rules,
    NOTES({UNKNOWN_, .id = "response.unknown_member"}, {UNKNOWN_, .id = "response.nested_unknown_member", .below = true}),
    .sample = EXPANDED({"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "gpt-4o-mini",
                        "choices": [CHOICE(0)], "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}}),
};
