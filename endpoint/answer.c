/* answer.c: the completion that the reference model gives to a request.
 *
 * What an answer is made of, in this order, for each of the n choices:
 *   tool calls       when tool_choice forces them or the user names a tool (tools.c); arguments satisfy the tool's parameters (instance.c)
 *   a function_call  the same for the older functions
 *   a refusal        when the user's message starts with "Refuse"
 *   JSON             with response_format json_object ({"answer": "..."}) or json_schema (an instance of the schema)
 *   words            else (speech.c): "Say X" and "Repeat after me: X" steer them; otherwise a friendly sentence of 12 to 20 words
 * Then it is cut: before the first stop sequence (finish_reason stop), or at the token limit (finish_reason length). Audio answers have
 * their words in the transcript. logprobs, metadata, moderation, service_tier and usage follow what the request asks for. */
#include "endpoint/answer.h"

#include "endpoint/audio.h"
#include "endpoint/digest.h"
#include "endpoint/instance.h"
#include "endpoint/logprobs.h"
#include "endpoint/speech.h"
#include "endpoint/tokens.h"
#include "endpoint/tools.h"
#include "endpoint/usage.h"

#include <string.h>

enum {
    WINDOW = 4096,        /* tokens of one choice, whatever was asked for: the end of the context window */
    WINDOW_ALL = 8192,    /* tokens of all choices together, because each may carry twenty logprobs */
    CHOICES = 128,
    MONTH_S = 2592000,
    AUGUST_2026 = 1785542400, /* answers are dated within the month of the newest profile */
};

/* One answer in the making. */
struct making {
    struct json_object *request;
    uint64_t digest;
    int64_t created;
    int64_t limit; /* tokens that a choice may show */
    struct usage usage;
};

/* How long the model claims to have thought. */
static int64_t reasoning_of(struct json_object *effort)
{
    static const struct {
        const char *effort;
        int64_t tokens;
    } table[] = {{"minimal", 2}, {"low", 4}, {"medium", 8}, {"high", 16}, {"xhigh", 32}, {"max", 64}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (jo_is(effort, table[i].effort))
            return table[i].tokens;
    return 0;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Choices that the request asks for. Bounded here too, because a defect may have let anything pass. */
static int64_t count_of(struct json_object *request)
{
    int64_t count = jo_int(jo_get(request, "n"), 1);
    return count < 1 ? 1 : least(count, CHOICES);
}

/* Tokens that one choice may take. */
static int64_t budget_of(struct json_object *request)
{
    int64_t budget = least(jo_int(jo_get(request, "max_tokens"), WINDOW), jo_int(jo_get(request, "max_completion_tokens"), WINDOW));
    return budget < 0 ? 0 : least(budget, least(WINDOW, WINDOW_ALL / count_of(request)));
}

/* The place of `needle` in `text`, or `length` when it is not there. */
static size_t find(const char *text, size_t length, struct json_object *needle)
{
    size_t wanted = jo_text_length(needle);
    for (size_t at = 0; wanted > 0 && at + wanted <= length; at++)
        if (memcmp(text + at, jo_text(needle), wanted) == 0)
            return at;
    return length;
}

/* Where the first stop sequence begins that is complete within `length` bytes; `length` when there is none. */
static size_t stop_place(struct json_object *stop, const char *text, size_t length)
{
    size_t place = find(text, length, stop);
    for (size_t i = 0; i < jo_length(stop); i++) {
        size_t found = find(text, length, jo_item(stop, i));
        place = found < place ? found : place;
    }
    return place;
}

/* Takes `text` and gives back what may be said of it, and why it ends. Counts its tokens. */
static struct json_object *cut(struct making *making, struct json_object *text, const char **finish)
{
    const char *bytes = jo_text(text);
    size_t length = jo_text_length(text);
    size_t window = token_prefix(bytes, length, (size_t)making->limit);
    size_t end = stop_place(jo_get(making->request, "stop"), bytes, window);
    *finish = end == window && window < length ? "length" : "stop";
    struct json_object *said = jo_bytes(bytes, end);
    json_object_put(text);
    making->usage.completion += usage_of_text(said);
    return said;
}

static struct json_object *json_answer(struct making *making, struct json_object *format, size_t choice)
{
    struct json_object *schema = jo_path(format, "json_schema", "schema", NULL), *value;
    if (schema) {
        value = instance_of(schema);
    } else {
        value = jo_object();
        jo_put(value, "answer", speech_answer(making->request, choice));
    }
    size_t length;
    const char *text = jo_write(value, &length);
    struct json_object *answer = jo_bytes(text, length);
    json_object_put(value);
    return answer;
}

/* The words of an answer before they are cut. */
static struct json_object *words_of(struct making *making, size_t choice)
{
    struct json_object *format = jo_get(making->request, "response_format"), *type = jo_get(format, "type");
    if (jo_is(type, "json_object") || jo_is(type, "json_schema"))
        return json_answer(making, format, choice);
    return speech_answer(making->request, choice);
}

/* The logprobs member of a choice that says `text` as content or as a refusal. */
static struct json_object *logprobs_member(struct making *making, struct json_object *text, const char *as)
{
    if (!jo_true(jo_get(making->request, "logprobs")))
        return NULL;
    size_t top = (size_t)jo_int(jo_get(making->request, "top_logprobs"), 0);
    struct json_object *logprobs = jo_object();
    jo_put(logprobs, "content", NULL);
    jo_put(logprobs, "refusal", NULL);
    jo_put(logprobs, as, logprobs_of(jo_text(text), jo_text_length(text), top));
    return logprobs;
}

static int64_t characters(struct json_object *text)
{
    int64_t count = 0;
    for (size_t i = 0; i < jo_text_length(text); i++)
        count += (jo_text(text)[i] & 0xC0) != 0x80;
    return count;
}

/* One citation, of the whole text, when the request asks for a web search. */
static struct json_object *annotations_of(struct making *making, struct json_object *text)
{
    struct json_object *annotations = jo_array();
    if (!jo_has(making->request, "web_search_options") || !text)
        return annotations;
    struct json_object *annotation = jo_object(), *citation = jo_object();
    jo_put(citation, "start_index", jo_integer(0));
    jo_put(citation, "end_index", jo_integer(characters(text)));
    jo_put(citation, "url", jo_string("https://example.com/reference"));
    jo_put(citation, "title", jo_string("A page about everything"));
    jo_put(annotation, "type", jo_string("url_citation"));
    jo_put(annotation, "url_citation", citation);
    jo_push(annotations, annotation);
    return annotations;
}

/* A message without anything to say yet. Its members stand in the usual order. */
static struct json_object *empty_message(void)
{
    struct json_object *message = jo_object();
    jo_put(message, "role", jo_string("assistant"));
    jo_put(message, "content", NULL);
    return message;
}

static void close_message(struct making *making, struct json_object *message, struct json_object *refusal)
{
    jo_put(message, "refusal", refusal);
    jo_put(message, "annotations", annotations_of(making, jo_get(message, "content")));
}

/* Cuts what a call hands over when the tokens are used up. False when that was so. */
static bool fits(struct making *making, struct json_object *body, int64_t *left)
{
    struct json_object *payload = tools_payload(body);
    int64_t tokens = usage_of_text(payload), taken = least(tokens, *left);
    if (taken < tokens)
        tools_cut_payload(body, token_prefix(jo_text(payload), jo_text_length(payload), (size_t)taken));
    *left -= taken;
    making->usage.completion += taken;
    return taken == tokens;
}

/* A message that calls tools; takes `calls`. Calls behind the one that was cut are never made. */
static struct json_object *calling_message(struct making *making, struct json_object *calls, const char **finish)
{
    int64_t left = making->limit;
    struct json_object *message = empty_message(), *made = jo_array();
    *finish = "tool_calls";
    for (size_t i = 0; i < jo_length(calls) && strcmp(*finish, "tool_calls") == 0; i++) {
        *finish = fits(making, tools_body(jo_item(calls, i)), &left) ? "tool_calls" : "length";
        jo_push(made, json_object_get(jo_item(calls, i)));
    }
    json_object_put(calls);
    jo_put(message, "tool_calls", made);
    close_message(making, message, NULL);
    return message;
}

static struct json_object *function_message(struct making *making, struct json_object *body, const char **finish)
{
    int64_t left = making->limit;
    struct json_object *message = empty_message();
    *finish = fits(making, body, &left) ? "function_call" : "length";
    jo_put(message, "function_call", body);
    close_message(making, message, NULL);
    return message;
}

static struct json_object *refusing_message(struct making *making, struct json_object **logprobs, const char **finish)
{
    struct json_object *message = empty_message(), *text = cut(making, speech_refusal(), finish);
    *logprobs = logprobs_member(making, text, "refusal");
    close_message(making, message, text);
    return message;
}

static struct json_object *speaking_message(struct making *making, size_t choice, struct json_object **logprobs, const char **finish)
{
    struct json_object *message = empty_message(), *text = cut(making, words_of(making, choice), finish);
    if (audio_is_wanted(making->request)) {
        jo_put(message, "audio", audio_answer(making->request, text, making->created, digest_mix(making->digest + choice)));
        making->usage.audio += usage_of_text(text);
        json_object_put(text);
    } else {
        *logprobs = logprobs_member(making, text, "content");
        jo_put(message, "content", text);
    }
    close_message(making, message, NULL);
    return message;
}

static struct json_object *choice_at(struct making *making, size_t index)
{
    const char *finish = "stop";
    struct json_object *choice = jo_object(), *logprobs = NULL, *message;
    struct json_object *calls = tools_call(making->request, making->digest, index);
    struct json_object *function = calls ? NULL : tools_call_function(making->request);
    if (calls)
        message = calling_message(making, calls, &finish);
    else if (function)
        message = function_message(making, function, &finish);
    else if (speech_refuses(making->request))
        message = refusing_message(making, &logprobs, &finish);
    else
        message = speaking_message(making, index, &logprobs, &finish);
    jo_put(choice, "index", jo_integer((int64_t)index));
    jo_put(choice, "message", message);
    jo_put(choice, "logprobs", logprobs);
    jo_put(choice, "finish_reason", jo_string(finish));
    return choice;
}

/* How much of the predicted text came true: the tokens from its start that agree. */
static void compare_prediction(struct making *making, struct json_object *choices, int64_t budget)
{
    struct json_object *prediction = jo_get(making->request, "prediction");
    struct json_object *said = jo_path(jo_item(choices, 0), "message", "content", NULL);
    if (!prediction)
        return;
    struct json_object *text = speech_of_message(prediction);
    const char *a = jo_text(text), *b = jo_text(said);
    size_t length = jo_text_length(text), same = 0, step;
    size_t most = length < jo_text_length(said) ? length : jo_text_length(said);
    while (same < most && (step = token_first(a + same, length - same)) <= most - same && memcmp(a + same, b + same, step) == 0) {
        same += step;
        making->usage.accepted++;
    }
    making->usage.rejected = least((int64_t)token_count(a + same, length - same), budget - making->usage.completion);
    making->usage.completion += making->usage.rejected;
    json_object_put(text);
}

/* The tier that served the request: the words that only ask for one are resolved. */
static const char *tier_of(struct json_object *asked)
{
    if (jo_is(asked, "fast"))
        return "priority";
    bool names_one = jo_text_length(asked) > 0 && !jo_is(asked, "auto");
    return names_one ? jo_text(asked) : "default";
}

/* One side of the moderation: nothing is ever found. */
static struct json_object *moderation_side(struct json_object *model)
{
    struct json_object *side = jo_read("{\"type\":\"moderation_results\",\"model\":null,\"results\":[{\"type\":\"moderation_result\","
                                       "\"model\":null,\"flagged\":false,\"categories\":{\"violence\":false},"
                                       "\"category_scores\":{\"violence\":0},"
                                       "\"category_applied_input_types\":{\"violence\":[\"text\"]}}]}");
    jo_put(side, "model", jo_copy(model));
    jo_put(jo_item(jo_get(side, "results"), 0), "model", jo_copy(model));
    return side;
}

static void add_asked_members(struct making *making, struct json_object *answer)
{
    struct json_object *metadata = jo_get(making->request, "metadata"), *moderation = jo_get(making->request, "moderation");
    if (metadata)
        jo_put(answer, "metadata", jo_copy(metadata));
    if (!moderation)
        return;
    struct json_object *sides = jo_object();
    jo_put(sides, "input", moderation_side(jo_get(moderation, "model")));
    jo_put(sides, "output", moderation_side(jo_get(moderation, "model")));
    jo_put(answer, "moderation", sides);
}

static struct json_object *choices_of(struct making *making)
{
    struct json_object *choices = jo_array();
    int64_t count = count_of(making->request), budget = budget_of(making->request);
    int64_t thought = least(reasoning_of(jo_get(making->request, "reasoning_effort")), budget / 2);
    making->limit = budget - thought;
    making->usage.reasoning = making->usage.completion = count * thought;
    for (int64_t i = 0; i < count; i++)
        jo_push(choices, choice_at(making, (size_t)i));
    compare_prediction(making, choices, budget);
    return choices;
}

struct json_object *answer_make(struct json_object *request, uint64_t digest)
{
    struct making making = {.request = request, .digest = digest, .created = AUGUST_2026 + (int64_t)(digest % MONTH_S)};
    making.usage = usage_of_request(request);
    struct json_object *answer = jo_object();
    jo_put(answer, "id", digest_id("chatcmpl-", digest, 29));
    jo_put(answer, "object", jo_string("chat.completion"));
    jo_put(answer, "created", jo_integer(making.created));
    jo_put(answer, "model", jo_copy(jo_get(request, "model")));
    jo_put(answer, "choices", choices_of(&making));
    jo_put(answer, "usage", usage_write(&making.usage));
    jo_put(answer, "service_tier", jo_string(tier_of(jo_get(request, "service_tier"))));
    jo_put(answer, "system_fingerprint", jo_string("fp_5eed0c0de1"));
    add_asked_members(&making, answer);
    return answer;
}
