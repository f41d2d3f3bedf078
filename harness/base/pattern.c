/* pattern.c: regular expressions over text from outside.
 *
 * Patterns of a few bytes can keep a matcher busy for hours, and PCRE2's own limit counts anew from each place of the text where it starts.
 * So there is a deadline too, asked from callouts that PCRE2 puts between all parts of the pattern. A pattern that costs too much is
 * neither a pass nor a failure. */
#include "harness/base/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdio.h>
#include <time.h>

enum { DEADLINE_MS = 100, MATCH_LIMIT = 100000, HEAP_KIB = 20 << 10, NEST_LIMIT = 50, CLOCK_EVERY = 64 };

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

struct clock {
    long long end_ms;
    unsigned calls;
};

static int keep_time(pcre2_callout_block *block, void *context)
{
    struct clock *clock = context;
    (void)block;
    return ++clock->calls % CLOCK_EVERY == 0 && now_ms() > clock->end_ms ? PCRE2_ERROR_CALLOUT : 0;
}

static void say_error(int error, char *why, size_t why_size)
{
    char words[160] = "";
    if (error == PCRE2_ERROR_CALLOUT || error == PCRE2_ERROR_MATCHLIMIT || error == PCRE2_ERROR_HEAPLIMIT) {
        snprintf(why, why_size, "the pattern takes too long on this text");
        return;
    }
    pcre2_get_error_message(error, (PCRE2_UCHAR *)words, sizeof words);
    snprintf(why, why_size, "%s", words);
}

/* NULL with a sentence when it is no pattern. */
static pcre2_code *compile(const char *pattern, size_t length, char *why, size_t why_size)
{
    const unsigned options = PCRE2_UTF | PCRE2_UCP | PCRE2_NEVER_BACKSLASH_C | PCRE2_AUTO_CALLOUT;
    int error;
    size_t at;
    if (length > PATTERN_MAX) {
        snprintf(why, why_size, "the pattern is longer than %d bytes", PATTERN_MAX);
        return NULL;
    }
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context || pcre2_set_parens_nest_limit(context, NEST_LIMIT) != 0) {
        snprintf(why, why_size, "memory ran out");
        return NULL;
    }
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)pattern, length, options, &error, &at, context);
    pcre2_compile_context_free(context);
    if (!code) {
        char words[160] = "";
        pcre2_get_error_message(error, (PCRE2_UCHAR *)words, sizeof words);
        snprintf(why, why_size, "%s (at byte %zu of the pattern)", words, at + 1);
    }
    return code;
}

bool pattern_valid(const char *pattern, size_t length, char *why, size_t why_size)
{
    pcre2_code *code = compile(pattern, length, why, why_size);
    pcre2_code_free(code);
    return code != NULL;
}

static int run(const pcre2_code *code, const char *subject, size_t length)
{
    struct clock clock = {.end_ms = now_ms() + DEADLINE_MS};
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    int result = PCRE2_ERROR_NOMEMORY;
    if (context && data) {
        pcre2_set_match_limit(context, MATCH_LIMIT);
        pcre2_set_heap_limit(context, HEAP_KIB);
        pcre2_set_callout(context, keep_time, &clock);
        result = pcre2_match(code, (PCRE2_SPTR)subject, length, 0, 0, data, context);
    }
    pcre2_match_data_free(data);
    pcre2_match_context_free(context);
    return result;
}

enum pattern_verdict pattern_find(const char *pattern, size_t length, const char *subject, size_t subject_length, char *why,
                                  size_t why_size)
{
    if (subject_length > SUBJECT_MAX) {
        snprintf(why, why_size, "the text is longer than %d bytes", SUBJECT_MAX);
        return PATTERN_UNDECIDED;
    }
    pcre2_code *code = compile(pattern, length, why, why_size);
    if (!code)
        return PATTERN_UNDECIDED;
    int result = run(code, subject, subject_length);
    pcre2_code_free(code);
    if (result >= 0 || result == PCRE2_ERROR_NOMATCH)
        return result >= 0 ? PATTERN_FOUND : PATTERN_NOT_FOUND;
    say_error(result, why, why_size);
    return PATTERN_UNDECIDED;
}
