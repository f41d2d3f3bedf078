/* probe_words.c: see probe_words.h. Nobody writes down which words a refusal has to have: they are taken from the request, all but those
 * that every request has. */
#include "harness/probe/probe_words.h"

#include "chatconform.h"
#include "harness/base/jo.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
    PART_LEAST = 5,  /* letters of a part of a word that may stand for it: "image" of "image_url" */
    DEEPEST = 32,
    WORD_MOST = 40
};

static bool read_object(const char *text, struct json_object **object)
{
    *object = NULL;
    if (!text || !cc_read_object(text, strlen(text), NULL, object, NULL, 0)) return false;
    if (jo_is_object(*object)) return true;
    json_object_put(*object);
    *object = NULL;
    return false;
}

/* --- what is said */

static void append(char *out, size_t size, const char *text)
{
    size_t used = strlen(out);
    snprintf(out + used, size - used, "%s%s", used ? " " : "", text);
}

/* All texts of a value. */
static void collect(struct json_object *value, size_t depth, char *out, size_t size)
{
    if (jo_is_text(value)) append(out, size, jo_text(value));
    if (depth >= DEEPEST) return;
    for (size_t i = 0; i < jo_length(value); i++) collect(jo_item(value, i), depth + 1, out, size);
    if (!jo_is_object(value)) return;
    json_object_object_foreach(value, key, member)
    {
        (void)key;
        collect(member, depth + 1, out, size);
    }
}

/* The message and the parameter of an error in the usual form, else all that the answer says. `message` gets what people want to read. */
static void read_error(const struct result_exchange *exchange, char *said, size_t said_size, char *message, size_t message_size)
{
    struct json_object *body, *error;
    *said = *message = '\0';
    if (!read_object(exchange->response, &body)) {
        snprintf(message, message_size, "%s", exchange->response ? exchange->response : "");
        return;
    }
    error = jo_get(body, "error");
    if (jo_is_object(error)) {
        collect(jo_get(error, "message"), 0, message, message_size);
        append(said, said_size, message);
        collect(jo_get(error, "param"), 0, said, said_size);
    } else {
        collect(body, 0, said, said_size);
        snprintf(message, message_size, "%s", said);
    }
    json_object_put(body);
}

static bool is_letter(char c) { return isalnum((unsigned char)c) != 0; }

/* True when the text has the word, with nothing but signs around it or an s behind it, in any case. */
static bool has_word(const char *text, const char *word, size_t length)
{
    for (const char *at = text; *at; at++) {
        if (strncasecmp(at, word, length) != 0 || (at > text && is_letter(at[-1]))) continue;
        const char *end = at + length;
        if (!is_letter(*end) || (*end == 's' && !is_letter(end[1]))) return true;
    }
    return false;
}

/* --- what was asked for */

/* Every request has these, so they tell nothing. */
static bool is_common(const char *word, size_t length)
{
    static const char *const words[] = {"model",  "messages", "message", "role",     "user", "content", "type",
                                        "text",   "stream",   "input",   "object",   "format", "string", "function",
                                        "name",   "options",  "required", "properties", "true", "response", "tokens",
                                        "completion", NULL};
    for (const char *const *common = words; *common; common++)
        if (strlen(*common) == length && strncasecmp(*common, word, length) == 0) return true;
    return false;
}

static bool is_word(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
    return length > 0 && length <= WORD_MOST && !text[length] && isalpha((unsigned char)*text);
}

static bool names(const char *said, const char *word)
{
    if (!is_word(word)) return false;
    if (!is_common(word, strlen(word)) && has_word(said, word, strlen(word))) return true;
    for (const char *part = word; *part; part += strspn(part, "_")) {
        size_t length = strcspn(part, "_");
        if (length >= PART_LEAST && !is_common(part, length) && has_word(said, part, length)) return true;
        part += length;
    }
    return false;
}

/* True when the text names a key or a word of the value. */
static bool names_any(const char *said, struct json_object *value, size_t depth)
{
    if (jo_is_text(value)) return names(said, jo_text(value));
    if (depth >= DEEPEST) return false;
    for (size_t i = 0; i < jo_length(value); i++)
        if (names_any(said, jo_item(value, i), depth + 1)) return true;
    if (!jo_is_object(value)) return false;
    json_object_object_foreach(value, key, member)
        if (names(said, key) || names_any(said, member, depth + 1)) return true;
    return false;
}

/* The members that were sent but for the model's name, which errors like to repeat. */
static bool names_members(const char *said, struct json_object *request)
{
    json_object_object_foreach(request, key, value)
        if (strcmp(key, "model") != 0 && (names(said, key) || names_any(said, value, 1))) return true;
    return false;
}

/* Content that is a list of parts is something to ask for: then errors may call it that. */
static bool has_parts(struct json_object *request)
{
    struct json_object *messages = jo_get(request, "messages");
    for (size_t i = 0; i < jo_length(messages); i++)
        if (jo_is_array(jo_get(jo_item(messages, i), "content"))) return true;
    return false;
}

/* Only the parameter called "stream" tells of a stream: the word stands in every request that asks for one. */
static bool is_only_stream(struct json_object *request)
{
    size_t others = 0;
    json_object_object_foreach(request, key, value)
    {
        (void)value;
        others += strcmp(key, "model") != 0 && strcmp(key, "messages") != 0 && strcmp(key, "stream") != 0;
    }
    return others == 0 && jo_has(request, "stream");
}

static void flatten(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < ' ') *text = ' ';
}

bool probe_refusal_is_about(const struct result_exchange *exchange, char *message, size_t size)
{
    char said[4096];
    struct json_object *request;
    read_error(exchange, said, sizeof said, message, size);
    flatten(message);
    if (!read_object(exchange->request, &request)) return true;
    bool about = names_members(said, request) || (is_only_stream(request) && has_word(said, "stream", 6)) ||
                 (has_parts(request) && has_word(said, "content", 7));
    json_object_put(request);
    return about;
}

/* --- other questions about an exchange */

bool probe_tells_error(const struct result_exchange *exchange)
{
    struct json_object *body;
    const char *event = exchange->stream.known && exchange->response ? strstr(exchange->response, "data:") : NULL;
    for (; event; event = strstr(event + 5, "data:"))
        if (strncmp(event + 5 + strspn(event + 5, " "), "{\"error\"", 8) == 0) return true;
    if (!read_object(exchange->response, &body)) return false;
    bool tells = jo_get(body, "error") != NULL;
    json_object_put(body);
    return tells;
}

bool probe_asks_stream(const struct result_exchange *exchange)
{
    struct json_object *request;
    if (!read_object(exchange->request, &request)) return false;
    bool asks = jo_true(jo_get(request, "stream"));
    json_object_put(request);
    return asks;
}
