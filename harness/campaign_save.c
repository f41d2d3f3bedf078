/* campaign_save.c: findings as cases of a suite, so that what was found once is tested from then on. What is written is JSON, which is YAML
 * too, one case a line. */
#include "harness/campaign.h"

#include "harness/case_write.h"
#include "harness/why.h"
#include "fuzzer/js.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- cases */

/* What the request has to meet with, by the name of the finding. NULL: a case cannot say it. */
static struct json_object *expected(const struct case_result *found)
{
    bool refuse = strncmp(found->id, "refuse/", 7) == 0 || strncmp(found->id, "blame/", 6) == 0;
    bool accept = strncmp(found->id, "accept/", 7) == 0 || strncmp(found->id, "answer/", 7) == 0;
    struct json_object *expect = js_object(), *rejected = js_object();
    const char *pointer = found->finding_count && found->findings[0].pointer ? found->findings[0].pointer : "";
    char member[96];
    snprintf(member, sizeof member, "%.*s", *pointer == '/' ? (int)strcspn(pointer + 1, "/") : 0, *pointer == '/' ? pointer + 1 : "");
    if (refuse && *member && strcmp(member, "error") != 0) js_put(rejected, "param", js_text(member));
    if (refuse) js_put(expect, "rejected", json_object_get(rejected));
    else if (accept) js_put(expect, "status", js_int(200));
    json_object_put(rejected);
    if (refuse || accept) return expect;
    struct json_object *allowed = js_array(); /* anything but a failure */
    static const int statuses[] = {200, 400, 404, 413, 422};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) js_push(allowed, js_int(statuses[i]));
    js_put(expect, "status", allowed);
    return expect;
}

/* Only what went out as an ordinary request is a case: the last exchange has the smallest one. */
static struct json_object *request_of(const struct case_result *found)
{
    const struct result_exchange *last = found->exchange_count ? &found->exchanges[found->exchange_count - 1] : NULL;
    struct json_object *request = last && last->request && strcmp(last->method, "POST") == 0 ? js_read(last->request) : NULL;
    if (js_is_object(request)) return request;
    json_object_put(request);
    return NULL;
}

static bool put_case(FILE *out, const struct case_result *found, unsigned long seed)
{
    char id[192], title[512];
    struct json_object *request = request_of(found);
    if (!request) return false;
    case_write_id(found->id, id, sizeof id);
    struct json_object *expect = expected(found), *name = js_text(id), *words;
    snprintf(title, sizeof title, "%.400s (found by fuzzing, seed %lu)", found->title ? found->title : id, seed);
    words = js_text(title);
    fputs("  - {\"id\": ", out), case_write_value(out, name);
    fputs(", \"title\": ", out), case_write_value(out, words);
    fputs(js_has(expect, "rejected") || js_length(js_get(expect, "status")) ? ", \"invalid\": true" : "", out);
    fputs(",\n     \"request\": ", out), case_write_value(out, request);
    fputs(",\n     \"expect\": ", out), case_write_value(out, expect);
    fputs("}\n", out);
    json_object_put(request), json_object_put(expect), json_object_put(name), json_object_put(words);
    return true;
}

/* --- the file */

static bool is_empty(FILE *file) { return fseek(file, 0, SEEK_END) == 0 && ftell(file) == 0; }

/* What was written has to be a suite: loading it says so. */
static bool check(const char *file, char *why, size_t size)
{
    char inner[2048];
    return case_file_loads(file, inner, sizeof inner) || why_not(why, size, "--save-case: %.1500s", inner);
}

bool campaign_save_cases(const struct run_result *run, const char *file, char *why, size_t why_size)
{
    FILE *out = fopen(file, "a");
    size_t written = 0;
    if (!out) return why_not(why, why_size, "--save-case %s: %s", file, strerror(errno));
    bool begin = is_empty(out);
    for (size_t i = 0; i < run->case_count; i++) {
        const struct case_result *found = &run->cases[i];
        if (found->state != CASE_FAIL && found->state != CASE_WARN) continue;
        if (begin && !written) fputs("chatconform: 1\nsuite: found\ntitle: What fuzzing found\ntags: [fuzz]\ncases:\n", out);
        written += put_case(out, found, run->seed);
    }
    bool fine = !ferror(out);
    if (fclose(out) != 0 || !fine) return why_not(why, why_size, "--save-case %s: %s", file, strerror(errno));
    return !written || check(file, why, why_size);
}
