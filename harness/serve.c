/* serve.c: `chatconform serve`: the reference endpoint until a signal ends it. */
#include "harness/command.h"
#include "endpoint/endpoint.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool know_defects(const struct options *options, char *why, size_t size)
{
    for (size_t i = 0; i < options->defects.count; i++) {
        if (defect_find(options->defects.items[i])) continue;
        snprintf(why, size, "there is no defect %s; `chatconform list defects` lists them", options->defects.items[i]);
        return false;
    }
    return true;
}

static bool key_from_environment(const struct options *options, const char **key, char *why, size_t size)
{
    *key = options->api_key_env ? getenv(options->api_key_env) : NULL;
    if (!options->api_key_env || (*key && **key)) return true;
    snprintf(why, size, "the environment variable %s, which is to hold the key, is not set", options->api_key_env);
    return false;
}

/* Blocks the signals that end the server before its threads start, so that this thread alone gets them. */
static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    sigprocmask(SIG_BLOCK, signals, NULL);
}

int command_serve(struct options *options, char *why, size_t why_size)
{
    if (options->list_defects) {
        for (size_t i = 0; defect_at(i); i++) printf("%-36s %-56s %s\n", defect_at(i)->id, defect_at(i)->rule, defect_at(i)->sentence);
        return EXIT_FINE;
    }
    struct endpoint_options serving = {.port = (int)options->port, .defects = options->defects.items, .profile = options->profile};
    if (options->arguments.count) {
        snprintf(why, why_size, "serve takes no arguments");
        return EXIT_USAGE;
    }
    if (!know_defects(options, why, why_size) || !key_from_environment(options, &serving.api_key, why, why_size)) return EXIT_USAGE;
    sigset_t signals;
    int signal_number;
    block_signals(&signals);
    struct endpoint *endpoint = endpoint_start(&serving, why, why_size);
    if (!endpoint) return EXIT_BROKEN;
    printf("serving http://127.0.0.1:%d/v1, model reference\n", endpoint_port(endpoint));
    fflush(stdout);
    sigwait(&signals, &signal_number);
    endpoint_stop(endpoint);
    return EXIT_FINE;
}
