/* commands.c: the table of commands, for main and for the manual page. */
#include "harness/command.h"

const struct command commands[] = {
    {"run", CMD_RUN, "[SUITE|CASE-GLOB...]", "run suites against an endpoint", command_run},
    {"check", CMD_CHECK, "[FILE...|-]", "validate documents offline", command_check},
    {"serve", CMD_SERVE, "", "serve the reference endpoint on 127.0.0.1", command_serve},
    {"explain", CMD_EXPLAIN, "RULE|CASE", "say what a rule demands, or what a case sends and expects", command_explain},
    {"list", CMD_LIST, "rules|cases|suites|defects|mutants|profiles", "list what there is", command_list},
    {"lint", CMD_LINT, "SUITE.yaml...", "check suite files strictly", command_lint},
    {"new", CMD_NEW, "-- curl ...", "make a case of a suite from a curl command", command_new},
    {"mutate", CMD_MUTATE, "[SUITE|CASE-GLOB...]", "do the suites find every defect of the reference endpoint?", command_mutate},
    {"fuzz", CMD_FUZZ, "", "generate requests, send or print them, judge, shrink", command_fuzz},
    {"probe", CMD_PROBE, "[CAPABILITY...]", "find out what an endpoint can do, and whether it refuses honestly what it cannot", command_probe},
    {"baseline", CMD_BASELINE,
     "create|update|check FILE [RUN.ndjson...]", "record the failures that are expected, and compare runs with them; update writes the file anew, without its comments", command_baseline},
    {"compare", CMD_COMPARE,
     "RUN.ndjson RUN.ndjson...", "the same cases on several targets, side by side, differences first", command_compare},
    {"replay", CMD_REPLAY, "ID|DIR", "send a stored failure again: is it fixed?", command_replay},
    {"report", CMD_REPORT, "RUN.ndjson...", "write reports of finished runs; put shards together", command_report},
    {"schema", CMD_SCHEMA, "[KIND]", "print the tables as JSON Schema 2020-12", command_schema},
    {0},
};
