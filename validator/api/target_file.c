/* target_file.c: what a target file may say: where an endpoint is, how to speak to it, and what is known of it.
 *
 * A key never stands in it, only the name of the environment variable that holds the key. */
#include "validator/api/file_forms.h"
#include "validator/api/forms.h"
#include "validator/api/tables.h"

#include <string.h>

/* --- forms */

/* http or https with a host; no user, no query (that has a member of its own) and no fragment. */
static bool is_base_url(const char *text, size_t length)
{
    return text_is_web_url(text, length) && !memchr(text, '@', length) && !memchr(text, '?', length) && !memchr(text, '#', length) &&
           !memchr(text, ' ', length);
}

static bool is_path(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] <= ' ' || text[i] == 0x7F || text[i] == '#' || text[i] == '?') return false;
    return length > 0 && text[0] == '/';
}

static bool is_upper_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool letter = ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z') || text[i] == '_';
        if (!letter && (i == 0 || text[i] < '0' || text[i] > '9')) return false;
    }
    return length > 0;
}

/* 60/m: so many in a second, minute or hour. */
static bool is_rate(const char *text, size_t length)
{
    size_t digits = 0;
    while (digits < length && text[digits] >= '0' && text[digits] <= '9') digits++;
    return digits > 0 && digits <= 6 && length == digits + 2 && text[digits] == '/' && memchr("smh", text[digits + 1], 3) != NULL;
}

static const struct form base_url_form = {.name = "form", .holds = is_base_url,
                                          .says = "is an http or https URL without user, query and fragment",
                                          .good = "http://127.0.0.1:8080/v1", .bad = "127.0.0.1:8080"};
static const struct form path_form = {.name = "form", .pattern = "^/[^\\x00-\\x20#?\\x7F]*$", .holds = is_path,
                                      .says = "begins with a slash and has no blanks and no query", .good = "/chat/completions",
                                      .bad = "chat"};
static const struct form env_form = {.name = "form", .pattern = "^[A-Za-z_][A-Za-z0-9_]*$", .holds = is_upper_name,
                                     .says = "is the name of an environment variable, never a key itself", .good = "OPENAI_API_KEY",
                                     .bad = "sk-123"};
static const struct form rate_form = {.name = "form", .pattern = "^[0-9]{1,6}/[smh]$", .holds = is_rate, .says = "is a rate such as 60/m",
                                      .good = "60/m", .bad = "60"};

/* --- rows */

static const struct field limit_fields[] = {
    {"rpm", .is = INT, BETWEEN(1, 1000000), .says = "requests in a minute"},
    {"tpm", .is = INT, BETWEEN(1, 1000000000), .says = "tokens in a minute"},
    {0},
};
static const struct shape limit_shape = {.ref = "interface:target.limits", .fields = limit_fields, .sample = "{}"};

static const struct field price_fields[] = {
    {"in", .is = NUM, BETWEEN(0, 100000), .says = "of a million input tokens"},
    {"out", .is = NUM, BETWEEN(0, 100000), .says = "of a million output tokens"},
    {0},
};
static const struct shape price_shape = {.ref = "interface:target.price", .fields = price_fields, .sample = "{}"};

static const struct field timeout_fields[] = {
    {"connect", .is = NUM, BETWEEN(0.001, 60), .says = "seconds for name, connection and TLS"},
    {"first", .is = NUM, BETWEEN(0.001, 600), .says = "seconds until the first byte of the answer"},
    {"idle", .is = NUM, BETWEEN(0.001, 600), .says = "seconds between two reads"},
    {"total", .is = NUM, BETWEEN(0.001, 3600), .says = "seconds for all of it"},
    {0},
};
static const struct shape timeout_shape = {.ref = "interface:target.timeouts", .fields = timeout_fields, .sample = "{}"};

#define TEXTS .is = ARR, ITEMS(1, 100), EACH(.is = STR, CHARS(1, 200))

static const struct field fields[] = {
    {"base_url", REQUIRED, .is = STR, FORMS(&base_url_form), .says = "what /chat/completions is added to",
     .sample = "\"http://127.0.0.1:8080/v1\""},
    {"path", .is = STR, FORMS(&path_form), .says = "instead of /chat/completions"},
    {"query", .is = OBJ, VALUES(.is = STR), .says = "added to each URL", .sample = "{\"api-version\": \"2024-10-21\"}"},
    {"model", .is = STR, CHARS(1, 256), .says = "what ${model} stands for"},
    {"auth", .is = STR, WORDS(W("bearer"), W("api-key"), W("none")), .says = "how the key is sent; bearer unless said otherwise"},
    {"api_key_env", .is = STR, FORMS(&env_form), .says = "the environment variable with the key"},
    {"headers", .is = OBJ, KEYS(&header_name_form), VALUES(.is = STR, FORMS(&header_value_form)), .says = "sent with each request",
     .sample = "{\"X-Test\": \"1\"}"},
    {"capabilities", .is = OBJ, KEYS(&plain_name_form), VALUES(.is = BOOL | STR, WORDS(W("silent"))),
     .says = "what the target can do, refuses (false), or ignores silently (silent)",
     .sample = "{\"stream\": true}"},
    {"profile", .is = STR, WORDS(W("openai"), W("newapi"), W("openai-2026-08"), W("newapi-2025-10")), .says = "which requirements apply"},
    {"allow", TEXTS, .says = "ids of rules whose findings are tolerated"},
    {"limits", .is = OBJ, .shape = &limit_shape, .says = "what the provider allows"},
    {"price", .is = OBJ, .shape = &price_shape, .says = "for the estimate of a run's cost"},
    {"timeouts", .is = OBJ, .shape = &timeout_shape},
    {"probe", .is = BOOL, .says = "find out first what the target can do"},
    {"jobs", .is = INT, BETWEEN(1, 64), .says = "cases at a time"},
    {"rate", .is = STR, FORMS(&rate_form), .says = "requests at most"},
    {"attempts", .is = INT, BETWEEN(1, 10), .says = "tries for what may be retried"},
    {"repeat", .is = INT, BETWEEN(1, 100), .says = "runs of each case"},
    {"seed", .is = INT, BETWEEN(0, 4294967295)},
    {"fail_fast", .is = INT, BETWEEN(1, 10000), .says = "stop after so many failures"},
    {"max_requests", .is = INT, BETWEEN(1, 1000000)},
    {"max_tokens", .is = INT, BETWEEN(1, 1000000000)},
    {"max_time", .is = NUM, BETWEEN(1, 86400), .says = "seconds for the whole run"},
    {"insecure", .is = BOOL, .says = "do not verify the certificate"},
    {"ca", .is = STR, CHARS(1, 4096), .says = "a file with certificates to trust"},
    {"proxy", .is = STR, FORMS(&base_url_form)},
    {"fail_on", .is = STR, WORDS(W("must"), W("should"), W("portability"), W("flaky"), W("warning"), W("never"))},
    {"report", TEXTS, .says = "FORMAT=PATH"},
    {"skip", TEXTS, .says = "globs of cases to leave out"},
    {"tag", TEXTS, .says = "only cases with one of these"},
    {0},
};

const struct shape target_shape = {
    .ref = "interface:target",
    .fields = fields,
    NOTES({UNKNOWN_, CC_MUST, .says = "only the keys of the format stand here"}, {NULL_, CC_MUST}, {LEXICAL_, CC_MUST}),
    .sample = JSON({"base_url": "http://127.0.0.1:8080/v1"}),
};
