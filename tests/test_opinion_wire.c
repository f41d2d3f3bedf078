/* test_opinion_wire.c: the examples of the catalogue that are no JSON documents: request and status lines, headers, queries, and pieces of
 * event streams. Each is put into a small correct exchange or stream. A valid one must give no error, an invalid one the finding. */
#include "tests/catalogue.h"

#include <stdlib.h>
#include <strings.h>

#define J(...) #__VA_ARGS__

static const char a_request[] = J({"model": "gpt-4o", "messages": [{"role": "user", "content": "x"}]});
static const char a_streaming_request[] = J({"model": "gpt-4o", "messages": [{"role": "user", "content": "x"}], "stream": true});
static const char an_answer[] = J({"id": "chatcmpl-1", "object": "chat.completion", "created": 1700000000, "model": "gpt-4o",
    "choices": [{"index": 0, "message": {"role": "assistant", "content": "4", "refusal": null}, "logprobs": null, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}});

#define CHUNK(rest) "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"gpt-4o\"," \
    "\"choices\":[{\"index\":0,\"logprobs\":null," rest "}]}"
static const char a_first_chunk[] = CHUNK("\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null");
static const char a_chunk[] = CHUNK("\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null");
static const char a_last_chunk[] = CHUNK("\"delta\":{},\"finish_reason\":\"stop\"");

/* Entries whose examples cannot be put on the wire as they are printed. */
static const struct exception exceptions[] = {
    {"http.update.body.metadata.required", "the body that updates a stored completion is no kind of document here"},
    {"stream.sse.field_names", "a bare line of JSON is also the example of stream.sse.data_prefix, which is an error"},
    {0},
};

/* --- exchanges */

enum { HEADERS = 8 };

struct exchange {
    struct cc_exchange x;
    struct cc_header asked[HEADERS], answered[HEADERS];
    char text[HEADERS][1024]; /* what the names and values above are made of */
    size_t used;
};

static char *keep(struct exchange *e, const char *text, size_t length)
{
    ck_assert(e->used < HEADERS && length < sizeof e->text[0]);
    char *copy = e->text[e->used++];
    snprintf(copy, sizeof e->text[0], "%.*s", (int)length, text);
    return copy;
}

static void set_header(struct cc_header *headers, const char *name, const char *value)
{
    size_t i = 0;
    while (headers[i].name && strcasecmp(headers[i].name, name) != 0) i++;
    headers[i] = (struct cc_header){name, value};
}

static void set_answer(struct exchange *e, const char *body)
{
    e->x.response = body;
    e->x.response_length = strlen(body);
}

static void set_request(struct exchange *e, const char *body)
{
    e->x.request = body;
    e->x.request_length = strlen(body);
}

static void exchange_open(struct exchange *e, bool stream)
{
    *e = (struct exchange){.x = {.method = "POST", .url = "https://api.example.com/v1/chat/completions", .status = 200}};
    e->x.request_headers = e->asked;
    e->x.response_headers = e->answered;
    set_header(e->asked, "Authorization", "Bearer sk-abc");
    set_header(e->asked, "Content-Type", "application/json");
    set_header(e->answered, "x-request-id", "req_1");
    set_header(e->answered, "Content-Type", stream ? "text/event-stream" : "application/json");
    set_request(e, stream ? a_streaming_request : a_request);
    set_answer(e, an_answer);
}

static void put_request_line(struct exchange *e, const char *line)
{
    size_t method = strcspn(line, " "), path = strcspn(line + method + 1, " ");
    e->x.method = keep(e, line, method);
    e->x.url = keep(e, line + method + 1, path);
}

static void put_query(struct exchange *e, const char *query)
{
    char url[512];
    snprintf(url, sizeof url, "https://api.example.com/v1/chat/completions%s", query);
    e->x.method = "GET";
    e->x.url = keep(e, url, strlen(url));
    e->x.request = NULL;
    e->x.request_length = 0;
    e->x.response = NULL; /* a page; it is judged by its own kind */
    e->x.response_length = 0;
}

static void put_header(struct exchange *e, const char *line, bool asked)
{
    size_t name = strcspn(line, ":");
    const char *value = line + name + 2, *aside = strstr(value, " with ");
    set_header(asked ? e->asked : e->answered, keep(e, line, name), keep(e, value, aside ? (size_t)(aside - value) : strlen(value)));
}

static char stream_text[8192];

static const char *whole_stream(void)
{
    snprintf(stream_text, sizeof stream_text, "data: %s\n\ndata: %s\n\ndata: %s\n\ndata: [DONE]\n\n", a_first_chunk, a_chunk, a_last_chunk);
    return stream_text;
}

/* Some text says in words what it is about: "... with an event-stream body". */
static void exchange_make(struct exchange *e, const char *id, const char *text)
{
    bool stream = strcmp(id, "http.request.accept.stream") == 0 || strcmp(id, "http.response.content_type.sse") == 0;
    exchange_open(e, stream);
    if (stream) set_answer(e, whole_stream());
    if (*text == '?') {
        put_query(e, text);
    } else if (*text == '{') {
        e->x.url = "https://api.example.com/v1/chat/completions/chatcmpl-1";
        set_request(e, text);
    } else if (*text == '/') {
        e->x.url = text;
    } else if (begins(text, "Bearer ")) {
        set_header(e->asked, "Authorization", text);
    } else if (begins(text, "200 ")) {
        set_answer(e, text + 4);
    } else if (strcspn(text, ":") < strcspn(text, " ")) {
        put_header(e, text, begins(id, "http.request"));
    } else {
        put_request_line(e, text);
    }
}

/* --- streams */

/* The example in the middle of a stream, or as its end. `\n` is spelled out, {...} and {"id":"x"} stand for a whole chunk, and what follows
 * a blank behind the data are words about it. */
static void stream_make(char *out, size_t size, const char *id, const char *text)
{
    bool ends = begins(id, "stream.done") || begins(id, "stream.error");
    const char *dots = strstr(text, "{...}"), *word = dots ? dots : strstr(text, "{\"id\":\"x\"}");
    size_t used = (size_t)snprintf(out, size, "data: %s\n\n%s%s%s", a_first_chunk, ends ? "data: " : "",
                                   ends ? a_last_chunk : "", ends ? "\n\n" : "");
    const char *aside = strstr(text, " (no "), *without = strstr(text, " without ");
    size_t length = aside ? (size_t)(aside - text) : without ? (size_t)(without - text) : strlen(text);
    for (size_t i = 0; i < length;) {
        bool breaks = text[i] == '\\' && text[i + 1] == 'n', stands = word && text + i == word;
        const char *piece = breaks ? "\n" : stands ? a_chunk : text + i;
        used += (size_t)snprintf(out + used, size - used, "%.*s", stands ? (int)strlen(a_chunk) : 1, piece);
        i += breaks ? 2 : stands ? (*(word + 1) == '.' ? 5 : 10) : 1;
    }
    if (!strstr(text, "\\n")) used += (size_t)snprintf(out + used, size - used, "\n\n");
    if (!ends) snprintf(out + used, size - used, "data: %s\n\ndata: [DONE]\n\n", a_last_chunk);
}

/* --- one example */

struct example {
    const char *id, *text;
    enum cc_severity severity;
    unsigned profile;
    bool valid, http;
};

static const struct cc_report *ask(struct cc_checker *checker, const struct example *x)
{
    if (x->http) {
        struct exchange e;
        exchange_make(&e, x->id, x->text);
        return cc_check_exchange(checker, &e.x);
    }
    char stream[8192];
    stream_make(stream, sizeof stream, x->id, x->text);
    return cc_check(checker, CC_STREAM, stream, strlen(stream));
}

/* True for a valid example without an error, and for an invalid one with a finding of its severity: of its very id, where that is one. */
static bool holds(const struct example *x, bool loud)
{
    bool found = false;
    struct cc_checker *checker = cc_checker_new(&(struct cc_options){.profile = x->profile});
    const struct cc_report *report = ask(checker, x);
    ck_assert_ptr_nonnull(report);
    if (loud) fprintf(stderr, "%s (%s, %s): %s\n", x->id, cc_profile_name(x->profile), x->valid ? "valid" : "invalid", x->text);
    for (size_t i = 0; i < report->count; i++) {
        const struct cc_finding *f = &report->findings[i];
        bool own = !cc_rule_find(x->id) || strcmp(f->rule->id, x->id) == 0;
        found |= x->valid ? f->severity == CC_ERROR || strcmp(f->rule->id, x->id) == 0 : own && f->severity == x->severity;
        if (loud) fprintf(stderr, "    %s %s: %s\n", cc_severity_name(f->severity), f->rule->id, f->message);
    }
    cc_checker_free(checker);
    return found != x->valid;
}

struct tally {
    size_t held, prose, failed;
    bool used[8];
};

static void judge_example(const struct example *x, struct tally *tally)
{
    const struct exception *exception = exception_for(exceptions, x->id);
    if (*x->text == '(') {
        printf("prose: %s: %s\n", x->id, x->text);
        tally->prose++;
    } else if (exception) {
        tally->used[exception - exceptions] |= !holds(x, false);
    } else if (holds(x, false)) {
        tally->held++;
    } else {
        tally->failed++;
        holds(x, true);
    }
}

static bool is_on_the_wire(const char *id, bool *http)
{
    *http = begins(id, "http.");
    return *http || begins(id, "stream.sse") || begins(id, "stream.done") || strcmp(id, "stream.error.event") == 0;
}

START_TEST(examples_on_the_wire_are_judged_as_the_catalogue_says)
{
    static const char *const sides[] = {"invalid", "valid"};
    struct json_object *catalogue = shared_yaml("spec/rules.yaml");
    if (!catalogue) return;
    struct tally tally = {0};
    for (size_t i = 0; i < json_object_array_length(catalogue); i++) {
        struct json_object *entry = json_object_array_get_idx(catalogue, i);
        struct example x = {.id = text_in(entry, "id"), .severity = strcmp(text_in(entry, "severity"),
            "error") == 0 ? CC_ERROR : CC_WARNING};
        if (!is_on_the_wire(x.id, &x.http)) continue;
        for (x.profile = CC_OPENAI; x.profile; x.profile >>= 1)
            for (int side = 0; side < 2; side++) {
                x.text = text_in(entry, sides[side]);
                x.valid = side;
                if (x.text && (profiles_of(entry) & x.profile)) judge_example(&x, &tally);
            }
    }
    printf("examples on the wire: %zu hold, %zu prose\n", tally.held, tally.prose);
    fflush(stdout);
    ck_assert_uint_gt(tally.held, 50);
    ck_assert_msg(tally.failed == 0, "%zu examples are judged otherwise", tally.failed);
    for (size_t i = 0; exceptions[i].id; i++) ck_assert_msg(tally.used[i], "%s needs no exception", exceptions[i].id);
    json_object_put(catalogue);
}
END_TEST

static Suite *wire_suite(void)
{
    Suite *suite = suite_create("opinion of the catalogue, on the wire");
    TCase *tcase = tcase_create("examples");
    tcase_add_test(tcase, examples_on_the_wire_are_judged_as_the_catalogue_says);
    suite_add_tcase(suite, tcase);
    return suite;
}

TEST_MAIN(wire_suite)
