/* session.h: what every run against an endpoint begins and ends with: the target (the embedded reference endpoint when none is named), the
 * key and whatever else is secret, the signals, and what is known of a run before it has begun. */
#ifndef SESSION_H
#define SESSION_H

#include "harness/result.h"
#include "harness/run/secrets.h"
#include "harness/run/wire.h"

#include <signal.h>

struct endpoint;

struct session {
    const struct options *options;
    struct target target;
    struct secrets secrets;
    struct endpoint *embedded; /* NULL: the target is somebody else's */
    char base_url[64];         /* of the embedded endpoint */
};

/* Prepares the target; `doing` says what is done to the embedded endpoint ("testing"), `any_model` that the requests may name their own.
 * EXIT_FINE, or the exit code with one sentence. To be ended in either case, and not to be moved before. */
int session_begin(struct session *session, const struct options *options, const char *doing, bool any_model, char *why, size_t why_size);
void session_end(struct session *session);

/* Whether the URL that a flag ("--base-url") was given may be a base URL; else one sentence. */
bool session_url_allowed(const char *flag, const char *url, char *why, size_t why_size);

/* Fills in what a report says at its head. */
void session_describe(const struct session *session, struct run_result *run);
/* The time of the run: SOURCE_DATE_EPOCH, or now. */
time_t session_time(void);

/* From now on SIGINT and SIGTERM only set the flag that is returned; the second one ends the program at once. */
volatile sig_atomic_t *session_watch_signals(void);

#endif
