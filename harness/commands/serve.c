/* serve.c: `chatconform serve`: the reference endpoint until a signal ends it. */
#include "endpoint/endpoint.h"
#include "harness/base/glob.h"
#include "harness/base/why.h"
#include "harness/command.h"
#include "harness/mutate/mutants.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

/* What the endpoint is to do wrong. */
struct wrong {
    struct written_mutants written;
    struct texts defects; /* of its own; the list is owned */
    const char *mutant;   /* or NULL */
};

static bool not_known(const char *id, const struct written_mutants *written, char *why, size_t size)
{
    struct nearest nearest = nearest_to(id);
    for (size_t i = 0; defect_at(i); i++) nearest_try(&nearest, defect_at(i)->id);
    for (size_t i = 0; i < written->count; i++) nearest_try(&nearest, written->items[i].id);
    if (nearest.best) return why_not(why, size, "there is no defect %s; did you mean %s?", id, nearest.best);
    return why_not(why, size, "there is no defect %s; `chatconform list defects` and `list mutants` list them", id);
}

static bool choose_one(struct wrong *wrong, const char *id, char *why, size_t size)
{
    if (defect_find(id)) return texts_add(&wrong->defects, id) || why_no_memory(why, size);
    const struct written_mutant *mutant = mutants_find(&wrong->written, id);
    if (!mutant) return not_known(id, &wrong->written, why, size);
    if (wrong->mutant) return why_not(why, size, "there can be only one mutant at a time");
    wrong->mutant = mutant->json;
    return true;
}

static bool choose(struct wrong *wrong, const struct options *options, char *why, size_t size)
{
    bool fine = options->defects.count == 0 || mutants_read(&wrong->written, options, why, size);
    for (size_t i = 0; fine && i < options->defects.count; i++) fine = choose_one(wrong, options->defects.items[i], why, size);
    return fine;
}

static void wrong_clear(struct wrong *wrong)
{
    mutants_clear(&wrong->written);
    free((void *)wrong->defects.items);
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
    struct wrong wrong = {0};
    int code = EXIT_USAGE;
    if (options->list_defects) {
        defects_list(false);
        return EXIT_FINE;
    }
    if (options->arguments.count) {
        why_not(why, why_size, "serve takes no arguments");
        return EXIT_USAGE;
    }
    struct endpoint_options serving = {.port = (int)options->port, .profile = options->profile};
    if (choose(&wrong, options, why, why_size) && key_from_environment(options, &serving.api_key, why, why_size)) {
        serving.defects = wrong.defects.items;
        serving.mutant = wrong.mutant;
        code = serve(&serving, why, why_size);
    }
    wrong_clear(&wrong);
    return code;
}
