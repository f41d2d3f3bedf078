/* suite_merge.c: defaults under what a case says. What is merged shares all that it can with the document, so that ten thousand cases cost
 * no more than what tells them apart. */
#include "harness/suite/suite_parts.h"

#include <string.h>
#include <strings.h>

enum { MERGED_MAX = 1000000 }; /* members made by merging, in one suite */

static bool add(struct json_object *to, const char *key, struct json_object *owned)
{
    if (json_object_object_add(to, key, owned) == 0)
        return true;
    json_object_put(owned);
    return false;
}

static bool merge_member(struct build *b, struct json_object *to, const char *key, struct json_object *base, struct json_object *own)
{
    if (!json_object_is_type(base, json_type_object) || !json_object_is_type(own, json_type_object))
        return ++b->merged <= MERGED_MAX && add(to, key, json_object_get(own));
    struct json_object *both = merge_objects(b, base, own);
    return both && add(to, key, both);
}

/* Documents nest to a bounded depth, so this may recurse. */
struct json_object *merge_objects(struct build *b, struct json_object *base, struct json_object *own)
{
    struct json_object *to = json_object_new_object(), *other;
    bool ok = to != NULL;
    if (base) {
        json_object_object_foreach(base, key, value) {
            if (own && json_object_object_get_ex(own, key, &other))
                ok = ok && merge_member(b, to, key, value, other);
            else
                ok = ok && ++b->merged <= MERGED_MAX && add(to, key, json_object_get(value));
        }
    }
    if (own) {
        json_object_object_foreach(own, key, value) {
            if (!base || !json_object_object_get_ex(base, key, NULL))
                ok = ok && ++b->merged <= MERGED_MAX && add(to, key, json_object_get(value));
        }
    }
    if (ok)
        return to;
    json_object_put(to);
    return NULL;
}

bool complain_merge(struct build *b, const char *pointer)
{
    if (b->merged <= MERGED_MAX)
        return complain_memory(b);
    return complain(b, pointer, false, "defaults and matrices make more than %d members of requests", MERGED_MAX);
}

static bool has_header(struct json_object *headers, const char *name)
{
    bool has = false;
    if (!headers)
        return false;
    json_object_object_foreach(headers, key, value) {
        (void)value;
        has = has || strcasecmp(key, name) == 0;
    }
    return has;
}

struct json_object *merge_headers(struct json_object *base, struct json_object *own)
{
    struct json_object *to = json_object_new_object();
    bool ok = to != NULL;
    if (base) {
        json_object_object_foreach(base, key, value) {
            if (!has_header(own, key))
                ok = ok && add(to, key, json_object_get(value));
        }
    }
    if (own) {
        json_object_object_foreach(own, key, value) {
            ok = ok && add(to, key, json_object_get(value));
        }
    }
    if (ok)
        return to;
    json_object_put(to);
    return NULL;
}
