/* generate.h: valid payloads. Payload `index` of a seed is always the same, alone or among others, on every machine.
 *
 * What goes into one is an order from the menu: first a pair of choices that has its turn, then as many others as its size asks for. Each
 * payload is asked of the validator before it is given away; one that has a finding after all is made again. */
#ifndef FUZZ_GENERATE_H
#define FUZZ_GENERATE_H

#include "fuzzer/json_text.h"
#include "fuzzer/menu.h"

struct generator {
    unsigned profile;
    uint64_t seed;
    const char *model;
    struct menu *menu;
    struct cc_checker *checker;
    struct json_text text;         /* of what was judged last; empty when that was given away */
    unsigned char *covered;      /* a bit for each of menu->pairs */
    size_t pairs_covered;
    size_t made, again, given_up; /* payloads; how often one was made again; how often the smallest had to do */
};

/* NULL when memory runs out. `model` is borrowed. */
struct generator *generator_new(unsigned profile, uint64_t seed, const char *model);
void generator_free(struct generator *generator);

/* Every so many payloads one uses something deprecated or discouraged. */
enum { GENERATOR_FROWNED_ONE_IN = 128 };
static inline bool generator_frowns(uint64_t index) { return index % GENERATOR_FROWNED_ONE_IN == GENERATOR_FROWNED_ONE_IN - 1; }

/* A valid request: new. NULL when memory runs out. */
struct json_object *generator_positive(struct generator *generator, uint64_t index);

/* What the validator says about a request, until it is asked again; NULL when memory runs out. */
const struct cc_report *generator_judge(struct generator *generator, struct json_object *request);

/* Gives the bytes that were judged last to `to`, which owns nothing yet: whoever sends them need not write them again. Empty when what was
 * made last was not judged. */
void generator_give(struct generator *generator, struct json_text *to);

/* Builds what an order asks for. */
struct json_object *generator_build(struct generator *generator, const struct order *order, struct rng *rng, size_t bulk);

#endif
