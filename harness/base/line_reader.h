/* line_reader.h: a file one line at a time, in memory that a line bounds, whatever is in the file. */
#ifndef LINE_READER_H
#define LINE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct line_reader {
    FILE *file;
    const char *name;    /* as it was given; "-" is standard input */
    char *text;          /* the line at hand, without its end; of one that is too long one byte more than `most` */
    size_t length, most; /* bytes */
    size_t line;         /* its number, from 1 */
    bool torn;           /* it has no line end: the file ends there */
    /* private */
    size_t room;
};

/* Opens a file for lines of at most `most` bytes. False with one sentence; close in either case. */
bool line_reader_open(struct line_reader *reader, const char *name, size_t most, char *why, size_t why_size);
/* Goes on to the next line. False at the end; then `why` is "", or says in one sentence why there may be more. */
bool line_reader_next(struct line_reader *reader, char *why, size_t why_size);
/* How many line ends a regular file has, read from its beginning, to which it goes back; 0 of what is none. */
size_t line_reader_count(struct line_reader *reader);
void line_reader_close(struct line_reader *reader);

#endif
