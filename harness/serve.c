/* serve.c: `chatconform serve`: the reference endpoint until a signal ends it. */
#include "harness/command.h"
#include "harness/glob.h"
#include "harness/why.h"
#include "endpoint/endpoint.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

static bool know_defects(const struct options *options, char *why, size_t size)
{
    for (size_t i = 0; i < options->defects.count; i++) {
        const char *id = options->defects.items[i];
        if (defect_find(id)) continue;
        struct nearest nearest = nearest_to(id);
        for (size_t k = 0; defect_at(k); k++) nearest_try(&nearest, defect_at(k)->id);
        if (nearest.best) return why_not(why, size, "there is no defect %s; did you mean %s?", id, nearest.best);
        return why_not(why, size, "there is no defect %s; `chatconform list defects` lists them", id);
    }
    return true;
}

static bool key_from_environment(const struct options *options, const char **key, char *why, size_t size)
{
    *key = options->api_key_env ? getenv(options->api_key_env) : NULL;
    if (!options->api_key_env || (*key && **key)) return true;
    return why_not(why, size, "the environment variable %s, which is to hold the key, is not set", options->api_key_env);
}

/* Blocks the signals that end the server before its threads start, so that this thread alone gets them. */
static void block_signals(sigset_t *signals)
{
    sigemptyset(signals);
    sigaddset(signals, SIGINT);
    sigaddset(signals, SIGTERM);
    sigprocmask(SIG_BLOCK, signals, NULL);
}

static int serve(const struct endpoint_options *serving, char *why, size_t size)
{
    sigset_t signals;
    int number;
    block_signals(&signals);
    struct endpoint *endpoint = endpoint_start(serving, why, size);
    if (!endpoint) return EXIT_BROKEN;
    printf("serving http://127.0.0.1:%d/v1, model reference\n", endpoint_port(endpoint));
    fflush(stdout); /* whoever started us reads the port from it */
    sigwait(&signals, &number);
    endpoint_stop(endpoint);
    return EXIT_FINE;
}

int command_serve(struct options *options, char *why, size_t why_size)
{
    struct endpoint_options serving = {.port = (int)options->port, .defects = options->defects.items, .profile = options->profile};
    if (options->list_defects) {
        defects_list(false);
        return EXIT_FINE;
    }
    if (options->arguments.count) {
        why_not(why, why_size, "serve takes no arguments");
        return EXIT_USAGE;
    }
    if (!know_defects(options, why, why_size) || !key_from_environment(options, &serving.api_key, why, why_size)) return EXIT_USAGE;
    return serve(&serving, why, why_size);
}
