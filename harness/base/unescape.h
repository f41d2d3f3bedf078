/* unescape.h: a text seen with its escapes undone, each byte knowing where in the text it comes from. Serves the redactor. */
#ifndef UNESCAPE_H
#define UNESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* Kinds of escapes, to be or-ed. */
enum {
    ESCAPE_BACKSLASH = 1, /* \u002d \x2d \/ \" \\ \n ...: JSON and its relatives */
    ESCAPE_PERCENT = 2,   /* %2d */
    ESCAPE_ENTITY = 4,    /* &amp; &#45; &#x2d; */
    ESCAPE_ALL = 7
};

struct view {
    const unsigned char *bytes;
    unsigned char *owned;        /* the same, when they are not the text itself */
    unsigned char *widths;       /* how many bytes of the text each stands for; NULL: one */
    size_t count;
    size_t cursor, offset;       /* a place in the view, and where it is in the text */
};

/* The text itself. Nothing is copied; view_clear has nothing to free. */
struct view view_of(const char *bytes, size_t length);
/* Makes a new view with the escapes of `kinds` undone once; `seen` says which kinds there were. False when memory runs out; then
 * the new view is empty. */
bool view_unescape(const struct view *view, unsigned kinds, struct view *next, unsigned *seen);
void view_clear(struct view *view);
/* Where byte `index` of the view begins in the text (its end, for index == count). Quick when asked about places near the last one. */
size_t view_offset(struct view *view, size_t index);

#endif
