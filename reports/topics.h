/* topics.h: what several runs pass, by topic: first what a server can do and how it takes what is wrong, then each suite. It answers "which
 * one do I choose" before the single cases are told. */
#ifndef TOPICS_H
#define TOPICS_H

#include "reports/matrix.h"

/* Nothing without cases. False when memory runs out. */
bool topics_text(FILE *out, const struct matrix *matrix);
bool topics_markdown(FILE *out, const struct matrix *matrix);
bool topics_html(FILE *out, const struct matrix *matrix);

#endif
