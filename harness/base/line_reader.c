/* line_reader.c: see line_reader.h. */
#include "harness/base/line_reader.h"

#include "harness/base/why.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

bool line_reader_open(struct line_reader *reader, const char *name, size_t most, char *why, size_t why_size)
{
    *reader = (struct line_reader){.name = name, .most = most, .file = strcmp(name, "-") == 0 ? stdin : fopen(name, "rb")};
    return reader->file || why_not(why, why_size, "%s: %s", name, strerror(errno));
}

void line_reader_close(struct line_reader *reader)
{
    if (reader->file && reader->file != stdin) fclose(reader->file);
    free(reader->text);
    *reader = (struct line_reader){0};
}

size_t line_reader_count(struct line_reader *reader)
{
    struct stat about;
    char piece[65536];
    size_t count = 0, got;
    if (fstat(fileno(reader->file), &about) != 0 || !S_ISREG(about.st_mode)) return 0;
    while ((got = fread(piece, 1, sizeof piece, reader->file)) > 0)
        for (const char *at = piece; (at = memchr(at, '\n', got - (size_t)(at - piece))) != NULL; at++) count++;
    rewind(reader->file);
    return count;
}

static bool keep_byte(struct line_reader *reader, int byte)
{
    if (reader->length == reader->room) {
        size_t room = reader->room ? reader->room * 2 : 4096;
        char *more = realloc(reader->text, room);
        if (!more) return false;
        reader->text = more;
        reader->room = room;
    }
    reader->text[reader->length++] = (char)byte;
    return true;
}

bool line_reader_next(struct line_reader *reader, char *why, size_t why_size)
{
    int byte;
    *why = '\0';
    reader->length = 0;
    while ((byte = getc_unlocked(reader->file)) != EOF && byte != '\n')
        if (reader->length <= reader->most && !keep_byte(reader, byte)) return why_no_memory(why, why_size);
    if (ferror(reader->file)) return why_not(why, why_size, "%s cannot be read: %s", reader->name, strerror(errno));
    reader->torn = byte == EOF;
    reader->line++;
    return !reader->torn || reader->length > 0;
}
