/* test_pages.c: pages of stored completions, and of the messages of one. */
#include "tests/answering.h"

#define STORED_WITH(id_, created_, more) \
    "{\"id\": \"" id_ "\", \"object\": \"chat.completion\", \"created\": " #created_ ", \"model\": \"m\", " \
    "\"choices\": [{\"index\": 0, \"message\": {\"role\": \"assistant\", \"content\": \"4\", \"refusal\": null" more "}, " \
    "\"logprobs\": null, \"finish_reason\": \"stop\"}], " \
    "\"usage\": {\"prompt_tokens\": 9, \"completion_tokens\": 9, \"total_tokens\": 18}}"
#define STORED(id_, created_) STORED_WITH(id_, created_, "")
#define PAGE(first, last, ...) "{\"data\": [" __VA_ARGS__ "], \"first_id\": " first ", \"last_id\": " last "}"
#define A "\"chatcmpl-1\""
#define B "\"chatcmpl-2\""
#define C "\"chatcmpl-3\""

static const char a_page[] = J({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false});

static const struct vector completions[] = {
    {"", J({}), ""},
    {"", J({"first_id": "", "last_id": ""}), ""},
    {"", J({"object": "chat.completion"}), "list.object.const"},
    {"", J({"data": {}}), "list.data.type"},
    {"", J({"data": ["chatcmpl-1"]}), "list.data.item.type"},
    {"", J({"first_id": 1}), "list.first_id.type"},
    {"", J({"last_id": 1}), "list.last_id.type"},
    {"", J({"has_more": "false"}), "list.has_more.type"},
    {"", J({"has_more": true}), "list.has_more.empty"},
    {"", J({"total": 0}), "list.unknown_member"},
    {"", PAGE(A, A, STORED("chatcmpl-1", 5)), ""},
    {"", PAGE(B, A, STORED("chatcmpl-1", 5)), "list.first_id.matches"},
    {"", PAGE(A, B, STORED("chatcmpl-1", 5)), "list.last_id.matches"},
    {"", PAGE(A, B, STORED("chatcmpl-1", 5) ", " STORED("chatcmpl-2", 5)), ""},
    {"", PAGE("null", B, STORED("chatcmpl-1", 5) ", " STORED("chatcmpl-2", 5)), "list.first_id.matches"},
    {"", PAGE(A, A, STORED("chatcmpl-1", 5) ", " STORED("chatcmpl-1", 5)), "list.data.id.unique"},
    {"", PAGE(A, C, STORED("chatcmpl-1", 5) ", " STORED("chatcmpl-2", 6) ", " STORED("chatcmpl-3", 7)), ""},
    {"", PAGE(A, C, STORED("chatcmpl-1", 7) ", " STORED("chatcmpl-2", 6) ", " STORED("chatcmpl-3", 6)), ""},
    {"", PAGE(A, C, STORED("chatcmpl-1", 6) ", " STORED("chatcmpl-2", 7) ", " STORED("chatcmpl-3", 5)), "list.data.order"},
    /* What the official example shows beside its own schema is tolerated and told. */
    {"", PAGE(A, A, STORED_WITH("chatcmpl-1", 5, ", \"tool_calls\": null")), "response.choices.message.tool_calls.null_or_empty"},
    {"", PAGE(A, A, STORED_WITH("chatcmpl-1", 5, ", \"function_call\": null")), "response.choices.message.function_call.null"},
};

START_TEST(completion_page)
{
    check_vector(CC_OPENAI, CC_LIST, a_page, &completions[_i]);
}
END_TEST

#define MESSAGE_WITH(id_, more) "{\"id\": \"" id_ "\", \"role\": \"user\", \"content\": null, \"refusal\": null" more "}"
#define MESSAGE(id_) MESSAGE_WITH(id_, "")
#define M0 "\"chatcmpl-1-0\""
#define M1 "\"chatcmpl-1-1\""
#define ONE(more) PAGE(M0, M0, MESSAGE_WITH("chatcmpl-1-0", ", " more))

static const struct vector messages[] = {
    {"", J({}), ""},
    {"", J({"object": "page"}), "message_list.object.const"},
    {"", J({"has_more": true}), "message_list.has_more.empty"},
    {"", PAGE(M0, M1, MESSAGE("chatcmpl-1-0") ", " MESSAGE("chatcmpl-1-1")), ""},
    {"", PAGE(M0, "\"chatcmpl-2-1\"", MESSAGE("chatcmpl-1-0") ", " MESSAGE("chatcmpl-2-1")), "message_list.data.same_completion"},
    {"", PAGE(M0, M0, MESSAGE("chatcmpl-1-0") ", " MESSAGE("chatcmpl-1-0")), "message_list.data.id.unique"},
    {"", PAGE(M1, M0, MESSAGE("chatcmpl-1-0")), "message_list.first_id.matches"},
    {"", PAGE("\"\"", "\"\"", MESSAGE("")), "message_list.data.id.non_empty"},
    {"", ONE("\"name\": 1"), "message_list.data.name.type"},
    {"", ONE("\"name\": null, \"tool_call_id\": \"call_1\""), ""},
    {"", ONE("\"tool_call_id\": 1"), "message_list.data.tool_call_id"},
    {"", ONE("\"tool_calls\": null, \"function_call\": null, \"audio\": null, \"annotations\": [], \"content_parts\": null"), ""},
    {"", ONE("\"tool_calls\": [{\"id\": \"call_1\"}]"), "response.choices.message.tool_calls.type_member.required"},
    {"", ONE("\"function_call\": {\"name\": \"f\"}"), "response.choices.message.function_call.arguments.required"},
    {"", ONE("\"content_parts\": [{\"type\": \"text\", \"text\": \"4\"}]"), ""},
    {"", ONE("\"content_parts\": [{\"type\": \"file\", \"file\": {\"file_id\": \"file-1\"}}]"), "message_list.data.content_parts.item_types"},
    {"", ONE("\"content_parts\": [{\"type\": \"text\"}]"), "request.content_part.text.required"},
};

START_TEST(message_page)
{
    check_vector(CC_OPENAI, CC_MESSAGE_LIST, a_page, &messages[_i]);
}
END_TEST

START_TEST(message_page_roles)
{
    static const char *const roles[] = {"developer", "system", "user", "assistant", "tool", "function", "bot", NULL};
    for (const char *const *role = roles; *role; role++) {
        char members[512];
        snprintf(members, sizeof members,
                 "{\"data\": [{\"id\": \"chatcmpl-1-0\", \"role\": \"%s\", \"content\": \"4\", \"refusal\": null}], "
                 "\"first_id\": \"chatcmpl-1-0\", \"last_id\": \"chatcmpl-1-0\"}", *role);
        struct vector v = {"", members, strcmp(*role, "bot") == 0 ? "message_list.data.role.enum" : ""};
        check_vector(CC_OPENAI, CC_MESSAGE_LIST, a_page, &v);
    }
}
END_TEST

START_TEST(page_that_is_no_object)
{
    check_text(CC_OPENAI, CC_LIST, J([]), "list.body.type");
    check_text(CC_OPENAI, CC_MESSAGE_LIST, J("list"), "message_list.body.type");
}
END_TEST

START_TEST(derived_cases_give_their_finding)
{
    static const char *const prefixes[] = {"list.", "message_list.", NULL};
    check_derived(prefixes, 200);
}
END_TEST

static Suite *pages_suite(void)
{
    Suite *suite = suite_create("pages");
    TCase *tests = tcase_create("pages");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, completion_page, 0, COUNT(completions));
    tcase_add_loop_test(tests, message_page, 0, COUNT(messages));
    tcase_add_test(tests, message_page_roles);
    tcase_add_test(tests, page_that_is_no_object);
    tcase_add_test(tests, derived_cases_give_their_finding);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(pages_suite)
