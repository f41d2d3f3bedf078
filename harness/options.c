/* options.c: the table of what can be asked for, and its three sources: flags win over the environment, the environment over the target
 * file. Every flag --some-name is also the variable CHATCONFORM_SOME_NAME and, where it describes a target, the key some_name there. */
#include "harness/options.h"

#include "harness/target.h"
#include "reports/report.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum option_type { TEXT, FLAG, NUMBER, DURATION, LIST, RATE, TIMEOUTS, LIMIT, FAIL_FAST };

struct option {
    const char *name;
    enum option_type type;
    size_t offset;
    unsigned commands;
    const char *value;    /* as the help shows it */
    const char *sentence;
    long low, high;       /* of numbers; of durations in milliseconds */
};

#define AT(member) offsetof(struct options, member)
#define JUDGES (CMD_RUN | CMD_CHECK)

static const struct option table[] = {
    {"base-url", TEXT, AT(base_url), CMD_RUN, "URL", "endpoint to test, such as http://127.0.0.1:8000/v1; without one the reference endpoint is started", 0, 0},
    {"model", TEXT, AT(model), CMD_RUN, "NAME", "model to ask for", 0, 0},
    {"target", TEXT, AT(target), CMD_RUN, "FILE", "YAML file that describes the endpoint", 0, 0},
    {"path", TEXT, AT(path), CMD_RUN, "PATH", "path below the base URL (default /chat/completions)", 0, 0},
    {"query", TEXT, AT(query), CMD_RUN, "QUERY", "query added to each URL, such as api-version=2024-10-21", 0, 0},
    {"auth", TEXT, AT(auth), CMD_RUN, "HOW", "bearer (default), api-key or none", 0, 0},
    {"api-key-env", TEXT, AT(api_key_env), CMD_RUN | CMD_SERVE, "NAME", "environment variable that holds the API key (default OPENAI_API_KEY)", 0, 0},
    {"api-key-file", TEXT, AT(api_key_file), CMD_RUN, "FILE", "file that holds the API key", 0, 0},
    {"header", LIST, AT(headers), CMD_RUN, "NAME: VALUE", "further header of every request", 0, 0},
    {"capability", LIST, AT(capabilities), CMD_RUN, "NAME[=no]", "what the endpoint can do, or not", 0, 0},
    {"insecure", FLAG, AT(insecure), CMD_RUN, NULL, "do not verify certificates", 0, 0},
    {"allow-insecure-auth", FLAG, AT(allow_insecure_auth), CMD_RUN, NULL, "send the key over plain http to another machine", 0, 0},
    {"ca", TEXT, AT(ca), CMD_RUN, "FILE", "certificate authorities to trust", 0, 0},
    {"proxy", TEXT, AT(proxy), CMD_RUN, "URL", "proxy to go through (the environment's is ignored)", 0, 0},
    {"timeout", TIMEOUTS, AT(timeouts), CMD_RUN, "LIST", "connect=10s,first=60s,idle=30s,total=300s, or any of them", 0, 0},
    {"profile", TEXT, AT(profile_name), CMD_RUN | CMD_CHECK | CMD_SERVE | CMD_EXPLAIN, "NAME", "requirement set: openai (default) or newapi", 0, 0},
    {"skip", LIST, AT(skip), CMD_RUN | CMD_LIST, "GLOB", "leave these cases out", 0, 0},
    {"tag", LIST, AT(tags), CMD_RUN | CMD_LIST, "NAME", "only cases with this tag", 0, 0},
    {"level", TEXT, AT(level_name), CMD_RUN | CMD_LIST, "LEVEL", "only cases of this level: must, should, portability", 0, 0},
    {"suites", LIST, AT(suites), CMD_RUN | CMD_LIST, "PATH", "suite file or folder (default: the suites that come with the program)", 0, 0},
    {"jobs", NUMBER, AT(jobs), CMD_RUN, "N", "requests at the same time (default 4)", 1, 64},
    {"rate", RATE, AT(rate_per_s), CMD_RUN, "N/s|N/m", "at most so many requests", 0, 0},
    {"attempts", NUMBER, AT(attempts), CMD_RUN, "N", "tries after trouble on the way, 408 and 429 (default 1)", 1, 10},
    {"fail-fast", FAIL_FAST, AT(fail_fast), CMD_RUN, "[=N]", "stop after N failures (default 1)", 1, 100000},
    {"max-requests", NUMBER, AT(max_requests), CMD_RUN, "N", "budget of requests", 1, 1000000},
    {"max-time", DURATION, AT(max_time_ms), CMD_RUN, "TIME", "budget of time", 1, 86400000},
    {"seed", NUMBER, AT(seed), CMD_RUN, "N", "seed of everything random (default 1)", 0, 2147483647},
    {"dry-run", FLAG, AT(dry_run), CMD_RUN, NULL, "say what would be sent, and send nothing", 0, 0},
    {"fail-on", TEXT, AT(fail_on), JUDGES, "LEVEL", "what fails: must (default), should, portability, warning or never", 0, 0},
    {"allow", LIST, AT(allow), CMD_RUN, "RULE-GLOB", "tolerate findings of these rules", 0, 0},
    {"report", LIST, AT(reports), CMD_RUN, "FORMAT=PATH", "write a report; - is standard output", 0, 0},
    {"kind", TEXT, AT(kind_name), CMD_CHECK, "KIND", "request, response, chunk, stream, list, message_list, error, exchange or auto (default)", 0, 0},
    {"jsonl", FLAG, AT(jsonl), CMD_CHECK, NULL, "each line is a document", 0, 0},
    {"request", TEXT, AT(request_file), CMD_CHECK, "FILE", "the request that a stream or response answers", 0, 0},
    {"format", TEXT, AT(format), CMD_CHECK | CMD_LIST | CMD_EXPLAIN, "FORMAT", "text (default) or json", 0, 0},
    {"limit", LIMIT, AT(limits), JUDGES, "NAME=N", "bound on what is read: bytes, depth, values, findings, line, event, events, stream", 0, 0},
    {"port", NUMBER, AT(port), CMD_SERVE, "N", "port to listen on (default: any free one)", 0, 65535},
    {"defect", LIST, AT(defects), CMD_SERVE, "ID", "do this wrong", 0, 0},
    {"list-defects", FLAG, AT(list_defects), CMD_SERVE, NULL, "list what can be done wrong", 0, 0},
    {"color", TEXT, AT(color), CMD_RUN | CMD_CHECK, "WHEN", "auto (default), always or never", 0, 0},
    {"verbose", FLAG, AT(verbose), CMD_RUN, NULL, "say more while running", 0, 0},
    {"quiet", FLAG, AT(quiet), CMD_RUN, NULL, "no progress", 0, 0},
    {"help", FLAG, AT(help), CMD_ANY, NULL, "this text", 0, 0},
    {0},
};

/* --- lists */

bool texts_add(struct texts *texts, const char *text)
{
    const char **items = realloc(texts->items, (texts->count + 2) * sizeof *items);
    if (!items) return false;
    texts->items = items;
    items[texts->count++] = text;
    items[texts->count] = NULL;
    return true;
}

bool texts_have(const struct texts *texts, const char *text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (strcmp(texts->items[i], text) == 0) return true;
    return false;
}

/* --- reading values */

static bool fail(char *why, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool fail(char *why, size_t size, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, size, format, arguments);
    va_end(arguments);
    return false;
}

static bool number_read(const char *text, long *number)
{
    char *end;
    errno = 0;
    *number = strtol(text, &end, 10);
    return *text && !*end && errno == 0 && !isspace((unsigned char)*text);
}

long duration_read(const char *text)
{
    char *end;
    errno = 0;
    double n = strtod(text, &end);
    if (end == text || errno || !isfinite(n) || n < 0) return -1;
    double unit = strcmp(end, "ms") == 0 ? 1 : !*end || strcmp(end, "s") == 0 ? 1000 : strcmp(end, "m") == 0 ? 60000 : strcmp(end, "h") == 0 ? 3600000 : -1;
    return unit < 0 || n * unit > 1e9 ? -1 : (long)(n * unit + 0.5);
}

static bool rate_read(const char *text, double *per_s)
{
    char *end;
    double n = strtod(text, &end);
    if (end == text || !isfinite(n) || n <= 0) return false;
    double per = strcmp(end, "/s") == 0 || !*end ? 1 : strcmp(end, "/m") == 0 ? 60 : strcmp(end, "/h") == 0 ? 3600 : 0;
    if (per == 0) return false;
    *per_s = n / per;
    return true;
}

/* A copy of a piece of text that lives as long as the options. */
static char *keep(struct options *options, const char *text, size_t length)
{
    char *copy = calloc(1, length + 1);
    if (!copy || !texts_add(&options->owned, copy)) {
        free(copy);
        return NULL;
    }
    memcpy(copy, text, length);
    return copy;
}

static bool timeouts_read(struct http_timeouts *t, const char *text, char *why, size_t size)
{
    const struct {
        const char *name;
        long *ms;
        long most_ms;
    } parts[] = {{"connect", &t->connect_ms, 60000}, {"first", &t->first_ms, 600000}, {"idle", &t->idle_ms, 600000}, {"total", &t->total_ms, 3600000}};
    while (*text) {
        size_t length = strcspn(text, ","), name = strcspn(text, "=");
        char value[32] = "";
        size_t part = 0;
        while (part < 4 && !(strlen(parts[part].name) == name && strncmp(parts[part].name, text, name) == 0)) part++;
        if (part == 4 || name >= length) return fail(why, size, "--timeout takes connect=, first=, idle= and total=, not \"%.*s\"", (int)length, text);
        snprintf(value, sizeof value, "%.*s", (int)(length - name - 1), text + name + 1);
        long ms = duration_read(value);
        if (ms < 1 || ms > parts[part].most_ms)
            return fail(why, size, "--timeout %s=%s: a time from 1ms to %lds is expected", parts[part].name, value, parts[part].most_ms / 1000);
        *parts[part].ms = ms;
        text += length + (text[length] == ',');
    }
    return true;
}

static bool limit_read(struct cc_limits *limits, const char *text, char *why, size_t size)
{
    char name[32] = "";
    const char *equals = strchr(text, '=');
    long number;
    if (equals) snprintf(name, sizeof name, "%.*s", (int)(equals - text), text);
    if (!equals || !number_read(equals + 1, &number) || number < 1) return fail(why, size, "--limit %s: NAME=N is expected", text);
    if (cc_limits_set(limits, name, (size_t)number)) return true;
    for (size_t i = 0; cc_limit_at(i); i++)
        if (strcmp(cc_limit_at(i)->name, name) == 0) return fail(why, size, "--limit %s: %s may be at most %zu", text, name, cc_limit_at(i)->hard);
    return fail(why, size, "--limit %s: there is no limit named \"%s\"", text, name);
}

static void *member(struct options *options, const struct option *o) { return (char *)options + o->offset; }

static bool set_number(struct options *options, const struct option *o, const char *value, char *why, size_t size)
{
    long number = 0;
    bool fine = o->type == DURATION ? (number = duration_read(value)) >= 0 : number_read(value, &number);
    if (!fine || number < o->low || number > o->high)
        return fail(why, size, "--%s %s: %s from %ld to %ld is expected", o->name, value, o->type == DURATION ? "a time in milliseconds" : "a number",
                    o->low, o->high);
    *(long *)member(options, o) = number;
    return true;
}

static bool set_option(struct options *options, const struct option *o, const char *value, char *why, size_t size)
{
    switch (o->type) {
    case TEXT:
        if (!*value) return fail(why, size, "--%s needs a value", o->name);
        *(const char **)member(options, o) = value;
        return true;
    case FLAG: *(bool *)member(options, o) = true; return true;
    case LIST: return texts_add(member(options, o), value) || fail(why, size, "memory ran out");
    case RATE: return rate_read(value, member(options, o)) || fail(why, size, "--rate %s: a rate such as 5/s or 60/m is expected", value);
    case TIMEOUTS: return timeouts_read(member(options, o), value, why, size);
    case LIMIT: return limit_read(member(options, o), value, why, size);
    case NUMBER:
    case DURATION:
    case FAIL_FAST: return set_number(options, o, value, why, size);
    }
    return false;
}

/* --- flags */

static const struct option *find_option(const char *name, size_t length, enum command_bit command)
{
    for (const struct option *o = table; o->name; o++)
        if ((o->commands & command) && strlen(o->name) == length && strncmp(o->name, name, length) == 0) return o;
    return NULL;
}

static size_t shared_start(const char *a, const char *b)
{
    size_t n = 0;
    while (a[n] && a[n] == b[n]) n++;
    return n;
}

static bool no_such_option(const char *flag, enum command_bit command, char *why, size_t size)
{
    const struct option *best = NULL;
    size_t most = 2;
    for (const struct option *o = table; o->name; o++) {
        size_t shared = shared_start(o->name, flag);
        if ((o->commands & command) && shared > most) most = shared, best = o;
    }
    int length = (int)strcspn(flag, "=");
    if (best) return fail(why, size, "there is no option --%.*s here; did you mean --%s?", length, flag, best->name);
    return fail(why, size, "there is no option --%.*s here; --help lists them", length, flag);
}

/* An API key as an argument can be read by everybody on the machine. */
static bool is_secret_flag(const char *flag) { return strncmp(flag, "api-key=", 8) == 0 || strcmp(flag, "api-key") == 0; }

static bool read_flag(struct options *options, enum command_bit command, int argc, char **argv, int *i, bool *set, char *why, size_t size)
{
    const char *flag = argv[*i] + 2, *equals = strchr(flag, '=');
    if (is_secret_flag(flag))
        return fail(why, size, "a key is never given as an argument; use --api-key-env NAME or --api-key-file FILE");
    const struct option *o = find_option(flag, equals ? (size_t)(equals - flag) : strlen(flag), command);
    if (!o) return no_such_option(flag, command, why, size);
    set[o - table] = true;
    if (o->type == FLAG) {
        if (equals) return fail(why, size, "--%s takes no value", o->name);
        return set_option(options, o, "", why, size);
    }
    if (equals) return set_option(options, o, equals + 1, why, size);
    if (o->type == FAIL_FAST) return set_option(options, o, "1", why, size);
    if (*i + 1 >= argc) return fail(why, size, "--%s needs a value: %s", o->name, o->value);
    return set_option(options, o, argv[++*i], why, size);
}

static bool read_flags(struct options *options, enum command_bit command, int argc, char **argv, bool *set, char *why, size_t size)
{
    bool only_arguments = false;
    for (int i = 1; i < argc; i++) {
        if (!only_arguments && strcmp(argv[i], "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && strcmp(argv[i], "-h") == 0) {
            options->help = true;
        } else if (!only_arguments && strncmp(argv[i], "--", 2) == 0) {
            if (!read_flag(options, command, argc, argv, &i, set, why, size)) return false;
        } else if (!only_arguments && argv[i][0] == '-' && argv[i][1]) {
            return fail(why, size, "there is no option %s; --help lists them", argv[i]);
        } else if (!texts_add(&options->arguments, argv[i])) {
            return fail(why, size, "memory ran out");
        }
    }
    return true;
}

/* --- environment */

/* A list has one item a line. */
static bool set_lines(struct options *options, const struct option *o, const char *value, char *why, size_t size)
{
    while (*value) {
        size_t length = strcspn(value, "\n");
        char *item = keep(options, value, length);
        if (!item) return fail(why, size, "memory ran out");
        if (length && !set_option(options, o, item, why, size)) return false;
        value += length + (value[length] == '\n');
    }
    return true;
}

static bool read_environment(struct options *options, enum command_bit command, bool *set, char *why, size_t size)
{
    for (const struct option *o = table; o->name; o++) {
        char name[64] = "CHATCONFORM_", inner[300];
        if (!(o->commands & command) || set[o - table] || o->offset == AT(help)) continue;
        for (size_t i = 0, at = strlen(name); o->name[i]; i++, at++)
            name[at] = o->name[i] == '-' ? '_' : (char)toupper((unsigned char)o->name[i]), name[at + 1] = '\0';
        const char *value = getenv(name);
        if (!value || !*value) continue;
        if (o->type == FLAG && strcmp(value, "0") == 0) continue;
        set[o - table] = true;
        bool fine = o->type == LIST || o->type == LIMIT ? set_lines(options, o, value, inner, sizeof inner) : set_option(options, o, value, inner, sizeof inner);
        if (!fine) return fail(why, size, "%s: %s", name, inner);
    }
    return true;
}

/* --- target file */

struct target_setting {
    struct options *options;
    enum command_bit command;
    const bool *set; /* by a flag or the environment: those win */
};

static bool set_from_target(void *context, const char *name, const char *value, char *why, size_t size)
{
    const struct target_setting *setting = context;
    const struct option *o = find_option(name, strlen(name), setting->command);
    if (!o || setting->set[o - table]) return true; /* what no flag sets describes the target to people */
    char *own = keep(setting->options, value, strlen(value));
    if (!own) return fail(why, size, "memory ran out");
    return set_option(setting->options, o, own, why, size);
}

/* --- what the words must be */

static bool one_of(const char *what, const char *value, const char *const *words, char *why, size_t size)
{
    if (!value) return true;
    char list[256] = "";
    for (const char *const *w = words; *w; w++) {
        if (strcmp(value, *w) == 0) return true;
        size_t used = strlen(list);
        snprintf(list + used, sizeof list - used, "%s%s", used ? ", " : "", *w);
    }
    return fail(why, size, "--%s %s: one of %s is expected", what, value, list);
}

static bool check_words(struct options *o, char *why, size_t size)
{
    static const char *const fail_on[] = {"must", "should", "portability", "flaky", "warning", "never", NULL};
    static const char *const formats[] = {"text", "json", NULL};
    static const char *const colors[] = {"auto", "always", "never", NULL};
    static const char *const auths[] = {"bearer", "api-key", "none", NULL};
    static const char *const levels[] = {"must", "should", "portability", "deprecated", "habit", NULL};
    if (!one_of("fail-on", o->fail_on, fail_on, why, size) || !one_of("format", o->format, formats, why, size) ||
        !one_of("color", o->color, colors, why, size) || !one_of("auth", o->auth, auths, why, size) || !one_of("level", o->level_name, levels, why, size))
        return false;
    for (unsigned level = CC_MUST; o->level_name && level <= CC_HABIT; level++)
        if (strcmp(cc_level_name((enum cc_level)level), o->level_name) == 0) o->level = (enum cc_level)level;
    o->profile = cc_profile_find(o->profile_name ? o->profile_name : "openai");
    if (!o->profile) return fail(why, size, "--profile %s: openai (openai-2026-08) or newapi (newapi-2025-10) is expected", o->profile_name);
    o->kind = o->kind_name ? cc_kind_find(o->kind_name) : CC_AUTO;
    if (o->kind == CC_KIND_COUNT || o->kind == CC_HTTP || o->kind == CC_SUITE || o->kind == CC_TARGET)
        return fail(why, size, "--kind %s: request, response, chunk, stream, list, message_list, error, exchange or auto is expected", o->kind_name);
    return true;
}

static bool check_lists(const struct options *o, char *why, size_t size)
{
    for (size_t i = 0; i < o->headers.count; i++)
        if (!strchr(o->headers.items[i], ':')) return fail(why, size, "--header \"%s\": NAME: VALUE is expected", o->headers.items[i]);
    for (size_t i = 0; i < o->reports.count; i++) {
        const char *report = o->reports.items[i], *equals = strchr(report, '=');
        char name[32] = "";
        if (equals) snprintf(name, sizeof name, "%.*s", (int)(equals - report), report);
        if (!equals || !equals[1]) return fail(why, size, "--report %s: FORMAT=PATH is expected", report);
        if (!report_writer_find(name)) return fail(why, size, "--report %s: there is no report format \"%s\"", report, name);
    }
    return true;
}

bool options_read(struct options *options, enum command_bit command, int argc, char **argv, char *why, size_t why_size)
{
    bool set[sizeof table / sizeof *table] = {false};
    *options = (struct options){.jobs = 4, .attempts = 1, .seed = 1};
    if (!read_flags(options, command, argc, argv, set, why, why_size) || !read_environment(options, command, set, why, why_size)) return false;
    struct target_setting setting = {options, command, set};
    if (options->target && !target_read(options->target, set_from_target, &setting, why, why_size)) return false;
    return options->help || (check_words(options, why, why_size) && check_lists(options, why, why_size));
}

void options_clear(struct options *o)
{
    for (size_t i = 0; i < o->owned.count; i++) free((void *)(uintptr_t)o->owned.items[i]);
    struct texts *const lists[] = {&o->owned, &o->arguments, &o->headers, &o->capabilities, &o->skip, &o->tags, &o->rules, &o->suites, &o->reports, &o->defects, &o->allow};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) free((void *)lists[i]->items);
    *o = (struct options){0};
}

bool colour_wanted(const struct options *options, FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    if (options->color && strcmp(options->color, "auto") != 0) return strcmp(options->color, "always") == 0;
    return !(no_color && *no_color) && isatty(fileno(out));
}

void options_help(enum command_bit command)
{
    for (const struct option *o = table; o->name; o++) {
        char flag[64];
        if (!(o->commands & command)) continue;
        snprintf(flag, sizeof flag, "--%s%s%s", o->name, o->value && o->value[0] != '[' ? " " : "", o->value ? o->value : "");
        printf("  %-26s %s\n", flag, o->sentence);
    }
}
