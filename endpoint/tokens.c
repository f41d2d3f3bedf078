/* tokens.c: see tokens.h. */
#include "endpoint/tokens.h"

#include <stdbool.h>

static bool is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_word(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c >= 0x80;
}

/* Bytes of the character that starts with `lead`; text is UTF-8 that was checked. */
static size_t character(unsigned char lead)
{
    return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

static size_t word(const char *text, size_t length)
{
    size_t end = 0;
    while (end < length && is_word((unsigned char)text[end])) {
        size_t next = end + character((unsigned char)text[end]);
        if (next > TOKEN_BYTES || next > length)
            break;
        end = next;
    }
    return end ? end : 1;
}

/* White space up to the one space that belongs to the word behind it. */
static size_t blank(const char *text, size_t length)
{
    size_t end = 0;
    while (end < length && end < TOKEN_BYTES && is_space((unsigned char)text[end]))
        end++;
    bool word_follows = end < length && !is_space((unsigned char)text[end]);
    return word_follows && text[end - 1] == ' ' ? end - 1 : end;
}

size_t token_first(const char *text, size_t length)
{
    if (length == 0)
        return 0;
    size_t spaces = is_space((unsigned char)text[0]) ? blank(text, length) : 0;
    if (spaces > 0)
        return spaces;
    size_t lead = text[0] == ' ';
    return lead + word(text + lead, length - lead);
}

size_t token_count(const char *text, size_t length)
{
    size_t count = 0;
    for (size_t at = 0; at < length; at += token_first(text + at, length - at))
        count++;
    return count;
}

size_t token_prefix(const char *text, size_t length, size_t count)
{
    size_t at = 0;
    while (count-- > 0 && at < length)
        at += token_first(text + at, length - at);
    return at;
}
