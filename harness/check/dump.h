/* dump.h: what `curl -i` prints: the status line and headers of an answer before its body. */
#ifndef DUMP_H
#define DUMP_H

#include "chatconform.h"

#include <stdbool.h>
#include <stddef.h>

enum { DUMP_HEADERS_MAX = 256, DUMP_MAX = 300 * 1024 };

/* The header block, taken apart. */
struct dump {
    int status;
    struct cc_header headers[DUMP_HEADERS_MAX + 1]; /* ended by a NULL name */
    size_t length; /* bytes before the body */
    char *text;    /* that the headers point into */
};

enum dump_state { DUMP_NONE, DUMP_PARTIAL, DUMP_WHOLE };

/* Whether the text begins with a header block, or might when more of it comes (unless it `ended`). Interim answers (1xx), and those of proxies, are passed
 * over. On DUMP_WHOLE the dump is to be freed with dump_clear; DUMP_NONE also when memory runs out (`dump->text` is NULL then). */
enum dump_state dump_read(struct dump *dump, const char *text, size_t length, bool ended);
void dump_clear(struct dump *dump);

/* The value of a header (`name` in lower case); "" when there is none. */
const char *dump_header(const struct dump *dump, const char *name);
/* The body is an event stream, as far as its headers say. */
bool dump_is_stream(const struct dump *dump);

#endif
