/* rng.h: random numbers that are the same everywhere for the same seed: xoshiro256** (Blackman and Vigna), filled by splitmix64. Each
 * payload has a generator of its own, made of the seed and the payload's number, so that any payload can be made again alone. */
#ifndef RNG_H
#define RNG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rng {
    uint64_t state[4];
};

static inline uint64_t rng_mix(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline struct rng rng_new(uint64_t seed, uint64_t number)
{
    struct rng rng;
    uint64_t state = seed, other = number ^ UINT64_C(0x5851F42D4C957F2D);
    state = rng_mix(&state) ^ rng_mix(&other);
    for (size_t i = 0; i < 4; i++) rng.state[i] = rng_mix(&state);
    return rng;
}

static inline uint64_t rng_rotate(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t rng_next(struct rng *rng)
{
    uint64_t *s = rng->state, result = rng_rotate(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rng_rotate(s[3], 45);
    return result;
}

/* 0 .. n - 1; 0 when n is 0. The bias of the remainder is below 2^-32 for all n that are used here. */
static inline size_t rng_below(struct rng *rng, size_t n) { return n ? (size_t)((rng_next(rng) >> 16) % n) : 0; }
static inline size_t rng_between(struct rng *rng, size_t low, size_t high)
{
    return high > low ? low + rng_below(rng, high - low + 1) : low;
}
static inline bool rng_one_in(struct rng *rng, size_t n) { return rng_below(rng, n) == 0; }

#endif
