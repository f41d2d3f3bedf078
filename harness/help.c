/* help.c: the texts of --help, which follow from the tables of commands and options. They are broken to 80 columns here, as a sentence in
 * a table does not know how far to the right it begins. */
#include "harness/help.h"

#include <string.h>

enum { WIDTH = 80 };

/* The text from here on, its words broken to the width; every line but the first begins at column `indent`, where we are. */
static void print_words(FILE *out, int indent, const char *text)
{
    int at = indent;
    while (*text) {
        int length = (int)strcspn(text, " ");
        if (at > indent && at + 1 + length > WIDTH) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        } else if (at > indent) {
            putc(' ', out);
            at++;
        }
        fprintf(out, "%.*s", length, text);
        at += length;
        text += length;
        while (*text == ' ') text++;
    }
    putc('\n', out);
}

/* A name at the left and its sentence from column `indent` on; below a name that is longer. */
static void print_entry(FILE *out, int indent, const char *name, const char *sentence)
{
    fprintf(out, "  %-*s", indent - 2, name);
    if ((int)strlen(name) > indent - 4) fprintf(out, "\n%*s", indent, "");
    print_words(out, indent, sentence);
}

void help_program(FILE *out)
{
    print_words(out, 0, "chatconform tells whether something speaks the OpenAI-compatible Chat Completions API correctly.");
    fputs("\nusage: chatconform COMMAND [OPTION...] [ARGUMENT...]\n\n", out);
    for (const struct command *c = commands; c->name; c++) print_entry(out, 12, c->name, c->sentence);
    fputs("\nexit codes:\n", out);
    print_entry(out, 5, "0", "nothing unexpected");
    print_entry(out, 5, "1", "failures");
    print_entry(out, 5, "2", "a flag, file, suite or filter is wrong: nothing was tested");
    print_entry(out, 5, "3", "the endpoint cannot be reached, or refused the key");
    print_entry(out, 5, "4", "incomplete: a budget was used up, or the run was interrupted");
    print_entry(out, 5, "5", "trouble of its own");
    fputs("\nchatconform COMMAND --help lists its options and shows an example;\n"
          "chatconform --version prints the version.\n", out);
}

static void print_option(void *out, const char *name, const char *value, const char *sentence)
{
    char flag[64];
    snprintf(flag, sizeof flag, "--%s%s%s", name, value && value[0] != '[' ? " " : "", value ? value : "");
    print_entry(out, 28, flag, sentence);
}

void help_command(FILE *out, const struct command *command)
{
    fprintf(out, "usage: chatconform %s [OPTION...]%s%s\n\n", command->name, *command->arguments ? " " : "", command->arguments);
    print_words(out, 0, command->sentence);
    fputs("\noptions:\n", out);
    options_each(command->bit, print_option, out);
    fputs("\nEach is also an environment variable: --some-option is CHATCONFORM_SOME_OPTION.\n"
          "A flag wins over the environment.\n\nexample:\n", out);
    fprintf(out, "  %s\n", command->example);
}
