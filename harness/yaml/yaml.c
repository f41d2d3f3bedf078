/* yaml.c: YAML events into JSON text.
 *
 * Of libyaml only the events are used: its document loader is quadratic in the number of anchors, and makes cycles of aliases. The events
 * are written out as JSON as they come, so that every bound is met while reading; an alias is a copy of text that was written before.
 * Suites may come from anywhere: whatever is in the file, this ends soon, in little memory, with one clear sentence. */
#include "harness/base/scalar.h"
#include "harness/yaml/yaml_parts.h"

#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* The core types that a tag may name, each with the types of plain text that it takes. */
struct tag {
    const char *name, *word;
    unsigned takes; /* bits of enum scalar_type */
};

#define BIT(type) (1u << (type))
static const struct tag tags[] = {
    {YAML_STR_TAG, "!!str", ~0u},
    {YAML_INT_TAG, "!!int", BIT(SCALAR_INT)},
    {YAML_FLOAT_TAG, "!!float", BIT(SCALAR_INT) | BIT(SCALAR_FLOAT)},
    {YAML_BOOL_TAG, "!!bool", BIT(SCALAR_TRUE) | BIT(SCALAR_FALSE)},
    {YAML_NULL_TAG, "!!null", BIT(SCALAR_NULL)},
    {0},
};

static const struct tag *find_tag(const char *name)
{
    for (const struct tag *tag = tags; tag->name; tag++)
        if (strcmp(tag->name, name) == 0)
            return tag;
    return NULL;
}

static bool refuse_tag(struct source *s, const char *tag)
{
    return yaml_refuse(s, "the tag %s is not known; !include and the core types (!!str ...) are", yaml_show(tag, strlen(tag)).text);
}

static bool write_number(struct source *s, const char *number, bool point)
{
    return yaml_write_text(s, number, strlen(number)) && (!point || yaml_write_text(s, ".0", 2));
}

/* Plain text, or text of a type that a tag names. */
static bool write_typed(struct source *s, const char *text, size_t length, const struct tag *tag)
{
    char number[NUMBER_ROOM];
    const char *once = tag ? NULL : scalar_once(text, length);
    enum scalar_type type = tag == tags ? SCALAR_STRING : scalar_type(text, length, number);
    if (tag && !(tag->takes & BIT(type)))
        return yaml_refuse(s, "\"%s\" is no %s", yaml_show(text, length).text, tag->word);
    switch (type) {
    case SCALAR_NULL: return yaml_write_text(s, "null", 4);
    case SCALAR_TRUE: return yaml_write_text(s, "true", 4);
    case SCALAR_FALSE: return yaml_write_text(s, "false", 5);
    case SCALAR_INT: return write_number(s, number, tag && tag->takes & BIT(SCALAR_FLOAT));
    case SCALAR_FLOAT: return write_number(s, number, false);
    case SCALAR_NOT_FINITE: return yaml_refuse(s, "JSON has no number %s; quote it if it is text", yaml_show(text, length).text);
    case SCALAR_TOO_LONG: return yaml_refuse(s, "the number %s is too long; quote it if it is text", yaml_show(text, length).text);
    default: return yaml_write_string(s, text, length) && (!once || yaml_warn(s, text, length, once));
    }
}

static bool scalar_value(struct source *s, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value, *tag = (const char *)event->data.scalar.tag;
    size_t length = event->data.scalar.length;
    int anchor;
    bool ok;
    if (!yaml_begin_anchor(s, (const char *)event->data.scalar.anchor, &anchor) || !yaml_begin_value(s))
        return false;
    yaml_place_anchor(s, anchor);
    if (tag && strcmp(tag, "!include") == 0)
        ok = yaml_include(s, text, length);
    else if (tag && !find_tag(tag))
        ok = refuse_tag(s, tag);
    else if (tag || event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
        ok = write_typed(s, text, length, tag ? find_tag(tag) : NULL);
    else
        ok = yaml_write_string(s, text, length);
    yaml_end_anchor(s, anchor);
    return ok;
}

static bool key(struct source *s, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value, *tag = (const char *)event->data.scalar.tag;
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if (event->data.scalar.anchor)
        return yaml_refuse(s, "a key cannot have an anchor");
    if (tag && strcmp(tag, YAML_STR_TAG) != 0)
        return yaml_refuse(s, "a key cannot have a tag");
    if (plain && strcmp(text, "<<") == 0)
        return yaml_refuse(s, "merge keys (<<) are not known: put what is shared under \"defaults\"");
    if (plain && *text == '\0')
        return yaml_refuse(s, "a key is missing before the colon");
    if (strlen(text) != event->data.scalar.length)
        return yaml_refuse(s, "a key cannot hold a NUL character");
    return yaml_write_key(s, text, event->data.scalar.length);
}

static bool alias(struct source *s, const yaml_event_t *event, bool key_next)
{
    struct loader *load = s->load;
    if (key_next)
        return yaml_refuse(s, "an alias cannot be a key");
    if (load->aliases >= load->most.aliases)
        return yaml_refuse(s, "there are more than %zu aliases", load->most.aliases);
    load->aliases++;
    return yaml_write_alias(s, (const char *)event->data.alias.anchor);
}

static bool begin_container(struct source *s, const yaml_event_t *event, bool is_map, bool key_next)
{
    const yaml_char_t *name = is_map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    const char *tag = (const char *)(is_map ? event->data.mapping_start.tag : event->data.sequence_start.tag);
    struct loader *load = s->load;
    int anchor;
    if (key_next)
        return yaml_refuse(s, "a key must be text, not a list or map");
    if (tag && strcmp(tag, is_map ? YAML_MAP_TAG : YAML_SEQ_TAG) != 0)
        return refuse_tag(s, tag);
    if (load->depth >= load->most.depth)
        return yaml_refuse(s, "the nesting is deeper than %zu", load->most.depth);
    if (!yaml_begin_anchor(s, (const char *)name, &anchor) || !yaml_begin_value(s))
        return false;
    yaml_place_anchor(s, anchor);
    load->depth++;
    s->frames[s->depth++] = (struct frame){.is_map = is_map, .key_next = is_map, .first_key = load->key_count, .anchor = anchor};
    return yaml_write_text(s, is_map ? "{" : "[", 1);
}

static bool end_container(struct source *s)
{
    struct frame *frame = &s->frames[s->depth - 1];
    if (frame->is_map && !yaml_keys_differ(s, frame->first_key))
        return false;
    s->load->key_count = frame->first_key;
    s->depth--;
    s->load->depth--;
    if (!yaml_write_text(s, frame->is_map ? "}" : "]", 1))
        return false;
    yaml_end_anchor(s, frame->anchor);
    return true;
}

static bool begin_document(struct source *s)
{
    if (s->has_document)
        return yaml_refuse(s, "a second document begins here; a file holds one");
    s->has_document = true;
    return true;
}

static bool take_event(struct source *s, const yaml_event_t *event)
{
    struct loader *load = s->load;
    bool key_next = s->depth && s->frames[s->depth - 1].is_map && s->frames[s->depth - 1].key_next;
    s->line = event->start_mark.line + 1;
    s->column = event->start_mark.column + 1;
    if (event->type >= YAML_ALIAS_EVENT && load->events++ >= load->most.events)
        return yaml_refuse(s, "there are more than %zu YAML events", load->most.events);
    switch (event->type) {
    case YAML_STREAM_END_EVENT: s->ended = true; return true;
    case YAML_DOCUMENT_START_EVENT: return begin_document(s);
    case YAML_ALIAS_EVENT: return alias(s, event, key_next);
    case YAML_SEQUENCE_START_EVENT: return begin_container(s, event, false, key_next);
    case YAML_MAPPING_START_EVENT: return begin_container(s, event, true, key_next);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT: return end_container(s);
    case YAML_SCALAR_EVENT:
        if (event->data.scalar.length > load->most.scalar)
            return yaml_refuse(s, "the text is longer than %zu bytes", load->most.scalar);
        return key_next ? key(s, event) : scalar_value(s, event);
    default: return true;
    }
}

/* What libyaml's words mean to somebody who writes suites. */
static const char *hint(const char *problem)
{
    static const char *const hints[][2] = {
        {"found character that cannot start any token", "; tabs cannot indent, and text that begins with @, % or ` needs quotes"},
        {"found invalid Unicode character escape code", "; write the character itself, or raw JSON in a block literal (|)"},
        {"did not find expected alphabetic or numeric character", "; text that begins with * or & needs quotes"},
        {"mapping values are not allowed in this context", "; text that holds \": \" needs quotes"},
        {0},
    };
    for (size_t i = 0; hints[i][0]; i++)
        if (strcmp(hints[i][0], problem) == 0)
            return hints[i][1];
    return "";
}

/* libyaml gives only a byte offset for bytes that it cannot take. */
static void place_bytes(struct source *s, const char *bytes, size_t offset)
{
    s->line = s->column = 1;
    for (size_t i = 0; i < offset; i++) {
        bool end = bytes[i] == '\n' || (bytes[i] == '\r' && i + 1 < offset && bytes[i + 1] != '\n');
        s->line += end;
        s->column = end ? 1 : s->column + ((bytes[i] & 0xC0) != 0x80);
    }
}

static bool refuse_syntax(struct source *s, const yaml_parser_t *parser, const char *bytes, size_t length)
{
    const char *problem = parser->problem, *context = parser->context;
    if (parser->error == YAML_MEMORY_ERROR || parser->error == YAML_NO_ERROR || !problem)
        return yaml_refuse_memory(s->load);
    s->line = parser->problem_mark.line + 1;
    s->column = parser->problem_mark.column + 1;
    if (parser->error == YAML_READER_ERROR)
        place_bytes(s, bytes, parser->problem_offset < length ? parser->problem_offset : length);
    if (!context || *hint(problem))
        return yaml_refuse(s, "%s%s", problem, hint(problem));
    if (parser->context_mark.line + 1 >= s->line)
        return yaml_refuse(s, "%s %s", problem, context);
    return yaml_refuse(s, "%s %s that begins in line %zu", problem, context, parser->context_mark.line + 1);
}

static bool take_events(struct source *s, yaml_parser_t *parser, const char *bytes, size_t length)
{
    bool ok = true;
    while (ok && !s->ended) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event))
            return refuse_syntax(s, parser, bytes, length);
        ok = take_event(s, &event);
        yaml_event_delete(&event);
    }
    if (!ok || s->has_document)
        return ok;
    s->line = s->column = 1;
    return yaml_refuse(s, "the file is empty");
}

bool yaml_read_events(struct source *s, const char *bytes, size_t length)
{
    struct loader *load = s->load;
    yaml_parser_t parser;
    s->line = s->column = 1;
    if (length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
        return yaml_refuse(s, "the file is UTF-16; only UTF-8 is read");
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        bytes += 3;
        length -= 3;
    }
    if (!yaml_parser_initialize(&parser))
        return yaml_refuse_memory(load);
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)bytes, length);
    s->first_anchor = load->anchor_count;
    bool ok = take_events(s, &parser, bytes, length);
    while (load->anchor_count > s->first_anchor)
        free(load->anchors[--load->anchor_count].name);
    yaml_parser_delete(&parser);
    return ok;
}
