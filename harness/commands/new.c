/* new.c: `chatconform new -- curl ...`: a case of a suite from the curl command with which somebody saw something. What a run adds by itself
 * (the key, the usual headers, the model) is left to the run, so that the case can be asked of any server and holds no secret. */
#include "harness/base/api.h"
#include "harness/base/file.h"
#include "harness/base/jo.h"
#include "harness/base/redact.h"
#include "harness/base/why.h"
#include "harness/base/words.h"
#include "harness/command.h"
#include "harness/commands/curl_line.h"
#include "harness/suite/case_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* What becomes of a curl command. */
struct draft {
    const struct curl_line *line;
    char *path;                  /* below the base URL; NULL: /chat/completions */
    struct json_object *request; /* the body as an object; NULL: it is none */
    struct json_object *headers; /* those that a run does not send by itself */
    struct json_object *rejected; /* `expect: {rejected: ...}` of a wrong request; NULL: it is fine */
    char broken[160];            /* the rule that it breaks */
    bool left_secret;            /* something secret was left out */
};

/* --- the URL */

/* Without a fragment, and without the query when there is a secret in it. */
static size_t path_length(struct draft *d, const char *path)
{
    size_t length = strcspn(path, "#"), query = strcspn(path, "?#");
    for (const char *at = path + query; *at && *at != '#'; at += 1 + strcspn(at + 1, "&#"))
        if (redact_parameter(at + 1, strcspn(at + 1, "=&#"))) {
            d->left_secret = true;
            return query;
        }
    return length;
}

/* The path below the base URL: what follows /v1, or the whole path where there is none. */
static bool take_url(struct draft *d, char *why, size_t size)
{
    const char *url = d->line->url, *scheme = strstr(url, "://"), *host = scheme ? scheme + 3 : url, *path = host + strcspn(host, "/?#");
    const char *user = memchr(host, '@', (size_t)(path - host)), *base = strstr(path, "/v1/");
    static const char usual[] = CHAT_PATH;
    if (user) return why_not(why, size, "the URL has a user name or password in it");
    if (base) path = base + 3;
    size_t length = path_length(d, path);
    size_t end = sizeof usual - 1;
    if (length >= end && strncmp(path + length - end, usual, end) == 0) return true;
    d->path = *path == '/' ? strndup(path, length) : strdup("/");
    return d->path || why_no_memory(why, size);
}

/* --- the headers */

/* A run sends these by itself. */
static bool is_usual(const char *line, bool json_body)
{
    static const char *const names[] = {"accept", "host", "content-length", "user-agent", "connection", "accept-encoding"};
    size_t length = strcspn(line, ":;");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && strncasecmp(line, names[i], length) == 0) return true;
    return json_body && length == 12 && strncasecmp(line, "content-type", 12) == 0 && strncmp(line + 12, ": application/json", 18) == 0 && !line[30];
}

static void take_header(struct draft *d, const char *line)
{
    char name[128];
    size_t length = strcspn(line, ":;");
    const char *value = line + length + (line[length] != '\0');
    snprintf(name, sizeof name, "%.*s", (int)length, line);
    if (redact_header(name)) {
        d->left_secret = true;
        return;
    }
    if (is_usual(line, d->request != NULL)) return;
    value += strspn(value, " \t");
    if (*value || line[length] == ';') jo_put(d->headers, name, jo_string(value));
    else jo_put(d->headers, name, NULL); /* "Name:" takes a header out */
}

/* What --data adds where no header says otherwise. */
static void take_headers(struct draft *d)
{
    const struct curl_line *line = d->line;
    bool typed = line->json;
    d->headers = jo_object();
    for (size_t i = 0; i < line->headers.count; i++) {
        typed |= strncasecmp(line->headers.items[i], "content-type", 12) == 0;
        take_header(d, line->headers.items[i]);
    }
    if (!typed && line->body) jo_put(d->headers, "Content-Type", jo_string("application/x-www-form-urlencoded"));
    d->left_secret |= line->has_secret;
}

/* --- the body */

/* A request that is wrong has to say so, or a run would call it a mistake of the suite. */
static bool judge(struct draft *d, char *why, size_t size)
{
    struct cc_checker *checker = cc_checker_new(NULL);
    const struct cc_report *report = checker ? cc_check(checker, CC_REQUEST, d->line->body, d->line->body_length) : NULL;
    for (size_t i = 0; report && i < report->count && !d->rejected; i++) {
        const struct cc_finding *f = &report->findings[i];
        if (f->severity != CC_ERROR) continue;
        char member[96];
        snprintf(member, sizeof member, "%.*s", *f->pointer == '/' ? (int)strcspn(f->pointer + 1, "/") : 0, *f->pointer ? f->pointer + 1 : "");
        d->rejected = jo_object();
        if (*member) jo_put(d->rejected, "param", jo_string(member));
        snprintf(d->broken, sizeof d->broken, "%s", f->rule->id);
    }
    cc_checker_free(checker);
    return report || why_no_memory(why, size);
}

/* What is no JSON object, or JSON that an object cannot hold (a key given twice), stays the text that it is. */
static bool take_body(struct draft *d, char *why, size_t size)
{
    const struct curl_line *line = d->line;
    if (!line->body) return true;
    if (!d->path && !judge(d, why, size)) return false;
    d->request = begins(d->broken, "json.") ? NULL : jo_read_bytes(line->body, line->body_length);
    if (jo_is_object(d->request)) return true;
    json_object_put(d->request);
    d->request = NULL;
    return true;
}

/* --- the case */

static const char *method_of(const struct draft *d)
{
    return d->line->method ? d->line->method : d->line->body ? "POST" : "GET";
}

/* A name that YAML and JSON take for the same thing stands without quotes. */
static void put_name(FILE *out, const char *name)
{
    struct json_object *text = jo_string(name);
    bool plain = *name >= 'a' && *name <= 'z' && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")] && strcmp(name, "null") != 0 &&
                 strcmp(name, "true") != 0 && strcmp(name, "false") != 0;
    if (plain) fputs(name, out);
    else case_write_value(out, text);
    json_object_put(text);
}

/* Each case is asked of whatever model the run is about. */
static void put_request(FILE *out, const struct draft *d)
{
    fprintf(out, "    request:%s\n", jo_members(d->request) ? "" : " {}");
    json_object_object_foreach(d->request, name, value) {
        fputs("      ", out);
        put_name(out, name);
        fputs(": ", out);
        if (strcmp(name, "model") == 0 && jo_is_text(value)) fputs("\"${model}\"", out);
        else case_write_value(out, value);
        putc('\n', out);
    }
}

static void put_member(FILE *out, const char *name, struct json_object *value)
{
    fprintf(out, "    %s: ", name);
    case_write_value(out, value);
    putc('\n', out);
    json_object_put(value);
}

static void put_expect(FILE *out, const struct draft *d)
{
    if (!d->rejected) {
        fputs("    expect: {status: 200}\n", out);
        return;
    }
    fprintf(out, "    expect:  # the request breaks %s\n      rejected: ", d->broken);
    case_write_value(out, d->rejected);
    putc('\n', out);
}

static void put_case(FILE *out, const struct draft *d, const char *id)
{
    fprintf(out, "  - id: %s\n", id);
    if (d->left_secret) fputs("    # What was secret is left out: a run sends the key of its target, $OPENAI_API_KEY.\n", out);
    if (strcmp(method_of(d), "POST") != 0) put_member(out, "method", jo_string(method_of(d)));
    if (d->path) put_member(out, "path", jo_string(d->path));
    if (jo_members(d->headers)) put_member(out, "headers", json_object_get(d->headers));
    if (d->request) put_request(out, d);
    else if (d->line->body) put_member(out, "body", jo_bytes(d->line->body, d->line->body_length));
    put_expect(out, d);
}

/* --- the file */

static void put_head(FILE *out, const char *file)
{
    const char *slash = file ? strrchr(file, '/') : NULL, *base = slash ? slash + 1 : file ? file : "mine";
    char stem[128], name[128];
    snprintf(stem, sizeof stem, "%.*s", (int)strcspn(base, "."), base);
    case_write_id(stem, name, sizeof name);
    fprintf(out, "chatconform: 1\nsuite: %s\ncases:\n", *name ? name : "mine");
}

/* Without a file head and case are printed. */
static bool write_out(const struct draft *d, const struct options *o, char *why, size_t size)
{
    char *head = NULL, *text = NULL;
    size_t head_length, length;
    FILE *out = open_memstream(&head, &head_length);
    if (out) put_head(out, o->suite_file);
    bool fine = out && fclose(out) == 0;
    out = fine ? open_memstream(&text, &length) : NULL;
    if (out) put_case(out, d, o->id ? o->id : "from-curl");
    fine = out && fclose(out) == 0 && !jo_lost();
    if (!fine) why_no_memory(why, size);
    else if (o->suite_file) fine = case_file_append(o->suite_file, head, text, why, size);
    else printf("%s%s", head, text);
    free(head);
    free(text);
    return fine;
}

/* --- the command */

static bool is_utf8(const char *bytes, size_t length)
{
    const unsigned char *at = (const unsigned char *)bytes, *end = at + length;
    static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    while (at < end) {
        size_t size = *at < 0x80 ? 1 : *at >= 0xF0 ? 4 : *at >= 0xE0 ? 3 : 2;
        unsigned point = size == 1 ? *at : *at & (0xFFU >> (size + 1));
        if ((*at >= 0x80 && *at < 0xC2) || *at > 0xF4 || size > (size_t)(end - at)) return false;
        for (size_t i = 1; i < size; i++) {
            if ((at[i] & 0xC0) != 0x80) return false;
            point = point << 6 | (at[i] & 0x3FU);
        }
        if ((size > 1 && point < least[size]) || (point >= 0xD800 && point < 0xE000) || point > 0x10FFFF) return false;
        at += size;
    }
    return true;
}

static bool draft(struct draft *d, const struct options *o, char *why, size_t size)
{
    const char *id = o->id ? o->id : "a";
    if (!*id || id[strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789._-")] || strchr("._-", *id))
        return why_not(why, size, "--id %s: small letters, digits, dots, dashes and underscores are expected", id);
    if (!take_url(d, why, size) || !take_body(d, why, size)) return false;
    if (d->line->body && !d->request && !is_utf8(d->line->body, d->line->body_length))
        return why_not(why, size, "the body is no UTF-8 text: a suite file cannot hold it");
    take_headers(d);
    return write_out(d, o, why, size);
}

int command_new(struct options *options, char *why, size_t why_size)
{
    const struct texts *words = &options->arguments;
    struct curl_line line;
    struct draft d = {.line = &line};
    const char *base = words->count ? words->items[0] : "";
    if (strrchr(base, '/')) base = strrchr(base, '/') + 1;
    if (strcmp(base, "curl") != 0) {
        why_not(why, why_size, "new takes a curl command: chatconform new -- curl URL -H ... -d ...");
        return EXIT_USAGE;
    }
    bool fine = curl_line_read(&line, words->items + 1, why, why_size) && draft(&d, options, why, why_size);
    json_object_put(d.request);
    json_object_put(d.headers);
    json_object_put(d.rejected);
    free(d.path);
    curl_line_clear(&line);
    return fine ? EXIT_FINE : EXIT_USAGE;
}
