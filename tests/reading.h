/* reading.h: reading JSON in tests: each text is read by both scanners, which must agree in everything, from memory of exactly its size. */
#ifndef READING_H
#define READING_H

#include "tests/testing.h"
#include "validator/lib/reader.h"

#include <stdlib.h>
#include <string.h>

static const struct read_limits roomy = {.bytes = 64 << 20, .depth = 512, .values = 8000000};

/* As ck_assert, but quiet while all is well: that one writes to a file each time, which takes longer than reading a text. */
#define expect(condition) \
    do { \
        if (!(condition)) \
            ck_abort_msg("%s, which is false", #condition); \
    } while (0)

static inline bool same_remark(const struct read_remark *a, const struct read_remark *b)
{
    return a->what == b->what && a->at == b->at && a->offset == b->offset && a->detail == b->detail;
}

static inline void assert_same_index(const struct document *a, const struct document *b)
{
    expect(a->count == b->count && a->remark_count == b->remark_count);
    expect(a->count == 0 || memcmp(a->values, b->values, a->count * sizeof *a->values) == 0);
    for (size_t i = 0; i < a->remark_count; i++)
        expect(same_remark(&a->remarks[i], &b->remarks[i]));
}

/* Reads a copy of the text that ends where its memory ends, with both scanners; the document's text is the text that was handed in. */
static inline bool read_limited(struct document *doc, const char *text, size_t length, const struct read_limits *limits)
{
    char *copy = malloc(length ? length : 1);
    expect(copy != NULL);
    memcpy(copy, text, length);
    struct document other = {0};
    bool whole = document_read(doc, copy, length, limits);
    expect(document_read_portable(&other, copy, length, limits) == whole);
    assert_same_index(doc, &other);
    expect(whole || doc->remark_count > 0);
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
