/* wild.h: values that a place does not expect: other types, beyond the bounds, words that only look right. */
#ifndef FUZZ_WILD_H
#define FUZZ_WILD_H

#include "chatconform.h"
#include "fuzzer/rng.h"
#include "harness/base/jo.h"

/* A value to put where `old` stands: a new one. `place` (may be NULL) tells what would be expected there. */
struct json_object *wild_value(struct rng *rng, const struct cc_place *place, struct json_object *old);

/* A new value with the same fault as `old`, as far as its place can tell: of no type that it takes, no known word, beyond the bounds. Where
 * the fault is another, mostly false: hardly any other value has it, too. */
bool wild_fault(struct rng *rng, const struct cc_place *place, struct json_object *old, struct json_object **wilder);

/* The place that a pointer into a request leads to, or NULL. */
const struct cc_place *place_at(struct json_object *request, const char *pointer);

/* The pointer of some value in a document, chosen at random and written into `out`; "" for the root. */
void pointer_random(struct rng *rng, struct json_object *document, char *out, size_t size);

#endif
