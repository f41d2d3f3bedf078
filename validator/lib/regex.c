/* regex.c: see regex.h. PCRE2 does the work; this file bounds it.
 *
 * PCRE2's own limit of steps counts anew from each place of the text, so there is a deadline too, asked from callouts that PCRE2 puts
 * between all parts of a pattern. Callouts cost time, so a short text is first tried without, under a limit of steps so low that no text
 * of that length takes long. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "validator/lib/regex_parts.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { QUICK_SUBJECT = 256, QUICK_STEPS = 1000, CLOCK_EVERY = 64 };

struct regex {
    bool is_plain;
    struct plain plain;
    pcre2_code *quick, *timed; /* without and with callouts */
};

/* --- compiling */

static void say_pcre(struct regex_why *why, int error, size_t at)
{
    char words[120] = "";
    pcre2_get_error_message(error, (PCRE2_UCHAR *)words, sizeof words);
    bool memory = error == PCRE2_ERROR_HEAP_FAILED || error == PCRE2_ERROR_NOMEMORY;
    bool large = error == PCRE2_ERROR_PATTERN_TOO_LARGE || error == PCRE2_ERROR_PARENTHESES_NEST_TOO_DEEP ||
                 error == PCRE2_ERROR_PATTERN_TOO_COMPLICATED;
    bool unsupported = error == PCRE2_ERROR_LOOKBEHIND_NOT_FIXED_LENGTH || error == PCRE2_ERROR_LOOKBEHIND_TOO_COMPLICATED ||
                       error == PCRE2_ERROR_LOOKBEHIND_TOO_LONG || error == PCRE2_ERROR_QUANTIFIER_TOO_BIG;
    why->fault = memory ? REGEX_NO_MEMORY : large ? REGEX_TOO_LARGE : unsupported ? REGEX_UNSUPPORTED : REGEX_WRONG;
    if (at == SIZE_MAX) snprintf(why->words, sizeof why->words, "%s", words);
    else snprintf(why->words, sizeof why->words, "%s (at byte %zu of the pattern)", words, at + 1);
}

/* `at` is told only when the text that is compiled is the text that was written. */
static pcre2_code *compile(enum regex_dialect dialect, const char *text, size_t length, bool timed, struct regex_why *why)
{
    uint32_t options = PCRE2_UTF | PCRE2_NEVER_BACKSLASH_C | (timed ? PCRE2_AUTO_CALLOUT : 0);
    if (dialect == REGEX_ECMA) options |= PCRE2_DOLLAR_ENDONLY | PCRE2_MATCH_UNSET_BACKREF | PCRE2_NEVER_UCP;
    else options |= PCRE2_UCP;
    int error;
    size_t at;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (!context) {
        *why = (struct regex_why){REGEX_NO_MEMORY, "memory ran out"};
        return NULL;
    }
    pcre2_set_parens_nest_limit(context, REGEX_NEST_LIMIT);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)text, length, options, &error, &at, context);
    pcre2_compile_context_free(context);
    if (!code) say_pcre(why, error, dialect == REGEX_ECMA ? SIZE_MAX : at);
    return code;
}

/* The second, which looks at the clock, only when it is to be searched with. */
static bool compile_pattern(struct regex *regex, enum regex_dialect dialect, const char *text, size_t length, bool timed, struct regex_why *why)
{
    regex->quick = compile(dialect, text, length, false, why);
    regex->timed = regex->quick && timed ? compile(dialect, text, length, true, why) : NULL;
    return timed ? regex->timed != NULL : regex->quick != NULL;
}

static bool make(struct regex *regex, enum regex_dialect dialect, const char *pattern, size_t length, bool timed, struct regex_why *why)
{
    *why = (struct regex_why){0};
    if (length > REGEX_PATTERN_MAX) {
        why->fault = REGEX_TOO_LARGE;
        snprintf(why->words, sizeof why->words, "the pattern is longer than %d bytes", REGEX_PATTERN_MAX);
        return false;
    }
    if (dialect == REGEX_PCRE) return compile_pattern(regex, dialect, pattern, length, timed, why);
    regex->is_plain = plain_make(pattern, length, &regex->plain);
    if (regex->is_plain) return true;
    struct regex_text text = {0};
    bool made = ecma_translate(pattern, length, &text, why) &&
                compile_pattern(regex, dialect, text.bytes ? text.bytes : "", text.used, timed, why);
    free(text.bytes);
    return made;
}

enum regex_fault regex_check(enum regex_dialect dialect, const char *pattern, size_t length)
{
    struct regex regex = {0};
    struct regex_why why;
    make(&regex, dialect, pattern, length, false, &why);
    pcre2_code_free(regex.quick);
    return why.fault;
}

struct regex *regex_new(enum regex_dialect dialect, const char *pattern, size_t length, struct regex_why *why)
{
    struct regex *regex = calloc(1, sizeof *regex);
    if (!regex) {
        *why = (struct regex_why){REGEX_NO_MEMORY, "memory ran out"};
        return NULL;
    }
    if (make(regex, dialect, pattern, length, true, why)) return regex;
    regex_free(regex);
    return NULL;
}

void regex_free(struct regex *regex)
{
    if (!regex) return;
    pcre2_code_free(regex->quick);
    pcre2_code_free(regex->timed);
    free(regex);
}

static size_t code_size(const pcre2_code *code)
{
    size_t size = 0;
    return code && pcre2_pattern_info(code, PCRE2_INFO_SIZE, &size) == 0 ? size : 0;
}

size_t regex_size(const struct regex *regex) { return sizeof *regex + code_size(regex->quick) + code_size(regex->timed); }

/* --- searching */

static long long now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

struct deadline {
    long long end_us;
    unsigned calls;
};

static int keep_time(pcre2_callout_block *block, void *data)
{
    struct deadline *deadline = data;
    (void)block;
    return ++deadline->calls % CLOCK_EVERY == 0 && now_us() > deadline->end_us ? PCRE2_ERROR_CALLOUT : 0;
}

static bool prepare(struct regex_run *run)
{
    if (!run->data) run->data = pcre2_match_data_create(1, NULL);
    if (!run->context) {
        run->context = pcre2_match_context_create(NULL);
        if (run->context) pcre2_set_heap_limit(run->context, REGEX_HEAP_KIB);
    }
    return run->data && run->context;
}

static int search(const pcre2_code *code, struct regex_run *run, const char *subject, size_t length, uint32_t options, struct deadline *deadline)
{
    pcre2_set_match_limit(run->context, deadline ? REGEX_MATCH_LIMIT : QUICK_STEPS);
    pcre2_set_callout(run->context, deadline ? keep_time : NULL, deadline);
    return pcre2_match(code, (PCRE2_SPTR)subject, length, 0, options, run->data, run->context);
}

/* The quick way, and the timed one when that leads nowhere. */
static int search_bounded(const struct regex *regex, struct regex_run *run, const char *subject, size_t length, uint32_t options)
{
    long long start = now_us(), left = REGEX_TOTAL_MS * 1000LL - run->spent_us;
    int result = PCRE2_ERROR_MATCHLIMIT;
    if (left <= 0) return result;
    if (length <= QUICK_SUBJECT) result = search(regex->quick, run, subject, length, options, NULL);
    if (result == PCRE2_ERROR_MATCHLIMIT) {
        long long most = REGEX_DEADLINE_MS * 1000LL;
        struct deadline deadline = {.end_us = start + (left < most ? left : most)};
        result = search(regex->timed, run, subject, length, options, &deadline);
    }
    run->spent_us += now_us() - start;
    return result;
}

enum regex_verdict regex_find(const struct regex *regex, struct regex_run *run, const char *subject, size_t length, bool checked)
{
    if (regex->is_plain) return plain_found(&regex->plain, subject, length) ? REGEX_FOUND : REGEX_NOT_FOUND;
    if (length > REGEX_SUBJECT_MAX) return REGEX_SUBJECT_TOO_LONG;
    if (!prepare(run)) return REGEX_FAILED;
    int result = search_bounded(regex, run, subject, length, checked ? PCRE2_NO_UTF_CHECK : 0);
    if (result >= 0) return REGEX_FOUND;
    if (result == PCRE2_ERROR_NOMATCH) return REGEX_NOT_FOUND;
    bool expensive = result == PCRE2_ERROR_MATCHLIMIT || result == PCRE2_ERROR_HEAPLIMIT || result == PCRE2_ERROR_DEPTHLIMIT ||
                     result == PCRE2_ERROR_CALLOUT;
    return expensive ? REGEX_TOO_EXPENSIVE : REGEX_FAILED;
}

void regex_run_start(struct regex_run *run) { run->spent_us = 0; }

void regex_run_clear(struct regex_run *run)
{
    pcre2_match_data_free(run->data);
    pcre2_match_context_free(run->context);
    *run = (struct regex_run){0};
}
