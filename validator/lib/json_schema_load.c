/* json_schema_load.c: finds the schemas in a document and makes a node of each: which addresses and names they have, which keywords, and
 * which of their members are schemas again.
 *
 * Only where a keyword says so does a schema stand: an $id inside an enum is just a value. A reference may point anywhere, though, so a node
 * can also be made later, for a place that no keyword named. */
#include "validator/lib/json_schema_make.h"

#include "validator/lib/uri.h"

#include <stdarg.h>
#include <stdio.h>

enum { SENTENCE_ROOM = 400 };

/* --- faults */

bool maker_failed(struct maker *maker)
{
    return maker->schema->pile.failed || maker->effort.no_memory || maker->effort.pile.failed || maker->schema->faults.failed;
}

bool schema_fault(struct maker *maker, enum cc_schema_reason reason, const struct resource *resource, struct view value, const char *format, ...)
{
    struct tally *tally = &maker->schema->faults;
    if (!tally_wants(tally)) return false;
    char sentence[SENTENCE_ROOM];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    const struct source *source = resource->source;
    struct text uri = source->origin == MAIN ? (struct text){0} : source->uri;
    tally_add(tally, &(struct cc_schema_error){
        .reason = reason,
        .offset = source->offset + value_of(value)->offset - (value_of(value)->type == STR),
        .place = tally_place(tally, uri, value, ""),
        .keyword = maker->keyword,
        .message = pile_text(&tally->texts, sentence, strlen(sentence)),
    });
    return false;
}

/* --- addresses */

static struct text text_in(struct maker *maker, struct view string) { return effort_text(&maker->effort, string.doc, string.at); }

static void make_known(struct maker *maker, struct text address, struct node *node)
{
    if (address.bytes) names_add(&maker->schema->names, &maker->schema->pile, address, node);
}

/* The address of a name in a resource: its own, # and the name. */
static void make_anchor_known(struct maker *maker, const struct resource *resource, struct text name, struct node *node)
{
    size_t length = resource->uri.length;
    char *address = pile_take(&maker->schema->pile, length + 1 + name.length);
    if (!address) return;
    if (length) memcpy(address, resource->uri.bytes, length);
    address[length] = '#';
    memcpy(address + length + 1, name.bytes, name.length);
    make_known(maker, (struct text){address, length + 1 + name.length}, node);
}

static struct resource *new_resource(struct maker *maker, const struct resource *outer, struct text uri)
{
    struct resource *resource = pile_take(&maker->schema->pile, sizeof *resource);
    if (resource) *resource = (struct resource){.uri = uri, .dialect = outer->dialect, .source = outer->source};
    return resource;
}

/* $id: the schema gets an address of its own, and what is relative inside of it starts from there. Draft 7 also names places with it. */
static void read_id(struct maker *maker, struct node *node)
{
    struct view id = get(node->self, "$id");
    if (!is(id, STR)) return;
    bool older = node->resource->dialect.draft == CC_DRAFT_7;
    if (older && there(get(node->self, "$ref"))) return; /* beside a $ref nothing counts there */
    struct uri parts = uri_split(text_in(maker, id));
    bool is_name = !parts.scheme.bytes && !parts.authority.bytes && !parts.path.length && !parts.query.bytes && parts.fragment.bytes;
    if (!is_name) {
        struct resource *outer = node->resource;
        struct text uri = uri_resolve(&maker->schema->pile, outer->uri, &parts);
        struct resource *own = uri.bytes ? new_resource(maker, outer, uri) : NULL;
        if (!own) return;
        node->resource = own;
        make_known(maker, uri, node);
        if (node->self.at) read_dialect(maker, own, node->self); /* a document's root has done so */
    }
    if (older && parts.fragment.length && parts.fragment.bytes[0] != '/') {
        char *name = pile_text(&maker->schema->pile, parts.fragment.bytes, parts.fragment.length);
        if (name) make_anchor_known(maker, node->resource, (struct text){name, parts.fragment.length}, node);
    }
}

/* A name for the schema within its resource; the dynamic ones are found by it from outside as well. */
static void read_anchor(struct maker *maker, struct node *node, const char *keyword, bool dynamic)
{
    struct view value = get(node->self, keyword);
    if (!is(value, STR) || node->resource->dialect.draft == CC_DRAFT_7) return;
    struct text text = text_in(maker, value);
    char *copy = pile_text(&maker->schema->pile, text.bytes, text.length);
    if (!copy) return;
    struct text name = {copy, text.length};
    make_anchor_known(maker, node->resource, name, node);
    if (!dynamic) return;
    struct anchor *anchor = pile_take(&maker->schema->pile, sizeof *anchor);
    if (!anchor) return;
    *anchor = (struct anchor){name, node, node->resource->anchors};
    node->resource->anchors = anchor;
    node->dynamic_anchor = name;
}

/* --- nodes */

static void read_keywords(struct making *making, struct node *into)
{
    struct node *node = making->node;
    bool only_ref = node->resource->dialect.draft == CC_DRAFT_7 && there(get(node->self, "$ref"));
    for (EVERY(value, node->self)) {
        struct view key = key_of(value);
        const struct word *word = find_schema_word(&node->resource->dialect, key);
        if (value_of(key)->flags & V_DUPLICATE) {
            char shown[80];
            making->maker->keyword = "";
            schema_fault(making->maker, CC_SCHEMA_UNSUPPORTED, node->resource, value, "the member %s stands there twice, and which one counts is open",
                         value_excerpt(key, shown, sizeof shown));
        }
        if (!word) continue;
        making->maker->keyword = word->name;
        if (!word_fits(making, word, value) || !word->build) continue;
        making->node = only_ref && word->build != build_ref ? into : node;
        word->build(making, value);
        making->node = node;
    }
}

/* Most schemas in real ones ask no more than a type. */
static uint8_t types_enough(const struct node *node)
{
    unsigned more = (node->strings ? STR : 0u) | (node->numbers ? (unsigned)NUM : 0u) | (node->arrays ? ARR : 0u) | (node->objects ? OBJ : 0u);
    if (node->whole) more |= REAL;
    bool any_value = node->choices || there(node->constant) || node->aside;
    return any_value ? 0 : (uint8_t)(node->types & ~more);
}

/* In draft 7 nothing counts beside a $ref; schemas in there can still be referred to, so they are made, and what uses them is let go. */
static void make_rules(struct maker *maker, struct node *node)
{
    struct node unused = {.self = node->self, .resource = node->resource};
    struct making making = {.maker = maker, .node = node};
    read_keywords(&making, &unused);
    bool only_ref = node->resource->dialect.draft == CC_DRAFT_7 && there(get(node->self, "$ref"));
    if (!only_ref && !maker_failed(maker)) {
        finish_arrays(&making);
        finish_objects(&making);
    }
    node->tracks = (node->arrays && node->arrays->unevaluated) || (node->objects && node->objects->unevaluated);
    node->leaf = !node->arrays && !node->objects && !node->aside;
    node->enough = types_enough(node);
}

struct node *make_node(struct maker *maker, struct resource *resource, uint32_t at)
{
    struct source *source = resource->source;
    if (source->nodes[at]) return source->nodes[at];
    struct node *node = pile_zeroed(&maker->schema->pile, sizeof *node);
    if (!node) return NULL;
    source->nodes[at] = node;
    *node = (struct node){.kind = NODE_RULES, .types = ANY, .self = {&source->doc, at}, .resource = resource, .leaf = true};
    if (is(node->self, BOOL)) node->kind = is_true(node->self) ? NODE_ANYTHING : NODE_NOTHING;
    if (node->kind == NODE_ANYTHING) node->enough = ANY;
    if (!is(node->self, OBJ)) return node;
    struct pile_mark before = pile_mark(&maker->effort.pile);
    const char *keyword = maker->keyword;
    read_id(maker, node);
    read_anchor(maker, node, "$anchor", false);
    read_anchor(maker, node, "$dynamicAnchor", true);
    make_rules(maker, node);
    maker->keyword = keyword;
    pile_release(&maker->effort.pile, before);
    return node;
}

/* --- documents */

static void fault_of_reading(struct maker *maker, struct source *source)
{
    const struct read_remark *last = &source->doc.remarks[source->doc.remark_count - 1];
    struct tally *tally = &maker->schema->faults;
    if (last->what == JSON_NO_MEMORY) maker->effort.no_memory = true;
    if (last->what == JSON_NO_MEMORY || !tally_wants(tally)) return;
    const struct cc_schema_limits *limits = &maker->schema->limits;
    bool limit = last->what == JSON_LIMIT_BYTES || last->what == JSON_LIMIT_DEPTH || last->what == JSON_LIMIT_VALUES;
    char sentence[SENTENCE_ROOM];
    if (last->what == JSON_LIMIT_BYTES) snprintf(sentence, sizeof sentence, "the schema is larger than %zu bytes", limits->bytes);
    else if (limit) snprintf(sentence, sizeof sentence, "the schema nests deeper than %zu levels", limits->depth);
    else snprintf(sentence, sizeof sentence, "the schema is not JSON: %s", last->detail ? last->detail : "it cannot be read");
    struct text place = source->origin == MAIN ? (struct text){0} : source->uri;
    tally_add(tally, &(struct cc_schema_error){
        .reason = limit ? CC_SCHEMA_TOO_LARGE : CC_SCHEMA_WRONG,
        .offset = source->offset + last->offset,
        .place = pile_text(&tally->texts, place.bytes, place.length),
        .keyword = "",
        .message = pile_text(&tally->texts, sentence, strlen(sentence)),
    });
}

static bool read_source(struct maker *maker, struct source *source, struct text text)
{
    const struct cc_schema_limits *given = &maker->schema->limits;
    struct read_limits limits = {.bytes = given->bytes, .depth = given->depth};
    if (source->origin != MAIN && limits.bytes < SCHEMA_BYTES) limits.bytes = SCHEMA_BYTES; /* a small schema may refer to large ones */
    if (source->origin != MAIN && limits.depth < SCHEMA_DEPTH) limits.depth = SCHEMA_DEPTH;
    limits.values = 2 * limits.bytes;
    if (text.length > limits.bytes) text.length = limits.bytes + 1; /* enough to be refused */
    char *copy = pile_text(&maker->schema->pile, text.bytes, text.length);
    if (!copy) return false;
    if (document_read(&source->doc, copy, text.length, &limits)) return true;
    fault_of_reading(maker, source);
    return false;
}

/* The root of a document is a resource even without $id, at the address where it was found. */
static struct node *make_root(struct maker *maker, struct source *source)
{
    struct resource *resource = pile_take(&maker->schema->pile, sizeof *resource);
    if (!resource) return NULL;
    struct dialect usual = {maker->options->draft ? maker->options->draft : CC_DRAFT_2020_12, IN_STANDARD};
    if (source->origin != MAIN && maker->schema->root) usual = maker->schema->root->resource->dialect;
    *resource = (struct resource){.uri = source->uri, .dialect = usual, .source = source};
    struct view root = {&source->doc, 0};
    if (!is(root, OBJ | BOOL)) {
        schema_fault(maker, CC_SCHEMA_WRONG, resource, root, "a schema is an object or a boolean");
        return NULL;
    }
    read_dialect(maker, resource, root);
    struct node *node = make_node(maker, resource, 0);
    if (node) make_known(maker, source->uri, node);
    return node;
}

struct node *load_source(struct maker *maker, struct text uri, struct text text, size_t offset, enum source_origin origin)
{
    struct pile *pile = &maker->schema->pile;
    struct source *source = pile_zeroed(pile, sizeof *source);
    char *address = pile_text(pile, uri.bytes, uri.length);
    if (!source || !address) return NULL;
    source->uri = (struct text){address, uri.length};
    source->origin = origin;
    source->offset = offset;
    source->next = maker->schema->sources;
    maker->schema->sources = source;
    if (!read_source(maker, source, text)) return NULL;
    source->nodes = pile_zeroed(pile, source->doc.count * sizeof *source->nodes);
    return source->nodes ? make_root(maker, source) : NULL;
}

struct node *find_address(struct maker *maker, struct text uri)
{
    struct node *known = names_find(&maker->schema->names, uri);
    if (known) return known;
    const struct cc_schema_library *library = maker->options->library;
    const struct text *given = library ? names_find(&library->names, uri) : NULL;
    struct text text = given ? *given : find_metaschema(uri);
    return text.bytes ? load_source(maker, uri, text, 0, given ? GIVEN : BUILT_IN) : NULL;
}
