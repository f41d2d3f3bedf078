/* file_forms.c: what names and headers look like in the files that users write. */
#include "validator/api/file_forms.h"

#include <string.h>

bool text_is_plain_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool letter = (text[i] >= 'a' && text[i] <= 'z') || text[i] == '_';
        if (!letter && (i == 0 || text[i] < '0' || text[i] > '9')) return false;
    }
    return length > 0;
}

static bool is_header_name(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        bool letter = ((text[i] | 0x20) >= 'a' && (text[i] | 0x20) <= 'z') || (text[i] >= '0' && text[i] <= '9');
        if (!letter && !memchr("!#$%&'*+-.^_`|~", text[i], 15)) return false;
    }
    return length > 0;
}

static bool is_header_value(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\t') || text[i] == 0x7F) return false;
    return true;
}

const struct form plain_name_form = {.name = "form", .pattern = "^[a-z_][a-z0-9_]*$", .holds = text_is_plain_name,
                                     .says = "has only lower-case letters, digits and underscores", .good = "stream_usage", .bad = "stream-usage"};
const struct form header_name_form = {.name = "form", .pattern = "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", .holds = is_header_name,
                                      .says = "is the name of a header", .good = "X-Test", .bad = "X Test"};
const struct form header_value_form = {.name = "form", .pattern = "^[^\\x00-\\x08\\x0A-\\x1F\\x7F]*$", .holds = is_header_value,
                                       .says = "has no line breaks and control characters", .good = "text/plain", .bad = "a\nb"};
