/* js_write.h: write a value as JSON text into memory that is kept from one value to the next. Each payload is written and judged while it
 * is made, some of them more than once; json-c's own writer, which goes byte by byte into a new buffer, would take a third of that time. */
#ifndef JS_WRITE_H
#define JS_WRITE_H

#include "fuzzer/js.h"

/* Zero-initialise, clear at the end. */
struct js_text {
    char *at;
    size_t length, room;
};

/* The same bytes as js_write(), and NUL after them; they live until the next call. NULL (and js_lost) when memory runs out. */
const char *js_write_into(struct js_text *text, struct json_object *value);
void js_text_clear(struct js_text *text);

#endif
