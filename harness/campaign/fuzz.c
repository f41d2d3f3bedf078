/* fuzz.c: `chatconform fuzz`: payloads printed for other tools, or a campaign against an endpoint: from the command line to the exit code.
 */
#include "harness/campaign/fuzz.h"

#include "harness/base/glob.h"
#include "harness/base/why.h"
#include "harness/suite/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_MAX_BYTES = 16 * 1024 * 1024, SEEDS_MAX = 100000 };

/* --- what is asked for */

static enum shot_mode mode_of(const struct options *o)
{
    if (o->mode && strcmp(o->mode, "positive") == 0) return MODE_POSITIVE;
    return o->mode && strcmp(o->mode, "negative") == 0 ? MODE_NEGATIVE : MODE_ALL;
}

static bool is_wanted(void *context, const char *rule) { return texts_match_rule(context, rule); }

/* A glob that leads to nothing is a mistake of the user's. */
static bool check_rules(const struct options *o, char *why, size_t size)
{
    for (size_t i = 0; i < o->rules.count; i++) {
        struct texts one = {&o->rules.items[i], 1};
        struct nearest nearest = nearest_to(o->rules.items[i]);
        bool found = false;
        for (size_t k = 0; k < cc_rule_count(); k++) {
            found |= is_wanted(&one, cc_rule_at(k)->id);
            nearest_try(&nearest, cc_rule_at(k)->id);
        }
        if (found) continue;
        if (nearest.best) return why_not(why, size, "--rule %s matches no rule; did you mean %s?", o->rules.items[i], nearest.best);
        return why_not(why, size, "--rule %s matches no rule; `chatconform list rules` lists them", o->rules.items[i]);
    }
    return true;
}

/* --- real requests to start from */

struct seeds {
    struct json_object **requests;
    size_t count;
};

static void seeds_clear(struct seeds *seeds)
{
    for (size_t i = 0; i < seeds->count; i++) json_object_put(seeds->requests[i]);
    free(seeds->requests);
    *seeds = (struct seeds){0};
}

/* A line is an exchange with a member `request`, or a request itself. What is no JSON object of that kind is passed over. */
static bool add_seed(struct seeds *seeds, const char *line, size_t length)
{
    struct json_object *read = NULL, *request = NULL;
    if (!cc_read_object(line, length, NULL, &read, NULL, 0)) return true;
    if (json_object_is_type(read, json_type_object) && !json_object_object_get_ex(read, "request", &request)) request = read;
    if (!json_object_is_type(request, json_type_object) || !json_object_object_get_ex(request, "messages", NULL)) {
        json_object_put(read);
        return true;
    }
    struct json_object **requests = realloc(seeds->requests, (seeds->count + 1) * sizeof *requests);
    if (requests) {
        seeds->requests = requests;
        requests[seeds->count++] = json_object_get(request);
    }
    json_object_put(read);
    return requests != NULL;
}

static bool read_seeds(struct seeds *seeds, const char *path, char *why, size_t size)
{
    FILE *file = path ? fopen(path, "rb") : NULL;
    if (!path) return true;
    if (!file) return why_not(why, size, "%s cannot be read: %s", path, strerror(errno));
    char *line = NULL;
    size_t room = 0;
    ssize_t length;
    bool fine = true;
    while (fine && seeds->count < SEEDS_MAX && (length = getline(&line, &room, file)) > 0)
        fine = length > LINE_MAX_BYTES || add_seed(seeds, line, (size_t)length) || why_no_memory(why, size);
    if (fine && ferror(file)) fine = why_not(why, size, "%s cannot be read: %s", path, strerror(errno));
    if (fine && !seeds->count)
        fine = why_not(why, size, "%s holds no request: each line is to be a request, or an exchange with the member request", path);
    free(line);
    fclose(file);
    return fine;
}

/* --- printing */

/* Bytes that are no JSON go into the line as base64. */
static void put_text(struct json_object *line, const struct shot *shot)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const unsigned char *bytes = (const unsigned char *)shot->text;
    char *text = malloc(shot->length / 3 * 4 + 8);
    size_t used = 0;
    for (size_t i = 0; text && i < shot->length; i += 3) {
        size_t left = shot->length - i;
        unsigned group = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) | (left > 2 ? bytes[i + 2] : 0);
        text[used++] = digits[group >> 18];
        text[used++] = digits[group >> 12 & 63];
        text[used++] = left > 1 ? digits[group >> 6 & 63] : '=';
        text[used++] = left > 2 ? digits[group & 63] : '=';
    }
    jo_put(line, "body_base64", jo_bytes(text ? text : "", used));
    free(text);
}

/* Some readers take these characters for the end of a line, and each payload is one line. */
static bool put_line(const char *text, size_t length)
{
    static const char *const ends[][2] = {{"\xE2\x80\xA8", "\\u2028"}, {"\xE2\x80\xA9", "\\u2029"}, {"\xC2\x85", "\\u0085"}};
    size_t from = 0;
    for (size_t i = 0; i < length; i++)
        for (size_t k = 0; k < sizeof ends / sizeof *ends; k++) {
            if (strncmp(text + i, ends[k][0], strlen(ends[k][0])) != 0) continue;
            fwrite(text + from, 1, i - from, stdout);
            fputs(ends[k][1], stdout);
            from = i + strlen(ends[k][0]);
        }
    return fwrite(text + from, 1, length - from, stdout) == length - from && putchar('\n') != EOF;
}

static bool print_shot(struct shot *shot)
{
    struct json_object *line = jo_object();
    jo_put(line, "payload", json_object_get(shot->object));
    jo_put(line, "expect", jo_string(expectation_name(shot->expect)));
    jo_put(line, "breaks", shot->breaks ? jo_string(shot->breaks->id) : NULL);
    jo_put(line, "seed", jo_integer((int64_t)shot->seed));
    jo_put(line, "index", jo_integer((int64_t)shot->index));
    if (shot->text) put_text(line, shot);
    if (shot->how) jo_put(line, "how", jo_string(shot->how));
    if (shot->method) jo_put(line, "method", jo_string(shot->method));
    if (shot->header) jo_put(line, "header", jo_string(shot->header));
    size_t length;
    const char *text = jo_write(line, &length);
    bool fine = length && put_line(text, length);
    json_object_put(line);
    return fine;
}

static int print_payloads(const struct options *o, const struct shots_options *making, char *why, size_t size)
{
    struct shots *shots = shots_new(making);
    int code = shots ? EXIT_FINE : EXIT_BROKEN;
    if (!shots) why_no_memory(why, size);
    for (long i = 0; code == EXIT_FINE && i < o->print; i++) {
        struct shot shot;
        if (!shot_make(shots, (uint64_t)(o->start + i), &shot) || (!print_shot(&shot) && !ferror(stdout))) code = EXIT_BROKEN;
        if (code != EXIT_FINE) why_no_memory(why, size);
        shot_clear(&shot);
        if (ferror(stdout)) break; /* main says so */
    }
    shots_free(shots);
    return code;
}

/* A rule about an answer cannot be broken by a request. */
static bool can_break(const struct options *o, const struct shots_options *making, char *why, size_t size)
{
    if (!o->rules.count) return true;
    if (making->mode == MODE_POSITIVE) return why_not(why, size, "--rule: valid requests break no rule; leave --mode positive out");
    struct cookbook *book = cookbook_new(o->profile, false, making->wanted, making->context);
    bool any = book && (book->rule_count || raw_count(SHOT_TEXT, o->profile, making->wanted, making->context) ||
                        raw_count(SHOT_HTTP, o->profile, making->wanted, making->context));
    cookbook_free(book);
    return any || why_not(why, size, "--rule: no request breaks these rules in this profile; must-level rules of requests are meant");
}

/* Printed is what is no object only when its rule is asked for: other tools expect objects. */
int command_fuzz(struct options *options, char *why, size_t why_size)
{
    struct seeds seeds = {0};
    int code = EXIT_USAGE;
    struct shots_options making = {.profile = options->profile, .seed = (uint64_t)options->seed, .mode = mode_of(options),
                                   .wanted = options->rules.count ? is_wanted : NULL, .context = &options->rules,
                                   .objects_only = options->print && !options->rules.count};
    if (options->arguments.count) why_not(why, why_size, "fuzz takes no arguments");
    else if (check_rules(options, why, why_size) && can_break(options, &making, why, why_size) &&
             read_seeds(&seeds, options->from, why, why_size)) {
        making.seeds = seeds.requests;
        making.seed_count = seeds.count;
        making.model = options->model ? options->model : seeds.count ? "" : "gpt-4o-mini";
        code = options->print ? print_payloads(options, &making, why, why_size) : fuzz_campaign(options, &making, why, why_size);
    }
    seeds_clear(&seeds);
    return code;
}
