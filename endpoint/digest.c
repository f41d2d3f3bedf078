/* digest.c: see digest.h. */
#include "endpoint/digest.h"

#include <string.h>

uint64_t digest_bytes(const char *bytes, size_t length)
{
    uint64_t digest = 0xCBF29CE484222325u;
    for (size_t i = 0; i < length; i++)
        digest = (digest ^ (unsigned char)bytes[i]) * 0x100000001B3u;
    return digest;
}

uint64_t digest_mix(uint64_t number)
{
    number += 0x9E3779B97F4A7C15u;
    number = (number ^ (number >> 30)) * 0xBF58476D1CE4E5B9u;
    number = (number ^ (number >> 27)) * 0x94D049BB133111EBu;
    return number ^ (number >> 31);
}

static struct json_object *spell(const char *start, uint64_t digest, size_t count, const char *alphabet)
{
    size_t letters = strlen(alphabet);
    struct printbuf *buffer = jo_buffer();
    jo_append_text(buffer, start);
    for (size_t i = 0; i < count; i++) {
        digest = digest_mix(digest);
        jo_append(buffer, alphabet + digest % letters, 1);
    }
    return jo_buffer_string(buffer);
}

struct json_object *digest_id(const char *start, uint64_t digest, size_t count)
{
    return spell(start, digest, count, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
}

struct json_object *digest_hex(const char *start, uint64_t digest, size_t count)
{
    return spell(start, digest, count, "0123456789abcdef");
}
