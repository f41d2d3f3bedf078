/* main.c: chooses the command, and alone prints why it failed. */
#include "harness/command.h"
#include "harness/glob.h"
#include "harness/http.h"
#include "harness/why.h"
#include "reports/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct command commands[] = {
    {"run", CMD_RUN, "[SUITE|CASE-GLOB...]", "run suites against an endpoint", command_run},
    {"check", CMD_CHECK, "[FILE...|-]", "validate documents offline", command_check},
    {"serve", CMD_SERVE, "", "serve the reference endpoint on 127.0.0.1", command_serve},
    {"explain", CMD_EXPLAIN, "RULE|CASE", "say what a rule demands, or what a case sends and expects", command_explain},
    {"list", CMD_LIST, "rules|cases|suites|defects|profiles", "list what there is", command_list},
    {"lint", CMD_LINT, "SUITE.yaml...", "check suite files strictly", command_lint},
    {"mutate", CMD_MUTATE, "[SUITE|CASE-GLOB...]", "do the suites find every defect of the reference endpoint?", command_mutate},
    {"fuzz", CMD_FUZZ, "", "generate requests, send or print them, judge, shrink", command_fuzz},
    {"baseline", CMD_BASELINE, "create|update|check FILE [RUN.ndjson...]", "record the failures that are expected, and compare runs with them", command_baseline},
    {"compare", CMD_COMPARE, "RUN.ndjson RUN.ndjson...", "the same cases on several targets, side by side, differences first", command_compare},
    {"replay", CMD_REPLAY, "ID|DIR", "send a stored failure again: is it fixed?", command_replay},
    {"report", CMD_REPORT, "RUN.ndjson...", "write reports of finished runs; put shards together", command_report},
    {"schema", CMD_SCHEMA, "[KIND]", "print the tables as JSON Schema 2020-12", command_schema},
    {0},
};

static void print_help(FILE *out)
{
    fprintf(out, "chatconform tells whether something speaks the OpenAI-compatible Chat Completions API correctly.\n\n"
                 "usage: chatconform COMMAND [OPTION...] [ARGUMENT...]\n\n");
    for (const struct command *c = commands; c->name; c++) fprintf(out, "  %-8s %-36s %s\n", c->name, c->arguments, c->sentence);
    fprintf(out, "\nchatconform COMMAND --help lists its options; chatconform --version prints the version.\n"
                 "Exit codes: 0 nothing unexpected, 1 failures, 2 usage or suite error, 3 endpoint unreachable or key refused, 4 incomplete, "
                 "5 own trouble.\n");
}

static int print_command_help(const struct command *command)
{
    printf("usage: chatconform %s [OPTION...] %s\n%s\n\n", command->name, command->arguments, command->sentence);
    options_help(command->bit);
    return EXIT_FINE;
}

static const struct command *find_command(const char *name)
{
    for (const struct command *c = commands; c->name; c++)
        if (strcmp(c->name, name) == 0) return c;
    return NULL;
}

/* A sentence may quote a file, and a file may hold anything. */
static void print_why(const char *why)
{
    fputs("chatconform: ", stderr);
    escape_terminal(stderr, why);
    putc('\n', stderr);
}

static int no_such_command(const char *name)
{
    struct nearest nearest = nearest_to(name);
    char why[512];
    for (const struct command *c = commands; c->name; c++) nearest_try(&nearest, c->name);
    if (nearest.best) why_not(why, sizeof why, "there is no command \"%s\"; did you mean %s?", name, nearest.best);
    else why_not(why, sizeof why, "there is no command \"%s\"; chatconform --help lists them", name);
    print_why(why);
    return EXIT_USAGE;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    char why[4096] = "";
    struct options options;
    int code = EXIT_USAGE;
    if (options_read(&options, command->bit, argc, argv, why, sizeof why))
        code = options.help ? print_command_help(command) : command->run(&options, why, sizeof why);
    if (*why) print_why(why);
    options_clear(&options);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        print_why("standard output could not be written");
        return EXIT_BROKEN;
    }
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        print_help(stdout);
        return EXIT_FINE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("chatconform %s\n", cc_version());
        return EXIT_FINE;
    }
    const struct command *command = find_command(argv[1]);
    if (!command) return no_such_command(argv[1]);
    if (!http_setup()) {
        print_why("libcurl could not be prepared");
        return EXIT_BROKEN;
    }
    return run_command(command, argc - 1, argv + 1);
}
