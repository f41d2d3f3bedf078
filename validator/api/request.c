/* request.c: the body of a chat completion request: its parameters, and the small objects that some of them are. Messages, tools and
 * formats have files of their own; what must hold between parameters stands in request_rules.c. */
#include "validator/api/forms.h"
#include "validator/api/request.h"

/* --- audio: how the answer is spoken */

/* The documents differ: each has voices that the other lacks, and the current one takes any name. */
#define VOICE_NOTES \
    NOTES({WORD_, CC_PORTABILITY, .says = "audio.voice is one of the built-in voices"}, \
          {TYPE_, .profiles = CC_OPENAI, .id = "request.audio.voice.type.openai", \
           .says = "audio.voice is a string, or an object with the id of a custom voice"})

#define VOICE_ID_SAYS "a custom voice has id, a string, and no other member"

static const struct field voice_fields[] = {
    {"id", REQUIRED, .is = STR, .says = "a custom voice", .sample = "\"voice_1234\"",
     NOTES({REQUIRED_, .profiles = CC_OPENAI, .id = "request.audio.voice.custom.id", .says = VOICE_ID_SAYS},
           {TYPE_, .profiles = CC_OPENAI, .id = "request.audio.voice.custom.id", .says = VOICE_ID_SAYS})},
    {0},
};

static const struct shape voice_shape = {
    .ref = "openai:VoiceIdsOrCustomVoice",
    .fields = voice_fields,
    NOTES({UNKNOWN_, CC_MUST, CC_OPENAI, .id = "request.audio.voice.custom.id", .says = VOICE_ID_SAYS}),
    .sample = JSON({"id": "voice_1234"}),
};

static bool voice_is_a_name(struct ask *ask) { return is(get(ask->self, "voice"), STR); }

static const struct rule audio_rules[] = {
    {"request.audio.voice.type.newapi", voice_is_a_name, CC_MUST, CC_NEWAPI, .says = "audio.voice is a string", .ref = "newapi:audio",
     .when = "voice", READS("voice"), .good = JSON({"voice": "alloy"}), .bad = JSON({"voice": {"id": "voice_1234"}})},
    {0},
};

static const struct field audio_fields[] = {
    {"format", REQUIRED, .is = STR, .says = "how the sound is encoded", .sample = "\"pcm16\"",
     WORDS(W("wav"), W("aac", CC_OPENAI), W("mp3"), W("flac"), W("opus"), W("pcm16"))},
    {"voice", REQUIRED | NULL_IS_MISSING, .is = STR | OBJ, .shape = &voice_shape, .says = "who speaks", .sample = "\"alloy\"", VOICE_NOTES,
     WORDS(W("alloy"), W("ash"), W("ballad"), W("coral"), W("echo"), W("fable"), W("nova"), W("onyx"), W("sage"), W("shimmer"),
           W("verse", CC_OPENAI), W("marin", CC_OPENAI), W("cedar", CC_OPENAI))},
    {0},
};

static const struct shape audio_shape = {
    .ref = "openai:CreateChatCompletionRequest.audio",
    .fields = audio_fields,
    .rules = audio_rules,
    .sample = JSON({"format": "pcm16", "voice": "alloy"}),
};

/* --- prediction: what much of the answer will be */

static const struct field prediction_fields[] = {
    {"type", REQUIRED, .is = STR, WORDS(W("content")), .says = "always content",
     NOTES({WORD_, .id = "request.prediction.type_member.enum"})},
    {"content", REQUIRED, .is = STR | ARR, ITEMS(1, NONE), PARTS(W("text")), .says = "the text that is expected", .sample = "\"Hello\"",
     EACH(.is = OBJ, .pick = &part_by_type,
          NOTES({TYPE_, .id = "request.content_part.type_object", .says = "each element of an array content is an object"}))},
    {0},
};

static const struct shape prediction_shape = {
    .ref = "openai:PredictionContent", .fields = prediction_fields, .sample = JSON({"type": "content", "content": "Hello"})};

/* --- stream options */

static const struct field stream_fields[] = {
    {"include_usage", .is = BOOL, .says = "whether a last chunk tells the usage"},
    {"include_obfuscation", .is = BOOL, .profiles = CC_OPENAI, .says = "whether chunks are padded against eavesdroppers"},
    {0},
};

static const struct shape stream_options_shape = {
    .ref = "openai:ChatCompletionStreamOptions", .fields = stream_fields, .sample = JSON({"include_usage": true})};

/* --- prompt caching */

static const struct field cache_fields[] = {
    {"ttl", .is = STR, WORDS(W("30m")), .says = "how long what is cached lives at least",
     NOTES({WORD_, .id = "request.prompt_cache_options.ttl.enum"})},
    {"mode", .is = STR, WORDS(W("implicit"), W("explicit")), .says = "whether a breakpoint is set by itself"},
    {0},
};

static const struct shape cache_shape = {
    .ref = "openai:PromptCacheOptionsParam",
    .fields = cache_fields,
    NOTES({UNKNOWN_, .id = "request.prompt_cache_options.members", .says = "prompt_cache_options has only ttl and mode",
           .ref = "observed:api.openai.com"}),
    .sample = JSON({"ttl": "30m"}),
};

/* --- moderation */

#define MODE ONE_ID("request.moderation.policy.mode.enum", "a side of the moderation policy has mode, which is score or block")

static const struct field side_fields[] = {
    {"mode", REQUIRED, .is = STR, WORDS(W("score"), W("block")), .says = "whether what is flagged is only scored, or blocked", MODE}, {0}};

static const struct shape side_shape = {
    .name = "request.moderation.policy", .ref = "openai:ModerationConfigParam", .fields = side_fields, .sample = JSON({"mode": "score"})};

#define SIDE_NOTES NOTES({TYPE_, .says = "moderation.policy.input and moderation.policy.output are objects or null"})

static const struct field policy_fields[] = {
    {"input", .is = OBJ | NIL, .shape = &side_shape, .as = "side", .says = "for what is sent", SIDE_NOTES},
    {"output", .is = OBJ | NIL, .shape = &side_shape, .as = "side", .says = "for what is answered", SIDE_NOTES},
    {0},
};

static const struct shape policy_shape = {
    .ref = "openai:ModerationPolicyParam", .fields = policy_fields, .sample = JSON({"input": {"mode": "score"}})};

static const struct field moderation_fields[] = {
    {"model", REQUIRED, .is = STR, .says = "the moderation model", .sample = "\"omni-moderation-latest\"",
     ONE_ID("request.moderation.model.required", "moderation has model, a string")},
    {"policy", .is = OBJ | NIL, .shape = &policy_shape, .says = "what to do with what is flagged"},
    {0},
};

static const struct shape moderation_options_shape = {
    .ref = "openai:ModerationParam", .fields = moderation_fields, .sample = JSON({"model": "omni-moderation-latest"})};

/* --- the deprecated choice of a function */

static const struct field function_choice_fields[] = {
    {"name", REQUIRED, .is = STR, .says = "the function to call", .sample = "\"get_weather\"",
     ONE_ID("request.function_call.name.required", "an object function_call has name, a string")},
    {0},
};

static const struct shape function_choice_shape = {
    .ref = "openai:ChatCompletionFunctionCallOption", .fields = function_choice_fields, .sample = JSON({"name": "get_weather"})};

/* --- the body */

static const struct form model_form = {
    .name = "non_empty", .pattern = "[^\\x09-\\x0D ]", .holds = text_says_something,
    .says = "has at least one character that is no white space",
    .ref = "observed:api.openai.com", .good = "gpt-4o-mini", .bad = " "};

#define TOOLS JSON({"tools": [{"type": "function", "function": {"name": "get_weather"}}]})
#define STREAM JSON({"stream": true})

static const struct field fields[] = {
    {"model", REQUIRED | NULL_IS_MISSING, .is = STR, FORMS(&model_form, &trimmed_form), .says = "which model answers"},
    {"messages", REQUIRED, .is = ARR, ITEMS(1, NONE), EACH(.is = OBJ, .pick = &message_by_role), .says = "the conversation so far",
     .sample = JSON([{"role": "user", "content": "Hello"}])},

    {"store", .is = BOOL | NIL, .says = "whether the answer is kept; false when absent"},
    {"metadata", .is = OBJ, MEMBERS(16), KEY_CHARS(64), VALUES(.is = STR, CHARS(0, 512)), .says = "notes to keep with the answer",
     .sample = JSON({"topic": "greeting"}), .beside = JSON({"store": true}), .ref = "openai:Metadata",
     NOTES({NULL_, .profiles = CC_NEWAPI, .id = "request.metadata.not_null", .says = "metadata is left out rather than null",
            .ref = "newapi:metadata",
            .because = "one document types it as a plain map, the other takes null"})},

    {"temperature", .is = NUM | NIL, BETWEEN(0, 2), .says = "how freely the next token is drawn; 1 when absent",
     .ref = "openai:ModelResponseProperties.temperature"},
    {"top_p", .is = NUM | NIL, BETWEEN(0, 1), .says = "the share of likeliest tokens to draw from; 1 when absent",
     .ref = "openai:ModelResponseProperties.top_p"},
    {"presence_penalty", .is = NUM | NIL, BETWEEN(-2, 2), .says = "how much to avoid tokens that appeared"},
    {"frequency_penalty", .is = NUM | NIL, BETWEEN(-2, 2), .says = "how much to avoid tokens that appeared often"},
    {"logit_bias", .is = OBJ | NIL, KEYS(&token_id_form), .says = "makes single tokens more or less likely",
     .sample = JSON({"50256": -100}),
     VALUES(.is = NUM, BETWEEN(-100, 100), .sample = "-100",
            NOTES({TYPE_, .id = "request.logit_bias.value.type.number", .says = "each value of logit_bias is a number"}))},
    {"n", .is = INT | NIL, BETWEEN(1, 128), .says = "how many answers; 1 when absent"},
    {"seed", .is = INT | NIL, .says = "repeats an answer as far as possible", .sample = "42", NOTES({DEPRECATED_, .profiles = CC_OPENAI})},
    {"stop", .is = STR | ARR | NIL, ITEMS(1, 4), .says = "where the answer ends", .sample = "\"END\"", .ref = "openai:StopConfiguration",
     EACH(.is = STR, CHARS(1, NONE), .sample = "\"END\"", NOTES({MIN_CHARS_, CC_PORTABILITY}))},
    /* 1073741823: New API refuses half of the largest 32-bit integer and more. */
    {"max_tokens", .is = INT | NIL, BETWEEN(1, 1073741823), .says = "how long the answer may be", .sample = "16",
     NOTES({MIN_, .id = "request.max_tokens.min", .says = "max_tokens is at least 1", .ref = "observed:api.openai.com", .bad = "0"},
           {MAX_, CC_PORTABILITY, CC_NEWAPI, .id = "request.max_tokens.gateway_max", .says = "max_tokens is at most 1073741823",
            .ref = "observed:New API",
            .bad = "1073741824"},
           {DEPRECATED_})},
    {"max_completion_tokens", .is = INT | NIL, BETWEEN(1, NONE), .says = "how long the answer may be, reasoning included", .sample = "16",
     NOTES({MIN_, .ref = "observed:api.openai.com"})},

    {"logprobs", .is = BOOL | NIL, .says = "whether the likelihood of each token is told; false when absent"},
    {"top_logprobs", .is = INT | NIL, BETWEEN(0, 20), .says = "how many alternatives of each token are told",
     .beside = JSON({"logprobs": true})},

    {"stream", .is = BOOL | NIL, .says = "whether the answer comes as events; false when absent"},
    {"stream_options", .is = OBJ | NIL, .shape = &stream_options_shape, .says = "what the stream tells", .beside = STREAM},

    {"response_format", .is = OBJ, .pick = &format_by_type, .says = "what the answer must look like; text when absent",
     .beside = JSON({"messages": [{"role": "user", "content": "Answer in JSON"}]})},
    {"modalities", .is = ARR | NIL, ITEMS(1, NONE), EACH(.is = STR, WORDS(W("text"), W("audio"))),
     .says = "what the answer is made of; text when absent",
     .sample = JSON(["text"]), .ref = "openai:ResponseModalities", NOTES({MIN_ITEMS_, CC_SHOULD})},
    {"audio", .is = OBJ | NIL, .shape = &audio_shape, .says = "how the answer is spoken",
     .beside = JSON({"modalities": ["text", "audio"]})},
    {"prediction", .is = OBJ | NIL, .shape = &prediction_shape, .says = "what much of the answer will be"},

    {"tools", .is = ARR, ITEMS(1, 128), EACH(.is = OBJ, .pick = &tool_by_type), .says = "what the model may call",
     NOTES({MIN_ITEMS_, CC_PORTABILITY, .ref = "observed:other providers", .because = "no document has a bound; some servers refuse []"},
           {MAX_ITEMS_, .ref = "newapi:tools", .because = "the official document dropped the sentence, its endpoint kept the limit"})},
    {"tool_choice", .is = STR | OBJ, WORDS(W("none"), W("auto"), W("required")), .pick = &choice_by_type, .beside = TOOLS,
     .says = "whether and what the model must call", NOTES({WORD_, .id = "request.tool_choice.mode.enum"})},
    {"parallel_tool_calls", .is = BOOL, .says = "whether several tools may be called at once; true when absent", .beside = TOOLS},
    {"functions", .is = ARR, ITEMS(1, 128), EACH(.is = OBJ, .shape = &function_item_shape), .says = "what tools replaced",
     NOTES({DEPRECATED_})},
    {"function_call", .is = STR | OBJ, WORDS(W("none"), W("auto")), .shape = &function_choice_shape, .says = "what tool_choice replaced",
     .beside = JSON({"functions": [{"name": "get_weather"}]}), NOTES({WORD_, .id = "request.function_call.mode.enum"}, {DEPRECATED_})},
    {"web_search_options", .is = OBJ, .shape = &web_search_shape, .says = "searches the web for the answer"},

    {"reasoning_effort", .is = STR | NIL, .says = "how long to think before answering", .ref = "openai:ReasoningEffort",
     WORDS(W("none", CC_OPENAI), W("minimal", CC_OPENAI), W("low"), W("medium"), W("high"), W("xhigh", CC_OPENAI), W("max", CC_OPENAI))},
    {"verbosity", .is = STR | NIL, WORDS(W("low"), W("medium"), W("high")), .profiles = CC_OPENAI, .says = "how many words to make",
     .ref = "openai:Verbosity"},
    {"service_tier", .is = STR | NIL, .says = "at what price and pace", .ref = "openai:ServiceTier",
     WORDS(W("auto"), W("default"), W("flex"), W("priority", CC_OPENAI), W("fast", CC_OPENAI),
           W("scale", CC_OPENAI, CC_PORTABILITY, "request.service_tier.scale_request",
             "service_tier is not scale, which is in the document but refused in requests", "observed:api.openai.com"))},
    {"user", .is = STR, .says = "who asks, for the provider's records", .sample = "\"user-1\"",
     .ref = "openai:ModelResponseProperties.user",
     NOTES({DEPRECATED_, .profiles = CC_OPENAI})},
    {"safety_identifier", .is = STR | NIL, CHARS(0, 64), .profiles = CC_OPENAI, .says = "who asks, as a stable hash",
     .sample = "\"user-1\"",
     .ref = "openai:ModelResponseProperties.safety_identifier"},
    {"prompt_cache_key", .is = STR | NIL, CHARS(0, 64), .profiles = CC_OPENAI, .says = "brings requests with the same beginning together",
     .sample = "\"chat-1\"",
     .ref = "openai:ModelResponseProperties.prompt_cache_key", NOTES({MAX_CHARS_, .ref = "observed:api.openai.com, 2026-07"})},
    {"prompt_cache_options", .is = OBJ, .shape = &cache_shape, .profiles = CC_OPENAI, .says = "how beginnings of prompts are kept",
     .ref = "openai:PromptCacheOptionsParam"},
    {"prompt_cache_retention", .is = STR | NIL, WORDS(W("in_memory"), W("24h")), .profiles = CC_OPENAI,
     .says = "what prompt_cache_options.ttl replaced",
     .ref = "openai:ModelResponseProperties.prompt_cache_retention", NOTES({DEPRECATED_})},
    {"moderation", .is = OBJ | NIL, .shape = &moderation_options_shape, .profiles = CC_OPENAI,
     .says = "has question and answer judged by a moderation model"},
    {0},
};

const struct shape request_shape = {
    .ref = "openai:CreateChatCompletionRequest",
    .fields = fields,
    .rules = request_rules,
    NOTES({UNKNOWN_, .id = "request.body.unknown_member", .says = "the request has only parameters that the profile knows",
           .ref = "observed:api.openai.com"},
          {UNKNOWN_, .below = true, .id = "request.body.nested_unknown_member", .says = "objects in the request have only known members",
           .ref = "observed:api.openai.com"},
          {NULL_, .id = "request.body.null_optional", .says = "a member that is not nullable is left out rather than null",
           .ref = "openai:CreateChatCompletionRequest"},
          {LEXICAL_, .id = "request.body.integer_lexical", .says = "an integer is written without fraction and exponent",
           .ref = "observed:servers that are not JavaScript"}),
    .sample = JSON({"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}),
};
