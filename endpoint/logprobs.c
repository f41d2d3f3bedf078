/* logprobs.c: see logprobs.h.
 *
 * The figures are made up, but like real ones: at most 0, falling from one alternative to the next, and the tokens joined are the text.
 * They are kept in millionths, so that their digits do not depend on floating point or locale. */
#include "endpoint/logprobs.h"

#include "endpoint/digest.h"
#include "endpoint/tokens.h"

#include <stdio.h>
#include <string.h>

enum { TOP_MAX = 20 };

/* One more than are ever needed, because the token itself is left out. */
static const char *const others[TOP_MAX + 1] = {" the", " a",  " and", " of",   " to",  " in",   " is",  " it", " you", " that", " was",
                                                " for", " on", " are", " with", " his", " they", " at",  " be", " this", " have"};

static struct json_object *bytes_of(const char *text, size_t length)
{
    struct json_object *bytes = jo_array();
    for (size_t i = 0; i < length; i++)
        jo_push(bytes, jo_integer((unsigned char)text[i]));
    return bytes;
}

static struct json_object *entry(const char *text, size_t length, uint64_t millionths)
{
    char digits[40];
    snprintf(digits, sizeof digits, "-%d.%06d", (int)(millionths / 1000000), (int)(millionths % 1000000));
    struct json_object *entry = jo_object();
    jo_put(entry, "token", jo_bytes(text, length));
    jo_put(entry, "logprob", jo_number(-(double)millionths / 1e6, digits));
    jo_put(entry, "bytes", bytes_of(text, length));
    return entry;
}

static struct json_object *alternatives(const char *text, size_t length, uint64_t millionths, size_t top)
{
    struct json_object *list = jo_array();
    if (top > 0)
        jo_push(list, entry(text, length, millionths));
    for (size_t i = 0; i <= TOP_MAX && jo_length(list) < top; i++) {
        if (strlen(others[i]) == length && memcmp(others[i], text, length) == 0)
            continue;
        millionths += 250000 + digest_mix(millionths) % 500000;
        jo_push(list, entry(others[i], strlen(others[i]), millionths));
    }
    return list;
}

struct json_object *logprobs_of(const char *text, size_t length, size_t top)
{
    struct json_object *list = jo_array();
    for (size_t at = 0, step; at < length; at += step) {
        step = token_first(text + at, length - at);
        uint64_t millionths = 1 + digest_mix(digest_bytes(text + at, step) + at) % 900000;
        struct json_object *token = entry(text + at, step, millionths);
        jo_put(token, "top_logprobs", alternatives(text + at, step, millionths, top));
        jo_push(list, token);
    }
    return list;
}
