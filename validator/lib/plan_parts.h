/* plan_parts.h: what the files that compile the tables share, and nobody else uses. */
#ifndef CC_PLAN_PARTS_H
#define CC_PLAN_PARTS_H

#include "validator/lib/engine.h"
#include "validator/lib/eternal.h"

enum { EVERY_PROFILE = CC_NEWAPI | CC_OPENAI, INHERITED = 3 };

/* Where the compiler stands. */
struct spot {
    enum cc_kind kind;
    const char *id, *path, *title, *ref;
    unsigned profiles;
    const struct note *above[INHERITED]; /* for NULL_, UNKNOWN_, LEXICAL_: what shapes above say about those below */
    const struct site *holder;
    const struct variant *variant;
};

extern const enum facet plan_inherited[INHERITED];

/* Memory that lives as long as the process; NULL when it runs out, and then the tables are not compiled. */
void *plan_take(size_t size);
char *plan_copy(const char *text, size_t length);
/* A table is wrong, or memory ran out. */
void plan_fail(void);

/* --- plan_facets.c: constraints and their ids */

const struct note *note_in(const struct note *notes, enum facet facet, bool below);
const struct note *note_above(const struct spot *spot, enum facet facet);
/* Completes and registers a constraint; its number, or 0. */
unsigned plan_add(struct constraint *constraint);
/* Makes the constraints of all facets of a site. */
void plan_facets(struct site *site, const struct spot *spot, const char *ref);

/* --- plan_triggers.c: rules that are asked when something deeper occurs */

/* Remembers a site (and the pick at it) to be looked through when all are there. */
void plan_list_site(struct site *site, struct pick_plan *pick);
/* The bits of the paths in a rule's .when. */
uint64_t plan_trigger_bits(const struct plan *plan, const char *when);
/* Tells the sites which rules they trigger. */
void plan_set_triggers(void);

#endif
