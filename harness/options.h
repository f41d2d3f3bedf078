/* options.h: what the user asked for, from flags, environment and target file; one table says what there is. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include "chatconform.h"
#include "harness/base/fail_on.h"
#include "harness/http/http.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* The commands, as bits: the table of options says which of them takes what. */
enum command_bit {
    CMD_RUN = 1,
    CMD_CHECK = 2,
    CMD_EXPLAIN = 4,
    CMD_LIST = 8,
    CMD_SERVE = 16,
    CMD_LINT = 32,
    CMD_SCHEMA = 64,
    CMD_MUTATE = 128,
    CMD_FUZZ = 256,
    CMD_REPORT = 1024,
    CMD_BASELINE = 2048,
    CMD_COMPARE = 4096,
    CMD_REPLAY = 8192,
    CMD_PROBE = 16384,
    CMD_NEW = 512,
    CMD_ANY = 0xFFFF
};

/* A list of texts, ended by NULL. */
struct texts {
    const char **items;
    size_t count;
};

struct options {
    struct texts arguments;
    /* what is judged, and how */
    const char *profile_name, *kind_name, *format, *request_file;
    unsigned profile;
    enum cc_kind kind;
    struct cc_limits limits;
    bool jsonl, assemble, no_source;
    long threads; /* 0 = as many as there are processors */
    /* the target */
    const char *base_url, *path, *query, *model, *auth, *api_key_env, *api_key_file, *target;
    struct texts headers, capabilities;
    bool insecure, allow_insecure_auth;
    const char *ca, *proxy;
    struct http_timeouts timeouts;
    /* which cases */
    struct texts skip, tags, suites, allow, env;
    const char *level_name, *fail_on_name;
    enum cc_level level;
    const struct fail_on *fail_on; /* never NULL */
    /* how to run */
    long jobs, attempts, fail_fast, max_requests, max_tokens, tokens_per_minute, seed, repeat;
    bool probe;
    long shard, shards; /* of --shard 2/3; 0, 0: the whole */
    double rate_per_s;
    long max_time_ms;
    bool dry_run;
    /* run --requests */
    const char *requests, *results, *resume, *reference;
    bool stream, no_stream;
    /* what to write */
    struct texts reports;
    const char *color, *junit_flavor, *failures;
    bool quiet;
    /* serve */
    long port;
    struct texts defects;
    bool list_defects;
    /* mutate */
    const char *score, *write_score;
    struct texts mutants;
    /* probe */
    const char *save;
    /* baselines */
    const char *baseline, *reason, *issue, *expires;
    /* fuzz */
    long print, start, shrink;
    const char *mode, *from, *against, *save_case;
    struct texts rules;
    /* new */
    const char *suite_file, *id;
    bool help;
    const char *of_suites; /* a flag or variable that was given and is about cases of suites; NULL: none was */
    /* private */
    struct texts owned;
};

/* Reads the flags of a command (argv[0] is the command's name), then the environment, then the target file for what is not set yet, and
 * checks it all. False with one sentence of why. */
bool options_read(struct options *options, enum command_bit command, int argc, char **argv, char *why, size_t why_size);
void options_clear(struct options *options);
/* Told of an option: its name, its value as the help shows it (NULL without) and its sentence. */
typedef void option_visit(void *context, const char *name, const char *value, const char *sentence);
/* Calls `each` with every option of a command. */
void options_each(enum command_bit command, option_visit *each, void *context);

/* Appends to a list; false when memory runs out. */
bool texts_add(struct texts *texts, const char *text);
/* Whether one of these globs names a rule or a defect (glob.h). */
bool texts_match_rule(const struct texts *globs, const char *rule);

/* True when colour is wanted there: asked for, or a terminal and NO_COLOR not set. */
bool colour_wanted(const struct options *options, FILE *out);

#endif
