/* tamper.h: a mutant: replies that are changed on their way out, as a text says that came from outside the program.
 *
 * Defects (defects.h) are part of the program, and each is about one constraint of the tables. A mutant knows nothing of the tables: it is
 * a list of edits of a reply document (service.h), and when they are made. The text is JSON:
 *     {"on": "answer"|"stream"|"error"|"list"|"messages"|"stored"|"deletion", "asked": [CONDITION...], "where": [CONDITION...], "raw": true, "edit": [{"do": VERB, "at": POINTER, ...}...]}
 * `asked` are conditions (edit.h) about the request, `where` about the reply; all must be met. With `raw` each event is first made the
 * string that goes out for it, and a body becomes /text. Edits can copy from /request. */
#ifndef TAMPER_H
#define TAMPER_H

#include "endpoint/edit.h"
#include "endpoint/service.h"

struct tamper;

/* NULL with one sentence when the text is no mutant, or memory runs out. */
struct tamper *tamper_new(const char *json, char *why, size_t why_size);
void tamper_free(struct tamper *tamper);

/* Changes the reply to a call if it is one of those that are meant. */
void tamper_apply(struct tamper *tamper, const struct call *call, struct json_object *reply);
/* How many replies were changed so far. */
size_t tamper_count(const struct tamper *tamper);

#endif
