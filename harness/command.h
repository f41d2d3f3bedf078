/* command.h: the commands of the program. Each returns the program's exit code; when it is not EXIT_FINE and `why` is filled in, main
 * prints that sentence. Results go to standard output, the rest to standard error. */
#ifndef COMMAND_H
#define COMMAND_H

#include "harness/options.h"

/* What the exit codes mean; scripts depend on them. */
enum {
    EXIT_FINE = 0,
    EXIT_FAILED = 1,      /* an unexpected failure, or a stale baseline */
    EXIT_USAGE = 2,       /* flags, files or suites are wrong */
    EXIT_UNREACHABLE = 3, /* the endpoint, or its authentication, before any case ran */
    EXIT_INCOMPLETE = 4,  /* a budget, time or an interrupt */
    EXIT_BROKEN = 5       /* our own trouble, a report that cannot be written included */
};

struct command {
    const char *name;
    enum command_bit bit;
    const char *arguments; /* for the help */
    const char *sentence;
    const char *example; /* one line, at most 78 columns */
    int (*run)(struct options *options, char *why, size_t why_size);
};

/* All of them, ended by a NULL name. */
extern const struct command commands[];

int command_run(struct options *options, char *why, size_t why_size);
int command_check(struct options *options, char *why, size_t why_size);
int command_explain(struct options *options, char *why, size_t why_size);
int command_list(struct options *options, char *why, size_t why_size);
int command_serve(struct options *options, char *why, size_t why_size);
int command_lint(struct options *options, char *why, size_t why_size);
int command_baseline(struct options *options, char *why, size_t why_size);
int command_compare(struct options *options, char *why, size_t why_size);
int command_replay(struct options *options, char *why, size_t why_size);
int command_report(struct options *options, char *why, size_t why_size);
int command_new(struct options *options, char *why, size_t why_size);
int command_mutate(struct options *options, char *why, size_t why_size);
int command_probe(struct options *options, char *why, size_t why_size);
int command_fuzz(struct options *options, char *why, size_t why_size);
int command_schema(struct options *options, char *why, size_t why_size);

struct run_result;

/* Runs the cases that the options ask for, without any report; the result is to be cleared. An exit code, which run->exit_code is too when
 * the cases had their turn. */
int run_cases_of(struct options *options, struct run_result *run, char *why, size_t why_size);

/* Prints what the reference endpoint can do wrong, for `list defects` and `serve --list-defects`. */
void defects_list(bool json);

#endif
