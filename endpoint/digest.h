/* digest.h: numbers and ids that follow from a request, so that the same request always gets the same ones. */
#ifndef DIGEST_H
#define DIGEST_H

#include "harness/base/jo.h"

/* A 64-bit digest (FNV-1a); not for secrets. */
uint64_t digest_bytes(const char *bytes, size_t length);
/* Spreads a number over all 64 bits (splitmix64). */
uint64_t digest_mix(uint64_t number);
/* `start` and `count` characters of letters and digits, as a new string. */
struct json_object *digest_id(const char *start, uint64_t digest, size_t count);
/* The same with lower-case hexadecimal digits. */
struct json_object *digest_hex(const char *start, uint64_t digest, size_t count);

#endif
