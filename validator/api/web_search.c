/* web_search.c: the options of a web search, and roughly where the user is. */
#include "validator/api/forms.h"
#include "validator/api/request.h"

#define LOCATION "request.web_search_options.user_location"
#define TYPE_SAYS "user_location has type, which is approximate"

static const struct field place_fields[] = {
    {"city", .is = STR, .says = "free text", .sample = "\"Paris\""},
    {"country", .is = STR, FORMS(&country_form), .says = "ISO 3166-1 alpha-2 code", NOTES({FORM_, CC_SHOULD})},
    {"region", .is = STR, .says = "free text", .sample = "\"California\""},
    {"timezone", .is = STR, FORMS(&time_zone_form), .says = "IANA zone", NOTES({FORM_, CC_SHOULD})},
    {"type", .is = STR, WORDS(W("approximate")), .profiles = CC_NEWAPI, .says = "where one document has the type of the location",
     .ref = "newapi:user_location.approximate", NOTES({TYPE_, .off = true}, {WORD_, .off = true}, {NULL_, .off = true})},
    {0},
};

static const struct shape place_shape = {
    .name = LOCATION,
    .ref = "openai:WebSearchLocation",
    .fields = place_fields,
    .sample = JSON({"city": "Paris"}),
};

/* One document prints the type one level deeper, in approximate: a slip of its page, but there are clients that follow it. */
static bool location_is_typed(struct ask *ask)
{
    return text_is(get(ask->self, "type"), "approximate") || text_is(get_path(ask->self, "approximate/type"), "approximate");
}

static const struct field location_fields[] = {
    {"type", REQUIRED, .is = STR, WORDS(W("approximate")), .says = "always approximate",
     NOTES({REQUIRED_, .profiles = CC_OPENAI, .id = LOCATION ".type_member.required.openai", .says = TYPE_SAYS},
           {TYPE_, .profiles = CC_OPENAI, .id = LOCATION ".type_member.required.openai", .says = TYPE_SAYS},
           {WORD_, .profiles = CC_OPENAI, .id = LOCATION ".type_member.required.openai", .says = TYPE_SAYS})},
    {"approximate", REQUIRED, .is = OBJ, .shape = &place_shape, .says = "the place",
     ONE_ID(LOCATION ".approximate.required", "user_location has approximate, an object")},
    {0},
};

static const struct rule location_rules[] = {
    {LOCATION ".type_member.required.newapi", location_is_typed, CC_SHOULD, CC_NEWAPI,
     .says = "user_location has type approximate, itself or inside approximate", .ref = "newapi:user_location.approximate",
     .when = "approximate", READS("type", "approximate"), .good = JSON({"approximate": {"type": "approximate", "city": "Paris"}}),
     .bad = JSON({"type": null, "approximate": {"city": "Paris"}})},
    {0},
};

static const struct shape user_location_shape = {
    .ref = "openai:CreateChatCompletionRequest.web_search_options.user_location",
    .fields = location_fields,
    .rules = location_rules,
    .sample = JSON({"type": "approximate", "approximate": {"city": "Paris"}}),
};

static const struct field fields[] = {
    {"search_context_size", .is = STR, WORDS(W("low"), W("medium"), W("high")),
     .says = "how much of what is found is read; medium when absent"},
    {"user_location", .is = OBJ | NIL, .shape = &user_location_shape, .says = "roughly where the user is"},
    {0},
};

const struct shape web_search_shape = {
    .ref = "openai:CreateChatCompletionRequest.web_search_options", .fields = fields, .sample = JSON({"search_context_size": "low"})};
