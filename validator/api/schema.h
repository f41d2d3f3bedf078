/* schema.h: JSON Schemas as requests carry them: whether one is well formed, what lies in it, and the subset that strict demands. */
#ifndef CC_API_SCHEMA_H
#define CC_API_SCHEMA_H

#include "validator/lib/shape.h"

/* A well-formed schema, as the parameters of a function or as the format of an answer; they differ in the ids of their findings. */
extern const struct shape parameters_schema_shape, answer_schema_shape;

/* Calls `each` for the schema and for every schema inside it, with how many objects lie around it, until it answers false. */
bool every_subschema(struct view schema, bool (*each)(struct view subschema, unsigned depth, void *context), void *context);

/* What holds for the schema of a function (and, without strict, of the deprecated functions) and of the format of an answer;
 * strict_schema.c. */
extern const struct rule strict_parameters_rules[], function_item_rules[], strict_answer_rules[];

#endif
