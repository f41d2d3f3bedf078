/* e2e_helper.c: what the end-to-end scripts need and a shell has not: servers that misbehave, a server that repeats the key it was sent, one
 * that says what it is told to, and a look into JSON with another parser than our own. tests/e2e.inc compiles it. */
#include <check.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>

/* Check's own assertions work inside of its tests only. */
static inline void must(int holds)
{
    if (!holds) abort();
}
#undef ck_assert
#undef ck_assert_int_eq
#undef ck_assert_int_ge
#define ck_assert(holds) must(holds)
#define ck_assert_int_eq(a, b) must((a) == (b))
#define ck_assert_int_ge(a, b) must((a) >= (b))

#include "tests/fault_server.h"

/* --- servers that misbehave */

#define JSON_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define COMPLETION "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1785542400,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":" \
                   "{\"role\":\"assistant\",\"content\":\"hi\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}]," \
                   "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,\"total_tokens\":2}}"

static const struct fault_step endless[] = {{FAULT_READ}, {FAULT_SEND, JSON_HEAD "\r\n{\"id\":\""}, {FAULT_SEND, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", -1}, {0}};
static const struct fault_step broken[] = {{FAULT_READ}, {FAULT_SEND, JSON_HEAD "Content-Length: 9\r\n\r\n{\"id\": \"c"}, {0}};
static const struct fault_step silent[] = {{FAULT_READ}, {FAULT_HOLD}, {0}};
static const struct fault_step slow[] = {{FAULT_READ}, {FAULT_WAIT, NULL, 200}, {FAULT_SEND, JSON_HEAD "\r\n" COMPLETION}, {0}};
static const struct fault_step away[] = {{FAULT_READ}, {FAULT_SEND, "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nBad Gateway\n"}, {0}};
static const struct fault_step closing[] = {{FAULT_READ}, {0}};

static const struct fault_step busy[] = {{FAULT_READ}, {FAULT_SEND, "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 0\r\n\r\n"
    "{\"error\":{\"message\":\"slower, please\",\"type\":\"requests\",\"param\":null,\"code\":\"rate_limit_exceeded\"}}"}, {0}};

static const struct {
    const char *name;
    const struct fault_step *script;
} scripts[] = {{"endless", endless}, {"broken", broken}, {"silent", silent}, {"slow", slow}, {"closing", closing}, {"away", away}, {"busy", busy}};

/* Until a signal asks for the end; the server itself is a child. */
static int serve_script(const char *name)
{
    sigset_t signals;
    int number;
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        if (strcmp(scripts[i].name, name) != 0) continue;
        struct fault_server server = fault_start(scripts[i].script);
        printf("http://127.0.0.1:%d/v1\n", server.port);
        fflush(stdout);
        sigwait(&signals, &number);
        fault_stop(&server);
        return 0;
    }
    fprintf(stderr, "e2e_helper: there is no script %s\n", name);
    return 2;
}

/* --- a server that repeats the key */

/* A whole request; the length of its head, or 0. */
static size_t read_request(int fd, char *text, size_t size)
{
    size_t length = 0;
    for (;;) {
        ssize_t got = recv(fd, text + length, size - 1 - length, 0);
        if (got <= 0) return 0;
        length += (size_t)got;
        text[length] = '\0';
        const char *end = strstr(text, "\r\n\r\n");
        if (!end) continue;
        size_t head = (size_t)(end + 4 - text);
        if (fault_body_left(text, end, length - head) == 0) return head;
    }
}

static void find_key(const char *head, char *key, size_t size)
{
    const char *found = strstr(head, "Bearer ");
    size_t length = found ? strcspn(found + 7, "\r\n") : 0;
    snprintf(key, size, "%.*s", (int)length, found ? found + 7 : "");
}

static void put_base64(FILE *out, const char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0, held = 0;
    for (; *text; text++) {
        bits = bits << 8 | (unsigned char)*text;
        for (held += 8; held >= 6; held -= 6) fputc(digits[bits >> (held - 6) & 63], out);
    }
    if (held) fputc(digits[bits << (6 - held) & 63], out);
}

/* The key as it is, in base64, in JSON escapes, percent-encoded and in hex. */
static void put_key(FILE *out, const char *key)
{
    fprintf(out, "%s ", key);
    put_base64(out, key);
    for (const char *c = key; *c; c++) fprintf(out, "%s\\u%04x", c == key ? " " : "", (unsigned char)*c);
    for (const char *c = key; *c; c++) fprintf(out, "%s%%%02X", c == key ? " " : "", (unsigned char)*c);
    for (const char *c = key; *c; c++) fprintf(out, "%s%02x", c == key ? " " : "", (unsigned char)*c);
}

static void send_all(int fd, const char *bytes, size_t length)
{
    for (size_t sent = 0; sent < length;) {
        ssize_t n = send(fd, bytes + sent, length - sent, MSG_NOSIGNAL);
        if (n <= 0) break;
        sent += (size_t)n;
    }
}

static void answer(int fd)
{
    static char text[65536];
    char key[256], *body = NULL, *reply = NULL;
    size_t body_length, length;
    if (read_request(fd, text, sizeof text) == 0) return;
    find_key(text, key, sizeof key);
    FILE *out = open_memstream(&body, &body_length);
    fputs("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1785542400,\"model\":\"", out);
    put_key(out, key);
    fputs("\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"", out);
    put_key(out, key);
    fputs("\",\"content\":\"hi\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}]}", out);
    fclose(out);
    out = open_memstream(&reply, &length);
    fprintf(out, "HTTP/1.1 200 %s\r\nContent-Type: application/json\r\nX-Key: %s\r\nAuthorization: Bearer %s\r\nX-Coded: ", key, key, key);
    put_base64(out, key);
    fprintf(out, "\r\nContent-Length: %zu\r\n\r\n%s", body_length, body);
    fclose(out);
    send_all(fd, reply, length);
    free(body);
    free(reply);
}

static int serve_each(void (*answer)(int fd))
{
    int port, listener = fault_listen(&port);
    printf("http://127.0.0.1:%d/v1\n", port);
    fflush(stdout);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        answer(fd);
        close(fd);
    }
}

/* --- a server that says what lies in files: "send NAME" in a request is answered with the bytes of FOLDER/NAME, head and all; the first time
 * with those of FOLDER/NAME.once, if that is there. */

static const char *folder;

static void send_file(int fd, const char *path)
{
    static char bytes[1 << 20];
    FILE *file = fopen(path, "rb");
    if (!file) return;
    send_all(fd, bytes, fread(bytes, 1, sizeof bytes, file));
    fclose(file);
}

static void answer_from_file(int fd)
{
    static char text[65536];
    char name[64], path[512], once[576];
    if (read_request(fd, text, sizeof text) == 0) return;
    const char *asked = strstr(text, "send ");
    if (!asked) {
        send_all(fd, JSON_HEAD "\r\n" COMPLETION, sizeof JSON_HEAD "\r\n" COMPLETION - 1);
        return;
    }
    asked += 5;
    snprintf(name, sizeof name, "%.*s", (int)strspn(asked, "abcdefghijklmnopqrstuvwxyz0123456789-"), asked);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    snprintf(once, sizeof once, "%s.once", path);
    bool first = access(once, F_OK) == 0;
    send_file(fd, first ? once : path);
    if (first) unlink(once);
}

/* --- a server that reads so many requests, says nothing to any of them, and is no longer there before the last one ends */

static int serve_and_leave(int left)
{
    static char text[65536];
    int port, listener = fault_listen(&port);
    printf("http://127.0.0.1:%d/v1\n", port);
    fflush(stdout);
    while (left > 0) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) continue;
        read_request(fd, text, sizeof text);
        if (--left == 0) close(listener);
        close(fd);
    }
    for (;;) pause();
}

/* --- JSON */

static struct json_object *parse(const char *text, size_t length)
{
    struct json_tokener *tokener = json_tokener_new();
    if (json_c_version_num() < 0x1200) json_tokener_set_flags(tokener, JSON_TOKENER_STRICT); /* 0.18 then refuses what is not ASCII */
    struct json_object *object = json_tokener_parse_ex(tokener, text, (int)length);
    bool whole = json_tokener_get_error(tokener) == json_tokener_success && json_tokener_get_parse_end(tokener) == length;
    json_tokener_free(tokener);
    if (whole) return object;
    fprintf(stderr, "e2e_helper: this is not JSON: %.200s\n", text);
    exit(1);
}

static void print_value(struct json_object *object, const char *pointer)
{
    struct json_object *value = NULL;
    if (!pointer) return;
    if (json_pointer_get(object, pointer, &value) != 0) puts("(absent)");
    else if (json_object_is_type(value, json_type_array)) printf("%zu\n", json_object_array_length(value));
    else puts(value ? json_object_get_string(value) : "null");
}

/* One value of a file, or of each of its lines; of an array its length. Without a pointer the file is only read. An empty file is none. */
static int look(const char *path, const char *pointer, bool lines)
{
    static char text[64 << 20];
    FILE *file = fopen(path, "rb");
    if (!file) return 2;
    bool empty = lines;
    if (lines) {
        while (fgets(text, sizeof text, file)) {
            empty = false;
            struct json_object *object = parse(text, strcspn(text, "\n"));
            print_value(object, pointer);
            json_object_put(object);
        }
        if (empty) fprintf(stderr, "e2e_helper: %s is empty\n", path);
    } else {
        size_t length = fread(text, 1, sizeof text - 1, file);
        while (length && strchr("\n ", text[length - 1])) text[--length] = '\0';
        struct json_object *object = parse(text, length);
        print_value(object, pointer);
        json_object_put(object);
    }
    fclose(file);
    return empty;
}

/* How many members the object in a file has. */
static int count_members(const char *path)
{
    struct json_object *object = json_object_from_file(path);
    if (json_object_is_type(object, json_type_object)) printf("%d\n", json_object_object_length(object));
    json_object_put(object);
    return object == NULL;
}

/* True when each item of the array in a file has just these members. */
static int look_for_keys(const char *path, char **keys, int count)
{
    struct json_object *list = json_object_from_file(path);
    int wrong = !json_object_is_type(list, json_type_array);
    for (size_t i = 0; !wrong && i < json_object_array_length(list); i++) {
        struct json_object *item = json_object_array_get_idx(list, i);
        wrong += json_object_object_length(item) != count;
        for (int k = 0; k < count; k++) wrong += !json_object_object_get_ex(item, keys[k], NULL);
        if (wrong) printf("item %zu has other members: %s\n", i, json_object_to_json_string(item));
    }
    json_object_put(list);
    return wrong != 0;
}

int main(int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[1], "serve") == 0) return strcmp(argv[2], "echo") == 0 ? serve_each(answer) : serve_script(argv[2]);
    if (argc == 2 && strcmp(argv[1], "port") == 0) {
        int port;
        close(fault_listen(&port));
        printf("%d\n", port);
        return 0;
    }
    if (argc == 4 && strcmp(argv[1], "serve") == 0 && strcmp(argv[2], "files") == 0) {
        folder = argv[3];
        return serve_each(answer_from_file);
    }
    if (argc == 4 && strcmp(argv[1], "serve") == 0 && strcmp(argv[2], "leaving") == 0) return serve_and_leave((int)strtol(argv[3], NULL, 10));
    if (argc >= 3 && strcmp(argv[1], "json") == 0) return look(argv[2], argv[3], false);
    if (argc >= 3 && strcmp(argv[1], "jsonl") == 0) return look(argv[2], argv[3], true);
    if (argc == 3 && strcmp(argv[1], "members") == 0) return count_members(argv[2]);
    if (argc > 3 && strcmp(argv[1], "keys") == 0) return look_for_keys(argv[2], argv + 3, argc - 3);
    fprintf(stderr, "usage: e2e_helper serve NAME | serve files FOLDER | serve leaving COUNT | port | json FILE [POINTER] | jsonl FILE [POINTER] | "
                    "members FILE | keys FILE KEY...\n");
    return 2;
}
