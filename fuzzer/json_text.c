/* json_text.c: see json_text.h. */
#include "fuzzer/json_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- bytes */

static bool grow(struct json_text *text, size_t more)
{
    size_t room = text->room * 2 > text->length + more ? text->room * 2 : text->length + more + 1024;
    char *grown = realloc(text->at, room);
    if (!grown) return false;
    text->at = grown;
    text->room = room;
    return true;
}

static inline bool put(struct json_text *text, const char *bytes, size_t length)
{
    if (text->room - text->length < length && !grow(text, length)) return false;
    memcpy(text->at + text->length, bytes, length);
    text->length += length;
    return true;
}

static inline bool put_byte(struct json_text *text, char byte)
{
    if (text->room == text->length && !grow(text, 1)) return false;
    text->at[text->length++] = byte;
    return true;
}

/* --- strings */

static bool is_plain(char c) { return (unsigned char)c >= ' ' && c != '"' && c != '\\'; }

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Whether any of eight bytes is not plain: what is subtracted turns the highest bit of those on, and of those only, in bytes of ASCII. */
static bool has_special(uint64_t word)
{
    uint64_t quote = (word ^ EACH_BYTE('"')) - EACH_BYTE(1), backslash = (word ^ EACH_BYTE('\\')) - EACH_BYTE(1);
    uint64_t control = word - EACH_BYTE(' ');
    return ((quote | backslash | control) & ~word & EACH_BYTE(0x80)) != 0;
}

/* Fewer than eight bytes as one word; what they do not fill is plain. Four or more are two halves that may overlap. */
static uint64_t short_word(const char *bytes, size_t length)
{
    uint64_t word = EACH_BYTE('a');
    if (length < 4) {
        for (size_t i = 0; i < length; i++) word = word << 8 | (unsigned char)bytes[i];
        return word;
    }
    uint32_t first, last;
    memcpy(&first, bytes, sizeof first);
    memcpy(&last, bytes + length - sizeof last, sizeof last);
    return (uint64_t)first << 32 | last;
}

/* The end of the run of plain bytes that begins at `at`. */
static size_t plain_end(const char *bytes, size_t at, size_t length)
{
    for (uint64_t word; length - at >= sizeof word; at += sizeof word) {
        memcpy(&word, bytes + at, sizeof word);
        if (has_special(word)) break;
    }
    if (length - at < sizeof(uint64_t) && !has_special(short_word(bytes + at, length - at))) return length;
    while (at < length && is_plain(bytes[at])) at++;
    return at;
}

static bool put_escape(struct json_text *text, char c)
{
    static const char letters[] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"', ['\\'] = '\\'};
    static const char hex[] = "0123456789abcdef";
    char by = letters[(unsigned char)c], code[] = {'\\', by ? by : 'u', '0', '0', hex[c >> 4 & 15], hex[c & 15]};
    return put(text, code, by ? 2 : sizeof code);
}

static bool put_string(struct json_text *text, const char *bytes, size_t length)
{
    bool fine = put_byte(text, '"');
    for (size_t at = 0, end; fine && at < length; at = end) {
        end = plain_end(bytes, at, length);
        fine = put(text, bytes + at, end - at);
        if (end < length) fine = fine && put_escape(text, bytes[end++]);
    }
    return fine && put_byte(text, '"');
}

/* --- values */

static bool put_value(struct json_text *text, struct json_object *value);

static bool put_object(struct json_text *text, struct json_object *object)
{
    bool first = true, fine = put_byte(text, '{');
    json_object_object_foreach(object, key, member)
    {
        fine = fine && (first || put_byte(text, ',')) && put_string(text, key, strlen(key)) && put_byte(text, ':');
        fine = fine && put_value(text, member);
        first = false;
    }
    return fine && put_byte(text, '}');
}

static bool put_array(struct json_text *text, struct json_object *array)
{
    bool fine = put_byte(text, '[');
    for (size_t i = 0; fine && i < jo_length(array); i++) fine = (!i || put_byte(text, ',')) && put_value(text, jo_item(array, i));
    return fine && put_byte(text, ']');
}

static bool put_int(struct json_text *text, int64_t number)
{
    char digits[24];
    return put(text, digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, number));
}

/* How other numbers are spelled is json-c's business: some carry their own digits, some are beyond INT64_MAX. */
static bool put_other(struct json_text *text, struct json_object *value)
{
    size_t length;
    const char *spelled = jo_write(value, &length);
    return length && put(text, spelled, length);
}

static bool put_value(struct json_text *text, struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_null: return put(text, "null", 4);
    case json_type_boolean: return jo_true(value) ? put(text, "true", 4) : put(text, "false", 5);
    case json_type_string: return put_string(text, json_object_get_string(value), (size_t)json_object_get_string_len(value));
    case json_type_object: return put_object(text, value);
    case json_type_array: return put_array(text, value);
    case json_type_int:
        if (json_object_get_int64(value) < INT64_MAX) return put_int(text, json_object_get_int64(value));
        return put_other(text, value);
    default: return put_other(text, value);
    }
}

const char *json_text_write(struct json_text *text, struct json_object *value)
{
    text->length = 0;
    if (put_value(text, value) && put_byte(text, '\0')) {
        text->length--;
        return text->at;
    }
    text->length = 0;
    jo_lose();
    return NULL;
}

void json_text_clear(struct json_text *text)
{
    free(text->at);
    *text = (struct json_text){0};
}
