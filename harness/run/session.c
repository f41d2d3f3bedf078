/* session.c: see session.h. */
#include "harness/run/session.h"

#include "endpoint/endpoint.h"
#include "harness/base/api.h"
#include "harness/base/why.h"
#include "harness/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- signals */

static volatile sig_atomic_t interrupted;

static void note_interrupt(int number)
{
    (void)number;
    if (interrupted) _exit(EXIT_INCOMPLETE); /* the second one does not wait */
    interrupted = 1;
}

volatile sig_atomic_t *session_watch_signals(void)
{
    struct sigaction action = {.sa_handler = note_interrupt};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    return &interrupted;
}

/* --- the target */

static bool start_embedded(struct session *s, const char *doing, char *why, size_t size)
{
    struct endpoint_options serving = {.profile = s->options->profile};
    s->embedded = endpoint_start(&serving, why, size);
    if (!s->embedded) return false;
    snprintf(s->base_url, sizeof s->base_url, "http://127.0.0.1:%d/v1", endpoint_port(s->embedded));
    s->target.base_url = s->base_url;
    if (!s->target.model) s->target.model = "reference";
    fprintf(stderr, "no --base-url: %s the embedded reference endpoint at %s\n", doing, s->base_url);
    return true;
}

bool session_url_allowed(const char *flag, const char *url, char *why, size_t size)
{
    char inner[512];
    if (!http_url_allowed(url, inner, sizeof inner)) return why_not(why, size, "%s: %s", flag, inner);
    return !strchr(url, '?') || why_not(why, size, "%s: the URL has a query; give it with --query", flag);
}

static bool check_base_url(const struct options *o, bool any_model, char *why, size_t size)
{
    if (!session_url_allowed("--base-url", o->base_url, why, size)) return false;
    return any_model || o->model || why_not(why, size, "--model NAME is needed: the model to ask for");
}

int session_begin(struct session *s, const struct options *o, const char *doing, bool any_model, char *why, size_t why_size)
{
    *s = (struct session){.options = o};
    s->target = (struct target){.base_url = o->base_url, .path = o->path ? o->path : CHAT_PATH, .query = o->query, .model = o->model,
                                .auth = o->auth ? o->auth : "bearer", .headers = o->headers.items, .timeouts = &o->timeouts,
                                .insecure = o->insecure, .ca = o->ca, .proxy = o->proxy};
    if (!o->base_url && !start_embedded(s, doing, why, why_size)) return EXIT_BROKEN;
    if (o->base_url && !check_base_url(o, any_model, why, why_size)) return EXIT_USAGE;
    if (!secrets_find(&s->secrets, o, s->target.base_url, s->embedded != NULL, why, why_size)) return EXIT_USAGE;
    s->target.key = s->secrets.key;
    s->target.keyless = s->secrets.placeholder;
    s->target.key_name = s->secrets.key_name;
    s->target.redactor = s->secrets.redactor;
    return EXIT_FINE;
}

void session_end(struct session *s)
{
    if (s->embedded) endpoint_stop(s->embedded);
    secrets_clear(&s->secrets);
    *s = (struct session){0};
}

/* --- what is known before it has begun */

static char *copy_text(const char *text) { return strdup(text ? text : ""); }

time_t session_time(void)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    return epoch && *epoch ? (time_t)strtoll(epoch, NULL, 10) : time(NULL);
}

void session_describe(const struct session *s, struct run_result *run)
{
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    run->version = copy_text(cc_version());
    run->profile = copy_text(cc_profile_name(s->options->profile));
    run->target = copy_text(s->target.base_url);
    run->model = copy_text(s->target.model);
    run->hostname = copy_text(host);
    run->shard = s->options->shard;
    run->shards = s->options->shards;
    run->seed = (unsigned long)s->options->seed;
    run->embedded = s->embedded != NULL;
    run->started = session_time();
}
