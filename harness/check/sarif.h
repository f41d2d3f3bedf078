/* sarif.h: findings as SARIF 2.1.0, which code scanning services and editors read: one log for all documents of a run. */
#ifndef SARIF_H
#define SARIF_H

#include "harness/check/tell.h"

/* Writes what comes before the results. False when memory runs out. */
bool sarif_begin(struct teller *teller);
/* A result, with a comma before it. */
void sarif_finding(struct page *page, const struct teller *teller, const struct judged *judged, const struct cc_finding *finding);
/* Writes what comes after the results: the tool with the rules that were broken, and how it went. */
void sarif_end(struct teller *teller, const char *why);

#endif
