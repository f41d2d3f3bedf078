/* reader.h: read JSON text into a compact index of its values.
 *
 * A conformance checker has to judge what a DOM forgets: the bytes, the place and the exact digits of every value, repeated keys, lone
 * surrogates. So nothing is decoded or copied here: each value becomes one small record that points into the text. The records stand in
 * document order in one array that a reader reuses, so reading allocates nothing once the array is large enough. */
#ifndef CC_READER_H
#define CC_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The types of values, as bits, so that a set of them is a mask. An integer is a number written without fraction and exponent. */
enum type { NIL = 1, BOOL = 2, INT = 4, REAL = 8, STR = 16, ARR = 32, OBJ = 64 };
enum { NUM = INT | REAL, ANY = NIL | BOOL | INT | REAL | STR | ARR | OBJ };

/* What the reader noticed about one value. */
enum value_flag {
    V_KEY = 1,       /* a string that names the member that follows it */
    V_ESCAPED = 2,   /* a string with at least one backslash */
    V_NOT_ASCII = 4, /* a string with bytes above 0x7F, or \u escapes above U+007F */
    V_TRUE = 8,      /* a boolean that is true */
    V_DUPLICATE = 16 /* a key that stood before in the same object (after unescaping) */
};

/* One value. The children of an array follow it; those of an object follow as key, value, key, value. */
struct value {
    uint32_t offset; /* of its first byte; of a string, the byte after the opening quote */
    uint32_t length; /* bytes of a scalar (a string without its quotes); items of an array, members of an object */
    uint32_t next;   /* index of the value after this one and all it holds */
    uint8_t type;    /* one bit of enum type */
    uint8_t flags;
    uint16_t hash;   /* of a key, after unescaping (text_hash); 0 otherwise */
};

/* Why reading stopped, and what else was noticed. A remark is no reason to stop. */
enum remark {
    JSON_SYNTAX = 1,      /* not JSON: reading stops; `detail` says why in words */
    JSON_UTF8,            /* the text is not UTF-8: reading stops */
    JSON_LIMIT_BYTES,     /* over a limit: reading stops */
    JSON_LIMIT_DEPTH,
    JSON_LIMIT_VALUES,
    JSON_NO_MEMORY,
    JSON_BOM,             /* the remarks that do not stop it */
    JSON_DUPLICATE_KEY,
    JSON_NUL_IN_KEY,
    JSON_NUL_IN_STRING,
    JSON_LONE_SURROGATE,
    JSON_NONCHARACTER,
    JSON_NUMBER_OVERFLOW, /* does not fit a finite double */
    JSON_INT_PRECISION,   /* an integer beyond 2^53 in size */
};

/* A remark stands at the escape or character it is about, a repeated key at its quote, a number at its first byte; a syntax error at the
 * first byte that no JSON text could have there, which is the length when the text ends too early. A string has at most one remark of
 * each kind. An integer that overflows has only that remark. */
struct read_remark {
    enum remark what;
    uint32_t at;     /* index of the value (of the key for key remarks); UINT32_MAX when there is none */
    size_t offset;   /* the byte */
    const char *detail; /* constant words, or NULL */
};

enum { REMARKS_KEPT = 64 };

/* What a text may have at most; 0 is 0. A scalar has depth 0, `[]` depth 1. Keys count as values: each is a record of the index. */
struct read_limits {
    size_t bytes, depth, values;
};

/* A text and the index of its values. Zero-initialise, read any number of texts, then clear. values[0] is the root. */
struct document {
    const char *text; /* borrowed; offsets count from here, also when a BOM was skipped */
    size_t length;
    struct value *values;
    uint32_t count;
    struct read_remark remarks[REMARKS_KEPT]; /* the first ones, in order; one that stops reading is always the last */
    size_t remark_count;
    /* private to the reader */
    uint32_t room;
    void *scratch;
    size_t scratch_room;
};

/* Reads one JSON text. True when it is JSON within the limits; remarks may be there all the same. False when reading stopped; the
 * last remark says why, and no value may be used. The text must stay until the document is read again or cleared. */
bool document_read(struct document *doc, const char *text, size_t length, const struct read_limits *limits);
void document_clear(struct document *doc);

/* The same, with the plain C string scanner instead of SSE2: for tests that both agree. */
bool document_read_portable(struct document *doc, const char *text, size_t length, const struct read_limits *limits);

/* The hash that keys carry in the index, of text that is already unescaped. */
uint16_t text_hash(const char *text, size_t length);

/* Undoes the escapes of string `at` into `out`, which has room for values[at].length bytes (unescaping never grows; a lone surrogate
 * becomes U+FFFD, three bytes for six). Returns the bytes written. */
size_t document_unescape(const struct document *doc, uint32_t at, char *out);

/* How many characters begin in these bytes of UTF-8. */
size_t text_characters(const char *at, size_t length);
/* Counts line and column on over these bytes. */
void text_count_on(const char *at, size_t length, size_t *line, size_t *column);
/* Line and column (both from 1, columns in characters) of a byte offset. */
void text_place(const char *text, size_t length, size_t offset, size_t *line, size_t *column);

#endif
