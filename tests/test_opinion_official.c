/* test_opinion_official.c: the tables against the official schema of the API, both ways: which members there are, their types, which are
 * required, words and bounds. What differs has its reason, in the row's own note or in the table here. */
#include "tests/catalogue.h"
#include "validator/lib/engine.h"

#include <stdarg.h>
#include <stdlib.h>

/* Differences, by the id of the member and what differs. */
static const char an_empty_name[] = "an empty name or id names nothing; the schema has no lengths";
static const char a_count[] = "a count is not negative; the schema has no bound";
static const char a_byte[] = "a byte is 0 to 255; the schema says integer";
static const char in_prose[] = "the bound stands in the description of the member, not in the schema";
static const char seen[] = "the official endpoint refuses it";
static const char an_empty_page[] = "an empty page has no first and no last id";
static const char by_whom[] = "a rule says it, but to requests without functions alone: the others asked for it";
static const char also_null[] = "the official example has null";
static const char all_roles[] = "a stored conversation has all roles, as the official example shows; the schema takes the messages for answers";
static const char to_be_told[] = "listed so that it is told by a sentence of its own when it occurs here, where it does not belong";

static const struct difference {
    const char *id, *what, *because;
} differences[] = {
    {"request.messages.assistant.audio.id", "minLength", an_empty_name},
    {"request.messages.assistant.tool_calls.id", "minLength", an_empty_name},
    {"request.messages.assistant.tool_calls.function.name", "minLength", an_empty_name},
    {"request.messages.tool.tool_call_id", "minLength", an_empty_name},
    {"request.tools.function.name", "minLength", an_empty_name},
    {"request.functions.item.name", "minLength", an_empty_name},
    {"request.response_format.json_schema.name", "minLength", an_empty_name},
    {"response.id", "minLength", an_empty_name},
    {"response.model", "minLength", an_empty_name},
    {"response.choices.message.audio.id", "minLength", an_empty_name},
    {"response.choices.message.function_call.name", "minLength", an_empty_name},
    {"response.choices.message.tool_calls.id", "minLength", an_empty_name},
    {"response.choices.message.tool_calls.function.name", "minLength", an_empty_name},
    {"message_list.data.id", "minLength", an_empty_name},

    {"request.messages.assistant.tool_calls.function.name", "maxLength", in_prose},
    {"request.tools.function.name", "maxLength", in_prose},
    {"request.functions.item.name", "maxLength", in_prose},
    {"request.response_format.json_schema.name", "maxLength", in_prose},
    {"request.metadata.value", "maxLength", in_prose},
    {"request.logit_bias.value", "minimum", in_prose},
    {"request.logit_bias.value", "maximum", in_prose},
    {"response.choices.logprobs.token.top_logprobs", "maxItems", "a request can ask for 20 at most"},

    {"request.max_tokens", "minimum", seen},
    {"request.max_completion_tokens", "minimum", seen},
    {"request.prompt_cache_key", "maxLength", seen},
    {"request.messages.assistant.tool_calls", "minItems", seen},
    {"request.logit_bias.value", "types",
     "the endpoint takes fractions, as the description suggests; request.logit_bias.value.type.integer warns"},
    {"request.seed", "minimum", "the printed bounds are doubles beyond 64 bits; request.seed.range asks for 64 bits"},
    {"request.seed", "maximum", "the printed bounds are doubles beyond 64 bits; request.seed.range asks for 64 bits"},
    {"request.metadata", "types", "null is taken by this profile, while request.metadata.not_null speaks for the other"},

    {"request.response_format.json_schema", "member", to_be_told},
    {"request.content_part.file.file_url", "member", to_be_told},
    {"request.functions.item", "deprecated", "the list is; each of its items need not say it again"},
    {"response.error", "member", to_be_told},
    {"response.choices.message.name", "member", to_be_told},
    {"error.choices", "member", to_be_told},
    {"error.usage", "member", to_be_told},
    {"stream.chunk.error", "member", to_be_told},
    {"stream.chunk.prompt_filter_results", "member", to_be_told},

    {"response.choices.index", "minimum", a_count},
    {"response.choices.message.annotations.url_citation.start_index", "minimum", a_count},
    {"response.choices.message.annotations.url_citation.end_index", "minimum", a_count},
    {"response.usage.prompt_tokens", "minimum", a_count},
    {"response.usage.completion_tokens", "minimum", a_count},
    {"response.usage.total_tokens", "minimum", a_count},
    {"response.usage.prompt_tokens_details.cached_tokens", "minimum", a_count},
    {"response.usage.prompt_tokens_details.audio_tokens", "minimum", a_count},
    {"response.usage.prompt_tokens_details.text_tokens", "minimum", a_count},
    {"response.usage.prompt_tokens_details.image_tokens", "minimum", a_count},
    {"response.usage.prompt_tokens_details.cache_write_tokens", "minimum", a_count},
    {"response.usage.completion_tokens_details.reasoning_tokens", "minimum", a_count},
    {"response.usage.completion_tokens_details.audio_tokens", "minimum", a_count},
    {"response.usage.completion_tokens_details.accepted_prediction_tokens", "minimum", a_count},
    {"response.usage.completion_tokens_details.rejected_prediction_tokens", "minimum", a_count},
    {"response.usage.completion_tokens_details.text_tokens", "minimum", a_count},
    {"stream.choices.index", "minimum", a_count},
    {"stream.delta.tool_calls.index", "minimum", a_count},
    {"response.choices.logprobs.token.bytes.item", "minimum", a_byte},
    {"response.choices.logprobs.token.bytes.item", "maximum", a_byte},
    {"response.choices.logprobs.top.bytes.item", "minimum", a_byte},
    {"response.choices.logprobs.top.bytes.item", "maximum", a_byte},

    {"stream.chunk.system_fingerprint", "types", also_null},
    {"response.choices.message.function_call", "deprecated", by_whom},
    {"stream.delta.function_call", "deprecated", by_whom},
    {"stream.chunk.system_fingerprint", "deprecated", "a note at every chunk would say nothing new"},
    {"stream.chunk.service_tier", "words", "a rule asks for the words, as a warning: other servers have tiers of their own"},
    {"stream.delta.role", "words", "an empty role is a warning of its own: some servers send one in every delta"},
    {"stream.delta.tool_calls.type_member", "words", "a rule asks for the word: some servers repeat the member, empty, in later fragments"},
    {"stream.delta.tool_calls.custom", "member", "calls of custom tools are streamed too, in a form that no document describes"},
    {"stream.delta.audio", "member", "audio is streamed too, in a form that the schema does not describe"},
    {"stream.delta.annotations", "member", "annotations are streamed too, in a form that the schema does not describe"},
    {"response.choices.logprobs.content", "required", "a delta that lacks one of the lists loses nothing, so in chunks it is advice"},
    {"response.choices.logprobs.refusal", "required", "the official example lacks it"},

    {"list.first_id", "types", an_empty_page},
    {"list.last_id", "types", an_empty_page},
    {"message_list.first_id", "types", an_empty_page},
    {"message_list.last_id", "types", an_empty_page},
    {"message_list.data.role", "words", all_roles},
    {"message_list.data.name", "member", all_roles},
    {"message_list.data.tool_call_id", "member", all_roles},
    {"message_list.data.tool_calls", "types", also_null},
    {"message_list.data.function_call", "types", also_null},
    {"message_list.data.function_call", "deprecated", "what a conversation once used is no fault of the page that shows it"},

    {"error.param", "types", "the profiles differ: error.param.type.openai asks for string or null"},
    {"error.code", "types", "the profiles differ: error.code.type.openai asks for string or null"},
    {0},
};

/* --- the official schema, put in a form that can be compared */

static struct json_object *schemas;

enum { PARTS_MAX = 8, CHOICES_MAX = 8, WORDS_SEEN = 48 };

/* An object: the schemas that describe it together. */
struct object {
    struct json_object *parts[PARTS_MAX];
    size_t count;
};

/* A value: all that it may be. */
struct value_schema {
    unsigned types;
    bool any_string;                  /* one of the strings it may be has no list of words */
    const char *words[WORDS_SEEN];
    size_t word_count;
    struct json_object *bounds, *items; /* the schema with bounds of a number, array or string; the items of an array */
    struct object objects[CHOICES_MAX];
    size_t object_count;
    bool deprecated;
};

static struct json_object *member(struct json_object *schema, const char *name) { return json_object_object_get(schema, name); }

static struct json_object *follow(struct json_object *schema)
{
    const char *ref;
    while ((ref = text_in(schema, "$ref"))) {
        schema = member(schemas, strrchr(ref, '/') + 1);
        ck_assert_msg(schema != NULL, "%s leads nowhere", ref);
    }
    return schema;
}

static void add_parts(struct object *object, struct json_object *schema)
{
    schema = follow(schema);
    struct json_object *all = member(schema, "allOf");
    for (size_t i = 0; all && i < json_object_array_length(all); i++) add_parts(object, json_object_array_get_idx(all, i));
    if (!member(schema, "properties") && !member(schema, "additionalProperties")) return;
    ck_assert_uint_lt(object->count, PARTS_MAX);
    object->parts[object->count++] = schema;
}

static unsigned type_bit(const char *name)
{
    static const struct {
        const char *name;
        unsigned bit;
    } types[] = {{"object", OBJ}, {"array", ARR}, {"string", STR}, {"integer", INT}, {"number", NUM}, {"boolean", BOOL}, {"null", NIL}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(types[i].name, name) == 0) return types[i].bit;
    ck_abort_msg("there is no type %s", name);
    return 0;
}

static void take_words(struct value_schema *value, struct json_object *words)
{
    if (!words) value->any_string = true;
    for (size_t i = 0; words && i < json_object_array_length(words); i++)
        if (value->word_count < WORDS_SEEN) value->words[value->word_count++] = json_object_get_string(json_object_array_get_idx(words, i));
}

/* True when all that it may be, null apart, is deprecated. */
static bool choices_are_deprecated(struct json_object *of)
{
    size_t values = 0, deprecated = 0;
    for (size_t i = 0; of && i < json_object_array_length(of); i++) {
        struct json_object *choice = json_object_array_get_idx(of, i);
        const char *type = text_in(choice, "type");
        values += !type || strcmp(type, "null") != 0;
        deprecated += json_object_get_boolean(member(choice, "deprecated")) != 0;
    }
    return values > 0 && deprecated == values;
}

static void read_value(struct value_schema *value, struct json_object *schema);

static void read_choices(struct value_schema *value, struct json_object *of)
{
    bool deprecated = value->deprecated || choices_are_deprecated(of);
    for (size_t i = 0; of && i < json_object_array_length(of); i++) read_value(value, json_object_array_get_idx(of, i));
    value->deprecated = deprecated;
}

static void read_value(struct value_schema *value, struct json_object *schema)
{
    if (json_object_get_boolean(member(schema, "nullable"))) value->types |= NIL;
    value->deprecated |= json_object_get_boolean(member(schema, "deprecated"));
    schema = follow(schema);
    if (json_object_get_boolean(member(schema, "nullable"))) value->types |= NIL;
    value->deprecated |= json_object_get_boolean(member(schema, "deprecated"));
    read_choices(value, member(schema, "anyOf"));
    read_choices(value, member(schema, "oneOf"));
    const char *type = text_in(schema, "type");
    unsigned bit = type ? type_bit(type) : member(schema, "allOf") ? OBJ : 0;
    value->types |= bit;
    if (bit == STR) take_words(value, member(schema, "enum"));
    if (bit == ARR) value->items = member(schema, "items");
    if (bit & (STR | NUM | ARR) && (!value->bounds || member(schema, "minItems") || member(schema, "minimum"))) value->bounds = schema;
    if (bit == OBJ) {
        ck_assert_uint_lt(value->object_count, CHOICES_MAX);
        add_parts(&value->objects[value->object_count++], schema);
    }
}

/* The property, from the last part that has it: parts before it are what it is based on. */
static struct json_object *property(const struct object *object, const char *name)
{
    for (size_t i = object->count; i-- > 0;) {
        struct json_object *found = member(member(object->parts[i], "properties"), name);
        if (found) return found;
    }
    return NULL;
}

static bool is_required(const struct object *object, const char *name)
{
    for (size_t i = 0; i < object->count; i++) {
        struct json_object *list = member(object->parts[i], "required");
        for (size_t k = 0; list && k < json_object_array_length(list); k++)
            if (strcmp(json_object_get_string(json_object_array_get_idx(list, k)), name) == 0) return true;
    }
    return false;
}

/* --- differences */

struct tally {
    size_t compared, in_rows, in_table, unexplained;
    bool used[sizeof differences / sizeof *differences];
};

static struct tally *tally;

static const struct note *note_with_reason(const struct site *site, enum facet facet)
{
    for (const struct note *n = site ? site->field->notes : NULL; n && n->facet; n++)
        if (n->facet == facet && n->because) return n;
    return NULL;
}

static void differ(const char *id, const struct site *site, enum facet facet, const char *what, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
static void differ(const char *id, const struct site *site, enum facet facet, const char *what, const char *format, ...)
{
    for (const struct difference *d = differences; d->id; d++)
        if (strcmp(d->id, id) == 0 && strcmp(d->what, what) == 0) {
            tally->used[d - differences] = true;
            tally->in_table++;
            return;
        }
    if (note_with_reason(site, facet)) {
        tally->in_rows++;
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s: %s: ", id, what);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    tally->unexplained++;
}

/* Whether a facet is in force, and breaking it an error. */
static bool enforced(unsigned id)
{
    const struct constraint *c = constraint_at(id);
    return c && (c->rule.profiles & CC_OPENAI) && c->rule.level == CC_MUST;
}

/* --- comparing */

static const char *types_name(unsigned types)
{
    static char names[2][64];
    static unsigned turn;
    static const char *const all[] = {"null", "boolean", "integer", "fraction", "string", "array", "object"};
    char *name = names[turn++ % 2];
    *name = '\0';
    for (size_t i = 0; i < 7; i++)
        if (types & 1u << i) snprintf(name + strlen(name), 64 - strlen(name), "%s%s", *name ? " " : "", all[i]);
    return name;
}

static void compare_types(const struct value_schema *value, const struct site *site)
{
    unsigned here = site->field->is ? site->field->is : ANY;
    tally->compared++;
    if (value->types != here) differ(site->id, site, TYPE_, "types", "officially %s, here %s", types_name(value->types), types_name(here));
    else if (here != ANY && !enforced(site->ids[TYPE_])) differ(site->id, site, TYPE_, "types level", "no error here");
}

static bool knows_word(const struct site *site, const char *text)
{
    for (const struct word *w = site->field->words; w && w->text; w++)
        if (strcmp(w->text, text) == 0 && (!w->profiles || (w->profiles & CC_OPENAI))) return true;
    return false;
}

static bool lists_word(const struct value_schema *value, const char *text)
{
    for (size_t i = 0; i < value->word_count; i++)
        if (strcmp(value->words[i], text) == 0) return true;
    return false;
}

static void compare_words(const struct value_schema *value, const struct site *site)
{
    bool closed = enforced(site->word_ids[1]);
    tally->compared++;
    if (value->any_string) {
        if (closed) differ(site->id, site, WORD_, "words", "any string officially, a list here");
        return;
    }
    if (!(value->types & STR)) return;
    if (!closed) {
        differ(site->id, site, WORD_, "words", "a list officially, not here");
        return;
    }
    for (size_t i = 0; i < value->word_count; i++)
        if (!knows_word(site, value->words[i])) differ(site->id, site, WORD_, "words", "\"%s\" is unknown here", value->words[i]);
    for (const struct word *w = site->field->words; w->text; w++)
        if (knows_word(site, w->text) && !lists_word(value, w->text))
            differ(site->id, site, WORD_, "words", "\"%s\" is unknown officially", w->text);
}

static void compare_bound(const struct value_schema *value, const struct site *site, const char *keyword, enum facet facet, double here)
{
    struct json_object *official = member(value->bounds, keyword);
    bool is_here = site->ids[facet] != 0 && enforced(site->ids[facet]);
    tally->compared++;
    if (official && !is_here) differ(site->id, site, facet, keyword, "officially %g, no error here", json_object_get_double(official));
    else if (!official && is_here) differ(site->id, site, facet, keyword, "%g here, nothing officially", here);
    else if (official && json_object_get_double(official) != here)
        differ(site->id, site, facet, keyword, "officially %g, here %g", json_object_get_double(official), here);
}

static void compare_bounds(const struct value_schema *value, const struct site *site)
{
    static const struct range none;
    const struct field *f = site->field;
    const struct range *between = f->between ? f->between : &none, *items = f->items ? f->items : &none, *chars = f->chars ? f->chars : &none;
    compare_bound(value, site, "minimum", MIN_, between->low);
    compare_bound(value, site, "maximum", MAX_, between->high);
    compare_bound(value, site, "minItems", MIN_ITEMS_, items->low);
    compare_bound(value, site, "maxItems", MAX_ITEMS_, items->high);
    compare_bound(value, site, "minLength", MIN_CHARS_, chars->low);
    compare_bound(value, site, "maxLength", MAX_CHARS_, chars->high);
}

static void compare_site(struct json_object *schema, const struct site *site);

static void compare_required(const struct object *object, const char *key, const struct site *site)
{
    bool official = is_required(object, key), here = (site->field->need & REQUIRED) && enforced(site->ids[REQUIRED_]);
    tally->compared++;
    if (official && !here) differ(site->id, site, REQUIRED_, "required", "officially, no error here");
    if (!official && here) differ(site->id, site, REQUIRED_, "required", "here, not officially");
}

static const struct site *site_of(const struct plan *plan, const char *key)
{
    for (unsigned i = 0; i < plan->site_count; i++)
        if (strcmp(plan->sites[i].field->key, key) == 0 && (plan->sites[i].profiles & CC_OPENAI)) return &plan->sites[i];
    return NULL;
}

/* `tag`: the member that chose the plan, which was compared already. */
static void compare_object(const struct object *object, const struct plan *plan, const char *tag)
{
    char id[256];
    for (size_t p = 0; p < object->count; p++) {
        struct json_object *properties = member(object->parts[p], "properties");
        if (!properties) continue;
        json_object_object_foreach(properties, key, schema)
        {
            const struct site *site = site_of(plan, key);
            if ((tag && strcmp(tag, key) == 0) || property(object, key) != schema) continue;
            snprintf(id, sizeof id, "%s.%s", plan->id, key);
            if (!site) differ(id, NULL, FACET_NONE, "member", "not here");
            else compare_required(object, key, site), compare_site(schema, site);
        }
    }
    for (unsigned i = 0; i < plan->site_count; i++) {
        const struct site *site = &plan->sites[i];
        if (!(site->profiles & CC_OPENAI) || property(object, site->field->key)) continue;
        differ(site->id, site, FACET_NONE, "member", "not officially");
    }
    struct json_object *others = object->count ? member(object->parts[0], "additionalProperties") : NULL;
    bool closed = others && json_object_is_type(others, json_type_boolean) && !json_object_get_boolean(others);
    if (closed != enforced(plan->unknown)) differ(plan->id, NULL, FACET_NONE, "closed", closed ? "officially" : "here");
}

/* The one of several objects whose tag has that word. */
static const struct object *chosen(const struct value_schema *value, const char *tag, const char *word)
{
    for (size_t i = 0; i < value->object_count; i++) {
        struct value_schema of_tag = {0};
        struct json_object *schema = property(&value->objects[i], tag);
        if (schema) read_value(&of_tag, schema);
        if (lists_word(&of_tag, word)) return &value->objects[i];
    }
    return NULL;
}

static bool allowed_here(const struct site *site, const char *word)
{
    const struct word *w = site->owner ? site->owner->field->parts : NULL;
    if (!w) return true;
    while (w->text && strcmp(w->text, word) != 0) w++;
    return w->text != NULL;
}

static void compare_pick(const struct value_schema *value, const struct site *site)
{
    const struct site *tag = site->pick->tag;
    const char *key = tag->field->key;
    size_t known = 0;
    for (size_t i = 0; tag->field->words[i].text; i++) {
        const struct word *w = &tag->field->words[i];
        const struct object *object = chosen(value, key, w->text);
        if (!knows_word(tag, w->text) || !allowed_here(site, w->text)) continue;
        known += object != NULL;
        if (!object) {
            differ(site->id, NULL, FACET_NONE, w->text, "is one of the objects here, not officially");
            continue;
        }
        compare_required(object, key, tag);
        if (site->pick->plans[i]) compare_object(object, site->pick->plans[i], key);
    }
    if (known != value->object_count)
        differ(site->id, NULL, FACET_NONE, "objects", "%zu officially, %zu of them here", value->object_count, known);
}

static void compare_site(struct json_object *schema, const struct site *site)
{
    struct value_schema value = {0};
    read_value(&value, schema);
    bool deprecated = site->ids[DEPRECATED_] && (constraint_at(site->ids[DEPRECATED_])->rule.profiles & CC_OPENAI);
    compare_types(&value, site);
    compare_words(&value, site);
    compare_bounds(&value, site);
    if (value.deprecated != deprecated) differ(site->id, site, DEPRECATED_, "deprecated", value.deprecated ? "officially" : "here");
    if (value.items && site->each) compare_site(value.items, site->each);
    else if (value.items || site->each) differ(site->id, site, FACET_NONE, "items", "described only %s", value.items ? "officially" : "here");
    if (value.object_count && site->pick) compare_pick(&value, site);
    else if (value.object_count && site->plan && !site->plan->shape->open) compare_object(&value.objects[0], site->plan, NULL);
    struct json_object *values = value.object_count && value.objects[0].count ? member(value.objects[0].parts[0], "additionalProperties") : NULL;
    if (json_object_is_type(values, json_type_object) && site->values) compare_site(values, site->values);
}

static const struct {
    enum cc_kind kind;
    const char *name;
} roots[] = {{CC_REQUEST, "CreateChatCompletionRequest"}, {CC_RESPONSE, "CreateChatCompletionResponse"},
             {CC_CHUNK, "CreateChatCompletionStreamResponse"}, {CC_LIST, "ChatCompletionList"},
             {CC_MESSAGE_LIST, "ChatCompletionMessageList"}, {CC_ERROR_BODY, "ErrorResponse"}};

START_TEST(tables_say_what_the_official_schema_says)
{
    struct tally t = {0};
    tally = &t;
    schemas = shared_yaml("spec/openai-chat.yaml");
    if (!schemas) return;
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        struct object object = {0};
        struct json_object *schema = member(schemas, roots[i].name);
        ck_assert_msg(schema != NULL, "there is no %s", roots[i].name);
        add_parts(&object, schema);
        compare_object(&object, plan_of(roots[i].kind), NULL);
    }
    printf("official schema: %zu points compared; %zu differ for a reason in their row, %zu for one in the test\n", t.compared,
           t.in_rows, t.in_table);
    fflush(stdout);
    ck_assert_uint_gt(t.compared, 1000);
    ck_assert_msg(t.unexplained == 0, "%zu points differ without a reason", t.unexplained);
    for (size_t i = 0; differences[i].id; i++) ck_assert_msg(t.used[i], "%s (%s) no longer differs", differences[i].id, differences[i].what);
    json_object_put(schemas);
}
END_TEST

static Suite *official_suite(void)
{
    Suite *suite = suite_create("opinion of the official schema");
    TCase *tcase = tcase_create("tables");
    tcase_add_test(tcase, tables_say_what_the_official_schema_says);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(official_suite)
