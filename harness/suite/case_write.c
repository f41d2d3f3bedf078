/* case_write.c: see case_write.h. */
#include "harness/suite/case_write.h"

#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/suite/suite.h"

/* JSON with escapes for all that is not ASCII, and ${ doubled as suites have it. YAML knows no surrogates: longer characters get \U. */
static void put_json(FILE *out, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c;) {
        unsigned length = *c < 0x80 ? 1 : *c >= 0xF0 ? 4 : *c >= 0xE0 ? 3 : 2, point = length == 1 ? *c : *c & (0xFFU >> (length + 1));
        for (unsigned i = 1; i < length; i++) point = point << 6 | (c[i] & 0x3F);
        if (length == 1 && *c == '$' && c[1] == '{') fputs("$$", out);
        else if (length == 1 && *c != 0x7F) putc(*c, out);
        else fprintf(out, point > 0xFFFF ? "\\U%08X" : "\\u%04X", point);
        c += length;
    }
}

void case_write_value(FILE *out, struct json_object *value)
{
    put_json(out, jo_write(value, NULL));
}

void case_write_id(const char *words, char *out, size_t size)
{
    size_t used = 0;
    for (; *words && used + 1 < size; words++) {
        char c = *words >= 'A' && *words <= 'Z' ? (char)(*words + 32) : *words;
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (plain || (used && out[used - 1] != '-')) out[used++] = plain ? c : '-';
    }
    while (used && out[used - 1] == '-') used--;
    out[used] = '\0';
}

bool case_file_loads(const char *file, char *why, size_t why_size)
{
    struct suite_set set = {0};
    char inner[2048];
    bool fine = suite_load(&set, file, inner, sizeof inner);
    suite_set_clear(&set);
    return fine || why_not(why, why_size, "%.1500s", inner);
}
