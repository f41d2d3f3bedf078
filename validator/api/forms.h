/* forms.h: what the strings of the API must look like: names, base64, URLs, codes and zones.
 *
 * The `struct form` rows are named by the tables; the functions below them serve predicates. All take unescaped text that need not end in
 * NUL, none allocates, and each costs time in proportion to the text (base64: about as fast as memory is read). */
#ifndef CC_FORMS_H
#define CC_FORMS_H

#include "validator/lib/shape.h"

extern const struct form non_blank_form;      /* "non_blank": at least one character that is no white space */
extern const struct form trimmed_form;        /* "trimmed": no white space at either end, no control characters */
extern const struct form tool_name_form;      /* "pattern": letters, digits, _ and -; the empty string is for .chars to refuse */
extern const struct form base64_form;         /* "base64": padded, without line breaks, not empty */
extern const struct form web_url_form;        /* "format": absolute http or https URL */
extern const struct form image_url_form;      /* "format": the same, or a data URL */
extern const struct form token_id_form;       /* "integer": decimal digits, as the keys of logit_bias */
extern const struct form country_form;        /* "pattern": two capital letters */
extern const struct form time_zone_form;      /* "pattern": a name as in the IANA database */

bool text_is_blank(const char *text, size_t length);
bool text_says_something(const char *text, size_t length); /* is not blank */
/* Absolute, http or https: only the scheme and a host are asked for. */
bool text_is_web_url(const char *text, size_t length);
bool text_is_tool_name(const char *text, size_t length);
bool text_is_base64(const char *text, size_t length);
/* The same without SSE2: for tests that both agree. */
bool text_is_base64_portable(const char *text, size_t length);
/* Bytes that well-formed base64 stands for. */
size_t base64_size(const char *text, size_t length);
/* Decodes the beginning of base64, at most `room` bytes; stops at padding and at anything foreign. Returns the bytes written. */
size_t base64_begin(const char *text, size_t length, unsigned char *out, size_t room);

/* The parts of data:image/png;base64,AAAA. They point into the text. */
struct data_url {
    struct text mime;    /* image/png; empty when it is left out */
    struct text payload;
    bool base64;         /* it says ;base64 */
};
/* False when the text is not a data URL; then nothing is written. */
bool data_url_split(const char *text, size_t length, struct data_url *parts);

/* Two texts that are equal when ASCII letters count without their case. */
bool text_equals_any_case(struct text text, const char *word);

#endif
