/* hunt.h: the suites against a reference endpoint that does something wrong, in a process of its own.
 *
 * A process each, because endpoints and what they do wrong must not meet, and because one that is killed takes nothing with it. */
#ifndef HUNT_H
#define HUNT_H

#include "harness/run/select.h"

#include <stdio.h>
#include <sys/types.h>

/* What all hunts share. */
struct hunt_setting {
    const struct options *options;
    const struct selected *cases;
    size_t count;
};

struct hunt {
    const char *defect, *mutant; /* what is wrong: an id, or edits as JSON (endpoint/tamper.h); both NULL: nothing */
    unsigned profile;
    const struct texts *rules;   /* the hunt may end as soon as one of these is found ... */
    enum cc_severity severity;   /* ... at least so loud ... */
    const struct hunt *clean;   /* ... and this one, which ended before, did not find the same there; or NULL: it never ends early */
    /* what came of it; cleared with hunt_clear */
    struct texts lines;          /* what was found, as written by the process: see hunt_hear */
    char *trouble;               /* the process ended badly; NULL: it did not */
    bool ended;
    /* private */
    FILE *said;
    pid_t process;
};

/* One line: a finding of a rule in a case; or trouble: a sentence of what went wrong; or neither: the number of replies that were changed. */
struct heard {
    const char *rule, *test, *trouble;
    enum cc_severity severity;
    int64_t changed;
    struct json_object *line; /* holds the texts */
};

/* False with one sentence when no process can be started. */
bool hunt_start(struct hunt *hunt, const struct hunt_setting *setting, char *why, size_t why_size);
/* Takes in what the process said, which ended with this status. False with one sentence when memory runs out. */
bool hunt_end(struct hunt *hunt, int status, char *why, size_t why_size);
void hunt_clear(struct hunt *hunt);

/* Reads a line; the caller clears `heard`, also when it fails. */
bool hunt_hear(const char *line, struct heard *heard);
void heard_clear(struct heard *heard);
/* True when the hunt said exactly this. */
bool hunt_said(const struct hunt *hunt, const char *line);
/* True when the finding is one that is looked for, loud enough. */
bool hunt_seeks(const struct hunt *hunt, const char *rule, enum cc_severity severity);

#endif
