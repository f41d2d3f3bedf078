/* mutants.h: mutants that were written by hand: edits of what the reference endpoint sends, each with the constraint that the documents of
 * the API break by it, or legal. They know nothing of this program's tables, so they are a second opinion about them. */
#ifndef MUTANTS_H
#define MUTANTS_H

#include "harness/options.h"

#include <stdbool.h>
#include <stddef.h>

struct json_object;

/* One of them. Owned by its set. */
struct written_mutant {
    char *id;                  /* "answers/id-absent": the file and the name in it */
    const char *says, *legal;  /* `legal`: why nothing may be found, or NULL */
    const char *first_broken;  /* the constraint as its author named it, or NULL when it is legal */
    struct texts rules;        /* that may find it */
    enum cc_level level;       /* 0 when it is legal */
    unsigned profile;          /* 0: any */
    char *json;                /* for the endpoint */
};

struct written_mutants {
    struct written_mutant *items;
    size_t count;
    struct json_object **files;
    size_t file_count;
};

/* Reads the files and folders that --mutants names; without it ./endpoint/mutants or what was installed with the program, if that is there.
 * False with one sentence. Zero-initialise before, clear after, also when it fails. */
bool mutants_read(struct written_mutants *mutants, const struct options *options, char *why, size_t why_size);
/* The mutant of that id, or NULL. */
const struct written_mutant *mutants_find(const struct written_mutants *mutants, const char *id);
void mutants_clear(struct written_mutants *mutants);

#endif
