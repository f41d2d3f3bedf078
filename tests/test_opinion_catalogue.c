/* test_opinion_catalogue.c: the examples of the catalogue, which was written apart from the tables. Each example is a piece of a document;
 * it is put in its place in a small correct one. A valid piece must give no error, an invalid one a finding of the stated severity there.
 * Pieces of HTTP and of event streams have a test of their own: test_opinion_wire.c. */
#include "tests/catalogue.h"

#include <stdlib.h>

#define J(...) #__VA_ARGS__

/* --- exceptions */

static const struct exception exceptions[] = {
    {"request.body.integer_lexical", "its example is 1.5, which by request.n.type is no integer at all; that 1.0 gives the warning is tested elsewhere"},
    {"request.messages.role.system.superseded", "depends on which models reason, which no table here lists"},
    {"request.messages.name.pattern.legacy", "the example breaks the current pattern too; that error is reported instead of the warning"},
    {"request.content_part.file.source_any", "under the current profile request.content_part.file.source_required says it as an error"},
    {0},
};

/* --- where a piece goes */

/* What stands around a piece: members of the document, by what the entry's id and path begin with. The first row that fits is taken. */
static const struct surroundings {
    const char *id, *path;
    size_t first; /* which item the first * is */
    const char *members;
} surroundings[] = {
    {"request.messages.role.function.deprecated", "/messages/*", 2,
     J({"messages": [{"role": "user", "content": "x"},
                     {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                     {"role": "tool", "tool_call_id": "c1", "content": "x"}]})},
    {"request.messages.assistant.content.type", "/messages/*", 1,
     J({"messages": [{"role": "user", "content": "x"},
                     {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f",
                         "arguments": "{}"}}]}]})},
    {"request.messages.developer", "/messages/*", 0, J({"messages": [{"role": "developer", "content": [{"type": "text", "text": "x"}]},
        {"role": "user", "content": "x"}]})},
    {"request.messages.system", "/messages/*", 0, J({"messages": [{"role": "system", "content": [{"type": "text", "text": "x"}]},
        {"role": "user", "content": "x"}]})},
    {"request.messages.assistant.tool_calls", "/messages/*/tool_calls", 1,
     J({"messages": [{"role": "user", "content": "x"},
                     {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f",
                         "arguments": "{}"}, "custom": {"name": "t", "input": "x"}}]}]})},
    {"request.messages.assistant", "/messages/*", 1, J({"messages": [{"role": "user", "content": "x"},
        {"role": "assistant", "content": [{"type": "text", "text": "x"}]}]})},
    {"request.messages.tool", "/messages/*", 2,
     J({"messages": [{"role": "user", "content": "x"},
                     {"role": "assistant", "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                     {"role": "tool", "tool_call_id": "c1", "content": "x"}]})},
    {"request.messages.function", "/messages/*", 2,
     J({"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "function_call": {"name": "f", "arguments": "{}"}},
                     {"role": "function", "name": "f", "content": "x"}]})},
    {"request.content_part.image_url", "/messages/*/content/*/", 0,
     J({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://a/b.png"}}]}]})},
    {"request.content_part.input_audio", "/messages/*/content/*/", 0,
     J({"messages": [{"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "SUQz", "format": "mp3"}}]}]})},
    {"request.content_part.file", "/messages/*/content/*/", 0,
     J({"messages": [{"role": "user", "content": [{"type": "file", "file": {"filename": "a.pdf",
         "file_data": "data:application/pdf;base64,JVBERi0="}}]}]})},
    {"request.content_part.refusal", "/messages/*/content/*", 1,
     J({"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": [{"type": "text", "text": "x"}]}]})},
    {"request.", "/messages/*/content/*", 0, J({"messages": [{"role": "user", "content": [{"type": "text", "text": "x"}]}]})},
    {"request.tools.custom.format.grammar.syntax", "/tools/*/", 0,
     J({"tools": [{"type": "custom", "custom": {"name": "t", "format": {"type": "grammar", "grammar": {"definition": "a",
         "syntax": "regex"}}}}]})},
    {"request.strict_schema.", "/tools/*/", 0, J({"tools": [{"type": "function", "function": {"name": "f", "strict": true}}]})},
    {"request.tools.custom", "/tools/*/", 0, J({"tools": [{"type": "custom", "custom": {"name": "t"}}]})},
    {"request.", "/tools/*/", 0, J({"tools": [{"type": "function", "function": {"name": "f"}, "custom": {"name": "t"}}]})},
    {"request.", "/functions/*/", 0, J({"functions": [{"name": "f"}]})},
    {"request.", "/tool_choice/allowed_tools", 0,
     J({"tool_choice": {"type": "allowed_tools", "allowed_tools": {"mode": "auto", "tools": [{"type": "function",
         "function": {"name": "f"}}]}}})},
    {"request.", "/tool_choice/", 0,
     J({"tool_choice": {"type": "function", "function": {"name": "f"}, "custom": {"name": "t"},
                        "allowed_tools": {"mode": "auto", "tools": [{"type": "function", "function": {"name": "f"}}]}}})},
    {"request.", "/audio/", 0, J({"audio": {"voice": "alloy", "format": "wav"}})},
    {"request.", "/prediction/", 0, J({"prediction": {"type": "content", "content": "x"}})},
    {"request.", "/moderation/", 0, J({"moderation": {"model": "m", "policy": {"input": {"mode": "score"}}}})},
    {"request.", "/web_search_options/user_location/approximate", 0,
        J({"web_search_options": {"user_location": {"type": "approximate", "approximate": {}}}})},
    {"request.", "/response_format/", 0, J({"response_format": {"type": "json_schema", "json_schema": {"name": "a",
        "schema": {"type": "object", "properties": {}, "required": [], "additionalProperties": false}}}})},
    {"request.", "", 0, "{}"},
    {"response.", "/choices/*/message/tool_calls", 0,
     J({"choices": [{"index": 0, "logprobs": null, "finish_reason": "tool_calls", "message": {"role": "assistant", "content": null,
         "refusal": null,
                     "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}}]})},
    {"response.usage.total_tokens", "/usage/", 0, J({"usage": {"prompt_tokens": 4, "completion_tokens": 5, "total_tokens": 9}})},
    {"response.", "/choices/*/logprobs/", 0,
     J({"choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "4", "refusal": null},
                     "logprobs": {"refusal": null, "content": [{"token": "4", "logprob": -1, "bytes": [52], "top_logprobs": []}]}}]})},
    {"stream.delta.tool_calls", "/choices/*/delta/tool_calls", 0,
     J({"choices": [{"index": 0, "finish_reason": null, "delta": {"tool_calls": [{"index": 0, "id": "c1", "type": "function",
         "function": {"name": "f", "arguments": ""}}]}}]})},
    {"message_list.", "/data/*", 0,
     J({"data": [{"id": "c-0", "role": "user", "content": "x", "refusal": null}], "first_id": "c-0", "last_id": "c-0"})},
    {"", "", 0, "{}"},
};

static const struct ground {
    const char *applies_to;
    enum cc_kind kind;
    const char *document;
} grounds[] = {
    {"request", CC_REQUEST, J({"model": "gpt-4o", "messages": [{"role": "user", "content": "x"}]})},
    {"response", CC_RESPONSE,
     J({"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "gpt-4o",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": "4", "refusal": null}, "logprobs": null,
            "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}})},
    {"stream", CC_CHUNK,
     J({"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1700000000, "model": "gpt-4o",
        "choices": [{"index": 0, "delta": {"role": "assistant", "content": "x"}, "logprobs": null, "finish_reason": null}]})},
    {"list", CC_LIST, J({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false})},
    {"message_list", CC_MESSAGE_LIST, J({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false})},
    {"error", CC_ERROR_BODY, J({"error": {"message": "m", "type": "server_error", "param": null, "code": null}})},
    {0},
};

static struct json_object *parse(const char *text)
{
    struct json_object *object = NULL;
    return cc_read_object(text, strlen(text), NULL, &object, NULL, 0) ? object : NULL;
}

static void lay_over(struct json_object *object, const char *members)
{
    struct json_object *over = parse(members);
    ck_assert_msg(over != NULL, "not JSON: %s", members);
    json_object_object_foreach(over, key, value)
        json_object_object_add(object, key, json_object_get(value));
    json_object_put(over);
}

static void lay_missing(struct json_object *object, const char *key, const char *members)
{
    if (!json_object_object_get(object, key)) lay_over(object, members);
}

/* The member or item of that name, made when it is not there. `more`: a container is wanted, a list when the name after it is `*`. */
static struct json_object *step_into(struct json_object *at, const char *name, size_t index, bool list)
{
    struct json_object *next;
    bool array = json_object_is_type(at, json_type_array);
    if (array) next = index < json_object_array_length(at) ? json_object_array_get_idx(at, index) : NULL;
    else next = json_object_object_get(at, name);
    if (next) return next;
    next = list ? json_object_new_array() : json_object_new_object();
    if (array) json_object_array_put_idx(at, index, next);
    else json_object_object_add(at, name, next);
    return next;
}

/* Puts a value at a path with stars; the first of them is item `first`, the others 0. `pointer` gets the real path. */
static void put_at(struct json_object *root, const char *path, size_t first, struct json_object *value, char *pointer, size_t size)
{
    struct json_object *at = root;
    *pointer = '\0';
    while (*path) {
        char name[64];
        size_t length = strcspn(path + 1, "/"), used = strlen(pointer), index = 0;
        snprintf(name, sizeof name, "%.*s", (int)length, path + 1);
        path += 1 + length;
        if (strcmp(name, "*") == 0) {
            index = first;
            first = 0;
            snprintf(name, sizeof name, json_object_is_type(at, json_type_array) ? "%zu" : "input", index);
        }
        snprintf(pointer + used, size - used, "/%s", name);
        if (*path) at = step_into(at, name, index, path[1] == '*');
        else if (json_object_is_type(at, json_type_array)) json_object_array_put_idx(at, index, value);
        else json_object_object_add(at, name, value);
    }
}

/* --- what a request needs besides */

/* Every call is answered by a message right behind it. */
static void answer_calls(struct json_object *messages, size_t at)
{
    struct json_object *calls = json_object_object_get(json_object_array_get_idx(messages, at), "tool_calls");
    if (!json_object_is_type(calls, json_type_array) || at + 1 != json_object_array_length(messages)) return;
    for (size_t i = 0; i < json_object_array_length(calls); i++) {
        struct json_object *call = json_object_array_get_idx(calls, i), *id, *message = parse(J({"role": "tool", "content": "x"}));
        id = json_object_is_type(call, json_type_object) ? json_object_object_get(call, "id") : NULL;
        json_object_object_add(message, "tool_call_id", id ? json_object_get(id) : json_object_new_string("c1"));
        json_object_array_add(messages, message);
    }
}

static bool mentions(struct json_object *object, const char *key, const char *word)
{
    struct json_object *value = json_object_object_get(object, key);
    return value && strstr(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN), word);
}

static void complete(struct json_object *request, unsigned profile)
{
    static const char function[] = J({"tools": [{"type": "function", "function": {"name": "f"}}]});
    static const char function_and_custom[] = J({"tools": [{"type": "function", "function": {"name": "f"}},
                                                           {"type": "custom", "custom": {"name": "t"}}]});
    struct json_object *messages = json_object_object_get(request, "messages");
    if (json_object_is_type(messages, json_type_array) && json_object_array_length(messages))
        answer_calls(messages, json_object_array_length(messages) - 1);
    if (mentions(request, "modalities", "audio")) lay_missing(request, "audio", J({"audio": {"voice": "alloy", "format": "wav"}}));
    if (mentions(request, "audio", "{")) lay_missing(request, "modalities", J({"modalities": ["text", "audio"]}));
    if (mentions(request, "tool_choice", "") || mentions(request, "parallel_tool_calls", ""))
        lay_missing(request, "tools", profile == CC_NEWAPI ? function : function_and_custom);
    if (mentions(request, "function_call", "")) lay_missing(request, "functions", J({"functions": [{"name": "f"}]}));
    if (mentions(request, "top_logprobs", "")) lay_missing(request, "logprobs", J({"logprobs": true}));
    if (mentions(request, "stream_options", "")) lay_missing(request, "stream", J({"stream": true}));
    if (mentions(request, "metadata", "")) lay_missing(request, "store", J({"store": true}));
    if (mentions(request, "response_format", "json_object") && !mentions(request, "messages", "JSON"))
        lay_over(request, J({"messages": [{"role": "user", "content": "Answer in JSON"}]}));
}

/* --- one example */

struct example {
    struct json_object *entry;
    const char *id, *path, *text;
    enum cc_severity severity;
    const struct ground *ground;
    unsigned profile;
    bool valid;
};

struct tally {
    size_t held, exact, excepted, prose, failed;
    size_t mutants, killed; /* invalid pieces in what comes back, not in a request; and of them those that are found */
    bool used[16];
};

/* Pieces of strict schemas stand somewhere below a root, which must be an object. */
static struct json_object *wrap_schema(struct json_object *piece)
{
    struct json_object *root = parse(J({"type": "object", "properties": {}, "required": ["p"], "additionalProperties": false,
                                        "$defs": {"step": {"type": "string"}}}));
    json_object_object_add(json_object_object_get(root, "properties"), "p", piece);
    return root;
}

/* The piece in its place; NULL when it is no JSON by itself. The caller puts it. */
static struct json_object *place(const struct example *x, bool completed, char *pointer, size_t size)
{
    struct json_object *piece = parse(x->text), *document = parse(x->ground->document);
    const struct surroundings *around = surroundings;
    while (!begins(x->id, around->id) || !begins(x->path, around->path)) around++;
    *pointer = '\0';
    lay_over(document, around->members);
    if (begins(x->id, "request.strict_schema.") && !begins(x->id, "request.strict_schema.root.")) piece = wrap_schema(piece);
    if (*x->path) {
        put_at(document, x->path, around->first, piece, pointer, size);
    } else if (json_object_is_type(piece, json_type_object)) {
        lay_over(document, x->text);
        json_object_put(piece);
    } else {
        json_object_put(piece);
    }
    if (completed && x->ground->kind == CC_REQUEST) complete(document, x->profile);
    return document;
}

/* One path leads to the other. */
static bool on_one_way(const char *a, const char *b)
{
    size_t length = strlen(a) < strlen(b) ? strlen(a) : strlen(b);
    return strncmp(a, b, length) == 0 && (a[length] == '\0' || a[length] == '/') && (b[length] == '\0' || b[length] == '/');
}

enum verdict { NOTHING, THERE, EXACT };

static enum verdict look(const struct example *x, const char *text, const char *pointer)
{
    enum verdict verdict = NOTHING;
    struct cc_checker *checker = cc_checker_new(&(struct cc_options){.profile = x->profile});
    const struct cc_report *report = cc_check(checker, x->ground->kind, text, strlen(text));
    ck_assert_ptr_nonnull(report);
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (x->valid ? f->severity != CC_ERROR : f->severity != x->severity || !on_one_way(f->pointer, pointer)) continue;
        if (strcmp(f->rule->id, x->id) == 0) verdict = EXACT;
        if (verdict == NOTHING) verdict = THERE;
    }
    cc_checker_free(checker);
    return verdict;
}

static void show(const struct example *x, const char *text)
{
    struct cc_checker *checker = cc_checker_new(&(struct cc_options){.profile = x->profile});
    const struct cc_report *report = cc_check(checker, x->ground->kind, text, strlen(text));
    const char *side = x->valid ? "valid" : "invalid";
    fprintf(stderr, "%s (%s, %s %s): %s\n", x->id, cc_profile_name(x->profile), side, cc_severity_name(x->severity), text);
    for (size_t i = 0; i < report->count; i++)
        fprintf(stderr, "    %s %s at \"%s\"\n", cc_severity_name(report->findings[i].severity), report->findings[i].rule->id,
                report->findings[i].pointer);
    cc_checker_free(checker);
}

/* An invalid piece may be invalid because of what is missing around it, so that is not always completed; and a piece at the top may be
 * the whole document. */
static enum verdict judge(const struct example *x, bool loud)
{
    enum verdict best = NOTHING;
    char pointer[512] = "";
    bool whole = !*x->path, readable = false;
    struct json_object *piece = parse(x->text);
    readable = piece || strcmp(x->text, "null") == 0;
    json_object_put(piece);
    for (int completed = 1; readable && completed >= (x->valid ? 1 : 0); completed--) {
        struct json_object *document = place(x, completed, pointer, sizeof pointer);
        const char *text = json_object_to_json_string_ext(document, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
        enum verdict verdict = look(x, text, pointer);
        if (verdict > best) best = verdict;
        if (loud) show(x, text);
        json_object_put(document);
    }
    if (whole && !x->valid) {
        enum verdict verdict = look(x, x->text, "");
        if (verdict > best) best = verdict;
        if (loud) show(x, x->text);
    }
    return best;
}

static void judge_example(const struct example *x, struct tally *tally)
{
    const struct exception *exception = exception_for(exceptions, x->id);
    if (*x->text == '(') {
        printf("prose: %s: %s\n", x->id, x->text);
        tally->prose++;
        return;
    }
    enum verdict verdict = judge(x, false);
    bool holds = x->valid ? verdict == NOTHING : verdict != NOTHING, mutant = !x->valid && x->ground->kind != CC_REQUEST;
    tally->mutants += mutant;
    tally->killed += mutant && holds;
    if (exception && !holds) {
        tally->used[exception - exceptions] = true;
        tally->excepted++;
    } else if (holds) {
        tally->held++;
        tally->exact += verdict == EXACT;
    } else {
        tally->failed++;
        judge(x, true);
    }
}

static void judge_entry(struct json_object *entry, struct tally *tally)
{
    static const char *const sides[] = {"invalid", "valid"};
    struct example x = {.entry = entry, .id = text_in(entry, "id"), .ground = grounds};
    while (x.ground->applies_to && strcmp(x.ground->applies_to, text_in(entry, "applies_to")) != 0) x.ground++;
    bool on_the_wire = begins(x.id, "stream.sse") || begins(x.id, "stream.done") || strcmp(x.id, "stream.error.event") == 0;
    if (!x.ground->applies_to || on_the_wire) return;
    const char *path = text_in(entry, "example_path");
    x.path = path ? path : text_in(entry, "path");
    x.severity = strcmp(text_in(entry, "severity"), "error") == 0 ? CC_ERROR : CC_WARNING;
    for (unsigned profile = CC_OPENAI; profile; profile >>= 1)
        for (int side = 0; side < 2; side++) {
            x.valid = side;
            x.profile = profile;
            x.text = text_in(entry, sides[side]);
            if (x.text && (profiles_of(entry) & profile)) judge_example(&x, tally);
        }
}

START_TEST(examples_are_judged_as_the_catalogue_says)
{
    struct json_object *catalogue = shared_yaml("spec/rules.yaml");
    if (!catalogue) return;
    struct tally tally = {0};
    for (size_t i = 0; i < json_object_array_length(catalogue); i++) judge_entry(json_object_array_get_idx(catalogue, i), &tally);
    printf("examples: %zu hold, %zu of them by the very id; %zu excepted, %zu prose\n", tally.held, tally.exact,
           tally.excepted, tally.prose);
    printf("as mutants of answers, chunks, lists and errors: %zu of %zu invalid examples are found\n", tally.killed, tally.mutants);
    fflush(stdout);
    ck_assert_uint_eq(json_object_array_length(catalogue), 780);
    ck_assert_uint_gt(tally.held, 950);
    ck_assert_uint_ge(tally.mutants, 80);
    ck_assert_uint_eq(tally.killed, tally.mutants);
    ck_assert_msg(tally.failed == 0, "%zu examples are judged otherwise", tally.failed);
    for (size_t i = 0; exceptions[i].id; i++) ck_assert_msg(tally.used[i], "%s needs no exception", exceptions[i].id);
    json_object_put(catalogue);
}
END_TEST

static Suite *catalogue_suite(void)
{
    Suite *suite = suite_create("opinion of the catalogue");
    TCase *tcase = tcase_create("examples");
    tcase_add_test(tcase, examples_are_judged_as_the_catalogue_says);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(catalogue_suite)
