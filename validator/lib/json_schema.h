/* json_schema.h: JSON Schema for rules: the public functions of chatconform.h, with values of documents that are read already. */
#ifndef CC_JSON_SCHEMA_H
#define CC_JSON_SCHEMA_H

#include "chatconform.h"
#include "validator/lib/ask.h"

/* The schema that stands as a value in a larger document, with nothing borrowed from it. Places in its faults count from that value; their
 * offsets are those of the document. NULL only when memory runs out. */
struct cc_schema *schema_new(struct view value, const struct cc_schema_options *options);

/* Judges a value of a document. Pointers count from that value, offsets are those of the document. NULL only when memory runs out. */
const struct cc_schema_report *schema_check(struct cc_schema_judge *judge, const struct cc_schema *schema, struct view instance);
/* The same, only to the first error. */
enum cc_schema_verdict schema_decide(struct cc_schema_judge *judge, const struct cc_schema *schema, struct view instance);
/* The value surely breaks no demand: what cannot be decided counts as held, so that it is never an accusation. */
bool schema_holds(struct cc_schema_judge *judge, const struct cc_schema *schema, struct view instance);

#endif
