/* json_schema_dialect.c: what $schema means: one of the drafts, or a metaschema of somebody's own that names its vocabularies. */
#include "validator/lib/json_schema_make.h"

#include "validator/lib/uri.h"

static const struct known_dialect {
    const char *uri; /* without scheme and fragment: both http and https are met */
    enum cc_draft draft;
} dialects[] = {
    {"//json-schema.org/draft-07/schema", CC_DRAFT_7},
    {"//json-schema.org/draft/2020-12/schema", CC_DRAFT_2020_12},
    {0},
};

static const struct {
    const char *name; /* behind https://json-schema.org/draft/2020-12/vocab/ */
    unsigned vocabulary;
} vocabularies[] = {
    {"core", IN_CORE}, {"applicator", IN_APPLICATOR}, {"unevaluated", IN_UNEVALUATED}, {"validation", IN_VALIDATION}, {"meta-data", IN_META_DATA},
    {"format-annotation", IN_FORMAT}, {"format-assertion", IN_FORMAT_ASSERTION}, {"content", IN_CONTENT}, {0},
};

static enum cc_draft known_draft(struct text uri)
{
    for (const struct known_dialect *known = dialects; known->uri; known++) {
        size_t length = strlen(known->uri), before = uri.length - length;
        bool same = uri.length > length && memcmp(uri.bytes + before, known->uri, length) == 0;
        bool plain = same && before == 5 && memcmp(uri.bytes, "http:", 5) == 0, secure = same && before == 6 && memcmp(uri.bytes, "https:", 6) == 0;
        if (plain || secure) return known->draft;
    }
    return CC_DRAFT_ANY;
}

static unsigned known_vocabulary(struct text uri)
{
    static const char prefix[] = "https://json-schema.org/draft/2020-12/vocab/";
    size_t length = sizeof prefix - 1;
    if (uri.length <= length || memcmp(uri.bytes, prefix, length) != 0) return 0;
    for (size_t i = 0; vocabularies[i].name; i++)
        if (strlen(vocabularies[i].name) == uri.length - length && memcmp(vocabularies[i].name, uri.bytes + length, uri.length - length) == 0)
            return vocabularies[i].vocabulary;
    return 0;
}

/* An address as a text of its own, without its fragment. */
static struct text address_of(struct maker *maker, struct view string)
{
    struct uri parts = uri_split(effort_text(&maker->effort, string.doc, string.at));
    return uri_resolve(&maker->effort.pile, (struct text){0}, &parts);
}

/* Of a metaschema's $vocabulary. What must be understood and is not cannot be ignored. */
static void read_vocabularies(struct maker *maker, struct resource *resource, struct view schema, struct view list, struct dialect *dialect)
{
    dialect->vocabularies = IN_CORE;
    for (EVERY(needed, list)) {
        struct view key = key_of(needed);
        unsigned vocabulary = known_vocabulary(effort_text(&maker->effort, key.doc, key.at));
        char shown[120];
        if (!vocabulary && is_true(needed))
            schema_fault(maker, CC_SCHEMA_UNSUPPORTED, resource, schema, "the metaschema needs the vocabulary %s, which is not known here",
                  value_excerpt(key, shown, sizeof shown));
        dialect->vocabularies |= vocabulary;
    }
}

/* A metaschema that was given: its own $schema says which draft it belongs to. */
static bool read_metaschema(struct maker *maker, struct resource *resource, struct view schema, struct text text)
{
    struct document doc = {0};
    struct read_limits limits = {.bytes = SCHEMA_BYTES, .depth = SCHEMA_DEPTH, .values = SCHEMA_BYTES};
    bool known = false;
    if (document_read(&doc, text.bytes, text.length, &limits)) {
        struct view root = {&doc, 0}, list = get(root, "$vocabulary"), of = get(root, "$schema");
        enum cc_draft draft = is(of, STR) ? known_draft(address_of(maker, of)) : CC_DRAFT_2020_12;
        known = is(root, OBJ) && draft != CC_DRAFT_ANY;
        if (known) resource->dialect = (struct dialect){draft, IN_STANDARD};
        if (known && draft == CC_DRAFT_2020_12 && is(list, OBJ)) read_vocabularies(maker, resource, schema, list, &resource->dialect);
    }
    document_clear(&doc);
    return known;
}

void read_dialect(struct maker *maker, struct resource *resource, struct view root)
{
    struct view schema = get(root, "$schema");
    bool forced = maker->options->force_draft && resource->source->origin != BUILT_IN;
    if (!is(schema, STR) || forced) return;
    struct pile_mark before = pile_mark(&maker->effort.pile);
    maker->keyword = "$schema";
    struct text uri = address_of(maker, schema);
    enum cc_draft draft = uri.bytes ? known_draft(uri) : CC_DRAFT_ANY;
    const struct cc_schema_library *library = maker->options->library;
    const struct text *given = uri.bytes && library ? names_find(&library->names, uri) : NULL;
    if (draft != CC_DRAFT_ANY) {
        resource->dialect = (struct dialect){draft, IN_STANDARD};
    } else if (!given || !read_metaschema(maker, resource, schema, *given)) {
        char shown[120];
        schema_fault(maker, CC_SCHEMA_UNSUPPORTED, resource, schema, "$schema names the dialect %s; known here are draft 7 and draft 2020-12",
              value_excerpt(schema, shown, sizeof shown));
    }
    maker->keyword = "";
    pile_release(&maker->effort.pile, before);
}
