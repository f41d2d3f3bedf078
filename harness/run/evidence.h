/* evidence.h: what is kept of requests and answers, and shown beside findings. All of it goes through the redactor: nothing else of an
 * answer gets into a result. When memory runs out, the court is marked as failed. */
#ifndef EVIDENCE_H
#define EVIDENCE_H

#include "harness/run/verdict.h"

/* Stores request and answer with the case. */
void evidence_store(struct court *court, const struct hearing *hearing, struct case_result *result);
/* A copy without secrets; NULL of NULL. */
char *evidence_text(struct court *court, const char *text);
/* A copy of what is our own, and holds no secret. */
char *evidence_copy(struct court *court, const char *text);
/* What stands at the place of a finding, as much of it as helps: the value, or the rest of the line where none could be read. `more` is how
 * many others are like it. NULL when the finding is about no place in the body. */
char *evidence_excerpt(struct court *court, const struct http_reply *reply, const struct cc_finding *finding, size_t more);

#endif
