/* test_conversation.c: what the messages of a request promise each other: calls and their answers, who speaks, and what each role
 * carries. */
#include "tests/requesting.h"

enum { BOTH = CC_OPENAI | CC_NEWAPI };

/* --- calls and answers */

static const struct vector calls[] = {
    {BOTH, TALK(U), ""},
    {BOTH, TALK(U, A(C("a")), R("a")), ""},
    {BOTH, TALK(U, A(C("a"), C("b")), R("b"), R("a"), U), ""},
    {BOTH, TALK(U, A(C("a")), R("a"), A(C("b")), R("b"), {"role": "assistant", "content": "Done."}, U), ""},
    /* the same id, once with escapes */
    {BOTH, "{\"model\": \"m\", \"messages\": [{\"role\": \"\\u0075ser\", \"content\": \"Hi\"}, "
           "{\"role\": \"assistant\", \"tool_calls\": [{\"id\": \"call_\\u0031\", \"type\": \"function\", "
           "\"function\": {\"name\": \"f\", \"arguments\": \"{}\"}}]}, "
           "{\"role\": \"too\\u006c\", \"tool_call_id\": \"call_1\", \"content\": \"ok\"}]}", ""},

    {BOTH, TALK(U, R("a")), "messages.tool.sequence.preceded@/messages/1"},
    {BOTH, TALK(R("a"), U), "messages.tool.sequence.preceded@/messages/0"},
    {BOTH, TALK(U, {"role": "assistant", "content": "Hm."}, R("a")), "messages.tool.sequence.preceded@/messages/2"},
    {BOTH, TALK(U, A(C("a")), R("a"), U, R("a")), "messages.tool.sequence.preceded@/messages/4"},
    {BOTH, TALK(U, A(C("a")), R("a"), {"role": "system", "content": "Go on."}, R("a")), "messages.tool.sequence.preceded@/messages/4"},

    {BOTH, TALK(U, A(C("a")), R("b")), "messages.tool.sequence.id_known@/messages/2/tool_call_id"},
    {BOTH, TALK(U, A(C("a")), R("a"), A(C("b")), R("a")), "messages.tool.sequence.id_known@/messages/4/tool_call_id"},
    {BOTH, TALK(U, A(C("a"), C("b")), R("a"), R("A")), "messages.tool.sequence.id_known@/messages/3/tool_call_id"},

    {BOTH, TALK(U, A(C("a")), R("a"), R("a")), "messages.tool.sequence.answered_once@/messages/3/tool_call_id"},
    {BOTH, TALK(U, A(C("a"), C("b")), R("a"), R("a")), "messages.tool.sequence.answered_once@/messages/3/tool_call_id"},
    {BOTH, TALK(U, A(C("a"), C("b")), R("a"), R("b"), R("a")), "messages.tool.sequence.answered_once@/messages/4/tool_call_id"},

    {BOTH, TALK(U, A(C("a"))), "messages.assistant.sequence.all_answered@/messages/1/tool_calls/0/id"},
    {BOTH, TALK(U, A(C("a")), U), "messages.assistant.sequence.all_answered@/messages/1/tool_calls/0/id"},
    {BOTH, TALK(U, A(C("a"), C("b")), R("a")), "messages.assistant.sequence.all_answered@/messages/1/tool_calls/1/id"},
    {BOTH, TALK(U, A(C("a"), C("b")), R("a"), U, {"role": "assistant", "content": "Hm."}),
     "messages.assistant.sequence.all_answered@/messages/1/tool_calls/1/id"},
    {BOTH, TALK(U, A(C("a")), A(C("b")), R("b")), "messages.assistant.sequence.all_answered@/messages/1/tool_calls/0/id"},
    /* a wrong answer stands for one that is missing; below, two more were forgotten */
    {BOTH, TALK(U, A(C("a"), C("b"), C("c")), R("a"), R("b"), R("x")), "messages.tool.sequence.id_known@/messages/4/tool_call_id"},
    {BOTH, TALK(U, A(C("a"), C("b"), C("c")), R("x")),
     "messages.assistant.sequence.all_answered@/messages/1/tool_calls/0/id messages.tool.sequence.id_known@/messages/2/tool_call_id"},

    {BOTH, TALK(U, A(C("a"), C("a")), R("a")), "messages.assistant.tool_calls.id.unique@/messages/1/tool_calls/1/id"},
    {BOTH, TALK(U, A(C("a")), R("a"), A(C("a")), R("a")),
     "messages.assistant.tool_calls.id.unique_conversation@/messages/3/tool_calls/0/id"},

    /* a faulty id or role is one finding, and nothing is concluded from it */
    {BOTH, TALK(U, A(C("a")), {"role": "tool", "tool_call_id": 7, "content": "ok"}),
     "messages.tool.tool_call_id.type@/messages/2/tool_call_id"},
    {BOTH, TALK(U, A(C("a")), {"role": "tool", "tool_call_id": "", "content": "ok"}),
     "messages.tool.tool_call_id.type@/messages/2/tool_call_id"},
    {BOTH, TALK(U, A(C("a")), {"role": "tool", "content": "ok"}), "messages.tool.tool_call_id.required@/messages/2/tool_call_id"},
    {BOTH, TALK(U, A(C("a")), {"role": "tol", "tool_call_id": "a", "content": "ok"}), "messages.role.enum@/messages/2/role"},
    {BOTH, TALK(U, A(C("a")), {"role": "tool", "tool_call_id": "a", "content": null}),
     "messages.tool.content.required@/messages/2/content"},
    {BOTH, TALK(U, A(C(""))), "messages.assistant.tool_calls.id.type@/messages/1/tool_calls/0/id"},
    {BOTH, TALK(U, A(7)), "messages.assistant.tool_calls.item.type@/messages/1/tool_calls/0"},
};

START_TEST(calls_and_answers) { expect_vector(&calls[_i]); }
END_TEST

/* --- who speaks */

#define F(name_) {"role": "function", "name": name_, "content": "ok"}
#define B(name_) {"role": "assistant", "function_call": {"name": name_, "arguments": "{}"}}

static const struct vector speakers[] = {
    {BOTH, TALK({"role": "developer", "content": "a"}, U, {"role": "developer", "content": "b"}), ""},
    {BOTH, TALK({"role": "system", "content": "a"}, U, {"role": "system", "content": "b"}), ""},
    {BOTH, TALK({"role": "system", "content": "a"}, U, {"role": "developer", "content": "b"}),
     "messages.developer_system_mix@/messages/2/role"},
    {BOTH, TALK({"role": "system", "content": "a"}), "messages.has_input@/messages"},
    {BOTH, TALK({"role": "developer", "content": "a"}, {"role": "assistant", "content": "b"}), "messages.has_input@/messages"},
    {BOTH, TALK(U, B("f"), F("f")), ""},
    {BOTH, TALK(U, B("f"), F("g")), "messages.function.sequence@/messages/2"},
    {BOTH, TALK(U, B("f"), U, F("f")), "messages.function.sequence@/messages/3"},
    {BOTH, TALK(U, F("f")), "messages.function.sequence@/messages/1"},
    {BOTH, TALK({"content": "Hi"}), "messages.role.required@/messages/0/role"},
    {BOTH, TALK({"role": null, "content": "Hi"}), "messages.role.required@/messages/0/role"},
    {BOTH, TALK({"role": 1, "content": "Hi"}), "messages.role.type@/messages/0/role"},
    {BOTH, TALK({"role": "User", "content": "Hi"}), "messages.role.enum@/messages/0/role"},
    {BOTH, TALK("Hi"), "messages.item.type@/messages/0"},
};

START_TEST(who_speaks) { expect_vector(&speakers[_i]); }
END_TEST

/* --- what each role carries */

#define SAID(...) {"role": "assistant", __VA_ARGS__}
#define TOLD(...) {"role": "user", "content": [__VA_ARGS__]}
#define CALLED(...) {"role": "assistant", "tool_calls": [{"id": "a", __VA_ARGS__}]}

static const struct vector roles[] = {
    {BOTH, TALK(U, SAID("content": null)), "messages.assistant.content.required_unless@/messages/1"},
    {BOTH, TALK(U, {"role": "assistant"}), "messages.assistant.content.required_unless@/messages/1"},
    {CC_OPENAI, TALK(U, SAID("refusal": "No.")), ""},
    {CC_OPENAI, TALK(U, SAID("audio": {"id": "audio_1"})), ""},
    {CC_NEWAPI, TALK(U, SAID("refusal": "No.")), "messages.assistant.content.required_unless_strict@/messages/1/content"},
    {CC_NEWAPI, TALK(U, SAID("audio": {"id": "audio_1"}, "content": null)),
     "messages.assistant.content.required_unless_strict@/messages/1/content"},
    {BOTH, TALK(U, SAID("audio": {})), "messages.assistant.audio.id.required@/messages/1/audio/id"},
    {BOTH, TALK(U, SAID("audio": {"id": ""})), "messages.assistant.audio.id.required@/messages/1/audio/id"},
    {BOTH, TALK(U, SAID("content": "x", "refusal": null, "audio": null, "function_call": null)), ""},
    {BOTH, TALK(U, SAID("content": "x", "tool_calls": null)), "messages.assistant.tool_calls.not_null@/messages/1/tool_calls"},
    {CC_OPENAI, TALK(U, SAID("content": "x", "tool_calls": [])), "messages.assistant.tool_calls.min_items@/messages/1/tool_calls"},
    {CC_NEWAPI, TALK(U, SAID("content": "x", "tool_calls": [])), ""},
    {BOTH, TALK(U, SAID("content": "", "tool_calls": [C("a")]), R("a")), ""},
    {BOTH, TALK(U, SAID("content": "")), "messages.content.non_blank@/messages/1/content"},
    {BOTH, TALK({"role": "user", "content": ""}), "messages.content.non_blank@/messages/0/content"},
    {BOTH, TALK({"role": "user", "content": " \n\t "}), "messages.content.non_blank@/messages/0/content"},
    {BOTH, TALK({"role": "user", "content": " \n x"}), ""},
    {BOTH, TALK(TOLD({"type": "text", "text": "a"}, {"type": "text", "text": " "})),
     "messages.content.non_blank@/messages/0/content/1/text"},
    {BOTH, TALK(TOLD()), "messages.user.content.min_items@/messages/0/content"},
    {BOTH, TALK(TOLD("Hi")), "content_part.type_object@/messages/0/content/0"},
    {BOTH, TALK(TOLD({"text": "Hi"})), "content_part.type.required@/messages/0/content/0/type"},
    {BOTH, TALK(TOLD({"type": 1})), "content_part.type.string@/messages/0/content/0/type"},
    {BOTH, TALK(TOLD({"type": "input_text", "text": "Hi"})), "content_part.type.enum@/messages/0/content/0/type"},
    {BOTH, TALK(TOLD({"type": "refusal", "refusal": "No."})), "messages.user.content.part_types@/messages/0/content/0/type"},
    {BOTH, TALK(TOLD({"type": "text", "text": "Hi", "image_url": {"url": "https://a/b.png"}})),
     "content_part.member_matches_type@/messages/0/content/0/image_url"},
    {BOTH, TALK(U, SAID("content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}])), ""},
    {BOTH, TALK(U, SAID("content": [{"type": "refusal", "refusal": "No."}])), ""},
    {BOTH, TALK(U, SAID("content": [{"type": "refusal", "refusal": "No."}, {"type": "refusal", "refusal": "No!"}])),
     "messages.assistant.content.refusal_alone@/messages/1/content/0"},
    {BOTH, TALK(U, SAID("content": [{"type": "text", "text": "a"}, {"type": "refusal", "refusal": "No."}])),
     "messages.assistant.content.refusal_alone@/messages/1/content/1"},
    {BOTH, TALK({"role": "developer", "content": [{"type": "image_url", "image_url": {"url": "https://a/b.png"}}]}, U),
     "messages.developer.content.part_types@/messages/0/content/0/type"},
    {BOTH, TALK(U, A(C("a")), {"role": "tool", "tool_call_id": "a", "content": {"t": 20}}),
     "messages.tool.content.type@/messages/2/content"},
    {BOTH, TALK(U, A(C("a")), {"role": "tool", "tool_call_id": "a", "content": [{"type": "text", "text": "ok"}]}), ""},
    {BOTH, TALK(U, B("f"), {"role": "function", "name": "f", "content": null}), ""},
    {BOTH, TALK(U, B("f"), {"role": "function", "name": "f"}), "messages.function.content.required@/messages/2/content"},

    /* calls of the history */
    {CC_OPENAI, TALK(U, CALLED("type": "custom", "custom": {"name": "t", "input": "x"}), R("a")), ""},
    {CC_OPENAI, TALK(U, CALLED("type": "custom", "custom": {"name": "t"}), R("a")),
     "messages.assistant.tool_calls.custom.required@/messages/1/tool_calls/0/custom/input"},
    {CC_NEWAPI, TALK(U, CALLED("type": "custom", "custom": {"name": "t", "input": "x"}), R("a")),
     "messages.assistant.tool_calls.type.enum.newapi@/messages/1/tool_calls/0/type"},
    {CC_OPENAI, TALK(U, CALLED("type": "retrieval"), R("a")),
     "messages.assistant.tool_calls.type.enum.openai@/messages/1/tool_calls/0/type"},
    {BOTH, TALK(U, CALLED("function": {"name": "f", "arguments": "{}"}), R("a")),
     "messages.assistant.tool_calls.type.required@/messages/1/tool_calls/0/type"},
    {BOTH, TALK(U, CALLED("type": "function"), R("a")),
     "messages.assistant.tool_calls.function.required@/messages/1/tool_calls/0/function"},
    {BOTH, TALK(U, CALLED("type": "function", "function": {"name": "f"}), R("a")),
     "messages.assistant.tool_calls.function.arguments.required@/messages/1/tool_calls/0/function/arguments"},
    {BOTH, TALK(U, CALLED("type": "function", "function": {"name": "f", "arguments": {"a": 1}}), R("a")),
     "messages.assistant.tool_calls.function.arguments.type@/messages/1/tool_calls/0/function/arguments"},
    {BOTH, TALK(U, CALLED("type": "function", "function": {"name": "f", "arguments": "{"}), R("a")),
     "messages.assistant.tool_calls.function.arguments.json@/messages/1/tool_calls/0/function/arguments"},
    {BOTH, TALK(U, CALLED("type": "function", "function": {"name": "f", "arguments": "[]"}), R("a")),
     "messages.assistant.tool_calls.function.arguments.json@/messages/1/tool_calls/0/function/arguments"},
    {BOTH, TALK(U, CALLED("type": "function", "function": {"name": "f", "arguments": "{\"a\": \"\\u00e9\"}"}), R("a")), ""},
    {BOTH, TALK(U, CALLED("type": "function", "function": {"name": "get weather", "arguments": "{}"}), R("a")),
     "messages.assistant.tool_calls.function.name.pattern@/messages/1/tool_calls/0/function/name"},
    {BOTH, TALK(U, CALLED("type": "function", "function": {"name": "", "arguments": "{}"}), R("a")),
     "messages.assistant.tool_calls.function.name.non_empty@/messages/1/tool_calls/0/function/name"},
    {BOTH, TALK(U, {"role": "assistant", "function_call": {"name": "f", "arguments": {}}}),
     "messages.assistant.function_call.arguments.required@/messages/1/function_call/arguments"},

    /* names of participants */
    {BOTH, TALK({"role": "user", "content": "Hi", "name": "agent_1"}), ""},
    {BOTH, TALK({"role": "user", "content": "Hi", "name": "agent.one"}), "messages.name.pattern.legacy@/messages/0/name"},
    {CC_OPENAI, TALK({"role": "user", "content": "Hi", "name": "Agent One"}), "messages.name.pattern.current@/messages/0/name"},
    {CC_NEWAPI, TALK({"role": "user", "content": "Hi", "name": "Agent One"}), "messages.name.pattern.legacy@/messages/0/name"},
    {CC_OPENAI, TALK({"role": "system", "content": "Hi", "name": "a<b"}, U), "messages.name.pattern.current@/messages/0/name"},
    {CC_OPENAI, TALK(U, SAID("content": "Hi", "name": "a|b")), "messages.name.pattern.current@/messages/1/name"},
    {BOTH, TALK({"role": "user", "content": "Hi", "name": ""}), "messages.name.max_length@/messages/0/name"},

    /* members of other roles */
    {BOTH, TALK({"role": "user", "content": "Hi", "tool_call_id": "a"}), "messages.foreign_members@/messages/0/tool_call_id"},
    {BOTH, TALK(U, A(C("a")), {"role": "tool", "tool_call_id": "a", "content": "ok", "name": "f"}),
     "messages.foreign_members@/messages/2/name"},
};

START_TEST(what_roles_carry) { expect_vector(&roles[_i]); }
END_TEST

/* --- tools that are declared no more */

/* The name of the one declared tool, then the messages. */
#define DECLARED(name_, ...) DECLARED_(name_, __VA_ARGS__)
#define DECLARED_(name_, ...) \
    "{\"model\": \"m\", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"" name_ "\"}}], \"messages\": [" #__VA_ARGS__ "]}"

static const struct vector declared[] = {
    {BOTH, DECLARED("f", U, A(C("a")), R("a")), ""},
    {BOTH, DECLARED("g", U, A(C("a")), R("a")),
     "messages.assistant.tool_calls.known_tool@/messages/1/tool_calls/0/function/name"},
};

START_TEST(past_calls_name_declared_tools) { expect_vector(&declared[_i]); }
END_TEST

/* --- long conversations */

/* `rounds` times: `calls` calls, answered in order, then what the model says; # is replaced by the number of the call. */
static void grow_rounds(struct growing *g, size_t rounds, size_t calls_each)
{
    char id[64], piece[256];
    for (size_t r = 0; r < rounds; r++) {
        grow_text(g, ",{\"role\":\"assistant\",\"tool_calls\":[");
        for (size_t c = 0; c < calls_each; c++) {
            snprintf(id, sizeof id, "call_%zu_%zu", r, c);
            snprintf(piece, sizeof piece, "%s{\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}",
                     c ? "," : "", id);
            grow_text(g, piece);
        }
        grow_text(g, "]}");
        for (size_t c = calls_each; c-- > 0;) {
            snprintf(piece, sizeof piece, ",{\"role\":\"tool\",\"tool_call_id\":\"call_%zu_%zu\",\"content\":\"ok\"}", r, c);
            grow_text(g, piece);
        }
    }
}

/* Far more than anybody sends: were the time to grow with the square of the calls, this would take minutes. */
START_TEST(many_calls)
{
    struct growing body = {0};
    grow_text(&body, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}");
    grow_rounds(&body, 1, 30000);
    size_t before = body.length;
    grow_text(&body, "]}");
    expect_found(CC_NEWAPI, body.text, body.length, "");
    body.length = before;
    grow_text(&body, ",{\"role\":\"tool\",\"tool_call_id\":\"call_0_7\",\"content\":\"ok\"}]}");
    expect_found(CC_NEWAPI, body.text, body.length, "messages.tool.sequence.answered_once@/messages/30002/tool_call_id");
    free(body.text);
}
END_TEST

START_TEST(many_rounds)
{
    struct growing body = {0};
    grow_text(&body, "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}");
    grow_rounds(&body, 5000, 2);
    grow_text(&body, ",{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"call_4999_1\",\"type\":\"function\","
                     "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"
                     ",{\"role\":\"tool\",\"tool_call_id\":\"call_4999_1\",\"content\":\"ok\"}]}");
    expect_found(CC_OPENAI, body.text, body.length, "messages.assistant.tool_calls.id.unique_conversation@/messages/15001/tool_calls/0/id");
    free(body.text);
}
END_TEST

static Suite *conversation_suite(void)
{
    Suite *suite = suite_create("conversation");
    TCase *tcase = tcase_create("conversation");
    tcase_add_loop_test(tcase, calls_and_answers, 0, COUNT(calls));
    tcase_add_loop_test(tcase, who_speaks, 0, COUNT(speakers));
    tcase_add_loop_test(tcase, what_roles_carry, 0, COUNT(roles));
    tcase_add_loop_test(tcase, past_calls_name_declared_tools, 0, COUNT(declared));
    tcase_add_test(tcase, many_calls);
    tcase_add_test(tcase, many_rounds);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(conversation_suite)
