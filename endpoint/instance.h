/* instance.h: a document that a JSON Schema allows.
 *
 * Tool arguments and structured answers have to satisfy the schema of the request. */
#ifndef INSTANCE_H
#define INSTANCE_H

#include "harness/base/jo.h"

/* An instance of `schema`, a new value (NULL is the JSON null). Always the same one for the same schema. Knows type, enum, const,
 * properties, required, minProperties, items, prefixItems, minItems, maxItems, uniqueItems, the number bounds, multipleOf, the string
 * lengths, format, anyOf, oneOf, allOf and local $ref; patterns and conditions are not solved. Its size and the work are bounded. */
struct json_object *instance_of(struct json_object *schema);

#endif
