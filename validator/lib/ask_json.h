/* ask_json.h: whether a text is itself JSON. Answers carry JSON inside strings: the arguments of a call, structured content. */
#ifndef CC_ASK_JSON_H
#define CC_ASK_JSON_H

#include "validator/lib/ask.h"

/* True when the text is JSON whose root has one of the types. A text over the reader's standard limits is not judged, so true: that it
 * is not JSON cannot be known. True as well, with ask->failed set, when memory runs out. Sets the spot when false. */
bool text_is_json(struct ask *ask, struct text text, unsigned types);
/* True when the text is JSON that a schema of another document takes; says what is wrong when it is not, and sets the spot. True as well when that cannot be
 * decided: the schema is itself wrong, or costs too much. */
bool text_fits_schema(struct ask *ask, struct text text, struct view schema);

#endif
