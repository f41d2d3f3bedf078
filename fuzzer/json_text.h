/* json_text.h: write a value as JSON text into memory that is kept from one value to the next. Each payload is written and judged while it
 * is made, some of them more than once; json-c's own writer, which goes byte by byte into a new buffer, would take a third of that time. */
#ifndef JSON_TEXT_H
#define JSON_TEXT_H

#include "harness/base/jo.h"

/* Zero-initialise, clear at the end. */
struct json_text {
    char *at;
    size_t length, room;
};

/* The same bytes as jo_write(), and NUL after them; they live until the next call. NULL (and jo_lost) when memory runs out. */
const char *json_text_write(struct json_text *text, struct json_object *value);
void json_text_clear(struct json_text *text);

#endif
