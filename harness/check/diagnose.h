/* diagnose.h: the line of a document that a finding is about, with a mark under the place. */
#ifndef DIAGNOSE_H
#define DIAGNOSE_H

#include "harness/check/tell.h"

/* Two lines: the line of the text, or a window of a long one, and a caret under the place. Nothing when the text is not at hand. */
void diagnose_source(FILE *out, const struct spot *spot, bool colour);

#endif
