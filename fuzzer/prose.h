/* prose.h: texts to put into payloads: prose, names, exact lengths, and bytes that look like pictures, sound and documents. */
#ifndef FUZZ_PROSE_H
#define FUZZ_PROSE_H

#include "fuzzer/rng.h"
#include "harness/base/jo.h"

/* About so many bytes of prose, never blank; now and then with letters of other scripts, emoji, quotes and control characters that need
 * escapes. */
struct json_object *prose_make(struct rng *rng, size_t about);
/* Exactly so many code points of one, two, three and four bytes, without white space. */
struct json_object *prose_chars(struct rng *rng, size_t chars);
/* A name of letters, digits, _ and - with `length` characters, into a buffer of length + 1. */
void prose_name(struct rng *rng, char *out, size_t length);
/* A word of the dictionary. */
const char *prose_word(struct rng *rng);

/* Base64 of so many bytes that begin with `begin`. `prefix` ("data:image/png;base64,") goes before it. */
struct json_object *prose_base64(struct rng *rng, const char *prefix, const char *begin, size_t begin_length, size_t bytes);
/* The web address of a picture, or a picture of about so many bytes as a data URL. */
struct json_object *prose_image(struct rng *rng, size_t bytes);
struct json_object *prose_sound(struct rng *rng, bool mp3, size_t bytes);
struct json_object *prose_document(struct rng *rng, size_t bytes);

#endif
