/* help.h: what --help prints, on lines of 80 columns. */
#ifndef HELP_H
#define HELP_H

#include "harness/command.h"

#include <stdio.h>

/* All commands, and what the exit codes mean. */
void help_program(FILE *out);
/* One command: how it is called, its options, and an example. */
void help_command(FILE *out, const struct command *command);

#endif
