/* checking.h: what the parts of `chatconform check` share: check.c reads files and documents, check_stream.c streams while they arrive. */
#ifndef CHECKING_H
#define CHECKING_H

#include "harness/check/dump.h"
#include "harness/check/tell.h"

/* One run of the command. */
struct checking {
    struct options *options;
    struct cc_options judging;
    struct cc_checker *checker;
    char *text;            /* the document at hand */
    size_t room, length;
    char *request;         /* of --request; NULL without */
    size_t request_length;
    size_t unreadable;     /* files */
    struct teller teller;
    struct page page;
    const char *source;    /* the file at hand, as it was named */
    size_t entry;          /* number of the entry at hand, when the file is an archive; else 0 */
    char *why;             /* what could not be read */
    size_t why_size;
};

/* Makes room for more of the document at hand. False when memory runs out. */
bool checking_grow(struct checking *c);
/* The document at hand, which begins after a header block of `start` bytes, as it is told. */
struct judged checking_judged(const struct checking *c, const struct findings *found, size_t start);

/* Judges the stream in the file while it arrives. Where it turns out to be none, as the header block of a dump says, `*document` is set
 * and the text at hand is all of it. False when memory ran out, or the file could not be read. */
bool check_stream(struct checking *c, FILE *file, bool *document);

#endif
