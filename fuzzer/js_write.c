/* js_write.c: see js_write.h. */
#include "fuzzer/js_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- bytes */

static char *room_for(struct js_text *text, size_t more)
{
    if (text->room - text->length < more) {
        size_t room = text->room * 2 > text->length + more ? text->room * 2 : text->length + more + 1024;
        char *grown = realloc(text->at, room);
        if (!grown) return NULL;
        text->at = grown;
        text->room = room;
    }
    return text->at + text->length;
}

static bool put(struct js_text *text, const char *bytes, size_t length)
{
    char *at = room_for(text, length);
    if (!at) return false;
    memcpy(at, bytes, length);
    text->length += length;
    return true;
}

static bool put_byte(struct js_text *text, char byte) { return put(text, &byte, 1); }

/* --- strings */

/* How a byte is escaped: as \uXXXX ('u'), by a letter, or not at all (0). */
static char escape_of(unsigned char byte)
{
    static const char letters[' '] = {['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r'};
    if (byte < ' ') return letters[byte] ? letters[byte] : 'u';
    return byte == '"' || byte == '\\' ? (char)byte : 0;
}

static size_t escape(char *out, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    char by = escape_of(byte), code[] = {'\\', by, '0', '0', hex[byte >> 4], hex[byte & 15]};
    if (!by) {
        *out = (char)byte;
        return 1;
    }
    size_t length = by == 'u' ? sizeof code : 2;
    memcpy(out, code, length);
    return length;
}

static bool put_string(struct js_text *text, const char *bytes, size_t length)
{
    char *start = room_for(text, 6 * length + 2), *at = start;
    if (!at) return false;
    *at++ = '"';
    for (size_t i = 0; i < length; i++) at += escape(at, (unsigned char)bytes[i]);
    *at++ = '"';
    text->length += (size_t)(at - start);
    return true;
}

/* --- values */

static bool put_value(struct js_text *text, struct json_object *value);

static bool put_object(struct js_text *text, struct json_object *object)
{
    bool first = true, fine = put_byte(text, '{');
    json_object_object_foreach(object, key, member)
    {
        fine = fine && (first || put_byte(text, ',')) && put_string(text, key, strlen(key)) && put_byte(text, ':') && put_value(text, member);
        first = false;
    }
    return fine && put_byte(text, '}');
}

static bool put_array(struct js_text *text, struct json_object *array)
{
    bool fine = put_byte(text, '[');
    for (size_t i = 0; fine && i < js_length(array); i++) fine = (!i || put_byte(text, ',')) && put_value(text, js_item(array, i));
    return fine && put_byte(text, ']');
}

static bool put_int(struct js_text *text, int64_t number)
{
    char digits[24];
    return put(text, digits, (size_t)snprintf(digits, sizeof digits, "%" PRId64, number));
}

/* How other numbers are spelled is json-c's business: some carry their own digits, some are beyond INT64_MAX. */
static bool put_other(struct js_text *text, struct json_object *value)
{
    size_t length;
    const char *spelled = js_write(value, &length);
    return spelled && put(text, spelled, length);
}

static bool put_value(struct js_text *text, struct json_object *value)
{
    switch (json_object_get_type(value)) {
    case json_type_null: return put(text, "null", 4);
    case json_type_boolean: return js_true(value) ? put(text, "true", 4) : put(text, "false", 5);
    case json_type_string: return put_string(text, json_object_get_string(value), (size_t)json_object_get_string_len(value));
    case json_type_object: return put_object(text, value);
    case json_type_array: return put_array(text, value);
    case json_type_int:
        if (json_object_get_int64(value) < INT64_MAX) return put_int(text, json_object_get_int64(value));
        return put_other(text, value);
    default: return put_other(text, value);
    }
}

const char *js_write_into(struct js_text *text, struct json_object *value)
{
    text->length = 0;
    if (put_value(text, value)) return text->at;
    js_lose();
    return NULL;
}

void js_text_clear(struct js_text *text)
{
    free(text->at);
    *text = (struct js_text){0};
}
