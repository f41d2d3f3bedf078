/* test_error.c: what is found in error envelopes, and in what other servers send instead. */
#include "tests/answering.h"

static const char an_error[] = J({"error": {"message": "Invalid value.", "type": "invalid_request_error", "param": null, "code": null}});

static const struct vector envelopes[] = {
    {"", J({}), ""},
    {"", J({"error": "not found"}), "error.error.type"},
    {"", J({"error": null}), "error.error.type"},
    {"", J({"request_id": "req_1"}), "error.top_level_extra"},
    {"", J({"choices": []}), "error.no_completion_members"},
    {"", J({"usage": {}}), "error.no_completion_members"},
    {"", J({"choices": null}), ""},
    {"/error", J({"message": ""}), "error.message.non_empty"},
    {"/error", J({"message": ["m"]}), "error.message.type"},
    {"/error", J({"type": "my_error"}), "error.type.known"},
    {"/error", J({"type": "upstream_error"}), "error.type.known"},
    {"/error", J({"type": null}), "error.type.type"},
    {"/error", J({"param": "messages[0].role"}), ""},
    {"/error", J({"param": "messages.[12].content.[0].image_url"}), ""},
    {"/error", J({"param": "tools[3].function.name"}), ""},
    {"/error", J({"param": "stop"}), ""},
    {"/error", J({"param": ""}), ""},
    {"/error", J({"param": "messages: field required"}), "error.param.path"},
    {"/error", J({"param": "messages["}), "error.param.path"},
    {"/error", J({"param": "messages[]"}), "error.param.path"},
    {"/error", J({"param": "messages."}), "error.param.path"},
    {"/error", J({"param": "messages[0]role"}), "error.param.path"},
    {"/error", J({"param": ["messages"]}), "error.param.type.openai"},
    {"/error", J({"code": "invalid_value"}), ""},
    {"/error", J({"code": "my_code"}), "error.code.known"},
    {"/error", J({"code": 400}), "error.code.type.openai"},
    {"/error", J({"innererror": {}}), "error.extra_members"},
    {"/error", J({"message": "Incorrect API key provided: sk-abcd1234efgh5678ijkl."}), "error.no_secret"},
    {"/error", J({"message": "Incorrect API key provided: sk-abcd1234efgh5678ijk."}), ""},
    {"/error", J({"message": "Incorrect API key provided: sk-proj-********************wxyz."}), ""},
    {"/error", J({"message": "Incorrect API key provided: sk-proj-abcdefghijklmnopqrstuvwxyz"}), "error.no_secret"},
    {"/error", J({"message": "No model disk-optimized-for-large-languages."}), ""},
    {"/error", J({"message": "you must provide a model parameter"}), ""},
    {"/error", J({"message": "you must provide a model parameter", "param": "model"}), "error.model_missing_form"},
    {"/error", J({"message": "Missing required parameter: 'messages'."}), "error.model_missing_form"},
    {"/error", J({"message": "Missing required parameter: 'messages'.", "param": "messages", "code": "missing_required_parameter"}), ""},
};

START_TEST(envelope)
{
    check_vector(CC_OPENAI, CC_ERROR_BODY, an_error, &envelopes[_i]);
}
END_TEST

static const struct vector gateways[] = {
    {"/error", J({"type": "upstream_error"}), ""},
    {"/error", J({"type": "insufficient_quota"}), ""},
    {"/error", J({"type": "rate_limit_exceeded"}), ""},
    {"/error", J({"type": "my_error"}), "error.type.known.gateway"},
    {"/error", J({"code": 400}), ""},
    {"/error", J({"code": 400.5}), ""},
    {"/error", J({"code": {}}), "error.code.type.gateway"},
    {"/error", J({"param": []}), "error.param.type.gateway"},
};

START_TEST(envelope_under_newapi)
{
    check_vector(CC_NEWAPI, CC_ERROR_BODY, an_error, &gateways[_i]);
}
END_TEST

/* What is wrong altogether is one finding, not one for each member that is not where it should be. */
static const struct {
    const char *text, *openai, *newapi;
} others[] = {
    {J({"message": "m"}), "error.error.required error.top_level_extra", "error.error.required error.top_level_extra"},
    {J({"object": "error", "message": "m", "type": "BadRequestError", "param": null, "code": 400}), "error.legacy_flat", "error.legacy_flat"},
    {J({"detail": "Not Found"}), "error.detail_form", "error.detail_form"},
    {J({"detail": [{"loc": ["body"], "msg": "field required"}]}), "error.detail_form", "error.detail_form"},
    {J("error"), "error.body.type", "error.body.type"},
    {J([]), "error.body.type", "error.body.type"},
    {J({}), "error.error.required", "error.error.required"},
    {J({"error": {"message": "m", "type": "server_error"}}), "error.param.required error.code.required", ""},
};

START_TEST(other_forms_are_one_finding)
{
    check_text(CC_OPENAI, CC_ERROR_BODY, others[_i].text, others[_i].openai);
    check_text(CC_NEWAPI, CC_ERROR_BODY, others[_i].text, others[_i].newapi);
}
END_TEST

START_TEST(derived_cases_give_their_finding)
{
    static const char *const prefixes[] = {"error.", NULL};
    check_derived(prefixes, 100);
}
END_TEST

static Suite *error_suite(void)
{
    Suite *suite = suite_create("error");
    TCase *tests = tcase_create("envelopes");
    tcase_set_timeout(tests, 120);
    tcase_add_loop_test(tests, envelope, 0, COUNT(envelopes));
    tcase_add_loop_test(tests, envelope_under_newapi, 0, COUNT(gateways));
    tcase_add_loop_test(tests, other_forms_are_one_finding, 0, COUNT(others));
    tcase_add_test(tests, derived_cases_give_their_finding);
    suite_add_tcase(suite, tests);
    return suite;
}

TEST_MAIN(error_suite)
