/* message_list.c: a page of the messages of a stored completion. They are messages of the request as well as of the answer, so all six
 * roles occur, although the schema knows assistant only: its own example has a user. */
#include "validator/api/answer.h"
#include "validator/api/page.h"

#include <string.h>

static const struct field message_fields[] = {
    {"id", REQUIRED, .is = STR, CHARS(1, NONE), .says = "names the message", .sample = "\"chatcmpl-1-0\"",
     NOTES({MIN_CHARS_, .bad = "\"\""})},
    {"role", REQUIRED, .is = STR, .says = "who wrote it", .sample = "\"user\"",
     WORDS(W("developer"), W("system"), W("user"), W("assistant"), W("tool"), W("function"))},
    {"content", REQUIRED, .is = STR | NIL, .says = "the text", .sample = "\"Hi\""},
    {"refusal", REQUIRED, .is = STR | NIL, .sample = "null",
     NOTES({REQUIRED_, CC_PORTABILITY, CC_OPENAI, .because = "the schema requires it, the official example leaves it out"})},
    {"name", .is = STR | NIL, .says = "the author's name", .ref = "openai:ChatCompletionMessageList example"},
    {"content_parts", .is = ARR | NIL, EACH(.is = OBJ, .pick = &part_by_type), PARTS(W("text"), W("image_url")), .profiles = CC_OPENAI,
     .says = "the parts, when the message was given in parts",
     NOTES({PART_TYPE_, .id = "message_list.data.content_parts.item_types"})},
    {"tool_calls", .is = ARR | NIL, EACH(.is = OBJ, .pick = &call_by_type)},
    {"function_call", .is = OBJ | NIL, .shape = &function_call_shape},
    {"tool_call_id", .is = STR | NIL, .says = "the call that a tool message answers", .ref = "observed:neither document has it",
     NOTES({TYPE_, CC_SHOULD, .id = "message_list.data.tool_call_id"})},
    CITATIONS_ROW,
    AUDIO_ROW,
    {0},
};

/* Whether content is null beside parts is not written anywhere; that parts are null beside a plain string is. */
static bool parts_or_string(struct ask *ask)
{
    struct view parts = get(ask->self, "content_parts");
    return !is(get(ask->self, "content"), STR) || blame(ask, parts);
}

static const struct rule message_rules[] = {
    {.id = "message_list.data.content_parts.content", .holds = parts_or_string, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "content_parts is null when content is a string", .ref = "openai:ChatCompletionMessageList.data.content_parts",
     .when = "content_parts", READS("content_parts", "content"),
     .good = JSON({"content": null, "content_parts": [{"type": "text", "text": "Hi"}]}),
     .bad = JSON({"content": "Hi", "content_parts": [{"type": "text", "text": "Hi"}]})},
    {0},
};

static const struct shape message_shape = {
    .ref = "openai:ChatCompletionMessageList.data",
    .fields = message_fields,
    .rules = message_rules,
    .sample = JSON({"id": "chatcmpl-1-0", "role": "assistant", "content": null, "refusal": null}),
};

static const struct field fields[] = {PAGE_FIELDS("chatcmpl-1-0", .shape = &message_shape), {0}};

/* The part of a message's id that names its completion: all before the last hyphen. */
static struct text completion_of(struct ask *ask, struct view message)
{
    struct text id = text_of(ask, get(message, "id"));
    while (id.length > 0 && id.bytes[id.length - 1] != '-') id.length--;
    return id;
}

static bool ids_name_one_completion(struct ask *ask)
{
    struct view data = get(ask->self, "data");
    struct text one = completion_of(ask, first(data));
    for (EVERY(message, data)) {
        struct text other = completion_of(ask, message);
        bool same = other.length == one.length && (one.length == 0 || memcmp(other.bytes, one.bytes, one.length) == 0);
        if (!same) return blame(ask, get(message, "id"));
    }
    return true;
}

#define MESSAGE(id_) "{\"id\": \"" id_ "\", \"role\": \"user\", \"content\": \"Hi\", \"refusal\": null}"
#define TWO(a, b) "{\"data\": [" MESSAGE(a) ", " MESSAGE(b) "], \"first_id\": \"" a "\", \"last_id\": \"" b "\"}"

static const struct rule rules[] = {
    PAGE_RULES("message_list", "openai:ChatCompletionMessageList", MESSAGE("chatcmpl-1-0"), "chatcmpl-1-0"),
    {.id = "message_list.data.same_completion", .holds = ids_name_one_completion, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "the ids of all messages begin with the id of one completion", .ref = "openai:ChatCompletionMessageList example",
     .when = "data", READS("data/*/id"), .good = TWO("chatcmpl-1-0", "chatcmpl-1-1"), .bad = TWO("chatcmpl-1-0", "chatcmpl-2-1")},
    {0},
};

const struct shape message_list_shape = {
    .ref = "openai:ChatCompletionMessageList",
    .fields = fields,
    .rules = rules,
    .sample = JSON({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false}),
};
