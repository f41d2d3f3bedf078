/* speech.c: what the reference model says in words.
 *
 * It understands nothing, but a user can steer it by what the last user message starts with (in any case; "Please" before it is fine):
 *     Repeat after me: X     says X
 *     Say X                  says X (quotes around X are dropped)
 *     Refuse ...             refuses (message.refusal instead of content)
 * After tool messages it quotes their results; a prediction it repeats. Otherwise it says one of eight sentences of 12 to 20 words, chosen
 * by the user's text, the seed and the number of the choice, long enough to be cut by stop sequences and token limits. */
#include "endpoint/speech.h"

#include "endpoint/digest.h"

#include <string.h>
#include <strings.h>

static const char *const sentences[] = {
    "Thank you for asking, I am always glad to help with questions such as this one.",
    "That is a fine question, and here is a short and friendly answer made of plain words.",
    "The sun rises in the east, the kettle sings softly, and the day begins with good news.",
    "Small steps taken with care lead further than great leaps, so let us begin with the first.",
    "Once upon a time a patient gardener planted one seed, and in spring there was a garden.",
    "In a quiet harbour the boats wait for morning, while the lighthouse keeps count of the waves.",
    "Good answers are brief, kind and clear, and this one tries hard to be all three.",
    "A clear sky, a warm coffee and a good book are often all that an afternoon needs.",
};

enum { LISTENED = 4096 }; /* bytes of a message in which names are looked for: there may be 128 names and 128 choices */

static void append_part(struct printbuf *buffer, struct json_object *part)
{
    struct json_object *text = jo_get(part, "text");
    jo_append(buffer, jo_text(text), jo_text_length(text));
}

struct json_object *speech_of_message(struct json_object *message)
{
    struct json_object *content = jo_get(message, "content");
    struct printbuf *buffer = jo_buffer();
    jo_append(buffer, jo_text(content), jo_text_length(content));
    for (size_t i = 0; i < jo_length(content); i++)
        append_part(buffer, jo_item(content, i));
    return jo_buffer_string(buffer);
}

static struct json_object *last_message(struct json_object *request)
{
    struct json_object *messages = jo_get(request, "messages");
    return jo_item(messages, jo_length(messages) - 1);
}

struct json_object *speech_asked_last(struct json_object *request)
{
    struct json_object *last = last_message(request);
    return jo_is(jo_get(last, "role"), "user") ? speech_of_message(last) : jo_string("");
}

/* The newest words of a user, wherever they stand. */
static struct json_object *newest_question(struct json_object *request)
{
    struct json_object *messages = jo_get(request, "messages");
    for (size_t i = jo_length(messages); i-- > 0;)
        if (jo_is(jo_get(jo_item(messages, i), "role"), "user"))
            return speech_of_message(jo_item(messages, i));
    return jo_string("");
}

static bool is_name_byte(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

bool speech_mentions(struct json_object *text, const char *word)
{
    size_t length = strlen(word), total = jo_text_length(text);
    const char *start = jo_text(text);
    total = total < LISTENED ? total : LISTENED;
    for (size_t at = 0; length > 0 && at + length <= total; at++) {
        bool apart = (at == 0 || !is_name_byte(start[at - 1])) && (at + length == total || !is_name_byte(start[at + length]));
        if (apart && strncasecmp(start + at, word, length) == 0)
            return true;
    }
    return false;
}

/* A stretch of text. */
struct words {
    const char *at;
    size_t length;
};

static bool skip_start(struct words *words, const char *start)
{
    size_t length = strlen(start);
    if (words->length < length || strncasecmp(words->at, start, length) != 0)
        return false;
    words->at += length;
    words->length -= length;
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void trim(struct words *words)
{
    while (words->length > 0 && is_blank(words->at[0]))
        words->at++, words->length--;
    while (words->length > 0 && is_blank(words->at[words->length - 1]))
        words->length--;
}

static void unquote(struct words *words)
{
    char quote = words->length > 2 ? words->at[0] : '\0';
    if ((quote != '"' && quote != '\'') || words->at[words->length - 1] != quote)
        return;
    words->at++;
    words->length -= 2;
}

static struct words question_start(struct json_object *question)
{
    struct words words = {jo_text(question), jo_text_length(question)};
    trim(&words);
    skip_start(&words, "please ");
    return words;
}

/* The words that the user wants to hear, or nothing. */
static struct words wanted(struct json_object *question)
{
    struct words words = question_start(question);
    if (!skip_start(&words, "repeat after me:") && !skip_start(&words, "say "))
        return (struct words){0};
    trim(&words);
    unquote(&words);
    return words;
}

bool speech_refuses(struct json_object *request)
{
    struct json_object *question = speech_asked_last(request);
    struct words words = question_start(question);
    bool refuses = skip_start(&words, "refuse") && (words.length == 0 || !is_name_byte(words.at[0]));
    json_object_put(question);
    return refuses;
}

struct json_object *speech_refusal(void)
{
    return jo_string("I am sorry, but you asked me to refuse this, so I will not go further into it.");
}

static bool is_result(struct json_object *message)
{
    struct json_object *role = jo_get(message, "role");
    return jo_is(role, "tool") || jo_is(role, "function");
}

/* Quotes the tool messages at the end of the conversation. */
static struct json_object *report_results(struct json_object *messages)
{
    size_t count = jo_length(messages), first = count;
    while (first > 0 && is_result(jo_item(messages, first - 1)))
        first--;
    struct printbuf *buffer = jo_buffer();
    jo_append_text(buffer, count - first > 1 ? "The tools answered: " : "The tool answered: ");
    for (size_t i = first; i < count; i++) {
        struct json_object *result = speech_of_message(jo_item(messages, i));
        jo_append_text(buffer, i > first ? "; " : "");
        jo_append(buffer, jo_text(result), jo_text_length(result));
        json_object_put(result);
    }
    return jo_buffer_string(buffer);
}

static struct json_object *sentence_for(struct json_object *request, struct json_object *question, size_t choice)
{
    uint64_t seed = (uint64_t)jo_int(jo_get(request, "seed"), 0);
    uint64_t pick = digest_mix(digest_bytes(jo_text(question), jo_text_length(question)) + seed) + choice;
    return jo_string(sentences[pick % (sizeof sentences / sizeof *sentences)]);
}

struct json_object *speech_answer(struct json_object *request, size_t choice)
{
    struct json_object *prediction = jo_get(request, "prediction");
    if (is_result(last_message(request)))
        return report_results(jo_get(request, "messages"));
    struct json_object *question = newest_question(request), *answer;
    struct words words = wanted(question);
    if (words.length > 0)
        answer = jo_bytes(words.at, words.length);
    else if (prediction)
        answer = speech_of_message(prediction);
    else
        answer = sentence_for(request, question, choice);
    json_object_put(question);
    return answer;
}
