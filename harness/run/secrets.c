/* secrets.c: see secrets.h. */
#include "harness/run/secrets.h"

#include "harness/base/why.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Most servers on the same machine want a key, but any will do. */
static const char any_key[] = "no-key-needed";

/* --- the key */

static char *without_end(char *text, size_t length)
{
    while (length && strchr("\r\n \t", text[length - 1])) text[--length] = '\0';
    return text;
}

static bool read_key(char *key, const char *path, char *why, size_t size)
{
    FILE *file = fopen(path, "rb");
    size_t length = file ? fread(key, 1, REDACT_LONGEST + 1, file) : 0;
    bool fine = file && !ferror(file);
    if (!fine) why_not(why, size, "the key file %s cannot be read: %s", path, strerror(errno));
    if (file) fclose(file);
    if (!fine) return false;
    if (memchr(key, '\0', length) || length > REDACT_LONGEST) return why_not(why, size, "what is in %s is no key", path);
    return *without_end(key, length) || why_not(why, size, "the key file %s is empty", path);
}

static bool key_from_file(struct secrets *s, const char *path, char *why, size_t size)
{
    s->key_name = "API_KEY";
    s->key = calloc(1, REDACT_LONGEST + 2);
    return s->key ? read_key(s->key, path, why, size) : why_no_memory(why, size);
}

static bool is_loopback(const char *url)
{
    const char *host = strstr(url, "://") + 3;
    size_t length = strcspn(host, ":/?");
    if (length == 9 && strncasecmp(host, "localhost", length) == 0) return true;
    return strncmp(host, "[::1]", 5) == 0 || (strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == length);
}

static bool key_from_environment(struct secrets *s, const struct options *o, bool any_will_do, char *why, size_t size)
{
    s->key_name = o->api_key_env ? o->api_key_env : "OPENAI_API_KEY";
    const char *value = getenv(s->key_name);
    if (!value || !*value) {
        if (!any_will_do || o->api_key_env)
            return why_not(why, size, "the environment variable %s is not set; name another with --api-key-env, or say --auth none",
                           s->key_name);
        value = any_key;
        s->placeholder = true;
    }
    s->key = strdup(value);
    return s->key || why_no_memory(why, size);
}

static bool find_key(struct secrets *s, const struct options *o, const char *base_url, bool own_endpoint, char *why, size_t size)
{
    if (own_endpoint) {
        s->key_name = "OPENAI_API_KEY";
        s->key = strdup(any_key);
        s->placeholder = true;
        return s->key || why_no_memory(why, size);
    }
    if (o->auth && strcmp(o->auth, "none") == 0) return true;
    if (o->api_key_file) return key_from_file(s, o->api_key_file, why, size);
    return key_from_environment(s, o, is_loopback(base_url), why, size);
}

/* --- keeping them */

static bool guard_key(struct secrets *s, char *why, size_t size)
{
    if (!s->key || s->placeholder) return true;
    for (const char *c = s->key; *c; c++) {
        if ((unsigned char)*c > ' ' && (unsigned char)*c < 0x7F) continue;
        return why_not(why, size, "the key in %s has a blank, a control character or one beyond ASCII in it", s->key_name);
    }
    char name[256];
    snprintf(name, sizeof name, "$%s", s->key_name);
    if (redactor_add(s->redactor, s->key, name)) return true;
    return why_not(why, size, "the key in %s cannot be kept out of the reports: a key has %d to %d characters", s->key_name, REDACT_SHORTEST,
                   REDACT_LONGEST);
}

/* What is too short to be told from other text is left alone: in a header its name masks it. */
static void guard(struct secrets *s, const char *value, size_t length, const char *name)
{
    if (length < REDACT_SHORTEST || length > REDACT_LONGEST) return;
    char *copy = strndup(value, length);
    if (!copy || !redactor_add(s->redactor, copy, name)) s->failed = true;
    free(copy);
}

static bool is_secret_header(const char *line)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(line, ":"), line);
    return redact_header(name);
}

static bool guard_headers(struct secrets *s, const struct texts *headers)
{
    bool any = false;
    for (size_t i = 0; i < headers->count; i++) {
        const char *line = headers->items[i], *value = line + strcspn(line, ":") + 1;
        if (!is_secret_header(line)) continue;
        any = true;
        value += strspn(value, " \t");
        if (strncasecmp(value, "Bearer ", 7) == 0) value += 7;
        guard(s, value, strlen(value), "$REDACTED");
    }
    return any;
}

static bool guard_query(struct secrets *s, const char *query)
{
    bool any = false;
    for (; query && *query; query += strcspn(query, "&"), query += *query == '&') {
        size_t name = strcspn(query, "=&"), length = strcspn(query, "&");
        if (name == length || !redact_parameter(query, name)) continue;
        any = true;
        guard(s, query + name + 1, length - name - 1, "$REDACTED");
    }
    return any;
}

/* What suites may read of the environment may be a key for something else. */
static void guard_environment(struct secrets *s, const struct texts *names)
{
    for (size_t i = 0; i < names->count; i++) {
        char name[256];
        const char *value = getenv(names->items[i]);
        snprintf(name, sizeof name, "$%s", names->items[i]);
        if (value) guard(s, value, strlen(value), name);
    }
}

bool secrets_find(struct secrets *secrets, const struct options *options, const char *base_url, bool own_endpoint, char *why, size_t why_size)
{
    *secrets = (struct secrets){.redactor = redactor_new()};
    if (!secrets->redactor) return why_no_memory(why, why_size);
    if (!find_key(secrets, options, base_url, own_endpoint, why, why_size) || !guard_key(secrets, why, why_size)) return false;
    bool in_headers = guard_headers(secrets, &options->headers), in_query = guard_query(secrets, options->query);
    bool any = (secrets->key && !secrets->placeholder) || in_headers || in_query;
    secrets->only_encrypted = any && !options->allow_insecure_auth;
    guard_environment(secrets, &options->env);
    if (secrets->failed) return why_no_memory(why, why_size);
    return secrets_may_travel(secrets, base_url, why, why_size);
}

bool secrets_may_travel(const struct secrets *secrets, const char *url, char *why, size_t why_size)
{
    bool open = strncasecmp(url, "http://", 7) == 0 && !is_loopback(url);
    if (!open || !secrets->only_encrypted) return true;
    return why_not(why, why_size, "the key would travel unencrypted to %s; use https, or say --allow-insecure-auth", url);
}

void secrets_clear(struct secrets *secrets)
{
    redactor_free(secrets->redactor);
    if (secrets->key) explicit_bzero(secrets->key, strlen(secrets->key));
    free(secrets->key);
    *secrets = (struct secrets){0};
}
