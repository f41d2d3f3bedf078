/* bulk_record.c: finished bulk verifications read back: shards put together, another run as the reference, two runs compared. */
#include "harness/bulk/bulk_parts.h"

#include "harness/base/jo.h"
#include "harness/base/why.h"
#include "harness/command.h"
#include "harness/run/conclude.h"

#include <stdlib.h>
#include <string.h>

/* --- references */

static bool note_entry(void *context, const struct bulk_entry *entry) { return !entry->whole || bulk_done_add(context, entry); }

static bool read_results(struct bulk_done *reference, const char *file, char *why, size_t size)
{
    struct bulk_record record;
    bool fine = bulk_record_read(&record, file, note_entry, reference, why, size);
    bulk_record_clear(&record);
    return fine;
}

/* The completion in a recorded exchange, or what its stream adds up to; to be put. NULL without one. */
static struct json_object *recorded_answer(struct json_object *exchange)
{
    struct json_object *status = jo_get(exchange, "status"), *stored = jo_get(exchange, "response"), *sse = jo_get(exchange, "sse"), *answer;
    if (json_object_is_type(status, json_type_int) && json_object_get_int(status) / 100 != 2) return NULL;
    if (jo_is_object(stored)) return json_object_get(stored);
    struct cc_stream *stream = jo_is_text(sse) ? cc_stream_new(NULL, NULL, 0) : NULL;
    if (!stream) return NULL;
    cc_stream_feed(stream, jo_text(sse), (size_t)json_object_get_string_len(sse));
    cc_stream_end(stream, false);
    answer = cc_stream_answer(stream);
    cc_stream_free(stream);
    return answer;
}

static bool note_exchange(struct bulk_done *reference, const struct bulk_lines *lines)
{
    struct json_object *exchange = NULL, *answer;
    bool fine = true;
    if (!cc_read_object(lines->reader.text, lines->reader.length, &lines->options->limits, &exchange, NULL, 0)) return true;
    answer = recorded_answer(exchange);
    if (jo_get(answer, "choices") && jo_is_object(jo_get(exchange, "request"))) {
        struct bulk_entry entry = {.line = lines->reader.line, .hash = bulk_hash(jo_get(exchange, "request")),
                                   .called = bulk_calls_tool(answer) ? BULK_YES : BULK_NO};
        fine = bulk_done_add(reference, &entry);
    }
    json_object_put(answer);
    json_object_put(exchange);
    return fine;
}

static bool read_exchanges(struct bulk_done *reference, const char *file, const struct options *options, char *why, size_t size)
{
    struct bulk_lines lines;
    char inner[512] = "";
    bool fine = bulk_lines_open(&lines, options, file, NULL, why, size);
    while (fine && bulk_lines_next(&lines, inner, sizeof inner))
        if (!note_exchange(reference, &lines)) fine = why_no_memory(why, size);
    if (fine && *inner) fine = why_not(why, size, "%s", inner);
    bulk_lines_close(&lines);
    return fine;
}

bool bulk_reference_read(struct bulk_done *reference, const char *file, const struct options *options, char *why, size_t why_size)
{
    bool results = bulk_is_record(file);
    bool fine = results ? read_results(reference, file, why, why_size) : read_exchanges(reference, file, options, why, why_size);
    if (!fine || reference->count) return fine;
    return why_not(why, why_size, "--reference %s: no line has a completion: results of another run, or recorded exchanges are expected", file);
}

enum bulk_truth bulk_reference_of(const struct bulk_done *reference, size_t line, uint64_t hash)
{
    return bulk_done_hash(reference, line) == hash ? (enum bulk_truth)reference->calls[line] : BULK_UNKNOWN;
}

/* --- one run of several files */

struct merging {
    struct bulk_figures figures;
    struct bulk_done done;
    struct bulk_record first;
    const char *file, *first_file;
    unsigned char *shards;      /* which were seen */
    const char *twice;          /* the file that has a line which was there already */
    size_t twice_line;
    long long end_ms;
};

static bool add_entry(void *context, const struct bulk_entry *entry)
{
    struct merging *m = context;
    if (bulk_done_hash(&m->done, entry->line) && !m->twice) m->twice = m->file, m->twice_line = entry->line;
    bulk_figures_add(&m->figures, entry);
    struct bulk_entry noted = {.line = entry->line, .hash = 1};
    return !m->figures.failed && bulk_done_add(&m->done, &noted);
}

/* The worst end of a part is the end of the whole. */
static void note_end(struct merging *m, const struct bulk_record *record)
{
    struct run_result *whole = &m->first.run;
    const struct run_result *run = &record->run;
    long long end = (long long)run->started * 1000 + run->duration_ms;
    if (end > m->end_ms) m->end_ms = end;
    if (run->started < whole->started) whole->started = run->started;
    if (run->shard && run->shard <= whole->shards) m->shards[run->shard - 1] = 1;
    if (!record->ended && run_end_is_worse(EXIT_INCOMPLETE, whole->exit_code))
        run_set_verdict(whole, EXIT_INCOMPLETE, "incomplete: %s ends before its summary; go on with --resume", m->file);
    if (record->ended && run_end_is_worse(run->exit_code, whole->exit_code)) run_set_verdict(whole, run->exit_code, "%s", run->verdict);
    if (run == whole) return;
    whole->not_run += run->not_run;
    whole->requests += run->requests;
    whole->tokens += run->tokens;
}

static bool take_file(struct merging *m, const char *file, char *why, size_t size)
{
    struct bulk_record record;
    bool first = !m->first_file;
    m->file = file;
    bool fine = bulk_record_read(&record, file, add_entry, m, why, size);
    if (fine && first) {
        m->first = record;
        m->first_file = file;
        m->shards = calloc((size_t)record.run.shards + 1, 1);
        if (!m->shards) return why_no_memory(why, size);
        note_end(m, &m->first);
        return true;
    }
    const char *what = fine ? run_difference(&m->first.run, &record.run) : NULL;
    if (fine && !what && strcmp(m->first.requests, record.requests) != 0) what = "file of requests";
    if (what)
        fine = why_not(why, size, "%s and %s are not of the same %s; `chatconform compare` shows them side by side", m->first_file, file, what);
    if (fine && m->twice) fine = why_not(why, size, "the result of line %zu is there already when %s is read", m->twice_line, m->twice);
    if (fine) note_end(m, &record);
    bulk_record_clear(&record);
    return fine;
}

/* One part alone stays that part. */
static void close_shards(struct merging *m, size_t files)
{
    struct run_result *run = &m->first.run;
    long missing = 0;
    for (long i = run->shards; i > 0; i--)
        if (!m->shards[i - 1]) missing = i;
    if (files > 1 && missing && run->exit_code < EXIT_UNREACHABLE)
        run_set_verdict(run, EXIT_INCOMPLETE, "incomplete: the shard %ld/%ld is missing", missing, run->shards);
    if (files > 1) run->shard = run->shards = 0;
}

bool bulk_records_read(struct run_result *run, const struct texts *files, char *why, size_t why_size)
{
    struct merging m = {0};
    bool fine = true;
    for (size_t i = 0; fine && i < files->count; i++) fine = take_file(&m, files->items[i], why, why_size);
    if (fine) {
        close_shards(&m, files->count);
        *run = m.first.run;
        m.first.run = (struct run_result){0};
        run->duration_ms = (long)(m.end_ms - (long long)run->started * 1000);
        if (run->exit_code < EXIT_UNREACHABLE) bulk_conclude(&m.figures, run, run->not_run > 0);
        fine = bulk_tell(&m.figures, m.first.requests, run) || why_no_memory(why, why_size);
    }
    bulk_figures_clear(&m.figures);
    bulk_done_clear(&m.done);
    bulk_record_clear(&m.first);
    free(m.shards);
    return fine;
}

/* --- side by side */

struct pairing {
    const struct bulk_done *reference;
    size_t pairs[2][2];
};

static bool pair_entry(void *context, const struct bulk_entry *entry)
{
    struct pairing *p = context;
    enum bulk_truth reference = entry->whole ? bulk_reference_of(p->reference, entry->line, entry->hash) : BULK_UNKNOWN;
    if (reference != BULK_UNKNOWN) p->pairs[reference == BULK_YES][entry->called == BULK_YES]++;
    return true;
}

bool bulk_compare(struct run_result *runs, const char *const *files, size_t count, char *why, size_t why_size)
{
    struct bulk_done reference = {0};
    bool fine = read_results(&reference, files[0], why, why_size);
    for (size_t i = 1; fine && i < count; i++) {
        struct pairing pairing = {.reference = &reference};
        struct bulk_record record;
        fine = bulk_record_read(&record, files[i], pair_entry, &pairing, why, why_size);
        bulk_record_clear(&record);
        if (fine) fine = bulk_tell_score(&runs[i], "calls against A", pairing.pairs) || why_no_memory(why, why_size);
    }
    bulk_done_clear(&reference);
    return fine;
}
