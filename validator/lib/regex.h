/* regex.h: regular expressions from outside over text from outside, that end in time.
 *
 * Patterns of a few bytes can keep a matcher busy for hours. So each search has a limit of steps, of memory and of time, and all searches
 * of one run together have a limit of time too; what costs more is neither found nor not found. A compiled pattern is never changed and
 * may be used by several threads, each with a run of its own. */
#ifndef CC_REGEX_H
#define CC_REGEX_H

#include <stdbool.h>
#include <stddef.h>

enum {
    REGEX_PATTERN_MAX = 1024,      /* bytes */
    REGEX_SUBJECT_MAX = 64 << 10,  /* bytes */
    REGEX_MATCH_LIMIT = 100000,    /* steps from one place of the text */
    REGEX_HEAP_KIB = 20 << 10,
    REGEX_NEST_LIMIT = 50,         /* parentheses */
    REGEX_DEADLINE_MS = 100,       /* of one search */
    REGEX_TOTAL_MS = 1000          /* of all searches of one run */
};

enum regex_dialect {
    REGEX_ECMA, /* as JavaScript with the flag u has it, but as lenient about escaped punctuation as without */
    REGEX_PCRE  /* as PCRE2 has it, with Unicode */
};

enum regex_fault {
    REGEX_GOOD,
    REGEX_WRONG,       /* it is no pattern */
    REGEX_UNSUPPORTED, /* it is one, but the engine cannot run it */
    REGEX_TOO_LARGE,   /* it is longer than REGEX_PATTERN_MAX, nests too deep, or becomes too large */
    REGEX_NO_MEMORY
};

struct regex_why {
    enum regex_fault fault;
    char words[200]; /* one sentence, without a full stop */
};

struct regex;

/* What is wrong with a pattern, if anything: quicker than to make it. */
enum regex_fault regex_check(enum regex_dialect dialect, const char *pattern, size_t length);
/* NULL with the reason when it cannot be made. */
struct regex *regex_new(enum regex_dialect dialect, const char *pattern, size_t length, struct regex_why *why);
void regex_free(struct regex *regex);
/* Bytes of memory that it holds, about. */
size_t regex_size(const struct regex *regex);

enum regex_verdict { REGEX_FOUND, REGEX_NOT_FOUND, REGEX_TOO_EXPENSIVE, REGEX_SUBJECT_TOO_LONG, REGEX_FAILED };

/* What one user of patterns needs while searching. Zero-initialise; once warm it allocates nothing. */
struct regex_run {
    void *data, *context; /* PCRE2's */
    long long spent_us;   /* of REGEX_TOTAL_MS */
};

/* Forgets the time that was spent. */
void regex_run_start(struct regex_run *run);
void regex_run_clear(struct regex_run *run);

/* Looks for the pattern anywhere in a text, which is UTF-8 (`checked` when that is known; else a text that is not gives REGEX_FAILED, as
 * does memory that runs out). */
enum regex_verdict regex_find(const struct regex *regex, struct regex_run *run, const char *subject, size_t length, bool checked);

#endif
