/* report.h: the writers. Each turns a run into one format; what they share is here.
 *
 * Text from an endpoint may hold any bytes. Each writer passes all text through the one escaper of its format, so that hostile bytes leave
 * every report well-formed and harmless. Files appear whole or not at all: written beside, synced, renamed. */
#ifndef REPORT_H
#define REPORT_H

#include "harness/result.h"

#include <stdio.h>

struct report_writer {
    const char *name;    /* as in --report NAME=PATH */
    const char *sentence;
    /* False when the stream failed. */
    bool (*write)(FILE *out, const struct run_result *run);
};

/* The table of writers, ended by a NULL name. */
extern const struct report_writer report_writers[];
const struct report_writer *report_writer_find(const char *name);

/* Writes a report to `path` ("-" = standard output); folders are made. False, with one sentence of why, when it cannot be. */
bool report_write(const struct report_writer *writer, const struct run_result *run, const char *path, char *why, size_t why_size);

/* The console table and the failures; colour when asked. */
bool report_console(FILE *out, const struct run_result *run, bool colour);

/* --- escapers (escape.c): append safe text; control characters, invalid UTF-8 and what the format cannot hold become visible \xNN or \uNNNN */
void escape_xml(FILE *out, const char *text);       /* for text and double-quoted attributes */
void escape_terminal(FILE *out, const char *text);  /* one line or several; no control byte but LF and TAB gets through */
void escape_json(FILE *out, const char *text);      /* with its quotes; NULL gives null; invalid UTF-8 becomes U+FFFD */

#endif
