/* reading.h: reading JSON in tests: each text is read by both scanners, which must agree in everything, from memory of exactly its size. */
#ifndef READING_H
#define READING_H

#include "tests/testing.h"
#include "validator/lib/reader.h"

#include <stdlib.h>
#include <string.h>

static const struct read_limits roomy = {.bytes = 64 << 20, .depth = 512, .values = 8000000};

static inline void assert_same_index(const struct document *a, const struct document *b)
{
    ck_assert_uint_eq(a->count, b->count);
    for (uint32_t i = 0; i < a->count; i++)
        ck_assert_msg(memcmp(a->values + i, b->values + i, sizeof *a->values) == 0, "the scanners differ in value %u", i);
    ck_assert_uint_eq(a->remark_count, b->remark_count);
    for (size_t i = 0; i < a->remark_count; i++) {
        ck_assert_int_eq(a->remarks[i].what, b->remarks[i].what);
        ck_assert_uint_eq(a->remarks[i].at, b->remarks[i].at);
        ck_assert_uint_eq(a->remarks[i].offset, b->remarks[i].offset);
        ck_assert_ptr_eq(a->remarks[i].detail, b->remarks[i].detail);
    }
}

/* Reads a copy of the text that ends where its memory ends, with both scanners; the document's text is the text that was handed in. */
static inline bool read_limited(struct document *doc, const char *text, size_t length, const struct read_limits *limits)
{
    char *copy = malloc(length ? length : 1);
    ck_assert_ptr_nonnull(copy);
    memcpy(copy, text, length);
    struct document other = {0};
    bool whole = document_read(doc, copy, length, limits);
    ck_assert_int_eq(document_read_portable(&other, copy, length, limits), whole);
    assert_same_index(doc, &other);
    ck_assert(whole || doc->remark_count > 0);
    document_clear(&other);
    free(copy);
    doc->text = text;
    return whole;
}

static inline bool read_text(struct document *doc, const char *text, size_t length)
{
    return read_limited(doc, text, length, &roomy);
}

/* A literal, which may hold NUL, and its length. */
#define TEXT(literal) literal, sizeof literal - 1

#endif
