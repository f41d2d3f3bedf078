/* test_endpoint_stored.c: completions that the reference endpoint was asked to keep: listed in pages, read, changed, deleted; and the bounds
 * of what is kept. */
#include "tests/asking.h"

#include <stdio.h>
#include <stdlib.h>

static struct store *store;
static struct service keeping = {.profile = CC_OPENAI};

static void set_up(void)
{
    store = store_new();
    ck_assert_ptr_nonnull(store);
    keeping.store = store;
}

static void tear_down(void)
{
    store_free(store);
}

/* The reply to a call; `query` is JSON. The caller puts it. */
static struct json_object *call_for(const char *method, const char *path, const char *query, const char *body)
{
    struct call call = {.method = method, .path = path, .authorization = "Bearer key", .content_type = "application/json", .body = body,
                        .length = strlen(body), .query = jo_read(query)};
    struct json_object *reply = service_answer(&keeping, &call);
    json_object_put(call.query);
    return reply;
}

/* Asks for a completion that says `word` and is kept, and writes its id. */
static void keep(const char *word, const char *more, char id[64])
{
    char body[512];
    snprintf(body, sizeof body, "{" USER("Say %s") ",\"store\":true%s}", word, more);
    struct json_object *reply = post(&keeping, body);
    ck_assert_int_eq(status_of(reply), 200);
    snprintf(id, 64, "%s", jo_text(jo_path(reply, "body", "id", NULL)));
    json_object_put(reply);
}

/* The page that the call answers with; the library must have nothing to say about it. */
static struct json_object *page(const char *path, const char *query, enum cc_kind kind)
{
    struct json_object *reply = call_for("GET", path, query, ""), *body = json_object_get(jo_get(reply, "body"));
    ck_assert_msg(status_of(reply) == 200, "%s: %s", query, json_object_to_json_string(reply));
    size_t length;
    const char *text = jo_write(body, &length);
    struct cc_checker *checker = cc_checker_new(NULL);
    const struct cc_report *report = cc_check(checker, kind, text, length);
    for (size_t i = 0; i < report->count; i++) /* a member that is deprecated is the only thing to say */
        ck_assert_msg(strstr(report->findings[i].rule->id, ".deprecated") != NULL, "%s", report->findings[i].message);
    cc_checker_free(checker);
    json_object_put(reply);
    return body;
}

static size_t listed(const char *query)
{
    struct json_object *body = page("/v1/chat/completions", query, CC_LIST);
    size_t count = jo_length(jo_get(body, "data"));
    json_object_put(body);
    return count;
}

static void expect_status(const char *method, const char *path, const char *query, const char *body, int status, const char *param)
{
    struct json_object *reply = call_for(method, path, query, body);
    ck_assert_msg(status_of(reply) == status, "%s %s %s: %s", method, path, query, json_object_to_json_string(reply));
    if (param)
        ck_assert_str_eq(jo_text(jo_path(reply, "body", "error", "param", NULL)), param);
    json_object_put(reply);
}

START_TEST(only_what_is_asked_for_is_kept)
{
    char id[64], path[128];
    struct json_object *reply = post(&keeping, "{" USER("Say no") "}");
    json_object_put(reply);
    ck_assert_uint_eq(listed("{}"), 0);
    keep("yes", "", id);
    keep("yes", "", id); /* the same request again is the same completion */
    ck_assert_uint_eq(listed("{}"), 1);
    snprintf(path, sizeof path, "/v1/chat/completions/%s", id);
    reply = call_for("GET", path, "{}", "");
    ck_assert_str_eq(jo_text(jo_path(reply, "body", "id", NULL)), id);
    json_object_put(reply);
    expect_status("GET", "/v1/chat/completions/chatcmpl-other", "{}", "", 404, NULL);
    reply = post(&honest, "{" USER("Say no") ",\"store\":true}"); /* without a store */
    ck_assert_int_eq(status_of(reply), 200);
    json_object_put(reply);
}
END_TEST

START_TEST(a_stream_is_kept_too)
{
    char id[64];
    struct json_object *reply = post(&keeping, "{" USER("Say it") ",\"store\":true,\"stream\":true}");
    snprintf(id, sizeof id, "%s", jo_text(jo_get(jo_item(jo_get(reply, "events"), 0), "id")));
    json_object_put(reply);
    struct json_object *kept = store_find(store, id);
    ck_assert_str_eq(jo_text(jo_get(kept, "object")), "chat.completion");
    json_object_put(kept);
}
END_TEST

START_TEST(pages_follow_each_other)
{
    char id[64], query[128], last[64] = "";
    for (int i = 0; i < 25; i++) {
        char word[16];
        snprintf(word, sizeof word, "w%d", i);
        keep(word, "", id);
    }
    ck_assert_uint_eq(listed("{}"), 20);
    ck_assert_uint_eq(listed("{\"limit\":\"100\"}"), 25);
    for (int order = 0; order < 2; order++) {
        size_t seen = 0;
        bool more = true;
        for (last[0] = '\0'; more; ) {
            snprintf(query, sizeof query, "{\"limit\":\"10\",\"order\":\"%s\"%s%s%s}", order ? "desc" : "asc",
                     *last ? ",\"after\":\"" : "", last, *last ? "\"" : "");
            struct json_object *body = page("/v1/chat/completions", query, CC_LIST);
            seen += jo_length(jo_get(body, "data"));
            more = jo_true(jo_get(body, "has_more"));
            snprintf(last, sizeof last, "%s", jo_text(jo_get(body, "last_id")));
            json_object_put(body);
            ck_assert_uint_le(seen, 25);
        }
        ck_assert_uint_eq(seen, 25);
    }
}
END_TEST

START_TEST(lists_are_filtered)
{
    char id[64];
    keep("one", ",\"metadata\":{\"k\":\"a\",\"l\":\"b\"}", id);
    keep("two", ",\"metadata\":{\"k\":\"b\"}", id);
    keep("three", "", id);
    ck_assert_uint_eq(listed("{\"metadata[k]\":\"a\"}"), 1);
    ck_assert_uint_eq(listed("{\"metadata[k]\":\"a\",\"metadata[l]\":\"a\"}"), 0);
    ck_assert_uint_eq(listed("{\"metadata[m]\":\"\"}"), 0);
    ck_assert_uint_eq(listed("{\"model\":\"reference\"}"), 3);
    ck_assert_uint_eq(listed("{\"model\":\"other\"}"), 0);
    ck_assert_uint_eq(listed("{\"unknown\":\"other\"}"), 3);
}
END_TEST

START_TEST(wrong_parameters_are_refused)
{
    static const char *const limits[] = {"0", "101", "-1", "ten", "", "1e1", "99999999999999999999"};
    char query[64];
    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        snprintf(query, sizeof query, "{\"limit\":\"%s\"}", limits[i]);
        expect_status("GET", "/v1/chat/completions", query, "", 400, "limit");
    }
    expect_status("GET", "/v1/chat/completions", "{\"order\":\"newest\"}", "", 400, "order");
    expect_status("GET", "/v1/chat/completions", "{\"after\":\"chatcmpl-x\"}", "", 400, "after");
    expect_status("PUT", "/v1/chat/completions/chatcmpl-x", "{}", "", 405, NULL);
    expect_status("POST", "/v1/chat/completions/chatcmpl-x/messages", "{}", "", 405, NULL);
    expect_status("GET", "/v1/chat/completions/chatcmpl-x/other", "{}", "", 404, NULL);
    expect_status("GET", "/v1/chat/completions/", "{}", "", 404, NULL);
    expect_status("GET", "/v1/chat/completions//messages", "{}", "", 404, NULL);
    expect_status("GET", "/v1/chat/completions/0123456789012345678901234567890123456789012345678901234567890123", "{}", "", 404, NULL);
}
END_TEST

START_TEST(metadata_can_be_changed_and_nothing_else)
{
    char id[64], path[128];
    keep("one", ",\"metadata\":{\"k\":\"a\"}", id);
    snprintf(path, sizeof path, "/v1/chat/completions/%s", id);
    expect_status("POST", path, "{}", "{\"metadata\":{\"k\":1}}", 400, "metadata.k");
    expect_status("POST", path, "{}", "{}", 400, "metadata");
    expect_status("POST", path, "{}", "{", 400, NULL);
    expect_status("POST", path, "{}", "[]", 400, NULL);
    expect_status("POST", "/v1/chat/completions/chatcmpl-x", "{}", "{\"metadata\":{\"k\":\"b\"}}", 404, NULL);
    expect_status("POST", path, "{}", "{\"metadata\":{\"k\":\"b\"}}", 200, NULL);
    ck_assert_uint_eq(listed("{\"metadata[k]\":\"b\"}"), 1);
    expect_status("DELETE", path, "{}", "", 200, NULL);
    expect_status("DELETE", path, "{}", "", 404, NULL);
    ck_assert_uint_eq(listed("{}"), 0);
}
END_TEST

START_TEST(messages_are_listed)
{
    char path[128];
    struct json_object *reply = post(&keeping, JSON({"model":"reference","store":true,"messages":[
        {"role":"system","content":"Be brief","name":"s"},
        {"role":"user","content":[{"type":"text","text":"Say hi"},{"type":"file","file":{"file_id":"f"}}]}]}));
    ck_assert_int_eq(status_of(reply), 200);
    snprintf(path, sizeof path, "/v1/chat/completions/%s/messages", jo_text(jo_path(reply, "body", "id", NULL)));
    json_object_put(reply);
    struct json_object *body = page(path, "{\"limit\":\"2\"}", CC_MESSAGE_LIST), *data = jo_get(body, "data");
    ck_assert_uint_eq(jo_length(data), 2);
    ck_assert_str_eq(jo_text(jo_get(jo_item(data, 0), "name")), "s");
    ck_assert_ptr_null(jo_get(jo_item(data, 1), "content"));
    ck_assert_uint_eq(jo_length(jo_get(jo_item(data, 1), "content_parts")), 1);
    json_object_put(body);
    expect_status("GET", "/v1/chat/completions/chatcmpl-x/messages", "{}", "", 404, NULL);
}
END_TEST

START_TEST(the_newest_are_kept)
{
    char id[64], first[64];
    keep("w", ",\"seed\":0", first);
    for (int i = 1; i < STORE_KEPT; i++) {
        char more[32];
        snprintf(more, sizeof more, ",\"seed\":%d", i);
        keep("w", more, id);
    }
    struct json_object *kept = store_find(store, first);
    ck_assert_ptr_nonnull(kept);
    json_object_put(kept);
    keep("w", ",\"seed\":-1", id);
    ck_assert_ptr_null(store_find(store, first));
    kept = store_find(store, id);
    ck_assert_ptr_nonnull(kept);
    json_object_put(kept);
    ck_assert_uint_eq(listed("{\"limit\":\"100\"}"), STORE_KEPT);
}
END_TEST

/* An answer with `length` letters in it, kept under that id. */
static void keep_large(const char *id, size_t length)
{
    char *letters = calloc(1, length + 1);
    struct json_object *request = jo_read("{\"messages\":[]}"), *answer = jo_object();
    jo_put(answer, "id", jo_string(id));
    jo_put(answer, "t", jo_string(memset(letters, 'a', length)));
    store_keep(store, request, answer);
    json_object_put(request);
    json_object_put(answer);
    free(letters);
}

START_TEST(what_is_kept_is_bounded)
{
    enum { FRAME = sizeof "{\"id\":\"a\",\"t\":\"\"}[]" - 1 }; /* bytes beside the letters */
    struct json_object *kept;
    keep_large("a", STORE_BYTES - FRAME);
    ck_assert_ptr_nonnull(kept = store_find(store, "a"));
    json_object_put(kept);
    keep_large("b", STORE_BYTES - FRAME + 1);
    ck_assert_ptr_null(store_find(store, "b"));
    ck_assert_ptr_nonnull(kept = store_find(store, "a"));
    json_object_put(kept);
    keep_large("c", 1);
    ck_assert_ptr_null(store_find(store, "a"));
    ck_assert_ptr_nonnull(kept = store_find(store, "c"));
    json_object_put(kept);
}
END_TEST

static Suite *endpoint_stored_suite(void)
{
    Suite *suite = suite_create("endpoint_stored");
    TCase *all = tcase_create("all");
    tcase_add_checked_fixture(all, set_up, tear_down);
    tcase_add_test(all, only_what_is_asked_for_is_kept);
    tcase_add_test(all, a_stream_is_kept_too);
    tcase_add_test(all, pages_follow_each_other);
    tcase_add_test(all, lists_are_filtered);
    tcase_add_test(all, wrong_parameters_are_refused);
    tcase_add_test(all, metadata_can_be_changed_and_nothing_else);
    tcase_add_test(all, messages_are_listed);
    tcase_add_test(all, the_newest_are_kept);
    tcase_add_test(all, what_is_kept_is_bounded);
    suite_add_tcase(suite, all);
    return suite;
}

TEST_MAIN(endpoint_stored_suite)
