/* defects.h: what the reference endpoint can be told to do wrongly, inside view. */
#ifndef DEFECTS_H
#define DEFECTS_H

#include "endpoint/edit.h"
#include "endpoint/endpoint.h"

/* The documents that a defect can change on the way to a reply. */
enum flaw_place {
    IN_REQUEST = 1, /* the request as the model sees it, after it was checked */
    IN_CHECK,       /* no document: the rule whose breach is let pass */
    IN_ANSWER,      /* the reply with a completion (service.h) */
    IN_STREAM,      /* the reply with a stream */
    IN_ERROR,       /* the reply with an error */
};

struct flaw {
    struct defect about;
    enum flaw_place place;
    struct edit edit;  /* IN_CHECK: only its value, the rule */
    struct edit also;  /* a second one, when there is a pointer */
    const char *shows; /* a request body on which the defect can be seen */
    bool by_clock;     /* it cannot be seen in the bytes, only in when they come */
};

/* The row at `index`, or NULL past the end. */
const struct flaw *flaw_at(size_t index);
const struct flaw *flaw_find(const char *id);
/* Spoils `document` as those of `flaws` say that are about this place. */
void flaws_apply(const struct flaw *const *flaws, enum flaw_place place, struct json_object *document);
/* True when breaches of the rule are let pass. */
bool flaws_tolerate(const struct flaw *const *flaws, const char *rule);

#endif
