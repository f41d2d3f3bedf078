/* payload.c: the generator and the minimiser: the same seed gives the same bytes, alone or after others; valid payloads have no error, broken
 * ones the one that they name; what is made small keeps what it is to keep, within its bound. */
#include "tests/fuzz/fuzz.h"

#include "fuzzer/shot.h"
#include "fuzzer/shrink.h"
#include "fuzzer/wild.h"

#include <string.h>

enum { STEPS = 100, SMALL = 4 * 1024 }; /* what is larger is made, but not made small: that is for fuzz_shrink */

/* --- generator */

/* As new ones with that seed, which would take much longer to make: what was kept of another seed is forgotten. */
static struct shots *the_shots(unsigned profile, int which, uint64_t seed)
{
    static struct shots *kept[2][CC_OPENAI + 1];
    struct shots_options options = {.profile = profile, .seed = 1, .model = "m", .mode = MODE_ALL};
    if (!kept[which][profile]) kept[which][profile] = shots_new(&options);
    struct shots *shots = kept[which][profile];
    MUST(shots);
    json_object_put(shots->base);
    shots->base = NULL;
    shots->generator->seed = seed;
    return shots;
}

static bool is_found(void *context, struct json_object *candidate, long *cost)
{
    const struct shot *shot = context;
    size_t length;
    const char *text = jo_write(candidate, &length);
    const struct cc_report *report = cc_check(fuzz_checker(CC_OPENAI, 0), CC_REQUEST, text, length);
    (void)cost;
    for (size_t i = 0; i < report->count; i++)
        if (report->findings[i].rule == shot->breaks) return true;
    return false;
}

/* A smaller one breaks the same constraint. */
static void check_smaller(struct shot *shot)
{
    struct shrinking s = {.still = is_found, .context = shot, .budget = STEPS, .pointer = shot->pointer};
    struct json_object *small = shrink(&s, shot->object);
    long cost = 0;
    MUST(is_found(shot, small, &cost) && s.spent <= STEPS && s.tries <= SHRINK_TRIES_MAX);
    json_object_put(small);
}

static void check_shot(struct shot *shot, unsigned profile, bool smaller)
{
    size_t length;
    const char *text = shot_bytes(shot, &length);
    const struct cc_report *report = cc_check(fuzz_checker(profile, 0), CC_REQUEST, text, length);
    fuzz_check_report(report, length);
    if (shot->kind == SHOT_VALID && shot->expect == EXPECT_ACCEPT) MUST(report->errors == 0);
    if (shot->kind != SHOT_BROKEN) return;
    bool named = false;
    for (size_t i = 0; i < report->count; i++) {
        named = named || report->findings[i].rule == shot->breaks;
        MUST(report->findings[i].rule == shot->breaks || report->findings[i].rule->level == CC_DEPRECATED);
    }
    MUST(named);
    if (smaller && profile == CC_OPENAI && length < SMALL) check_smaller(shot);
}

static bool is_same(struct shot *a, struct shot *b)
{
    size_t a_length, b_length;
    const char *a_text = shot_bytes(a, &a_length), *b_text = shot_bytes(b, &b_length);
    return a_length == b_length && memcmp(a_text, b_text, a_length) == 0 && a->breaks == b->breaks && a->expect == b->expect;
}

/* One byte for the profile, and whether what is broken is made small (one in four); four for the seed and four for the index. */
void fuzz_generator(const char *bytes, size_t size)
{
    uint64_t seed = 0, index = 0;
    if (size < 9) return;
    memcpy(&seed, bytes + 1, 4);
    memcpy(&index, bytes + 5, 4);
    unsigned profile = bytes[0] & 1 ? CC_NEWAPI : CC_OPENAI;
    struct shots *first = the_shots(profile, 0, seed), *second = the_shots(profile, 1, seed);
    struct shot a, b, other;
    MUST(shot_make(first, index + 1, &other) && shot_make(first, index, &a) && shot_make(second, index, &b));
    MUST(is_same(&a, &b));
    check_shot(&a, profile, (bytes[0] & 6) == 0);
    shot_clear(&a), shot_clear(&b), shot_clear(&other);
}

/* --- minimiser */

static bool is_long(void *context, struct json_object *candidate, long *cost)
{
    size_t length;
    (void)cost;
    jo_write(candidate, &length);
    return length >= *(const size_t *)context;
}

void fuzz_shrink(const char *bytes, size_t size)
{
    struct json_object *payload = jo_read_bytes(bytes, size);
    size_t length, least, wanted;
    char pointer[256];
    struct rng rng = rng_new(size, 2);
    jo_write(payload, &length);
    wanted = length / 3;
    pointer_random(&rng, payload, pointer, sizeof pointer);
    struct shrinking s = {.still = is_long, .context = &wanted, .budget = 1 + (long)(size % 40), .pointer = pointer};
    struct json_object *small = shrink(&s, payload);
    jo_write(small, &least);
    MUST(least >= wanted && s.spent <= s.budget && s.tries <= SHRINK_TRIES_MAX);
    json_object_put(wild_value(&rng, place_at(payload, pointer), payload));
    json_object_put(small);
    json_object_put(payload);
}
