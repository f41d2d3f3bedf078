/* bulk_results.c: files of results: a head, an entry for each line in the order in which answers came, and a summary when the run came to
 * its end. A run that was killed leaves no summary, and maybe half a line. */
#include "harness/bulk/bulk_parts.h"

#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "reports/report.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { FORMAT = 1, LINE_MOST = 4 << 20 };

/* --- what is there already */

bool bulk_done_add(struct bulk_done *done, const struct bulk_entry *entry)
{
    size_t wanted = entry->line + 1;
    if (wanted > done->room) {
        size_t room = wanted * 2;
        uint64_t *hashes = realloc(done->hashes, room * sizeof *hashes);
        if (hashes) done->hashes = hashes;
        unsigned char *calls = hashes ? realloc(done->calls, room) : NULL;
        if (!calls) return false;
        done->calls = calls;
        memset(hashes + done->room, 0, (room - done->room) * sizeof *hashes);
        memset(calls + done->room, 0, room - done->room);
        done->room = room;
    }
    done->count += done->hashes[entry->line] == 0;
    done->hashes[entry->line] = entry->hash ? entry->hash : 1;
    done->calls[entry->line] = (unsigned char)entry->called;
    return true;
}

uint64_t bulk_done_hash(const struct bulk_done *done, size_t line) { return line < done->room ? done->hashes[line] : 0; }

void bulk_done_clear(struct bulk_done *done)
{
    free(done->hashes);
    free(done->calls);
    *done = (struct bulk_done){0};
}

/* --- out */

void bulk_head_write(FILE *out, const struct run_result *run, const char *requests)
{
    struct tm utc = {.tm_year = 70, .tm_mday = 1};
    gmtime_r(&run->started, &utc);
    fprintf(out, "{\"type\":\"bulk\",\"format\":%d", FORMAT);
    report_run_members(out, run);
    escape_json_member(out, "requests", requests);
    fprintf(out, ",\"shard\":%ld,\"shards\":%ld,\"seed\":%lu", run->shard, run->shards, run->seed);
    fprintf(out, ",\"started\":\"%04d-%02d-%02dT%02d:%02d:%02dZ\"}\n", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour,
            utc.tm_min, utc.tm_sec);
}

void bulk_summary_write(FILE *out, const struct run_result *run)
{
    fprintf(out, "{\"type\":\"summary\",\"duration_ms\":%ld,\"requests\":%lld,\"tokens\":%lld,\"exit_code\":%d,\"not_run\":%zu", run->duration_ms,
            run->requests, run->tokens, run->exit_code, run->not_run);
    escape_json_member(out, "broken", run->broken);
    escape_json_member(out, "verdict", run->verdict);
    fputs("}\n", out);
}

/* --- in */

struct record_reading {
    struct bulk_record *record;
    struct line_reader reader;
    struct json_object *at;
    size_t entries;
    char *why;
    size_t size;
};

static bool mistake(struct record_reading *r, const char *what)
{
    return why_not(r->why, r->size, "%s:%zu: %s", r->reader.name, r->reader.line, what);
}

static char *text(struct record_reading *r, const char *name)
{
    struct json_object *value = jo_get(r->at, name);
    return jo_is_text(value) ? strdup(jo_text(value)) : NULL;
}

static long number(struct record_reading *r, const char *name, long most)
{
    struct json_object *value = jo_get(r->at, name);
    int64_t read = json_object_is_type(value, json_type_int) ? json_object_get_int64(value) : 0;
    return read > 0 && read <= most ? (long)read : 0;
}

static bool is_of_type(struct json_object *object, const char *type) { return jo_is(jo_get(object, "type"), type); }

static bool read_started(struct record_reading *r, time_t *started)
{
    struct tm t = {0};
    int end = 0;
    const char *said = jo_text(jo_get(r->at, "started"));
    sscanf(said, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &t.tm_year, &t.tm_mon, &t.tm_mday, &t.tm_hour, &t.tm_min, &t.tm_sec, &end);
    if (!end || said[end]) return mistake(r, "started is no time");
    t.tm_year -= 1900;
    t.tm_mon -= 1;
    *started = timegm(&t);
    return true;
}

static bool read_head(struct record_reading *r)
{
    struct run_result *run = &r->record->run;
    if (!is_of_type(r->at, "bulk")) return mistake(r, "it holds no results of a bulk verification (run --requests)");
    if (number(r, "format", INT_MAX) != FORMAT) return mistake(r, "the results have a format that is not known here");
    run->version = text(r, "version");
    run->profile = text(r, "profile");
    run->target = text(r, "target");
    run->model = text(r, "model");
    run->hostname = text(r, "hostname");
    run->embedded = jo_true(jo_get(r->at, "embedded"));
    run->seed = (unsigned long)number(r, "seed", UINT_MAX);
    run->shard = number(r, "shard", 10000);
    run->shards = number(r, "shards", 10000);
    r->record->requests = text(r, "requests");
    bool whole = run->version && run->profile && run->target && run->hostname && r->record->requests && run->shard <= run->shards;
    if (!whole) return mistake(r, "the head of the results lacks something");
    return read_started(r, &run->started);
}

static void read_summary(struct record_reading *r)
{
    struct run_result *run = &r->record->run;
    r->record->ended = true;
    run->duration_ms = number(r, "duration_ms", LONG_MAX);
    run->requests = number(r, "requests", INT_MAX);
    run->tokens = number(r, "tokens", 1L << 50);
    run->exit_code = (int)number(r, "exit_code", 255);
    run->not_run = (size_t)number(r, "not_run", LONG_MAX);
    run->broken = text(r, "broken");
    run->verdict = text(r, "verdict");
}

static bool read_entry(struct record_reading *r, bool each(void *, const struct bulk_entry *), void *context)
{
    struct bulk_entry entry;
    char inner[256];
    bool fine = is_of_type(r->at, "request") || mistake(r, "neither a request nor the summary");
    if (!fine) return false;
    if (bulk_entry_read(&entry, r->at, inner, sizeof inner)) fine = each(context, &entry) || why_no_memory(r->why, r->size);
    else fine = mistake(r, inner);
    bulk_entry_clear(&entry);
    return fine && (++r->entries <= BULK_LINES_MOST || mistake(r, "there are more results than are taken"));
}

/* A line without its end was being written when the run was killed. */
static bool read_line(struct record_reading *r, bool each(void *, const struct bulk_entry *), void *context)
{
    char inner[512];
    if (r->reader.torn) {
        r->record->torn = r->reader.line;
        return true;
    }
    if (r->record->ended) return mistake(r, "something comes after the summary");
    if (r->reader.length > LINE_MOST) return mistake(r, "the line is longer than any line of results");
    if (!cc_read_object(r->reader.text, r->reader.length, NULL, &r->at, inner, sizeof inner)) return mistake(r, inner);
    bool fine = true;
    if (r->reader.line == 1) fine = read_head(r);
    else if (is_of_type(r->at, "summary")) read_summary(r);
    else fine = read_entry(r, each, context);
    json_object_put(r->at);
    r->at = NULL;
    return fine;
}

bool bulk_record_read(struct bulk_record *record, const char *file, bool each(void *context, const struct bulk_entry *entry), void *context,
                      char *why, size_t why_size)
{
    struct record_reading r = {.record = record, .why = why, .size = why_size};
    char inner[512] = "";
    *record = (struct bulk_record){0};
    bool fine = line_reader_open(&r.reader, file, LINE_MOST, why, why_size);
    while (fine && line_reader_next(&r.reader, inner, sizeof inner)) fine = read_line(&r, each, context);
    if (fine && *inner) fine = why_not(why, why_size, "%s", inner);
    if (fine && !record->run.version) fine = why_not(why, why_size, "%s:1: it holds no results of a bulk verification", file);
    line_reader_close(&r.reader);
    return fine;
}

void bulk_record_clear(struct bulk_record *record)
{
    run_result_clear(&record->run);
    free(record->requests);
    *record = (struct bulk_record){0};
}

bool bulk_is_record(const char *file)
{
    static const char begin[] = "{\"type\":\"bulk\",";
    char read[sizeof begin] = "";
    FILE *in = strcmp(file, "-") == 0 ? NULL : fopen(file, "rb");
    size_t got = in ? fread(read, 1, sizeof begin - 1, in) : 0;
    if (in) fclose(in);
    return got == sizeof begin - 1 && memcmp(read, begin, got) == 0;
}
