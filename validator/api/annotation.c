/* annotation.c: citations in an answer that searched the web. */
#include "validator/api/answer.h"

static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool is_scheme(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.'; }

/* A scheme, a colon and something more: RFC 3986 promises nothing else that a client depends on. */
static bool is_absolute_uri(const char *text, size_t length)
{
    size_t scheme = 0;
    while (scheme < length && is_scheme(text[scheme])) scheme++;
    if (scheme == 0 || !is_letter(text[0]) || scheme + 1 >= length || text[scheme] != ':') return false;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)text[i] <= ' ') return false;
    return true;
}

static const struct form absolute_uri_form = {
    .name = "format", .pattern = "^[A-Za-z][A-Za-z0-9+.-]*:[^\\u0000-\\u0020]+$", .holds = is_absolute_uri,
    .says = "is an absolute URI", .good = "https://example.com/a", .bad = "example.com/a"};

static const struct field citation_fields[] = {
    {"start_index", REQUIRED, .is = INT, BETWEEN(0, NONE), .says = "where in the content it begins", .sample = "0"},
    {"end_index", REQUIRED, .is = INT, BETWEEN(0, NONE), .says = "where in the content it ends", .sample = "1"},
    {"url", REQUIRED, .is = STR, FORMS(&absolute_uri_form), .says = "what is cited", .sample = "\"https://example.com/a\""},
    {"title", REQUIRED, .is = STR, .says = "its title", .sample = "\"A page\""},
    {0},
};

static bool citation_runs_forward(struct ask *ask)
{
    double start = number_of(get(ask->self, "start_index"), 0), end = number_of(get(ask->self, "end_index"), 0);
    return start <= end || say(ask, "it runs from %.0f to %.0f", start, end);
}

static const struct rule citation_rules[] = {
    {.id = "response.choices.message.annotations.url_citation.order", .holds = citation_runs_forward, .level = CC_MUST,
     .says = "start_index is not greater than end_index", .ref = "newapi:response.annotations",
     .when = "start_index", READS("start_index", "end_index"),
     .good = JSON({"start_index": 1, "end_index": 1}), .bad = JSON({"start_index": 1, "end_index": 0})},
    {0},
};

static const struct shape citation_shape = {
    .ref = "openai:ChatCompletionResponseMessage.annotations.url_citation",
    .fields = citation_fields,
    .rules = citation_rules,
    .sample = JSON({"start_index": 0, "end_index": 1, "url": "https://example.com/a", "title": "A page"}),
};

static const struct field fields[] = {
    {"type", REQUIRED, .is = STR, WORDS(W("url_citation"))},
    {"url_citation", REQUIRED, .is = OBJ, .shape = &citation_shape},
    {0},
};

const struct shape annotation_shape = {
    .name = "response.choices.message.annotations",
    .ref = "openai:ChatCompletionResponseMessage.annotations",
    .fields = fields,
    .sample = JSON({"type": "url_citation", "url_citation": {"start_index": 0, "end_index": 1, "url": "https://example.com/a", "title": "A page"}}),
};

/* UTF-16 units: the longest of the units that servers count in. */
static long long units_of(struct text text)
{
    long long units = 0;
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        units += (byte & 0xC0) != 0x80;
        units += byte >= 0xF0;
    }
    return units;
}

/* Neither the unit nor whether the end belongs to it is defined, so one past the end passes. Without a text there is nothing to judge. */
bool citations_lie_in_content(struct ask *ask)
{
    struct view content = get(ask->self, "content"), annotations = get(ask->self, "annotations");
    if (!is(content, STR) || count(annotations) == 0) return true;
    long long length = units_of(text_of(ask, content));
    for (EVERY(annotation, annotations)) {
        struct view citation = get(annotation, "url_citation");
        long long start = integer_of(get(citation, "start_index"), 0), end = integer_of(get(citation, "end_index"), 0);
        if (start <= length && end <= length) continue;
        say(ask, "it runs from %lld to %lld in a text of %lld", start, end, length);
        return blame(ask, citation);
    }
    return true;
}
