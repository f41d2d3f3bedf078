/* bulk_parts.h: what the files of bulk verification know of each other (bulk.h says what it is). A line of recorded traffic becomes a request
 * (bulk_lines.c); what came of it becomes an entry (bulk_calls.c), which is appended to the results (bulk_results.c) and added to the
 * figures (bulk_figures.c). Entries are not kept: figures, reports and merged shards are made of entries that stream by, read back or new. */
#ifndef BULK_PARTS_H
#define BULK_PARTS_H

#include "harness/base/line_reader.h"
#include "harness/bulk/bulk.h"
#include "harness/result.h"
#include "harness/run/runner.h"

#include <stdint.h>
#include <stdio.h>

enum {
    BULK_LINES_MOST = 1000000,  /* lines of a file of requests, empty ones included, and of results */
    BULK_FINDINGS_MOST = 50,    /* that are kept of one answer */
};

/* --- bulk_lines.c: the requests */

struct bulk_lines {
    struct line_reader reader;  /* of lines as long as a document may be (--limit bytes=N) */
    const struct options *options;
    const char *model;          /* replaces that of each line; NULL: it stays */
    struct cc_checker *checker;
    size_t count;               /* lines that were not empty, so far */
    size_t total;               /* lines of the file; 0: not known */
};

/* A request on its way. It begins with its case, so that whoever has the case has it. */
struct bulk_request {
    struct suite_case test;
    struct suite_step step;
    struct bulk_request *previous, *next;
    size_t line;
    uint64_t hash;              /* of the request as it was recorded */
    bool stream, tools;         /* what it asks for, what it offers */
    /* found out */
    struct json_object *answer; /* the completion, or what its chunks add up to; NULL without one */
};

/* Opens the file. False with one sentence, also when it is a regular file of more than BULK_LINES_MOST lines. */
bool bulk_lines_open(struct bulk_lines *lines, const struct options *options, const char *name, const char *model, char *why, size_t why_size);
/* Goes on to the next line that is not empty. False at the end; then `why` is "", or says in one sentence why no more is read. */
bool bulk_lines_next(struct bulk_lines *lines, char *why, size_t why_size);
/* Makes a request of the line at hand. NULL with "FILE:LINE:COLUMN: sentence" when it holds none. */
struct bulk_request *bulk_request_new(struct bulk_lines *lines, char *why, size_t why_size);
/* Whether it may be sent; else "FILE:LINE:COLUMN: sentence". */
bool bulk_request_is_valid(struct bulk_lines *lines, const struct bulk_request *request, char *why, size_t why_size);
void bulk_request_free(struct bulk_request *request);
void bulk_lines_close(struct bulk_lines *lines);

/* The hash of a request: of its text without needless blanks. Never 0. */
uint64_t bulk_hash(struct json_object *request);

/* --- entries */

enum bulk_truth { BULK_UNKNOWN, BULK_NO, BULK_YES };

struct bulk_finding {
    char *rule;
    enum cc_level level;
    enum cc_severity severity;
    bool counts;                /* it fails the run */
    char *pointer, *message;
};

/* What became of one line. All strings are its own. Numbers are -1 where they are not known. */
struct bulk_entry {
    size_t line;
    uint64_t hash;
    char *left_out;             /* why it was not sent; NULL: it was */
    bool stream, tools;
    int status;                 /* 0: no answer */
    char *fault, *why;          /* "net.reset" and its sentence; `why` also says why the server refused; NULL */
    long attempts;
    bool whole;                 /* a completion came, to its end */
    enum bulk_truth called;     /* it ends with finish_reason tool_calls */
    size_t calls;
    enum bulk_truth json, named, fits; /* of an answer that called: the arguments are JSON, the name is declared, the arguments fit */
    long first_ms, total_ms;    /* until the first event of a stream, until the end */
    long long prompt_tokens, completion_tokens, total_tokens;
    enum bulk_truth reference;  /* whether the reference called; unknown: there is no such line */
    struct bulk_finding *findings;
    size_t finding_count;
};

void bulk_entry_clear(struct bulk_entry *entry);
/* False where another try may well end otherwise: nobody answered, the server was busy or broken, or the key was refused. */
bool bulk_is_settled(const struct bulk_entry *entry);

/* bulk_calls.c: what an answer says about calling tools, by the validator's findings about it. `checker` may be used. */
void bulk_judge_calls(struct bulk_entry *entry, struct json_object *answer, struct cc_checker *checker);
/* Whether a completion ends with tool_calls. */
bool bulk_calls_tool(struct json_object *answer);

/* bulk_entry.c: an entry as a line of results, and back. */
void bulk_entry_write(FILE *out, const struct bulk_entry *entry);
/* False with the name of the member that is wrong, and what is wrong with it. */
bool bulk_entry_read(struct bulk_entry *entry, struct json_object *object, char *why, size_t why_size);

/* --- bulk_figures.c */

struct bulk_rule {
    struct bulk_finding first;  /* in the first line that has it */
    size_t line, answers;
    bool counts;                /* for some answer it did */
};

struct bulk_numbers {
    uint32_t *items;
    size_t count, room;
};

struct bulk_figures {
    size_t lines, left_out, answered, silent, again;
    size_t statuses[6];         /* by their first digit */
    size_t accepted;            /* with 2xx, to the end */
    size_t refused;             /* with a status that stays the same however often one asks */
    size_t broke;               /* not settled: see bulk_is_settled */
    size_t judged, clean, failing; /* answers; without a must-level finding; with one that counts */
    size_t offered, called, calls, unsaid;
    size_t truths[3][3];        /* json, named, fits: how many of each truth */
    size_t pairs[2][2];         /* by what the reference did and what this one does: [called][called] */
    size_t unpaired;
    bool compared;              /* there is a reference */
    struct bulk_numbers first_ms, total_ms;
    long long prompt_tokens, completion_tokens, total_tokens, answering_ms; /* answering_ms: of the answers that told completion_tokens */
    size_t counted;             /* answers with usage */
    struct bulk_rule *rules;
    size_t rule_count;
    char *left_out_why, *silent_why, *refused_why; /* of the first of each */
    size_t left_out_line, silent_line, refused_line;
    bool failed;                /* memory ran out */
};

void bulk_figures_add(struct bulk_figures *figures, const struct bulk_entry *entry);
void bulk_figures_clear(struct bulk_figures *figures);
/* The value that `percent` of the numbers do not exceed (nearest rank); -1 without any. Sorts them. */
long bulk_percentile(struct bulk_numbers *numbers, int percent);
/* Precision, recall and their harmonic mean of `both` hits, `only` calls that the reference did not make and `missed` ones; -1 where
 * nothing is divided. */
struct bulk_score {
    double precision, recall, f1;
};
struct bulk_score bulk_score(size_t both, size_t only, size_t missed);

/* --- bulk_tell.c: the figures as cases and figures of a run, so that every report can show them, and the verdict of a run that came to its
 * end or, with `part`, maybe left lines out, so that it cannot have passed. False when memory ran out. */
bool bulk_tell(struct bulk_figures *figures, const char *requests, struct run_result *run);
bool bulk_tell_score(struct run_result *run, const char *group, size_t pairs[2][2]);
void bulk_conclude(const struct bulk_figures *figures, struct run_result *run, bool part);

/* --- bulk_results.c: the file of results */

/* Which lines are there already, by their hashes; 0: not there. */
struct bulk_done {
    uint64_t *hashes;
    unsigned char *calls;       /* enum bulk_truth of `called` */
    size_t room, count;
};

bool bulk_done_add(struct bulk_done *done, const struct bulk_entry *entry);
uint64_t bulk_done_hash(const struct bulk_done *done, size_t line);
void bulk_done_clear(struct bulk_done *done);

/* What stands in a file of results beside its entries. */
struct bulk_record {
    struct run_result run;      /* without cases */
    char *requests;             /* the name of the file of requests */
    bool ended;                 /* it has a summary, with run.exit_code, run.verdict and run.duration_ms */
    size_t torn;                /* number of a last line that is cut off; 0: there is none */
};

/* Reads one and hands over each entry. False with one sentence; clear in either case. */
bool bulk_record_read(struct bulk_record *record, const char *file, bool each(void *context, const struct bulk_entry *entry), void *context,
                      char *why, size_t why_size);
void bulk_record_clear(struct bulk_record *record);
/* What each line of a reference does about calling tools: results of another run, or recorded exchanges. Only whole completions are noted. */
bool bulk_reference_read(struct bulk_done *reference, const char *file, const struct options *options, char *why, size_t why_size);
enum bulk_truth bulk_reference_of(const struct bulk_done *reference, size_t line, uint64_t hash);
void bulk_head_write(FILE *out, const struct run_result *run, const char *requests);
void bulk_summary_write(FILE *out, const struct run_result *run);

#endif
