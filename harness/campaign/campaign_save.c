/* campaign_save.c: findings as cases of a suite, so that what was found once is tested from then on. What is written is JSON, which is YAML
 * too, one case a line. */
#include "harness/campaign/campaign.h"

#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/run/failures.h"
#include "harness/run/wire.h"
#include "harness/suite/case_write.h"
#include "harness/suite/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- cases */

/* What the request has to meet with, by the name of the finding. */
static struct json_object *expected(const struct case_result *found)
{
    bool refuse = strncmp(found->id, "refuse/", 7) == 0 || strncmp(found->id, "blame/", 6) == 0;
    bool accept = strncmp(found->id, "accept/", 7) == 0 || strncmp(found->id, "answer/", 7) == 0;
    struct json_object *expect = jo_object(), *rejected = jo_object();
    const char *pointer = found->finding_count && found->findings[0].pointer ? found->findings[0].pointer : "";
    char member[96];
    snprintf(member, sizeof member, "%.*s", *pointer == '/' ? (int)strcspn(pointer + 1, "/") : 0, *pointer == '/' ? pointer + 1 : "");
    const char *blamed = found->finding_count && found->findings[0].expected ? found->findings[0].expected : "";
    if (strncmp(found->id, "blame/", 6) == 0) snprintf(member, sizeof member, "%s", blamed);
    if (refuse && *member && strcmp(member, "error") != 0) jo_put(rejected, "param", jo_string(member));
    if (found->any_refusal) jo_put(rejected, "status", jo_string("4xx"));
    if (refuse) jo_put(expect, "rejected", json_object_get(rejected));
    else if (accept) jo_put(expect, "status", jo_integer(200));
    json_object_put(rejected);
    if (refuse || accept) return expect;
    struct json_object *allowed = jo_array(); /* anything but a failure */
    static const int statuses[] = {200, 400, 404, 413, 422};
    for (size_t i = 0; i < sizeof statuses / sizeof *statuses; i++) jo_push(allowed, jo_integer(statuses[i]));
    jo_put(expect, "status", allowed);
    return expect;
}

static bool is_found(const struct case_result *result) { return result->state == CASE_FAIL || result->state == CASE_WARN; }

/* What goes into a case: the request as an object, or bytes that are no JSON but text. */
struct sending {
    struct json_object *request;
    const char *body;
    const char *method;           /* NULL: POST */
    struct json_object *headers;  /* NULL: the usual ones */
};

static void sending_clear(struct sending *sending)
{
    json_object_put(sending->request);
    json_object_put(sending->headers);
}

/* A text that YAML can hold, escapes taken into account. */
static bool is_text(const char *bytes, size_t length)
{
    char *quoted = malloc(length + 3);
    struct json_object *read = NULL;
    size_t used = 0;
    if (!quoted) return false;
    quoted[used++] = '"';
    for (size_t i = 0; i < length; i++) quoted[used++] = (unsigned char)bytes[i] < ' ' || strchr("\"\\", bytes[i]) ? ' ' : bytes[i];
    quoted[used++] = '"';
    bool fine = cc_read_object(quoted, used, NULL, &read, NULL, 0);
    free(quoted);
    json_object_put(read);
    return fine;
}

/* Twice the same key, a byte order mark: what an object does not remember. */
static bool is_spelt_badly(const char *text)
{
    struct cc_checker *checker = cc_checker_new(NULL);
    const struct cc_report *report = checker ? cc_check(checker, CC_REQUEST, text, strlen(text)) : NULL;
    bool badly = false;
    for (size_t i = 0; report && i < report->count; i++) badly = badly || strcmp(report->findings[i].rule->kind, "json") == 0;
    cc_checker_free(checker);
    return badly;
}

/* The last exchange has the smallest request. False when a case cannot say what was sent: bytes that no text can hold. */
static bool sending_of(const struct case_result *found, struct sending *sending)
{
    const struct result_exchange *last = found->exchange_count ? &found->exchanges[found->exchange_count - 1] : NULL;
    const char *body = !last ? NULL : last->partial ? last->whole : last->request;
    *sending = (struct sending){NULL, NULL, NULL, NULL};
    if (!body || !last->method || (last->partial && strlen(body) != last->whole_length)) return false;
    struct json_object *request = jo_read_bytes(body, strlen(body));
    if (jo_is_object(request) && !is_spelt_badly(body)) sending->request = request;
    else json_object_put(request);
    if (!sending->request && !is_text(body, strlen(body))) return false;
    if (!sending->request) sending->body = body;
    if (strcmp(last->method, "POST") != 0) sending->method = last->method;
    if (found->header) sending->headers = wire_header_object(found->header);
    return true;
}

static const char head[] = "chatconform: 1\nsuite: found\ntitle: What fuzzing found\ntags: [fuzz]\ncases:\n";

enum { ID_SIZE = 192 };

/* False when nothing was written. */
static bool put_case(FILE *out, const struct case_result *found, const char *id, unsigned long seed)
{
    char title[512];
    struct sending sending;
    if (!sending_of(found, &sending)) return false;
    struct json_object *expect = expected(found), *name = jo_string(id), *words, *body = sending.body ? jo_string(sending.body) : NULL;
    snprintf(title, sizeof title, "%.400s (found by fuzzing, seed %lu)", found->title ? found->title : id, seed);
    words = jo_string(title);
    bool invalid = jo_has(expect, "rejected") || jo_length(jo_get(expect, "status")) || sending.body || found->header || sending.method;
    fputs("  - {\"id\": ", out), case_write_value(out, name);
    fputs(", \"title\": ", out), case_write_value(out, words);
    fputs(invalid ? ", \"invalid\": true" : "", out);
    if (sending.method) fprintf(out, ", \"method\": \"%s\"", sending.method);
    if (sending.headers) fputs(", \"headers\": ", out), case_write_value(out, sending.headers);
    fprintf(out, ",\n     \"%s\": ", body ? "body" : "request");
    case_write_value(out, body ? body : sending.request);
    fputs(",\n     \"expect\": ", out), case_write_value(out, expect);
    fputs("}\n", out);
    sending_clear(&sending), json_object_put(expect), json_object_put(name), json_object_put(words), json_object_put(body);
    return true;
}

/* --- the file */

/* A file that is there and has something in it: loaded, so that the ids in it are known. */
static bool load_saved(const char *file, struct suite_set *saved, char *why, size_t size)
{
    struct stat about;
    char inner[2048];
    bool there = stat(file, &about) == 0 && about.st_size > 0;
    return !there || suite_load(saved, file, inner, sizeof inner) || why_not(why, size, "--save-case: %.1500s", inner);
}

bool campaign_can_save(const char *file, char *why, size_t why_size)
{
    struct suite_set saved = {0};
    bool there = access(file, F_OK) == 0, loads = load_saved(file, &saved, why, why_size);
    suite_set_clear(&saved);
    if (!loads) return false;
    FILE *out = fopen(file, "a");
    if (!out) return why_not(why, why_size, "--save-case %s: %s", file, strerror(errno));
    fclose(out);
    if (!there) remove(file);
    return true;
}

/* What is being written to a suite. */
struct saving {
    const struct run_result *run;
    struct suite_set saved;
    FILE *out;
    size_t written;
};

static bool is_saved(const struct saving *s, const char *id)
{
    for (size_t i = 0; i < s->saved.count; i++)
        for (size_t k = 0; k < s->saved.suites[i].count; k++)
            if (strcmp(s->saved.suites[i].cases[k].id, id) == 0) return true;
    return false;
}

/* Different names of findings can make the same id. */
static bool is_written(const struct saving *s, size_t before, const char *id)
{
    char other[ID_SIZE];
    for (size_t i = 0; i < before; i++) {
        if (!is_found(&s->run->cases[i])) continue;
        case_write_id(s->run->cases[i].id, other, sizeof other);
        if (strcmp(other, id) == 0) return true;
    }
    return false;
}

/* A finding that has its case already is left out: it is tested from then on. */
static void save_all(struct saving *s)
{
    char id[ID_SIZE];
    for (size_t i = 0; i < s->run->case_count; i++) {
        const struct case_result *found = &s->run->cases[i];
        if (!is_found(found)) continue;
        case_write_id(found->id, id, sizeof id);
        if (!is_saved(s, id) && !is_written(s, i, id)) s->written += put_case(s->out, found, id, s->run->seed);
    }
}

bool campaign_save_cases(const struct run_result *run, const char *file, char *why, size_t why_size)
{
    struct saving s = {.run = run};
    char *cases = NULL, inner[2048];
    size_t length;
    bool fine = load_saved(file, &s.saved, why, why_size);
    if (fine && !(s.out = open_memstream(&cases, &length))) fine = why_no_memory(why, why_size);
    if (s.out) {
        save_all(&s);
        fine = (fclose(s.out) == 0 && !jo_lost()) || why_no_memory(why, why_size);
    }
    if (fine && s.written && !case_file_append(file, head, cases, inner, sizeof inner))
        fine = why_not(why, why_size, "--save-case: %.1800s", inner);
    suite_set_clear(&s.saved);
    free(cases);
    return fine;
}

bool campaign_save_replays(const struct run_result *run, const char *folder, char *why, size_t why_size)
{
    char path[4096], id[ID_SIZE];
    for (size_t i = 0; i < run->case_count; i++) {
        const struct case_result *found = &run->cases[i];
        if (!found->failure) continue;
        snprintf(path, sizeof path, "%s/%s/" FAILURE_CASE, folder, found->failure);
        FILE *out = fopen(path, "w");
        if (!out) return why_not(why, why_size, "cannot write %s: %s", path, strerror(errno));
        case_write_id(found->id, id, sizeof id);
        fputs(head, out);
        bool said = put_case(out, found, id, run->seed), fine = !ferror(out);
        if (fclose(out) != 0 || !fine) return why_not(why, why_size, "cannot write %s: %s", path, strerror(errno));
        if (!said) remove(path); /* its curl.sh is all there is */
    }
    return true;
}
