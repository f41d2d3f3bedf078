/* http_request.c: the request line and headers. Values of headers are never repeated in findings: one of them is a key. */
#include "validator/api/http.h"

#include <string.h>

/* What the body asks for is known only when there is one. */
static bool has_body(struct ask *ask)
{
    struct view bytes = get(ask->self, "bytes");
    return there(bytes) ? integer_of(bytes, 0) > 0 : there(get(ask->self, "stream"));
}

/* --- the request line */

static bool completions_are_posted(struct ask *ask) { return text_is(get(ask->self, "method"), "POST") || !has_body(ask); }

/* What follows "/chat/completions" in a path: nothing, or a slash and one stored completion. Without bytes when that is not there. */
static struct text behind_completions(struct text path)
{
    static const char words[] = "/chat/completions";
    enum { LENGTH = sizeof words - 1 };
    for (size_t at = 0; at + LENGTH <= path.length; at++) {
        struct text rest = {path.bytes + at + LENGTH, path.length - at - LENGTH};
        if (memcmp(path.bytes + at, words, LENGTH) == 0 && (rest.length == 0 || *rest.bytes == '/')) return rest;
    }
    return (struct text){0};
}

static bool path_is_completions(struct ask *ask)
{
    struct text rest = behind_completions(text_of(ask, get(ask->self, "path")));
    return !has_body(ask) || (rest.bytes && (rest.length == 0 || rest.bytes[rest.length - 1] != '/'));
}

/* The path is written by http_form.c, which escapes no slash or letter. */
enum operation operation_of(struct view http)
{
    static const char messages[] = "/messages";
    enum { MESSAGES = sizeof messages - 1 };
    struct view path = get_path(http, "request/path"), method = get_path(http, "request/method");
    struct text rest = {0};
    if (is(path, STR) && is(method, STR))
        rest = behind_completions((struct text){path.doc->text + value_of(path)->offset, value_of(path)->length});
    if (!rest.bytes) return COMPLETE;
    while (rest.length > 0 && rest.bytes[rest.length - 1] == '/') rest.length--;
    bool is_get = text_is(method, "GET");
    if (rest.length == 0) return is_get ? LIST : COMPLETE;
    if (is_get && rest.length > MESSAGES && memcmp(rest.bytes + rest.length - MESSAGES, messages, MESSAGES) == 0) return LIST_MESSAGES;
    return is_get ? SHOW : text_is(method, "DELETE") ? DELETE_ : UPDATE;
}

static bool body_is_there(struct ask *ask) { return !text_is(get(ask->self, "method"), "POST") || has_body(ask); }
static bool body_is_bearable(struct ask *ask) { return integer_of(get(ask->self, "bytes"), 0) <= 50 * 1024 * 1024; }

/* --- headers */

static struct view sent(struct ask *ask, const char *name) { return header(get(ask->self, "headers"), name); }

static bool body_is_called_json(struct ask *ask)
{
    struct view headers = get(ask->self, "headers"), type = sent(ask, "content-type");
    if (!has_body(ask) || media_is(ask, type, "application/json")) return true;
    return there(type) ? blame(ask, type) : blame_missing(ask, headers, "content-type");
}

static bool charset_is_utf8(struct ask *ask)
{
    struct view type = sent(ask, "content-type");
    struct text text = text_of(ask, type);
    return !text_mentions(text, "charset=") || text_mentions(text, "charset=utf-8") || text_mentions(text, "charset=\"utf-8\"") ||
           blame(ask, type);
}

static bool key_is_sent(struct ask *ask)
{
    struct view headers = get(ask->self, "headers");
    return ask->no_bearer || there(sent(ask, "authorization")) || blame_missing(ask, headers, "authorization");
}

/* The token behind "Bearer" and one space; without bytes when the header is not of that form. */
static struct text token_of(struct ask *ask, struct view authorization)
{
    enum { SCHEME = 7 };
    struct text text = text_of(ask, authorization);
    bool bearer = text.length > SCHEME && text_mentions((struct text){text.bytes, SCHEME}, "bearer ") && text.bytes[SCHEME] != ' ';
    return bearer ? (struct text){text.bytes + SCHEME, text.length - SCHEME} : (struct text){0};
}

static bool scheme_is_bearer(struct ask *ask)
{
    struct view authorization = sent(ask, "authorization");
    return ask->no_bearer || !there(authorization) || token_of(ask, authorization).bytes || blame(ask, authorization);
}

static bool is_token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~+/", c));
}

static bool token_has_its_characters(struct ask *ask)
{
    struct view authorization = sent(ask, "authorization");
    struct text token = token_of(ask, authorization);
    size_t end = token.length;
    while (end > 0 && token.bytes[end - 1] == '=') end--;
    for (size_t i = 0; i < end; i++)
        if (!is_token_char(token.bytes[i])) return ask->no_bearer || blame(ask, authorization);
    return true;
}

static bool stream_is_accepted(struct ask *ask)
{
    struct view accept = sent(ask, "accept");
    struct text text = text_of(ask, accept);
    bool admitted = text_mentions(text, "text/event-stream") || text_mentions(text, "*/*") || text_mentions(text, "text/*");
    return !there(accept) || !is_true(get(ask->self, "stream")) || admitted || blame(ask, accept);
}

/* --- the query of the two endpoints that list */

/* The value of a parameter, as it stands; without bytes when it is not there. */
static struct text parameter(struct ask *ask, const char *name)
{
    struct text query = text_of(ask, get(ask->self, "query"));
    size_t length = strlen(name);
    for (size_t at = 0; at < query.length;) {
        const char *start = query.bytes + at, *end = memchr(start, '&', query.length - at);
        size_t size = end ? (size_t)(end - start) : query.length - at;
        if (size > length && memcmp(start, name, length) == 0 && start[length] == '=')
            return (struct text){start + length + 1, size - length - 1};
        at += size + 1;
    }
    return (struct text){0};
}

static bool lists(struct ask *ask) { return text_is(get(ask->self, "method"), "GET"); }

static bool limit_is_count(struct ask *ask)
{
    struct text limit = parameter(ask, "limit");
    bool digits = limit.length > 0 && limit.bytes[0] != '0';
    for (size_t i = 0; i < limit.length; i++) digits = digits && limit.bytes[i] >= '0' && limit.bytes[i] <= '9';
    return !lists(ask) || !limit.bytes || digits;
}

static bool text_equals(struct text text, const char *word)
{
    return text.length == strlen(word) && memcmp(text.bytes, word, text.length) == 0;
}

static bool order_is_known(struct ask *ask)
{
    struct text order = parameter(ask, "order");
    return !lists(ask) || !order.bytes || text_equals(order, "asc") || text_equals(order, "desc");
}

static bool after_is_id(struct ask *ask)
{
    struct text id = parameter(ask, "after");
    return !lists(ask) || !id.bytes || id.length > 0;
}

static bool filters_are_bracketed(struct ask *ask) { return !lists(ask) || !parameter(ask, "metadata").bytes; }

/* --- rows */

#define ACCEPTING(type) \
    JSON({"headers": {"authorization": ["Bearer sk-1"], "content-type": ["application/json"], "accept": [type]}, "stream": true})
#define TYPED(type) JSON({"headers": {"authorization": ["Bearer sk-1"], "content-type": [type]}})
#define KEYED(key) JSON({"headers": {"authorization": [key], "content-type": ["application/json"]}})
#define LISTED(query_) JSON({"method": "GET", "bytes": 0, "query": query_})

static const struct rule rules[] = {
    {.id = "http.request.method.post", .holds = completions_are_posted, .level = CC_MUST, .says = "a completion is asked for with POST",
     .ref = "openai:paths./chat/completions.post", .when = "method", .good = JSON({"method": "POST"}), .bad = JSON({"method": "PUT"})},
    {.id = "http.request.path", .holds = path_is_completions, .level = CC_MUST,
     .says = "the path ends in /chat/completions, whatever stands before it", .ref = "openai:servers", .when = "path",
     .good = JSON({"path": "/openai/deployments/a/chat/completions"}), .bad = JSON({"path": "/v1/chat/completion"})},
    {.id = "http.request.body.required", .holds = body_is_there, .level = CC_MUST, .says = "a POST has a body",
     .ref = "openai:requestBody.required", .when = "bytes", .good = JSON({"bytes": 1}), .bad = JSON({"bytes": 0})},
    {.id = "http.request.body.max_bytes", .holds = body_is_bearable, .level = CC_PORTABILITY, .says = "the body is not larger than 50 MB",
     .ref = "observed:openai images guide", .when = "bytes", .good = JSON({"bytes": 52428800}), .bad = JSON({"bytes": 52428801})},
    {.id = "http.request.content_type.json", .holds = body_is_called_json, .level = CC_MUST,
     .says = "the body's content-type is application/json",
     .ref = "openai:requestBody.content", .when = "headers",
     .good = TYPED("Application/json; charset=UTF-8"), .bad = TYPED("text/plain")},
    {.id = "http.request.content_type.charset", .holds = charset_is_utf8, .level = CC_SHOULD,
     .says = "a charset, when one is named, is utf-8",
     .ref = "RFC 8259 section 8.1", .when = "headers",
     .good = TYPED("application/json; charset=utf-8"), .bad = TYPED("application/json; charset=gbk")},
    {.id = "http.request.authorization.required", .holds = key_is_sent, .level = CC_MUST, .says = "there is an authorization header",
     .ref = "openai:securitySchemes.ApiKeyAuth", .when = "headers",
     .good = KEYED("Bearer sk-1"), .bad = JSON({"headers": {"content-type": ["application/json"]}})},
    {.id = "http.request.authorization.scheme", .holds = scheme_is_bearer, .level = CC_MUST,
     .says = "authorization is the word Bearer, one space and a token", .ref = "openai:securitySchemes.ApiKeyAuth", .when = "headers",
     .good = KEYED("bearer sk-1"), .bad = KEYED("sk-1")},
    {.id = "http.request.authorization.token_chars", .holds = token_has_its_characters, .level = CC_SHOULD,
     .says = "the token has only letters, digits and - . _ ~ + /, and = at its end", .ref = "RFC 6750 section 2.1", .when = "headers",
     .good = KEYED("Bearer sk-abc_123=="), .bad = KEYED("Bearer 'sk-1'")},
    {.id = "http.request.accept.stream", .holds = stream_is_accepted, .level = CC_SHOULD,
     .says = "who asks for a stream and sends accept accepts text/event-stream", .ref = "openai:responses.200.content", .when = "headers",
     .good = ACCEPTING("text/event-stream"), .bad = ACCEPTING("application/json")},
    {.id = "http.list.query.limit.integer", .holds = limit_is_count, .level = CC_MUST, .profiles = CC_OPENAI,
     .says = "limit is a positive integer", .ref = "openai:paths./chat/completions.get.parameters", .when = "query",
     .good = LISTED("order=asc&limit=20"), .bad = LISTED("order=asc&limit=abc")},
    {.id = "http.list.query.order.enum", .holds = order_is_known, .level = CC_MUST, .profiles = CC_OPENAI, .says = "order is asc or desc",
     .ref = "openai:paths./chat/completions.get.parameters", .when = "query", .good = LISTED("order=desc"), .bad = LISTED("order=newest")},
    {.id = "http.list.query.after.string", .holds = after_is_id, .level = CC_SHOULD, .profiles = CC_OPENAI, .says = "after is an id",
     .ref = "openai:paths./chat/completions.get.parameters", .when = "query", .good = LISTED("after=chatcmpl-1"), .bad = LISTED("after=")},
    {.id = "http.list.query.metadata.format", .holds = filters_are_bracketed, .level = CC_SHOULD, .profiles = CC_OPENAI,
     .says = "metadata filters have the form metadata[key]=value", .ref = "openai:paths./chat/completions.get.parameters", .when = "query",
     .good = LISTED("metadata[topic]=x"), .bad = LISTED("metadata=topic")},
    {0},
};

static const struct field fields[] = {
    {"method", .says = "of the request line"},
    {"path", .says = "without query"},
    {"query", .says = "what follows the question mark"},
    {"headers", .says = "names in lower case, each with an array of its values"},
    {"bytes", .says = "size of the body"},
    {"stream", .says = "whether the body asks for a stream"},
    {0},
};

const struct shape http_request_shape = {
    .ref = "openai:paths./chat/completions.post",
    .fields = fields,
    .rules = rules,
    .open = true,
    .sample = JSON({"method": "POST", "path": "/v1/chat/completions", "bytes": 120, "stream": false}),
};
