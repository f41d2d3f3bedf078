/* main.c: chooses the command, and alone prints why it failed. */
#include "harness/base/glob.h"
#include "harness/base/why.h"
#include "harness/command.h"
#include "harness/help.h"
#include "harness/http/http.h"
#include "reports/report.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* Whoever reads our output may have had enough of it, as `head` has: that is no trouble of ours. */
static bool reader_is_gone(void)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return poll(&out, 1, 0) == 1 && (out.revents & (POLLERR | POLLHUP)) != 0;
}

static int run_command(const struct command *command, int argc, char **argv)
{
    char why[4096] = "";
    struct options options;
    int code = EXIT_USAGE;
    if (options_read(&options, command->bit, argc, argv, why, sizeof why))
        code = options.help ? (help_command(stdout, command), EXIT_FINE) : command->run(&options, why, sizeof why);
    if (*why) print_why(why);
    options_clear(&options);
    if ((fflush(stdout) != 0 || ferror(stdout)) && !reader_is_gone()) {
        print_why("standard output could not be written");
        return EXIT_BROKEN;
    }
    return code;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        help_program(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
        help_program(stdout);
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
