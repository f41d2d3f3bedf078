/* curl_line.c: see curl_line.h. The table says what each of curl's options takes; those that change what is sent in ways that a case cannot
 * say (forms, uploads, ranges) are left out of it, so that they are refused by name. */
#include "harness/commands/curl_line.h"

#include "harness/base/file.h"
#include "harness/base/why.h"

#include <stdlib.h>
#include <string.h>

enum what { PASSED_OVER, PASSED_OVER_VALUE, SECRET, METHOD, HEADER, DATA, DATA_RAW, DATA_BINARY, DATA_JSON, URL, AGENT };

static const struct curl_option {
    const char *name;
    char letter; /* '\0': none */
    enum what what;
} options[] = {
    {"request", 'X', METHOD},        {"header", 'H', HEADER},         {"data", 'd', DATA},                {"data-ascii", '\0', DATA},
    {"data-raw", '\0', DATA_RAW},    {"data-binary", '\0', DATA_BINARY}, {"json", '\0', DATA_JSON},       {"url", '\0', URL},
    {"user", 'u', SECRET},           {"cookie", 'b', SECRET},         {"oauth2-bearer", '\0', SECRET},    {"user-agent", 'A', AGENT},
    {"no-buffer", 'N', PASSED_OVER}, {"silent", 's', PASSED_OVER},    {"show-error", 'S', PASSED_OVER},   {"include", 'i', PASSED_OVER},
    {"verbose", 'v', PASSED_OVER},   {"insecure", 'k', PASSED_OVER},  {"location", 'L', PASSED_OVER},     {"fail", 'f', PASSED_OVER},
    {"globoff", 'g', PASSED_OVER},   {"compressed", '\0', PASSED_OVER}, {"http1.1", '\0', PASSED_OVER},   {"http2", '\0', PASSED_OVER},
    {"fail-with-body", '\0', PASSED_OVER}, {"progress-bar", '#', PASSED_OVER}, {"max-time", 'm', PASSED_OVER_VALUE},
    {"connect-timeout", '\0', PASSED_OVER_VALUE}, {"output", 'o', PASSED_OVER_VALUE}, {"write-out", 'w', PASSED_OVER_VALUE},
    {"dump-header", 'D', PASSED_OVER_VALUE}, {"retry", '\0', PASSED_OVER_VALUE}, {"cacert", '\0', PASSED_OVER_VALUE},
    {"proxy", 'x', PASSED_OVER_VALUE}, {0},
};

static const struct curl_option *find_long(const char *name)
{
    for (const struct curl_option *o = options; o->name; o++)
        if (strcmp(o->name, name) == 0) return o;
    return NULL;
}

static const struct curl_option *find_short(char letter)
{
    for (const struct curl_option *o = options; o->name; o++)
        if (o->letter == letter) return o;
    return NULL;
}

/* --- the body */

/* Several --data are joined with "&", several --json with nothing, as curl has it. */
static bool append(struct curl_line *line, const char *bytes, size_t length, const char *between, char *why, size_t size)
{
    size_t before = line->body_length, gap = line->body ? strlen(between) : 0;
    char *grown = realloc(line->body, before + gap + length + 1);
    if (!grown) return why_no_memory(why, size);
    line->body = grown;
    memcpy(grown + before, between, gap);
    memcpy(grown + before + gap, bytes, length);
    line->body_length = before + gap + length;
    grown[line->body_length] = '\0';
    return true;
}

/* --data @FILE drops line ends and NUL. */
static size_t drop_line_ends(char *bytes, size_t length)
{
    size_t kept = 0;
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != '\n' && bytes[i] != '\r' && bytes[i] != '\0') bytes[kept++] = bytes[i];
    return kept;
}

static bool take_body(struct curl_line *line, enum what what, const char *value, char *why, size_t size)
{
    const char *between = what == DATA_JSON ? "" : "&";
    line->json |= what == DATA_JSON;
    if (*value != '@' || what == DATA_RAW) return append(line, value, strlen(value), between, why, size);
    size_t length;
    char *bytes = file_read(value + 1, &length, why, size);
    if (!bytes) return false;
    if (what == DATA) length = drop_line_ends(bytes, length);
    bool fine = append(line, bytes, length, between, why, size);
    free(bytes);
    return fine;
}

/* --- the words */

static bool take_url(struct curl_line *line, const char *value, char *why, size_t size)
{
    if (line->url) return why_not(why, size, "the curl command has two URLs, \"%.200s\" and \"%.200s\"", line->url, value);
    line->url = value;
    return true;
}

static bool take(struct curl_line *line, enum what what, const char *value, char *why, size_t size)
{
    switch (what) {
    case PASSED_OVER:
    case PASSED_OVER_VALUE:
    case AGENT: return true;
    case SECRET: line->has_secret = true; return true;
    case METHOD: line->method = value; return true;
    case HEADER:
        if (*value == '@') return why_not(why, size, "curl's -H @FILE is not known here; give the headers themselves");
        return texts_add(&line->headers, value) || why_no_memory(why, size);
    case URL: return take_url(line, value, why, size);
    case DATA:
    case DATA_RAW:
    case DATA_BINARY:
    case DATA_JSON: break;
    }
    return take_body(line, what, value, why, size);
}

static bool unknown(const char *word, char *why, size_t size)
{
    return why_not(why, size, "curl's option %.100s is not known here: a case says method, path, headers and body", word);
}

/* "--data VALUE"; *words moves past what was taken. */
static bool read_long(struct curl_line *line, const char *const **words, char *why, size_t size)
{
    const char *word = **words;
    const struct curl_option *o = find_long(word + 2);
    if (!o) return unknown(word, why, size);
    if (o->what != PASSED_OVER && !*++*words) return why_not(why, size, "curl's option %s needs a value", word);
    ++*words;
    return take(line, o->what, (*words)[-1], why, size);
}

/* "-sN", "-XPOST", "-sNd VALUE". */
static bool read_short(struct curl_line *line, const char *const **words, char *why, size_t size)
{
    for (const char *letter = **words + 1; *letter; letter++) {
        const struct curl_option *o = find_short(*letter);
        char name[] = {'-', *letter, '\0'};
        if (!o) return unknown(name, why, size);
        if (o->what == PASSED_OVER) continue;
        const char *value = letter[1] ? letter + 1 : *++*words;
        if (!value) return why_not(why, size, "curl's option %s needs a value", name);
        ++*words;
        return take(line, o->what, value, why, size);
    }
    ++*words;
    return true;
}

bool curl_line_read(struct curl_line *line, const char *const *words, char *why, size_t why_size)
{
    *line = (struct curl_line){0};
    while (*words) {
        const char *word = *words;
        bool fine;
        if (strncmp(word, "--", 2) == 0 && word[2]) fine = read_long(line, &words, why, why_size);
        else if (word[0] == '-' && word[1] && word[1] != '-') fine = read_short(line, &words, why, why_size);
        else fine = take_url(line, *words++, why, why_size);
        if (!fine) return false;
    }
    return line->url || why_not(why, why_size, "the curl command has no URL");
}

void curl_line_clear(struct curl_line *line)
{
    free(line->body);
    free((void *)line->headers.items);
    *line = (struct curl_line){0};
}
