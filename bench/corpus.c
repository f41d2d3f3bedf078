/* corpus.c: see corpus.h. What is generated is what applications send: conversations of many lengths, agents with tools, an image. */
#include "bench/corpus.h"

#include "chatconform.h"

#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void add(struct class *class, const char *text, size_t length)
{
    class->samples = realloc(class->samples, (class->count + 1) * sizeof *class->samples);
    char *copy = class->samples ? malloc(length + 1) : NULL;
    if (!copy) exit(EXIT_FAILURE);
    memcpy(copy, text, length);
    copy[length] = '\0';
    class->samples[class->count++] = (struct sample){copy, length};
    class->bytes += length;
}

static void add_object(struct class *class, struct json_object *object)
{
    size_t length;
    const char *text = json_object_to_json_string_length(object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
    add(class, text, length);
    json_object_put(object);
}

static const char *const turns[] = {
    "Can you help me plan a trip to Lisbon in May? I would like to see the old town, eat well and take one day by the sea.",
    ("Of course! Three days are enough for the old town:\n\n1. Alfama and the castle\n2. Bel\xc3\xa9m with its tower\n3. Chiado for food\n\nFor the sea, take the "
     "train to Cascais; it leaves every twenty minutes from Cais do Sodr\xc3\xa9 and follows the coast all the way."),
    "Great. And what about the \"hidden\" places that tourists miss?",
    "Try the Jardim do Torel for a quiet view, the LX Factory on a weekday morning, and Feira da Ladra on Tuesdays and Saturdays."};

static struct json_object *message(const char *role, const char *content)
{
    struct json_object *m = json_object_new_object();
    json_object_object_add(m, "role", json_object_new_string(role));
    json_object_object_add(m, "content", json_object_new_string(content));
    return m;
}

static struct json_object *conversation(size_t messages)
{
    struct json_object *request = json_object_new_object(), *list = json_object_new_array();
    json_object_object_add(request, "model", json_object_new_string("gpt-4o-mini"));
    json_object_array_add(list, message("developer", "You are a helpful travel assistant. Answer briefly and in plain words."));
    for (size_t i = 0; i < messages; i++) json_object_array_add(list, message(i % 2 ? "assistant" : "user", turns[i % 4]));
    json_object_object_add(request, "messages", list);
    json_object_object_add(request, "temperature", json_object_new_double(0.7));
    json_object_object_add(request, "max_completion_tokens", json_object_new_int(512));
    json_object_object_add(request, "stream", json_object_new_boolean(1));
    return request;
}

static struct json_object *tool(size_t index)
{
    static const char text[] =
        "{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"Look up the weather of a city for the next days.\",\"parameters\":{\"type\":"
        "\"object\",\"properties\":{\"city\":{\"type\":\"string\",\"description\":\"The city, such as Paris\"},\"days\":{\"type\":\"integer\",\"minimum\":1,"
        "\"maximum\":14},\"unit\":{\"type\":\"string\",\"enum\":[\"celsius\",\"fahrenheit\"]}},\"required\":[\"city\"],\"additionalProperties\":false}}}";
    struct json_object *object, *function;
    char name[40], why[100];
    if (!cc_read_object(text, sizeof text - 1, NULL, &object, why, sizeof why)) exit(EXIT_FAILURE);
    snprintf(name, sizeof name, "get_weather_%zu", index);
    json_object_object_get_ex(object, "function", &function);
    json_object_object_add(function, "name", json_object_new_string(name));
    return object;
}

static void add_call(struct json_object *messages, size_t index)
{
    char text[512], id[32], why[100];
    struct json_object *assistant, *answer = message("tool", "{\"temperature\": 21.5, \"sky\": \"clear\", \"wind_kmh\": 12}");
    snprintf(id, sizeof id, "call_%08zx", index * 2654435761u);
    snprintf(text, sizeof text,
             "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"%s\",\"type\":\"function\",\"function\":{\"name\":\"get_weather_%zu\","
             "\"arguments\":\"{\\\"city\\\": \\\"Lisbon\\\", \\\"days\\\": %zu}\"}}]}",
             id, index % 8, index % 14 + 1);
    if (!cc_read_object(text, strlen(text), NULL, &assistant, why, sizeof why)) exit(EXIT_FAILURE);
    json_object_array_add(messages, assistant);
    json_object_object_add(answer, "tool_call_id", json_object_new_string(id));
    json_object_array_add(messages, answer);
}

static struct json_object *agent(size_t tools, size_t calls)
{
    struct json_object *request = conversation(1), *messages, *list = json_object_new_array();
    json_object_object_get_ex(request, "messages", &messages);
    for (size_t i = 0; i < calls; i++) add_call(messages, i);
    for (size_t i = 0; i < tools; i++) json_object_array_add(list, tool(i));
    json_object_object_add(request, "tools", list);
    json_object_object_add(request, "tool_choice", json_object_new_string("auto"));
    return request;
}

/* A PNG by its first bytes; the rest is what compressed data looks like. */
static struct json_object *image(size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    static const char start[] = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA";
    struct json_object *request = conversation(1), *messages, *part, *parts = json_object_new_array(), *user = json_object_new_object();
    char *url = malloc(size + 1), why[100];
    unsigned seed = 1;
    if (!url || !cc_read_object("{\"type\":\"image_url\",\"image_url\":{}}", 35, NULL, &part, why, sizeof why)) exit(EXIT_FAILURE);
    memcpy(url, start, sizeof start - 1);
    for (size_t i = sizeof start - 1; i < size; i++) url[i] = digits[(seed = seed * 1103515245 + 12345) >> 26];
    json_object_object_add(json_object_object_get(part, "image_url"), "url", json_object_new_string_len(url, (int)size));
    json_object_array_add(parts, part);
    json_object_object_add(user, "role", json_object_new_string("user"));
    json_object_object_add(user, "content", parts);
    json_object_object_get_ex(request, "messages", &messages);
    json_object_array_add(messages, user);
    free(url);
    return request;
}

/* A member of each recorded exchange: its request as its client would have sent it, or its event stream. */
static void add_recorded(struct class *class, const char *member)
{
    const char *shared = getenv("CHATCONFORM_SHARED");
    char command[4096], *line = NULL;
    size_t room = 0;
    if (!shared || !*shared || strchr(shared, '\'')) return;
    snprintf(command, sizeof command, "gzip -dc '%s/traffic/recorded.jsonl.gz'", shared);
    FILE *pipe = popen(command, "r");
    for (ssize_t length; pipe && (length = getline(&line, &room, pipe)) > 0;) {
        struct json_object *exchange = NULL, *part;
        bool there = cc_read_object(line, (size_t)length, NULL, &exchange, NULL, 0) && json_object_object_get_ex(exchange, member, &part);
        if (there && json_object_is_type(part, json_type_string))
            add(class, json_object_get_string(part), (size_t)json_object_get_string_len(part));
        else if (there)
            add_object(class, json_object_get(part));
        json_object_put(exchange);
    }
    if (pipe) pclose(pipe);
    free(line);
}

size_t corpus_make(struct class *classes, size_t room)
{
    static const char *const names[] = {"recorded requests", "1 message", "10 messages", "50 messages", "200 messages", "8 tools, 20 calls",
                                        "128 tools", "1 MB image"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names && count < room; i++) {
        struct class *c = &classes[count];
        *c = (struct class){.name = names[i]};
        switch (i) {
        case 0: add_recorded(c, "request"); break;
        case 1: add_object(c, conversation(1)); break;
        case 2: add_object(c, conversation(10)); break;
        case 3: add_object(c, conversation(50)); break;
        case 4: add_object(c, conversation(200)); break;
        case 5: add_object(c, agent(8, 20)); break;
        case 6: add_object(c, agent(128, 0)); break;
        default: add_object(c, image(1 << 20)); break;
        }
        if (c->count) count++;
    }
    return count;
}

size_t corpus_make_sizes(struct class *classes, size_t room)
{
    static const struct {
        const char *name;
        size_t messages, tools;
    } sizes[] = {{"1 message", 1, 0},     {"10 messages", 10, 0}, {"100 messages", 100, 0}, {"1000 messages", 1000, 0}, {"2000 messages", 2000, 0},
                 {"1 tool", 1, 1},        {"8 tools", 1, 8},      {"32 tools", 1, 32},      {"128 tools", 1, 128}};
    size_t count = 0;
    for (; count < sizeof sizes / sizeof *sizes && count < room; count++) {
        classes[count] = (struct class){.name = sizes[count].name};
        add_object(&classes[count], sizes[count].tools ? agent(sizes[count].tools, 0) : conversation(sizes[count].messages));
    }
    return count;
}

/* --- event streams */

static const char chunk_start[] =
    "data: {\"id\":\"chatcmpl-ChZGrWePAKduzUEk8i6v9utQc14XI\",\"object\":\"chat.completion.chunk\",\"created\":1764499721,\"model\":"
    "\"gpt-4o-mini-2024-07-18\",\"service_tier\":\"default\",\"system_fingerprint\":\"fp_50906f2aac\",\"choices\":[{\"index\":0,\"delta\":";

static void stream_chunk(FILE *out, const char *delta, const char *finish)
{
    fprintf(out, "%s%s,\"logprobs\":null,\"finish_reason\":%s}],\"usage\":null}\n\n", chunk_start, delta, finish);
}

static void add_stream(struct class *class, size_t chunks, bool tools)
{
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out) exit(EXIT_FAILURE);
    stream_chunk(out, "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}", "null");
    if (tools)
        stream_chunk(out, "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":{\"name\":\"get_weather\",\"arguments\":\"\"}}]}",
                     "null");
    if (tools) stream_chunk(out, "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"[0\"}}]}", "null");
    for (size_t i = 0; i < chunks; i++)
        stream_chunk(out, tools ? "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\", 1\"}}]}" : "{\"content\":\" of words\"}", "null");
    if (tools) stream_chunk(out, "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"]\"}}]}", "null");
    stream_chunk(out, "{}", tools ? "\"tool_calls\"" : "\"stop\"");
    fputs("data: [DONE]\n\n", out);
    fclose(out);
    add(class, text, length);
    free(text);
}

size_t corpus_make_streams(struct class *classes, size_t room)
{
    static const char *const names[] = {"recorded streams", "20 chunks", "500 chunks", "500 call fragments"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names && count < room; i++) {
        struct class *c = &classes[count];
        *c = (struct class){.name = names[i]};
        if (i == 0) add_recorded(c, "sse");
        else add_stream(c, i == 1 ? 20 : 500, i == 3);
        if (c->count) count++;
    }
    return count;
}

void corpus_free(struct class *classes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < classes[i].count; k++) free(classes[i].samples[k].text);
        free(classes[i].samples);
    }
}
