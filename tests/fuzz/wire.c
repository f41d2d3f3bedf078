/* wire.c: what says where a request goes and how: URLs, headers, dumps of answers, archives; command lines and target files. What is let
 * through is fit to be sent; what is not is refused with a sentence. */
#include "tests/fuzz/fuzz.h"

#include "harness/check/dump.h"
#include "harness/check/har.h"
#include "harness/command.h"
#include "harness/http/http.h"
#include "harness/options.h"
#include "harness/yaml/yaml.h"
#include "harness/yaml/yaml_judge.h"

#include <string.h>
#include <strings.h>

/* --- URLs and headers */

static void check_url(const char *url)
{
    char why[512] = "", longer[16384];
    if (!http_url_allowed(url, why, sizeof why)) {
        MUST(*why);
        return;
    }
    size_t scheme = strncasecmp(url, "https://", 8) == 0 ? 8 : 7, authority = strcspn(url + scheme, "/?");
    MUST(scheme == 8 || strncasecmp(url, "http://", 7) == 0);
    MUST(authority > 0 && !memchr(url + scheme, '@', authority) && !memchr(url + scheme, '\\', authority));
    for (const char *c = url; *c; c++) MUST(*c > ' ' && *c < 0x7F && *c != '#');
    if (strchr(url, '?') || strlen(url) > 4000) return;
    snprintf(longer, sizeof longer, "%s%s", url, url[strlen(url) - 1] == '/' ? "chat/completions" : "/chat/completions");
    MUST(http_url_allowed(longer, why, sizeof why));
}

static void check_header(const char *name, const char *value)
{
    if (!http_header_allowed(name, value)) return;
    MUST(*name && !strpbrk(name, "\r\n\t :()<>@,;\\\"/[]?={}") && !strpbrk(value, "\r\n"));
    for (const char *c = name; *c; c++) MUST(*c > ' ' && *c < 0x7F);
}

/* --- dumps of answers: whatever stands before them, a header block is whole or it is not */

static void check_dump(const char *bytes, size_t size)
{
    struct dump dump, part;
    enum dump_state state = dump_read(&dump, bytes, size, true);
    MUST(state != DUMP_PARTIAL);
    if (state != DUMP_WHOLE) return;
    MUST(dump.length <= size && dump.status >= 100 && dump.status <= 999);
    for (const struct cc_header *h = dump.headers; h->name; h++) MUST(*h->name && !strchr(h->name, '\n') && !strchr(h->value, '\n'));
    /* what has come so far is never taken for something else */
    enum dump_state sooner = dump_read(&part, bytes, dump.length / 2, false);
    MUST(sooner != DUMP_NONE);
    if (sooner == DUMP_WHOLE) dump_clear(&part);
    dump_clear(&dump);
}

static bool each_entry(void *context, size_t number, const struct cc_exchange *exchange)
{
    size_t *last = context;
    MUST(number > *last);
    *last = number;
    return cc_check_exchange(fuzz_checker(CC_OPENAI, 0), exchange) != NULL;
}

static void check_archive(const char *bytes, size_t size)
{
    size_t count = 0, last = 0;
    struct json_object *har = har_read(bytes, size, NULL);
    if (har) MUST(har_each(har, each_entry, &last, &count) && count <= size);
    json_object_put(har);
}

void fuzz_wire(const char *bytes, size_t size)
{
    char *text = fuzz_copy(bytes, size), *colon = strchr(text, ':');
    check_url(text);
    check_dump(bytes, size);
    check_archive(bytes, size);
    if (colon) {
        *colon = '\0';
        check_header(text, colon + 1);
    }
    free(text);
}

/* --- command lines, an argument a line; and target files */

enum { ARGUMENTS_MAX = 40 };

/* Nothing may be read from the disk, or from whoever runs this. */
static bool names_a_file(const char *argument) { return strncmp(argument, "--target", 8) == 0; }

static void check_command_line(enum command_bit command, char **arguments, int count)
{
    struct options options;
    char why[1024] = "";
    bool read = options_read(&options, command, count, arguments, why, sizeof why);
    MUST(read || (*why && !strchr(why, '\n')));
    if (read && !options.help) {
        MUST(options.jobs >= 1 && options.jobs <= 64 && options.attempts >= 1 && options.attempts <= 10);
        MUST(options.max_requests >= 0 && options.max_time_ms >= 0 && options.rate_per_s >= 0);
        MUST(options.shards == 0 || (options.shard >= 1 && options.shard <= options.shards));
    }
    options_clear(&options);
}

static void check_target_file(const char *bytes, size_t size)
{
    struct yaml_text text = {0};
    char why[1024] = "";
    if (yaml_read_bytes(&text, "", "f.yaml", bytes, size, NULL, why, sizeof why))
        MUST(yaml_judge(&text, CC_TARGET, why, sizeof why) || strncmp(why, "f.yaml:", 7) == 0);
    yaml_clear(&text);
}

void fuzz_options(const char *bytes, size_t size)
{
    char *text = fuzz_copy(bytes, size), *rest, *arguments[ARGUMENTS_MAX + 1] = {(char[]){"command"}};
    int count = 1;
    bool reads = false;
    for (char *line = strtok_r(text, "\n", &rest); line && count < ARGUMENTS_MAX; line = strtok_r(NULL, "\n", &rest)) {
        arguments[count++] = line;
        reads = reads || names_a_file(line);
    }
    for (const struct command *command = commands; !reads && command->name; command++) check_command_line(command->bit, arguments, count);
    check_target_file(bytes, size);
    free(text);
}
