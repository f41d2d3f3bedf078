/* secrets.h: the API key and whatever else of a run is secret: where it comes from, and that it gets neither into a report nor onto a
 * wire that others can read. */
#ifndef SECRETS_H
#define SECRETS_H

#include "harness/base/redact.h"
#include "harness/options.h"

struct secrets {
    char *key;                 /* NULL: none is sent */
    const char *key_name;      /* what stands for it in reports: the name of its variable */
    struct redactor *redactor; /* knows every secret */
    bool placeholder;          /* `key` only fills its place: the user gave none, and the endpoint needs none */
    bool only_encrypted;       /* requests carry a key, in whichever header or parameter, and nobody allowed to let others read it */
    bool failed;               /* private: memory ran out */
};

/* Finds the key and guards all secrets of the options. `base_url` is the endpoint's (http_url_allowed); `own_endpoint` says that it is the
 * embedded one, which needs no real key. False with one sentence, which holds no secret; clear in either case. */
bool secrets_find(struct secrets *secrets, const struct options *options, const char *base_url, bool own_endpoint, char *why, size_t why_size);
/* Whether requests with these secrets may go to a URL (http_url_allowed, without a query): nobody on the way may read them. False with one
 * sentence. secrets_find has asked for its own URL. */
bool secrets_may_travel(const struct secrets *secrets, const char *url, char *why, size_t why_size);
/* Wipes them. */
void secrets_clear(struct secrets *secrets);

#endif
