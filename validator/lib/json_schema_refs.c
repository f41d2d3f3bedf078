/* json_schema_refs.c: where references lead: to the root of a document or resource, to a name in it, or along a JSON pointer to any place. */
#include "validator/lib/json_schema_make.h"

#include "validator/lib/uri.h"

/* Undoes ~0 and ~1 in place. False when a ~ stands for nothing. */
static bool unescape_step(struct text *step, char *out)
{
    size_t used = 0;
    for (size_t i = 0; i < step->length; i++) {
        char c = step->bytes[i];
        if (c == '~') {
            if (++i >= step->length || (step->bytes[i] != '0' && step->bytes[i] != '1')) return false;
            c = step->bytes[i] == '0' ? '~' : '/';
        }
        out[used++] = c;
    }
    *step = (struct text){out, used};
    return true;
}

static struct view member_of(struct maker *maker, struct view object, struct text key)
{
    uint16_t hash = text_hash(key.bytes, key.length);
    struct view found = nowhere();
    if (!effort_spend(&maker->effort, count(object) / 8)) return found;
    for (EVERY(value, object))
        if (value_of(key_of(value))->hash == hash && key_is(&maker->effort, object.doc, value.at - 1, key)) found = value;
    return found;
}

static struct view item_of(struct view array, struct text step)
{
    size_t index = 0;
    if (step.length == 0 || step.length > 9 || (step.length > 1 && step.bytes[0] == '0')) return nowhere();
    for (size_t i = 0; i < step.length; i++) {
        if (step.bytes[i] < '0' || step.bytes[i] > '9') return nowhere();
        index = index * 10 + (size_t)(step.bytes[i] - '0');
    }
    struct view item = first(array);
    while (index-- && there(item)) item = after(item, array);
    return item;
}

/* Walks a pointer down from the root of a resource. What stands there belongs to the innermost resource on the way. */
static struct node *follow_pointer(struct maker *maker, struct node *root, struct text pointer)
{
    struct view at = root->self;
    struct resource *resource = root->resource;
    char *step_room = pile_take(&maker->effort.pile, pointer.length);
    const char *p = pointer.bytes, *end = p + pointer.length;
    while (step_room && p < end && there(at)) {
        const char *stop = ++p;
        while (stop < end && *stop != '/') stop++;
        struct text step = {p, (size_t)(stop - p)};
        if (!unescape_step(&step, step_room)) return NULL;
        at = is(at, ARR) ? item_of(at, step) : member_of(maker, at, step);
        struct node *node = there(at) ? resource->source->nodes[at.at] : NULL;
        if (node) resource = node->resource;
        p = stop;
    }
    return step_room && is(at, OBJ | BOOL) ? make_node(maker, resource, at.at) : NULL;
}

/* #name: known by the address of its resource, # and the name. */
static struct node *find_name(struct maker *maker, struct text uri, struct text name)
{
    char *address = pile_take(&maker->effort.pile, uri.length + 1 + name.length);
    if (!address) return NULL;
    memcpy(address, uri.bytes, uri.length);
    address[uri.length] = '#';
    memcpy(address + uri.length + 1, name.bytes, name.length);
    return names_find(&maker->schema->names, (struct text){address, uri.length + 1 + name.length});
}

static struct node *follow(struct maker *maker, const struct pending *pending, struct uri *parts)
{
    struct resource *resource = pending->node->resource;
    char shown[160];
    value_excerpt(pending->value, shown, sizeof shown);
    struct text uri = uri_resolve(&maker->effort.pile, resource->uri, parts);
    struct text fragment = uri.bytes && parts->fragment.bytes ? uri_decode(&maker->effort.pile, parts->fragment) : (struct text){"", 0};
    if (!uri.bytes || !fragment.bytes) return NULL;
    size_t faults = maker->schema->faults.report.count;
    struct node *root = find_address(maker, uri), *node = root;
    if (!root) {
        if (faults == maker->schema->faults.report.count)
            schema_fault(maker, CC_SCHEMA_UNSUPPORTED, resource, pending->value,
                         "%s leads to another document, which was not given (nothing is fetched)", shown);
        return NULL;
    }
    bool pointer = fragment.length && fragment.bytes[0] == '/';
    if (fragment.length) node = pointer ? follow_pointer(maker, root, fragment) : find_name(maker, root->resource->uri, fragment);
    if (!node && !maker_failed(maker))
        schema_fault(maker, CC_SCHEMA_WRONG, resource, pending->value, "%s leads nowhere: no schema stands there", shown);
    return node;
}

/* A dynamic reference is one only when it leads to a name that is dynamic; else it is like any other. */
static void attach(const struct pending *pending, struct node *target, const struct uri *parts)
{
    struct in_place *aside = pending->node->aside;
    if (!pending->dynamic) {
        aside->ref = target;
        return;
    }
    aside->dynamic = target;
    struct text name = target->dynamic_anchor, fragment = parts->fragment;
    if (name.length && fragment.length == name.length && memcmp(fragment.bytes, name.bytes, name.length) == 0) aside->dynamic_name = name;
}

/* Following one may make nodes with further references. */
void resolve_references(struct maker *maker)
{
    while (maker->pending && !maker_failed(maker)) {
        struct pending *pending = maker->pending;
        maker->pending = pending->next;
        if (!maker->pending) maker->last_pending = &maker->pending;
        struct pile_mark before = pile_mark(&maker->effort.pile);
        maker->keyword = pending->dynamic ? "$dynamicRef" : "$ref";
        struct uri parts = uri_split(effort_text(&maker->effort, pending->value.doc, pending->value.at));
        struct node *target = follow(maker, pending, &parts);
        if (target) attach(pending, target, &parts);
        pile_release(&maker->effort.pile, before);
    }
}
