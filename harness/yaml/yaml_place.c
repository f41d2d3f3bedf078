/* yaml_place.c: from the JSON text that a YAML file became back to lines and columns. */
#include "harness/yaml/yaml_parts.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The last mark at or before the offset. */
static const struct yaml_mark *mark_before(const struct yaml_text *text, size_t offset)
{
    size_t low = 0, high = text->mark_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (text->marks[middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    return &text->marks[low];
}

void yaml_place(const struct yaml_text *text, size_t offset, const char **file, size_t *line, size_t *column)
{
    const struct yaml_mark *mark = mark_before(text, offset);
    *file = text->files[mark->file];
    *line = mark->line;
    *column = mark->column;
    for (size_t at = mark->offset; mark->verbatim && at < offset && at < text->length; at++) {
        bool end = text->json[at] == '\n';
        *line += end;
        *column = end ? 1 : *column + ((text->json[at] & 0xC0) != 0x80);
    }
}

/* The text is well-formed JSON, so these need no bounds but its end, where a NUL stands. */

static size_t skip_blanks(const char *json, size_t at)
{
    while (json[at] == ' ' || json[at] == '\t' || json[at] == '\n' || json[at] == '\r')
        at++;
    return at;
}

static size_t skip_string(const char *json, size_t at)
{
    for (at++; json[at] && json[at] != '"'; at++)
        if (json[at] == '\\' && json[at + 1])
            at++;
    return json[at] ? at + 1 : at;
}

static size_t skip_word(const char *json, size_t at)
{
    while (json[at] && !strchr(",]} \t\n\r", json[at]))
        at++;
    return at;
}

static size_t skip_value(const char *json, size_t at)
{
    size_t depth = 0;
    do {
        if (json[at] == '"') {
            at = skip_string(json, at);
            continue;
        }
        if (json[at] == '{' || json[at] == '[')
            depth++;
        else if (json[at] == '}' || json[at] == ']')
            depth--;
        else if (depth == 0)
            return skip_word(json, at);
        at++;
    } while (depth > 0 && json[at]);
    return at;
}

size_t yaml_count_nodes(const char *json, size_t length)
{
    size_t count = 0;
    for (size_t at = 0; at < length;) {
        if (json[at] == '"') {
            count++;
            at = skip_string(json, at);
        } else if (json[at] == '{' || json[at] == '[') {
            count++;
            at++;
        } else if (strchr(",:]} \t\n\r", json[at])) {
            at++;
        } else {
            count++;
            at = skip_word(json, at);
        }
    }
    return count;
}

/* One character of a JSON string, and one of a pointer's token; false at the end. Other escapes than those of single bytes are not
 * followed: such a member is not found, and its object stands in for it. */
static bool next_of_json(const char **at, const char *end, char *c)
{
    if (*at == end)
        return false;
    *c = *(*at)++;
    if (*c != '\\')
        return true;
    const char *from = "bfnrt", *to = "\b\f\n\r\t", *found = strchr(from, **at);
    if (**at == 'u') {
        char hex[5] = {(*at)[1], (*at)[2], (*at)[3], (*at)[4], '\0'};
        *c = (char)strtoul(hex, NULL, 16);
        *at += 5;
    } else {
        *c = found ? to[found - from] : **at;
        (*at)++;
    }
    return true;
}

static bool next_of_token(const char **at, const char *end, char *c)
{
    if (*at == end)
        return false;
    *c = *(*at)++;
    if (*c == '~' && *at < end)
        *c = *(*at)++ == '1' ? '/' : '~';
    return true;
}

static bool key_is(const char *key, const char *key_end, const char *token, const char *token_end)
{
    char a = 0, b = 0;
    for (;;) {
        bool more = next_of_json(&key, key_end, &a);
        if (more != next_of_token(&token, token_end, &b) || (more && a != b))
            return false;
        if (!more)
            return true;
    }
}

/* The member or item that the token names; false when there is none. */
static bool descend(const char *json, size_t *at, const char *token, const char *token_end, size_t *key_at)
{
    bool is_map = json[*at] == '{';
    size_t index = is_map || *token < '0' || *token > '9' ? SIZE_MAX : strtoul(token, NULL, 10), here = skip_blanks(json, *at + 1);
    if (!is_map && json[*at] != '[')
        return false;
    for (size_t i = 0; json[here] && json[here] != '}' && json[here] != ']'; i++) {
        size_t key = here;
        if (is_map)
            here = skip_blanks(json, skip_blanks(json, skip_string(json, here)) + 1);
        if (is_map ? key_is(json + key + 1, json + skip_string(json, key) - 1, token, token_end) : i == index) {
            *at = here;
            *key_at = key;
            return true;
        }
        here = skip_blanks(json, skip_value(json, here));
        if (json[here] == ',')
            here = skip_blanks(json, here + 1);
    }
    return false;
}

size_t yaml_find(const struct yaml_text *text, const char *pointer, bool key)
{
    size_t at = skip_blanks(text->json, 0), key_at = at;
    while (*pointer == '/') {
        const char *token = pointer + 1, *end = strchr(token, '/');
        end = end ? end : token + strlen(token);
        if (!descend(text->json, &at, token, end, &key_at))
            return at;
        pointer = end;
    }
    return key ? key_at : at;
}
