/* error.c: the envelope of an error. The forms that other servers use instead are told apart, so that one finding says what is wrong. */
#include "validator/api/tables.h"

#include <string.h>

/* --- forms of the members */

static bool listed(const char *const *words, const char *text, size_t length)
{
    while (*words && (strlen(*words) != length || memcmp(*words, text, length) != 0)) words++;
    return *words != NULL;
}

static const char *const types[] = {
    "invalid_request_error", "authentication_error", "permission_error", "not_found_error", "rate_limit_error", "tokens", "requests",
    "insufficient_quota", "server_error", "api_error", "service_unavailable", "overloaded_error", NULL};
static const char *const gateway_types[] = {
    "new_api_error", "openai_error", "upstream_error", "claude_error", "gemini_error", "midjourney_error", "rerank_error", NULL};
static const char *const codes[] = {
    "missing_required_parameter", "unknown_parameter", "unsupported_parameter", "unsupported_value", "invalid_type", "invalid_value",
    "empty_array", "array_above_max_length", "array_below_min_length", "string_above_max_length", "string_below_min_length",
    "integer_below_min_value", "integer_above_max_value", "decimal_below_min_value", "decimal_above_max_value",
    "object_above_max_properties", "property_name_above_max_length", "invalid_parameter_combination", "invalid_function_parameters",
    "invalid_api_key", "model_not_found", "context_length_exceeded", "insufficient_quota", "rate_limit_exceeded", "server_error",
    "invalid_image_url", "invalid_image_format", "image_parse_error", "invalid_base64", "image_too_large", "content_policy_violation",
    "content_filter", "invalid_prompt", "unknown_url", "invalid_organization", "account_deactivated", "billing_hard_limit_reached",
    "billing_not_active", "unsupported_country_region_territory", "insufficient_permissions", NULL};

static bool is_known_type(const char *text, size_t length) { return listed(types, text, length); }
static bool is_known_code(const char *text, size_t length) { return listed(codes, text, length); }

/* A gateway may repeat an error code as the type. */
static bool is_gateway_type(const char *text, size_t length)
{
    return listed(types, text, length) || listed(gateway_types, text, length) || listed(codes, text, length);
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '$';
}

/* An index in brackets at `at`; its length, or 0. */
static size_t index_at(const char *text, size_t length, size_t at)
{
    size_t end = at;
    if (at >= length || text[at] != '[') return 0;
    do end++;
    while (end < length && text[end] >= '0' && text[end] <= '9');
    return end > at + 1 && end < length && text[end] == ']' ? end + 1 - at : 0;
}

/* messages[0].role; also messages.[0].role, as older servers write it. An empty text points nowhere. */
static bool is_path(const char *text, size_t length)
{
    bool need_step = false; /* a dot was the last */
    for (size_t at = 0; at < length;) {
        size_t index = index_at(text, length, at), name = 0;
        while (at + name < length && is_name_char(text[at + name])) name++;
        if (index == 0 && name == 0) return false;
        if (name > 0 && at > 0 && text[at - 1] != '.') return false;
        at += index ? index : name;
        need_step = at < length && text[at] == '.';
        at += need_step;
    }
    return !need_step;
}

/* A key that is whole: sk- and at least twenty more characters, without the stars or dots that mask one. */
static bool hides_keys(const char *text, size_t length)
{
    enum { WHOLE = 20 };
    for (size_t at = 0; at + 3 <= length; at++) {
        if (memcmp(text + at, "sk-", 3) != 0 || (at > 0 && is_name_char(text[at - 1]))) continue;
        size_t end = at + 3;
        while (end < length && is_name_char(text[end]) && text[end] != '$') end++;
        bool masked = end < length && (text[end] == '*' || text[end] == '.');
        if (end - at - 3 >= WHOLE && !(masked && end + 1 < length && text[end + 1] == text[end])) return false;
        at = end - 1;
    }
    return true;
}

static const struct form known_type_form = {
    .name = "known", .holds = is_known_type, .level = CC_PORTABILITY, .profiles = CC_OPENAI,
    .says = "is one of the words that clients know", .good = "server_error", .bad = "my_error"};
static const struct form gateway_type_form = {
    .name = "known.gateway", .holds = is_gateway_type, .level = CC_PORTABILITY, .profiles = CC_NEWAPI,
    .says = "is one of the words that clients of gateways know", .ref = "observed:QuantumNous/new-api types/error.go",
    .good = "upstream_error", .bad = "my_error"};
static const struct form known_code_form = {
    .name = "known", .holds = is_known_code, .level = CC_PORTABILITY, .says = "is one of the codes that clients know",
    .good = "invalid_value", .bad = "my_code"};
static const struct form path_form = {
    .name = "path", .pattern = "^([\\w$-]+|\\[\\d+\\])(\\.?\\[\\d+\\]|\\.[\\w$-]+)*$|^$", .holds = is_path, .level = CC_PORTABILITY,
    .says = "is a path such as messages[0].role", .ref = "observed:miurla/morphic#136", .good = "messages[0].role",
    .bad = "messages: required"};
static const struct form no_secret_form = {
    .name = "no_secret", .holds = hides_keys, .level = CC_SHOULD, .says = "holds no complete API key",
    .ref = "observed:QuantumNous/new-api types/error.go", .good = "Incorrect API key provided: sk-abcd****wxyz.",
    .bad = "Incorrect API key provided: sk-abcdefghijklmnopqrstuvwxyz."};

static const struct field detail_fields[] = {
    {"message", REQUIRED, .is = STR, CHARS(1, NONE), FORMS(&no_secret_form), .says = "what is wrong, for people",
     .sample = "\"Invalid value.\"",
     NOTES({MIN_CHARS_, CC_SHOULD}, {FORM_, .id = "error.no_secret"})},
    {"type", REQUIRED, .is = STR, FORMS(&known_type_form, &gateway_type_form), .as = "type", .says = "the class of errors",
     .sample = "\"invalid_request_error\""},
    {"param", REQUIRED, FORMS(&path_form), .says = "the parameter that is to blame, null when none is", .sample = "null",
     NOTES({REQUIRED_, CC_PORTABILITY, CC_OPENAI, .because = "Azure and Groq leave it out"})},
    {"code", REQUIRED, FORMS(&known_code_form), .says = "the error, for programs; null when it has no code", .sample = "null",
     NOTES({REQUIRED_, .profiles = CC_OPENAI})},
    {0},
};

static bool has_type(struct ask *ask, struct view value, unsigned wanted)
{
    if (is(value, wanted)) return true;
    if (is(value, STR | NUM)) return say(ask, "it is a %s", is(value, STR) ? "string" : "number");
    return say(ask, "it is %s", is(value, OBJ) ? "an object" : is(value, ARR) ? "an array" : "a boolean");
}

static bool param_is_text(struct ask *ask) { return has_type(ask, get(ask->self, "param"), STR); }
static bool code_is_text(struct ask *ask) { return has_type(ask, get(ask->self, "code"), STR); }
static bool code_is_text_or_number(struct ask *ask) { return has_type(ask, get(ask->self, "code"), STR | NUM); }

static bool text_has(struct text text, const char *part)
{
    size_t length = strlen(part);
    for (size_t at = 0; at + length <= text.length; at++)
        if (memcmp(text.bytes + at, part, length) == 0) return true;
    return false;
}

/* A missing model is not a member like others: it is looked up before the body is validated. */
static bool missing_member_has_form(struct ask *ask)
{
    struct text message = text_of(ask, get(ask->self, "message"));
    struct view param = get(ask->self, "param"), code = get(ask->self, "code");
    if (text_has(message, "must provide a model parameter"))
        return (!is_set(param) && !is_set(code)) || blame(ask, is_set(param) ? param : code);
    if (!text_has(message, "Missing required parameter: 'messages'")) return true;
    if (!text_is(param, "messages")) return blame(ask, param);
    return text_is(code, "missing_required_parameter") || blame(ask, code);
}

static const struct rule detail_rules[] = {
    {.id = "error.param.type.openai", .holds = param_is_text, .level = CC_MUST, .profiles = CC_OPENAI,
     .says = "error.param is a string or null",
     .ref = "openai:Error.param", .when = "param", READS("param"),
     .good = JSON({"param": "messages[0].role"}), .bad = JSON({"param": ["messages"]})},
    {.id = "error.param.type.gateway", .holds = param_is_text, .level = CC_MUST, .profiles = CC_NEWAPI,
     .says = "error.param is a string or null",
     .ref = "observed:QuantumNous/new-api types/error.go", .when = "param", READS("param"),
     .good = JSON({"param": ""}), .bad = JSON({"param": ["messages"]})},
    {.id = "error.code.type.openai", .holds = code_is_text, .level = CC_MUST, .profiles = CC_OPENAI,
     .says = "error.code is a string or null",
     .ref = "openai:Error.code", .when = "code", READS("code"), .good = JSON({"code": "invalid_value"}), .bad = JSON({"code": 400})},
    {.id = "error.code.type.gateway", .holds = code_is_text_or_number, .level = CC_MUST, .profiles = CC_NEWAPI,
     .says = "error.code is a string, a number or null", .ref = "observed:QuantumNous/new-api types/error.go", .when = "code", READS("code"),
     .good = JSON({"code": 400}), .bad = JSON({"code": {"status": 400}})},
    {.id = "error.model_missing_form", .holds = missing_member_has_form, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "a missing model is reported without param and code, missing messages with param messages and code missing_required_parameter",
     .ref = "observed:probes of the official endpoint, 2026-08", .when = "message", READS("message", "param", "code"),
     .good = JSON({"message": "Missing required parameter: 'messages'.", "param": "messages", "code": "missing_required_parameter"}),
     .bad = JSON({"message": "you must provide a model parameter", "param": "model"})},
    {0},
};

static const struct shape detail_shape = {
    .name = "error",
    .ref = "openai:Error",
    .fields = detail_fields,
    .rules = detail_rules,
    NOTES({UNKNOWN_, .id = "error.extra_members", .says = "error has only its four members",
    .because = "gateways and Azure add their own"}),
    .sample = JSON({"message": "Invalid value.", "type": "invalid_request_error", "param": null, "code": null}),
};

#define NOT_BOTH NOTES({TYPE_, CC_SHOULD, .id = "error.no_completion_members", .says = "an error has no choices and no usage", .bad = "[]"})

static const struct field fields[] = {
    {"error", REQUIRED, .is = OBJ, .shape = &detail_shape, .ref = "openai:ErrorResponse.error"},
    {"choices", .is = NIL, .says = "belongs to completions", NOT_BOTH},
    {"usage", .is = NIL, .says = "belongs to completions", NOT_BOTH},
    {0},
};

static bool error_is_not_flat(struct ask *ask)
{
    return is_set(get(ask->self, "error")) || !text_is(get(ask->self, "object"), "error") || !there(get(ask->self, "message"));
}

static bool error_is_not_detail(struct ask *ask) { return is_set(get(ask->self, "error")) || !there(get(ask->self, "detail")); }

static const struct rule rules[] = {
    {.id = "error.legacy_flat", .holds = error_is_not_flat, .level = CC_MUST,
     .says = "the envelope is {\"error\": {...}}, not the flat form {\"object\": \"error\", \"message\": ...}",
     .ref = "observed:voideditor/void#128", READS("object", "message"),
     .good = JSON({"error": {"message": "m", "type": "server_error", "param": null, "code": null}}),
     .bad = JSON({"error": null, "object": "error", "message": "m"}),
     ABSORBS("error.error.required", "error.error.type", "error.top_level_extra")},
    {.id = "error.detail_form", .holds = error_is_not_detail, .level = CC_MUST,
     .says = "the envelope is {\"error\": {...}}, not the form {\"detail\": ...}", .ref = "observed:minoism/freecc#2", READS("detail"),
     .good = JSON({"error": {"message": "m", "type": "server_error", "param": null, "code": null}}),
     .bad = JSON({"error": null, "detail": "m"}),
     ABSORBS("error.error.required", "error.error.type", "error.top_level_extra")},
    {0},
};

const struct shape error_shape = {
    .ref = "openai:ErrorResponse",
    .fields = fields,
    .rules = rules,
    NOTES({UNKNOWN_, .id = "error.top_level_extra", .says = "the envelope has only error", .because = "servers add request_id and id"}),
    .sample = JSON({"error": {"message": "Invalid value.", "type": "invalid_request_error", "param": null, "code": null}}),
};
