/* dump.c: see dump.h. */
#include "harness/check/dump.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* "HTTP/1.1 200 OK", "HTTP/2 200". -1 when it is no status line. */
static int status_of(const char *line, size_t length)
{
    static const char begin[] = "HTTP/";
    size_t at = sizeof begin - 1;
    if (length < at || memcmp(line, begin, at) != 0) return -1;
    while (at < length && (isdigit((unsigned char)line[at]) || line[at] == '.')) at++;
    while (at < length && line[at] == ' ') at++;
    if (length - at < 3 || (length - at > 3 && line[at + 3] != ' ')) return -1;
    for (size_t i = 0; i < 3; i++)
        if (!isdigit((unsigned char)line[at + i])) return -1;
    return (line[at] - '0') * 100 + (line[at + 1] - '0') * 10 + (line[at + 2] - '0');
}

/* The bytes of the block with its empty line; 0 when that has not come. */
static size_t block_length(const char *text, size_t length)
{
    for (const char *at = text, *end = text + length, *line; (line = memchr(at, '\n', (size_t)(end - at))); at = line + 1)
        if (line == at || (line == at + 1 && *at == '\r')) return (size_t)(line + 1 - text);
    return 0;
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length && strchr(" \t\r", text[length - 1])) text[--length] = '\0';
    return text;
}

/* Takes the lines behind the status line apart, in place. */
static void read_headers(struct dump *dump, char *lines)
{
    size_t count = 0;
    for (char *rest = NULL, *line = strtok_r(lines, "\n", &rest); line && count < DUMP_HEADERS_MAX; line = strtok_r(NULL, "\n", &rest)) {
        char *colon = strchr(line, ':');
        if (!colon || colon == line) continue;
        *colon = '\0';
        for (char *c = line; *c; c++) *c = (char)tolower((unsigned char)*c);
        dump->headers[count++] = (struct cc_header){line, trim(colon + 1)};
    }
    dump->headers[count] = (struct cc_header){0};
}

static bool take_block(struct dump *dump, const char *text, size_t length)
{
    dump->text = strndup(text, length);
    if (!dump->text) return false;
    char *lines = strchr(dump->text, '\n');
    read_headers(dump, lines ? lines + 1 : dump->text + strlen(dump->text));
    return true;
}

static bool may_begin(const char *text, size_t length)
{
    return memcmp(text, "HTTP/", length < 5 ? length : 5) == 0;
}

/* curl prints every answer that it got on the way: what was asked to go on, the proxy's own. The last one counts. */
enum dump_state dump_read(struct dump *dump, const char *text, size_t length, bool ended)
{
    size_t at = 0;
    *dump = (struct dump){0};
    for (;;) {
        size_t block;
        if (!may_begin(text + at, length - at)) return DUMP_NONE;
        block = block_length(text + at, length - at);
        if (!block) return length < DUMP_MAX && !ended ? DUMP_PARTIAL : DUMP_NONE;
        dump->status = status_of(text + at, (size_t)((const char *)memchr(text + at, '\n', block) - (text + at)));
        if (dump->status < 0) return DUMP_NONE;
        size_t next = at + block;
        bool more = length - next >= 5 || !may_begin(text + next, length - next); /* enough to tell the next block from a body */
        if (dump->status < 200 || (more && may_begin(text + next, length - next))) {
            at = next;
            continue;
        }
        if (!more && !ended) return DUMP_PARTIAL;
        dump->length = next;
        return take_block(dump, text + at, block) ? DUMP_WHOLE : DUMP_NONE;
    }
}

void dump_clear(struct dump *dump)
{
    free(dump->text);
    *dump = (struct dump){0};
}

const char *dump_header(const struct dump *dump, const char *name)
{
    for (const struct cc_header *h = dump->headers; h->name; h++)
        if (strcmp(h->name, name) == 0) return h->value;
    return "";
}

bool dump_is_stream(const struct dump *dump)
{
    const char *type = dump_header(dump, "content-type");
    return !*type || strncasecmp(type, "text/event-stream", 17) == 0;
}
