/* annotate.h: findings as workflow commands of GitHub Actions, which shows them beside the lines of a change. */
#ifndef ANNOTATE_H
#define ANNOTATE_H

#include "harness/check/tell.h"

/* One command. */
void annotate_finding(FILE *out, const struct judged *judged, const struct cc_finding *finding);
/* One that says how many are not listed. */
void annotate_dropped(FILE *out, const struct judged *judged);

#endif
