/* case_write.c: see case_write.h. */
#include "harness/suite/case_write.h"

#include "harness/base/file.h"
#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/suite/suite.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* --- into a file */

enum { DASHES_USUAL = 2 }; /* blanks before the dash of a case */

/* How many blanks the cases of a suite have before their dashes. */
static size_t dashes_of(const char *text)
{
    bool below = false;
    for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
        size_t blanks = strspn(text, " ");
        if (below && text[blanks] == '-') return blanks;
        if (below && !strchr("#\r\n", text[blanks])) break;
        below = below || begins(text, "cases:");
    }
    return DASHES_USUAL;
}

static void put_moved(FILE *out, const char *cases, size_t dashes)
{
    while (*cases) {
        size_t length = strcspn(cases, "\n"), usual = strspn(cases, " ") < DASHES_USUAL ? 0 : DASHES_USUAL;
        fprintf(out, "%*s%.*s\n", usual ? (int)dashes : 0, "", (int)(length - usual), cases + usual);
        cases += length + (cases[length] == '\n');
    }
}

/* The file as it will be; the caller frees it. NULL with one sentence. */
static char *appended(const char *file, const char *head, const char *cases, char *why, size_t size)
{
    char *text = NULL, *before = NULL;
    size_t length = 0, written;
    if (access(file, F_OK) == 0 && !(before = file_read(file, &length, why, size))) return NULL;
    FILE *out = open_memstream(&text, &written);
    if (out) {
        if (length) fprintf(out, "%s%s\n", before, before[length - 1] == '\n' ? "" : "\n");
        else fputs(head, out);
        put_moved(out, cases, length ? dashes_of(before) : DASHES_USUAL);
    }
    bool fine = out && fclose(out) == 0;
    free(before);
    if (fine) return text;
    free(text);
    why_no_memory(why, size);
    return NULL;
}

static bool loads(const char *file, char *why, size_t why_size)
{
    struct suite_set set = {0};
    bool fine = suite_load(&set, file, why, why_size);
    suite_set_clear(&set);
    return fine;
}

/* The text is tried beside the file, where all that it includes is found as well. */
static bool replace(const char *file, const char *text, char *why, size_t size)
{
    char beside[4096], inner[2048];
    int length = snprintf(beside, sizeof beside, "%s.new", file);
    if (length < 0 || (size_t)length >= sizeof beside) return why_not(why, size, "the name of the suite file is too long");
    if (!file_write_text(beside, text, why, size)) return false;
    bool fine = loads(beside, inner, sizeof inner) ? file_write_text(file, text, why, size)
                : why_not(why, size, "%s would no longer load with this at its end%.1500s", file, inner + strcspn(inner, ":"));
    unlink(beside);
    return fine;
}

bool case_file_append(const char *file, const char *head, const char *cases, char *why, size_t why_size)
{
    char *text = appended(file, head, cases, why, why_size);
    bool fine = text && replace(file, text, why, why_size);
    free(text);
    return fine;
}
