/* schema.h: JSON Schemas for the parameters of tools and for structured answers, and documents that satisfy them. */
#ifndef FUZZ_SCHEMA_H
#define FUZZ_SCHEMA_H

#include "fuzzer/rng.h"
#include "harness/base/jo.h"

/* A schema of an object: a new object. `strict`: of the subset that strict tools and formats take. `members`: about how many properties it
 * has, those of inner objects included. */
struct json_object *schema_make(struct rng *rng, bool strict, size_t members);

/* A document that the schema allows: a new value (NULL is the JSON null). Knows what schema_make makes and the rest of what tools commonly
 * use: type, enum, const, properties, required, items, the bounds, formats, anyOf, oneOf, allOf and local $ref. Its size is bounded. */
struct json_object *schema_instance(struct rng *rng, struct json_object *schema);

#endif
