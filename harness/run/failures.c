/* failures.c: see failures.h. A folder holds request.json, response (.json, .sse or .txt), response_headers.txt, curl.sh and meta.json, which
 * is what `chatconform replay` reads. Its name follows from the case alone, so the same failure has the same name in each run. Everything was
 * redacted before it got here. */
#include "harness/run/failures.h"

#include "harness/base/file.h"
#include "harness/base/why.h"
#include "reports/report.h"

#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FAILURES_MAX = 1000, ID_ROOM = 24, PATH_ROOM = 4096 };

static const char *const file_names[] = {"meta.json",          "request.json", "response.json", "response.sse", "response.txt",
                                         "response_headers.txt", "curl.sh",     FAILURE_CASE,   NULL};

/* --- names */

static uint32_t hash_case(const struct case_result *result)
{
    const char *const parts[] = {result->suite, "/", result->id};
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < 3; i++)
        for (const char *c = parts[i] ? parts[i] : ""; *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
    return hash;
}

static bool is_taken(const struct run_result *run, const char *id)
{
    for (size_t i = 0; i < run->case_count; i++)
        if (run->cases[i].failure && strcmp(run->cases[i].failure, id) == 0) return true;
    return false;
}

/* Four digits, or as many more as it takes to be the only one of its name. */
static char *choose_id(const struct run_result *run, const struct case_result *result)
{
    char id[ID_ROOM];
    uint32_t hash = hash_case(result);
    snprintf(id, sizeof id, "%04x", (unsigned)(hash >> 16));
    if (is_taken(run, id)) snprintf(id, sizeof id, "%08x", (unsigned)hash);
    for (unsigned more = 0; is_taken(run, id); more++) snprintf(id, sizeof id, "%08x%02x", (unsigned)hash, more);
    return strdup(id);
}

static bool is_id(const char *name) { return strlen(name) >= 4 && !name[strspn(name, "0123456789abcdef")]; }

/* --- what earlier runs left */

/* Only what has our names is touched; a folder with anything else in it stays. */
static void remove_folder(const char *folder, const char *id)
{
    char path[PATH_ROOM];
    snprintf(path, sizeof path, "%s/%s/meta.json", folder, id);
    if (access(path, F_OK) != 0) return;
    for (const char *const *name = file_names; *name; name++) {
        snprintf(path, sizeof path, "%s/%s/%s", folder, id, *name);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/%s", folder, id);
    rmdir(path);
}

static void remove_old(const char *folder)
{
    DIR *all = opendir(folder);
    for (const struct dirent *entry; all && (entry = readdir(all));)
        if (is_id(entry->d_name)) remove_folder(folder, entry->d_name);
    if (all) closedir(all);
}

/* --- files */

/* The exchange that the findings are about: the last one that is no control. */
static const struct result_exchange *blamed(const struct case_result *result)
{
    for (size_t i = result->exchange_count; i-- > 0;)
        if (!result->exchanges[i].purpose || strncmp(result->exchanges[i].purpose, "control", 7) != 0) return &result->exchanges[i];
    return result->exchange_count ? &result->exchanges[0] : NULL;
}

/* One failure on its way into its folder. */
struct writing {
    const struct run_result *run;
    const struct case_result *result;
    const struct result_exchange *exchange;
    char folder[PATH_ROOM]; /* with a slash at its end */
};

static void print_pair(FILE *out, const char *name, const char *text)
{
    fprintf(out, ",\n\"%s\":", name);
    escape_json(out, text);
}

static void print_meta(FILE *out, const struct writing *w)
{
    const struct case_result *result = w->result;
    fputs("{\"format\":1", out);
    print_pair(out, "id", result->failure);
    print_pair(out, "suite", result->suite);
    print_pair(out, "case", result->id);
    print_pair(out, "title", result->title);
    print_pair(out, "file", result->file);
    fprintf(out, ",\n\"line\":%zu", result->line);
    print_pair(out, "state", case_state_name(result->state));
    print_pair(out, "reason", result->reason);
    print_pair(out, "target", w->run->target);
    fprintf(out, ",\n\"embedded\":%s", w->run->embedded ? "true" : "false");
    print_pair(out, "model", w->run->model);
    print_pair(out, "profile", w->run->profile);
    print_pair(out, "purpose", w->exchange->purpose);
    print_pair(out, "method", w->exchange->method);
    print_pair(out, "url", w->exchange->url);
    print_pair(out, "fault", w->exchange->fault);
    fprintf(out, ",\n\"status\":%d,\n\"first_byte_ms\":%ld,\n\"total_ms\":%ld,\n\"findings\":[", w->exchange->status, w->exchange->first_byte_ms,
            w->exchange->total_ms);
    for (size_t i = 0; i < result->finding_count; i++) {
        fprintf(out, "%s\n{\"severity\":\"%s\",\"rule\":", i ? "," : "", cc_severity_name(result->findings[i].severity));
        escape_json(out, result->findings[i].rule);
        fputs(",\"message\":", out);
        escape_json(out, result->findings[i].message);
        putc('}', out);
    }
    fputs("]}\n", out);
}

/* Comments are one line each, so nothing of a title can become a command. */
static void print_curl(FILE *out, const struct writing *w)
{
    fputs("#!/bin/sh\n# ", out);
    escape_line(out, w->result->suite);
    putc('/', out);
    escape_line(out, w->result->id);
    fputs(": ", out);
    escape_line(out, w->exchange->purpose);
    if (w->result->exchange_count > 1) fprintf(out, " of %zu requests", w->result->exchange_count);
    fputs("\ncd \"$(dirname \"$0\")\" || exit 1\n", out);
    fputs(w->exchange->curl, out);
    putc('\n', out);
}

static void print_request(FILE *out, const struct writing *w)
{
    const struct result_exchange *x = w->exchange;
    if (x->whole) fwrite(x->whole, 1, x->whole_length, out);
    else fputs(x->request, out);
}
static void print_response(FILE *out, const struct writing *w) { fputs(w->exchange->response, out); }
static void print_headers(FILE *out, const struct writing *w)
{
    fprintf(out, "status: %d\n", w->exchange->status);
    fputs(w->exchange->response_headers ? w->exchange->response_headers : "", out);
}

static bool write_file(const struct writing *w, const char *name, void print(FILE *out, const struct writing *w), char *why, size_t size)
{
    char path[PATH_ROOM + 32];
    snprintf(path, sizeof path, "%s%s", w->folder, name);
    FILE *out = fopen(path, "wb");
    if (!out) return why_not(why, size, "cannot write %s: %s", path, strerror(errno));
    print(out, w);
    bool fine = !ferror(out);
    fine = fclose(out) == 0 && fine;
    return fine || why_not(why, size, "cannot write %s: %s", path, strerror(errno));
}

static const char *response_name(const struct result_exchange *exchange)
{
    const char *body = exchange->response + strspn(exchange->response, " \t\r\n");
    if (*body == '{' || *body == '[') return "response.json";
    return strncmp(body, "data:", 5) == 0 || strncmp(body, "event:", 6) == 0 || *body == ':' ? "response.sse" : "response.txt";
}

static bool write_failure(const struct run_result *run, const struct case_result *result, const char *folder, char *why, size_t size)
{
    struct writing w = {.run = run, .result = result, .exchange = blamed(result)};
    snprintf(w.folder, sizeof w.folder, "%s/%s/", folder, result->failure);
    if (!file_make_folders(w.folder)) return why_not(why, size, "cannot make %s: %s", w.folder, strerror(errno));
    bool kept = w.exchange->request && (w.exchange->whole || !w.exchange->partial);
    return write_file(&w, "meta.json", print_meta, why, size) && write_file(&w, "response_headers.txt", print_headers, why, size) &&
           (!w.exchange->curl || write_file(&w, "curl.sh", print_curl, why, size)) &&
           (!kept || write_file(&w, "request.json", print_request, why, size)) &&
           (!w.exchange->response || write_file(&w, response_name(w.exchange), print_response, why, size));
}

bool failures_write(struct run_result *run, const char *folder, char *why, size_t why_size)
{
    size_t written = 0;
    bool fine = true;
    remove_old(folder);
    for (size_t i = 0; fine && i < run->case_count && written < FAILURES_MAX; i++) {
        struct case_result *result = &run->cases[i];
        if ((result->state != CASE_FAIL && !case_is_unjudged(result)) || !result->exchange_count) continue;
        written++;
        result->failure = choose_id(run, result);
        fine = !result->failure || write_failure(run, result, folder, why, why_size);
    }
    return fine;
}
