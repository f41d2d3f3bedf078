/* page.c: what a page of a list promises; see page.h. */
#include "validator/api/page.h"
#include "validator/api/distinct.h"

/* Nothing is promised about an empty page, nor when the item's own id is missing or wrong. */
static bool id_fits(struct ask *ask, const char *member, struct view item)
{
    struct view id = get(ask->self, member);
    return !is(get(item, "id"), STR) || text_same(id, get(item, "id")) || blame(ask, id);
}

static struct view last_of(struct view array)
{
    struct view last = nowhere();
    for (EVERY(item, array)) last = item;
    return last;
}

bool page_first_id_fits(struct ask *ask) { return id_fits(ask, "first_id", first(get(ask->self, "data"))); }
bool page_last_id_fits(struct ask *ask) { return id_fits(ask, "last_id", last_of(get(ask->self, "data"))); }

bool page_empty_is_last(struct ask *ask)
{
    struct view more = get(ask->self, "has_more");
    return count(get(ask->self, "data")) > 0 || !is_true(more) || blame(ask, more);
}

bool page_ids_differ(struct ask *ask)
{
    struct view repeated = repeated_value(ask, get(ask->self, "data"), "id");
    return !there(repeated) || blame(ask, repeated);
}
