/* list.c: a page of stored completions. Each item is a completion and keeps the promises of one; the members that storing adds, and the
 * nulls that the official example shows instead of absent calls, are what response.unknown_member and its like report. */
#include "validator/api/page.h"
#include "validator/api/tables.h"

static const struct field fields[] = {PAGE_FIELDS("chatcmpl-1", .shape = &response_shape), {0}};

/* The order of a page is asked for in its URL, which the page does not know: both are right, a mixture is not. */
static bool items_are_ordered(struct ask *ask)
{
    struct view data = get(ask->self, "data");
    double last = number_of(get(first(data), "created"), 0);
    bool rising = true, falling = true;
    for (EVERY(item, data)) {
        double created = number_of(get(item, "created"), last);
        rising = rising && created >= last;
        falling = falling && created <= last;
        if (!rising && !falling) return blame(ask, get(item, "created"));
        last = created;
    }
    return true;
}

#define STORED(name, when) "{\"id\": \"" name "\", \"object\": \"chat.completion\", \"created\": " when ", \"model\": \"gpt-4o-mini\", " \
    "\"choices\": [{\"index\": 0, \"message\": {\"role\": \"assistant\", \"content\": \"4\", \"refusal\": null}, \"logprobs\": null, " \
    "\"finish_reason\": \"stop\"}], \"usage\": {\"prompt_tokens\": 9, \"completion_tokens\": 9, \"total_tokens\": 18}}"
#define THREE(a, b, c) \
    "{\"data\": [" STORED("chatcmpl-1", a) ", " STORED("chatcmpl-2", b) ", " STORED("chatcmpl-3", c) "], " \
    "\"first_id\": \"chatcmpl-1\", \"last_id\": \"chatcmpl-3\"}"

static const struct rule rules[] = {
    PAGE_RULES("list", "openai:ChatCompletionList", STORED("chatcmpl-1", "1700000000"), "chatcmpl-1"),
    {.id = "list.data.order", .holds = items_are_ordered, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "the items stand by created, rising or falling", .ref = "openai:paths./chat/completions.get.parameters.order",
     .when = "data", READS("data/*/created"),
     .good = THREE("1700000000", "1700000000", "1700000001"), .bad = THREE("1700000000", "1700000001", "1700000000")},
    {0},
};

const struct shape list_shape = {
    .ref = "openai:ChatCompletionList",
    .fields = fields,
    .rules = rules,
    .sample = JSON({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false}),
};
