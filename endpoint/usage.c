/* usage.c: see usage.h. */
#include "endpoint/usage.h"

#include "endpoint/tokens.h"

/* What is not text has a flat price, like at the official endpoint. */
enum { PER_PROMPT = 3, PER_MESSAGE = 3, PER_IMAGE = 85, PER_AUDIO = 10, PER_FILE = 100 };

int64_t usage_of_text(struct json_object *text)
{
    return (int64_t)token_count(jo_text(text), jo_text_length(text));
}

/* Tokens of a value as the model would read it: its serialisation. */
static int64_t of_json(struct json_object *value)
{
    size_t length = 0;
    const char *text = value ? jo_write(value, &length) : "";
    return (int64_t)token_count(text, length);
}

static void add_part(struct usage *usage, struct json_object *part)
{
    struct json_object *type = jo_get(part, "type");
    int64_t price = usage_of_text(jo_get(part, "text")) + usage_of_text(jo_get(part, "refusal"));
    if (jo_is(type, "image_url"))
        price = PER_IMAGE;
    if (jo_is(type, "file"))
        price = PER_FILE;
    if (jo_is(type, "input_audio")) {
        price = PER_AUDIO;
        usage->prompt_audio += PER_AUDIO;
    }
    usage->prompt += price;
}

static void add_message(struct usage *usage, struct json_object *message)
{
    struct json_object *content = jo_get(message, "content");
    usage->prompt += PER_MESSAGE + usage_of_text(jo_get(message, "role")) + usage_of_text(jo_get(message, "name"));
    usage->prompt += usage_of_text(content) + of_json(jo_get(message, "tool_calls")) + of_json(jo_get(message, "function_call"));
    for (size_t i = 0; i < jo_length(content); i++)
        add_part(usage, jo_item(content, i));
}

struct usage usage_of_request(struct json_object *request)
{
    struct usage usage = {.prompt = PER_PROMPT};
    struct json_object *messages = jo_get(request, "messages");
    for (size_t i = 0; i < jo_length(messages); i++)
        add_message(&usage, jo_item(messages, i));
    usage.prompt += of_json(jo_get(request, "tools")) + of_json(jo_get(request, "functions"));
    usage.prompt += of_json(jo_path(request, "response_format", "json_schema", NULL));
    return usage;
}

struct json_object *usage_write(const struct usage *usage)
{
    struct json_object *object = jo_object(), *prompt = jo_object(), *completion = jo_object();
    jo_put(object, "prompt_tokens", jo_integer(usage->prompt));
    jo_put(object, "completion_tokens", jo_integer(usage->completion));
    jo_put(object, "total_tokens", jo_integer(usage->prompt + usage->completion));
    jo_put(prompt, "cached_tokens", jo_integer(0));
    jo_put(prompt, "audio_tokens", jo_integer(usage->prompt_audio));
    jo_put(object, "prompt_tokens_details", prompt);
    jo_put(completion, "reasoning_tokens", jo_integer(usage->reasoning));
    jo_put(completion, "audio_tokens", jo_integer(usage->audio));
    jo_put(completion, "accepted_prediction_tokens", jo_integer(usage->accepted));
    jo_put(completion, "rejected_prediction_tokens", jo_integer(usage->rejected));
    jo_put(object, "completion_tokens_details", completion);
    return object;
}
