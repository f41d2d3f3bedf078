/* tell.h: what the judge found in documents, told in the format that was asked for.
 *
 * What belongs to one or some documents is written on a page. Pages may be filled by several threads at a time; they are given out one
 * after another, in the order of the input. */
#ifndef TELL_H
#define TELL_H

#include "harness/options.h"
#include "harness/suite/findings.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Bytes of a document; NULL where nobody has them any more. */
struct extract {
    const char *bytes;
    size_t length, from;      /* `from`: the offset in the document that they begin at */
};

/* A document that was judged, and where it stood. */
struct judged {
    const struct findings *found;
    const char *file;         /* as it was named */
    size_t entry;             /* its number in an archive; 0 = it is no entry of one */
    size_t line;              /* it is one line of the file, with this number; 0 = it is not */
    size_t start, above;      /* bytes of the file before it, and the line ends in them (0 of a line) */
    bool in_strings;          /* it holds streams as strings: what is said of their events has no place in the file */
    struct extract text;
    const char *request_file; /* where its request stood, when that is another file; else NULL */
    struct extract request;
};

/* Where somebody looks for what a finding is about. */
struct spot {
    const char *file;
    size_t line, column;      /* 0 = the file has no such place: what was judged was made from it */
    size_t offset;            /* byte of the file, when there is a column */
    struct extract text;      /* the text around it, when that is at hand */
    size_t at;                /* where in those bytes */
};

struct spot finding_spot(const struct judged *judged, const struct cc_finding *finding);

/* How many there were. */
struct tally {
    size_t documents, invalid, errors, warnings, notes, unlisted;
};

/* The rules by number, for what lists those that were broken. */
struct rule_number {
    const struct cc_rule *rule;
    size_t number;
};

enum tell_format { TELL_TEXT, TELL_JSON, TELL_SARIF, TELL_GITHUB };

struct teller {
    const struct options *options;
    enum tell_format format;
    FILE *out;
    bool colour;
    struct tally tally;
    struct rule_number *numbers; /* by address; of sarif */
    bool *broken;                /* by number; of sarif */
    bool begun;                  /* something was given out */
};

struct page {
    FILE *out;
    char *text;
    size_t size;
    struct tally tally;
    bool *broken;
};

/* Where it all goes. False when memory runs out. */
bool teller_begin(struct teller *teller, const struct options *options, FILE *out);
/* False when memory runs out. */
bool page_open(struct page *page, const struct teller *teller);
/* One finding, for a document that is told while it is judged; json has it only with the others. */
void page_finding(struct page *page, const struct teller *teller, const struct judged *judged, const struct cc_finding *finding);
/* What is said after the last finding of a document, which is counted. False when memory runs out. */
bool page_end_document(struct page *page, const struct teller *teller, const struct judged *judged);
/* Both, for all of its findings. */
bool page_document(struct page *page, const struct teller *teller, const struct judged *judged);
/* Writes the page out, counts what is on it, and closes it. False when memory had run out. */
bool teller_give(struct teller *teller, struct page *page);
/* What comes after all of it. `why` says what could not be judged; NULL or "" when all was. */
void teller_end(struct teller *teller, const char *why);

void page_clear(struct page *page);
void teller_clear(struct teller *teller);

#endif
