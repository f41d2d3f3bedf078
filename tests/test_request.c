/* test_request.c: the tables of the request: every derived document gets exactly its finding, every member and every pair of members is
 * judged as hand-made documents say, and real requests that the official endpoint answered have no error. */
#include "tests/requesting.h"
#include "tests/traffic.h"

#include <json-c/json.h>

enum { BOTH = CC_OPENAI | CC_NEWAPI };

/* --- derived documents */

struct derived {
    struct cc_checker *checkers[CC_OPENAI + 1];
    size_t total;
};

static void judge_derived(struct derived *d, const struct cc_case *derived)
{
    const struct cc_report *report = cc_check(d->checkers[derived->profile], derived->kind, derived->text, derived->length);
    ck_assert_ptr_nonnull(report);
    size_t hits = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        bool mine = derived->rule && f->rule == derived->rule;
        hits += mine;
        ck_assert_msg(mine || f->rule->level == CC_DEPRECATED, "%s gets %s too: %.*s", derived->name, f->rule->id, (int)derived->length,
                      derived->text);
        ck_assert_msg(!mine || !derived->pointer || strcmp(f->pointer, derived->pointer) == 0, "%s: found at %s", derived->name,
                      f->pointer);
    }
    ck_assert_msg(hits == (derived->rule ? 1u : 0u), "%s is found %zu times: %.*s", derived->name, hits, (int)derived->length,
                  derived->text);
}

static bool each_derived(void *context, const struct cc_case *derived)
{
    struct derived *d = context;
    if (derived->kind != CC_REQUEST) return true;
    judge_derived(d, derived);
    d->total++;
    return true;
}

START_TEST(derived_documents)
{
    struct derived d = {0};
    for (unsigned profile = CC_NEWAPI; profile <= CC_OPENAI; profile++)
        d.checkers[profile] = cc_checker_new(&(struct cc_options){.profile = profile});
    ck_assert(cc_each_case(each_derived, &d));
    ck_assert_uint_gt(d.total, 1500);
    for (unsigned profile = CC_NEWAPI; profile <= CC_OPENAI; profile++) cc_checker_free(d.checkers[profile]);
}
END_TEST

/* Promises that no derived document can break; each is broken by hand in another test. */
static bool is_broken_by_hand(const char *id)
{
    static const char *const ids[] = {"request.messages.assistant.tool_calls.max_items", "request.content_part.image_url.max_count",
                                      "request.content_part.image_url.max_bytes", "request.content_part.image_url.store_8mb",
                                      "request.messages.assistant.content.required_unless_strict", "request.body.type",
                                      "request.strict_schema.limits.properties", "request.strict_schema.limits.depth",
                                      "request.strict_schema.limits.string_total", "request.strict_schema.limits.enum_total",
                                      "request.strict_schema.limits.enum_string_total"};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (strcmp(ids[i], id) == 0) return true;
    return false;
}

/* The constraints that some document breaks, each once: they come one after another. */
struct broken {
    const struct cc_rule **rules;
    size_t count;
};

static bool note_broken(void *context, const struct cc_case *derived)
{
    struct broken *broken = context;
    bool known = !derived->rule || (broken->count && broken->rules[broken->count - 1] == derived->rule);
    if (!known) {
        ck_assert_uint_lt(broken->count, cc_rule_count());
        broken->rules[broken->count++] = derived->rule;
    }
    return true;
}

static void expect_broken(const struct broken *broken, const struct cc_rule *rule)
{
    for (size_t i = 0; i < broken->count; i++)
        if (broken->rules[i] == rule) return;
    ck_assert_msg(is_broken_by_hand(rule->id), "no derived document breaks %s", rule->id);
}

START_TEST(every_promise_can_be_broken)
{
    struct broken broken = {.rules = calloc(cc_rule_count(), sizeof *broken.rules)};
    ck_assert_ptr_nonnull(broken.rules);
    ck_assert(cc_each_case(note_broken, &broken));
    size_t promises = 0;
    for (size_t i = 0; i < cc_rule_count(); i++) {
        const struct cc_rule *rule = cc_rule_at(i);
        if (strcmp(rule->kind, "request") != 0) continue;
        promises++;
        expect_broken(&broken, rule);
    }
    ck_assert_uint_gt(promises, 300);
    free(broken.rules);
}
END_TEST

/* --- hand-made documents */

#define NAME(...) "{\"model\": " #__VA_ARGS__ ", \"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}"

static const struct vector members[] = {
    {BOTH, "[]", "body.type@"},
    {BOTH, "\"Hi\"", "body.type@"},
    {BOTH, "{\"messages\": [{\"role\": \"user\", \"content\": \"Hi\"}]}", "model.required@/model"},
    {BOTH, NAME(null), "model.required@/model"},
    {BOTH, NAME(4), "model.type@/model"},
    {BOTH, NAME(""), "model.non_empty@/model"},
    {BOTH, NAME(" \t"), "model.non_empty@/model"},
    {BOTH, NAME(" gpt-4o"), "model.trimmed@/model"},
    {BOTH, NAME("gpt-4o\n"), "model.trimmed@/model"},
    {BOTH, NAME("qwen/qwen2.5-7b instruct"), ""},
    {BOTH, "{\"model\": \"m\"}", "messages.required@/messages"},
    {BOTH, "{\"model\": \"m\", \"messages\": null}", "messages.type@/messages"},
    {BOTH, "{\"model\": \"m\", \"messages\": []}", "messages.min_items@/messages"},

    {BOTH, BODY("top_k": 5), "body.unknown_member@/top_k"},
    {BOTH, BODY("Stream": true), "body.unknown_member@/Stream"},
    {BOTH, BODY("stream": true, "stream_options": {"usage": true}), "body.nested_unknown_member@/stream_options/usage"},
    {CC_OPENAI, BODY("verbosity": "low", "moderation": {"model": "x"}, "safety_identifier": null), ""},
    {CC_NEWAPI, BODY("verbosity": "low"), "body.unknown_member@/verbosity"},
    {BOTH, BODY("n": 1.0), "body.integer_lexical@/n"},
    {BOTH, BODY("n": 1e0), "body.integer_lexical@/n"},
    {BOTH, BODY("n": 1.5), "n.type@/n"},
    {BOTH, BODY("n": "1"), "n.type@/n"},
    {BOTH, BODY("tools": null), "body.null_optional@/tools"},
    {BOTH, BODY("user": null), "body.null_optional@/user"},
    {BOTH, BODY("stop": null, "n": null, "temperature": null, "store": null, "stream_options": null, "logit_bias": null, "seed": null), ""},

    {CC_NEWAPI, BODY("reasoning_effort": "high"), ""},
    {CC_NEWAPI, BODY("reasoning_effort": "minimal"), "reasoning_effort.enum.newapi@/reasoning_effort"},
    {CC_OPENAI, BODY("reasoning_effort": "xhigh"), ""},
    {CC_OPENAI, BODY("reasoning_effort": "ultra"), "reasoning_effort.enum.openai@/reasoning_effort"},
    {CC_NEWAPI, BODY("service_tier": "priority"), "service_tier.enum.newapi@/service_tier"},
    {CC_OPENAI, BODY("service_tier": "fast"), ""},
    {CC_OPENAI, BODY("service_tier": "scale"), "service_tier.scale_request@/service_tier"},

    {CC_OPENAI, BODY("metadata": {"k": "v"}), "metadata.requires_store@/metadata"},
    {CC_OPENAI, BODY("store": false, "metadata": {"k": "v"}), "metadata.requires_store@/metadata"},
    {CC_NEWAPI, BODY("metadata": {"k": "v"}), ""},
    {CC_OPENAI, BODY("metadata": null), ""},
    {CC_NEWAPI, BODY("metadata": null), "metadata.not_null@/metadata"},
    {BOTH, BODY("store": true, "metadata": {"k": 1}), "metadata.value.type@/metadata/k"},
    {BOTH, BODY("store": true, "metadata": {"k": null}), "metadata.value.type@/metadata/k"},
    {BOTH, BODY("store": true, "metadata": []), "metadata.type@/metadata"},

    {BOTH, BODY("logit_bias": {"50256": -100, "0": 100, "7": 0}), ""},
    {BOTH, BODY("logit_bias": {"hello": 1}), "logit_bias.key.integer@/logit_bias/hello"},
    {BOTH, BODY("logit_bias": {"-1": 1}), "logit_bias.key.integer@/logit_bias/-1"},
    {BOTH, BODY("logit_bias": {"": 1}), "logit_bias.key.integer@/logit_bias/"},
    {BOTH, BODY("logit_bias": {"1": "5"}), "logit_bias.value.type.number@/logit_bias/1"},
    {BOTH, BODY("logit_bias": {"1": 100.5}), "logit_bias.value.range@/logit_bias/1"},
    {BOTH, BODY("logit_bias": {"1": 0.5}), "logit_bias.value.type.integer@/logit_bias/1"},
    {BOTH, BODY("logit_bias": {"1": 5.0}), ""},

    {BOTH, BODY("top_logprobs": 0), "top_logprobs.requires_logprobs@/top_logprobs"},
    {BOTH, BODY("logprobs": false, "top_logprobs": 2), "top_logprobs.requires_logprobs@/top_logprobs"},
    {BOTH, BODY("logprobs": true, "top_logprobs": 2), ""},
    {BOTH, BODY("logprobs": 5, "top_logprobs": 2), "logprobs.type@/logprobs"},
    {BOTH, BODY("temperature": 0.2, "top_p": 0.5), "sampling.both@/temperature"},
    {BOTH, BODY("temperature": 1.0, "top_p": 0.5), ""},
    {BOTH, BODY("temperature": 0.2, "top_p": null), ""},
    {BOTH, BODY("max_tokens": 5, "max_completion_tokens": 5), "max_tokens.exclusive@/max_tokens"},
    {BOTH, BODY("max_tokens": 5, "max_completion_tokens": null), ""},
    {BOTH, BODY("stop": ["a", "a"]), "stop.unique@/stop/1"},
    {BOTH, BODY("stop": ["a", ""]), "stop.item.non_empty@/stop/1"},
    {BOTH, BODY("stop": ["a", null]), "stop.item.type@/stop/1"},
    {BOTH, BODY("stop": []), "stop.min_items@/stop"},
    {BOTH, BODY("stream_options": {}), "stream_options.requires_stream@/stream_options"},
    {BOTH, BODY("stream": false, "stream_options": {"include_usage": true}), "stream_options.requires_stream@/stream_options"},

    {BOTH, BODY("modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "wav"}), ""},
    {BOTH, BODY("modalities": ["text", "audio"]), "audio.required_for_modality@/audio"},
    {BOTH, BODY("modalities": ["text", "audio"], "audio": null), "audio.required_for_modality@/audio"},
    {BOTH, BODY("audio": {"voice": "alloy", "format": "wav"}), "audio.requires_modality@/audio"},
    {BOTH, BODY("modalities": ["image"]), "modalities.item.enum@/modalities/0"},
    {BOTH, BODY("modalities": ["text", "text"]), "modalities.unique@/modalities/1"},
    {BOTH, BODY("modalities": []), "modalities.min_items@/modalities"},
    {BOTH, BODY("modalities": ["audio"], "audio": {"voice": "alloy", "format": "wav"}), "modalities.combination@/modalities"},
    {CC_OPENAI, BODY("modalities": ["text", "audio"], "stream": true, "audio": {"voice": "alloy", "format": "wav"}),
     "audio.format.stream_pcm16@/audio/format"},
    {CC_NEWAPI, BODY("modalities": ["text", "audio"], "stream": true, "audio": {"voice": "alloy", "format": "wav"}), ""},
    {CC_NEWAPI, BODY("modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "aac"}),
     "audio.format.enum.newapi@/audio/format"},
    {CC_OPENAI, BODY("modalities": ["text", "audio"], "audio": {"voice": "alloy", "format": "aac"}), ""},
    {CC_OPENAI, BODY("modalities": ["text", "audio"], "audio": {"voice": {"id": "voice_1"}, "format": "wav"}), ""},
    {CC_OPENAI, BODY("modalities": ["text", "audio"], "audio": {"voice": {"id": "voice_1", "name": "x"}, "format": "wav"}),
     "audio.voice.custom.id@/audio/voice/name"},
    {CC_NEWAPI, BODY("modalities": ["text", "audio"], "audio": {"voice": {"id": "voice_1"}, "format": "wav"}),
     "audio.voice.type.newapi@/audio/voice"},
    {CC_OPENAI, BODY("modalities": ["text", "audio"], "audio": {"voice": "darth", "format": "wav"}),
     "audio.voice.enum.openai@/audio/voice"},
    {CC_NEWAPI, BODY("modalities": ["text", "audio"], "audio": {"voice": "verse", "format": "wav"}),
     "audio.voice.enum.newapi@/audio/voice"},

    {CC_OPENAI, BODY("prediction": {"type": "content", "content": "x"}, "n": 1, "logprobs": false, "presence_penalty": 0), ""},
    {BOTH, BODY("prediction": {"type": "text", "content": "x"}), "prediction.type_member.enum@/prediction/type"},
    {BOTH, BODY("prediction": {"type": "content", "content": [{"type": "text", "text": "x"}]}), ""},
    {BOTH, BODY("prediction": {"type": "content", "content": [{"type": "text"}]}), "content_part.text.required@/prediction/content/0/text"},
    {BOTH, BODY("prediction": {"type": "content", "content": [{"type": "image_url", "image_url": {"url": "https://a/b"}}]}),
     "prediction.content.part_types@/prediction/content/0/type"},
    {CC_OPENAI, BODY("prediction": {"type": "content", "content": "x"}, "n": 2), "prediction.conflict.n@/n"},
    {CC_OPENAI, BODY("prediction": {"type": "content", "content": "x"}, "functions": [{"name": "f"}]),
     "prediction.conflict.tools@/prediction"},
    {CC_OPENAI, TALK({"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "UklG", "format": "wav"}}]}), ""},

    {BOTH, BODY("web_search_options": {}), ""},
    {BOTH, BODY("web_search_options": {"search_context_size": "huge"}),
     "web_search_options.search_context_size.enum@/web_search_options/search_context_size"},
    {BOTH, BODY("web_search_options": {"user_location": {"type": "approximate",
                                                         "approximate": {"country": "US", "timezone": "Europe/Paris"}}}), ""},
    {BOTH, BODY("web_search_options": {"user_location": {"type": "approximate", "approximate": {"country": "usa"}}}),
     "web_search_options.user_location.country.pattern@/web_search_options/user_location/approximate/country"},
    {CC_NEWAPI, BODY("web_search_options": {"user_location": {"approximate": {"type": "approximate"}}}), ""},
    {CC_NEWAPI, BODY("web_search_options": {"user_location": {"approximate": {"city": "Paris"}}}),
     "web_search_options.user_location.type_member.required.newapi@/web_search_options/user_location/approximate"},
    {CC_OPENAI, BODY("web_search_options": {"user_location": {"approximate": {"city": "Paris"}}}),
     "web_search_options.user_location.type_member.required.openai@/web_search_options/user_location/type"},

    {CC_OPENAI, BODY("moderation": {"model": "x", "policy": {"input": {"mode": "score"}, "output": null}}), ""},
    {CC_OPENAI, BODY("moderation": {"model": "x", "policy": {"input": {"mode": "log"}}}),
     "moderation.policy.mode.enum@/moderation/policy/input/mode"},
    {CC_OPENAI, BODY("moderation": {"model": "x", "policy": {"output": {}}}), "moderation.policy.mode.enum@/moderation/policy/output/mode"},
    {CC_OPENAI, BODY("moderation": {"model": "x", "policy": {"output": 1}}), "moderation.policy.side.type@/moderation/policy/output"},
    {CC_OPENAI, BODY("prompt_cache_options": {"ttl": "30m", "mode": "explicit"}), ""},
    {CC_OPENAI, BODY("prompt_cache_options": {"ttl": "1h"}), "prompt_cache_options.ttl.enum@/prompt_cache_options/ttl"},
    {CC_OPENAI, BODY("prompt_cache_options": {"size": 1}), "prompt_cache_options.members@/prompt_cache_options/size"},
};

START_TEST(members_of_the_body) { expect_vector(&members[_i]); }
END_TEST

#define TOOL(name_) {"type": "function", "function": {"name": name_}}
#define CUSTOM(name_) {"type": "custom", "custom": {"name": name_}}
#define CHOICE(...) "tools": [TOOL("f"), CUSTOM("t")], "tool_choice": __VA_ARGS__
#define FORMAT(...) BODY2("tools": [{"type": "custom", "custom": {"name": "t", "format": __VA_ARGS__}}])
#define ALLOW(...) {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [__VA_ARGS__]}}
#define BODY2(...) BODY(__VA_ARGS__)

static const struct vector tools[] = {
    {BOTH, BODY2("tools": [TOOL("f"), TOOL("g")]), ""},
    {CC_OPENAI, BODY2("tools": [TOOL("f"), CUSTOM("t")]), ""},
    {CC_NEWAPI, BODY2("tools": [CUSTOM("t")]), "tools.type_member.enum.newapi@/tools/0/type"},
    {CC_OPENAI, BODY2("tools": [{"type": "web_search"}]), "tools.type_member.enum.openai@/tools/0/type"},
    {BOTH, BODY2("tools": [TOOL("f"), TOOL("f")]), "tools.name.unique@/tools/1/function/name"},
    {CC_OPENAI, BODY2("tools": [TOOL("f"), CUSTOM("f")]), "tools.name.unique@/tools/1/custom/name"},
    {BOTH, BODY2("tools": []), "tools.min_items@/tools"},
    {BOTH, BODY2("tools": [TOOL("get.weather")]), "tools.function.name.pattern@/tools/0/function/name"},
    {BOTH, BODY2("tools": [TOOL("")]), "tools.function.name.length@/tools/0/function/name"},
    {BOTH, BODY2("tools": [TOOL(5)]), "tools.function.name.required@/tools/0/function/name"},
    {BOTH, BODY2("tools": [{"type": "function", "function": {"name": "f", "parameters": "{}"}}]),
     "tools.function.parameters.type@/tools/0/function/parameters"},
    {BOTH, BODY2("tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "string"}}}]),
     "tools.function.parameters.root_object@/tools/0/function/parameters"},
    {BOTH, BODY2("tools": [{"type": "function", "function": {"name": "f", "parameters": {}}}]), ""},
    {BOTH, BODY2("tools": [{"type": "function", "function": {"name": "f", "strict": "yes"}}]),
     "tools.function.strict.type@/tools/0/function/strict"},
    {CC_OPENAI, FORMAT({"type": "text"}), ""},
    {CC_OPENAI, FORMAT({"type": "text", "grammar": {}}), "tools.custom.format.closed@/tools/0/custom/format/grammar"},
    {CC_OPENAI, FORMAT({"type": "grammar"}), "tools.custom.format.grammar.required@/tools/0/custom/format/grammar"},
    {CC_OPENAI, FORMAT({"type": "grammar", "grammar": {"definition": "x"}}),
     "tools.custom.format.grammar.required@/tools/0/custom/format/grammar/syntax"},
    {CC_OPENAI, FORMAT({"type": "grammar", "grammar": {"definition": "x", "syntax": "ebnf"}}),
     "tools.custom.format.grammar.syntax.enum@/tools/0/custom/format/grammar/syntax"},
    {CC_OPENAI, FORMAT({"type": "regex"}), "tools.custom.format.type_member.enum@/tools/0/custom/format/type"},

    {CC_OPENAI, BODY("tool_choice": "auto"), "tool_choice.requires_tools@/tool_choice"},
    {CC_OPENAI, BODY("tool_choice": "none", "tools": []), "tool_choice.requires_tools@/tool_choice tools.min_items@/tools"},
    {CC_NEWAPI, BODY("tool_choice": "auto"), ""},
    {BOTH, BODY("tool_choice": "required"), "tool_choice.required_needs_tools@/tool_choice"},
    {BOTH, BODY2("tool_choice": TOOL("f")), "tool_choice.required_needs_tools@/tool_choice"},
    {BOTH, BODY2("tool_choice": "any", "tools": [TOOL("f")]), "tool_choice.mode.enum@/tool_choice"},
    {BOTH, BODY2("tool_choice": TOOL("f"), "tools": [TOOL("f")]), ""},
    {BOTH, BODY2("tool_choice": TOOL("g"), "tools": [TOOL("f")]), "tool_choice.function.declared@/tool_choice/function/name"},
    {BOTH, BODY2("tool_choice": {"type": "function", "function": {}}, "tools": [TOOL("f")]),
     "tool_choice.function.required@/tool_choice/function/name"},
    {CC_OPENAI, BODY2(CHOICE(CUSTOM("t"))), ""},
    {CC_OPENAI, BODY2(CHOICE(CUSTOM("f"))), "tool_choice.custom.declared@/tool_choice/custom/name"},
    {CC_OPENAI, BODY2(CHOICE(TOOL("t"))), "tool_choice.function.declared@/tool_choice/function/name"},
    {CC_OPENAI, BODY2(CHOICE(ALLOW(TOOL("f"), CUSTOM("t")))), ""},
    {CC_OPENAI, BODY2(CHOICE(ALLOW(TOOL("t")))), "tool_choice.allowed_tools.tools.declared@/tool_choice/allowed_tools/tools/0"},
    {CC_OPENAI, BODY2(CHOICE(ALLOW(TOOL("f"), {"name": "f"}))),
     "tool_choice.allowed_tools.tools.declared@/tool_choice/allowed_tools/tools/1"},
    {CC_OPENAI, BODY2(CHOICE(ALLOW())), "tool_choice.allowed_tools.tools.min_items@/tool_choice/allowed_tools/tools"},
    {CC_NEWAPI, BODY2("tools": [TOOL("f")], "tool_choice": ALLOW(TOOL("f"))), "tool_choice.type_member.enum.newapi@/tool_choice/type"},
    {CC_OPENAI, BODY("parallel_tool_calls": true), "parallel_tool_calls.requires_tools@/parallel_tool_calls"},
    {CC_NEWAPI, BODY("parallel_tool_calls": true), ""},

    {BOTH, BODY("functions": [{"name": "f"}], "function_call": {"name": "f"}), ""},
    {BOTH, BODY("functions": [{"name": "f"}], "function_call": {"name": "g"}), "function_call.declared@/function_call/name"},
    {BOTH, BODY("function_call": "auto"), "function_call.requires_functions@/function_call"},
    {BOTH, BODY("functions": [{"name": "f"}], "function_call": "required"), "function_call.mode.enum@/function_call"},
    {BOTH, BODY("functions": [{}]), "functions.item.name.required@/functions/0/name"},
    {BOTH, BODY2("functions": [{"name": "f"}], "tools": [TOOL("f")]), "functions.tools_exclusive@/functions"},
};

START_TEST(tools_and_choices) { expect_vector(&tools[_i]); }
END_TEST

#define PART(...) TALK({"role": "user", "content": [__VA_ARGS__]})
#define IMAGE(url_) PART({"type": "image_url", "image_url": {"url": url_}})
#define SOUND(data_, format_) PART({"type": "input_audio", "input_audio": {"data": data_, "format": format_}})
#define FILE_PART(...) PART({"type": "file", "file": {__VA_ARGS__}})
#define URL "@/messages/0/content/0/image_url/url"
#define FILE_AT "@/messages/0/content/0/file"

static const struct vector parts[] = {
    {BOTH, IMAGE("https://example.com/a.png"), ""},
    {BOTH, IMAGE("HTTP://example.com"), ""},
    {BOTH, IMAGE("data:image/png;base64,iVBORw0KGgo="), ""},
    {BOTH, IMAGE("data:image/png;base64,iVBORw0KGgo=\n"), "content_part.image_url.data_url.base64" URL},
    {BOTH, IMAGE("DATA:image/jpeg;base64,/9j/"), ""},
    {BOTH, IMAGE("data:image/webp;charset=x;base64,UklGRgAAAABXRUJQ"), ""},
    {BOTH, IMAGE("iVBORw0KGgo="), "content_part.image_url.url.format" URL},
    {BOTH, IMAGE("file:///etc/passwd"), "content_part.image_url.url.format" URL},
    {BOTH, IMAGE("https://"), "content_part.image_url.url.format" URL},
    {BOTH, IMAGE("https:///a.png"), "content_part.image_url.url.format" URL},
    {BOTH, IMAGE(""), "content_part.image_url.url.format" URL},
    {BOTH, IMAGE("data:image/png,iVBORw0KGgo="), "content_part.image_url.data_url.base64" URL},
    {BOTH, IMAGE("data:image/png;base64"), "content_part.image_url.data_url.base64" URL},
    {BOTH, IMAGE("data:image/png;base64,"), "content_part.image_url.data_url.base64" URL},
    {BOTH, IMAGE("data:image/png;base64,iVBORw0KGgo"), "content_part.image_url.data_url.base64" URL},
    {BOTH, IMAGE("data:image/bmp;base64,Qk0="), "content_part.image_url.data_url.mime" URL},
    {BOTH, IMAGE("data:image/png;base64,/9j/4AAQ"), "content_part.image_url.data_url.signature" URL},
    {BOTH, PART({"type": "image_url", "image_url": "https://a/b.png"}), "content_part.image_url.type@/messages/0/content/0/image_url"},
    {BOTH, PART({"type": "image_url", "image_url": {"url": "https://a/b.png", "detail": "medium"}}),
     "content_part.image_url.detail.enum@/messages/0/content/0/image_url/detail"},
    /* a slash may be written with a backslash */
    {BOTH, "{\"model\": \"m\", \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\", \"image_url\": {\"url\": "
           "\"data:image\\/jpeg;base64,\\/9j\\/\"}}]}]}", ""},

    {BOTH, SOUND("UklGRgAAAABXQVZF", "wav"), ""},
    {BOTH, SOUND("SUQzBAAA", "mp3"), ""},
    {BOTH, SOUND("//tQ", "mp3"), ""},
    {BOTH, SOUND("UklGRgAAAABXQVZF", "mp3"), "content_part.input_audio.signature@/messages/0/content/0/input_audio/data"},
    {BOTH, SOUND("data:audio/wav;base64,UklG", "wav"), "content_part.input_audio.data.base64@/messages/0/content/0/input_audio/data"},
    {BOTH, SOUND("", "wav"), "content_part.input_audio.data.base64@/messages/0/content/0/input_audio/data"},
    {BOTH, SOUND("UklG", "ogg"), "content_part.input_audio.format.enum@/messages/0/content/0/input_audio/format"},

    {BOTH, FILE_PART("file_id": "file-1"), ""},
    {BOTH, FILE_PART("file_data": "data:application/pdf;base64,JVBERi0=", "filename": "a.pdf"), ""},
    {CC_OPENAI, FILE_PART("file_data": "data:application/pdf;base64,JVBERi0="), "content_part.file.source_required" FILE_AT "/file_id"},
    {CC_NEWAPI, FILE_PART("file_data": "JVBERi0="), ""},
    {CC_OPENAI, FILE_PART("filename": "a.pdf"), "content_part.file.source_required" FILE_AT "/file_id"},
    {CC_NEWAPI, FILE_PART("filename": "a.pdf"), "content_part.file.source_any" FILE_AT},
    {CC_OPENAI, FILE_PART("file_data": "JVBERi0=", "filename": "a.pdf"), "content_part.file.file_data.data_url" FILE_AT "/file_data"},
    {CC_OPENAI, FILE_PART("file_data": "data:text/markdown;base64,IyBo", "filename": "a.md"),
     "content_part.file.file_data.data_url" FILE_AT "/file_data"},
    {BOTH, FILE_PART("file_data": "not base64!", "filename": "a.pdf"), "content_part.file.file_data.base64" FILE_AT "/file_data"},
    {BOTH, FILE_PART("file_id": "file-1", "file_data": "data:application/pdf;base64,JVBERi0=", "filename": "a.pdf"),
     "content_part.file.source_exclusive" FILE_AT "/file_id"},
    {BOTH, FILE_PART("file_id": ""), "content_part.file.file_id.prefix" FILE_AT "/file_id"},
    {CC_OPENAI, FILE_PART("file_id": "file-1", "file_url": "https://a/b.pdf"),
     "content_part.file.file_url.unsupported" FILE_AT "/file_url"},
    {CC_NEWAPI, FILE_PART("file_id": "file-1", "file_url": "https://a/b.pdf"), "body.nested_unknown_member" FILE_AT "/file_url"},
    {CC_OPENAI, PART({"type": "text", "text": "Hi", "prompt_cache_breakpoint": {"mode": "implicit"}}),
     "content_part.prompt_cache_breakpoint.mode@/messages/0/content/0/prompt_cache_breakpoint/mode"},
    {CC_NEWAPI, PART({"type": "text", "text": "Hi", "prompt_cache_breakpoint": {"mode": "explicit"}}),
     "content_part.member_matches_type@/messages/0/content/0/prompt_cache_breakpoint"},
};

START_TEST(content_parts) { expect_vector(&parts[_i]); }
END_TEST

#define JSON_MODE(...) "{\"model\": \"m\", \"response_format\": {\"type\": \"json_object\"}, \"messages\": [" #__VA_ARGS__ "]}"
#define SCHEMA(...) BODY("response_format": {"type": "json_schema", "json_schema": __VA_ARGS__})

static const struct vector formats[] = {
    {BOTH, JSON_MODE({"role": "user", "content": "Answer in JSON."}), ""},
    {BOTH, JSON_MODE({"role": "system", "content": "You speak Json"}, {"role": "user", "content": "Hi"}), ""},
    {BOTH, JSON_MODE({"role": "user", "content": [{"type": "text", "text": "as json"}]}), ""},
    {BOTH, JSON_MODE({"role": "user", "content": "Hi"}), "response_format.json_object.mentions_json@/messages"},
    {BOTH, JSON_MODE({"role": "user", "content": "js on"}), "response_format.json_object.mentions_json@/messages"},
    {BOTH, JSON_MODE({"role": "user", "content": "Hi", "name": "json"}), "response_format.json_object.mentions_json@/messages"},
    {BOTH, "{\"model\": \"m\", \"response_format\": {\"type\": \"json_object\"}, "
           "\"messages\": [{\"role\": \"user\", \"content\": \"\\u006aSO\\u004e\"}]}", ""},
    {BOTH, BODY("response_format": {"type": "text"}), ""},
    {BOTH, BODY("response_format": "json_object"), "response_format.type@/response_format"},
    {BOTH, BODY("response_format": {"type": "json"}), "response_format.type_member.enum@/response_format/type"},
    {BOTH, BODY("response_format": {}), "response_format.type_member.required@/response_format/type"},
    {BOTH, BODY("response_format": {"type": "json_schema"}), "response_format.json_schema.required@/response_format/json_schema"},
    {BOTH, BODY("response_format": {"type": "text", "json_schema": {"name": "a"}}),
     "response_format.json_schema.only_with_type@/response_format/json_schema"},
    {BOTH, SCHEMA({"name": "a", "schema": {"type": "object"}, "strict": null}), ""},
    {BOTH, SCHEMA({"schema": {}}), "response_format.json_schema.name.required@/response_format/json_schema/name"},
    {BOTH, SCHEMA({"name": "math answer", "schema": {}}), "response_format.json_schema.name.pattern@/response_format/json_schema/name"},
    {BOTH, SCHEMA({"name": "a"}), "response_format.json_schema.schema.expected@/response_format/json_schema/schema"},
    {BOTH, SCHEMA({"name": "a", "schema": "object"}), "response_format.json_schema.schema.type@/response_format/json_schema/schema"},
    {BOTH, SCHEMA({"name": "a", "schema": {}, "strict": "yes"}),
     "response_format.json_schema.strict.type@/response_format/json_schema/strict"},
};

START_TEST(forms_of_the_answer) { expect_vector(&formats[_i]); }
END_TEST

/* --- real requests */

enum { WARNED_MAX = 64 };

struct traffic {
    struct cc_checker *checker;
    size_t requests;
    struct {
        const struct cc_rule *rule;
        size_t requests;
    } warned[WARNED_MAX];
};

static void count_warning(struct traffic *t, const struct cc_rule *rule)
{
    size_t i = 0;
    while (i < WARNED_MAX - 1 && t->warned[i].rule && t->warned[i].rule != rule) i++;
    t->warned[i].rule = rule;
    t->warned[i].requests++;
}

static void judge_recorded(void *context, const struct recorded *recorded)
{
    struct traffic *t = context;
    struct json_object *line = recorded->exchange;
    const char *host = json_object_get_string(json_object_object_get(line, "host"));
    struct json_object *request = json_object_object_get(line, "request");
    int status = json_object_get_int(json_object_object_get(line, "status"));
    if (strcmp(host, "api.openai.com") != 0 || status != 200 || !json_object_is_type(request, json_type_object)) return;
    const struct cc_report *report = cc_check_object(t->checker, CC_REQUEST, request);
    ck_assert_ptr_nonnull(report);
    t->requests++;
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        ck_assert_msg(f->severity != CC_ERROR, "%s: %s %s %s", json_object_get_string(json_object_object_get(line, "id")), f->rule->id,
                      f->pointer, f->message);
        bool again = false;
        for (size_t j = 0; j < i; j++) again |= report->findings[j].rule == f->rule;
        if (f->severity == CC_WARNING && !again) count_warning(t, f->rule);
    }
}

START_TEST(recorded_requests)
{
    struct traffic traffic = {.checker = cc_checker_new(NULL)};
    if (!each_recorded(judge_recorded, &traffic)) {
        cc_checker_free(traffic.checker);
        return;
    }
    ck_assert_uint_ge(traffic.requests, 268);
    for (size_t i = 0; i < WARNED_MAX && traffic.warned[i].rule; i++)
        ck_assert_msg(traffic.warned[i].requests * 10 <= traffic.requests, "%s warns of %zu of %zu requests", traffic.warned[i].rule->id,
                      traffic.warned[i].requests, traffic.requests);
    cc_checker_free(traffic.checker);
}
END_TEST

static Suite *request_suite(void)
{
    Suite *suite = suite_create("request");
    TCase *derived = tcase_create("derived"), *made = tcase_create("hand-made"), *real = tcase_create("real");
    tcase_add_test(derived, derived_documents);
    tcase_add_test(derived, every_promise_can_be_broken);
    tcase_add_loop_test(made, members_of_the_body, 0, COUNT(members));
    tcase_add_loop_test(made, tools_and_choices, 0, COUNT(tools));
    tcase_add_loop_test(made, content_parts, 0, COUNT(parts));
    tcase_add_loop_test(made, forms_of_the_answer, 0, COUNT(formats));
    tcase_add_test(real, recorded_requests);
    suite_add_tcase(suite, derived);
    suite_add_tcase(suite, made);
    suite_add_tcase(suite, real);
    return suite;
}

TEST_MAIN(request_suite)
