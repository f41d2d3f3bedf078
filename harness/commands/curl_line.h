/* curl_line.h: a curl command, word by word as a shell hands it over, read as far as it says what is sent. */
#ifndef CURL_LINE_H
#define CURL_LINE_H

#include "harness/options.h"

#include <stdbool.h>
#include <stddef.h>

struct curl_line {
    const char *url, *method;  /* borrowed; method: NULL when none is given */
    struct texts headers;      /* "Name: value", borrowed */
    char *body;                /* NUL after its end; NULL: none */
    size_t body_length;
    bool json;                 /* --json: it has the headers that this adds */
    bool has_secret;           /* --user or --cookie was given */
};

/* Reads the words after "curl". What changes how the answer is shown or fetched, and not what is sent, is passed over; what is not known
 * here is named. False with one sentence; clear in either case. */
bool curl_line_read(struct curl_line *line, const char *const *words, char *why, size_t why_size);
void curl_line_clear(struct curl_line *line);

#endif
