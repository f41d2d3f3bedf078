/* http_headers.c: the headers of an answer, each by itself: rate limits, times and dates. */
#include "validator/api/http.h"

#include <string.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static size_t digits_at(const char *text, size_t length, size_t at)
{
    size_t end = at;
    while (end < length && is_digit(text[end])) end++;
    return end - at;
}

static bool is_count(const char *text, size_t length) { return length > 0 && digits_at(text, length, 0) == length; }

/* Letters stand for a letter, 0 for a digit, anything else for itself. */
static bool has_layout(const char *text, size_t length, const char *layout)
{
    for (size_t i = 0; i < length; i++) {
        bool letter = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z');
        char kind = is_digit(text[i]) ? '0' : letter ? 'a' : text[i];
        if (kind != layout[i]) return false;
    }
    return length == strlen(layout);
}

static bool is_delay(const char *text, size_t length)
{
    return is_count(text, length) || has_layout(text, length, "aaa, 00 aaa 0000 00:00:00 aaa");
}
static bool is_date(const char *text, size_t length) { return has_layout(text, length, "0000-00-00"); }

/* The unit of a Go duration at `at`, longest first; its length, or 0. */
static size_t unit_at(const char *text, size_t length, size_t at)
{
    static const char *const units[] = {"ms", "us", "ns", "h", "m", "s"};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t size = strlen(units[i]);
        if (length - at >= size && memcmp(text + at, units[i], size) == 0) return size;
    }
    return 0;
}

/* 1h2m3.5s: numbers, each with a unit. */
static bool is_duration(const char *text, size_t length)
{
    size_t at = 0;
    while (at < length) {
        size_t whole = digits_at(text, length, at);
        at += whole;
        if (whole && at < length && text[at] == '.') at += 1 + digits_at(text, length, at + 1);
        size_t unit = whole ? unit_at(text, length, at) : 0;
        if (!unit) return false;
        at += unit;
    }
    return length > 0;
}

static const struct form count_form = {
    .name = "integer", .pattern = "^[0-9]+$", .holds = is_count, .level = CC_SHOULD, .says = "is a non-negative integer", .good = "60",
    .bad = "1m"};
static const struct form delay_form = {
    .name = "format", .holds = is_delay, .level = CC_SHOULD, .says = "is a whole number of seconds or an HTTP date", .good = "2",
    .bad = "0.5"};
static const struct form duration_form = {
    .name = "duration", .pattern = "^([0-9]+(\\.[0-9]*)?(h|m|s|ms|us|ns))+$", .holds = is_duration, .level = CC_SHOULD,
    .says = "is a duration such as 6m0s", .good = "6m0s", .bad = "soon"};
static const struct form date_form = {
    .name = "date", .pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", .holds = is_date, .level = CC_SHOULD, .says = "is a date as 2020-10-01",
    .good = "2020-10-01", .bad = "v1"};

/* Headers of the official endpoint: other profiles promise nothing about them. Each value of the array is judged. */
#define HEADER(form_, id_, sample_) \
    .profiles = CC_OPENAI, .sample = "[\"" sample_ "\"]", EACH(FORMS(&form_), .sample = "\"" sample_ "\"", NOTES({FORM_, .id = id_}))
#define LIMITS "observed:openai rate limits guide, 2026-06"
#define DUMP "observed:community.openai.com/t/935514"

static const struct field fields[] = {
    {"retry-after", HEADER(delay_form, "http.response.retry_after.format", "2"), .beside = JSON({"status": 429}),
     .ref = "openai:responses.TooManyRequests.headers.Retry-After"},
    {"x-ratelimit-limit-requests", HEADER(count_form, "http.response.ratelimit.limit_requests.integer", "60"), .ref = LIMITS},
    {"x-ratelimit-limit-tokens", HEADER(count_form, "http.response.ratelimit.limit_tokens.integer", "60"), .ref = LIMITS},
    {"x-ratelimit-remaining-requests", HEADER(count_form, "http.response.ratelimit.remaining_requests.integer", "59"), .ref = LIMITS},
    {"x-ratelimit-remaining-tokens", HEADER(count_form, "http.response.ratelimit.remaining_tokens.integer", "59"), .ref = LIMITS},
    {"x-ratelimit-reset-requests", HEADER(duration_form, "http.response.ratelimit.reset_requests.duration", "6m0s"), .ref = LIMITS},
    {"x-ratelimit-reset-tokens", HEADER(duration_form, "http.response.ratelimit.reset_tokens.duration", "20ms"), .ref = LIMITS},
    {"openai-processing-ms", HEADER(count_form, "http.response.openai_processing_ms.integer", "498"), .ref = DUMP},
    {"openai-version", HEADER(date_form, "http.response.openai_version.date", "2020-10-01"), .ref = DUMP},
    {0},
};

/* A header's value as a number; `otherwise` when it is not there or no integer. */
static double count_in(struct ask *ask, const char *name, double otherwise)
{
    struct text text = text_of(ask, header(ask->self, name));
    double number = 0;
    if (!is_count(text.bytes, text.length)) return otherwise;
    for (size_t i = 0; i < text.length; i++) number = number * 10 + (text.bytes[i] - '0');
    return number;
}

static bool remaining_fits_limit(struct ask *ask)
{
    if (count_in(ask, "x-ratelimit-remaining-requests", 0) > count_in(ask, "x-ratelimit-limit-requests", NONE))
        return blame(ask, get(ask->self, "x-ratelimit-remaining-requests"));
    return count_in(ask, "x-ratelimit-remaining-tokens", 0) <= count_in(ask, "x-ratelimit-limit-tokens", NONE) ||
           blame(ask, get(ask->self, "x-ratelimit-remaining-tokens"));
}

static const struct rule rules[] = {
    {.id = "http.response.ratelimit.remaining_le_limit", .holds = remaining_fits_limit, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "what remains of a rate limit is not more than the limit", .ref = LIMITS,
     .good = JSON({"x-ratelimit-limit-tokens": ["60"], "x-ratelimit-remaining-tokens": ["60"]}),
     .bad = JSON({"x-ratelimit-limit-tokens": ["60"], "x-ratelimit-remaining-tokens": ["61"]})},
    {0},
};

const struct shape http_answer_headers_shape = {
    .ref = "observed:headers of the official endpoint",
    .fields = fields,
    .rules = rules,
    .open = true,
    .sample = JSON({"x-request-id": ["req_1"], "content-type": ["application/json"]}),
};
