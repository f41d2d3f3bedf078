/* redact.h: takes secrets out of texts before they are stored or shown.
 *
 * A server that echoes a key rarely does so byte for byte: it comes back inside JSON, HTML or a URL, in base64 or hex, in another case,
 * cut short. The redactor finds all of these: raw and in any case; JSON escapes (\u002d, \/), percent-encoding and HTML entities of any
 * of its characters, also nested; hex; base64 and base64url at each alignment (so also inside "Bearer KEY"); and of long secrets the
 * beginning (12 characters or more) and the end (8 or more) in each of these forms. It cannot find a secret that is split by other text.
 *
 * Secrets shorter than 8 characters are refused: taking each "abc" out of every text would ruin the reports and protect nothing. */
#ifndef REDACT_H
#define REDACT_H

#include <stdbool.h>
#include <stddef.h>

enum {
    REDACT_SHORTEST = 8,    /* bytes of a secret */
    REDACT_LONGEST = 16384,
    REDACT_LONG = 20,       /* from here on, beginnings and ends count too */
    REDACT_PREFIX = 12,
    REDACT_SUFFIX = 8,
};

struct redactor;

/* NULL when memory runs out. */
struct redactor *redactor_new(void);
/* Wipes the secrets. */
void redactor_free(struct redactor *redactor);

/* From now on `secret` is replaced by `name` ("$OPENAI_API_KEY"). Both are copied. False when the secret is shorter than REDACT_SHORTEST
 * or longer than REDACT_LONGEST, or memory runs out; then nothing has changed. */
bool redactor_add(struct redactor *redactor, const char *secret, const char *name);

/* The text without secrets, as a new string that the caller frees; NUL after its end, its length in `out_length` (may be NULL). Every
 * byte that does not belong to a secret stays. NULL when memory runs out: then show nothing. Time is linear in `length`. */
char *redact_text(const struct redactor *redactor, const char *bytes, size_t length, size_t *out_length);

/* What is shown of a text: its first `most` bytes without secrets, then "..." when there is more. It is cut after redaction, never before,
 * since half a secret would not be found; and between two characters. The caller frees it. Without a redactor nothing is secret. NULL when
 * memory runs out. */
char *redact_cut(const struct redactor *redactor, const char *bytes, size_t length, size_t most);

/* True for headers that hold secrets by their very name ("Authorization", in any case): their values are never stored at all. */
bool redact_header(const char *name);
/* The same for parameters of a query, whose name has `length` bytes. */
bool redact_parameter(const char *name, size_t length);

#endif
