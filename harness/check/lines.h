/* lines.h: judging files in which each line is a document, on several processors at a time. */
#ifndef LINES_H
#define LINES_H

#include "harness/check/tell.h"

struct lines_input {
    const char *file;         /* as it was named */
    int descriptor;           /* open, at its beginning */
    size_t most;              /* bytes of a line; of longer ones only as much is kept as shows that */
    size_t jobs;              /* threads; 0 = as many as there are processors, but at most 8 */
    struct extract request;     /* of --request; no bytes without */
};

/* Judges each line that is not empty, and tells what was found in the order of the lines, whatever the number of threads. False when memory
 * ran out (`*error` is 0), or the file could not be read on (`*error` is the errno). */
bool lines_check(const struct lines_input *input, struct teller *teller, int *error);

#endif
