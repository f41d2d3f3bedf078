/* uri.h: addresses of documents, as RFC 3986 takes them apart and puts them together. */
#ifndef CC_URI_H
#define CC_URI_H

#include "validator/lib/ask.h"
#include "validator/lib/pile.h"

/* The parts of a reference; absent ones have no bytes (NULL), empty ones have none to count. */
struct uri {
    struct text scheme, authority, path, query, fragment;
};

/* Takes a reference apart; any text can be. The parts point into it. */
struct uri uri_split(struct text reference);
/* The address that a reference means when it stands in a document at `base` (itself an address, or empty), without its fragment. In the
 * pile; no bytes when memory runs out. */
struct text uri_resolve(struct pile *pile, struct text base, const struct uri *reference);
/* Undoes %XX. In the pile; no bytes when memory runs out. */
struct text uri_decode(struct pile *pile, struct text text);

#endif
