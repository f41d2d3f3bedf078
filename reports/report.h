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
    /* False when the stream failed or memory ran out; errno tells which. */
    bool (*write)(FILE *out, const struct run_result *run);
};

/* The table of writers, ended by a NULL name. "junit-surefire" is what --junit-flavor surefire asks for. */
extern const struct report_writer report_writers[];
const struct report_writer *report_writer_find(const char *name);

/* Writes a report to `path` ("-" = standard output); folders are made. False, with one sentence of why, when it cannot be. A path that
 * is there and is no regular file (a device, a pipe) is written to in place. */
bool report_write(const struct report_writer *writer, const struct run_result *run, const char *path, char *why, size_t why_size);

/* The console table, the failures by cause, the warnings in brief, one line of totals; colour when asked. The verdict is left to the
 * caller, who has the last word. */
bool report_console(FILE *out, const struct run_result *run, bool colour);

/* What probing found out about an endpoint. False when the stream failed. */
bool report_capabilities_text(FILE *out, const struct run_result *run, bool colour);
bool report_capabilities_markdown(FILE *out, const struct run_result *run);
bool report_capabilities_json(FILE *out, const struct run_result *run);
/* How many of the capabilities got that verdict. */
size_t capability_count(const struct run_result *run, enum capability_verdict verdict);

/* Several runs side by side, differences first, as "text", "markdown" or "html"; `names` are the files they were read from. At most 26 runs.
 * False when the stream failed or memory ran out. */
bool report_compare(FILE *out, const char *format, const struct run_result *runs, const char *const *names, size_t count);

/* The members that say what was run against what, as json and ndjson have them: `,"version":...` to `,"hostname":...`. */
void report_run_members(FILE *out, const struct run_result *run);

/* --- writers, one a file; also reached through the table */
bool report_junit(FILE *out, const struct run_result *run);
bool report_junit_surefire(FILE *out, const struct run_result *run);
bool report_json(FILE *out, const struct run_result *run);
bool report_ndjson(FILE *out, const struct run_result *run);
bool report_html(FILE *out, const struct run_result *run);
bool report_markdown(FILE *out, const struct run_result *run);
bool report_tap(FILE *out, const struct run_result *run);

/* --- escapers (escape.c): append safe text; control characters, invalid UTF-8 and what the format cannot hold become visible \xNN or \uNNNN.
 * NULL appends nothing. */
void escape_xml(FILE *out, const char *text);       /* for text and double-quoted attributes */
void escape_xml_line(FILE *out, const char *text);  /* the same on one line: LF, CR and TAB become spaces */
void escape_xml_text(FILE *out, const char *text);  /* for text only: lines stay lines */
void escape_html(FILE *out, const char *text);      /* for text and double-quoted attributes, never for script, style or URLs */
void escape_terminal(FILE *out, const char *text);  /* one line or several; no control byte but LF and TAB gets through */
void escape_line(FILE *out, const char *text);      /* the same on one line: LF, CR and TAB become spaces */
size_t line_columns(const char *text);              /* how many columns of a terminal that takes */
void escape_column(FILE *out, const char *text, size_t columns); /* such a line, filled up with blanks to so many columns */
void escape_markdown(FILE *out, const char *text);  /* one line of plain text, also as the first of its line: no markup, mention, link or tag survives */
void escape_github(FILE *out, const char *text);    /* the message of a workflow command: one line */
void escape_github_property(FILE *out, const char *text); /* what stands before the message */
void escape_json(FILE *out, const char *text);      /* with its quotes; NULL gives null; invalid UTF-8 becomes U+FFFD */
void escape_json_member(FILE *out, const char *name, const char *text); /* `,"name":"text"`, after a member that is written by hand */

#endif
