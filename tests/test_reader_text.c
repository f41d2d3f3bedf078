/* test_reader_text.c: the bytes of strings (UTF-8, escapes, the two scanners) and the edges of memory around a text.
 *
 * Texts are read between two pages that must not be touched, so that one byte too far, on either side, ends the test. */
#include "tests/reading.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

/* Memory between two forbidden pages. */
struct fence {
    char *bytes;
    size_t size, page;
};

static struct fence fence_new(size_t pages)
{
    struct fence fence = {.page = (size_t)sysconf(_SC_PAGESIZE)};
    fence.size = pages * fence.page;
    char *all = mmap(NULL, fence.size + 2 * fence.page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(all, MAP_FAILED);
    fence.bytes = all + fence.page;
    ck_assert_int_eq(mprotect(fence.bytes, fence.size, PROT_READ | PROT_WRITE), 0);
    return fence;
}

static void fence_free(struct fence *fence)
{
    munmap(fence->bytes - fence->page, fence->size + 2 * fence->page);
}

/* Two documents for two scanners. */
struct pair {
    struct document doc, other;
};

static bool read_both(struct pair *pair, const char *text, size_t length)
{
    bool whole = document_read(&pair->doc, text, length, &roomy);
    expect(document_read_portable(&pair->other, text, length, &roomy) == whole);
    assert_same_index(&pair->doc, &pair->other);
    return whole;
}

/* Reads the text at the end of the fenced memory, then at its start. */
static bool read_fenced(struct pair *pair, const struct fence *fence, const char *text, size_t length)
{
    expect(length <= fence->size);
    char *last = fence->bytes + fence->size - length;
    memcpy(last, text, length);
    bool whole = read_both(pair, last, length);
    memmove(fence->bytes, last, length);
    expect(read_both(pair, fence->bytes, length) == whole);
    return whole;
}

static void pair_clear(struct pair *pair)
{
    document_clear(&pair->doc);
    document_clear(&pair->other);
}

static const char *const samples[] = {
    "[]",
    "{}",
    "\"\"",
    "[[],[[]],{}]",
    "{\"a\":{\"b\":[{\"c\":{}}]}}",
    "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"temperature\":0.7,\"stream\":true,\"n\":1}",
    "[true,false,null,true,false,null]",
    "[0,-0,1,-1,12,123,1234567890123456789012345678901234567890]",
    "[0.5,-1.25,1e5,1E+5,1e-5,123456789.987654321e-12,0.00000000000000000000000000000001]",
    "[1e999,-1e999,9007199254740993]",
    "\"a plain text of more than sixteen bytes, and of more than two blocks of sixteen\"",
    "\"exactly fifteen\"",
    "\"exactly sixteen!\"",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000\\u00e9\\u4e16\\ud83d\\ude00\\ud800\\uffff\"",
    "\"escapes \\n in \\t every \\\\ few \\\" bytes \\u00e9 of \\/ a \\r long \\b er \\f text \\\\\\\\\"",
    "\"\xC3\xA9\xE4\xB8\x96\xF0\x9F\x98\x80\"",
    "\"\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82 \xD0\xBC\xD0\xB8\xD1\x80, \xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82\"",
    "\"\xE4\xBD\xA0\xE5\xA5\xBD\xEF\xBC\x8C\xE4\xB8\x96\xE7\x95\x8C\xEF\xBF\xBF\xF4\x8F\xBF\xBF plain again, and for quite a while\"",
    "{\"\xC3\xA9\":1,\"\\u00e9\":2,\"a_key_of_more_than_sixteen_bytes\":3,\"\":{\"a_key_of_more_than_sixteen_\\u0062ytes\":[]}}",
    " \n\r\t{ \"a\"  :\n\n                       [ 1 ,\t\t\t2\r\n]   ,   \"b\" : \"c\"\n                                        }",
    "\xEF\xBB\xBF{\"bom\":true}",
    "[\"\",\"a\",\"ab\",\"abc\",\"abcd\",\"abcde\",\"abcdef\",\"abcdefg\",\"abcdefgh\",\"abcdefghi\",\"abcdefghij\",\"abcdefghijk\"]",
};
enum { SAMPLES = sizeof samples / sizeof samples[0] };

/* None of the samples is a number, so no part of one is whole. */
START_TEST(every_truncation_is_refused)
{
    struct fence fence = fence_new(1);
    struct pair pair = {0};
    size_t length = strlen(samples[_i]);
    for (size_t cut = 0; cut < length; cut++) {
        ck_assert_msg(!read_fenced(&pair, &fence, samples[_i], cut), "%.*s", (int)cut, samples[_i]);
        const struct read_remark *last = &pair.doc.remarks[pair.doc.remark_count - 1];
        ck_assert(last->what == JSON_SYNTAX || last->what == JSON_UTF8);
        ck_assert(last->what == JSON_UTF8 || last->offset == cut);
    }
    ck_assert(read_fenced(&pair, &fence, samples[_i], length));
    pair_clear(&pair);
    fence_free(&fence);
}
END_TEST

START_TEST(numbers_and_words_end_with_the_text)
{
    static const char *const texts[] = {"0", "-1", "12345678901234567890", "1.5", "1e5", "1E-10", "123.4567890123456789", "true", "null"};
    struct fence fence = fence_new(1);
    struct pair pair = {0};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        ck_assert(read_fenced(&pair, &fence, texts[i], strlen(texts[i])));
    pair_clear(&pair);
    fence_free(&fence);
}
END_TEST

/* Bytes of the samples are changed, removed and repeated at random: whatever comes of it, the scanners agree and stay inside. */
START_TEST(damaged_samples)
{
    static const char spice[] = "\"\\{}[]:,0e.-u\x1F\x7F\x80\xBF\xC3\xE2\xED\xEF\xF0\xF4\xFF ";
    struct fence fence = fence_new(1);
    struct pair pair = {0};
    srand(3);
    for (int round = 0; round < 40000; round++) {
        char text[512];
        const char *sample = samples[rand() % SAMPLES];
        size_t length = strlen(sample);
        memcpy(text, sample, length);
        for (int changes = 1 + rand() % 3; changes > 0; changes--) {
            size_t at = (size_t)rand() % length;
            if (rand() % 2) {
                text[at] = spice[(size_t)rand() % (sizeof spice - 1)];
            } else if (rand() % 2 && length > 1) {
                memmove(text + at, text + at + 1, --length - at);
            } else {
                memmove(text + at + 1, text + at, length - at);
                length++;
            }
        }
        read_fenced(&pair, &fence, text, length);
    }
    pair_clear(&pair);
    fence_free(&fence);
}
END_TEST

/* What may stand in a string: where it stops reading (counted from its first byte), or the flags it gives. */
static const struct {
    const char *text;
    size_t length;
    int stop;
    uint8_t flags;
} specials[] = {
    {TEXT("\\n"), -1, V_ESCAPED},
    {TEXT("\\\""), -1, V_ESCAPED},
    {TEXT("\\\\"), -1, V_ESCAPED},
    {TEXT("\\\\\\\\\\n"), -1, V_ESCAPED},
    {TEXT("\\u0041"), -1, V_ESCAPED},
    {TEXT("\\u00e9"), -1, V_ESCAPED | V_NOT_ASCII},
    {TEXT("\x7F"), -1, 0},
    {TEXT("\xC3\xA9"), -1, V_NOT_ASCII},
    {TEXT("\xE4\xB8\x96"), -1, V_NOT_ASCII},
    {TEXT("\xF0\x9F\x98\x80"), -1, V_NOT_ASCII},
    {TEXT("\xEF\xBF\xBF"), -1, V_NOT_ASCII},
    {TEXT("\""), 1, 0},
    {TEXT("\\x"), 1, 0},
    {TEXT("\x1F"), 0, 0},
    {TEXT("\0"), 0, 0},
    {TEXT("\x80"), 0, 0},
    {TEXT("\xE4\xB8"), 0, 0},
    {TEXT("\xFF"), 0, 0},
};
enum { SPECIALS = sizeof specials / sizeof specials[0], LONGEST = 80 };

/* Writes a string of `length` letters with special thing `which` after `before` of them. Returns its size. */
static size_t write_special(char *out, size_t which, const char *letter, size_t before, size_t length)
{
    char *at = out;
    *at++ = '"';
    for (size_t i = 0; i <= length; i++) {
        const char *next = i == before ? specials[which].text : letter;
        size_t size = i == before ? specials[which].length : strlen(letter);
        memcpy(at, next, size);
        at += size;
    }
    *at++ = '"';
    return (size_t)(at - out);
}

static void check_special(struct pair *pair, const char *text, size_t size, size_t which, size_t place, uint8_t flags)
{
    bool whole = read_both(pair, text, size);
    if (specials[which].stop >= 0) {
        expect(!whole && pair->doc.remarks[0].offset == place + (size_t)specials[which].stop);
    } else {
        expect(whole && pair->doc.values[0].length == size - 2);
        expect(pair->doc.values[0].flags == (flags | specials[which].flags));
    }
}

/* At every place in strings of 0 to 80 letters, plain ones and others, at every alignment and at the end of memory. */
START_TEST(specials_everywhere)
{
    struct fence fence = fence_new(1);
    struct pair pair = {0};
    char text[4 * LONGEST];
    for (size_t kind = 0; kind < 2; kind++) {
        const char *letter = kind ? "\xD0\xBF" : "x";
        for (size_t length = 0; length <= LONGEST; length++) {
            for (size_t before = 0; before <= length; before++) {
                size_t size = write_special(text, (size_t)_i, letter, before, length), place = 1 + before * strlen(letter);
                uint8_t flags = kind && length > 0 ? V_NOT_ASCII : 0;
                memcpy(fence.bytes + fence.size - size, text, size);
                check_special(&pair, fence.bytes + fence.size - size, size, (size_t)_i, place, flags);
                char *at = fence.bytes + (length + before) % 16;
                memcpy(at, text, size);
                check_special(&pair, at, size, (size_t)_i, place, flags);
            }
        }
    }
    pair_clear(&pair);
    fence_free(&fence);
}
END_TEST

/* The opinion beside: the length of the sequence at `at` by the value that it encodes; 0 when it is ill-formed. */
static size_t sequence_length(const unsigned char *at, size_t left)
{
    static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = at[0] < 0x80 ? 1 : at[0] >> 5 == 6 ? 2 : at[0] >> 4 == 14 ? 3 : at[0] >> 3 == 30 ? 4 : 0;
    if (length < 2 || length > left)
        return length > left ? 0 : length;
    uint32_t code = at[0] & (0x7FU >> length);
    for (size_t i = 1; i < length; i++) {
        if (at[i] >> 6 != 2)
            return 0;
        code = code << 6 | (at[i] & 0x3F);
    }
    return code < smallest[length] || code > 0x10FFFF || code >> 11 == 27 ? 0 : length;
}

/* Reads `count` bytes between letters, of which `before` stand before them and enough behind for whole blocks. */
static void check_sequence(struct pair *pair, const unsigned char *bytes, size_t count, size_t before)
{
    char text[80] = "\"";
    memset(text + 1, before % 2 ? 'x' : '\xC3', before);
    for (size_t i = 2; i <= before; i += 2)
        text[i] = before % 2 ? 'x' : '\xA9';
    memcpy(text + 1 + before, bytes, count);
    memcpy(text + 1 + before + count, "letters behind, and more\"", 25);
    size_t at = 0, length;
    while (at < count && (length = sequence_length(bytes + at, count - at)) > 0)
        at += length;
    bool whole = read_both(pair, text, 1 + before + count + 25);
    const struct read_remark *last = &pair->doc.remarks[whole ? 0 : pair->doc.remark_count - 1];
    if (whole != (at == count) || (!whole && (last->what != JSON_UTF8 || last->offset != 1 + before + at)))
        ck_abort_msg("%02X %02X %02X %02X", bytes[0], bytes[1], bytes[2], bytes[3]);
}

/* All sequences of two bytes, and of three and four bytes those with the bytes at which something changes. */
START_TEST(ill_formed_sequences)
{
    static const unsigned char edges[] = {0x20, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xB7, 0xBE, 0xBF, 0xC0, 0xC2, 0xE0, 0xED, 0xF4, 0xFF};
    struct pair pair = {0};
    unsigned char bytes[4] = {(unsigned char)(0x80 + _i)};
    size_t before = 0;
    for (unsigned second = 0x80; second < 0x100; second++) {
        bytes[1] = (unsigned char)second;
        check_sequence(&pair, bytes, 2, before++ % 17);
        for (size_t i = 0; bytes[0] >= 0xE0 && i < sizeof edges; i++) {
            bytes[2] = edges[i];
            check_sequence(&pair, bytes, 3, before++ % 17);
            for (size_t j = 0; bytes[0] >= 0xF0 && j < sizeof edges; j++) {
                bytes[3] = edges[j];
                check_sequence(&pair, bytes, 4, before++ % 17);
            }
        }
    }
    pair_clear(&pair);
}
END_TEST

/* The encoding of a code point, made apart from the reader's. */
static size_t encode(uint32_t code, char *out)
{
    size_t length = 0;
    if (code >= 0x10000)
        out[length++] = (char)(0xF0 | code >> 18);
    if (code >= 0x800)
        out[length++] = (char)(code >= 0x10000 ? 0x80 | (code >> 12 & 0x3F) : 0xE0 | code >> 12);
    if (code >= 0x80)
        out[length++] = (char)(code >= 0x800 ? 0x80 | (code >> 6 & 0x3F) : 0xC0 | code >> 6);
    out[length++] = (char)(code >= 0x80 ? 0x80 | (code & 0x3F) : code);
    return length;
}

static void assert_means(const struct document *doc, uint32_t at, const char *bytes, size_t length)
{
    char out[16];
    expect(document_unescape(doc, at, out) == length && memcmp(out, bytes, length) == 0);
}

/* One document with a code point written raw, where that is allowed, and with \u. */
static void check_code_point(struct document *doc, uint32_t code)
{
    char text[64], bytes[4];
    size_t length = encode(code, bytes), size = 0;
    bool raw = code >= 0x20 && code != '"' && code != '\\';
    bool odd = (code & 0xFFFE) == 0xFFFE || (code >= 0xFDD0 && code <= 0xFDEF);
    size += (size_t)snprintf(text, sizeof text, "[\"%.*s\",\"", raw ? (int)length : 0, bytes);
    if (code < 0x10000)
        size += (size_t)snprintf(text + size, sizeof text - size, code % 2 ? "\\u%04x\"]" : "\\u%04X\"]", code);
    else
        size += (size_t)snprintf(text + size, sizeof text - size, "\\u%04X\\u%04x\"]", 0xD7C0 + (code >> 10), 0xDC00 + (code & 0x3FF));
    if (!document_read(doc, text, size, &roomy) || doc->remark_count != (odd ? 2 : code == 0 ? 1 : 0))
        ck_abort_msg("U+%04X", code);
    assert_means(doc, 1, bytes, raw ? length : 0);
    assert_means(doc, 2, bytes, length);
    expect(doc->values[1].flags == (code >= 0x80 ? V_NOT_ASCII : 0));
    expect(doc->values[2].flags == (code >= 0x80 ? V_ESCAPED | V_NOT_ASCII : V_ESCAPED));
    for (size_t i = 0; i < doc->remark_count; i++)
        expect(doc->remarks[i].what == (odd ? JSON_NONCHARACTER : JSON_NUL_IN_STRING));
}

START_TEST(every_code_point)
{
    struct document doc = {0};
    uint32_t count = 0;
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        check_code_point(&doc, code);
        count++;
    }
    ck_assert_uint_eq(count, 1112064);
    document_clear(&doc);
}
END_TEST

START_TEST(unescaped_text)
{
    static const struct {
        const char *text, *means;
        size_t length;
    } texts[] = {
        {"\"\"", TEXT("")},
        {"\"plain\"", TEXT("plain")},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", TEXT("\"\\/\b\f\n\r\t")},
        {"\"a\\u0000b\"", TEXT("a\0b")},
        {"\"\\ud800\"", TEXT("\xEF\xBF\xBD")},
        {"\"\\udc00\\ud800\"", TEXT("\xEF\xBF\xBD\xEF\xBF\xBD")},
        {"\"\\ud800\\ud83d\\ude00\"", TEXT("\xEF\xBF\xBD\xF0\x9F\x98\x80")},
        {"\"\\ud83d\\u0041\"", TEXT("\xEF\xBF\xBD" "A")},
        {"\"\\ud83dudE00\"", TEXT("\xEF\xBF\xBD" "udE00")},
        {"\"\xC3\xA9\\n\xE4\xB8\x96\"", TEXT("\xC3\xA9\n\xE4\xB8\x96")},
    };
    struct document doc = {0};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char out[64];
        ck_assert(read_text(&doc, texts[i].text, strlen(texts[i].text)));
        size_t length = document_unescape(&doc, 0, out);
        ck_assert_uint_le(length, doc.values[0].length);
        ck_assert_uint_eq(length, texts[i].length);
        ck_assert(memcmp(out, texts[i].means, length) == 0);
    }
    document_clear(&doc);
}
END_TEST

START_TEST(line_and_column)
{
    static const struct {
        const char *text;
        size_t offset, line, column;
    } places[] = {
        {"", 0, 1, 1},
        {"", 9, 1, 1},
        {"abc", 0, 1, 1},
        {"abc", 2, 1, 3},
        {"abc", 3, 1, 4},
        {"abc", 4, 1, 4},
        {"a\nb", 1, 1, 2},
        {"a\nb", 2, 2, 1},
        {"a\n\n\nb\n", 4, 4, 1},
        {"a\n\n\nb\n", 6, 5, 1},
        {"a\r\nb", 3, 2, 1},
        {"\xC3\xA9\xE4\xB8\x96\xF0\x9F\x98\x80x", 2, 1, 2},
        {"\xC3\xA9\xE4\xB8\x96\xF0\x9F\x98\x80x", 5, 1, 3},
        {"\xC3\xA9\xE4\xB8\x96\xF0\x9F\x98\x80x", 9, 1, 4},
        {"\n\xC3\xA9x", 3, 2, 2},
        {"\xEF\xBB\xBFx", 0, 1, 1},
        {"\xEF\xBB\xBFx", 3, 1, 1},
        {"\xEF\xBB\xBFxy", 4, 1, 2},
    };
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        size_t line, column;
        text_place(places[i].text, strlen(places[i].text), places[i].offset, &line, &column);
        ck_assert_msg(line == places[i].line && column == places[i].column, "%zu of %s: %zu:%zu", places[i].offset, places[i].text, line,
                      column);
    }
}
END_TEST

/* Characters and lines of every stretch of a text that mixes them, beside counting them one by one. */
START_TEST(stretches_are_counted)
{
    static const char text[] = "plain ASCII first, then \xC3\xA9\xE4\xB8\x96\xF0\x9F\x98\x80 and\n\xE4\xB8\x96\xE4\xB8\x96\xE4\xB8\x96\n\nthe end";
    for (size_t from = 0; from < sizeof text; from++)
        for (size_t to = from; to < sizeof text; to++) {
            size_t chars = 0, line = 7, column = 3, counted_line = 7, counted_column = 3;
            for (size_t i = from; i < to; i++) {
                bool begins = (text[i] & 0xC0) != 0x80, ends_line = text[i] == '\n';
                chars += begins;
                line += ends_line;
                column = ends_line ? 1 : column + begins;
            }
            text_count_on(text + from, to - from, &counted_line, &counted_column);
            ck_assert_uint_eq(text_characters(text + from, to - from), chars);
            ck_assert_uint_eq(counted_line, line);
            ck_assert_uint_eq(counted_column, column);
        }
}
END_TEST

static Suite *reader_text_suite(void)
{
    Suite *suite = suite_create("reader_text");
    TCase *tests = tcase_create("reader_text");
    tcase_add_loop_test(tests, every_truncation_is_refused, 0, SAMPLES);
    tcase_add_test(tests, numbers_and_words_end_with_the_text);
    tcase_add_test(tests, damaged_samples);
    tcase_add_loop_test(tests, specials_everywhere, 0, SPECIALS);
    tcase_add_loop_test(tests, ill_formed_sequences, 0, 0x80);
    tcase_add_test(tests, every_code_point);
    tcase_add_test(tests, unescaped_text);
    tcase_add_test(tests, line_and_column);
    tcase_add_test(tests, stretches_are_counted);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(reader_text_suite)
